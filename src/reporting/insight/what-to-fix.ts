// What a provider's author should mend, the gravest first: what the failures of a run have in common, and the findings beside them. It decides no
// verdict and lays nothing out; the text is still as the provider gave it.
import type { Requirement } from '../../contract/requirements.js';
import type { RunHeader } from '../../run/events.js';
import type { CheckResult, Finding } from '../../checks/outcome.js';
import { explain, isFailure, type Explanation } from './explain.js';

/** One thing to mend, with every check that fails for it. */
export interface Fix {
  /** The id of the broken requirement, or the code of the crash, hang or error. */
  readonly type: string;
  /** `duty`: broken; `death`: the provider crashed or hung; `set-up`: something kept the checks from being carried out. */
  readonly kind: 'duty' | 'death' | 'set-up';
  /** Absent when it is no duty, or the catalogue has no such id. */
  readonly requirement?: Requirement;
  /** In the order of the run; never empty. */
  readonly results: readonly CheckResult[];
  /** The one that shows it best: it names a call, and took the fewest. */
  readonly example: { readonly result: CheckResult; readonly explained: Explanation };
}

const KIND = { failed: 'duty', crashed: 'death', hung: 'death', error: 'set-up' } as const;

/** A dead provider keeps no duty, so that comes first; then what conformance needs; what is only recommended fails under --strict alone. */
function rank({ kind, requirement }: Fix): number {
  if (kind === 'death') return 0;
  if (kind === 'set-up') return 3;
  return requirement?.level === 'SHOULD' ? 2 : 1;
}

/** What the failing checks have in common: the broken duty, or the call of a crash. Those that fail the most checks come first within their rank. */
export function whatToFix(results: readonly CheckResult[], header: RunHeader): Fix[] {
  const groups = new Map<string, { readonly result: CheckResult; readonly explained: Explanation }[]>();
  for (const result of results.filter(isFailure)) {
    const explained = explain(result, header);
    // Two calls that crash are two bugs; a duty that breaks at two calls is one.
    const key = `${explained.type} ${result.verdict === 'failed' ? '' : methodOf(explained)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [{ result, explained }]);
    else group.push({ result, explained });
  }
  const fixes = [...groups.values()].map((group): Fix => {
    const example = group.reduce((best, each) => (isBetter(each, best) ? each : best));
    const { requirement, type } = example.explained;
    return {
      type,
      kind: KIND[example.result.verdict as keyof typeof KIND],
      ...(requirement === undefined ? {} : { requirement }),
      results: group.map((g) => g.result),
      example,
    };
  });
  return fixes.sort((a, b) => rank(a) - rank(b) || b.results.length - a.results.length);
}

/** The method of the call that is explained, or nothing where there is none. */
const methodOf = ({ called }: Explanation): string => called?.slice(0, called.indexOf('(')) ?? '';

function isBetter(a: Fix['example'], b: Fix['example']): boolean {
  const named = Number(a.explained.called !== undefined) - Number(b.explained.called !== undefined);
  return named === 0 ? a.result.calls < b.result.calls : named > 0;
}

export interface FoundBeside {
  readonly finding: Finding;
  /** Ids of the checks that found it. */
  readonly checks: ReadonlySet<string>;
  /** How often it was found. */
  readonly count: number;
}

/** Findings that made no check fail, by requirement: a provider that leaves a thing out does so in many checks. */
export function findingsBeside(results: readonly CheckResult[], header: RunHeader): ReadonlyMap<string, FoundBeside> {
  const found = new Map<string, { readonly finding: Finding; readonly checks: Set<string>; count: number }>();
  for (const result of results) {
    for (const finding of explain(result, header).otherFindings) {
      let entry = found.get(finding.requirement);
      if (entry === undefined) found.set(finding.requirement, (entry = { finding, checks: new Set(), count: 0 }));
      entry.checks.add(result.id);
      entry.count += 1;
    }
  }
  return found;
}
