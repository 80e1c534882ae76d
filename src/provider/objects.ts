// Typed VDS objects over a session. One class is made for each interface of the contract when it is first needed; no method is written by hand.
import { interfaceDef, method, structure, type Handle, type InterfaceName, type Method, type MethodName, type TypeDef } from '../contract/tables.js';
import type { Untouched } from '../contract/codec.js';
import type { TypedInterfaces } from './generated/typed.js';
import type { Session } from './session.js';
import type { CallRecord } from './trace.js';

export type { TypedInterfaces } from './generated/typed.js';

/** What can be passed where an interface pointer is wanted: an object of this session, or NULL. */
export type ObjectArgument = VdsObject;

export interface CallOptions {
  /** Out parameters to pass as NULL, by their names in the contract. */
  readonly nullOuts?: readonly string[];
  /** Milliseconds instead of the operation's usual limit. */
  readonly limit?: number;
}

/** The answer of a call: the HRESULT, each output as the provider left it, and the trace record for messages. */
export interface Result<T> {
  readonly hr: number;
  readonly out: { readonly [K in keyof T]: T[K] | null | Untouched };
  readonly record: CallRecord;
}

const methodProperty = (name: string): string => name[0]?.toLowerCase() + name.slice(1);

/** Interface pointers inside an output, wrapped as objects; the object it is given is not changed. */
function wrap(session: Session, type: TypeDef, value: unknown): unknown {
  if (value === null || value === undefined || typeof value === 'symbol') return value;
  switch (type.kind) {
    case 'interface': return session.own(value as Handle, type.name as InterfaceName);
    case 'pointer': return wrap(session, type.to, value);
    case 'array': return mayHoldReference(type.of) ? (value as unknown[]).map((item) => wrap(session, type.of, item)) : value;
    case 'struct': {
      if (!mayHoldReference(type)) return value;
      const given = value as Record<string, unknown>;
      return Object.fromEntries(Object.entries(given).map(([k, v]) => [k, wrap(session, fieldType(type.name, k), v)]));
    }
    default: return value;
  }
}


const fieldType = (struct: string, name: string): TypeDef => structure(struct).fields.find((f) => f.name === name)?.type ?? { kind: 'u32' };
const references = new Map<string, boolean>();
function mayHoldReference(type: TypeDef): boolean {
  switch (type.kind) {
    case 'interface': return true;
    case 'pointer': return mayHoldReference(type.to);
    case 'array': return mayHoldReference(type.of);
    case 'struct': {
      let known = references.get(type.name);
      if (known === undefined) {
        known = structure(type.name).fields.some((f) => mayHoldReference(f.type));
        references.set(type.name, known);
      }
      return known;
    }
    default: return false;
  }
}

/** How a typed call's arguments become the port's: objects to handles, counts filled in from their arrays, absent ones NULL. */
function unfold(called: Method, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const args: Record<string, unknown> = {};
  for (const param of called.ins) {
    const value = given[param.name];
    args[param.name] = value instanceof VdsObject ? value.handle : (value ?? null);
  }
  for (const param of called.ins) {
    if ((param.type.kind !== 'array' && param.type.kind !== 'bytes') || given[param.type.count] !== undefined) continue;
    args[param.type.count] = (args[param.name] as { length: number } | null)?.length ?? 0;
  }
  return args;
}

/** An interface pointer of the provider. Made by a session; the methods of its interface are added by the class for that interface. */
export class VdsObject {
  protected constructor(readonly session: Session, readonly handle: Handle, readonly interfaceName: InterfaceName) {}

  private static readonly classes = new Map<InterfaceName, new (session: Session, handle: Handle, name: InterfaceName) => VdsObject>();

  /** The typed object for an interface pointer. */
  static of(session: Session, handle: Handle, name: InterfaceName): VdsObject {
    let Class = VdsObject.classes.get(name);
    if (Class === undefined) {
      Class = class extends VdsObject {
        constructor(s: Session, h: Handle, n: InterfaceName) { super(s, h, n); }
      };
      for (const m of interfaceDef(name).methods) {
        const fullName = `${name}.${m.name}` as MethodName;
        const takesArguments = method(fullName).ins.length > 0;
        Object.defineProperty(Class.prototype, methodProperty(m.name), {
          value: function call(this: VdsObject, first?: object, second?: CallOptions) {
            return takesArguments ? this.call(fullName, (first ?? {}) as Record<string, unknown>, second) : this.call(fullName, {}, first as CallOptions | undefined);
          },
        });
      }
      VdsObject.classes.set(name, Class);
    }
    return new Class(session, handle, name);
  }

  /** Calls a method of this interface by its full name. */
  async call(fullName: MethodName, args: Readonly<Record<string, unknown>>, options?: CallOptions): Promise<Result<Record<string, unknown>>> {
    const called = method(fullName);
    const raw = await this.session.invoke(this.handle, fullName, unfold(called, args), options);
    let out: Record<string, unknown> = raw.out as Record<string, unknown>;
    if (called.outs.some((p) => mayHoldReference(p.type))) {
      out = Object.fromEntries(called.outs.filter((p) => p.name in raw.out).map((p) => [p.name, wrap(this.session, p.type, raw.out[p.name])]));
    }
    return { hr: raw.hr, out, record: raw.record };
  }

  /** QueryInterface. `object` is null when the answer is a failure, usually E_NOINTERFACE. */
  async queryInterface<I extends keyof TypedInterfaces>(name: I): Promise<{ readonly hr: number; readonly object: TypedInterfaces[I] | null }> {
    return (await this.session.queryInterface(this.handle, name)) as { hr: number; object: TypedInterfaces[I] | null };
  }

  /** The object's other interface, or null where it does not have it. */
  async as<I extends keyof TypedInterfaces>(name: I): Promise<TypedInterfaces[I] | null> {
    return (await this.queryInterface(name)).object;
  }

  /** AddRef: the object then takes one more release. Answers the provider's count. */
  addRef(): Promise<number> {
    return this.session.addRef(this.handle);
  }

  /** Release. Answers the provider's count; after the last one the object must not be used. */
  release(): Promise<number> {
    return this.session.release(this.handle);
  }

  /** COM identity, equal for two pointers exactly if they are of one object. */
  identity(): Promise<number> {
    return this.session.identity(this.handle);
  }
}
