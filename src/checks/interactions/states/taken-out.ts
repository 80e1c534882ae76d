// A drive that is taken out of the array while calls are made, and put back.
import type { Guid } from '../../../contract/guid.js';
import { lunsOn, type Item } from '../../../model/index.js';
import type { Ended } from '../calls/calls.js';
import type { Player } from '../player.js';
import { putBack, takeOut } from '../wrong.js';
import { deletionOf } from './lives.js';
import type { StateOfObject } from './state.js';

const isOn = ({ members: { extents } }: Item, drive: Item): boolean =>
  !Array.isArray(extents) || (extents as readonly { readonly id: Guid }[]).some(({ id }) => id === drive.id);

/** Whether a LUN that has space of a drive has a plex that has none of it. */
const isElsewhereToo = ({ state }: Player, drive: Item): boolean =>
  lunsOn(drive).some((lun) => state.ofKind('IVdsLunPlex', lun).some((plex) => !isOn(plex, drive)));

/** Removes a plex that lies on a drive which is out; what it had there is free when that is back. */
async function removePlexOn(player: Player, drive: Item, ended: readonly Ended[]): Promise<readonly Ended[]> {
  const { knowledge, calls, steps } = player;
  const state = player.expected(ended);
  for (const lun of lunsOn(drive)) {
    const plex = state.ofKind('IVdsLunPlex', lun).find((each) => isOn(each, drive));
    const call = plex === undefined ? undefined : deletionOf({ state, knowledge }, plex);
    if (call === undefined) continue;
    const begun = await calls.start(call);
    if (begun === undefined) return [];
    const removed = await calls.end(begun);
    steps.called(removed.record, removed.outcome.hr);
    return [removed];
  }
  return [];
}

/**
 * A drive that is taken out of the array, and put back: LUNs on it, which are the run's own, go on with what they have
 * elsewhere, or none does. In turns the provider is asked to look before the calls, and is not; and a plex on it is
 * removed while it is out.
 */
const takenOut = (name: string, hasMirrors: boolean): StateOfObject => ({
  name,
  kinds: ['IVdsDrive'],
  faults: ['disconnect'],
  unseen: true,
  suits: (player, drive) =>
    lunsOn(drive).every((lun) => player.knowledge.own.has(lun)) && isElsewhereToo(player, drive) === hasMirrors,
  ...(hasMirrors ? { enabledBy: 'create-mirror' } : {}),
  async enter(player, item, n) {
    const { around } = player;
    const fault = await takeOut(player, item);
    if (fault === undefined) return undefined;
    const faulted = { ...around, faulted: true, degraded: true, away: true };
    player.around = faulted;
    if (n % 2 === 0) await player.recover();
    return {
      related: item,
      async leave(before) {
        const ended = n % 3 === 0 ? before : [...before, ...(await removePlexOn(player, item, before))];
        await putBack(player, fault);
        // One that is back may be another object, so that what names the one of before cannot be told apart from it.
        if ((await player.observe()).get(item.id) === undefined) await player.begin();
        else await player.judge(ended, faulted, true);
        player.around = around;
      },
    };
  },
});

export const TAKEN_OUT: readonly StateOfObject[] = [
  takenOut('taken out, with a plex of a LUN', true),
  takenOut('taken out, with no LUN or a whole one', false),
];
