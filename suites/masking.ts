// Who sees a LUN (semantics.md 10.9 and 10.10): unmasking lists, and the controllers that are active for it.
import {
  type Context,
  controllersOf,
  defineSuite,
  flagsOf,
  idsOf,
  type IVdsLun,
  type IVdsSubSystem,
  type Result,
  UNKNOWN_ID,
  unmasked,
} from '../src/checks/index.js';
import { formatHresult, type Guid, HR, NO_INITIATORS, succeeded, VDS_SUB_SYSTEM_FLAG } from '../src/contract/index.js';
import { hasIscsiNames, initiators, type Initiators } from './shared/initiators.js';

interface Masks extends Initiators {
  readonly lun: IVdsLun;
  readonly subSystem: IVdsSubSystem;
}

/**
 * Lists of initiators whose names are alike: one begins with the other, or has the same beginning or end. Each comes
 * in both orders, and after a list of which it is a part.
 */
async function listsOfAlike(ctx: Context, subSystem: IVdsSubSystem): Promise<readonly string[]> {
  const names = (await hasIscsiNames(ctx, subSystem))
    ? ['1', '10', '100', '11'].map((end) => `iqn.1991-05.com.microsoft:host${end}`)
    : ['2100002400000001', '2100002400000010', '0021000024000000', '0121000024000000'];
  const pairs = names.flatMap((one, i) => names.slice(i + 1).map((other) => [one, other]));
  return [
    names,
    names.toReversed(),
    ...pairs.flatMap((pair) => [pair, pair.toReversed(), pair.slice(1), pair.slice(0, 1)]),
  ].map((list) => list.join(';'));
}

/** A new LUN that nobody sees. Not applicable where the subsystem cannot mask. */
async function masked(ctx: Context): Promise<Masks> {
  const subSystem = await ctx.system.subSystem();
  return { subSystem, ...(await initiators(ctx, subSystem)), lun: (await ctx.make.lun(subSystem)).lun };
}

async function listOf(ctx: Context, lun: IVdsLun): Promise<string | null> {
  return ctx.duties.output('VDS-10.9c', await lun.getProperties(), 'lunProp').unmaskingList;
}

/** SetMask must succeed, and GetProperties then tell exactly these entries. */
async function setAndReadBack(
  ctx: Context,
  lun: IVdsLun,
  given: string,
  expected: string,
  requirement = 'VDS-10.9a',
): Promise<void> {
  const result = ctx.duties.supported(await lun.setMask({ unmaskingList: given }));
  ctx.duties.ok(requirement, result);
  ctx.duties.equal(
    requirement,
    `the unmasking list after SetMask("${given}")`,
    unmasked(await listOf(ctx, lun)),
    unmasked(expected),
    result,
  );
}

/** A list must be refused, and the one before it stay. */
async function refusedMask(ctx: Context, { lun, first }: Masks, list: string, what: string): Promise<void> {
  await setAndReadBack(ctx, lun, first, first);
  ctx.duties.refused('VDS-10.9e', await lun.setMask({ unmaskingList: list }), `for "${list}", ${what}`);
  ctx.duties.equal(
    'VDS-0.2b',
    'the unmasking list after a SetMask that failed',
    unmasked(await listOf(ctx, lun)),
    unmasked(first),
  );
}

// ---- controllers ----

interface Controllers {
  readonly lun: IVdsLun;
  readonly ids: readonly Guid[];
}

async function withControllers(ctx: Context, atLeast = 1): Promise<Controllers> {
  const subSystem = await ctx.system.subSystem();
  const ids = (await controllersOf(ctx, subSystem, atLeast)).map(({ prop }) => prop.id);
  return { ids, lun: (await ctx.make.lun(subSystem)).lun };
}

async function associate(
  ctx: Context,
  lun: IVdsLun,
  active: readonly Guid[],
  inactive: readonly Guid[],
): Promise<Result<object>> {
  return ctx.duties.supported(
    await lun.associateControllers({
      activeControllerIdArray: active.length === 0 ? null : active,
      inactiveControllerIdArray: inactive.length === 0 ? null : inactive,
    }),
  );
}

/** Lists that leave the first one out, also where another stands in its place a second time. */
const withoutTheFirst = (
  ids: readonly Guid[],
): readonly { readonly active: readonly Guid[]; readonly when: string }[] => [
  { active: ids.slice(1), when: 'with one controller in neither list' },
  ...ids
    .slice(1, 2)
    .map((id) => ({ active: [...ids.slice(1), id], when: 'with one controller twice, and one in neither list' })),
];

async function activeOf(ctx: Context, lun: IVdsLun): Promise<string[]> {
  const ids = await idsOf(
    ctx,
    await ctx.duties.list(await lun.queryActiveControllers(), 'enum', 'IVdsController', 'VDS-6.6b'),
    'VDS-10.10',
  );
  return [...ids].sort();
}

export const suite = defineSuite('masking', 'Who sees a LUN', [
  {
    id: 'masking.one-entry',
    title: 'GetProperties reports the list that SetMask was given',
    requirements: ['VDS-10.9a'],
    cost: { calls: 14, recoveries: 0 },
    async run(ctx) {
      const { lun, first } = await masked(ctx);
      await setAndReadBack(ctx, lun, first, first);
    },
  },
  {
    id: 'masking.several-entries',
    title: 'SetMask takes several entries between semicolons, and GetProperties reports them all',
    requirements: ['VDS-10.9a'],
    cost: { calls: 14, recoveries: 0 },
    async run(ctx) {
      const { lun, first, second } = await masked(ctx);
      await setAndReadBack(ctx, lun, `${first};${second}`, `${first};${second}`);
    },
  },
  {
    id: 'masking.last-call-wins',
    title: 'Each SetMask replaces the list before it',
    requirements: ['VDS-10.9a', 'VDS-10.9f'],
    cost: { calls: 18, recoveries: 0 },
    async run(ctx) {
      const { lun, first, second } = await masked(ctx);
      await setAndReadBack(ctx, lun, first, first);
      await setAndReadBack(ctx, lun, second, second, 'VDS-10.9f');
    },
  },
  {
    id: 'masking.duplicates',
    title: 'SetMask takes an entry that stands twice, which GetProperties reports as if it stood once or twice',
    requirements: ['VDS-10.9a'],
    cost: { calls: 14, recoveries: 0 },
    async run(ctx) {
      const { lun, first, second } = await masked(ctx);
      await setAndReadBack(ctx, lun, `${first};${second};${first}`, `${first};${second}`);
    },
  },
  {
    id: 'masking.names-within-names',
    title: 'SetMask takes initiators of which one is named with a part of the name of another, in any order',
    requirements: ['VDS-10.9a'],
    cost: { calls: 80, recoveries: 0 },
    async run(ctx) {
      const { lun, subSystem } = await masked(ctx);
      for (const list of await listsOfAlike(ctx, subSystem)) await setAndReadBack(ctx, lun, list, list);
    },
  },
  {
    id: 'masking.none',
    title: 'SetMask of "" takes the LUN away from all who saw it',
    requirements: ['VDS-10.9a', 'VDS-10.9c'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const { lun, first } = await masked(ctx);
      await setAndReadBack(ctx, lun, first, first);
      await setAndReadBack(ctx, lun, '', '');
    },
  },
  {
    id: 'masking.all',
    title: 'SetMask takes "*", and the LUN is not unmasked to those alone who saw it before',
    requirements: ['VDS-10.9a'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const { lun, first } = await masked(ctx);
      await setAndReadBack(ctx, lun, first, first);
      const result = await lun.setMask({ unmaskingList: '*' });
      ctx.duties.ok('VDS-10.9a', result);
      // Many providers put this computer's own initiators in place of the asterisk.
      const told = await listOf(ctx, lun);
      ctx.duties.holds(
        'VDS-10.9a',
        unmasked(told) !== unmasked(first),
        `after SetMask("*") the list is still "${told}"`,
        result,
      );
      ctx.duties.reading(
        'how the unmasking list "*" is reported',
        told === '*' ? '"*"' : told === null ? 'NULL' : 'otherwise',
        'VDS-10.9c',
      );
    },
  },
  {
    id: 'masking.asterisk-among-others',
    title: 'SetMask refuses "*" together with other entries and changes nothing',
    requirements: ['VDS-10.9e'],
    cost: { calls: 18, recoveries: 0 },
    async run(ctx) {
      const masks = await masked(ctx);
      await refusedMask(ctx, masks, `*;${masks.second}`, 'in which "*" does not stand alone');
      await refusedMask(ctx, masks, `${masks.second};*`, 'in which "*" does not stand alone');
    },
  },
  {
    id: 'masking.no-initiator',
    title: 'SetMask refuses an entry that is neither a WWN nor an iSCSI name, and changes nothing',
    requirements: ['VDS-10.9e'],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      const masks = await masked(ctx);
      for (const wrong of NO_INITIATORS)
        await refusedMask(ctx, masks, `${masks.second};${wrong}`, 'which holds no initiator');
    },
  },
  {
    id: 'masking.at-creation',
    title: 'A LUN is created with the unmasking list given, without what stands in it twice',
    requirements: ['VDS-10.9a'],
    cost: { calls: 14, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { first, second } = await initiators(ctx, subSystem);
      const { lun } = await ctx.make.simpleLun(subSystem, { unmaskingList: `${second};${first};${second}` });
      ctx.duties.equal(
        'VDS-10.9a',
        'the unmasking list of a new LUN',
        unmasked(await listOf(ctx, lun)),
        unmasked(`${first};${second}`),
      );
    },
  },
  {
    id: 'masking.names-within-names.at-creation',
    title: 'A LUN is created with initiators of which one is named with a part of the name of another, in either order',
    requirements: ['VDS-10.9a'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      for (const unmaskingList of (await listsOfAlike(ctx, subSystem)).slice(0, 2)) {
        const { lun } = await ctx.make.simpleLun(subSystem, { unmaskingList });
        ctx.duties.equal(
          'VDS-10.9a',
          `the unmasking list of a new LUN that was created with "${unmaskingList}"`,
          unmasked(await listOf(ctx, lun)),
          unmasked(unmaskingList),
        );
      }
    },
  },
  {
    id: 'masking.neighbour-keeps-its-list',
    title: 'SetMask of one LUN leaves the list of another as it is',
    requirements: ['VDS-10.9a'],
    cost: { calls: 26, recoveries: 0 },
    async run(ctx) {
      const { lun, subSystem, first, second } = await masked(ctx);
      const neighbour = await ctx.make.lun(subSystem);
      await setAndReadBack(ctx, neighbour.lun, second, second);
      await setAndReadBack(ctx, lun, first, first);
      ctx.duties.equal(
        'VDS-10.9a',
        'the unmasking list of another LUN',
        unmasked(await listOf(ctx, neighbour.lun)),
        unmasked(second),
      );
    },
  },
  {
    id: 'masking.without-the-flag',
    title: 'A subsystem without VDS_SF_LUN_MASKING_CAPABLE answers SetMask in one way',
    requirements: ['VDS-10.9b'],
    cost: { calls: 14, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      if (((await flagsOf(ctx, subSystem)) & VDS_SUB_SYSTEM_FLAG.VDS_SF_LUN_MASKING_CAPABLE) !== 0)
        ctx.notApplicable('the subsystem has VDS_SF_LUN_MASKING_CAPABLE');
      const { lun } = await ctx.make.lun(subSystem);
      for (let time = 0; time < 2; time++) {
        const result = await lun.setMask({ unmaskingList: '' });
        ctx.duties.permitted('VDS-10.9b', result, 'on a subsystem that cannot mask');
        ctx.duties.reading(
          'SetMask on a subsystem that cannot mask',
          succeeded(result.hr) ? 'taken' : formatHresult(result.hr),
          'VDS-10.9b',
        );
      }
    },
  },
  {
    id: 'masking.list-is-passed-over',
    title: 'CreateLun of a subsystem that cannot mask takes any unmasking list',
    requirements: ['VDS-10.36'],
    cost: { calls: 14, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      if (((await flagsOf(ctx, subSystem)) & VDS_SUB_SYSTEM_FLAG.VDS_SF_LUN_MASKING_CAPABLE) !== 0)
        ctx.notApplicable('the subsystem has VDS_SF_LUN_MASKING_CAPABLE');
      // Where a LUN can be made at all.
      await ctx.make.lun(subSystem);
      for (const unmaskingList of ['*', 'iqn.2026-11.example.vds-conformance:nobody']) {
        const started = await ctx.make.startLun(subSystem, { unmaskingList });
        if (ctx.duties.ok('VDS-10.36', started)) await ctx.make.startedLun(subSystem, started);
      }
    },
  },
  {
    id: 'masking.active-controllers',
    title: 'AssociateControllers makes exactly the controllers of its first list active, and each controller agrees',
    requirements: ['VDS-10.10', 'VDS-4.1a'],
    cost: { calls: 60, recoveries: 0 },
    async run(ctx) {
      const { lun, ids } = await withControllers(ctx, 2);
      const [id] = await idsOf(ctx, [lun], 'VDS-10.10');
      for (const [active, inactive] of [
        [ids.slice(0, 1), ids.slice(1)],
        [ids.slice(1), ids.slice(0, 1)],
      ] as const) {
        const result = await associate(ctx, lun, active, inactive);
        ctx.duties.ok('VDS-10.10', result);
        ctx.duties.equal(
          'VDS-10.10',
          'the active controllers after AssociateControllers succeeded',
          await activeOf(ctx, lun),
          [...active].sort(),
          result,
        );
        for (const { controller, prop } of await controllersOf(ctx, await ctx.system.subSystem())) {
          const query = await controller.queryAssociatedLuns();
          if (query.hr === HR.VDS_E_NOT_SUPPORTED) continue;
          const luns = await idsOf(ctx, await ctx.duties.list(query, 'enum', 'IVdsLun', 'VDS-6.6b'), 'VDS-4.1a');
          ctx.duties.equal(
            'VDS-4.1a',
            'whether a controller lists the LUN after AssociateControllers',
            luns.includes(id as Guid),
            active.includes(prop.id),
            query,
          );
        }
      }
    },
  },
  {
    id: 'masking.no-active-controller',
    title: 'With every controller inactive QueryActiveControllers answers an empty enumeration',
    requirements: ['VDS-6.6b', 'VDS-10.10'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const { lun, ids } = await withControllers(ctx);
      const result = await associate(ctx, lun, [], ids);
      // A subsystem may want one to be left, and no text says that it may not.
      if (!succeeded(result.hr)) {
        ctx.duties.permitted('VDS-10.10', result, 'with every controller inactive');
        ctx.notApplicable(`AssociateControllers answered ${formatHresult(result.hr)} with every controller inactive`);
      }
      ctx.duties.equal(
        'VDS-10.10',
        'the active controllers when every controller is inactive',
        await activeOf(ctx, lun),
        [],
      );
    },
  },
  {
    id: 'masking.controllers-left-out',
    title: 'AssociateControllers refuses lists of which neither has a controller, and changes nothing',
    requirements: ['VDS-10.10b'],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      const { lun, ids } = await withControllers(ctx);
      const before = await activeOf(ctx, lun);
      for (const { active, when } of withoutTheFirst(ids)) {
        ctx.duties.refused('VDS-10.10b', await associate(ctx, lun, active, []), when);
        ctx.duties.equal(
          'VDS-0.2b',
          'the active controllers after an AssociateControllers that failed',
          await activeOf(ctx, lun),
          before,
        );
      }
    },
  },
  {
    id: 'masking.controllers-in-both',
    title: 'AssociateControllers refuses lists that both have a controller, and changes nothing',
    requirements: ['VDS-10.10d'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const { lun, ids } = await withControllers(ctx);
      const before = await activeOf(ctx, lun);
      const result = await associate(ctx, lun, ids, ids.slice(0, 1));
      ctx.duties.refused('VDS-10.10d', result, 'with one controller in both lists');
      ctx.duties.equal(
        'VDS-0.2b',
        'the active controllers after an AssociateControllers that failed',
        await activeOf(ctx, lun),
        before,
      );
    },
  },
  {
    id: 'masking.controllers-unknown',
    title: 'AssociateControllers answers VDS_E_OBJECT_NOT_FOUND for an id that no controller has',
    requirements: ['VDS-10.10c'],
    cost: { calls: 16, recoveries: 0 },
    async run(ctx) {
      const { lun, ids } = await withControllers(ctx);
      ctx.duties.code(
        'VDS-10.10c',
        await associate(ctx, lun, [...ids, UNKNOWN_ID], []),
        HR.VDS_E_OBJECT_NOT_FOUND,
        'with an unknown id besides those of all controllers',
      );
    },
  },
]);
