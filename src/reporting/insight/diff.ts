// The changes between two runs, as data and as lines. The caller says which is older; it reads nothing and decides no
// exit code.
import { counted } from '../../contract/wording.js';
import type { CheckResult, Verdict } from '../../checks/outcome.js';
import { explain } from './explain.js';
import { terminalLine } from '../text/plain-text.js';
import { withoutResult, type StoredRun } from '../store/read-run.js';
import { providerText } from '../../run/repeat-command.js';

export interface Change {
  readonly id: string;
  /** Absent for a check that the older run has no result of. */
  readonly before?: Verdict;
  readonly after?: Verdict;
  /** The present problem; of a check that is fixed or gone, the former one. One line. */
  readonly what?: string;
}

interface RunDiff {
  /** Failed, crashed, hung or ended in an error, and did not before. */
  readonly newFailures: readonly Change[];
  /** Did one of these before, and passes. */
  readonly fixed: readonly Change[];
  readonly stillFailing: readonly Change[];
  readonly newlyInconclusive: readonly Change[];
  readonly newlyNotApplicable: readonly Change[];
  /** Selected in the newer run, which ended without a result of them. */
  readonly notRun: readonly Change[];
  /** In the selection of the newer run only. */
  readonly added: readonly Change[];
  /** In the selection of the older run only. */
  readonly removed: readonly Change[];
  /**
   * Ids of the checks that are worse off: failing now, or with no result of their own any more. A smaller selection
   * makes none.
   */
  readonly worse: readonly string[];
}

/** From good to bad. A step down this list makes a check worse off. */
const RANK: Readonly<Record<Verdict, number>> = {
  passed: 0,
  'not-applicable': 1,
  inconclusive: 2,
  failed: 3,
  crashed: 3,
  hung: 3,
  error: 3,
};
const FAILING = RANK.failed;

/** Compares a run with an older one. */
export function diffRuns(before: StoredRun, after: StoredRun): RunDiff {
  const old = new Map(before.results.map((r) => [r.id, r]));
  const now = new Map(after.results.map((r) => [r.id, r]));
  const change = (id: string): Change => {
    const [a, b] = [old.get(id), now.get(id)];
    const told =
      b !== undefined && RANK[b.verdict] > 0
        ? what(b, after)
        : a === undefined || RANK[a.verdict] === 0
          ? undefined
          : what(a, before);
    return {
      id,
      ...(a === undefined ? {} : { before: a.verdict }),
      ...(b === undefined ? {} : { after: b.verdict }),
      ...(told === undefined ? {} : { what: told }),
    };
  };
  const ranks = ({ before: a, after: b }: Change): readonly [number, number] => [
    a === undefined ? 0 : RANK[a],
    b === undefined ? 0 : RANK[b],
  ];
  const changes = after.results.map((r) => change(r.id));
  const those = (wanted: (a: number, b: number, each: Change) => boolean): Change[] =>
    changes.filter((each) => wanted(...ranks(each), each));
  const newFailures = those((a, b) => a < FAILING && b === FAILING);
  const newly = (verdict: Verdict): Change[] =>
    those((_a, _b, each) => each.after === verdict && each.before !== verdict && each.before !== undefined);
  const selected = new Set(after.header.checks);
  const notRun = withoutResult(after.header, after.results)
    .map(change)
    .filter((each) => each.before !== undefined);
  return {
    newFailures,
    fixed: those((a, b) => a === FAILING && b === 0),
    stillFailing: those((a, b) => a === FAILING && b === FAILING),
    newlyInconclusive: newly('inconclusive'),
    newlyNotApplicable: newly('not-applicable'),
    notRun,
    added: changes.filter((each) => !before.header.checks.includes(each.id)),
    removed: before.header.checks.filter((id) => !selected.has(id)).map(change),
    worse: [...those((a, b, each) => b > a && (each.before !== undefined || b === FAILING)), ...notRun].map(
      (each) => each.id,
    ),
  };
}

/** `[VDS-1.4a] GetImportTarget answered …` */
function what(result: CheckResult, run: StoredRun): string {
  const { type, message } = explain(result, run.header);
  return `[${type}] ${message}`;
}

const SECTIONS: readonly (readonly [keyof RunDiff & string, string])[] = [
  ['newFailures', 'New failures'],
  ['fixed', 'Fixed'],
  ['stillFailing', 'Still failing'],
  ['newlyInconclusive', 'Newly inconclusive'],
  ['newlyNotApplicable', 'Newly not applicable'],
  ['notRun', 'Selected, and not run any more'],
  ['added', 'Checks added'],
  ['removed', 'Checks removed'],
];
/** A selection that was widened adds hundreds. */
const LISTED = 20;
const LINE = 240;

/** The difference as a person reads it, without line ends. */
export function diffLines(before: StoredRun, after: StoredRun, diff: RunDiff): string[] {
  const run = (label: string, { file, header, results }: StoredRun): string =>
    `${label}  ${terminalLine(header.startedAt)}  provider ${terminalLine(providerText(header))}  seed ` +
    `${terminalLine(header.seed)}  version ${terminalLine(header.version)}  ${counted(results.length, 'check')}  ` +
    `${terminalLine(file)}`;
  const lines = [run('before', before), run('after ', after)];
  for (const [key, title] of SECTIONS) {
    const changes = diff[key] as readonly Change[];
    if (changes.length === 0) continue;
    lines.push('', `${title} (${changes.length})`, ...changes.slice(0, LISTED).map(line));
    if (changes.length > LISTED) lines.push(`  and ${changes.length - LISTED} more; --json has them all`);
  }
  const n = diff.worse.length;
  return [
    ...lines,
    '',
    n === 0 ? 'Nothing got worse.' : `${n} ${n === 1 ? 'check is' : 'checks are'} worse off than before.`,
  ];
}

function line({ id, before, after, what: why }: Change): string {
  const verdicts =
    before === after || before === undefined || after === undefined ? (after ?? before ?? '') : `${before} → ${after}`;
  return `  ${terminalLine(id, LINE)}  ${verdicts}${why === undefined ? '' : `  ${terminalLine(why, LINE)}`}`;
}
