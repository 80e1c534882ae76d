// Commands that make others possible: a target must be there to be deleted, and a LUN of several plexes for one of them
// to be removed.
import { commandNamed } from '../../model/index.js';
import type { Player } from './player.js';
import { madeKind, resolve, type Resolved, type Step } from './resolve.js';

/** Commands that make another one possible, tried in order. */
const ENABLING: Readonly<Record<string, readonly string[]>> = {
  'create-target': ['delete-target', 'associate-targets'],
  'create-classed-target': ['delete-target', 'associate-targets'],
  'set-hot-spare': ['clear-hot-spare'],
  'clear-hot-spare': ['set-hot-spare'],
  'replace-drive': ['create-lun', 'clear-hot-spare'],
  'set-load-balance-policy': ['create-lun', 'mask-lun'],
  'set-path-statuses': ['create-lun', 'mask-lun'],
  'remove-plex': ['create-mirror', 'add-plex'],
  'recover-lun': ['create-mirror', 'add-plex'],
  'add-associated-plex': ['associate-targets', 'create-lun'],
  'delete-associated-lun': ['associate-targets', 'create-lun'],
  'delete-target': ['create-target'],
  'delete-target-in-use': ['create-target', 'associate-targets'],
  'set-import-target': ['create-target'],
  'set-import-target-to-nothing': ['set-import-target'],
  'add-portal': ['remove-portal', 'create-portal-group', 'delete-portal-group'],
  'remove-portal': ['create-portal-group', 'add-portal'],
  'delete-portal-group': ['create-portal-group', 'remove-portal'],
  'delete-portal-group-in-use': ['create-portal-group', 'add-portal'],
};
const enabling = (name: string): readonly string[] => {
  const known = ENABLING[name];
  if (known !== undefined) return known;
  const command = commandNamed(name);
  // There are as many as the run keeps.
  if (madeKind(command)?.kind === 'lun') return ['delete-lun'];
  return command.on === 'IVdsLun' || command.on === 'IVdsLunPlex' ? ['create-lun'] : ['create-target'];
};

/**
 * The meaning of a step in the present state, which is read whole where its command needs that; undefined where it
 * cannot be called.
 */
export async function now(player: Player, step: Step): Promise<Resolved | undefined> {
  const { knowledge } = player;
  const found = resolve(step, player.state, player.focus, knowledge);
  if (found !== undefined || player.isWhole || commandNamed(step.command).closely !== true) return found;
  if (!knowledge.isWorthEnabling(step.command)) return undefined;
  await player.lookClosely();
  return resolve(step, player.state, player.focus, knowledge);
}

/** Plays the first command that may make another one possible, and can be called. */
export async function enable(player: Player, step: Step, kept: Step[]): Promise<void> {
  for (const command of enabling(step.command)) {
    const enabler = resolve({ ...step, command }, player.state, player.focus, player.knowledge);
    if (enabler === undefined) continue;
    kept.push({ ...step, command });
    await player.play(enabler);
    return;
  }
}

/**
 * The meaning of a step in the present state; where its command cannot be called, others are played first that may make
 * it possible.
 */
export async function possible(player: Player, step: Step, kept: Step[]): Promise<Resolved | undefined> {
  const { knowledge } = player;
  const found = await now(player, step);
  const { choice, ...plain } = step;
  const what = choice === true ? `${step.command}, with a choice` : step.command;
  if (found !== undefined || !knowledge.isWorthEnabling(what)) return found;
  for (const command of enabling(step.command)) {
    const enabler = resolve({ ...plain, command }, player.state, player.focus, knowledge);
    if (enabler === undefined) continue;
    kept.push({ ...plain, command });
    await player.play(enabler);
    const enabled = await now(player, step);
    if (enabled !== undefined) return enabled;
  }
  knowledge.enabledInVain(what);
  return undefined;
}
