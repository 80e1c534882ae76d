// The classes that make up a system. A variant (another lawful behaviour, or a defect) subclasses one and puts it in
// place of the original, which is in reference-parts.ts.
import type { Servant } from '../../src/port/object-server.js';
import type { StorageArray } from './array/array.js';
import type { Inventory, InventoryParts } from './cache/inventory.js';
import type { AsyncOperation } from './objects/async.js';
import type { ConformanceControl } from './objects/control.js';
import type { Enumerator } from './objects/enumerator.js';
import type { ImportTargetDialect } from './objects/import-target.js';
import type { ProviderInstance, Surroundings, Work } from './objects/instance.js';

export interface Parts extends InventoryParts {
  readonly StorageArray: new (seed: string) => StorageArray;
  readonly Inventory: new (array: StorageArray, parts: InventoryParts, provider: ProviderInstance) => Inventory;
  readonly Provider: new (system: System) => ProviderInstance;
  readonly AsyncOperation: new (provider: ProviderInstance, work: Work) => AsyncOperation;
  readonly Enumerator: new (provider: ProviderInstance, objects: readonly Servant[], position?: number) => Enumerator;
  readonly ImportTargetDialect: new () => ImportTargetDialect;
  readonly ConformanceControl: new (provider: ProviderInstance) => ConformanceControl;
}

/** Shared by the provider instances of one session, with the classes of which they are made. */
export interface System extends Surroundings {
  readonly parts: Parts;
}
