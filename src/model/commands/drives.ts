// Drives that hold nothing yet: their status, the hot spares among them, and what moves from one to another.
import { OBJECT_STATUS, VDS_DRIVE_FLAG, VDS_LUN_TYPE as LT } from '../../contract/generated/enumerations.js';
import type { VDS_DRIVE_EXTENT } from '../../contract/generated/structures.js';
import type { Guid } from '../../contract/guid.js';
import { SPACE_OF_POOLS } from '../../truth/compare.js';
import { command, type Command, type Target } from '../command.js';
import { extentsOf, isEmpty, lunsOn } from '../drive-extents.js';
import type { Knowledge } from '../knowledge.js';
import type { Draft, Item } from '../state.js';
import { statusAfter, statusUndo, toggled } from './equipment.js';

const { VDS_DRF_HOTSPARE } = VDS_DRIVE_FLAG;

const flagsOf = ({ members: { flags } }: Item): number => (typeof flags === 'number' ? flags : 0);

/** A provider takes space from the front, so that a drive at the end is the one to be spared. */
const SPARED = 2;

/** Whether the drive is among the last of its subsystem that hold nothing. */
const isSpare = ({ state, item, subSystem, knowledge }: Target): boolean =>
  knowledge.mayUse(item) &&
  state
    .ofKind('IVdsDrive', subSystem)
    .filter(isEmpty)
    .slice(-SPARED)
    .some((d) => d.id === item.id);

/** Types of LUNs that have their data once, so that there is nothing from which to rebuild it elsewhere. */
const SINGLE: ReadonlySet<unknown> = new Set([LT.VDS_LT_SIMPLE, LT.VDS_LT_SPAN, LT.VDS_LT_STRIPE]);

/** Whether the drive holds nothing but LUNs of the run's own, which the array cannot rebuild elsewhere meanwhile. */
const holdsOwnSingles = ({ state, item, knowledge }: Target): boolean => {
  const luns = lunsOn(item);
  return (
    luns.length > 0 &&
    knowledge.mayUse(item) &&
    luns.every(
      (id) =>
        knowledge.own.has(id) && state.ofKind('IVdsLunPlex', id).length < 2 && SINGLE.has(state.member(id, 'type')),
    )
  );
};

/**
 * Whether the drive is OFFLINE, and may report nothing of what is on it, or has failed under LUNs of the run: what the
 * array can rebuild elsewhere it then rebuilds anyway.
 */
const isOutOfUse = ({ item, knowledge }: Target): boolean => {
  const { status } = item.members;
  const isOwn = (): boolean => lunsOn(item).every((id) => knowledge.own.has(id));
  return status === OBJECT_STATUS.STATUS_OFFLINE || (status === OBJECT_STATUS.STATUS_FAILED && isOwn());
};

/** Whatever has space of a drive comes and goes with it; in which status and health that shows is said nowhere. */
function dependantsChange(draft: Draft, drive: Item, knowledge: Knowledge): void {
  for (const lun of knowledge.foundOn(drive.id, lunsOn(drive))) {
    draft.release(lun, 'status', 'health', 'transitionState');
    for (const { id } of draft.ofKind('IVdsLunPlex', lun))
      draft.release(id, 'status', 'health', 'transitionState', 'extents');
  }
}

/**
 * How much can be made of the drives' space depends on the drive; how much of it a drive that cannot be used reports is
 * not said.
 */
function usableSpaceChanges(draft: Draft, drive: Guid, subSystem: Guid): void {
  draft.release(drive, 'extents');
  draft.release(subSystem, 'health');
  for (const { id } of draft.ofKind('IVdsStoragePool')) draft.release(id, 'status', 'health', ...SPACE_OF_POOLS);
}

const sparing = (name: string, method: 'IVdsDrive.SetFlags' | 'IVdsDrive.ClearFlags', wanted: boolean): Command =>
  command({
    name,
    method,
    on: 'IVdsDrive',
    requirement: 'VDS-10.21',
    touches: ['drives', 'space'],
    closely: true,
    requests: (target) =>
      isSpare(target) && ((flagsOf(target.item) & VDS_DRF_HOTSPARE) !== 0) !== wanted
        ? [{ args: { flags: VDS_DRF_HOTSPARE }, how: '' }]
        : [],
    effect: (draft, _request, _outcome, { item, subSystem }) => {
      const flags = flagsOf(draft.get(item.id) ?? item);
      draft.set(item.id, 'flags', wanted ? flags | VDS_DRF_HOTSPARE : flags & ~VDS_DRF_HOTSPARE);
      usableSpaceChanges(draft, item.id, subSystem);
    },
    undo: (item) => (((flagsOf(item) & VDS_DRF_HOTSPARE) !== 0) === wanted ? undefined : { flags: VDS_DRF_HOTSPARE }),
    undoMethod: wanted ? 'IVdsDrive.ClearFlags' : 'IVdsDrive.SetFlags',
  });

export const DRIVE_COMMANDS: readonly Command[] = [
  command({
    name: 'set-drive-status',
    method: 'IVdsDrive.SetStatus',
    on: 'IVdsDrive',
    requirement: 'VDS-7.6b',
    touches: ['drives', 'status', 'space'],
    closely: true,
    requests: (target) => (isSpare(target) || holdsOwnSingles(target) || isOutOfUse(target) ? toggled(target) : []),
    effect: (draft, request, _outcome, { item, subSystem, knowledge }) => {
      draft.set(item.id, 'status', statusAfter(request, item));
      draft.release(item.id, 'health');
      dependantsChange(draft, item, knowledge);
      usableSpaceChanges(draft, item.id, subSystem);
    },
    undo: statusUndo,
  }),
  sparing('set-hot-spare', 'IVdsDrive.SetFlags', true),
  sparing('clear-hot-spare', 'IVdsDrive.ClearFlags', false),
  command({
    name: 'replace-drive',
    method: 'IVdsSubSystem.ReplaceDrive',
    on: 'IVdsSubSystem',
    requirement: 'VDS-10.26',
    touches: ['drives', 'space'],
    closely: true,
    requests: ({ state, item, knowledge }) => {
      const drives = state
        .ofKind('IVdsDrive', item.id)
        .filter((d) => knowledge.mayUse(d) && d.members['status'] === OBJECT_STATUS.STATUS_ONLINE);
      const unused = drives.filter((d) => isEmpty(d) && (flagsOf(d) & VDS_DRF_HOTSPARE) === 0);
      // Nothing but what is the run's own is moved.
      const used = drives.filter((d) => {
        const extents = extentsOf(d)?.filter((e) => e.used) ?? [];
        return extents.length > 0 && extents.every((e) => knowledge.own.has(e.lunId));
      });
      const isOnline = ({ lunId }: VDS_DRIVE_EXTENT): boolean =>
        state.member(lunId, 'status') === OBJECT_STATUS.STATUS_ONLINE;
      // The LUNs that are in another state are more easily left behind.
      const telling = used.filter((d) => extentsOf(d)?.some((e) => e.used && !isOnline(e)) === true);
      return (telling.length > 0 ? telling : used).flatMap((from) =>
        unused
          .filter((to) => (to.members['size'] as bigint) >= (from.members['size'] as bigint))
          .map((to) => ({
            args: { driveToBeReplaced: from.id, replacementDrive: to.id },
            how: `, ${from.id} by ${to.id}`,
          })),
      );
    },
    effect: (draft, { args }, _outcome, { subSystem, knowledge }) => {
      const [from, to] = [args['driveToBeReplaced'] as Guid, args['replacementDrive'] as Guid];
      knowledge.moves(from, to);
      const luns = new Set(extentsOf(draft.get(from) as Item)?.map((e) => e.lunId));
      for (const lun of luns) {
        draft.release(lun, 'transitionState');
        for (const { id } of draft.ofKind('IVdsLunPlex', lun)) draft.release(id, 'extents', 'transitionState');
      }
      for (const { id } of draft.ofKind('IVdsStoragePool')) draft.release(id, 'allocatedLuns');
      for (const drive of [from, to]) usableSpaceChanges(draft, drive, subSystem);
    },
  }),
];
