// The knowledge of one provider instance: its cache, and one object for each device it has learnt of. Loading,
// Reenumerate, Refresh and what the array reports bring it up to date; everything else reads it.
import type { Guid } from '../../../src/contract/guid.js';
import type { VDS_NOTIFICATION } from '../../../src/contract/generated/structures.js';
import { DEVICE_KINDS } from '../../../src/contract/generated/objects.js';
import { OBJECT_STATUS } from '../../../src/contract/generated/enumerations.js';
import type { StorageArray } from '../array/array.js';
import type { Cache } from './cache.js';
import { allDevices, heldBy, type ArraySubSystem, type DeviceKind, type Found } from '../array/devices.js';
import { CacheCorrupt } from '../failure.js';
import type { Scope } from '../array/gate.js';
import { History } from './history.js';
import { News, notification } from '../objects/notifications.js';
import type { DeviceObject } from '../objects/object.js';
import type { Knowledge, ProviderInstance } from '../objects/instance.js';
import {
  concernedBy,
  decode,
  DIRECTORY,
  encode,
  isModified,
  listedBy,
  type MemberList,
  recordOf,
  type CacheRecord,
  type DeviceRecord,
  type DirectoryRecord,
  type RecordOf,
} from './records.js';

export type { MemberList };

/** A truth has the same lists. */
const KIND_OF_LIST = Object.fromEntries(
  Object.values(DEVICE_KINDS).map(({ truth, slug }) => [truth, slug]),
) as Readonly<Record<MemberList, DeviceKind>>;

type DeviceClass = new (provider: ProviderInstance, id: Guid, parent: Guid | null) => DeviceObject;

/** The classes of what an inventory makes. */
export interface InventoryParts {
  readonly Cache: new (wrote: (key: Guid, payload: string) => void) => Cache;
  readonly SubSystem: DeviceClass;
  readonly Drive: DeviceClass;
  readonly Controller: DeviceClass;
  readonly Port: DeviceClass;
  readonly Portal: DeviceClass;
  readonly Lun: DeviceClass;
  readonly Plex: DeviceClass;
  readonly Target: DeviceClass;
  readonly PortalGroup: DeviceClass;
  readonly StoragePool: DeviceClass;
}

/** Which class an object of each kind is of. */
const PART_OF_KIND = {
  subsystem: 'SubSystem',
  drive: 'Drive',
  controller: 'Controller',
  port: 'Port',
  portal: 'Portal',
  lun: 'Lun',
  plex: 'Plex',
  target: 'Target',
  'portal-group': 'PortalGroup',
  'storage-pool': 'StoragePool',
} as const satisfies Record<DeviceKind, keyof InventoryParts>;

export class Inventory implements Knowledge {
  /** One object for each device, from when it is learnt of until it is known to be gone. */
  readonly devices = new Map<Guid, DeviceObject>();
  cache: Cache;
  /** Only the stale-entry fault reads it. */
  history = new History();
  private readonly known = (id: Guid): boolean => this.devices.has(id);

  constructor(
    protected readonly array: StorageArray,
    protected readonly parts: InventoryParts,
    protected readonly provider: ProviderInstance,
  ) {
    this.cache = this.emptyCache();
  }

  // Reading. Each throws CacheCorrupt when an entry that it touches is missing, does not verify, or refers to one that
  // does not exist.

  directory(): DirectoryRecord {
    return decode(this.cache.read(DIRECTORY), 'directory');
  }

  /** A device's entry; those of its containers are verified as well. */
  record<K extends DeviceKind>(kind: K, id: Guid): RecordOf<K> {
    const record = decode(this.cache.read(id), kind);
    this.checkContainers(record);
    return record;
  }

  private checkContainers(record: CacheRecord): void {
    switch (record.kind) {
      case 'directory':
      case 'subsystem':
        return;
      case 'plex':
        return this.checkContainers(decode(this.cache.read(record.parent), 'lun'));
      case 'port':
        return this.checkContainers(decode(this.cache.read(record.parent), 'controller'));
      case 'portal-group':
        return this.checkContainers(decode(this.cache.read(record.parent), 'target'));
      default:
        return this.cache.check(record.parent);
    }
  }

  /** The object of an id that was found in the cache. */
  device(id: Guid): DeviceObject {
    const found = this.devices.get(id);
    if (found === undefined) throw new CacheCorrupt();
    return found;
  }

  /** The objects of these ids, whose entries are verified. */
  list(kind: DeviceKind, ids: readonly Guid[]): readonly DeviceObject[] {
    return ids.map((id) => {
      this.record(kind, id);
      return this.device(id);
    });
  }

  subSystems(): readonly DeviceObject[] {
    return this.list('subsystem', this.directory().subSystems);
  }

  /** The devices of one kind in a subsystem. */
  members(subSystem: Guid, list: MemberList): readonly DeviceObject[] {
    return this.list(KIND_OF_LIST[list], this.record('subsystem', subSystem)[list]);
  }

  /** Whether the whole cache verifies, and every reference in it leads somewhere. */
  verifies(): boolean {
    try {
      const seen = new Set<Guid>(this.directory().subSystems);
      // The set grows while it is walked through.
      for (const id of seen) for (const listed of listedBy(this.record(this.device(id).kind, id))) seen.add(listed);
      return true;
    } catch (error) {
      if (error instanceof CacheCorrupt) return false;
      throw error;
    }
  }

  // Learning. Each answers what is to be announced.

  /**
   * Builds the cache anew. Objects that an earlier load left keep standing for their devices, if those are still there.
   */
  load(): void {
    this.history = new History();
    this.cache = this.emptyCache();
    for (const device of this.subSystemObjects())
      if (this.array.subSystem(device.id) === undefined) this.forget(device);
    for (const truth of this.array.connected()) this.reload(truth);
    this.writeDirectory(this.array.connected().map((s) => s.id));
  }

  /**
   * Which subsystems are there: IVdsHwProvider::Reenumerate. Entries of subsystems known before are left as they are.
   */
  reenumerate(): readonly VDS_NOTIFICATION[] {
    const changes: VDS_NOTIFICATION[] = [];
    for (const device of this.subSystemObjects()) {
      if (this.array.subSystem(device.id) !== undefined) continue;
      this.forget(device);
      changes.push(notification('subsystem', 'depart', device.id));
    }
    const connected = this.array.connected();
    for (const truth of connected) {
      if (this.devices.has(truth.id)) continue;
      this.reload(truth);
      changes.push(notification('subsystem', 'arrive', truth.id));
    }
    this.writeDirectory(connected.map((s) => s.id));
    return changes;
  }

  /**
   * Learns the contents of the known subsystems: IVdsHwProvider::Refresh. Every entry that is not as the array says is
   * written anew.
   */
  refresh(): readonly VDS_NOTIFICATION[] {
    return this.directory().subSystems.flatMap((id) => {
      const truth = this.array.subSystem(id);
      return truth === undefined ? this.depart(this.device(id)) : this.reload(truth);
    });
  }

  /**
   * The array reports that something happened to these devices: what is gone is forgotten, what is new learnt, what
   * differs written, and so on with what they list and listed.
   */
  update(...ids: readonly Guid[]): readonly VDS_NOTIFICATION[] {
    return this.follow(ids, new News());
  }

  /** A device is gone: its entry goes too, and nothing lists it any more. */
  depart(device: DeviceObject): readonly VDS_NOTIFICATION[] {
    const news = new News();
    return this.follow(this.letGo(device, news), news);
  }

  private follow(ids: readonly Guid[], news: News): readonly VDS_NOTIFICATION[] {
    // The set grows while it is walked through.
    const concerned = new Set(ids);
    for (const id of concerned) for (const other of this.visit(id, ids.includes(id), news)) concerned.add(other);
    return news.list;
  }

  /**
   * Brings one device up to date. Answers which others are concerned; of one that is only listed by another that
   * changed, no further ones.
   */
  private visit(id: Guid, itself: boolean, news: News): readonly Guid[] {
    const device = this.devices.get(id);
    const found = this.array.find(id);
    if (found === undefined) return device === undefined ? [] : this.letGo(device, news);
    return device === undefined ? this.takeIn(found, news) : this.renew(device, found, itself, news);
  }

  protected takeIn(found: Found, news: News): readonly Guid[] {
    if (found.parent !== null && !this.devices.has(found.parent)) return [];
    news.add(found, 'arrive');
    if (found.kind === 'subsystem') {
      this.reload(found.subSystem);
      if (this.cache.isSound(DIRECTORY)) this.writeDirectory([...new Set([...this.directory().subSystems, found.id])]);
      return [];
    }
    this.learn(found);
    const others = this.takeInHeld(found, news);
    const record = recordOf(found, this.known);
    this.write(record, found.id);
    return [found.parent ?? found.id, ...others, ...concernedBy(record)];
  }

  /** Objects for what is new in a device, so that its entry can list them. */
  private takeInHeld(found: Found, news: News): readonly Guid[] {
    return [...heldBy(found)].flatMap((held) => (this.devices.has(held.id) ? [] : this.takeIn(held, news)));
  }

  /**
   * An entry that does not verify is left alone: writing it here would hide the damage from the calls that should find
   * it.
   */
  private renew(device: DeviceObject, found: Found, itself: boolean, news: News): readonly Guid[] {
    device.parent = found.parent;
    const payload = this.soundPayload(device.id);
    if (payload === undefined) return [];
    const others = this.takeInHeld(found, news);
    const after = recordOf(found, this.known);
    if (encode(after) === payload) return others;
    const before = decode(payload, device.kind);
    this.write(after, found.id);
    if (isModified(before, after)) news.add(found, isRemoved(before, after) ? 'remove' : 'modify');
    const held = [...heldBy(found)].map((h) => h.id);
    return itself || device.kind === 'plex'
      ? [...others, ...held, ...concernedBy(before), ...concernedBy(after)]
      : [...others, ...held];
  }

  protected letGo(device: DeviceObject, news: News): readonly Guid[] {
    const subSystem = this.subSystemOf(device);
    const held = this.heldObjects(device.id);
    const listed = [device, ...held].map((d) => this.soundRecord(d));
    // Of a subsystem only itself is announced.
    for (const gone of device.parent === null ? [device] : [device, ...held]) news.add(gone, 'depart');
    this.forget(device);
    if (device.parent === null) {
      if (this.cache.isSound(DIRECTORY))
        this.writeDirectory(this.directory().subSystems.filter((id) => id !== device.id));
      return [];
    }
    // The members of a damaged entry are unknown, so look at all that the subsystem holds.
    const others = listed.flatMap((record) =>
      record === undefined ? this.heldObjects(subSystem).map((d) => d.id) : concernedBy(record),
    );
    return [device.parent, ...others];
  }

  /** Writes an entry: every one of a device is written here. */
  protected write(record: DeviceRecord, id: Guid): void {
    this.cache.write(id, encode(record));
  }

  protected writeDirectory(subSystems: readonly Guid[]): void {
    this.cache.write(DIRECTORY, encode({ kind: 'directory', subSystems }));
  }

  /** Brings one subsystem and all that it holds up to date. */
  protected reload(truth: ArraySubSystem): readonly VDS_NOTIFICATION[] {
    const news = new News();
    const all = [...allDevices(truth)];
    const there = new Set(all.map((found) => found.id));
    for (const device of this.heldObjects(truth.id)) {
      if (there.has(device.id)) continue;
      news.add(device, 'depart');
      if (!device.deleted) this.forget(device);
    }
    const isNew = new Set(all.filter((found) => !this.devices.has(found.id)));
    // Objects first, since an entry lists only devices that have one.
    for (const found of all) this.learn(found);
    for (const found of all) {
      const after = recordOf(found, this.known);
      const before = this.soundPayload(found.id);
      if (isNew.has(found)) news.add(found, 'arrive');
      // Most entries are as they should be, and are then left.
      if (before === encode(after)) continue;
      const old = before === undefined || isNew.has(found) ? undefined : decode(before, found.kind);
      if (old !== undefined && isModified(old, after)) news.add(found, isRemoved(old, after) ? 'remove' : 'modify');
      this.write(after, found.id);
    }
    return news.list;
  }

  // The devices of a request to the array.

  /** A change of one device. */
  scopeOf(device: DeviceObject): Scope {
    const devices: Guid[] = [];
    for (
      let at: DeviceObject | undefined = device;
      at !== undefined;
      at = at.parent === null ? undefined : this.devices.get(at.parent)
    )
      devices.push(at.id);
    return { devices, subSystems: devices.slice(-1) };
  }

  /** Which subsystems there are. */
  scopeOfSubSystems(): Scope {
    const subSystems = [...this.subSystemObjects().map((d) => d.id), ...this.array.connected().map((s) => s.id)];
    return { devices: subSystems, subSystems };
  }

  /** Everything there is. */
  scopeOfAll(): Scope {
    const { subSystems } = this.scopeOfSubSystems();
    return {
      devices: [
        ...subSystems,
        ...this.devices.keys(),
        ...this.array.connected().flatMap((s) => [...allDevices(s)].map((d) => d.id)),
      ],
      subSystems,
    };
  }

  /** Marks a device's object deleted, and those of what it holds, and drops their entries. */
  protected forget(device: DeviceObject): void {
    for (const held of this.objectsIn(device.id)) this.forget(held);
    device.deleted = true;
    this.devices.delete(device.id);
    this.cache.remove(device.id);
  }

  /** The one object of a device, made when the device is first met. */
  protected learn({ kind, id, parent }: Pick<Found, 'kind' | 'id' | 'parent'>): DeviceObject {
    let device = this.devices.get(id);
    if (device === undefined) {
      device = new this.parts[PART_OF_KIND[kind]](this.provider, id, parent);
      this.devices.set(id, device);
    }
    return device;
  }

  protected soundRecord({ kind, id }: DeviceObject): DeviceRecord | undefined {
    const payload = this.soundPayload(id);
    return payload === undefined ? undefined : decode(payload, kind);
  }

  private soundPayload(id: Guid): string | undefined {
    return this.cache.isSound(id) ? this.cache.read(id) : undefined;
  }

  private subSystemOf(device: DeviceObject): Guid {
    const holder = device.parent === null ? undefined : this.devices.get(device.parent);
    return holder === undefined ? device.id : this.subSystemOf(holder);
  }

  protected subSystemObjects(): readonly DeviceObject[] {
    return [...this.devices.values()].filter((d) => d.parent === null);
  }

  private objectsIn(holder: Guid): readonly DeviceObject[] {
    return [...this.devices.values()].filter((d) => d.parent === holder);
  }

  /** All that a device holds, also at second hand; holders before what they hold. */
  protected heldObjects(holder: Guid): readonly DeviceObject[] {
    return this.objectsIn(holder).flatMap((d) => [d, ...this.heldObjects(d.id)]);
  }

  private emptyCache(): Cache {
    return new this.parts.Cache((key, payload) => this.history.wrote(key, payload));
  }
}

/** Whether a drive, controller or port was taken out of use, which VDS reports by an event of its own. */
const isRemoved = (before: DeviceRecord, after: DeviceRecord): boolean =>
  (after.kind === 'drive' || after.kind === 'controller' || after.kind === 'port') &&
  after.status === OBJECT_STATUS.STATUS_OFFLINE &&
  (before as typeof after).status !== after.status;
