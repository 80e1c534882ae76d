// Operations whose array does not answer: QueryStatus says so at once, each time, and the operation ends as it should
// when the array answers again.
import { setTimeout } from 'node:timers/promises';
import { formatHresult, HR, succeeded } from '../../../contract/hresult.js';
import type { IVdsAsync } from '../../../port/generated/typed.js';
import { madeBy, type Waited } from '../../../port/made-objects.js';
import { judgedStatus } from '../../operations.js';
import type { Begun, Ended } from '../calls/calls.js';
import type { Player } from '../player.js';
import type { Resolved } from '../resolve.js';
import { beginSlowly, isRefused, judgeRefused, later } from './slow-start.js';

/**
 * Milliseconds after which QueryStatus is taken to wait: a call in the same process takes a fraction of one, over a
 * slow network a few hundred.
 */
const AT_ONCE = 1_000;
const LOOKS = 3;

/** How far an operation was when it was looked at last. */
interface Progress {
  percent: number;
}

/** Looks at an operation that cannot end; gives false where it had ended before. */
async function lookAt(
  { ctx }: Player,
  operation: IVdsAsync,
  progress: Progress,
  heal: () => Promise<void>,
  isWaitedFor: boolean,
): Promise<boolean> {
  for (let look = 0; look < LOOKS; look++) {
    const looked = operation.queryStatus();
    const answer = await Promise.race([looked, later(AT_ONCE)]);
    if (answer === undefined) {
      // A call that waits for the array would wait for ever.
      await heal();
      // A provider that takes one call at a time is at the Waits.
      if (isWaitedFor) {
        await looked;
        return false;
      }
      return ctx.duties.broken(
        'VDS-8.5a',
        `QueryStatus did not return within ${AT_ONCE} ms, and must return without waiting for the operation`,
        await looked,
      );
    }
    const { over, percent } = await judgedStatus(ctx, answer);
    if (over && look === 0) return false;
    ctx.duties.holds(
      'VDS-8.5a',
      !over,
      'QueryStatus reports an end of an operation whose array does not answer',
      answer,
    );
    ctx.duties.holds(
      'VDS-8.6',
      percent >= progress.percent,
      `*pulPercentCompleted went from ${progress.percent} to ${percent} while the operation runs`,
      answer,
    );
    progress.percent = percent;
  }
  return true;
}

/** Milliseconds for which two Waits are watched that must not return, and after which an operation is held up. */
const WATCHED = 50;

/** A Wait on an operation that cannot end, and whether it has returned. */
class PendingWait {
  hasReturned = false;
  readonly answer: Promise<Waited>;

  constructor(operation: IVdsAsync) {
    this.answer = operation.wait();
    void this.answer.then(
      () => (this.hasReturned = true),
      () => undefined,
    );
  }
}

/** Two callers wait for an operation that cannot end: neither gets an answer. */
async function waitTwice(operation: IVdsAsync): Promise<readonly PendingWait[]> {
  const waits = [new PendingWait(operation), new PendingWait(operation)];
  await Promise.race([...waits.map((w) => w.answer), later(WATCHED)]);
  return waits;
}

/** Both answers say what the operation itself has said of its end. */
async function judgeWaits({ ctx }: Player, waits: readonly PendingWait[], early: number, hr: number): Promise<void> {
  for (const [i, { answer }] of waits.entries()) {
    const waited = await answer;
    await madeBy(waited)?.release();
    const which = `${i === 0 ? 'the first' : 'the second'} of two Waits that were under way for one operation`;
    ctx.duties.holds('VDS-8.3a', i !== early, `${which} returned although the array did not answer`, waited);
    ctx.duties.ok('VDS-8.2', waited);
    const told = ctx.duties.output('VDS-8.3b', waited, 'hrResult');
    ctx.duties.holds(
      'VDS-8.3b',
      succeeded(told) === succeeded(hr),
      `${which} reports ${formatHresult(told)}, and another Wait ${formatHresult(hr)}`,
      waited,
    );
  }
}

/** An operation that was begun, and cannot go on as its array does not answer. */
interface Hanging {
  readonly begun: Begun;
  readonly operation: IVdsAsync;
  /** The array answers again. */
  heal(): Promise<void>;
}

/** Begins an operation on an array that is slow and then does not answer; where it starts none gives the refusal. */
async function begin(player: Player, resolved: Resolved): Promise<Hanging | readonly Ended[]> {
  const slowly = await beginSlowly(player, resolved);
  if (isRefused(slowly)) return slowly;
  const { ctx, state } = player;
  const { begun, operation, object, slow } = slowly;
  const hung = await ctx.faults.inject({ kind: 'hang', object });
  await slow.heal();
  let isHung = true;
  player.steps.called(begun.started.record);
  player.steps.fault('hang', state.get(object) ?? resolved.item);
  return {
    begun,
    operation,
    async heal() {
      if (isHung) await hung.heal();
      isHung = false;
    },
  };
}

/**
 * Begins an operation on an array that is slow and then does not answer, looks at it, and lets it end. Gives whether it
 * was carried out.
 */
export async function playHanging(player: Player, resolved: Resolved): Promise<boolean> {
  const { around } = player;
  const hanging = await begin(player, resolved);
  if (isRefused(hanging)) {
    await judgeRefused(player, hanging);
    return false;
  }
  const { begun, operation, heal } = hanging;
  let waits: readonly PendingWait[] = [];
  let early = -1;
  const progress: Progress = { percent: 0 };
  const look = (): Promise<boolean> => lookAt(player, operation, progress, heal, waits.length > 0);
  try {
    if (await look()) waits = await waitTwice(operation);
    early = waits.findIndex((w) => w.hasReturned);
    // By now it has done all that it can do without the array.
    if (early === -1 && waits.length > 0) await look();
  } finally {
    await heal();
  }
  player.steps.faultIsOver();
  const ended = await player.calls.end(begun);
  await judgeWaits(player, waits, early, ended.outcome.hr);
  player.around = around;
  await player.recover();
  await player.judge([ended], { ...around, faulted: ended.outcome.hr !== HR.S_OK });
  player.lastAnswer = ended.outcome.hr;
  player.focusOn(ended);
  return ended.outcome.done;
}

/** Begins an operation and cancels it while its array does not answer. Gives how it ended. */
async function cancelHanging(player: Player, resolved: Resolved): Promise<readonly Ended[]> {
  const { ctx, around } = player;
  const hanging = await begin(player, resolved);
  if (isRefused(hanging)) return hanging;
  const { begun, operation, heal } = hanging;
  // By then it has come as far as it can.
  await setTimeout(WATCHED);
  player.steps.say('Cancel of the operation');
  // It may have to wait for the array itself.
  const cancelled = operation.cancel();
  await Promise.race([cancelled, later(WATCHED)]);
  await heal();
  const answer = await cancelled;
  const ended = await player.calls.end(begun);
  player.steps.faultIsOver();
  player.around = around;
  if (answer.hr === HR.S_OK) {
    const { hr } = ended.outcome;
    ctx.duties.judging('VDS-8.7a');
    ctx.duties.holds(
      'VDS-8.7b',
      hr === HR.VDS_E_OPERATION_CANCELED,
      `the operation ended with ${formatHresult(hr)} although its Cancel had answered S_OK`,
      answer,
    );
  }
  return [ended];
}

const isCarriedOutOrCancelled = ({ outcome: { hr } }: Ended): boolean =>
  hr === HR.S_OK || hr === HR.VDS_E_OPERATION_CANCELED;

/**
 * Cancels operations one after the other, each while its array does not answer: where that succeeds, it does not go on
 * when the array answers again. They share a recovery, but one that ends otherwise is judged with those before it.
 */
export async function playCancelledAsTheyHang(player: Player, calls: readonly Resolved[]): Promise<void> {
  const { around } = player;
  let ended: readonly Ended[] = [];
  for (const [i, call] of calls.entries()) {
    const now = await cancelHanging(player, call);
    ended = [...ended, ...now];
    if (ended.length === 0 || (i < calls.length - 1 && now.every(isCarriedOutOrCancelled))) continue;
    player.around = { ...around, unanswered: true };
    await player.recover();
    await player.judge(ended, { ...around, faulted: !ended.every(isCarriedOutOrCancelled) }, true);
    player.around = around;
    for (const each of ended) player.focusOn(each);
    ended = [];
  }
}
