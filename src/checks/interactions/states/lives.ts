// What can be made and deleted while a tour goes through states, and the call that deletes it.
import { COMMANDS, type Item, type Kind } from '../../../model/index.js';
import type { Player } from '../player.js';
import type { Resolved } from '../resolve.js';

/** By kind the commands that make one in its container, and take one away. */
export const LIVES: Readonly<Partial<Record<Kind, { readonly made: string; readonly deleted: string }>>> = {
  IVdsLun: { made: 'create-lun', deleted: 'delete-lun' },
  IVdsLunPlex: { made: 'add-plex', deleted: 'remove-plex' },
  IVdsIscsiTarget: { made: 'create-target', deleted: 'delete-target' },
  IVdsIscsiPortalGroup: { made: 'create-portal-group', deleted: 'delete-portal-group' },
};
export const MAKEABLE = Object.keys(LIVES) as Kind[];

/** The call that deletes an object of the run's own; undefined where there is none, as of a target that is in use. */
export function deletionOf(
  { state, knowledge }: Pick<Player, 'state' | 'knowledge'>,
  item: Item,
): Resolved | undefined {
  const subSystem = state.subSystemOf(item.id);
  const command = COMMANDS.find(({ name }) => name === LIVES[item.kind]?.deleted);
  const subject = command?.on === item.kind ? item : state.get(item.parent ?? '');
  if (command === undefined || subject === undefined || subSystem === undefined) return undefined;
  const request = command
    .requests({ state, item: subject, subSystem, knowledge })
    .find(({ args }) => subject === item || Object.values(args).includes(item.id));
  return request === undefined ? undefined : { command, item: subject, subSystem, request, relation: 'same' };
}
