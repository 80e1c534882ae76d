// Storage pools (semantics.md 10.16): which there are, what they report of themselves, and LUNs that are made in them.
import {
  type Check,
  type Context,
  createdSize,
  defineSuite,
  idsOf,
  inWords,
  named,
  type Result,
  UNKNOWN_ID,
} from '../src/checks/index.js';
import {
  type Guid,
  HR,
  NULL_GUID,
  POOL_ATTRIBUTE_MASK_FLAGS,
  succeeded,
  UNTOUCHED,
  VDS_LUN_TYPE,
  VDS_RAID_TYPE,
  type VDS_POOL_ATTRIBUTES,
  VDS_STORAGE_POOL_TYPE,
} from '../src/contract/index.js';
import { filterChecks } from './pools/filters.js';
import { allPools, attributesOf, type FoundPool, poolsInterface, query, roomyPool } from './pools/queries.js';

async function allocatedTo(ctx: Context, { pool }: FoundPool): Promise<readonly Guid[]> {
  const result = ctx.duties.supported(await pool.queryAllocatedLuns());
  return idsOf(ctx, await ctx.duties.list(result, 'enum', 'IVdsLun', 'VDS-10.16m'), 'VDS-10.16m');
}

/** A duty of every pool by itself. */
const ofEachPool = (
  id: string,
  title: string,
  requirement: string,
  judge: (ctx: Context, found: FoundPool, attributes: VDS_POOL_ATTRIBUTES | undefined) => void,
): Check => ({
  id: `pools.${id}`,
  title,
  requirements: [requirement],
  changes: false,
  cost: { calls: 20, recoveries: 0 },
  async run(ctx) {
    for (const found of await allPools(ctx)) judge(ctx, found, await attributesOf(ctx, found));
  },
});

/** Both methods that take the id of a pool refuse it. */
const refusedId = (
  id: string,
  title: string,
  storagePoolId: Guid,
  requirements: readonly string[],
  judge: (ctx: Context, result: Result<object>) => boolean,
): Check => ({
  id: `pools.${id}`,
  title,
  requirements,
  cost: { calls: 6, recoveries: 0 },
  async run(ctx) {
    const pools = await poolsInterface(ctx);
    const type = VDS_LUN_TYPE.VDS_LT_DEFAULT;
    const sizeInBytes = await ctx.make.lunSize(await ctx.system.subSystem());
    const request = { type, sizeInBytes, storagePoolId, unmaskingList: '' };
    judge(ctx, ctx.duties.supported(await pools.createLunInStoragePool(request)));
    const largest = await pools.queryMaxLunCreateSizeInStoragePool({ type, storagePoolId });
    if (largest.hr !== HR.VDS_E_NOT_SUPPORTED) judge(ctx, largest);
  },
});

export const suite = defineSuite('pools', 'Storage pools', [
  ...filterChecks,
  ofEachPool(
    'thin-is-concrete',
    'A thin provisioned pool is of type CONCRETE',
    'VDS-10.16d',
    (ctx, { prop }, given) => {
      if (given?.isThinProvisioned === true)
        ctx.duties.equal(
          'VDS-10.16d',
          'the type of a pool that is thin provisioned',
          named('VDS_STORAGE_POOL_TYPE', prop.type),
          named('VDS_STORAGE_POOL_TYPE', VDS_STORAGE_POOL_TYPE.VDS_SPT_CONCRETE),
        );
    },
  ),
  ofEachPool('primordial-attributes', 'A primordial pool has no attributes', 'VDS-10.16j', (ctx, { prop }, given) => {
    if (given !== undefined && prop.type === VDS_STORAGE_POOL_TYPE.VDS_SPT_PRIMORDIAL)
      ctx.duties.equal('VDS-10.16j', 'the attribute mask of a primordial pool', given.attributeMask, 0n);
  }),
  ofEachPool(
    'raid-type',
    'A pool without a specific RAID type does not name it among its attributes',
    'VDS-10.16i',
    (ctx, _pool, given) => {
      if (given?.raidType === VDS_RAID_TYPE.VDS_RT_UNKNOWN)
        ctx.duties.holds(
          'VDS-10.16i',
          (given.attributeMask & POOL_ATTRIBUTE_MASK_FLAGS.VDS_POOL_ATTRIB_RAIDTYPE) === 0n,
          'the mask of a pool has VDS_POOL_ATTRIB_RAIDTYPE, and its RAID type is VDS_RT_UNKNOWN',
        );
    },
  ),
  ofEachPool(
    'consumed-space',
    'A thin provisioned pool consumes no more than is provisioned for it',
    'VDS-10.16e',
    (ctx, { prop }, given) => {
      if (given?.isThinProvisioned === true)
        ctx.duties.holds(
          'VDS-10.16e',
          prop.totalConsumedSpace <= given.provisionedSpace,
          `ullTotalConsumedSpace of a thin provisioned pool is ${prop.totalConsumedSpace}, and ullProvisionedSpace ` +
            `${given.provisionedSpace}`,
        );
    },
  ),
  ofEachPool(
    'free-space',
    'The free space of a pool is no more than its managed space',
    'VDS-10.16f',
    (ctx, { prop }) =>
      ctx.duties.holds(
        'VDS-10.16f',
        prop.remainingFreeSpace <= prop.totalManagedSpace,
        `ullRemainingFreeSpace of a pool is ${prop.remainingFreeSpace}, and ullTotalManagedSpace ` +
          `${prop.totalManagedSpace}`,
      ),
  ),
  {
    id: 'pools.allocated-pools',
    title: 'What QueryAllocatedStoragePools lists are other pools of the provider',
    requirements: ['VDS-10.16h'],
    changes: false,
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const all = await allPools(ctx);
      const known = all.map(({ prop }) => prop.id);
      for (const { pool, prop } of all) {
        const result = ctx.duties.supported(await pool.queryAllocatedStoragePools());
        const listed = await ctx.duties.list(result, 'enum', 'IVdsStoragePool', 'VDS-10.16h');
        for (const id of await idsOf(ctx, listed, 'VDS-10.16h'))
          ctx.duties.holds(
            'VDS-10.16h',
            known.includes(id) && id !== prop.id,
            'QueryAllocatedStoragePools lists ' +
              `${id === prop.id ? 'the pool itself' : `${id}, a pool that QueryStoragePools does not list`}`,
            { ...result, expected: inWords(`pools of QueryStoragePools but ${prop.id}`), actual: inWords(id) },
          );
      }
    },
  },
  {
    id: 'pools.drive-extents',
    title: 'QueryDriveExtents of a pool gives as many extents as it says, each of them of a drive that is listed',
    requirements: ['VDS-10.16n'],
    changes: false,
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const drives = new Set<Guid>();
      for (const subSystem of await ctx.system.everySubSystem())
        for (const id of await idsOf(
          ctx,
          await ctx.duties.list(await subSystem.queryDrives(), 'enum', 'IVdsDrive', 'VDS-6.6b'),
          'VDS-10.16n',
        ))
          drives.add(id);
      for (const { pool } of await allPools(ctx)) {
        const result = ctx.duties.supported(await pool.queryDriveExtents());
        const { extentArray } = result.out;
        if (extentArray === UNTOUCHED)
          return ctx.duties.broken('VDS-10.16n', 'QueryDriveExtents succeeded without writing its array', result);
        ctx.duties.equal(
          'VDS-10.16n',
          'the number of extents',
          ctx.duties.output('VDS-10.16n', result, 'numberOfExtents'),
          extentArray?.length ?? 0,
          result,
        );
        for (const { id } of extentArray ?? [])
          ctx.duties.holds(
            'VDS-10.16n',
            drives.has(id),
            'an extent of a pool is of a drive that no subsystem lists',
            result,
          );
      }
    },
  },
  {
    id: 'pools.create-lun',
    title: 'CreateLunInStoragePool makes a LUN that its pool lists, until it is deleted',
    requirements: ['VDS-10.16g', 'VDS-10.16m'],
    cost: { calls: 60, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const sizeInBytes = await ctx.make.lunSize(subSystem);
      const found = await roomyPool(ctx, sizeInBytes);
      const pools = await poolsInterface(ctx);
      const started = await pools.createLunInStoragePool({
        type: VDS_LUN_TYPE.VDS_LT_DEFAULT,
        sizeInBytes,
        storagePoolId: found.prop.id,
        unmaskingList: '',
      });
      const { lun, id } = await ctx.make.startedLun(subSystem, started);
      for (const other of await query(ctx, { flags: VDS_STORAGE_POOL_TYPE.VDS_SPT_CONCRETE }))
        if (other.prop.id !== found.prop.id)
          ctx.duties.holds(
            'VDS-10.16g',
            !(await allocatedTo(ctx, other)).includes(id),
            'QueryAllocatedLuns of another concrete pool lists the LUN',
            started,
          );
      ctx.duties.holds(
        'VDS-10.16m',
        (await allocatedTo(ctx, found)).includes(id),
        'QueryAllocatedLuns of a pool does not list a LUN that was made in it',
        started,
      );
      ctx.duties.ok('VDS-10.6', await lun.delete());
      ctx.duties.holds(
        'VDS-10.16m',
        !(await allocatedTo(ctx, found)).includes(id),
        'QueryAllocatedLuns of a pool lists a LUN that was deleted',
      );
    },
  },
  {
    id: 'pools.free-space-follows',
    title: 'The free space of a pool shrinks and grows with a LUN that is made in it',
    requirements: ['VDS-10.16f'],
    cost: { calls: 200, recoveries: 4 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const sizeInBytes = await ctx.make.lunSize(subSystem);
      const found = await roomyPool(ctx, 4n * sizeInBytes);
      if ((await attributesOf(ctx, found))?.isThinProvisioned === true)
        ctx.notApplicable('the pool is thin provisioned, so that a LUN takes no space of it by its size');
      /** After a recovery, as a cache may show it no earlier. */
      const free = async (): Promise<bigint> => {
        await ctx.faults.recover();
        const pool = (await allPools(ctx)).find(({ prop }) => prop.id === found.prop.id);
        return pool?.prop.remainingFreeSpace ?? ctx.duties.broken('VDS-10.16b', 'a pool is no longer listed');
      };
      const before = await free();
      const request = { type: VDS_LUN_TYPE.VDS_LT_DEFAULT, sizeInBytes, storagePoolId: found.prop.id };
      const started = await (await poolsInterface(ctx)).createLunInStoragePool({ ...request, unmaskingList: '' });
      const { lun } = await ctx.make.startedLun(subSystem, started);
      const made = await free();
      if (made === before) ctx.notApplicable('a LUN takes no space of the pool that it is made in');
      const judge = (holds: boolean, what: string, was: bigint, is: bigint) =>
        ctx.duties.holds(
          'VDS-10.16f',
          holds,
          `ullRemainingFreeSpace is ${is} after a LUN ${what}, and was ${was} before`,
        );
      judge(made < before, 'was made in the pool', before, made);
      const extended = await lun.extend({ numberOfBytesToAdd: 2n * sizeInBytes });
      if (!succeeded(extended.hr)) return;
      await ctx.duties.completed(extended);
      const grown = await free();
      judge(grown < made, `of it grew by ${2n * sizeInBytes} bytes`, made, grown);
      const shrunk = await lun.shrink({ numberOfBytesToRemove: 2n * sizeInBytes });
      if (!succeeded(shrunk.hr)) return;
      await ctx.duties.completed(shrunk);
      const smaller = await free();
      judge(smaller > grown, `of it shrank by ${2n * sizeInBytes} bytes`, grown, smaller);
    },
  },
  {
    id: 'pools.largest-lun',
    title:
      'In each pool, of whichever type, a LUN of each type of the size that QueryMaxLunCreateSizeInStoragePool ' +
      'reports can be made',
    requirements: ['VDS-10.5a'],
    cost: { calls: 240, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const pools = await poolsInterface(ctx);
      let made = 0;
      for (const { prop } of await allPools(ctx)) {
        if (!ctx.system.admits('pools', prop)) continue;
        for (const [name, type] of Object.entries(VDS_LUN_TYPE)) {
          if (type === VDS_LUN_TYPE.VDS_LT_UNKNOWN) continue;
          const largest = await pools.queryMaxLunCreateSizeInStoragePool({ type, storagePoolId: prop.id });
          if (largest.hr !== HR.S_OK) continue;
          const sizeInBytes = ctx.duties.output('VDS-10.5a', largest, 'maxLunSize');
          if (sizeInBytes === 0n) continue;
          const request = { type, sizeInBytes, storagePoolId: prop.id, unmaskingList: '' };
          const started = await pools.createLunInStoragePool(request);
          const why =
            `for ${sizeInBytes} bytes of ${name} in the pool ${prop.name ?? prop.id}, which ` +
            'QueryMaxLunCreateSizeInStoragePool reported';
          await createdSize(ctx, subSystem, 'VDS-10.5a', started, why);
          made += 1;
          await ctx.cleanUpSoFar();
        }
      }
      if (made === 0) ctx.notApplicable('no storage pool reports how large a LUN can be');
    },
  },
  refusedId('null-id', 'The pool GUID_NULL is refused', NULL_GUID, ['VDS-10.16'], ({ duties }, result) =>
    duties.refused('VDS-10.16', result, 'for the pool GUID_NULL'),
  ),
  refusedId(
    'unknown-id',
    'A pool that does not exist is refused, with VDS_E_OBJECT_NOT_FOUND',
    UNKNOWN_ID,
    ['VDS-7.2', 'VDS-7.2d'],
    ({ duties }, result) => duties.notFound(result, 'for a pool that does not exist'),
  ),
  {
    id: 'pools.unknown-type',
    title: 'CreateLunInStoragePool answers E_INVALIDARG for a LUN type that there is not',
    requirements: ['VDS-7.5b'],
    cost: { calls: 14, recoveries: 0 },
    async run(ctx) {
      const sizeInBytes = await ctx.make.lunSize(await ctx.system.subSystem());
      const { prop } = await roomyPool(ctx, sizeInBytes);
      const pools = await poolsInterface(ctx);
      const result = await pools.createLunInStoragePool({
        type: 4711 as VDS_LUN_TYPE,
        sizeInBytes,
        storagePoolId: prop.id,
        unmaskingList: '',
      });
      ctx.duties.code('VDS-7.5b', ctx.duties.supported(result), HR.E_INVALIDARG, 'for the LUN type 4711');
    },
  },
]);
