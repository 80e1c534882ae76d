// JUnit XML, the report that CI systems read. Checks are collected per suite and written as the suite ends, so that
// memory holds one suite at most.
import type { RunHeader, RunListener, RunSummary } from '../../run/events.js';
import type { CheckResult } from '../../checks/outcome.js';
import { providerText } from '../../run/repeat-command.js';
import { EvidenceNames, hasEvidence } from '../store/evidence-names.js';
import { attributeText, elementText, sizeOfCase, sizeOfSuite, suiteXml, type JUnitCase } from './junit-xml.js';
import { CASE_BYTES, caseText } from './junit-case.js';
import { FILE_BYTES, JUnitFiles } from './junit-files.js';
import { capBytes } from '../text/plain-text.js';
import { duration, timestamp } from '../text/times.js';
import { UniqueNames } from '../text/unique-names.js';

interface JUnitOptions {
  /** The reports folder. */
  readonly reports: string;
  readonly names?: EvidenceNames;
  /** Most bytes of one file. */
  readonly maxBytes?: number;
  /** Most cases of one `<testsuite>`; a larger suite goes on in the next, named `recovery (2)`. */
  readonly maxCases?: number;
}

/** The builder keeps a suite as a tree of objects; this many bytes of text are some 50 MB of them. */
const SUITE_BYTES = 8_000_000;

export class JUnitReporter implements RunListener {
  private readonly names: EvidenceNames;
  private readonly maxBytes: number;
  private readonly maxCases: number;
  private readonly suiteNames = new UniqueNames();
  private readonly caseNames = new UniqueNames();
  private files: JUnitFiles | undefined;
  private header: RunHeader | undefined;
  /** The suite under way. */
  private suite = '';
  private cases: JUnitCase[] = [];
  private bytes = 0;
  /** Milliseconds of the run before the suite under way. */
  private elapsed = 0;

  constructor(private readonly options: JUnitOptions) {
    this.names = options.names ?? new EvidenceNames();
    this.maxBytes = options.maxBytes ?? FILE_BYTES;
    this.maxCases = options.maxCases ?? 5000;
  }

  /** The files that a finished run wrote. */
  written: readonly string[] = [];

  runStarted(header: RunHeader): void {
    this.header = header;
    this.files = new JUnitFiles(this.options.reports, this.maxBytes);
  }

  checkFinished(result: CheckResult): void {
    if (this.header === undefined) throw new Error('the run has not started');
    if (result.suite !== this.suite) this.endSuite();
    this.suite = result.suite;
    const text = caseText(
      result,
      this.header,
      hasEvidence(result) ? `evidence/${this.names.for(result.id)}` : 'results.json',
    );
    this.add({
      ...text,
      name: this.caseNames.take(attributeText(result.id, 300)),
      classname: classname(result.suite),
      ms: duration(result.ms),
    });
  }

  runFinished(_header: RunHeader, _results: readonly CheckResult[], summary: RunSummary): void {
    this.endSuite();
    this.reportProblems(summary);
    this.written = this.files?.finish() ?? [];
  }

  private add(item: JUnitCase): void {
    const size = sizeOfCase(item);
    const room = Math.min(SUITE_BYTES, this.maxBytes - 1000) - sizeOfSuite({ ...this.frame(), name: this.suite });
    if (this.cases.length > 0 && (this.cases.length >= this.maxCases || this.bytes + size > room)) this.endSuite();
    this.cases.push(item);
    this.bytes += size;
  }

  private endSuite(): void {
    if (this.cases.length === 0) return;
    const { cases } = this;
    const count = (element: JUnitCase['element']): number => cases.filter((c) => c.element === element).length;
    const ms = cases.reduce((sum, c) => sum + c.ms, 0);
    // A name of its own for each part: older versions of Jenkins take a second suite of one name and timestamp for a
    // copy, and drop it.
    const xml = suiteXml({ ...this.frame(), name: this.suiteNames.take(attributeText(this.suite, 200)), cases });
    this.files?.append(xml, { tests: cases.length, failures: count('failure'), errors: count('error'), ms });
    this.cases = [];
    this.bytes = 0;
    this.elapsed += ms;
  }

  /**
   * The attributes that all suites of the run share. A suite's start is reckoned from the checks before it, so that a
   * report made again from a journal is the same.
   */
  private frame(): { readonly timestamp: string; readonly properties: Readonly<Record<string, string>> } {
    const {
      version,
      provider,
      settings = {},
      seed,
      strict,
      host,
      startedAt,
    } = this.header ?? {
      version: '',
      provider: '',
      seed: '',
      strict: false,
      host: '',
      startedAt: '',
    };
    return {
      timestamp: timestamp(Date.parse(startedAt) + this.elapsed),
      properties: {
        seed: attributeText(seed),
        provider: attributeText(providerText({ provider, settings })),
        version: attributeText(version),
        strict: String(strict),
        host: attributeText(host),
      },
    };
  }

  /** A run that went wrong beside its checks must not look complete to a reader of this file alone. */
  private reportProblems({ problems, interrupted }: RunSummary): void {
    const all = [...(interrupted ? ['the run was interrupted'] : []), ...problems];
    if (all.length === 0) return;
    this.suite = 'run';
    this.add({
      name: this.caseNames.take('run.complete'),
      classname: classname('run'),
      ms: 0,
      element: 'error',
      type: interrupted ? 'VDSC_INTERRUPTED' : 'VDSC_INCOMPLETE',
      message: attributeText(all[0] ?? ''),
      body: capBytes(elementText(all.join('\n')), CASE_BYTES - 2000, 'the problems', 'all of them are in results.json'),
    });
    this.endSuite();
  }
}

/** `vds-conformance.recovery`, by which CI systems group the cases. */
function classname(suite: string): string {
  return `vds-conformance.${attributeText(suite, 200)}`;
}
