// Lists that are longer than their count says: a provider has the count to go by, and what stands behind it is not in
// the list.
import type { Guid } from '../../../contract/guid.js';
import { method, type MethodName } from '../../../contract/tables.js';
import type { Item, SystemState } from '../../../model/index.js';

/** An object like the first of a list, in the same subsystem, which the list does not name. */
function another(ids: readonly Guid[], state: SystemState, mayUse: (item: Item) => boolean): Guid | undefined {
  const [first] = ids;
  const like = first === undefined ? undefined : state.items.get(first);
  if (like === undefined) return undefined;
  return state.ofKind(like.kind, state.subSystemOf(like.id)).find((item) => !ids.includes(item.id) && mayUse(item))?.id;
}

/**
 * The arguments with one more id behind each list of ids, beyond its count. What a method does must not depend on it.
 */
export function beyondCount(
  name: MethodName,
  args: Readonly<Record<string, unknown>>,
  state: SystemState,
  mayUse: (item: Item) => boolean,
): Readonly<Record<string, unknown>> {
  const longer: Record<string, unknown> = { ...args };
  for (const { name: list, type } of method(name).ins) {
    const ids = args[list] as readonly Guid[] | null | undefined;
    if (type.kind !== 'array' || type.of.kind !== 'guid' || !Array.isArray(ids) || args[type.count] !== undefined)
      continue;
    const more = another(ids, state, mayUse);
    if (more === undefined) continue;
    longer[list] = [...ids, more];
    longer[type.count] = ids.length;
  }
  return longer;
}
