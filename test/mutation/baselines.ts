// How benches end without a mutant, kept between runs of one source, as finding it out takes as long as some dozens of
// mutants.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Baseline } from './orders.js';

export class Baselines {
  /** @param dependsOn all that a baseline depends on but its bench */
  constructor(
    private readonly folder: string,
    private readonly dependsOn: string,
  ) {
    mkdirSync(folder, { recursive: true });
  }

  of(bench: string): Baseline | undefined {
    const file = this.fileOf(bench);
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Baseline) : undefined;
  }

  keep(baseline: Baseline): Baseline {
    writeFileSync(this.fileOf(baseline.bench), JSON.stringify(baseline));
    return baseline;
  }

  private fileOf(bench: string): string {
    const name = createHash('sha256').update(`${this.dependsOn}\n${bench}`).digest('hex').slice(0, 16);
    return join(this.folder, `${name}.json`);
  }
}
