// The outcomes of mutants, kept as they come, so that a run that was stopped goes on where it was.
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Killing } from './orders.js';

export const STATUSES = ['killed', 'timeout', 'survived', 'not covered'] as const;
export type Status = (typeof STATUSES)[number];

export interface MutantOutcome {
  readonly key: string;
  readonly status: Status;
  readonly by?: Omit<Killing, 'isTimeout'>;
  readonly ms: number;
}

/** Whether a mutant with this outcome is tried again where only survivors are. */
export const escaped = ({ status }: Pick<MutantOutcome, 'status'>): boolean =>
  status === 'survived' || status === 'not covered';

export class Records {
  private readonly outcomes = new Map<string, MutantOutcome>();

  /** @param keep takes up what the file holds; otherwise it is begun anew */
  constructor(
    private readonly file: string,
    keep: boolean,
  ) {
    mkdirSync(dirname(file), { recursive: true });
    if (!keep) rmSync(file, { force: true });
    else if (existsSync(file)) {
      for (const line of readFileSync(file, 'utf8').split('\n')) this.take(line);
      // The last line may have been cut short.
      appendFileSync(file, '\n');
    }
  }

  private take(line: string): void {
    try {
      const outcome = JSON.parse(line) as MutantOutcome;
      this.outcomes.set(outcome.key, outcome);
    } catch {
      // Empty, or cut short as the run was stopped.
    }
  }

  of(key: string): MutantOutcome | undefined {
    return this.outcomes.get(key);
  }

  add(outcome: MutantOutcome): void {
    this.outcomes.set(outcome.key, outcome);
    appendFileSync(this.file, `${JSON.stringify(outcome)}\n`);
  }
}
