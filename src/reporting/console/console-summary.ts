// The end of a run as a person reads it in a minute, as lines: the causes of what failed, what stayed open and why, how
// much was checked, the verdict. Pure: it prints nothing. Text from a provider is made safe for a terminal here.
import { counted } from '../../contract/wording.js';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Requirement } from '../../contract/requirements.js';
import type { BaselineEntry } from '../../run/baseline.js';
import type { RunHeader, RunSummary } from '../../run/events.js';
import { couldNotOpen } from '../../run/summary.js';
import { HELD_BACK, VERDICTS, type CheckResult, type Verdict } from '../../checks/outcome.js';
import { HTML_REPORT } from '../html/html-report.js';
import { hasEvidence, type EvidenceNames } from '../store/evidence-names.js';
import { explain, isFailure, requirementOf } from '../insight/explain.js';
import {
  afterwordOf,
  alsoSeenAs,
  causeSentence,
  commandFact,
  comparison,
  dutyFacts,
  hintFact,
  LABEL_WIDTH,
  type Fact,
} from '../text/cause-text.js';
import { stepsOf } from '../text/steps.js';
import type { Paint } from '../text/paint.js';
import { terminalLine } from '../text/plain-text.js';
import { coverageSentence, heldBack, verdictWords } from '../text/verdict-words.js';
import { diffRuns } from '../insight/diff.js';
import type { StoredRun } from '../store/read-run.js';
import { byReason, causesOf, findingsBeside, type Cause } from '../insight/causes.js';

/** Characters of a text that a cause shows; the evidence has the whole. */
const LONG = 600;
/** Characters of a text that a list shows. */
const SHORT = 240;
/** How many causes are shown. */
const CAUSES = 10;
/** How many of the other duties that a cause breaks stand in words, and how many characters of each. */
const IN_WORDS = 2;
const DUTY = 110;
/** Up to so many other ways in which a cause was seen are listed. */
const OTHERS = 2;
/** How many of the last steps that led to it a cause shows. */
const STEPS = 8;
/** How many reasons, recommendations or known failures a list names before it says how many more there are. */
const LISTED = 6;

interface SummaryContext {
  readonly header: RunHeader;
  readonly results: readonly CheckResult[];
  readonly summary: RunSummary;
  /** The reports folder. */
  readonly reports: string;
  readonly names: EvidenceNames;
  readonly paint: Paint;
  /** An earlier run to compare with. */
  readonly since?: StoredRun | undefined;
  /** Every check and every suite on a line of its own. */
  readonly verbose: boolean;
}

/** The summary's lines, without line ends. */
export function summaryLines(context: SummaryContext): string[] {
  const { header, results, summary, paint, verbose } = context;
  const [first] = results;
  if (first !== undefined && results.length === 1 && couldNotOpen(first))
    return [
      '',
      paint.red(terminalLine(first.reason ?? 'the provider could not be opened', LONG)),
      '',
      verdictSentence(summary, results, paint),
    ];
  return [
    ...causeLines(results.filter(isFailure), context),
    ...(isInFull(context) ? findingLines(results, context) : []),
    ...baselineLines(context),
    ...heldBackLines(results, paint),
    ...openLines(results, context),
    ...section(
      paint,
      'Problems of the run',
      summary.problems.map((p) => `  ${terminalLine(p, LONG)}`),
    ),
    '',
    ...(verbose ? [...suiteTable(results, paint), ''] : []),
    `Checks    ${VERDICTS.filter((v) => summary.counts[v] > 0)
      .map((v) => `${summary.counts[v]} ${v.replace('-', ' ')}`)
      .join(', ')}`,
    `Coverage  ${coverageSentence(summary.coverage)}`,
    ...sinceLines(context),
    `Seed      ${terminalLine(header.seed)}`,
    `Reports   ${terminalLine(context.reports)}: ${linked(HTML_REPORT, context.reports, paint)}, ` +
      `${reportNames(results)}`,
    '',
    verdictSentence(summary, results, paint),
  ];
}

/** The changes since the run before, in one line; the report lists it. */
function sinceLines({ header, results, since }: SummaryContext): string[] {
  if (since === undefined) return [];
  const { newFailures, fixed, stillFailing } = diffRuns(since, { file: '', header, results });
  return [
    `Since     ${terminalLine(since.header.startedAt)}: ${newFailures.length} fail newly, ${fixed.length} fixed, ` +
      `${stillFailing.length} still fail`,
  ];
}

/** A heading with its lines, or nothing where there are none. */
function section(paint: Paint, heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', paint.bold(heading), ...lines];
}

/** The first of them, and how many more there are. */
function listed<T>(items: readonly T[], verbose: boolean, line: (item: T) => string | readonly string[]): string[] {
  const shown = verbose ? items : items.slice(0, LISTED);
  const left = items.length - shown.length;
  return [...shown.flatMap(line), ...(left > 0 ? [`  and ${left} more, in report.html`] : [])];
}

/** The causes to mend: the failures by their observation. A bug that fails a hundred checks is one. */
function causeLines(failures: readonly CheckResult[], context: SummaryContext): string[] {
  const causes = causesOf(failures, context.header);
  const left = causes.length - CAUSES;
  const hidden = causes.slice(CAUSES).reduce((sum, c) => sum + c.results.length, 0);
  return section(context.paint, `${counted(failures.length, 'check')} failed, for ${counted(causes.length, 'cause')}`, [
    ...causes.slice(0, CAUSES).flatMap((cause, index) => oneCause(cause, index + 1, context)),
    ...(left > 0 ? ['', `and ${counted(left, 'more cause')} of ${counted(hidden, 'check')}, in report.html`] : []),
  ]);
}

/**
 * A cause from the top down: the problem, the calls, what was expected and what came, how to see it again, the duty and
 * its page, the evidence, the rest.
 */
function oneCause(cause: Cause, number: number, { names, paint, reports }: SummaryContext): string[] {
  const { result, explained } = cause.example;
  const line = (label: string, text: string): string => `   ${label.padEnd(LABEL_WIDTH)} ${text}`;
  const field = ([label, text]: Fact, max = LONG): string => line(label, tinted(label, terminalLine(text, max), paint));
  const lines = (label: string, texts: readonly string[]): string[] =>
    texts.map((text, i) => line(i === 0 ? label : '', text));
  const others = cause.requirements.slice(1);
  return [
    '',
    `${number}. ${paint.red(terminalLine(causeSentence(cause), LONG))}`,
    ...lines(
      'Steps',
      stepsOf(explained, STEPS).map((step) => terminalLine(step, LONG)),
    ),
    ...comparison(explained).map((fact) => field(fact)),
    ...hintFact(explained).map((fact) => field(fact)),
    // Never cut: a command with an end missing does something else.
    field(commandFact(explained), Infinity),
    ...dutyFacts(explained).map((fact) => field(fact)),
    ...(hasEvidence(result) ? [line('Evidence', linked(`evidence/${names.for(result.id)}`, reports, paint))] : []),
    ...afterwordOf(explained).map((fact) => field(fact)),
    ...lines('Also seen as', otherWays(cause)),
    ...lines('Also breaks', alsoBroken(others)),
    line('Failed check', `${paint.bold(terminalLine(result.id, SHORT))}: ${terminalLine(result.title, SHORT)}`),
    ...(cause.results.length === 1 ? [] : [field(['Also failed', namesBeside(cause)])]),
  ];
}

/**
 * The other ways in which a cause was seen: a few in a line each, more by their number, as they follow from the same.
 */
const otherWays = ({ others }: Cause): string[] =>
  others.length > OTHERS
    ? [`${others.length} other wrong answers or values, which follow from this; see report.html`]
    : others.map((other) => terminalLine(alsoSeenAs(other.explained), SHORT));

/** The first of the duties that a cause breaks besides in words, and the others by their ids. */
function alsoBroken(others: readonly Requirement[]): string[] {
  const left = others.slice(IN_WORDS).map(({ id }) => id);
  return [
    ...others.slice(0, IN_WORDS).map(({ id, statement }) => terminalLine(`${id}: ${statement}`, DUTY)),
    ...(left.length === 0 ? [] : [`and ${someOf(left, LISTED).join(', ')}`]),
  ];
}

/** The other checks of a cause by name. */
const namesBeside = ({ results, example }: Cause): string =>
  someOf(
    results.filter((each) => each !== example.result).map(({ id }) => id),
    LISTED,
  ).join(', ');

/** The first of them, and how many more there are. */
const someOf = (all: readonly string[], most: number): string[] => [
  ...all.slice(0, most),
  ...(all.length > most ? [`and ${all.length - most} more`] : []),
];

/** A file of the reports folder, which a click opens. */
const linked = (file: string, reports: string, { link }: Paint): string =>
  link(terminalLine(file, SHORT), pathToFileURL(join(reports, file)).href);

const tinted = (label: string, text: string, paint: Paint): string =>
  label === 'Expected' ? paint.green(text) : label === 'Actual' ? paint.red(text) : text;

/** Where something failed, that is what matters, and the rest is counted. */
const isInFull = ({ verbose, results }: SummaryContext): boolean => verbose || !results.some(isFailure);

/** Checks that came to no verdict: by their reasons, or in a line where something failed, which then matters more. */
function openLines(results: readonly CheckResult[], context: SummaryContext): string[] {
  const notApplicable = results.filter((r) => r.verdict === 'not-applicable');
  const inconclusive = results.filter((r) => r.verdict === 'inconclusive' && r.code !== HELD_BACK);
  if (isInFull(context))
    return [
      ...reasonLines('not applicable', notApplicable, context),
      ...reasonLines('inconclusive', inconclusive, context),
    ];
  const beside = findingsBeside(results, context.header).size;
  const counts = [
    ...(beside === 0 ? [] : [`${counted(beside, 'recommendation')} not followed`]),
    ...(notApplicable.length === 0 ? [] : [`${notApplicable.length} not applicable`]),
    ...(inconclusive.length === 0 ? [] : [`${inconclusive.length} inconclusive`]),
  ];
  return counts.length === 0 ? [] : ['', `Also: ${counts.join(', ')}; see report.html, or run with --verbose`];
}

/** Checks that came to no verdict, by the reason. */
function reasonLines(what: string, results: readonly CheckResult[], { paint, verbose }: SummaryContext): string[] {
  return section(
    paint,
    `${results.length} ${what}`,
    listed(byReason(results), verbose, ({ reason, results: alike }) => [
      `  ${String(alike.length).padStart(5)}  ${terminalLine(reason, SHORT)}`,
      ...(verbose ? alike.map((r) => `           ${terminalLine(r.id, SHORT)}`) : []),
    ]),
  );
}

/** All were held back for one reason, which is reported once. */
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
          '  On a lab system, run them with --allow-destructive (and ' +
            '--subsystem, --drive or --pool to keep to a part of it).',
        ],
  );
}

/** SHOULD findings, those of one requirement together: a provider that leaves a thing out does so in many checks. */
function findingLines(results: readonly CheckResult[], { header, paint, verbose }: SummaryContext): string[] {
  const byRequirement = [...findingsBeside(results, header)].sort(([, a], [, b]) => b.checks.size - a.checks.size);
  return section(
    paint,
    `${counted(byRequirement.length, 'recommendation is not followed', 'recommendations are not followed')} (level ` +
      'SHOULD: they fail only under --strict)',
    listed(byRequirement, verbose, ([id, { finding, checks }]) => [
      `  ${terminalLine(id, SHORT)}  ${terminalLine(requirementOf(id)?.statement ?? '', SHORT)}`,
      `    ${counted(checks.size, 'check')}: ${terminalLine(finding.message, SHORT)}`,
    ]),
  );
}

/** Known failures, and the entries of the baseline that want attention. */
function baselineLines({ header, results, summary, paint, verbose }: SummaryContext): string[] {
  const known = results.filter((r) => r.known !== undefined);
  const entry = (e: BaselineEntry): string =>
    '  ' +
    `${terminalLine(e.check, SHORT)}${e.requirement === undefined ? '' : ` [${terminalLine(e.requirement, 100)}]`}  ` +
    `${e.expires}: ${terminalLine(e.reason, SHORT)}`;
  const { unexpectedPasses = [], expired = [] } = summary.baseline ?? {};
  return [
    ...section(
      paint,
      `Known failures (${summary.baseline?.known ?? 0}), which the baseline excuses`,
      listed(known, verbose, (result) => {
        const { type, message, excuse } = explain(result, header);
        return [
          `  ${terminalLine(result.id, SHORT)}  [${terminalLine(type, 100)}] ${terminalLine(message, SHORT)}`,
          `    ${terminalLine(excuse ?? '', SHORT)}`,
        ];
      }),
    ),
    ...section(
      paint,
      `Known to fail, and passed (${unexpectedPasses.length}): these entries of the baseline can go`,
      listed(unexpectedPasses, verbose, entry),
    ),
    ...section(
      paint,
      `Expired entries of the baseline (${expired.length}), which excuse nothing any more`,
      listed(expired, verbose, entry),
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
    'junit.xml',
    'results.json',
    'journal.ndjson',
    ...(results.some((r) => r.output !== undefined) ? ['provider.log'] : []),
    ...(evidence === 0 ? [] : [`evidence/ (${counted(evidence, 'check')})`]),
  ].join(', ');
}

function verdictSentence(summary: RunSummary, results: readonly CheckResult[], paint: Paint): string {
  const { word, tone, sentence, meaning } = verdictWords(summary, results);
  return (
    `${{ good: paint.green, bad: paint.red, open: paint.yellow }[tone](word)}: ${sentence} Exit code ` +
    `${summary.exitCode}: ${meaning}.`
  );
}
