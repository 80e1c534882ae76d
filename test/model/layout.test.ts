import { describe, expect, test } from 'vitest';
import { VDS_DRIVE_FLAG, VDS_LUN_PLEX_TYPE, VDS_LUN_TYPE } from '../../src/contract/generated/enumerations.js';
import { commandNamed, Layout, SystemState, type Played } from '../../src/model/index.js';
import type { ObservedObject } from '../../src/truth/observation.js';
import { observed } from '../support/observed.js';

type Pieces = readonly (readonly [drive: string, size: bigint])[];

const MIB = 1n << 20n;
const DRIVES = ['drive-1', 'drive-2', 'drive-3'];

/** Three drives, of which the flags are given, and LUNs of one plex with these pieces of them in mebibytes. */
function state(luns: Readonly<Record<string, Pieces>>, flags: Readonly<Record<string, number>> = {}): SystemState {
  const extents = Object.entries(luns).flatMap(([lunId, pieces]) =>
    pieces.map(([id, size]) => ({ id, lunId, size: size * MIB, used: true })),
  );
  const objects: ObservedObject[] = [
    observed('IVdsSubSystem', 'subsystem', undefined, {}),
    ...DRIVES.map((id) =>
      observed('IVdsDrive', id, 'subsystem', {
        status: 1,
        flags: flags[id] ?? 0,
        extents: extents.filter((e) => e.id === id),
      }),
    ),
    ...Object.keys(luns).flatMap((id) => [
      observed('IVdsLun', id, 'subsystem', {}),
      observed('IVdsLunPlex', `plex of ${id}`, id, {
        type: VDS_LUN_PLEX_TYPE.VDS_LPT_SPAN,
        extents: extents.filter((e) => e.lunId === id),
      }),
    ]),
  ];
  return SystemState.of({ provider: {}, objects: new Map(objects.map((o) => [o.id, o])), contradictions: [] });
}

const call = (name: string, on: string, args: object = {}, made?: string): Played => ({
  command: commandNamed(name),
  item: { kind: commandNamed(name).on, id: on, parent: 'subsystem', members: {} },
  subSystem: 'subsystem',
  request: { args: { ...args }, how: '' },
  outcome: { hr: 0, done: true, ...(made === undefined ? {} : { made }) },
});

/** The requirements that the last of these changes breaks, each of which leads to the state after it. */
function broken(first: SystemState, ...changes: readonly (readonly [Played, SystemState])[]): readonly string[] {
  const layout = new Layout();
  let before = first;
  let found: readonly string[] = [];
  for (const [played, after] of changes) {
    found = layout.weigh(before, [played], after).map(({ requirement }) => requirement);
    layout.learn(before, [played], after);
    before = after;
  }
  return found;
}

describe('the layout of LUNs', () => {
  const grown: readonly (readonly [Played, SystemState])[] = [
    [
      call('extend-lun', 'lun'),
      state({
        lun: [
          ['drive-2', 64n],
          ['drive-1', 32n],
        ],
      }),
    ],
    [
      call('extend-lun', 'lun'),
      state({
        lun: [
          ['drive-2', 96n],
          ['drive-1', 32n],
        ],
      }),
    ],
  ];
  const base = state({ lun: [['drive-2', 64n]] });

  test('lets Shrink take what Extend added last, however extents are listed', () => {
    const after = state({
      lun: [
        ['drive-1', 16n],
        ['drive-2', 64n],
      ],
    });
    expect(broken(base, ...grown, [call('shrink-lun', 'lun'), after])).toEqual([]);
  });

  test('finds what Shrink took from before the end', () => {
    const fromWithin = state({ lun: [['drive-2', 96n]] });
    expect(broken(base, ...grown, [call('shrink-lun', 'lun'), fromWithin])).toEqual(['VDS-10.7e']);
    const tooMuch = state({
      lun: [
        ['drive-2', 32n],
        ['drive-1', 32n],
      ],
    });
    expect(broken(base, ...grown, [call('shrink-lun', 'lun'), tooMuch])).toEqual(['VDS-10.7e']);
  });

  test.each(['create-lun', 'create-lun-2', 'create-lun-in-pool'])('leaves hot spares alone by %s', (name) => {
    const flags = { 'drive-3': VDS_DRIVE_FLAG.VDS_DRF_HOTSPARE };
    const made = call(name, 'subsystem', {}, 'new');
    const on = (drive: string): SystemState => state({ new: [[drive, 64n]] }, flags);
    expect(broken(state({}, flags), [made, on('drive-3')])).toEqual(['VDS-10.21b']);
    expect(broken(state({}, flags), [made, on('drive-2')])).toEqual([]);
  });

  test('lets a spare take over what was on another drive', () => {
    const flags = { 'drive-3': VDS_DRIVE_FLAG.VDS_DRF_HOTSPARE };
    const rebuilt = state({ lun: [['drive-3', 64n]] }, flags);
    const before = state({ lun: [['drive-2', 64n]] }, flags);
    expect(broken(before, [call('recover-lun', 'lun'), rebuilt])).toEqual([]);
  });

  test('finds a LUN that ReplaceDrive left behind, and not a migration in the background of all or of mirrors', () => {
    const replacing = call('replace-drive', 'subsystem', {
      driveToBeReplaced: 'drive-1',
      replacementDrive: 'drive-2',
    });
    const before = state({ one: [['drive-1', 64n]], other: [['drive-1', 32n]] });
    const after = (one: string, other: string): SystemState => state({ one: [[one, 64n]], other: [[other, 32n]] });
    expect(broken(before, [replacing, after('drive-2', 'drive-1')])).toEqual(['VDS-10.26b']);
    expect(broken(before, [replacing, after('drive-1', 'drive-1')])).toEqual([]);
    expect(broken(before, [replacing, after('drive-2', 'drive-2')])).toEqual([]);
    const types = new Map([['other', VDS_LUN_TYPE.VDS_LT_MIRROR]]);
    const rebuilt = after('drive-2', 'drive-1').withMember('type', types);
    expect(broken(before.withMember('type', types), [replacing, rebuilt])).toEqual([]);
  });
});
