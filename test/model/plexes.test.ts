import { expect, test } from 'vitest';
import { VDS_LUN_PLEX_TYPE as LPT } from '../../src/contract/generated/enumerations.js';
import { after, commandNamed, departures, Knowledge, SystemState } from '../../src/model/index.js';
import type { ObservedObject } from '../../src/truth/observation.js';
import { observed } from '../support/observed.js';

const knowledge = new Knowledge({ uniqueName: () => '', uniqueIscsiName: () => '', within: () => true });

/** A LUN of two plexes, of which the second has this type, and lies on these drives. */
function lunWith(type: number, ...drives: readonly string[]): SystemState {
  const objects: ObservedObject[] = [
    observed('IVdsSubSystem', 'subsystem', undefined, {}),
    observed('IVdsLun', 'lun', 'subsystem', {}),
    observed('IVdsLunPlex', 'whole', 'lun', { type: LPT.VDS_LPT_SIMPLE }),
    observed('IVdsLunPlex', 'rebuilt', 'lun', { type, extents: drives.map((id) => ({ id, size: 1n, used: true })) }),
  ];
  return SystemState.of({ provider: {}, objects: new Map(objects.map((o) => [o.id, o])), contradictions: [] });
}

test.each([
  { what: 'onto two drives', type: LPT.VDS_LPT_SIMPLE, become: LPT.VDS_LPT_SPAN, departs: [] },
  { what: 'onto one', type: LPT.VDS_LPT_SPAN, become: LPT.VDS_LPT_SIMPLE, departs: [] },
  { what: 'as stripes', type: LPT.VDS_LPT_SIMPLE, become: LPT.VDS_LPT_STRIPE, departs: ['type'] },
  { what: 'without its stripes', type: LPT.VDS_LPT_STRIPE, become: LPT.VDS_LPT_SPAN, departs: ['type'] },
])('what Recover rebuilds $what', ({ type, become, departs }) => {
  const before = lunWith(type, 'a');
  const recovery = {
    command: commandNamed('recover-lun'),
    item: { kind: 'IVdsLun', id: 'lun', parent: 'subsystem', members: {} },
    subSystem: 'subsystem',
    request: { args: {}, how: '' },
    outcome: { hr: 0, done: true },
  } as const;
  const expected = after(before, [recovery], knowledge);
  expect(departures(expected, lunWith(become, 'b', 'c')).map(({ member }) => member)).toEqual(departs);
});
