// What the commands that make reports from stored runs have in common: their options, and writing all reports in one go.
import { resolve } from 'node:path';
import type { RunHeader } from '../conformance/events.js';
import type { CheckResult } from '../conformance/outcome.js';
import { summarize, type Circumstances } from '../conformance/verdict.js';
import { writeBaseline } from '../reporting/baseline-file.js';
import { createReporters, type ReporterOptions } from '../reporting/reporters.js';

export const consoleOptions = {
  quiet: { type: 'boolean', default: false, describe: 'print the summary only' },
  color: { type: 'boolean', describe: 'colour, also where the output is no terminal (--no-color for none)' },
} as const;

export const writeBaselineOption = {
  'write-baseline': { type: 'string', requiresArg: true, describe: 'write the failures into this file as known ones, for --baseline; each entry wants a reason by you' },
} as const;

/** Writes the baseline where --write-baseline asks for one, and says what is left to do. */
export function offerBaseline(file: string | undefined, results: readonly CheckResult[]): void {
  if (file === undefined) return;
  const wanting = writeBaseline(file, results, new Date());
  console.log(`${file} written${wanting === 0 ? '' : `: ${wanting} ${wanting === 1 ? 'entry wants' : 'entries want'} a reason, without which --baseline refuses ${wanting === 1 ? 'it' : 'them'}`}`);
}

export interface StoredReports extends Pick<ReporterOptions, 'quiet' | 'color' | 'journal'> {
  readonly reports: string;
  readonly header: RunHeader;
  /** In the order of the run. */
  readonly results: readonly CheckResult[];
  readonly circumstances: Circumstances;
}

/** Writes every report of a stored run, derives its verdict anew, and gives the exit code that the run would have had. */
export async function writeReports({ reports, header, results, circumstances, ...options }: StoredReports): Promise<number> {
  const reporters = createReporters({ ...options, reports: resolve(reports), out: process.stdout });
  reporters.runStarted(header);
  for (const result of results) reporters.checkFinished(result);
  const summary = summarize(header, results, circumstances);
  await reporters.runFinished(header, results, summary);
  return summary.exitCode;
}
