// The part of a system that a run may work on: subsystems, drives and storage pools, by id or by name.
import { parseGuid, type Guid } from '../contract/guid.js';

/** Ids or names; an empty list leaves its kind open. As plain data. */
export interface Scope {
  readonly subSystems: readonly string[];
  readonly drives: readonly string[];
  readonly pools: readonly string[];
}

export const EVERYTHING: Scope = { subSystems: [], drives: [], pools: [] };

/** Whether a list of ids and names holds the object. A name has no case; an id may stand in braces. */
export function names(
  list: readonly string[],
  object: {
    readonly id: Guid;
    readonly friendlyName?: unknown;
    readonly identification?: unknown;
    readonly name?: unknown;
  },
): boolean {
  if (list.length === 0) return true;
  const own = [object.friendlyName, object.identification, object.name].flatMap((n) =>
    typeof n === 'string' && n !== '' ? [n.toLowerCase()] : [],
  );
  return list.some((given) => parseGuid(given) === object.id || own.includes(given.toLowerCase()));
}
