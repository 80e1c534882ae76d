import { describe, expect, test } from 'vitest';
import { QUERIES, queriesOf } from '../../src/checks/devices.js';
import { VDS_OBJECT_TYPE } from '../../src/contract/generated/enumerations.js';
import { DEVICE_KINDS } from '../../src/checks/devices.js';
import { allMethods } from '../../src/contract/tables.js';

describe('the ways between devices', () => {
  test('hold every method of the contract that answers an enumeration of devices', () => {
    const enumerating = allMethods.filter(
      (m) =>
        m.interfaceName !== 'IEnumVdsObject' &&
        m.outs.some((o) => o.type.kind === 'interface' && o.type.name === 'IEnumVdsObject'),
    );
    expect(QUERIES.map((q) => q.method.fullName)).toEqual(enumerating.map((m) => m.fullName));
  });

  test('lead from the provider to every kind of device', () => {
    const reached = new Set<string>(['IVdsHwProvider']);
    for (const kind of reached)
      for (const query of queriesOf(kind as 'IVdsHwProvider')) if (query.contains) reached.add(query.lists);
    expect([...reached].sort()).toEqual(['IVdsHwProvider', ...Object.keys(DEVICE_KINDS)].sort());
  });

  test('know a type for each kind, no two alike', () => {
    const types = Object.values(DEVICE_KINDS).map((k) => k.type);
    expect(new Set(types).size).toBe(types.length);
    for (const type of types) expect(Object.values(VDS_OBJECT_TYPE)).toContain(type);
  });
});
