// The classes that make up a system. A variant (another lawful behaviour, or a defect) subclasses one and puts it in place of the original.
import type { Guid } from '../../src/contract/guid.js';
import type { Servant } from '../../src/port/object-server.js';
import type { Allocator } from './allocator.js';
import { StorageArray } from './array/array.js';
import { AsyncOperation, type Work } from './objects/async.js';
import { Cache } from './cache/cache.js';
import { ConformanceControl } from './objects/control.js';
import { ControllerObject } from './objects/controller.js';
import { DriveObject } from './objects/drive.js';
import { Enumerator } from './objects/enumerator.js';
import type { EventChannel } from './array/events.js';
import type { FaultLog } from './injection/fault-log.js';
import type { Gate } from './array/gate.js';
import { NameDialect, type ImportTargetDialect } from './objects/import-target.js';
import { Inventory } from './cache/inventory.js';
import { LunObject } from './objects/lun.js';
import type { DeviceObject } from './objects/object.js';
import { PlexObject } from './objects/plex.js';
import { PortalGroupObject } from './objects/portal-group.js';
import { PortalObject } from './objects/portal.js';
import { ProviderObject } from './objects/provider.js';
import { SubSystemObject } from './objects/sub-system.js';
import { TargetObject } from './objects/target.js';

type DeviceClass = new (provider: ProviderObject, id: Guid, parent: Guid | null) => DeviceObject;

export interface Parts {
  readonly StorageArray: new (seed: string) => StorageArray;
  readonly Cache: new (wrote: (key: Guid, payload: string) => void) => Cache;
  readonly Inventory: new (array: StorageArray, parts: Parts, provider: ProviderObject) => Inventory;
  readonly Provider: new (system: System) => ProviderObject;
  readonly SubSystem: DeviceClass;
  readonly Drive: DeviceClass;
  readonly Controller: DeviceClass;
  readonly Portal: DeviceClass;
  readonly Lun: DeviceClass;
  readonly Plex: DeviceClass;
  readonly Target: DeviceClass;
  readonly PortalGroup: DeviceClass;
  readonly AsyncOperation: new (provider: ProviderObject, work: Work) => AsyncOperation;
  readonly Enumerator: new (provider: ProviderObject, objects: readonly Servant[], position?: number) => Enumerator;
  readonly ImportTargetDialect: new () => ImportTargetDialect;
  readonly ConformanceControl: new (provider: ProviderObject) => ConformanceControl;
}

/** What the provider instances of one session share. */
export interface System {
  readonly parts: Parts;
  readonly array: StorageArray;
  /** The way to the array, and from it. */
  readonly gate: Gate;
  readonly events: EventChannel;
  readonly allocator: Allocator;
  readonly faults: FaultLog;
  /** Devices whose next call ends the process; undefined where the process is not the provider's own. */
  readonly crashes: Set<Guid> | undefined;
}

export const REFERENCE_PARTS: Parts = {
  StorageArray,
  Cache,
  Inventory,
  Provider: ProviderObject,
  SubSystem: SubSystemObject,
  Drive: DriveObject,
  Controller: ControllerObject,
  Portal: PortalObject,
  Lun: LunObject,
  Plex: PlexObject,
  Target: TargetObject,
  PortalGroup: PortalGroupObject,
  AsyncOperation,
  Enumerator,
  ImportTargetDialect: NameDialect,
  ConformanceControl,
};
