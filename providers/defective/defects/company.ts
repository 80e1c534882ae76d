// Defects that show in company: of another provider object, of a sink that has lost something, of devices beside those
// that a change is about, or in another order.
import {
  NOTIFICATION_EVENTS as NF,
  VDS_ASYNC_OUTPUT_TYPE as OUT,
  VDS_DRIVE_STATUS,
  VDS_LUN_TYPE,
} from '../../../src/contract/generated/enumerations.js';
import type { VDS_NOTIFICATION } from '../../../src/contract/generated/structures.js';
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import type { StorageArray } from '../../in-memory/array/array.js';
import { drivesOf } from '../../in-memory/array/pools.js';
import { Failure } from '../../in-memory/failure.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import type { Defect } from '../defect.js';

/** So many notifications may be lost by the service. */
const BORNE = 10;

class CountsWhatIsLost extends ProviderObject {
  private lost = 0;

  override announce(notifications: readonly VDS_NOTIFICATION[]): void {
    if (notifications.length === 0 || this.lost >= BORNE) return;
    if (this.sink?.onNotify(notifications) === HR.S_FALSE) this.lost += 1;
  }
}

/** Which provider object made a device of an array. */
const makers = new WeakMap<StorageArray, Map<Guid, ProviderObject>>();

class FindsItsOwn extends ProviderObject {
  override meet(id: Guid): ReturnType<ProviderObject['meet']> {
    const made = makers.get(this.array) ?? new Map<Guid, ProviderObject>();
    makers.set(this.array, made.set(id, this));
    return super.meet(id);
  }

  protected override getObject(...[id, type]: Parameters<ProviderObject['getObject']>) {
    const maker = makers.get(this.array)?.get(id.toLowerCase() as Guid);
    if (maker !== undefined && maker !== this) throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
    return super.getObject(id, type);
  }
}

/** The drives that a LUN has come to by an Extend that is being announced. */
const reached = new WeakMap<object, ReadonlySet<Guid>>();

class ExtendsUnseen extends LunObject {
  protected override operation(
    ...[type, commit, abandon]: Parameters<LunObject['operation']>
  ): ReturnType<LunObject['operation']> {
    if (type !== OUT.VDS_ASYNCOUT_EXTENDLUN) return super.operation(type, commit, abandon);
    const extend = (): ReturnType<typeof commit> => {
      reached.set(this.provider, drivesOf(this.reach().lun));
      try {
        return commit();
      } finally {
        reached.delete(this.provider);
      }
    };
    return super.operation(type, extend, abandon);
  }
}

class AnnouncesFormerDrives extends ProviderObject {
  override announce(notifications: readonly VDS_NOTIFICATION[]): void {
    const before = reached.get(this);
    super.announce(
      notifications.filter(
        ({ drive }) =>
          before === undefined || drive?.event !== NF.VDS_NF_DRIVE_MODIFY || before.has(drive.driveId as Guid),
      ),
    );
  }
}

class TakesControllersInOrder extends LunObject {
  protected override associateControllers(
    lists: Parameters<LunObject['associateControllers']>[0],
  ): ReturnType<LunObject['associateControllers']> {
    const answer = super.associateControllers(lists);
    const order = [...this.ofSubSystem().controllers];
    const places = (lists.activeControllerIdArray ?? []).map((id) => order.indexOf(id.toLowerCase() as Guid));
    const passed = places.flatMap((place, i) =>
      places.slice(0, i).some((p) => p > place) ? (order[place] ?? []) : [],
    );
    const { lun } = this.reach();
    for (const id of passed) lun.controllers.delete(id);
    if (passed.length > 0) this.provider.learn(this.id);
    return answer;
  }
}

class CountsNamedDrivesThatAreOffline extends SubSystemObject {
  protected override queryMaxLunCreateSize(
    ...[placing]: Parameters<SubSystemObject['queryMaxLunCreateSize']>
  ): ReturnType<SubSystemObject['queryMaxLunCreateSize']> {
    const drives = [...this.reach().subSystem.drives.values()];
    const isMeant = placing.type === VDS_LUN_TYPE.VDS_LT_SPAN && placing.driveIdArray !== null;
    const offline = drives.filter((d) => isMeant && d.status === VDS_DRIVE_STATUS.VDS_DRS_OFFLINE);
    for (const drive of offline) drive.status = VDS_DRIVE_STATUS.VDS_DRS_ONLINE;
    try {
      return super.queryMaxLunCreateSize(placing);
    } finally {
      for (const drive of offline) drive.status = VDS_DRIVE_STATUS.VDS_DRS_OFFLINE;
    }
  }
}

export const COMPANY: readonly Defect[] = [
  {
    name: 'sink-that-lost-ten-is-given-up',
    breaks: ['VDS-9.6b'],
    noticedBy: ['interactions.drives'],
    says: 'Once the sink has answered S_FALSE ten times in all, nothing is announced any more.',
    parts: { Provider: CountsWhatIsLost },
  },
  {
    name: 'get-object-finds-its-own',
    breaks: ['VDS-5.3'],
    noticedBy: ['interactions.second-instance'],
    says: 'GetObject does not find what another provider object made, also after the pair; lists have it.',
    parts: { Provider: FindsItsOwn },
  },
  {
    name: 'drive-that-an-extend-reaches-unannounced',
    breaks: ['VDS-9.6b'],
    noticedBy: ['interactions.luns'],
    says: 'Extend announces the drives on which the LUN lay before, and not those that it comes to.',
    parts: { Lun: ExtendsUnseen, Provider: AnnouncesFormerDrives },
  },
  {
    name: 'controllers-associated-in-order-only',
    breaks: ['VDS-10.10'],
    noticedBy: ['interactions.luns'],
    says: 'AssociateControllers passes over a controller that its list has behind one that is listed later.',
    parts: { Lun: TakesControllersInOrder },
  },
  {
    name: 'room-on-named-drives-that-are-offline',
    breaks: ['VDS-10.5a'],
    noticedBy: ['subsystem.largest-lun-in-use.span'],
    says: 'QueryMaxLunCreateSize for a list of drives counts those that are OFFLINE; for NULL it leaves them out.',
    parts: { SubSystem: CountsNamedDrivesThatAreOffline },
  },
];
