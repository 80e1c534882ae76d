// Defects of subsystems that are disconnected and come back.
import type { VDS_NOTIFICATION } from '../../../src/contract/generated/structures.js';
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import type { MethodName } from '../../../src/contract/tables.js';
import type { ArraySubSystem } from '../../in-memory/array/devices.js';
import { Inventory } from '../../in-memory/cache/inventory.js';
import type { DeviceObject } from '../../in-memory/objects/object.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import type { Defect } from '../defect.js';

class KeepsTheDisconnected extends Inventory {
  override reenumerate(): readonly VDS_NOTIFICATION[] {
    const changes: VDS_NOTIFICATION[] = [];
    for (const truth of this.array.connected()) {
      if (this.devices.has(truth.id)) continue;
      changes.push(...this.reload(truth));
    }
    return changes;
  }

  override refresh(): readonly VDS_NOTIFICATION[] {
    return this.array.connected().flatMap((truth) => this.reload(truth));
  }
}

class NeverFindsNew extends Inventory {
  protected override reload(truth: ArraySubSystem): readonly VDS_NOTIFICATION[] {
    return this.searching && !this.devices.has(truth.id) ? [] : super.reload(truth);
  }

  private searching = false;

  override reenumerate(): readonly VDS_NOTIFICATION[] {
    this.searching = true;
    try {
      const changes = super.reenumerate();
      this.writeDirectory(
        this.array
          .connected()
          .map((s) => s.id)
          .filter((id) => this.devices.has(id)),
      );
      return changes.filter((n) => n.subSystem === undefined || this.devices.has(n.subSystem.subSystemId));
    } finally {
      this.searching = false;
    }
  }
}

class LunsOutliveTheirSubSystem extends Inventory {
  protected override forget(device: DeviceObject): void {
    if (device.kind !== 'subsystem') return super.forget(device);
    device.deleted = true;
    this.devices.delete(device.id);
    this.cache.remove(device.id);
  }
}

class ComesBackEmpty extends Inventory {
  private returning = false;

  override reenumerate(): readonly VDS_NOTIFICATION[] {
    this.returning = true;
    try {
      return super.reenumerate();
    } finally {
      this.returning = false;
    }
  }

  override refresh(): readonly VDS_NOTIFICATION[] {
    // It believes that Reenumerate has read the members of whatever it found.
    return this.array
      .connected()
      .flatMap((truth) => this.reload(this.empty.has(truth.id) ? { ...truth, luns: new Map() } : truth));
  }

  private readonly empty = new Set<Guid>();

  protected override reload(truth: ArraySubSystem): readonly VDS_NOTIFICATION[] {
    if (!this.returning || this.devices.has(truth.id)) return super.reload(truth);
    this.empty.add(truth.id);
    return super.reload({ ...truth, luns: new Map() });
  }
}

class LostSubSystemListsDrives extends SubSystemObject {
  override refuse(method: MethodName): number | undefined {
    return this.deleted && method === 'IVdsSubSystem.QueryDrives' ? undefined : super.refuse(method);
  }

  protected override queryDrives(): ReturnType<SubSystemObject['queryDrives']> {
    return this.deleted ? { hr: HR.S_OK, out: { enum: this.provider.enumerate([]) } } : super.queryDrives();
  }
}

export const DISCONNECTION: readonly Defect[] = [
  {
    name: 'disconnected-subsystem-stays',
    breaks: ['VDS-5.5b', 'VDS-5.2b'],
    noticedBy: ['deletion.subsystem.disconnected', 'import-target.deleted-subsystem'],
    says: 'Reenumerate goes on listing a subsystem that was disconnected.',
    parts: { Inventory: KeepsTheDisconnected },
  },
  {
    name: 'reconnected-subsystem-never-found',
    breaks: ['VDS-5.2'],
    noticedBy: ['enumeration.empty.no-subsystems'],
    says: 'Reenumerate removes subsystems that are gone and never finds one that came back.',
    parts: { Inventory: NeverFindsNew },
  },
  {
    name: 'reconnected-subsystem-comes-back-empty',
    breaks: ['VDS-6.7a'],
    noticedBy: ['deletion.subsystem.disconnected'],
    says: 'A subsystem that came back is listed without its LUNs.',
    parts: { Inventory: ComesBackEmpty },
  },
  {
    name: 'luns-outlive-their-subsystem',
    breaks: ['VDS-7.1a'],
    noticedBy: ['deletion.subsystem.disconnected'],
    says: 'The LUNs of a subsystem that is gone answer VDS_E_PROVIDER_CACHE_CORRUPT instead of VDS_E_OBJECT_DELETED.',
    parts: { Inventory: LunsOutliveTheirSubSystem },
  },
  {
    name: 'lost-subsystem-lists-drives',
    breaks: ['VDS-7.1a'],
    noticedBy: ['deletion.subsystem.disconnected'],
    says: 'QueryDrives of a subsystem that is gone answers S_OK with an empty enumeration.',
    parts: { SubSystem: LostSubSystemListsDrives },
  },
];
