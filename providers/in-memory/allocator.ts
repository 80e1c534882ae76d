// The memory from which this provider allocates what it gives its caller: objects, strings and arrays. A caller frees
// strings and arrays at once, as far as this provider can know; an object keeps its share until its last reference is
// released.
import { HR } from '../../src/contract/hresult.js';
import { structure, type Method, type TypeDef } from '../../src/contract/tables.js';
import { Failure } from './failure.js';

const BUDGET = 64 * 1024 * 1024;
/** Bytes of an enumeration or operation. */
export const OBJECT_SIZE = 64;
/** The objects that are made for the caller; any other that is given out is there already. */
const MADE_FOR_CALLER: ReadonlySet<string> = new Set(['IEnumVdsObject', 'IVdsAsync']);

export class Allocator {
  private limit = BUDGET;
  private used = 0;

  get free(): number {
    return Math.max(0, this.limit - this.used);
  }

  /** Throws Failure(E_OUTOFMEMORY) when there is not so much. */
  take(bytes: number): void {
    if (bytes > this.free) throw new Failure(HR.E_OUTOFMEMORY);
    this.used += bytes;
  }

  give(bytes: number): void {
    this.used -= bytes;
  }

  /** Leaves nothing to be had, also not what is given back meanwhile. Gives what puts the budget back. */
  exhaust(): () => void {
    const { limit } = this;
    this.limit = 0;
    return () => {
      this.limit = limit;
    };
  }
}

const needs = new Map<Method, number>();

/**
 * The least bytes that a method's outputs take when it succeeds; 0 where everything that it gives is there already, or
 * is the caller's.
 */
export function leastOutput(method: Method): number {
  let known = needs.get(method);
  if (known === undefined) needs.set(method, (known = method.outs.reduce((sum, { type }) => sum + least(type), 0)));
  return known;
}

function least(type: TypeDef): number {
  switch (type.kind) {
    case 'wstr':
      return 2;
    case 'astr':
      return 1;
    case 'interface':
      return MADE_FOR_CALLER.has(type.name) ? OBJECT_SIZE : 0;
    case 'array':
    case 'bytes':
      return type.allocatedBy === 'caller' ? 0 : 1;
    case 'pointer':
      return least(type.to);
    case 'struct':
      return structure(type.name).fields.reduce((sum, field) => sum + least(field.type), 0);
    default:
      return 0;
  }
}
