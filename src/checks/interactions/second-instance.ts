// Two provider objects of one array, as two clients of the service have them: what is changed through one is found by
// the other after its own pair, in both directions, and loading or unloading one is nothing to the other.
import type { Context } from '../context.js';
import { Beside } from './beside.js';
import { possible } from './enabling.js';
import type { Player } from './player.js';
import { onStage } from './stage.js';

/** Changes through the first provider object; the other one looks after each row. */
const ROWS: readonly (readonly string[])[] = [
  ['name-lun', 'mask-lun', 'create-lun'],
  ['delete-lun', 'create-target', 'associate-targets'],
  ['set-import-target', 'name-subsystem', 'extend-lun'],
  ['delete-target', 'clear-import-target', 'set-lun-status'],
];
/** Changes while the other one is unloaded. */
const MEANWHILE = ['create-lun', 'name-lun', 'delete-lun'];

async function playRow(player: Player, commands: readonly string[]): Promise<void> {
  for (const [n, command] of commands.entries()) {
    const resolved = await possible(player, { command, relation: 'same', n }, []);
    if (resolved !== undefined) await player.play(resolved);
  }
}

/**
 * Plays changes on one of two provider objects, and looks at both; the other is unloaded and loaded again with another
 * sink in between.
 */
export const besideAnother = (ctx: Context): Promise<void> =>
  onStage(ctx, ['luns', 'targets'], async (player) => {
    const beside = new Beside(player);
    await beside.hear('announced');
    for (const [i, row] of ROWS.entries()) {
      const none = beside.isLoaded ? undefined : await beside.begin();
      if (none !== undefined) ctx.notApplicable(none);
      if (i === 0) await beside.hear('when another provider object is loaded beside it');
      await playRow(player, row);
      await beside.recover();
      if (i % 2 === 0) continue;
      await beside.change();
      await beside.end(i > 1);
      if (i === 1) await beside.hear('after another provider object was unloaded');
      await playRow(player, MEANWHILE);
    }
    if ((await beside.begin()) === undefined) await beside.endBusy();
    player.announcements.judgeStrays();
  });
