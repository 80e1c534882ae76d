// Stories of creates, deletes, import-target changes, corruption, vanishing and recovery that nobody thought of, made with fast-check. After
// each recovery the whole system is compared with the truth; a story that ends badly is shrunk to the shortest one that still does.
import fc, { type Arbitrary } from 'fast-check';
import {
  type Check,
  type Context,
  type CreatedLun,
  defineSuite,
  DutyBroken,
  type Effort,
  type FaultKind,
  importTargetValue,
  RecoveryCase,
} from '../src/checks/index.js';
import { HR, NULL_GUID, VDS_ASYNC_OUTPUT_TYPE } from '../src/contract/index.js';

type Step =
  | { readonly do: 'create' | 'clear-import-target' | 'recover' }
  | { readonly do: 'delete' | 'extend' | 'vanish'; readonly lun: number }
  | { readonly do: 'set-import-target'; readonly name: number }
  | {
      readonly do: 'corrupt';
      readonly what: number;
      readonly form: 'flipped-bytes' | 'lost-entry' | 'dangling-reference' | 'torn-write';
    };

/** The step's number for the subsystem; below it are LUNs. */
const SUB_SYSTEM = 4;
const MIB = 1024n * 1024n;
const FAULTS: readonly FaultKind[] = [
  'flipped-bytes',
  'lost-entry',
  'dangling-reference',
  'torn-write',
  'delete-object',
];

const lun = fc.nat({ max: 3 });
const step: Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Step>({ do: 'create' }) },
  { weight: 3, arbitrary: fc.constant<Step>({ do: 'recover' }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('delete' as const, 'extend' as const, 'vanish' as const), lun }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('set-import-target' as const), name: fc.nat({ max: 2 }) }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'clear-import-target' }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('corrupt' as const),
      what: fc.nat({ max: 4 }),
      form: fc.constantFrom(
        'flipped-bytes' as const,
        'lost-entry' as const,
        'dangling-reference' as const,
        'torn-write' as const,
      ),
    }),
  },
);
const anyStory = fc.array(step, { maxLength: 14, size: 'max' });

const tell = (s: Step): string => {
  switch (s.do) {
    case 'create':
      return 'create a LUN';
    case 'clear-import-target':
      return 'clear the import target';
    case 'recover':
      return 'Reenumerate and Refresh';
    case 'delete':
      return `delete LUN ${s.lun + 1}`;
    case 'extend':
      return `extend LUN ${s.lun + 1}`;
    case 'vanish':
      return `LUN ${s.lun + 1} vanishes at the array`;
    case 'set-import-target':
      return `set the import target to target ${s.name + 1}`;
    case 'corrupt':
      return `${s.form} of the cache entry of ${s.what === SUB_SYSTEM ? 'the subsystem' : `LUN ${s.what + 1}`}`;
  }
};

/** Plays one story and leaves the system as it was. `told` receives the steps that had an effect: one about a LUN that there is not has none. */
async function play(ctx: Context, steps: readonly Step[], told: string[]): Promise<void> {
  const subSystem = await ctx.system.subSystem();
  const { id } = ctx.duties.output('VDS-7.9', await subSystem.getProperties(), 'subSystemProp');
  const luns: CreatedLun[] = [];
  const importTarget = await subSystem.as('IVdsSubSystemImportTarget');
  const dialect = importTarget === null ? undefined : await ctx.make.importTargetDialect(subSystem);
  const names =
    dialect === undefined ? [] : [dialect.target, await ctx.make.target(subSystem), await ctx.make.target(subSystem)];
  /** Since the first fault after the last recovery: the state before it, and what vanished. While it lasts nothing else is asked of the provider. */
  let damage: { readonly state: RecoveryCase; readonly departed: string[] } | undefined;
  const damaged = async (): Promise<{ readonly departed: string[] }> => {
    if (damage === undefined) {
      damage = { state: new RecoveryCase(ctx), departed: [] };
      await damage.state.snapshot();
    }
    return damage;
  };
  const recovered = async (): Promise<void> => {
    await damaged();
    await damage?.state.mustRecover({ departed: damage.departed });
    damage = undefined;
  };
  /** What each step does; undefined where it has nothing to act on. */
  const effectOf = (s: Step): (() => Promise<void>) | undefined => {
    const healthy = damage === undefined;
    switch (s.do) {
      case 'recover':
        return recovered;
      case 'create':
        return healthy
          ? async () => {
              luns.push(await ctx.make.lun(subSystem));
            }
          : undefined;
      case 'clear-import-target':
        return healthy && dialect !== undefined
          ? async () => {
              await dialect.importTarget.setImportTarget({ iscsiName: NULL_GUID });
            }
          : undefined;
      case 'set-import-target': {
        const target = names[s.name];
        if (!healthy || dialect === undefined || target === undefined) return undefined;
        return async () => {
          ctx.duties.code(
            'VDS-1.4a',
            await dialect.importTarget.setImportTarget({ iscsiName: importTargetValue(dialect.dialect, target) }),
            HR.S_OK,
            'for an existing target',
          );
        };
      }
      case 'corrupt': {
        const object = s.what === SUB_SYSTEM ? id : luns[s.what]?.id;
        // One fault at a time is the budget.
        return healthy && object !== undefined
          ? async () => {
              await damaged();
              await ctx.faults.inject({ kind: s.form, object });
            }
          : undefined;
      }
      default: {
        const chosen = luns[s.lun];
        if (chosen === undefined) return undefined;
        const forget = (): void => {
          luns.splice(luns.indexOf(chosen), 1);
        };
        if (s.do === 'vanish')
          return async () => {
            (await damaged()).departed.push(chosen.id);
            await ctx.faults.inject({ kind: 'delete-object', object: chosen.id });
            forget();
          };
        if (!healthy) return undefined;
        if (s.do === 'delete')
          return async () => {
            ctx.duties.ok('VDS-10.6', await chosen.lun.delete());
            forget();
          };
        return async () => {
          await ctx.duties.completed(
            await chosen.lun.extend({ numberOfBytesToAdd: 16n * MIB, driveIdArray: chosen.drives }),
            VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_EXTENDLUN,
          );
        };
      }
    }
  };
  for (const s of [...steps, { do: 'recover' } as const]) {
    const effect = effectOf(s);
    if (effect === undefined) continue;
    told.push(tell(s));
    await effect();
  }
  for (const each of luns) ctx.duties.ok('VDS-10.6', await each.lun.delete());
  for (const each of names)
    await ctx.duties.completed(await each.target.delete(), VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_DELETETARGET);
}

/** Whether the system is as it should be. What a broken recovery left behind must not be taken for the doing of the next, shorter story. */
async function isHealthy(ctx: Context): Promise<boolean> {
  try {
    await new RecoveryCase(ctx).snapshot();
    return true;
  } catch (error) {
    if (error instanceof DutyBroken) return false;
    throw error;
  }
}

async function tellStories(ctx: Context, numRuns: number): Promise<void> {
  // What ends the check for good (the provider is gone, or a fault cannot be injected) must not be shrunk: every shorter story would end so too.
  let fatal: unknown;
  let last: { readonly broken: DutyBroken; readonly told: readonly string[] } | undefined;
  const seed = ctx.random.below(0x7fffffff);
  const outcome = await fc.check(
    fc.asyncProperty(anyStory, async (steps) => {
      if (fatal !== undefined || (last !== undefined && !(await isHealthy(ctx)))) return;
      const told: string[] = [];
      try {
        await play(ctx, steps, told);
      } catch (error) {
        await ctx.cleanUpSoFar();
        if (error instanceof DutyBroken && ctx.session.broken === undefined) {
          last = { broken: error, told };
          throw error;
        }
        fatal = error;
      }
    }),
    { seed, numRuns },
  );
  if (fatal !== undefined) throw fatal;
  if (!outcome.failed || last === undefined) return;
  const story = last.told.map((step, index) => `${index + 1}. ${step}`).join('; ');
  throw new DutyBroken({
    ...last.broken.finding,
    message: `${last.broken.message} — after this story: ${story === '' ? 'nothing but setting up' : story}`,
  });
}

const stories = (id: string, effort: Effort, numRuns: number): Check => ({
  id: `sequences.${id}`,
  title: `${numRuns} stories of creates, deletes, corruption, vanishing and recovery end in the truth`,
  requirements: ['VDS-5.5b', 'VDS-5.6', 'VDS-4.2b', 'VDS-10.6', 'VDS-1.4a'],
  faults: FAULTS,
  effort,
  cost: { calls: numRuns * 120, recoveries: numRuns * 3 },
  run: (ctx) => tellStories(ctx, numRuns),
});

export const suite = defineSuite('sequences', 'Generated stories', [
  stories('few', 'quick', 5),
  stories('some', 'standard', 25),
  stories('many', 'full', 200),
]);
