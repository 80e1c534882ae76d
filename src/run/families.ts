// Generated families of checks: fault × method × moment. One defect can fail hundreds of their cells alike, which costs
// hours on a real array and says nothing new after the first few. So a family stops for that defect: the cells that are
// left are reported as left out, never as passed.
import type { Check } from '../checks/check.js';
import { isFailure, LEFT_OUT, type CheckResult } from '../checks/outcome.js';
import { neverBegan } from './ending.js';
import { showingCall, symptomOf } from './symptom.js';

/** Cells that fail alike before the others are left out. */
export const ENOUGH = 3;

/**
 * Which cells a failure stands for. Where the method under test itself showed it, those of that method: another method
 * may keep its duty. Where something else showed it, as the reading after the recovery does, those of that fault:
 * another fault may be recovered from.
 */
function familyOf(result: CheckResult): string | undefined {
  const { matrix, suite } = result;
  if (matrix === undefined) return undefined;
  return showingCall(result)?.method === matrix.method ? ofMethod(suite, matrix.method) : ofFault(suite, matrix.fault);
}

const ofMethod = (suite: string, method: string): string => JSON.stringify([suite, 'method', method]);
const ofFault = (suite: string, fault: string): string => JSON.stringify([suite, 'fault', fault]);

/** Follows the failures of a run's families. */
export class Families {
  /** By family, and within it by symptom, the checks that failed. */
  private readonly failures = new Map<string, Map<string, string[]>>();

  /**
   * Takes up a result. One that a baseline excuses stops nothing: a run that it lets pass must have checked everything.
   */
  take(result: CheckResult): void {
    const family = isFailure(result) ? familyOf(result) : undefined;
    if (family === undefined) return;
    const bySymptom = this.failures.get(family) ?? new Map<string, string[]>();
    const symptom = symptomOf(result);
    bySymptom.set(symptom, [...(bySymptom.get(symptom) ?? []), result.id]);
    this.failures.set(family, bySymptom);
  }

  /** The result of a check that is left out; undefined for one that is to run. */
  leftOut(check: Check, suite: string): CheckResult | undefined {
    if (check.matrix === undefined) return undefined;
    const { fault, method } = check.matrix;
    const alike = [ofMethod(suite, method), ofFault(suite, fault)]
      .flatMap((family) => [...(this.failures.get(family)?.values() ?? [])])
      .find((ids) => ids.length >= ENOUGH);
    if (alike === undefined) return undefined;
    return {
      ...neverBegan(check, suite, {
        verdict: 'inconclusive',
        code: LEFT_OUT,
        reason: `left out, as ${ENOUGH} generated checks like it failed in the same way; --all-cells runs them all`,
      }),
      notes: [{ kind: 'observation', text: `the first of those that failed is ${alike[0]}` }],
    };
  }
}
