// Operations that are begun on an array that is slow, so that they are under way when something else happens.
import { setTimeout } from 'node:timers/promises';
import type { Guid } from '../../../contract/guid.js';
import { succeeded } from '../../../contract/hresult.js';
import type { InjectedFault } from '../../../faults/routes/route.js';
import type { IVdsAsync } from '../../../port/generated/typed.js';
import { VdsObject } from '../../../port/objects.js';
import type { Begun, Ended } from '../calls/calls.js';
import type { Player } from '../player.js';
import type { Resolved } from '../resolve.js';

/** So many milliseconds later; no process is kept alive for it. */
export const later = (ms: number): Promise<undefined> => setTimeout(ms, undefined, { ref: false });

/** An operation that has begun, and the subsystem of its object, which is slow until that is healed. */
interface SlowStart {
  readonly begun: Begun;
  readonly operation: IVdsAsync;
  readonly object: Guid;
  readonly slow: InjectedFault;
}

/** The call has started nothing: what is to be judged of it, unless the object lacks the interface for it. */
type Refused = readonly Ended[];

export const isRefused = (start: object): start is Refused => Array.isArray(start);

/** Judges a call that has started nothing. */
export async function judgeRefused(player: Player, refused: Refused): Promise<void> {
  await player.judge(refused, { ...player.around, faulted: true });
  for (const { outcome } of refused) player.lastAnswer = outcome.hr;
}

/**
 * Begins an operation on a slow array: on another it might end before anything can happen, and a provider may ask the
 * array before it accepts a request. The player is told that something is wrong; where the call started nothing, all is
 * well again.
 */
export async function beginSlowly(player: Player, resolved: Resolved): Promise<SlowStart | Refused> {
  const { ctx, around, state } = player;
  const object = state.subSystemOf(resolved.item.id) ?? resolved.item.id;
  await player.handles.forMethod(resolved.command.method, state, resolved.item.id);
  const slow = await ctx.faults.inject({ kind: 'latency', object });
  player.around = { ...around, faulted: true };
  const begun = await player.calls.start(resolved);
  const operation = begun?.started.out['async'];
  if (begun !== undefined && succeeded(begun.started.hr) && operation instanceof VdsObject)
    return { begun, operation: operation as IVdsAsync, object, slow };
  await slow.heal();
  const refused = begun === undefined ? [] : [await player.calls.end(begun)];
  player.around = around;
  return refused;
}
