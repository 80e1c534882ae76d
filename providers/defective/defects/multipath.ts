// Defects of paths to LUNs, and of the policies by which they share the load.
import {
  VDS_HWPROVIDER_TYPE,
  VDS_LOADBALANCE_POLICY_ENUM as LBP,
} from '../../../src/contract/generated/enumerations.js';
import { NULL_GUID, type Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import type { VDS_HBAPORT_PROP, VDS_PATH_POLICY } from '../../../src/contract/generated/structures.js';
import type { Answer } from '../../../src/port/object-server.js';
import { HBA_PORTS } from '../../in-memory/array/paths.js';
import type { ProviderInstance } from '../../in-memory/objects/instance.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import { FibreChannelProvider } from '../../in-memory/profiles/fibre-channel.js';
import { MultipathLun } from '../../in-memory/profiles/multipath.js';
import { answers, asks, pretends, reports, together } from '../answers.js';
import type { Defect } from '../defect.js';

/** An iSCSI LUN that takes the matter into its own hands. */
class IscsiMultipath extends LunObject {
  constructor(provider: ProviderInstance, id: Guid, parent: Guid | null) {
    super(provider, id, parent);
    this.implement({ IVdsLunMpio: {} });
  }
}

class OnePolicyForAll extends MultipathLun {
  protected override setLoadBalancePolicy(
    policy: number,
    given: readonly VDS_PATH_POLICY[] | null,
    count: number,
  ): Answer<'IVdsLunMpio.SetLoadBalancePolicy'> {
    const answer = super.setLoadBalancePolicy(policy, given, count);
    const { subSystem } = this.reach();
    for (const lun of subSystem.luns.values()) lun.policy = policy;
    this.provider.learn(...subSystem.luns.keys());
    return answer;
  }
}

/** It takes the first HBA port that has the node's name. */
class NodeOnly extends FibreChannelProvider {
  protected override hbaPort(node: string): number {
    return HBA_PORTS.findIndex((each) => each.node === node);
  }

  protected override setAllPathStatusesFromHbaPort(
    hbaPort: VDS_HBAPORT_PROP,
    status: number,
  ): Answer<'IVdsHwProviderPrivateMpio.SetAllPathStatusesFromHbaPort'> {
    const answer = super.setAllPathStatusesFromHbaPort(hbaPort, status);
    for (const lun of [...this.inventory.devices.values()].filter((device) => device instanceof MultipathLun))
      lun.setPathStatuses(lun.reachable(), 1, status);
    return answer;
  }
}

class ByType extends FibreChannelProvider {
  protected override setAllPathStatusesFromHbaPort(
    hbaPort: VDS_HBAPORT_PROP,
    status: number,
  ): Answer<'IVdsHwProviderPrivateMpio.SetAllPathStatusesFromHbaPort'> {
    return hbaPort.type === 0 ? { hr: HR.S_OK } : super.setAllPathStatusesFromHbaPort(hbaPort, status);
  }
}

/** One LUN all of whose paths could be set is enough. */
class SettableForOne extends FibreChannelProvider {
  settable = 0;

  protected override setAllPathStatusesFromHbaPort(
    hbaPort: VDS_HBAPORT_PROP,
    status: number,
  ): Answer<'IVdsHwProviderPrivateMpio.SetAllPathStatusesFromHbaPort'> {
    this.settable = 0;
    const answer = super.setAllPathStatusesFromHbaPort(hbaPort, status);
    return this.settable > 0 ? { hr: HR.S_OK } : answer;
  }
}
class CountsAsSettable extends MultipathLun {
  override setPathStatuses(...[found, hba, status]: Parameters<MultipathLun['setPathStatuses']>): number {
    const left = super.setPathStatuses(found, hba, status);
    const isReached = this.read().paths.some((path) => path.hba === hba);
    if (isReached && left === 0 && this.provider instanceof SettableForOne) this.provider.settable += 1;
    return left;
  }
}

const profile = 'fibre-channel';

/** It takes the paths in its own order of preference. */
class FirstPathIsPrimary extends MultipathLun {
  protected override setLoadBalancePolicy(
    policy: number,
    given: readonly VDS_PATH_POLICY[] | null,
    count: number,
  ): Answer<'IVdsLunMpio.SetLoadBalancePolicy'> {
    const paths = policy === LBP.VDS_LBP_FAILOVER ? given?.map((each) => ({ ...each, primaryPath: false })) : given;
    return super.setLoadBalancePolicy(policy, paths ?? null, count);
  }
}

class PathsOfTheFirst extends MultipathLun {
  override setPathStatuses(...[found, hba, status]: Parameters<MultipathLun['setPathStatuses']>): number {
    const [first] = this.provider.array.connected();
    return found.subSystem === first ? super.setPathStatuses(found, hba, status) : 0;
  }
}

/** The primary path is written down, and stands there when there is no such path any more. */
class PrimaryIsWrittenDown extends MultipathLun {
  protected override getLoadBalancePolicy(): Answer<'IVdsLunMpio.GetLoadBalancePolicy'> {
    const answer = super.getLoadBalancePolicy();
    const { policy, paths } = this.read();
    const written = this.provider.array.find(this.id, 'lun')?.lun.paths ?? new Map();
    const key = [...written].find(([, { primary }]) => primary)?.[0];
    const isThere = paths.some(({ hba, port }) => key === `${hba} ${port}`);
    const told = answer.out?.paths;
    if (policy !== LBP.VDS_LBP_FAILOVER || key === undefined || isThere || !Array.isArray(told)) return answer;
    const none = told.map((path: VDS_PATH_POLICY) => ({ ...path, primaryPath: false }));
    return { ...answer, out: { ...answer.out, paths: none } };
  }
}

/** The path that stood in for the primary one steps back when that returns, which is not told so. */
class NobodyStepsForward extends MultipathLun {
  private away: string | undefined;

  protected override associateControllerPorts(
    ...lists: Parameters<MultipathLun['associateControllerPorts']>
  ): ReturnType<MultipathLun['associateControllerPorts']> {
    const primary = this.read().paths.find((path) => path.primary);
    const answer = super.associateControllerPorts(...lists);
    const isLeft = this.read().paths.some(({ port }) => port === primary?.port);
    if (primary !== undefined && !isLeft) this.away ??= primary.port;
    return answer;
  }

  protected override setLoadBalancePolicy(
    ...given: Parameters<MultipathLun['setLoadBalancePolicy']>
  ): ReturnType<MultipathLun['setLoadBalancePolicy']> {
    const answer = super.setLoadBalancePolicy(...given);
    this.away = undefined;
    return answer;
  }

  protected override getLoadBalancePolicy(): Answer<'IVdsLunMpio.GetLoadBalancePolicy'> {
    const answer = super.getLoadBalancePolicy();
    const { policy, paths } = this.read();
    const told = answer.out?.paths;
    const isBack = paths.some(({ port }) => port === this.away);
    if (policy !== LBP.VDS_LBP_FAILOVER || !isBack || !Array.isArray(told)) return answer;
    const none = told.map((path: VDS_PATH_POLICY) => ({ ...path, primaryPath: false }));
    return { ...answer, out: { ...answer.out, paths: none } };
  }
}

/** What it had before is given up before the new policy is looked up. */
class GivesUpItsPolicyFirst extends MultipathLun {
  protected override setLoadBalancePolicy(
    ...given: Parameters<MultipathLun['setLoadBalancePolicy']>
  ): ReturnType<MultipathLun['setLoadBalancePolicy']> {
    try {
      return super.setLoadBalancePolicy(...given);
    } catch (error) {
      this.reach().lun.policy = LBP.VDS_LBP_ROUND_ROBIN;
      this.provider.learn(this.id);
      throw error;
    }
  }
}

/** Goes from LUN to LUN until one could not be set completely. */
class EndsAtAConflict extends FibreChannelProvider {
  isOver = false;

  protected override setAllPathStatusesFromHbaPort(
    hbaPort: VDS_HBAPORT_PROP,
    status: number,
  ): Answer<'IVdsHwProviderPrivateMpio.SetAllPathStatusesFromHbaPort'> {
    this.isOver = false;
    return super.setAllPathStatusesFromHbaPort(hbaPort, status);
  }
}

class LeftAfterAConflict extends MultipathLun {
  override setPathStatuses(...given: Parameters<MultipathLun['setPathStatuses']>): number {
    const { provider } = this;
    if (!(provider instanceof EndsAtAConflict)) return super.setPathStatuses(...given);
    if (provider.isOver) return 0;
    const left = super.setPathStatuses(...given);
    provider.isOver = left > 0;
    return left;
  }
}

export const MULTIPATH: readonly Defect[] = [
  {
    name: 'path-statuses-end-at-a-conflict',
    breaks: ['VDS-3.7b'],
    noticedBy: ['multipath.statuses-from-hba-port.of-two-policies'],
    profile: 'fibre-channel',
    says: 'SetAllPathStatusesFromHbaPort leaves the LUNs as they are that come after one with a conflict.',
    parts: { Provider: EndsAtAConflict, Lun: LeftAfterAConflict },
  },
  {
    name: 'primary-path-returns-as-none',
    profile,
    breaks: ['VDS-10.19g'],
    noticedBy: ['interactions.paths'],
    says: 'Under VDS_LBP_FAILOVER no path is primary from when the port of the primary one is active again.',
    parts: { Lun: NobodyStepsForward },
  },
  {
    name: 'refused-policy-gives-up-the-old-one',
    profile,
    breaks: ['VDS-0.2b'],
    strict: true,
    noticedBy: ['interactions.refused-settings'],
    says: 'SetLoadBalancePolicy that is refused leaves the LUN under VDS_LBP_ROUND_ROBIN.',
    parts: { Lun: GivesUpItsPolicyFirst },
  },
  {
    name: 'mpio-on-iscsi',
    breaks: ['VDS-10.19d'],
    strict: true,
    noticedBy: ['multipath.not-on-iscsi'],
    says: 'The LUNs of an iSCSI provider answer QueryInterface for IVdsLunMpio.',
    parts: { Lun: IscsiMultipath },
  },
  {
    name: 'path-without-a-policy',
    profile,
    breaks: ['VDS-10.19'],
    noticedBy: ['multipath.same-paths'],
    says: 'GetLoadBalancePolicy leaves out the last path that GetPathInfo reports.',
    overrides: reports('IVdsLunMpio.GetLoadBalancePolicy', () => (out) => ({
      ...out,
      paths: out.paths?.slice(0, -1) ?? null,
      numberOfPaths: Math.max(0, out.numberOfPaths - 1),
    })),
  },
  {
    name: 'paths-numbered-by-their-hba',
    profile,
    breaks: ['VDS-10.19h'],
    noticedBy: ['multipath.other-ends'],
    says: 'The id of a path is that of the HBA port it begins at, so that two paths of a LUN have one id.',
    overrides: together(
      reports('IVdsLunMpio.GetPathInfo', () => (out) => ({
        ...out,
        paths: out.paths?.map((path) => ({ ...path, pathId: { ...path.pathId, pathId: 0n } })) ?? null,
      })),
      reports('IVdsLunMpio.GetLoadBalancePolicy', () => (out) => ({
        ...out,
        paths: out.paths?.map((path) => ({ ...path, pathId: { ...path.pathId, pathId: 0n } })) ?? null,
      })),
    ),
  },
  {
    name: 'paths-end-at-controllers',
    profile,
    breaks: ['VDS-10.19i'],
    noticedBy: ['multipath.other-ends'],
    says: 'GetPathInfo gives no controller port as the other end of a path.',
    overrides: reports('IVdsLunMpio.GetPathInfo', () => (out) => ({
      ...out,
      paths: out.paths?.map((path) => ({ ...path, controllerPortId: NULL_GUID })) ?? null,
    })),
  },
  {
    name: 'hybrid-paths',
    profile,
    breaks: ['VDS-10.19c'],
    noticedBy: ['multipath.path-type'],
    says: 'GetPathInfo reports the provider type HYBRID as that of each path.',
    overrides: reports('IVdsLunMpio.GetPathInfo', () => (out) => ({
      ...out,
      paths: out.paths?.map((path) => ({ ...path, type: VDS_HWPROVIDER_TYPE.VDS_HWT_HYBRID })) ?? null,
    })),
  },
  {
    name: 'paths-without-an-hba-port',
    profile,
    breaks: ['VDS-7.9d'],
    noticedBy: ['multipath.endpoints'],
    says: 'GetPathInfo reports NULL as the HBA port of each path.',
    overrides: reports('IVdsLunMpio.GetPathInfo', () => (out) => ({
      ...out,
      paths: out.paths?.map((path) => ({ ...path, hbaPortProp: null })) ?? null,
    })),
  },
  {
    name: 'hba-port-with-an-id',
    profile,
    breaks: ['VDS-10.19b'],
    strict: true,
    noticedBy: ['multipath.hba-port-id'],
    says: 'GetPathInfo gives HBA ports ids of its own invention.',
    overrides: reports('IVdsLunMpio.GetPathInfo', () => (out) => ({
      ...out,
      paths:
        out.paths?.map((path) => ({
          ...path,
          ...(path.hbaPortProp && { hbaPortProp: { ...path.hbaPortProp, id: path.controllerPortId ?? NULL_GUID } }),
        })) ?? null,
    })),
  },
  {
    name: 'policies-that-nobody-knows',
    profile,
    breaks: ['VDS-10.19f'],
    noticedBy: ['multipath.supported-policies'],
    says: 'GetSupportedLbPolicies answers every bit.',
    overrides: reports('IVdsLunMpio.GetSupportedLbPolicies', () => () => ({ lbFlags: 0xffff_ffff })),
  },
  {
    name: 'supported-policy-refused',
    profile,
    breaks: ['VDS-10.19f'],
    noticedBy: ['multipath.set-policy'],
    says: 'SetLoadBalancePolicy refuses weighted paths, which GetSupportedLbPolicies has.',
    overrides: answers(
      'IVdsLunMpio.SetLoadBalancePolicy',
      [HR.S_OK],
      HR.VDS_E_NOT_SUPPORTED,
      ({ policy }) => policy === LBP.VDS_LBP_WEIGHTED_PATHS,
    ),
  },
  {
    name: 'set-policy-does-nothing',
    profile,
    breaks: ['VDS-10.19e'],
    noticedBy: ['multipath.set-policy'],
    says: 'SetLoadBalancePolicy answers S_OK and leaves the policy.',
    overrides: pretends('IVdsLunMpio.SetLoadBalancePolicy', ({ policy }) => policy < 100),
  },
  {
    name: 'one-policy-for-all-luns',
    profile,
    breaks: ['VDS-10.19e'],
    noticedBy: ['multipath.set-policy'],
    says: 'SetLoadBalancePolicy of a LUN sets the policy of each LUN of the subsystem.',
    parts: { Lun: OnePolicyForAll },
  },
  {
    name: 'weights-forgotten',
    profile,
    breaks: ['VDS-10.19e'],
    noticedBy: ['multipath.set-policy'],
    says: 'SetLoadBalancePolicy does not keep the weights of paths.',
    overrides: asks('IVdsLunMpio.SetLoadBalancePolicy', (args) => ({
      ...args,
      paths: args.paths?.map((path) => ({ ...path, weight: 0 })) ?? null,
    })),
  },
  {
    name: 'fail-over-with-every-path-primary',
    profile,
    breaks: ['VDS-10.19g'],
    noticedBy: ['multipath.fail-over'],
    says: 'Under fail-over each path is reported as primary.',
    overrides: reports('IVdsLunMpio.GetLoadBalancePolicy', () => (out) => ({
      ...out,
      paths: out.paths?.map((path) => ({ ...path, primaryPath: true })) ?? null,
    })),
  },
  {
    name: 'unknown-policy-accepted',
    profile,
    breaks: ['VDS-0.2b'],
    strict: true,
    noticedBy: ['multipath.unknown-policy'],
    says: 'SetLoadBalancePolicy takes a policy that there is not.',
    overrides: answers('IVdsLunMpio.SetLoadBalancePolicy', [HR.E_INVALIDARG], HR.S_OK, ({ policy }) => policy > 100),
  },
  {
    name: 'path-statuses-of-the-whole-node',
    profile,
    breaks: ['VDS-3.7b'],
    noticedBy: ['multipath.statuses-from-hba-port'],
    says: 'SetAllPathStatusesFromHbaPort sets the paths from every port of the node.',
    parts: { Provider: NodeOnly },
  },
  {
    name: 'incompletely-set-is-s-ok',
    profile,
    breaks: ['VDS-3.7b'],
    noticedBy: ['multipath.statuses-from-hba-port'],
    says: 'SetAllPathStatusesFromHbaPort answers S_OK although it left paths as they were.',
    overrides: answers(
      'IVdsHwProviderPrivateMpio.SetAllPathStatusesFromHbaPort',
      [HR.VDS_S_STATUSES_INCOMPLETELY_SET],
      HR.S_OK,
    ),
  },
  {
    name: 'paths-to-one-lun-are-enough',
    profile,
    breaks: ['VDS-3.7c'],
    noticedBy: ['multipath.statuses-from-hba-port.of-two-policies'],
    says: 'SetAllPathStatusesFromHbaPort answers S_OK where it could set the paths to one LUN, and not to another.',
    parts: { Provider: SettableForOne, Lun: CountsAsSettable },
  },
  {
    name: 'incompletely-set-by-another-code',
    profile,
    breaks: ['VDS-3.7c'],
    noticedBy: ['multipath.statuses-from-hba-port'],
    says: 'SetAllPathStatusesFromHbaPort answers VDS_S_PROPERTIES_INCOMPLETE when it left paths as they were.',
    overrides: answers(
      'IVdsHwProviderPrivateMpio.SetAllPathStatusesFromHbaPort',
      [HR.VDS_S_STATUSES_INCOMPLETELY_SET],
      HR.VDS_S_PROPERTIES_INCOMPLETE,
    ),
  },
  {
    name: 'hba-port-by-its-type',
    profile,
    breaks: ['VDS-3.7'],
    noticedBy: ['multipath.named-by-wwn'],
    says: 'SetAllPathStatusesFromHbaPort does nothing for an HBA port of another type.',
    parts: { Provider: ByType },
  },
  {
    name: 'first-path-is-the-primary-one',
    profile,
    breaks: ['VDS-10.19e'],
    noticedBy: ['interactions.extras'],
    says: 'SetLoadBalancePolicy makes the first path the primary one of VDS_LBP_FAILOVER, whichever the caller names.',
    parts: { Lun: FirstPathIsPrimary },
  },
  {
    name: 'paths-of-the-first-subsystem-only',
    profile,
    breaks: ['VDS-3.7b'],
    noticedBy: ['interactions.extras'],
    says: 'SetAllPathStatusesFromHbaPort sets the paths to the LUNs of the first subsystem only, and answers S_OK.',
    parts: { Lun: PathsOfTheFirst },
  },
  {
    name: 'primary-path-goes-without-another',
    profile,
    breaks: ['VDS-10.19g'],
    noticedBy: ['multipath.fail-over.without-its-primary-path'],
    says: 'Under VDS_LBP_FAILOVER no path is primary from when the port of the primary one is made inactive.',
    parts: { Lun: PrimaryIsWrittenDown },
  },
];
