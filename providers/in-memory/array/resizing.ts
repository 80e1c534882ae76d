// How a LUN grows, shrinks, and has a failed plex built anew on other drives. It decides; array.ts carries it out.
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import { extentsOf, isLost, type ArrayLun, type ArrayPlex, type ArraySubSystem, type Extent } from './devices.js';
import { Failure } from '../failure.js';
import { ALLOCATION_UNIT, cut, largestFor, notEnoughSpace, spaces, sum } from './space.js';

type Columns = ArrayPlex['columns'];

/** The share of every plex of a LUN. */
export interface Growth {
  readonly bytes: bigint;
  /** The new extents of each plex, column by column. */
  readonly added: ReadonlyMap<Guid, Columns>;
}

/** The extents that a growth sets aside. */
export const extentsOfGrowth = ({ added }: Growth): readonly Extent[] => [...added.values()].flat(2);

const drivesBySlot = (subSystem: ArraySubSystem): readonly Guid[] =>
  [...subSystem.drives.values()].sort((a, b) => a.slot - b.slot).map((d) => d.id);

/**
 * Lets every plex of a LUN grow by `bytes`, on the drives given first, and no two plexes on one drive. Throws
 * Failure(VDS_E_NOT_ENOUGH_SPACE).
 */
export function grow(subSystem: ArraySubSystem, lun: ArrayLun, bytes: bigint, drives: readonly Guid[] | null): Growth {
  const plexes = [...lun.plexes.values()];
  const unit = wholeColumns(plexes);
  const size = bytes + ((unit - (bytes % unit)) % unit);
  const bySlot = drivesBySlot(subSystem);
  const uses = new Map(plexes.map((p) => [p.id, new Set(extentsOf(p).map((e) => e.drive))]));
  const added = new Map<Guid, Columns>();
  // The extents of one plex are no longer free for the next.
  const taken: Extent[] = [];
  subSystem.promised.add(taken);
  try {
    for (const plex of plexes) {
      const others = new Set([...uses].flatMap(([id, used]) => (id === plex.id ? [] : [...used])));
      const each = size / BigInt(plex.columns.length);
      added.set(
        plex.id,
        plex.columns.map((column) => {
          const own = column.map((e) => e.drive);
          // A column of a stripe stays on its own drives, or the stripe would read two columns from one.
          const on = spaces(
            subSystem,
            plex.columns.length > 1 ? own : [...(drives ?? []), ...own, ...bySlot].filter((id) => !others.has(id)),
          );
          const more = cut(
            on.flatMap((s) => s.free),
            each,
          );
          if (sum(more) < each) throw notEnoughSpace();
          taken.push(...more);
          for (const e of more) uses.get(plex.id)?.add(e.drive);
          return more;
        }),
      );
    }
  } finally {
    subSystem.promised.delete(taken);
  }
  return { bytes: size, added };
}

/** The largest growth that grow accepts. */
export const largestGrowth = (subSystem: ArraySubSystem, lun: ArrayLun, drives: readonly Guid[] | null): bigint =>
  largestFor(subSystem, (bytes) => grow(subSystem, lun, bytes, drives));

/**
 * The bytes to remove, in whole units of every plex. Throws Failure(E_INVALIDARG) when that is nothing, or
 * would leave nothing.
 */
export function shrinkage(lun: ArrayLun, bytes: bigint): bigint {
  const unit = wholeColumns([...lun.plexes.values()]);
  const removed = bytes - (bytes % unit);
  if (removed === 0n || removed >= lun.size) throw new Failure(HR.E_INVALIDARG);
  return removed;
}

/** The rest of a plex when `bytes` are taken from its end. */
export const shortened = ({ columns }: ArrayPlex, bytes: bigint): Columns =>
  columns.map((column) => cut(column, sum(column) - bytes / BigInt(columns.length)));

/**
 * A plex with its lost extents on other drives, none of which another plex of the LUN is on. Throws
 * Failure(VDS_E_NOT_ENOUGH_SPACE).
 */
export function rebuilt(subSystem: ArraySubSystem, lun: ArrayLun, plex: ArrayPlex): Columns {
  const others = new Set(
    [...lun.plexes.values()].filter((p) => p !== plex).flatMap((p) => extentsOf(p).map((e) => e.drive)),
  );
  const taken: Extent[] = [];
  subSystem.promised.add(taken);
  try {
    return plex.columns.map((column) =>
      column.flatMap((extent) => {
        if (!isLost(subSystem, extent)) return [extent];
        const on = spaces(
          subSystem,
          drivesBySlot(subSystem).filter((id) => !others.has(id)),
        );
        const instead = cut(
          on.flatMap((s) => s.free),
          extent.size,
        );
        if (sum(instead) < extent.size) throw notEnoughSpace();
        taken.push(...instead);
        return instead;
      }),
    );
  } finally {
    subSystem.promised.delete(taken);
  }
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

/** The smallest change of size that is whole units in every column of every plex. */
function wholeColumns(plexes: readonly ArrayPlex[]): bigint {
  const common = plexes.reduce((all, { columns }) => (all / divisor(all, columns.length)) * columns.length, 1);
  return ALLOCATION_UNIT * BigInt(common);
}
