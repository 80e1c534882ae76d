// Defects of the repair itself: Refresh finds damaged entries and writes them anew, but not all of them, not with what
// was acknowledged last, or not without harm to what a caller holds.
import { VDS_CONTROLLER_STATUS } from '../../../src/contract/generated/enumerations.js';
import type { Guid } from '../../../src/contract/guid.js';
import type { Inventory } from '../../in-memory/cache/inventory.js';
import type { DeviceRecord } from '../../in-memory/cache/records.js';
import { Enumerator } from '../../in-memory/objects/enumerator.js';
import type { Defect } from '../defect.js';
import { RefreshingInventory } from '../refreshing.js';

type Changes = ReturnType<Inventory['refresh']>;

/** Knows which entries Refresh has to repair. */
class RepairingInventory extends RefreshingInventory {
  protected damaged: Set<Guid> = new Set();
  repairs = 0;

  override refresh(): Changes {
    this.damaged = new Set([...this.devices.keys()].filter((id) => !this.cache.isSound(id)));
    if (this.damaged.size > 0) this.repairs += 1;
    return super.refresh();
  }

  protected isRepairing(id: Guid): boolean {
    return this.refreshing && this.damaged.has(id);
  }
}

class LeavesWhatIsOffline extends RepairingInventory {
  protected override write(record: DeviceRecord, id: Guid): void {
    const isOffline = record.kind === 'controller' && record.status === VDS_CONTROLLER_STATUS.VDS_CS_OFFLINE;
    if (!isOffline || !this.isRepairing(id)) super.write(record, id);
  }
}

class RepairsOneTarget extends RepairingInventory {
  private mended = 0;

  protected override write(record: DeviceRecord, id: Guid): void {
    if (record.kind === 'target' && this.isRepairing(id) && this.repairs === this.mended) return;
    if (record.kind === 'target' && this.isRepairing(id)) this.mended = this.repairs;
    super.write(record, id);
  }
}

/** Keeps the name that each LUN had before the present one. */
class FormerNames extends RepairingInventory {
  private readonly names = new Map<Guid, { readonly now: string; readonly former: string }>();

  protected override write(record: DeviceRecord, id: Guid): void {
    if (record.kind !== 'lun') return super.write(record, id);
    const known = this.names.get(id);
    if (this.isRepairing(id) && known !== undefined) return super.write({ ...record, friendlyName: known.former }, id);
    const { friendlyName } = record;
    if (known === undefined) this.names.set(id, { now: friendlyName, former: friendlyName });
    else if (known.now !== friendlyName) this.names.set(id, { now: friendlyName, former: known.now });
    super.write(record, id);
  }
}

class PlexesAnew extends RepairingInventory {
  override refresh(): Changes {
    const damaged = [...this.devices.values()].filter((d) => d.kind === 'lun' && !this.cache.isSound(d.id));
    for (const lun of damaged)
      for (const plex of this.devices.values())
        if (plex.parent === lun.id && this.array.find(plex.id) !== undefined) {
          plex.deleted = true;
          this.devices.delete(plex.id);
        }
    return super.refresh();
  }
}

class BeginsAnew extends Enumerator {
  private readonly inventory = this.provider.inventory as unknown as RepairingInventory;
  private repairs = this.inventory.repairs;

  protected override next(celt: number): ReturnType<Enumerator['next']> {
    if (this.repairs !== this.inventory.repairs) this.position = 0;
    this.repairs = this.inventory.repairs;
    return super.next(celt);
  }
}

export const REPAIRS: readonly Defect[] = [
  {
    name: 'offline-controllers-stay-damaged',
    breaks: ['VDS-5.6'],
    noticedBy: ['interactions.repaired'],
    says: 'Refresh passes over the damaged entries of controllers that are OFFLINE.',
    parts: { Inventory: LeavesWhatIsOffline },
  },
  {
    name: 'one-target-repaired-at-a-time',
    breaks: ['VDS-5.6'],
    noticedBy: ['interactions.repaired'],
    says: 'Refresh repairs one damaged target, and leaves the others damaged.',
    parts: { Inventory: RepairsOneTarget },
  },
  {
    name: 'repaired-luns-have-their-former-names',
    breaks: ['VDS-5.5b'],
    noticedBy: ['interactions.repaired'],
    says: 'The name that a LUN had before its present one is back when its damaged entry has been repaired.',
    parts: { Inventory: FormerNames },
  },
  {
    name: 'plexes-made-anew-by-a-repair',
    breaks: ['VDS-7.1a'],
    noticedBy: ['interactions.repaired'],
    says:
      'Refresh makes new objects for the plexes of a LUN whose entry was damaged, and references to the old ones ' +
      'answer VDS_E_OBJECT_DELETED.',
    parts: { Inventory: PlexesAnew },
  },
  {
    name: 'enumerators-begin-anew-after-a-repair',
    breaks: ['VDS-6.5a'],
    noticedBy: ['interactions.repaired'],
    says: 'An enumerator that was begun before a repair begins with its first object again.',
    parts: { Inventory: RepairingInventory, Enumerator: BeginsAnew },
  },
];
