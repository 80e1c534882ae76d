// Shared by checks of operations: starting a creation that is taken back, and judging what QueryStatus reports
// (semantics.md 8.5).
import {
  type Context,
  type IVdsAsync,
  type IVdsSubSystem,
  madeBy,
  MAKEABLE,
  type MakeableKind,
  type Result,
  VdsObject,
} from '../../src/checks/index.js';
import { HR, succeeded } from '../../src/contract/index.js';

/** The value of VDS_E_OPERATION_PENDING, and the one that MS-VDS prints (semantics.md 8.5). */
const PENDING = [HR.VDS_E_OPERATION_PENDING, 0x00042409];

export type Started = Result<{ readonly async: IVdsAsync | null }>;

/** The operation of a creation that was started; what it makes is deleted when the check ends. */
export async function adoptCreation(ctx: Context, started: Started, kind: MakeableKind = 'lun'): Promise<IVdsAsync> {
  const operation = ctx.duties.operation(started);
  ctx.onCleanUp(`delete the ${MAKEABLE[kind].name} of an asynchronous creation`, async () => {
    const object = await madeBy(await operation.wait())?.as(MAKEABLE[kind].interfaceName);
    const { out } = (await object?.call(MAKEABLE[kind].delete, {})) ?? { out: {} as Record<string, unknown> };
    if (out['async'] instanceof VdsObject) await (out['async'] as IVdsAsync).wait();
  });
  return operation;
}

/** Starts creating a LUN, and deletes it when the check ends. */
export const startCreation = async (ctx: Context, subSystem: IVdsSubSystem): Promise<IVdsAsync> =>
  adoptCreation(ctx, await ctx.make.startLun(subSystem));

/** QueryStatus, judged. */
export const status = async (ctx: Context, operation: IVdsAsync): ReturnType<typeof judged> =>
  judged(ctx, await operation.queryStatus());

/**
 * An answer of QueryStatus, with the combinations of result and percentage that the documents allow. Gives whether the
 * operation is over.
 */
export async function judged(
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
