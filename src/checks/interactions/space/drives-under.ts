// Which drives a LUN lies on.
import type { Guid } from '../../../contract/guid.js';
import type { Item, SystemState } from '../../../model/index.js';

/** The drives on which a LUN has space. */
export const drivesUnder = (state: SystemState, lun: Guid): readonly Item[] =>
  state.ofKind('IVdsDrive', state.subSystemOf(lun)).filter(({ members: { extents } }) => {
    const isOfIt = (e: { readonly lunId: Guid; readonly used: boolean }): boolean => e.used && e.lunId === lun;
    return Array.isArray(extents) && extents.some(isOfIt);
  });
