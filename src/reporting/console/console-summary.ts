// The end of a run as a person reads it in a minute, as lines: what failed and why, what stayed open, how much was checked, the verdict.
// Pure: it prints nothing. Text from a provider is made safe for a terminal here.
import type { BaselineEntry } from '../../run/baseline.js';
import type { RunHeader, RunSummary } from '../../run/events.js';
import { HELD_BACK, type CheckResult, type Verdict } from '../../checks/outcome.js';
import { hasEvidence } from '../store/evidence-names.js';
import { explain, isFailure, requirementOf, SEVERAL_CALLS } from '../insight/explain.js';
import type { Paint } from '../text/paint.js';
import { terminalLine } from '../text/plain-text.js';
import { coverageSentence, heldBack, verdictWords } from '../text/verdict-words.js';
import { findingsBeside, whatToFix } from '../insight/what-to-fix.js';

/** What a failure shows of a text; the whole is in the evidence. */
const LONG = 600;
/** What a list shows of one. */
const SHORT = 240;
/** How many causes are shown. */
const FIXES = 10;

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
    ...section(
      paint,
      `Failures (${failures.length})`,
      failures.flatMap((result, index) => failureLines(result, index + 1, context)),
    ),
    ...findingLines(results, context),
    ...baselineLines(context),
    ...heldBackLines(results, paint),
    ...section(
      paint,
      `Inconclusive (${summary.counts.inconclusive - heldBack(results).length})`,
      results
        .filter((r) => r.verdict === 'inconclusive' && r.code !== HELD_BACK)
        .map((r) => `  ${terminalLine(r.id, SHORT)}: ${terminalLine(r.reason ?? 'no reason given', SHORT)}`),
    ),
    ...section(
      paint,
      'Problems of the run',
      summary.problems.map((p) => `  ${terminalLine(p, LONG)}`),
    ),
    ...fixLines(failures, context),
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

/** All were held back for one reason, which is told once. */
function heldBackLines(results: readonly CheckResult[], paint: Paint): string[] {
  const held = heldBack(results);
  const suites = [...new Set(held.map((r) => r.suite))].map(
    (suite) => `${terminalLine(suite, 40)} ${held.filter((r) => r.suite === suite).length}`,
  );
  return section(
    paint,
    `Held back (${held.length}): checks that change the system; this run only reads, as the system is not disposable`,
    held.length === 0
      ? []
      : [
          `  ${suites.join(', ')}`,
          '  On a lab system, run them with --allow-destructive (and --subsystem, --drive or --pool to keep to a part of it).',
        ],
  );
}

/** A heading with its lines, or nothing where there are none. */
function section(paint: Paint, heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', paint.bold(heading), ...lines];
}

function failureLines(result: CheckResult, number: number, { header, paint }: SummaryContext): string[] {
  const found = explain(result, header);
  const field = (label: string, text: string | undefined, max = LONG): string[] =>
    text === undefined ? [] : [`   ${label.padEnd(9)}  ${terminalLine(text, max)}`];
  const { requirement } = found;
  return [
    '',
    `${number}. ${paint.red(result.verdict)}  ${paint.bold(terminalLine(result.id, SHORT))}  ${terminalLine(result.title, SHORT)}`,
    ...(requirement === undefined
      ? field(
          result.verdict === 'failed' ? 'Owed' : 'Checked',
          result.verdict === 'failed' ? found.type : result.requirements.join(', '),
        )
      : [
          ...field('Owed', `${requirement.id} (${requirement.level}): ${requirement.statement}`),
          ...field('Source', requirement.source.join('; ')),
        ]),
    ...field('Called', found.called ?? (result.verdict === 'failed' ? SEVERAL_CALLS : undefined)),
    ...field('Came back', found.cameBack),
    ...field(result.verdict === 'failed' ? 'Wrong' : 'Happened', found.message),
    ...field('Fault', found.faultVerdict),
    // Never cut: a command with an end missing does something else.
    ...field('Again', found.command, Infinity),
  ];
}

/** What the failures have in common, at the end, where a reader begins: a duty that fails a hundred checks is one bug. Nothing where each has a cause of its own. */
function fixLines(failures: readonly CheckResult[], { header, paint }: SummaryContext): string[] {
  const fixes = whatToFix(failures, header);
  if (fixes.length === failures.length) return [];
  const lines = fixes
    .slice(0, FIXES)
    .flatMap(({ type, requirement, results: checks, example: { result, explained } }) => [
      `  ${terminalLine(type, 100)}${requirement === undefined ? '' : ` (${requirement.level})`}: ${checks.length === 1 ? '1 check' : `${checks.length} checks`}, shown best by ${terminalLine(result.id, SHORT)}`,
      `    ${terminalLine(explained.message, SHORT)}`,
    ]);
  const left = fixes.length - FIXES;
  return section(
    paint,
    `What to fix first: ${failures.length} failures have ${fixes.length} ${fixes.length === 1 ? 'cause' : 'causes'}`,
    [...lines, ...(left > 0 ? [`  and ${left} more, in report.html`] : [])],
  );
}

/** SHOULD findings, those of one requirement together: a provider that leaves a thing out does so in many checks. */
function findingLines(results: readonly CheckResult[], { header, paint }: SummaryContext): string[] {
  const byRequirement = findingsBeside(results, header);
  const count = [...byRequirement.values()].reduce((sum, found) => sum + found.count, 0);
  const lines = [...byRequirement].flatMap(([id, { finding, checks }]) => {
    const [first = '', ...more] = checks;
    return [
      `  ${terminalLine(id, SHORT)}  ${terminalLine(requirementOf(id)?.statement ?? '', SHORT)}`,
      `    ${terminalLine(first, SHORT)}${more.length === 0 ? '' : ` and ${more.length} more`}: ${terminalLine(finding.message, SHORT)}`,
    ];
  });
  return section(
    paint,
    `Findings at level SHOULD (${count}): recommended, and not needed for conformance unless --strict`,
    lines,
  );
}

/** Known failures, and the entries of the baseline that want attention. */
function baselineLines({ header, results, summary, paint }: SummaryContext): string[] {
  const known = results.flatMap((result) => {
    const { type, message, excuse } = explain(result, header);
    return excuse === undefined
      ? []
      : [
          `  ${terminalLine(result.id, SHORT)}  [${terminalLine(type, 100)}] ${terminalLine(message, SHORT)}`,
          `    ${terminalLine(excuse, SHORT)}`,
        ];
  });
  const entry = (e: BaselineEntry): string =>
    `  ${terminalLine(e.check, SHORT)}${e.requirement === undefined ? '' : ` [${terminalLine(e.requirement, 100)}]`}  ${e.expires}: ${terminalLine(e.reason, SHORT)}`;
  const { unexpectedPasses = [], expired = [] } = summary.baseline ?? {};
  return [
    ...section(paint, `Known failures (${summary.baseline?.known ?? 0}), which the baseline excuses`, known),
    ...section(
      paint,
      `Known to fail, and passed (${unexpectedPasses.length}): these entries of the baseline can go`,
      unexpectedPasses.map(entry),
    ),
    ...section(
      paint,
      `Expired entries of the baseline (${expired.length}), which excuse nothing any more`,
      expired.map(entry),
    ),
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
  const line = (name: string, cells: readonly (string | number)[]): string =>
    `${name.padEnd(width)}  ${cells.map((cell, i) => String(cell).padStart(COLUMNS[i]?.title.length ?? 0)).join('  ')}`;
  return [
    paint.bold(
      line(
        'Suite',
        COLUMNS.map((c) => c.title),
      ),
    ),
    ...[...rows].map(([name, row]) => line(name, row)),
    ...(rows.size > 1 ? [line('all', all)] : []),
  ];
}

function reportNames(results: readonly CheckResult[]): string {
  const evidence = results.filter(hasEvidence).length;
  return [
    'report.html',
    'junit.xml',
    'results.json',
    'journal.ndjson',
    ...(evidence === 0 ? [] : [`evidence/ (${evidence} ${evidence === 1 ? 'check' : 'checks'})`]),
  ].join(', ');
}

function verdictSentence(summary: RunSummary, results: readonly CheckResult[], paint: Paint): string {
  const { word, tone, sentence, meaning } = verdictWords(summary, results);
  return `${{ good: paint.green, bad: paint.red, open: paint.yellow }[tone](word)}: ${sentence} Exit code ${summary.exitCode}: ${meaning}.`;
}
