// The calls that a check has made, over every session that it had: a check has more than one where it starts its provider anew.
import type { Handle } from '../contract/tables.js';
import type { Session } from '../port/session.js';

export class CallLog {
  private current: Session;
  /** The calls that the present session had made before this check came to it. */
  private mark: number;
  /** The references that the present session held before this check came to it. */
  private before: ReadonlyMap<Handle, number>;
  /** The calls made on sessions that are over, as text. */
  private readonly earlier: string[] = [];
  /** Faults that passed the port by no call, each with the number of calls made before it. */
  private struck: { readonly after: number; readonly line: string }[] = [];

  constructor(session: Session) {
    this.current = session;
    this.mark = session.trace.total;
    this.before = new Map(session.owned());
  }

  get session(): Session {
    return this.current;
  }

  /** The number of calls so far. */
  get count(): number {
    return this.earlier.length + this.current.trace.total - this.mark;
  }

  /** The calls so far as text, oldest first, with the faults where they struck. */
  lines(): readonly string[] {
    return [...this.earlier, ...this.linesOfSession()];
  }

  private linesOfSession(): string[] {
    const { current: session, mark } = this;
    const faults = [...this.struck];
    const lines: string[] = [];
    for (const record of session.trace.since(mark)) {
      while (faults[0] !== undefined && faults[0].after < record.seq)
        lines.push(session.labels.apply((faults.shift() as (typeof faults)[0]).line));
      lines.push(session.describe(record));
    }
    return [...lines, ...faults.map(({ line }) => session.labels.apply(line))];
  }

  /** Notes a fault that struck behind the provider's back, after the calls so far. */
  strike(line: string): void {
    this.struck.push({ after: this.current.trace.total, line });
  }

  /** The check goes on with a new session; the calls of the old one are kept as text. */
  async moveTo(next: () => Promise<Session>): Promise<void> {
    this.earlier.push(...this.linesOfSession());
    this.struck = [];
    const session = await next();
    this.current = session;
    this.mark = session.trace.total;
    this.before = new Map(session.owned());
  }

  /** Releases the references that the check holds on the present session. */
  async releaseNew(): Promise<void> {
    await this.current.releaseSince(this.before);
  }
}
