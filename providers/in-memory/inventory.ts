// What one provider instance knows: its cache, and one object for each device it has learnt of. Loading, Reenumerate, Refresh and array events
// bring it up to date with the array; everything else reads it.
import type { Guid } from '../../src/contract/guid.js';
import type { VDS_NOTIFICATION } from '../../src/contract/generated/structures.js';
import type { ArrayLun, ArraySubSystem, ArrayTarget, StorageArray } from './array.js';
import type { Cache } from './cache.js';
import { CacheCorrupt } from './failure.js';
import { History } from './history.js';
import { notification, type DeviceKind } from './notifications.js';
import type { DeviceObject } from './object.js';
import type { Parts } from './parts.js';
import type { ProviderObject } from './provider.js';
import {
  decode, DIRECTORY, encode, lunRecord, subSystemRecord, targetRecord, type DirectoryRecord, type LunRecord, type SubSystemRecord, type TargetRecord,
} from './records.js';

export class Inventory {
  /** One object for each device, from when it is learnt of until it is known to be gone. */
  readonly devices = new Map<Guid, DeviceObject>();
  cache: Cache;
  /** Only the stale-entry fault reads it. */
  history = new History();

  constructor(protected readonly array: StorageArray, protected readonly parts: Parts, protected readonly provider: ProviderObject) {
    this.cache = this.emptyCache();
  }

  // Reading. Each throws CacheCorrupt when an entry that it touches is missing, does not verify, or refers to one that does not exist.

  directory(): DirectoryRecord {
    return decode(this.cache.read(DIRECTORY), 'directory');
  }

  subSystem(id: Guid): SubSystemRecord {
    return decode(this.cache.read(id), 'sub-system');
  }

  lun(id: Guid): LunRecord {
    const record = decode(this.cache.read(id), 'lun');
    this.cache.check(record.parent);
    return record;
  }

  target(id: Guid): TargetRecord {
    const record = decode(this.cache.read(id), 'target');
    this.cache.check(record.parent);
    return record;
  }

  /** The object of an id that was found in the cache. */
  device(id: Guid): DeviceObject {
    const found = this.devices.get(id);
    if (found === undefined) throw new CacheCorrupt();
    return found;
  }

  subSystems(): readonly DeviceObject[] {
    return this.directory().subSystems.map((id) => {
      this.subSystem(id);
      return this.device(id);
    });
  }

  luns(subSystem: Guid): readonly DeviceObject[] {
    return this.subSystem(subSystem).luns.map((id) => {
      this.lun(id);
      return this.device(id);
    });
  }

  targets(subSystem: Guid): readonly DeviceObject[] {
    return this.subSystem(subSystem).targets.map((id) => {
      this.target(id);
      return this.device(id);
    });
  }

  /** Whether the whole cache verifies, and every reference in it leads somewhere. */
  verifies(): boolean {
    try {
      this.subSystems();
      for (const id of this.directory().subSystems) {
        this.luns(id);
        this.targets(id);
      }
      return true;
    } catch (error) {
      if (error instanceof CacheCorrupt) return false;
      throw error;
    }
  }

  // Learning. Each answers what is to be announced.

  /** Builds the cache anew. Objects that an earlier load left keep standing for their devices, if those are still there. */
  load(): void {
    this.history = new History();
    this.cache = this.emptyCache();
    for (const device of this.known('sub-system')) if (this.array.subSystem(device.id) === undefined) this.forget(device);
    for (const truth of this.array.connected()) this.reload(truth);
    this.writeDirectory(this.array.connected().map((s) => s.id));
  }

  /** Which subsystems are there: IVdsHwProvider::Reenumerate. Entries of subsystems known before are left as they are. */
  reenumerate(): readonly VDS_NOTIFICATION[] {
    const changes: VDS_NOTIFICATION[] = [];
    for (const device of this.known('sub-system')) {
      if (this.array.subSystem(device.id) !== undefined) continue;
      this.forget(device);
      changes.push(notification('sub-system', 'depart', device.id));
    }
    const connected = this.array.connected();
    for (const truth of connected) {
      if (this.devices.has(truth.id)) continue;
      this.reload(truth);
      changes.push(notification('sub-system', 'arrive', truth.id));
    }
    this.writeDirectory(connected.map((s) => s.id));
    return changes;
  }

  /** What the known subsystems hold: IVdsHwProvider::Refresh. Every entry is written anew. */
  refresh(): readonly VDS_NOTIFICATION[] {
    return this.directory().subSystems.flatMap((id) => {
      const truth = this.array.subSystem(id);
      return truth === undefined ? this.depart(this.device(id)) : this.reload(truth);
    });
  }

  /** A device is gone: its entry goes too, and its parent no longer lists it. */
  depart(device: DeviceObject): readonly VDS_NOTIFICATION[] {
    this.forget(device);
    if (device.parent === null) {
      // A directory or parent that does not verify is left alone: writing it here would hide the damage from the calls that should find it.
      if (this.cache.isSound(DIRECTORY)) this.writeDirectory(this.directory().subSystems.filter((id) => id !== device.id));
    } else {
      const parent = this.array.subSystem(device.parent);
      if (parent !== undefined && this.cache.isSound(parent.id)) this.writeSubSystem(parent);
    }
    return [notification(device.kind, 'depart', device.id)];
  }

  /** A LUN was created through this provider. */
  addLun(truth: ArrayLun, subSystem: ArraySubSystem): DeviceObject {
    this.writeLun(truth, subSystem.id);
    const device = this.learn('lun', truth.id, subSystem.id);
    this.writeSubSystem(subSystem);
    return device;
  }

  /** A target was created through this provider. */
  addTarget(truth: ArrayTarget, subSystem: ArraySubSystem): DeviceObject {
    this.writeTarget(truth, subSystem.id);
    const device = this.learn('target', truth.id, subSystem.id);
    this.writeSubSystem(subSystem);
    return device;
  }

  writeLun(truth: ArrayLun, subSystem: Guid): void {
    this.cache.write(truth.id, encode(lunRecord(truth, subSystem)));
  }

  writeTarget(truth: ArrayTarget, subSystem: Guid): void {
    this.cache.write(truth.id, encode(targetRecord(truth, subSystem)));
  }

  /** Writes a subsystem's own entry. Members of which this provider has not learnt (another made them) stay out until the next Refresh. */
  writeSubSystem(truth: ArraySubSystem): void {
    const known = (id: Guid): boolean => this.devices.has(id);
    this.cache.write(truth.id, encode(subSystemRecord(truth, [...truth.luns.keys()].filter(known), [...truth.targets.keys()].filter(known))));
  }

  protected writeDirectory(subSystems: readonly Guid[]): void {
    this.cache.write(DIRECTORY, encode({ kind: 'directory', subSystems }));
  }

  /** Brings one subsystem and its members up to date. */
  protected reload(truth: ArraySubSystem): readonly VDS_NOTIFICATION[] {
    const changes: VDS_NOTIFICATION[] = [];
    for (const device of this.members(truth.id)) {
      if (truth.luns.has(device.id) || truth.targets.has(device.id)) continue;
      this.forget(device);
      changes.push(notification(device.kind, 'depart', device.id));
    }
    this.learn('sub-system', truth.id, null);
    for (const lun of truth.luns.values()) {
      if (!this.devices.has(lun.id)) changes.push(notification('lun', 'arrive', lun.id));
      this.learn('lun', lun.id, truth.id);
      this.writeLun(lun, truth.id);
    }
    for (const target of truth.targets.values()) {
      if (!this.devices.has(target.id)) changes.push(notification('target', 'arrive', target.id));
      this.learn('target', target.id, truth.id);
      this.writeTarget(target, truth.id);
    }
    this.writeSubSystem(truth);
    return changes;
  }

  /** Marks a device's object deleted, and those of its members, and drops their entries. */
  protected forget(device: DeviceObject): void {
    for (const member of this.members(device.id)) this.forget(member);
    device.deleted = true;
    this.devices.delete(device.id);
    this.cache.remove(device.id);
  }

  /** The one object of a device, made when the device is first met. */
  protected learn(kind: DeviceKind, id: Guid, parent: Guid | null): DeviceObject {
    let device = this.devices.get(id);
    if (device === undefined) {
      device = this.make(kind, id, parent);
      this.devices.set(id, device);
    }
    return device;
  }

  private make(kind: DeviceKind, id: Guid, parent: Guid | null): DeviceObject {
    switch (kind) {
      case 'sub-system': return new this.parts.SubSystem(this.provider, id, parent);
      case 'lun': return new this.parts.Lun(this.provider, id, parent);
      case 'target': return new this.parts.Target(this.provider, id, parent);
    }
  }

  private known(kind: DeviceKind): readonly DeviceObject[] {
    return [...this.devices.values()].filter((d) => d.kind === kind);
  }

  private members(subSystem: Guid): readonly DeviceObject[] {
    return [...this.devices.values()].filter((d) => d.parent === subSystem);
  }

  private emptyCache(): Cache {
    return new this.parts.Cache((key, payload) => this.history.wrote(key, payload));
  }
}
