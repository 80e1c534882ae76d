// The plexes of LUNs (semantics.md 10.8, 10.12 and 10.15): what they report, what lies where, adding and removing them.
import {
  type Check,
  bytesOf,
  type Context,
  defineSuite,
  drivesOf,
  extentsOf,
  flagsOf,
  type FoundPlex,
  hintsOf,
  idsOf,
  type IVdsLun,
  type IVdsLunPlex,
  makeMirror,
  plexesOf,
  sizeOf,
  nameIn,
  whereSupported,
} from '../src/checks/index.js';
import {
  HINT_MASK_FLAGS,
  succeeded,
  type VDS_HINTS,
  VDS_HEALTH,
  VDS_LUN_PLEX_STATUS,
  VDS_LUN_PLEX_TYPE,
  VDS_LUN_TYPE,
  VDS_SUB_SYSTEM_FLAG,
  type VDS_HINTS2,
  zeroStructure,
} from '../src/contract/index.js';
import { healthAgrees, type StatusKind } from './shared/status.js';
import { addingAndRemovingChecks } from './plexes/adding-and-removing.js';
import { apartChecks } from './plexes/apart.js';

/** A mirror of three plexes, where the array makes one, else of two. */
async function ofSeveralPlexes(
  ctx: Context,
): Promise<{ readonly lun: IVdsLun; readonly plexes: readonly FoundPlex[] }> {
  const subSystem = await ctx.system.subSystem();
  const mirror = await makeMirror(ctx, subSystem);
  if (((await flagsOf(ctx, subSystem)) & VDS_SUB_SYSTEM_FLAG.VDS_SF_LUN_PLEXING_CAPABLE) !== 0)
    await whereSupported(async () => {
      const source = await ctx.make.simpleLun(subSystem, { size: mirror.size });
      if (source.size >= mirror.size) await ctx.make.plex(mirror, source, 1 + mirror.plexes.length);
    });
  return { lun: mirror.lun, plexes: await plexesOf(ctx, mirror.lun) };
}

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

/** The hints that QueryHints reports; not applicable where hints are not supported. */
async function hintsNow(ctx: Context, object: IVdsLun | IVdsLunPlex): Promise<VDS_HINTS> {
  return ctx.duties.output('VDS-10.12a', ctx.duties.supported(await object.queryHints()), 'hints');
}

/** Whether a hint of a mask bit is in effect, as QueryHints reports. */
const told = ({ hintMask, mostlyReads }: VDS_HINTS): string =>
  (hintMask & HINT_MASK_FLAGS.VDS_HINT_MOSTLYREADS) === 0n ? 'not applied' : String(mostlyReads);

/** The types of which a LUN has several plexes, with hints for them that a new one may be given. */
const MADE_WITH_HINTS = [
  { type: VDS_LUN_TYPE.VDS_LT_MIRROR, slug: 'mirror', of: 'a mirror that was asked for with hints' },
  {
    type: VDS_LUN_TYPE.VDS_LT_FAULT_TOLERANT,
    slug: 'fault-tolerant',
    of: 'a fault-tolerant LUN that was asked for with hints',
  },
] as const;

/** The plexes of a new LUN may have the hints of its creation from one place, and later not any more. */
const hintsOfEach = ({ type, slug, of }: (typeof MADE_WITH_HINTS)[number]): Check => ({
  id: `plexes.hints-of-each.${slug}`,
  title: `A hint applied to each plex of ${of} leaves the hints of the LUN and of the other plexes as they were`,
  requirements: ['VDS-10.12a'],
  cost: { calls: 40, recoveries: 0 },
  async run(ctx) {
    const subSystem = await ctx.system.subSystem();
    const given = hintsOf({ hintMask: HINT_MASK_FLAGS.VDS_HINT_MOSTLYREADS, mostlyReads: true });
    const started = await ctx.make.startLun(subSystem, { type, hints: given });
    if (!succeeded(started.hr)) {
      ctx.duties.permitted('VDS-0.2a', started, 'for a LUN with hints');
      return ctx.notApplicable('the array makes no such LUN');
    }
    const { lun } = await ctx.make.startedLun(subSystem, started);
    const plexes = (await plexesOf(ctx, lun)).map(({ plex }) => plex);
    if (plexes.length < 2) return ctx.notApplicable('the LUN shows a single plex');
    for (const plex of plexes) {
      const others = [lun, ...plexes.filter((each) => each !== plex)];
      const before: string[] = [];
      for (const other of others) before.push(told(await hintsNow(ctx, other)));
      const mostlyReads = told(await hintsNow(ctx, plex)) !== 'true';
      const hints = hintsOf({ hintMask: HINT_MASK_FLAGS.VDS_HINT_MOSTLYREADS, mostlyReads });
      ctx.duties.ok('VDS-10.12a', ctx.duties.supported(await plex.applyHints({ hints })));
      for (const [i, other] of others.entries())
        ctx.duties.equal(
          'VDS-10.12a',
          i === 0
            ? 'the hint of a LUN after one of its plexes got another'
            : 'the hint of a plex after another got its own',
          told(await hintsNow(ctx, other)),
          before[i],
        );
    }
  },
});

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
      const { lun, drives, size: before } = await ctx.make.lun(await ctx.system.subSystem());
      for (const { prop } of await plexesOf(ctx, lun))
        ctx.duties.holds('VDS-10.8b', prop.size >= before, `the LUN has ${before} bytes and its plex ${prop.size}`);
      await ctx.duties.completed(await lun.extend({ numberOfBytesToAdd: before, driveIdArray: drives }));
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
            `VDS_LUN_PLEX_PROP.ulStripeSize of a plex of type ${nameIn('VDS_LUN_PLEX_TYPE', prop.type)}`,
            prop.stripeSize,
            0,
          );
      }
    },
  },
  {
    id: 'plexes.stripe-size-supported',
    title: 'The stripe size of a striped LUN is one that its subsystem supports',
    requirements: ['VDS-10.28'],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { stripeSizeFlags } = ctx.duties.output('VDS-10.28', await subSystem.getProperties(), 'subSystemProp');
      if (stripeSizeFlags === 0) ctx.notApplicable('the subsystem names no stripe sizes');
      const { lun } = await ctx.make.lun(subSystem, { type: VDS_LUN_TYPE.VDS_LT_STRIPE });
      for (const { prop } of await plexesOf(ctx, lun)) {
        if (prop.type !== VDS_LUN_PLEX_TYPE.VDS_LPT_STRIPE) continue;
        ctx.duties.holds(
          'VDS-10.28',
          prop.stripeSize > 0 &&
            Number.isInteger(Math.log2(prop.stripeSize)) &&
            (stripeSizeFlags & prop.stripeSize) !== 0,
          `a plex has a stripe size of ${prop.stripeSize} bytes, and its subsystem has the sizes ` +
            `0x${stripeSizeFlags.toString(16)}`,
        );
      }
    },
  },
  {
    id: 'plexes.extents',
    title: 'The extents of a plex lie on drives of the subsystem, and each drive reports the same ones of the LUN',
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
          ctx.duties.holds(
            'VDS-10.15',
            extent.used,
            'QueryExtents of a plex reports an extent as unused, although the plex is on it',
          );
          ctx.duties.equal('VDS-10.15', 'the LUN that an extent of a plex names', extent.lunId, id);
          ctx.duties.holds('VDS-10.15', extent.size > 0n, 'an extent of a plex has no bytes');
        }
      }
    },
  },
  {
    id: 'plexes.extents-are-exclusive',
    title: 'The extents of all plexes of a subsystem need no more of a drive than the drive reports as used',
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
          `the plexes have ${needed.get(prop.id) ?? 0n} bytes of a drive that reports ${used} as used`,
        );
      }
    },
  },
  {
    id: 'plexes.mirror',
    title: 'A mirror has two plexes or more, with ids of their own and extents of their own',
    requirements: ['VDS-10.8b', 'VDS-4.2d'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const { plexes, size } = await makeMirror(ctx, await ctx.system.subSystem());
      ctx.duties.equal(
        'VDS-4.2d',
        'the number of ids that the plexes of a mirror have',
        new Set(plexes.map(({ prop }) => prop.id)).size,
        plexes.length,
      );
      for (const { plex, prop } of plexes) {
        ctx.duties.holds('VDS-10.8b', prop.size >= size, `a plex of a mirror of ${size} bytes has ${prop.size}`);
        ctx.duties.holds(
          'VDS-10.15',
          (await extentsOf(ctx, plex)).length > 0,
          'QueryExtents of a plex of a mirror reports no extents',
        );
      }
    },
  },
  {
    id: 'plexes.health-with-a-failed-plex',
    title: 'A mirror of which one plex has failed does not report that it is healthy',
    requirements: ['VDS-10.14d'],
    faults: ['fail-status'],
    cost: { calls: 60, recoveries: 1 },
    async run(ctx) {
      const { lun, plexes } = await makeMirror(ctx, await ctx.system.subSystem());
      const { plex, prop } = plexes[1];
      await ctx.faults.inject({ kind: 'fail-status', object: prop.id });
      for (const result of [await ctx.system.hw.reenumerate(), await ctx.system.hw.refresh()])
        ctx.duties.permitted('VDS-5.5c', result, 'while a plex has failed');
      const { status } = ctx.duties.output('VDS-7.7', await plex.getProperties(), 'plexProp');
      if (status !== VDS_LUN_PLEX_STATUS.VDS_LPS_FAILED)
        ctx.notApplicable('the plex does not report that it has failed');
      const result = await lun.getProperties();
      ctx.duties.holds(
        'VDS-10.14d',
        ctx.duties.output('VDS-7.7', result, 'lunProp').health !== VDS_HEALTH.VDS_H_HEALTHY,
        'a mirror of which a plex has failed reports health HEALTHY',
        result,
      );
    },
  },
  ...addingAndRemovingChecks,
  ...apartChecks,
  ...(
    [
      ['hints-of-the-lun', 'ApplyHints'],
      ['hints-of-the-lun-2', 'ApplyHints2'],
    ] as const
  ).map(([id, by]): Check => ({
    id: `plexes.${id}`,
    title: `A hint applied to a LUN by ${by} is a hint of each of its plexes`,
    requirements: ['VDS-10.12a'],
    cost: { calls: 60, recoveries: 0 },
    async run(ctx) {
      const { lun, plexes } = await ofSeveralPlexes(ctx);
      const hint = { hintMask: HINT_MASK_FLAGS.VDS_HINT_MOSTLYREADS, mostlyReads: true };
      const answer =
        by === 'ApplyHints'
          ? await lun.applyHints({ hints: hintsOf(hint) })
          : await (
              await ctx.system.optional(lun, 'IVdsLun2')
            ).applyHints2({ hints2: zeroStructure('VDS_HINTS2', hint) as unknown as VDS_HINTS2 });
      ctx.duties.ok('VDS-10.12a', ctx.duties.supported(answer));
      const ofLun = told(await hintsNow(ctx, lun));
      for (const { plex } of plexes)
        ctx.duties.equal(
          'VDS-10.12a',
          'the hint of a plex after it was applied to its LUN',
          told(await hintsNow(ctx, plex)),
          ofLun,
        );
    },
  })),
  {
    id: 'plexes.hints-of-one',
    title: 'A hint applied to a plex leaves the hints of its LUN and of its neighbour as they were',
    requirements: ['VDS-10.12a'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const {
        lun,
        plexes: [first, second],
      } = await makeMirror(ctx, await ctx.system.subSystem());
      const before = told(await hintsNow(ctx, second.plex));
      const ofLun = told(await hintsNow(ctx, lun));
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
      ctx.duties.equal(
        'VDS-10.12a',
        'the hint of a LUN after it was applied to one of its plexes',
        told(await hintsNow(ctx, lun)),
        ofLun,
      );
    },
  },
  ...MADE_WITH_HINTS.map(hintsOfEach),
]);
