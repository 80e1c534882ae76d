// How reports reach the disk: whole or not at all, and never beside what an earlier run left there.
import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** A file that appears under its own name only when all of it is written. A reader never sees half a report. */
export class AtomicFile {
  private readonly temporary: string;
  private fd: number | undefined;
  private written = 0;

  constructor(readonly file: string) {
    // Beside it, as a rename is atomic within one file system only; and not *.xml, which a CI's pattern would pick up.
    this.temporary = `${file}.tmp`;
    this.fd = openSync(this.temporary, 'w');
  }

  /** Bytes written so far. */
  get size(): number {
    return this.written;
  }

  write(text: string): void {
    if (this.fd === undefined) throw new Error(`${this.file} is written already`);
    const bytes = Buffer.from(text);
    // writeFileSync writes on where a single writeSync may stop short.
    writeFileSync(this.fd, bytes);
    this.written += bytes.length;
  }

  /** Overwrites what was written at a place before. */
  writeAt(position: number, text: string): void {
    if (this.fd === undefined) throw new Error(`${this.file} is written already`);
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length;)
      done += writeSync(this.fd, bytes, done, bytes.length - done, position + done);
  }

  /** Flushes the file and gives it its name. */
  finish(): void {
    if (this.fd === undefined) return;
    fsyncSync(this.fd);
    closeSync(this.fd);
    this.fd = undefined;
    renameSync(this.temporary, this.file);
  }
}

/**
 * Removes the reports of an earlier run from a folder: beside a shorter new run, or a run that is killed, they would
 * pass for its own. Only files that begin as ours do are touched, whatever folder somebody names.
 *
 * @param beginning what the file's first 300 bytes contain when it is one of ours
 */
export function removeEarlier(folder: string, name: RegExp, beginning: string): void {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return;
  }
  for (const found of names) {
    if (name.test(found) && beginsWith(join(folder, found), beginning)) rmSync(join(folder, found));
  }
}

function beginsWith(file: string, beginning: string): boolean {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch {
    return false;
  }
  try {
    const head = Buffer.alloc(300);
    return head.toString('utf8', 0, readSync(fd, head)).includes(beginning);
  } catch {
    // A folder of that name opens, but cannot be read.
    return false;
  } finally {
    closeSync(fd);
  }
}
