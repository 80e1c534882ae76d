// A cause in words, for every report that a person reads: the sentence by which it is known, and the facts below it.
import type { Json } from '../../contract/codec.js';
import { counted } from '../../contract/wording.js';
import { failed as hresultFailed, formatHresult, HR, hresultName } from '../../contract/hresult.js';
import { knownMethod } from '../../contract/tables.js';
import type { Note, Verdict } from '../../checks/outcome.js';
import type { FaultEntry } from '../../port/trace-entry.js';
import { differing, displayName, formatValue } from '../../port/show-value.js';
import { whatHappens } from '../../faults/kinds.js';
import type { Cause } from '../insight/causes.js';
import type { Explanation } from '../insight/explain.js';
import { dutyText } from './duty-text.js';
import { pageOf } from './pages.js';
import { expectedText, fieldOf, saysMore, titleOf } from './title.js';

/** Methods that a sentence names before it says how many more there are. */
const NAMED = 4;

/** The problem, in one sentence. */
export function causeSentence({ methods, habit, example: { explained } }: Cause): string {
  const { call } = explained;
  if (habit === 'none' || call?.hr === undefined) return titleOf(explained);
  if (habit === 'alike') return `${titleOf(explained)}; so it is with ${counted(methods.length - 1, 'other method')}`;
  const shown = methods.slice(0, NAMED).map(displayName).join(', ');
  const more = methods.length > NAMED ? ` and ${methods.length - NAMED} more` : '';
  return `${methods.length} methods answer ${formatHresult(call.hr)} where it is not expected: ${shown}${more}`;
}

/** A note, with how often it was made. */
export const noteText = ({ text, times }: Note): string => (times === undefined ? text : `${text} (${times} times)`);

/** The longest label, for columns. */
export const LABEL_WIDTH = 'Reproduce with'.length;

export type Fact = readonly [label: string, text: string];

/** The answer that was expected of a provider that dies or hangs, and the one that came. */
const ANSWER: Partial<Record<Verdict, readonly [expected: string, actual: string]>> = {
  crashed: ['an answer', 'none: the provider is gone'],
  hung: ['an answer', 'none: the call was given up'],
};

/** The expected and the actual value, where the finding compared two, or no answer came. */
export function comparison({ finding, call, verdict, blame }: Explanation): Fact[] {
  if (finding?.expected !== undefined && finding.actual !== undefined) {
    const field = fieldOf(finding);
    const what = field === undefined ? '' : `${field}: `;
    // Where the point is an id, its name is not enough.
    const withId = (value: Json, text: string): string => {
      const id = typeof value === 'string' ? finding.ids?.[value] : undefined;
      return id === undefined ? text : `${text} = ${id}`;
    };
    const [must, is] = differing(finding.expected, finding.actual) as readonly [Json, Json];
    const or = finding.orElse === undefined ? '' : `, or ${finding.orElse}`;
    return [
      ['Expected', `${what}${withId(must, expectedText(must))}${or}`],
      ['Actual', `${what}${withId(is, formatValue(inOrderOf(must, is)))}`],
    ];
  }
  const lost = call === undefined ? undefined : ANSWER[verdict];
  const isDeleted = blame?.path.some((entry) =>
    entry.type === 'call'
      ? entry.method.endsWith('.Delete') && entry.object === call?.object && entry !== call
      : entry.type === 'fault' && entry.kind === 'delete-object' && entry.object === call?.object,
  );
  return lost === undefined
    ? []
    : [
        ['Expected', isDeleted === true ? `${formatHresult(HR.VDS_E_OBJECT_DELETED)}` : lost[0]],
        ['Actual', lost[1]],
      ];
}

/**
 * A list in the order of the one that was expected, what that lacks last; one that differs by its order alone as it is.
 */
function inOrderOf(expected: Json, actual: Json): Json {
  if (!Array.isArray(expected) || !Array.isArray(actual)) return actual;
  const texts = expected.map(formatValue);
  const places = actual.map((each) => texts.indexOf(formatValue(each)));
  const differ = actual.length !== expected.length || places.includes(-1) || new Set(places).size < places.length;
  if (!differ) return actual;
  const place = (i: number): number => (places[i] === -1 ? texts.length : (places[i] ?? 0));
  return [...actual.keys()].sort((a, b) => place(a) - place(b) || a - b).map((i) => actual[i] as Json);
}

/** `subsystem#1 is lost from the provider's cache …: silent wrong data` */
export const faultText = (fault: FaultEntry | undefined, verdict: string): string =>
  fault === undefined ? verdict : `${whatHappens(fault.kind, fault.object)} (${fault.kind}): ${verdict}`;

/** The methods that a failure is about, those to blame first. */
function methodsOf({ call, lastCall, notification, blame }: Explanation): string[] {
  const path = blame?.path.filter((entry) => entry.type === 'call').toReversed() ?? [];
  return [
    ...path.filter(({ number }) => blame?.suspects.includes(number)),
    ...(call === undefined ? [] : [call]),
    ...path,
    ...(lastCall === undefined ? [] : [lastCall]),
    ...(notification === undefined ? [] : [{ method: ON_NOTIFY }]),
  ].map(({ method }) => method);
}

const ON_NOTIFY = 'IVdsAdviseSink.OnNotify';

/** Whether the page of the call that shows a failure has the failure code that was expected. */
function hasExpectedCode({ call, finding }: Explanation): boolean {
  const { expected } = finding ?? {};
  if (call === undefined || typeof expected !== 'object' || expected === null || !('hresult' in expected)) return false;
  const hr = Number(expected['hresult']);
  const name = hresultName(hr);
  return hresultFailed(hr) && name !== undefined && knownMethod(call.method)?.codes.includes(name) === true;
}

/** The duty that a failure breaks, and its page. */
export function dutyFacts(explained: Explanation): Fact[] {
  const { requirement, type, verdict } = explained;
  const methods = methodsOf(explained);
  if (requirement === undefined) return verdict === 'failed' ? [['Requirement', type]] : [];
  // Also where the requirement binds every method, or the method's page has the code that was expected.
  const bindsEach =
    verdict !== 'failed' || /\bits page\b|\ba method\b/.test(requirement.statement) || hasExpectedCode(explained);
  return [
    ['Requirement', dutyText(requirement, methods)],
    ['Documented at', pageOf(requirement.source, methods, bindsEach)],
  ];
}

/** The longest expected value that stands in the title of another failure. */
const SHORT_VALUE = 60;

/** The title of a failure of the same cause, of which nothing else is shown: with the value that was expected. */
export function alsoSeenAs(explained: Explanation): string {
  const title = titleOf(explained);
  const { expected, actual } = explained.finding ?? {};
  if (expected === undefined || actual === undefined || title.includes('; expected ')) return title;
  const text = expectedText(differing(expected, actual)[0] as Json);
  return text.length > SHORT_VALUE ? title : `${title}; expected ${text}`;
}

/** The command that shows a failure again, as it was seen to, or as it should. */
export const commandFact = ({ command, isSeen }: Explanation): Fact => [
  isSeen ? 'Reproduced by' : 'Reproduce with',
  command,
];

/** The hint of a crash, hang or error. */
export function hintFact({ hint }: Explanation): Fact[] {
  return hint === undefined ? [] : [['Hint', hint]];
}

const isInPath = ({ blame }: Explanation): boolean => blame?.path.some(({ type }) => type === 'fault') ?? false;

/** The rest that there is to say of a failure, after the way to see it again and the duty. */
export function afterwordOf(explained: Explanation): Fact[] {
  const { message, fault, faultVerdict, reproduced, verdict } = explained;
  return [
    ...(reproduced === undefined ? [] : [['Reproduced', reproduced] as const]),
    ...(faultVerdict === undefined || verdict !== 'failed' || isInPath(explained)
      ? []
      : [['Fault', faultText(fault, faultVerdict)] as const]),
    ...(saysMore(explained) ? [['In full', message] as const] : []),
  ];
}
