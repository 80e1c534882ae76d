// The calls under way and their time limits, on one timer: a limit is hardly ever reached, and a timer for each call
// would cost more than the call.
import type { MethodName } from '../contract/tables.js';
import { ProviderHung } from './errors.js';

/** The option of the command line that raises each limit of a session. */
export const LIMIT_OPTION = {
  call: 'timeout',
  load: 'load-timeout',
  scan: 'scan-timeout',
  wait: 'wait-timeout',
  notification: 'notification-timeout',
  relapse: 'relapse-pause',
} as const;

/** The limits of methods that have another than that of a call. */
export const LIMIT_OF: Partial<Record<MethodName, keyof typeof LIMIT_OPTION>> = {
  'IVdsProviderPrivate.OnLoad': 'load',
  'IVdsProviderPrivate.OnUnload': 'load',
  'IVdsHwProvider.Reenumerate': 'scan',
  'IVdsHwProvider.Refresh': 'scan',
  'IVdsSubSystem.Reenumerate': 'scan',
  'IVdsAsync.Wait': 'wait',
};

/** The hint in the error of an exceeded limit. */
export const HINTS = Object.fromEntries(
  Object.entries(LIMIT_OPTION).map(([limit, option]) => [
    limit,
    `If the operation is lawfully slow here, raise its limit with --${option}.`,
  ]),
) as Readonly<Record<keyof typeof LIMIT_OPTION, string>>;

interface Deadline {
  readonly at: number;
  readonly limit: number;
  /** Gives the hint of the error. */
  readonly hint: () => string;
  /** Called once, when the limit is reached or all are stopped; not after the deadline was ended. */
  readonly stop: (error: unknown) => void;
}

export class Deadlines {
  private readonly pending = new Set<Deadline>();
  private timer: NodeJS.Timeout | undefined;
  /** When the timer fires; a deadline that is earlier sets it anew, one that is later waits for it. */
  private timerAt = Infinity;
  /** Whether the timer is about to be looked at, as calls may have ended that it stood for. */
  private isEnding = false;
  /** Whether the timer keeps no process alive. */
  private isIdle = false;

  /** Stops with ProviderHung in `limit` milliseconds from `now`, unless it is ended before. */
  start(limit: number, hint: () => string, stop: (error: unknown) => void, now = performance.now()): Deadline {
    const deadline = { at: now + limit, limit, hint, stop };
    this.pending.add(deadline);
    if (deadline.at < this.timerAt) this.arm(deadline.at);
    else if (this.isIdle) {
      this.isIdle = false;
      this.timer?.ref();
    }
    return deadline;
  }

  end(deadline: Deadline): void {
    this.pending.delete(deadline);
    if (this.pending.size > 0 || this.isEnding) return;
    // The timer stays for the next call, but keeps no process alive that waits for nothing. Thousands of calls may
    // follow each other before this is due.
    this.isEnding = true;
    setImmediate(() => {
      this.isEnding = false;
      this.isIdle = this.pending.size === 0;
      if (this.isIdle) this.timer?.unref();
    });
  }

  /** Stops all that are not ended. */
  stopAll(error: unknown): void {
    for (const { stop } of this.pending) stop(error);
  }

  private arm(at: number): void {
    clearTimeout(this.timer);
    this.timerAt = at;
    this.isIdle = false;
    // A timer may fire a little early; one that does is set again.
    this.timer = setTimeout(() => this.fire(), Math.max(1, Math.ceil(at - performance.now())));
  }

  private fire(): void {
    this.timer = undefined;
    this.timerAt = Infinity;
    const now = performance.now();
    let earliest = Infinity;
    for (const deadline of this.pending) {
      if (deadline.at > now) earliest = Math.min(earliest, deadline.at);
      else deadline.stop(new ProviderHung('no answer in time', { hint: deadline.hint(), limit: deadline.limit }));
    }
    if (earliest !== Infinity && earliest < this.timerAt) this.arm(earliest);
  }
}
