// A cause in words, for every report that a person reads: the sentence by which it is known, and the facts below it.
import { formatHresult } from '../../contract/hresult.js';
import type { Note } from '../../checks/outcome.js';
import type { Json } from '../../contract/codec.js';
import type { FaultEntry } from '../../port/trace-entry.js';
import { displayName, formatValue } from '../../port/show-value.js';
import type { Cause } from '../insight/causes.js';
import { SEVERAL_CALLS, type Explanation } from '../insight/explain.js';
import { pageOf } from './pages.js';
import { calledText, cameBackText, notifiedText } from './trace-text.js';

/** Methods that a sentence names before it says how many more there are. */
const NAMED = 4;

/** The problem, in one sentence. */
export function causeSentence({ methods, example: { explained } }: Cause): string {
  const { call, message } = explained;
  if (methods.length < 2 || call?.hr === undefined) return message;
  const shown = methods.slice(0, NAMED).map(displayName).join(', ');
  const more = methods.length > NAMED ? ` and ${methods.length - NAMED} more` : '';
  return `${methods.length} methods answer ${formatHresult(call.hr)} where it is not expected: ${shown}${more}`;
}

/** A value that was expected, or several of which one was. */
const valueText = (value: Json): string => formatValue(value);

/** One of the codes that were expected is enough; of other lists all of it counts. */
function expectedText(value: Json): string {
  const codes =
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((v) => typeof v === 'object' && v !== null && 'hresult' in v);
  return codes ? (value as readonly Json[]).map(formatValue).join(' or ') : formatValue(value);
}

/** A note, with how often it was made. */
export const noteText = ({ text, times }: Note): string => (times === undefined ? text : `${text} (${times} times)`);

/** The longest label, for columns. */
export const LABEL_WIDTH = 'Reproduce with'.length;

type Fact = readonly [label: string, text: string];

/** The expected and the actual value, where the finding compared two. */
export function comparison({ finding }: Explanation): Fact[] {
  if (finding?.expected === undefined || finding.actual === undefined) return [];
  return [
    ['Expected', expectedText(finding.expected)],
    ['Actual', valueText(finding.actual)],
  ];
}

/** `lost-entry of subsystem#1: silent wrong data` */
export const faultText = (fault: FaultEntry | undefined, verdict: string): string =>
  fault === undefined ? verdict : `${fault.kind} of ${fault.object}: ${verdict}`;

/** The facts of a failure besides its sentence, in order. */
export function factsOf(explained: Explanation, failed: boolean): Fact[] {
  const { requirement, call, lastCall, notification, type, fault, faultVerdict, reproduced } = explained;
  const duty: Fact[] =
    requirement === undefined
      ? failed
        ? [['Requirement', type]]
        : []
      : [['Requirement', `${requirement.id} (${requirement.level}): ${requirement.statement}`]];
  const called: Fact[] =
    call === undefined
      ? notification !== undefined
        ? [['Call', notifiedText(notification)]]
        : lastCall !== undefined
          ? [
              ['Last call', calledText(lastCall)],
              ['Answer', cameBackText(lastCall)],
            ]
          : failed
            ? [['Call', SEVERAL_CALLS]]
            : []
      : [
          ['Call', calledText(call)],
          ['Answer', cameBackText(call)],
        ];
  return [
    ...duty,
    ...comparison(explained),
    ...called,
    ...(faultVerdict === undefined ? [] : [['Fault', faultText(fault, faultVerdict)] as const]),
    ...(requirement === undefined ? [] : [['Documented at', pageOf(requirement.source, call?.method)] as const]),
    ...(reproduced === undefined ? [] : [['Reproduced', reproduced] as const]),
  ];
}
