// The calls of a failure as numbered steps, the same in every report: those that led to it, the one to blame, and the
// one that shows it.
import { HR } from '../../contract/hresult.js';
import { briefCall, briefestCall, briefly, formatValue, shortCode, valuesText } from '../../port/show-value.js';
import type { CallEntry, TraceEntry } from '../../port/trace-entry.js';
import { whatHappens } from '../../faults/kinds.js';
import { acts } from '../insight/blame.js';
import type { Explanation } from '../insight/explain.js';
import { answerText, notifiedText } from './trace-text.js';

/** Marks of the steps that matter. */
const MARK = {
  blamed: ' <== to blame',
  suspect: ' <== not told apart: one of these',
  shows: ' <== shows it',
  both: ' <== wrong',
  well: ' <== still right',
  after: ' <== wrong after this',
  latest: ' <== wrong by now',
} as const;

/** In the place of steps, for a failure that follows from many calls. */
export const MANY_CALLS = 'many calls together; see the trace in the evidence';

/** The steps that led to a failure, each on a line, those that matter marked; never empty for a broken duty. */
export function stepsOf(explained: Explanation, most = 20): string[] {
  const { finding, blame, call, notification, lastCall, verdict, message } = explained;
  const told = finding?.steps ?? [];
  if (told.length > 0)
    return numbered(told, most, (step, i) => (i === told.length - 1 ? `${step}${MARK.after}` : step));
  if (blame !== undefined) {
    const last = blame.shown === undefined ? blame.path.at(-1) : undefined;
    return numbered(
      blame.path,
      most,
      (entry) =>
        `${stepText(entry, explained)}${
          entry === last ? (entry.type === 'call' && acts(entry) ? MARK.after : MARK.latest) : ''
        }`,
    );
  }
  if (call !== undefined) return numbered([call], most, (entry) => stepText(entry, explained));
  if (notification !== undefined) return numbered([notification], most, (entry) => stepText(entry) + MARK.shows);
  if (lastCall !== undefined) return numbered([lastCall], most, (entry) => stepText(entry) + MARK.after);
  return verdict === 'failed' && message !== '' ? [MANY_CALLS] : [];
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
const LOST: Readonly<Record<string, string>> = {
  VDSC_CRASHED: 'the provider died',
  VDSC_HUNG: 'no answer',
  VDSC_PROTOCOL: 'an answer that cannot be taken',
};

function stepText(entry: TraceEntry, explained?: Explanation): string {
  switch (entry.type) {
    case 'call':
      return callText(entry, explained, markOf(entry, explained));
    case 'fault':
      return `fault: ${whatHappens(entry.kind, entry.object)} (${entry.kind})`;
    case 'notification':
      return notifiedText(entry);
  }
}

/** A call with its answer, and what it gave where that is what matters. */
function callText(call: CallEntry, explained: Explanation | undefined, mark: string): string {
  const answer = call.hr === undefined ? (LOST[call.error ?? ''] ?? answerText(call)) : shortCode(call.hr);
  const { blame, finding } = explained ?? {};
  const isCompared = finding?.expected !== undefined && finding.actual !== undefined;
  const isReading = call === blame?.shown || call === explained?.call;
  const shown =
    call.number === blame?.well || (isReading && !isCompared)
      ? valuesText(briefly(call.outputs))
      : given(call, blame?.path);
  const ended = resultOf(call);
  const called = mark === '' && !isReading ? briefestCall(call) : briefCall(call);
  return `${called} → ${answer}${ended}${shown === '' ? '' : ` ${shown}`}${mark}`;
}

/** `, result VDS_E_OPERATION_PENDING (0x80042409)`, of a Wait whose operation did not succeed. */
function resultOf({ method, outputs }: CallEntry): string {
  const { hrResult: result } = outputs;
  if (method !== 'IVdsAsync.Wait' || typeof result !== 'object' || result === null || !('hresult' in result)) return '';
  return result['hresult'] === HR.S_OK ? '' : `, result ${formatValue(result)}`;
}

/** `async: async#1`, of the objects on which later steps are. */
function given({ outputs }: CallEntry, path: readonly TraceEntry[] = []): string {
  const used = new Set(path.flatMap((entry) => (entry.type === 'call' ? [entry.object] : [])));
  return valuesText(
    Object.fromEntries(
      Object.entries(outputs).filter(
        ([, value]) =>
          typeof value === 'object' && value !== null && 'object' in value && used.has(String(value['object'])),
      ),
    ),
  );
}

function markOf(call: CallEntry, explained: Explanation | undefined): string {
  if (explained?.verdict !== 'failed') return '';
  const { blame } = explained;
  const isShown = call === (blame?.shown ?? explained.call);
  if (blame === undefined) return isShown ? MARK.shows : '';
  if (call.number === blame.well) return MARK.well;
  const isBlamed = call.number === blame.call?.number;
  if (isShown) return isBlamed ? MARK.both : MARK.shows;
  if (isBlamed) return MARK.blamed;
  return blame.suspects.includes(call.number) ? MARK.suspect : '';
}
