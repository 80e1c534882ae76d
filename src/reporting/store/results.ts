// results.json: the whole run for programs. Its shape is schema.ts's; here it is only written.
import { join } from 'node:path';
import type { RunHeader, RunListener, RunSummary } from '../../run/events.js';
import type { CheckResult } from '../../checks/outcome.js';
import { PAYLOAD_TYPE } from '../certificate.js';
import { AtomicFile, removeEarlier } from '../report-files.js';
import { recordOf, SCHEMA_VERSION, type ResultsFile } from './schema.js';
import { makeFolder } from '../../lab/make-folder.js';

export const RESULTS = 'results.json';
const SCHEMA: ResultsFile['schema'] = 'vds-conformance/results';

/**
 * Writes results.json when the run has finished. Two runs with one seed give the same file but for `startedAt` and
 * `ms`.
 */
export class ResultsReporter implements RunListener {
  constructor(private readonly reports: string) {}

  runStarted(): void {
    makeFolder(this.reports);
    removeEarlier(this.reports, /^results\.json(\.tmp)?$/, SCHEMA);
    // A certificate is of the results that stood here.
    removeEarlier(this.reports, /^certificate\.json(\.tmp)?$/, PAYLOAD_TYPE);
  }

  checkFinished(): void {}

  runFinished(header: RunHeader, results: readonly CheckResult[], summary: RunSummary): void {
    const file = new AtomicFile(join(this.reports, RESULTS));
    const member = (name: string, value: unknown): string =>
      `  ${JSON.stringify(name)}: ${JSON.stringify(value, null, 2).replaceAll('\n', '\n  ')},\n`;
    file.write(
      `{\n${member('schema', SCHEMA)}${member('schemaVersion', SCHEMA_VERSION)}` +
        `${member('header', recordOf.header(header))}${member('summary', recordOf.summary(summary))}  "results": [`,
    );
    // One check a line, written one by one: a string of all of them can outgrow what a string may be, and lines compare
    // well.
    for (const [index, result] of results.entries())
      file.write(`${index === 0 ? '' : ','}\n    ${JSON.stringify(recordOf.result(result))}`);
    file.write(`${results.length === 0 ? '' : '\n  '}]\n}\n`);
    file.finish();
  }
}
