// Space on drives: which stretches are free, and how plexes of each type are laid out on them. It decides; array.ts carries it out.
import type { Guid } from '../../src/contract/guid.js';
import { HR } from '../../src/contract/hresult.js';
import { VDS_DRIVE_FLAG, VDS_DRIVE_STATUS, VDS_LUN_PLEX_TYPE, VDS_LUN_TYPE as LT } from '../../src/contract/generated/enumerations.js';
import type { ArrayDrive, ArrayLun, ArrayPlex, ArraySubSystem, Extent } from './devices.js';
import { Failure } from './failure.js';

export const ALLOCATION_UNIT = 1n << 20n;
export const STRIPE_SIZE = 1 << 16;
/** Powers of two that a stripe size hint may ask for: 4 KiB to 1 MiB. As VDS_SUB_SYSTEM_PROP tells them. */
export const STRIPE_SIZES = 0x1ff << 12;

/** Rounds up to whole allocation units. */
export const roundUp = (bytes: bigint): bigint => roundDown(bytes + ALLOCATION_UNIT - 1n);
/** Rounds down to whole allocation units. */
export const roundDown = (bytes: bigint): bigint => bytes - (bytes % ALLOCATION_UNIT);

/** What a plex will be made of. */
export interface PlexPlan {
  readonly type: number;
  readonly extents: readonly Extent[];
  readonly columns: number;
  readonly stripeSize: number;
}

/** What a LUN will be made of. `size` is what it will really have. */
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

const sum = (extents: readonly Extent[]): bigint => extents.reduce((total, e) => total + e.size, 0n);
const notEnoughSpace = (): Failure => new Failure(HR.VDS_E_NOT_ENOUGH_SPACE);

/** Bytes of a plex. */
export const plexSize = (plex: Pick<ArrayPlex, 'extents'>): bigint => sum(plex.extents);

export interface UsedExtent extends Extent {
  readonly plex: Guid;
  readonly lun: Guid;
}

/** The extents of a drive that LUNs use, by offset. */
export function usedExtents(subSystem: ArraySubSystem, drive: Guid): readonly UsedExtent[] {
  const used: UsedExtent[] = [];
  for (const lun of subSystem.luns.values()) {
    for (const plex of lun.plexes.values()) for (const e of plex.extents) if (e.drive === drive) used.push({ ...e, plex: plex.id, lun: lun.id });
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
  drive.present && drive.status === VDS_DRIVE_STATUS.VDS_DRS_ONLINE && (drive.flags & VDS_DRIVE_FLAG.VDS_DRF_HOTSPARE) === 0;

/** The drives that may be used, in the order in which they are filled. Those given, each once; without a list all, by slot. */
function spaces(subSystem: ArraySubSystem, drives: readonly Guid[] | null): readonly Space[] {
  const candidates = drives === null
    ? [...subSystem.drives.values()].sort((a, b) => a.slot - b.slot)
    : [...new Set(drives)].flatMap((id) => subSystem.drives.get(id) ?? []);
  return candidates.filter(usable).map((drive) => spaceOn(subSystem, drive));
}

/** So many bytes of these stretches, in order, or all there are. */
function cut(free: readonly Extent[], bytes: bigint): readonly Extent[] {
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
  type: new Set(extents.map((e) => e.drive)).size > 1 ? VDS_LUN_PLEX_TYPE.VDS_LPT_SPAN : VDS_LUN_PLEX_TYPE.VDS_LPT_SIMPLE, extents, columns: 1, stripeSize: 0,
});

/** Of the ways to spread a stripe, those with the most columns first: how many, and the drives that have room for a column of `bytes / columns`. */
function columnsOf(on: readonly Space[], bytes: bigint, exactly: boolean): readonly Space[] | undefined {
  for (let columns = on.length; columns >= (exactly ? on.length : 2); columns--) {
    const each = columnSize(bytes, columns);
    const roomy = on.filter((s) => s.total >= each).slice(0, columns);
    if (roomy.length === columns) return roomy;
  }
  return undefined;
}

const columnSize = (bytes: bigint, columns: number): bigint => roundUp((bytes + BigInt(columns) - 1n) / BigInt(columns));

/**
 * Lays a new LUN of `bytes` out on drives, which are filled in the order given; null leaves them to the array. Throws Failure:
 * VDS_E_NOT_ENOUGH_SPACE, or VDS_E_NOT_ENOUGH_DRIVE where the type needs more drives than there are.
 */
export function layOut(subSystem: ArraySubSystem, type: number, bytes: bigint, drives: readonly Guid[] | null, stripeSize = STRIPE_SIZE): Layout {
  const on = spaces(subSystem, drives);
  const size = roundUp(bytes);
  switch (type) {
    case LT.VDS_LT_MIRROR: case LT.VDS_LT_FAULT_TOLERANT: {
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
      const extents = columns.flatMap((s) => cut(s.free, each));
      return { type, size: each * BigInt(columns.length), plexes: [{ type: VDS_LUN_PLEX_TYPE.VDS_LPT_STRIPE, extents, columns: columns.length, stripeSize }] };
    }
    default: {
      const single = type === LT.VDS_LT_SPAN ? undefined : on.find((s) => s.total >= size);
      if (single === undefined && (type === LT.VDS_LT_SIMPLE || sum(on.flatMap((s) => s.free)) < size)) throw notEnoughSpace();
      const plex = concatenated(cut(single === undefined ? on.flatMap((s) => s.free) : single.free, size));
      const asked = type === LT.VDS_LT_SPAN ? { ...plex, type: VDS_LUN_PLEX_TYPE.VDS_LPT_SPAN } : plex;
      return { type: asked.type, size, plexes: [asked] };
    }
  }
}

/** The largest whole number of units for which an attempt does not fail, by halving: what succeeds for a size succeeds for all below it. */
function largestFor(subSystem: ArraySubSystem, attempt: (bytes: bigint) => unknown): bigint {
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
export const freeSpace = (subSystem: ArraySubSystem): bigint => spaces(subSystem, null).reduce((total, s) => total + s.total, 0n);

/** What each plex of a LUN gets when the LUN grows. */
export interface Growth {
  /** What is really added. */
  readonly bytes: bigint;
  /** The whole new list of extents of each plex. */
  readonly extents: ReadonlyMap<Guid, readonly Extent[]>;
  /** Those of them that are new. */
  readonly added: readonly Extent[];
}

/** For each column of a plex its extents. */
function columnsOfPlex(plex: ArrayPlex): readonly (readonly Extent[])[] {
  if (plex.columns === 1) return [plex.extents];
  const each = plexSize(plex) / BigInt(plex.columns);
  const columns: Extent[][] = [];
  let filled = each;
  for (const e of plex.extents) {
    if (filled === each) {
      columns.push([]);
      filled = 0n;
    }
    columns.at(-1)?.push(e);
    filled += e.size;
  }
  return columns;
}

/** Lets every plex of a LUN grow by `bytes`, on the drives given first, and no two plexes on one drive. Throws Failure(VDS_E_NOT_ENOUGH_SPACE). */
export function grow(subSystem: ArraySubSystem, lun: ArrayLun, bytes: bigint, drives: readonly Guid[] | null): Growth {
  const plexes = [...lun.plexes.values()];
  const size = wholeColumns(plexes, bytes + ALLOCATION_UNIT * BigInt(commonColumns(plexes)) - 1n);
  const bySlot = [...subSystem.drives.values()].sort((a, b) => a.slot - b.slot).map((d) => d.id);
  const extents = new Map(plexes.map((p) => [p.id, p.extents]));
  const added: Extent[] = [];
  // What one plex takes is no longer free for the next.
  subSystem.promised.add(added);
  try {
    for (const plex of plexes) {
      const others = new Set(plexes.filter((p) => p !== plex).flatMap((p) => (extents.get(p.id) ?? []).map((e) => e.drive)));
      const grown = columnsOfPlex(plex).map((column) => {
        const own = column.map((e) => e.drive);
        // A column of a stripe stays on its own drives, or the stripe would read two columns from one.
        const on = spaces(subSystem, plex.columns > 1 ? own : [...(drives ?? []), ...own, ...bySlot].filter((id) => !others.has(id)));
        const more = cut(on.flatMap((s) => s.free), size / BigInt(plex.columns));
        if (sum(more) < size / BigInt(plex.columns)) throw notEnoughSpace();
        added.push(...more);
        return [...column, ...more];
      });
      extents.set(plex.id, grown.flat());
    }
  } finally {
    subSystem.promised.delete(added);
  }
  return { bytes: size, extents, added };
}

/** The largest growth that grow accepts. */
export const largestGrowth = (subSystem: ArraySubSystem, lun: ArrayLun, drives: readonly Guid[] | null): bigint =>
  largestFor(subSystem, (bytes) => grow(subSystem, lun, bytes, drives));

/** What is left of the extents of each plex when `bytes` are taken from its end. */
export function shrink(lun: ArrayLun, bytes: bigint): Growth {
  const plexes = [...lun.plexes.values()];
  const size = wholeColumns(plexes, bytes);
  const left = plexes.map((plex) => {
    const each = size / BigInt(plex.columns);
    return [plex.id, columnsOfPlex(plex).flatMap((column) => cut(column, sum(column) - each))] as const;
  });
  return { bytes: -size, extents: new Map(left), added: [] };
}

/** The number of columns that suits plexes with different numbers of them. */
const commonColumns = (plexes: readonly ArrayPlex[]): number => plexes.reduce((common, { columns }) => (common / divisor(common, columns)) * columns, 1);
const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

/** Rounds down to whole units in every column of every plex. */
function wholeColumns(plexes: readonly ArrayPlex[], bytes: bigint): bigint {
  const unit = ALLOCATION_UNIT * BigInt(commonColumns(plexes));
  return bytes - (bytes % unit);
}
