// Defects around what an administrator does at the array: what the provider overlooks, and what the array's events do to it.
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import { VDS_DRIVE_STATUS } from '../../../src/contract/generated/enumerations.js';
import type { MethodName } from '../../../src/contract/tables.js';
import type { Answer } from '../../../src/provider/object-server.js';
import type { ArraySubSystem } from '../../in-memory/devices.js';
import { Inventory } from '../../in-memory/inventory.js';
import { LunObject } from '../../in-memory/lun.js';
import { ProviderObject } from '../../in-memory/provider.js';
import type { DeviceRecord } from '../../in-memory/records.js';
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
    return [...this.provider.inventory.devices.values()].find((d): d is LunObject => d instanceof FoundByName && !d.deleted && d.lastName !== undefined && d.lastName === this.lastName);
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

/** What the provider did not make it does not take in, once it is loaded. */
class IgnoresForeignLuns extends Inventory {
  protected override reload(truth: ArraySubSystem): Changes {
    const known = this.devices.has(truth.id);
    return super.reload(known ? { ...truth, luns: new Map([...truth.luns].filter(([id]) => this.devices.has(id))) } : truth);
  }
}

const seated = (truth: ArraySubSystem): ArraySubSystem => ({
  ...truth, drives: new Map([...truth.drives].map(([id, drive]) => [id, { ...drive, present: true, status: VDS_DRIVE_STATUS.VDS_DRS_ONLINE }])),
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
    return super.reload(known ? { ...truth, drives: new Map([...truth.drives].filter(([id]) => this.devices.has(id))) } : truth);
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
    if (inventory instanceof LostByAnEvent && inventory.lost && name === 'IVdsHwProvider.Refresh') return HR.E_UNEXPECTED;
    return super.refuse(name);
  }
}

/** Only events tell that a LUN is gone; Refresh looks at those that are there. */
class GoneOnlyByEvent extends Inventory {
  protected override reload(truth: ArraySubSystem): Changes {
    const gone = [...this.devices.values()].filter((d) => d.kind === 'lun' && d.parent === truth.id && !truth.luns.has(d.id) && this.cache.isSound(d.id));
    const kept = new Map(gone.map((d) => [d.id, this.cache.read(d.id)]));
    const changes = super.reload(truth);
    if (kept.size === 0) return changes;
    for (const device of gone) {
      device.deleted = false;
      this.devices.set(device.id, device);
      this.cache.write(device.id, kept.get(device.id) ?? '');
    }
    const record = this.record('sub-system', truth.id);
    this.write({ ...record, luns: [...record.luns, ...kept.keys()] }, truth.id);
    return changes;
  }
}

export const ARRAY_EVENTS: readonly Defect[] = [
  {
    name: 'names-from-first-sight', breaks: ['VDS-5.3'],
    says: 'Refresh reads everything anew but the names of devices, which stay as they were when the device was first met.',
    parts: { Inventory: NamesFromFirstSight },
  },
  {
    name: 'deleted-lun-found-by-its-name', breaks: ['VDS-7.1a'],
    says: 'A LUN that is gone answers with the properties of another LUN that has its name now.',
    parts: { Lun: FoundByName },
  },
  {
    name: 'imported-luns-ignored', breaks: ['VDS-5.3'],
    says: 'LUNs that appear at the array without the provider\'s doing are never listed.',
    parts: { Inventory: IgnoresForeignLuns },
  },
  {
    name: 'pulled-drives-kept', breaks: ['VDS-5.3'],
    says: 'A drive that was pulled goes on being listed as online after Reenumerate and Refresh.',
    parts: { Inventory: KeepsPulledDrives },
  },
  {
    name: 'returned-drives-missed', breaks: ['VDS-5.3'],
    says: 'A drive that was put back is not found again by Reenumerate and Refresh.',
    parts: { Inventory: MissesReturnedDrives },
  },
  {
    name: 'lost-by-an-event', breaks: ['VDS-5.5b'],
    says: 'After an event about a device that it does not know, Refresh answers E_UNEXPECTED for ever.',
    parts: { Inventory: LostByAnEvent, Provider: StumblesOverEvents },
  },
  {
    name: 'gone-only-by-event', breaks: ['VDS-5.3', 'VDS-7.1a'],
    says: 'A LUN that vanished at the array is noticed by the array\'s event only, and not by Reenumerate and Refresh.',
    parts: { Inventory: GoneOnlyByEvent },
  },
];
