// The text of one test case: which element it becomes and what stands in it. All of it leaves here sanitised and within
// its size; how it gets into a file is junit.ts's.
import type { RunHeader } from '../../run/events.js';
import type { CheckResult, Finding, Verdict } from '../../checks/outcome.js';
import { callOf, explain, isBroken, requirementOf, type Explanation } from '../insight/explain.js';
import { calledText } from '../../port/show-value.js';
import {
  afterwordOf,
  hintFact,
  commandFact,
  comparison,
  dutyFacts,
  LABEL_WIDTH,
  noteText,
} from '../text/cause-text.js';
import { stepsOf } from '../text/steps.js';
import { sentenceOf } from '../text/title.js';
import { cameBackText, entryText } from '../text/trace-text.js';
import { capBytes } from '../text/plain-text.js';
import { attributeText, elementText, type CaseText } from './junit-xml.js';

/** The most that one case carries, in bytes of UTF-8 before XML's own escapes. */
export const CASE_BYTES = 64 * 1024;

// Shares of that, so that a huge message leaves room for what follows it. The last calls come last and get the rest.
const MESSAGE_BYTES = 16 * 1024;
const CALL_BYTES = 4 * 1024;
const LIST_BYTES = 12 * 1024;
const LINE_BYTES = 2 * 1024;
const LAST_CALLS = 20;

const ELEMENT: Readonly<Record<Verdict, CaseText['element']>> = {
  passed: 'none',
  failed: 'failure',
  crashed: 'error',
  hung: 'error',
  error: 'error',
  inconclusive: 'skipped',
  'not-applicable': 'skipped',
};

/**
 * The text of a check's test case.
 *
 * @param whole the file that holds all of what may be cut here, as the reader of the reports folder finds it
 */
export function caseText(result: CheckResult, header: RunHeader, whole: string): CaseText {
  const explained = explain(result, header);
  // A known failure turns no CI red, and still shows all that a failure shows.
  const element = explained.excuse === undefined ? ELEMENT[result.verdict] : 'skipped';
  const message =
    element === 'none'
      ? ''
      : attributeText(explained.excuse ?? (isBroken(result) ? sentenceOf(explained) : explained.message));
  const type = attributeText(explained.type, 200);
  const body = new Body(whole);
  if (isBroken(result)) writeFailure(body, result, explained);
  else writeOther(body, result, explained);
  return { element, type, message, body: body.text(CASE_BYTES - Buffer.byteLength(message) - Buffer.byteLength(type)) };
}

function writeFailure(body: Body, result: CheckResult, explained: Explanation): void {
  const failed = result.verdict === 'failed';
  // Readers show ids as names; what the check is about stands nowhere else.
  body.field('Check', result.title);
  body.field(failed ? 'Wrong' : 'Happened', explained.message, MESSAGE_BYTES);
  body.list('Steps', stepsOf(explained));
  for (const [label, text] of comparison(explained)) body.field(label, text, CALL_BYTES);
  body.field(...commandFact(explained));
  for (const [label, text] of [...dutyFacts(explained), ...hintFact(explained), ...afterwordOf(explained)])
    body.field(label, text, CALL_BYTES);
  if (!failed) body.field('Checked', result.requirements.join(', '));
  if (explained.excuse !== undefined) body.field('Accepted', explained.excuse, MESSAGE_BYTES);
  body.field('Evidence', body.whole);
  writeObservations(body, result, explained);
  writeTrace(body, result);
}

/** A case that passed or was skipped says something only where there is something to say. */
function writeOther(body: Body, result: CheckResult, explained: Explanation): void {
  if (result.verdict === 'inconclusive') {
    body.field('Reason', explained.message, MESSAGE_BYTES);
    body.field(...commandFact(explained));
    body.field('Evidence', body.whole);
  } else if (result.findings.length + result.notes.length > 0 && explained.faultVerdict !== undefined)
    body.field('Fault', explained.faultVerdict);
  writeObservations(body, result, explained);
  if (result.verdict === 'inconclusive') writeTrace(body, result);
}

function writeObservations(body: Body, result: CheckResult, explained: Explanation): void {
  const shown = (f: Finding): string => {
    const broken = requirementOf(f.requirement);
    const call = callOf(result, f);
    return (
      `${f.requirement} (${f.level}): ` +
      `${f.message}${broken === undefined ? '' : `\n    requirement: ${broken.statement}`}${
        call === undefined ? '' : `\n    call: ${calledText(call)} → ${cameBackText(call)}`
      }`
    );
  };
  body.list('Findings', explained.otherFindings.map(shown));
  body.list('Notes', result.notes.map(noteText));
}

function writeTrace(body: Body, { trace = [] }: CheckResult): void {
  const last = trace.slice(-LAST_CALLS);
  const named = trace.filter((e) => e.type === 'call' && e.mark !== undefined && !last.includes(e));
  const lines = [...named, ...last].map(entryText);
  body.list(
    lines.length < trace.length ? `Last ${last.length} of ${trace.length} entries of the trace` : 'Trace',
    lines,
    Infinity,
  );
}

/** Collects the parts of a case's text, each cut to its share. */
class Body {
  private readonly parts: string[] = [];

  /** @param whole the file that holds what is cut here */
  constructor(readonly whole: string) {}

  field(label: string, text: string, bytes = LIST_BYTES): void {
    this.parts.push(`${label.padEnd(LABEL_WIDTH)} ${this.cut(elementText(text), bytes, `"${label}"`)}`);
  }

  list(label: string, items: readonly string[], bytes = LIST_BYTES): void {
    if (items.length === 0) return;
    const lines = items.map((item) => `  ${this.cut(elementText(item), LINE_BYTES, 'this entry')}`);
    this.parts.push(this.cut(`\n${label}:\n${lines.join('\n')}`, bytes, `"${label}"`));
  }

  text(bytes: number): string {
    return this.cut(this.parts.join('\n').trim(), bytes, 'this output');
  }

  private cut(text: string, bytes: number, what: string): string {
    return capBytes(text, bytes, what, `all of it is in ${this.whole}`);
  }
}
