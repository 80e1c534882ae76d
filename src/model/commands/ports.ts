// Controller ports that are objects: which of them a LUN is active on, and their status.
import { OBJECT_STATUS } from '../../contract/generated/enumerations.js';
import { command, type Command } from '../command.js';
import { idsIn } from '../state.js';
import { statusAfter, statusUndo, toggled } from './equipment.js';
import { pathsChange } from './multipath.js';

export const PORT_COMMANDS: readonly Command[] = [
  command({
    name: 'associate-controller-ports',
    method: 'IVdsLunControllerPorts.AssociateControllerPorts',
    on: 'IVdsLun',
    requirement: 'VDS-10.40',
    touches: ['associations', 'controllers'],
    requests: ({ item, state, subSystem, knowledge }) => {
      const ids = state.ofKind('IVdsControllerPort', subSystem).map((p) => p.id);
      if (!knowledge.own.has(item.id) || ids.length === 0 || item.members['activeControllerPorts'] === undefined)
        return [];
      const splits =
        ids.length > 1 ? [ids.slice(0, 1), ...ids.map((id) => ids.filter((i) => i !== id)), ids.toReversed()] : [ids];
      return splits.map((active) => {
        const inactive = ids.filter((id) => !active.includes(id));
        return {
          args: {
            activeControllerPortIdArray: active,
            inactiveControllerPortIdArray: inactive.length === 0 ? null : inactive,
          },
          how: `to ${active.join(' and ')}`,
        };
      });
    },
    effect: (draft, { args }, _outcome, { item, subSystem }) => {
      const ways = [...draft.ofKind('IVdsController', subSystem), ...draft.ofKind('IVdsControllerPort', subSystem)];
      // One that is not in use need not count as active, whatever it was made.
      if (ways.every(({ members }) => members['status'] === OBJECT_STATUS.STATUS_ONLINE))
        draft.associate(item.id, 'activeControllerPorts', idsIn(args['activeControllerPortIdArray']));
      else draft.releaseAssociation(item.id, 'activeControllerPorts');
      // Whether a controller stays active for a LUN without a port that is, is not said.
      draft.releaseAssociation(item.id, 'activeControllers');
      pathsChange(draft, item.id);
    },
  }),
  command({
    name: 'set-port-status',
    method: 'IVdsControllerPort.SetStatus',
    on: 'IVdsControllerPort',
    requirement: 'VDS-7.6b',
    touches: ['ports', 'status'],
    // Which status a port has, and takes, while its controller is not online is open.
    requests: (target) =>
      target.state.member(target.item.parent ?? '', 'status') === OBJECT_STATUS.STATUS_ONLINE ? toggled(target) : [],
    effect: (draft, request, _outcome, { item, subSystem }) => {
      // A port that goes may take associations with it, and with the last one goes the use of its controller.
      for (const lun of draft.ofKind('IVdsLun', subSystem)) {
        draft.release(lun.id, 'activeControllerPorts');
        draft.release(lun.id, 'activeControllers');
        pathsChange(draft, lun.id);
      }
      for (const { id } of draft.ofKind('IVdsController', subSystem))
        draft.release(id, 'associatedLuns', 'health', 'portProperties');
      for (const { id } of draft.ofKind('IVdsControllerPort', subSystem)) draft.release(id, 'associatedLuns');
      draft.release(subSystem, 'health');
      draft.set(item.id, 'status', statusAfter(request, item));
    },
    undo: statusUndo,
  }),
  command({
    name: 'reset-port',
    method: 'IVdsControllerPort.Reset',
    on: 'IVdsControllerPort',
    requirement: 'VDS-10.13d',
    touches: ['ports'],
    requests: ({ item, knowledge }) => (knowledge.mayUse(item) ? [{ args: {}, how: '' }] : []),
    effect: (draft, _request, _outcome, { item, subSystem }) => {
      // It may be busy for a while.
      for (const lun of draft.ofKind('IVdsLun', subSystem)) draft.release(lun.id, 'pathInfo', 'loadBalancePolicy');
      draft.release(item.id, 'status');
      if (item.parent !== null) draft.release(item.parent, 'portProperties');
    },
  }),
];
