// The filters of QueryStoragePools (semantics.md 10.16), each alone and in every combination.
import { type Check } from '../../src/checks/index.js';
import {
  combinations,
  type Guid,
  hasAll,
  oneByOne,
  POOL_ATTRIBUTE_MASK_FLAGS,
  VDS_STORAGE_POOL_TYPE,
} from '../../src/contract/index.js';
import { attributesIn } from './attributes.js';
import {
  allPools,
  type FoundPool,
  idsOfPools,
  idsWith,
  type PoolWithAttributes,
  poolsWithAttributes,
  query,
  type Query,
  wantedAttributes,
} from './queries.js';

/** One filter of the query, with the pools that satisfy it. */
interface Filter {
  readonly kind: 'type' | 'space' | 'attributes';
  readonly words: string;
  readonly query: Query;
  readonly ids: ReadonlySet<Guid>;
}

/** What there is to ask for: each type, each amount of free space that some pool has, and one more, each attribute. */
function filtersOf(pools: readonly FoundPool[], described: readonly PoolWithAttributes[]): readonly Filter[] {
  const { VDS_SPT_PRIMORDIAL: primordial, VDS_SPT_CONCRETE: concrete } = VDS_STORAGE_POOL_TYPE;
  const such = (holds: (found: FoundPool) => boolean): ReadonlySet<Guid> =>
    new Set(pools.filter(holds).map(({ prop }) => prop.id));
  return [
    ...[primordial, concrete, primordial | concrete].map((flags): Filter => ({
      kind: 'type',
      words: `the flags ${flags}`,
      query: { flags },
      ids: such(({ prop }) => (prop.type & flags) !== 0),
    })),
    ...amountsOf(pools).map((remainingFreeSpace): Filter => ({
      kind: 'space',
      words: `${remainingFreeSpace} bytes of free space`,
      query: { remainingFreeSpace },
      ids: such(({ prop }) => prop.remainingFreeSpace >= remainingFreeSpace),
    })),
    ...oneByOne(described.map(({ given }) => given)).map((wanted): Filter => {
      const poolAttributes = wantedAttributes(wanted);
      return {
        kind: 'attributes',
        words: attributesIn(poolAttributes, poolAttributes.attributeMask),
        query: { poolAttributes },
        ids: new Set(described.flatMap(({ id, given }) => (hasAll(given, poolAttributes) ? [id] : []))),
      };
    }),
  ];
}

/** The amounts of free space by which pools differ, and one that no pool has. */
function amountsOf(pools: readonly FoundPool[]): readonly bigint[] {
  const sizes = [...new Set(pools.map(({ prop }) => prop.remainingFreeSpace))].sort((a, b) => (a < b ? -1 : 1));
  return [...sizes, (sizes.at(-1) ?? 0n) + 1n];
}

const REQUIREMENT = { type: 'VDS-10.16b', space: 'VDS-10.16c', attributes: 'VDS-10.16k' } as const;
/** What an answer without a list breaks where these pools are expected. */
const requirementOfAnswer = (kind: Filter['kind'], expected: readonly Guid[]): string =>
  expected.length === 0 ? 'VDS-10.16l' : REQUIREMENT[kind];

interface Combined {
  readonly filters: readonly Filter[];
  readonly expected: readonly Guid[];
}

const inAll = (filters: readonly Filter[]): readonly Guid[] => {
  const [first, ...others] = filters;
  return [...(first?.ids ?? [])].filter((id) => others.every(({ ids }) => ids.has(id))).sort();
};

/**
 * Two or three filters at once, such that a provider that passes over one of them lists other pools; of those that tell
 * the same one.
 */
function combined(all: readonly Filter[]): readonly Combined[] {
  const of = (kind: Filter['kind']): readonly (Filter | undefined)[] => [
    undefined,
    ...all.filter((filter) => filter.kind === kind),
  ];
  const found = new Map<string, Combined>();
  for (const type of of('type'))
    for (const space of of('space'))
      for (const attributes of of('attributes')) {
        const filters = [type, space, attributes].filter((filter) => filter !== undefined);
        const expected = inAll(filters);
        const without = filters.map((filter) => inAll(filters.filter((other) => other !== filter)).join());
        if (filters.length < 2 || without.every((ids) => ids === expected.join())) continue;
        const key = [...filters.map(({ kind }) => kind), expected.join(), ...without].join(' ');
        if (!found.has(key)) found.set(key, { filters, expected });
      }
  return [...found.values()];
}

export const filterChecks: readonly Check[] = [
  {
    id: 'pools.by-type',
    title:
      'QueryStoragePools lists all pools for flags 0 and for both types together, and for each type those of that type',
    requirements: ['VDS-10.16b'],
    changes: false,
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const all = await allPools(ctx);
      const { VDS_SPT_PRIMORDIAL: primordial, VDS_SPT_CONCRETE: concrete } = VDS_STORAGE_POOL_TYPE;
      for (const flags of [primordial, concrete, primordial | concrete])
        ctx.duties.equal(
          'VDS-10.16b',
          `the pools that QueryStoragePools lists for the flags ${flags}`,
          idsOfPools(await query(ctx, { flags })),
          idsOfPools(all.filter(({ prop }) => (prop.type & flags) !== 0)),
        );
    },
  },
  {
    id: 'pools.by-free-space',
    title: 'QueryStoragePools lists the pools with as much free space as is asked for, and none where no pool has',
    requirements: ['VDS-10.16c', 'VDS-10.16l'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const all = await allPools(ctx);
      for (const remainingFreeSpace of amountsOf(all)) {
        const expected = idsOfPools(all.filter(({ prop }) => prop.remainingFreeSpace >= remainingFreeSpace));
        ctx.duties.equal(
          'VDS-10.16c',
          `the pools that QueryStoragePools lists for ${remainingFreeSpace} bytes of free space`,
          idsOfPools(await query(ctx, { remainingFreeSpace }, requirementOfAnswer('space', expected))),
          expected,
        );
      }
    },
  },
  {
    id: 'pools.by-attribute',
    title: 'QueryStoragePools lists the pools that have the attribute asked for',
    requirements: ['VDS-10.16k'],
    changes: false,
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const pools = await poolsWithAttributes(ctx);
      if (pools.length === 0) ctx.notApplicable('no storage pool reports attributes');
      const { VDS_POOL_ATTRIB_THIN_PROVISION: attributeMask } = POOL_ATTRIBUTE_MASK_FLAGS;
      for (const isThinProvisioned of [true, false]) {
        const poolAttributes = wantedAttributes({ attributeMask, isThinProvisioned });
        ctx.duties.equal(
          'VDS-10.16k',
          `the pools that QueryStoragePools lists for bIsThinProvisioned ${isThinProvisioned}`,
          idsOfPools(await query(ctx, { poolAttributes }, 'VDS-10.16k')),
          idsWith(pools, poolAttributes),
        );
      }
    },
  },
  {
    id: 'pools.by-two-attributes',
    title: 'QueryStoragePools lists the pools that have both of two attributes asked for',
    requirements: ['VDS-10.16k'],
    changes: false,
    cost: { calls: 200, recoveries: 0 },
    async run(ctx) {
      const pools = await poolsWithAttributes(ctx);
      const asked = combinations(pools.map(({ given }) => given));
      if (asked.length === 0) ctx.notApplicable('the storage pools report no two attributes by which they differ');
      for (const wanted of asked) {
        const poolAttributes = wantedAttributes(wanted);
        const words = attributesIn(poolAttributes, poolAttributes.attributeMask);
        const listed = idsOfPools(await query(ctx, { poolAttributes }, 'VDS-10.16k'));
        const expected = idsWith(pools, poolAttributes);
        const wrongly = pools
          .filter(({ id }) => listed.includes(id) && !expected.includes(id))
          .map(({ id, given }) => `${id} (${attributesIn(given, poolAttributes.attributeMask)})`);
        const what = `the pools that QueryStoragePools lists for ${words}`;
        ctx.duties.holds(
          'VDS-10.16k',
          wrongly.length === 0,
          `IVdsHwProviderStoragePools::QueryStoragePools lists ${wrongly.join(' and ')} where ${words} were asked for`,
          { member: what, expected, actual: listed },
        );
        ctx.duties.equal('VDS-10.16k', what, listed, expected);
      }
    },
  },
  {
    id: 'pools.by-several-filters',
    title:
      'QueryStoragePools lists the pools that satisfy each of its filters: type, free space and attributes together',
    requirements: ['VDS-10.16b', 'VDS-10.16c', 'VDS-10.16k', 'VDS-10.16l'],
    cost: { calls: 300, recoveries: 0 },
    async run(ctx) {
      const all = combined(filtersOf(await allPools(ctx), await poolsWithAttributes(ctx)));
      if (all.length === 0) ctx.notApplicable('the storage pools do not differ by what they can be asked for');
      for (const { filters, expected } of all) {
        const { kind } = filters.at(-1) as Filter;
        const asked = Object.assign({}, ...filters.map((f) => f.query)) as Query;
        const listed = idsOfPools(await query(ctx, asked, requirementOfAnswer(kind, expected)));
        const passedOver = filters.find(({ ids }) => listed.some((id) => !ids.has(id)));
        ctx.duties.equal(
          REQUIREMENT[passedOver?.kind ?? kind],
          `the pools that QueryStoragePools lists for ${filters.map(({ words }) => words).join(', and ')}`,
          listed,
          expected,
        );
      }
    },
  },
];
