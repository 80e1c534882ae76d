// QueryStoragePools with each of its filters, and with two of them at once: what it lists follows from what the pools
// themselves report.
import { VDS_STORAGE_POOL_TYPE } from '../../contract/generated/enumerations.js';
import { zeroStructure } from '../../contract/codec.js';
import type { VDS_POOL_ATTRIBUTES } from '../../contract/generated/structures.js';
import { combinations, hasAll, oneByOne } from '../../contract/pool-attributes.js';
import { method } from '../../contract/tables.js';
import type { Item } from '../state.js';
import { at, type ProbeCell } from './probe.js';

/** One filter: arguments of the query, and the pools that satisfy it. */
interface Filter {
  readonly requirement: string;
  readonly how: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly admits: (pool: Item) => boolean;
}

const freeOf = ({ members }: Item): bigint => members['remainingFreeSpace'] as bigint;

const attributesOf = ({ members }: Item): VDS_POOL_ATTRIBUTES | undefined =>
  typeof members['attributes'] === 'object' &&
  members['attributes'] !== null &&
  'attributeMask' in members['attributes']
    ? (members['attributes'] as VDS_POOL_ATTRIBUTES)
    : undefined;

const { VDS_SPT_PRIMORDIAL: PRIMORDIAL, VDS_SPT_CONCRETE: CONCRETE } = VDS_STORAGE_POOL_TYPE;

const byType = (): readonly Filter[] =>
  [PRIMORDIAL, CONCRETE, PRIMORDIAL | CONCRETE].map((flags) => ({
    requirement: 'VDS-10.16b',
    how: `the flags ${flags}`,
    args: { flags },
    admits: ({ members }) => (Number(members['type']) & flags) !== 0,
  }));

/** As much as some pool has, and more than any. */
function bySpace(pools: readonly Item[]): readonly Filter[] {
  const most = pools.reduce((max, pool) => (freeOf(pool) > max ? freeOf(pool) : max), 0n);
  return [...new Set([...pools.map(freeOf), most + 1n])].map((remainingFreeSpace) => ({
    requirement: 'VDS-10.16c',
    how: `${remainingFreeSpace} bytes of free space`,
    args: { remainingFreeSpace },
    admits: (pool) => freeOf(pool) >= remainingFreeSpace,
  }));
}

function byAttributes(pools: readonly Item[]): readonly Filter[] {
  const given = pools.flatMap((pool) => attributesOf(pool) ?? []);
  return [...oneByOne(given), ...combinations(given)].map((wanted) => {
    const poolAttributes = zeroStructure<VDS_POOL_ATTRIBUTES>('VDS_POOL_ATTRIBUTES', wanted);
    return {
      requirement: 'VDS-10.16k',
      how: `the attributes of the mask 0x${poolAttributes.attributeMask.toString(16)}`,
      args: { poolAttributes },
      admits: (pool) => {
        const own = attributesOf(pool);
        return own !== undefined && hasAll(own, poolAttributes);
      },
    };
  });
}

const KINDS = [byType, bySpace, byAttributes] as const;
const QUERY = method('IVdsHwProviderStoragePools.QueryStoragePools');
const NO_FILTER = { flags: 0, remainingFreeSpace: 0n, poolAttributes: null };

/** The first filter is of this kind; every second time there is one of the next kind beside it. */
export const poolFilterCells: readonly ProbeCell[] = KINDS.map((filtersOf, kind) => ({
  name: `${QUERY.fullName}: filter ${kind + 1}`,
  on: 'IVdsHwProvider' as const,
  method: QUERY,
  when: 'present' as const,
  changes: false,
  probe({ state, n }) {
    const pools = state.ofKind('IVdsStoragePool');
    // What LUNs have taken or given back is known when all has been read again.
    if (pools.length === 0 || pools.some((pool) => typeof freeOf(pool) !== 'bigint')) return undefined;
    const first = at(filtersOf(pools), n);
    const beside = n % 2 === 0 ? undefined : at((KINDS[(kind + 1) % KINDS.length] ?? byType)(pools), n >> 1);
    const filters = [first, beside].filter((filter) => filter !== undefined);
    if (first === undefined) return undefined;
    return {
      how: `for ${filters.map(({ how }) => how).join(' and ')}`,
      args: Object.assign({}, NO_FILTER, ...filters.map(({ args }) => args)),
      answer: {
        is: 'listed',
        requirement: first.requirement,
        lists: 'IVdsStoragePool',
        of: pools.filter((pool) => filters.every(({ admits }) => admits(pool))).map(({ id }) => id),
      },
    };
  },
}));
