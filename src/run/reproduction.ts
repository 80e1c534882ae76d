// Whether a failure happens again, and what it needs: the check by itself, else after the few checks before it that it
// cannot do without. Each cause is reproduced once, within bounds, as a run with hundreds of failures must not take
// hours for it.
import type { CheckResult, Reproduction } from '../checks/outcome.js';
import { findCulprit } from './reduction/culprit.js';
import type { FreshResult } from './run-check.js';
import { couldNotOpen } from './summary.js';
import { reduce } from './reduction/reduce.js';
import { Tries } from './reduction/tries.js';
import { clarityOf, symptomOf, typeOf } from './symptom.js';

/** How often something is run to reproduce one failure, unless the user says otherwise. */
export const DEFAULT_TRIES = 30;

/**
 * Runs the checks of these ids, one after another, on a fresh system, and gives the last one's result; undefined when
 * it was stopped on the way.
 */
export type Rerun = (ids: readonly string[]) => Promise<CheckResult | undefined>;

/** Failures of one symptom that are tried where none of those before could be reproduced. */
const TRIED_OF_A_SYMPTOM = 3;
/** Milliseconds that reproductions may take in any case; above it, as long as the checks themselves have taken. */
const LEAST_TIME = 60_000;
/** How many of the checks before it are taken first, and by how much more each time. */
const NEAREST = 4;

/** Whether a result is the same failure again: the same verdict, for the same duty or code. */
export const isSameFailure = (again: CheckResult, before: CheckResult): boolean =>
  again.verdict === before.verdict && typeOf(again) === typeOf(before);

/**
 * Tries to see a failure again, at most `most` times.
 *
 * @param before the checks that ran before it, in order
 * @param fails runs checks on a fresh system and says whether the last failed in the same way; undefined where it did
 * not run them and will not run others
 */
export async function reproduce(
  check: string,
  before: readonly string[],
  fails: (ids: readonly string[]) => Promise<boolean | undefined>,
  most: number,
): Promise<Omit<Reproduction, 'reason' | 'like'>> {
  const tries = new Tries(fails, most);
  const after = (earlier: readonly string[]): Promise<boolean> => tries.failsAgain([...earlier, check]);
  if (await after([])) return { status: 'alone', checks: [check], tries: tries.count };
  for (let length = NEAREST; before.length > 0; length *= NEAREST) {
    const near = before.slice(-length);
    if (await after(near)) {
      const needed = await reduce(near, after);
      return { status: 'with', checks: [...needed, check], tries: tries.count };
    }
    if (near.length === before.length) break;
  }
  return { status: tries.count === 0 ? 'not-tried' : 'not-reproduced', checks: [], tries: tries.count };
}

export interface ReproducerOptions {
  /** How often something is run for one failure; 0 for not at all. */
  readonly tries: number;
  readonly rerun: Rerun;
  /** Whether the system may not be changed again, as each session sees the same one and the run only reads. */
  readonly readOnly: () => boolean;
  /** Milliseconds by a clock that only goes forward. */
  readonly now?: () => number;
}

interface Seen {
  readonly id: string;
  readonly clarity: number;
  readonly reproduction: Reproduction;
}

const notTried = (reason: string): Reproduction => ({ status: 'not-tried', checks: [], tries: 0, reason });

/** Reproduces the failures of a run as they come. */
export class Reproducer {
  /** By symptom, those that were tried. */
  private readonly tried = new Map<string, Seen[]>();
  private readonly now: () => number;
  private readonly began: number;
  private spent = 0;

  constructor(private readonly options: ReproducerOptions) {
    this.now = options.now ?? (() => performance.now());
    this.began = this.now();
  }

  /**
   * Reproduces a failure.
   *
   * @param before ids of the checks that ran before it, in order
   * @param stopped whether the run is to end; asked before each try
   */
  async of(result: FreshResult, before: readonly string[], stopped: () => boolean): Promise<Reproduction> {
    const { tries, rerun, readOnly } = this.options;
    if (tries === 0) return notTried('--reproduce 0 or --no-reproduce was given');
    if (couldNotOpen(result)) return notTried('the provider could not be opened');
    if (readOnly())
      return notTried('the system may not be changed again: it is not disposable, and this run only reads');
    const symptom = symptomOf(result);
    const alike = this.tried.get(symptom) ?? [];
    const known = alike.findLast(({ reproduction }) => reproduction.checks.length > 0);
    const clarity = clarityOf(result);
    // Reports show a cause by the check that shows it most directly, so that one is seen to fail again as well.
    if (known !== undefined && known.clarity >= clarity)
      return { ...notTried(`${known.id} fails alike`), checks: known.reproduction.checks, like: known.id };
    if (known === undefined && alike.length >= TRIED_OF_A_SYMPTOM)
      return notTried(`${alike.map(({ id }) => id).join(', ')} failed alike, and could not be reproduced`);
    if (this.outOfTime()) return notTried('reproductions have taken as long as the checks themselves');
    const begun = this.now();
    let cut: string | undefined;
    const fails = async (ids: readonly string[]): Promise<boolean | undefined> => {
      if (stopped()) cut = 'the run was to end';
      else if (this.outOfTime(this.now() - begun)) cut = 'it took too long';
      if (cut !== undefined) return undefined;
      const again = await rerun(ids);
      return again === undefined ? undefined : isSameFailure(again, result);
    };
    const found =
      result.suspects === undefined
        ? await reproduce(result.id, before, fails, tries)
        : await findCulprit(result.suspects, fails, tries);
    this.spent += this.now() - begun;
    const reproduction: Reproduction = cut === undefined ? found : { ...found, reason: cut };
    if (reproduction.status !== 'not-tried')
      this.tried.set(symptom, [...alike, { id: result.id, clarity, reproduction }]);
    return reproduction;
  }

  /** @param more milliseconds of a reproduction under way */
  private outOfTime(more = 0): boolean {
    const spent = this.spent + more;
    return spent > Math.max(LEAST_TIME, this.now() - this.began - spent);
  }
}
