// journal.ndjson: the run as it goes, a line for each event, so that a run that is killed has lost nothing. Reports can
// be made again from it.
import { closeSync, fsyncSync, ftruncateSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError, messageOf } from '../../port/errors.js';
import type { RunHeader, RunListener, RunSummary } from '../../run/events.js';
import type { CheckResult } from '../../checks/outcome.js';
import { timestamp } from '../text/times.js';
import { journalLineSchema, recordOf, SCHEMA_VERSION, versionProblem, type JournalLine } from './schema.js';
import { makeFolder } from '../../lab/make-folder.js';
import { problemsIn } from '../../port/zod-problems.js';

export const JOURNAL = 'journal.ndjson';

export class JournalReporter implements RunListener {
  private fd: number | undefined;
  private readonly written: ReadonlySet<string>;

  /** @param earlier the journal that is in the folder and goes on; left out, a new one begins */
  constructor(
    private readonly reports: string,
    private readonly earlier?: Journal,
  ) {
    this.written = new Set(earlier?.results.map((r) => r.id));
  }

  runStarted(header: RunHeader): void {
    makeFolder(this.reports);
    const file = join(this.reports, JOURNAL);
    if (this.earlier !== undefined) {
      this.fd = openSync(file, 'a');
      // A torn line is cut off, so that the next one stands by itself; whole lines are never written again, and so
      // cannot be lost.
      ftruncateSync(this.fd, this.earlier.end);
      writeFileSync(this.fd, '\n');
      this.append({ type: 'resumed', at: timestamp(Date.now()), host: header.host });
      return;
    }
    rmSync(file, { force: true });
    // `x`: two runs that report into one folder would mix their lines; the second is refused when it comes between
    // these two calls.
    this.fd = openSync(file, 'ax');
    this.append({
      type: 'header',
      schema: 'vds-conformance/journal',
      schemaVersion: SCHEMA_VERSION,
      header: recordOf.header(header),
    });
  }

  checkFinished(result: CheckResult): void {
    if (!this.written.has(result.id)) this.append({ type: 'result', result: recordOf.result(result) });
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
  /** Bytes of the file up to the end of its last whole line, without the line's end. */
  readonly end: number;
}

/**
 * Reads a journal, also one whose last line was torn by the end of its process.
 *
 * @throws ConfigurationError when the file cannot be read, is not a journal of this version, or is damaged before its
 * last line
 */
export function readJournal(file: string): Journal {
  let header: RunHeader | undefined;
  let summary: RunSummary | undefined;
  let torn = false;
  let end = 0;
  // A check that a resumed run took again has two lines, of which the later holds.
  const results = new Map<string, CheckResult>();
  let number = 0;
  const refuse = (why: string): never => {
    throw new ConfigurationError(`${file} cannot be read as a journal: ${why}`, {
      hint: 'A run writes it as journal.ndjson into its reports folder.',
    });
  };
  for (const { text, end: at, last } of linesOf(file)) {
    number += 1;
    const line = parse(text);
    if (typeof line === 'string') {
      // A header is written first and at once; a file without one is something else, however short.
      if (!last || number === 1) refuse(`line ${number}: ${line}`);
      torn = true;
      continue;
    }
    if ((line.type === 'header') !== (number === 1))
      refuse(`line ${number}: the header is its first line, and no other`);
    if (summary !== undefined && line.type !== 'resumed')
      refuse(`line ${number}: nothing follows the summary but a line that says that the run goes on`);
    end = at;
    switch (line.type) {
      case 'header':
        header = line.header;
        break;
      case 'result':
        results.delete(line.result.id);
        results.set(line.result.id, line.result);
        break;
      case 'summary':
        summary = line.summary;
        break;
      case 'resumed':
        summary = undefined;
        break;
    }
  }
  if (header === undefined) return refuse('it is empty');
  return {
    header,
    results: [...results.values()],
    ...(summary === undefined ? {} : { summary }),
    complete: summary !== undefined,
    torn,
    end,
  };
}

/** The line's content, or what is wrong with it. */
function parse(text: string): JournalLine | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return messageOf(error);
  }
  const old = versionProblem(value);
  if (old !== undefined) return old;
  const parsed = journalLineSchema.safeParse(value);
  return parsed.success ? parsed.data : problemsIn(parsed.error);
}

/**
 * The lines of a file, read piece by piece: the whole may be longer than a string can be. Lines end at `\n` only, as
 * JSON leaves U+2028 unescaped and other readers of lines would split there.
 */
function* linesOf(file: string): Generator<{ readonly text: string; readonly end: number; readonly last: boolean }> {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch (error) {
    throw new ConfigurationError(`${file} cannot be read: ${messageOf(error)}`, {
      hint: 'Name the reports folder of a run; each run writes its journal there.',
      cause: error,
    });
  }
  try {
    const piece = Buffer.alloc(1 << 16);
    // A line may span pieces, which are joined once it ends.
    let begun: Buffer[] = [];
    let line: { text: string; end: number } | undefined;
    let before = 0;
    for (let length = readSync(fd, piece); length > 0; length = readSync(fd, piece)) {
      let from = 0;
      for (
        let to = piece.subarray(0, length).indexOf(0x0a);
        to >= 0;
        to = piece.subarray(0, length).indexOf(0x0a, from)
      ) {
        if (line !== undefined) yield { ...line, last: false };
        line = { text: Buffer.concat([...begun, piece.subarray(from, to)]).toString(), end: before + to };
        begun = [];
        from = to + 1;
      }
      if (from < length) begun.push(Buffer.from(piece.subarray(from, length)));
      before += length;
    }
    const rest = Buffer.concat(begun).toString();
    if (line !== undefined) yield { ...line, last: rest === '' };
    if (rest !== '') yield { text: rest, end: before, last: true };
  } finally {
    closeSync(fd);
  }
}
