// Hints of a LUN (semantics.md 10).
import { type Check, type Context, flagsOf, hintsOf, type IVdsLun, type Result } from '../../src/checks/index.js';
import {
  HINT_MASK_FLAGS,
  HR,
  succeeded,
  type VDS_HINTS,
  type VDS_HINTS2,
  VDS_LUN_FLAG,
  VDS_SUB_SYSTEM_FLAG,
  zeroStructure,
} from '../../src/contract/index.js';

/** The hints of a LUN, from QueryHints. Not applicable where hints are not supported. */
async function hintsNow(ctx: Context, lun: IVdsLun): Promise<VDS_HINTS> {
  const result = ctx.duties.supported(await lun.queryHints());
  return ctx.duties.output('VDS-10.12a', result, 'hints');
}

/** Hints applied to a LUN; not applicable where they are not supported. */
async function applyHints(ctx: Context, lun: IVdsLun, hints: VDS_HINTS): Promise<Result<object>> {
  return ctx.duties.supported(await lun.applyHints({ hints }));
}

/** Hints that enable a feature, with the flags of a LUN and of its subsystem that belong to it. */
const FEATURES = [
  ['remapEnabled', 'VDS_HINT_REMAPENABLED', 'VDS_LF_LBN_REMAP_ENABLED', 'VDS_SF_LUN_REMAPPING_CAPABLE'],
  [
    'readBackVerifyEnabled',
    'VDS_HINT_READBACKVERIFYENABLED',
    'VDS_LF_READ_BACK_VERIFY_ENABLED',
    'VDS_SF_READ_BACK_VERIFY_CAPABLE',
  ],
  [
    'writeThroughCachingEnabled',
    'VDS_HINT_WRITETHROUGHCACHINGENABLED',
    'VDS_LF_WRITE_THROUGH_CACHING_ENABLED',
    'VDS_SF_WRITE_THROUGH_CACHING_CAPABLE',
  ],
  [
    'hardwareChecksumEnabled',
    'VDS_HINT_HARDWARECHECKSUMENABLED',
    'VDS_LF_HARDWARE_CHECKSUM_ENABLED',
    'VDS_SF_HARDWARE_CHECKSUM_CAPABLE',
  ],
] as const;

export const hintChecks: readonly Check[] = [
  {
    id: 'luns.hints-without-their-bit',
    title: 'ApplyHints passes over a hint whose mask bit is not set',
    requirements: ['VDS-10.12a'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const { lun } = await ctx.make.lun(await ctx.system.subSystem());
      const before = await hintsNow(ctx, lun);
      const { VDS_HINT_MOSTLYREADS, VDS_HINT_OPTIMIZEFORSEQUENTIALREADS } = HINT_MASK_FLAGS;
      ctx.duties.ok(
        'VDS-10.12a',
        await applyHints(
          ctx,
          lun,
          hintsOf({
            hintMask: VDS_HINT_MOSTLYREADS,
            mostlyReads: true,
            optimizeForSequentialReads: !before.optimizeForSequentialReads,
          }),
        ),
      );
      const after = await hintsNow(ctx, lun);
      ctx.duties.equal(
        'VDS-10.12a',
        'the mask bit of a hint that was not named',
        after.hintMask & VDS_HINT_OPTIMIZEFORSEQUENTIALREADS,
        before.hintMask & VDS_HINT_OPTIMIZEFORSEQUENTIALREADS,
      );
      ctx.duties.equal(
        'VDS-10.12a',
        'a hint whose mask bit was not set',
        after.optimizeForSequentialReads,
        before.optimizeForSequentialReads,
      );
    },
  },
  {
    id: 'luns.hints2',
    title:
      'ApplyHints2 passes over a hint whose mask bit is not set, and QueryHints2 agrees with QueryHints afterwards',
    requirements: ['VDS-10.12a', 'VDS-10.34'],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      const { lun } = await ctx.make.lun(await ctx.system.subSystem());
      const second = await ctx.system.optional(lun, 'IVdsLun2');
      const told = async (): Promise<VDS_HINTS2> =>
        ctx.duties.output('VDS-10.12a', ctx.duties.supported(await second.queryHints2()), 'hints2');
      const before = await told();
      const { VDS_HINT_MOSTLYREADS, VDS_HINT_OPTIMIZEFORSEQUENTIALREADS: unset } = HINT_MASK_FLAGS;
      const hints2 = zeroStructure('VDS_HINTS2', {
        hintMask: VDS_HINT_MOSTLYREADS,
        mostlyReads: true,
        optimizeForSequentialReads: !before.optimizeForSequentialReads,
      }) as unknown as VDS_HINTS2;
      ctx.duties.ok('VDS-10.12a', ctx.duties.supported(await second.applyHints2({ hints2 })));
      const after = await told();
      ctx.duties.equal(
        'VDS-10.12a',
        'the mask bit of a hint that was not named',
        after.hintMask & unset,
        before.hintMask & unset,
      );
      ctx.duties.equal(
        'VDS-10.12a',
        'a hint whose mask bit was not set',
        after.optimizeForSequentialReads,
        before.optimizeForSequentialReads,
      );
      const first = await lun.queryHints();
      if (first.hr === HR.VDS_E_NOT_SUPPORTED) return;
      for (const [name, value] of Object.entries(ctx.duties.output('VDS-10.34', first, 'hints')))
        if (name !== 'hintMask')
          ctx.duties.equal('VDS-10.34', `VDS_HINTS2.${name}`, after[name as keyof VDS_HINTS2], value, first);
    },
  },
  {
    id: 'luns.hints-last-call',
    title: 'A hint that QueryHints reports as applied has the value that ApplyHints gave last',
    requirements: ['VDS-10.12a'],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      const { lun } = await ctx.make.lun(await ctx.system.subSystem());
      await hintsNow(ctx, lun);
      const { VDS_HINT_MOSTLYREADS } = HINT_MASK_FLAGS;
      for (const mostlyReads of [true, false]) {
        ctx.duties.ok(
          'VDS-10.12a',
          await applyHints(ctx, lun, hintsOf({ hintMask: VDS_HINT_MOSTLYREADS, mostlyReads })),
        );
        const now = await hintsNow(ctx, lun);
        // A hint is a request: one that is not told as applied was not met.
        if ((now.hintMask & VDS_HINT_MOSTLYREADS) !== 0n)
          ctx.duties.equal('VDS-10.12a', 'a hint that is reported as applied', now.mostlyReads, mostlyReads);
      }
    },
  },
  {
    id: 'luns.enabled-features',
    title: 'What hints enable on a LUN shows in its flags, and only where its subsystem is capable of it',
    requirements: ['VDS-10.33', 'VDS-10.32'],
    cost: { calls: 60, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const capable = await flagsOf(ctx, subSystem);
      const { lun } = await ctx.make.lun(subSystem);
      await hintsNow(ctx, lun);
      for (const [member, bit, flag, capability] of FEATURES) {
        for (const wanted of [true, false]) {
          const applied = await applyHints(ctx, lun, hintsOf({ hintMask: HINT_MASK_FLAGS[bit], [member]: wanted }));
          if (!succeeded(applied.hr)) {
            ctx.duties.permitted('VDS-10.12a', applied, `for ${member}`);
            continue;
          }
          const now = await hintsNow(ctx, lun);
          const told = await lun.getProperties();
          const enabled = (ctx.duties.output('VDS-10.33', told, 'lunProp').flags & VDS_LUN_FLAG[flag]) !== 0;
          ctx.duties.holds(
            'VDS-10.32',
            !enabled || (capable & VDS_SUB_SYSTEM_FLAG[capability]) !== 0,
            `a LUN has ${flag}, and its subsystem does not have ${capability}`,
            told,
          );
          // A hint is a request: one that is not told as applied was not met.
          if ((now.hintMask & HINT_MASK_FLAGS[bit]) !== 0n)
            ctx.duties.equal('VDS-10.33', `whether a LUN has ${flag}`, enabled, now[member], told);
        }
      }
    },
  },
  {
    id: 'luns.rebuild-priority',
    title: 'ApplyHints takes or refuses rebuild priorities at the limits that the documents name, each time alike',
    requirements: ['VDS-10.12b'],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      const { lun } = await ctx.make.lun(await ctx.system.subSystem());
      for (const rebuildPriority of [0, 16, 0, 16]) {
        const result = await applyHints(ctx, lun, hintsOf({ rebuildPriority }));
        ctx.duties.permitted('VDS-10.12b', result, `for rebuild priority ${rebuildPriority}`);
        ctx.duties.reading(
          `ApplyHints with rebuild priority ${rebuildPriority}`,
          succeeded(result.hr) ? 'taken' : 'refused',
          'VDS-10.12b',
        );
      }
    },
  },
];
