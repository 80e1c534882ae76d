// When a fault strikes, relative to a call and to the pair: the moments, with their costs and how each is played, and
// how "during" is shown.
import type { Result } from '../port/objects.js';
import type { Session } from '../port/session.js';

/** Calls one method of the object under test, or of the provider. */
export type Call = () => Promise<Result<Record<string, unknown>>>;

/** The steps out of which a moment is played. Who plays it judges the answers of each. */
export interface Scene {
  /** The method under test, unjudged. */
  readonly call: Call;
  /** The method under test with nothing wrong yet. */
  callUndisturbed(): Promise<void>;
  /** The method under test while the fault may show. */
  probe(): Promise<void>;
  strike(): Promise<void>;
  /** Strikes while this call is under way, and tries again where the call was over first. */
  strikeDuring(busy: Call): Promise<void>;
  /** The pair, with what is to happen between its two calls. */
  recover(betweenPair?: () => Promise<void>): Promise<void>;
  /** The first half of the pair while no cause of anything lasts. */
  reenumerateUndisturbed(): Promise<void>;
  /** The two calls of the pair by themselves, unjudged. */
  readonly reenumerate: Call;
  readonly refresh: Call;
}

export type MomentName =
  | 'before-the-call'
  | 'during-the-call'
  | 'between-calls'
  | 'during-reenumerate'
  | 'between-the-pair'
  | 'during-refresh'
  | 'after-recovery'
  | 'after-a-second-recovery';

export interface Moment {
  readonly name: MomentName;
  /** Follows what struck: "corruption … during Refresh". */
  readonly title: string;
  /** The pairs that playing it and the recovery after it take. */
  readonly recoveries: number;
  /** Needs two calls under way at once. */
  readonly overlaps: boolean;
  /**
   * Makes the call under test before, or while, the fault strikes: a call that deletes its object leaves nothing to
   * hit.
   */
  readonly callsFirst: boolean;
  /** From before the fault to the last probe; the recovery that is judged comes after it. */
  play(scene: Scene): Promise<void>;
  /** The same right after the last probe of the moment before it in its chain, where that makes it shorter. */
  playNext?(scene: Scene): Promise<void>;
}

export const MOMENTS: readonly Moment[] = [
  {
    name: 'before-the-call',
    title: 'before the call',
    recoveries: 1,
    overlaps: false,
    callsFirst: false,
    async play(scene) {
      await scene.strike();
      await scene.probe();
    },
  },
  {
    name: 'during-the-call',
    title: 'during the call',
    recoveries: 1,
    overlaps: true,
    callsFirst: true,
    async play(scene) {
      await scene.strikeDuring(scene.call);
      await scene.probe();
    },
  },
  {
    name: 'between-calls',
    title: 'between two calls',
    recoveries: 1,
    overlaps: false,
    callsFirst: true,
    async play(scene) {
      await scene.callUndisturbed();
      await scene.strike();
      await scene.probe();
    },
  },
  {
    name: 'during-reenumerate',
    title: 'during Reenumerate',
    recoveries: 1,
    overlaps: true,
    callsFirst: false,
    async play(scene) {
      await scene.strikeDuring(scene.reenumerate);
      await scene.probe();
    },
  },
  {
    name: 'between-the-pair',
    title: 'between Reenumerate and Refresh',
    recoveries: 2,
    overlaps: false,
    callsFirst: false,
    async play(scene) {
      await scene.recover(async () => {
        await scene.strike();
        await scene.probe();
      });
    },
  },
  {
    name: 'during-refresh',
    title: 'during Refresh',
    recoveries: 2,
    overlaps: true,
    callsFirst: false,
    async play(scene) {
      await scene.reenumerateUndisturbed();
      await scene.strikeDuring(scene.refresh);
      await scene.probe();
    },
  },
  {
    name: 'after-recovery',
    title: 'after a recovery',
    recoveries: 2,
    overlaps: false,
    callsFirst: false,
    async play(scene) {
      await scene.recover();
      await scene.strike();
      await scene.probe();
    },
  },
  {
    name: 'after-a-second-recovery',
    title: 'after a second recovery',
    recoveries: 3,
    overlaps: false,
    callsFirst: false,
    async play(scene) {
      await scene.recover();
      await scene.strike();
      await scene.recover();
      await scene.strike();
      await scene.probe();
    },
    // The moment before it was after a recovery.
    async playNext(scene) {
      await scene.recover();
      await scene.strike();
      await scene.probe();
    },
  },
];

/** Of these each repairs, before it strikes, what struck at the one before it: a recovery each is enough. */
const IN_A_ROW: readonly MomentName[] = ['before-the-call', 'after-recovery', 'after-a-second-recovery'];

/** The moments, those together that can share recoveries. */
export const CHAINS: readonly (readonly Moment[])[] = [
  MOMENTS.filter(({ name }) => IN_A_ROW.includes(name)),
  ...MOMENTS.filter(({ name }) => !IN_A_ROW.includes(name)).map((moment) => [moment]),
];

interface During<T, U> {
  readonly answer: Result<T>;
  readonly struck: U;
  /**
   * Whether the trace shows that the strike came before the call's answer: the window may be missed, and then nothing
   * is proven.
   */
  readonly overlapped: boolean;
}

/**
 * Makes a call and strikes while it is under way; waits for both, whatever happens, so that neither goes on behind the
 * next step.
 */
export async function during<T, U>(
  session: Session,
  call: () => Promise<Result<T>>,
  strike: () => Promise<U>,
): Promise<During<T, U>> {
  const mark = session.trace.total;
  let struckFirst = false;
  let answered = false;
  const calling = call().finally(() => {
    answered = true;
  });
  const striking = strike().finally(() => {
    struckFirst = !answered;
  });
  const [answer, struck] = await Promise.allSettled([calling, striking]);
  if (answer.status === 'rejected') throw answer.reason;
  if (struck.status === 'rejected') throw struck.reason;
  const { record } = answer.value;
  const end = record.at + record.ms;
  // A strike that goes by no call (a file that is changed) has no record; it counts when it was over before the answer.
  const overlapped = struckFirst || session.trace.callsSince(mark).some((r) => r.seq > record.seq && r.at < end);
  return { answer: answer.value, struck: struck.value, overlapped };
}
