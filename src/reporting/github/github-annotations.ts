// The causes to fix, as annotations of a GitHub workflow: commands on the standard output, which GitHub shows beside
// the job.
import { counted } from '../../contract/wording.js';
import type { RunHeader, RunListener, RunSummary } from '../../run/events.js';
import type { CheckResult } from '../../checks/outcome.js';
import type { Output } from '../console/console.js';
import { commandMessage, commandProperty } from './github-text.js';
import { terminalLine } from '../text/plain-text.js';
import { verdictWords } from '../text/verdict-words.js';
import { causesOf, type Cause } from '../insight/causes.js';
import { afterwordOf, hintFact, causeSentence, commandFact, comparison, dutyFacts } from '../text/cause-text.js';
import { stepsOf } from '../text/steps.js';

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

/**
 * The workflow commands, one for each thing to fix: a duty that fails a hundred checks is one bug. Those beyond the
 * limit share the last.
 */
export function annotations(header: RunHeader, results: readonly CheckResult[], summary: RunSummary): string[] {
  const causes = causesOf(results, header);
  const shown = causes.length > ANNOTATIONS ? causes.slice(0, ANNOTATIONS - 1) : causes;
  const left = causes.slice(shown.length);
  const { word, sentence } = verdictWords(summary, results);
  return [
    ...shown.map(annotation),
    ...(left.length === 0
      ? []
      : [
          command(
            `${word}: ${left.length} more to fix`,
            `${sentence} Also broken: ${left
              .slice(0, 20)
              .map((cause) => terminalLine(causeSentence(cause), 160))
              .join('; ')}`,
          ),
        ]),
  ];
}

function annotation(cause: Cause): string {
  const { result, explained } = cause.example;
  const field = ([label, text]: readonly [string, string]): string => `${label}: ${terminalLine(text, 600)}`;
  const [label, repeats] = commandFact(explained);
  return command(
    `${causeSentence(cause)} (${counted(cause.results.length, 'check')})`,
    [
      ...stepsOf(explained).map((step) => field(['Step', step])),
      ...comparison(explained).map(field),
      `${label}: ${terminalLine(repeats)}`,
      ...dutyFacts(explained).map(field),
      ...[...hintFact(explained), ...afterwordOf(explained)].map(field),
      field(['Check', result.id]),
    ].join('\n'),
  );
}

const command = (title: string, message: string): string =>
  `::error title=${commandProperty(title)}::${commandMessage(message)}`;
