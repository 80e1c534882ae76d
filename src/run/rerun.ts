// Runs a few checks again on a fresh system, in the process that judges, without the engine: for reproductions and for
// `replay`.
import type { Check, Suite } from '../checks/check.js';
import type { CheckResult } from '../checks/outcome.js';
import { runCheck, type RunState } from './run-check.js';

/** Checks of any suite by their ids. */
export const checksById = (
  suites: readonly Suite[],
): ReadonlyMap<string, { readonly suite: string; readonly check: Check }> =>
  new Map(suites.flatMap((suite) => suite.checks.map((check) => [check.id, { suite: suite.name, check }] as const)));

/**
 * Runs checks one after another as a run does, and gives the last one's result; undefined when `stopped` answered true
 * on the way. What the provider was seen to choose before (where documents allow several readings) is forgotten, as a
 * run of these checks alone would not know it.
 */
export async function rerun(
  ids: readonly string[],
  known: ReturnType<typeof checksById>,
  state: Omit<RunState, 'readings' | 'groups'>,
  stopped: () => boolean = () => false,
): Promise<CheckResult | undefined> {
  const fresh: RunState = { ...state, readings: new Map(), groups: undefined };
  await fresh.system.startAfresh();
  fresh.frame?.forget();
  let last: CheckResult | undefined;
  for (const [i, id] of ids.entries()) {
    const found = known.get(id);
    if (found === undefined) throw new RangeError(`unknown check ${id}`);
    if (stopped()) return undefined;
    last = await runCheck(found.check, found.suite, fresh, i === ids.length - 1);
  }
  return last;
}
