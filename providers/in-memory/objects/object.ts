// The common part of all objects of this provider: refusing calls, and answering methods that are not implemented.
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import { OBJECT_STATUS } from '../../../src/contract/generated/enumerations.js';
import { method, type MethodName } from '../../../src/contract/tables.js';
import { Servant, type InterfaceMap } from '../../../src/port/object-server.js';
import { OBJECT_SIZE } from '../allocator.js';
import type { DeviceKind, FoundOf } from '../array/devices.js';
import { Failure } from '../failure.js';
import type { Device, ProviderInstance } from './instance.js';
import type { DeviceRecord, RecordOf } from '../cache/records.js';

export abstract class InMemoryObject extends Servant {
  /** The HRESULT that ends a call before its arguments are looked at, or undefined. */
  abstract refuse(method: MethodName): number | undefined;

  /** Takes interfaces that its superclass implements from an object of a profile without them. */
  protected withdraw(...names: readonly (keyof InterfaceMap)[]): void {
    for (const name of names)
      delete (this.interfaces as { -readonly [I in keyof InterfaceMap]: InterfaceMap[I] })[name];
  }

  /** Gives an object of a profile interfaces that its superclass does not implement. */
  protected implement(interfaces: InterfaceMap): void {
    Object.assign(this.interfaces, interfaces);
  }

  /** The answer of a method that this object's interface has and this provider lacks. */
  unimplemented(): number {
    return HR.VDS_E_NOT_SUPPORTED;
  }
}

/** An object that lives as long as its provider is loaded: enumerations and operations. */
export abstract class HelperObject extends InMemoryObject {
  constructor(protected readonly provider: ProviderInstance) {
    super();
    provider.system.allocator.take(OBJECT_SIZE);
  }

  override onFinalRelease(): void {
    this.provider.system.allocator.give(OBJECT_SIZE);
  }

  override refuse(_method: MethodName): number | undefined {
    return this.provider.loaded ? undefined : HR.VDS_E_INITIALIZE_NOT_CALLED;
  }
}

/**
 * An object that stands for a device. It holds no more of the device than its id and its place: every answer is read
 * from the cache. After its device is gone it stays until its last reference is released and answers
 * VDS_E_OBJECT_DELETED.
 */
export abstract class DeviceObject<out K extends DeviceKind = DeviceKind> extends InMemoryObject {
  abstract readonly kind: K;
  deleted = false;

  /**
   * `parent` holds the device: a LUN the plex, a target the portal group, null the subsystem, and the subsystem all
   * others. A plex may go to another LUN.
   */
  constructor(
    protected readonly provider: ProviderInstance,
    readonly id: Guid,
    public parent: Guid | null,
  ) {
    super();
  }

  /** The cache's record of the device. Throws CacheCorrupt. */
  protected read(): RecordOf<K> {
    return this.provider.inventory.record<K>(this.kind, this.id);
  }

  /** Verifies the cache entries that every method of this object reads. Throws CacheCorrupt. */
  protected touch(): void {
    this.read();
  }

  /**
   * The device behind this object: the one way from an object to the array. `method` is the one that asks, nothing when
   * an operation commits. Throws Failure when the device is gone, its entries are damaged, the array answers with an
   * error, or the device has failed and the method may then not be carried out; and Held when the array does not answer
   * yet: until here a method must have changed nothing, as it is begun again.
   */
  protected reach(method?: MethodName): FoundOf<K> {
    if (this.deleted) throw new Failure(HR.VDS_E_OBJECT_DELETED);
    const record: DeviceRecord = this.read();
    if (
      method !== undefined &&
      'status' in record &&
      record.status === OBJECT_STATUS.STATUS_FAILED &&
      needsWorking(method)
    ) {
      throw new Failure(HR.VDS_E_OBJECT_STATUS_FAILED);
    }
    this.provider.ask(this);
    const found = this.provider.array.find(this.id, this.kind);
    if (found === undefined) throw this.provider.gone(this);
    return found;
  }

  /** The object that holds this one, as the entry names it. */
  protected holder(): Device {
    const record: DeviceRecord = this.read();
    return record.kind === 'subsystem' ? this : this.provider.inventory.device(record.parent);
  }

  /** The device was changed in the array, which now reports it. */
  protected changed(hr: number = HR.S_OK): { readonly hr: number } {
    this.provider.learn(this.id);
    return { hr };
  }

  /**
   * Starts an operation. `commit` does it, all at once, and gives the object that came of it, if any; `abandon` gives
   * back what was set aside.
   */
  protected operation(
    type: number,
    commit: () => Servant | void,
    abandon?: () => void,
  ): { readonly hr: number; readonly out: { readonly async: Servant } } {
    return {
      hr: HR.S_OK,
      out: { async: this.provider.start({ type, commit: () => commit() ?? null, ...(abandon && { abandon }) }) },
    };
  }

  override refuse(_method: MethodName): number | undefined {
    if (!this.provider.loaded) return HR.VDS_E_INITIALIZE_NOT_CALLED;
    return this.deleted ? HR.VDS_E_OBJECT_DELETED : undefined;
  }

  override unimplemented(): number {
    this.touch();
    return super.unimplemented();
  }
}

/** Methods of a failed device that still work: it can be put right, and removed. */
const WITH_FAILED: ReadonlySet<string> = new Set(['Delete', 'Recover', 'Reenumerate', 'SetStatus']);

/** Whether a method that reaches the array is refused while its device has failed. Reading goes on. */
function needsWorking(name: MethodName): boolean {
  const { name: short, codes } = method(name);
  return codes.includes('VDS_E_OBJECT_STATUS_FAILED') && !WITH_FAILED.has(short) && !short.startsWith('Query');
}
