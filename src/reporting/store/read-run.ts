// A finished or unfinished run, read back from what it left: its folder, its journal, or its results.json.
import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { RunHeader, RunSummary } from '../../run/events.js';
import type { CheckResult } from '../../checks/outcome.js';
import { ConfigurationError, messageOf } from '../../port/errors.js';
import { JOURNAL, readJournal } from './journal.js';
import { resultsSchema, versionProblem } from './schema.js';
import { problemsIn } from '../../port/zod-problems.js';

export interface StoredRun {
  /** The file that it was read from. */
  readonly file: string;
  readonly header: RunHeader;
  readonly results: readonly CheckResult[];
  /** Absent when the run did not finish. */
  readonly summary?: RunSummary;
}

/** Reads a run. Throws ConfigurationError for a missing or another file. */
export function readRun(path: string): StoredRun {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined)
    throw new ConfigurationError(`there is no run at ${path}`, {
      hint: 'Name the reports folder of a run, its journal.ndjson or its results.json.',
    });
  // The journal has everything that results.json has, also when the run did not live to write that.
  const file = found.isDirectory()
    ? join(path, statSync(join(path, JOURNAL), { throwIfNoEntry: false }) === undefined ? 'results.json' : JOURNAL)
    : path;
  if (statSync(file, { throwIfNoEntry: false }) === undefined) {
    throw new ConfigurationError(`${path} holds no run: neither journal.ndjson nor results.json is there`, {
      hint: 'Name the folder that was given to --reports.',
    });
  }
  if (basename(file).endsWith('.ndjson')) {
    const { header, results, summary } = readJournal(file);
    return { file, header, results, ...(summary === undefined ? {} : { summary }) };
  }
  const { header, results, summary } = parseResults(file);
  return { file, header, results, summary };
}

function parseResults(file: string): z.infer<typeof resultsSchema> {
  let why: string;
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const parsed = resultsSchema.safeParse(value);
    if (parsed.success) return parsed.data;
    why = versionProblem(value) ?? problemsIn(parsed.error);
  } catch (error) {
    why = messageOf(error);
  }
  throw new ConfigurationError(`${file} cannot be read as results.json: ${why}`, {
    hint: 'A run writes it into its reports folder; a reports folder or a journal.ndjson serves as well.',
  });
}

/** The results in the order of the run's selection; one that is not in it comes first. */
export function inOrder(header: RunHeader, results: readonly CheckResult[]): CheckResult[] {
  const order = new Map(header.checks.map((id, index) => [id, index]));
  const place = ({ id }: CheckResult): number => order.get(id) ?? -1;
  return [...results].sort((a, b) => place(a) - place(b));
}

/** The ids of the selection that have no result. */
export function withoutResult(header: RunHeader, results: readonly CheckResult[]): string[] {
  const done = new Set(results.map((r) => r.id));
  return header.checks.filter((id) => !done.has(id));
}
