// Commands that set the fixed parts of a subsystem, or renew the provider's knowledge without changing anything.
import { OBJECT_STATUS } from '../../contract/generated/enumerations.js';
import { command, type Command, type Request, type Target } from '../command.js';
import { OneOf } from '../expected.js';
import { idsIn, type Draft, type Item } from '../state.js';
import { namingCommands } from './names.js';
import { pathsChange } from './multipath.js';

/** The other one of ONLINE and OFFLINE; what has failed is taken out of use. */
export const toggled = ({ item, knowledge }: Target): readonly { args: { status: number }; how: string }[] => {
  const { status } = item.members;
  if (!knowledge.mayUse(item)) return [];
  // What had failed before the run is left as it is, as is all that has failed of a system that is somebody's.
  const wasWell = knowledge.firstValue(item.id, 'status') !== OBJECT_STATUS.STATUS_FAILED;
  const isForTheRun = status === OBJECT_STATUS.STATUS_FAILED && knowledge.options.disposable === true && wasWell;
  if (status === OBJECT_STATUS.STATUS_ONLINE || isForTheRun)
    return [{ args: { status: OBJECT_STATUS.STATUS_OFFLINE }, how: 'to OFFLINE' }];
  return status === OBJECT_STATUS.STATUS_OFFLINE
    ? [{ args: { status: OBJECT_STATUS.STATUS_ONLINE }, how: 'to ONLINE' }]
    : [];
};

/** The status after one was set: what has failed may go on being reported so. */
export const statusAfter = ({ args }: Request, { members: { status: before } }: Item): unknown =>
  before === OBJECT_STATUS.STATUS_FAILED ? new OneOf(args['status'], before) : args['status'];

/**
 * The status to put back on a device that has this one. What a provider finds out, such as that something has failed,
 * nobody can set: the device is then put online, so that it is not left out of use.
 */
export const settable = (status: unknown): number =>
  status === OBJECT_STATUS.STATUS_OFFLINE ? status : OBJECT_STATUS.STATUS_ONLINE;

export const statusUndo: NonNullable<Command['undo']> = ({ members }) => ({ status: settable(members['status']) });

/** A controller that goes or comes may move the LUNs that are active on it, and what of the subsystem depends on it. */
export function controllersChange(draft: Draft, subSystem: string): void {
  draft.release(subSystem, 'health');
  // Without its partner a controller may do without a cache, which is in the flags of LUNs.
  for (const lun of draft.ofKind('IVdsLun', subSystem)) {
    draft.release(lun.id, 'activeControllers', 'flags');
    // Ports of a controller that is not in use need not count as active.
    draft.releaseAssociation(lun.id, 'activeControllerPorts');
    pathsChange(draft, lun.id);
  }
  for (const portal of draft.ofKind('IVdsIscsiPortal', subSystem)) draft.release(portal.id, 'status');
  for (const controller of draft.ofKind('IVdsController', subSystem))
    draft.release(controller.id, 'associatedLuns', 'health', 'portProperties');
  for (const port of draft.ofKind('IVdsControllerPort', subSystem))
    draft.release(port.id, 'status', 'health', 'associatedLuns');
}

const renewal = (name: string, method: Command['method'], requirement: string): Command =>
  command({
    name,
    method,
    on: 'IVdsSubSystem',
    requirement,
    touches: [],
    requests: ({ item, knowledge }) => (knowledge.mayUse(item) ? [{ args: {}, how: '' }] : []),
  });

const upkeep = (name: string, method: Command['method'], alsoBreaks: readonly string[] = []): Command =>
  command({
    name,
    method,
    on: 'IVdsController',
    requirement: { of: ['VDS-10.13d', ...alsoBreaks], by: () => 'VDS-10.13d' },
    touches: ['controllers'],
    requests: ({ item, knowledge }) => (knowledge.mayUse(item) ? [{ args: {}, how: '' }] : []),
    effect: (draft, _request, _outcome, { item, subSystem }) => {
      // It may be busy for a while.
      for (const { id } of [item, ...draft.ofKind('IVdsControllerPort', item.id)])
        draft.release(id, 'status', 'health', 'portProperties');
      for (const lun of draft.ofKind('IVdsLun', subSystem)) draft.release(lun.id, 'pathInfo', 'loadBalancePolicy');
    },
  });

export const EQUIPMENT_COMMANDS: readonly Command[] = [
  renewal('reenumerate', 'IVdsHwProvider.Reenumerate', 'VDS-5.2'),
  renewal('refresh', 'IVdsHwProvider.Refresh', 'VDS-5.3'),
  renewal('reenumerate-subsystem', 'IVdsSubSystem.Reenumerate', 'VDS-5.4'),
  ...namingCommands(
    'name-subsystem',
    'IVdsSubSystemNaming.SetFriendlyName',
    'IVdsSubSystem',
    ({ item, knowledge }) => knowledge.mayUse(item),
    { undo: (item) => ({ friendlyName: item.members['friendlyName'] }) },
  ),
  command({
    name: 'set-subsystem-status',
    method: 'IVdsSubSystem.SetStatus',
    on: 'IVdsSubSystem',
    requirement: 'VDS-7.6b',
    touches: ['status'],
    // The one that it has: what still answers in a subsystem that is offline is said nowhere.
    requests: ({ item, knowledge }) =>
      knowledge.mayUse(item) && item.members['status'] === OBJECT_STATUS.STATUS_ONLINE
        ? [{ args: { status: OBJECT_STATUS.STATUS_ONLINE }, how: 'to ONLINE, which it is' }]
        : [],
  }),
  command({
    name: 'set-controller-status',
    method: 'IVdsController.SetStatus',
    on: 'IVdsController',
    requirement: 'VDS-7.6b',
    touches: ['controllers', 'status'],
    requests: toggled,
    effect: (draft, request, _outcome, { item, subSystem }) => {
      controllersChange(draft, subSystem);
      draft.set(item.id, 'status', statusAfter(request, item));
    },
    undo: statusUndo,
  }),
  command({
    name: 'set-controllers',
    method: 'IVdsSubSystem.SetControllerStatus',
    on: 'IVdsSubSystem',
    requirement: 'VDS-10.10',
    touches: ['controllers', 'status'],
    requests: ({ state, item, knowledge }) => {
      const ids = state.ofKind('IVdsController', item.id).map((c) => c.id);
      if (!knowledge.mayUse(item) || ids.length < 2) return [];
      const none = knowledge.options.disposable === true ? [[]] : [];
      // No page asks for an order: all of them come in another than that in which they are listed.
      return [ids.slice(1), ids.toReversed(), ...none].map((online) => {
        const offline = ids.filter((id) => !online.includes(id));
        return {
          args: {
            onlineControllerIdArray: online.length === 0 ? null : online,
            offlineControllerIdArray: offline.length === 0 ? null : offline,
          },
          how: online.length === 0 ? '(none)' : offline.length === 0 ? '(all)' : `(all but ${offline.join()})`,
        };
      });
    },
    effect: (draft, { args }, _outcome, { subSystem }) => {
      controllersChange(draft, subSystem);
      const online = idsIn(args['onlineControllerIdArray']);
      // An unreachable device may report bad health.
      if (online.length === 0)
        for (const id of [subSystem, ...draft.ofKind('IVdsLun', subSystem).map((l) => l.id)])
          draft.release(id, 'status', 'health');
      for (const { id } of draft.ofKind('IVdsController', subSystem))
        draft.set(id, 'status', online.includes(id) ? OBJECT_STATUS.STATUS_ONLINE : OBJECT_STATUS.STATUS_OFFLINE);
    },
    undo: (item, state) => {
      const controllers = state.ofKind('IVdsController', item.id);
      const online = controllers.filter((c) => c.members['status'] !== OBJECT_STATUS.STATUS_OFFLINE).map((c) => c.id);
      const offline = controllers.map((c) => c.id).filter((id) => !online.includes(id));
      return {
        onlineControllerIdArray: online.length === 0 ? null : online,
        offlineControllerIdArray: offline.length === 0 ? null : offline,
      };
    },
    // An empty list, as the IDL does not let a caller leave one out.
    reset: (_knowledge, undone) => ({
      onlineControllerIdArray: undone['onlineControllerIdArray'] ?? [],
      offlineControllerIdArray: undone['offlineControllerIdArray'] ?? [],
    }),
  }),
  upkeep('flush-cache', 'IVdsController.FlushCache'),
  upkeep('invalidate-cache', 'IVdsController.InvalidateCache'),
  // What runs on a controller runs on.
  upkeep('reset-controller', 'IVdsController.Reset', ['VDS-10.17d']),
  command({
    name: 'set-portal-status',
    method: 'IVdsIscsiPortal.SetStatus',
    on: 'IVdsIscsiPortal',
    requirement: 'VDS-7.8b',
    touches: ['portals', 'status'],
    requests: toggled,
    effect: (draft, request, _outcome, { item, subSystem }) => {
      draft.set(item.id, 'status', statusAfter(request, item));
      // There is a way less to it, or one more.
      draft.release(subSystem, 'health');
    },
    undo: statusUndo,
  }),
];
