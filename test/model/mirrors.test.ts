import { expect, test } from 'vitest';
import { VDS_LUN_TYPE } from '../../src/contract/generated/enumerations.js';
import { Mirrors, SystemState } from '../../src/model/index.js';
import type { ObservedObject } from '../../src/truth/observation.js';
import { observed } from '../support/observed.js';

/** A mirror of plexes that lie on these drives each; undefined for one of which it is not known. */
function mirrorOn(...plexes: readonly (readonly string[] | undefined)[]): SystemState {
  const objects: ObservedObject[] = [
    observed('IVdsSubSystem', 'subsystem', undefined, {}),
    observed('IVdsLun', 'mirror', 'subsystem', { type: VDS_LUN_TYPE.VDS_LT_MIRROR }),
    ...plexes.map((drives, i) =>
      observed('IVdsLunPlex', `plex ${i}`, 'mirror', { extents: drives?.map((id) => ({ id, size: 1n, used: true })) }),
    ),
  ];
  return SystemState.of({ provider: {}, objects: new Map(objects.map((o) => [o.id, o])), contradictions: [] });
}

const broken = (mirrors: Mirrors, state: SystemState) => mirrors.weigh(state).map(({ requirement }) => requirement);

test('two plexes of a mirror lie on one drive', () => {
  const mirrors = new Mirrors();
  mirrors.begin(mirrorOn(['a'], ['b']));
  expect(broken(mirrors, mirrorOn(['a', 'a'], ['b', 'c']))).toEqual([]);
  expect(broken(mirrors, mirrorOn(['a'], ['b', 'a']))).toEqual(['VDS-10.8d']);
  expect(broken(mirrors, mirrorOn(['a'], undefined))).toEqual([]);
});

test('a caller may add a plex that lies on the same drive, until it lies elsewhere', () => {
  const mirrors = new Mirrors();
  mirrors.added('mirror');
  expect(broken(mirrors, mirrorOn(['a'], ['a']))).toEqual([]);
  expect(broken(mirrors, mirrorOn(['a'], ['b']))).toEqual([]);
  expect(broken(mirrors, mirrorOn(['a'], ['a']))).toEqual(['VDS-10.8d']);
});

test('a mirror that was found so is taken for granted', () => {
  const mirrors = new Mirrors();
  mirrors.begin(mirrorOn(['a'], ['a']));
  expect(broken(mirrors, mirrorOn(['a'], ['a']))).toEqual([]);
});
