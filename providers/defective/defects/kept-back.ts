// Defects of what a change that is over leaves behind: room that is not given back, plexes that keep what they were,
// LUNs that count as in use, and a list that lost what was damaged when it was written.
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import { StorageArray } from '../../in-memory/array/array.js';
import type { DeviceRecord } from '../../in-memory/cache/records.js';
import { Inventory } from '../../in-memory/cache/inventory.js';
import { Failure } from '../../in-memory/failure.js';
import { DriveObject } from '../../in-memory/objects/drive.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import type { Defect } from '../defect.js';

/** Drives that were hot spares, by the array that they are in. */
const formerSpares = new WeakMap<StorageArray, Set<Guid>>();

class WasASpare extends DriveObject {
  protected override changeFlags(
    ...[method, flags, change]: Parameters<DriveObject['changeFlags']>
  ): ReturnType<DriveObject['changeFlags']> {
    const wasSpare = (this.read().flags & flags) !== 0;
    const answer = super.changeFlags(method, flags, change);
    const { array } = this.provider;
    if (wasSpare && method === 'IVdsDrive.ClearFlags')
      formerSpares.set(array, (formerSpares.get(array) ?? new Set()).add(this.id));
    return answer;
  }
}

class LeavesSparesOut extends SubSystemObject {
  protected override createLun(
    ...args: Parameters<SubSystemObject['createLun']>
  ): ReturnType<SubSystemObject['createLun']> {
    const [{ driveIdArray }] = args;
    const spares = formerSpares.get(this.provider.array);
    if (driveIdArray?.some((id) => spares?.has(id)) === true) throw new Failure(HR.VDS_E_NOT_ENOUGH_DRIVE);
    return super.createLun(...args);
  }
}

/** The LUNs that plexes were made with. */
const madeWith = new WeakMap<object, Guid>();

class KnowsMakers extends StorageArray {
  override addLun(...args: Parameters<StorageArray['addLun']>): ReturnType<StorageArray['addLun']> {
    const made = super.addLun(...args);
    for (const plex of made.plexes.values()) madeWith.set(plex, made.id);
    return made;
  }
}

class HintsItsOwnPlexes extends LunObject {
  protected override applyHints(...args: Parameters<LunObject['applyHints']>): ReturnType<LunObject['applyHints']> {
    const { lun } = this.reach();
    const others = [...lun.plexes.values()].filter((plex) => madeWith.get(plex) !== this.id);
    const before = others.map(({ hints }) => hints);
    const answer = super.applyHints(...args);
    for (const [i, plex] of others.entries()) plex.hints = before[i] ?? plex.hints;
    this.provider.learn(...others.map(({ id }) => id));
    return answer;
  }
}

class ListsWhatIsSound extends Inventory {
  private isChanging = false;

  override update(...ids: readonly Guid[]): ReturnType<Inventory['update']> {
    this.isChanging = true;
    try {
      return super.update(...ids);
    } finally {
      this.isChanging = false;
    }
  }

  protected override write(record: DeviceRecord, id: Guid): void {
    const isSound = (lun: Guid): boolean => this.cache.place(lun) === undefined || this.cache.isSound(lun);
    super.write(
      this.isChanging && record.kind === 'subsystem' ? { ...record, luns: record.luns.filter(isSound) } : record,
      id,
    );
  }
}

class KeepsWhatWasShown extends LunObject {
  private wasShown = false;

  protected override setMask(list: string | null): ReturnType<LunObject['setMask']> {
    const answer = super.setMask(list);
    this.wasShown ||= (list ?? '') !== '';
    return answer;
  }

  protected override delete(): ReturnType<LunObject['delete']> {
    if (this.wasShown) throw new Failure(HR.VDS_E_DEVICE_IN_USE);
    return super.delete();
  }
}

class IsInUseOnceGrown extends LunObject {
  private hasGrown = false;

  protected override extend(...of: Parameters<LunObject['extend']>): ReturnType<LunObject['extend']> {
    const answer = super.extend(...of);
    this.hasGrown = true;
    return answer;
  }

  protected override setMask(list: string | null): ReturnType<LunObject['setMask']> {
    this.hasGrown = false;
    return super.setMask(list);
  }

  protected override delete(): ReturnType<LunObject['delete']> {
    if (this.hasGrown) throw new Failure(HR.VDS_E_DEVICE_IN_USE);
    return super.delete();
  }
}

export const KEPT_BACK: readonly Defect[] = [
  {
    name: 'former-spare-takes-no-lun',
    breaks: ['VDS-10.5a'],
    noticedBy: ['interactions.drives'],
    says: 'No LUN can be created on a drive that was a hot spare, although QueryMaxLunCreateSize reports room on it.',
    parts: { Drive: WasASpare, SubSystem: LeavesSparesOut },
  },
  {
    name: 'hints-miss-added-plexes',
    breaks: ['VDS-10.12a'],
    noticedBy: ['interactions.space'],
    says: 'ApplyHints of a LUN reaches the plexes that it was made with, and not those that AddPlex brought.',
    parts: { StorageArray: KnowsMakers, Lun: HintsItsOwnPlexes },
  },
  {
    name: 'damaged-luns-leave-their-list',
    breaks: ['VDS-5.5a'],
    noticedBy: ['interactions.damaged'],
    says:
      'When the entry of a subsystem is written, LUNs whose own entries are ' +
      'damaged at the time are left out of its list.',
    parts: { Inventory: ListsWhatIsSound },
  },
  {
    name: 'lun-once-shown-is-kept',
    breaks: ['VDS-10.6'],
    noticedBy: ['masking.all'],
    says: 'Delete answers VDS_E_DEVICE_IN_USE of a LUN that was ever unmasked, although it is masked from all again.',
    parts: { Lun: KeepsWhatWasShown },
  },
  {
    name: 'grown-lun-in-use-until-masked',
    breaks: ['VDS-10.6'],
    noticedBy: ['resizing.extend-twice'],
    says: 'Delete answers VDS_E_DEVICE_IN_USE after an Extend, until SetMask is called, although nobody sees the LUN.',
    parts: { Lun: IsInUseOnceGrown },
  },
];
