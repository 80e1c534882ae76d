// From the checks' results to the run's: counts, requirement coverage and the exit code.
import { REQUIREMENTS, requirement } from '../contract/requirements.js';
import { baselineOutcome } from './baseline.js';
import type { Coverage, RunHeader, RunSummary } from './events.js';
import { pairCoverage } from './pair-coverage.js';
import { stateCoverage } from './state-coverage.js';
import { matches } from './selection.js';
import { VERDICTS, type CheckResult, type Verdict } from '../checks/outcome.js';

export const EXIT = {
  conformant: 0,
  notConformant: 1,
  usage: 2,
  notLoaded: 3,
  incomplete: 4,
  interrupted: 130,
} as const;

export function countVerdicts(results: readonly CheckResult[]): Record<Verdict, number> {
  const counts = Object.fromEntries(VERDICTS.map((v) => [v, 0])) as Record<Verdict, number>;
  for (const { verdict } of results) counts[verdict] += 1;
  return counts;
}

/**
 * Which requirements the results speak for. One that some checks verified and others could not is checked; one of which
 * a check that passed has judged nothing is not, as far as that check goes.
 */
export function coverageOf(results: readonly CheckResult[]): Coverage {
  const checked = new Set<string>();
  const notApplicable = new Set<string>();
  for (const result of results) {
    const into =
      result.verdict === 'passed' || result.verdict === 'failed'
        ? checked
        : result.verdict === 'not-applicable'
          ? notApplicable
          : undefined;
    for (const id of result.requirements) (result.unjudged?.includes(id) === true ? notApplicable : into)?.add(id);
  }
  const binding = REQUIREMENTS.filter((r) => r.level !== 'CALLER');
  const observable = binding.filter((r) => r.untestable === undefined);
  return {
    observable: observable.length,
    checked: observable.filter((r) => checked.has(r.id)).length,
    must: {
      observable: observable.filter((r) => r.level === 'MUST').length,
      checked: observable.filter((r) => r.level === 'MUST' && checked.has(r.id)).length,
    },
    notApplicable: observable.filter((r) => !checked.has(r.id) && notApplicable.has(r.id)).length,
    untestable: binding.length - observable.length,
    waiting: observable.filter((r) => r.waiting !== undefined).length,
  };
}

const COULD_NOT_OPEN = new Set(['VDSC_LOAD', 'VDSC_UNREACHABLE', 'VDSC_CONFIG']);

/**
 * Whether a run's first result says that the provider cannot be opened, so that every other check would say the same.
 */
export const couldNotOpen = (first: CheckResult): boolean =>
  first.verdict === 'error' && first.calls === 0 && first.code !== undefined && COULD_NOT_OPEN.has(first.code);

/**
 * Whether the check says nothing of the provider, as the way to it was cut off before or during it: a run that is gone
 * on with carries it out again.
 */
export const wasCutOff = ({ verdict, code }: CheckResult): boolean =>
  verdict === 'error' && code === 'VDSC_UNREACHABLE';

/** The exit code of design.md. `allowed` names checks whose inconclusive end is accepted; an id may end in `*`. */
export function exitCodeOf(
  results: readonly CheckResult[],
  problems: readonly string[],
  interrupted: boolean,
  allowed: readonly string[] = [],
): number {
  if (interrupted) return EXIT.interrupted;
  const counts = countVerdicts(results.filter((r) => r.known === undefined));
  if (counts.failed + counts.crashed + counts.hung > 0) {
    // A provider that never came up is not loaded rather than not conformant, however it failed to.
    return results.some((r) => r.calls > 0) ? EXIT.notConformant : EXIT.notLoaded;
  }
  if (counts.error > 0) {
    const setUp = results.filter((r) => r.verdict === 'error');
    if (setUp.every((r) => r.code === 'VDSC_CONFIG')) return EXIT.usage;
    if (!setUp.every((r) => r.code !== undefined && COULD_NOT_OPEN.has(r.code))) return EXIT.notConformant;
    // A way to the provider that failed says nothing about the provider.
    return counts.passed > 0 ? EXIT.incomplete : EXIT.notLoaded;
  }
  if (counts.passed === 0 && !results.some((r) => r.known !== undefined)) return EXIT.notLoaded;
  if (problems.length > 0) return EXIT.incomplete;
  const must = (r: CheckResult): boolean => r.requirements.some((id) => requirement(id).level === 'MUST');
  return results.some(
    (r) => r.verdict === 'inconclusive' && must(r) && !allowed.some((pattern) => matches(pattern, r.id)),
  )
    ? EXIT.incomplete
    : EXIT.conformant;
}

/** The events of a run besides its checks. */
export interface Circumstances {
  readonly problems: readonly string[];
  readonly interrupted: boolean;
  readonly ms: number;
}

/**
 * The run's summary, derived only from its results and events, so that a run made of parts is judged as one that was
 * not.
 */
export function summarize(
  header: RunHeader,
  results: readonly CheckResult[],
  { problems, interrupted, ms }: Circumstances,
): RunSummary {
  const baseline = baselineOutcome(header, results);
  const pairs = pairCoverage(results);
  const states = stateCoverage(results);
  return {
    counts: countVerdicts(results),
    findings: results.filter((r) => r.verdict === 'passed').reduce((sum, r) => sum + r.findings.length, 0),
    exitCode: exitCodeOf(results, problems, interrupted, header.allowInconclusive),
    problems,
    interrupted,
    ms,
    coverage: coverageOf(results),
    ...(pairs.length === 0 ? {} : { pairs }),
    ...(states.length === 0 ? {} : { states }),
    ...(baseline === undefined ? {} : { baseline }),
  };
}
