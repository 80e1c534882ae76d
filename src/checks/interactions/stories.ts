// Stories that nobody thought of, made with fast-check: any commands in any order, overlapping, with damage to the
// cache, objects that vanish, a subsystem that goes and comes back, errors while the caller recovers, the provider
// loaded anew. After each step the system is compared with the model; a story that fails is shrunk to the shortest that
// still fails, and described in words.
import fc, { type Arbitrary } from 'fast-check';
import { CORRUPTION_FORMS } from '../../faults/kinds.js';
import { COMMANDS, PROBE_CELLS } from '../../model/index.js';
import type { Context } from '../context.js';
import type { DutyBroken } from '../outcome.js';
import { CALLS_MEANWHILE, CHANGES_AT_THE_ARRAY, changeAtTheArray } from './array-changes.js';
import { Beside } from './beside.js';
import { disconnect, failAndRepair, troubleWhileRecovering, vanish } from './events.js';
import { playTogether } from './overlapping.js';
import type { Player } from './player.js';
import { isFinding } from './calls/steps.js';
import { probe, probeRefusals } from './prober.js';
import { RELATIONS, resolve, type Step } from './resolve.js';
import { onStage } from './stage.js';
import { lookAgain, playAway, playDamaged } from './wrong.js';

type Chapter =
  | { readonly do: 'step'; readonly step: Step }
  | { readonly do: 'overlap'; readonly step: Step; readonly other: Step }
  | { readonly do: 'damage'; readonly steps: readonly Step[]; readonly form: (typeof FORMS)[number] }
  | { readonly do: 'away'; readonly steps: readonly Step[] }
  | { readonly do: 'administer'; readonly n: number; readonly which: number; readonly steps: readonly Step[] }
  | { readonly do: 'vanish'; readonly count: number; readonly n: number }
  | { readonly do: 'disconnect' | 'trouble' | 'fail'; readonly n: number }
  | { readonly do: 'probe'; readonly place: number; readonly n: number }
  | { readonly do: 'reload' | 'beside'; readonly n: number }
  | { readonly do: 'recover' };

/** Those that a provider can notice; a stale entry, which it cannot, would make old values lawful. */
const FORMS = [
  'flipped-bytes',
  'lost-entry',
  'dangling-reference',
  'torn-write',
] as const satisfies readonly (typeof CORRUPTION_FORMS)[number][];

const n = fc.nat({ max: 7 });
const stepOf = (names: readonly string[]): Arbitrary<Step> =>
  fc.record({ command: fc.constantFrom(...names), relation: fc.constantFrom(...RELATIONS), n });
const anyStep = stepOf(COMMANDS.map((c) => c.name));
/** A call that must be refused in one order of two may be possible in the other. */
const overlapping = stepOf(COMMANDS.filter((c) => c.refusal === undefined).map((c) => c.name));

/** Changes that share a recovery. */
const row = fc.array(anyStep, { minLength: 2, maxLength: 5 });

/** Kinds that need no recovery. */
const CHANGES: readonly { readonly weight: number; readonly arbitrary: Arbitrary<Chapter> }[] = [
  { weight: 10, arbitrary: fc.record({ do: fc.constant('step' as const), step: anyStep }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('overlap' as const), step: overlapping, other: overlapping }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('probe' as const), place: fc.nat({ max: PROBE_CELLS.length - 1 }), n }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reload' as const), n }) },
];

const TROUBLES: typeof CHANGES = [
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('damage' as const), steps: row, form: fc.constantFrom(...FORMS) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('vanish' as const), count: fc.integer({ min: 1, max: 2 }), n }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('administer' as const),
      n: fc.nat({ max: CHANGES_AT_THE_ARRAY - 1 }),
      which: fc.nat({ max: 15 }),
      steps: fc.array(stepOf(CALLS_MEANWHILE), { maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('away' as const), steps: row }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('disconnect' as const, 'trouble' as const, 'fail' as const), n }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('recover' as const) }) },
  // What one provider object changed, the other one knows after a recovery.
  { weight: 2, arbitrary: fc.record({ do: fc.constant('beside' as const), n }) },
];

/** `troubled` stories have faults and recoveries in them, which are dear; `quiet` ones are longer. */
type StoryKind = 'troubled' | 'quiet';

const CHAPTERS: Readonly<Record<StoryKind, Arbitrary<readonly Chapter[]>>> = {
  troubled: fc.array(fc.oneof(...CHANGES, ...TROUBLES), { minLength: 1, maxLength: 14, size: 'max' }),
  quiet: fc.array(fc.oneof(...CHANGES), { minLength: 8, maxLength: 30, size: 'max' }),
};

/** Plays a chapter where there is something to play it with. */
async function play(player: Player, beside: Beside, c: Chapter): Promise<void> {
  const now = (step: Step): ReturnType<typeof resolve> => resolve(step, player.state, player.focus, player.knowledge);
  switch (c.do) {
    case 'step': {
      const resolved = now(c.step);
      if (resolved !== undefined) await player.play(resolved);
      return;
    }
    case 'overlap': {
      const both = [now(c.step), now(c.other)].filter((r) => r !== undefined);
      if (both.length === 2) await playTogether(player, both);
      return;
    }
    case 'damage':
      await playDamaged(player, c.steps, c.form);
      return;
    case 'away':
      await playAway(player, c.steps);
      return;
    case 'administer':
      await changeAtTheArray(player, c);
      return;
    case 'vanish':
      await vanish(player, c.count, c.n);
      return;
    case 'disconnect':
      await disconnect(player, c.n);
      return;
    case 'trouble':
      await troubleWhileRecovering(player, c.n);
      return;
    case 'fail':
      await failAndRepair(player, c.n);
      return;
    case 'probe':
      if (PROBE_CELLS[c.place]?.changes === true) await probeRefusals(player, [c.place], c.n);
      else await probe(player, c.place, c.n);
      return;
    case 'reload':
      return player.reload(c.n);
    case 'beside':
      await beside.step(c.n);
      return;
    case 'recover':
      await player.recover();
      return player.settle(() => {});
  }
}

/** They contain a recovery. */
const RECOVERING: ReadonlySet<Chapter['do']> = new Set([
  'damage',
  'away',
  'administer',
  'vanish',
  'disconnect',
  'trouble',
  'fail',
  'recover',
]);

const playAll = (ctx: Context, chapters: readonly Chapter[]): Promise<void> =>
  onStage(
    ctx,
    ['luns', 'targets'],
    async (player) => {
      const beside = new Beside(player);
      for (const c of chapters) await play(player, beside, c);
      await beside.end(true);
      // Of several recoveries the later ones have looked again at what the first had restored.
      if (chapters.filter((c) => RECOVERING.has(c.do)).length === 1) await lookAgain(player);
    },
    3,
  );

/** Tells stories until one ends badly. */
export async function tellStories(ctx: Context, numRuns: number, kind: StoryKind): Promise<void> {
  // An error that ends the check for good (the provider is gone, a fault cannot be injected) must not be shrunk: every
  // shorter story would end so too.
  let fatal: unknown;
  let last: DutyBroken | undefined;
  let isFresh = true;
  const outcome = await fc.check(
    fc.asyncProperty(CHAPTERS[kind], async (chapters) => {
      if (fatal !== undefined) return;
      // The remains of a failed story must not be blamed on the next, shorter one.
      if (!isFresh && !(await ctx.renew())) return;
      isFresh = last === undefined;
      try {
        await playAll(ctx, chapters);
        // The next one has no less room than this one.
        await ctx.cleanUpSoFar();
      } catch (error) {
        isFresh = false;
        if (isFinding(error) && ctx.session.broken === undefined) {
          last = error;
          throw error;
        }
        fatal = error;
      }
    }),
    { seed: ctx.random.below(0x7fffffff), numRuns },
  );
  if (fatal !== undefined) throw fatal;
  if (outcome.failed && last !== undefined) throw last;
}

/** One event on a stage that is set for it, once for each of `ns`. */
export async function livesThrough(
  ctx: Context,
  event: (player: Player, n: number) => Promise<boolean>,
  ns: readonly number[],
): Promise<void> {
  let seen = 0;
  await onStage(ctx, ['luns', 'targets'], async (player) => {
    for (const each of ns) if (await event(player, each)) seen += 1;
  });
  if (seen === 0) ctx.inconclusive('no fault route offers what this check needs, or nothing of its own to do it to');
}
