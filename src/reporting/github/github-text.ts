// Text as GitHub takes it: in the Markdown of a job's summary, and in the workflow commands of a log. Both act on what
// they read, so text that comes from a provider is made inert here.
import { terminalLine } from '../text/plain-text.js';

/** Text on one line as a code span, in which nothing acts: its fence is longer than any run of backticks within. */
export function mdCode(text: string, max = 300): string {
  const line = terminalLine(text, max);
  if (line === '') return '(empty)';
  const fence = '`'.repeat(1 + Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length)));
  return `${fence} ${line} ${fence}`;
}

/** Text on one line as Markdown prose: every character that Markdown or HTML could act on is escaped. */
export function mdText(text: string, max = 600): string {
  return terminalLine(text, max).replace(/[!-/:-@[-`{-~]/g, (c) =>
    c === '<' ? '&lt;' : c === '&' ? '&amp;' : `\\${c}`,
  );
}

/** The message of a workflow command, lines and all. */
export function commandMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** A property of a workflow command, which ends at a comma or a colon. */
export function commandProperty(text: string): string {
  return commandMessage(terminalLine(text, 200)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
