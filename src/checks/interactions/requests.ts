// The commands that are crossed with no others, as they are about their answers and what they make: each with some of
// its requests, in one subsystem after the other.
import { commandNamed, commandsApart, isSetting } from '../../model/index.js';
import type { Context } from '../context.js';
import { possible } from './enabling.js';
import type { Player } from './player.js';
import { resolve, startOf, type Resolved, type Step } from './resolve.js';
import { onStage } from './stage.js';
import { requirementsOfChanges, shuffled } from './tour-plan.js';

/** What must be treated alike each time is asked so often. */
const TURNS_OF_A_CHOICE = 8;

/** What was made goes again: the array may have room for it once. */
async function takeBack(player: Player, { id }: { readonly id: string }): Promise<void> {
  const deletion: Step = { command: 'delete-lun', n: 0, relation: 'same' };
  const resolved = resolve(deletion, player.state, player.focus, player.knowledge);
  if (resolved?.item.id === id) await player.play(resolved);
}

async function makeEachRequest(player: Player, command: string): Promise<void> {
  const { choice, requests } = commandNamed(command);
  let turns = choice === undefined ? 1 : TURNS_OF_A_CHOICE;
  for (let n = 0; n < turns; n++) {
    // Each request in each subsystem, before one comes again.
    const step: Step = { command, n, relation: 'same', subSystem: n + (n >> 1) };
    player.focus = startOf(step, player.state, player.focus, player.knowledge);
    const resolved = await possible(player, step, []);
    if (resolved === undefined) continue;
    const { state, knowledge } = player;
    if (choice === undefined) turns = requests({ ...resolved, state, knowledge }).length;
    const before = knowledge.own.size;
    if ((await player.play(resolved)) !== true) continue;
    if (knowledge.own.size > before && player.focus !== undefined) await takeBack(player, player.focus);
    if (isSetting(command)) await setAgain(player, resolved);
  }
}

/** Sets what an object has just been set to: that nothing is to be changed must not show in the answer. */
export async function setAgain(player: Player, resolved: Resolved): Promise<void> {
  const item = player.state.get(resolved.item.id);
  if (item !== undefined) await player.play({ ...resolved, item });
}

export const goThroughRequests = (ctx: Context): Promise<void> =>
  onStage(ctx, ['luns', 'targets'], async (player) => {
    const commands = commandsApart();
    for (const at of shuffled(commands.length, ctx.random)) await makeEachRequest(player, commands[at] ?? '');
  });

/** The requirements that these requests verify. */
export const requirementsOfRequests = (): readonly string[] => requirementsOfChanges(commandsApart());
