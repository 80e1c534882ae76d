// The calls of a check, over every session that it had: a check has more than one where it starts its provider anew.
import type { Json } from '../contract/codec.js';
import type { Handle, TypeDef } from '../contract/tables.js';
import type { VdsObject } from '../port/objects.js';
import type { Session } from '../port/session.js';
import { entryOf, plainValue, type TraceEntry } from '../port/trace-entry.js';
import type { TraceRecord } from '../port/trace.js';

/** How many entries of the check's body a report gets, the newest ones, and how many of its clean-up. */
const BODY = 200;
const CLEAN_UP = 40;

export class TraceLog {
  private current: Session;
  private began: number;
  /** Where this check begins in the present session's trace, and how many calls came before it. */
  private mark: number;
  private callsBefore: number;
  /** The references that the present session held before this check came to it. */
  private before: ReadonlyMap<Handle, number>;
  /** The records of ended sessions: entries as far as they are kept, how many there were, and how many calls. */
  private earlier: TraceEntry[] = [];
  private earlierEntries = 0;
  private earlierCalls = 0;
  private readonly numbers = new WeakMap<TraceRecord, number>();
  /** Entries that findings name, which are kept however long the trace becomes. */
  private readonly pinned = new Map<number, TraceEntry>();
  /** The body's records, once the clean-up has begun. */
  private body:
    { readonly records: readonly TraceRecord[]; readonly total: number; readonly calls: number } | undefined;

  constructor(session: Session) {
    this.current = session;
    this.began = session.now;
    this.mark = session.trace.total;
    this.callsBefore = session.trace.calls;
    this.before = new Map(session.owned());
  }

  get session(): Session {
    return this.current;
  }

  /** The number of calls of the check's body so far. */
  get count(): number {
    return this.earlierCalls + (this.body?.calls ?? this.current.trace.calls) - this.callsBefore;
  }

  /** The number of a record among the entries, at which it is kept. */
  refer(record: TraceRecord): number {
    const number = this.numberOf(record);
    if (!this.pinned.has(number)) this.pinned.set(number, this.entry(record));
    this.pinFaults(number);
    return number;
  }

  /** Keeps the last faults before what a finding names: without them nobody sees what the answer was given under. */
  private pinFaults(before: number): void {
    for (const fault of this.current.trace.lastFaults) {
      if ((fault.place ?? 0) <= this.mark) continue;
      const number = this.numberOf(fault);
      if (number < before && !this.pinned.has(number)) this.pinned.set(number, this.entry(fault));
    }
  }

  /** A value as a finding holds it. */
  value(value: unknown, type?: TypeDef): Json {
    return plainValue(value, this.current.labels, type);
  }

  /** The check's body has ended; what follows takes back what it made. */
  endBody(): void {
    const { trace } = this.current;
    this.body = { records: trace.since(this.mark), total: trace.total, calls: trace.calls };
  }

  /**
   * The entries, oldest first: the newest of the body and of the clean-up, and those that findings name.
   *
   * @param shown the number of the call that shows what is wrong
   * @param died whether the provider was lost in the last call of the body
   */
  entries(shown?: number, died = false): readonly TraceEntry[] {
    const { trace } = this.current;
    const { records, total } = this.body ?? { records: trace.since(this.mark), total: trace.total };
    const body = [...this.earlier, ...records.map((r) => this.entry(r))].slice(-BODY);
    const cleanUp = trace
      .since(total)
      .slice(0, CLEAN_UP)
      .map((r): TraceEntry => ({ ...this.entry(r), phase: 'clean-up' }));
    const held = new Set([...body, ...cleanUp].map((e) => e.number));
    const named = [...this.pinned.values()].filter((e) => !held.has(e.number));
    const all = [...named, ...body, ...cleanUp].sort((a, b) => a.number - b.number);
    const lost = died ? (all.findLast((e) => e.type === 'call' && e.error !== undefined)?.number ?? -1) : -1;
    return all.map((e) => (e.number === shown ? marked(e, 'shows-it') : e.number === lost ? marked(e, 'died') : e));
  }

  /** The entries that findings name, of a check that passed. */
  named(): readonly TraceEntry[] {
    return [...this.pinned.values()].sort((a, b) => a.number - b.number);
  }

  /**
   * The check goes on with a new session, or with a provider that was loaded anew on the same one; what happened before
   * is kept as entries. `next` also gives the pointers that are the run's and not the check's.
   */
  async moveTo(
    next: () => Promise<{ readonly session: Session; readonly ofTheRun: readonly VdsObject[] }>,
  ): Promise<void> {
    const { trace } = this.current;
    for (const record of trace.since(this.mark)) {
      const entry = this.entry(record);
      this.numbers.set(record, entry.number);
      this.earlier.push(entry);
    }
    this.earlier = this.earlier.slice(-BODY);
    this.earlierEntries += trace.total - this.mark;
    this.earlierCalls += trace.calls - this.callsBefore;
    const began = this.current.now - this.began;
    const from = this.current;
    const { session, ofTheRun } = await next();
    // What the check took before is still its own, unless it went with its session.
    const before = session === from ? this.before : session.owned();
    this.before = new Map([...ofTheRun.map(({ handle }): [Handle, number] => [handle, 1]), ...before]);
    this.current = session;
    this.mark = session.trace.total;
    this.callsBefore = session.trace.calls;
    this.began = session.now - began;
  }

  /** Releases the references that the check holds on the present session. */
  async releaseNew(): Promise<void> {
    await this.current.releaseSince(this.before);
  }

  private numberOf(record: TraceRecord): number {
    return this.numbers.get(record) ?? this.earlierEntries + (record.place ?? 0) - this.mark;
  }

  private entry(record: TraceRecord): TraceEntry {
    return entryOf(record, { labels: this.current.labels, number: this.numberOf(record), began: this.began });
  }
}

const marked = (entry: TraceEntry, mark: 'shows-it' | 'died'): TraceEntry =>
  entry.type === 'call'
    ? { ...entry, mark }
    : entry.type === 'notification' && mark === 'shows-it'
      ? { ...entry, mark }
      : entry;
