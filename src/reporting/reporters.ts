// All reports of a run behind one listener.
import { join, resolve } from 'node:path';
import type { RunHeader, RunListener, RunSummary } from '../run/events.js';
import type { CheckResult } from '../checks/outcome.js';
import { EXIT } from '../run/summary.js';
import { ConfigurationError, HarnessError, messageOf } from '../port/errors.js';
import { BadgeReporter } from './badge.js';
import { ConsoleReporter, type Output } from './console/console.js';
import { DocumentReporter, type DocumentFormat } from './document.js';
import { EvidenceReporter } from './store/evidence.js';
import { EvidenceNames } from './store/evidence-names.js';
import { GithubAnnotationsReporter } from './github/github-annotations.js';
import { GithubSummaryReporter } from './github/github-summary.js';
import { HTML_REPORT, HtmlReporter } from './html/html-report.js';
import { JournalReporter, type Journal } from './store/journal.js';
import { JUnitReporter } from './junit/junit.js';
import type { StoredRun } from './store/read-run.js';
import { RESULTS, ResultsReporter } from './store/results.js';

export interface ReporterOptions {
  /** The folder for the reports; made where it is missing. */
  readonly reports: string;
  /** Where the console's lines go. */
  readonly out: Output;
  /** Colour; left out, it depends on `out` and NO_COLOR. */
  readonly color?: boolean | undefined;
  /** Print the summary only. */
  readonly quiet?: boolean | undefined;
  /** Print a line for each check that did not pass, and for each suite. */
  readonly verbose?: boolean | undefined;
  /** Lines that the provider printed since it was asked last, for the console. */
  readonly providerOutput?: (() => readonly string[]) | undefined;
  /**
   * The folder's journal, when the run goes on with it; `kept` when the reports are made from it. Left out, a new one
   * begins.
   */
  readonly journal?: Journal | 'kept' | undefined;
  /** An earlier run, to say what changed since. */
  readonly since?: StoredRun | undefined;
  /** A document of the whole run for the standard output; the console's lines then go to another stream. */
  readonly document?: { readonly format: DocumentFormat; readonly out: Output } | undefined;
  /**
   * By which GitHub says that a run is a step of its workflow, and where the step's summary goes; this process's own
   * unless given.
   */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * The listener that writes every report.
 *
 * Starting throws ConfigurationError when the folder cannot be written: a run without reports need not begin. A report
 * that fails later (a full disk) ends for itself: the others go on, the console names it, and runFinished rejects with
 * ReportsNotWritten, so that the run cannot pass for complete.
 */
export function createReporters(options: ReporterOptions): RunListener {
  const { reports, journal, document, since, env = process.env } = options;
  const { GITHUB_ACTIONS: github, GITHUB_STEP_SUMMARY: summaryFile } = env;
  const names = new EvidenceNames();
  const junit = new JUnitReporter({ reports, names });
  return new Reporters(
    reports,
    [
      // The journal comes first: what the others lose can be made again from it.
      ...(journal === 'kept' ? [] : ([['journal.ndjson', new JournalReporter(reports, journal)]] as const)),
      ['evidence', new EvidenceReporter(reports, names)],
      ['junit.xml', junit],
      [RESULTS, new ResultsReporter(reports)],
      ['badge.svg', new BadgeReporter(reports)],
      [HTML_REPORT, new HtmlReporter(reports, since)],
      // After the files that it passes on.
      ...(document === undefined
        ? []
        : ([
            [
              'the document on the standard output',
              new DocumentReporter(document.format, document.out, () =>
                document.format === 'junit' ? junit.written : [join(reports, RESULTS)],
              ),
            ],
          ] as const)),
      ...(summaryFile === undefined || summaryFile === ''
        ? []
        : ([[summaryFile, new GithubSummaryReporter(summaryFile)]] as const)),
      ...(github === 'true' ? ([['annotations', new GithubAnnotationsReporter(options.out)]] as const) : []),
    ],
    new ConsoleReporter({
      out: options.out,
      reports,
      names,
      color: options.color,
      quiet: options.quiet,
      verbose: options.verbose,
      providerOutput: options.providerOutput,
      since,
    }),
  );
}

/** The run is over, and some of its reports could not be written. */
export class ReportsNotWritten extends HarnessError {
  constructor(
    /** Of the run: its verdict, but never conformant. */
    readonly exitCode: number,
    problem: string,
  ) {
    super('VDSC_REPORTS', problem, { hint: HINT });
  }
}

const HINT = 'Free the disk or name another folder with --reports.';

export class Reporters implements RunListener {
  private readonly failures = new Map<string, string>();
  private over = false;

  /** @param files the reports that are files, each with the name by which to complain about it */
  constructor(
    private readonly folder: string,
    private readonly files: readonly (readonly [string, RunListener])[],
    private readonly screen: RunListener,
  ) {}

  runStarted(header: RunHeader): void {
    for (const [name, listener] of this.files) this.attempt(name, () => listener.runStarted(header));
    if (this.failures.size > 0) throw this.refusal();
    this.screen.runStarted(header);
  }

  checkFinished(result: CheckResult): void {
    // A check may end while an interrupted run is being reported; the reports are closed then.
    if (this.over) return;
    for (const [name, listener] of this.files) this.attempt(name, () => listener.checkFinished(result));
    this.screen.checkFinished(result);
  }

  async runFinished(header: RunHeader, results: readonly CheckResult[], summary: RunSummary): Promise<void> {
    if (this.over) return;
    this.over = true;
    for (const [name, listener] of this.files) {
      try {
        if (!this.failures.has(name)) await listener.runFinished(header, results, summary);
      } catch (error) {
        this.fail(name, error);
      }
    }
    if (this.failures.size === 0) return this.screen.runFinished(header, results, summary);
    // The findings stay; a run whose reports are missing must not pass for complete.
    const exitCode = summary.exitCode === EXIT.conformant ? EXIT.incomplete : summary.exitCode;
    const problems = [...summary.problems, ...this.complaints()];
    await this.screen.runFinished(header, results, { ...summary, exitCode, problems });
    throw new ReportsNotWritten(exitCode, this.complaints().join('; '));
  }

  /** Lets a report do its part, unless it failed before: half a report must not get its final name. */
  private attempt(name: string, part: () => void): void {
    if (this.failures.has(name)) return;
    try {
      part();
    } catch (error) {
      this.fail(name, error);
    }
  }

  private fail(name: string, error: unknown): void {
    this.failures.set(name, messageOf(error));
  }

  /** One for each reason: a folder that cannot be written is one, however many reports are to stand in it. */
  private complaints(): string[] {
    const byReason = new Map<string, string[]>();
    for (const [name, why] of this.failures) byReason.set(why, [...(byReason.get(why) ?? []), name]);
    return [...byReason].map(
      ([why, [first = '', ...others]]) =>
        `${[resolve(this.folder, first), ...others].join(', ')} could not be written: ${why}`,
    );
  }

  private refusal(): ConfigurationError {
    return new ConfigurationError(this.complaints().join('; '), { hint: HINT });
  }
}
