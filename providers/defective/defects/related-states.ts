// Defects that show while something related to the object of a call is in a state: a portal beside a target is OFFLINE,
// a controller has failed, a drive's entry is damaged, a target was deleted.
import {
  NOTIFICATION_EVENTS as NF,
  OBJECT_STATUS,
  VDS_LUN_STATUS,
} from '../../../src/contract/generated/enumerations.js';
import type { VDS_NOTIFICATION } from '../../../src/contract/generated/structures.js';
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import { DriveObject } from '../../in-memory/objects/drive.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import { TargetObject } from '../../in-memory/objects/target.js';
import type { Defect } from '../defect.js';

const { STATUS_OFFLINE, STATUS_ONLINE, STATUS_FAILED } = OBJECT_STATUS;

class BringsSiblingsOnline extends LunObject {
  protected override setMask(list: string | null): ReturnType<LunObject['setMask']> {
    const answer = super.setMask(list);
    const { subSystem, lun } = this.reach();
    for (const other of subSystem.luns.values())
      if (other !== lun && other.status === STATUS_OFFLINE) {
        other.status = STATUS_ONLINE;
        this.provider.learn(other.id);
      }
    return answer;
  }
}

class NamesWithAllPortals extends TargetObject {
  protected override setFriendlyName(given: string | null): ReturnType<TargetObject['setFriendlyName']> {
    const { subSystem, target } = this.reach();
    const before = target.friendlyName;
    const answer = super.setFriendlyName(given);
    if ([...subSystem.portals.values()].some(({ status }) => status === STATUS_OFFLINE)) {
      target.friendlyName = before;
      this.provider.learn(this.id);
    }
    return answer;
  }
}

class NamesByAWorkingController extends SubSystemObject {
  protected override setFriendlyName(given: string | null): ReturnType<SubSystemObject['setFriendlyName']> {
    const { subSystem } = this.reach();
    const hasFailed = [...subSystem.controllers.values()].some(({ status }) => status === STATUS_FAILED);
    return hasFailed ? { hr: HR.S_OK } : super.setFriendlyName(given);
  }
}

class MasksInUse extends LunObject {
  protected override setMask(list: string | null): ReturnType<LunObject['setMask']> {
    return this.reach().subSystem.status === STATUS_OFFLINE ? { hr: HR.S_OK } : super.setMask(list);
  }
}

class NamesWithSoundDrives extends LunObject {
  protected override setFriendlyName(given: string | null): ReturnType<LunObject['setFriendlyName']> {
    const { cache } = this.provider.inventory;
    const isDamaged = [...this.reach().subSystem.drives.keys()].some((id) => !cache.isSound(id));
    return isDamaged ? { hr: HR.S_OK } : super.setFriendlyName(given);
  }
}

class MasksWithAllDrives extends LunObject {
  protected override setMask(list: string | null): ReturnType<LunObject['setMask']> {
    const isOneOut = [...this.reach().subSystem.drives.values()].some(({ present }) => !present);
    return isOneOut ? { hr: HR.S_OK } : super.setMask(list);
  }
}

/** A list of ids is not looked at beyond what a cache of earlier answers knows. */
class AssociatesFromMemory extends LunObject {
  protected override associateTargets(
    ids: readonly Guid[] | null,
    count: number,
  ): ReturnType<LunObject['associateTargets']> {
    const { targets } = this.reach().subSystem;
    const there = (ids ?? []).slice(0, count).filter((id) => targets.has(id));
    return there.length > 0 ? super.associateTargets(there, there.length) : super.associateTargets(ids, count);
  }
}

/** A drive that is OFFLINE is asked for nothing: it reports what was on it when it went. */
class RemembersItsExtents extends DriveObject {
  private remembered: ReturnType<DriveObject['queryExtents']> | undefined;

  protected override setStatus(status: number): ReturnType<DriveObject['setStatus']> {
    const before = super.queryExtents();
    const answer = super.setStatus(status);
    this.remembered = this.read().status === STATUS_OFFLINE ? before : undefined;
    return answer;
  }

  protected override queryExtents(): ReturnType<DriveObject['queryExtents']> {
    const answer = super.queryExtents();
    return this.remembered ?? answer;
  }
}

/** What is out of use is of no interest to anybody. */
class SilentAboutOfflineLuns extends ProviderObject {
  override announce(notifications: readonly VDS_NOTIFICATION[]): void {
    const isOffline = (id: Guid): boolean => this.array.find(id, 'lun')?.lun.status === VDS_LUN_STATUS.VDS_LS_OFFLINE;
    super.announce(notifications.filter(({ lun }) => lun?.event !== NF.VDS_NF_LUN_MODIFY || !isOffline(lun.lunId)));
  }
}

export const RELATED_STATES: readonly Defect[] = [
  {
    name: 'offline-luns-change-in-silence',
    breaks: ['VDS-9.6b'],
    noticedBy: ['interactions.states.offline'],
    says: 'VDS_NF_LUN_MODIFY does not come of a LUN that is OFFLINE.',
    parts: { Provider: SilentAboutOfflineLuns },
  },
  {
    name: 'offline-drives-keep-deleted-luns',
    breaks: ['VDS-10.15'],
    noticedBy: ['interactions.states.offline'],
    says: 'QueryExtents of a drive that is OFFLINE goes on listing a LUN that was deleted since.',
    parts: { Drive: RemembersItsExtents },
  },
  {
    name: 'masks-bring-siblings-online',
    breaks: ['VDS-7.6b'],
    noticedBy: ['interactions.states.offline'],
    says: 'SetMask of a LUN brings the other LUNs of its subsystem ONLINE that were OFFLINE.',
    parts: { Lun: BringsSiblingsOnline },
  },
  {
    name: 'targets-named-with-all-portals-only',
    breaks: ['VDS-10.13c'],
    noticedBy: ['iscsi.portal-status'],
    says: 'SetFriendlyName of a target is acknowledged and forgotten while a portal of its subsystem is OFFLINE.',
    parts: { Target: NamesWithAllPortals },
  },
  {
    name: 'luns-masked-in-use-only',
    breaks: ['VDS-10.9a'],
    noticedBy: ['interactions.states.offline'],
    says: 'SetMask of a LUN is acknowledged and forgotten while its subsystem is OFFLINE.',
    parts: { Lun: MasksInUse },
  },
  {
    name: 'subsystems-named-by-working-controllers',
    breaks: ['VDS-10.13c'],
    noticedBy: ['interactions.states.failed'],
    says: 'SetFriendlyName of a subsystem is acknowledged and forgotten while one of its controllers has failed.',
    parts: { SubSystem: NamesByAWorkingController },
  },
  {
    name: 'luns-named-with-sound-drives-only',
    breaks: ['VDS-10.13c'],
    noticedBy: ['interactions.states.damaged'],
    says: 'SetFriendlyName of a LUN is acknowledged and forgotten while the entry of a drive beside it is damaged.',
    parts: { Lun: NamesWithSoundDrives },
  },
  {
    name: 'luns-masked-with-all-drives-only',
    breaks: ['VDS-10.9a'],
    noticedBy: ['interactions.states.taken-out'],
    says: 'SetMask of a LUN is acknowledged and forgotten while a drive is out of its subsystem.',
    parts: { Lun: MasksWithAllDrives },
  },
  {
    name: 'gone-targets-are-passed-over',
    breaks: ['VDS-7.2'],
    noticedBy: ['interactions.states.new'],
    says: 'AssociateTargets passes over an id of a target that was deleted, where the list has others.',
    parts: { Lun: AssociatesFromMemory },
  },
];
