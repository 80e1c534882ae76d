// The order of a run that may not have the time for all of its checks: first those that find most for what they cost.
import type { Check } from '../../checks/check.js';
import { DETECTIONS } from './generated/detections.js';
import { costOf, unitsOf, type Pace } from './units.js';

/** Checks of one group stay together, as they share their recoveries. */
interface Unit {
  /** Places in the selection. */
  readonly members: readonly number[];
  /** Milliseconds. */
  readonly cost: number;
  readonly defects: readonly string[];
  readonly requirements: readonly string[];
}

/** A requirement that nothing has checked yet counts so much, of a defect that nothing has noticed yet. */
const OF_A_DEFECT = 1 / 100;

/**
 * A run's checks are taken in so many rounds, each twice as long as the one before, and within a round suite by suite:
 * reports, and checks that use each other's objects, keep what belongs together.
 */
const ROUNDS = 7;

/** Takes again and again the unit that adds most to what was found so far, for what it costs. */
function byYield(units: readonly Unit[]): Unit[] {
  const left = new Set(units);
  const found = new Set<string>();
  const checked = new Set<string>();
  const gain = ({ defects, requirements, cost }: Unit): number =>
    (defects.filter((d) => !found.has(d)).length + OF_A_DEFECT * requirements.filter((r) => !checked.has(r)).length) /
    cost;
  const order: Unit[] = [];
  for (;;) {
    let best: Unit | undefined;
    let most = 0;
    for (const unit of left) {
      const its = gain(unit);
      if (its > most) [best, most] = [unit, its];
    }
    if (best === undefined) break;
    left.delete(best);
    order.push(best);
    for (const each of best.defects) found.add(each);
    for (const each of best.requirements) checked.add(each);
  }
  return [...order, ...[...left].sort((a, b) => a.cost - b.cost)];
}

/**
 * The checks in the order in which a run of limited time takes them.
 *
 * @param detections the defects that each check is known to notice, by its id
 */
export function byDetection<T extends { readonly check: Check }>(
  selected: readonly T[],
  pace: Pace,
  detections: Readonly<Record<string, readonly string[]>> = DETECTIONS,
): T[] {
  const checks = selected.map(({ check }) => check);
  const units = unitsOf(checks).map((members): Unit => {
    const its = members.flatMap((at) => checks[at] ?? []);
    return {
      members,
      // A check without calls still takes its turn.
      cost: Math.max(1, costOf(its, pace)),
      defects: [...new Set(its.flatMap(({ id }) => detections[id] ?? []))],
      requirements: [...new Set(its.flatMap(({ requirements }) => requirements))],
    };
  });
  const total = units.reduce((sum, { cost }) => sum + cost, 0);
  const rounds: number[][] = [];
  let spent = 0;
  for (const { members, cost } of byYield(units)) {
    spent += cost;
    const round = Math.max(0, Math.ceil(ROUNDS + Math.log2(spent / total)));
    (rounds[round] ??= []).push(...members);
  }
  return rounds.flatMap((places) => places.sort((a, b) => a - b)).flatMap((at) => selected[at] ?? []);
}
