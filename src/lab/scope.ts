// The part of a system that a run may work on: subsystems, drives and storage pools, by id or by name.
import { parseGuid, type Guid } from '../contract/guid.js';

/** Ids or names; an empty list leaves its kind open. As plain data. */
export interface Scope {
  readonly subSystems: readonly string[];
  readonly drives: readonly string[];
  readonly pools: readonly string[];
}

export const EVERYTHING: Scope = { subSystems: [], drives: [], pools: [] };

/** An object as a scope can name it: what its GetProperties answers. */
export interface Nameable {
  readonly id: Guid;
  readonly friendlyName?: unknown;
  readonly identification?: unknown;
  readonly name?: unknown;
}

/** Which objects belong to a scope. One that belonged to it by its name stays in it when a check gives it another. */
export class ScopeMembers {
  private readonly admitted = new Set<string>();

  constructor(readonly scope: Scope) {}

  admits(kind: keyof Scope, object: Nameable): boolean {
    const list = this.scope[kind];
    // A run that is kept to a storage pool has no drive to itself.
    if (list.length === 0) return kind !== 'drives' || this.scope.pools.length === 0;
    const key = `${kind} ${object.id}`;
    if (names(list, object)) this.admitted.add(key);
    return this.admitted.has(key);
  }
}

/** Whether a list of ids and names holds the object. A name has no case; an id may stand in braces. */
function names(list: readonly string[], object: Nameable): boolean {
  const own = [object.friendlyName, object.identification, object.name].flatMap((n) =>
    typeof n === 'string' && n !== '' ? [n.toLowerCase()] : [],
  );
  return list.some((given) => parseGuid(given) === object.id || own.includes(given.toLowerCase()));
}
