// Changes single behaviours of any provider at its port, whatever it is written in: for experiments ("would the suite
// notice if …?") and for the defects next to this file. An override sees the decoded call and may let the provider
// answer it with next(), before or after acting.
//
// Rules that keep an experiment honest:
// - State belongs to a session. Keep it in the function that makes the overrides: it is called once for each session.
// - An override may call the inner port itself. It must release every pointer that an answer to it holds, and one that
//   it takes out of an answer on the way to the caller.
// - A pointer that is handed to the caller carries one reference. Handing one pointer out twice needs an addRef.
import { UNTOUCHED, type Untouched } from '../../src/contract/codec.js';
import type { Guid } from '../../src/contract/guid.js';
import type { RawMethods } from '../../src/contract/generated/raw.js';
import { interfaceDef, type Handle, type InterfaceName, type MethodName } from '../../src/contract/tables.js';
import type {
  Call,
  Capabilities,
  Notification,
  OpenOptions,
  Port,
  ProviderAdapter,
  Reply,
  TransportFaults,
} from '../../src/port/port.js';

/** The arguments of one method, typed. */
export interface MethodCall<M extends MethodName> extends Call {
  readonly method: M;
  readonly args: RawMethods[M]['in'];
}

/**
 * The outputs of one method: each is the value, NULL, or UNTOUCHED; those that the caller passed as NULL are absent.
 */
export type MethodOutputs<M extends MethodName> = {
  readonly [K in keyof RawMethods[M]['out']]?: RawMethods[M]['out'][K] | null | Untouched;
};

export interface MethodReply<M extends MethodName> {
  readonly hr: number;
  readonly out: MethodOutputs<M>;
}

/**
 * Answers a call of one method. `next()` asks the provider, with changed arguments if any are given, on the same object
 * or another.
 */
export type MethodOverride<M extends MethodName> = (
  call: MethodCall<M>,
  next: (changed?: { readonly object?: Handle; readonly args?: RawMethods[M]['in'] }) => Promise<MethodReply<M>>,
) => Promise<MethodReply<M>>;

export interface QueryInterfaceReply {
  readonly hr: number;
  readonly object: Handle | null;
}

/** The answers that differ from the provider's. Everything left out passes unchanged. */
export interface Overrides {
  /** By method, typed. */
  readonly methods?: { readonly [M in MethodName]?: MethodOverride<M> };
  /** Every method that `methods` does not name. */
  readonly invoke?: (call: Call, next: (changed?: Call) => Promise<Reply>) => Promise<Reply>;
  readonly createInstance?: (next: () => Promise<Handle>) => Promise<Handle>;
  readonly queryInterface?: (
    object: Handle,
    interfaceName: InterfaceName,
    next: () => Promise<QueryInterfaceReply>,
  ) => Promise<QueryInterfaceReply>;
  readonly addRef?: (object: Handle, next: () => Promise<number>) => Promise<number>;
  readonly release?: (object: Handle, next: () => Promise<number>) => Promise<number>;
  readonly identity?: (object: Handle, next: () => Promise<number>) => Promise<number>;
  /** Each OnNotify on its way to the harness: `deliver` it, changed, more than once, or not at all. */
  readonly onNotification?: (notification: Notification, deliver: (notification: Notification) => void) => void;
}

/** Makes the overrides of one session; `inner` is the provider as it is. */
export type MakeOverrides = (inner: Port) => Overrides;

type AnyOverride = (call: Call, next: (changed?: Partial<Call>) => Promise<Reply>) => Promise<Reply>;

class OverriddenPort implements Port {
  readonly capabilities: Capabilities;
  readonly transportFaults: TransportFaults | undefined;

  constructor(
    private readonly inner: Port,
    private readonly overrides: Overrides,
  ) {
    this.capabilities = inner.capabilities;
    this.transportFaults = inner.transportFaults;
  }

  createInstance(): Promise<Handle> {
    const next = (): Promise<Handle> => this.inner.createInstance();
    return this.overrides.createInstance?.(next) ?? next();
  }

  queryInterface(object: Handle, iid: Guid, interfaceName: InterfaceName): Promise<QueryInterfaceReply> {
    const next = (): Promise<QueryInterfaceReply> => this.inner.queryInterface(object, iid, interfaceName);
    return this.overrides.queryInterface?.(object, interfaceName, next) ?? next();
  }

  addRef(object: Handle): Promise<number> {
    const next = (): Promise<number> => this.inner.addRef(object);
    return this.overrides.addRef?.(object, next) ?? next();
  }

  release(object: Handle): Promise<number> {
    const next = (): Promise<number> => this.inner.release(object);
    return this.overrides.release?.(object, next) ?? next();
  }

  identity(object: Handle): Promise<number> {
    const next = (): Promise<number> => this.inner.identity(object);
    return this.overrides.identity?.(object, next) ?? next();
  }

  invoke(call: Call): Promise<Reply> {
    const next = (changed?: Partial<Call>): Promise<Reply> =>
      this.inner.invoke(changed === undefined ? call : { ...call, ...changed });
    // The map's type holds each method's name and its override together; by name alone the compiler no longer knows
    // that they match.
    const ofMethod = this.overrides.methods?.[call.method] as AnyOverride | undefined;
    return (ofMethod ?? this.overrides.invoke)?.(call, next) ?? next();
  }

  onNotification(listener: (notification: Notification) => void): void {
    const { onNotification } = this.overrides;
    this.inner.onNotification(
      onNotification === undefined ? listener : (notification) => onNotification(notification, listener),
    );
  }

  createSink(): Promise<Handle> {
    return this.inner.createSink();
  }
  setSinkAnswer(hr: number): Promise<void> {
    return this.inner.setSinkAnswer(hr);
  }
  drainNotifications(): Promise<void> {
    return this.inner.drainNotifications();
  }
  close(): Promise<void> {
    return this.inner.close();
  }
  terminate(reason: string): Promise<void> {
    return this.inner.terminate(reason);
  }
}

/** The port with these behaviours changed. */
export function overridePort(port: Port, overrides: Overrides): Port {
  return new OverriddenPort(port, overrides);
}

/**
 * The adapter with behaviours changed in each of its sessions; export it as `adapter` from a module of your own and
 * pass that to --provider. `make` is called once for each session, with the session's port as it is.
 */
export function withOverrides(adapter: ProviderAdapter, make: MakeOverrides): ProviderAdapter {
  return {
    name: `${adapter.name}, changed`,
    async open(options: OpenOptions): Promise<Port> {
      const inner = await adapter.open(options);
      return overridePort(inner, make(inner));
    },
  };
}

/** The value of an output, or undefined where the provider left it untouched, NULL, or was given nowhere to put it. */
export function given<T>(output: T | null | Untouched | undefined): T | undefined {
  return output === UNTOUCHED || output === null ? undefined : output;
}

/**
 * Calls a method on the inner port with typed arguments and outputs. Pointers in the answer are the override's own, to
 * be released.
 */
export async function ask<M extends MethodName>(
  inner: Port,
  object: Handle,
  name: M,
  args: RawMethods[M]['in'],
): Promise<MethodReply<M>> {
  return (await inner.invoke({ object, method: name, args })) as MethodReply<M>;
}

const MORE_THAN_ALL = 0xffff;

/** Leaves nothing of an enumerator that a query has given. */
export async function skipToTheEnd(inner: Port, output: Handle | null | Untouched | undefined): Promise<void> {
  const enumerator = given(output);
  if (enumerator !== undefined) await ask(inner, enumerator, 'IEnumVdsObject.Skip', { celt: MORE_THAN_ALL });
}

/** Another interface of an object, with a reference of its own, or null. */
export async function interfaceOf(inner: Port, object: Handle, name: InterfaceName): Promise<Handle | null> {
  return (await inner.queryInterface(object, interfaceDef(name).iid, name)).object;
}
