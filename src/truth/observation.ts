// The observable state of a system, by values, in one form however it was read: through the provider (observe.ts) or by
// a path that does not touch it (flatten() of a truth). A member that is not known is absent, and is then not compared.
import { DEVICE_KINDS } from '../contract/generated/objects.js';
import type { Guid } from '../contract/guid.js';
import type { DeviceInterface } from '../contract/objects.js';
import type { ObservedKind } from '../port/device-kinds.js';
import type { InterfaceName } from '../contract/tables.js';
import type { CallRecord } from '../port/trace.js';
import { listsOf, TRUTH_MEMBERS, type Inventory } from './inventory.js';

/**
 * The values that the getters of one object report. Fields of its properties stand under their own names (`size`,
 * `friendlyName`); what any other getter reports under the getter's name without its verb (`hints`, `extents`,
 * `importTarget`, `associatedTargets`). Lists of objects are lists of their ids, in the order of the enumeration.
 */
export type Members = Readonly<Record<string, unknown>>;

export interface ObservedObject {
  readonly kind: DeviceInterface;
  readonly id: Guid;
  /** The object whose query listed it; undefined for what the provider itself lists. */
  readonly container: Guid | undefined;
  readonly members: Members;
  /**
   * The calls that gave the members, and under '' the one that gave the properties; absent for what was not read
   * through the provider.
   */
  readonly sources?: Readonly<Record<string, CallRecord>>;
  /** The interfaces that it was asked for besides its own, each with an object or null; absent like the sources. */
  readonly interfaces?: ReadonlyMap<InterfaceName, unknown>;
}

/** Lists of contents, by the container and the kind that it lists: see `listKey`. */
export type Unread = ReadonlySet<string>;

export const listKey = (container: Guid, kind: DeviceInterface): string => `${container} ${kind}`;

/** Two answers of one reading that cannot both be true. */
export interface Contradiction {
  readonly requirement: string;
  readonly message: string;
  readonly record: CallRecord;
}

export interface Observation {
  /** The values of the provider's own getters. */
  readonly provider: Members;
  /** Every object, containers before what they contain, in the order of the enumerations. */
  readonly objects: ReadonlyMap<Guid, ObservedObject>;
  /** The contradictions that the reading met. */
  readonly contradictions: readonly Contradiction[];
  /** The lists that a container could not give, as it has failed: what is in them is not known. */
  readonly unread?: Unread;
}

/** The word for a kind: `LUN`. */
export const wordFor = (kind: ObservedKind): string =>
  kind === 'IVdsHwProvider' ? 'provider' : DEVICE_KINDS[kind].name;

/** The name of an object in messages: `LUN lun#1`. */
export const label = ({ kind, id }: { readonly kind: ObservedKind; readonly id: Guid }): string =>
  `${wordFor(kind)} ${id}`;

/** The objects of one kind, in the order of the enumerations. */
export const objectsOf = ({ objects }: Observation, kind: DeviceInterface): ObservedObject[] =>
  [...objects.values()].filter((o) => o.kind === kind);

/** The kind of the objects in each list of a truth. */
const KIND_OF_LIST: Readonly<Record<string, DeviceInterface>> = Object.fromEntries(
  Object.entries(DEVICE_KINDS).flatMap(([kind, { truth }]) =>
    truth === null ? [] : [[truth, kind as DeviceInterface]],
  ),
);

/** A truth, whose objects stand inside each other, as an observation of what it knows. */
export function flatten(truth: Inventory): Observation {
  const objects = new Map<Guid, ObservedObject>();
  const take = (holder: object, container: Guid | undefined): Members => {
    const members: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(holder)) if (name !== 'id' && value !== undefined) members[name] = value;
    for (const { member, objects: held } of listsOf(holder)) {
      members[member] = held.map((o) => o.id);
      for (const each of held) {
        const kind = KIND_OF_LIST[member] as DeviceInterface;
        // Its place in the order comes before what it contains.
        objects.set(each.id, { kind, id: each.id, container, members: {} });
        objects.set(each.id, { kind, id: each.id, container, members: take(each, each.id) });
      }
    }
    return members;
  };
  return { provider: take(truth, undefined), objects, contradictions: [] };
}

/** The members of a truth that an observation has, in the form of a truth. */
export function inventoryOf({ provider, objects }: Observation): Inventory {
  const nest = (list: string, ids: unknown): unknown[] =>
    (ids as readonly Guid[]).flatMap((id) => {
      const members = objects.get(id)?.members;
      if (members === undefined) return [];
      const state: Record<string, unknown> = { id };
      for (const name of TRUTH_MEMBERS[list] ?? [])
        if (members[name] !== undefined)
          state[name] = KIND_OF_LIST[name] === undefined ? members[name] : nest(name, members[name]);
      return [state];
    });
  const pools = provider['storagePools'];
  return {
    subSystems: nest('subSystems', provider['subSystems'] ?? []),
    ...(pools === undefined ? {} : { storagePools: nest('storagePools', pools) }),
  } as Inventory;
}

/** Whether another way to an object leads to it: to the same COM object, or to another one with its id. */
export const leadsToIt = (found: unknown): boolean =>
  found === 'the object listed' || found === 'another object with its id';
