// The classes of the reference provider itself.
import { StorageArray } from './array/array.js';
import { AsyncOperation } from './objects/async.js';
import { Cache } from './cache/cache.js';
import { ConformanceControl } from './objects/control.js';
import { ControllerObject } from './objects/controller.js';
import { DriveObject } from './objects/drive.js';
import { Enumerator } from './objects/enumerator.js';
import { NameDialect } from './objects/import-target.js';
import { Inventory } from './cache/inventory.js';
import { LunObject } from './objects/lun.js';
import type { Parts } from './parts.js';
import { PlexObject } from './objects/plex.js';
import { PortObject } from './objects/port.js';
import { PortalGroupObject } from './objects/portal-group.js';
import { PortalObject } from './objects/portal.js';
import { StoragePoolObject } from './profiles/storage-pool.js';
import { ProviderObject } from './objects/provider.js';
import { SubSystemObject } from './objects/subsystem.js';
import { TargetObject } from './objects/target.js';

export const REFERENCE_PARTS: Parts = {
  StorageArray,
  Cache,
  Inventory,
  Provider: ProviderObject,
  SubSystem: SubSystemObject,
  Drive: DriveObject,
  Controller: ControllerObject,
  Port: PortObject,
  Portal: PortalObject,
  Lun: LunObject,
  Plex: PlexObject,
  Target: TargetObject,
  PortalGroup: PortalGroupObject,
  StoragePool: StoragePoolObject,
  AsyncOperation,
  Enumerator,
  ImportTargetDialect: NameDialect,
  ConformanceControl,
};
