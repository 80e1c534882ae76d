// QueryStoragePools with whatever it can be asked, and the pools that it lists.
import type { Context, IVdsHwProviderStoragePools, IVdsStoragePool } from '../../src/checks/index.js';
import {
  type Guid,
  hasAll,
  HR,
  type VDS_POOL_ATTRIBUTES,
  type VDS_STORAGE_POOL_PROP,
  VDS_STORAGE_POOL_TYPE,
  zeroStructure,
} from '../../src/contract/index.js';

export interface Query {
  readonly flags?: number;
  readonly remainingFreeSpace?: bigint;
  readonly poolAttributes?: VDS_POOL_ATTRIBUTES | null;
}

export interface FoundPool {
  readonly pool: IVdsStoragePool;
  readonly prop: VDS_STORAGE_POOL_PROP;
}

export const poolsInterface = (ctx: Context): Promise<IVdsHwProviderStoragePools> =>
  ctx.system.optional(ctx.system.unknown, 'IVdsHwProviderStoragePools');

/** The pools that are listed; an answer without a list breaks `requirement`. */
export async function query(
  ctx: Context,
  { flags = 0, remainingFreeSpace = 0n, poolAttributes = null }: Query = {},
  requirement = 'VDS-10.16b',
): Promise<readonly FoundPool[]> {
  const result = await (await poolsInterface(ctx)).queryStoragePools({ flags, remainingFreeSpace, poolAttributes });
  const found: FoundPool[] = [];
  for (const pool of await ctx.duties.list(ctx.duties.supported(result), 'enum', 'IVdsStoragePool', requirement))
    found.push({ pool, prop: ctx.duties.output('VDS-4.1a', await pool.getProperties(), 'storagePoolProp') });
  return found;
}

/** All pools. Not applicable where there are none. */
export async function allPools(ctx: Context): Promise<readonly [FoundPool, ...FoundPool[]]> {
  const [first, ...others] = await query(ctx);
  return first === undefined ? ctx.notApplicable('the provider manages no storage pool') : [first, ...others];
}

/** A concrete pool that the run may work on and that has room for a LUN of `size`. Not applicable without one. */
export async function roomyPool(ctx: Context, size: bigint): Promise<FoundPool> {
  const found = (await allPools(ctx)).find(
    ({ prop }) =>
      prop.type === VDS_STORAGE_POOL_TYPE.VDS_SPT_CONCRETE &&
      prop.remainingFreeSpace >= size &&
      ctx.system.admits('pools', prop),
  );
  return found ?? ctx.notApplicable('no concrete storage pool that the run may use has room for a LUN');
}

export const idsOfPools = (pools: readonly FoundPool[]): readonly Guid[] => pools.map(({ prop }) => prop.id).sort();

/** The attributes of a pool; undefined where they are not supported. */
export async function attributesOf(ctx: Context, { pool }: FoundPool): Promise<VDS_POOL_ATTRIBUTES | undefined> {
  const result = await pool.getAttributes();
  return result.hr === HR.VDS_E_NOT_SUPPORTED
    ? undefined
    : ctx.duties.output('VDS-4.1a', result, 'storagePoolAttributes');
}

export interface PoolWithAttributes {
  readonly id: Guid;
  readonly given: VDS_POOL_ATTRIBUTES;
}

/** The pools that report attributes, with these. */
export async function poolsWithAttributes(ctx: Context): Promise<readonly PoolWithAttributes[]> {
  const pools: PoolWithAttributes[] = [];
  for (const found of await allPools(ctx)) {
    const given = await attributesOf(ctx, found);
    if (given !== undefined) pools.push({ id: found.prop.id, given });
  }
  return pools;
}

export const wantedAttributes = (wanted: Partial<VDS_POOL_ATTRIBUTES>): VDS_POOL_ATTRIBUTES =>
  zeroStructure('VDS_POOL_ATTRIBUTES', wanted) as unknown as VDS_POOL_ATTRIBUTES;

/** The ids of those that have every attribute that is wanted. */
export const idsWith = (pools: readonly PoolWithAttributes[], wanted: VDS_POOL_ATTRIBUTES): readonly Guid[] =>
  pools.flatMap(({ id, given }) => (hasAll(given, wanted) ? [id] : [])).sort();
