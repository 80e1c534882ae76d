// The few steps of a tour that failed which it takes to fail: the steps are played again, fewer, on fresh systems.
import type { Context } from '../context.js';
import type { DutyBroken } from '../outcome.js';
import { isFinding } from './calls/steps.js';

/** How many shorter tours are tried to find out which steps matter. */
const TRIALS = 40;

interface Shrinking<T> {
  /** The steps of the tour that failed, as far as it went. */
  readonly steps: readonly T[];
  readonly found: DutyBroken;
  /** So many steps at most are between two readings of everything, so that a difference may have shown that late. */
  readonly cadence: number;
  /** Plays steps on a fresh system, and throws what it finds. */
  readonly perform: (steps: readonly T[]) => Promise<void>;
  /** The step without what makes it harder to read, and may not matter. */
  readonly plain?: (step: T) => T;
}

/** The shortest tour found that breaks the same requirement, as the finding of its last try. */
export async function shrunk<T>(
  ctx: Context,
  { steps, found, cadence, perform, plain }: Shrinking<T>,
): Promise<DutyBroken> {
  let best = found;
  let shortest = steps;
  let trials = 0;
  const breaks = async (some: readonly T[]): Promise<boolean> => {
    if (trials >= TRIALS || !(await ctx.renew())) return false;
    trials += 1;
    try {
      await perform(some);
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
  const short: (readonly T[])[] = [last, steps.slice(-2)];
  // A difference may have shown only when everything was read again.
  for (let i = steps.length - 2; i >= 0 && i > steps.length - 2 - cadence; i--) short.push(steps.slice(i, i + 1));
  for (let i = steps.length - 2; i > 0 && i > steps.length - 2 - cadence; i--) short.push(steps.slice(i - 1, i + 1));
  for (let i = steps.length - 3; i >= 0 && i >= steps.length - 8; i--) short.push([...steps.slice(i, i + 1), ...last]);
  for (let n = 4; n < steps.length; n *= 2) short.push(steps.slice(-n));
  for (const some of short) if (some.length < steps.length && (await breaks(some))) break;
  // Then without each step that is left, from the first on.
  for (let i = 0; i < shortest.length - 1 && shortest.length > 1;) {
    if (!(await breaks([...shortest.slice(0, i), ...shortest.slice(i + 1)]))) i += 1;
    if (trials >= TRIALS) break;
  }
  // The steps are easier to read without what does not matter.
  if (plain !== undefined) await breaks(shortest.map(plain));
  return best;
}
