// The plexes of LUNs (semantics.md 10.8, 10.12 and 10.15): what they tell, what lies where, adding and removing them.
import {
  bytesOf,
  type Context,
  type CreatedLun,
  defineSuite,
  drivesOf,
  extentsOf,
  flagsOf,
  type FoundPlex,
  hintsOf,
  idsOf,
  type IVdsLun,
  type IVdsLunPlex,
  type IVdsSubSystem,
  makeLun,
  makeMirror,
  plexesOf,
  refusedOperation,
  sizeOf,
  UNKNOWN_ID,
} from '../src/checks/index.js';
import {
  formatHresult,
  HINT_MASK_FLAGS,
  HR,
  succeeded,
  VDS_ASYNC_OUTPUT_TYPE,
  type VDS_HINTS,
  VDS_LUN_PLEX_TYPE,
  VDS_LUN_TYPE,
  VDS_SUB_SYSTEM_FLAG,
} from '../src/contract/index.js';
import { healthAgrees, type StatusKind } from './shared/status.js';

/** A plex of each kind of LUN that there is: those of a new LUN and of the first LUNs that the subsystem has. */
async function somePlexes(ctx: Context): Promise<{ readonly lun: IVdsLun; readonly found: FoundPlex }[]> {
  const subSystem = await ctx.system.subSystem();
  await ctx.make.lun(subSystem);
  const some = [];
  for (const lun of (await ctx.duties.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a')).slice(-8)) {
    for (const found of await plexesOf(ctx, lun)) some.push({ lun, found });
  }
  return some;
}

const PLEX: StatusKind = {
  suite: 'plexes',
  interfaceName: 'IVdsLunPlex',
  all: async (ctx) => (await somePlexes(ctx)).map(({ found }) => found.plex),
  spare: async (ctx) => {
    const { lun } = await ctx.make.lun(await ctx.system.subSystem());
    return (await plexesOf(ctx, lun))[0]?.plex ?? ctx.notApplicable('the LUN shows no plex');
  },
};

/** Not applicable on a subsystem whose LUNs have one plex each. */
async function needsPlexing(ctx: Context, subSystem: IVdsSubSystem): Promise<void> {
  if (((await flagsOf(ctx, subSystem)) & VDS_SUB_SYSTEM_FLAG.VDS_SF_LUN_PLEXING_CAPABLE) === 0)
    ctx.notApplicable('the subsystem does not have VDS_SF_LUN_PLEXING_CAPABLE');
}

/** Two LUNs, and AddPlex of the second to the first, which must succeed. */
async function joined(ctx: Context, target: CreatedLun, source: CreatedLun): Promise<void> {
  const started = ctx.duties.supported(await target.lun.addPlex({ lunId: source.id }));
  await ctx.duties.completed(started, VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_ADDLUNPLEX);
}

/** What QueryHints tells; not applicable where hints are not supported. */
async function hintsNow(ctx: Context, object: IVdsLun | IVdsLunPlex): Promise<VDS_HINTS> {
  return ctx.duties.output('VDS-10.12a', ctx.duties.supported(await object.queryHints()), 'hints');
}

/** Whether a hint of a mask bit is in effect, as QueryHints tells. */
const told = ({ hintMask, mostlyReads }: VDS_HINTS): string =>
  (hintMask & HINT_MASK_FLAGS.VDS_HINT_MOSTLYREADS) === 0n ? 'not applied' : String(mostlyReads);

export const suite = defineSuite('plexes', 'Plexes of LUNs', [
  healthAgrees(PLEX),
  {
    id: 'plexes.at-least-one',
    title: 'Every LUN has at least one plex, whose GetLun hands out that LUN',
    requirements: ['VDS-6.7b', 'VDS-4.4'],
    cost: { calls: 50, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      await ctx.make.lun(subSystem);
      for (const lun of (await ctx.duties.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a')).slice(-8)) {
        const plexes = await plexesOf(ctx, lun);
        ctx.duties.holds('VDS-6.7b', plexes.length > 0, 'QueryPlexes lists no plex of a LUN');
        const [id] = await idsOf(ctx, [lun], 'VDS-4.4');
        for (const { plex } of plexes) {
          const result = await plex.getLun();
          ctx.duties.equal(
            'VDS-4.4',
            'the LUN that a plex hands out',
            (await idsOf(ctx, [ctx.duties.output('VDS-4.4', result, 'lun')], 'VDS-4.4'))[0],
            id,
            result,
          );
        }
      }
    },
  },
  {
    id: 'plexes.size',
    title: 'No plex is smaller than its LUN',
    requirements: ['VDS-10.8b'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      for (const { lun, found } of await somePlexes(ctx)) {
        const size = await sizeOf(ctx, lun, 'VDS-10.8b');
        ctx.duties.holds(
          'VDS-10.8b',
          found.prop.size >= size,
          `a plex has ${found.prop.size} bytes and its LUN ${size}`,
        );
      }
    },
  },
  {
    id: 'plexes.size-after-extend',
    title: 'Every plex grows with its LUN',
    requirements: ['VDS-10.8b'],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      const { lun, size: before } = await ctx.make.lun(await ctx.system.subSystem());
      for (const { prop } of await plexesOf(ctx, lun))
        ctx.duties.holds('VDS-10.8b', prop.size >= before, `the LUN has ${before} bytes and its plex ${prop.size}`);
      await ctx.duties.completed(
        await lun.extend({ numberOfBytesToAdd: before }),
        VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_EXTENDLUN,
      );
      const size = await sizeOf(ctx, lun, 'VDS-10.8b');
      for (const { prop } of await plexesOf(ctx, lun))
        ctx.duties.holds(
          'VDS-10.8b',
          prop.size >= size,
          `after Extend the LUN has ${size} bytes and its plex ${prop.size}`,
        );
    },
  },
  {
    id: 'plexes.stripe-size',
    title: 'A plex that is neither striped nor striped with parity has stripe size 0',
    requirements: ['VDS-10.8b'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const { VDS_LPT_SIMPLE, VDS_LPT_SPAN } = VDS_LUN_PLEX_TYPE;
      for (const {
        found: { prop },
      } of await somePlexes(ctx)) {
        if (prop.type === VDS_LPT_SIMPLE || prop.type === VDS_LPT_SPAN)
          ctx.duties.equal(
            'VDS-10.8b',
            `VDS_LUN_PLEX_PROP.ulStripeSize of a plex of type ${prop.type}`,
            prop.stripeSize,
            0,
          );
      }
    },
  },
  {
    id: 'plexes.extents',
    title: 'The extents of a plex lie on drives of the subsystem, and each drive tells the same ones of the LUN',
    requirements: ['VDS-10.15'],
    cost: { calls: 60, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { id, lun } = await ctx.make.lun(subSystem);
      const drives = (await drivesOf(ctx, subSystem)).map(({ prop }) => prop.id);
      for (const { plex } of await plexesOf(ctx, lun)) {
        for (const extent of await extentsOf(ctx, plex)) {
          ctx.duties.holds(
            'VDS-10.15',
            drives.includes(extent.id),
            'an extent of a plex names a drive that QueryDrives does not list',
          );
          ctx.duties.holds('VDS-10.15', extent.used, 'an extent of a plex is told as unused');
          ctx.duties.equal('VDS-10.15', 'the LUN that an extent of a plex names', extent.lunId, id);
          ctx.duties.holds('VDS-10.15', extent.size > 0n, 'an extent of a plex has no bytes');
        }
      }
    },
  },
  {
    id: 'plexes.extents-are-exclusive',
    title: 'The extents of all plexes of a subsystem need no more of a drive than the drive tells as used',
    requirements: ['VDS-10.15'],
    cost: { calls: 80, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      await ctx.make.lun(subSystem);
      const needed = new Map<string, bigint>();
      for (const lun of await ctx.duties.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a')) {
        for (const { plex } of await plexesOf(ctx, lun))
          for (const each of await extentsOf(ctx, plex)) needed.set(each.id, (needed.get(each.id) ?? 0n) + each.size);
      }
      for (const { drive, prop } of await drivesOf(ctx, subSystem)) {
        const used = bytesOf((await extentsOf(ctx, drive)).filter((e) => e.used));
        ctx.duties.holds(
          'VDS-10.15',
          (needed.get(prop.id) ?? 0n) <= used,
          `the plexes have ${needed.get(prop.id) ?? 0n} bytes of a drive that tells ${used} as used`,
        );
      }
    },
  },
  {
    id: 'plexes.mirror',
    title: 'A mirror has two plexes or more, with ids of their own and extents of their own',
    requirements: ['VDS-10.8b', 'VDS-4.2a'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const { plexes, size } = await makeMirror(ctx, await ctx.system.subSystem());
      ctx.duties.equal(
        'VDS-4.2a',
        'the number of ids that the plexes of a mirror have',
        new Set(plexes.map(({ prop }) => prop.id)).size,
        plexes.length,
      );
      for (const { plex, prop } of plexes) {
        ctx.duties.holds('VDS-10.8b', prop.size >= size, `a plex of a mirror of ${size} bytes has ${prop.size}`);
        ctx.duties.holds('VDS-10.15', (await extentsOf(ctx, plex)).length > 0, 'a plex of a mirror has no extents');
      }
    },
  },
  {
    id: 'plexes.add',
    title: 'AddPlex makes another LUN a plex of this one: it is no LUN any more, and this one keeps its id and size',
    requirements: ['VDS-10.8a', 'VDS-8.1b', 'VDS-8.4a'],
    cost: { calls: 50, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      await needsPlexing(ctx, subSystem);
      const target = await makeLun(ctx, subSystem);
      // Larger: the target keeps its own size.
      const source = await makeLun(ctx, subSystem, { size: target.size * 2n });
      const before = (await plexesOf(ctx, target.lun)).length;
      const added = (await plexesOf(ctx, source.lun)).length;
      await joined(ctx, target, source);
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
    requirements: ['VDS-10.8a'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      await needsPlexing(ctx, subSystem);
      const source = await makeLun(ctx, subSystem);
      const target = await makeLun(ctx, subSystem, { size: source.size * 2n });
      if (source.size >= target.size) ctx.notApplicable('the array rounds both sizes to one');
      const started = ctx.duties.supported(await target.lun.addPlex({ lunId: source.id }));
      await refusedOperation(ctx, 'VDS-10.8a', started, [HR.VDS_E_INVALID_OPERATION], 'for a LUN that is smaller');
      ctx.duties.equal(
        'VDS-0.2b',
        'the size of the smaller LUN after an AddPlex that failed',
        await sizeOf(ctx, source.lun, 'VDS-10.8a'),
        source.size,
      );
      ctx.duties.equal(
        'VDS-0.2b',
        'the size of the LUN after an AddPlex that failed',
        await sizeOf(ctx, target.lun, 'VDS-10.8a'),
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
      const target = await makeLun(ctx, subSystem, { size: source.size });
      if (source.size < target.size) ctx.notApplicable('the array rounds a mirror to less');
      await joined(ctx, target, source);
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
    title: 'AddPlex answers VDS_E_OBJECT_NOT_FOUND for an id that is no LUN',
    requirements: ['VDS-7.2'],
    cost: { calls: 14, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      await needsPlexing(ctx, subSystem);
      const { lun } = await makeLun(ctx, subSystem);
      const started = ctx.duties.supported(await lun.addPlex({ lunId: UNKNOWN_ID }));
      ctx.duties.code('VDS-7.2', started, HR.VDS_E_OBJECT_NOT_FOUND, 'for an id that is no LUN');
    },
  },
  {
    id: 'plexes.remove',
    title:
      "RemovePlex takes a plex from a mirror and frees its extents; the plex's object answers VDS_E_OBJECT_DELETED, the LUN stays",
    requirements: ['VDS-10.8a', 'VDS-8.1b', 'VDS-8.4a', 'VDS-7.1a'],
    cost: { calls: 60, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { lun, id, size, plexes } = await makeMirror(ctx, subSystem);
      const own = new Map<string, bigint>();
      for (const { plex, prop } of plexes) own.set(prop.id, bytesOf(await extentsOf(ctx, plex)));
      const onDrives = async (): Promise<bigint> => {
        let used = 0n;
        for (const { drive } of await drivesOf(ctx, subSystem))
          used += bytesOf((await extentsOf(ctx, drive)).filter((e) => e.used && e.lunId === id));
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
      await ctx.duties.completed(started, VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_REMOVELUNPLEX);
      const left = (await plexesOf(ctx, lun)).map(({ prop }) => prop.id);
      ctx.duties.equal(
        'VDS-10.8a',
        'the plexes after one was removed',
        [...left].sort().join(' '),
        plexes
          .map(({ prop }) => prop.id)
          .filter((each) => each !== gone.prop.id)
          .sort()
          .join(' '),
      );
      ctx.duties.equal(
        'VDS-10.8a',
        'the size of the LUN after a plex was removed',
        await sizeOf(ctx, lun, 'VDS-10.8a'),
        size,
      );
      ctx.duties.code(
        'VDS-7.1a',
        await gone.plex.getProperties(),
        HR.VDS_E_OBJECT_DELETED,
        'on a plex that was removed',
      );
      ctx.duties.equal(
        'VDS-10.8a',
        'the bytes of the LUN on the drives after a plex was removed',
        await onDrives(),
        before - (own.get(gone.prop.id) ?? 0n),
      );
    },
  },
  {
    id: 'plexes.remove-last',
    title: 'RemovePlex refuses the only plex of a LUN, which stays',
    requirements: ['VDS-10.8a'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const { lun, size } = await makeLun(ctx, await ctx.system.subSystem());
      const [only, ...others] = await plexesOf(ctx, lun);
      if (only === undefined || others.length > 0) return ctx.notApplicable('a simple LUN does not have one plex here');
      const started = await lun.removePlex({ plexId: only.prop.id });
      if (succeeded(started.hr)) {
        const waited = await ctx.duties.output('VDS-8.1b', started, 'async').wait();
        ctx.duties.holds(
          'VDS-10.8a',
          !succeeded(ctx.duties.output('VDS-8.2', waited, 'hrResult')),
          'RemovePlex of the only plex succeeded',
          waited,
        );
      } else ctx.duties.permitted('VDS-10.8a', started, 'for the only plex');
      ctx.duties.equal(
        'VDS-10.8a',
        'the size of the LUN after a RemovePlex that failed',
        await sizeOf(ctx, lun, 'VDS-10.8a'),
        size,
      );
      ctx.duties.equal(
        'VDS-10.8a',
        'the number of plexes after a RemovePlex that failed',
        (await plexesOf(ctx, lun)).length,
        1,
      );
    },
  },
  {
    id: 'plexes.remove-unknown',
    title: 'RemovePlex answers VDS_E_OBJECT_NOT_FOUND for an id that is no plex of the LUN',
    requirements: ['VDS-7.2'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { lun } = await ctx.make.lun(subSystem);
      const other = await ctx.make.lun(subSystem);
      const [foreign] = await plexesOf(ctx, other.lun);
      for (const plexId of [UNKNOWN_ID, ...(foreign === undefined ? [] : [foreign.prop.id])]) {
        const result = ctx.duties.supported(await lun.removePlex({ plexId }));
        ctx.duties.code('VDS-7.2', result, HR.VDS_E_OBJECT_NOT_FOUND, 'for an id that is no plex of the LUN');
      }
    },
  },
  {
    id: 'plexes.recover-simple',
    title: 'Recover of a LUN that is not fault-tolerant answers VDS_E_INVALID_OPERATION',
    requirements: ['VDS-10.8a'],
    cost: { calls: 14, recoveries: 0 },
    async run(ctx) {
      const { lun } = await makeLun(ctx, await ctx.system.subSystem(), { type: VDS_LUN_TYPE.VDS_LT_SIMPLE });
      const started = ctx.duties.supported(await lun.recover());
      await refusedOperation(ctx, 'VDS-10.8a', started, [HR.VDS_E_INVALID_OPERATION], 'on a simple LUN');
    },
  },
  {
    id: 'plexes.recover-mirror',
    title: 'Recover of a healthy mirror completes as such, and leaves it as it was',
    requirements: ['VDS-8.1b', 'VDS-8.4a'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const { lun, size, plexes } = await makeMirror(ctx, await ctx.system.subSystem());
      const started = await lun.recover();
      if (!succeeded(started.hr)) {
        ctx.duties.permitted('VDS-8.1b', started, 'on a healthy mirror');
        ctx.notApplicable(`Recover of a healthy mirror answered ${formatHresult(started.hr)}`);
      }
      await ctx.duties.completed(started, VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_RECOVERLUN);
      ctx.duties.equal('VDS-10.8a', 'the size of a mirror after Recover', await sizeOf(ctx, lun, 'VDS-10.8a'), size);
      ctx.duties.equal(
        'VDS-10.8a',
        'the number of plexes after Recover',
        (await plexesOf(ctx, lun)).length,
        plexes.length,
      );
    },
  },
  {
    id: 'plexes.hints-of-the-lun',
    title: 'A hint applied to a LUN is a hint of each of its plexes',
    requirements: ['VDS-10.12a'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const { lun, plexes } = await makeMirror(ctx, await ctx.system.subSystem());
      const result = ctx.duties.supported(
        await lun.applyHints({ hints: hintsOf({ hintMask: HINT_MASK_FLAGS.VDS_HINT_MOSTLYREADS, mostlyReads: true }) }),
      );
      ctx.duties.ok('VDS-10.12a', result);
      const ofLun = told(await hintsNow(ctx, lun));
      for (const { plex } of plexes)
        ctx.duties.equal(
          'VDS-10.12a',
          'the hint of a plex after it was applied to its LUN',
          told(await hintsNow(ctx, plex)),
          ofLun,
        );
    },
  },
  {
    id: 'plexes.hints-of-one',
    title: 'A hint applied to a plex leaves the hints of its neighbour as they were',
    requirements: ['VDS-10.12a'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const {
        plexes: [first, second],
      } = await makeMirror(ctx, await ctx.system.subSystem());
      const before = told(await hintsNow(ctx, second.plex));
      const result = ctx.duties.supported(
        await first.plex.applyHints({
          hints: hintsOf({ hintMask: HINT_MASK_FLAGS.VDS_HINT_MOSTLYREADS, mostlyReads: before !== 'true' }),
        }),
      );
      ctx.duties.ok('VDS-10.12a', result);
      ctx.duties.equal(
        'VDS-10.12a',
        'the hint of a plex after it was applied to another plex of the LUN',
        told(await hintsNow(ctx, second.plex)),
        before,
      );
    },
  },
]);
