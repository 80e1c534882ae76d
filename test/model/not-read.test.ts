// What a container that has failed does not list is not known: neither gone nor there.
import { describe, expect, test } from 'vitest';
import type { Guid } from '../../src/contract/guid.js';
import { departures, SystemState } from '../../src/model/index.js';
import { listKey, type ObservedObject, type Unread } from '../../src/truth/observation.js';

const [SUBSYSTEM, LUN, PLEX, TARGET] = ['subsystem', 'lun', 'plex', 'target'] as const satisfies readonly Guid[];

const SYSTEM: readonly ObservedObject[] = [
  { kind: 'IVdsSubSystem', id: SUBSYSTEM, container: undefined, members: { status: 1 } },
  { kind: 'IVdsLun', id: LUN, container: SUBSYSTEM, members: { friendlyName: 'a' } },
  { kind: 'IVdsLunPlex', id: PLEX, container: LUN, members: {} },
  { kind: 'IVdsIscsiTarget', id: TARGET, container: SUBSYSTEM, members: {} },
];

/** The state with these objects only, where these lists were not read. */
const stateOf = (ids: readonly Guid[], unread: Unread = new Set()): SystemState =>
  SystemState.of({
    provider: {},
    contradictions: [],
    unread,
    objects: new Map(SYSTEM.filter(({ id }) => ids.includes(id)).map((o) => [o.id, o])),
  });

const whole = stateOf([SUBSYSTEM, LUN, PLEX, TARGET]);
const LUNS: Unread = new Set([listKey(SUBSYSTEM, 'IVdsLun')]);
const missing = (actual: SystemState): readonly Guid[] => departures(whole.draft(), actual).map(({ id }) => id);

describe('a list that a failed container did not give', () => {
  test('says nothing of its objects and of what they contain', () => {
    expect(missing(stateOf([SUBSYSTEM, TARGET], LUNS))).toEqual([]);
  });

  test('says nothing of other lists', () => {
    expect(missing(stateOf([SUBSYSTEM], LUNS))).toEqual([TARGET]);
  });

  test('is not one that was given without them', () => {
    expect(missing(stateOf([SUBSYSTEM, TARGET]))).toEqual([LUN, PLEX]);
  });

  test('leaves what is expected in it', () => {
    const completed = stateOf([SUBSYSTEM, TARGET], LUNS).completedBy(() => whole);
    expect([...completed.items.keys()].sort()).toEqual([LUN, PLEX, SUBSYSTEM, TARGET].sort());
    expect([
      ...stateOf([SUBSYSTEM])
        .completedBy(() => whole)
        .items.keys(),
    ]).toEqual([SUBSYSTEM]);
  });
});
