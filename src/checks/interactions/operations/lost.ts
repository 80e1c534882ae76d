// Operations whose subsystem is lost while they are under way. One that has failed for that has changed nothing, and
// what it had set aside, a name or space, is there again for the next one.
import { formatHresult } from '../../../contract/hresult.js';
import type { Guid } from '../../../contract/guid.js';
import { idsOfRequest, type SystemState } from '../../../model/index.js';
import { madeBy } from '../../../port/made-objects.js';
import { displayName } from '../../../port/show-value.js';
import { NO_ROOM } from '../../lun-habits.js';
import type { Player } from '../player.js';
import type { Resolved } from '../resolve.js';
import { putBack, settled } from '../wrong.js';
import { beginSlowly, isRefused, judgeRefused, later } from './slow-start.js';

/** Milliseconds for which the subsystem stays away from an operation that does not end before. */
const AWAY = 100;

/** What there is of the kinds that operations make, and how large it is. */
const holdings = (state: SystemState, subSystem: Guid): string =>
  (['IVdsLun', 'IVdsLunPlex', 'IVdsIscsiTarget', 'IVdsIscsiPortalGroup'] as const)
    .flatMap((kind) => state.ofKind(kind, subSystem))
    .map(({ id, members }) => `${id} ${String(members['size'])}`)
    .sort()
    .join();

/**
 * Whether an operation that was reported as failed, as its subsystem was lost, has been carried out by the array all
 * the same: then the present state is taken for granted, and what was made is the run's own.
 */
async function wasCarriedOut(player: Player, subSystem: Guid, held: string): Promise<boolean> {
  const before = player.state;
  const now = await player.observe();
  const isKnown = [...before.items.keys()].every((id) => now.get(id) !== undefined);
  if (!isKnown || holdings(now, subSystem) === held) return false;
  await player.begin();
  for (const id of now.items.keys()) if (before.get(id) === undefined) player.knowledge.own.add(id);
  return true;
}

/**
 * Begins an operation, disconnects its subsystem, which comes back, and makes the call again where it failed. Gives
 * whether it was carried out in the end; undefined where that says nothing, as the object is another one now, or the
 * failure has left an effect.
 */
export async function playLost(player: Player, resolved: Resolved): Promise<boolean | undefined> {
  const { ctx, around, state } = player;
  const slowly = await beginSlowly(player, resolved);
  if (isRefused(slowly)) {
    await judgeRefused(player, slowly);
    return false;
  }
  const { begun, operation, object, slow } = slowly;
  const away = { ...around, faulted: true, away: true };
  player.around = away;
  const fault = await ctx.faults.inject({ kind: 'disconnect', object });
  const gone = { kind: 'IVdsSubSystem', id: object } as const;
  player.announcements.goesAndReturns(object);
  player.steps.called(begun.started.record);
  player.steps.fault('disconnect', gone);
  player.pathsWereCut();
  await slow.heal();
  // It may wait for the return.
  const waiting = operation.wait();
  await Promise.race([waiting, later(AWAY)]);
  await putBack(player, fault);
  await madeBy(await waiting)?.release();
  const ended = await player.calls.end(begun);
  player.around = around;
  const held = holdings(state, object);
  if (!ended.outcome.done && (await wasCarriedOut(player, object, held))) return undefined;
  await player.judgeAnew([ended], away);
  player.lastAnswer = ended.outcome.hr;
  player.focus = { id: object };
  const item = player.state.get(resolved.item.id);
  if (ended.outcome.done) return true;
  if (item === undefined || holdings(player.state, object) !== held) return undefined;
  const { command, request } = resolved;
  // What the request names may have come back with another id.
  if (idsOfRequest(request).some((id) => player.state.get(id) === undefined)) return undefined;
  const again = await settled(
    player,
    () => player.play({ ...resolved, item }),
    (isDone) => isDone !== false,
  );
  if (again === false && !NO_ROOM.includes(player.lastAnswer) && player.knowledge.hasAccepted(command.name))
    player.unkept(
      'VDS-0.2b',
      `${displayName(command.method)} answers ${formatHresult(player.lastAnswer)} since an operation of it failed as ` +
        'its subsystem was lost',
    );
  return again;
}
