// The calls that passed the port, kept as references and made into entries of a report only when somebody reads them.
// Secrets are taken out before they get here.
import type { VDS_NOTIFICATION } from '../contract/generated/structures.js';
import type { Guid } from '../contract/guid.js';
import type { Handle, MethodName } from '../contract/tables.js';

interface Placed {
  /** Counts what a session's trace took up from 1; set by the trace. */
  place?: number;
  /** Milliseconds since the session opened. */
  readonly at: number;
}

export interface CallRecord extends Placed {
  readonly type: 'call';
  /** Counts the calls of a session from 1. */
  readonly seq: number;
  /** Milliseconds that the call took. */
  ms: number;
  readonly method: MethodName;
  readonly object: Handle;
  readonly args: Readonly<Record<string, unknown>>;
  readonly nullOuts: readonly string[];
  hr: number | undefined;
  out: Readonly<Record<string, unknown>>;
  /** Set instead of `hr` when the call crashed, hung or broke the protocol. */
  error: string | undefined;
}

/** A fault that struck. */
export interface FaultRecord extends Placed {
  readonly type: 'fault';
  readonly kind: string;
  /** The object that it hit; GUID_NULL where the kind concerns the whole provider. */
  readonly object: Guid;
  readonly route: string;
  readonly proof: string;
}

/** A call of OnNotify. */
export interface NotificationRecord extends Placed {
  readonly type: 'notification';
  readonly sink: Handle;
  /** lNumberOfNotifications as the provider gave it. */
  readonly count: number;
  readonly notifications: readonly VDS_NOTIFICATION[];
}

export type TraceRecord = CallRecord | FaultRecord | NotificationRecord;

/** The newest of what passed a session: a bounded ring, so that a long run holds no more than `capacity` of it. */
/** How many of the latest faults are kept. */
const FAULTS = 8;

export class Trace {
  private records: TraceRecord[] = [];
  private dropped = 0;
  private made = 0;
  private readonly latestFaults: FaultRecord[] = [];

  /**
   * No more are kept than a report shows: what lives on for long costs the garbage collector far more than what dies
   * young.
   */
  constructor(private readonly capacity = 256) {}

  add(record: TraceRecord): void {
    this.records.push(record);
    record.place = this.total;
    if (record.type === 'call') this.made += 1;
    if (record.type === 'fault') {
      this.latestFaults.push(record);
      if (this.latestFaults.length > FAULTS) this.latestFaults.shift();
    }
    // Cut in large steps: shifting at each call would make the ring quadratic.
    if (this.records.length >= this.capacity * 2) {
      this.dropped += this.records.length - this.capacity;
      this.records = this.records.slice(-this.capacity);
    }
  }

  /** How many records were ever added. */
  get total(): number {
    return this.dropped + this.records.length;
  }

  /** The faults that struck last, which are kept however long ago that was. */
  get lastFaults(): readonly FaultRecord[] {
    return this.latestFaults;
  }

  /** How many of them are calls. */
  get calls(): number {
    return this.made;
  }

  /**
   * The records that were added since `total` was `mark`, as far as it is still held, at most the newest `capacity`.
   */
  since(mark: number): readonly TraceRecord[] {
    return this.records.slice(Math.max(0, mark - this.dropped)).slice(-this.capacity);
  }

  /** The calls among it. */
  callsSince(mark: number): readonly CallRecord[] {
    return this.since(mark).filter((r) => r.type === 'call');
  }
}
