// How large a LUN can be: what QueryMaxLunCreateSize says of types, drives and hints.
import {
  type Check,
  type Context,
  createdSize,
  emptyDrives,
  flagsOf,
  hintsOf,
  type IVdsSubSystem,
  MIB,
  refusedLun,
  TOO_LARGE,
  UNKNOWN_ID,
  nameIn,
} from '../../src/checks/index.js';
import {
  formatHresult,
  succeeded,
  VDS_LUN_TYPE,
  VDS_SUB_SYSTEM_FLAG,
  zeroStructure,
} from '../../src/contract/index.js';

/** The largest LUN of a type that QueryMaxLunCreateSize reports. Not applicable where it is not supported. */
async function largest(
  ctx: Context,
  subSystem: IVdsSubSystem,
  type: number,
  more: Omit<Parameters<IVdsSubSystem['queryMaxLunCreateSize']>[0], 'type'> = { hints: hintsOf({}) },
): Promise<bigint> {
  const result = ctx.duties.supported(
    await subSystem.queryMaxLunCreateSize({ type, ...more }),
    `for LUN type ${nameIn('VDS_LUN_TYPE', type)}`,
  );
  ctx.duties.ok('VDS-10.5a', result);
  return ctx.duties.output('VDS-10.5a', result, 'maxLunSize');
}

export const largestLunChecks: readonly Check[] = [
  {
    id: 'subsystem.largest-lun',
    title: 'A LUN of the size that QueryMaxLunCreateSize reports can be created, and one twice as large cannot',
    requirements: ['VDS-10.5a', 'VDS-10.2c', 'VDS-10.2i'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { VDS_LT_SIMPLE } = VDS_LUN_TYPE;
      const room = await ctx.make.room(subSystem, VDS_LT_SIMPLE);
      const size = await largest(ctx, subSystem, VDS_LT_SIMPLE, { hints: hintsOf({}), ...room });
      if (size === 0n) ctx.notApplicable('the array has no room for a simple LUN');
      // Well above: a provider may round down what it is asked for.
      await refusedLun(
        ctx,
        'VDS-10.2i',
        await ctx.make.startLun(subSystem, { type: VDS_LT_SIMPLE, size: size * 2n + 1024n * MIB }),
        TOO_LARGE,
        'for twice as much as QueryMaxLunCreateSize reported',
      );
      const made = await createdSize(
        ctx,
        subSystem,
        'VDS-10.5a',
        await ctx.make.startLun(subSystem, { type: VDS_LT_SIMPLE, size }),
        'for the size that QueryMaxLunCreateSize reported',
      );
      ctx.duties.holds(
        'VDS-10.2c',
        made >= size,
        `a LUN of ${size} bytes, which QueryMaxLunCreateSize reported as possible, was made with ${made}`,
      );
    },
  },
  {
    id: 'subsystem.largest-lun-on-given-drives',
    title: 'QueryMaxLunCreateSize for given drives reports no more than those drives have',
    requirements: ['VDS-10.5a'],
    changes: false,
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { VDS_LT_SIMPLE } = VDS_LUN_TYPE;
      const [{ prop, free }] = await emptyDrives(ctx, subSystem);
      const driveIdArray = [prop.id];
      const plain = await largest(ctx, subSystem, VDS_LT_SIMPLE, { driveIdArray, hints: hintsOf({}) });
      ctx.duties.holds(
        'VDS-10.5a',
        plain <= free,
        `QueryMaxLunCreateSize reported ${plain} bytes for one given drive, which has ${free} free`,
      );
    },
  },
  {
    id: 'subsystem.largest-lun-despite-hints',
    title: 'QueryMaxLunCreateSize goes by the drives that it is given, and not by a hint of fewer',
    requirements: ['VDS-10.5f'],
    changes: false,
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { VDS_LT_SPAN } = VDS_LUN_TYPE;
      if (((await flagsOf(ctx, subSystem)) & VDS_SUB_SYSTEM_FLAG.VDS_SF_SUPPORTS_SPAN_LUNS) === 0)
        ctx.notApplicable('the subsystem does not have VDS_SF_SUPPORTS_SPAN_LUNS');
      const driveIdArray = (await emptyDrives(ctx, subSystem, 2)).slice(0, 2).map(({ prop }) => prop.id);
      const plain = await largest(ctx, subSystem, VDS_LT_SPAN, { driveIdArray, hints: hintsOf({}) });
      const hints = hintsOf({ maximumDriveCount: 1 });
      ctx.duties.equal(
        'VDS-10.5f',
        'what QueryMaxLunCreateSize reports for two drives and a hint of one, which has less weight,',
        await largest(ctx, subSystem, VDS_LT_SPAN, { driveIdArray, hints }),
        plain,
      );
    },
  },
  {
    id: 'subsystem.largest-lun-unknown-drive',
    title: 'QueryMaxLunCreateSize refuses an id that no drive has, with VDS_E_OBJECT_NOT_FOUND',
    requirements: ['VDS-7.2', 'VDS-7.2d'],
    changes: false,
    cost: { calls: 4, recoveries: 0 },
    async run(ctx) {
      const result = ctx.duties.supported(
        await (
          await ctx.system.subSystem()
        ).queryMaxLunCreateSize({ type: VDS_LUN_TYPE.VDS_LT_SIMPLE, driveIdArray: [UNKNOWN_ID], hints: hintsOf({}) }),
      );
      ctx.duties.notFound(result, 'for an id that no drive has');
    },
  },
  {
    id: 'subsystem.largest-lun-null-hints',
    title:
      'QueryMaxLunCreateSize takes or refuses NULL for the hints, each time ' +
      'alike, and reports the same as without hints',
    requirements: ['VDS-10.5b', 'VDS-10.5a'],
    changes: false,
    cost: { calls: 8, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { VDS_LT_SIMPLE } = VDS_LUN_TYPE;
      const plain = await largest(ctx, subSystem, VDS_LT_SIMPLE);
      for (let time = 0; time < 2; time++) {
        const result = await subSystem.queryMaxLunCreateSize({ type: VDS_LT_SIMPLE, hints: null });
        if (succeeded(result.hr))
          ctx.duties.equal(
            'VDS-10.5a',
            'what QueryMaxLunCreateSize reports with NULL for hints',
            ctx.duties.output('VDS-10.5a', result, 'maxLunSize'),
            plain,
            result,
          );
        else ctx.duties.permitted('VDS-10.5b', result, 'with NULL for the hints');
        ctx.duties.reading(
          'QueryMaxLunCreateSize with NULL for the hints',
          succeeded(result.hr) ? 'taken' : 'refused',
          'VDS-10.5b',
        );
      }
    },
  },
  {
    id: 'subsystem.largest-lun-needs-a-result',
    title: 'QueryMaxLunCreateSize refuses NULL for its result',
    requirements: ['VDS-10.5e'],
    capabilities: ['nullOuts'],
    changes: false,
    cost: { calls: 4, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      await largest(ctx, subSystem, VDS_LUN_TYPE.VDS_LT_SIMPLE);
      const result = await subSystem.queryMaxLunCreateSize(
        { type: VDS_LUN_TYPE.VDS_LT_SIMPLE, hints: hintsOf({}) },
        { nullOuts: ['maxLunSize'] },
      );
      // Which code is open, also E_POINTER; a success, or a crash, is not.
      ctx.duties.holds(
        'VDS-10.5e',
        !succeeded(result.hr),
        `QueryMaxLunCreateSize answered ${formatHresult(result.hr)} with NULL for its result, which it requires`,
        result,
      );
    },
  },
  {
    id: 'subsystem.largest-lun2',
    title: 'QueryMaxLunCreateSize2 reports what QueryMaxLunCreateSize reports',
    requirements: ['VDS-10.5a'],
    changes: false,
    cost: { calls: 8, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const second = await ctx.system.optional(subSystem, 'IVdsSubSystem2');
      const first = await largest(ctx, subSystem, VDS_LUN_TYPE.VDS_LT_SIMPLE);
      const result = ctx.duties.supported(
        await second.queryMaxLunCreateSize2({ type: VDS_LUN_TYPE.VDS_LT_SIMPLE, hints2: zeroStructure('VDS_HINTS2') }),
      );
      ctx.duties.equal(
        'VDS-10.5a',
        'what QueryMaxLunCreateSize2 reports',
        ctx.duties.output('VDS-10.5a', result, 'maxLunSize'),
        first,
        result,
      );
    },
  },
  {
    id: 'subsystem.space-is-freed',
    title: 'After a LUN was made and deleted, QueryMaxLunCreateSize reports what it reported before',
    requirements: ['VDS-10.6'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      // A span counts the room of all drives; a simple LUN that of one, where a leak on another does not show.
      const spans = ((await flagsOf(ctx, subSystem)) & VDS_SUB_SYSTEM_FLAG.VDS_SF_SUPPORTS_SPAN_LUNS) !== 0;
      const type = spans ? VDS_LUN_TYPE.VDS_LT_SPAN : VDS_LUN_TYPE.VDS_LT_SIMPLE;
      const before = await largest(ctx, subSystem, type);
      const { lun } = await ctx.make.lun(subSystem, { type });
      ctx.duties.ok('VDS-10.6', await lun.delete());
      const after = await largest(ctx, subSystem, type);
      ctx.duties.holds(
        'VDS-10.6',
        after >= before,
        `QueryMaxLunCreateSize reported ${before} bytes before a LUN was made, and ${after} after it was deleted`,
      );
    },
  },
];
