// Defects of what happens at once or in an unlucky order: operations that overlap, are cancelled, or meet a recovery;
// what a second time brings. Written from the documents, without the suite.
import { VDS_ASYNC_OUTPUT_TYPE as OUT } from '../../../src/contract/generated/enumerations.js';
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import { StorageArray, type Reservation } from '../../in-memory/array/array.js';
import type { ArraySubSystem, Found } from '../../in-memory/array/devices.js';
import { Inventory } from '../../in-memory/cache/inventory.js';
import type { DeviceRecord } from '../../in-memory/cache/records.js';
import { Failure } from '../../in-memory/failure.js';
import type { News } from '../../in-memory/objects/notifications.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import type { ProviderInstance } from '../../in-memory/objects/instance.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import { TargetObject } from '../../in-memory/objects/target.js';
import type { Defect } from '../defect.js';
import { RefreshingInventory } from '../refreshing.js';

class FindsPlexesWhereTheyWere extends ProviderObject {
  private readonly homes = new Map<Guid, Guid | null>();

  override learn(...ids: readonly Guid[]): void {
    super.learn(...ids);
    for (const { kind, id, parent } of this.inventory.devices.values())
      if (kind === 'plex' && !this.homes.has(id)) this.homes.set(id, parent);
  }

  protected override getObject(
    ...args: Parameters<ProviderObject['getObject']>
  ): ReturnType<ProviderObject['getObject']> {
    const home = this.homes.get(args[0]);
    if (home !== undefined && this.inventory.devices.get(args[0])?.parent !== home)
      throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
    return super.getObject(...args);
  }
}

/** A target keeps the LUNs that it once listed, and does not hear that one is deleted. */
class ListsWhatItListed extends TargetObject {
  private readonly listed = new Map<Guid, ReturnType<ProviderInstance['meet']>>();

  protected override queryAssociatedLuns(): ReturnType<TargetObject['queryAssociatedLuns']> {
    const { provider } = this;
    const luns = this.read().luns.map((id) => provider.meet(id));
    for (const lun of luns) this.listed.set(lun.id, lun);
    const gone = [...this.listed.values()].filter((lun) => lun.deleted);
    return { hr: HR.S_OK, out: { enum: provider.enumerate([...luns, ...gone]) } };
  }
}

class WritesMasksBack extends ProviderObject {
  private masks = new Map<Guid, string>();

  private get luns(): ReturnType<ArraySubSystem['luns']['get']>[] {
    return this.array.connected().flatMap((s) => [...s.luns.values()]);
  }

  protected override reenumerate(): ReturnType<ProviderObject['reenumerate']> {
    const answer = super.reenumerate();
    for (const lun of this.luns) if (lun !== undefined) this.masks.set(lun.id, lun.unmaskingList);
    return answer;
  }

  protected override refresh(): ReturnType<ProviderObject['refresh']> {
    for (const lun of this.luns) if (lun !== undefined) lun.unmaskingList = this.masks.get(lun.id) ?? lun.unmaskingList;
    this.masks.clear();
    return super.refresh();
  }
}

type Operation = Parameters<LunObject['operation']>;

class WritesItsRowBack extends LunObject {
  protected override operation(...[type, commit, abandon]: Operation): ReturnType<LunObject['operation']> {
    if (type !== OUT.VDS_ASYNCOUT_EXTENDLUN) return super.operation(type, commit, abandon);
    const { friendlyName, unmaskingList } = this.reach().lun;
    const commitAll = (): ReturnType<typeof commit> => {
      Object.assign(this.reach().lun, { friendlyName, unmaskingList });
      return commit();
    };
    return super.operation(type, commitAll, abandon);
  }
}

class SetsNothingAside extends StorageArray {
  override reserve(): Reservation {
    return { release: () => {} };
  }
}

class KeepsTheNameOfACancelledTarget extends SubSystemObject {
  protected override operation(...[type, commit, abandon]: Operation): ReturnType<SubSystemObject['operation']> {
    return super.operation(type, commit, type === OUT.VDS_ASYNCOUT_CREATETARGET ? undefined : abandon);
  }
}

class KeepsTheSpaceOfACancelledExtend extends LunObject {
  protected override operation(...[type, commit]: Operation): ReturnType<LunObject['operation']> {
    return super.operation(type, commit);
  }
}

/** A Refresh without Reenumerate asks for what changed since the last one, and takes that for all there is. */
class AsksForChanges extends ProviderObject {
  protected override refresh(): ReturnType<ProviderObject['refresh']> {
    const alone = !this.reenumerated;
    const answer = super.refresh();
    if (alone)
      for (const { id, kind } of this.inventory.devices.values())
        if (kind === 'portal')
          this.inventory.cache.write(id, JSON.stringify({ ...this.inventory.record('portal', id), groups: [] }));
    return answer;
  }
}

class FindsADriveOnce extends Inventory {
  private readonly went = new Map<Guid, number>();

  private isGivenUp(id: Guid): boolean {
    return (this.went.get(id) ?? 0) >= 2 && !this.devices.has(id);
  }

  protected override letGo(...args: Parameters<Inventory['letGo']>): ReturnType<Inventory['letGo']> {
    const [{ id, kind }] = args;
    if (kind === 'drive') this.went.set(id, (this.went.get(id) ?? 0) + 1);
    return super.letGo(...args);
  }

  protected override takeIn(found: Found, news: News): readonly Guid[] {
    return this.isGivenUp(found.id) ? [] : super.takeIn(found, news);
  }
}

class BelongsToTheFirst extends RefreshingInventory {
  protected override write(record: DeviceRecord, id: Guid): void {
    const [first] = this.refreshing ? this.directory().subSystems : [];
    const isRepaired = this.refreshing && record.kind === 'lun' && this.devices.has(id) && !this.cache.isSound(id);
    super.write(isRepaired && first !== undefined ? { ...record, parent: first } : record, id);
  }
}

class ShunsAfterAnError extends Inventory {
  readonly shunned = new Set<Guid>();

  protected override reload(truth: ArraySubSystem): ReturnType<Inventory['reload']> {
    return this.shunned.has(truth.id) && this.devices.has(truth.id) ? [] : super.reload(truth);
  }
}

class NotesErrors extends ProviderObject {
  protected override refresh(): ReturnType<ProviderObject['refresh']> {
    for (const { id, luns, drives, targets } of this.array.connected()) {
      try {
        const devices = [id, ...luns.keys(), ...drives.keys(), ...targets.keys()];
        this.system.gate.pass(() => ({ devices, subSystems: [id] }));
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        if (this.inventory instanceof ShunsAfterAnError) this.inventory.shunned.add(id);
      }
    }
    return super.refresh();
  }
}

const loaded = new WeakMap<StorageArray, ReadonlySet<Guid>>();

/** The list of LUNs is in a file that the first OnLoad wrote. */
class LoadsFromAFile extends Inventory {
  override load(): void {
    const known = loaded.get(this.array);
    const hidden = this.array.connected().map((s) => ({ luns: s.luns, all: [...s.luns] }));
    if (known !== undefined)
      for (const { luns, all } of hidden) for (const [id] of all) if (!known.has(id)) luns.delete(id);
    super.load();
    for (const { luns, all } of hidden) {
      luns.clear();
      for (const [id, lun] of all) luns.set(id, lun);
    }
    if (known === undefined) loaded.set(this.array, new Set(hidden.flatMap(({ all }) => all.map(([id]) => id))));
  }
}

export const INTERPLAY: readonly Defect[] = [
  {
    name: 'moved-plex-not-found-by-id',
    says: 'GetObject looks for a plex in the LUN that it was made in, and does not find one that AddPlex has moved.',
    breaks: ['VDS-3.5a'],
    noticedBy: ['interactions.space'],
    parts: { Provider: FindsPlexesWhereTheyWere },
  },
  {
    name: 'mask-set-between-the-pair-is-undone',
    says: 'Refresh writes the masks back that Reenumerate read, so that one set between the two is lost.',
    breaks: ['VDS-10.9a'],
    noticedBy: ['interactions.between-the-pair'],
    parts: { Provider: WritesMasksBack },
  },
  {
    name: 'extend-writes-name-and-mask-back',
    says: 'Extend ends by writing the row of the LUN as it was when it began, with the name and mask of then.',
    breaks: ['VDS-10.9a'],
    noticedBy: ['interactions.overlapping'],
    parts: { Lun: WritesItsRowBack },
  },
  {
    name: 'operations-share-extents',
    says: 'Nothing is set aside for an operation, so that two that are under way at once get the same extents.',
    breaks: ['VDS-10.15'],
    noticedBy: ['interactions.overlapping'],
    parts: { StorageArray: SetsNothingAside },
  },
  {
    name: 'cancelled-target-keeps-its-name',
    says: 'The name of a target whose creation was cancelled stays taken.',
    breaks: ['VDS-11.1'],
    noticedBy: ['interactions.cancelled'],
    parts: { SubSystem: KeepsTheNameOfACancelledTarget },
  },
  {
    name: 'cancelled-extend-keeps-its-space',
    says: 'The space that was set aside for an Extend is not given back when that is cancelled.',
    breaks: ['VDS-10.5a'],
    noticedBy: ['interactions.cancelled'],
    parts: { Lun: KeepsTheSpaceOfACancelledExtend },
  },
  {
    name: 'refresh-alone-empties-portals',
    says: 'A Refresh without Reenumerate leaves portals without their portal groups.',
    breaks: ['VDS-11.4f'],
    noticedBy: ['interactions.equipment'],
    parts: { Provider: AsksForChanges },
  },
  {
    name: 'drive-that-went-twice-stays-away',
    says: 'IVdsSubSystem::Reenumerate does not find a drive that has come back for the second time.',
    breaks: ['VDS-5.4'],
    noticedBy: ['drives.pulled-and-returned'],
    parts: { Inventory: FindsADriveOnce },
  },
  {
    name: 'repaired-lun-belongs-to-the-first-subsystem',
    says: 'A LUN whose damaged entry Refresh writes anew belongs to the first subsystem from then on.',
    breaks: ['VDS-5.5b'],
    noticedBy: ['recovery.near.flipped-bytes.lun'],
    parts: { Inventory: BelongsToTheFirst },
  },
  {
    name: 'subsystem-with-an-error-is-never-read-again',
    says: 'A Refresh that meets an I/O error leaves the subsystem out, and so does every later one.',
    breaks: ['VDS-5.3'],
    noticedBy: ['recovery.trouble.device-error.lun'],
    parts: { Provider: NotesErrors, Inventory: ShunsAfterAnError },
  },
  {
    name: 'luns-are-loaded-from-a-file',
    says: 'OnLoad reads from a file which LUNs there are, and the file is from the first load.',
    breaks: ['VDS-6.7a'],
    noticedBy: ['interactions.reloaded'],
    parts: { Inventory: LoadsFromAFile },
  },
  {
    name: 'target-lists-luns-that-are-gone',
    says: 'QueryAssociatedLuns of a target goes on listing a LUN that it has listed once and that was deleted.',
    breaks: ['VDS-10.11'],
    noticedBy: ['interactions.associations'],
    parts: { Target: ListsWhatItListed },
  },
];
