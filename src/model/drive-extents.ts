// Which LUNs lie on which drives, by the extents that drives report.
import type { VDS_DRIVE_EXTENT } from '../contract/generated/structures.js';
import type { Guid } from '../contract/guid.js';
import type { Item, SystemState } from './state.js';

/** The extents of a drive; undefined where they are known only in part, as after a change that took space somewhere. */
export const extentsOf = ({ members: { extents } }: Item): readonly VDS_DRIVE_EXTENT[] | undefined =>
  Array.isArray(extents) ? (extents as readonly VDS_DRIVE_EXTENT[]) : undefined;

/** The LUNs that have space of a drive. */
export const lunsOn = (drive: Item): readonly Guid[] => [
  ...new Set(extentsOf(drive)?.flatMap((e) => (e.used ? [e.lunId] : []))),
];

/** The drives on which a LUN has space. */
export const drivesUnder = (state: SystemState, lun: Guid): readonly Item[] =>
  state.ofKind('IVdsDrive', state.subSystemOf(lun)).filter((drive) => lunsOn(drive).includes(lun));
