// What an administrator does at the array, as the state that it leads to.
import { expect, test } from 'vitest';
import type { Guid } from '../../src/contract/guid.js';
import {
  after,
  deletedAtTheArray,
  departures,
  Knowledge,
  madeAtTheArray,
  renamedAtTheArray,
  SystemState,
  type Item,
} from '../../src/model/index.js';
import type { ObservedObject } from '../../src/truth/observation.js';

const SUBSYSTEM = '00000000-0000-4000-8000-000000000001' as Guid;
const LUN = '00000000-0000-4000-8000-000000000002' as Guid;
const TARGET = '00000000-0000-4000-8000-000000000003' as Guid;
const NEW = '00000000-0000-4000-8000-000000000004' as Guid;

const knowledge = new Knowledge({ uniqueName: () => 'a', uniqueIscsiName: () => 'b', within: () => true });

function stateOf(...luns: readonly (readonly [Guid, string])[]): SystemState {
  const objects: ObservedObject[] = [
    { kind: 'IVdsSubSystem', id: SUBSYSTEM, container: undefined, members: { importTarget: 't' }, sources: {} },
    {
      kind: 'IVdsIscsiTarget',
      id: TARGET,
      container: SUBSYSTEM,
      members: { associatedLuns: luns.map(([id]) => id) },
      sources: {},
    },
    ...luns.map(([id, friendlyName]): ObservedObject => ({
      kind: 'IVdsLun',
      id,
      container: SUBSYSTEM,
      members: { friendlyName, associatedTargets: [TARGET] },
      sources: {},
    })),
  ];
  return SystemState.of({ provider: {}, objects: new Map(objects.map((o) => [o.id, o])), contradictions: [] });
}
const before = stateOf([LUN, 'old']);
const item = (id: Guid): Item => before.get(id) as Item;

test('a name that was given at the array is the name, and nothing else has changed', () => {
  const expected = after(before, [renamedAtTheArray(item(LUN), SUBSYSTEM, 'new')], knowledge);
  expect(departures(expected, stateOf([LUN, 'new']))).toEqual([]);
  expect(departures(expected, before)).toMatchObject([{ id: LUN, member: 'friendlyName', mentioned: true }]);
});

test('what was deleted at the array is gone, from associations too', () => {
  const expected = after(before, [deletedAtTheArray(item(LUN), SUBSYSTEM)], knowledge);
  expect(departures(expected, stateOf())).toEqual([]);
  expect(departures(expected, before)).not.toEqual([]);
});

test('what was made at the array must be listed, whatever it is like', () => {
  const expected = after(before, [madeAtTheArray(item(SUBSYSTEM), 'IVdsLun', NEW)], knowledge);
  expect(departures(expected, stateOf([LUN, 'old'], [NEW, 'anything']))).toEqual([]);
  expect(departures(expected, before)).toMatchObject([{ id: NEW, expected: 'listed' }]);
});
