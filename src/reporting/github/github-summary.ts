// The summary of a job on GitHub: the run in a page of Markdown, appended to the file that GITHUB_STEP_SUMMARY names.
import { appendFileSync } from 'node:fs';
import type { RunHeader, RunListener, RunSummary } from '../../run/events.js';
import { VERDICTS, type CheckResult } from '../../checks/outcome.js';
import { mdCode, mdText } from './github-text.js';
import { capBytes } from '../text/plain-text.js';
import { coverageSentence, verdictWords } from '../text/verdict-words.js';
import { whatToFix, type Fix } from '../insight/what-to-fix.js';
import { providerText } from '../../run/repeat-command.js';

/** GitHub refuses a step's summary of more than 1 MiB whole; other programs of the step may write into it as well. */
const BYTES = 256 * 1024;
const FIXES = 20;

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
  const fixes = whatToFix(results, header);
  const seen = VERDICTS.filter((verdict) => summary.counts[verdict] > 0);
  return (
    [
      `## ${{ good: '✅', bad: '❌', open: '⚠️' }[tone]} vds-conformance: ${word.toLowerCase()}`,
      `**${word}**: ${sentence} Exit code ${summary.exitCode}: ${meaning}.`,
      `Provider ${mdCode(providerText(header))}, seed ${mdCode(header.seed)}`,
      ...(seen.length === 0
        ? []
        : [
            `| ${seen.join(' | ')} |\n|${seen.map(() => '---:|').join('')}\n| ${seen.map((verdict) => summary.counts[verdict]).join(' | ')} |`,
          ]),
      `Coverage: ${coverageSentence(summary.coverage)}.`,
      ...(summary.problems.length === 0
        ? []
        : [
            `### Problems of the run\n\n${summary.problems
              .slice(0, FIXES)
              .map((problem) => `- ${mdText(problem)}`)
              .join('\n')}`,
          ]),
      ...(fixes.length === 0 ? [] : [`### What to fix first\n\n${fixes.slice(0, FIXES).map(fixItem).join('\n')}`]),
      ...(fixes.length > FIXES ? [`and ${fixes.length - FIXES} more: see report.html among the job's artefacts.`] : []),
    ].join('\n\n') + '\n\n'
  );
}

function fixItem(fix: Fix, index: number): string {
  const {
    requirement,
    example: { result, explained },
  } = fix;
  const many = fix.results.length === 1 ? '1 check' : `${fix.results.length} checks`;
  const line = (label: string, text: string | undefined): string[] =>
    text === undefined ? [] : [`   - ${label}: ${text}`];
  return [
    `${index + 1}. **${mdText(fix.type, 100)}**${requirement === undefined ? '' : ` (${requirement.level})`} fails ${many}${requirement === undefined ? '' : `: ${mdText(requirement.statement)}`}`,
    ...line('Source', requirement?.source.map((source) => mdText(source)).join(', ')),
    ...line('Called', explained.called === undefined ? undefined : mdCode(explained.called)),
    ...line('Came back', explained.cameBack === undefined ? undefined : mdCode(explained.cameBack)),
    ...line(fix.kind === 'duty' ? 'Wrong' : 'Happened', mdCode(explained.message, 600)),
    ...line('Shown by', mdCode(result.id)),
    ...line('Again', mdCode(explained.command, 1000)),
  ].join('\n');
}
