// Lawful variants of a Fibre Channel array: what such an array need not have.
import type { Guid } from '../../../src/contract/guid.js';
import {
  OBJECT_STATUS,
  VDS_PROVIDER_LBSUPPORT_FLAG as LBF,
  VDS_LOADBALANCE_POLICY_ENUM as LBP,
} from '../../../src/contract/generated/enumerations.js';
import { HR } from '../../../src/contract/hresult.js';
import { lacks, reports, together } from '../../defective/answers.js';
import type { ProviderInstance } from '../../in-memory/objects/instance.js';
import { PortObject } from '../../in-memory/objects/port.js';
import { FibreChannelController, FibreChannelProvider } from '../../in-memory/profiles/fibre-channel.js';
import { MultipathLun } from '../../in-memory/profiles/multipath.js';
import type { System } from '../../in-memory/parts.js';
import { notSupported } from '../small-arrays.js';
import type { Variant } from '../variant.js';

class WithoutPaths extends MultipathLun {
  constructor(provider: ProviderInstance, id: Guid, parent: Guid | null) {
    super(provider, id, parent);
    this.withdraw('IVdsLunMpio');
  }
}

class WithoutMpio extends FibreChannelProvider {
  constructor(system: System) {
    super(system);
    this.withdraw('IVdsHwProviderPrivateMpio');
  }
}

/** Ports that it is not told of stay as they are. */
class TakesSomePorts extends MultipathLun {
  protected override associateControllerPorts(
    lists: Parameters<MultipathLun['associateControllerPorts']>[0],
  ): ReturnType<MultipathLun['associateControllerPorts']> {
    const { inventory } = this.provider;
    const given = [...(lists.activeControllerPortIdArray ?? []), ...(lists.inactiveControllerPortIdArray ?? [])];
    const ports = this.ofSubSystem().controllers.flatMap((id) => inventory.record('controller', id).ports);
    const others = ports.filter((id) => !given.includes(id));
    const counts = lists.numberOfActiveControllerPorts + lists.numberOfInactiveControllerPorts;
    if (given.length === 0 || given.length !== counts) return super.associateControllerPorts(lists);
    const now = this.read().ports;
    const active = [...(lists.activeControllerPortIdArray ?? []), ...others.filter((id) => now.includes(id))];
    const inactive = [...(lists.inactiveControllerPortIdArray ?? []), ...others.filter((id) => !now.includes(id))];
    return super.associateControllerPorts({
      activeControllerPortIdArray: active.length === 0 ? null : active,
      numberOfActiveControllerPorts: active.length,
      inactiveControllerPortIdArray: inactive.length === 0 ? null : inactive,
      numberOfInactiveControllerPorts: inactive.length,
    });
  }
}

/** Paths that come or go take the weights of all with them. */
class LevelsWeights extends MultipathLun {
  protected override associateControllerPorts(
    ...lists: Parameters<MultipathLun['associateControllerPorts']>
  ): ReturnType<MultipathLun['associateControllerPorts']> {
    const answer = super.associateControllerPorts(...lists);
    const { paths } = this.reach().lun;
    for (const [key, path] of paths) paths.set(key, { ...path, weight: 0 });
    this.provider.learn(this.id);
    return answer;
  }
}

/** Whether the cache has the controller of a port in use. */
const isInUse = ({ inventory }: ProviderInstance, port: Guid): boolean =>
  [...inventory.devices.values()].every(
    ({ kind, id }) =>
      kind !== 'controller' ||
      !inventory.record(kind, id).ports.includes(port) ||
      inventory.record(kind, id).status === OBJECT_STATUS.STATUS_ONLINE,
  );

class WithPortsInUse extends MultipathLun {
  protected override queryActiveControllerPorts(): ReturnType<MultipathLun['queryActiveControllerPorts']> {
    const ports = this.read().ports.filter((id) => isInUse(this.provider, id));
    return { hr: HR.S_OK, out: { enum: this.provider.list('port', ports) } };
  }
}

class PortWhileInUse extends PortObject {
  protected override queryAssociatedLuns(): ReturnType<PortObject['queryAssociatedLuns']> {
    const { luns } = this.read();
    return { hr: HR.S_OK, out: { enum: this.provider.list('lun', isInUse(this.provider, this.id) ? luns : []) } };
  }
}

/** Milliseconds of a reset. */
const RESETTING = 60;

/** Those of these that are online are busy for a while. */
function reset(provider: ProviderInstance, devices: readonly { readonly id: Guid; status: number }[]): void {
  const change = (from: number, to: number): void => {
    const concerned = devices.filter(({ status }) => status === from);
    for (const each of concerned) each.status = to;
    provider.learn(...concerned.map(({ id }) => id));
  };
  change(OBJECT_STATUS.STATUS_ONLINE, OBJECT_STATUS.STATUS_NOT_READY);
  setTimeout(() => change(OBJECT_STATUS.STATUS_NOT_READY, OBJECT_STATUS.STATUS_ONLINE), RESETTING);
}

class SlowController extends FibreChannelController {
  protected override order(...[method]: Parameters<FibreChannelController['order']>): { readonly hr: number } {
    const answer = super.order(method);
    const { controller } = this.reach();
    if (method === 'IVdsController.Reset') reset(this.provider, [controller, ...controller.ports]);
    return answer;
  }
}

class SlowPort extends PortObject {
  protected override reset(): ReturnType<PortObject['reset']> {
    const answer = super.reset();
    const port = this.reach().controller.ports.find(({ id }) => id === this.id);
    if (port !== undefined) reset(this.provider, [port]);
    return answer;
  }
}

const profile = 'fibre-channel';

export const FIBRE_CHANNEL_VARIANTS: readonly Variant[] = [
  {
    name: 'no-multipath',
    profile,
    says: 'Has no MPIO interfaces, which a provider without MPIO support leaves out.',
    parts: { Lun: WithoutPaths, Provider: WithoutMpio },
  },
  {
    name: 'ports-are-not-managed',
    profile,
    says: 'Shows its controller ports and changes nothing about them, as each of their pages allows.',
    overrides: notSupported(
      'IVdsControllerPort.Reset',
      'IVdsControllerPort.SetStatus',
      'IVdsControllerPort.QueryAssociatedLuns',
      'IVdsLunControllerPorts.AssociateControllerPorts',
    ),
  },
  {
    name: 'fail-over-only',
    profile,
    says: 'Supports fail-over and no other policy, so that it refuses to set others.',
    overrides: together(
      reports('IVdsLunMpio.GetSupportedLbPolicies', () => () => ({ lbFlags: LBF.VDS_LBF_FAILOVER })),
      lacks(
        'IVdsLunMpio.SetLoadBalancePolicy',
        HR.VDS_E_NOT_SUPPORTED,
        ({ policy }) => policy !== LBP.VDS_LBP_FAILOVER,
      ),
    ),
  },
  {
    name: 'takes-some-ports',
    profile,
    says: 'AssociateControllerPorts leaves the ports that are in neither list as they are.',
    parts: { Lun: TakesSomePorts },
  },
  {
    name: 'active-ports-are-in-use',
    profile,
    says: 'A port of a controller that is not ONLINE is active for no LUN, and is so again when the controller is.',
    parts: { Lun: WithPortsInUse, Port: PortWhileInUse },
  },
  {
    name: 'ports-level-weights',
    profile,
    says: 'AssociateControllerPorts gives up the weights of all paths, which were set for the paths that there were.',
    parts: { Lun: LevelsWeights },
  },
  {
    name: 'resets-take-a-while',
    profile,
    says:
      'Reset of a controller or port takes 60 ms, in which it is NOT_READY, ' +
      '"busy", and is ONLINE then without any call.',
    parts: { Controller: SlowController, Port: SlowPort },
  },
];
