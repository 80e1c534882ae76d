// A cause in words, for every report that a person reads: the sentence by which it is known, and the facts below it.
import { formatHresult, HR } from '../../contract/hresult.js';
import type { Requirement } from '../../contract/requirements.js';
import { DEVICE_KINDS } from '../../contract/generated/objects.js';
import { allMethods } from '../../contract/tables.js';
import { FAULT_KINDS, type FaultKind } from '../../faults/kinds.js';
import type { Note, Verdict } from '../../checks/outcome.js';
import type { Json } from '../../contract/codec.js';
import type { CallEntry, FaultEntry, TraceEntry } from '../../port/trace-entry.js';
import { displayName, formatValue } from '../../port/show-value.js';
import type { Cause } from '../insight/causes.js';
import { SEVERAL_CALLS, type Explanation } from '../insight/explain.js';
import { pageOf } from './pages.js';
import { answerText, calledText, notifiedText, valuesText } from './trace-text.js';

/** Methods that a sentence names before it says how many more there are. */
const NAMED = 4;

/** A crash, hang or error as the port says it: the problem, what to do next, and the code to search for. */
const DEATH = /^(.*?)\.(?: (.*?))? \[(VDSC_\w+)\]$/s;

/** The problem, in one sentence. */
export function causeSentence({ kind, methods, example: { explained } }: Cause): string {
  const { call, message } = explained;
  if (kind !== 'duty') return DEATH.exec(message)?.[1] ?? message;
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

export type Fact = readonly [label: string, text: string];

/** What a provider that dies, or hangs, was expected to do. */
const ANSWER: Partial<Record<Verdict, readonly [expected: string, actual: string]>> = {
  crashed: ['an answer', 'none: the provider is gone'],
  hung: ['an answer', 'none: the call was given up'],
};

const KINDS: ReadonlySet<string> = new Set(Object.values(DEVICE_KINDS).map(({ name }) => name));

/** `unmaskingList: ` of the member `lun unmaskingList`; nothing of what is described otherwise. */
function fieldOf(member: string): string {
  const at = member.lastIndexOf(' ');
  return KINDS.has(member.slice(0, Math.max(0, at))) ? `${member.slice(at + 1)}: ` : '';
}

/** The expected and the actual value, where the finding compared two, or no answer came. */
export function comparison({ finding, call, verdict }: Explanation): Fact[] {
  if (finding?.expected !== undefined && finding.actual !== undefined) {
    const what = fieldOf(finding.member ?? '');
    return [
      ['Expected', `${what}${expectedText(finding.expected)}`],
      ['Actual', `${what}${valueText(finding.actual)}`],
    ];
  }
  const lost = call === undefined ? undefined : ANSWER[verdict];
  return lost === undefined
    ? []
    : [
        ['Expected', lost[0]],
        ['Actual', lost[1]],
      ];
}

/** `lost-entry of subsystem#1: silent wrong data` */
export const faultText = (fault: FaultEntry | undefined, verdict: string): string =>
  fault === undefined ? verdict : `${fault.kind} of ${fault.object}: ${verdict}`;

const METHODS: ReadonlySet<string> = new Set(allMethods.map((m) => m.name));

/**
 * The sentence that was broken: where each sentence of a duty begins with the method that it binds, the one of these
 * calls.
 */
export function dutyText({ id, level, statement }: Requirement, methods: readonly string[]): string {
  const sentences = statement.split(/(?<=\.) (?=[A-Z])/);
  const [broken, ...others] = sentences.every((s) => METHODS.has(firstWord(s)))
    ? sentences.filter((s) => methods.some((m) => m.endsWith(`.${firstWord(s)}`)))
    : [];
  return `${id} (${level}): ${broken !== undefined && others.length === 0 ? broken : statement}`;
}

const firstWord = (text: string): string => text.slice(0, text.indexOf(' '));

/** What is pointed at in a list of steps. */
const SHOWS_IT = '   <== shows it';

/**
 * The steps that led to a failure, where they are more than the call to blame and the one that shows it: each on a
 * line, those that matter marked.
 */
export function stepsOf({ finding, blame, verdict }: Explanation, most = 20): string[] {
  const told = finding?.steps ?? [];
  if (told.length > 0)
    return numbered(told, most, (step, i) => (i === told.length - 1 ? `${step}   <== wrong after this` : step));
  if (blame === undefined || blame.path.length < (blame.suspects.length > 0 ? 3 : 2)) return [];
  const { path, shown, suspects, well } = blame;
  const among = suspects.length === 1 ? '   <== to blame' : '   <== one of these is to blame';
  return numbered(path, most, (entry) => {
    if (entry === shown) return `${stepText(entry)}${verdict === 'failed' ? SHOWS_IT : ''}`;
    if (entry.type === 'call' && entry.number === well) return `${callText(entry, true)}   <== still right`;
    return `${stepText(entry)}${suspects.includes(entry.number) ? among : ''}`;
  });
}

function numbered<T>(all: readonly T[], most: number, text: (each: T, index: number) => string): string[] {
  const left = Math.max(0, all.length - most);
  const width = String(all.length).length;
  return [
    ...(left === 0 ? [] : [`(${left} steps before these: see the evidence)`]),
    ...all.slice(left).map((each, i) => `${String(left + i + 1).padStart(width)}. ${text(each, left + i)}`),
  ];
}

/** Instead of an answer. */
const LOST: Readonly<Record<string, string>> = { VDSC_CRASHED: 'the provider died', VDSC_HUNG: 'no answer' };

/** `S_OK`, whose number everybody knows, or the whole of another answer. */
const shortAnswer = (call: CallEntry): string =>
  call.hr === HR.S_OK ? 'S_OK' : (LOST[call.error ?? ''] ?? answerText(call));

/** Members of structures that are zero, empty or NULL say that nothing is asked for. */
function brief(value: Json): Json {
  if (Array.isArray(value)) return value.map(brief);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value as Readonly<Record<string, Json>>);
  return Object.fromEntries(
    members
      .filter(([, m]) => members.length === 1 || (m !== null && m !== 0 && m !== '' && m !== false))
      .map(([k, m]) => [k, brief(m)]),
  );
}

const briefly = (values: CallEntry['args']): CallEntry['args'] =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, brief(value)]));

/** A call with its answer; outputs only where they are asked for. */
function callText(call: CallEntry, outputs: boolean): string {
  const came = outputs ? valuesText(briefly(call.outputs)) : '';
  return `${calledText({ ...call, args: briefly(call.args) })} → ${shortAnswer(call)}${came === '' ? '' : ` ${came}`}`;
}

/** `the run injects lost-entry of lun#1: its entry is missing` */
function faultStep({ kind, object }: FaultEntry): string {
  // Some break nothing, and say what they are.
  const breaks = isFaultKind(kind) ? `: ${FAULT_KINDS[kind].breaks.replace(/^nothing: /, '')}` : '';
  return `the run injects ${kind} of ${object}${breaks}`;
}

const isFaultKind = (kind: string): kind is FaultKind => Object.hasOwn(FAULT_KINDS, kind);

function stepText(entry: TraceEntry): string {
  switch (entry.type) {
    case 'call':
      return callText(entry, false);
    case 'fault':
      return faultStep(entry);
    case 'notification':
      return notifiedText(entry);
  }
}

/** The calls of a failure: the one to blame, and the one that shows it where that is another. */
export function callFacts(explained: Explanation, compared = comparison(explained).length > 0): Fact[] {
  const { lastCall, notification, blame, verdict } = explained;
  const call = explained.call ?? blame?.shown;
  if (call !== undefined) {
    const blamed = blame?.call ?? call;
    return blamed.number === call.number
      ? [[verdict === 'failed' && blame === undefined ? 'Shown by' : 'Call', callText(call, !compared)]]
      : [
          ['Call', callText(blamed, false)],
          ['Shown by', callText(call, !compared)],
        ];
  }
  if (notification !== undefined) return [['Call', notifiedText(notification)]];
  if (lastCall !== undefined) return [['After', callText(lastCall, !compared)]];
  return verdict === 'failed' ? [['Call', SEVERAL_CALLS]] : [];
}

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

/**
 * The facts of a failure besides its sentence, in order: the duty, its page, the calls, what was expected and what
 * came.
 */
export function factsOf(explained: Explanation): Fact[] {
  const { requirement, type, verdict } = explained;
  const methods = methodsOf(explained);
  const duty: Fact[] =
    requirement === undefined
      ? verdict === 'failed'
        ? [['Requirement', type]]
        : []
      : [
          ['Requirement', dutyText(requirement, methods)],
          ['Documented at', pageOf(requirement.source, methods, verdict !== 'failed')],
        ];
  const compared = comparison(explained);
  return [...duty, ...callFacts(explained), ...compared];
}

const ON_NOTIFY = 'IVdsAdviseSink.OnNotify';

const isInPath = ({ blame, fault }: Explanation): boolean => blame?.path.some((entry) => entry === fault) ?? false;

/** What else there is to say of a failure, after the way to see it again. */
export function afterwordOf(explained: Explanation): Fact[] {
  const { message, fault, faultVerdict, reproduced, verdict } = explained;
  const hint = verdict === 'failed' ? undefined : DEATH.exec(message)?.[2];
  return [
    ...(hint === undefined ? [] : [['Hint', hint] as const]),
    ...(reproduced === undefined ? [] : [['Reproduced', reproduced] as const]),
    ...(faultVerdict === undefined || verdict !== 'failed' || isInPath(explained)
      ? []
      : [['Fault', faultText(fault, faultVerdict)] as const]),
  ];
}
