// Defects that show where two things befall one device, or several devices at once, before one look: its entry is
// damaged, and it goes or changes at the array.
import { NOTIFICATION_EVENTS as NF } from '../../../src/contract/generated/enumerations.js';
import type { Guid } from '../../../src/contract/guid.js';
import type { ArraySubSystem } from '../../in-memory/array/devices.js';
import { Inventory } from '../../in-memory/cache/inventory.js';
import type { Defect } from '../defect.js';

/** A drive of which nothing is known when it goes is a stranger from then on. */
class ForgetsDamagedDrives extends Inventory {
  private readonly strangers = new Set<Guid>();

  override load(): void {
    this.strangers.clear();
    super.load();
  }

  protected override reload(truth: ArraySubSystem): ReturnType<Inventory['reload']> {
    const drives = [...truth.drives.values()];
    for (const { id, present } of drives)
      if (!present && this.devices.has(id) && !this.cache.isSound(id)) this.strangers.add(id);
    const ignored = drives.filter((drive) => drive.present && this.strangers.has(drive.id));
    for (const drive of ignored) drive.present = false;
    try {
      return super.reload(truth);
    } finally {
      for (const drive of ignored) drive.present = true;
    }
  }
}

/** Of a LUN whose entry is damaged the name is taken from where it is known still. */
class NamesDamagedLunsFromMemory extends Inventory {
  private readonly names = new Map<Guid, string>();

  protected override write(...[record, id]: Parameters<Inventory['write']>): void {
    if (record.kind !== 'lun') return super.write(record, id);
    const name = this.cache.isSound(id) ? undefined : this.names.get(id);
    this.names.set(id, name ?? record.friendlyName);
    super.write(name === undefined ? record : { ...record, friendlyName: name }, id);
  }
}

/** Refresh announces the first LUN that has gone. */
class AnnouncesOneDeparture extends Inventory {
  protected override reload(truth: ArraySubSystem): ReturnType<Inventory['reload']> {
    let departures = 0;
    return super.reload(truth).filter(({ lun }) => lun?.event !== NF.VDS_NF_LUN_DEPART || departures++ === 0);
  }
}

export const COME_AND_GO_DAMAGED: readonly Defect[] = [
  {
    name: 'damaged-drives-stay-away',
    breaks: ['VDS-5.3'],
    noticedBy: ['recovery.come-and-go.drive.pair'],
    says: 'A drive that is pulled while its cache entry is damaged is not found again when it is put back.',
    parts: { Inventory: ForgetsDamagedDrives },
  },
  {
    name: 'damaged-luns-are-named-from-memory',
    breaks: ['VDS-5.3'],
    noticedBy: ['array-events.renamed.lun.silently'],
    says: 'Refresh restores a damaged entry of a LUN with the name that it had, and not with the one that it has.',
    parts: { Inventory: NamesDamagedLunsFromMemory },
  },
  {
    name: 'first-of-several-luns-departs',
    breaks: ['VDS-9.6e'],
    noticedBy: ['recovery.several-gone.luns.every-other'],
    says: 'Of several LUNs that were deleted at the array Refresh announces the first one only.',
    parts: { Inventory: AnnouncesOneDeparture },
  },
];
