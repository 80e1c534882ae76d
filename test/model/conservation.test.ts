import { describe, expect, test } from 'vitest';
import { Conservation, SystemState } from '../../src/model/index.js';
import type { Observation, ObservedObject } from '../../src/truth/observation.js';

const MIB = 1n << 20n;
const [SUBSYSTEM, DRIVE, LUN, PLEX] = ['subsystem', 'drive', 'lun', 'plex'];

/** A drive of 1 GiB, of which a LUN with one plex has a part, in mebibytes; a LUN of 0 is not there. */
function state(lun: { readonly size: bigint; readonly held: bigint }, free: bigint, drive: object = {}): SystemState {
  const extent = (lunId: string, size: bigint, used: boolean): object => ({ id: DRIVE, lunId, size: size * MIB, used });
  const used = lun.held === 0n ? [] : [extent(LUN ?? '', lun.held, true)];
  const objects: ObservedObject[] = [
    { kind: 'IVdsSubSystem', id: SUBSYSTEM ?? '', container: undefined, members: {}, sources: {} },
    {
      kind: 'IVdsDrive',
      id: DRIVE ?? '',
      container: SUBSYSTEM,
      members: { size: 1024n * MIB, status: 1, flags: 0, extents: [...used, extent('', free, false)], ...drive },
      sources: {},
    },
  ];
  if (lun.size > 0n)
    objects.push(
      {
        kind: 'IVdsLun',
        id: LUN ?? '',
        container: SUBSYSTEM,
        members: { size: lun.size * MIB, type: 10 },
        sources: {},
      },
      {
        kind: 'IVdsLunPlex',
        id: PLEX ?? '',
        container: LUN,
        members: { size: lun.size * MIB, type: 10, extents: used },
        sources: {},
      },
    );
  const observation: Observation = {
    provider: {},
    objects: new Map(objects.map((o) => [o.id, o])),
    contradictions: [],
  };
  return SystemState.of(observation);
}

/** The requirements that each of these states breaks, one after the other. */
const weighed = (...states: readonly SystemState[]): readonly (readonly string[])[] => {
  const law = new Conservation();
  return states.map((each) => law.weigh(each).map(({ requirement }) => requirement));
};

const NONE = { size: 0n, held: 0n };

describe('the conservation of space', () => {
  test('holds where all comes back', () => {
    expect(weighed(state(NONE, 1024n), state({ size: 100n, held: 100n }, 924n), state(NONE, 1024n))).toEqual([
      [],
      [],
      [],
    ]);
  });

  test('is broken where a deleted LUN leaves something taken', () => {
    expect(weighed(state(NONE, 1024n), state({ size: 100n, held: 100n }, 924n), state(NONE, 1010n))).toEqual([
      [],
      [],
      ['VDS-10.15'],
    ]);
  });

  test('is broken where a LUN that shrinks keeps what it had', () => {
    const [large, small] = [state({ size: 100n, held: 100n }, 924n), state({ size: 60n, held: 100n }, 924n)];
    // By less than a piece nothing need be given back, and the pieces of an array are known by several extents.
    expect(weighed(state({ size: 1n, held: 1n }, 1023n), large, small)[2]).toEqual(['VDS-10.7g']);
    expect(weighed(large, small)[1]).toEqual([]);
  });

  test('lets a thin LUN take and give as it is written', () => {
    expect(
      weighed(state({ size: 100n, held: 10n }, 1014n), state({ size: 100n, held: 60n }, 964n), state(NONE, 1024n)),
    ).toEqual([[], [], []]);
  });

  test('lets an array keep something of a drive in use', () => {
    expect(weighed(state(NONE, 1024n), state({ size: 100n, held: 100n }, 920n), state(NONE, 1024n))).toEqual([
      [],
      [],
      [],
    ]);
  });

  test('does not compare a drive that can be used with one that cannot', () => {
    expect(weighed(state(NONE, 1024n), state(NONE, 0n, { status: 4 }), state(NONE, 0n, { flags: 1 }))).toEqual([
      [],
      [],
      [],
    ]);
  });

  test('says nothing of what is set aside for a thin LUN, and holds again when that is whole', () => {
    const thin = state({ size: 100n, held: 10n }, 924n);
    const lost = state({ size: 100n, held: 100n }, 800n);
    expect(weighed(state(NONE, 1024n), thin, lost)).toEqual([[], [], ['VDS-10.15']]);
  });

  test('lets each extension end in a piece that is in use in part', () => {
    const [small, large] = [state({ size: 99n, held: 100n }, 924n), state({ size: 100n, held: 103n }, 921n)];
    expect(weighed(state({ size: 1n, held: 1n }, 1023n), small, large)[2]).toEqual(['VDS-10.15']);
    const law = new Conservation();
    for (const each of [state({ size: 1n, held: 1n }, 1023n), small]) law.weigh(each);
    law.grew(LUN ?? '');
    expect(law.weigh(large)).toEqual([]);
  });
});
