// Operations that the array holds up, or loses: those that take space are given all that is reported.
import type { FaultKind } from '../../../faults/kinds.js';
import type { Player } from '../player.js';
import type { Resolved } from '../resolve.js';
import { takeAllRoom } from '../space/room.js';
import { playHanging } from './hanging.js';
import { playLost } from './lost.js';

const WAYS = {
  hang: { faults: ['latency', 'hang'], play: playHanging },
  lost: { faults: ['latency', 'disconnect'], play: playLost },
} as const satisfies Readonly<
  Record<
    string,
    { faults: readonly FaultKind[]; play(player: Player, resolved: Resolved): Promise<boolean | undefined> }
  >
>;

/** Plays an operation that is held up in one of these ways. False where no fault route offers that. */
export async function playHeldUp(player: Player, resolved: Resolved, way: keyof typeof WAYS): Promise<boolean> {
  const { faults, play } = WAYS[way];
  for (const kind of faults) if (!(await player.ctx.faults.offers(kind))) return false;
  const hasTaken = await takeAllRoom(player, resolved, (call) => play(player, call));
  if (!hasTaken) await play(player, resolved);
  return true;
}
