// The port: everything a transport must be able to do. It is low, so that a check can express whatever COM can: one
// argument per contract parameter, NULL for any out parameter, counts that lie, reference counts, identity. Typed
// objects (objects.ts) sit on top.
import type { Capabilities } from './capabilities.js';
import type { Guid } from '../contract/guid.js';
import type { VDS_NOTIFICATION } from '../contract/generated/structures.js';
import type { Handle, InterfaceName, MethodName } from '../contract/tables.js';
import type { SettingsSchema } from './adapter-settings.js';
import { HarnessError } from './errors.js';

export type { Capabilities };

export interface Call {
  /** The interface pointer to call through; its interface must be the method's. */
  readonly object: Handle;
  readonly method: MethodName;
  /** One value for each in parameter of the contract, by its name there. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Out parameters to pass as NULL. Needs the capability `nullOuts`. */
  readonly nullOuts?: readonly string[];
}

export interface Reply {
  /** The HRESULT, unsigned. */
  readonly hr: number;
  /** One value for each out parameter not in `nullOuts`, on failure too: the value, null, or UNTOUCHED. */
  readonly out: Readonly<Record<string, unknown>>;
}

/** One OnNotify call of the provider. */
export interface Notification {
  /** The sink it was made on. */
  readonly sink: Handle;
  /** lNumberOfNotifications as the provider gave it. */
  readonly count: number;
  readonly notifications: readonly VDS_NOTIFICATION[];
}

/**
 * How the bytes of an answer can be spoilt on their way: the connection is reset instead, half of it is lost, its body
 * is overwritten, it never ends, it comes slowly.
 */
export const TRANSPORT_FAULTS = [
  'transport-reset',
  'transport-truncated',
  'transport-malformed',
  'transport-oversized',
  'transport-slow',
] as const;
export type TransportFault = (typeof TRANSPORT_FAULTS)[number];

export interface SpoiltAnswer {
  /** The damage to the bytes, for people; undefined until an answer came. */
  struck(): string | undefined;
  /** Lets answers pass as they are again. */
  stop(): Promise<void>;
}

/** Faults of the transport itself, for checks of what the harness makes of them. */
export interface TransportFaults {
  /** Spoils the next answer, after whatever answers has carried the call out. */
  spoil(kind: TransportFault): Promise<SpoiltAnswer>;
}

/**
 * A session with one system under test. All methods reject with a HarnessError for whatever is not VDS; after one that
 * `endsSession`, no call is answered any more.
 */
export interface Port {
  readonly capabilities: Capabilities;
  /** CoCreateInstance: the IUnknown of a new provider object, not yet loaded. */
  createInstance(): Promise<Handle>;
  /** IUnknown::QueryInterface. `object` is null on failure. */
  queryInterface(
    object: Handle,
    iid: Guid,
    interfaceName: InterfaceName,
  ): Promise<{ readonly hr: number; readonly object: Handle | null }>;
  /** IUnknown::AddRef; the handle then takes one more release. Answers the new count. */
  addRef(object: Handle): Promise<number>;
  /**
   * IUnknown::Release. Answers the count; after its last release a handle is dead and its number is never used again.
   */
  release(object: Handle): Promise<number>;
  /**
   * The same for each of them, in this order, whatever the others answer; rejects with the first error. For ports to
   * which each call is a journey.
   */
  releaseAll?(objects: readonly Handle[]): Promise<void>;
  /** COM identity: two live handles are of one object exactly if these are equal. */
  identity(object: Handle): Promise<number>;
  invoke(call: Call): Promise<Reply>;
  /**
   * An IVdsAdviseSink that the harness implements, to be passed as an argument. release() then answers how many
   * references the provider holds.
   */
  createSink(): Promise<Handle>;
  /** Sets the answer of OnNotify on every sink. It begins as S_OK. */
  setSinkAnswer(hr: number): Promise<void>;
  /** Called for each OnNotify, in the order of arrival. At most one listener. */
  onNotification(listener: (notification: Notification) => void): void;
  /**
   * Called once when the provider's process dies, also while no call is under way. Only ports whose provider has a
   * process of its own need it.
   */
  onDeath?(listener: (error: HarnessError) => void): void;
  /** Waits until every OnNotify that began before this call has reached the listener. */
  drainNotifications(): Promise<void>;
  /** There exactly with the capability of this name. */
  readonly transportFaults?: TransportFaults | undefined;
  /** Ends the session in order. */
  close(): Promise<void>;
  /**
   * Ends the session in order and begins another in the same process, for ports whose process is dear to start. When it
   * rejects, the port is at its end.
   */
  renew?(): Promise<Port>;
  /** Ends it at once, whatever is under way; calls under way reject. Used when a call exceeds its limit. */
  terminate(reason: string): Promise<void>;
}

/** Releases each of them as Port.releaseAll does, on any port. */
export async function releaseAll(port: Port, objects: readonly Handle[]): Promise<void> {
  if (port.releaseAll !== undefined) return port.releaseAll(objects);
  const errors: unknown[] = [];
  for (const object of objects) {
    try {
      await port.release(object);
    } catch (error) {
      errors.push(error);
      if (error instanceof HarnessError && error.endsSession) break;
    }
  }
  if (errors.length > 0) throw errors[0];
}

export interface OpenOptions {
  /** The adapter's own settings, from the command line or a configuration, as its schema gives them. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The run's seed; all that is random in an adapter of ours derives from it. */
  readonly seed: string;
  /**
   * A folder that this session may write to; it outlives a crash, so that a respawned provider finds its state again.
   */
  readonly scratch: string;
  /**
   * The process belongs to the provider alone, so that a provider which is ours may end it; a provider host sets this.
   */
  readonly ownProcess?: boolean;
  /** Milliseconds that opening may take; 120,000 unless given. */
  readonly openLimit?: number;
  /**
   * Takes what the provider's own process prints, in pieces as they come. In the harness's process nothing of a
   * provider is heard apart.
   */
  readonly onOutput?: (text: string) => void;
}

/** Loading a provider and finding its devices may take a while; one that never answers must still end. */
export const OPEN_LIMIT = 120_000;

/** The description of an adapter. */
export interface AdapterDescription {
  /** Short name, for reports. */
  readonly name: string;
  /** A sentence about it, for `vds-conformance providers`. */
  readonly says?: string;
  /**
   * Whether its code may crash, hang or loop, and so runs in a process of its own. A module that is not ours always
   * does, whatever it says: foreign code never runs in the process that judges.
   */
  readonly isolated?: boolean;
  /**
   * The schema of its settings, a zod object for example. They are checked before open() is called; without a schema
   * they are passed on as they were given.
   */
  readonly settings?: SettingsSchema;
}

/** A way to reach a provider. A vendor's module exports one as `adapter`; see docs/adapters.md for a template. */
export interface ProviderAdapter extends AdapterDescription {
  /** Opens a session. Rejects with ProviderNotLoaded, ProviderUnreachable or ConfigurationError. */
  open(options: OpenOptions): Promise<Port>;
}
