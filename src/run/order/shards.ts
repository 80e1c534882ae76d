// Splits a selection into shards, one for each machine: the same split wherever it is made from the same selection and
// durations. What a shard may run against is the command's question, putting shards together is reporting's.
import { counted } from '../../contract/wording.js';
import { ConfigurationError } from '../../port/errors.js';
import type { Check } from '../../checks/check.js';
import { PACE_OF_AN_ARRAY, unitsOf } from './units.js';

interface ShardNumber {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

/** Reads `2/5`. Throws ConfigurationError for anything else. */
export function parseShard(text: string): ShardNumber {
  const [, index, count] = /^(\d{1,6})\/(\d{1,6})$/.exec(text)?.map(Number) ?? [];
  if (index === undefined || count === undefined || index < 1 || index > count) {
    throw new ConfigurationError(`"${text}" is not a shard`, {
      hint: 'Shards are written i/n and count from 1: --shard 1/4 to --shard 4/4. A job that counts from 0 adds one.',
    });
  }
  return { index, count };
}

/** The cost of a recovery in calls. */
const CALLS_OF_A_RECOVERY = PACE_OF_AN_ARRAY.recovery / PACE_OF_AN_ARRAY.call;

/** Checks of a group share a recovery, of which each is taken to bear a small part. */
const SHARED = 1 / 8;
const estimate = ({ cost, group }: Check): number =>
  cost.calls + CALLS_OF_A_RECOVERY * cost.recoveries * (group === undefined ? 1 : SHARED);

/**
 * How long each check is expected to take, in a unit common to all of them: milliseconds where an earlier run measured
 * them, and for the others their declared cost at the pace of those that were measured.
 */
function weights(checks: readonly Check[], durations: ReadonlyMap<string, number>): number[] {
  const measured = checks.filter((c) => durations.has(c.id));
  const total = (of: (check: Check) => number): number => measured.reduce((sum, check) => sum + of(check), 0);
  const pace = measured.length === 0 ? 1 : total((c) => durations.get(c.id) ?? 0) / Math.max(1, total(estimate));
  return checks.map((check) => durations.get(check.id) ?? estimate(check) * pace);
}

/**
 * The checks of one shard, in the order of the selection. Every check is in exactly one of the shards 1/n to n/n, which
 * take about equally long.
 *
 * @param durations milliseconds that the checks took in an earlier run, by id; the same for all shards, or they would
 * not fit together
 * @throws ConfigurationError when a shard would have nothing to do
 */
export function checksOfShard<T extends { readonly check: Check }>(
  selected: readonly T[],
  { index, count }: ShardNumber,
  durations: ReadonlyMap<string, number> = new Map(),
): T[] {
  const units = unitsOf(selected.map(({ check }) => check));
  if (count > units.length)
    throw new ConfigurationError(
      `${count} shards for ${counted(selected.length, 'check')} would leave some with nothing to run`,
      {
        hint: `Take at most ${units.length}.`,
      },
    );
  const weight = weights(
    selected.map(({ check }) => check),
    durations,
  );
  const shards = Array.from({ length: count }, () => ({ load: 0, members: [] as number[] }));
  // The longest first, each to the shard that has least to do so far: at most a third more than the best possible
  // split.
  const loads = units.map((unit) => unit.reduce((sum, at) => sum + (weight[at] ?? 0), 0));
  for (const u of [...units.keys()].sort((a, b) => (loads[b] ?? 0) - (loads[a] ?? 0) || a - b)) {
    const least = shards.reduce((best, shard) =>
      shard.load < best.load || (shard.load === best.load && shard.members.length < best.members.length) ? shard : best,
    );
    least.load += loads[u] ?? 0;
    least.members.push(...(units[u] ?? []));
  }
  return (shards[index - 1]?.members ?? []).sort((a, b) => a - b).flatMap((at) => selected[at] ?? []);
}
