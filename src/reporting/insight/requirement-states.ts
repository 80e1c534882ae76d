// The result of a run for each requirement that binds a provider. Its numbers are conformance's coverage, here
// requirement by requirement.
import { REQUIREMENTS, type Requirement } from '../../contract/requirements.js';
import type { RunHeader } from '../../run/events.js';
import type { CheckResult } from '../../checks/outcome.js';
import { brokenDuty } from '../../run/symptom.js';
import { explain, isFailure } from './explain.js';

/**
 * `known`: broken, and a baseline excuses it. `open`: its checks ended before they could tell (inconclusive, crashed,
 * or failed for another duty).
 */
export const REQUIREMENT_STATES = [
  'broken',
  'known',
  'finding',
  'kept',
  'open',
  'not applicable',
  'not reached',
  'waiting',
  'untestable',
] as const;
export type RequirementState = (typeof REQUIREMENT_STATES)[number];

export interface RequirementRow {
  readonly requirement: Requirement;
  readonly state: RequirementState;
  /** Checks of this run that verify it, and how many of them it made fail. */
  readonly checks: number;
  readonly failing: number;
}

interface Tally {
  checks: number;
  passed: number;
  notApplicable: number;
  failing: number;
  known: number;
  found: number;
}

/** One row for each requirement that binds a provider, in the catalogue's order. */
export function requirementRows(results: readonly CheckResult[], header: RunHeader): RequirementRow[] {
  const tallies = new Map<string, Tally>();
  const of = (id: string): Tally => {
    let tally = tallies.get(id);
    if (tally === undefined)
      tallies.set(id, (tally = { checks: 0, passed: 0, notApplicable: 0, failing: 0, known: 0, found: 0 }));
    return tally;
  };
  for (const result of results) {
    for (const id of result.requirements) {
      const tally = of(id);
      tally.checks += 1;
      if (result.verdict === 'not-applicable' || result.unjudged?.includes(id) === true) tally.notApplicable += 1;
      else if (result.verdict === 'passed') tally.passed += 1;
    }
    const explained = explain(result, header);
    const broken = brokenDuty(result) ?? explained.type;
    if (isFailure(result)) of(broken).failing += 1;
    else if (result.known !== undefined) of(broken).known += 1;
    for (const finding of explained.otherFindings) of(finding.requirement).found += 1;
  }
  return REQUIREMENTS.filter((r) => r.level !== 'CALLER').map((requirement) => {
    const tally = of(requirement.id);
    return { requirement, state: stateOf(requirement, tally), checks: tally.checks, failing: tally.failing };
  });
}

function stateOf(
  requirement: Requirement,
  { checks, passed, notApplicable, failing, known, found }: Tally,
): RequirementState {
  if (failing > 0) return 'broken';
  if (known > 0) return 'known';
  if (found > 0) return 'finding';
  if (passed > 0) return 'kept';
  if (checks > 0) return notApplicable === checks ? 'not applicable' : 'open';
  if (requirement.untestable !== undefined) return 'untestable';
  return requirement.waiting === undefined ? 'not reached' : 'waiting';
}
