// The drives that a call gives are those that it takes space of: all of a new LUN lies on them, and what Extend adds
// lies there too as long as there is room on the first.
import { VDS_DRIVE_STATUS } from '../../../contract/generated/enumerations.js';
import type { VDS_DRIVE_EXTENT } from '../../../contract/generated/structures.js';
import type { Guid } from '../../../contract/guid.js';
import { succeeded } from '../../../contract/hresult.js';
import {
  bytesOf,
  bytesOfLun,
  bytesUnused,
  isSpare,
  isStriped,
  type Circumstances,
  type Item,
  type SystemState,
} from '../../../model/index.js';
import type { Ended } from '../calls/calls.js';
import type { Handles } from '../handles.js';
import type { Resolved } from '../resolve.js';

interface Player {
  readonly state: SystemState;
  readonly handles: Handles;
  readonly around: Circumstances;
  unkept(requirement: string, problem: string): void;
}

/** Whether space may be taken of a drive: of a hot spare none is. */
export const isInUse = (drive: Item | undefined): boolean =>
  drive?.members['status'] === VDS_DRIVE_STATUS.VDS_DRS_ONLINE && !isSpare(drive);

export async function extentsOf(
  { handles, state }: Pick<Player, 'handles' | 'state'>,
  drive: Guid,
): Promise<readonly VDS_DRIVE_EXTENT[] | undefined> {
  const object = await handles.forMethod('IVdsDrive.QueryExtents', state, drive);
  const result = await object?.call('IVdsDrive.QueryExtents', {});
  if (result === undefined || !succeeded(result.hr)) return undefined;
  return (result.out['extentArray'] as readonly VDS_DRIVE_EXTENT[] | null) ?? [];
}

/** The bytes that a LUN has on each of these drives; undefined where one does not say what it holds. */
async function bytesOn(
  player: Player,
  drives: readonly Item[],
  lun: Guid,
): Promise<ReadonlyMap<Guid, bigint> | undefined> {
  const found = new Map<Guid, bigint>();
  for (const { id } of drives) {
    const extents = await extentsOf(player, id);
    if (extents === undefined) return undefined;
    found.set(id, bytesOfLun(extents, lun));
  }
  return found;
}

/**
 * Looks at the drives that a call gives; what is handed over judges it afterwards. Undefined for calls that give none,
 * or whose LUNs a pool may lay elsewhere.
 */
export async function watchGivenDrives(
  player: Player,
  { command: { method }, request, item, subSystem }: Resolved,
): Promise<((ended: Ended) => Promise<void>) | undefined> {
  const given = request.args['driveIdArray'];
  const { state, around } = player;
  if (!Array.isArray(given) || around.faulted || around.degraded === true) return undefined;
  if (state.ofKind('IVdsStoragePool').length > 0) return undefined;
  const drives = state.ofKind('IVdsDrive', subSystem);
  if (/CreateLun2?$/.test(method))
    return async ({ outcome: { made } }) => {
      const elsewhere = drives.filter(({ id }) => !given.includes(id));
      const bytes = made === undefined ? undefined : await bytesOn(player, elsewhere, made);
      for (const [id, taken] of bytes ?? [])
        if (taken > 0n)
          player.unkept('VDS-10.2b', `${taken} bytes of the new LUN lie on the drive ${id}, which was not given`);
    };
  const [first] = given as readonly Guid[];
  if (method !== 'IVdsLun.Extend' || first === undefined || !isInUse(state.get(first))) return undefined;
  const plexes = state.ofKind('IVdsLunPlex', item.id);
  if (plexes.length > 1) return undefined;
  const spare = await spareOf(player, drives, item);
  const before = await extentsOf(player, first);
  const added = request.args['numberOfBytesToAdd'] as bigint;
  if (spare < 0n || spare >= added) return undefined;
  const free = bytesUnused(before ?? []);
  if (before === undefined || free < ROOMY * added) return undefined;
  // Columns grow on the drives on which they lie.
  const striped = [item, ...plexes].some(({ members }) => isStriped(members['type']));
  if (striped && bytesOfLun(before, item.id) === 0n) return undefined;
  return async () => {
    const after = await extentsOf(player, first);
    const more =
      bytesOf(after ?? []) === 0n ? undefined : bytesOfLun(after ?? [], item.id) - bytesOfLun(before, item.id);
    if (more === 0n)
      player.unkept(
        'VDS-10.7b',
        `Extend took nothing of the drive ${first}, which was given and has ${free} bytes left`,
      );
  };
}

/**
 * The bytes of drives that a LUN has beyond its size, in which it may grow. Negative for a thin one: of it they hold
 * what was written, and nothing of what Extend adds.
 */
async function spareOf(player: Player, drives: readonly Item[], { id, members }: Item): Promise<bigint> {
  const bytes = await bytesOn(player, drives, id);
  const held = [...(bytes?.values() ?? [])].reduce((sum, each) => sum + each, 0n);
  return typeof members['size'] === 'bigint' ? held - members['size'] : -1n;
}

/** So many times what is added are free, so that there is room for it however it is rounded. */
const ROOMY = 16n;
