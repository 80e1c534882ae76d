// Defects around what an administrator does at the array: what the provider overlooks, and what the array's events do
// to it.
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import { VDS_DRIVE_STATUS } from '../../../src/contract/generated/enumerations.js';
import type { MethodName } from '../../../src/contract/tables.js';
import type { Answer } from '../../../src/port/object-server.js';
import type { ArrayLun, ArraySubSystem } from '../../in-memory/array/devices.js';
import { Inventory } from '../../in-memory/cache/inventory.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import type { DeviceObject } from '../../in-memory/objects/object.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import type { DeviceRecord } from '../../in-memory/cache/records.js';
import type { Defect } from '../defect.js';
import { RefreshingInventory } from '../refreshing.js';

type Changes = ReturnType<Inventory['refresh']>;

/** Names are taken once, when a device is met; Refresh reads everything else. */
class NamesFromFirstSight extends RefreshingInventory {
  private readonly names = new Map<Guid, string>();
  protected override write(record: DeviceRecord, id: Guid): void {
    if (!('friendlyName' in record)) return super.write(record, id);
    const first = this.refreshing ? this.names.get(id) : undefined;
    if (first === undefined) this.names.set(id, record.friendlyName);
    return super.write(first === undefined ? record : { ...record, friendlyName: first }, id);
  }
}

/** A LUN that is gone is looked up again by its name, and another has it now. */
class FoundByName extends LunObject {
  private lastName: string | undefined;

  private twin(): LunObject | undefined {
    return [...this.provider.inventory.devices.values()].find(
      (d): d is LunObject =>
        d instanceof FoundByName && !d.deleted && d.lastName !== undefined && d.lastName === this.lastName,
    );
  }

  override refuse(name: MethodName): number | undefined {
    if (this.deleted && this.twin() !== undefined && name === 'IVdsLun.GetProperties') return undefined;
    return super.refuse(name);
  }

  protected override getProperties(): Answer<'IVdsLun.GetProperties'> {
    if (this.deleted) return (this.twin() as FoundByName).getProperties();
    const answer = super.getProperties();
    const prop = answer.out?.lunProp;
    if (typeof prop === 'object') this.lastName = prop?.friendlyName ?? undefined;
    return answer;
  }
}

/** Once loaded, it takes in no object that it did not make. */
class IgnoresForeignLuns extends Inventory {
  protected override reload(truth: ArraySubSystem): Changes {
    const known = this.devices.has(truth.id);
    return super.reload(
      known ? { ...truth, luns: new Map([...truth.luns].filter(([id]) => this.devices.has(id))) } : truth,
    );
  }
}

const seated = (truth: ArraySubSystem): ArraySubSystem => ({
  ...truth,
  drives: new Map(
    [...truth.drives].map(([id, drive]) => [id, { ...drive, present: true, status: VDS_DRIVE_STATUS.VDS_DRS_ONLINE }]),
  ),
});

/** A slot that was filled once counts as filled. */
class KeepsPulledDrives extends Inventory {
  protected override reload(truth: ArraySubSystem): Changes {
    return super.reload(seated(truth));
  }
}

/** Slots are looked into when the subsystem is met, and never again. */
class MissesReturnedDrives extends Inventory {
  protected override reload(truth: ArraySubSystem): Changes {
    const known = this.devices.has(truth.id);
    return super.reload(
      known ? { ...truth, drives: new Map([...truth.drives].filter(([id]) => this.devices.has(id))) } : truth,
    );
  }
}

/** An event about a device that is not there any more is taken for a sign that everything is lost. */
class LostByAnEvent extends Inventory {
  lost = false;

  override update(...ids: readonly Guid[]): Changes {
    if (ids.some((id) => !this.devices.has(id) && this.array.find(id) === undefined)) this.lost = true;
    return super.update(...ids);
  }
}

class StumblesOverEvents extends ProviderObject {
  override refuse(name: MethodName): number | undefined {
    const { inventory } = this;
    if (inventory instanceof LostByAnEvent && inventory.lost && name === 'IVdsHwProvider.Refresh')
      return HR.E_UNEXPECTED;
    return super.refuse(name);
  }
}

/** Only events tell that a LUN is gone; Refresh takes each one that it saw before for still there. */
class GoneOnlyByEvent extends Inventory {
  private readonly seen = new Map<Guid, { readonly in: Guid; readonly lun: ArrayLun }>();

  override update(...ids: readonly Guid[]): Changes {
    for (const id of ids) {
      const found = this.array.find(id, 'lun');
      if (found === undefined) this.seen.delete(id);
      else this.seen.set(id, { in: found.subSystem.id, lun: found.lun });
    }
    return super.update(...ids);
  }

  override depart(device: DeviceObject): Changes {
    this.seen.delete(device.id);
    return super.depart(device);
  }

  protected override reload(truth: ArraySubSystem): Changes {
    for (const lun of truth.luns.values()) this.seen.set(lun.id, { in: truth.id, lun });
    const kept = [...this.seen.values()]
      .filter((s) => s.in === truth.id && !truth.luns.has(s.lun.id))
      .map((s) => [s.lun.id, s.lun] as const);
    return super.reload({ ...truth, luns: new Map([...truth.luns, ...kept]) });
  }
}

/** An event only marks a device as up to date, and what is up to date Refresh need not read. */
class EventsCountAsReading extends RefreshingInventory {
  private readonly upToDate = new Set<Guid>();

  override update(...ids: readonly Guid[]): Changes {
    // It does read its own changes.
    if (
      this.provider.operations.size > 0 ||
      !ids.every((id) => this.devices.has(id) && this.array.find(id) !== undefined)
    )
      return super.update(...ids);
    for (const id of ids) this.upToDate.add(id);
    return [];
  }

  override refresh(): Changes {
    const changes = super.refresh();
    this.upToDate.clear();
    return changes;
  }

  protected override write(record: DeviceRecord, id: Guid): void {
    if (!this.refreshing || !this.upToDate.has(id)) super.write(record, id);
  }
}

/** Targets are known by their names, and keep the ids under which those were met first. */
class TargetsByName extends Inventory {
  private readonly ids = new Map<string, Guid>();

  protected override reload(truth: ArraySubSystem): Changes {
    const targets = [...truth.targets.values()].map((target) => {
      const first = this.ids.get(target.iscsiName);
      const id = first !== undefined && this.devices.has(first) ? first : target.id;
      this.ids.set(target.iscsiName, id);
      return { ...target, id };
    });
    return super.reload({ ...truth, targets: new Map(targets.map((t) => [t.id, t])) });
  }

  override update(...ids: readonly Guid[]): Changes {
    for (const id of ids) {
      const found = this.array.find(id, 'target');
      if (found !== undefined) this.ids.set(found.target.iscsiName, id);
    }
    return super.update(...ids);
  }
}

export const ARRAY_EVENTS: readonly Defect[] = [
  {
    name: 'names-from-first-sight',
    breaks: ['VDS-5.3'],
    noticedBy: ['array-events.renamed.subsystem.silently'],
    says:
      'Refresh reads everything anew but the names of devices, which ' +
      'stay as they were when the device was first met.',
    parts: { Inventory: NamesFromFirstSight },
  },
  {
    name: 'deleted-lun-found-by-its-name',
    breaks: ['VDS-7.1a'],
    noticedBy: ['array-events.recreated.lun.silently'],
    says: 'A LUN that is gone answers with the properties of another LUN that has its name now.',
    parts: { Lun: FoundByName },
  },
  {
    name: 'imported-luns-ignored',
    breaks: ['VDS-5.3'],
    noticedBy: ['array-events.imported-lun.silently'],
    says: "LUNs that appear at the array without the provider's doing are never listed.",
    parts: { Inventory: IgnoresForeignLuns },
  },
  {
    name: 'pulled-drives-kept',
    breaks: ['VDS-5.3'],
    noticedBy: ['array-events.pulled-drive.silently'],
    says: 'A drive that was pulled goes on being listed as online after Reenumerate and Refresh.',
    parts: { Inventory: KeepsPulledDrives },
  },
  {
    name: 'returned-drives-missed',
    breaks: ['VDS-5.3'],
    noticedBy: ['array-events.pulled-drive.silently'],
    says: 'A drive that was put back is not found again by Reenumerate and Refresh.',
    parts: { Inventory: MissesReturnedDrives },
  },
  {
    name: 'lost-by-an-event',
    breaks: ['VDS-5.5d'],
    noticedBy: ['notifications.repeated-events'],
    says: 'After an event about a device that it does not know, Refresh answers E_UNEXPECTED for ever.',
    parts: { Inventory: LostByAnEvent, Provider: StumblesOverEvents },
  },
  {
    name: 'events-count-as-reading',
    breaks: ['VDS-5.3', 'VDS-7.6b'],
    noticedBy: ['controllers.set-status', 'import-target.corrupted.flipped-bytes'],
    says: 'A device about which an event came counts as up to date, so that Refresh leaves its entry as it was.',
    parts: { Inventory: EventsCountAsReading },
  },
  {
    name: 'targets-known-by-name',
    breaks: ['VDS-4.2b'],
    noticedBy: ['array-events.recreated.target.silently'],
    says: 'A target that was made again under its old name is reported under the id of the one that is gone.',
    parts: { Inventory: TargetsByName },
  },
  {
    name: 'gone-only-by-event',
    breaks: ['VDS-5.3', 'VDS-5.5b'],
    noticedBy: ['array-events.recreated.lun.silently', 'deletion.between-the-pair'],
    says: "A LUN that vanished at the array is noticed by the array's event only, and not by Reenumerate and Refresh.",
    parts: { Inventory: GoneOnlyByEvent },
  },
];
