// Paths to LUNs and how the load is shared between them (semantics.md 3.7 and 10.19). What a check sets it sets on a
// LUN of its own, except for the statuses of all paths from an HBA port, which cut this computer off from what lies
// there: only a system of the run's own takes that.
import {
  type Context,
  defineSuite,
  type IVdsHwProviderPrivateMpio,
  type IVdsLun,
  type IVdsLunMpio,
  named,
  nameIn,
  type Result,
} from '../src/checks/index.js';
import {
  everyFlag,
  HR,
  NULL_GUID,
  succeeded,
  VDS_HWPROVIDER_TYPE,
  VDS_LOADBALANCE_POLICY_ENUM as LBP,
  VDS_PATH_STATUS,
  VDS_PROVIDER_LBSUPPORT_FLAG as LBF,
  type VDS_HBAPORT_PROP,
  type VDS_PATH_ID,
  type VDS_PATH_INFO,
  type VDS_PATH_POLICY,
} from '../src/contract/index.js';
import { portsOf } from './shared/ports.js';

/** The interconnects whose initiators have HBA ports. */
const WITH_HBA_PORTS: readonly number[] = [VDS_HWPROVIDER_TYPE.VDS_HWT_FIBRE_CHANNEL, VDS_HWPROVIDER_TYPE.VDS_HWT_SAS];

const keyOf = ({ sourceId, pathId }: VDS_PATH_ID): string => `${sourceId}/${pathId}`;

/** The paths of a LUN. Not applicable where they are not supported. */
async function pathsOf(ctx: Context, lun: IVdsLunMpio): Promise<readonly VDS_PATH_INFO[]> {
  const result = ctx.duties.supported(await lun.getPathInfo());
  const count = ctx.duties.output('VDS-10.19', result, 'numberOfPaths');
  const { paths } = result.out;
  const list = Array.isArray(paths) ? (paths as readonly VDS_PATH_INFO[]) : [];
  ctx.duties.equal(
    'VDS-10.19',
    'the number of paths that GetPathInfo gives with its array',
    count,
    list.length,
    result,
  );
  return list;
}

interface Policy {
  readonly policy: number;
  readonly paths: readonly VDS_PATH_POLICY[];
}

async function policyOf(ctx: Context, lun: IVdsLunMpio): Promise<Policy & Pick<Result<object>, 'record'>> {
  const result = ctx.duties.supported(await lun.getLoadBalancePolicy());
  const policy = ctx.duties.output('VDS-10.19', result, 'policy');
  const count = ctx.duties.output('VDS-10.19', result, 'numberOfPaths');
  const { paths } = result.out;
  ctx.duties.holds(
    'VDS-10.19',
    (paths === null) === (count === 0),
    `GetLoadBalancePolicy answered ${paths === null ? 'a NULL array' : 'an array'} with the number ${count}; NULL ` +
      'goes with 0 and with no other',
    result,
  );
  return { policy, paths: Array.isArray(paths) ? paths : [], record: result.record };
}

/** Every LUN of the system that has paths, with them. */
async function lunsWithPaths(
  ctx: Context,
): Promise<readonly { readonly lun: IVdsLunMpio; readonly paths: readonly VDS_PATH_INFO[] }[]> {
  const found = [];
  for (const subSystem of await ctx.system.subSystems())
    for (const each of await ctx.duties.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a')) {
      const lun = await ctx.system.optional(each, 'IVdsLunMpio');
      const paths = await pathsOf(ctx, lun);
      if (paths.length > 0) found.push({ lun, paths });
    }
  return found;
}

/** A new LUN that is unmasked to every computer, so that there are paths to it. Not applicable where there are none. */
async function reachableLun(ctx: Context): Promise<{ readonly lun: IVdsLun; readonly mpio: IVdsLunMpio }> {
  const { lun } = await ctx.make.lun(await ctx.system.subSystem());
  const mpio = await ctx.system.optional(lun, 'IVdsLunMpio');
  ctx.duties.ok('VDS-10.9a', ctx.duties.supported(await lun.setMask({ unmaskingList: '*' })));
  if ((await pathsOf(ctx, mpio)).length === 0) ctx.notApplicable('this computer has no path to a LUN of the subsystem');
  return { lun, mpio };
}

/** The policies whose flag GetSupportedLbPolicies gives. */
async function supportedPolicies(ctx: Context, lun: IVdsLunMpio): Promise<readonly (readonly [string, number])[]> {
  const result = ctx.duties.supported(await lun.getSupportedLbPolicies());
  const flags = ctx.duties.output('VDS-10.19f', result, 'lbFlags');
  return Object.entries(LBF)
    .filter(([name, flag]) => (flags & flag) !== 0 && name !== 'VDS_LBF_VENDOR_SPECIFIC')
    .map(([name]) => [name, LBP[name.replace('VDS_LBF_', 'VDS_LBP_') as keyof typeof LBP]]);
}

/**
 * Sets a policy with all paths: the last is primary, and the one before it as well where several may be; each weighs
 * its number.
 */
async function setPolicy(ctx: Context, lun: IVdsLunMpio, policy: number): Promise<{ readonly given: Policy }> {
  const { paths } = await policyOf(ctx, lun);
  const several = policy !== LBP.VDS_LBP_FAILOVER;
  const given = paths.map(({ pathId }, n) => ({
    pathId,
    primaryPath: n === paths.length - 1 || (several && n === paths.length - 2),
    weight: n + 1,
  }));
  const result = await lun.setLoadBalancePolicy({ policy, paths: given });
  ctx.duties.ok('VDS-10.19f', result);
  return { given: { policy, paths: given } };
}

/** The weights of paths are those that were set. */
const mustWeigh = (
  ctx: Context,
  given: Policy,
  { paths, record }: Awaited<ReturnType<typeof policyOf>>,
  when: string,
) =>
  ctx.duties.equal(
    'VDS-10.19e',
    `the weights of the paths ${when}, in their order,`,
    given.paths.map(({ pathId }) => paths.find((each) => keyOf(each.pathId) === keyOf(pathId))?.weight),
    given.paths.map(({ weight }) => weight),
    { record },
  );

/** A new LUN under VDS_LBP_FAILOVER, with the paths that were given. Not applicable where that is not supported. */
async function lunUnderFailOver(ctx: Context) {
  const { lun, mpio } = await reachableLun(ctx);
  if (!(await supportedPolicies(ctx, mpio)).some(([, policy]) => policy === LBP.VDS_LBP_FAILOVER))
    ctx.notApplicable('the provider does not support fail-over');
  return { lun, mpio, ...(await setPolicy(ctx, mpio, LBP.VDS_LBP_FAILOVER)) };
}

async function onePathIsPrimary(ctx: Context, mpio: IVdsLunMpio): Promise<void> {
  const { paths, record } = await policyOf(ctx, mpio);
  const primary = paths.filter(({ primaryPath }) => primaryPath);
  ctx.duties.equal('VDS-10.19g', 'the number of primary paths under fail-over', primary.length, 1, { record });
}

interface HbaPaths {
  readonly mpio: IVdsHwProviderPrivateMpio;
  readonly port: VDS_HBAPORT_PROP;
}

/** An HBA port from which there are paths. What is set of its paths is put back when the check ends. */
async function hbaPort(ctx: Context): Promise<HbaPaths> {
  const mpio = await ctx.system.optional(ctx.system.unknown, 'IVdsHwProviderPrivateMpio');
  await reachableLun(ctx);
  for (const { paths } of await lunsWithPaths(ctx))
    for (const { hbaPortProp } of paths)
      if (hbaPortProp) {
        ctx.onCleanUp('put the statuses of paths back', async () => {
          await mpio.setAllPathStatusesFromHbaPort({ hbaPortProp, status: VDS_PATH_STATUS.VDS_MPS_ONLINE });
        });
        return { mpio, port: hbaPortProp };
      }
  return ctx.notApplicable('no path names its HBA port');
}

const nameOf = ({ wwnNode, wwnPort }: VDS_HBAPORT_PROP): string =>
  `${[...wwnNode.wwn].join()} ${[...wwnPort.wwn].join()}`;

/** The statuses of all paths, those from an HBA port and those from others. */
async function statusesFrom(
  ctx: Context,
  port: VDS_HBAPORT_PROP,
): Promise<{ readonly from: readonly number[]; readonly others: string }> {
  const from: number[] = [];
  const others: string[] = [];
  for (const { paths } of await lunsWithPaths(ctx))
    for (const { pathId, status, hbaPortProp } of paths)
      if (hbaPortProp && nameOf(hbaPortProp) === nameOf(port)) from.push(status);
      else others.push(`${keyOf(pathId)} ${status}`);
  return { from, others: others.sort().join(', ') };
}

const { VDS_MPS_ONLINE, VDS_MPS_FAILED, VDS_MPS_STANDBY } = VDS_PATH_STATUS;

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
      const { others } = await statusesFrom(ctx, port);
      let taken = 0;
      for (const status of [VDS_MPS_FAILED, VDS_MPS_STANDBY, VDS_MPS_ONLINE]) {
        const result = ctx.duties.supported(await mpio.setAllPathStatusesFromHbaPort({ hbaPortProp: port, status }));
        if (!succeeded(result.hr)) continue;
        taken += 1;
        const now = await statusesFrom(ctx, port);
        const left = now.from.filter((each) => each !== status).length;
        if (result.hr === HR.S_OK)
          ctx.duties.holds(
            'VDS-3.7b',
            left === 0,
            `SetAllPathStatusesFromHbaPort answered S_OK for status ${status}, and ${left} of ${now.from.length} ` +
              'paths have another',
            result,
          );
        else ctx.duties.code('VDS-3.7c', result, HR.VDS_S_STATUSES_INCOMPLETELY_SET, `for status ${status}`);
        ctx.duties.equal('VDS-3.7b', 'the statuses of the paths from other HBA ports', now.others, others, result);
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
