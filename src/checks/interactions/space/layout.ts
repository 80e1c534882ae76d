// Holds calls that take or give space to where on drives it lies: the extents that tell are read right before and after
// each of them, as the system as a whole is read only now and then.
import type { Guid } from '../../../contract/guid.js';
import { succeeded } from '../../../contract/hresult.js';
import type { MethodName } from '../../../contract/tables.js';
import { spaceToldBy, type Circumstances, type Knowledge, type SystemState } from '../../../model/index.js';
import type { Context } from '../../context.js';
import type { Ended } from '../calls/calls.js';
import type { Handles } from '../handles.js';
import type { Announcements } from '../laws/announcements.js';
import type { Resolved } from '../resolve.js';
import type { Balance } from './balance.js';

/** Whoever makes the calls, and weighs what they change. */
interface Player {
  readonly ctx: Context;
  readonly state: SystemState;
  readonly handles: Handles;
  readonly knowledge: Knowledge;
  readonly around: Circumstances;
  readonly balance: Balance;
  readonly announcements: Pick<Announcements, 'judgeSpace'>;
}

/** The requirement by method; of what takes space, that of hot spares. */
const JUDGED: Readonly<Partial<Record<MethodName, string>>> = {
  'IVdsLun.Shrink': 'VDS-10.7e',
  'IVdsSubSystem.ReplaceDrive': 'VDS-10.26b',
};

/** The state with the extents that these drives and plexes have now. */
async function withExtents({ handles, state }: Player, ids: readonly Guid[]): Promise<SystemState> {
  const found = new Map<Guid, unknown>();
  for (const id of ids) {
    const by = state.get(id)?.kind === 'IVdsDrive' ? 'IVdsDrive.QueryExtents' : 'IVdsLunPlex.QueryExtents';
    const result = await (await handles.forMethod(by, state, id))?.call(by, {});
    found.set(id, result !== undefined && succeeded(result.hr) ? (result.out['extentArray'] ?? []) : undefined);
  }
  return state.withMember('extents', found);
}

/**
 * Reads the extents that tell whether a call takes and gives space where it may; what is given judges it afterwards.
 * Undefined for calls that are about no space.
 */
export async function watchLayout(
  player: Player,
  resolved: Resolved,
): Promise<((ended: Ended) => Promise<void>) | undefined> {
  const ids = spaceToldBy(player.state, resolved);
  if (ids.length === 0 || player.around.faulted) return undefined;
  const { method } = resolved.command;
  const before = await withExtents(player, ids);
  const isMigration = method === 'IVdsSubSystem.ReplaceDrive';
  // What moves in the background may come and go meanwhile.
  const steady = (state: SystemState): SystemState => (isMigration ? state : player.knowledge.withoutMoving(state));
  return async (ended) => {
    player.ctx.duties.judging(JUDGED[method] ?? 'VDS-10.21b');
    const [was, is] = [steady(before), steady(await withExtents(player, ids))];
    await player.announcements.judgeSpace(ended, was, is);
    await player.balance.judgeChange(was, [ended], is);
  };
}
