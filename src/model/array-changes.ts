// Changes that an administrator makes at the array, behind the provider's back: what they are once the provider has
// been told, or has looked by Reenumerate and Refresh. They are commands of the model that no caller can give.
import type { Guid } from '../contract/guid.js';
import { HR } from '../contract/hresult.js';
import { command, type Command } from './command.js';
import { controllersChange } from './commands/equipment.js';
import type { Played } from './explain.js';
import type { Draft, Item, Kind } from './state.js';

/** After which they show, whatever the array has reported. */
const SHOWN_BY = 'IVdsHwProvider.Refresh';
const REQUIREMENT = 'VDS-5.3';

const declared = (name: string, on: Kind, effect: Command['effect']): Command =>
  command({ name, method: SHOWN_BY, on, requirement: REQUIREMENT, touches: [], requests: () => [], effect });

const renames = declared('renamed-at-the-array', 'IVdsLun', (draft, { args }, _outcome, { item }) =>
  draft.set(item.id, 'friendlyName', args['friendlyName']),
);

const deletes = declared('deleted-at-the-array', 'IVdsLun', (draft, _request, _outcome, { item, subSystem }) => {
  draft.remove(item.id);
  if (item.kind === 'IVdsLun') draft.spaceChanges(subSystem, [item.id]);
  // No page says what becomes of a setting that names a target which is gone.
  if (item.kind === 'IVdsIscsiTarget')
    for (const { id } of draft.ofKind('IVdsSubSystem')) draft.release(id, 'importTarget');
});

const makes = declared('made-at-the-array', 'IVdsSubSystem', (draft, { args }, _outcome, { subSystem }) =>
  appears(draft, args['kind'] as Kind, args['made'] as Guid, subSystem),
);

/** A new object is listed, of which nothing else is known. */
function appears(draft: Draft, kind: Kind, id: Guid, subSystem: Guid): void {
  draft.open.add(id);
  draft.add({ kind, id, parent: subSystem, members: {} });
  if (kind !== 'IVdsLun') return;
  draft.spaceChanges(subSystem, [id]);
  for (const other of ['IVdsController', 'IVdsControllerPort', 'IVdsIscsiTarget'] as const)
    draft.mayList(other, subSystem, 'associatedLuns', id);
}

const happened = (by: Command, item: Item, subSystem: Guid, args: Played['request']['args']): Played => ({
  command: by,
  item,
  subSystem,
  request: { args, how: '' },
  outcome: { hr: HR.S_OK, done: true },
});

export const renamedAtTheArray = (item: Item, subSystem: Guid, friendlyName: unknown): Played =>
  happened(renames, item, subSystem, { friendlyName });

export const deletedAtTheArray = (item: Item, subSystem: Guid): Played => happened(deletes, item, subSystem, {});

/** `subSystem` as an object; `kind` and `made` are of the new one within it. */
export const madeAtTheArray = (subSystem: Item, kind: Kind, made: Guid): Played =>
  happened(makes, subSystem, subSystem.id, { kind, made });

/** Lets go of what else may change when a device fails at the array, or works again. */
export function failsAtTheArray(draft: Draft, { id, kind }: Item): void {
  const subSystem = draft.subSystemOf(id);
  if (subSystem === undefined || (kind !== 'IVdsController' && kind !== 'IVdsControllerPort')) return;
  controllersChange(draft, subSystem);
}
