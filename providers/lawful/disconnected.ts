// A subsystem whose cable was pulled, as a provider may keep it: VDS_SSS_OFFLINE says that "the subsystem is
// disconnected".
import { VDS_SUB_SYSTEM_STATUS } from '../../src/contract/generated/enumerations.js';
import { HR } from '../../src/contract/hresult.js';
import type { VDS_NOTIFICATION } from '../../src/contract/generated/structures.js';
import { Inventory } from '../in-memory/cache/inventory.js';
import { recordOf } from '../in-memory/cache/records.js';
import { Failure } from '../in-memory/failure.js';
import { notification } from '../in-memory/objects/notifications.js';
import type { DeviceObject } from '../in-memory/objects/object.js';
import { ProviderObject } from '../in-memory/objects/provider.js';

/** Keeps what it knows of a subsystem that it no longer reaches, and lists it with status OFFLINE. */
export class KeepsDisconnected extends Inventory {
  override reenumerate(): readonly VDS_NOTIFICATION[] {
    const kept = this.unreachable();
    if (kept.length === 0) return super.reenumerate();
    const changes: VDS_NOTIFICATION[] = [];
    const connected = this.array.connected();
    for (const truth of connected) {
      if (this.devices.has(truth.id)) continue;
      this.reload(truth);
      changes.push(notification('subsystem', 'arrive', truth.id));
    }
    for (const id of kept) {
      this.tellOffline(id);
      changes.push(notification('subsystem', 'modify', id));
    }
    this.writeDirectory([...this.array.subSystems.keys()].filter((id) => this.devices.has(id)));
    return changes;
  }

  override refresh(): readonly VDS_NOTIFICATION[] {
    return this.directory().subSystems.flatMap((id) => {
      const truth = this.array.subSystem(id);
      if (truth !== undefined) return this.reload(truth);
      if (!this.array.subSystems.has(id)) return this.depart(this.device(id));
      this.tellOffline(id);
      return [];
    });
  }

  private unreachable(): readonly string[] {
    return [...this.array.subSystems.values()].filter((s) => !s.connected && this.devices.has(s.id)).map((s) => s.id);
  }

  private tellOffline(id: string): void {
    const subSystem = this.array.subSystems.get(id);
    if (subSystem === undefined) return;
    const record = recordOf({ kind: 'subsystem', id, parent: null, subSystem }, (each) => this.devices.has(each));
    this.write({ ...record, status: VDS_SUB_SYSTEM_STATUS.VDS_SSS_OFFLINE } as typeof record, id);
  }
}

/** Requests about an unreachable subsystem fail, and leave its objects. */
export class LeavesDisconnected extends ProviderObject {
  override gone(device: DeviceObject): Failure {
    let top = device;
    for (let parent = top.parent; parent !== null; parent = top.parent) {
      const holder = this.inventory.devices.get(parent);
      if (holder === undefined) break;
      top = holder;
    }
    return this.array.subSystems.get(top.id)?.connected === false
      ? new Failure(HR.VDS_E_OBJECT_STATUS_FAILED)
      : super.gone(device);
  }

  override learn(...ids: readonly string[]): void {
    super.learn(...ids.filter((id) => this.array.subSystems.get(id)?.connected !== false));
  }
}
