// Lawful variants of a Fibre Channel array: what such an array need not have.
import type { Guid } from '../../../src/contract/guid.js';
import {
  VDS_PROVIDER_LBSUPPORT_FLAG as LBF,
  VDS_LOADBALANCE_POLICY_ENUM as LBP,
} from '../../../src/contract/generated/enumerations.js';
import { HR } from '../../../src/contract/hresult.js';
import { lacks, reports, together } from '../../defective/answers.js';
import type { ProviderInstance } from '../../in-memory/objects/instance.js';
import { FibreChannelProvider } from '../../in-memory/profiles/fibre-channel.js';
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
];
