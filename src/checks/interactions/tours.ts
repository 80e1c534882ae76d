// Tours as checks: commands in an order in which each follows each, every step judged by the model. A tour that fails is played again, shorter, on a
// fresh system, until the few steps are left that it takes.
import type { Context } from '../context.js';
import type { Random } from '../random.js';
import { DutyBroken } from '../outcome.js';
import { commandNamed, requirementsOf, tour } from '../../model/index.js';
import { CORRUPTION_FORMS, type CorruptionForm } from '../../faults/kinds.js';
import { playCancelled, playWhileRecovering } from './events.js';
import { propertiesOf } from '../devices.js';
import { isFinding, type Player } from './player.js';
import { madeKind, resolve, RELATIONS, type Relation, type Resolved, type Step } from './resolve.js';
import { setStage, strikeStage, type Scenery } from './stage.js';
import { ReferenceCounts } from './witness.js';
import { lookAgain, playAway, playDamaged } from './wrong.js';

export interface Tour {
  readonly commands: readonly string[];
  readonly scenery: readonly Scenery[];
  /** How the objects of two steps are related: one way throughout, or each pair in another. */
  readonly relation: Relation | 'mixed';
  /** Two steps follow each other, or the second begins while the first is under way. */
  readonly between?: Between;
  /** Each command once instead of each after each. */
  readonly once?: boolean;
  /** So many steps that the seed chooses instead of each after each, for what is too much to take whole: three commands in a row. */
  readonly sample?: number;
  /** With `overlap`: how many calls are under way at once; two unless given. With `damage` and `away`: how many share a recovery; four unless given. */
  readonly width?: number;
}

/**
 * `overlap`: each pair, or as many as the tour's width, at once. `reload`: the provider is unloaded and loaded between. `damage`: some steps with a damaged cache, which is then recovered.
 * `away`: some steps with a subsystem disconnected, which then comes back. `cancel`: each step is cancelled where it can be, and then taken again. `recovery`: each step lies between Reenumerate and Refresh.
 */
export type Between = 'nothing' | 'overlap' | 'reload' | 'damage' | 'away' | 'cancel' | 'recovery';

/** Requirements that any step of any tour may show broken: values of getters, and contradictions within a state. */
const FRAME = [
  'VDS-0.2b',
  'VDS-1.4a',
  'VDS-4.1a',
  'VDS-4.4',
  'VDS-7.1a',
  'VDS-10.2c',
  'VDS-10.11',
  'VDS-10.15',
] as const;

/** The requirements that a tour verifies. */
export const requirementsOfTour = ({ commands, between }: Tour): readonly string[] => [
  ...new Set([...requirementsOf(commands), ...FRAME, ...(between === 'reload' ? ['VDS-1.8'] : [])]),
];

/** Those that a provider can notice; a stale entry would make old values lawful. */
const FORMS = CORRUPTION_FORMS.slice(0, -1) as [CorruptionForm, ...CorruptionForm[]];
/** So many changes share a recovery. */
const ROW = 4;

/** A permutation of 0 … n - 1. */
function shuffled(n: number, random: Random): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }
  return order;
}

/** The steps of a tour; the seed decides their order, and which arguments come when. */
function stepsOf({ commands, relation, once, sample, between, width }: Tour, random: Random): Step[] {
  const visits = new Map<string, number>();
  const order = shuffled(commands.length, random);
  const chosen =
    sample === undefined
      ? tour(commands.length, order)
      : Array.from({ length: sample }, () => random.below(commands.length));
  return (once === true ? order : chosen).map((at, i) => {
    const command = commands[at] ?? '';
    const n = visits.get(command) ?? 0;
    visits.set(command, n + 1);
    return {
      command,
      n,
      ...(between === 'damage' && { form: FORMS[Math.floor(i / (width ?? ROW)) % FORMS.length] ?? FORMS[0] }),
      relation: relation === 'mixed' ? (RELATIONS[(i + n) % RELATIONS.length] ?? 'same') : relation,
    };
  });
}

/** Commands that make another one possible, tried in order. */
const ENABLING: Readonly<Record<string, readonly string[]>> = {
  'create-target': ['delete-target', 'associate-targets'],
  'create-classed-target': ['delete-target', 'associate-targets'],
  'set-hot-spare': ['clear-hot-spare'],
  'clear-hot-spare': ['set-hot-spare'],
  'replace-drive': ['create-lun', 'clear-hot-spare'],
  'set-load-balance-policy': ['create-lun', 'mask-lun'],
  'set-path-statuses': ['create-lun', 'mask-lun'],
  'remove-plex': ['create-mirror', 'add-plex'],
  'recover-lun': ['create-mirror', 'add-plex'],
  'add-associated-plex': ['associate-targets', 'create-lun'],
  'delete-associated-lun': ['associate-targets', 'create-lun'],
  'delete-target': ['create-target'],
  'delete-target-in-use': ['create-target', 'associate-targets'],
  'set-import-target': ['create-target'],
  'add-portal': ['remove-portal', 'create-portal-group', 'delete-portal-group'],
  'remove-portal': ['create-portal-group', 'add-portal'],
  'delete-portal-group': ['create-portal-group', 'remove-portal'],
  'delete-portal-group-in-use': ['create-portal-group', 'add-portal'],
};
const enabling = (name: string): readonly string[] => {
  const known = ENABLING[name];
  if (known !== undefined) return known;
  const command = commandNamed(name);
  // There are as many as the run keeps.
  if (madeKind(command)?.kind === 'lun') return ['delete-lun'];
  return command.on === 'IVdsLun' || command.on === 'IVdsLunPlex' ? ['create-lun'] : ['create-target'];
};

interface Played {
  /** Pairs of commands of which the second directly followed the first. */
  readonly pairs: ReadonlySet<string>;
  /** Three in a row. */
  readonly triples: ReadonlySet<string>;
  readonly left: ReadonlySet<string>;
}

/** Plays steps on a stage that is set anew. `kept` receives what was played, also when a step fails. */
async function perform(
  ctx: Context,
  { scenery, between, width }: Tour,
  steps: readonly Step[],
  kept: Step[],
  cadence = 1,
): Promise<Played> {
  const player = await setStage(ctx, scenery, cadence);
  try {
    return between === 'damage' || between === 'away'
      ? await followInRows(player, steps, kept, between, width ?? ROW)
      : await follow(player, steps, kept, between ?? 'nothing', width ?? 2);
  } finally {
    await strikeStage(player);
  }
}

/** The meaning of a step in the present state; where its command cannot be called, others are played first that may make it possible. */
async function possible(player: Player, step: Step, kept: Step[]): Promise<Resolved | undefined> {
  const { state, focus, knowledge } = player;
  const found = resolve(step, state, focus, knowledge);
  if (found !== undefined) return found;
  if (commandNamed(step.command).closely === true && !player.isWhole && knowledge.isWorthEnabling(step.command)) {
    await player.lookClosely();
    const now = resolve(step, player.state, player.focus, knowledge);
    if (now !== undefined) return now;
  }
  if (!knowledge.isWorthEnabling(step.command)) return undefined;
  for (const command of enabling(step.command)) {
    const enabler = resolve({ ...step, command }, player.state, player.focus, knowledge);
    if (enabler === undefined) continue;
    kept.push({ ...step, command });
    await player.play(enabler);
    const now = resolve(step, player.state, player.focus, knowledge);
    if (now !== undefined) return now;
  }
  knowledge.enabledInVain(step.command);
  return undefined;
}

/** Begins as many calls at once as there are steps; those that cannot be made in one and the same state are left out. */
async function playAtOnce(player: Player, steps: readonly Step[], kept: Step[]): Promise<void> {
  for (const step of steps) await possible(player, step, kept);
  const resolved = steps.flatMap((step) => resolve(step, player.state, player.focus, player.knowledge) ?? []);
  if (resolved.length > 1) await player.playTogether(resolved);
}

async function follow(
  player: Player,
  steps: readonly Step[],
  kept: Step[],
  between: Between,
  width: number,
): Promise<Played> {
  const pairs = new Set<string>();
  const triples = new Set<string>();
  const left = new Set<string>();
  let last: Step | undefined;
  /** The last steps, each directly after the one before. */
  let row: Step[] = [];
  player.steps.length = 0;
  for (const step of steps) {
    const before = kept.length;
    let resolved = await possible(player, step, kept);
    if (resolved === undefined) {
      left.add(step.command);
      continue;
    }
    // Other steps came between.
    if (kept.length > before) last = undefined;
    kept.push(step);
    row = last === undefined ? [step] : [...row, step].slice(-width - 1);
    if (last !== undefined) pairs.add(`${last.command} → ${step.command}`);
    if (row.length > 2)
      triples.add(
        row
          .slice(-3)
          .map((s) => s.command)
          .join(' → '),
      );
    if (between === 'overlap' && width > 2) {
      if (row.length >= width) await playAtOnce(player, row.slice(-width), kept);
    } else if (between === 'overlap' && last !== undefined) {
      const first = await possible(player, last, kept);
      // One command with itself is one request made twice: what is picked by what is free is then picked twice.
      const second: Step = last.command === step.command ? { ...last, relation: 'same' } : step;
      resolved =
        first === undefined ? resolved : resolve(second, player.state, { id: first.item.id }, player.knowledge);
      if (first !== undefined && resolved !== undefined) await player.playTogether([first, resolved]);
    } else if (between === 'cancel') await playCancelled(player, resolved);
    else if (between === 'recovery') await playWhileRecovering(player, resolved);
    else await player.play(resolved);
    if (between === 'reload') await player.reload();
    last = step;
  }
  return { pairs, triples, left };
}

/** Plays some steps at a time while something is wrong; then all is well again, and once more at the end. */
async function followInRows(
  player: Player,
  steps: readonly Step[],
  kept: Step[],
  between: 'damage' | 'away',
  width: number,
): Promise<Played> {
  const pairs = new Set<string>();
  const left = new Set<string>();
  player.steps.length = 0;
  for (let at = 0; at < steps.length; at += width) {
    const row: Step[] = [];
    for (const step of steps.slice(at, at + width))
      if ((await possible(player, step, kept)) === undefined) left.add(step.command);
      else row.push(step);
    kept.push(...row);
    const [first] = row;
    if (first === undefined) continue;
    const wasDone =
      between === 'away' ? await playAway(player, row) : await playDamaged(player, row, first.form ?? FORMS[0]);
    if (!wasDone) player.ctx.inconclusive('no fault route offers what this check needs');
    row.slice(1).forEach((step, i) => pairs.add(`${row[i]?.command} → ${step.command}`));
  }
  await lookAgain(player);
  return { pairs, triples: new Set(), left };
}

/** How many shorter tours are tried to find out which steps matter. */
const TRIALS = 40;
/** Every so many steps everything is read. */
const CADENCE = 6;

/** The shortest tour found that breaks the same requirement, as the finding of its last try. */
async function shrunk(ctx: Context, planned: Tour, steps: readonly Step[], found: DutyBroken): Promise<DutyBroken> {
  let best = found;
  let shortest = steps;
  let trials = 0;
  const breaks = async (some: readonly Step[]): Promise<boolean> => {
    if (trials >= TRIALS || !(await ctx.renew())) return false;
    trials += 1;
    try {
      await perform(ctx, planned, some, []);
      return false;
    } catch (error) {
      if (ctx.session.broken !== undefined || !isFinding(error)) throw error;
      if (error.finding.requirement !== found.finding.requirement) return false;
      best = error;
      shortest = some;
      return true;
    }
  };
  const last = steps.slice(-1);
  const short: (readonly Step[])[] = [last, steps.slice(-2)];
  // A difference may have shown only when everything was read again.
  for (let i = steps.length - 2; i >= 0 && i > steps.length - 2 - CADENCE; i--) short.push(steps.slice(i, i + 1));
  for (let i = steps.length - 2; i > 0 && i > steps.length - 2 - CADENCE; i--) short.push(steps.slice(i - 1, i + 1));
  for (let i = steps.length - 3; i >= 0 && i >= steps.length - 8; i--) short.push([...steps.slice(i, i + 1), ...last]);
  for (let n = 4; n < steps.length; n *= 2) short.push(steps.slice(-n));
  for (const some of short) if (some.length < steps.length && (await breaks(some))) break;
  // Then without each step that is left, from the first on.
  for (let i = 0; i < shortest.length - 1 && shortest.length > 1;) {
    if (!(await breaks([...shortest.slice(0, i), ...shortest.slice(i + 1)]))) i += 1;
    if (trials >= TRIALS) break;
  }
  return best;
}

/** Goes on a tour. A difference from the model is the finding, with the fewest steps that show it. */
export async function goOnTour(ctx: Context, planned: Tour): Promise<void> {
  const kept: Step[] = [];
  try {
    const { pairs, triples, left } = await perform(ctx, planned, stepsOf(planned, ctx.random), kept, CADENCE);
    const n = planned.commands.length;
    const missing = left.size === 0 ? '' : `; not available here: ${[...left].sort().join(', ')}`;
    const longer = planned.sample === undefined ? '' : `, and ${triples.size} triples`;
    ctx.note(`${pairs.size} pairs of ${n * n} were seen one directly after the other${longer}${missing}`);
    if (pairs.size === 0 && left.size === n) ctx.notApplicable('the provider offers none of the commands of this tour');
  } catch (error) {
    if (!isFinding(error) || ctx.session.broken !== undefined || kept.length === 0) throw error;
    throw await shrunk(ctx, planned, kept, error);
  }
}

/** Reading the system, which gives back every reference, must not leave any behind. */
async function judgeReferences(player: Player, readings: number): Promise<void> {
  await player.handles.holdAll(player.state);
  // Objects that a first reading makes may stay.
  await player.observe();
  const counts = new ReferenceCounts(player.handles.all());
  await counts.begin();
  for (let i = 0; i < readings; i++) await player.observe();
  for (const { object, by } of await counts.grown(readings)) {
    const { id } = await propertiesOf(player.ctx, object, 'VDS-12.3');
    player.unkept(
      'VDS-12.3',
      `${readings} readings of the whole system, which released all that they got, left ${by} references to ${id} behind`,
    );
  }
}

/** Reads the system again and again with references held: no reading leaves one behind. */
export async function holdReferences(ctx: Context): Promise<void> {
  const player = await setStage(ctx, ['luns', 'targets']);
  try {
    await judgeReferences(player, 4);
  } finally {
    await strikeStage(player);
  }
}
