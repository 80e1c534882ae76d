// The port as data: each method of Port is one JSON operation, performed by `perform` where the provider is and asked
// for by RemotePort where the checks are. The provider host and REST differ only in the channel between the two.
import {
  decodeArguments,
  decodeOutputs,
  decodeStructure,
  encodeArguments,
  encodeOutputs,
  encodeStructure,
  CodecError,
  type Json,
} from '../contract/codec.js';
import { parseGuid, type Guid } from '../contract/guid.js';
import type { VDS_NOTIFICATION } from '../contract/generated/structures.js';
import { interfaces, method, type Handle, type InterfaceName, type Method } from '../contract/tables.js';
import { ProviderProtocolError, type HarnessError } from './errors.js';
import {
  releaseAll,
  type Call,
  type Capabilities,
  type Notification,
  type Port,
  type Reply,
  type TransportFaults,
} from './port.js';

export type Operation =
  | { readonly op: 'createInstance' | 'createSink' | 'drainNotifications' }
  | { readonly op: 'queryInterface'; readonly object: number; readonly iid: Guid; readonly interface: string }
  | { readonly op: 'addRef' | 'release' | 'identity'; readonly object: number }
  | { readonly op: 'releaseAll'; readonly objects: readonly number[] }
  | {
      readonly op: 'invoke';
      readonly object: number;
      readonly method: string;
      readonly args: Json;
      readonly nullOuts?: readonly string[];
    }
  | { readonly op: 'setSinkAnswer'; readonly hr: number };

export interface NotificationOnTheWire {
  readonly sink: number;
  readonly count: number;
  readonly notifications: readonly Json[];
}

const show = (value: unknown): string =>
  String(JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v))).slice(0, 200);
const object = (value: unknown, what: string): Handle => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value <= 0)
    throw new ProviderProtocolError(`${what} is not an object handle: ${show(value)}`);
  return value as Handle;
};
const list = (value: unknown, what: string): readonly unknown[] => {
  if (!Array.isArray(value)) throw new ProviderProtocolError(`${what} is not an array: ${show(value)}`);
  return value;
};
const integer = (value: unknown, what: string): number => {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 0xffffffff)
    throw new ProviderProtocolError(`${what} is not an unsigned 32-bit integer: ${show(value)}`);
  return value;
};
const long = (value: unknown, what: string): number => {
  if (typeof value !== 'number' || (value | 0) !== value)
    throw new ProviderProtocolError(`${what} is not a 32-bit integer: ${show(value)}`);
  return value;
};
const member = (value: unknown, name: string, what: string): unknown => {
  if (typeof value !== 'object' || value === null || !(name in value))
    throw new ProviderProtocolError(`${what} has no member "${name}": ${show(value)}`);
  return (value as Record<string, unknown>)[name];
};

/**
 * Runs with what does not fit the contract's types as a ProviderProtocolError, which says where it is; too deep to look
 * at does not fit either.
 */
function fitting<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof CodecError || error instanceof RangeError
      ? new ProviderProtocolError(error.message, { cause: error })
      : error;
  }
}

const interfaceNamed = (name: unknown): InterfaceName => {
  if (typeof name !== 'string' || !interfaces.has(name))
    throw new ProviderProtocolError(`the contract has no interface ${String(name)}`);
  return name as InterfaceName;
};
const methodNamed = (name: unknown): Method => {
  try {
    return method(name as string);
  } catch (error) {
    throw new ProviderProtocolError((error as RangeError).message, { cause: error });
  }
};
const guid = (value: unknown, what: string): Guid => {
  const parsed = typeof value === 'string' ? parseGuid(value) : undefined;
  if (parsed === undefined) throw new ProviderProtocolError(`${what} is not a GUID: ${show(value)}`);
  return parsed;
};
const outNames = (called: Method, given: unknown): readonly string[] => {
  const known = (name: unknown): boolean => called.outs.some((p) => p.name === name);
  if (!Array.isArray(given) || !given.every(known))
    throw new ProviderProtocolError(
      `"nullOuts" lists names that are not out parameters of ${called.fullName}: ${show(given)}`,
    );
  return given as string[];
};

/**
 * Performs one operation on a port and gives its JSON answer. Throws ProviderProtocolError for an operation or answer
 * that is not well formed.
 */
export async function perform(port: Port, operation: Operation): Promise<Json> {
  switch (operation.op) {
    case 'createInstance':
      return { object: await port.createInstance() };
    case 'createSink':
      return { object: await port.createSink() };
    case 'drainNotifications':
      await port.drainNotifications();
      return {};
    case 'addRef':
      return { count: await port.addRef(object(operation.object, 'object')) };
    case 'release':
      return { count: await port.release(object(operation.object, 'object')) };
    case 'releaseAll':
      await releaseAll(
        port,
        list(operation.objects, 'objects').map((each) => object(each, 'objects')),
      );
      return {};
    case 'identity':
      return { identity: await port.identity(object(operation.object, 'object')) };
    case 'setSinkAnswer':
      await port.setSinkAnswer(integer(operation.hr, 'hr'));
      return {};
    case 'queryInterface': {
      const reply = await port.queryInterface(
        object(operation.object, 'object'),
        guid(operation.iid, 'iid'),
        interfaceNamed(operation.interface),
      );
      return { hr: reply.hr, object: reply.object };
    }
    case 'invoke': {
      const called = methodNamed(operation.method);
      const nullOuts = outNames(called, operation.nullOuts ?? []);
      const call: Call = {
        object: object(operation.object, 'object'),
        method: called.fullName,
        args: fitting(() => decodeArguments(called, operation.args)),
        nullOuts,
      };
      const reply = await port.invoke(call);
      return {
        hr: integer(reply.hr, `the HRESULT of ${called.fullName}`),
        out: fitting(() => encodeOutputs(called, reply.out, nullOuts)),
      };
    }
    default:
      throw new ProviderProtocolError(`unknown operation ${show(operation)}`);
  }
}

export const encodeNotification = (n: Notification): NotificationOnTheWire => ({
  sink: n.sink,
  count: n.count,
  notifications: n.notifications.map((item) => encodeStructure('VDS_NOTIFICATION', item)),
});
/** Throws ProviderProtocolError when it is not well formed. */
export function decodeNotification(json: unknown): Notification {
  const notifications = list(member(json, 'notifications', 'a notification'), 'a notification\'s "notifications"');
  return {
    sink: object(member(json, 'sink', 'a notification'), 'sink'),
    count: long(member(json, 'count', 'a notification'), 'count'),
    notifications: notifications.map((item) =>
      fitting(() => decodeStructure('VDS_NOTIFICATION', item) as VDS_NOTIFICATION),
    ),
  };
}

/** Carries operations to where the provider is. */
export interface Channel {
  readonly capabilities: Capabilities;
  readonly transportFaults?: TransportFaults | undefined;
  /** Answers what `perform` gave there. Rejects with a HarnessError. */
  request(operation: Operation): Promise<unknown>;
  onNotification(listener: (notification: Notification) => void): void;
  onDeath?(listener: (error: HarnessError) => void): void;
  close(): Promise<void>;
  /** As Port.renew, by a channel. */
  renew?(): Promise<Channel>;
  terminate(reason: string): Promise<void>;
}

/** A port whose provider is at the other end of a channel. */
export class RemotePort implements Port {
  readonly capabilities: Capabilities;
  readonly transportFaults: TransportFaults | undefined;
  readonly renew?: () => Promise<Port>;

  constructor(private readonly channel: Channel) {
    this.capabilities = channel.capabilities;
    this.transportFaults = channel.transportFaults;
    const renew = channel.renew?.bind(channel);
    if (renew !== undefined) this.renew = async () => new RemotePort(await renew());
  }

  async createInstance(): Promise<Handle> {
    return object(
      member(await this.channel.request({ op: 'createInstance' }), 'object', 'createInstance'),
      'createInstance',
    );
  }

  async createSink(): Promise<Handle> {
    return object(member(await this.channel.request({ op: 'createSink' }), 'object', 'createSink'), 'createSink');
  }

  async queryInterface(
    target: Handle,
    iid: Guid,
    interfaceName: InterfaceName,
  ): Promise<{ hr: number; object: Handle | null }> {
    const reply = await this.channel.request({ op: 'queryInterface', object: target, iid, interface: interfaceName });
    const found = member(reply, 'object', 'queryInterface');
    return {
      hr: integer(member(reply, 'hr', 'queryInterface'), 'hr'),
      object: found === null ? null : object(found, 'queryInterface'),
    };
  }

  async addRef(target: Handle): Promise<number> {
    return integer(member(await this.channel.request({ op: 'addRef', object: target }), 'count', 'addRef'), 'count');
  }

  async release(target: Handle): Promise<number> {
    return integer(member(await this.channel.request({ op: 'release', object: target }), 'count', 'release'), 'count');
  }

  async releaseAll(objects: readonly Handle[]): Promise<void> {
    await this.channel.request({ op: 'releaseAll', objects });
  }

  async identity(target: Handle): Promise<number> {
    return integer(
      member(await this.channel.request({ op: 'identity', object: target }), 'identity', 'identity'),
      'identity',
    );
  }

  async setSinkAnswer(hr: number): Promise<void> {
    await this.channel.request({ op: 'setSinkAnswer', hr });
  }

  async drainNotifications(): Promise<void> {
    await this.channel.request({ op: 'drainNotifications' });
  }

  async invoke(call: Call): Promise<Reply> {
    const called = method(call.method);
    const nullOuts = call.nullOuts ?? [];
    const args = encodeArguments(called, call.args);
    const reply = await this.channel.request({
      op: 'invoke',
      object: call.object,
      method: call.method,
      args,
      ...(nullOuts.length > 0 ? { nullOuts } : {}),
    });
    return {
      hr: integer(member(reply, 'hr', call.method), 'hr'),
      out: fitting(() => decodeOutputs(called, member(reply, 'out', call.method), nullOuts)),
    };
  }

  onNotification(listener: (notification: Notification) => void): void {
    this.channel.onNotification(listener);
  }

  onDeath(listener: (error: HarnessError) => void): void {
    this.channel.onDeath?.(listener);
  }

  close(): Promise<void> {
    return this.channel.close();
  }

  terminate(reason: string): Promise<void> {
    return this.channel.terminate(reason);
  }
}
