// The same objects under other ids: after a reload, or when a subsystem comes back, a provider may give ids anew. What
// names an object to people, or its place in what contains it, tells which one it is.
import type { Guid } from '../contract/guid.js';
import { naturalKey } from './compare.js';
import type { Members, Observation, ObservedObject } from './observation.js';

/** The values that distinguish an object without a name from its siblings. */
const PLACE = ['tag', 'address', 'internalBusNumber', 'slotNumber'];

const inText = (value: unknown): string =>
  JSON.stringify(value, (_name, each: unknown) => (typeof each === 'bigint' ? String(each) : each)) ?? '';

const GUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gi;

/** Ids by a key that names an object under the key of what contains it. Those that share one stand by their values. */
function idsByKey({ objects }: Observation): Map<string, readonly Guid[]> {
  const groups = new Map<string, ObservedObject[]>();
  const keyOf = new Map<Guid, string>();
  for (const object of objects.values()) {
    const { id, kind, container, members } = object;
    const own = naturalKey(object) ?? PLACE.map((member) => inText(members[member])).join(' ');
    const key = `${container === undefined ? '' : keyOf.get(container)}/${kind} ${own}`;
    keyOf.set(id, key);
    groups.set(key, [...(groups.get(key) ?? []), object]);
  }
  const values = ({ members }: ObservedObject): string => inText(members).replaceAll(GUID, '');
  return new Map(
    [...groups].map(([key, group]) => [
      key,
      group.toSorted((a, b) => (values(a) < values(b) ? -1 : 1)).map(({ id }) => id),
    ]),
  );
}

/** The ids that objects had in one observation and have no longer, and their ids in another. */
export function renamedIds(before: Observation, after: Observation): Map<Guid, Guid> {
  const now = idsByKey(after);
  const renamed = new Map<Guid, Guid>();
  for (const [key, ids] of idsByKey(before)) {
    const gone = ids.filter((id) => !after.objects.has(id));
    const come = (now.get(key) ?? []).filter((id) => !before.objects.has(id));
    if (gone.length === come.length) for (const [n, id] of gone.entries()) renamed.set(id, come[n] ?? id);
  }
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
