// The same objects under other ids: after a reload, or when a subsystem comes back, a provider may give ids anew. What
// names an object to people, or its place in what contains it, tells which one it is.
import type { Guid } from '../contract/guid.js';
import { naturalKey } from './compare.js';
import { PORTS } from './getters.js';
import type { Members, Observation, ObservedObject } from './observation.js';

/** The values that distinguish an object without a name from its siblings. */
const PLACE = ['tag', 'address', 'internalBusNumber', 'slotNumber'];

const inText = (value: unknown): string =>
  JSON.stringify(value, (_name, each: unknown) => (typeof each === 'bigint' ? String(each) : each)) ?? '';

const GUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gi;

/** What names an object, or its place, among those that are in the same container. */
const keyOf = (object: ObservedObject): string =>
  `${object.kind} ${naturalKey(object) ?? PLACE.map((member) => inText(object.members[member])).join(' ')}`;

/** The contents of each container by their keys; those that share one are namesakes. */
function contents({ objects }: Observation): Map<Guid | undefined, Map<string, ObservedObject[]>> {
  const found = new Map<Guid | undefined, Map<string, ObservedObject[]>>();
  for (const object of objects.values()) {
    const byKey = found.get(object.container) ?? new Map<string, ObservedObject[]>();
    found.set(object.container, byKey);
    byKey.set(keyOf(object), [...(byKey.get(keyOf(object)) ?? []), object]);
  }
  return found;
}

/** How many values two objects have in common, whatever the ids in them. */
function likeness(one: ObservedObject, other: ObservedObject): number {
  const text = (value: unknown): string => inText(value).replaceAll(GUID, '');
  return Object.entries(one.members).filter(([name, value]) => text(value) === text(other.members[name])).length;
}

/** Pairs of the objects of two lists of the same length, those that are most alike first. */
function paired(
  these: readonly ObservedObject[],
  those: readonly ObservedObject[],
): readonly (readonly [ObservedObject, ObservedObject])[] {
  const left = new Set(these);
  const right = new Set(those);
  return these
    .flatMap((one) => those.map((other) => ({ one, other, likeness: likeness(one, other) })))
    .toSorted((a, b) => b.likeness - a.likeness)
    .flatMap(({ one, other }) => {
      if (!left.has(one) || !right.has(other)) return [];
      left.delete(one);
      right.delete(other);
      return [[one, other] as const];
    });
}

/** The ids of a controller's ports, by their numbers: it reports them also where they are not listed as objects. */
const portIds = ({ members }: ObservedObject): readonly Guid[] => {
  const ports = members[PORTS];
  return Array.isArray(ports) ? ports.map(({ id }: { readonly id: Guid }) => id) : [];
};

/**
 * The ids that objects had in one observation and have no longer, and their ids in another. Of namesakes it is their
 * values that say which is which.
 */
export function renamedIds(before: Observation, after: Observation): Map<Guid, Guid> {
  const [then, now] = [contents(before), contents(after)];
  const renamed = new Map<Guid, Guid>();
  const follow = (was: Guid | undefined, is: Guid | undefined): void => {
    for (const [key, group] of then.get(was) ?? []) {
      const gone = group.filter(({ id }) => !after.objects.has(id));
      const come = (now.get(is)?.get(key) ?? []).filter(({ id }) => !before.objects.has(id));
      const same = gone.length === come.length ? paired(gone, come) : [];
      for (const [one, other] of same) {
        renamed.set(one.id, other.id);
        const ports = portIds(other);
        for (const [n, id] of portIds(one).entries()) {
          const now = ports[n];
          if (now !== undefined && now !== id) renamed.set(id, now);
        }
      }
      for (const { id } of group) follow(id, renamed.get(id) ?? id);
    }
  };
  follow(undefined, undefined);
  return renamed;
}

/** The observation with other ids wherever they stand. */
export function withIds(observation: Observation, ids: ReadonlyMap<Guid, Guid>): Observation {
  if (ids.size === 0) return observation;
  const replace = (value: unknown): unknown => {
    if (typeof value === 'string') return ids.get(value) ?? value;
    if (Array.isArray(value)) return value.map(replace);
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, replace(each)]));
  };
  const objects = [...observation.objects.values()].map((object): [Guid, ObservedObject] => {
    const id = ids.get(object.id) ?? object.id;
    const container = object.container === undefined ? undefined : (ids.get(object.container) ?? object.container);
    return [id, { kind: object.kind, id, container, members: replace(object.members) as Members }];
  });
  return { ...observation, provider: replace(observation.provider) as Members, objects: new Map(objects) };
}
