// Defects of recovery that show beside the object that was hit: in lists, in neighbours, in what could not be reached
// for a while, and some time later.
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import type { Answer } from '../../../src/port/object-server.js';
import type { ArraySubSystem, DeviceKind } from '../../in-memory/array/devices.js';
import { Inventory } from '../../in-memory/cache/inventory.js';
import { notification } from '../../in-memory/objects/notifications.js';
import type { DeviceObject } from '../../in-memory/objects/object.js';
import { PortalGroupObject } from '../../in-memory/objects/portal-group.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import type { Defect } from '../defect.js';
import { RefreshingInventory } from '../refreshing.js';

type Changes = ReturnType<Inventory['refresh']>;

class LostLunsLeftOut extends Inventory {
  override list(kind: DeviceKind, ids: readonly Guid[]): readonly DeviceObject[] {
    return super.list(kind, kind === 'lun' ? ids.filter((id) => this.cache.place(id) !== undefined) : ids);
  }
}

/** Erases from the list that it walks through, and so passes over the neighbour. */
class EveryOtherDeletionMissed extends RefreshingInventory {
  private readonly passedOver = new Set<Guid>();

  override reload(truth: ArraySubSystem): Changes {
    if (!this.refreshing) return super.reload(truth);
    const luns = [...this.devices.values()].filter((d) => d.kind === 'lun' && d.parent === truth.id).map((d) => d.id);
    for (let i = 0; i < luns.length; i++) {
      if (truth.luns.has(luns[i]!)) continue;
      i += 1;
      const next = luns[i];
      if (next !== undefined && !truth.luns.has(next)) this.passedOver.add(next);
    }
    try {
      return super.reload(truth);
    } finally {
      this.passedOver.clear();
    }
  }

  protected override forget(device: DeviceObject): void {
    if (this.passedOver.has(device.id) || (device.parent !== null && this.passedOver.has(device.parent))) return;
    super.forget(device);
  }
}

/** Takes a LUN that it cannot read for one that is gone. */
class UnreadableLunsGone extends RefreshingInventory {
  unreadable: ReadonlySet<Guid> = new Set();

  override reload(truth: ArraySubSystem): Changes {
    if (this.unreadable.size === 0) return super.reload(truth);
    return super.reload({ ...truth, luns: new Map([...truth.luns].filter(([id]) => !this.unreadable.has(id))) });
  }
}

class GivesUpWhatItCannotRead extends ProviderObject {
  protected override refresh(): ReturnType<ProviderObject['refresh']> {
    const inventory = this.inventory as UnreadableLunsGone;
    const luns = [...inventory.devices.values()].filter((d) => d.kind === 'lun').map((d) => d.id);
    const unreadable = luns.filter((id) => this.system.gate.condition([id]) === 'device-error');
    if (unreadable.length === 0) return super.refresh();
    inventory.unreadable = new Set(unreadable);
    try {
      this.announce(inventory.refresh());
      return { hr: HR.S_OK };
    } finally {
      inventory.unreadable = new Set();
    }
  }
}

/** Repairs are written later, and Reenumerate throws away those that are not yet written. */
class RepairsAreThrownAway extends Inventory {
  private readonly behind = new Set<Guid>();

  override refresh(): Changes {
    for (const { id, kind } of this.devices.values())
      if (kind === 'lun' && !this.cache.isSound(id)) this.behind.add(id);
    return super.refresh();
  }

  override reenumerate(): Changes {
    for (const id of this.behind) this.cache.remove(id);
    this.behind.clear();
    return super.reenumerate();
  }
}

/** Repairs an entry by removing its object and adding it again, as far as its listeners can see. */
class RepairsAreAnnounced extends Inventory {
  override refresh(): Changes {
    const damaged = [...this.devices.values()].filter((d) => d.kind === 'lun' && !this.cache.isSound(d.id));
    const changes = super.refresh();
    return [
      ...changes,
      ...damaged.flatMap(({ id }) => [notification('lun', 'depart', id), notification('lun', 'arrive', id)]),
    ];
  }
}

/**
 * Reads a subsystem that it has found again without its associations, and does not read it again in the Refresh that
 * follows.
 */
class AssociationsReadLater extends RefreshingInventory {
  private readonly justRead = new Set<Guid>();
  private reenumerating = false;

  override reenumerate(): Changes {
    this.reenumerating = true;
    try {
      return super.reenumerate();
    } finally {
      this.reenumerating = false;
    }
  }

  override refresh(): Changes {
    const changes = super.refresh();
    this.justRead.clear();
    return changes;
  }

  override reload(truth: ArraySubSystem): Changes {
    if (!this.reenumerating) return this.refreshing && this.justRead.has(truth.id) ? [] : super.reload(truth);
    this.justRead.add(truth.id);
    const luns = [...truth.luns].map(([id, lun]) => [id, { ...lun, targets: new Set<Guid>() }] as const);
    return super.reload({ ...truth, luns: new Map(luns) });
  }
}

class DamagedPortalsLeftOut extends PortalGroupObject {
  protected override queryAssociatedPortals(): Answer<'IVdsIscsiPortalGroup.QueryAssociatedPortals'> {
    const { cache } = this.provider.inventory;
    const sound = this.read().portals.filter((id) => cache.isSound(id));
    return { hr: HR.S_OK, out: { enum: this.provider.list('portal', sound) } };
  }
}

/** Refresh leaves damaged entries as they are. */
abstract class LeavesDamage extends Inventory {
  private leftAlone: ReadonlySet<Guid> = new Set();

  /** Whether it leaves the one of this device, by how things are when it begins. */
  protected abstract leaves(device: DeviceObject): boolean;

  override refresh(): Changes {
    const damaged = [...this.devices.values()].filter(({ id }) => !this.cache.isSound(id));
    this.leftAlone = new Set(damaged.filter((d) => this.leaves(d)).map(({ id }) => id));
    try {
      return super.refresh();
    } finally {
      this.leftAlone = new Set();
    }
  }

  protected override write(...[record, id]: Parameters<Inventory['write']>): void {
    if (!this.leftAlone.has(id)) super.write(record, id);
  }
}

class LeavesDrivesWhileOneIsAway extends LeavesDamage {
  protected leaves({ kind }: DeviceObject): boolean {
    return kind === 'drive' && [...this.array.subSystems.values()].some(({ connected }) => !connected);
  }
}

class LeavesDamageBesideDeletions extends LeavesDamage {
  protected leaves(): boolean {
    return [...this.devices.keys()].some((id) => this.array.find(id) === undefined);
  }
}

export const RECOVERY_NEIGHBOURS: readonly Defect[] = [
  {
    name: 'lists-leave-out-lost-luns',
    breaks: ['VDS-5.5a'],
    noticedBy: ['recovery.near.lost-entry.lun'],
    says: 'Enumerations of LUNs leave out one whose cache entry is lost, and answer S_OK.',
    parts: { Inventory: LostLunsLeftOut },
  },
  {
    name: 'every-other-deletion-missed',
    breaks: ['VDS-7.1a'],
    noticedBy: ['recovery.several-gone.luns.the-first-two'],
    says: 'Of two LUNs next to each other that are gone before one pair, Refresh misses the second.',
    parts: { Inventory: EveryOtherDeletionMissed },
  },
  {
    name: 'io-error-taken-for-deletion',
    breaks: ['VDS-7.1a'],
    noticedBy: ['recovery.trouble.device-error.lun'],
    says:
      'Refresh takes a LUN that the array cannot read for one that is gone, and its references answer ' +
      'VDS_E_OBJECT_DELETED for good.',
    parts: { Inventory: UnreadableLunsGone, Provider: GivesUpWhatItCannotRead },
  },
  {
    name: 'repairs-thrown-away-by-the-next-reenumerate',
    breaks: ['VDS-5.6'],
    noticedBy: ['recovery.stays-true'],
    says: 'The entry of a LUN that Refresh has repaired is lost again in the next Reenumerate.',
    parts: { Inventory: RepairsAreThrownAway },
  },
  {
    name: 'reenumerated-subsystem-without-associations',
    breaks: ['VDS-5.2'],
    noticedBy: ['recovery.away-and-back.reenumerate'],
    says: 'A subsystem that Reenumerate finds again has no associations of LUNs and targets until the next pair.',
    parts: { Inventory: AssociationsReadLater },
  },
  {
    name: 'repairs-announced-as-departures',
    breaks: ['VDS-9.6d'],
    noticedBy: ['recovery.near.lost-entry.lun'],
    strict: true,
    says: 'Refresh announces a LUN whose entry it has repaired as gone and as new, although it was there all the time.',
    parts: { Inventory: RepairsAreAnnounced },
  },
  {
    name: 'damaged-portals-left-out-of-groups',
    breaks: ['VDS-5.5a'],
    noticedBy: ['recovery.near.lost-entry.portal'],
    says:
      'QueryAssociatedPortals passes over portals whose entry in the cache ' +
      'is damaged, and answers S_OK with the rest.',
    parts: { PortalGroup: DamagedPortalsLeftOut },
  },
  {
    name: 'drives-left-damaged-while-a-subsystem-is-away',
    breaks: ['VDS-5.6'],
    noticedBy: ['recovery.away-and-back.pair'],
    says: 'Refresh does not repair the damaged entry of a drive for as long as another subsystem is disconnected.',
    parts: { Inventory: LeavesDrivesWhileOneIsAway },
  },
  {
    name: 'damage-left-beside-deletions',
    breaks: ['VDS-5.6'],
    noticedBy: ['recovery.several-gone.luns.the-last-two'],
    says: 'Refresh does not repair damaged entries when it finds that a device is gone.',
    parts: { Inventory: LeavesDamageBesideDeletions },
  },
];
