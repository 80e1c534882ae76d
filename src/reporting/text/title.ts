// The title of a failure: `IVdsLun::SetMask on lun#1: unmaskingList of lun#1 is ""`.
import { DEVICE_KINDS } from '../../contract/generated/objects.js';
import type { Json } from '../../contract/codec.js';
import type { CallEntry } from '../../port/trace-entry.js';
import { briefCall, differing, displayName, formatValue, shortCode } from '../../port/show-value.js';
import { whatHappens } from '../../faults/kinds.js';
import type { Finding } from '../../checks/outcome.js';
import { acts } from '../insight/blame.js';
import type { Explanation } from '../insight/explain.js';

/** A longer value stands below the title only. */
const SHORT = 100;

const KINDS: ReadonlySet<string> = new Set(['provider', ...Object.values(DEVICE_KINDS).map(({ name }) => name)]);

/** `unmaskingList`, of the member `lun unmaskingList`; undefined for what is described otherwise. */
export function fieldOf({ member = '' }: Pick<Finding, 'member'>): string | undefined {
  const at = member.lastIndexOf(' ');
  return KINDS.has(member.slice(0, Math.max(0, at))) ? member.slice(at + 1) : undefined;
}

/** A value that was expected: of several codes one is enough, of other lists all counts. */
export function expectedText(value: Json): string {
  const codes =
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((v) => typeof v === 'object' && v !== null && 'hresult' in v);
  return codes ? (value as readonly Json[]).map(formatValue).join(' or ') : formatValue(value);
}

/** The call that a title names: the one to blame where it is known, else the one that shows it, or the last. */
const subjectOf = ({ blame, call, lastCall, finding }: Explanation): CallEntry | undefined => {
  if (finding?.steps !== undefined) return call;
  const change = blame?.path.findLast((entry) => entry.type === 'call' && acts(entry)) as CallEntry | undefined;
  return blame?.call ?? call ?? blame?.shown ?? change ?? lastCall;
};

/** The method and its object, and what is wrong; the values that were expected stand below it. */
export function titleOf(explained: Explanation): string {
  const subject = subjectOf(explained);
  const problem = problemOf(explained);
  if (subject === undefined) return problem;
  const name = displayName(subject.method);
  const on = `${name} on ${subject.object}`;
  const called = calledIn(explained, subject) ?? on;
  if (problem.startsWith(`${name} `)) return `${called}${withoutObject(problem.slice(name.length), subject)}`;
  const short = name.slice(name.indexOf('::') + 2);
  if (problem.startsWith(`${short} `)) return `${called}${problem.slice(short.length)}`;
  return `${called}: ${problem.replace(` during ${name}`, '')}`;
}

/** Without `of lun#1`, which a problem need not say again of the object of its call. */
function withoutObject(problem: string, { object }: CallEntry): string {
  const said = ` of ${object} `;
  return problem.startsWith(said) ? ` ${problem.slice(said.length)}` : problem;
}

/** The last of several steps with its arguments, as it may differ from those before it by these alone. */
function calledIn({ finding }: Explanation, subject: CallEntry): string | undefined {
  const called = briefCall(subject);
  return (finding?.steps?.length ?? 0) > 1 && called.length <= SHORT ? called : undefined;
}

/** The whole message, with the call that it is about: for a reader that shows nothing else. */
export function sentenceOf(explained: Explanation): string {
  const subject = subjectOf(explained);
  const name = subject === undefined ? '' : displayName(subject.method);
  return subject === undefined || explained.message.includes(name)
    ? explained.message
    : `${name} on ${subject.object}: ${explained.message}`;
}

/** Whether the title says what the finding's values say, instead of its message. */
export const isByValue = ({ finding }: Explanation): boolean =>
  // Those of a fault and of a nature say what they mean, in a few words.
  finding?.faultVerdict === undefined &&
  finding?.nature === undefined &&
  finding?.of !== undefined &&
  finding.actual !== undefined &&
  fieldOf(finding) !== undefined;

/** Whether a message says more than the title that is made of its values, and than these. */
export function saysMore(explained: Explanation): boolean {
  const { finding, message } = explained;
  if (!isByValue(explained) || finding?.expected === undefined) return false;
  const text = formatValue(differing(finding.expected, finding.actual)[0]);
  return message.replace(' is still ', ' is ') !== `${problemOf(explained)}; expected ${text}`;
}

/** The fault, or the other call on its object, before a call that was never answered. */
function afterOf({ blame, call }: Explanation): string {
  const fault = blame?.path.findLast((entry) => entry.type === 'fault');
  if (fault?.type === 'fault') return `, after a fault: ${whatHappens(fault.kind, fault.object)}`;
  const before = blame?.path.findLast(
    (entry) => entry.type === 'call' && entry !== call && entry.object === call?.object && acts(entry),
  );
  if (before?.type !== 'call' || before.hr === undefined) return '';
  return `, after ${displayName(before.method)} on it had answered ${shortCode(before.hr)}`;
}

function problemOf(explained: Explanation): string {
  const { message, verdict, finding } = explained;
  if (verdict !== 'failed') return `${explained.problem ?? message}${afterOf(explained)}`;
  if (finding?.actual === undefined) return message;
  if (isByValue(explained)) {
    const actual = formatValue(differing(finding.expected, finding.actual)[1]);
    return `${fieldOf(finding)} of ${finding.of} is ${actual.length > SHORT ? 'wrong' : actual}`;
  }
  const tail =
    finding.expected === undefined
      ? ''
      : `; expected ${expectedText(differing(finding.expected, finding.actual)[0] as Json)}`;
  return tail !== '' && message.endsWith(tail) ? message.slice(0, -tail.length) : message;
}
