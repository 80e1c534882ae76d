// A port over objects written in JavaScript: reference counts, identity, QueryInterface and dispatch, so that a provider in this language
// writes only its methods. The in-memory provider and a vendor's module are made with it.
import { UNTOUCHED, type Untouched } from '../contract/codec.js';
import { parseGuid, type Guid } from '../contract/guid.js';
import { HR } from '../contract/hresult.js';
import type { RawMethods } from '../contract/generated/raw.js';
import type { VDS_NOTIFICATION } from '../contract/generated/structures.js';
import { interfaces, method, structure, type Handle, type InterfaceName, type MethodName, type TypeDef } from '../contract/tables.js';
import { ProviderNotLoaded, ProviderProtocolError } from './errors.js';
import type { Call, Capabilities, Notification, Port, Reply } from './port.js';

/** The harness's advise sink, as a provider in JavaScript sees it. */
export interface Sink {
  addRef(): number;
  release(): number;
  /** IVdsAdviseSink::OnNotify. Answers the sink's HRESULT. */
  onNotify(notifications: readonly VDS_NOTIFICATION[]): number;
}

/** A contract type on the provider's side: interface pointers are servants (or the sink). */
export type Served<T> =
  T extends Handle ? Servant | Sink
  : T extends bigint | string | number | boolean | null | undefined | Uint8Array ? T
  : T extends readonly (infer U)[] ? readonly Served<U>[]
  : { readonly [K in keyof T]: Served<T[K]> };

export interface CallContext {
  /** Out parameters that the caller passed as NULL. */
  readonly nullOuts: ReadonlySet<string>;
}

/** What a method answers. Outputs it does not name stay untouched. */
export interface Answer<M extends MethodName> {
  readonly hr: number;
  readonly out?: Partial<{ readonly [K in keyof RawMethods[M]['out']]: Served<RawMethods[M]['out'][K]> | Untouched }>;
}

type Implement<M extends MethodName> = (args: Served<RawMethods[M]['in']>, context: CallContext) => Answer<M> | Promise<Answer<M>>;

/** The methods of one interface, by VDS's names. Those left out are answered by the server's `unimplemented`. */
export type Implementation<I extends InterfaceName> = {
  readonly [M in MethodName as M extends `${I}.${infer Name}` ? Name : never]?: Implement<M>;
};

export type InterfaceMap = { readonly [I in InterfaceName]?: Implementation<I> };

type AnyMethod = (args: Record<string, unknown>, context: CallContext) => Answer<MethodName> | Promise<Answer<MethodName>>;

/** A COM object in JavaScript: `interfaces` holds its implementations. */
export abstract class Servant {
  abstract readonly interfaces: InterfaceMap;
  /** References held by the harness. */
  references = 0;

  /** Called after the last reference is released. */
  onFinalRelease(): void {}
}

export interface ServerOptions {
  /** Makes the provider object, for each CoCreateInstance. */
  readonly create: () => Servant | Promise<Servant>;
  readonly capabilities?: Partial<Capabilities>;
  /** Looks at a call first; an HRESULT ends it there. */
  readonly guard?: (servant: Servant, name: MethodName, context: CallContext) => number | undefined;
  /** The HRESULT for a method that a servant's interface leaves out. E_NOTIMPL unless given. */
  readonly unimplemented?: (servant: Servant, name: MethodName) => number;
  readonly close?: () => void | Promise<void>;
}

class HarnessSink extends Servant implements Sink {
  readonly interfaces = {};
  handle = 0 as Handle;
  held = 0;

  constructor(private readonly deliver: (sink: Handle, notifications: readonly VDS_NOTIFICATION[]) => number) { super(); }

  addRef(): number {
    this.held += 1;
    return this.references + this.held;
  }

  release(): number {
    this.held -= 1;
    return this.references + this.held;
  }

  onNotify(notifications: readonly VDS_NOTIFICATION[]): number {
    return this.deliver(this.handle, notifications);
  }
}

interface Pointer {
  readonly servant: Servant;
  readonly interfaceName: InterfaceName;
  references: number;
}

const ALL_CAPABILITIES: Capabilities = { nullOuts: true, parallelCalls: true, releaseCounts: true, isolated: false, disposable: true, guardedMemory: false };
const NO_NULLS: CallContext = { nullOuts: new Set() };

export class ObjectServer implements Port {
  readonly capabilities: Capabilities;
  private readonly pointers = new Map<Handle, Pointer>();
  private readonly identities = new Map<Servant, number>();
  private nextHandle = 1;
  private nextIdentity = 1;
  private sinkAnswer: number = HR.S_OK;
  private listener: (notification: Notification) => void = () => {};

  constructor(private readonly options: ServerOptions) {
    this.capabilities = { ...ALL_CAPABILITIES, ...options.capabilities };
  }

  async createInstance(): Promise<Handle> {
    return this.give(await this.options.create(), 'IUnknown');
  }

  async queryInterface(object: Handle, iid: Guid, interfaceName: InterfaceName): Promise<{ hr: number; object: Handle | null }> {
    const { servant } = this.pointer(object);
    const known = interfaces.get(interfaceName)?.iid === parseGuid(iid);
    if (!known || (interfaceName !== 'IUnknown' && servant.interfaces[interfaceName] === undefined)) return { hr: HR.E_NOINTERFACE, object: null };
    return { hr: HR.S_OK, object: this.give(servant, interfaceName) };
  }

  async addRef(object: Handle): Promise<number> {
    const pointer = this.pointer(object);
    pointer.references += 1;
    return ++pointer.servant.references;
  }

  async release(object: Handle): Promise<number> {
    const pointer = this.pointer(object);
    pointer.references -= 1;
    if (pointer.references === 0) this.pointers.delete(object);
    const { servant } = pointer;
    servant.references -= 1;
    if (servant.references === 0) {
      this.identities.delete(servant);
      servant.onFinalRelease();
    }
    return servant instanceof HarnessSink ? servant.references + servant.held : servant.references;
  }

  async identity(object: Handle): Promise<number> {
    const { servant } = this.pointer(object);
    let id = this.identities.get(servant);
    if (id === undefined) this.identities.set(servant, (id = this.nextIdentity++));
    return id;
  }

  async invoke(call: Call): Promise<Reply> {
    const pointer = this.pointer(call.object);
    const called = method(call.method);
    if (pointer.interfaceName !== called.interfaceName) {
      throw new ProviderProtocolError(`${call.method} was called through a pointer to ${pointer.interfaceName}`);
    }
    const context: CallContext = call.nullOuts === undefined || call.nullOuts.length === 0 ? NO_NULLS : { nullOuts: new Set(call.nullOuts) };
    const { servant } = pointer;
    const guarded = this.options.guard?.(servant, call.method, context);
    let answer: { readonly hr: number; readonly out?: Readonly<Record<string, unknown>> };
    if (guarded !== undefined) answer = { hr: guarded };
    else {
      const implementation = servant.interfaces[called.interfaceName] as Readonly<Record<string, AnyMethod | undefined>> | undefined;
      const body = implementation?.[called.name];
      answer = body === undefined
        ? { hr: this.options.unimplemented?.(servant, call.method) ?? HR.E_NOTIMPL }
        : await body.call(implementation, this.incoming(called.ins, call.args), context);
    }
    const out: Record<string, unknown> = {};
    for (const param of called.outs) {
      if (context.nullOuts.has(param.name)) continue;
      const value = answer.out?.[param.name];
      out[param.name] = value === undefined ? UNTOUCHED : this.outgoing(param.type, value);
    }
    return { hr: answer.hr, out };
  }

  async createSink(): Promise<Handle> {
    const sink = new HarnessSink((handle, notifications) => {
      this.listener({ sink: handle, count: notifications.length, notifications });
      return this.sinkAnswer;
    });
    sink.handle = this.give(sink, 'IVdsAdviseSink');
    return sink.handle;
  }

  async setSinkAnswer(hr: number): Promise<void> {
    this.sinkAnswer = hr;
  }

  onNotification(listener: (notification: Notification) => void): void {
    this.listener = listener;
  }

  // Delivery is a plain function call here, so nothing is ever on its way.
  async drainNotifications(): Promise<void> {}

  async close(): Promise<void> {
    this.pointers.clear();
    await this.options.close?.();
  }

  async terminate(): Promise<void> {
    this.pointers.clear();
  }

  private pointer(object: Handle): Pointer {
    const found = this.pointers.get(object);
    if (found === undefined) throw new ProviderProtocolError(`object ${object} does not exist, or its last reference was released`);
    return found;
  }

  private give(servant: Servant, interfaceName: InterfaceName): Handle {
    if (!(servant instanceof Servant)) throw new ProviderNotLoaded('the module answered something that is no Servant', { hint: 'Interface pointers are objects of classes that extend Servant.' });
    const handle = this.nextHandle++ as Handle;
    this.pointers.set(handle, { servant, interfaceName, references: 1 });
    servant.references += 1;
    return handle;
  }

  /** Handles in arguments become servants. Only whole parameters are interface pointers in the contract, never members. */
  private incoming(params: readonly { readonly name: string; readonly type: TypeDef }[], args: Readonly<Record<string, unknown>>): Record<string, unknown> {
    if (!params.some((p) => p.type.kind === 'interface')) return args as Record<string, unknown>;
    const copy = { ...args };
    for (const param of params) {
      if (param.type.kind === 'interface' && copy[param.name] !== null) copy[param.name] = this.pointer(copy[param.name] as Handle).servant;
    }
    return copy;
  }

  private outgoing(type: TypeDef, value: unknown): unknown {
    if (value === null || value === UNTOUCHED) return value;
    switch (type.kind) {
      case 'interface': return this.give(value as Servant, type.name as InterfaceName);
      case 'pointer': return this.outgoing(type.to, value);
      case 'array': return type.of.kind === 'interface' ? (value as unknown[]).map((item) => this.outgoing(type.of, item)) : value;
      case 'struct': return type.name === 'VDS_ASYNC_OUTPUT' || type.name.startsWith('VDS_ASYNC_OUTPUT_') ? this.outgoingMembers(type.name, value as Record<string, unknown>) : value;
      default: return value;
    }
  }

  private outgoingMembers(name: string, value: Readonly<Record<string, unknown>>): Record<string, unknown> {
    return Object.fromEntries(structure(name).fields.filter((f) => value[f.name] !== undefined).map((f) => [f.name, this.outgoing(f.type, value[f.name])]));
  }
}
