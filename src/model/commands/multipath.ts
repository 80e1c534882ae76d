// How the load is shared between the paths to a LUN, and the status of all paths from a port of this computer.
import {
  VDS_LOADBALANCE_POLICY_ENUM as LBP,
  VDS_PATH_STATUS,
  VDS_PROVIDER_LBSUPPORT_FLAG as LBF,
} from '../../contract/generated/enumerations.js';
import type { VDS_PATH_INFO, VDS_PATH_POLICY } from '../../contract/generated/structures.js';
import { command, type Command } from '../command.js';
import type { Item } from '../state.js';

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

const policyOf = ({ members: { loadBalancePolicy: value } }: Item): Policy | undefined =>
  typeof value === 'object' && value !== null && 'policy' in value ? (value as Policy) : undefined;

const pathsOf = ({ members: { pathInfo: value } }: Item): readonly VDS_PATH_INFO[] => {
  const paths = typeof value === 'object' && value !== null && 'paths' in value ? value.paths : value;
  return Array.isArray(paths) ? (paths as readonly VDS_PATH_INFO[]) : [];
};

export const MULTIPATH_COMMANDS: readonly Command[] = [
  command({
    name: 'set-load-balance-policy',
    method: 'IVdsLunMpio.SetLoadBalancePolicy',
    on: 'IVdsLun',
    says: 'set the load balance policy of',
    requirement: 'VDS-10.19e',
    touches: ['paths'],
    closely: true,
    requests: ({ item, knowledge }) => {
      const paths = policyOf(item)?.paths ?? [];
      const { supportedLbPolicies: flags } = item.members;
      if (!knowledge.own.has(item.id) || paths.length === 0 || typeof flags !== 'number') return [];
      return POLICIES.filter(([, , flag]) => (flags & flag) !== 0).map(([name, policy]) => ({
        args: {
          policy,
          paths: paths.map(({ pathId }, i) => ({ pathId, primaryPath: i === 0, weight: i + 1 })),
        },
        how: `to ${name}`,
      }));
    },
    effect: (draft, { args }, _outcome, { item }) => draft.set(item.id, 'loadBalancePolicy', args),
  }),
  command({
    name: 'set-path-statuses',
    method: 'IVdsHwProviderPrivateMpio.SetAllPathStatusesFromHbaPort',
    on: 'IVdsLun',
    says: 'set the status of all paths from a port that leads to',
    requirement: 'VDS-3.7b',
    touches: ['paths'],
    closely: true,
    // It may cut the computer off from what others need.
    requests: ({ item, knowledge }) => {
      const port = pathsOf(item).find((p) => p.hbaPortProp)?.hbaPortProp;
      if (!knowledge.own.has(item.id) || port === undefined || knowledge.options.disposable !== true) return [];
      return (['VDS_MPS_STANDBY', 'VDS_MPS_ONLINE'] as const).map((name) => ({
        args: { hbaPortProp: port, status: VDS_PATH_STATUS[name] },
        how: `to ${name.slice('VDS_MPS_'.length)}`,
      }));
    },
    undo: (item) => {
      const port = pathsOf(item).find((p) => p.hbaPortProp)?.hbaPortProp;
      return port === undefined ? undefined : { hbaPortProp: port, status: VDS_PATH_STATUS.VDS_MPS_ONLINE };
    },
  }),
];
