// The provider object: loading and unloading, the subsystems, recovery, and what its other objects need from it.
import { everyFlag } from '../../../src/contract/flags.js';
import { NULL_GUID, parseGuid, type Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import {
  VDS_HWPROVIDER_TYPE,
  VDS_OBJECT_TYPE,
  VDS_PROVIDER_TYPE,
  VDS_VERSION_SUPPORT_FLAG,
} from '../../../src/contract/generated/enumerations.js';
import { DEVICE_KINDS } from '../../../src/contract/generated/objects.js';
import type { VDS_LUN_INFORMATION, VDS_NOTIFICATION } from '../../../src/contract/generated/structures.js';
import type { MethodName } from '../../../src/contract/tables.js';
import type { Answer, InterfaceMap, Servant, Sink } from '../../../src/port/object-server.js';
import type { StorageArray } from '../array/array.js';
import type { AsyncOperation, Work } from './async.js';
import type { DeviceKind } from '../array/devices.js';
import type { ArrayEvent } from '../array/events.js';
import { CacheCorrupt, Failure } from '../failure.js';
import type { Inventory } from '../cache/inventory.js';
import type { ProviderInstance } from './instance.js';
import { InMemoryObject, type DeviceObject } from './object.js';
import type { Parts, System } from '../parts.js';

const PROVIDER_ID: Guid = '5a1d4c5e-60c4-4e0a-9a3e-0f6b6a1f7c11';
const VERSION_ID: Guid = '0d6f0b0c-1c5e-4b58-8f3f-6f0f2c6f4a01';

const NEEDS_LOAD: ReadonlySet<MethodName> = new Set<MethodName>([
  'IVdsHwProvider.QuerySubSystems',
  'IVdsHwProvider.Reenumerate',
  'IVdsHwProvider.Refresh',
  'IVdsProviderPrivate.GetObject',
]);
const OBJECT_TYPES: ReadonlySet<number> = new Set(Object.values(VDS_OBJECT_TYPE));
const KIND_OF_TYPE: ReadonlyMap<number, string> = new Map(
  Object.values(DEVICE_KINDS).map(({ type, slug }) => [type, slug]),
);
/** The range of OnNotify's count in the IDL ends here. */
const MOST_NOTIFICATIONS = 100;

const isSink = (object: Servant | Sink): object is Sink => 'onNotify' in object;

export class ProviderObject extends InMemoryObject implements ProviderInstance {
  readonly parts: Parts;
  readonly array: StorageArray;
  readonly inventory: Inventory;
  /** Those that run. */
  readonly operations = new Set<AsyncOperation>();
  loaded = false;
  readonly interfaces: InterfaceMap;
  /** VDS_HWT_…. */
  protected readonly type: number = VDS_HWPROVIDER_TYPE.VDS_HWT_ISCSI;
  protected sink: Sink | null = null;
  private stopListening: () => void = () => {};
  /** Reenumerate was called since the last successful Refresh, or since OnLoad. */
  protected reenumerated = false;

  constructor(readonly system: System) {
    super();
    this.parts = system.parts;
    this.array = system.array;
    this.inventory = new this.parts.Inventory(this.array, this.parts, this);
    this.interfaces = {
      IVdsProvider: { GetProperties: () => this.getProperties() },
      IVdsProviderPrivate: {
        GetObject: ({ objectId, type }) => this.getObject(objectId, type),
        OnLoad: ({ callbackObject }) => this.onLoad(callbackObject),
        OnUnload: () => this.onUnload(),
      },
      IVdsHwProvider: {
        QuerySubSystems: () => this.querySubSystems(),
        Reenumerate: () => scanned(this.reenumerate()),
        Refresh: () => scanned(this.refresh()),
      },
      IVdsHwProviderPrivate: {
        QueryIfCreatedLun: ({ devicePath, vdsLunInformation }) => this.queryIfCreatedLun(devicePath, vdsLunInformation),
      },
      IVdsHwProviderType: { GetProviderType: () => this.getProviderType() },
      IVdsProviderSupport: { GetVersionSupport: () => this.getVersionSupport() },
      IVdsConformanceControl: new this.parts.ConformanceControl(this).methods,
    };
  }

  override refuse(method: MethodName): number | undefined {
    return !this.loaded && NEEDS_LOAD.has(method) ? HR.VDS_E_INITIALIZE_NOT_CALLED : undefined;
  }

  /** An enumeration of these objects, as a new IEnumVdsObject. */
  enumerate(objects: readonly Servant[], position = 0): Servant {
    return new this.parts.Enumerator(this, objects, position);
  }

  /** An enumeration of devices that an entry lists, whose own entries are verified. Throws CacheCorrupt. */
  list(kind: DeviceKind, ids: readonly Guid[]): Servant {
    return this.enumerate(this.inventory.list(kind, ids));
  }

  /** Starts an operation, as a new IVdsAsync. */
  start(work: Work): Servant {
    const operation = new this.parts.AsyncOperation(this, work);
    this.operations.add(operation);
    return operation;
  }

  /** Sends notifications to the sink, those of one event together. */
  announce(notifications: readonly VDS_NOTIFICATION[]): void {
    for (let from = 0; from < notifications.length; from += MOST_NOTIFICATIONS) {
      // The sink answers S_FALSE when a notification was lost on its side; there is nothing to be done about that here.
      this.sink?.onNotify(notifications.slice(from, from + MOST_NOTIFICATIONS));
    }
  }

  /** Asks for the way to the array, for a change of a device. Throws Failure or Held. */
  ask(device: DeviceObject): void {
    this.system.gate.pass(() => this.inventory.scopeOf(device));
  }

  /**
   * The array reports what an administrator changed. The devices are read anew, so an event that comes twice, or late,
   * finds nothing left to do.
   */
  protected heard({ changes }: ArrayEvent): void {
    this.learn(...changes.map(({ id }) => id));
  }

  /** The array reports that something happened to these devices: by an event, or as its answer to a change. */
  learn(...ids: readonly Guid[]): void {
    if (this.loaded) this.announce(this.inventory.update(...ids));
  }

  /** The array reports a new device. Returns its object. */
  meet(id: Guid): DeviceObject {
    this.learn(id);
    return this.inventory.device(id);
  }

  /** The array reports that a device is gone. */
  deviceDeparted(id: Guid): void {
    const device = this.inventory.devices.get(id);
    if (this.loaded && device !== undefined) this.announce(this.inventory.depart(device));
  }

  /** The failure for a method whose change found the device gone from the array; from now on the provider knows. */
  gone(device: DeviceObject): Failure {
    let missing = device;
    for (let holder = this.holderOf(device); holder !== undefined; holder = this.holderOf(holder)) {
      if (this.array.find(holder.id) === undefined) missing = holder;
    }
    this.deviceDeparted(missing.id);
    return new Failure(HR.VDS_E_OBJECT_DELETED);
  }

  private holderOf({ parent }: DeviceObject): DeviceObject | undefined {
    return parent === null ? undefined : this.inventory.devices.get(parent);
  }

  protected getProperties(): Answer<'IVdsProvider.GetProperties'> {
    return {
      hr: HR.S_OK,
      out: {
        providerProp: {
          id: PROVIDER_ID,
          name: 'vds-conformance in-memory reference provider',
          versionId: VERSION_ID,
          version: '1.0',
          type: VDS_PROVIDER_TYPE.VDS_PT_HARDWARE,
          flags: 0,
          stripeSizeFlags: 0,
          rebuildPriority: 0,
        },
      },
    };
  }

  /** Reads no cache entry: an object whose entry is damaged can still be had, and says so itself. */
  protected getObject(objectId: Guid, type: number): Answer<'IVdsProviderPrivate.GetObject'> {
    if (!OBJECT_TYPES.has(type)) throw new Failure(HR.E_INVALIDARG);
    const device = this.inventory.devices.get(parseGuid(objectId) ?? NULL_GUID);
    if (device === undefined || device.kind !== KIND_OF_TYPE.get(type)) throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
    return { hr: HR.S_OK, out: { objectUnk: device } };
  }

  protected onLoad(callback: Servant | Sink | null): Answer<'IVdsProviderPrivate.OnLoad'> {
    if (this.loaded || (callback !== null && !isSink(callback))) throw new Failure(HR.VDS_E_INITIALIZED_FAILED);
    this.askWhileLoading();
    this.inventory.load();
    callback?.addRef();
    this.sink = callback;
    this.reenumerated = false;
    this.loaded = true;
    this.stopListening = this.system.events.listen((event) => this.heard(event));
    return { hr: HR.S_OK };
  }

  /** An array that answers with an error cannot be loaded from; one that is slow is waited for. */
  private askWhileLoading(): void {
    try {
      this.system.gate.pass(() => this.inventory.scopeOfAll());
    } catch (error) {
      throw error instanceof Failure ? new Failure(HR.VDS_E_INITIALIZED_FAILED) : error;
    }
  }

  protected onUnload(): Answer<'IVdsProviderPrivate.OnUnload'> {
    for (const operation of this.operations) operation.abort(HR.VDS_E_OPERATION_CANCELED);
    this.loaded = false;
    this.stopListening();
    this.sink?.release();
    this.sink = null;
    return { hr: HR.S_OK };
  }

  protected querySubSystems(): Answer<'IVdsHwProvider.QuerySubSystems'> {
    return { hr: HR.S_OK, out: { enum: this.enumerate(this.inventory.subSystems()) } };
  }

  protected reenumerate(): Answer<'IVdsHwProvider.Reenumerate'> {
    this.system.gate.pass(() => this.inventory.scopeOfSubSystems());
    const changes = this.inventory.reenumerate();
    this.reenumerated = true;
    this.announce(changes);
    return { hr: HR.S_OK };
  }

  protected refresh(): Answer<'IVdsHwProvider.Refresh'> {
    // The documented recovery is the pair: Refresh alone does not repair a cache that does not verify.
    if (!this.reenumerated && !this.inventory.verifies()) throw new CacheCorrupt();
    this.system.gate.pass(() => this.inventory.scopeOfAll());
    const changes = this.inventory.refresh();
    this.reenumerated = false;
    this.announce(changes);
    return { hr: HR.S_OK };
  }

  /** Knows a LUN by its device path or by its serial number: both hold the digits of its id. */
  protected queryIfCreatedLun(
    path: string | null,
    information: VDS_LUN_INFORMATION | null,
  ): Answer<'IVdsHwProviderPrivate.QueryIfCreatedLun'> {
    const known = [path === null ? undefined : DEVICE_PATH.exec(path)?.[1], information?.serialNumber].map((digits) =>
      this.inventory.devices.get(guidOf(digits)),
    );
    const lun = this.loaded ? known.find((device) => device?.kind === 'lun') : undefined;
    return lun === undefined ? { hr: HR.S_FALSE, out: { lunId: NULL_GUID } } : { hr: HR.S_OK, out: { lunId: lun.id } };
  }

  protected getVersionSupport(): Answer<'IVdsProviderSupport.GetVersionSupport'> {
    return { hr: HR.S_OK, out: { versionSupport: everyFlag(VDS_VERSION_SUPPORT_FLAG) } };
  }

  protected getProviderType(): Answer<'IVdsHwProviderType.GetProviderType'> {
    return { hr: HR.S_OK, out: { type: this.type } };
  }
}

/** Reading an array takes a while, in which other calls come: the answer is given a turn of the event loop later. */
const scanned = <T>(answer: T): Promise<T> =>
  new Promise((resolve) => {
    setImmediate(() => resolve(answer));
  });

/** The device path of a LUN on this computer. */
const DEVICE_PATH = /^\\\\\?\\vdsc#([0-9a-f]{32})$/i;

/** The id whose digits these are; NULL_GUID, which no device has, for anything else. */
const guidOf = (digits: string | null | undefined): Guid =>
  parseGuid(digits?.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') ?? '') ?? NULL_GUID;
