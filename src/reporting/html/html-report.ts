// report.html: the run as a person reads it, in one file that needs nothing else. What stands in it is html/'s.
import { join } from 'node:path';
import type { RunHeader, RunListener, RunSummary } from '../../run/events.js';
import type { CheckResult } from '../../checks/outcome.js';
import type { StoredRun } from '../store/read-run.js';
import { BEGINNING, page } from './page.js';
import { AtomicFile, removeEarlier } from '../report-files.js';
import { makeFolder } from '../../lab/make-folder.js';

export const HTML_REPORT = 'report.html';

/** Writes report.html when the run has finished. */
export class HtmlReporter implements RunListener {
  /** @param since an earlier run to compare with */
  constructor(
    private readonly reports: string,
    private readonly since?: StoredRun,
  ) {}

  runStarted(): void {
    makeFolder(this.reports);
    removeEarlier(this.reports, /^report\.html(\.tmp)?$/, BEGINNING);
  }

  checkFinished(): void {}

  runFinished(header: RunHeader, results: readonly CheckResult[], summary: RunSummary): void {
    const file = new AtomicFile(join(this.reports, HTML_REPORT));
    for (const piece of page(header, results, summary, this.since)) file.write(piece);
    file.finish();
  }
}
