// The time limits of calls under way, on one timer: a limit is hardly ever reached, and a timer for each call would cost more than the call.

export interface Deadline {
  readonly at: number;
  readonly expired: () => void;
}

export class Deadlines {
  private readonly pending = new Set<Deadline>();
  private timer: NodeJS.Timeout | undefined;
  /** When the timer fires; a deadline that is earlier sets it anew, one that is later waits for it. */
  private timerAt = Infinity;

  /** Calls `expired` in `limit` milliseconds, unless it is ended before. */
  start(limit: number, expired: () => void): Deadline {
    const deadline = { at: performance.now() + limit, expired };
    this.pending.add(deadline);
    if (deadline.at < this.timerAt) this.arm(deadline.at);
    else if (this.pending.size === 1) this.timer?.ref();
    return deadline;
  }

  end(deadline: Deadline): void {
    this.pending.delete(deadline);
    // The timer stays for the next call, but keeps no process alive that waits for nothing.
    if (this.pending.size === 0) this.timer?.unref();
  }

  private arm(at: number): void {
    clearTimeout(this.timer);
    this.timerAt = at;
    // A timer may fire a little early; one that does is set again.
    this.timer = setTimeout(() => this.fire(), Math.max(1, Math.ceil(at - performance.now())));
  }

  private fire(): void {
    this.timer = undefined;
    this.timerAt = Infinity;
    const now = performance.now();
    let earliest = Infinity;
    for (const deadline of this.pending) {
      if (deadline.at <= now) {
        this.pending.delete(deadline);
        deadline.expired();
      } else earliest = Math.min(earliest, deadline.at);
    }
    if (earliest !== Infinity && earliest < this.timerAt) this.arm(earliest);
  }
}
