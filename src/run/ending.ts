// How a check ends: what it threw, as a verdict with its reason.
import type { Check } from '../checks/check.js';
import {
  DutyBroken,
  HELD_BACK,
  HeldBack,
  Inconclusive,
  NotApplicable,
  OUT_OF_SCOPE,
  type CheckResult,
  type FaultVerdict,
  type Finding,
  type Verdict,
} from '../checks/outcome.js';
import { OutsideScope } from '../lab/wall.js';
import { HarnessError, ProviderCrashed, ProviderHung } from '../port/errors.js';

/** How a check ends, before it is a result. */
export interface Ending {
  readonly verdict: Verdict;
  readonly reason?: string;
  readonly code?: string;
  readonly problem?: string;
  readonly hint?: string;
  readonly finding?: Finding;
  readonly faultVerdict?: FaultVerdict;
  /** Ids of the checks of which one is to blame, where that is not known. */
  readonly suspects?: readonly string[];
}

/** The members of a result that are the check's own. */
export const identityOf = (
  check: Check,
  suite: string,
): Pick<CheckResult, 'id' | 'suite' | 'title' | 'requirements' | 'matrix'> => ({
  id: check.id,
  suite,
  title: check.title,
  requirements: check.requirements,
  ...(check.matrix === undefined ? {} : { matrix: check.matrix }),
});

/** The result of a check of which no call was made. `ms` is how long it took to see that. */
export const neverBegan = (
  check: Check,
  suite: string,
  ending: Pick<CheckResult, 'verdict' | 'reason' | 'code' | 'problem' | 'hint'>,
  ms = 0,
): CheckResult => ({ ...identityOf(check, suite), ...ending, findings: [], notes: [], calls: 0, ms });

/** The fault verdict that goes with a verdict, where no finding says another. */
export const FAULT_VERDICT: Partial<Record<Verdict, FaultVerdict>> = {
  passed: 'recovered',
  crashed: 'crashed',
  hung: 'hung',
  inconclusive: 'inconclusive',
  'not-applicable': 'not applicable',
};

/** How a check ends that threw this. */
export function endingOf(error: unknown): Ending {
  if (error instanceof DutyBroken)
    return {
      verdict: 'failed',
      reason: error.message,
      finding: error.finding,
      ...(error.finding.faultVerdict === undefined ? {} : { faultVerdict: error.finding.faultVerdict }),
    };
  if (error instanceof NotApplicable) return { verdict: 'not-applicable', reason: error.message };
  if (error instanceof HeldBack) return { verdict: 'inconclusive', reason: error.message, code: HELD_BACK };
  if (error instanceof OutsideScope)
    return { verdict: 'inconclusive', reason: `held back: ${error.message}`, code: OUT_OF_SCOPE };
  if (error instanceof Inconclusive) return { verdict: 'inconclusive', reason: error.message };
  if (error instanceof HarnessError) {
    const verdict = error instanceof ProviderCrashed ? 'crashed' : error instanceof ProviderHung ? 'hung' : 'error';
    const { code, hint, message: problem } = error;
    return { verdict, reason: error.describe(), code, problem, ...(hint === '' ? {} : { hint }) };
  }
  return {
    verdict: 'error',
    reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
    code: 'VDSC_INTERNAL',
  };
}
