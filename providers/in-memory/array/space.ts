// Space on drives: which stretches are free, and how plexes of each type are laid out on them. It decides; array.ts
// carries it out.
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import {
  VDS_DRIVE_FLAG,
  VDS_DRIVE_STATUS,
  VDS_LUN_PLEX_TYPE as LPT,
  VDS_LUN_TYPE as LT,
} from '../../../src/contract/generated/enumerations.js';
import { extentsOf, type ArrayDrive, type ArrayPlex, type ArraySubSystem, type Extent } from './devices.js';
import { Failure } from '../failure.js';

export const ALLOCATION_UNIT = 1n << 20n;
export const STRIPE_SIZE = 1 << 16;
/** Powers of two that a stripe size hint may ask for: 4 KiB to 1 MiB. As VDS_SUB_SYSTEM_PROP reports them. */
export const STRIPE_SIZES = 0x1ff << 12;

/** Rounds up to whole allocation units. */
const roundUp = (bytes: bigint): bigint => ((bytes + ALLOCATION_UNIT - 1n) / ALLOCATION_UNIT) * ALLOCATION_UNIT;

/** The extents of a future plex, column by column. */
export type PlexPlan = Pick<ArrayPlex, 'type' | 'columns' | 'stripeSize'>;

/** The parts of a future LUN. `size` is its real size. */
export interface Layout {
  readonly type: number;
  readonly size: bigint;
  readonly plexes: readonly PlexPlan[];
}

/** A drive and the stretches of it that are free, by offset. */
interface Space {
  readonly drive: ArrayDrive;
  readonly free: readonly Extent[];
  readonly total: bigint;
}

export const sum = (extents: readonly Extent[]): bigint => extents.reduce((total, e) => total + e.size, 0n);
export const notEnoughSpace = (): Failure => new Failure(HR.VDS_E_NOT_ENOUGH_SPACE);

/** Bytes of a plex. */
export const plexSize = (plex: ArrayPlex): bigint => sum(extentsOf(plex));

interface UsedExtent extends Extent {
  readonly plex: Guid;
  readonly lun: Guid;
}

/** The extents of a drive that LUNs use, by offset. */
export function usedExtents(subSystem: ArraySubSystem, drive: Guid): readonly UsedExtent[] {
  const used: UsedExtent[] = [];
  for (const lun of subSystem.luns.values()) {
    for (const plex of lun.plexes.values())
      for (const e of extentsOf(plex)) if (e.drive === drive) used.push({ ...e, plex: plex.id, lun: lun.id });
  }
  return used.sort((a, b) => (a.offset < b.offset ? -1 : 1));
}

/** The stretches of a drive between these extents, which come by offset. */
export function gaps({ id, size }: ArrayDrive, taken: readonly Extent[]): readonly Extent[] {
  const free: Extent[] = [];
  let at = 0n;
  for (const { offset, size: length } of taken) {
    if (offset > at) free.push({ drive: id, offset: at, size: offset - at });
    at = offset + length;
  }
  if (at < size) free.push({ drive: id, offset: at, size: size - at });
  return free;
}

function spaceOn(subSystem: ArraySubSystem, drive: ArrayDrive): Space {
  const promised = [...subSystem.promised].flat().filter((e) => e.drive === drive.id);
  const taken = [...usedExtents(subSystem, drive.id), ...promised].sort((a, b) => (a.offset < b.offset ? -1 : 1));
  const free = gaps(drive, taken);
  return { drive, free, total: sum(free) };
}

/** Whether space may be taken of a drive: it is there, works, and is not kept as a hot spare. */
const usable = (drive: ArrayDrive): boolean =>
  drive.present &&
  drive.status === VDS_DRIVE_STATUS.VDS_DRS_ONLINE &&
  (drive.flags & VDS_DRIVE_FLAG.VDS_DRF_HOTSPARE) === 0;

/**
 * The drives that may be used, in the order in which they are filled. Those given, each once; without a list all, by
 * slot.
 */
export function spaces(subSystem: ArraySubSystem, drives: readonly Guid[] | null): readonly Space[] {
  const candidates =
    drives === null
      ? [...subSystem.drives.values()].sort((a, b) => a.slot - b.slot)
      : [...new Set(drives)].flatMap((id) => subSystem.drives.get(id) ?? []);
  return candidates.filter(usable).map((drive) => spaceOn(subSystem, drive));
}

/** So many bytes of these stretches, in order, or all there are. */
export function cut(free: readonly Extent[], bytes: bigint): readonly Extent[] {
  const taken: Extent[] = [];
  let wanted = bytes;
  for (const e of free) {
    if (wanted === 0n) break;
    const size = e.size < wanted ? e.size : wanted;
    taken.push({ ...e, size });
    wanted -= size;
  }
  return taken;
}

const concatenated = (extents: readonly Extent[]): PlexPlan => ({
  type: new Set(extents.map((e) => e.drive)).size > 1 ? LPT.VDS_LPT_SPAN : LPT.VDS_LPT_SIMPLE,
  columns: [extents],
  stripeSize: 0,
});

/**
 * Of the ways to spread a stripe, those with the most columns first: how many, and the drives that have room for a
 * column of `bytes / columns`.
 */
function columnsOf(on: readonly Space[], bytes: bigint, exactly: boolean): readonly Space[] | undefined {
  for (let columns = on.length; columns >= (exactly ? on.length : 2); columns--) {
    const each = columnSize(bytes, columns);
    const roomy = on.filter((s) => s.total >= each).slice(0, columns);
    if (roomy.length === columns) return roomy;
  }
  return undefined;
}

const columnSize = (bytes: bigint, columns: number): bigint =>
  roundUp((bytes + BigInt(columns) - 1n) / BigInt(columns));

/**
 * Lays a new LUN of `bytes` out on drives, which are filled in the order given; null leaves them to the array. Throws
 * Failure: VDS_E_NOT_ENOUGH_SPACE, or VDS_E_NOT_ENOUGH_DRIVE where the type needs more drives than there are.
 */
export function layOut(
  subSystem: ArraySubSystem,
  type: number,
  bytes: bigint,
  drives: readonly Guid[] | null,
  stripeSize = STRIPE_SIZE,
): Layout {
  const on = spaces(subSystem, drives);
  const size = roundUp(bytes);
  switch (type) {
    case LT.VDS_LT_MIRROR:
    case LT.VDS_LT_FAULT_TOLERANT: {
      if (on.length < 2) throw new Failure(HR.VDS_E_NOT_ENOUGH_DRIVE);
      const roomy = on.filter((s) => s.total >= size).slice(0, 2);
      if (roomy.length < 2) throw notEnoughSpace();
      return { type: LT.VDS_LT_MIRROR, size, plexes: roomy.map((s) => concatenated(cut(s.free, size))) };
    }
    case LT.VDS_LT_STRIPE: {
      if (on.length < 2) throw new Failure(HR.VDS_E_NOT_ENOUGH_DRIVE);
      const columns = columnsOf(on, bytes, drives !== null);
      if (columns === undefined) throw notEnoughSpace();
      const each = columnSize(bytes, columns.length);
      const plex = { type: LPT.VDS_LPT_STRIPE, columns: columns.map((s) => cut(s.free, each)), stripeSize };
      return { type, size: each * BigInt(columns.length), plexes: [plex] };
    }
    case LT.VDS_LT_PARITY:
    case LT.VDS_LT_RAID5: {
      if (on.length < 3) throw new Failure(HR.VDS_E_NOT_ENOUGH_DRIVE);
      // The parity of each stripe takes as much as the data on one of its drives.
      const each = columnSize(size, on.length - 1);
      if (on.some((s) => s.total < each)) throw notEnoughSpace();
      const plex = {
        type: type === LT.VDS_LT_PARITY ? LPT.VDS_LPT_PARITY : LPT.VDS_LPT_RAID5,
        columns: on.map((s) => cut(s.free, each)),
        stripeSize,
      };
      return { type, size: each * BigInt(on.length - 1), plexes: [plex] };
    }
    default: {
      const single = type === LT.VDS_LT_SPAN ? undefined : on.find((s) => s.total >= size);
      if (single === undefined && (type === LT.VDS_LT_SIMPLE || sum(on.flatMap((s) => s.free)) < size))
        throw notEnoughSpace();
      const plex = concatenated(cut(single === undefined ? on.flatMap((s) => s.free) : single.free, size));
      const asked = type === LT.VDS_LT_SPAN ? { ...plex, type: LPT.VDS_LPT_SPAN } : plex;
      return { type: asked.type, size, plexes: [asked] };
    }
  }
}

/**
 * The largest whole number of units for which an attempt does not fail, by halving: what succeeds for a size succeeds
 * for all below it.
 */
export function largestFor(subSystem: ArraySubSystem, attempt: (bytes: bigint) => unknown): bigint {
  const fits = (units: bigint): boolean => {
    try {
      attempt(units * ALLOCATION_UNIT);
      return true;
    } catch (error) {
      if (error instanceof Failure) return false;
      throw error;
    }
  };
  let fitting = 0n;
  let tooMany = 1n + [...subSystem.drives.values()].reduce((total, d) => total + d.size, 0n) / ALLOCATION_UNIT;
  while (tooMany - fitting > 1n) {
    const middle = (fitting + tooMany) / 2n;
    if (fits(middle)) fitting = middle;
    else tooMany = middle;
  }
  return fitting * ALLOCATION_UNIT;
}

/** The largest size that layOut accepts, 0 when there is none. */
export const largestLun = (subSystem: ArraySubSystem, type: number, drives: readonly Guid[] | null): bigint =>
  largestFor(subSystem, (bytes) => layOut(subSystem, type, bytes, drives));

/** Bytes that are free on the drives that may be used. */
export const freeSpace = (subSystem: ArraySubSystem): bigint =>
  spaces(subSystem, null).reduce((total, s) => total + s.total, 0n);
