// The end of a run as a person reads it in a minute, as lines: what failed and why, what stayed open, how much was checked, the verdict.
// Pure: it prints nothing. Text from a provider is made safe for a terminal here.
import type { BaselineEntry } from '../conformance/baseline.js';
import type { Coverage, RunHeader, RunSummary } from '../conformance/events.js';
import { HELD_BACK, type CheckResult, type Finding, type Verdict } from '../conformance/outcome.js';
import { countVerdicts, EXIT } from '../conformance/verdict.js';
import { explain, isFailure, requirementOf, SEVERAL_CALLS } from './explain.js';
import type { Paint } from './paint.js';
import { terminalLine } from './plain-text.js';

/** What a failure shows of a text; the whole is in the evidence. */
const LONG = 600;
/** What a list shows of one. */
const SHORT = 240;

export interface SummaryContext {
  readonly header: RunHeader;
  readonly results: readonly CheckResult[];
  readonly summary: RunSummary;
  /** The reports folder. */
  readonly reports: string;
  readonly paint: Paint;
}

/** The summary's lines, without line ends. */
export function summaryLines(context: SummaryContext): string[] {
  const { header, results, summary, paint } = context;
  const failures = results.filter(isFailure);
  return [
    ...section(paint, `Failures (${failures.length})`, failures.flatMap((result, index) => failureLines(result, index + 1, context))),
    ...findingLines(results, context),
    ...baselineLines(context),
    ...heldBackLines(results, paint),
    ...section(paint, `Inconclusive (${summary.counts.inconclusive - heldBack(results).length})`, results.filter((r) => r.verdict === 'inconclusive' && r.code !== HELD_BACK)
      .map((r) => `  ${terminalLine(r.id, SHORT)}: ${terminalLine(r.reason ?? 'no reason given', SHORT)}`)),
    ...section(paint, 'Problems of the run', summary.problems.map((p) => `  ${terminalLine(p, LONG)}`)),
    '',
    ...suiteTable(results, paint),
    '',
    `Coverage  ${coverageSentence(summary.coverage)}`,
    `Seed      ${terminalLine(header.seed)}`,
    `Reports   ${terminalLine(context.reports)}: ${reportNames(results)}`,
    '',
    verdictSentence(summary, results, paint),
  ];
}

const heldBack = (results: readonly CheckResult[]): readonly CheckResult[] => results.filter((r) => r.code === HELD_BACK);

/** All were held back for one reason, which is told once. */
function heldBackLines(results: readonly CheckResult[], paint: Paint): string[] {
  const held = heldBack(results);
  const suites = [...new Set(held.map((r) => r.suite))].map((suite) => `${terminalLine(suite, 40)} ${held.filter((r) => r.suite === suite).length}`);
  return section(paint, `Held back (${held.length}): checks that change the system; this run only reads, as the system is not disposable`, held.length === 0 ? [] : [
    `  ${suites.join(', ')}`, '  On a lab system, run them with --allow-destructive (and --subsystem, --drive or --pool to keep to a part of it).',
  ]);
}

/** A heading with its lines, or nothing where there are none. */
function section(paint: Paint, heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', paint.bold(heading), ...lines];
}

function failureLines(result: CheckResult, number: number, { header, paint }: SummaryContext): string[] {
  const found = explain(result, header);
  const field = (label: string, text: string | undefined, max = LONG): string[] => (text === undefined ? [] : [`   ${label.padEnd(9)}  ${terminalLine(text, max)}`]);
  const { requirement } = found;
  return [
    '',
    `${number}. ${paint.red(result.verdict)}  ${paint.bold(terminalLine(result.id, SHORT))}  ${terminalLine(result.title, SHORT)}`,
    ...(requirement === undefined
      ? field(result.verdict === 'failed' ? 'Owed' : 'Checked', result.verdict === 'failed' ? found.type : result.requirements.join(', '))
      : [...field('Owed', `${requirement.id} (${requirement.level}): ${requirement.statement}`), ...field('Source', requirement.source.join('; '))]),
    ...field('Called', found.called ?? (result.verdict === 'failed' ? SEVERAL_CALLS : undefined)),
    ...field('Came back', found.cameBack),
    ...field(result.verdict === 'failed' ? 'Wrong' : 'Happened', found.message),
    ...field('Fault', found.faultVerdict),
    // Never cut: a command with an end missing does something else.
    ...field('Again', found.command, Infinity),
  ];
}

/** SHOULD findings, those of one requirement together: a provider that leaves a thing out does so in many checks. */
function findingLines(results: readonly CheckResult[], { header, paint }: SummaryContext): string[] {
  const byRequirement = new Map<string, { readonly finding: Finding; readonly checks: Set<string> }>();
  let count = 0;
  for (const result of results) {
    for (const finding of explain(result, header).otherFindings) {
      count += 1;
      const entry = byRequirement.get(finding.requirement) ?? { finding, checks: new Set<string>() };
      entry.checks.add(result.id);
      byRequirement.set(finding.requirement, entry);
    }
  }
  const lines = [...byRequirement].flatMap(([id, { finding, checks }]) => {
    const [first = '', ...more] = checks;
    return [
      `  ${terminalLine(id, SHORT)}  ${terminalLine(requirementOf(id)?.statement ?? '', SHORT)}`,
      `    ${terminalLine(first, SHORT)}${more.length === 0 ? '' : ` and ${more.length} more`}: ${terminalLine(finding.message, SHORT)}`,
    ];
  });
  return section(paint, `Findings at level SHOULD (${count}): recommended, and not needed for conformance unless --strict`, lines);
}

/** Known failures, and the entries of the baseline that want attention. */
function baselineLines({ header, results, summary, paint }: SummaryContext): string[] {
  const known = results.flatMap((result) => {
    const { type, message, excuse } = explain(result, header);
    return excuse === undefined ? [] : [`  ${terminalLine(result.id, SHORT)}  [${terminalLine(type, 100)}] ${terminalLine(message, SHORT)}`, `    ${terminalLine(excuse, SHORT)}`];
  });
  const entry = (e: BaselineEntry): string => `  ${terminalLine(e.check, SHORT)}${e.requirement === undefined ? '' : ` [${terminalLine(e.requirement, 100)}]`}  ${e.expires}: ${terminalLine(e.reason, SHORT)}`;
  const { unexpectedPasses = [], expired = [] } = summary.baseline ?? {};
  return [
    ...section(paint, `Known failures (${summary.baseline?.known ?? 0}), which the baseline excuses`, known),
    ...section(paint, `Known to fail, and passed (${unexpectedPasses.length}): these entries of the baseline can go`, unexpectedPasses.map(entry)),
    ...section(paint, `Expired entries of the baseline (${expired.length}), which excuse nothing any more`, expired.map(entry)),
  ];
}

const COLUMNS: readonly { readonly title: string; readonly verdicts: readonly Verdict[] }[] = [
  { title: 'passed', verdicts: ['passed'] },
  { title: 'failed', verdicts: ['failed'] },
  { title: 'not applicable', verdicts: ['not-applicable'] },
  { title: 'inconclusive', verdicts: ['inconclusive'] },
  { title: 'errors', verdicts: ['crashed', 'hung', 'error'] },
];

function suiteTable(results: readonly CheckResult[], paint: Paint): string[] {
  const rows = new Map<string, number[]>();
  for (const { suite, verdict } of results) {
    const name = terminalLine(suite, 40);
    let row = rows.get(name);
    if (row === undefined) rows.set(name, (row = COLUMNS.map(() => 0)));
    const column = COLUMNS.findIndex((c) => c.verdicts.includes(verdict));
    row[column] = (row[column] ?? 0) + 1;
  }
  const all = COLUMNS.map((_, i) => [...rows.values()].reduce((sum, row) => sum + (row[i] ?? 0), 0));
  const width = Math.max(5, ...[...rows.keys()].map((name) => name.length));
  const line = (name: string, cells: readonly (string | number)[]): string => `${name.padEnd(width)}  ${cells.map((cell, i) => String(cell).padStart(COLUMNS[i]?.title.length ?? 0)).join('  ')}`;
  return [paint.bold(line('Suite', COLUMNS.map((c) => c.title))), ...[...rows].map(([name, row]) => line(name, row)), ...(rows.size > 1 ? [line('all', all)] : [])];
}

/**
 * The coverage with its denominator: all requirements that bind a provider, so that the numbers add up to it. What the run could have checked and did not
 * (not selected, inconclusive, crashed) is a number of its own rather than missing.
 */
export function coverageSentence({ observable, checked, notApplicable, untestable, waiting }: Coverage): string {
  const left = observable - checked - notApplicable - waiting;
  const parts = [
    `${checked} of ${observable + untestable} requirements checked`, `${notApplicable} not applicable`, `${untestable} untestable`,
    `${waiting} waiting for a later release`, ...(left > 0 ? [`${left} not reached by this run`] : []),
  ];
  return parts.join(', ');
}

function reportNames(results: readonly CheckResult[]): string {
  const evidence = results.filter((r) => r.verdict === 'inconclusive' || isFailure(r)).length;
  return ['junit.xml', 'results.json', 'journal.ndjson', ...(evidence === 0 ? [] : [`evidence/ (${evidence} ${evidence === 1 ? 'check' : 'checks'})`])].join(', ');
}

const MEANING: Readonly<Record<number, string>> = {
  [EXIT.conformant]: 'conformant',
  [EXIT.notConformant]: 'not conformant',
  [EXIT.usage]: 'wrong usage or configuration',
  [EXIT.notLoaded]: 'the provider could not be loaded or opened, or nothing was checked',
  [EXIT.incomplete]: 'incomplete',
  [EXIT.interrupted]: 'interrupted',
};

function verdictSentence({ exitCode, problems, interrupted, baseline }: RunSummary, results: readonly CheckResult[], paint: Paint): string {
  const counts = countVerdicts(results.filter((r) => r.known === undefined));
  const known = baseline === undefined || baseline.known === 0 ? '' : `, ${baseline.known} known ${baseline.known === 1 ? 'failure' : 'failures'}`;
  const number = (n: number, what: string): string[] => (n === 0 ? [] : [`${n} ${what}`]);
  const broken = [...number(counts.failed, 'failed'), ...number(counts.crashed, 'crashed'), ...number(counts.hung, 'hung'), ...number(counts.error, 'ended in an error')].join(', ');
  const open = [...number(heldBack(results).length, 'held back because they change the system'), ...number(counts.inconclusive - heldBack(results).length, 'ended inconclusive'), ...number(problems.length, problems.length === 1 ? 'problem of the run itself' : 'problems of the run itself')].join(', ');
  const sentence = ((): string => {
    switch (exitCode) {
      case EXIT.conformant: return paint.green('CONFORMANT') + `: no MUST that was checked is broken${known === '' ? '' : ' but what the baseline excuses'} (${counts.passed} of ${results.length} checks passed${known}).`;
      case EXIT.notConformant: return paint.red('NOT CONFORMANT') + `: of ${results.length} checks ${broken}${known}.`;
      case EXIT.incomplete: return paint.yellow('INCOMPLETE') + `: nothing is broken as far as it was checked, but not all of it was: ${open}.`;
      case EXIT.interrupted: return paint.yellow('INTERRUPTED') + `: ${results.length} checks ended before the run was stopped${broken === '' ? '' : `, of which ${broken}`}.`;
      default: return paint.red('NO VERDICT') + `: ${broken === '' ? 'nothing was checked' : `of ${results.length} checks ${broken}`}${interrupted ? ', and the run was interrupted' : ''}.`;
    }
  })();
  return `${sentence} Exit code ${exitCode}: ${MEANING[exitCode] ?? 'unknown'}.`;
}
