// A port over objects written in JavaScript: reference counts, identity, QueryInterface and dispatch, so that a
// provider in this language writes only its methods. The in-memory provider and a vendor's module are made with it.
import { NO_CAPABILITIES } from './capabilities.js';
import { inspect } from 'node:util';
import { UNTOUCHED, type Untouched } from '../contract/codec.js';
import { parseGuid, type Guid } from '../contract/guid.js';
import { HR } from '../contract/hresult.js';
import type { RawMethods } from '../contract/generated/raw.js';
import type { VDS_NOTIFICATION } from '../contract/generated/structures.js';
import {
  interfaces,
  method,
  type Handle,
  type InterfaceName,
  type Method,
  type MethodName,
  type ParamDef,
} from '../contract/tables.js';
import { ProviderHung, ProviderNotLoaded, ProviderProtocolError, type HarnessError } from './errors.js';
import type { Call, Capabilities, Notification, Port, Reply } from './port.js';
import { holdsReference, mapReferences } from './references.js';

/** The harness's advise sink, as a provider in JavaScript sees it. */
export interface Sink {
  addRef(): number;
  release(): number;
  /** IVdsAdviseSink::OnNotify. Answers the sink's HRESULT. */
  onNotify(notifications: readonly VDS_NOTIFICATION[]): number;
}

/** A contract type on the provider's side: interface pointers are servants (or the sink). */
export type Served<T> = T extends Handle
  ? Servant | Sink
  : T extends bigint | string | number | boolean | null | undefined | Uint8Array
    ? T
    : T extends readonly (infer U)[]
      ? readonly Served<U>[]
      : { readonly [K in keyof T]: Served<T[K]> };

export interface CallContext {
  /** Out parameters that the caller passed as NULL. */
  readonly nullOuts: ReadonlySet<string>;
}

/** The answer of a method. Outputs that it does not name stay untouched. */
export interface Answer<M extends MethodName> {
  readonly hr: number;
  readonly out?: Partial<{ readonly [K in keyof RawMethods[M]['out']]: Served<RawMethods[M]['out'][K]> | Untouched }>;
}

type Implement<M extends MethodName> = (
  args: Served<RawMethods[M]['in']>,
  context: CallContext,
) => Answer<M> | Promise<Answer<M>>;

/** The methods of one interface, by VDS's names. Those left out are answered by the server's `unimplemented`. */
export type Implementation<I extends InterfaceName> = {
  readonly [M in MethodName as M extends `${I}.${infer Name}` ? Name : never]?: Implement<M>;
};

export type InterfaceMap = { readonly [I in InterfaceName]?: Implementation<I> };

interface AnyAnswer {
  readonly hr: number;
  readonly out?: Readonly<Record<string, unknown>>;
}
type AnyMethod = (args: Record<string, unknown>, context: CallContext) => AnyAnswer | Promise<AnyAnswer>;

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
  readonly interfaces: InterfaceMap = { IVdsAdviseSink: {} };
  handle = 0 as Handle;
  /** References held by the provider. */
  held = 0;

  constructor(private readonly deliver: (sink: Handle, notifications: readonly VDS_NOTIFICATION[]) => number) {
    super();
  }

  addRef(): number {
    this.held += 1;
    return this.references + this.held;
  }

  release(): number {
    if (this.held === 0)
      throw new ProviderProtocolError('the provider released the advise sink more often than it called AddRef');
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

const isPromise = <T>(value: T | PromiseLike<T>): value is PromiseLike<T> =>
  typeof (value as { readonly then?: unknown } | null | undefined)?.then === 'function';

/** The count that Release answers: the references of both sides. */
const countOf = (servant: Servant): number => servant.references + (servant instanceof HarnessSink ? servant.held : 0);

const ALL_CAPABILITIES: Capabilities = {
  ...NO_CAPABILITIES,
  nullOuts: true,
  parallelCalls: true,
  releaseCounts: true,
  disposable: true,
};
const NO_NULLS: CallContext = { nullOuts: new Set() };

export class ObjectServer implements Port {
  readonly capabilities: Capabilities;
  private readonly pointers = new Map<Handle, Pointer>();
  private readonly identities = new Map<Servant, number>();
  private nextHandle = 1;
  private nextIdentity = 1;
  private sinkAnswer: number = HR.S_OK;
  private listener: (notification: Notification) => void = () => {};
  private ended: HarnessError | undefined;
  /** Rejects the calls whose methods have not answered yet. */
  private readonly underWay = new Set<(reason: HarnessError) => void>();

  constructor(private readonly options: ServerOptions) {
    this.capabilities = { ...ALL_CAPABILITIES, ...options.capabilities };
  }

  async createInstance(): Promise<Handle> {
    if (this.ended !== undefined) throw this.ended;
    const servant = await this.untilEnded(Promise.resolve(this.options.create()));
    if (!(servant instanceof Servant))
      throw new ProviderNotLoaded('create() returned something that is not a Servant', {
        hint: 'The provider object is of a class that extends Servant.',
      });
    return this.give(servant, 'IUnknown');
  }

  async queryInterface(
    object: Handle,
    iid: Guid,
    interfaceName: InterfaceName,
  ): Promise<{ hr: number; object: Handle | null }> {
    const { servant } = this.pointer(object);
    const known = interfaces.get(interfaceName)?.iid;
    if (
      known === undefined ||
      (iid !== known && parseGuid(iid) !== known) ||
      (interfaceName !== 'IUnknown' && servant.interfaces[interfaceName] === undefined)
    )
      return { hr: HR.E_NOINTERFACE, object: null };
    return { hr: HR.S_OK, object: this.give(servant, interfaceName) };
  }

  async addRef(object: Handle): Promise<number> {
    const pointer = this.pointer(object);
    pointer.references += 1;
    pointer.servant.references += 1;
    return countOf(pointer.servant);
  }

  async release(object: Handle): Promise<number> {
    return this.giveBack(object);
  }

  async releaseAll(objects: readonly Handle[]): Promise<void> {
    const errors: unknown[] = [];
    for (const object of objects) {
      try {
        this.giveBack(object);
      } catch (error) {
        errors.push(error);
        if (this.ended !== undefined) break;
      }
    }
    if (errors.length > 0) throw errors[0];
  }

  private giveBack(object: Handle): number {
    const pointer = this.pointer(object);
    pointer.references -= 1;
    if (pointer.references === 0) this.pointers.delete(object);
    const { servant } = pointer;
    servant.references -= 1;
    if (servant.references === 0) {
      this.identities.delete(servant);
      servant.onFinalRelease();
    }
    return countOf(servant);
  }

  async identity(object: Handle): Promise<number> {
    const { servant } = this.pointer(object);
    let id = this.identities.get(servant);
    if (id === undefined) this.identities.set(servant, (id = this.nextIdentity++));
    return id;
  }

  // Not shortened for methods that answer at once: an answer within the same turn would leave no time in which a fault
  // can strike the call.
  async invoke(call: Call): Promise<Reply> {
    const pointer = this.pointer(call.object);
    const called = method(call.method);
    if (pointer.interfaceName !== called.interfaceName) {
      throw new ProviderProtocolError(`${call.method} was called through a pointer to ${pointer.interfaceName}`);
    }
    const context: CallContext =
      call.nullOuts === undefined || call.nullOuts.length === 0 ? NO_NULLS : { nullOuts: new Set(call.nullOuts) };
    const { servant } = pointer;
    const guarded = this.options.guard?.(servant, call.method, context);
    let answer: AnyAnswer;
    if (guarded !== undefined) answer = { hr: guarded };
    else {
      const implementation = servant.interfaces[called.interfaceName] as
        Readonly<Record<string, AnyMethod | undefined>> | undefined;
      const body = implementation?.[called.name];
      const given =
        body === undefined
          ? { hr: this.options.unimplemented?.(servant, call.method) ?? HR.E_NOTIMPL }
          : body.call(implementation, this.incoming(called.ins, call.args), context);
      answer = isPromise(given) ? await this.untilEnded(given) : given;
    }
    if (typeof answer?.hr !== 'number' || answer.hr >>> 0 !== answer.hr) {
      throw new ProviderProtocolError(`${call.method} answered no HRESULT: ${inspect(answer?.hr)}`, {
        hint: 'A method answers { hr, out }, the HRESULT as an unsigned number.',
      });
    }
    return { hr: answer.hr, out: this.outgoing(called, answer.out ?? {}, context.nullOuts) };
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
    if (this.ended !== undefined) return;
    this.end(new ProviderProtocolError('the session is closed', { endsSession: true }));
    await this.options.close?.();
  }

  /** A method under way runs on, as nothing can end it in this process; only what waits for it is released. */
  async terminate(reason = 'no more calls'): Promise<void> {
    this.end(new ProviderHung(`the provider was ended: ${reason}`));
  }

  private end(reason: HarnessError): void {
    this.ended ??= reason;
    for (const reject of this.underWay) reject(this.ended);
    this.underWay.clear();
    this.pointers.clear();
  }

  /** The answer of the provider's code, unless the session ends first. */
  protected async untilEnded<T>(answer: PromiseLike<T>): Promise<T> {
    let reject: (reason: HarnessError) => void = () => {};
    const ended = new Promise<never>((_, no) => {
      reject = no;
    });
    this.underWay.add(reject);
    try {
      return await Promise.race([answer, ended]);
    } finally {
      this.underWay.delete(reject);
    }
  }

  private pointer(object: Handle): Pointer {
    if (this.ended !== undefined) throw this.ended;
    const found = this.pointers.get(object);
    if (found === undefined)
      throw new ProviderProtocolError(`object ${object} does not exist, or its last reference was released`);
    return found;
  }

  private give(servant: Servant, interfaceName: InterfaceName): Handle {
    const handle = this.nextHandle++ as Handle;
    this.pointers.set(handle, { servant, interfaceName, references: 1 });
    servant.references += 1;
    return handle;
  }

  /**
   * Handles in arguments become servants. Only whole parameters are interface pointers in the contract, never members.
   */
  private incoming(params: readonly ParamDef[], args: Readonly<Record<string, unknown>>): Record<string, unknown> {
    if (!params.some((p) => p.type.kind === 'interface')) return args as Record<string, unknown>;
    const copy = { ...args };
    for (const param of params) {
      if (param.type.kind === 'interface' && copy[param.name] !== null)
        copy[param.name] = this.pointer(copy[param.name] as Handle).servant;
    }
    return copy;
  }

  /** Servants in outputs become handles, and what the method left out is untouched. */
  private outgoing(
    called: Method,
    given: Readonly<Record<string, unknown>>,
    nullOuts: ReadonlySet<string>,
  ): Record<string, unknown> {
    const out: Record<string, unknown> = {};
    for (const { name, type } of called.outs) {
      if (nullOuts.has(name)) continue;
      const value = given[name];
      if (value === undefined) out[name] = UNTOUCHED;
      else if (!holdsReference(type)) out[name] = value;
      else
        out[name] = mapReferences(type, value, (servant, interfaceName) => {
          if (!(servant instanceof Servant))
            throw new ProviderProtocolError(
              `${called.fullName}.${name}: expected a Servant or null, got ${inspect(servant, { depth: 0 })}`,
            );
          return this.give(servant, interfaceName as InterfaceName);
        });
    }
    return out;
  }
}
