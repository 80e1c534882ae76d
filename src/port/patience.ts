// How long a run waits for a method that has hung before: a limit of ten minutes, made for scans that come back, is not
// to be waited out once for each check that calls a method which never does.

import { counted } from '../contract/wording.js';

/** A method that hung this often is not given its whole limit again. */
const HANGS_BORNE = 2;
/**
 * The limit after that, at least so many times its longest answer so far: a slow method that recovers still succeeds.
 */
const SHORT_LIMIT = 10_000;
const TIMES_THE_SLOWEST = 5;

/** Kept over all sessions of a run. Methods go by the name that a trace shows. */
export class Patience {
  private readonly hangs = new Map<string, number>();
  private readonly slowest = new Map<string, number>();
  private readonly answers = new Map<string, number>();

  answered(method: string, ms: number): void {
    this.answers.set(method, (this.answers.get(method) ?? 0) + 1);
    if (ms > (this.slowest.get(method) ?? 0)) this.slowest.set(method, ms);
  }

  hung(method: string): void {
    this.hangs.set(method, (this.hangs.get(method) ?? 0) + 1);
  }

  /** Whether a call that hangs is likely slow or stuck: how the others of its method did; '' where there were none. */
  othersOf(method: string): string {
    const answers = this.answers.get(method);
    if (answers === undefined) return '';
    const ms = Math.max(1, Math.round(this.slowest.get(method) ?? 0));
    return (
      `Before that ${counted(answers, 'call')} of it in this run returned, each within ${ms} ms, so that it is ` +
      'stuck rather than slow.'
    );
  }

  /** The limit for the next call of the method, in milliseconds, and why it is shorter than `limit` where it is. */
  limitFor(method: string, limit: number): { readonly limit: number; readonly reason?: string } {
    const hangs = this.hangs.get(method);
    if (hangs === undefined) return { limit };
    const short = Math.max(SHORT_LIMIT, TIMES_THE_SLOWEST * (this.slowest.get(method) ?? 0));
    if (hangs < HANGS_BORNE || short >= limit) return { limit };
    return {
      limit: short,
      reason: `It hung ${hangs} times before in this run, so its limit is now shorter than the usual ${limit} ms.`,
    };
  }
}
