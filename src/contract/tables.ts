// How to find a row of the contract's tables. What one looks like is in definitions.ts; the rows themselves are
// generated (generated/tables.ts).
import type { ParamDef, MethodDef, InterfaceDef, StructureDef, EnumerationDef, CodeDef } from './definitions.js';
import { CODE_TABLE, ENUMERATION_TABLE, INTERFACE_TABLE, STRUCTURE_TABLE } from './generated/tables.js';
import type { RawMethods } from './generated/raw.js';

export type * from './definitions.js';

/** `IVdsLun.Extend` */
export type MethodName = keyof RawMethods;
export type InterfaceName = MethodName extends `${infer I}.${string}` ? I | 'IUnknown' : never;

export const interfaces: ReadonlyMap<string, InterfaceDef> = new Map(INTERFACE_TABLE.map((i) => [i.name, i]));
export const structures: ReadonlyMap<string, StructureDef> = new Map(STRUCTURE_TABLE.map((s) => [s.name, s]));
export const enumerations: ReadonlyMap<string, EnumerationDef> = new Map(ENUMERATION_TABLE.map((e) => [e.name, e]));
export const codes: readonly CodeDef[] = CODE_TABLE;

export interface Method extends MethodDef {
  readonly interfaceName: InterfaceName;
  readonly fullName: MethodName;
  readonly ins: readonly ParamDef[];
  readonly outs: readonly ParamDef[];
}

const methods = new Map<string, Method>(
  INTERFACE_TABLE.flatMap((i) =>
    i.methods.map((m): [string, Method] => {
      const fullName = `${i.name}.${m.name}` as MethodName;
      const pick = (direction: string) => m.params.filter((p) => p.direction === direction);
      return [fullName, { ...m, interfaceName: i.name as InterfaceName, fullName, ins: pick('in'), outs: pick('out') }];
    }),
  ),
);

export const allMethods: readonly Method[] = [...methods.values()];

/** Looks up `IVdsLun.Extend`. Throws RangeError for a name the contract does not have. */
export function method(fullName: string): Method {
  const found = methods.get(fullName);
  if (!found) throw new RangeError(`the contract has no method ${fullName}`);
  return found;
}

/** The same, or undefined. */
export const knownMethod = (fullName: string): Method | undefined => methods.get(fullName);

/** Looks up an interface. Throws RangeError for a name the contract does not have. */
export function interfaceDef(name: string): InterfaceDef {
  const found = interfaces.get(name);
  if (!found) throw new RangeError(`the contract has no interface ${name}`);
  return found;
}

/** Looks up a structure. Throws RangeError for a name the contract does not have. */
export function structure(name: string): StructureDef {
  const found = structures.get(name);
  if (!found) throw new RangeError(`the contract has no structure ${name}`);
  return found;
}
