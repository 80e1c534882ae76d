// Paths to LUNs and how the load is shared between them (semantics.md 3.7 and 10.19). What a check sets it sets on a
// LUN of its own, except for the statuses of all paths from an HBA port, which cut this computer off from what lies
// there: only a system of the run's own takes that.
import { defineSuite, named, nameIn } from '../src/checks/index.js';
import {
  everyFlag,
  NULL_GUID,
  succeeded,
  VDS_HWPROVIDER_TYPE,
  VDS_LOADBALANCE_POLICY_ENUM as LBP,
  VDS_PATH_STATUS,
  VDS_PROVIDER_LBSUPPORT_FLAG as LBF,
  type VDS_PATH_INFO,
} from '../src/contract/index.js';
import { portsOf } from './shared/ports.js';
import {
  WITH_HBA_PORTS,
  keyOf,
  pathsOf,
  policyOf,
  lunsWithPaths,
  reachableLun,
  supportedPolicies,
  commonPolicies,
  keepPolicy,
  setPolicy,
  mustWeigh,
  lunUnderFailOver,
  onePathIsPrimary,
  hbaPort,
  statusesFrom,
  setEachStatus,
  statusesTaken,
} from './multipath/paths.js';

const { VDS_MPS_ONLINE, VDS_MPS_FAILED } = VDS_PATH_STATUS;

export const suite = defineSuite('multipath', 'Paths to LUNs', [
  {
    id: 'multipath.not-on-iscsi',
    title: 'The LUNs of an iSCSI provider do not have IVdsLunMpio',
    requirements: ['VDS-10.19d'],
    cost: { calls: 14, recoveries: 0 },
    async run(ctx) {
      const typed = await ctx.system.optional(ctx.system.unknown, 'IVdsHwProviderType');
      const type = ctx.duties.output('VDS-3.3c', await typed.getProviderType(), 'type');
      if (type !== VDS_HWPROVIDER_TYPE.VDS_HWT_ISCSI) ctx.notApplicable('the provider is not of type iSCSI');
      const { lun } = await ctx.make.lun(await ctx.system.subSystem());
      const mpio = await lun.as('IVdsLunMpio');
      ctx.duties.holds(
        'VDS-10.19d',
        mpio === null,
        'a LUN of an iSCSI provider answers QueryInterface for IVdsLunMpio',
      );
    },
  },
  {
    id: 'multipath.same-paths',
    title: 'GetPathInfo and GetLoadBalancePolicy of each LUN report the same paths, and NULL and 0 for none',
    requirements: ['VDS-10.19'],
    cost: { calls: 60, recoveries: 0 },
    async run(ctx) {
      const { mpio } = await reachableLun(ctx);
      const hidden = await ctx.make.lun(await ctx.system.subSystem());
      for (const lun of [mpio, await ctx.system.optional(hidden.lun, 'IVdsLunMpio')]) {
        const paths = (await pathsOf(ctx, lun)).map(({ pathId }) => keyOf(pathId));
        const policies = (await policyOf(ctx, lun)).paths.map(({ pathId }) => keyOf(pathId));
        ctx.duties.equal(
          'VDS-10.19',
          'the paths that GetLoadBalancePolicy gives',
          [...policies].sort(),
          [...paths].sort(),
        );
      }
    },
  },
  {
    id: 'multipath.path-type',
    title: 'The type of each path is one interconnect, and its status one of VDS_PATH_STATUS',
    requirements: ['VDS-10.19c'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      await reachableLun(ctx);
      for (const { paths } of await lunsWithPaths(ctx))
        for (const { type, status } of paths) {
          ctx.duties.holds(
            'VDS-10.19c',
            type !== VDS_HWPROVIDER_TYPE.VDS_HWT_HYBRID && Object.values(VDS_HWPROVIDER_TYPE).includes(type as never),
            `VDS_PATH_INFO.type is ${nameIn('VDS_HWPROVIDER_TYPE', type)}; expected a type of interconnect other ` +
              'than VDS_HWT_HYBRID',
          );
          ctx.duties.holds(
            'VDS-10.19c',
            Object.values(VDS_PATH_STATUS).includes(status as never),
            `VDS_PATH_INFO.status is ${status}, which VDS_PATH_STATUS does not have`,
          );
        }
    },
  },
  {
    id: 'multipath.endpoints',
    title: 'Each path has the properties of the end of the initiator that its type has',
    requirements: ['VDS-7.9d'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      await reachableLun(ctx);
      for (const { paths } of await lunsWithPaths(ctx))
        for (const { type, hbaPortProp, initiatorPortalIpAddr } of paths) {
          const isIscsi = type === VDS_HWPROVIDER_TYPE.VDS_HWT_ISCSI;
          if (!isIscsi && !WITH_HBA_PORTS.includes(type)) continue;
          const end = isIscsi ? initiatorPortalIpAddr : hbaPortProp;
          ctx.duties.holds(
            'VDS-7.9d',
            end !== null && end !== undefined,
            `${isIscsi ? 'pInitiatorPortalIpAddr' : 'pHbaPortProp'} of a path of type ` +
              `${nameIn('VDS_HWPROVIDER_TYPE', type)} is NULL`,
          );
        }
    },
  },
  {
    id: 'multipath.other-ends',
    title: 'Each path of a LUN has an id of its own, and ends at a controller port that is listed',
    requirements: ['VDS-10.19h', 'VDS-10.19i'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const { mpio } = await reachableLun(ctx);
      const paths = await pathsOf(ctx, mpio);
      const ids = paths.map(({ pathId }) => keyOf(pathId));
      ctx.duties.equal('VDS-10.19h', 'the number of different ids among the paths', new Set(ids).size, ids.length);
      const ports = (await portsOf(ctx)).map(({ prop }) => prop.id);
      for (const { type, controllerPortId = NULL_GUID } of paths)
        if (WITH_HBA_PORTS.includes(type))
          ctx.duties.holds(
            'VDS-10.19i',
            ports.includes(controllerPortId),
            `a path ends at the controller port ${controllerPortId}, which QueryControllerPorts does not list`,
          );
    },
  },
  {
    id: 'multipath.hba-port-id',
    title: 'GetPathInfo leaves the id of the HBA port to VDS',
    requirements: ['VDS-10.19b'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      await reachableLun(ctx);
      for (const { paths } of await lunsWithPaths(ctx))
        for (const { hbaPortProp } of paths)
          if (hbaPortProp) ctx.duties.equal('VDS-10.19b', 'the id of an HBA port', hbaPortProp.id, NULL_GUID);
    },
  },
  {
    id: 'multipath.supported-policies',
    title: 'GetSupportedLbPolicies answers a combination of the VDS_LBF flags',
    requirements: ['VDS-10.19f'],
    cost: { calls: 14, recoveries: 0 },
    async run(ctx) {
      const { lun } = await ctx.make.lun(await ctx.system.subSystem());
      const mpio = await ctx.system.optional(lun, 'IVdsLunMpio');
      const result = ctx.duties.supported(await mpio.getSupportedLbPolicies());
      const flags = ctx.duties.output('VDS-10.19f', result, 'lbFlags');
      const known = everyFlag(LBF);
      ctx.duties.holds(
        'VDS-10.19f',
        (flags & ~known) === 0,
        `GetSupportedLbPolicies answered ${flags}, in which there are bits ` +
          'that VDS_PROVIDER_LBSUPPORT_FLAG does not have',
        result,
      );
    },
  },
  {
    id: 'multipath.set-policy',
    title:
      'Each supported policy can be set: GetLoadBalancePolicy then reports it, with the weights of weighted paths, ' +
      'which stay when the LUN is named, and no other LUN has changed',
    requirements: ['VDS-10.19e', 'VDS-10.19f'],
    cost: { calls: 90, recoveries: 0 },
    async run(ctx) {
      const { lun, mpio } = await reachableLun(ctx);
      const { mpio: neighbour } = await reachableLun(ctx);
      const policies = await supportedPolicies(ctx, mpio);
      if (policies.length === 0) ctx.notApplicable('the provider supports no policy that the documents name');
      const before = (await policyOf(ctx, neighbour)).policy;
      for (const [name, policy] of policies) {
        const { given } = await setPolicy(ctx, mpio, policy);
        const now = await policyOf(ctx, mpio);
        ctx.duties.equal(
          'VDS-10.19e',
          `the policy after SetLoadBalancePolicy(${name})`,
          named('VDS_LOADBALANCE_POLICY_ENUM', now.policy),
          named('VDS_LOADBALANCE_POLICY_ENUM', policy),
        );
        if (policy === LBP.VDS_LBP_WEIGHTED_PATHS) {
          mustWeigh(ctx, given, now, 'that were set');
          const naming = await lun.as('IVdsLunNaming');
          if (naming !== null && succeeded((await naming.setFriendlyName({ friendlyName: ctx.make.uniqueName() })).hr))
            mustWeigh(ctx, given, await policyOf(ctx, mpio), 'after the LUN was named');
        }
        ctx.duties.equal(
          'VDS-10.19e',
          'the policy of another LUN',
          named('VDS_LOADBALANCE_POLICY_ENUM', (await policyOf(ctx, neighbour)).policy),
          named('VDS_LOADBALANCE_POLICY_ENUM', before),
        );
      }
    },
  },
  {
    id: 'multipath.fail-over',
    title: 'Under the policy of fail-over one path is primary',
    requirements: ['VDS-10.19g'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      await onePathIsPrimary(ctx, (await lunUnderFailOver(ctx)).mpio);
    },
  },
  {
    id: 'multipath.fail-over.without-its-primary-path',
    title: 'Under the policy of fail-over another path is primary when the port of the primary one is made inactive',
    requirements: ['VDS-10.19g'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const { lun, mpio, given } = await lunUnderFailOver(ctx);
      const ports = await ctx.system.optional(lun, 'IVdsLunControllerPorts');
      const primary = given.paths.find(({ primaryPath }) => primaryPath);
      const all = await pathsOf(ctx, mpio);
      const isPrimary = ({ pathId }: VDS_PATH_INFO): boolean =>
        primary !== undefined && keyOf(pathId) === keyOf(primary.pathId);
      const gone = all.find(isPrimary)?.controllerPortId;
      const active = [
        ...new Set(all.flatMap(({ controllerPortId: id }) => (id === undefined || id === gone ? [] : [id]))),
      ];
      if (gone === undefined || active.length === 0)
        ctx.notApplicable('all paths to the LUN lead to one controller port');
      const others = (await portsOf(ctx)).map(({ prop }) => prop.id).filter((id) => !active.includes(id));
      ctx.duties.ok(
        'VDS-10.40',
        ctx.duties.supported(
          await ports.associateControllerPorts({
            activeControllerPortIdArray: active,
            inactiveControllerPortIdArray: others,
          }),
        ),
      );
      await onePathIsPrimary(ctx, mpio);
    },
  },
  {
    id: 'multipath.unknown-policy',
    title: 'SetLoadBalancePolicy refuses a policy that there is not, and leaves the one before',
    requirements: ['VDS-0.2b'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const { mpio } = await reachableLun(ctx);
      const before = (await policyOf(ctx, mpio)).policy;
      const result = await mpio.setLoadBalancePolicy({ policy: 4711 as LBP, paths: null });
      ctx.duties.refused('VDS-0.2b', result, 'for the policy 4711');
      ctx.duties.equal('VDS-0.2b', 'the policy after another was refused', (await policyOf(ctx, mpio)).policy, before);
    },
  },
  {
    id: 'multipath.statuses-from-hba-port',
    title:
      'SetAllPathStatusesFromHbaPort sets the paths from that HBA port and no ' +
      'others, and says so when it could not set each',
    requirements: ['VDS-3.7b', 'VDS-3.7c'],
    // This computer is cut off from what it reaches by these paths.
    capabilities: ['disposable'],
    cost: { calls: 200, recoveries: 0 },
    async run(ctx) {
      const { mpio, port } = await hbaPort(ctx);
      const taken = await setEachStatus(ctx, { mpio, port });
      if (taken === 0) ctx.notApplicable('no status of paths can be set');
    },
  },
  {
    id: 'multipath.statuses-from-hba-port.of-two-policies',
    title:
      'SetAllPathStatusesFromHbaPort speaks of the paths to all LUNs, where each of two has another load balance ' +
      'policy, in either order',
    requirements: ['VDS-3.7b', 'VDS-3.7c'],
    capabilities: ['disposable'],
    cost: { calls: 2500, recoveries: 0 },
    async run(ctx) {
      await reachableLun(ctx);
      await reachableLun(ctx);
      // What others take or not must not be in the way.
      const luns = (await lunsWithPaths(ctx)).map(({ lun }) => lun);
      for (const lun of luns) await keepPolicy(ctx, lun);
      // Paths are put ONLINE before policies are put back.
      const paths = await hbaPort(ctx);
      const policies = await commonPolicies(ctx, luns);
      if (policies.length < 2) ctx.notApplicable('the provider supports a single load balance policy');
      // Next to each other in a circle, each policy comes before another one and after another one.
      const pairs = policies.flatMap((policy, i) => {
        const next = policies[(i + 1) % policies.length]!;
        return [
          [policy, next],
          [next, policy],
        ];
      });
      const inConflict = new Set<number>();
      const fits = new Map<LBP, ReadonlySet<number>>();
      for (const [, policy] of policies) {
        for (const lun of luns) await setPolicy(ctx, lun, policy);
        const taken = await statusesTaken(ctx, paths, luns);
        for (const status of taken.inConflict) inConflict.add(status);
        fits.set(policy, taken.fit);
      }
      let taken = 0;
      for (const pair of pairs) {
        for (const [i, lun] of luns.entries()) await setPolicy(ctx, lun, pair[i % 2]![1]);
        const names = pair.map(([name]) => name.slice('VDS_LBF_'.length));
        const when = ` while every other LUN has the policy ${names.join(', and the others ')}`;
        const taking = new Map(luns.map((lun, i) => [lun, fits.get(pair[i % 2]![1]) ?? new Set<number>()]));
        taken += await setEachStatus(ctx, paths, when, inConflict, taking);
      }
      if (taken === 0) ctx.notApplicable('no status of paths can be set');
    },
  },
  {
    id: 'multipath.named-by-wwn',
    title:
      'SetAllPathStatusesFromHbaPort goes by the World Wide Names of the HBA port, whatever its other members hold',
    requirements: ['VDS-3.7'],
    capabilities: ['disposable'],
    cost: { calls: 120, recoveries: 0 },
    async run(ctx) {
      const { mpio, port } = await hbaPort(ctx);
      const byProperties = ctx.duties.supported(
        await mpio.setAllPathStatusesFromHbaPort({ hbaPortProp: port, status: VDS_MPS_FAILED }),
      );
      if (!succeeded(byProperties.hr)) ctx.notApplicable('the status of paths cannot be set to FAILED');
      await mpio.setAllPathStatusesFromHbaPort({ hbaPortProp: port, status: VDS_MPS_ONLINE });
      const { wwnNode, wwnPort } = port;
      const bare = {
        id: 'd2f0c9b4-6a57-4c1e-8f3e-0f7a5b1c2d3e',
        wwnNode,
        wwnPort,
        type: 0,
        status: 0,
        portSpeed: 0xffff_ffff,
        supportedPortSpeed: 0,
      };
      const result = await mpio.setAllPathStatusesFromHbaPort({ hbaPortProp: bare, status: VDS_MPS_FAILED });
      ctx.duties.equal(
        'VDS-3.7',
        'the answer with other members that mean nothing',
        result.hr,
        byProperties.hr,
        result,
      );
      const { from } = await statusesFrom(ctx, port);
      ctx.duties.holds(
        'VDS-3.7',
        from.length > 0 && from.every((status) => status === VDS_MPS_FAILED),
        'paths from the HBA port are not FAILED after their status was set by its World Wide Names',
        result,
      );
    },
  },
]);
