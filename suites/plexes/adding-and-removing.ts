// Plexes that are added to a LUN and removed from it, and mirrors that are recovered.
import {
  bytesOf,
  bytesOfLun,
  type Check,
  type Context,
  drivesOf,
  extentsOf,
  flagsOf,
  idsOf,
  type IVdsSubSystem,
  makeMirror,
  notFoundOperation,
  plexesOf,
  refusedOperation,
  sizeOf,
  UNKNOWN_ID,
  comes,
  NF,
  isEvent,
  comesOnce,
  lunsApart,
} from '../../src/checks/index.js';
import { formatHresult, HR, succeeded, VDS_LUN_TYPE, VDS_SUB_SYSTEM_FLAG } from '../../src/contract/index.js';

/** Not applicable on a subsystem whose LUNs have one plex each. */
async function needsPlexing(ctx: Context, subSystem: IVdsSubSystem): Promise<void> {
  if (((await flagsOf(ctx, subSystem)) & VDS_SUB_SYSTEM_FLAG.VDS_SF_LUN_PLEXING_CAPABLE) === 0)
    ctx.notApplicable('the subsystem does not have VDS_SF_LUN_PLEXING_CAPABLE');
}

export const addingAndRemovingChecks: readonly Check[] = [
  {
    id: 'plexes.add-is-announced',
    title: 'VDS_NF_LUN_MODIFY follows when a plex is added to a LUN, VDS_NF_LUN_DEPART of the LUN that became it',
    requirements: ['VDS-9.6b', 'VDS-9.6e'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      await needsPlexing(ctx, subSystem);
      const [target, source] = await lunsApart(ctx, subSystem);
      const mark = ctx.session.received.length;
      await ctx.make.plex(target, source);
      await comes(
        ctx,
        'VDS_NF_LUN_MODIFY for a LUN that was given a plex',
        isEvent('lun', NF.VDS_NF_LUN_MODIFY, target.id),
        mark,
        'VDS-9.6b',
      );
      await comesOnce(
        ctx,
        'VDS_NF_LUN_DEPART for a LUN that became a plex of another',
        isEvent('lun', NF.VDS_NF_LUN_DEPART, source.id),
        mark,
        'VDS-9.6e',
      );
    },
  },
  {
    id: 'plexes.add',
    title:
      'AddPlex makes another LUN a plex of this one: the other is gone as a LUN, and this one keeps its id and size',
    requirements: ['VDS-10.8a', 'VDS-8.1b', 'VDS-8.4a'],
    cost: { calls: 50, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      await needsPlexing(ctx, subSystem);
      // The second is larger: the first keeps its own size.
      const [target, source] = await lunsApart(ctx, subSystem, 2n);
      const before = (await plexesOf(ctx, target.lun)).length;
      const added = (await plexesOf(ctx, source.lun)).length;
      await ctx.make.plex(target, source);
      ctx.duties.equal(
        'VDS-10.8a',
        'the size of the LUN after AddPlex of a larger one',
        await sizeOf(ctx, target.lun, 'VDS-10.8a'),
        target.size,
      );
      ctx.duties.equal(
        'VDS-10.8a',
        'the number of plexes after AddPlex',
        (await plexesOf(ctx, target.lun)).length,
        before + added,
      );
      const listed = await ctx.duties.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a');
      ctx.duties.holds(
        'VDS-10.8a',
        !(await idsOf(ctx, listed, 'VDS-10.8a')).includes(source.id),
        'QueryLuns still lists the LUN that was added as a plex',
      );
      ctx.duties.code(
        'VDS-7.1a',
        await source.lun.getProperties(),
        HR.VDS_E_OBJECT_DELETED,
        'on a LUN that was added to another as a plex',
      );
    },
  },
  {
    id: 'plexes.add-smaller',
    title: 'AddPlex of a smaller LUN answers VDS_E_INVALID_OPERATION and leaves both as they are',
    requirements: ['VDS-10.8e'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      await needsPlexing(ctx, subSystem);
      const source = await ctx.make.simpleLun(subSystem);
      const target = await ctx.make.simpleLun(subSystem, { size: source.size * 2n });
      if (source.size >= target.size) ctx.notApplicable('the array rounds both sizes to one');
      const started = ctx.duties.supported(await target.lun.addPlex({ lunId: source.id }));
      await refusedOperation(ctx, 'VDS-10.8e', started, [HR.VDS_E_INVALID_OPERATION], 'for a LUN that is smaller');
      ctx.duties.equal(
        'VDS-0.2b',
        'the size of the smaller LUN after an AddPlex that failed',
        await sizeOf(ctx, source.lun, 'VDS-10.8e'),
        source.size,
      );
      ctx.duties.equal(
        'VDS-0.2b',
        'the size of the LUN after an AddPlex that failed',
        await sizeOf(ctx, target.lun, 'VDS-10.8e'),
        target.size,
      );
    },
  },
  {
    id: 'plexes.add-mirror',
    title: 'AddPlex of a mirror adds each of its plexes',
    requirements: ['VDS-10.8a'],
    cost: { calls: 50, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      await needsPlexing(ctx, subSystem);
      const source = await makeMirror(ctx, subSystem);
      const target = await ctx.make.simpleLun(subSystem, { size: source.size });
      if (source.size < target.size) ctx.notApplicable('the array rounds a mirror to less');
      await ctx.make.plex(target, source, 1 + source.plexes.length);
      ctx.duties.equal(
        'VDS-10.8a',
        'the number of plexes after AddPlex of a mirror',
        (await plexesOf(ctx, target.lun)).length,
        1 + source.plexes.length,
      );
    },
  },
  {
    id: 'plexes.add-unknown',
    title: 'AddPlex refuses an id that no LUN has, with VDS_E_OBJECT_NOT_FOUND',
    requirements: ['VDS-7.2', 'VDS-7.2d'],
    cost: { calls: 14, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      await needsPlexing(ctx, subSystem);
      const { lun } = await ctx.make.simpleLun(subSystem);
      const started = ctx.duties.supported(await lun.addPlex({ lunId: UNKNOWN_ID }));
      await notFoundOperation(ctx, started, 'for an id that no LUN has');
    },
  },
  {
    id: 'plexes.remove',
    title:
      "RemovePlex takes a plex from a mirror and frees its extents; the plex's " +
      'object answers VDS_E_OBJECT_DELETED, the LUN stays',
    requirements: ['VDS-10.8g', 'VDS-8.1b', 'VDS-8.4a', 'VDS-8.4b', 'VDS-7.1a'],
    cost: { calls: 60, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { lun, id, size, plexes } = await makeMirror(ctx, subSystem);
      const own = new Map<string, bigint>();
      for (const { plex, prop } of plexes) own.set(prop.id, bytesOf(await extentsOf(ctx, plex)));
      const onDrives = async (): Promise<bigint> => {
        let used = 0n;
        for (const { drive } of await drivesOf(ctx, subSystem)) used += bytesOfLun(await extentsOf(ctx, drive), id);
        return used;
      };
      const before = await onDrives();
      // The original plex may be refused, and no page says in which order they are listed.
      let gone = plexes[1];
      let started = await lun.removePlex({ plexId: gone.prop.id });
      if (started.hr === HR.VDS_E_INVALID_OPERATION) {
        gone = plexes[0];
        started = await lun.removePlex({ plexId: gone.prop.id });
      }
      const first = await ctx.duties.completed(started);
      const again = await ctx.duties.output('VDS-8.1b', started, 'async').wait();
      for (const waited of [first, again])
        ctx.duties.reading(
          'the type of the output of RemovePlex',
          String(ctx.duties.output('VDS-8.4b', waited, 'asyncOut').type),
          'VDS-8.4b',
        );
      const left = (await plexesOf(ctx, lun)).map(({ prop }) => prop.id);
      ctx.duties.equal(
        'VDS-10.8g',
        'the plexes after one was removed',
        [...left].sort(),
        plexes
          .map(({ prop }) => prop.id)
          .filter((each) => each !== gone.prop.id)
          .sort(),
      );
      ctx.duties.equal(
        'VDS-10.8g',
        'the size of the LUN after a plex was removed',
        await sizeOf(ctx, lun, 'VDS-10.8g'),
        size,
      );
      ctx.duties.code(
        'VDS-7.1a',
        await gone.plex.getProperties(),
        HR.VDS_E_OBJECT_DELETED,
        'on a plex that was removed',
      );
      ctx.duties.equal(
        'VDS-10.8g',
        'the bytes of the LUN on the drives after a plex was removed',
        await onDrives(),
        before - (own.get(gone.prop.id) ?? 0n),
      );
    },
  },
  {
    id: 'plexes.remove-last',
    title: 'RemovePlex refuses the only plex of a LUN, which stays',
    requirements: ['VDS-10.8f'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const { lun, size } = await ctx.make.simpleLun(await ctx.system.subSystem());
      const [only, ...others] = await plexesOf(ctx, lun);
      if (only === undefined || others.length > 0) return ctx.notApplicable('a simple LUN does not have one plex here');
      const started = await lun.removePlex({ plexId: only.prop.id });
      if (succeeded(started.hr)) {
        const waited = await ctx.duties.output('VDS-8.1b', started, 'async').wait();
        ctx.duties.holds(
          'VDS-10.8f',
          !succeeded(ctx.duties.output('VDS-8.2', waited, 'hrResult')),
          'RemovePlex of the only plex succeeded',
          waited,
        );
      } else ctx.duties.permitted('VDS-10.8f', started, 'for the only plex');
      ctx.duties.equal(
        'VDS-10.8f',
        'the size of the LUN after a RemovePlex that failed',
        await sizeOf(ctx, lun, 'VDS-10.8f'),
        size,
      );
      ctx.duties.equal(
        'VDS-10.8f',
        'the number of plexes after a RemovePlex that failed',
        (await plexesOf(ctx, lun)).length,
        1,
      );
    },
  },
  {
    id: 'plexes.remove-unknown',
    title: 'RemovePlex answers VDS_E_OBJECT_NOT_FOUND for an id that no plex of the LUN has',
    requirements: ['VDS-7.2c'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { lun } = await ctx.make.lun(subSystem);
      const other = await ctx.make.lun(subSystem);
      const [foreign] = await plexesOf(ctx, other.lun);
      for (const plexId of [UNKNOWN_ID, ...(foreign === undefined ? [] : [foreign.prop.id])]) {
        const result = ctx.duties.supported(await lun.removePlex({ plexId }));
        ctx.duties.code('VDS-7.2c', result, HR.VDS_E_OBJECT_NOT_FOUND, 'for an id that no plex of the LUN has');
      }
    },
  },
  {
    id: 'plexes.recover-simple',
    title: 'Recover of a LUN that is not fault-tolerant answers VDS_E_INVALID_OPERATION',
    requirements: ['VDS-10.8h'],
    cost: { calls: 14, recoveries: 0 },
    async run(ctx) {
      const { lun } = await ctx.make.lun(await ctx.system.subSystem(), { type: VDS_LUN_TYPE.VDS_LT_SIMPLE });
      const started = ctx.duties.supported(await lun.recover());
      await refusedOperation(ctx, 'VDS-10.8h', started, [HR.VDS_E_INVALID_OPERATION], 'on a simple LUN');
    },
  },
  {
    id: 'plexes.recover-mirror',
    title: 'Recover of a healthy mirror completes as such, and leaves it as it was',
    requirements: ['VDS-10.8i', 'VDS-8.1b', 'VDS-8.4a'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const { lun, size, plexes } = await makeMirror(ctx, await ctx.system.subSystem());
      const started = await lun.recover();
      if (!succeeded(started.hr)) {
        ctx.duties.permitted('VDS-8.1b', started, 'on a healthy mirror');
        ctx.notApplicable(`Recover of a healthy mirror answered ${formatHresult(started.hr)}`);
      }
      await ctx.duties.completed(started);
      ctx.duties.equal('VDS-10.8i', 'the size of a mirror after Recover', await sizeOf(ctx, lun, 'VDS-10.8i'), size);
      ctx.duties.equal(
        'VDS-10.8i',
        'the number of plexes after Recover',
        (await plexesOf(ctx, lun)).length,
        plexes.length,
      );
    },
  },
];
