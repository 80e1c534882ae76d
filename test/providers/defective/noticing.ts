// Whether checks notice a defect, for what it breaks.
import { expect } from 'vitest';
import type { Defect } from '../../../providers/defective/defect.js';
import type { Limits } from '../../../src/port/session.js';
import { select } from '../../../src/run/selection.js';
import { SUITES } from '../../../suites/index.js';
import { brief, endedAs, named, noticed, outcomeOf } from './outcome.js';

export const ALL_CHECKS = select(SUITES, { effort: 'full' });

const byId = new Map(ALL_CHECKS.map(({ check }) => [check.id, check]));

/** About as many calls as a recovery of an array in memory takes. */
const RECOVERY = 50;
const callsOf = (id: string): number => {
  const check = byId.get(id);
  return check === undefined ? Infinity : check.cost.calls + RECOVERY * check.cost.recoveries;
};

/** The check that notices a defect with the fewest calls. */
export const cheapestOf = ({ noticedBy }: Defect): string =>
  noticedBy.reduce((best, id) => (callsOf(id) < callsOf(best) ? id : best));

/** A defect that only tours and the like notice takes seconds. */
const QUICK = 1000;
export const isQuick = (defect: Defect): boolean => callsOf(cheapestOf(defect)) < QUICK;

/**
 * Expects that each of these checks notices the defect, and that together they name all of `breaks`; at least one thing
 * that it breaks unless given.
 */
export async function mustBeNoticed(
  defect: Defect,
  checks: readonly string[],
  breaks?: readonly string[],
  limits?: Limits,
): Promise<void> {
  const ids = new Set([...(defect.after ?? []), ...checks]);
  const outcome = await outcomeOf(
    defect,
    ALL_CHECKS.filter(({ check }) => ids.has(check.id)),
    limits,
  );
  const results = outcome.results.filter((r) => checks.includes(r.id));
  expect(brief(results.filter((r) => !noticed(r)))).toEqual([]);
  if (defect.ends === undefined) {
    mustName(named(results), defect, breaks, brief(results).join('\n'));
    expect(
      results.filter((r) => r.verdict === 'error'),
      'a defect of a provider is no error of the harness',
    ).toEqual([]);
  } else if (breaks !== undefined) {
    const { as, during } = defect.ends;
    expect(
      results.some((r) => endedAs(defect, r)),
      `as ${as} during ${during}, but: ${brief(results).join('\n')}`,
    ).toBe(true);
  }
  if (defect.strict !== true) return;
  // Without --strict it is a finding and no failure.
  expect(brief(outcome.lenient.filter(noticed))).toEqual([]);
  mustName(named(outcome.lenient), defect, breaks);
}

function mustName(found: ReadonlySet<string>, defect: Defect, breaks?: readonly string[], message?: string): void {
  if (breaks === undefined)
    expect(
      defect.breaks.some((id) => found.has(id)),
      message,
    ).toBe(true);
  else
    expect(
      breaks.filter((id) => !found.has(id)),
      message,
    ).toEqual([]);
}
