// Lawful habits that arrays are known for: drives that have to spin up, one job at a time, equipment in use that stays
// in use, values of their own choice.
import {
  HINT_MASK_FLAGS,
  OBJECT_STATUS,
  VDS_CONTROLLER_STATUS,
  VDS_DRIVE_FLAG,
  VDS_DRIVE_STATUS,
  VDS_HEALTH,
  VDS_IPADDRESS_TYPE,
  VDS_LUN_TYPE,
  VDS_SUB_SYSTEM_STATUS,
} from '../../../src/contract/generated/enumerations.js';
import type { VDS_HINTS } from '../../../src/contract/generated/structures.js';
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import { MIB } from '../../../src/contract/sizes.js';
import type { Servant } from '../../../src/port/object-server.js';
import { StorageArray } from '../../in-memory/array/array.js';
import type { ArrayDrive, ArrayLun, ArraySubSystem, ArrayTarget } from '../../in-memory/array/devices.js';
import { NO_HINTS } from '../../in-memory/array/hints.js';
import { isInUse } from '../../in-memory/array/reshaping.js';
import { layOut, spaces } from '../../in-memory/array/space.js';
import { Failure } from '../../in-memory/failure.js';
import { ControllerObject } from '../../in-memory/objects/controller.js';
import { DriveObject } from '../../in-memory/objects/drive.js';
import type { ProviderInstance } from '../../in-memory/objects/instance.js';
import { PortalObject } from '../../in-memory/objects/portal.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import { checkSettable } from '../../in-memory/objects/status.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import { PoolArray } from '../../in-memory/profiles/pools.js';
import { notSupported } from '../small-arrays.js';
import type { Variant } from '../variant.js';
import { WHOLE_DRIVES } from '../whole-drives.js';

const { STATUS_ONLINE, STATUS_OFFLINE, STATUS_NOT_READY } = OBJECT_STATUS;

/** Milliseconds that a drive takes to spin up. */
const SPIN_UP = 60;

/** A drive that comes back into its slot is busy for a while. */
class SpinsUp extends StorageArray {
  /** They hear when a drive is ready. */
  readonly listening = new Set<ProviderInstance>();

  override addDrive(...made: Parameters<StorageArray['addDrive']>): ArrayDrive {
    const drive = super.addDrive(...made);
    let present = true;
    Object.defineProperty(drive, 'present', {
      enumerable: true,
      get: () => present,
      set: (on: boolean) => {
        const isBack = on && !present;
        present = on;
        if (isBack) this.spinUp(drive);
      },
    });
    return drive;
  }

  private spinUp(drive: ArrayDrive): void {
    if (drive.status !== STATUS_ONLINE) return;
    drive.status = STATUS_NOT_READY;
    setTimeout(() => {
      if (drive.status !== STATUS_NOT_READY) return;
      drive.status = STATUS_ONLINE;
      for (const provider of this.listening) provider.learn(drive.id);
    }, SPIN_UP).unref();
  }
}

class SpinningDrive extends DriveObject {
  constructor(provider: ProviderInstance, id: Guid, parent: Guid | null) {
    super(provider, id, parent);
    if (provider.array instanceof SpinsUp) provider.array.listening.add(provider);
  }
}

class StaysInUse extends DriveObject {
  protected override setStatus(status: number): ReturnType<DriveObject['setStatus']> {
    this.touch();
    checkSettable(status, VDS_DRIVE_STATUS);
    const { subSystem } = this.reach('IVdsDrive.SetStatus');
    if (status === STATUS_OFFLINE && isInUse(subSystem, this.id)) throw new Failure(HR.VDS_E_NOT_SUPPORTED);
    return super.setStatus(status);
  }
}

class LastOneStays extends ControllerObject {
  protected override setStatus(status: number): ReturnType<ControllerObject['setStatus']> {
    this.touch();
    checkSettable(status, VDS_CONTROLLER_STATUS);
    const { controllers } = this.reach('IVdsController.SetStatus').subSystem;
    const others = [...controllers.values()].some((c) => c.id !== this.id && c.status === STATUS_ONLINE);
    if (status === STATUS_OFFLINE && !others) throw new Failure(HR.VDS_E_NOT_SUPPORTED);
    return super.setStatus(status);
  }
}

class OneStaysOnline extends SubSystemObject {
  protected override setControllerStatus(
    ...[lists]: Parameters<SubSystemObject['setControllerStatus']>
  ): ReturnType<SubSystemObject['setControllerStatus']> {
    const known = this.read().controllers;
    const offline = (lists.offlineControllerIdArray ?? []).map((id) => id.toLowerCase());
    const all = known.length > 0 && offline.length === known.length && known.every((id) => offline.includes(id));
    if (all && lists.onlineControllerIdArray === null) throw new Failure(HR.VDS_E_NOT_SUPPORTED);
    return super.setControllerStatus(lists);
  }
}

class OneAtATime extends ProviderObject {
  override start(work: Parameters<ProviderObject['start']>[0]): Servant {
    if (this.operations.size === 0) return super.start(work);
    work.abandon?.();
    throw new Failure(HR.VDS_E_ANOTHER_CALL_IN_PROGRESS);
  }
}

const IPV6_PREFIX = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const SYSTEM_PORT = 860;

class OfBothFamilies extends PortalObject {
  protected override getProperties(): ReturnType<PortalObject['getProperties']> {
    const { address, status } = this.read();
    const last = Number(address.split('.').at(-1));
    if (last % 2 === 0) return super.getProperties();
    return {
      hr: HR.S_OK,
      out: {
        portalProp: {
          id: this.id,
          address: {
            type: VDS_IPADDRESS_TYPE.VDS_IPT_IPV6,
            ipv4Address: 0,
            ipv6Address: Uint8Array.from([...IPV6_PREFIX, last]),
            ipv6FlowInfo: 0,
            ipv6ScopeId: 0,
            textAddress: '',
            port: SYSTEM_PORT,
          },
          status,
        },
      },
    };
  }
}

/** Each target comes with a group, and has room for no other. */
class AGroupForEach extends StorageArray {
  override addTarget(...made: Parameters<StorageArray['addTarget']>): ArrayTarget {
    const target = super.addTarget(...made);
    super.addPortalGroup(target);
    return target;
  }
  override addPortalGroup(target: ArrayTarget): ReturnType<StorageArray['addPortalGroup']> {
    const [first] = target.groups.values();
    return first ?? super.addPortalGroup(target);
  }
  override promiseGroup(target: ArrayTarget): ReturnType<StorageArray['promiseGroup']> {
    return target.groups.size + target.promisedGroups >= 1 ? undefined : super.promiseGroup(target);
  }
}

function hasFailedDrive(subSystem: ArraySubSystem, drive: ArrayDrive): void {
  [drive.status, drive.health] = [VDS_DRIVE_STATUS.VDS_DRS_FAILED, VDS_HEALTH.VDS_H_FAILED];
  subSystem.status = VDS_SUB_SYSTEM_STATUS.VDS_SSS_PARTIALLY_MANAGED;
  subSystem.health = VDS_HEALTH.VDS_H_DEGRADED;
}

/** The last drive of the first subsystem has failed before anybody looked. */
class InNeedOfService extends StorageArray {
  protected override build(): void {
    super.build();
    const [subSystem] = this.subSystems.values();
    const drive = [...(subSystem?.drives.values() ?? [])].at(-1);
    if (subSystem !== undefined && drive !== undefined) hasFailedDrive(subSystem, drive);
  }
}

/** The drive that is listed first has failed before anybody looked. */
class FailedFirst extends InNeedOfService {
  protected override build(): void {
    super.build();
    const [subSystem] = this.subSystems.values();
    const drives = [...(subSystem?.drives.values() ?? [])];
    subSystem?.drives.clear();
    for (const each of [...drives.slice(-1), ...drives.slice(0, -1)]) subSystem?.drives.set(each.id, each);
  }
}

class StaysFailed extends DriveObject {
  protected override setStatus(status: number): ReturnType<DriveObject['setStatus']> {
    this.touch();
    checkSettable(status, VDS_DRIVE_STATUS);
    if (this.reach('IVdsDrive.SetStatus').drive.status === VDS_DRIVE_STATUS.VDS_DRS_FAILED)
      throw new Failure(HR.VDS_E_OBJECT_STATUS_FAILED);
    return super.setStatus(status);
  }
}

/** Bytes that the LUNs of others leave of a drive. */
const LEFT = 640n * MIB;

/** All drives but the last of each subsystem are nearly full; that is a hot spare in the first one, and failed else. */
class InUseForYears extends StorageArray {
  protected override build(): void {
    super.build();
    for (const [n, subSystem] of [...this.subSystems.values()].entries()) {
      const drives = [...subSystem.drives.values()];
      for (const { id } of drives.slice(0, -1)) {
        const [free] = spaces(subSystem, [id]);
        const layout = layOut(subSystem, VDS_LUN_TYPE.VDS_LT_SIMPLE, (free?.total ?? 0n) - LEFT, [id]);
        this.addLun(subSystem, { layout, unmaskingList: '', friendlyName: `Archive ${id}` });
      }
      const last = drives.at(-1);
      if (last === undefined) continue;
      if (n === 0) last.flags = VDS_DRIVE_FLAG.VDS_DRF_HOTSPARE;
      else hasFailedDrive(subSystem, last);
    }
  }
}

const FIRST_NUMBER = 4096;

class NumbersOnce extends PoolArray {
  // Declared only: the array makes its first LUNs before the fields of this class would be initialised.
  declare private numbered: number | undefined;

  override addLun(...[subSystem, lun]: Parameters<StorageArray['addLun']>): ArrayLun {
    this.numbered = this.numbered === undefined ? FIRST_NUMBER : this.numbered + 16;
    const made = { ...super.addLun(subSystem, lun), number: this.numbered };
    subSystem.luns.set(made.id, made);
    return made;
  }
}

const OWN_HINTS: VDS_HINTS = {
  ...NO_HINTS,
  hintMask: HINT_MASK_FLAGS.VDS_HINT_MOSTLYREADS,
  mostlyReads: true,
  optimalReadSize: 65536,
};

class HintsOfItsOwn extends StorageArray {
  override addLun(...[subSystem, lun]: Parameters<StorageArray['addLun']>): ArrayLun {
    return super.addLun(subSystem, (lun.hints?.hintMask ?? 0n) === 0n ? { ...lun, hints: OWN_HINTS } : lun);
  }
}

export const ARRAY_HABITS: readonly Variant[] = [
  WHOLE_DRIVES,
  {
    name: 'in-need-of-service',
    says:
      'Begins with a failed drive, so that its first subsystem is PARTIALLY_MANAGED and DEGRADED, which nobody can ' +
      'set; it can be set ONLINE and OFFLINE.',
    parts: { StorageArray: InNeedOfService },
  },
  {
    name: 'failed-drives-stay-failed',
    says:
      'Begins with a failed drive, the first that is listed; SetStatus of it answers VDS_E_OBJECT_STATUS_FAILED, as ' +
      'it "is in a failed state and is unable to perform the requested operation".',
    parts: { StorageArray: FailedFirst, Drive: StaysFailed },
  },
  {
    name: 'in-use-for-years',
    says:
      'Begins with drives that are nearly full, a hot spare, and a drive that has failed, so that its subsystem is ' +
      'PARTIALLY_MANAGED and DEGRADED.',
    parts: { StorageArray: InUseForYears },
    overrides: notSupported('IVdsSubSystem.SetStatus'),
  },
  {
    name: 'drives-spin-up',
    says:
      'A drive that is put back is NOT_READY for a moment, which is the status of one that is busy, and ONLINE then, ' +
      'with its VDS_NF_DRIVE_MODIFY.',
    parts: { StorageArray: SpinsUp, Drive: SpinningDrive },
  },
  {
    name: 'drives-in-use-stay-online',
    says:
      'SetStatus of a drive that holds something of a LUN answers VDS_E_NOT_SUPPORTED for OFFLINE: its page has ' +
      'the code for combinations that a provider does not support.',
    parts: { Drive: StaysInUse },
  },
  {
    name: 'last-controller-stays-online',
    says:
      'SetStatus and SetControllerStatus answer VDS_E_NOT_SUPPORTED for OFFLINE of the last controller that is ' +
      'ONLINE, without which nobody would reach the subsystem.',
    parts: { Controller: LastOneStays, SubSystem: OneStaysOnline },
  },
  {
    name: 'one-operation-at-a-time',
    says:
      'A method that would start an operation answers VDS_E_ANOTHER_CALL_IN_PROGRESS, which says that it cannot ' +
      'proceed until the previous one is complete, while another one is under way.',
    parts: { Provider: OneAtATime },
  },
  {
    name: 'portals-of-both-families',
    says: 'Every other portal has an IPv6 address and another TCP port than 3260: VDS_IPADDRESS has both.',
    parts: { Portal: OfBothFamilies },
  },
  {
    name: 'a-group-for-each-target',
    says:
      'A new target comes with an empty portal group and has room for no other: CreatePortalGroup answers ' +
      'VDS_S_ALREADY_EXISTS, and hands that one over, until it is deleted.',
    decides: ['portal groups'],
    parts: { StorageArray: AGroupForEach },
  },
  {
    name: 'lun-numbers-are-never-used-again',
    says:
      'LUN numbers begin with 4096 and go up by 16: the page of GetLunNumber has each LUN assigned exactly one in ' +
      'its array, and no page has them small, close or free again.',
    profile: 'pools',
    parts: { StorageArray: NumbersOnce },
  },
  {
    name: 'hints-of-its-own',
    says: 'A LUN that was made without hints has those of the array: QueryHints reports what is applied.',
    decides: ['hints'],
    parts: { StorageArray: HintsOfItsOwn },
  },
];
