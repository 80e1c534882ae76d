// The paths to LUNs and their policies, as the checks of them read and set them.
import {
  type Context,
  type IVdsHwProviderPrivateMpio,
  type IVdsLun,
  type IVdsLunMpio,
  displayName,
  LeftBehind,
  type Result,
} from '../../src/checks/index.js';
import {
  formatHresult,
  HR,
  succeeded,
  VDS_HWPROVIDER_TYPE,
  VDS_LOADBALANCE_POLICY_ENUM as LBP,
  VDS_PATH_STATUS,
  VDS_PROVIDER_LBSUPPORT_FLAG as LBF,
  type VDS_HBAPORT_PROP,
  type VDS_PATH_ID,
  type VDS_PATH_INFO,
  type VDS_PATH_POLICY,
} from '../../src/contract/index.js';

/** The interconnects whose initiators have HBA ports. */
export const WITH_HBA_PORTS: readonly number[] = [
  VDS_HWPROVIDER_TYPE.VDS_HWT_FIBRE_CHANNEL,
  VDS_HWPROVIDER_TYPE.VDS_HWT_SAS,
];

export const keyOf = ({ sourceId, pathId }: VDS_PATH_ID): string => `${sourceId}/${pathId}`;

/** The paths of a LUN. Not applicable where they are not supported. */
export async function pathsOf(ctx: Context, lun: IVdsLunMpio): Promise<readonly VDS_PATH_INFO[]> {
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

export async function policyOf(ctx: Context, lun: IVdsLunMpio): Promise<Policy & Pick<Result<object>, 'record'>> {
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
export async function lunsWithPaths(
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
export async function reachableLun(ctx: Context): Promise<{ readonly lun: IVdsLun; readonly mpio: IVdsLunMpio }> {
  const { lun } = await ctx.make.lun(await ctx.system.subSystem());
  const mpio = await ctx.system.optional(lun, 'IVdsLunMpio');
  ctx.duties.ok('VDS-10.9a', ctx.duties.supported(await lun.setMask({ unmaskingList: '*' })));
  if ((await pathsOf(ctx, mpio)).length === 0) ctx.notApplicable('this computer has no path to a LUN of the subsystem');
  return { lun, mpio };
}

/** The policies whose flag GetSupportedLbPolicies gives. */
export async function supportedPolicies(
  ctx: Context,
  lun: IVdsLunMpio,
): Promise<readonly (readonly [string, number])[]> {
  const result = ctx.duties.supported(await lun.getSupportedLbPolicies());
  const flags = ctx.duties.output('VDS-10.19f', result, 'lbFlags');
  return Object.entries(LBF)
    .filter(([name, flag]) => (flags & flag) !== 0 && name !== 'VDS_LBF_VENDOR_SPECIFIC')
    .map(([name]) => [name, LBP[name.replace('VDS_LBF_', 'VDS_LBP_') as keyof typeof LBP]]);
}

/** The policies that each of these LUNs supports. */
export async function commonPolicies(
  ctx: Context,
  luns: readonly IVdsLunMpio[],
): Promise<readonly (readonly [string, number])[]> {
  const all: (readonly (readonly [string, number])[])[] = [];
  for (const lun of luns) all.push(await supportedPolicies(ctx, lun));
  const [first = [], ...others] = all;
  return first.filter(([name]) => others.every((each) => each.some(([other]) => other === name)));
}

/**
 * Sets a policy with all paths: the last is primary, and the one before it as well where several may be; each weighs
 * its number.
 */
export async function setPolicy(ctx: Context, lun: IVdsLunMpio, policy: number): Promise<{ readonly given: Policy }> {
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

/** Puts the policy that a LUN has now back when the check ends. */
export async function keepPolicy(ctx: Context, lun: IVdsLunMpio): Promise<void> {
  const { policy, paths } = await policyOf(ctx, lun);
  ctx.onCleanUp('put a load balance policy back', async () => {
    const { hr, record } = await lun.setLoadBalancePolicy({ policy, paths });
    const isThere = succeeded(hr) || hr === HR.VDS_E_OBJECT_DELETED;
    // One that the array chose itself may be none that a caller can.
    if (!isThere)
      throw new LeftBehind('loadBalancePolicy', `${displayName(record.method)} answered ${formatHresult(hr)}`);
  });
}

/** The weights of paths are those that were set. */
export const mustWeigh = (
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
export async function lunUnderFailOver(ctx: Context) {
  const { lun, mpio } = await reachableLun(ctx);
  if (!(await supportedPolicies(ctx, mpio)).some(([, policy]) => policy === LBP.VDS_LBP_FAILOVER))
    ctx.notApplicable('the provider does not support fail-over');
  return { lun, mpio, ...(await setPolicy(ctx, mpio, LBP.VDS_LBP_FAILOVER)) };
}

export async function onePathIsPrimary(ctx: Context, mpio: IVdsLunMpio): Promise<void> {
  const { paths, record } = await policyOf(ctx, mpio);
  const primary = paths.filter(({ primaryPath }) => primaryPath);
  ctx.duties.equal('VDS-10.19g', 'the number of primary paths under fail-over', primary.length, 1, { record });
}

interface HbaPaths {
  readonly mpio: IVdsHwProviderPrivateMpio;
  readonly port: VDS_HBAPORT_PROP;
}

/** An HBA port from which there are paths. What is set of its paths is put back when the check ends. */
export async function hbaPort(ctx: Context): Promise<HbaPaths> {
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
export async function statusesFrom(
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

const STATUSES = [VDS_MPS_FAILED, VDS_MPS_STANDBY, VDS_MPS_ONLINE] as const;

/** Whether all paths of a LUN from an HBA port have a status. */
async function haveAll(ctx: Context, lun: IVdsLunMpio, port: VDS_HBAPORT_PROP, status: number): Promise<boolean> {
  const from = (await pathsOf(ctx, lun)).filter(
    ({ hbaPortProp }) => hbaPortProp && nameOf(hbaPortProp) === nameOf(port),
  );
  return from.length > 0 && from.every((path) => path.status === status);
}

/**
 * The statuses that not all paths from an HBA port take, as the answers say, and those that all paths of these LUNs
 * take, as is seen.
 */
export async function statusesTaken(
  ctx: Context,
  { mpio, port }: HbaPaths,
  luns: readonly IVdsLunMpio[],
): Promise<{ readonly inConflict: readonly number[]; readonly fit: ReadonlySet<number> }> {
  const inConflict: number[] = [];
  const fit = new Set<number>(STATUSES);
  for (const status of STATUSES) {
    const { hr } = await mpio.setAllPathStatusesFromHbaPort({ hbaPortProp: port, status });
    if (hr !== HR.S_OK) inConflict.push(status);
    for (const lun of luns) if (!(await haveAll(ctx, lun, port, status))) fit.delete(status);
  }
  return { inConflict, fit };
}

/**
 * Sets the paths from an HBA port to each status: an answer of S_OK speaks of every path, to whichever LUN. Gives how
 * many statuses were taken. `inConflict`: those that some of the paths are known not to take, which the answer says;
 * `luns`: some LUNs with the statuses that all of their paths take, whatever others do.
 */
export async function setEachStatus(
  ctx: Context,
  { mpio, port }: HbaPaths,
  when = '',
  inConflict: ReadonlySet<number> = new Set(),
  luns: ReadonlyMap<IVdsLunMpio, ReadonlySet<number>> = new Map(),
): Promise<number> {
  const { others } = await statusesFrom(ctx, port);
  let taken = 0;
  for (const status of STATUSES) {
    const result = ctx.duties.supported(await mpio.setAllPathStatusesFromHbaPort({ hbaPortProp: port, status }));
    if (!succeeded(result.hr)) continue;
    taken += 1;
    const now = await statusesFrom(ctx, port);
    const left = now.from.filter((each) => each !== status).length;
    if (result.hr === HR.S_OK)
      ctx.duties.holds(
        inConflict.has(status) ? 'VDS-3.7c' : 'VDS-3.7b',
        left === 0,
        `SetAllPathStatusesFromHbaPort answered S_OK for status ${status}${when}, and ${left} of ${now.from.length} ` +
          'paths have another',
        result,
      );
    else ctx.duties.code('VDS-3.7c', result, HR.VDS_S_STATUSES_INCOMPLETELY_SET, `for status ${status}${when}`);
    for (const [lun, fit] of luns)
      ctx.duties.holds(
        'VDS-3.7b',
        !fit.has(status) || (await haveAll(ctx, lun, port, status)),
        `SetAllPathStatusesFromHbaPort left paths of a LUN${when}, which can have the status ${status}, as they were`,
        result,
      );
    ctx.duties.equal('VDS-3.7b', 'the statuses of the paths from other HBA ports', now.others, others, result);
  }
  return taken;
}
