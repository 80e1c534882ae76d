// The common parts of the commands that make reports from stored runs: their options, and writing all reports in one
// go.
import { counted } from '../../contract/wording.js';
import type { KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import type { RunHeader, RunSummary } from '../../run/events.js';
import type { CheckResult } from '../../checks/outcome.js';
import { summarize, type Circumstances } from '../../run/summary.js';
import { ConfigurationError } from '../../port/errors.js';
import { writeBaseline } from '../../reporting/store/baseline-file.js';
import { HTML_REPORT } from '../../reporting/html/html-report.js';
import { readRun, type StoredRun } from '../../reporting/store/read-run.js';
import { isDay } from '../../reporting/store/schema.js';
import { DOCUMENTS, type DocumentFormat } from '../../reporting/document.js';
import type { Output } from '../../reporting/console/console.js';
import { readPrivateKey, writeCertificate } from '../../reporting/certificate.js';
import { createReporters, type ReporterOptions } from '../../reporting/reporters.js';
import { openFile } from './open-report.js';
import { timestamp } from '../../reporting/text/times.js';

export const consoleOptions = {
  quiet: { type: 'boolean', default: false, describe: 'print the summary only' },
  verbose: {
    type: 'boolean',
    default: false,
    describe: 'print a line for each check that did not pass, and a table of the suites',
  },
  stdout: {
    choices: DOCUMENTS,
    requiresArg: true,
    describe:
      'write the run to the standard output as results.json, as JUnit or as TAP; what people read then goes to the ' +
      'standard error',
  },
  since: {
    type: 'string',
    requiresArg: true,
    describe: 'an earlier run (its reports folder, results.json or journal.ndjson): the reports say what changed since',
  },
  open: { type: 'boolean', default: false, describe: 'open report.html in the browser when all is written' },
  color: { type: 'boolean', describe: 'use colour, even if the output is not a terminal (--no-color: never)' },
} as const;

/** Where the lines for people go. */
export const linesFor = (format: DocumentFormat | undefined): NodeJS.WriteStream =>
  format === undefined ? process.stdout : process.stderr;

/** The run to compare with. Throws ConfigurationError where there is none. */
export const runAt = (path: string | undefined): StoredRun | undefined =>
  path === undefined ? undefined : readRun(path);

/** The streams of a run's reports. */
export const streamsFor = (format: DocumentFormat | undefined): Pick<ReporterOptions, 'out' | 'document'> => ({
  out: linesFor(format),
  document: format === undefined ? undefined : { format, out: process.stdout },
});

export const certificateOptions = {
  certificate: {
    type: 'boolean',
    default: false,
    describe: 'sign a statement of the run, certificate.json in the reports folder; needs --key',
  },
  key: {
    type: 'string',
    normalize: true,
    requiresArg: true,
    describe: 'the Ed25519 private key for --certificate, as PEM',
  },
} as const;

/**
 * The key to sign with, or undefined without --certificate. Throws ConfigurationError for one that does not serve,
 * before anything is run.
 */
export function signingKey({
  certificate,
  key,
}: {
  readonly certificate: boolean;
  readonly key?: string | undefined;
}): KeyObject | undefined {
  if (certificate !== (key !== undefined))
    throw new ConfigurationError('--certificate and --key go together', { hint: 'Give both, or neither.' });
  return key === undefined ? undefined : readPrivateKey(key);
}

/** Writes the certificate where there is a key to sign with, and says where it is. */
export function certify(
  key: KeyObject | undefined,
  reports: string,
  header: RunHeader,
  summary: RunSummary,
  out: Output,
): void {
  if (key !== undefined)
    out.write(`${writeCertificate(reports, header, summary, key, timestamp(Date.now()))} signed\n`);
}

export const writeBaselineOption = {
  'write-baseline': {
    type: 'string',
    normalize: true,
    requiresArg: true,
    describe: 'write the failures into this file, for --baseline; you add a reason to each entry',
  },
  'baseline-reason': {
    type: 'string',
    requiresArg: true,
    implies: 'write-baseline',
    describe: 'the reason of the entries that --write-baseline adds',
  },
  'baseline-until': {
    type: 'string',
    requiresArg: true,
    implies: 'write-baseline',
    describe: 'the last day on which they excuse, as YYYY-MM-DD (default: 30 days from now)',
  },
} as const;

/** Shows the report of a run in the browser. */
export const openReport = (reports: string, out: Output): Promise<void> =>
  openFile(resolve(reports, HTML_REPORT), (line) => out.write(`${line}\n`));

interface BaselineArguments {
  readonly writeBaseline?: string | undefined;
  readonly baselineReason?: string | undefined;
  readonly baselineUntil?: string | undefined;
}

/** Throws ConfigurationError for a date that is none, before anything is run. */
export function checkBaseline({ baselineUntil }: BaselineArguments): void {
  if (baselineUntil !== undefined && !isDay(baselineUntil))
    throw new ConfigurationError(`--baseline-until: "${baselineUntil}" is not a date`, {
      hint: 'Write it as YYYY-MM-DD, for example 2027-01-31.',
    });
}

/** Writes the baseline where --write-baseline asks for one, and says what is left to do. */
export function offerBaseline(
  { writeBaseline: file, baselineReason: reason, baselineUntil: until }: BaselineArguments,
  results: readonly CheckResult[],
  out: Output,
): void {
  if (file === undefined) return;
  const wanting = writeBaseline(file, results, new Date(), { reason, until });
  out.write(
    `${file} ` +
      `written${
        wanting === 0
          ? ''
          : `: ${counted(wanting, 'entry wants', 'entries want')} a reason, without which --baseline refuses ` +
            `${wanting === 1 ? 'it' : 'them'}`
      }\n`,
  );
}

export interface StoredReports extends Pick<ReporterOptions, 'quiet' | 'verbose' | 'color' | 'journal'> {
  readonly stdout?: DocumentFormat | undefined;
  readonly open: boolean;
  /** The path of an earlier run. */
  readonly since?: string | undefined;
  readonly reports: string;
  readonly header: RunHeader;
  /** In the order of the run. */
  readonly results: readonly CheckResult[];
  readonly circumstances: Circumstances;
  readonly key?: KeyObject | undefined;
}

/**
 * Writes every report of a stored run, derives its verdict anew, and gives the exit code that the run would have had.
 */
export async function writeReports({
  reports,
  header,
  results,
  circumstances,
  key,
  stdout,
  open,
  since,
  ...options
}: StoredReports): Promise<number> {
  const reporters = createReporters({
    ...options,
    reports: resolve(reports),
    ...streamsFor(stdout),
    since: runAt(since),
  });
  reporters.runStarted(header);
  for (const result of results) reporters.checkFinished(result);
  const summary = summarize(header, results, circumstances);
  await reporters.runFinished(header, results, summary);
  certify(key, resolve(reports), header, summary, linesFor(stdout));
  if (open) await openReport(reports, linesFor(stdout));
  return summary.exitCode;
}
