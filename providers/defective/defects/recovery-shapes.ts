// Defects of recovery that show in the shape of what happened: as many as before but others, an old name on a new
// object, a list around a damaged member.
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import type { Servant } from '../../../src/port/object-server.js';
import {
  type ArrayLun,
  type ArraySubSystem,
  type ArrayTarget,
  type DeviceKind,
} from '../../in-memory/array/devices.js';
import { StorageArray } from '../../in-memory/array/array.js';
import { Inventory } from '../../in-memory/cache/inventory.js';
import { Failure } from '../../in-memory/failure.js';
import type { DeviceObject } from '../../in-memory/objects/object.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import type { Defect } from '../defect.js';
import { RefreshingInventory } from '../refreshing.js';

type Changes = ReturnType<Inventory['refresh']>;

/** Looks at a subsystem's drives again when there are more or fewer than it knows. */
class DrivesByCount extends RefreshingInventory {
  override reload(truth: ArraySubSystem): Changes {
    const known = [...this.devices.values()].filter((d) => d.kind === 'drive' && d.parent === truth.id);
    const present = [...truth.drives.values()].filter((d) => d.present);
    if (!this.refreshing || known.length !== present.length) return super.reload(truth);
    const ids = new Set(known.map((d) => d.id));
    const drives = [...truth.drives].map(([id, drive]) => [id, { ...drive, present: ids.has(id) }] as const);
    return super.reload({ ...truth, drives: new Map(drives) });
  }
}

/** Looks for subsystems again when there are more or fewer than it knows. */
class SubSystemsByCount extends Inventory {
  override reenumerate(): Changes {
    const known = [...this.devices.values()].filter((d) => d.parent === null);
    return known.length > 0 && known.length === this.array.connected().length ? [] : super.reenumerate();
  }
}

/** Keeps the masks of LUNs by their numbers, which are given again. */
class MasksByNumber extends StorageArray {
  // The constructor of the array makes objects already.
  declare private masks: Map<string, string> | undefined;

  override addLun(subSystem: ArraySubSystem, wanted: Parameters<StorageArray['addLun']>[1]): ArrayLun {
    const lun = super.addLun(subSystem, wanted);
    lun.unmaskingList = this.masks?.get(`${subSystem.id} ${lun.number}`) ?? lun.unmaskingList;
    return lun;
  }

  override remove(id: Guid): void {
    for (const s of this.connected()) {
      const lun = s.luns.get(id);
      if (lun !== undefined) (this.masks ??= new Map()).set(`${s.id} ${lun.number}`, lun.unmaskingList);
    }
    super.remove(id);
  }
}

/** Keeps the secrets of targets by their names. */
class SecretsByName extends StorageArray {
  declare private withSecret: Set<string> | undefined;

  override addTarget(subSystem: ArraySubSystem, iscsiName: string, friendlyName?: string): ArrayTarget {
    const target = super.addTarget(subSystem, iscsiName, friendlyName);
    target.chapEnabled = this.withSecret?.has(iscsiName) === true;
    return target;
  }

  override remove(id: Guid): void {
    for (const s of this.connected()) {
      const target = s.targets.get(id);
      if (target?.chapEnabled === true) (this.withSecret ??= new Set()).add(target.iscsiName);
    }
    super.remove(id);
  }
}

/** Remembers for good which subsystems there were when it was loaded, and looks for no others. */
class KnownAtLoading extends Inventory {
  private there: ReadonlySet<Guid> | undefined;

  override load(): void {
    super.load();
    this.there = new Set(this.array.connected().map((s) => s.id));
  }

  protected override learn(found: Parameters<Inventory['learn']>[0]): DeviceObject {
    if (found.kind === 'subsystem' && this.there?.has(found.id) === false) throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
    return super.learn(found);
  }
}

/** It misses the change of an operation during which a Refresh came. */
class DeafAfterRefresh extends Inventory {
  refreshes = 0;
  isDeaf = false;

  override refresh(): Changes {
    this.refreshes += 1;
    return super.refresh();
  }

  override update(...ids: readonly Guid[]): Changes {
    return this.isDeaf ? [] : super.update(...ids);
  }
}

class RefreshedMeanwhile extends ProviderObject {
  override start(work: Parameters<ProviderObject['start']>[0]): Servant {
    const inventory = this.inventory as DeafAfterRefresh;
    const before = inventory.refreshes;
    const commit = (): ReturnType<typeof work.commit> => {
      inventory.isDeaf = inventory.refreshes !== before;
      try {
        return work.commit();
      } finally {
        inventory.isDeaf = false;
      }
    };
    return super.start({ ...work, commit });
  }
}

const leavesOut = (kind: DeviceKind): typeof Inventory =>
  class extends Inventory {
    override list(of: DeviceKind, ids: readonly Guid[]): readonly DeviceObject[] {
      return super.list(of, of === kind ? ids.filter((id) => this.cache.isSound(id)) : ids);
    }
  };

export const RECOVERY_SHAPES: readonly Defect[] = [
  {
    name: 'drives-looked-at-by-count',
    breaks: ['VDS-5.2'],
    noticedBy: ['recovery.swapped.drive'],
    says:
      'Refresh looks at the drives of a subsystem only when their number has changed, so that one that was swapped ' +
      'for another is not noticed.',
    parts: { Inventory: DrivesByCount },
  },
  {
    name: 'subsystems-looked-for-by-count',
    breaks: ['VDS-5.2'],
    noticedBy: ['recovery.swapped.subsystem'],
    says:
      'Reenumerate looks for subsystems only when their number has changed, so that one that comes while another ' +
      'goes is not found.',
    parts: { Inventory: SubSystemsByCount },
  },
  {
    name: 'only-subsystems-of-the-loading',
    breaks: ['VDS-5.5d'],
    noticedBy: ['recovery.away-and-back.loaded-meanwhile'],
    says: 'Reenumerate fails on a subsystem that was away when the provider was loaded.',
    parts: { Inventory: KnownAtLoading },
  },
  {
    name: 'operation-forgotten-by-a-refresh',
    breaks: ['VDS-10.7a'],
    noticedBy: ['recovery.under-way.extend'],
    says:
      'What an operation has changed is not reported where Refresh was ' +
      'called while it was under way, until the next pair.',
    parts: { Inventory: DeafAfterRefresh, Provider: RefreshedMeanwhile },
  },
  {
    name: 'masks-kept-by-number',
    breaks: ['VDS-10.9a'],
    noticedBy: ['recovery.recreated.lun.deleted', 'recovery.recreated.lun.silently-gone'],
    says: 'A new LUN under the number of one that was deleted has its mask.',
    parts: { StorageArray: MasksByNumber },
  },
  {
    name: 'secrets-kept-by-name',
    breaks: ['VDS-11.5e'],
    noticedBy: ['recovery.recreated.target.deleted', 'recovery.recreated.target.silently-gone'],
    says: 'A new target under the name of one that was deleted has its secret.',
    parts: { StorageArray: SecretsByName },
  },
  {
    name: 'lists-leave-out-damaged-portal-groups',
    breaks: ['VDS-5.5a'],
    noticedBy: ['recovery.near.flipped-bytes.portal-group'],
    says: 'Enumerations of portal groups leave out one whose cache entry is damaged, and answer S_OK.',
    parts: { Inventory: leavesOut('portal-group') },
  },
  {
    name: 'lists-leave-out-damaged-subsystems',
    breaks: ['VDS-5.5a'],
    noticedBy: ['recovery.near.flipped-bytes.subsystem'],
    says: 'QuerySubSystems leaves out one whose cache entry is damaged, and answers S_OK.',
    parts: { Inventory: leavesOut('subsystem') },
  },
];
