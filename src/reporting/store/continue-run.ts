// Going on with a run that was killed or interrupted: what its journal holds already, whether it is the same run, and
// how the results of both sittings come to be reported in one order.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { RunHeader } from '../../run/events.js';
import type { CheckResult } from '../../checks/outcome.js';
import { runOptionsText } from '../../run/repeat-command.js';
import { couldNotOpen, wasCutOff } from '../../run/summary.js';
import { ConfigurationError } from '../../port/errors.js';
import { JOURNAL, readJournal, type Journal } from './journal.js';

/**
 * The journal in a reports folder, or undefined where no run got as far as writing one. Throws ConfigurationError for
 * any other file.
 */
export function journalToResume(reports: string): Journal | undefined {
  const file = join(reports, JOURNAL);
  // A run that was killed before its first line has checked nothing.
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0) return undefined;
  const journal = readJournal(file);
  // A provider that could not be opened was not checked: the next sitting tries again.
  return { ...journal, results: journal.results.filter((r) => !couldNotOpen(r) && !wasCutOff(r)) };
}

/** The values that must be equal in two sittings of one run, and in its shards, with the words for them. */
const OF_THE_RUN = {
  version: 'version of vds-conformance',
  provider: 'provider',
  settings: "provider's settings",
  options: 'options of the system under test',
  seed: 'seed',
  strict: 'use of --strict',
  checks: 'selection of checks',
  allowInconclusive: 'choice of --allow-inconclusive',
  baseline: 'baseline',
  shard: 'shard',
} as const satisfies Partial<Record<keyof RunHeader, string>>;

/** In words, what two runs do not have in common; short values are shown. */
export function differences(
  one: RunHeader,
  other: RunHeader,
  apart: readonly (keyof typeof OF_THE_RUN)[] = [],
): string[] {
  const shown = (value: unknown): string | undefined =>
    typeof value === 'string' || typeof value === 'boolean' ? JSON.stringify(value) : undefined;
  return (Object.keys(OF_THE_RUN) as (keyof typeof OF_THE_RUN)[])
    .filter((key) => !apart.includes(key))
    .flatMap((key) => {
      const [a, b] = [one[key], other[key]];
      if (JSON.stringify(a) === JSON.stringify(b)) return [];
      const [showA, showB] = [shown(a), shown(b)];
      return [
        showA === undefined || showB === undefined ? OF_THE_RUN[key] : `${OF_THE_RUN[key]} (${showA} and ${showB})`,
      ];
    });
}

/** Throws ConfigurationError unless a run with this header is the one that the journal is of. */
export function mustBeSameRun(journal: Journal, header: RunHeader, file: string): void {
  const differ = differences(journal.header, header);
  if (differ.length === 0) return;
  throw new ConfigurationError(`${file} is of another run: it differs in the ${differ.join(', the ')}`, {
    hint:
      `Give the options of that run (${runOptionsText(journal.header)}, and its ` +
      'selection), or leave out --resume to begin anew.',
  });
}

/**
 * Puts what is known already in its place among what comes, so that a run in two sittings is reported in the order of
 * one.
 */
export class InOrder {
  private readonly order: ReadonlyMap<string, number>;
  private readonly known: CheckResult[];

  constructor(
    header: RunHeader,
    known: readonly CheckResult[],
    private readonly tell: (result: CheckResult) => void,
  ) {
    this.order = new Map(header.checks.map((id, index) => [id, index]));
    this.known = [...known].sort((a, b) => this.place(a) - this.place(b));
  }

  /** Tells the known results with which the run begins. */
  begin(): void {
    this.flushFrom(0);
  }

  /**
   * Tells a result, before it all known ones that precede it, and after it those that follow without a gap: the next
   * check is then one that is still to run.
   */
  take(result: CheckResult): void {
    this.flush(this.place(result));
    this.tell(result);
    this.flushFrom(this.place(result) + 1);
  }

  /** Tells the known results that are left. */
  end(): void {
    this.flush(Infinity);
  }

  private flush(before: number): void {
    while (this.known[0] !== undefined && this.place(this.known[0]) < before)
      this.tell(this.known.shift() as CheckResult);
  }

  private flushFrom(place: number): void {
    for (let next = place; this.known[0] !== undefined && this.place(this.known[0]) === next; next++)
      this.flush(next + 1);
  }

  private place({ id }: CheckResult): number {
    return this.order.get(id) ?? -1;
  }
}
