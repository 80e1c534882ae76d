// A check's calls as a story: each line of its trace in its parts, with the calls that matter marked and the others gathered. It lays nothing out;
// the text is still as the provider gave it.
import { parseHresult, succeeded } from '../../contract/hresult.js';
import { allMethods, type MethodName } from '../../contract/tables.js';
import type { CheckResult } from '../../checks/outcome.js';
import { FAULT_KINDS } from '../../faults/kinds.js';
import { kindOfLine } from '../../faults/routes/route.js';
import { displayName } from '../../port/trace.js';
import { explain, halves } from './explain.js';
import type { RunHeader } from '../../run/events.js';

/** What a call is in the story of a fault: it is injected, healed, recovered from by the pair, and a call shows what is wrong. */
export type Mark = 'fault' | 'healed' | 'reenumerate' | 'refresh' | 'showed-it' | 'died';

export interface TimelineCall {
  /** Counts the calls of the trace from 1. */
  readonly number: number;
  /** `IVdsLun::Extend`; the whole line when it is no call that can be read. */
  readonly method: string;
  /** Without the parentheses. */
  readonly args: string;
  /** The HRESULT with its name, or what happened instead of one. */
  readonly answer: string;
  readonly outputs: string;
  readonly succeeded: boolean;
  readonly marks: readonly Mark[];
  /** The kind of the fault that the call injects. */
  readonly fault?: string;
}

/** A call that is shown, or several in a row that only led from one to the next. */
export type TimelineEntry = { readonly call: TimelineCall } | { readonly between: readonly TimelineCall[] };

const MARKS: Partial<Record<MethodName, Mark>> = {
  'IVdsConformanceControl.Inject': 'fault',
  'IVdsConformanceControl.Heal': 'healed',
  'IVdsHwProvider.Reenumerate': 'reenumerate',
  'IVdsHwProvider.Refresh': 'refresh',
};
const MARK_OF: ReadonlyMap<string, Mark> = new Map(
  Object.entries(MARKS).map(([name, mark]) => [displayName(name), mark]),
);

/** Methods that only ask: a call of one is part of the way, not of the story. */
const ASKS: ReadonlySet<string> = new Set(
  allMethods
    .filter(
      (m) => m.outs.length > 0 && !m.outs.some((out) => out.type.kind === 'interface' && out.type.name === 'IVdsAsync'),
    )
    .map((m) => displayName(m.fullName)),
);

/** Fewer calls in a row than this are not worth a line that hides them. */
const GATHERED = 3;

/** The calls of a check that did not pass; empty when it has no trace. */
export function timelineOf(result: CheckResult, header: RunHeader): TimelineEntry[] {
  const trace = result.trace ?? [];
  const at = pointOf(result, trace, header);
  const entries: TimelineEntry[] = [];
  let between: TimelineCall[] = [];
  const settle = (): void => {
    if (between.length >= GATHERED) entries.push({ between });
    else entries.push(...between.map((call) => ({ call })));
    between = [];
  };
  for (const [index, line] of trace.entries()) {
    const call = readCall(line, index, index === at ? (result.verdict === 'failed' ? 'showed-it' : 'died') : undefined);
    if (call.succeeded && call.marks.length === 0 && ASKS.has(call.method)) between.push(call);
    else {
      settle();
      entries.push({ call });
    }
  }
  settle();
  return entries;
}

/** The call that showed what is wrong. What two calls answered alike showed itself in the later one. */
function pointOf(result: CheckResult, trace: readonly string[], header: RunHeader): number {
  if (result.verdict === 'crashed' || result.verdict === 'hung') return trace.length - 1;
  const { called, cameBack } = explain(result, header);
  return called === undefined ? -1 : trace.lastIndexOf(cameBack === undefined ? called : `${called} → ${cameBack}`);
}

function readCall(line: string, index: number, point: Mark | undefined): TimelineCall {
  const { called, cameBack = '' } = halves(line);
  const open = called.indexOf('(');
  const method = open < 0 ? called : called.slice(0, open);
  const args = open < 0 ? '' : called.slice(open + 1, -1);
  const [, code, rest = ''] = /^((?:[A-Z]\w* \()?0x[0-9A-F]{8}\)?)(.*)$/s.exec(cameBack) ?? [];
  const hr = code === undefined ? undefined : parseHresult(code);
  const behind = kindOfLine(method);
  const mark = behind === undefined ? MARK_OF.get(method) : 'fault';
  const fault = behind ?? (mark === 'fault' ? faultKind(args) : undefined);
  return {
    number: index + 1,
    method,
    args,
    answer: code ?? cameBack,
    outputs: rest.trim(),
    succeeded: hr !== undefined && succeeded(hr),
    marks: [...(mark === undefined ? [] : [mark]), ...(point === undefined ? [] : [point])],
    ...(fault === undefined ? {} : { fault }),
  };
}

/** The name of the kind that Inject was given as a number. */
function faultKind(args: string): string | undefined {
  const value = /(?:^|, )kind: (\d+)/.exec(args)?.[1];
  return value === undefined
    ? undefined
    : Object.entries(FAULT_KINDS).find(([, kind]) => String(kind.controlValue) === value)?.[0];
}
