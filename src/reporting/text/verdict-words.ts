// The run's verdict and its coverage in words, for every report that a person reads. How it is reached is
// conformance's.
import { counted } from '../../contract/wording.js';
import type { Coverage, RunSummary } from '../../run/events.js';
import { HELD_BACK, type CheckResult } from '../../checks/outcome.js';
import { countVerdicts, EXIT } from '../../run/summary.js';

interface VerdictWords {
  /** In capitals, as it opens a sentence: `NOT CONFORMANT`. */
  readonly word: string;
  readonly tone: 'good' | 'bad' | 'open';
  /** Goes on after the word and a colon. */
  readonly sentence: string;
  /** The meaning of the exit code. */
  readonly meaning: string;
}

const MEANING: Readonly<Record<number, string>> = {
  [EXIT.conformant]: 'conformant',
  [EXIT.notConformant]: 'not conformant',
  [EXIT.usage]: 'wrong usage or configuration',
  [EXIT.notLoaded]: 'the provider could not be loaded or opened, or nothing was checked',
  [EXIT.incomplete]: 'incomplete',
  [EXIT.interrupted]: 'interrupted',
};

/** Checks that a run did not carry out because it only reads. */
export const heldBack = (results: readonly CheckResult[]): readonly CheckResult[] =>
  results.filter((r) => r.code === HELD_BACK);

/** The verdict in words. All of them are ours: none comes from a provider. */
export function verdictWords(
  { exitCode, problems, interrupted, baseline, coverage }: RunSummary,
  results: readonly CheckResult[],
): VerdictWords {
  const counts = countVerdicts(results.filter((r) => r.known === undefined));
  const known =
    baseline === undefined || baseline.known === 0
      ? ''
      : `, ${baseline.known} known ${baseline.known === 1 ? 'failure' : 'failures'}`;
  const number = (n: number, what: string): string[] => (n === 0 ? [] : [`${n} ${what}`]);
  const broken = [
    ...number(counts.failed, 'failed'),
    ...number(counts.crashed, 'crashed'),
    ...number(counts.hung, 'hung'),
    ...number(counts.error, 'ended in an error'),
  ].join(', ');
  const held = heldBack(results).length;
  const open = [
    ...number(held, 'held back because they change the system'),
    ...number(counts.inconclusive - held, 'ended inconclusive'),
    ...number(counts.error, 'ended in an error'),
    ...number(problems.length, problems.length === 1 ? 'problem of the run itself' : 'problems of the run itself'),
  ].join(', ');
  const meaning = MEANING[exitCode] ?? 'unknown';
  switch (exitCode) {
    case EXIT.conformant:
      return {
        word: 'CONFORMANT',
        tone: 'good',
        meaning,
        sentence:
          `${share(coverage)} checked, and none of them is ` +
          `broken${known === '' ? '' : ' but what the baseline excuses'} (${counts.passed} of ` +
          `${counted(results.length, 'check')} passed${open === '' ? '' : `; accepted as open: ${open}`}${known}).`,
      };
    case EXIT.notConformant:
      return {
        word: 'NOT CONFORMANT',
        tone: 'bad',
        meaning,
        sentence: `of ${counted(results.length, 'check')} ${broken}${known}; ${share(coverage)} checked.`,
      };
    case EXIT.incomplete:
      return {
        word: 'INCOMPLETE',
        tone: 'open',
        meaning,
        sentence:
          'nothing is broken as far as it was checked, but not all of it was: ' +
          `${open}; ${share(coverage)} checked.`,
      };
    case EXIT.interrupted:
      return {
        word: 'INTERRUPTED',
        tone: 'open',
        meaning,
        sentence:
          `${counted(results.length, 'check')} ended before the run was ` +
          `stopped${broken === '' ? '' : `, of which ${broken}`}.`,
      };
    default:
      return {
        word: 'NO VERDICT',
        tone: 'bad',
        meaning,
        sentence: `${
          broken === '' ? 'nothing was checked' : `of ${counted(results.length, 'check')} ${broken}`
        }${interrupted ? ', and the run was interrupted' : ''}.`,
      };
  }
}

/** `112 of 131 MUSTs that can be observed were`, which goes on. */
const share = ({ must: { checked, observable } }: Coverage): string =>
  `${checked} of ${observable} MUSTs ${checked === 1 ? 'was' : 'were'}`;

/**
 * The coverage with its denominator: all requirements that bind a provider, so that the numbers add up to it. What the
 * run could have checked and did not (not selected, inconclusive, crashed) is a number of its own rather than missing.
 */
export function coverageSentence({
  observable,
  checked,
  notApplicable,
  untestable,
  waiting,
}: Omit<Coverage, 'must'>): string {
  const left = observable - checked - notApplicable - waiting;
  const parts = [
    `${checked} of ${observable + untestable} requirements checked`,
    `${notApplicable} not applicable`,
    `${untestable} untestable`,
    `${waiting} waiting for a later release`,
    ...(left > 0 ? [`${left} not reached by this run`] : []),
  ];
  return parts.join(', ');
}
