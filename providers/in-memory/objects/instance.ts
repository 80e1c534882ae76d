// A provider instance as its own objects and the injected faults know it. They import this file and not the provider
// object, which imports them.
//
//   provider.ts ──► inventory.ts ──► object.ts and the kinds of object ──► instance.ts ──► array/, cache/cache.ts,
// cache/records.ts
import type { Guid } from '../../../src/contract/guid.js';
import type { VDS_NOTIFICATION } from '../../../src/contract/generated/structures.js';
import type { Servant } from '../../../src/port/object-server.js';
import type { Allocator } from '../allocator.js';
import type { StorageArray } from '../array/array.js';
import type { DeviceKind } from '../array/devices.js';
import type { EventChannel } from '../array/events.js';
import type { Gate } from '../array/gate.js';
import type { Cache } from '../cache/cache.js';
import type { History } from '../cache/history.js';
import type { MemberList, RecordOf } from '../cache/records.js';
import type { Failure } from '../failure.js';
import type { FaultLog } from '../injection/fault-log.js';
import type { ImportTargetDialect } from './import-target.js';

/** Shared by the provider instances of one session. */
export interface Surroundings {
  readonly array: StorageArray;
  /** The way to the array, and from it. */
  readonly gate: Gate;
  readonly events: EventChannel;
  readonly allocator: Allocator;
  readonly faults: FaultLog;
  /** Devices whose next call ends the process; undefined where the process is not the provider's own. */
  readonly crashes: Set<Guid> | undefined;
}

/** The object that stands for a device. */
export interface Device extends Servant {
  readonly kind: DeviceKind;
  readonly id: Guid;
  /** Its container; null for a subsystem. */
  readonly parent: Guid | null;
  /** Its device is known to be gone. */
  deleted: boolean;
}

/** The knowledge of an instance about the array. Each way of reading throws CacheCorrupt. */
export interface Knowledge {
  readonly devices: ReadonlyMap<Guid, Device>;
  readonly cache: Cache;
  readonly history: History;
  record<K extends DeviceKind>(kind: K, id: Guid): RecordOf<K>;
  device(id: Guid): Device;
  members(subSystem: Guid, list: MemberList): readonly Device[];
  update(...ids: readonly Guid[]): readonly VDS_NOTIFICATION[];
}

/** An operation that was accepted. */
export interface Work {
  /** VDS_ASYNCOUT_…, which also selects the output's arm. */
  readonly type: number;
  /** Does it, all at once, and gives the created object, if any. Throws Failure. */
  readonly commit: () => Servant | null;
  /** Gives back what was set aside for it, when it failed or was cancelled. */
  readonly abandon?: () => void;
}

export interface ProviderInstance extends Servant {
  readonly system: Surroundings;
  readonly parts: { readonly ImportTargetDialect: new () => ImportTargetDialect };
  readonly array: StorageArray;
  readonly inventory: Knowledge;
  /** Those that run. */
  readonly operations: Pick<Set<Servant>, 'delete' | 'size'>;
  readonly loaded: boolean;
  /** An enumeration of these objects, as a new IEnumVdsObject. */
  enumerate(objects: readonly Servant[], position?: number): Servant;
  /** An enumeration of devices that an entry lists, whose own entries are verified. Throws CacheCorrupt. */
  list(kind: DeviceKind, ids: readonly Guid[]): Servant;
  /** Starts an operation, as a new IVdsAsync. */
  start(work: Work): Servant;
  /** Sends notifications to the sink, those of one event together. */
  announce(notifications: readonly VDS_NOTIFICATION[]): void;
  /** Asks for the way to the array, for a change of a device. Throws Failure or Held. */
  ask(device: Device): void;
  /** The array reports that something happened to these devices: by an event, or as its answer to a change. */
  learn(...ids: readonly Guid[]): void;
  /** The array reports a new device. Returns its object. */
  meet(id: Guid): Device;
  /** The array reports that a device is gone. */
  deviceDeparted(id: Guid): void;
  /** The failure for a method whose change found the device gone from the array; from now on the provider knows. */
  gone(device: Device): Failure;
}
