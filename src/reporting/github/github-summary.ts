// The summary of a job on GitHub: the run in a page of Markdown, appended to the file that GITHUB_STEP_SUMMARY names.
import { counted } from '../../contract/wording.js';
import { appendFileSync } from 'node:fs';
import type { RunHeader, RunListener, RunSummary } from '../../run/events.js';
import { VERDICTS, type CheckResult } from '../../checks/outcome.js';
import { providerText } from '../../run/repeat-command.js';
import { mdCode, mdText } from './github-text.js';
import { capBytes, terminalLine } from '../text/plain-text.js';
import { coverageSentence, verdictWords } from '../text/verdict-words.js';
import { causesOf, type Cause } from '../insight/causes.js';
import { afterwordOf, hintFact, causeSentence, commandFact, comparison, dutyFacts } from '../text/cause-text.js';
import { stepsOf } from '../text/steps.js';

/** GitHub refuses a step's summary of more than 1 MiB whole; other programs of the step may write into it as well. */
const BYTES = 256 * 1024;
const CAUSES = 20;

export class GithubSummaryReporter implements RunListener {
  /** @param file what GITHUB_STEP_SUMMARY names */
  constructor(private readonly file: string) {}

  runStarted(): void {}
  checkFinished(): void {}

  runFinished(header: RunHeader, results: readonly CheckResult[], summary: RunSummary): void {
    appendFileSync(
      this.file,
      capBytes(summaryMarkdown(header, results, summary), BYTES, 'this summary', 'all of it is in report.html'),
    );
  }
}

/** The run in Markdown. */
export function summaryMarkdown(header: RunHeader, results: readonly CheckResult[], summary: RunSummary): string {
  const { word, tone, sentence, meaning } = verdictWords(summary, results);
  const causes = causesOf(results, header);
  const seen = VERDICTS.filter((verdict) => summary.counts[verdict] > 0);
  return (
    [
      `## ${{ good: '✅', bad: '❌', open: '⚠️' }[tone]} vds-conformance: ${word.toLowerCase()}`,
      `**${word}**: ${sentence} Exit code ${summary.exitCode}: ${meaning}.`,
      `Provider ${mdCode(providerText(header))}, seed ${mdCode(header.seed)}`,
      ...(seen.length === 0
        ? []
        : [
            `| ${seen.join(' | ')} |\n|${seen.map(() => '---:|').join('')}\n| ` +
              `${seen.map((verdict) => summary.counts[verdict]).join(' | ')} |`,
          ]),
      `Coverage: ${coverageSentence(summary.coverage)}.`,
      ...(summary.problems.length === 0
        ? []
        : [
            `### Problems of the run\n\n${summary.problems
              .slice(0, CAUSES)
              .map((problem) => `- ${mdText(problem)}`)
              .join('\n')}`,
          ]),
      ...(causes.length === 0 ? [] : [`### What to fix\n\n${causes.slice(0, CAUSES).map(causeItem).join('\n')}`]),
      ...(causes.length > CAUSES
        ? [`and ${causes.length - CAUSES} more: see report.html among the job's artefacts.`]
        : []),
    ].join('\n\n') + '\n\n'
  );
}

function causeItem(cause: Cause, index: number): string {
  const { result, explained } = cause.example;
  const fact = ([label, text]: readonly [string, string]): string =>
    `   - ${label}: ${label === 'Requirement' || label === 'Documented at' ? mdText(text) : mdCode(text)}`;
  const [label, repeats] = commandFact(explained);
  return [
    `${index + 1}. **${mdText(causeSentence(cause))}** (${counted(cause.results.length, 'check')})`,
    ...stepsOf(explained).map((step) => fact(['Step', step])),
    ...comparison(explained).map(fact),
    // A block of its own, which GitHub gives a button to copy.
    `   - ${label}:\n     ${mdFence(repeats)}`,
    ...dutyFacts(explained).map(fact),
    ...[...hintFact(explained), ...afterwordOf(explained)].map(fact),
    fact(['Check', result.id]),
  ].join('\n');
}

/** A command as a block of code within a list. */
function mdFence(text: string): string {
  const line = terminalLine(text);
  const fence = '`'.repeat(3 + Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length)));
  return `${fence}sh\n     ${line}\n     ${fence}`;
}
