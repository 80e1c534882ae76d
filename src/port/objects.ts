// Typed VDS objects over a session. One class is made for each interface of the contract when it is first needed; no
// method is written by hand.
import type { Untouched } from '../contract/codec.js';
import { HR } from '../contract/hresult.js';
import {
  interfaceDef,
  method,
  type Handle,
  type InterfaceName,
  type Method,
  type MethodName,
} from '../contract/tables.js';
import { mapReferences, referencesOf } from './references.js';
import type { CallRecord } from './trace.js';

/** Interface name to typed object, for `object.as('IVdsLun')`. generated/typed.ts declares its members. */
export interface TypedInterfaces {}

/** The session of an object, as the object uses it. */
interface ObjectSession {
  invoke(
    handle: Handle,
    name: MethodName,
    args: Record<string, unknown>,
    options?: CallOptions,
  ): Promise<Result<Record<string, unknown>>>;
  own(handle: Handle, name: InterfaceName): VdsObject;
  queryInterface(
    handle: Handle,
    name: InterfaceName,
  ): Promise<{ readonly hr: number; readonly object: VdsObject | null }>;
  addRef(handle: Handle): Promise<number>;
  release(handle: Handle): Promise<number>;
  identity(handle: Handle): Promise<number>;
}

/** A value for an interface pointer: an object of this session, or NULL. */
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

/** Methods that are not called again when they had no memory: what they did before that would be done twice. */
const NOT_AGAIN: ReadonlySet<MethodName> = new Set<MethodName>([
  'IVdsProviderPrivate.OnLoad',
  'IVdsProviderPrivate.OnUnload',
  'IEnumVdsObject.Next',
  'IEnumVdsObject.Skip',
]);

const methodProperty = (name: string): string => name[0]?.toLowerCase() + name.slice(1);

/**
 * How a typed call's arguments become the port's: objects to handles, counts filled in from their arrays, absent ones
 * NULL.
 */
function unfold(
  session: ObjectSession,
  called: Method,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const args: Record<string, unknown> = {};
  for (const param of called.ins) {
    const value = given[param.name];
    // Its number would be taken for another object's.
    if (value instanceof VdsObject && value.session !== session)
      throw new TypeError(`${called.fullName}: ${param.name} is an object of another session`);
    args[param.name] = value instanceof VdsObject ? value.handle : (value ?? null);
  }
  for (const param of called.ins) {
    if ((param.type.kind !== 'array' && param.type.kind !== 'bytes') || given[param.type.count] !== undefined) continue;
    args[param.type.count] = (args[param.name] as { length: number } | null)?.length ?? 0;
  }
  return args;
}

/**
 * An interface pointer of the provider. Made by a session; the methods of its interface are added by the class for that
 * interface.
 */
export class VdsObject {
  protected constructor(
    readonly session: ObjectSession,
    readonly handle: Handle,
    readonly interfaceName: InterfaceName,
  ) {}

  private static readonly classes = new Map<
    InterfaceName,
    new (session: ObjectSession, handle: Handle, name: InterfaceName) => VdsObject
  >();

  /** The typed object for an interface pointer. */
  static of(session: ObjectSession, handle: Handle, name: InterfaceName): VdsObject {
    let Class = VdsObject.classes.get(name);
    if (Class === undefined) {
      Class = class extends VdsObject {
        constructor(s: ObjectSession, h: Handle, n: InterfaceName) {
          super(s, h, n);
        }
      };
      for (const m of interfaceDef(name).methods) {
        const fullName = `${name}.${m.name}` as MethodName;
        const takesArguments = method(fullName).ins.length > 0;
        Object.defineProperty(Class.prototype, methodProperty(m.name), {
          value: function call(this: VdsObject, first?: object, second?: CallOptions) {
            return takesArguments
              ? this.call(fullName, (first ?? {}) as Record<string, unknown>, second)
              : this.call(fullName, {}, first as CallOptions | undefined);
          },
        });
      }
      VdsObject.classes.set(name, Class);
    }
    return new Class(session, handle, name);
  }

  /** Calls a method of this interface by its full name. */
  async call(
    fullName: MethodName,
    args: Readonly<Record<string, unknown>>,
    options?: CallOptions,
  ): Promise<Result<Record<string, unknown>>> {
    const called = method(fullName);
    const ask = () => this.session.invoke(this.handle, fullName, unfold(this.session, called, args), options);
    let raw = await ask();
    // Every page lists it, and it passes: a caller asks once more before it gives up.
    if (raw.hr === HR.E_OUTOFMEMORY && !NOT_AGAIN.has(fullName)) raw = await ask();
    const own = (reference: unknown, name: string): VdsObject =>
      this.session.own(reference as Handle, name as InterfaceName);
    const references = referencesOf(called);
    if (references.length === 0) return raw;
    const out: Record<string, unknown> = { ...raw.out };
    for (const { name, type } of references) if (name in out) out[name] = mapReferences(type, out[name], own);
    return { hr: raw.hr, out, record: raw.record };
  }

  /** QueryInterface. `object` is null when the answer is a failure, usually E_NOINTERFACE. */
  async queryInterface<I extends keyof TypedInterfaces>(
    name: I,
  ): Promise<{ readonly hr: number; readonly object: TypedInterfaces[I] | null }> {
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
