// How an object stands to the subject of a call: the states of the one, crossed with the calls on the other, are the
// cells that a run has to visit. Derived from the state and the contract's containers: nobody has to think of one.
import { DEVICE_KINDS } from '../../../contract/generated/objects.js';
import type { Guid } from '../../../contract/guid.js';
import { idsIn, lunsOn, type Item, type Kind, type SystemState } from '../../../model/index.js';
import { wordFor } from '../../../truth/observation.js';

/**
 * What an object is to the subject of a call: it itself, a container of it, contained in it, of the same kind in the
 * same container, associated with it, named in the arguments, contained in what is named there or associated with it,
 * something else in the same subsystem, or in another one.
 */
export const ROLES = [
  'subject',
  'container',
  'member',
  'sibling',
  'associate',
  'argument',
  'member of argument',
  'associate of argument',
  'beside',
  'elsewhere',
] as const;
export type Role = (typeof ROLES)[number];

/** By the roles to what a call names, what an object is to its subject. */
export const THROUGH_ARGUMENTS: ReadonlyMap<Role, Role> = new Map<Role, Role>([
  ['subject', 'argument'],
  ['member', 'member of argument'],
  ['associate', 'associate of argument'],
]);
const OF_ARGUMENTS: ReadonlySet<Role> = new Set(THROUGH_ARGUMENTS.values());

/** Whether the role is that to something which an object named in the arguments has to do with. */
export const isOfArgument = (role: Role): boolean => isThroughArgument(role) && role !== 'argument';

/** Whether an object has the role to what a call names. */
export const isThroughArgument = (role: Role): boolean => OF_ARGUMENTS.has(role);

/** Of these it does not matter which kind of object it is. */
const OF_ANY_KIND: ReadonlySet<Role> = new Set<Role>(['beside', 'elsewhere']);

/** A command, and the role of an object of a kind to its subject: one line of the table of coverage. */
export interface Cell {
  readonly command: string;
  readonly role: Role;
  readonly kind: Kind;
}

/** `container subsystem`. */
export const roleText = ({ role, kind }: Cell): string => (OF_ANY_KIND.has(role) ? role : `${role} ${wordFor(kind)}`);

/** The kinds by the kind of their container; the provider contains what has none. */
const CONTAINER_OF = new Map<Kind, Kind>(
  (Object.keys(DEVICE_KINDS) as Kind[]).flatMap((kind) => {
    const container = DEVICE_KINDS[kind].container.interface as Kind;
    return Object.hasOwn(DEVICE_KINDS, container) ? [[kind, container] as const] : [];
  }),
);

/** Whether objects of the one kind are contained in those of the other, at any depth. */
export function isWithin(kind: Kind, container: Kind): boolean {
  const parent = CONTAINER_OF.get(kind);
  return parent !== undefined && (parent === container || isWithin(parent, container));
}

/** Everything that an object is associated with, by what it or the other one reports, and the LUNs and their drives. */
function associatesOf(state: SystemState, item: Item): ReadonlySet<Guid> {
  const found = new Set(state.neighbours(item.id));
  for (const id of lunsOn(item)) found.add(id);
  for (const drive of item.kind === 'IVdsLun' ? state.ofKind('IVdsDrive') : [])
    if (lunsOn(drive).includes(item.id)) found.add(drive.id);
  for (const { id, members } of state.items.values())
    if (Object.values(members).some((value) => idsIn(value).includes(item.id))) found.add(id);
  return found;
}

/** The role that an object has to every other object, if a call is made on that. */
export function rolesOf(state: SystemState, related: Item): ReadonlyMap<Guid, Role> {
  const above = new Set<Guid>();
  for (let at = related.parent; at !== null; at = state.get(at)?.parent ?? null) above.add(at);
  const subSystem = state.subSystemOf(related.id);
  const associates = associatesOf(state, related);
  const isInside = (item: Item): boolean => {
    for (let at = item.parent; at !== null; at = state.get(at)?.parent ?? null) if (at === related.id) return true;
    return false;
  };
  const roleTo = (item: Item): Role => {
    if (item.id === related.id) return 'subject';
    if (isInside(item)) return 'container';
    if (above.has(item.id)) return 'member';
    if (associates.has(item.id)) return 'associate';
    if (item.kind === related.kind && item.parent === related.parent && item.parent !== null) return 'sibling';
    // A pool is the provider's, and of no subsystem more than of another.
    const isApart = related.kind !== 'IVdsStoragePool' && state.subSystemOf(item.id) !== subSystem;
    return isApart ? 'elsewhere' : 'beside';
  };
  return new Map([...state.items.values()].map((item) => [item.id, roleTo(item)]));
}

/** How many objects stand to it in another role than beside it, or elsewhere. */
export const tiesOf = (state: SystemState, item: Item): number =>
  [...rolesOf(state, item).values()].filter((role) => !OF_ANY_KIND.has(role)).length;
