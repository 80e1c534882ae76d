// What all objects of this provider have in common: when a call is refused, and what a method that is not implemented answers.
import type { Guid } from '../../src/contract/guid.js';
import { HR } from '../../src/contract/hresult.js';
import type { MethodName } from '../../src/contract/tables.js';
import { Servant } from '../../src/provider/object-server.js';
import type { DeviceKind } from './notifications.js';
import type { ProviderObject } from './provider.js';

export abstract class InMemoryObject extends Servant {
  /** The HRESULT that ends a call before its arguments are looked at, or undefined. */
  abstract refuse(method: MethodName): number | undefined;

  /** What a method answers that this object's interface has and this provider lacks. */
  unimplemented(): number {
    return HR.VDS_E_NOT_SUPPORTED;
  }
}

/** An object that lives as long as its provider is loaded: enumerations and operations. */
export abstract class HelperObject extends InMemoryObject {
  constructor(protected readonly provider: ProviderObject) { super(); }

  override refuse(_method: MethodName): number | undefined {
    return this.provider.loaded ? undefined : HR.VDS_E_INITIALIZE_NOT_CALLED;
  }
}

/**
 * An object that stands for a device. It holds no more of the device than its id and its place: every answer is read from the cache. After its
 * device is gone it stays until its last reference is released and answers VDS_E_OBJECT_DELETED.
 */
export abstract class DeviceObject extends InMemoryObject {
  abstract readonly kind: DeviceKind;
  deleted = false;

  /** `parent` is the subsystem of a LUN or target, null for a subsystem. */
  constructor(protected readonly provider: ProviderObject, readonly id: Guid, readonly parent: Guid | null) { super(); }

  /** Verifies the cache entries that every method of this object reads. Throws CacheCorrupt. */
  protected abstract touch(): void;

  override refuse(_method: MethodName): number | undefined {
    if (!this.provider.loaded) return HR.VDS_E_INITIALIZE_NOT_CALLED;
    return this.deleted ? HR.VDS_E_OBJECT_DELETED : undefined;
  }

  override unimplemented(): number {
    this.touch();
    return super.unimplemented();
  }
}
