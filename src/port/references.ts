// Interface pointers: where they can be in a value of the contract, and how many of them a session holds.
import type { Handle } from '../contract/definitions.js';
import { structure, type Method, type MethodName, type ParamDef, type TypeDef } from '../contract/tables.js';

const structures = new Map<string, boolean>();

/** Whether a value of the type may hold an interface pointer. */
export function holdsReference(type: TypeDef): boolean {
  switch (type.kind) {
    case 'interface':
      return true;
    case 'pointer':
      return holdsReference(type.to);
    case 'array':
      return holdsReference(type.of);
    case 'struct': {
      let known = structures.get(type.name);
      if (known === undefined) {
        known = structure(type.name).fields.some((f) => holdsReference(f.type));
        structures.set(type.name, known);
      }
      return known;
    }
    default:
      return false;
  }
}

const outputs = new Map<MethodName, readonly ParamDef[]>();

/** The outputs of a method that may hold interface pointers. */
export function referencesOf({ fullName, outs }: Method): readonly ParamDef[] {
  let known = outputs.get(fullName);
  if (known === undefined) {
    known = outs.filter((o) => holdsReference(o.type));
    outputs.set(fullName, known);
  }
  return known;
}

/**
 * A copy of the value in which each interface pointer but NULL is what `change` makes of it; everything that holds none
 * is kept as it is.
 */
export function mapReferences(
  type: TypeDef,
  value: unknown,
  change: (reference: unknown, interfaceName: string) => unknown,
): unknown {
  if (value === null || value === undefined || typeof value === 'symbol' || !holdsReference(type)) return value;
  switch (type.kind) {
    case 'interface':
      return change(value, type.name);
    case 'pointer':
      return mapReferences(type.to, value, change);
    case 'array':
      return (value as readonly unknown[]).map((item) => mapReferences(type.of, item, change));
    case 'struct': {
      const copy: Record<string, unknown> = { ...(value as Readonly<Record<string, unknown>>) };
      for (const field of structure(type.name).fields)
        if (field.name in copy) copy[field.name] = mapReferences(field.type, copy[field.name], change);
      return copy;
    }
    default:
      return value;
  }
}

/** By handle how many references. */
export type References = ReadonlyMap<Handle, number>;

/** The references that a session holds, by handle, and those that were taken since some moment. */
export class HeldReferences {
  private readonly held = new Map<Handle, number>();
  private readonly notes = new Set<Map<Handle, number>>();

  get all(): References {
    return this.held;
  }

  add(handle: Handle): void {
    this.count(handle, 1);
  }

  /** Takes one reference out. Gives how many are left; undefined where none was held. */
  remove(handle: Handle): number | undefined {
    if (!this.held.has(handle)) return undefined;
    this.count(handle, -1);
    return this.held.get(handle) ?? 0;
  }

  private count(handle: Handle, change: 1 | -1): void {
    const held = (this.held.get(handle) ?? 0) + change;
    if (held > 0) this.held.set(handle, held);
    else this.held.delete(handle);
    for (const note of this.notes) note.set(handle, (note.get(handle) ?? 0) + change);
  }

  /** Takes note from now on, until `close`: a copy of all that is held is dear to make often. */
  note(): References {
    const taken = new Map<Handle, number>();
    this.notes.add(taken);
    return taken;
  }

  /** What was taken since `note` and not given back, each reference once. */
  close(note: References): Handle[] {
    this.notes.delete(note as Map<Handle, number>);
    return [...note].flatMap(([handle, count]) => Array.from({ length: Math.max(count, 0) }, () => handle));
  }

  /** What was taken since an earlier copy of `all`, each reference once. */
  since(before: References): Handle[] {
    const surplus: Handle[] = [];
    for (const [handle, count] of this.held)
      for (let held = before.get(handle) ?? 0; held < count; held++) surplus.push(handle);
    return surplus;
  }
}
