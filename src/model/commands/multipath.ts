// How the load is shared between the paths to a LUN, and the status of all paths from a port of this computer.
import {
  VDS_LOADBALANCE_POLICY_ENUM as LBP,
  VDS_PATH_STATUS,
  VDS_PROVIDER_LBSUPPORT_FLAG as LBF,
} from '../../contract/generated/enumerations.js';
import type { Guid } from '../../contract/guid.js';
import type { VDS_HBAPORT_PROP, VDS_PATH_INFO, VDS_PATH_POLICY } from '../../contract/generated/structures.js';
import { formatValue, nameIn } from '../../port/show-value.js';
import { equalValues, failsOutside, pathsIn, sameMember, samePaths } from '../../truth/compare.js';
import { zeroStructure } from '../../contract/codec.js';
import { HR } from '../../contract/hresult.js';
import { UNKNOWN_ID } from '../../contract/nobodys-ids.js';
import { command, type Command } from '../command.js';
import { ANYTHING, Expected } from '../expected.js';
import type { Draft, Item } from '../state.js';

/** Policies that need no vendor's knowledge, by the flag that offers each. */
const POLICIES = [
  ['FAILOVER', LBP.VDS_LBP_FAILOVER, LBF.VDS_LBF_FAILOVER],
  ['ROUND_ROBIN', LBP.VDS_LBP_ROUND_ROBIN, LBF.VDS_LBF_ROUND_ROBIN],
  ['WEIGHTED_PATHS', LBP.VDS_LBP_WEIGHTED_PATHS, LBF.VDS_LBF_WEIGHTED_PATHS],
] as const;

interface Policy {
  readonly policy: number;
  readonly paths: readonly VDS_PATH_POLICY[] | null;
}

const isPolicy = (value: unknown): value is Policy =>
  typeof value === 'object' && value !== null && !(value instanceof Expected) && 'policy' in value;

const policyOf = ({ members: { loadBalancePolicy: value } }: Item): Policy | undefined =>
  isPolicy(value) ? value : undefined;

/** The port of this computer at which some path to the LUN begins. */
const hbaPortTo = ({ members: { pathInfo } }: Item): VDS_HBAPORT_PROP | undefined =>
  pathsIn(pathInfo).find((p) => p.hbaPortProp)?.hbaPortProp ?? undefined;

/**
 * A policy that was set. Under fail-over the path that is given as primary is the only one; one that does not work may
 * be replaced by another.
 */
class PolicySet extends Expected {
  constructor(
    readonly policy: Policy,
    { members: { pathInfo } }: Item,
  ) {
    const works = pathsIn(pathInfo).every(({ status }) => status === VDS_PATH_STATUS.VDS_MPS_ONLINE);
    super(
      formatValue(policy),
      (actual) =>
        sameMember('loadBalancePolicy', policy, actual) &&
        (!works ||
          policy.policy !== LBP.VDS_LBP_FAILOVER ||
          samePaths(policy.paths, (actual as Policy).paths, (one, other) => one.primaryPath === other.primaryPath)),
    );
  }
}

/** The policy of before paths came or went: one that stays has the weight that it had, unless all are given up. */
class WeightsKept extends Expected {
  constructor(policy: Policy) {
    super(
      `the weights of ${formatValue(policy)}`,
      (actual) => {
        const { policy: now, paths } = actual as Policy;
        const isGivenUp = now !== policy.policy || new Set((paths ?? []).map(({ weight }) => weight)).size < 2;
        return isGivenUp || sameMember('loadBalancePolicy', policy, actual);
      },
      'VDS-10.19e',
    );
  }
}

/** Paths to a LUN may come or go. One that goes and comes again, unseen, may have lost what it had. */
export function pathsChange(draft: Draft, lun: Guid): void {
  draft.release(lun, 'pathInfo');
  const before = draft.member(lun, 'loadBalancePolicy');
  const policy = before instanceof PolicySet ? before.policy : before;
  if (isPolicy(policy)) draft.assume(lun, 'loadBalancePolicy', new WeightsKept(policy));
  else draft.release(lun, 'loadBalancePolicy');
}

const nameOf = ({ wwnNode, wwnPort }: VDS_HBAPORT_PROP): object => ({ wwnNode, wwnPort });

const onlyNamed = ({ wwnNode, wwnPort }: VDS_HBAPORT_PROP): VDS_HBAPORT_PROP =>
  zeroStructure<VDS_HBAPORT_PROP>('VDS_HBAPORT_PROP', { id: UNKNOWN_ID, wwnNode, wwnPort });

type Path = Pick<VDS_PATH_INFO, 'pathId' | 'status' | 'hbaPortProp'> & {
  /** Its status was set just now, so that it is not FAILED, or works, for a reason of the world around. */
  readonly isSet?: boolean;
};

/** Paths with the status that was set of each, but for those of which not all could be set. */
class PathsWith extends Expected {
  constructor(
    readonly wanted: readonly Path[],
    readonly isOpen: (path: Path) => boolean,
  ) {
    super(wanted.map((path) => (isOpen(path) ? 'any' : nameIn('VDS_PATH_STATUS', path.status))).join(', '), (actual) =>
      samePaths<Path>(
        wanted,
        pathsIn(actual).filter((path) => !isOpen(path)),
        (one, other) =>
          one.status === other.status || failsOutside(other.status) || (one.isSet !== true && failsOutside(one.status)),
      ),
    );
  }
}

/** The paths of before, of which those that begin at a port are given a status. */
function pathsWith(before: unknown, port: VDS_HBAPORT_PROP, status: number, all: boolean): PathsWith {
  const begins = ({ hbaPortProp }: Path): boolean =>
    Boolean(hbaPortProp) && equalValues(nameOf(hbaPortProp as VDS_HBAPORT_PROP), nameOf(port));
  const { wanted, isOpen } =
    before instanceof PathsWith ? before : { wanted: pathsIn(before) as readonly Path[], isOpen: () => false };
  return new PathsWith(
    wanted.map((path) => (begins(path) ? { ...path, status, isSet: true } : path)),
    (path) => (begins(path) ? !all : isOpen(path)),
  );
}

export const MULTIPATH_COMMANDS: readonly Command[] = [
  command({
    name: 'set-load-balance-policy',
    method: 'IVdsLunMpio.SetLoadBalancePolicy',
    on: 'IVdsLun',
    requirement: 'VDS-10.19e',
    touches: ['paths'],
    closely: true,
    requests: ({ item, knowledge }) => {
      const paths = policyOf(item)?.paths ?? [];
      const { supportedLbPolicies: flags } = item.members;
      if (!knowledge.own.has(item.id) || paths.length === 0 || typeof flags !== 'number') return [];
      const supported = POLICIES.filter(([, , flag]) => (flags & flag) !== 0);
      // Each path but the first is the primary one in its turn: that is what a provider takes that reads no list. The
      // list is in another order than the provider's own, so that its places mean nothing.
      return [...supported, ...supported.filter(([, policy]) => policy === LBP.VDS_LBP_FAILOVER)].map(
        ([name, policy], n) => {
          const primary = paths.length < 2 ? 0 : 1 + (n % (paths.length - 1));
          const given = paths.map(({ pathId }, i) => ({ pathId, primaryPath: i === primary, weight: i + 1 }));
          return { args: { policy, paths: given.toReversed() }, how: `to ${name}` };
        },
      );
    },
    effect: (draft, { args }, _outcome, { item }) => {
      draft.set(item.id, 'loadBalancePolicy', new PolicySet(args as unknown as Policy, item));
      // Backup paths may stand by.
      draft.release(item.id, 'pathInfo');
    },
  }),
  command({
    name: 'set-path-statuses',
    method: 'IVdsHwProviderPrivateMpio.SetAllPathStatusesFromHbaPort',
    on: 'IVdsLun',
    requirement: 'VDS-3.7b',
    touches: ['paths'],
    closely: true,
    widely: true,
    // It may cut the computer off from what others need.
    requests: ({ item, knowledge }) => {
      const port = hbaPortTo(item);
      if (!knowledge.own.has(item.id) || port === undefined || knowledge.options.disposable !== true) return [];
      const statuses = ['VDS_MPS_FAILED', 'VDS_MPS_STANDBY', 'VDS_MPS_ONLINE'] as const;
      // The port is meant by its names, whatever else the structure holds: each status comes once by those alone.
      return [...statuses, ...statuses].map((name, i) => ({
        args: { hbaPortProp: i % 2 === 0 ? port : onlyNamed(port), status: VDS_PATH_STATUS[name] },
        how: `to ${name.slice('VDS_MPS_'.length)}${i % 2 === 0 ? '' : ', by nothing but its names'}`,
      }));
    },
    effect: (draft, { args }, { hr }) => {
      const { hbaPortProp, status } = args as unknown as { hbaPortProp: VDS_HBAPORT_PROP; status: number };
      for (const { id, members } of draft.ofKind('IVdsLun'))
        if (members['pathInfo'] !== undefined && members['pathInfo'] !== ANYTHING)
          draft.set(id, 'pathInfo', pathsWith(members['pathInfo'], hbaPortProp, status, hr === HR.S_OK));
    },
    undo: (item) => {
      const port = hbaPortTo(item);
      return port === undefined ? undefined : { hbaPortProp: port, status: VDS_PATH_STATUS.VDS_MPS_ONLINE };
    },
  }),
];
