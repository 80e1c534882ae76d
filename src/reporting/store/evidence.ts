// A file for each check that did not pass, with all that was seen: the other reports show parts of it. Written as the
// check ends, so that a killed run keeps it.
import { join } from 'node:path';
import type { RunHeader, RunListener } from '../../run/events.js';
import type { CheckResult } from '../../checks/outcome.js';
import { EvidenceNames, hasEvidence } from './evidence-names.js';
import { commandFor } from '../../run/repeat-command.js';
import { requirementOf } from '../insight/explain.js';
import { addressOf } from '../../contract/pages.js';
import { AtomicFile, removeEarlier } from '../report-files.js';
import { recordOf, SCHEMA_VERSION, type EvidenceFile } from './schema.js';
import { makeFolder } from '../../lab/make-folder.js';

const SCHEMA: EvidenceFile['schema'] = 'vds-conformance/evidence';

export class EvidenceReporter implements RunListener {
  private readonly folder: string;
  private header: RunHeader | undefined;

  /** @param reports the reports folder; the files go into its folder `evidence` */
  constructor(
    reports: string,
    private readonly names: EvidenceNames = new EvidenceNames(),
  ) {
    this.folder = join(reports, 'evidence');
  }

  runStarted(header: RunHeader): void {
    this.header = header;
    removeEarlier(this.folder, /\.json(\.tmp)?$/, SCHEMA);
  }

  checkFinished(result: CheckResult): void {
    if (this.header === undefined) throw new Error('the run has not started');
    if (!hasEvidence(result)) return;
    makeFolder(this.folder);
    const file = new AtomicFile(join(this.folder, this.names.for(result.id)));
    file.write(`${JSON.stringify(evidenceOf(result, this.header), null, 2)}\n`);
    file.finish();
  }

  runFinished(): void {}
}

function evidenceOf(result: CheckResult, header: RunHeader): EvidenceFile {
  const { checks: _checks, baseline: _baseline, shard: _shard, shards: _shards, ...run } = recordOf.header(header);
  const named = result.findings.length > 0 ? result.findings.map((f) => f.requirement) : result.requirements;
  return {
    schema: SCHEMA,
    schemaVersion: SCHEMA_VERSION,
    run,
    command: commandFor(header, result),
    requirements: [...new Set(named)].flatMap((id) => {
      const found = requirementOf(id);
      return found === undefined
        ? []
        : [
            {
              id,
              level: found.level,
              statement: found.statement,
              source: found.source.map((page) => addressOf(page) ?? page),
            },
          ];
    }),
    result: recordOf.result(result),
  };
}
