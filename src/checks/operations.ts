// Requests that start an operation, for checks of how they end: the failure of one may be the call's own answer or the
// operation's result; and answers that put a caller off until another call is over.
import { failed, HR, succeeded } from '../contract/hresult.js';
import type { IVdsAsync } from '../port/generated/typed.js';
import type { Result } from '../port/objects.js';
import type { Context } from './context.js';
import { madeBy } from '../port/made-objects.js';

/**
 * The answer of a request as it ended: what the call answered when that is a failure, else its operation's result,
 * under the call's own record. An operation that failed must hand over nothing.
 */
export async function ended<T>(
  ctx: Context,
  started: Result<T & { readonly async: IVdsAsync | null }>,
): Promise<Result<object>> {
  const request = started as unknown as Result<{ readonly async: IVdsAsync | null }>;
  if (failed(request.hr)) return request;
  const waited = await ctx.duties.output('VDS-8.1b', request, 'async').wait();
  const hr = ctx.duties.output('VDS-8.2', waited, 'hrResult');
  if (failed(hr))
    ctx.duties.holds(
      'VDS-8.3d',
      madeBy(waited) === null,
      'Wait handed over an object although its operation failed',
      waited,
    );
  return { hr, out: {}, record: request.record };
}

/** Codes that put a caller off because of another call: the one for this condition, and those that say it of any. */
const BUSY: ReadonlySet<number> = new Set([
  HR.VDS_E_ANOTHER_CALL_IN_PROGRESS,
  HR.VDS_E_RETRY,
  0x800700aa, // HRESULT_FROM_WIN32(ERROR_BUSY)
]);
export const putsOff = (hr: number): boolean => BUSY.has(hr);

/** The value of VDS_E_OPERATION_PENDING, and the one that MS-VDS prints (semantics.md 8.5). */
const PENDING = [HR.VDS_E_OPERATION_PENDING, 0x00042409];

/**
 * An answer of QueryStatus, with the combinations of result and percentage that the documents allow. Gives whether the
 * operation is over.
 */
export async function judgedStatus(
  ctx: Context,
  answer: Awaited<ReturnType<IVdsAsync['queryStatus']>>,
): Promise<{ over: boolean; percent: number; result: number }> {
  if (PENDING.includes(answer.hr)) return { over: false, percent: 0, result: answer.hr };
  ctx.duties.ok('VDS-8.5a', answer);
  const result = ctx.duties.output('VDS-8.5a', answer, 'hrResult');
  const percent = ctx.duties.output('VDS-8.5b', answer, 'percentCompleted');
  const unknown = percent === 0xffffffff;
  const over = !PENDING.includes(result);
  if (over && succeeded(result))
    ctx.duties.holds(
      'VDS-8.5b',
      percent === 100 || unknown,
      `the operation is finished and *pulPercentCompleted is ${percent}`,
      answer,
    );
  if (!over)
    ctx.duties.holds(
      'VDS-8.5b',
      percent <= 99 || unknown,
      `the operation runs and *pulPercentCompleted is ${percent}`,
      answer,
    );
  return { over, percent: unknown ? 0 : percent, result };
}
