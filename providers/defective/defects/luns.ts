// Defects of LUNs: creation, properties, extension, listing.
import type { Guid } from '../../../src/contract/guid.js';
import { VDS_ASYNC_OUTPUT_TYPE, VDS_HEALTH, VDS_LUN_STATUS, VDS_LUN_TYPE } from '../../../src/contract/generated/enumerations.js';
import { HR } from '../../../src/contract/hresult.js';
import type { ArrayLun, ArraySubSystem, Reservation } from '../../in-memory/array.js';
import { ALLOCATION_UNIT, StorageArray } from '../../in-memory/array.js';
import { Failure } from '../../in-memory/failure.js';
import { Inventory } from '../../in-memory/inventory.js';
import { LunObject } from '../../in-memory/lun.js';
import { ProviderObject } from '../../in-memory/provider.js';
import { SubSystemObject, type LunRequest } from '../../in-memory/sub-system.js';
import type { DeviceObject } from '../../in-memory/object.js';
import type { Defect } from '../defect.js';
import { ask, given, interfaceOf } from '../override.js';

type Create = ReturnType<SubSystemObject['createLun']>;
type Properties = ReturnType<LunObject['getProperties']>;
type Identification = ReturnType<LunObject['getIdentificationData']>;
type Extend = ReturnType<LunObject['extend']>;

class RoundsDown extends SubSystemObject {
  protected override createLun(request: LunRequest): Create {
    return super.createLun({ ...request, sizeInBytes: (request.sizeInBytes / ALLOCATION_UNIT) * ALLOCATION_UNIT });
  }
}

class TypeAsAsked extends StorageArray {
  override addLun(...made: Parameters<StorageArray['addLun']>): ArrayLun {
    return Object.assign(super.addLun(...made), { type: VDS_LUN_TYPE.VDS_LT_DEFAULT });
  }
}

const createFails = (owed: number, instead: number): typeof SubSystemObject => class extends SubSystemObject {
  protected override createLun(request: LunRequest): Create {
    try {
      return super.createLun(request);
    } catch (error) {
      throw error instanceof Failure && error.hr === owed ? new Failure(instead) : error;
    }
  }
};

const badType = (instead: number): typeof SubSystemObject => class extends SubSystemObject {
  protected override createLun(request: LunRequest): Create {
    if (!Object.values(VDS_LUN_TYPE).includes(request.type as never)) throw new Failure(instead);
    return super.createLun(request);
  }
};

class UnsupportedTypeIsInvalid extends SubSystemObject {
  protected override createLun(request: LunRequest): Create {
    if (request.type === VDS_LUN_TYPE.VDS_LT_STRIPE) throw new Failure(HR.E_INVALIDARG);
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
        const truth = this.reach();
        this.provider.inventory.addLun(this.provider.array.addLun(truth, 0n, ''), truth);
      }
      throw error;
    }
  }
}

class TakesWhatThereIs extends SubSystemObject {
  protected override createLun(request: LunRequest): Create {
    const free = this.provider.array.free(this.reach());
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

  override addLun(truth: ArrayLun, subSystem: ArraySubSystem): DeviceObject {
    this.unlisted.add(truth.id);
    return super.addLun(truth, subSystem);
  }

  override luns(subSystem: Guid): readonly DeviceObject[] {
    return super.luns(subSystem).filter((lun) => !this.unlisted.has(lun.id));
  }

  override refresh(): ReturnType<Inventory['refresh']> {
    this.unlisted.clear();
    return super.refresh();
  }
}

class ExtendDoesNothing extends LunObject {
  protected override extend(...request: Parameters<LunObject['extend']>): Extend {
    const answer = super.extend(...request);
    return answer.hr === HR.S_OK ? { hr: HR.S_OK, out: { async: this.provider.start({ type: VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_EXTENDLUN, commit: () => null }) } } : answer;
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
        const { lun, subSystem } = this.reach();
        lun.size += ALLOCATION_UNIT;
        this.provider.inventory.writeLun(lun, subSystem.id);
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

/** LUN properties with some members otherwise. */
const lunProp = (change: (prop: object) => object): typeof LunObject => class extends LunObject {
  protected override getProperties(): Properties {
    const answer = super.getProperties();
    const prop = answer.out?.lunProp;
    return typeof prop === 'object' && prop !== null ? { ...answer, out: { lunProp: { ...prop, ...change(prop) } } } : answer;
  }
};

const identification = (change: object): typeof LunObject => class extends LunObject {
  protected override getIdentificationData(): Identification {
    const answer = super.getIdentificationData();
    const info = answer.out?.lunInfo;
    return typeof info === 'object' && info !== null ? { ...answer, out: { lunInfo: { ...info, ...change } } } : answer;
  }
};

class ReusesIds extends StorageArray {
  private readonly made: Guid[] = [];

  override addLun(subSystem: ArraySubSystem, ...rest: [bigint, string, string?]): ArrayLun {
    const lun = super.addLun(subSystem, ...rest);
    const free = this.made?.find((id) => ![...this.subSystems.values()].some((s) => s.luns.has(id)));
    // Called by the constructor, too, before there is a list.
    this.made?.push(lun.id);
    if (free === undefined) return lun;
    const reused = { ...lun, id: free };
    subSystem.luns.delete(lun.id);
    subSystem.luns.set(free, reused);
    return reused;
  }
}

/** Ids are made from the number of the LUN in its subsystem. */
class SameIdInBoth extends StorageArray {
  protected override build(): void {
    super.build();
    const [first, second] = [...this.subSystems.values()];
    const [lun] = first?.luns.values() ?? [];
    if (second === undefined || lun === undefined) return;
    second.luns.clear();
    second.luns.set(lun.id, { ...lun });
  }
}

/** Space set aside for a LUN is never given back. */
class LeaksSpace extends StorageArray {
  override reserve(subSystem: ArraySubSystem, bytes: bigint): Reservation | undefined {
    const reservation = super.reserve(subSystem, bytes);
    return reservation === undefined ? undefined : { release: () => {} };
  }

  override free(subSystem: ArraySubSystem): bigint {
    // Only what was reserved counts; a LUN's space stays reserved when the LUN goes.
    return subSystem.capacity - subSystem.reserved;
  }
}

class SizeOfBefore extends ProviderObject {
  /** The object that GetObject makes for a LUN reads the size of the request, not that of the array. */
  override get array(): StorageArray { return this.system.array; }
}

export const LUNS: readonly Defect[] = [
  {
    name: 'lun-size-rounded-down', breaks: ['VDS-10.2c'],
    says: 'CreateLun rounds the size down to whole allocation units.',
    parts: { SubSystem: RoundsDown },
  },
  {
    name: 'lun-reports-automagic-type', breaks: ['VDS-10.2c'],
    says: 'A LUN reports the automagic type that it was asked for instead of the one it has.',
    parts: { StorageArray: TypeAsAsked },
  },
  {
    name: 'lun-too-large-e-outofmemory', breaks: ['VDS-10.2c'],
    says: 'CreateLun answers E_OUTOFMEMORY when the array has not enough space.',
    parts: { SubSystem: createFails(HR.VDS_E_NOT_ENOUGH_SPACE, HR.E_OUTOFMEMORY) },
  },
  {
    name: 'lun-too-large-leaves-an-empty-one', breaks: ['VDS-10.2c'],
    says: 'A CreateLun that failed for lack of space leaves a LUN of size 0.',
    parts: { SubSystem: LeavesAnEmptyLun },
  },
  {
    name: 'lun-too-large-takes-what-there-is', breaks: ['VDS-10.2c'],
    says: 'CreateLun makes the largest LUN that there is room for when asked for a larger one.',
    parts: { SubSystem: TakesWhatThereIs },
  },
  {
    name: 'lun-bad-type-e-notimpl', breaks: ['VDS-7.5'],
    says: 'CreateLun answers E_NOTIMPL for a type outside the enumeration.',
    parts: { SubSystem: badType(HR.E_NOTIMPL) },
  },
  {
    name: 'lun-bad-type-not-supported', breaks: ['VDS-7.5'],
    says: 'CreateLun answers VDS_E_NOT_SUPPORTED for a type outside the enumeration.',
    parts: { SubSystem: badType(HR.VDS_E_NOT_SUPPORTED) },
  },
  {
    name: 'lun-unsupported-type-e-invalidarg', breaks: ['VDS-7.5'],
    says: 'CreateLun answers E_INVALIDARG for a type of the enumeration that it does not support.',
    parts: { SubSystem: UnsupportedTypeIsInvalid },
  },
  {
    name: 'lun-lying-drive-count-accepted', breaks: ['VDS-10.2a'],
    says: 'CreateLun takes a NULL drive array with a count of 3.',
    parts: { SubSystem: TrustsTheCount },
  },
  {
    name: 'lun-lying-drive-count-e-pointer', breaks: ['VDS-10.2a'],
    says: 'CreateLun answers E_POINTER for a NULL drive array with a count of 3.',
    parts: { SubSystem: LyingCountIsEPointer },
  },
  {
    name: 'new-lun-not-listed', breaks: ['VDS-6.7a'],
    says: 'QueryLuns lists a new LUN only after the next Refresh.',
    parts: { Inventory: ListsAfterRefresh },
  },
  {
    name: 'extend-does-nothing', breaks: ['VDS-10.7a'],
    says: 'Extend ends with S_OK and leaves the size as it was.',
    parts: { Lun: ExtendDoesNothing },
  },
  {
    name: 'extend-adds-too-little', breaks: ['VDS-10.7a'],
    says: 'Extend adds fewer bytes than were asked for.',
    parts: { Lun: ExtendAddsTooLittle },
  },
  {
    name: 'failed-extend-grows-the-lun', breaks: ['VDS-10.7a'],
    says: 'An Extend that fails for lack of space leaves the LUN larger than before.',
    parts: { Lun: FailedExtendGrows },
  },
  {
    name: 'extend-too-far-e-fail', breaks: ['VDS-10.7a'],
    says: 'Extend answers E_FAIL when the array has not enough space.',
    parts: { Lun: ExtendFails },
  },
  {
    name: 'lun-healthy-and-failed', breaks: ['VDS-10.14'],
    says: 'A LUN with status FAILED is reported HEALTHY.',
    parts: { Lun: lunProp(() => ({ status: VDS_LUN_STATUS.VDS_LS_FAILED, health: VDS_HEALTH.VDS_H_HEALTHY })) },
  },
];
void [lunProp, identification, ReusesIds, SameIdInBoth, LeaksSpace, SizeOfBefore, ask, given, interfaceOf];
