// Defects that show when two things meet: two operations, an operation and a deletion, a recovery or an unloading; or
// when something came later than what it is told from.
import { VDS_ASYNC_OUTPUT_TYPE as OUT, VDS_DRIVE_STATUS } from '../../../src/contract/generated/enumerations.js';
import { NULL_GUID, type Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import { StorageArray } from '../../in-memory/array/array.js';
import { AsyncOperation } from '../../in-memory/objects/async.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import { PortalGroupObject } from '../../in-memory/objects/portal-group.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import type { Defect } from '../defect.js';

type Operation = Parameters<LunObject['operation']>;

/** Milliseconds for which each operation is under way, so that the next call meets it also from another process. */
const A_WHILE = 20;

/** An operation that is still under way when the next call comes. */
class Lasting extends AsyncOperation {
  private begun = false;

  protected override turn(): void {
    if (this.begun) return super.turn();
    this.begun = true;
    setTimeout(() => super.turn(), A_WHILE);
  }
}

class ExtendWritesItsRow extends LunObject {
  protected override operation(...[type, commit, abandon]: Operation): ReturnType<LunObject['operation']> {
    if (type !== OUT.VDS_ASYNCOUT_EXTENDLUN) return super.operation(type, commit, abandon);
    const { subSystem, lun } = this.reach();
    const write = (): ReturnType<typeof commit> => {
      if (subSystem.luns.has(this.id)) return commit();
      abandon?.();
      subSystem.luns.set(this.id, lun);
      this.provider.learn(this.id);
      return undefined;
    };
    return super.operation(type, write, abandon);
  }
}

/** Judges the LUN that it is to add when it is asked, and no more when it adds it. */
class AddsWhatItAccepted extends LunObject {
  private readonly accepted = new Set<Guid>();

  protected override sourceOf(...[found, id]: Parameters<LunObject['sourceOf']>): ReturnType<LunObject['sourceOf']> {
    const there = found.subSystem.luns.get(id);
    if (there !== undefined && this.accepted.delete(id)) return there;
    const source = super.sourceOf(found, id);
    this.accepted.add(id);
    return source;
  }
}

class AddsToACopy extends PortalGroupObject {
  protected override operation(...[type, commit, abandon]: Operation): ReturnType<PortalGroupObject['operation']> {
    if (type !== OUT.VDS_ASYNCOUT_ADDPORTAL) return super.operation(type, commit, abandon);
    const copy = new Set(this.reach().group.portals);
    const writeBack = (): ReturnType<typeof commit> => {
      const { group } = this.reach();
      const added = [...group.portals].filter((id) => !copy.has(id));
      commit();
      for (const id of added) group.portals.delete(id);
      this.changed();
    };
    return super.operation(type, writeBack, abandon);
  }
}

/** Looks for the groups of a portal when AddPortal is called, and not when its operation is carried out. */
class LooksOnceForGroups extends PortalGroupObject {
  private carriesOut = false;

  protected override operation(...[type, commit, abandon]: Operation): ReturnType<PortalGroupObject['operation']> {
    const carryOut = (): ReturnType<typeof commit> => {
      this.carriesOut = true;
      try {
        return commit();
      } finally {
        this.carriesOut = false;
      }
    };
    return super.operation(type, carryOut, abandon);
  }

  protected override checkAddable(...found: Parameters<PortalGroupObject['checkAddable']>): void {
    if (!this.carriesOut) super.checkAddable(...found);
  }
}

class PromisesNoName extends StorageArray {
  override promiseName(iscsiName: string): ReturnType<StorageArray['promiseName']> {
    const promised = super.promiseName(iscsiName);
    promised?.release();
    return promised === undefined ? undefined : { release: () => {} };
  }
}

/** The operations that run, the oldest first. */
const running = new WeakMap<object, Set<CancelsTheOldest>>();

class CancelsTheOldest extends Lasting {
  private readonly all: Set<CancelsTheOldest>;

  constructor(...args: ConstructorParameters<typeof AsyncOperation>) {
    super(...args);
    const [provider] = args;
    this.all = running.get(provider) ?? new Set();
    running.set(provider, this.all);
    this.all.add(this);
  }

  protected override cancel(): ReturnType<AsyncOperation['cancel']> {
    const oldest = [...this.all].find((o) => o.running);
    if (!this.running || oldest === undefined || oldest === this) return super.cancel();
    oldest.abort(HR.VDS_E_OPERATION_CANCELED);
    return { hr: HR.S_OK };
  }
}

class FreesWhatTheLastOneTakes extends AsyncOperation {
  protected override cancel(): ReturnType<AsyncOperation['cancel']> {
    const answer = super.cancel();
    if (answer.hr !== HR.S_OK) return answer;
    for (const { promised } of this.provider.array.subSystems.values()) {
      const last = [...promised].at(-1);
      if (last !== undefined) promised.delete(last);
    }
    return answer;
  }
}

const refreshes = new WeakMap<object, number>();

class CountsRefreshes extends ProviderObject {
  protected override refresh(): ReturnType<ProviderObject['refresh']> {
    refreshes.set(this, (refreshes.get(this) ?? 0) + 1);
    return super.refresh();
  }
}

class LooksInTheOldTable extends SubSystemObject {
  protected override operation(...[type, commit, abandon]: Operation): ReturnType<SubSystemObject['operation']> {
    const before = refreshes.get(this.provider);
    const look = (): ReturnType<typeof commit> => {
      const made = commit();
      return refreshes.get(this.provider) === before ? made : undefined;
    };
    return super.operation(type, look, abandon);
  }
}

class KnowsTheLunsOfOnLoad extends ProviderObject {
  private known: ReadonlySet<Guid> = new Set();

  protected override onLoad(...args: Parameters<ProviderObject['onLoad']>): ReturnType<ProviderObject['onLoad']> {
    const answer = super.onLoad(...args);
    this.known = new Set([...this.inventory.devices.values()].filter((d) => d.kind === 'lun').map((d) => d.id));
    return answer;
  }

  protected override queryIfCreatedLun(
    ...args: Parameters<ProviderObject['queryIfCreatedLun']>
  ): ReturnType<ProviderObject['queryIfCreatedLun']> {
    const answer = super.queryIfCreatedLun(...args);
    const { lunId } = answer.out ?? {};
    return typeof lunId === 'string' && this.known.has(lunId) ? answer : { hr: HR.S_FALSE, out: { lunId: NULL_GUID } };
  }
}

const first = new WeakMap<StorageArray, ProviderObject>();

class RefreshesInTheFirstOnly extends ProviderObject {
  protected override onLoad(...args: Parameters<ProviderObject['onLoad']>): ReturnType<ProviderObject['onLoad']> {
    if (!first.has(this.array)) first.set(this.array, this);
    return super.onLoad(...args);
  }

  protected override refresh(): ReturnType<ProviderObject['refresh']> {
    return first.get(this.array) === this ? super.refresh() : { hr: HR.S_OK };
  }
}

class CountsDrivesThatAreOffline extends SubSystemObject {
  protected override queryMaxLunCreateSize(
    ...args: Parameters<SubSystemObject['queryMaxLunCreateSize']>
  ): ReturnType<SubSystemObject['queryMaxLunCreateSize']> {
    const drives = [...this.reach().subSystem.drives.values()];
    const offline = drives.filter((d) => d.status === VDS_DRIVE_STATUS.VDS_DRS_OFFLINE);
    for (const drive of offline) drive.status = VDS_DRIVE_STATUS.VDS_DRS_ONLINE;
    try {
      return super.queryMaxLunCreateSize(...args);
    } finally {
      for (const drive of offline) drive.status = VDS_DRIVE_STATUS.VDS_DRS_OFFLINE;
    }
  }
}

export const MEETINGS: readonly Defect[] = [
  {
    name: 'extend-revives-a-deleted-lun',
    breaks: ['VDS-10.6'],
    noticedBy: ['interactions.overlapping.same'],
    says: 'A LUN that is deleted while its Extend runs comes back when the Extend ends, which writes its row.',
    parts: { Lun: ExtendWritesItsRow, AsyncOperation: Lasting },
  },
  {
    name: 'add-plex-judges-once',
    breaks: ['VDS-10.8b'],
    noticedBy: ['interactions.overlapping.same'],
    says: 'AddPlex looks at the LUN that it is to add only when it is asked: one that is then shrunk is added as well.',
    parts: { Lun: AddsWhatItAccepted },
  },
  {
    name: 'portals-are-added-to-a-copy',
    breaks: ['VDS-11.4c'],
    noticedBy: ['interactions.overlapping.portal-groups'],
    says: 'AddPortal writes back the list of portals of its call: of two at once the portal of the first is lost.',
    parts: { PortalGroup: AddsToACopy, AsyncOperation: Lasting },
  },
  {
    name: 'portal-in-two-groups-at-once',
    breaks: ['VDS-11.4d'],
    noticedBy: ['interactions.overlapping.portal-groups'],
    says: 'Whether a portal is in a group of the target is looked up when AddPortal is called: two at once add it.',
    parts: { PortalGroup: LooksOnceForGroups, AsyncOperation: Lasting },
  },
  {
    name: 'one-name-for-two-at-once',
    breaks: ['VDS-11.1'],
    noticedBy: ['interactions.overlapping'],
    says: 'Whether the name of a target is taken is looked up when CreateTarget is called: two at once both get it.',
    parts: { StorageArray: PromisesNoName, AsyncOperation: Lasting },
  },
  {
    name: 'cancel-hits-the-oldest-operation',
    breaks: ['VDS-8.7a'],
    noticedBy: ['interactions.cancelled'],
    says: 'Cancel ends the operation that has been running longest.',
    parts: { AsyncOperation: CancelsTheOldest },
  },
  {
    name: 'creation-over-refresh-hands-over-null',
    breaks: ['VDS-8.4a'],
    noticedBy: ['interactions.over-recovery'],
    says: 'A creation that is under way while Refresh is called succeeds, and hands over NULL.',
    parts: { Provider: CountsRefreshes, SubSystem: LooksInTheOldTable, AsyncOperation: Lasting },
  },
  {
    name: 'luns-since-on-load-are-not-managed',
    breaks: ['VDS-3.6'],
    noticedBy: ['lifecycle.query-if-created-lun'],
    says: 'QueryIfCreatedLun looks in the table of LUNs that OnLoad made.',
    parts: { Provider: KnowsTheLunsOfOnLoad },
  },
  {
    name: 'second-provider-object-never-refreshes',
    breaks: ['VDS-5.3'],
    noticedBy: ['lifecycle.changes-through-another'],
    says: 'Refresh answers S_OK and does nothing in every provider object but the first that was loaded.',
    parts: { Provider: RefreshesInTheFirstOnly },
  },
  {
    name: 'room-on-drives-that-are-offline',
    breaks: ['VDS-10.5a'],
    noticedBy: ['subsystem.largest-lun-in-use.span', 'subsystem.largest-lun-in-use.stripe'],
    says: 'QueryMaxLunCreateSize counts the space of drives that are OFFLINE, which CreateLun does not use.',
    parts: { SubSystem: CountsDrivesThatAreOffline },
  },
  {
    name: 'cancel-frees-what-another-operation-takes',
    breaks: ['VDS-10.15'],
    noticedBy: ['interactions.cancelled'],
    says: 'Cancel gives back what the operation that was begun last has set aside on the drives, cancelled or not.',
    parts: { AsyncOperation: FreesWhatTheLastOneTakes },
  },
];
