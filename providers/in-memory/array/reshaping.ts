// Changes of LUNs and their plexes, carried out in the array. What they come to is decided in resizing.ts.
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import {
  VDS_DRIVE_STATUS,
  VDS_HEALTH,
  VDS_LUN_PLEX_STATUS,
  VDS_LUN_PLEX_TYPE as LPT,
  VDS_LUN_STATUS,
  VDS_LUN_TYPE,
} from '../../../src/contract/generated/enumerations.js';
import {
  extentsOf,
  hasFailed,
  plexStanding,
  type ArrayLun,
  type ArrayPlex,
  type ArraySubSystem,
  type Extent,
} from './devices.js';
import { Failure } from '../failure.js';
import { rebuilt, shortened, type Growth } from './resizing.js';

/** Gives every plex its new extents. */
export function growLun(lun: ArrayLun, { bytes, added }: Growth): void {
  lun.size += bytes;
  for (const plex of lun.plexes.values()) {
    plex.columns = plex.columns.map((column, n) => [...column, ...(added.get(plex.id)?.[n] ?? [])]);
  }
  settleTypes(lun);
}

/** Takes bytes from the end of every plex; they must be whole units of each. */
export function shrinkLun(lun: ArrayLun, bytes: bigint): void {
  lun.size -= bytes;
  for (const plex of lun.plexes.values()) plex.columns = shortened(plex, bytes);
  settleTypes(lun);
}

/** The plexes of one LUN become plexes of another, which is a mirror from then on; the LUN they were of is no more. */
export function mergeLuns(subSystem: ArraySubSystem, lun: ArrayLun, source: ArrayLun): void {
  subSystem.luns.delete(source.id);
  for (const plex of source.plexes.values()) lun.plexes.set(plex.id, plex);
  lun.type = VDS_LUN_TYPE.VDS_LT_MIRROR;
}

/** Frees a plex. The last one left determines what the LUN is. */
export function removePlex(lun: ArrayLun, id: Guid): void {
  lun.plexes.delete(id);
  settleTypes(lun);
}

/**
 * Copies a mirror's failed plexes from a sound one, to other drives where theirs are missing. Throws Failure, and
 * nothing was changed.
 */
export function recoverLun(subSystem: ArraySubSystem, lun: ArrayLun): void {
  const plexes = [...lun.plexes.values()];
  const failed = plexes.filter((p) => hasFailed(plexStanding(subSystem, p)));
  if (failed.length === plexes.length) throw new Failure(HR.VDS_E_OBJECT_STATUS_FAILED);
  const before = new Map(failed.map((p) => [p, p.columns]));
  try {
    for (const plex of failed) plex.columns = rebuilt(subSystem, lun, plex);
  } catch (error) {
    for (const [plex, columns] of before) plex.columns = columns;
    throw error;
  }
  for (const plex of failed)
    Object.assign(plex, { status: VDS_LUN_PLEX_STATUS.VDS_LPS_ONLINE, health: VDS_HEALTH.VDS_H_HEALTHY });
  if (hasFailed(lun)) Object.assign(lun, { status: VDS_LUN_STATUS.VDS_LS_ONLINE, health: VDS_HEALTH.VDS_H_HEALTHY });
  settleTypes(lun);
}

/**
 * Moves the extents of a drive to another, to the same places. Throws Failure(E_INVALIDARG) unless the other works, is
 * as large and holds nothing.
 */
export function replaceDrive(subSystem: ArraySubSystem, from: Guid, to: Guid): void {
  const [replaced, replacement] = [subSystem.drives.get(from), subSystem.drives.get(to)];
  if (replaced === undefined || replacement?.present !== true) throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
  const works = replacement.status === VDS_DRIVE_STATUS.VDS_DRS_ONLINE;
  if (from === to || !works || replacement.size < replaced.size || isInUse(subSystem, to))
    throw new Failure(HR.E_INVALIDARG);
  const moved = (e: Extent): Extent => (e.drive === from ? { ...e, drive: to } : e);
  for (const lun of subSystem.luns.values()) {
    for (const plex of lun.plexes.values()) plex.columns = plex.columns.map((column) => column.map(moved));
  }
}

/** Whether a LUN, or an operation under way, has extents on a drive. */
export function isInUse(subSystem: ArraySubSystem, drive: Guid): boolean {
  const used = [...subSystem.luns.values()].flatMap((lun) => [...lun.plexes.values()].flatMap(extentsOf));
  return [...used, ...[...subSystem.promised].flat()].some((e) => e.drive === drive);
}

/** A plex that grew beyond its drive is a span, and a LUN of one plex has the type of that plex. */
function settleTypes(lun: ArrayLun): void {
  for (const plex of lun.plexes.values())
    if (plex.type === LPT.VDS_LPT_SIMPLE && isSpread(plex)) plex.type = LPT.VDS_LPT_SPAN;
  const [only, second] = lun.plexes.values();
  if (only !== undefined && second === undefined) lun.type = only.type;
}

const isSpread = (plex: ArrayPlex): boolean => new Set(extentsOf(plex).map((e) => e.drive)).size > 1;
