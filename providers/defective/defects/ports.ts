// Defects of controller ports that are objects.
import {
  NOTIFICATION_EVENTS as NF,
  OBJECT_STATUS,
  VDS_OBJECT_TYPE,
} from '../../../src/contract/generated/enumerations.js';
import { HR } from '../../../src/contract/hresult.js';
import type { VDS_NOTIFICATION } from '../../../src/contract/generated/structures.js';
import type { Answer } from '../../../src/port/object-server.js';
import { PortObject } from '../../in-memory/objects/port.js';
import {
  FibreChannelArray,
  FibreChannelController,
  FibreChannelProvider,
} from '../../in-memory/profiles/fibre-channel.js';
import type { ArrayPort } from '../../in-memory/array/devices.js';
import { Failure } from '../../in-memory/failure.js';
import { answers, asks, overriding, pretends, reports } from '../answers.js';
import type { Defect } from '../defect.js';
import { ask } from '../override.js';

class SerialNumbers extends FibreChannelArray {
  protected override newPorts(controller: string): readonly ArrayPort[] {
    return super.newPorts(controller).map((port) => ({ ...port, identification: `SN-${port.friendlyName}` }));
  }
}

class NoLuns extends PortObject {
  protected override queryAssociatedLuns(): Answer<'IVdsControllerPort.QueryAssociatedLuns'> {
    this.touch();
    return { hr: HR.S_OK, out: { enum: this.provider.enumerate([]) } };
  }
}

class SilentWhenFailed extends PortObject {
  protected override getController(): Answer<'IVdsControllerPort.GetController'> {
    if (this.read().status === OBJECT_STATUS.STATUS_FAILED) throw new Failure(HR.E_FAIL);
    return super.getController();
  }
}

/** It lists ports of the other controller. */
class PortsOfAnother extends FibreChannelController {
  protected override queryControllerPorts(): Answer<'IVdsControllerControllerPort.QueryControllerPorts'> {
    const { inventory } = this.provider;
    const { controllers } = inventory.record('subsystem', this.read().parent);
    const other = controllers.find((id) => id !== this.id) ?? this.id;
    return { hr: HR.S_OK, out: { enum: this.provider.list('port', inventory.record('controller', other).ports) } };
  }
}

/** A controller that goes offline departs, as the older comments have it, and a port does not. */
class TwoMeanings extends FibreChannelProvider {
  override announce(notifications: readonly VDS_NOTIFICATION[]): void {
    super.announce(
      notifications.map((each) =>
        each.controller?.event === NF.VDS_NF_CONTROLLER_REMOVED
          ? { ...each, controller: { ...each.controller, event: NF.VDS_NF_CONTROLLER_DEPART } }
          : each,
      ),
    );
  }
}

class PortsGoSilently extends FibreChannelProvider {
  override announce(notifications: readonly VDS_NOTIFICATION[]): void {
    super.announce(notifications.filter(({ port }) => port === undefined));
  }
}

const profile = 'fibre-channel';

export const PORTS: readonly Defect[] = [
  {
    name: 'port-status-unknown-accepted',
    profile,
    breaks: ['VDS-7.6'],
    noticedBy: ['ports.status-unknown'],
    says: 'SetStatus of a port answers S_OK for UNKNOWN.',
    overrides: pretends('IVdsControllerPort.SetStatus', ({ status }) => status === 0),
  },
  {
    name: 'port-set-status-does-nothing',
    profile,
    breaks: ['VDS-7.6b'],
    noticedBy: ['ports.set-status'],
    says: 'SetStatus of a port answers S_OK and leaves the status.',
    overrides: pretends('IVdsControllerPort.SetStatus', ({ status }) => status !== 0),
  },
  {
    name: 'failed-port-does-not-name-its-controller',
    profile,
    breaks: ['VDS-7.3b'],
    noticedBy: ['faults.fail-status.port'],
    says: 'GetController of a port in failed status answers E_FAIL.',
    parts: { Port: SilentWhenFailed },
  },
  {
    name: 'port-named-otherwise-by-number',
    profile,
    breaks: ['VDS-4.1a'],
    noticedBy: ['ports.properties-agree'],
    says: 'GetPortProperties of a controller reports another name than the port object does.',
    overrides: reports('IVdsController.GetPortProperties', () => ({ portProp }) => ({
      portProp: { ...portProp, friendlyName: `${portProp.friendlyName} (by number)` },
    })),
  },
  {
    name: 'ports-of-another-controller-listed',
    profile,
    breaks: ['VDS-4.1a'],
    noticedBy: ['consistency.ports-by-number'],
    says: 'QueryControllerPorts lists the ports of another controller.',
    parts: { Controller: PortsOfAnother },
  },
  {
    name: 'port-serial-number-as-wwn',
    profile,
    breaks: ['VDS-4.9'],
    strict: true,
    noticedBy: ['consistency.world-wide-names'],
    says: 'The identification of a port is a serial number, and not its World Wide Name.',
    parts: { StorageArray: SerialNumbers },
  },
  {
    name: 'port-reset-leaves-it-offline',
    profile,
    breaks: ['VDS-10.13d'],
    noticedBy: ['ports.reset', 'interactions.ports'],
    says: 'Reset of a port leaves the port OFFLINE.',
    overrides: (inner) => ({
      methods: {
        'IVdsControllerPort.Reset': async (call, next) => {
          const reply = await next();
          await ask(inner, call.object, 'IVdsControllerPort.SetStatus', { status: OBJECT_STATUS.STATUS_OFFLINE });
          return reply;
        },
      },
    }),
  },
  {
    name: 'port-lists-swapped',
    profile,
    breaks: ['VDS-10.40'],
    noticedBy: ['ports.active'],
    says: 'AssociateControllerPorts takes its first list for the inactive ports.',
    overrides: asks('IVdsLunControllerPorts.AssociateControllerPorts', (args) => ({
      activeControllerPortIdArray: args.inactiveControllerPortIdArray,
      numberOfActiveControllerPorts: args.numberOfInactiveControllerPorts,
      inactiveControllerPortIdArray: args.activeControllerPortIdArray,
      numberOfInactiveControllerPorts: args.numberOfActiveControllerPorts,
    })),
  },
  {
    name: 'port-lists-no-luns',
    profile,
    breaks: ['VDS-10.20'],
    noticedBy: ['ports.active', 'consistency.luns-and-ports'],
    says: 'QueryAssociatedLuns of a port leaves out the LUNs that are active on it.',
    parts: { Port: NoLuns },
  },
  {
    name: 'ports-in-both-lists-accepted',
    profile,
    breaks: ['VDS-10.10d', 'VDS-10.40'],
    noticedBy: ['ports.in-both-lists', 'ports.left-out'],
    says: 'AssociateControllerPorts answers S_OK for lists that are no partition of the ports, and does nothing.',
    overrides: answers('IVdsLunControllerPorts.AssociateControllerPorts', [HR.E_INVALIDARG], HR.S_OK),
  },
  {
    name: 'unknown-port-invalid',
    profile,
    breaks: ['VDS-10.10c'],
    noticedBy: ['ports.unknown', 'interactions.refusals'],
    says: 'AssociateControllerPorts answers E_INVALIDARG for a port that does not exist.',
    overrides: answers('IVdsLunControllerPorts.AssociateControllerPorts', [HR.VDS_E_OBJECT_NOT_FOUND], HR.E_INVALIDARG),
  },
  {
    name: 'ports-offline-not-announced',
    profile,
    breaks: ['VDS-9.8'],
    noticedBy: ['notifications.port-offline'],
    says: 'Nothing is announced of a port that is set OFFLINE.',
    parts: { Provider: PortsGoSilently },
  },
  {
    name: 'arrival-with-two-meanings',
    profile,
    breaks: ['VDS-9.7'],
    noticedBy: ['notifications.meaning-of-arrival'],
    says: 'DEPART of a controller means that it went offline, and ARRIVE does not mean that it came online.',
    parts: { Provider: TwoMeanings },
  },
  {
    name: 'one-port-by-every-id',
    profile,
    breaks: ['VDS-4.1a'],
    noticedBy: ['identity.get-object.port'],
    says: 'GetObject of a port finds the first port asked for, whichever is meant.',
    overrides: overriding('IVdsProviderPrivate.GetObject', () => {
      let first: string | undefined;
      return async (call, next) => {
        if (call.args.type !== VDS_OBJECT_TYPE.VDS_OT_PORT) return next();
        first ??= call.args.objectId;
        return next({ args: { ...call.args, objectId: first } });
      };
    }),
  },
  {
    name: 'ports-by-number-fail-when-offline',
    profile,
    breaks: ['VDS-4.1a'],
    noticedBy: ['interactions.ports'],
    says: 'GetPortProperties of a controller reports a port that is OFFLINE as FAILED.',
    overrides: reports('IVdsController.GetPortProperties', () => ({ portProp }) => ({
      portProp:
        portProp.status === OBJECT_STATUS.STATUS_OFFLINE
          ? { ...portProp, status: OBJECT_STATUS.STATUS_FAILED }
          : portProp,
    })),
  },
];
