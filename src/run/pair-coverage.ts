// Which pairs of the model's commands a run played one directly after the other, over all of its tours.
import type { CheckResult } from '../checks/outcome.js';
import type { PairCoverage } from './events.js';

/** The followers of each command that was played, by what came between. */
type SeenPairs = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

/** The union of what the tours of a run have seen. */
export function seenPairs(results: readonly CheckResult[]): SeenPairs {
  const all = new Map<string, Map<string, Set<string>>>();
  for (const { pairs } of results) {
    if (pairs === undefined) continue;
    const seen = all.get(pairs.between) ?? new Map<string, Set<string>>();
    all.set(pairs.between, seen);
    for (const [command, followers] of Object.entries(pairs.followers))
      seen.set(command, new Set([...(seen.get(command) ?? []), ...followers]));
  }
  return all;
}

/** How many pairs were seen of those that are possible: every command that was played after each, itself included. */
export const pairCoverage = (results: readonly CheckResult[]): PairCoverage[] =>
  [...seenPairs(results)].map(([between, seen]) => ({
    between,
    seen: [...seen.values()].reduce((sum, followers) => sum + followers.size, 0),
    possible: seen.size ** 2,
  }));
