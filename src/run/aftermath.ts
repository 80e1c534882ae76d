// Failures after a check's body: a provider that dies while its objects are given back, a clean-up that fails, a system
// that is not what it was before. A check that has not failed by itself fails for it.
import type { Check } from '../checks/check.js';
import type { Context } from '../checks/context.js';
import type { CleanUpProblem } from '../checks/life.js';
import type { Verdict } from '../checks/outcome.js';
import { HarnessError } from '../port/errors.js';
import { LISTED } from '../truth/member-requirements.js';
import type { SystemUnderTest } from '../lab/system.js';
import { endingOf, type Ending } from './ending.js';
import type { Frame } from './frame.js';

/** Verdicts that say nothing against the provider, so that what comes afterwards decides. */
const OPEN: ReadonlySet<Verdict> = new Set<Verdict>(['passed', 'not-applicable', 'inconclusive']);

interface State {
  readonly system: SystemUnderTest;
  readonly frame?: Frame | undefined;
}

/** How the check ends after all. Never rejects. Findings after which the verdict stays are the context's. */
export async function aftermath(
  check: Check,
  context: Context,
  { system, frame }: State,
  unclean: readonly CleanUpProblem[],
  ending: Ending,
  isLast = false,
): Promise<Ending> {
  const { session, duties } = context;
  const wasBroken = session.broken;
  if (!OPEN.has(ending.verdict) || wasBroken !== undefined) {
    for (const { message } of unclean) context.note(message, 'clean-up');
    if (wasBroken === undefined) await noteUncompared(check, context, { system, frame });
    // One that was inconclusive may have ended the session itself.
    return wasBroken !== undefined && ending.verdict === 'passed' ? endingOf(wasBroken) : ending;
  }
  const earlier = ending.reason;
  let suspects: readonly string[] | undefined;
  try {
    for (const { message, requirement = check.requirements[0], error } of unclean) {
      if (error instanceof HarnessError || requirement === undefined)
        return { ...endingOf(error), reason: `clean-up failed: ${message}`, problem: `clean-up failed: ${message}` };
      duties.unkept(requirement, `clean-up failed: ${message}`);
    }
    if (unclean.length > 0 || frame === undefined || (context.calls.count === 0 && !isLast)) return ending;
    if (context.left.has(LISTED)) {
      // Objects that could not be deleted reach further than one member.
      await noteUncompared(check, context, { system, frame });
      return ending;
    }
    const { loaded } = await system.ready();
    for (const broken of await frame.after(check, loaded, { left: context.left, isLast })) {
      ({ suspects } = broken);
      duties.unkept(broken.requirement, broken.message, broken.evidence);
    }
    return ending;
  } catch (error) {
    if (earlier !== undefined) context.note(`before that: ${earlier}`);
    return { ...endingOf(error), ...(suspects === undefined ? {} : { suspects }) };
  }
}

/**
 * The system is forgotten after a failure. Changes by earlier checks are still reported, because nothing compares them
 * later.
 */
async function noteUncompared(check: Check, context: Context, { system, frame }: State): Promise<void> {
  if (frame === undefined || frame.pending.length === 0) return;
  try {
    const { loaded } = await system.ready();
    for (const { message } of await frame.after(check, loaded, { isLast: true })) context.note(message);
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
  }
}
