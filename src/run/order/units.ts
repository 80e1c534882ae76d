// Checks that stay together, and what they cost.
import type { Check } from '../../checks/check.js';

/** Milliseconds. */
export interface Pace {
  readonly call: number;
  readonly recovery: number;
}

/** An array behind a controller: most calls answer from a cache, and a recovery is a scan of the bus. */
export const PACE_OF_AN_ARRAY: Pace = { call: 20, recovery: 10_000 };

/** Positions of checks that stay together: those of a group share their recoveries. */
export function unitsOf(checks: readonly Check[]): number[][] {
  const units = new Map<unknown, number[]>();
  for (const [at, check] of checks.entries()) {
    const unit = check.group ?? check;
    units.set(unit, [...(units.get(unit) ?? []), at]);
  }
  return [...units.values()];
}

/** Milliseconds that the checks of a unit are expected to take: the recoveries of its dearest, and the calls of all. */
export const costOf = (unit: readonly Check[], { call, recovery }: Pace): number =>
  unit.reduce((sum, { cost }) => sum + cost.calls * call, 0) +
  Math.max(0, ...unit.map(({ cost }) => cost.recoveries)) * recovery;
