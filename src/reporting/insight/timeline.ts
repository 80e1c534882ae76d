// A check's trace as a story: the entries that matter marked, and the calls between them gathered. It lays nothing out;
// text is still as the provider gave it.
import { succeeded } from '../../contract/hresult.js';
import { allMethods } from '../../contract/tables.js';
import type { CallEntry, TraceEntry } from '../../port/trace-entry.js';
import type { CheckResult } from '../../checks/outcome.js';

/**
 * The role of an entry in the story of a fault: it strikes, is healed, recovered from by the pair, and a call shows
 * what is wrong.
 */
export type Mark = 'fault' | 'healed' | 'reenumerate' | 'refresh' | 'notification' | 'shows-it' | 'died';

/** An entry that is shown, or several calls in a row that only led from one to the next. */
export type TimelineItem =
  { readonly entry: TraceEntry; readonly marks: readonly Mark[] } | { readonly between: readonly CallEntry[] };

const MARKS: Readonly<Record<string, Mark>> = {
  'IVdsConformanceControl.Heal': 'healed',
  'IVdsHwProvider.Reenumerate': 'reenumerate',
  'IVdsHwProvider.Refresh': 'refresh',
};

/** Methods that only ask: a call of one is part of the way, not of the story. */
const ASKS: ReadonlySet<string> = new Set(
  allMethods
    .filter(
      (m) => m.outs.length > 0 && !m.outs.some((out) => out.type.kind === 'interface' && out.type.name === 'IVdsAsync'),
    )
    .map((m) => m.fullName),
);

/** Fewer calls in a row than this are not worth a line that hides them. */
const GATHERED = 3;

function marksOf(entry: TraceEntry): readonly Mark[] {
  if (entry.type === 'fault') return ['fault'];
  if (entry.type === 'notification') return entry.mark === undefined ? ['notification'] : ['notification', entry.mark];
  const mark = MARKS[entry.method];
  return [...(mark === undefined ? [] : [mark]), ...(entry.mark === undefined ? [] : [entry.mark])];
}

/** The entries of a check that did not pass; empty when it has no trace. */
export function timelineOf({ trace = [] }: CheckResult): TimelineItem[] {
  const items: TimelineItem[] = [];
  let between: CallEntry[] = [];
  const settle = (): void => {
    if (between.length >= GATHERED) items.push({ between });
    else items.push(...between.map((entry) => ({ entry, marks: [] })));
    between = [];
  };
  for (const entry of trace) {
    const marks = marksOf(entry);
    const led = entry.type === 'call' && marks.length === 0 && ASKS.has(entry.method) && succeeded(entry.hr ?? -1);
    if (led && (between.at(-1) === undefined || between.at(-1)?.phase === entry.phase)) between.push(entry);
    else {
      settle();
      if (led) between.push(entry);
      else items.push({ entry, marks });
    }
  }
  settle();
  return items;
}
