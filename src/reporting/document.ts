// The run as one document on the standard output, for a program at the other end of a pipe; what a person reads goes
// elsewhere then.
import { readFileSync } from 'node:fs';
import type { CheckResult } from '../checks/outcome.js';
import type { RunHeader, RunListener } from '../run/events.js';
import type { Output } from './console/console.js';
import { explain, isFailure } from './insight/explain.js';
import { afterwordOf, hintFact, commandFact, comparison, dutyFacts } from './text/cause-text.js';
import { stepsOf } from './text/steps.js';
import { titleOf } from './text/title.js';
import { terminalLine } from './text/plain-text.js';

/** `json` and `junit` are the files results.json and junit.xml; `tap` is the Test Anything Protocol, version 14. */
export const DOCUMENTS = ['json', 'junit', 'tap'] as const;
export type DocumentFormat = (typeof DOCUMENTS)[number];

/** Characters of a text in TAP. */
const LONG = 600;

export class DocumentReporter implements RunListener {
  /** @param files the files of the format, once they are written; none for `tap` */
  constructor(
    private readonly format: DocumentFormat,
    private readonly out: Output,
    private readonly files: () => readonly string[],
  ) {}

  runStarted(): void {}

  checkFinished(): void {}

  async runFinished(header: RunHeader, results: readonly CheckResult[]): Promise<void> {
    const text = this.format === 'tap' ? tapOf(header, results) : this.content();
    await new Promise<void>((done) => void this.out.write(text, done));
  }

  private content(): string {
    const [file, ...others] = this.files();
    if (file === undefined || others.length > 0)
      throw new RangeError(
        'the report has several files, which are no one document; take them from the reports folder',
      );
    return readFileSync(file, 'utf8');
  }
}

/** A run as TAP: a failure that a baseline excuses is a TODO, and what came to no verdict a SKIP. */
export function tapOf(header: RunHeader, results: readonly CheckResult[]): string {
  return ['TAP version 14', `1..${results.length}`, ...results.flatMap((r, i) => point(r, i + 1, header)), ''].join(
    '\n',
  );
}

/** `#` begins a directive, and a backslash escapes. */
const escaped = (text: string): string => terminalLine(text, LONG).replace(/[\\#]/g, '\\$&');

function point(result: CheckResult, number: number, header: RunHeader): string[] {
  const { id, verdict, known, reason = '' } = result;
  const isOpen = verdict === 'not-applicable' || verdict === 'inconclusive';
  const directive = isOpen
    ? ` # SKIP ${escaped(`${verdict.replace('-', ' ')}: ${reason}`)}`
    : known === undefined
      ? ''
      : ` # TODO ${escaped(known.reason)}`;
  const line = `${verdict === 'passed' || isOpen ? 'ok' : 'not ok'} ${number} - ${escaped(id)}${directive}`;
  if (!isFailure(result)) return [line];
  const explained = explain(result, header);
  const facts = [
    ['message', titleOf(explained)],
    ...stepsOf(explained).map((step) => ['Step', step] as const),
    ...comparison(explained),
    commandFact(explained),
    ...dutyFacts(explained),
    ...hintFact(explained),
    ...afterwordOf(explained),
  ] as const;
  // JSON's strings are YAML's too.
  return [
    line,
    '  ---',
    ...facts.map(([label, text]) => `  ${label.toLowerCase()}: ${JSON.stringify(terminalLine(text, Infinity))}`),
    '  ...',
  ];
}
