// The probes: what must be answered by calls that leave everything as it is.
import { describe, expect, test } from 'vitest';
import { requirement } from '../../../src/contract/requirements.js';
import { EnumeratorPosition, Knowledge, PROBE_CELLS, SystemState } from '../../../src/model/index.js';
import { walk } from '../../../src/model/probes/enumerator.js';
import { methodsOfKind, onlyReads } from '../../../src/port/device-kinds.js';

const LUN = '00000000-0000-4000-8000-00000000000a';
const GONE = '00000000-0000-4000-8000-00000000000b';

const knowledge = new Knowledge({ uniqueName: () => '', uniqueIscsiName: () => '', within: () => true });
const state = SystemState.of({ provider: {}, contradictions: [], objects: new Map() });
const gone = [{ kind: 'IVdsLun' as const, id: GONE, parent: null, members: {} }];
const item = { kind: 'IVdsLun' as const, id: LUN, parent: null, members: {} };

describe('the probes', () => {
  test('pass NULL for every required output of every query', () => {
    const names = new Set(PROBE_CELLS.map((c) => c.name));
    for (const kind of ['IVdsLun', 'IVdsSubSystem', 'IVdsHwProvider'] as const)
      for (const called of methodsOfKind(kind).filter(onlyReads))
        for (const out of called.outs.filter((o) => !o.nullable))
          expect(names, `${called.fullName} ${out.vdsName}`).toContain(`${called.fullName}: NULL as ${out.vdsName}`);
  });

  test('call every method of a LUN that is gone, and demand VDS_E_OBJECT_DELETED', () => {
    const cells = PROBE_CELLS.filter((c) => c.on === 'IVdsLun' && c.when === 'departed');
    expect(cells.map((c) => c.method.fullName)).toEqual(methodsOfKind('IVdsLun').map((m) => m.fullName));
    for (const cell of cells)
      expect(cell.probe({ state, item: undefined, knowledge, gone, n: 0 })?.answer).toEqual({ is: 'deleted' });
  });

  test('name requirements that exist, and give the same call for the same choice', () => {
    for (const cell of PROBE_CELLS) {
      const target = { state, item, knowledge, gone, n: 3 };
      const made = cell.probe(target);
      expect(cell.probe(target), cell.name).toEqual(made);
      if (made !== undefined && 'requirement' in made.answer)
        expect(requirement(made.answer.requirement).id).toBe(made.answer.requirement);
    }
  });

  test('look for what is gone by its id', () => {
    const cell = PROBE_CELLS.find((c) => c.name === 'IVdsProviderPrivate.GetObject: an object that is gone');
    const target = { state, item: undefined, knowledge, n: 0 };
    expect(cell?.probe({ ...target, gone })?.args).toMatchObject({ objectId: GONE });
    expect(cell?.probe({ ...target, gone: [] })).toBeUndefined();
  });
});

describe('the position of an enumerator', () => {
  test('moves by what is left', () => {
    const position = new EnumeratorPosition(3);
    expect([position.advance(2), position.advance(2), position.advance(1)]).toEqual([2, 1, 0]);
    position.reset();
    expect(position.advance(3)).toBe(3);
  });

  test('is walked to its end and beyond, by every call', () => {
    const calls = new Set([0, 1, 2, 3].flatMap((n) => walk(5, n).map((s) => s.call)));
    expect([...calls].sort()).toEqual(['clone', 'next', 'reset', 'skip']);
  });
});
