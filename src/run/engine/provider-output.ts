// The output of the provider's process: all of it in a file, and for each check that does not pass the lines that came
// during it.
import { appendFileSync } from 'node:fs';
import type { CheckResult } from '../../checks/outcome.js';

/** Characters that the file takes; a provider that prints without end must not fill the disk. */
const FILE_LIMIT = 16 * 1024 * 1024;
/** Characters that a check's result keeps, from the end. */
const CHECK_LIMIT = 16 * 1024;

export class ProviderOutput {
  private check = '';
  private headed = '';
  private text = '';
  private written = 0;

  /** @param file where it is kept; without one only results keep it */
  constructor(private readonly file?: string) {}

  /** From here on, output belongs to this check. */
  begin(check: string): void {
    this.check = check;
    this.text = '';
  }

  /** Takes a piece of output. */
  readonly take = (piece: string): void => {
    this.text = (this.text + piece).slice(-CHECK_LIMIT);
    if (this.headed !== this.check) {
      this.headed = this.check;
      this.append(`--- ${this.check}\n`);
    }
    this.append(piece);
  };

  /** The result of the check with the lines that came since it began, unless it passed. */
  addTo<R extends CheckResult>(result: R): R {
    const output = this.text.split(/\r?\n/).filter((line) => line.trim() !== '');
    return output.length === 0 || result.verdict === 'passed' ? result : { ...result, output };
  }

  private append(text: string): void {
    if (this.file === undefined || this.written > FILE_LIMIT) return;
    this.written += text.length;
    try {
      appendFileSync(this.file, this.written > FILE_LIMIT ? '\n(more is not kept)\n' : text);
    } catch {
      // A full disk ends the run where the reports are written, which matter more.
      this.written = Infinity;
    }
  }
}
