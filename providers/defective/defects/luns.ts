// Defects of LUNs: creation, properties, extension, listing.
import type { Guid } from '../../../src/contract/guid.js';
import {
  VDS_ASYNC_OUTPUT_TYPE,
  VDS_HEALTH,
  VDS_LUN_STATUS,
  VDS_LUN_TYPE,
} from '../../../src/contract/generated/enumerations.js';
import { HR } from '../../../src/contract/hresult.js';
import { StorageArray } from '../../in-memory/array/array.js';
import type { ArrayLun } from '../../in-memory/array/devices.js';
import { Failure } from '../../in-memory/failure.js';
import { Inventory, type MemberList } from '../../in-memory/cache/inventory.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import type { DeviceObject } from '../../in-memory/objects/object.js';
import { ALLOCATION_UNIT } from '../../in-memory/array/space.js';
import { SubSystemObject, type LunRequest } from '../../in-memory/objects/subsystem.js';
import { TargetObject } from '../../in-memory/objects/target.js';
import type { Defect } from '../defect.js';
import { LUN_IDENTITY } from './lun-identity.js';

type Create = ReturnType<SubSystemObject['createLun']>;

type Extend = ReturnType<LunObject['extend']>;

class RoundsDown extends SubSystemObject {
  protected override createLun(request: LunRequest): Create {
    return super.createLun({ ...request, sizeInBytes: (request.sizeInBytes / ALLOCATION_UNIT) * ALLOCATION_UNIT });
  }
}

class KeepsSizesIn63Bits extends SubSystemObject {
  protected override createLun(request: LunRequest): Create {
    return super.createLun({ ...request, sizeInBytes: BigInt.asUintN(63, request.sizeInBytes) });
  }
}

/** An array whose LUNs come with some of their properties otherwise. */
const madeWith = (properties: Partial<ArrayLun>): typeof StorageArray =>
  class extends StorageArray {
    override addLun(...made: Parameters<StorageArray['addLun']>): ArrayLun {
      return Object.assign(super.addLun(...made), properties);
    }
  };

const createFails = (right: number, instead: number): typeof SubSystemObject =>
  class extends SubSystemObject {
    protected override createLun(request: LunRequest): Create {
      try {
        return super.createLun(request);
      } catch (error) {
        throw error instanceof Failure && error.hr === right ? new Failure(instead) : error;
      }
    }
  };

const badType = (instead: number): typeof SubSystemObject =>
  class extends SubSystemObject {
    protected override createLun(request: LunRequest): Create {
      if (!Object.values(VDS_LUN_TYPE).includes(request.type as never)) throw new Failure(instead);
      return super.createLun(request);
    }
  };

class NoDefaultType extends SubSystemObject {
  protected override createLun(request: LunRequest): Create {
    if (request.type === VDS_LUN_TYPE.VDS_LT_DEFAULT) throw new Failure(HR.VDS_E_NOT_SUPPORTED);
    return super.createLun(request);
  }
}

class LeavesAnEmptyLun extends SubSystemObject {
  protected override createLun(request: LunRequest): Create {
    try {
      return super.createLun(request);
    } catch (error) {
      // The LUN is entered before its space is allocated, and the way out forgets to take it back.
      if (error instanceof Failure && error.hr === HR.VDS_E_NOT_ENOUGH_SPACE) {
        const layout = { type: VDS_LUN_TYPE.VDS_LT_SIMPLE, size: 0n, plexes: [] };
        this.provider.learn(this.provider.array.addLun(this.reach().subSystem, { layout, unmaskingList: '' }).id);
      }
      throw error;
    }
  }
}

class TakesWhatThereIs extends SubSystemObject {
  protected override createLun(request: LunRequest): Create {
    const free = this.provider.array.free(this.reach().subSystem);
    return super.createLun({ ...request, sizeInBytes: request.sizeInBytes > free ? free : request.sizeInBytes });
  }
}

class TrustsTheCount extends SubSystemObject {
  protected override createLun(request: LunRequest): Create {
    return super.createLun({ ...request, numberOfDrives: request.driveIdArray === null ? 0 : request.numberOfDrives });
  }
}

class LyingCountIsEPointer extends SubSystemObject {
  protected override createLun(request: LunRequest): Create {
    if (request.driveIdArray === null && request.numberOfDrives !== 0) throw new Failure(HR.E_POINTER);
    return super.createLun(request);
  }
}

class ListsAfterRefresh extends Inventory {
  private readonly unlisted = new Set<Guid>();

  protected override takeIn(...[found, news]: Parameters<Inventory['takeIn']>): readonly Guid[] {
    if (found.kind === 'lun') this.unlisted.add(found.id);
    return super.takeIn(found, news);
  }

  override members(subSystem: Guid, list: MemberList): readonly DeviceObject[] {
    return super.members(subSystem, list).filter((lun) => !this.unlisted.has(lun.id));
  }

  override refresh(): ReturnType<Inventory['refresh']> {
    this.unlisted.clear();
    return super.refresh();
  }
}

class ExtendDoesNothing extends LunObject {
  protected override extend(bytes: bigint, ...drives: [readonly Guid[] | null, number]): Extend {
    const free = this.provider.array.free(this.reach().subSystem);
    if (bytes > free) return super.extend(bytes, ...drives);
    return {
      hr: HR.S_OK,
      out: { async: this.provider.start({ type: VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_EXTENDLUN, commit: () => null }) },
    };
  }
}

class LunLacks extends LunObject {
  protected override recover(): ReturnType<LunObject['recover']> {
    this.touch();
    throw new Failure(HR.E_NOTIMPL);
  }
}

class SubSystemLacks extends SubSystemObject {
  override unimplemented(): number {
    this.touch();
    return HR.E_UNEXPECTED;
  }
}

class TargetLacks extends TargetObject {
  protected override rememberInitiatorSharedSecret(): ReturnType<TargetObject['rememberInitiatorSharedSecret']> {
    this.touch();
    throw new Failure(HR.E_FAIL);
  }
}

/** Properties are read once for each object. */
class RemembersItsProperties extends LunObject {
  private answer: ReturnType<LunObject['getProperties']> | undefined;

  protected override getProperties(): ReturnType<LunObject['getProperties']> {
    return (this.answer ??= super.getProperties());
  }
}

class DeleteAnswersSFalse extends LunObject {
  protected override delete(): ReturnType<LunObject['delete']> {
    super.delete();
    return { hr: HR.S_FALSE };
  }
}

class ExtendAddsTooLittle extends LunObject {
  protected override extend(bytes: bigint, ...drives: [readonly Guid[] | null, number]): Extend {
    // Megabytes and mebibytes are mixed up: 16 MiB become 15.
    return super.extend((bytes / 1_000_000n) * 1_000_000n - ALLOCATION_UNIT, ...drives);
  }
}

class FailedExtendGrows extends LunObject {
  protected override extend(...request: Parameters<LunObject['extend']>): Extend {
    try {
      return super.extend(...request);
    } catch (error) {
      // The part that was allocated before space ran out is not given back.
      if (error instanceof Failure && error.hr === HR.VDS_E_NOT_ENOUGH_SPACE) {
        this.reach().lun.size += ALLOCATION_UNIT;
        this.provider.inventory.update(this.id);
      }
      throw error;
    }
  }
}

class ExtendFails extends LunObject {
  protected override extend(...request: Parameters<LunObject['extend']>): Extend {
    try {
      return super.extend(...request);
    } catch (error) {
      throw error instanceof Failure && error.hr === HR.VDS_E_NOT_ENOUGH_SPACE ? new Failure(HR.E_FAIL) : error;
    }
  }
}

export const LUNS: readonly Defect[] = [
  {
    name: 'lun-size-rounded-down',
    breaks: ['VDS-10.2d'],
    strict: true,
    noticedBy: ['creation.create-lun2'],
    says: 'CreateLun rounds the size down to whole allocation units.',
    parts: { SubSystem: RoundsDown },
  },
  {
    name: 'lun-size-in-63-bits',
    breaks: ['VDS-10.2c'],
    noticedBy: ['arguments.size.IVdsSubSystem.CreateLun', 'arguments.size.IVdsSubSystem2.CreateLun2'],
    says: 'CreateLun looks at the lower 63 bits of a size.',
    parts: { SubSystem: KeepsSizesIn63Bits },
  },
  {
    name: 'lun-reports-automagic-type',
    breaks: ['VDS-10.2h'],
    noticedBy: ['creation.create-lun2'],
    says: 'A LUN reports the automagic type that it was asked for instead of the one it has.',
    parts: { StorageArray: madeWith({ type: VDS_LUN_TYPE.VDS_LT_DEFAULT }) },
  },
  {
    name: 'lun-too-large-e-outofmemory',
    breaks: ['VDS-10.2i'],
    noticedBy: ['subsystem.largest-lun'],
    says: 'CreateLun answers E_OUTOFMEMORY when the array has not enough space.',
    parts: { SubSystem: createFails(HR.VDS_E_NOT_ENOUGH_SPACE, HR.E_OUTOFMEMORY) },
  },
  {
    name: 'lun-too-large-leaves-an-empty-one',
    breaks: ['VDS-0.2b'],
    strict: true,
    noticedBy: ['luns.create-too-large'],
    says: 'A CreateLun that failed for lack of space leaves a LUN of size 0.',
    parts: { SubSystem: LeavesAnEmptyLun },
  },
  {
    name: 'lun-too-large-takes-what-there-is',
    breaks: ['VDS-10.2i'],
    noticedBy: ['luns.create-too-large'],
    says: 'CreateLun makes the largest LUN that there is room for when asked for a larger one.',
    parts: { SubSystem: TakesWhatThereIs },
  },
  {
    name: 'lun-bad-type-e-notimpl',
    breaks: ['VDS-7.5b'],
    noticedBy: ['creation.type-unknown', 'luns.create-bad-type'],
    says: 'CreateLun answers E_NOTIMPL for a type outside the enumeration.',
    parts: { SubSystem: badType(HR.E_NOTIMPL) },
  },
  {
    name: 'lun-bad-type-not-supported',
    breaks: ['VDS-7.5b'],
    noticedBy: ['creation.type-unknown'],
    says: 'CreateLun answers VDS_E_NOT_SUPPORTED for a type outside the enumeration.',
    parts: { SubSystem: badType(HR.VDS_E_NOT_SUPPORTED) },
  },
  {
    name: 'lun-unsupported-type-e-invalidarg',
    breaks: ['VDS-7.5'],
    noticedBy: ['creation.create-lun2-unsupported', 'luns.unsupported-type'],
    says: 'CreateLun answers E_INVALIDARG for a type of the enumeration that it does not support.',
    parts: { SubSystem: createFails(HR.VDS_E_NOT_SUPPORTED, HR.E_INVALIDARG) },
  },
  {
    name: 'lun-default-type-not-supported',
    breaks: ['VDS-10.1c'],
    noticedBy: ['luns.create'],
    strict: true,
    says: 'CreateLun leaves no choice of the type to the provider: it answers VDS_E_NOT_SUPPORTED to VDS_LT_DEFAULT.',
    wide: 'under --strict every check that creates a LUN ends with this finding',
    parts: { SubSystem: NoDefaultType },
  },
  {
    name: 'lun-lacks-methods-e-notimpl',
    breaks: ['VDS-0.2c'],
    strict: true,
    noticedBy: ['arguments.lun.permitted-answers'],
    says: 'Recover, which the provider lacks, answers E_NOTIMPL instead of VDS_E_NOT_SUPPORTED.',
    parts: { Lun: LunLacks },
  },
  {
    name: 'subsystem-lacks-methods-e-unexpected',
    breaks: ['VDS-0.2c'],
    strict: true,
    noticedBy: ['arguments.subsystem.permitted-answers'],
    says: 'The methods of a subsystem that the provider lacks answer E_UNEXPECTED.',
    parts: { SubSystem: SubSystemLacks },
  },
  {
    name: 'target-lacks-methods-e-fail',
    breaks: ['VDS-0.2c'],
    strict: true,
    noticedBy: ['arguments.target.permitted-answers'],
    says: 'RememberInitiatorSharedSecret, which the provider lacks, answers E_FAIL.',
    parts: { Target: TargetLacks },
  },
  {
    name: 'lun-lying-drive-count-accepted',
    breaks: ['VDS-10.2a'],
    noticedBy: ['luns.create-lying-count'],
    says: 'CreateLun takes a NULL drive array with a count of 3.',
    parts: { SubSystem: TrustsTheCount },
  },
  {
    name: 'lun-lying-drive-count-e-pointer',
    breaks: ['VDS-0.2c'],
    strict: true,
    noticedBy: ['luns.create-lying-count'],
    says: 'CreateLun answers E_POINTER for a NULL drive array with a count of 3.',
    parts: { SubSystem: LyingCountIsEPointer },
  },
  {
    name: 'new-lun-not-listed',
    breaks: ['VDS-6.7a'],
    noticedBy: ['creation.create-lun2'],
    says: 'QueryLuns lists a new LUN only after the next Refresh.',
    parts: { Inventory: ListsAfterRefresh },
  },
  {
    name: 'extend-does-nothing',
    breaks: ['VDS-10.7a'],
    noticedBy: ['luns.extend'],
    says: 'Extend ends with S_OK and leaves the size as it was.',
    parts: { Lun: ExtendDoesNothing },
  },
  {
    name: 'extend-adds-too-little',
    breaks: ['VDS-10.2d'],
    strict: true,
    noticedBy: ['luns.extend'],
    says: 'Extend adds fewer bytes than were asked for.',
    parts: { Lun: ExtendAddsTooLittle },
  },
  {
    name: 'failed-extend-grows-the-lun',
    breaks: ['VDS-10.7h'],
    noticedBy: ['luns.extend-too-far'],
    says: 'An Extend that fails for lack of space leaves the LUN larger than before.',
    parts: { Lun: FailedExtendGrows },
  },
  {
    name: 'extend-too-far-e-fail',
    breaks: ['VDS-0.2c'],
    strict: true,
    noticedBy: ['luns.extend-too-far'],
    says: 'Extend answers E_FAIL when the array has not enough space.',
    parts: { Lun: ExtendFails },
  },
  {
    name: 'lun-properties-read-once',
    breaks: ['VDS-10.7a'],
    noticedBy: ['luns.extend'],
    says: 'A LUN object keeps the properties that it answered first, whatever happens to the LUN afterwards.',
    parts: { Lun: RemembersItsProperties },
  },
  {
    name: 'lun-delete-answers-s-false',
    breaks: ['VDS-10.6'],
    noticedBy: ['deletion.async-outlives-its-lun'],
    says: 'Delete deletes the LUN and answers S_FALSE, which its page does not have.',
    parts: { Lun: DeleteAnswersSFalse },
  },
  {
    name: 'lun-healthy-and-failed',
    breaks: ['VDS-10.14b'],
    noticedBy: ['luns.health'],
    says: 'A LUN with status FAILED is reported HEALTHY.',
    parts: { StorageArray: madeWith({ status: VDS_LUN_STATUS.VDS_LS_FAILED }) },
  },
  {
    name: 'lun-healthy-and-unknown',
    breaks: ['VDS-10.14b'],
    noticedBy: ['luns.health'],
    says: 'A LUN with status UNKNOWN is reported HEALTHY.',
    parts: { StorageArray: madeWith({ status: VDS_LUN_STATUS.VDS_LS_UNKNOWN }) },
  },
  {
    name: 'lun-health-of-no-lun',
    breaks: ['VDS-10.14'],
    noticedBy: ['luns.health'],
    says: 'A LUN reports health REPLACED, which only drives have.',
    parts: { StorageArray: madeWith({ health: VDS_HEALTH.VDS_H_REPLACED }) },
  },
  {
    name: 'lun-unmasked-to-somebody',
    breaks: ['VDS-10.9c'],
    noticedBy: ['luns.unmasking-list'],
    says: "A LUN that was created unmasked to nobody is unmasked to the array's last host.",
    parts: { StorageArray: madeWith({ unmaskingList: 'iqn.1991-05.com.microsoft:backup-host' }) },
  },
  ...LUN_IDENTITY,
];
