// What to fix, as annotations of a GitHub workflow: commands on the standard output, which GitHub shows beside the job.
import type { RunHeader, RunListener, RunSummary } from '../../run/events.js';
import type { CheckResult } from '../../checks/outcome.js';
import type { Output } from '../console/console.js';
import { commandMessage, commandProperty } from './github-text.js';
import { terminalLine } from '../text/plain-text.js';
import { verdictWords } from '../text/verdict-words.js';
import { whatToFix, type Fix } from '../insight/what-to-fix.js';

/** GitHub shows no more of them for one step. */
const ANNOTATIONS = 10;

export class GithubAnnotationsReporter implements RunListener {
  constructor(private readonly out: Output) {}

  runStarted(): void {}
  checkFinished(): void {}

  async runFinished(header: RunHeader, results: readonly CheckResult[], summary: RunSummary): Promise<void> {
    const lines = annotations(header, results, summary);
    if (lines.length > 0)
      await new Promise<void>((done) => {
        this.out.write(`${lines.join('\n')}\n`, () => done());
      });
  }
}

/** The workflow commands, one for each thing to fix: a duty that fails a hundred checks is one bug. Those beyond the limit share the last. */
export function annotations(header: RunHeader, results: readonly CheckResult[], summary: RunSummary): string[] {
  const fixes = whatToFix(results, header);
  const shown = fixes.length > ANNOTATIONS ? fixes.slice(0, ANNOTATIONS - 1) : fixes;
  const left = fixes.slice(shown.length);
  const { word, sentence } = verdictWords(summary, results);
  return [
    ...shown.map(annotation),
    ...(left.length === 0
      ? []
      : [
          command(
            `${word}: ${left.length} more to fix`,
            `${sentence} Also broken: ${left
              .slice(0, 50)
              .map((fix) => terminalLine(fix.type, 60))
              .join(', ')}`,
          ),
        ]),
  ];
}

function annotation(fix: Fix): string {
  const {
    requirement,
    example: { result, explained },
  } = fix;
  const many = fix.results.length === 1 ? '1 check' : `${fix.results.length} checks`;
  const field = (label: string, text: string | undefined): string[] =>
    text === undefined ? [] : [`${label}: ${terminalLine(text, 600)}`];
  return command(
    `${fix.type}${requirement === undefined ? '' : ` (${requirement.level})`} fails ${many}`,
    [
      ...field('Owed', requirement?.statement),
      ...field(fix.kind === 'duty' ? 'Wrong' : 'Happened', explained.message),
      ...field('Called', explained.called),
      ...field('Came back', explained.cameBack),
      ...field('Shown by', result.id),
      ...field('Again', explained.command),
    ].join('\n'),
  );
}

const command = (title: string, message: string): string =>
  `::error title=${commandProperty(title)}::${commandMessage(message)}`;
