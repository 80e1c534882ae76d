// When a fault strikes, relative to a call and to the pair, and how "during" is shown.
import type { Result } from '../port/objects.js';
import type { Session } from '../port/session.js';

export const MOMENTS = [
  'before-the-call',
  'during-the-call',
  'between-calls',
  'during-reenumerate',
  'between-the-pair',
  'during-refresh',
  'after-recovery',
  'after-a-second-recovery',
] as const;
export type Moment = (typeof MOMENTS)[number];

/** Those that need two calls under way at once. */
export const OVERLAPPING: ReadonlySet<Moment> = new Set<Moment>([
  'during-the-call',
  'during-reenumerate',
  'during-refresh',
]);

export interface During<T, U> {
  readonly answer: Result<T>;
  readonly struck: U;
  /** Whether the trace shows that the strike came before the call's answer: the window may be missed, and then nothing is proven. */
  readonly overlapped: boolean;
}

/** Makes a call and strikes while it is under way; waits for both, whatever happens, so that neither goes on behind the next step. */
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
