// Defects that show in one state only, for one shape of object, or by what an earlier change has left: written from the
// documents, without the suite.
import { VDS_ASYNC_OUTPUT_TYPE as OUT, VDS_SUB_SYSTEM_STATUS } from '../../../src/contract/generated/enumerations.js';
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import { StorageArray, type NewLun } from '../../in-memory/array/array.js';
import type { ArrayLun, ArraySubSystem, ArrayTarget } from '../../in-memory/array/devices.js';
import { Failure } from '../../in-memory/failure.js';
import { Inventory } from '../../in-memory/cache/inventory.js';
import { ControllerObject } from '../../in-memory/objects/controller.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import { PortalGroupObject } from '../../in-memory/objects/portal-group.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import { TargetObject } from '../../in-memory/objects/target.js';
import type { Defect } from '../defect.js';
import { ask, given } from '../override.js';

/** The memory of each session's array beside its devices. */
class Remembered<T> {
  private readonly kept = new WeakMap<StorageArray, Map<string, T>>();

  of(array: StorageArray): Map<string, T> {
    const found = this.kept.get(array) ?? new Map<string, T>();
    this.kept.set(array, found);
    return found;
  }
}

class StaysInIllHealth extends LunObject {
  protected override setStatus(status: number): ReturnType<LunObject['setStatus']> {
    const { lun } = this.reach();
    const { health } = lun;
    const answer = super.setStatus(status);
    lun.health = health;
    this.provider.learn(this.id);
    return answer;
  }
}

class NamingWritesARow extends SubSystemObject {
  protected override setFriendlyName(given: string | null): ReturnType<SubSystemObject['setFriendlyName']> {
    const answer = super.setFriendlyName(given);
    this.reach().subSystem.importTarget = null;
    this.provider.learn(this.id);
    return answer;
  }
}

type Operation = Parameters<LunObject['operation']>;

class PortalsLeaveEveryGroup extends PortalGroupObject {
  protected override operation(...[type, commit, abandon]: Operation): ReturnType<PortalGroupObject['operation']> {
    if (type !== OUT.VDS_ASYNCOUT_REMOVEPORTAL) return super.operation(type, commit, abandon);
    const before = [...this.reach().group.portals];
    const commitAll = (): ReturnType<typeof commit> => {
      const made = commit();
      const { group, subSystem } = this.reach();
      const gone = before.filter((id) => !group.portals.has(id));
      for (const target of subSystem.targets.values())
        for (const other of target.groups.values())
          for (const id of gone) if (other.portals.delete(id)) this.provider.learn(other.id);
      return made;
    };
    return super.operation(type, commitAll, abandon);
  }
}

const firstNames = new WeakMap<LunObject, string>();

class ComparesWithTheFirstName extends LunObject {
  protected override setFriendlyName(given: string | null): ReturnType<LunObject['setFriendlyName']> {
    const first = firstNames.get(this) ?? this.read().friendlyName;
    firstNames.set(this, first);
    return given === first ? { hr: HR.S_OK } : super.setFriendlyName(given);
  }
}

class GroupsGoFirst extends TargetObject {
  protected override delete(): ReturnType<TargetObject['delete']> {
    const { target } = this.reach('IVdsIscsiTarget.Delete');
    for (const id of target.groups.keys()) {
      this.provider.array.remove(id);
      this.provider.deviceDeparted(id);
    }
    return super.delete();
  }
}

const secrets = new Remembered<boolean>();

class KeepsSecretsByName extends TargetObject {
  protected override setSharedSecret(
    ...args: Parameters<TargetObject['setSharedSecret']>
  ): ReturnType<TargetObject['setSharedSecret']> {
    const answer = super.setSharedSecret(...args);
    const { target } = this.reach();
    secrets.of(this.provider.array).set(target.iscsiName, target.chapEnabled);
    return answer;
  }
}

class FindsSecretsByName extends StorageArray {
  override addTarget(...args: Parameters<StorageArray['addTarget']>): ArrayTarget {
    const target = super.addTarget(...args);
    target.chapEnabled = secrets.of(this).get(target.iscsiName) ?? false;
    return target;
  }
}

const associated = new Remembered<Set<Guid>>();

class CountsAssociations extends LunObject {
  protected override associateTargets(
    ...args: Parameters<LunObject['associateTargets']>
  ): ReturnType<LunObject['associateTargets']> {
    const answer = super.associateTargets(...args);
    const { lun, subSystem } = this.reach();
    for (const target of subSystem.targets.keys()) {
      const counts = associated.of(this.provider.array);
      const luns = counts.get(target) ?? new Set<Guid>();
      counts.set(target, luns);
      if (lun.targets.has(target)) luns.add(lun.id);
      else luns.delete(lun.id);
    }
    return answer;
  }
}

class GoesByTheCount extends TargetObject {
  protected override refuseAssociated(subSystem: ArraySubSystem): void {
    if ((associated.of(this.provider.array).get(this.id)?.size ?? 0) > 0)
      throw new Failure(HR.VDS_E_ASSOCIATED_LUNS_EXIST);
    super.refuseAssociated(subSystem);
  }
}

const rows = new Remembered<ArrayLun['hints']>();

class LeavesItsRow extends LunObject {
  protected override delete(): ReturnType<LunObject['delete']> {
    const { subSystem, lun } = this.reach('IVdsLun.Delete');
    rows.of(this.provider.array).set(subSystem.id, lun.hints);
    return super.delete();
  }
}

class UsesRowsAgain extends StorageArray {
  override addLun(subSystem: ArraySubSystem, request: NewLun): ArrayLun {
    const hints = rows.of(this).get(subSystem.id);
    rows.of(this).delete(subSystem.id);
    return super.addLun(subSystem, hints === undefined ? request : { ...request, hints });
  }
}

class TypeOfTheFirstPlex extends LunObject {
  protected override operation(...[type, commit, abandon]: Operation): ReturnType<LunObject['operation']> {
    if (type !== OUT.VDS_ASYNCOUT_REMOVELUNPLEX) return super.operation(type, commit, abandon);
    const commitAll = (): ReturnType<typeof commit> => {
      const made = commit();
      const { lun } = this.reach();
      const [first] = lun.plexes.values();
      if (first !== undefined) lun.type = first.type;
      this.provider.learn(this.id);
      return made;
    };
    return super.operation(type, commitAll, abandon);
  }
}

class GrowsTheFirstColumn extends LunObject {
  protected override operation(...[type, commit, abandon]: Operation): ReturnType<LunObject['operation']> {
    if (type !== OUT.VDS_ASYNCOUT_EXTENDLUN) return super.operation(type, commit, abandon);
    const before = [...this.reach().lun.plexes.values()].map((plex) => ({ plex, columns: plex.columns }));
    const commitAll = (): ReturnType<typeof commit> => {
      const made = commit();
      for (const { plex, columns } of before)
        plex.columns = plex.columns.map((column, n) => (n === 0 ? column : (columns[n] ?? column)));
      this.provider.learn(
        this.id,
        ...before.flatMap(({ plex }) => [plex.id, ...plex.columns.flat().map((e) => e.drive)]),
      );
      return made;
    };
    return super.operation(type, commitAll, abandon);
  }
}

class ListsSixteen extends ControllerObject {
  protected override queryAssociatedLuns(): ReturnType<ControllerObject['queryAssociatedLuns']> {
    return { hr: HR.S_OK, out: { enum: this.provider.list('lun', this.read().luns.slice(0, 16)) } };
  }
}

class KeepsOneOnline extends SubSystemObject {
  protected override setControllerStatus(
    lists: Parameters<SubSystemObject['setControllerStatus']>[0],
  ): ReturnType<SubSystemObject['setControllerStatus']> {
    const all = lists.numberOfOfflineControllers === this.read().controllers.length;
    return all && lists.numberOfOnlineControllers === 0 ? { hr: HR.S_OK } : super.setControllerStatus(lists);
  }
}

class NewObjectsForMovedPlexes extends Inventory {
  override update(...ids: readonly Guid[]): ReturnType<Inventory['update']> {
    for (const id of ids) {
      const [device, found] = [this.devices.get(id), this.array.find(id)];
      if (device?.kind !== 'plex' || found === undefined || found.parent === device.parent) continue;
      device.deleted = true;
      this.devices.delete(id);
      this.learn(found);
    }
    return super.update(...ids);
  }
}

class GoneWithTheSubSystem extends LunObject {
  protected override reach(...args: Parameters<LunObject['reach']>): ReturnType<LunObject['reach']> {
    const found = super.reach(...args);
    if (found.subSystem.status === VDS_SUB_SYSTEM_STATUS.VDS_SSS_OFFLINE) throw new Failure(HR.VDS_E_OBJECT_DELETED);
    return found;
  }
}

class ShrinksBy32Bits extends LunObject {
  protected override shrink(bytes: bigint): ReturnType<LunObject['shrink']> {
    const passed = bytes & 0xffff_ffffn;
    return super.shrink(passed === 0n ? bytes : passed);
  }
}

export const STATES: readonly Defect[] = [
  {
    name: 'subsystem-name-clears-import-target',
    says: 'Naming a subsystem writes its row anew, without the import target.',
    breaks: ['VDS-1.4a'],
    noticedBy: ['interactions.equipment'],
    parts: { SubSystem: NamingWritesARow },
  },
  {
    name: 'portal-removed-from-every-target',
    says: 'RemovePortal takes the portal out of the groups of all targets of the subsystem.',
    breaks: ['VDS-11.4c'],
    noticedBy: ['iscsi.portal-in-groups-of-two-targets'],
    parts: { PortalGroup: PortalsLeaveEveryGroup },
  },
  {
    name: 'lun-named-as-at-first-is-skipped',
    says:
      'A name equal to the one that a LUN had when it was first asked is not sent to the array, whatever the LUN is ' +
      'called by then.',
    breaks: ['VDS-10.13c'],
    noticedBy: ['luns.friendly-name'],
    parts: { Lun: ComparesWithTheFirstName },
  },
  {
    name: 'refused-target-delete-removes-groups',
    says: 'Delete of a target removes its portal groups, and then finds a LUN associated and refuses.',
    breaks: ['VDS-0.2b'],
    noticedBy: ['interactions.targets'],
    strict: true,
    parts: { Target: GroupsGoFirst },
  },
  {
    name: 'new-target-inherits-secret',
    says: 'Secrets are kept by iSCSI name, so that a target under the name of a deleted one has its secret.',
    breaks: ['VDS-11.5e'],
    noticedBy: ['interactions.targets'],
    parts: { Target: KeepsSecretsByName, StorageArray: FindsSecretsByName },
  },
  {
    name: 'deleted-lun-still-counts-at-its-target',
    says: 'A target counts the LUNs that are associated with it, and a LUN that is deleted is not taken off.',
    breaks: ['VDS-11.2b'],
    noticedBy: ['interactions.associations'],
    parts: { Lun: CountsAssociations, Target: GoesByTheCount },
  },
  {
    name: 'new-lun-inherits-hints',
    says: 'A new LUN takes the row of the LUN that was deleted last, with its hints.',
    breaks: ['VDS-10.12a'],
    noticedBy: ['interactions.luns'],
    parts: { Lun: LeavesItsRow, StorageArray: UsesRowsAgain },
  },
  {
    name: 'mirror-of-three-loses-its-type',
    says: 'RemovePlex makes a LUN what its first plex is, also where two plexes are left.',
    breaks: ['VDS-10.2h'],
    noticedBy: ['interactions.space'],
    parts: { Lun: TypeOfTheFirstPlex },
  },
  {
    name: 'stripe-grows-by-one-column',
    says: 'Extend of a stripe adds space to its first column only.',
    breaks: ['VDS-10.8b'],
    noticedBy: ['interactions.space'],
    parts: { Lun: GrowsTheFirstColumn },
  },
  {
    name: 'controller-lists-sixteen-luns',
    says: 'QueryAssociatedLuns of a controller lists sixteen LUNs at most.',
    breaks: ['VDS-10.20'],
    noticedBy: ['consistency.luns-and-controllers'],
    parts: { Controller: ListsSixteen },
  },
  {
    name: 'no-controller-online-is-ignored',
    says: 'SetControllerStatus that sets every controller offline answers S_OK and does nothing.',
    breaks: ['VDS-10.10'],
    noticedBy: ['interactions.equipment'],
    parts: { SubSystem: KeepsOneOnline },
  },
  {
    name: 'moved-plex-says-deleted',
    says:
      'AddPlex makes new objects for the plexes that it moves, and those that callers hold answer ' +
      'VDS_E_OBJECT_DELETED.',
    breaks: ['VDS-7.1a'],
    noticedBy: ['interactions.space'],
    parts: { Inventory: NewObjectsForMovedPlexes },
  },
  {
    name: 'luns-of-an-offline-subsystem-say-deleted',
    says: 'While its subsystem is OFFLINE a LUN answers VDS_E_OBJECT_DELETED to whatever reaches the array.',
    breaks: ['VDS-7.1a'],
    noticedBy: ['subsystem.offline-is-not-deleted'],
    parts: { Lun: GoneWithTheSubSystem },
  },
  {
    name: 'shrink-of-32-bits',
    says: 'The number of bytes by which a LUN shrinks passes through 32 bits.',
    breaks: ['VDS-10.7f'],
    noticedBy: ['interactions.space'],
    parts: { Lun: ShrinksBy32Bits },
  },
  {
    name: 'failed-luns-are-online-in-ill-health',
    says: 'SetStatus of a LUN that has failed makes it ONLINE, and leaves its health FAILED.',
    breaks: ['VDS-10.14'],
    noticedBy: ['interactions.degraded.lun'],
    parts: { Lun: StaysInIllHealth },
  },
  {
    name: 'failed-subsystems-lack-their-lists',
    breaks: ['VDS-6.7a'],
    noticedBy: ['interactions.states.failed'],
    says: 'A subsystem that has failed answers VDS_E_NOT_SUPPORTED to QueryLuns.',
    overrides: (inner) => ({
      methods: {
        'IVdsSubSystem.QueryLuns': async (call, next) => {
          const { subSystemProp } = (await ask(inner, call.object, 'IVdsSubSystem.GetProperties', {})).out;
          return given(subSystemProp)?.status === VDS_SUB_SYSTEM_STATUS.VDS_SSS_FAILED
            ? { hr: HR.VDS_E_NOT_SUPPORTED, out: { enum: null } }
            : next();
        },
      },
    }),
  },
];
