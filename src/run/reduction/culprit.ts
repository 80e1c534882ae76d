// Which of several checks has changed the system, where it was compared only after the last of them. It knows nothing
// of checks; running them is for who calls it.
import type { CheckResult, Reproduction } from '../../checks/outcome.js';
import { whose } from '../frame.js';
import { reduce } from './reduce.js';
import { Tries } from './tries.js';
import type { FreshResult } from '../run-check.js';

/**
 * Takes a group of checks apart. What it gives ends with the one to blame: alone, or after the few before it that it
 * needs. `not-reproduced` where the whole group does not show the difference on a fresh system.
 *
 * @param suspects ids, in the order in which they ran
 * @param fails runs checks on a fresh system, compares it after the last, and says whether it differs in the same way;
 * undefined where it did not run them and will not run others
 * @param most how often it may be asked
 */
export async function findCulprit(
  suspects: readonly string[],
  fails: (ids: readonly string[]) => Promise<boolean | undefined>,
  most: number,
): Promise<Omit<Reproduction, 'reason' | 'like'>> {
  const tries = new Tries(fails, most);
  if (!(await tries.failsAgain(suspects)))
    return { status: tries.count === 0 ? 'not-tried' : 'not-reproduced', checks: [], tries: tries.count };
  // The shortest beginning after which it differs: its last check is the one.
  let least = 0;
  let length = suspects.length;
  while (length - least > 1) {
    const half = Math.floor((least + length) / 2);
    if (await tries.failsAgain(suspects.slice(0, half))) length = half;
    else least = half;
  }
  const culprit = suspects[length - 1] as string;
  if (length === 1 || (await tries.failsAgain([culprit])))
    return { status: 'alone', checks: [culprit], tries: tries.count };
  const needed = await reduce(suspects.slice(0, length - 1), (part) => tries.failsAgain([...part, culprit]));
  return { status: 'with', checks: [...needed, culprit], tries: tries.count };
}

/**
 * A result with its reproduction: where one of several checks was to blame and is known now, its message names that
 * one.
 */
export function blamed({ suspects, ...result }: FreshResult, reproduction: Reproduction | undefined): CheckResult {
  if (reproduction === undefined) return result;
  const culprit = reproduction.like === undefined ? reproduction.checks.at(-1) : undefined;
  if (suspects === undefined || culprit === undefined) return { ...result, reproduction };
  const name = (text: string): string => text.replace(whose(suspects), `the check ${culprit}`);
  return {
    ...result,
    ...(result.reason === undefined ? {} : { reason: name(result.reason) }),
    findings: result.findings.map((f) => ({ ...f, message: name(f.message) })),
    reproduction,
  };
}
