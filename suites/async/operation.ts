// Shared by checks of operations: starting a creation that is taken back, and judging what QueryStatus reports
// (semantics.md 8.5).
import {
  type Context,
  judgedStatus,
  type IVdsAsync,
  type IVdsSubSystem,
  madeBy,
  MAKEABLE,
  type MakeableKind,
  type Result,
  VdsObject,
} from '../../src/checks/index.js';

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
export const status = async (ctx: Context, operation: IVdsAsync): ReturnType<typeof judgedStatus> =>
  judgedStatus(ctx, await operation.queryStatus());
