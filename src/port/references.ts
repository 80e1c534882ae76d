// Where interface pointers can be in a value of the contract.
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
