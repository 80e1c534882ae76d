// What comes to light after a check's body: a provider that dies while its objects are given back, a clean-up that fails, a system that is not what it
// was before. A check that has not failed by itself fails for it.
import type { Check } from '../checks/check.js';
import type { Context } from '../checks/context.js';
import type { CleanUpProblem } from '../checks/life.js';
import type { Finding, Verdict } from '../checks/outcome.js';
import { requirement } from '../contract/requirements.js';
import { HarnessError } from '../port/errors.js';
import type { SystemUnderTest } from '../lab/system.js';
import { endingOf, type Ending } from './ending.js';
import type { Frame } from './frame.js';

export interface Aftermath {
  readonly ending: Ending;
  /** Findings after which the verdict stays. */
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
  /** The calls of the check with its clean-up, where that is what showed it. */
  readonly trace?: readonly string[];
}

/** Verdicts that say nothing against the provider, so that what comes afterwards decides. */
const OPEN: ReadonlySet<Verdict> = new Set<Verdict>(['passed', 'not-applicable', 'inconclusive']);

interface State {
  readonly system: SystemUnderTest;
  readonly strict: boolean;
  readonly frame?: Frame | undefined;
}

/** How the check ends after all. Never rejects. */
export async function aftermath(
  check: Check,
  context: Context,
  { system, strict, frame }: State,
  unclean: readonly CleanUpProblem[],
  ending: Ending,
): Promise<Aftermath> {
  const { session } = context;
  const failedCleanUps = unclean.map((p) => `clean-up failed: ${p.message}`);
  if (!OPEN.has(ending.verdict)) return { ending, findings: [], notes: failedCleanUps };
  if (session.broken !== undefined)
    return {
      // One that was inconclusive may have ended the session itself.
      ending: ending.verdict === 'passed' ? endingOf(session.broken) : ending,
      findings: [],
      notes: failedCleanUps,
    };
  const found: Pick<Finding, 'requirement' | 'message'>[] = [];
  for (const { message, requirement: id = check.requirements[0], error } of unclean) {
    if (error instanceof HarnessError || id === undefined)
      return { ending: { ...endingOf(error), reason: `clean-up failed: ${message}` }, findings: [], notes: [] };
    found.push({ requirement: id, message: `clean-up failed: ${message}` });
  }
  const callsOfCheck = context.calls.count;
  if (found.length === 0 && frame !== undefined && callsOfCheck > 0) {
    try {
      const { loaded } = await system.ready();
      if (loaded.session === session) found.push(...(await frame.after(check, loaded, context.left)));
    } catch (error) {
      return { ending: endingOf(error), findings: [], notes: [] };
    }
  }
  if (found.length === 0) return { ending, findings: [], notes: [] };
  const findings = found.map(({ requirement: id, message }): Finding => {
    return { requirement: id, level: requirement(id).level, message: session.labels.apply(message) };
  });
  const fails = (f: Finding): boolean => f.level !== 'SHOULD' || strict;
  const worst = findings.find(fails);
  if (worst === undefined) return { ending, findings, notes: [] };
  const lines = context.calls.lines();
  return {
    ending: { verdict: 'failed', reason: worst.message, finding: worst },
    findings: findings.filter((f) => f !== worst),
    notes: ending.reason === undefined ? [] : [`before that: ${ending.reason}`],
    trace: lines.slice(0, lines.length - (context.calls.count - callsOfCheck)),
  };
}
