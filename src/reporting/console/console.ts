// The run in a terminal or a CI's log: how far it is, a line for the first failure of each verdict as it is met, and
// the summary at the end.
import { counted } from '../../contract/wording.js';
import type { RunHeader, RunListener, RunSummary } from '../../run/events.js';
import { wasNotBegun, type CheckResult, type Verdict } from '../../checks/outcome.js';
import { providerText } from '../../run/repeat-command.js';
import type { StoredRun } from '../store/read-run.js';
import { EvidenceNames } from '../store/evidence-names.js';
import { summaryLines } from './console-summary.js';
import { brokenDuty } from '../../run/symptom.js';
import { explain, isFailure } from '../insight/explain.js';
import { paint, wantsColor, type Paint } from '../text/paint.js';
import { terminalLine } from '../text/plain-text.js';
import { logLine, progressLine, wantsProgress, type Progress } from './progress.js';

/** The part of a stream that the console needs; process.stdout has it, and a test's collector can. */
export interface Output {
  write(text: string, done?: () => void): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface ConsoleOptions {
  readonly out: Output;
  /** The reports folder, to tell the reader where it is. */
  readonly reports: string;
  /** Colour; left out, it depends on the stream and NO_COLOR. */
  readonly color?: boolean | undefined;
  /** The summary only. */
  readonly quiet?: boolean | undefined;
  /** A line for each check that did not pass, and for each suite. */
  readonly verbose?: boolean | undefined;
  /** Lines that the provider printed since it was asked last. */
  readonly providerOutput?: (() => readonly string[]) | undefined;
  readonly names?: EvidenceNames | undefined;
  /** An earlier run, to say what changed since. */
  readonly since?: StoredRun | undefined;
}

const LABEL: Readonly<Record<Exclude<Verdict, 'passed'>, string>> = {
  failed: 'FAILED',
  crashed: 'CRASHED',
  hung: 'HUNG',
  error: 'ERROR',
  inconclusive: 'inconclusive',
  'not-applicable': 'not applicable',
};
const LABEL_WIDTH = Math.max(...Object.values(LABEL).map((label) => label.length));
const REASON = 240;
/** Milliseconds between two looks at the progress: more would slow a quick run down. */
export const PROGRESS_EVERY = 100;
/** The same where nobody watches: often enough that no CI takes the job for dead. */
export const LOG_EVERY = 60_000;
/** Back to the line's beginning, and clear it. */
const CLEAR = '\r\x1b[2K';

export class ConsoleReporter implements RunListener {
  private readonly out: Output;
  private readonly paint: Paint;
  private readonly quiet: boolean;
  private readonly verbose: boolean;
  private readonly progress: boolean;
  private readonly met = new Set<Verdict>();
  private failures = 0;
  private header: RunHeader | undefined;
  private finished = 0;
  private spent = 0;
  private ticking: NodeJS.Timeout | undefined;
  /** The progress that stands on the terminal's last line. */
  private showing = '';

  constructor(private readonly options: ConsoleOptions) {
    this.out = options.out;
    const color = options.color ?? wantsColor(options.out);
    this.paint = paint(color, color && options.out.isTTY === true);
    this.quiet = options.quiet ?? false;
    this.verbose = options.verbose ?? false;
    this.progress = !this.quiet && wantsProgress(options.out);
  }

  runStarted(header: RunHeader): void {
    this.header = header;
    if (this.quiet) return;
    // At the start as well: a run that is killed can be repeated too.
    this.line(
      `vds-conformance ${terminalLine(header.version)}  provider ${terminalLine(providerText(header))}  seed ` +
        `${terminalLine(header.seed)}  ${counted(header.checks.length, 'check')}${header.strict ? '  strict' : ''}`,
    );
    // By the clock and not by the checks, so that one which takes long is named while it does.
    this.ticking = (
      this.progress
        ? setInterval(() => this.showProgress(), PROGRESS_EVERY)
        : setInterval(() => this.line(logLine(this.state())), LOG_EVERY)
    ).unref();
  }

  checkFinished(result: CheckResult): void {
    for (const line of this.options.providerOutput?.() ?? [])
      this.line(this.paint.dim(`provider | ${terminalLine(line, Infinity)}`));
    this.finished += 1;
    this.spent += result.ms;
    if (isFailure(result)) this.failures += 1;
    if (!this.quiet && result.verdict !== 'passed' && this.isNews(result))
      this.line(this.describe(result, result.verdict));
  }

  /** Resolves when the stream has taken all of it, as the process may be ended next. */
  async runFinished(header: RunHeader, results: readonly CheckResult[], summary: RunSummary): Promise<void> {
    clearInterval(this.ticking);
    this.clear();
    const { reports, names = new EvidenceNames(), since } = this.options;
    const { paint, verbose } = this;
    const lines = summaryLines({ header, results, summary, reports, names, paint, verbose, since });
    await new Promise<void>((done) => {
      this.out.write(`${lines.join('\n')}\n`, () => done());
    });
  }

  /**
   * Everything but what is held back, which the summary reports once; or else the first failure of each verdict, as
   * which of the others have one cause is known only at the end.
   */
  private isNews(result: CheckResult): boolean {
    if (this.verbose) return !wasNotBegun(result);
    if (this.header === undefined || !isFailure(result)) return false;
    const before = this.met.size;
    this.met.add(result.verdict);
    return this.met.size > before;
  }

  private state(): Progress {
    const { checks = [] } = this.header ?? {};
    const { finished, failures, spent } = this;
    // Checks run and are reported in the header's order, so the next one is under way.
    return { finished, failures, total: checks.length, current: checks[finished], spent };
  }

  private describe(result: CheckResult, verdict: Exclude<Verdict, 'passed'>): string {
    const {
      paint: { red, yellow, dim },
    } = this;
    const colour = verdict === 'not-applicable' ? dim : verdict === 'inconclusive' ? yellow : red;
    const found = this.header === undefined ? undefined : explain(result, this.header);
    const label =
      found?.excuse === undefined
        ? colour(LABEL[verdict].padEnd(LABEL_WIDTH))
        : dim('known failure'.padEnd(LABEL_WIDTH));
    const duty = brokenDuty(result);
    const breaks = duty === undefined ? '' : `  breaks ${terminalLine(duty, 100)}`;
    // The summary has the words of a broken duty, so they are not written twice. What keeps checks from being carried
    // out is for the reader to act on now.
    const said = !this.verbose && duty !== undefined ? '' : terminalLine(found?.message ?? result.reason ?? '', REASON);
    return `${label}  ${terminalLine(result.id, REASON)}${breaks}${said === '' ? '' : `  ${said}`}`;
  }

  private line(text: string): void {
    const before = this.showing;
    this.clear();
    this.out.write(`${text}\n`);
    if (before !== '') this.showProgress();
  }

  private clear(): void {
    if (this.showing !== '') this.out.write(CLEAR);
    this.showing = '';
  }

  private showProgress(): void {
    // One column less than the terminal has: a full line may wrap, and a wrapped line cannot be cleared. A terminal
    // that does not know its size says 0.
    const width = (this.out.columns || 80) - 1;
    const line = progressLine(this.state(), width);
    if (line === this.showing) return;
    this.out.write(`${CLEAR}${this.paint.dim(line)}`);
    this.showing = line;
  }
}
