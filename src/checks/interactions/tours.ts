// Tours as checks: commands in an order in which each follows each, every step judged by the model. A tour that fails
// is played again, shorter, on a fresh system, until the few steps are left that it takes.
import type { Context } from '../context.js';
import { propertiesOf } from '../devices.js';
import {
  commandNamed,
  drivesUnder,
  idsIn,
  idsOfRequest,
  settingsOf,
  type Item,
  type Request,
} from '../../model/index.js';
import { playDegraded, type Failing } from './degraded.js';
import { enable, now, possible } from './enabling.js';
import { playCancelled, playCancelledOfTwo, playOverRecovery, playWhileRecovering } from './events.js';
import { playTogether } from './overlapping.js';
import { playAgainst, playAtOnce, playOnNamed, playPair, playTwice } from './operations/at-once.js';
import { playCancelledAsTheyHang } from './operations/hanging.js';
import { playHeldUp } from './operations/held-up.js';
import { Pairs } from './pairs.js';
import type { Player } from './player.js';
import { isFinding } from './calls/steps.js';
import { probeAll } from './prober.js';
import { playRepaired } from './repaired.js';
import { setAgain } from './requests.js';
import { callOn, otherRequest, resolve, startOf, type Resolved, type Step } from './resolve.js';
import { cancelBesideLarge, tryRoomAfter } from './space/room.js';
import { shrunk } from './shrink.js';
import { onStage, setStage, strikeStage } from './stage.js';
import { FORMS, isInRows, ROW, stepsOf, type InRows, type Tour } from './tour-plan.js';
import { ReferenceCounts } from './laws/witness.js';
import { meantBy, lookAgain, playAwayFirst, playDamaged, playInTroubles } from './wrong.js';

/** The commands that a tour has played; filled while it goes on, so that it is known also where a step fails. */
class Played {
  readonly pairs = new Pairs();
  /** Three in a row. */
  readonly triples = new Set<string>();
  /** Commands that could not be played at some time. */
  readonly left = new Set<string>();
  /** Every step that was played. */
  readonly kept: Step[] = [];
}

/** Plays steps on a stage that is set anew. */
function perform(ctx: Context, tour: Tour, steps: readonly Step[], played: Played, cadence = 1): Promise<void> {
  const { scenery, between, width, thorough, fails } = tour;
  const play = async (player: Player): Promise<void> => {
    if (isInRows(between)) await followInRows(player, steps, played, between, width ?? ROW, fails);
    else await follow(player, steps, played, tour);
    if (thorough === true) await fill(player, steps, played);
  };
  return onStage(ctx, scenery, play, cadence);
}

/** Methods that set something of an object but its status. */
const MAY_BE_SET_MEANWHILE = /\.(?:Set(?!Status)|Clear|Associate|Apply)/;

/** An object, and of a LUN the drives that it has space of: those that a call may name to reach it. */
const reachedByNaming = ({ state }: Player, { id }: Item): readonly string[] => [
  id,
  ...drivesUnder(state, id).map((drive) => drive.id),
];

/**
 * Makes each setting of an object, and each call that can name it or its drives in its arguments, on the first object
 * that may, with the `n`th of its requests.
 */
async function playConcerning(player: Player, concerned: Item, commands: readonly string[], n = 0): Promise<void> {
  if (!player.isWhole) await player.lookClosely();
  for (const command of new Set(commands)) {
    const named = new Set(reachedByNaming(player, concerned));
    const { state, knowledge } = player;
    const declared = commandNamed(command);
    const isOn = declared.on === concerned.kind;
    if (!knowledge.isAvailable(command) || (isOn && !MAY_BE_SET_MEANWHILE.test(declared.method))) continue;
    const [call] = (isOn ? [state.get(concerned.id) ?? concerned] : state.ofKind(declared.on)).flatMap(
      (item): Resolved[] => {
        const subSystem = state.subSystemOf(item.id);
        if (subSystem === undefined || !knowledge.mayUse(item)) return [];
        const requests = declared.requests({ state, item, subSystem, knowledge });
        const concerning = requests.filter((r) => isOn || idsOfRequest(r).some((id) => named.has(id)));
        const request = concerning[n % Math.max(concerning.length, 1)];
        return request === undefined ? [] : [{ command: declared, item, subSystem, request, relation: 'same' }];
      },
    );
    if (call !== undefined) await player.play(call);
  }
}

/**
 * Sets an object's status back after a call that set it, and then once more, as the tour goes on from there: what else
 * the object had must be there still.
 */
async function playThereAndBack(player: Player, { command, item }: Resolved, others: readonly string[]): Promise<void> {
  if (!command.method.endsWith('.SetStatus')) return;
  await playConcerning(player, item, others);
  for (let i = 0; i < 2; i++) {
    const again = callOn(player, command.name, item);
    if (again !== undefined) await player.play(again);
  }
}

/** Methods that say by a list what an object has to do with. */
const ASSOCIATES = /\.Associate/;

/** Leaves each part out of what an object has to do with, and gives it back; what else it has is set before. */
async function playLeavingOut(player: Player, given: Resolved, others: readonly string[]): Promise<void> {
  const { command, item, subSystem } = given;
  const itsOwn = others.filter((name) => commandNamed(name).method.startsWith(item.kind));
  const { state, knowledge } = player;
  const requests = command.requests({ state, item: state.get(item.id) ?? item, subSystem, knowledge });
  const sizeOf = ({ args }: Request): number => idsIn(Object.values(args)[0]).length;
  const whole = requests.reduce((most, each) => (sizeOf(each) > sizeOf(most) ? each : most), given.request);
  for (const [i, part] of requests.filter((r) => sizeOf(r) < sizeOf(whole)).entries()) {
    await playConcerning(player, item, itsOwn, 2 * i);
    for (const request of [part, whole]) {
      await player.play({ ...given, item: player.state.get(item.id) ?? item, request });
      if (!player.isWhole) await player.lookClosely();
    }
  }
}

/** Sets two objects alike, the first of them twice, and then that one otherwise: the other stays as it is. */
async function playAlike(player: Player, first: Resolved, step: Step): Promise<void> {
  if ((await player.play(first)) === true) await setAgain(player, first);
  const { knowledge } = player;
  const second = resolve({ ...step, relation: 'sibling' }, player.state, { id: first.item.id }, knowledge);
  if (second?.subSystem !== first.subSystem || second.item.id === first.item.id) return;
  await player.play({ ...second, request: first.request });
  const item = player.state.get(first.item.id);
  if (item === undefined) return;
  const other = otherRequest({ ...first, item }, player.state, knowledge);
  if (other !== undefined) await player.play({ ...first, item, request: other });
  await player.lookClosely();
}

/** So many settings are made while one operation is under way. */
const SETTINGS = 4;

/** Begins an operation, and makes every setting of its object while it is under way, a few at a time. */
async function playDuring(player: Player, step: Step, kept: Step[]): Promise<void> {
  const settings = settingsOf(commandNamed(step.command).on);
  for (let at = 0; at < settings.length;) {
    const operation = await possible(player, step, kept);
    if (operation === undefined) return;
    const meanwhile: Resolved[] = [];
    for (; at < settings.length && meanwhile.length < SETTINGS; at++) {
      const setting = callOn(player, settings[at] ?? '', operation.item, step.n);
      if (setting !== undefined) meanwhile.push(setting);
    }
    await playTogether(player, [operation, ...meanwhile]);
  }
}

/** How often a pair, or a cancellation, is tried. */
const ATTEMPTS = 3;

/** Cancels an operation; where the request is refused, or done already, it is made on another object. */
async function cancel(player: Player, resolved: Resolved, step: Step, kept: Step[]): Promise<void> {
  if (await playCancelled(player, resolved)) return;
  for (let i = 1; i < ATTEMPTS; i++) {
    const again: Step = { ...step, n: step.n + i, relation: 'sibling' };
    const other = await possible(player, again, kept);
    if (other === undefined) continue;
    kept.push(again);
    if (await playCancelled(player, other)) return;
  }
}

/** Begins an operation of another kind beside one, and cancels the earlier or the later. */
async function cancelOneOfTwo(player: Player, step: Step, kept: Step[], n: number): Promise<void> {
  const beside: Step = {
    command: step.command === 'create-target' ? 'create-lun' : 'create-target',
    n: 0,
    relation: 'same',
  };
  if ((await possible(player, beside, kept)) === undefined) return;
  const first = await possible(player, step, kept);
  const second = resolve(beside, player.state, player.focus, player.knowledge);
  if (first !== undefined && second !== undefined) await playCancelledOfTwo(player, first, second, n);
  if (!BESIDE_LARGE.includes(step.command)) return;
  const again = await possible(player, step, kept);
  if (again !== undefined) await cancelBesideLarge(player, again, n % 2 === 1);
}
/** Operations that are cancelled beside one that takes much: one of each method that takes space, and another. */
const BESIDE_LARGE = ['create-lun', 'create-lun-2', 'extend-lun', 'create-lun-in-pool', 'create-target'];

const noRoute = ({ ctx }: Player): never => ctx.inconclusive('no fault route offers what this check needs');

/** Plays operations that the array holds up, one by one; then others of their commands are cancelled as they hang. */
async function playHeldUpInRow(player: Player, row: readonly Step[], kept: Step[]): Promise<boolean> {
  for (const step of row) {
    const resolved = await possible(player, step, kept);
    if (resolved !== undefined && !(await playHeldUp(player, resolved, 'hang'))) return false;
  }
  const others = row.map((step): Step => ({ ...step, n: step.n + 1 }));
  for (const other of others) await possible(player, other, kept);
  await playCancelledAsTheyHang(player, meantBy(player, others));
  return true;
}

async function follow(
  player: Player,
  steps: readonly Step[],
  { kept, pairs, triples, left }: Played,
  { commands, between = 'nothing', width = 2, room }: Tour,
): Promise<void> {
  let last: Step | undefined;
  /** The last steps, each directly after the one before. */
  let row: Step[] = [];
  for (const [i, step] of steps.entries()) {
    const before = kept.length;
    player.focus = startOf(step, player.state, player.focus, player.knowledge);
    const resolved = await possible(player, step, kept);
    if (resolved === undefined) {
      left.add(step.command);
      continue;
    }
    // Other steps came between.
    if (kept.length > before) last = undefined;
    kept.push(step);
    row = last === undefined ? [step] : [...row, step].slice(-width - 1);
    if (row.length > 2)
      triples.add(
        row
          .slice(-3)
          .map((s) => s.command)
          .join(' → '),
      );
    if (between === 'lost') {
      if (!(await playHeldUp(player, resolved, between))) noRoute(player);
    } else if (between === 'overlap' && width > 2) {
      if (row.length >= width) await playAtOnce(player, row.slice(-width), kept);
    } else if (between === 'overlap' && last !== undefined) {
      if (last.command === step.command) await playTwice(player, last, kept);
      else {
        await playPair(player, last, step, kept);
        await playOnNamed(player, last, step, kept);
      }
    } else if (between === 'twice') await playTwice(player, step, kept);
    else if (between === 'cancel') {
      await cancel(player, resolved, step, kept);
      await cancelOneOfTwo(player, step, kept, i);
    } else if (between === 'alike') await playAlike(player, resolved, step);
    else if (between === 'during') await playDuring(player, step, kept);
    else if ((await player.play(resolved)) === undefined) {
      left.add(step.command);
      last = undefined;
      continue;
    }
    if (between === 'overlap' && !pairs.knows(step.command)) await playAgainst(player, step, commands, kept);
    if (between === 'nothing') await playThereAndBack(player, resolved, commands);
    if (between === 'nothing' && ASSOCIATES.test(resolved.command.method) && !pairs.knows(step.command))
      await playLeavingOut(player, resolved, commands);
    if (between === 'reload') await player.reload(i);
    if (room === true) await tryRoomAfter(player, resolved, i);
    await probeAll(player, step);
    pairs.played(step.command);
    if (last !== undefined) pairs.add(last.command, step.command);
    last = step;
  }
}

/**
 * Plays the pairs of a tour that were not seen, as others had to come between: first what makes the second possible,
 * then the first.
 */
async function fill(player: Player, steps: readonly Step[], { kept, pairs }: Played): Promise<void> {
  const missing = steps.slice(1).flatMap((second, i) => {
    const first = steps[i];
    if (first === undefined || pairs.has(first.command, second.command)) return [];
    return pairs.knows(first.command) && pairs.knows(second.command) ? [{ first, second }] : [];
  });
  for (const { first, second } of missing) {
    player.knowledge.tryAgain();
    for (let i = 0; i < ATTEMPTS && !pairs.has(first.command, second.command); i++) {
      const [one, two]: Step[] = [first, second].map((step) => ({ ...step, n: step.n + i })) as [Step, Step];
      if (one === undefined || two === undefined || (await possible(player, two, kept)) === undefined) break;
      const resolved = await possible(player, one, kept);
      if (resolved === undefined) break;
      kept.push(one);
      if ((await player.play(resolved)) === undefined) break;
      const next = await now(player, two);
      if (next === undefined) {
        // There must be more room, or more of what it takes, before the first.
        for (let more = 0; more <= i; more++) await enable(player, two, kept);
        continue;
      }
      kept.push(two);
      if ((await player.play(next)) === undefined) break;
      pairs.add(first.command, second.command);
    }
  }
}

/** Plays the `n`th row of steps with what a tour has between them. False where no fault route offers it. */
function playRow(
  player: Player,
  row: readonly Step[],
  between: InRows,
  n: number,
  kept: Step[],
  fails: Failing,
): Promise<boolean> {
  const form = row[0]?.form ?? FORMS[0];
  switch (between) {
    case 'degraded':
      return playDegraded(player, row, fails, n);
    case 'away':
      return playAwayFirst(player, row);
    case 'trouble':
      return playInTroubles(player, row, n);
    case 'repair':
      return playRepaired(player, row, form);
    case 'recovery':
      return playWhileRecovering(player, row).then(() => true);
    case 'over recovery':
      return playOverRecovery(player, row).then(() => true);
    case 'hang':
      return playHeldUpInRow(player, row, kept);
    case 'damage':
      return playDamaged(player, row, form, 'own');
    case 'damage beside':
      return playDamaged(player, row, form, 'beside');
  }
}

/** Plays some steps at a time while something is wrong; then all is well again, and once more at the end. */
async function followInRows(
  player: Player,
  steps: readonly Step[],
  { kept, pairs, left }: Played,
  between: InRows,
  width: number,
  fails: Failing = 'IVdsLunPlex',
): Promise<void> {
  for (let at = 0; at < steps.length; at += width) {
    const row: Step[] = [];
    const [leader] = steps.slice(at);
    if (leader !== undefined) player.focus = startOf(leader, player.state, player.focus, player.knowledge);
    for (const step of steps.slice(at, at + width))
      if ((await possible(player, step, kept)) === undefined) left.add(step.command);
      else row.push(step);
    const [first] = row;
    // One step may have become impossible by what it took to make another possible.
    if (first === undefined || meantBy(player, row).length === 0) {
      for (const { command } of row) left.add(command);
      continue;
    }
    kept.push(...row);
    if (!(await playRow(player, row, between, at / width, kept, fails))) noRoute(player);
    if (between !== 'trouble') for (const step of row) await probeAll(player, step);
    row.forEach((step, i) => {
      pairs.played(step.command);
      const before = row[i - 1];
      if (before !== undefined) pairs.add(before.command, step.command);
    });
  }
  await lookAgain(player);
}

/** Every so many steps everything is read. */
const CADENCE = 6;

/** The things that a tour has seen, in words. */
function seenInWords({ commands, once, sample }: Tour, { pairs, triples, left }: Played): string {
  const n = commands.length;
  const missing = left.size === 0 ? '' : `; not available at some time: ${[...left].sort().join(', ')}`;
  if (once === true) return `${pairs.commands} commands of ${n} were played${missing}`;
  const longer = sample === undefined ? '' : `, and ${triples.size} triples`;
  return `${pairs.size} pairs of ${n * n} were seen one directly after the other${longer}${missing}`;
}

/** Goes on a tour. A difference from the model is the finding, with the fewest steps that show it. */
export async function goOnTour(ctx: Context, planned: Tour): Promise<void> {
  const played = new Played();
  try {
    await perform(ctx, planned, stepsOf(planned, ctx.random), played, CADENCE);
    ctx.note(seenInWords(planned, played));
    if (played.pairs.commands === 0) ctx.notApplicable('the provider offers none of the commands of this tour');
  } catch (error) {
    if (!isFinding(error) || ctx.session.broken !== undefined || played.kept.length === 0) throw error;
    throw await shrunk(ctx, {
      steps: played.kept,
      found: error,
      cadence: CADENCE,
      perform: (steps) => perform(ctx, planned, steps, new Played()),
      plain: (step) => ({ ...step, probes: [] }),
    });
  } finally {
    // A tour that takes each command once is not about pairs.
    if (played.pairs.commands > 0 && planned.once !== true) ctx.pairs = played.pairs.seen(planned.between ?? 'nothing');
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
  player.ctx.duties.judging('VDS-12.3');
  for (const { object, by } of await counts.grown(readings)) {
    const { id } = await propertiesOf(player.ctx, object, 'VDS-12.3');
    player.unkept(
      'VDS-12.3',
      `${readings} readings of the whole system, which released all that ` +
        `they got, left ${by} references to ${id} behind`,
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
