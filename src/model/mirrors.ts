// Mirrors: each plex of one lies on drives of its own, and whatever gives a plex space takes it from others than those
// of the other plexes. Only a caller who adds the plex of a LUN that lies on the same drive can bring that about.
import { VDS_LUN_TYPE } from '../contract/generated/enumerations.js';
import type { Guid } from '../contract/guid.js';
import type { Imbalance } from './conservation.js';
import { extentsOf } from './drive-extents.js';
import type { Item, SystemState } from './state.js';

/** A drive on which two of a mirror's plexes lie; null where there is none, undefined where it is not known. */
function sharedBy(state: SystemState, lun: Item): Guid | null | undefined {
  const plexes = state.ofKind('IVdsLunPlex', lun.id);
  if (lun.members['type'] !== VDS_LUN_TYPE.VDS_LT_MIRROR || plexes.length < 2) return undefined;
  const drives: Guid[] = [];
  for (const plex of plexes) {
    const extents = extentsOf(plex);
    if (extents === undefined) return undefined;
    drives.push(...new Set(extents.flatMap(({ id, used }) => (used ? [id] : []))));
  }
  return drives.find((id, index) => drives.indexOf(id) !== index) ?? null;
}

export class Mirrors {
  /** LUNs whose plexes may share a drive: they did when they were first seen, or by a plex that was added. */
  private readonly shared = new Set<Guid>();

  /** Takes the present state for granted. */
  begin(state: SystemState): void {
    for (const lun of state.ofKind('IVdsLun')) if (typeof sharedBy(state, lun) === 'string') this.shared.add(lun.id);
  }

  /** A plex was added to a LUN, wherever it lies. */
  added(lun: Guid): void {
    this.shared.add(lun);
  }

  /** Whether a state has a mirror of which it is known where its plexes lie. */
  areIn(state: SystemState): boolean {
    return state.ofKind('IVdsLun').some((lun) => sharedBy(state, lun) !== undefined);
  }

  weigh(state: SystemState): readonly Imbalance[] {
    return state.ofKind('IVdsLun').flatMap((lun): Imbalance[] => {
      const drive = sharedBy(state, lun);
      if (drive === null) this.shared.delete(lun.id);
      if (typeof drive !== 'string' || this.shared.has(lun.id)) return [];
      return [{ requirement: 'VDS-10.8d', problem: `two plexes of the mirror ${lun.id} lie on the drive ${drive}` }];
    });
  }
}
