// Which LUNs lie on which drives, by the extents that drives report, and which drives a change concerned by them.
import { VDS_DRIVE_FLAG } from '../contract/generated/enumerations.js';
import type { VDS_DRIVE_EXTENT } from '../contract/generated/structures.js';
import type { Guid } from '../contract/guid.js';
import type { Item, SystemState } from './state.js';

/** The extents of a drive; undefined where they are known only in part, as after a change that took space somewhere. */
export const extentsOf = ({ members: { extents } }: Pick<Item, 'members'>): readonly VDS_DRIVE_EXTENT[] | undefined =>
  Array.isArray(extents) ? (extents as readonly VDS_DRIVE_EXTENT[]) : undefined;

/** The bytes of these extents. */
export const bytesOf = (extents: readonly VDS_DRIVE_EXTENT[]): bigint =>
  extents.reduce((sum, { size }) => sum + size, 0n);

/** The bytes of these extents that nothing has. */
export const bytesUnused = (extents: readonly VDS_DRIVE_EXTENT[]): bigint => bytesOf(extents.filter((e) => !e.used));

/** Whether the drive reports what is on it, and nothing is. */
export const isEmpty = (drive: Item): boolean => extentsOf(drive)?.every((e) => !e.used) === true;

/** The bytes that a LUN has of these extents. */
export const bytesOfLun = (extents: readonly VDS_DRIVE_EXTENT[], lun: Guid): bigint =>
  bytesOf(extents.filter((e) => e.used && e.lunId === lun));

/** Whether a drive is kept for another one, so that no space of it is given. */
export const isSpare = (drive: Item | undefined): boolean =>
  typeof drive?.members['flags'] === 'number' && (drive.members['flags'] & VDS_DRIVE_FLAG.VDS_DRF_HOTSPARE) !== 0;

/** The LUNs that have space of a drive. */
export const lunsOn = (drive: Pick<Item, 'members'>): readonly Guid[] => [
  ...new Set(extentsOf(drive)?.flatMap((e) => (e.used ? [e.lunId] : []))),
];

/** The drives on which a LUN has space. */
export const drivesUnder = (state: SystemState, lun: Guid): readonly Item[] =>
  state.ofKind('IVdsDrive', state.subSystemOf(lun)).filter((drive) => lunsOn(drive).includes(lun));

/** What the plexes of a LUN have of each drive, as far as it is known: nothing of one that is not there. */
function bytesOn(state: SystemState, plexes: readonly Guid[]): ReadonlyMap<Guid, bigint> | undefined {
  const bytes = new Map<Guid, bigint>();
  for (const plex of plexes.flatMap((id) => state.get(id) ?? [])) {
    const extents = extentsOf(plex);
    if (extents === undefined) return undefined;
    for (const { id, size, used } of extents) if (used) bytes.set(id, (bytes.get(id) ?? 0n) + size);
  }
  return bytes;
}

/**
 * The drives of which a LUN has more or less than before, also those on which it lay or lies only at one of both times.
 * Fewer where the extents are not known.
 */
export function drivesChanged(before: SystemState, after: SystemState, lun: Guid): readonly Guid[] {
  const plexes = [...new Set([before, after].flatMap((s) => s.ofKind('IVdsLunPlex', lun).map(({ id }) => id)))];
  const [was, is] = [bytesOn(before, plexes), bytesOn(after, plexes)];
  if (was === undefined || is === undefined) return [];
  return [...new Set([...was.keys(), ...is.keys()])].filter((drive) => was.get(drive) !== is.get(drive));
}
