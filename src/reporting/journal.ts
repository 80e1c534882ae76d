// journal.ndjson: the run as it goes, a line for each event, so that a run that is killed has lost nothing. Reports can be made again from it.
import { closeSync, fsyncSync, mkdirSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigurationError } from '../provider/errors.js';
import type { RunHeader, RunListener, RunSummary } from '../conformance/events.js';
import type { CheckResult } from '../conformance/outcome.js';
import { journalLineSchema, recordOf, SCHEMA_VERSION, type JournalLine } from './schema.js';

export const JOURNAL = 'journal.ndjson';

export class JournalReporter implements RunListener {
  private fd: number | undefined;

  constructor(private readonly reports: string) {}

  runStarted(header: RunHeader): void {
    mkdirSync(this.reports, { recursive: true });
    const file = join(this.reports, JOURNAL);
    rmSync(file, { force: true });
    // `x`: two runs that report into one folder would mix their lines; the second is refused when it comes between these two calls.
    this.fd = openSync(file, 'ax');
    this.append({ type: 'header', schema: 'vds-conformance/journal', schemaVersion: SCHEMA_VERSION, header: recordOf.header(header) });
  }

  checkFinished(result: CheckResult): void {
    this.append({ type: 'result', result: recordOf.result(result) });
  }

  runFinished(_header: RunHeader, _results: readonly CheckResult[], summary: RunSummary): void {
    this.append({ type: 'summary', summary: recordOf.summary(summary) });
    if (this.fd === undefined) return;
    fsyncSync(this.fd);
    closeSync(this.fd);
    this.fd = undefined;
  }

  /** The line is with the operating system when this returns, so it survives the death of this process. */
  private append(line: JournalLine): void {
    if (this.fd === undefined) throw new Error('the journal is not open');
    // By descriptor: it writes on where a single writeSync may stop short.
    writeFileSync(this.fd, `${JSON.stringify(line)}\n`);
  }
}

export interface Journal {
  readonly header: RunHeader;
  /** In the order in which the checks ended. */
  readonly results: readonly CheckResult[];
  /** Absent when the run did not finish. */
  readonly summary?: RunSummary;
  /** Whether the run finished. */
  readonly complete: boolean;
  /** Whether the last line was cut off in writing, and so left out. */
  readonly torn: boolean;
}

/**
 * Reads a journal, also one whose last line was torn by the end of its process.
 *
 * @throws ConfigurationError when the file cannot be read, is no journal of this version, or is damaged before its last line
 */
export function readJournal(file: string): Journal {
  let header: RunHeader | undefined;
  let summary: RunSummary | undefined;
  let torn = false;
  const results: CheckResult[] = [];
  let number = 0;
  const refuse = (why: string): never => {
    throw new ConfigurationError(`${file} is no journal that can be read: ${why}`, { hint: 'A run writes it as journal.ndjson into its reports folder.' });
  };
  for (const { text, last } of linesOf(file)) {
    number += 1;
    const line = parse(text);
    if (typeof line === 'string') {
      // A header is written first and at once; a file without one is something else, however short.
      if (!last || number === 1) refuse(`line ${number}: ${line}`);
      torn = true;
      continue;
    }
    if ((line.type === 'header') !== (number === 1)) refuse(`line ${number}: the header is its first line, and no other`);
    if (summary !== undefined) refuse(`line ${number}: nothing follows the summary`);
    if (line.type === 'header') header = line.header;
    else if (line.type === 'result') results.push(line.result);
    else summary = line.summary;
  }
  if (header === undefined) return refuse('it is empty');
  return { header, results, ...(summary === undefined ? {} : { summary }), complete: summary !== undefined, torn };
}

/** The line's content, or what is wrong with it. */
function parse(text: string): JournalLine | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const parsed = journalLineSchema.safeParse(value);
  return parsed.success ? parsed.data : z.prettifyError(parsed.error);
}

/**
 * The lines of a file, read piece by piece: the whole may be longer than a string can be. Lines end at `\n` only, as JSON leaves U+2028 unescaped and other
 * readers of lines would split there.
 */
function* linesOf(file: string): Generator<{ readonly text: string; readonly last: boolean }> {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch (error) {
    throw new ConfigurationError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  try {
    const piece = Buffer.alloc(1 << 16);
    // A line may span pieces, which are joined once it ends.
    let begun: Buffer[] = [];
    let line: string | undefined;
    for (let length = readSync(fd, piece); length > 0; length = readSync(fd, piece)) {
      let from = 0;
      for (let to = piece.subarray(0, length).indexOf(0x0a); to >= 0; to = piece.subarray(0, length).indexOf(0x0a, from)) {
        if (line !== undefined) yield { text: line, last: false };
        line = Buffer.concat([...begun, piece.subarray(from, to)]).toString();
        begun = [];
        from = to + 1;
      }
      if (from < length) begun.push(Buffer.from(piece.subarray(from, length)));
    }
    const rest = Buffer.concat(begun).toString();
    if (line !== undefined) yield { text: line, last: rest === '' };
    if (rest !== '') yield { text: rest, last: true };
  } finally {
    closeSync(fd);
  }
}
