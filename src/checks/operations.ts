// Requests that start an operation, for checks of how they end: the failure of one may be the call's own answer or the
// operation's result.
import { failed } from '../contract/hresult.js';
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
      'VDS-8.3a',
      madeBy(waited) === null,
      'Wait handed over an object although its operation failed',
      waited,
    );
  return { hr, out: {}, record: request.record };
}
