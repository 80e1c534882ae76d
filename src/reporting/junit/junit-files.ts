// The JUnit files of a run: suites appended as they end, one root each, a new file before one grows too large for its
// readers.
import { join } from 'node:path';
import { AtomicFile, removeEarlier } from '../report-files.js';
import { seconds } from '../text/times.js';
import { makeFolder } from '../../lab/make-folder.js';

/** GitLab refuses files over 30 MB. */
export const FILE_BYTES = 25_000_000;

interface Totals {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly ms: number;
}

const NAME = 'vds-conformance';
const FOOTER = '</testsuites>\n';
/** Room for the root's start tag, whose totals are known at the end only. */
const HEADER_BYTES = 256;

export class JUnitFiles {
  private readonly finished: string[] = [];
  private readonly parts: { readonly file: AtomicFile; totals: Totals }[] = [];

  /** Opens the first file and removes those of an earlier run. Throws where the folder cannot be written. */
  constructor(
    private readonly folder: string,
    private readonly maxBytes: number,
  ) {
    makeFolder(folder);
    removeEarlier(folder, /^junit(-\d+)?\.xml(\.tmp)?$/, `<testsuites name="${NAME}"`);
    this.open();
  }

  /**
   * Appends a suite's XML. One that alone is larger than a file may be still gets a file, as its evidence must not be
   * lost.
   */
  append(xml: string, totals: Totals): void {
    let part = this.parts.at(-1) ?? this.open();
    if (part.totals.tests > 0 && part.file.size + Buffer.byteLength(xml) + FOOTER.length > this.maxBytes)
      part = this.open();
    part.file.write(xml);
    part.totals = add(part.totals, totals);
  }

  /** Completes the files and gives them their names, `junit.xml` last: where it stands, the others do too. */
  finish(): readonly string[] {
    for (const { file, totals } of this.parts.splice(0).reverse()) {
      file.write(FOOTER);
      file.writeAt(0, header(totals));
      file.finish();
      this.finished.unshift(file.file);
    }
    return this.finished;
  }

  private open(): { readonly file: AtomicFile; totals: Totals } {
    const number = this.parts.length + 1;
    const part = {
      file: new AtomicFile(join(this.folder, number === 1 ? 'junit.xml' : `junit-${number}.xml`)),
      totals: { tests: 0, failures: 0, errors: 0, ms: 0 },
    };
    part.file.write(header(part.totals));
    this.parts.push(part);
    return part;
  }
}

const add = (a: Totals, b: Totals): Totals => ({
  tests: a.tests + b.tests,
  failures: a.failures + b.failures,
  errors: a.errors + b.errors,
  ms: a.ms + b.ms,
});

/**
 * The XML declaration and the root's start tag, filled up with spaces inside the tag, where XML allows them. No
 * `skipped`: Jenkins' schema has none here.
 */
function header({ tests, failures, errors, ms }: Totals): string {
  const tag =
    `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${NAME}" tests="${tests}" failures="${failures}" ` +
    `errors="${errors}" time="${seconds(ms).toFixed(3)}"`;
  return `${tag.padEnd(HEADER_BYTES - 2)}>\n`;
}
