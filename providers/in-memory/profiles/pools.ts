// An iSCSI array of VDS 3.0: the second versions of drives, LUNs and the provider's type, LUNs with parity and with numbers, maintenance operations, and
// targets that are there from the beginning and cannot be made.
import { zeroStructure } from '../../../src/contract/codec.js';
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import {
  VDS_LUN_TYPE as LT,
  VDS_STORAGE_BUS_TYPE,
  VDS_SUB_SYSTEM_FLAG as SF,
  VDS_SUB_SYSTEM_SUPPORTED_RAID_TYPE_FLAG as RAID,
} from '../../../src/contract/generated/enumerations.js';
import type { VDS_HINTS2 } from '../../../src/contract/generated/structures.js';
import type { MethodName } from '../../../src/contract/tables.js';
import type { Answer } from '../../../src/port/object-server.js';
import { StorageArray, type NewLun } from '../array/array.js';
import type { ArrayLun, ArraySubSystem } from '../array/devices.js';
import { recordedHints } from '../array/hints.js';
import { Failure } from '../failure.js';
import { ControllerObject } from '../objects/controller.js';
import { DriveObject } from '../objects/drive.js';
import type { ProviderInstance } from '../objects/instance.js';
import { CONCRETE } from '../objects/lun-request.js';
import { LunObject } from '../objects/lun.js';
import { ProviderObject } from '../objects/provider.js';
import { FLAGS } from '../objects/subsystem-queries.js';
import { SubSystemObject } from '../objects/subsystem.js';
import type { Parts, System } from '../parts.js';
import { maintenance, ON_DRIVES, ON_ENCLOSURES } from './maintenance.js';

const SPINDLE_SPEED = 7200;
const WITH_PARITY: ReadonlySet<number> = new Set([LT.VDS_LT_PARITY, LT.VDS_LT_RAID5]);

/** The operations that run on a device of the array. */
function runningOn({ array }: ProviderInstance, id: Guid): Set<number> {
  const running = array.maintenance.get(id) ?? new Set();
  array.maintenance.set(id, running);
  return running;
}

export class PoolArray extends StorageArray {
  /** A new LUN comes with the first target of its subsystem that has a portal. */
  override addLun(subSystem: ArraySubSystem, lun: NewLun): ArrayLun {
    const made = super.addLun(subSystem, lun);
    const reachable = [...subSystem.targets.values()].find((t) =>
      [...t.groups.values()].some((g) => g.portals.size > 0),
    );
    if (reachable !== undefined) made.targets.add(reachable.id);
    return made;
  }
}

export class PoolProvider extends ProviderObject {
  constructor(system: System) {
    super(system);
    this.implement({
      IVdsHwProviderType2: { GetProviderType2: () => ({ hr: HR.S_OK, out: { type: this.type } }) },
    });
  }
}

export class PoolSubSystem extends SubSystemObject {
  protected override readonly flags =
    (FLAGS & ~(SF.VDS_SF_SUPPORTS_AUTH_CHAP | SF.VDS_SF_SUPPORTS_AUTH_MUTUAL_CHAP)) |
    SF.VDS_SF_SUPPORTS_PARITY_LUNS |
    SF.VDS_SF_SUPPORTS_LUN_NUMBER |
    SF.VDS_SF_SUPPORTS_SIMPLE_TARGET_CONFIG;
  protected override readonly raidTypes = RAID.VDS_SF_SUPPORTS_RAID5_LUNS;
  protected override readonly lunTypes = new Set([...CONCRETE, ...WITH_PARITY]);

  constructor(provider: ProviderInstance, id: Guid, parent: Guid | null) {
    super(provider, id, parent);
    this.implement(maintenance(ON_ENCLOSURES, (method) => this.running(method)));
  }

  private running(method: MethodName): Set<number> {
    this.reach(method);
    return runningOn(this.provider, this.id);
  }

  protected override createTarget(): Answer<'IVdsSubSystemIscsi.CreateTarget'> {
    this.touch();
    throw new Failure(HR.VDS_E_NOT_SUPPORTED);
  }

  /** The VSS provider of this array imports nothing. */
  protected override getImportTarget(): Answer<'IVdsSubSystemImportTarget.GetImportTarget'> {
    this.touch();
    throw new Failure(HR.VDS_E_NOT_SUPPORTED);
  }

  protected override setImportTarget(): Answer<'IVdsSubSystemImportTarget.SetImportTarget'> {
    this.touch();
    throw new Failure(HR.VDS_E_NOT_SUPPORTED);
  }
}

export class PoolController extends ControllerObject {
  constructor(provider: ProviderInstance, id: Guid, parent: Guid | null) {
    super(provider, id, parent);
    this.implement(maintenance(ON_ENCLOSURES, (method) => this.running(method)));
  }

  private running(method: MethodName): Set<number> {
    this.reach(method);
    return runningOn(this.provider, this.id);
  }
}

export class PoolDrive extends DriveObject {
  constructor(provider: ProviderInstance, id: Guid, parent: Guid | null) {
    super(provider, id, parent);
    this.implement({
      ...maintenance(ON_DRIVES, (method) => this.running(method)),
      IVdsDrive2: { GetProperties2: () => this.getProperties2() },
    });
  }

  private running(method: MethodName): Set<number> {
    this.reach(method);
    return runningOn(this.provider, this.id);
  }

  protected getProperties2(): Answer<'IVdsDrive2.GetProperties2'> {
    return {
      hr: HR.S_OK,
      out: {
        driveProp2: {
          ...this.properties(),
          enclosureNumber: 0,
          busType: VDS_STORAGE_BUS_TYPE.VDSBusTypeSas,
          spindleSpeed: SPINDLE_SPEED,
        },
      },
    };
  }
}

export class PoolLun extends LunObject {
  constructor(provider: ProviderInstance, id: Guid, parent: Guid | null) {
    super(provider, id, parent);
    this.implement({
      IVdsLun2: {
        QueryHints2: () => this.queryHints2(),
        ApplyHints2: ({ hints2 }) => this.applyHints(hints2),
      },
      IVdsLunNumber: { GetLunNumber: () => this.getLunNumber() },
    });
  }

  protected queryHints2(): Answer<'IVdsLun2.QueryHints2'> {
    const hints2 = zeroStructure('VDS_HINTS2', { ...recordedHints(this.read().hints) }) as unknown as VDS_HINTS2;
    return { hr: HR.S_OK, out: { hints2 } };
  }

  protected getLunNumber(): Answer<'IVdsLunNumber.GetLunNumber'> {
    return { hr: HR.S_OK, out: { lunNumber: this.read().number } };
  }

  protected override extend(...asked: Parameters<LunObject['extend']>): Answer<'IVdsLun.Extend'> {
    this.refuseParity();
    return super.extend(...asked);
  }

  protected override shrink(bytes: bigint): Answer<'IVdsLun.Shrink'> {
    this.refuseParity();
    return super.shrink(bytes);
  }

  protected override queryMaxLunExtendSize(
    ...asked: Parameters<LunObject['queryMaxLunExtendSize']>
  ): Answer<'IVdsLun.QueryMaxLunExtendSize'> {
    this.refuseParity();
    return super.queryMaxLunExtendSize(...asked);
  }

  /** A LUN with parity stays as large as it was made. */
  private refuseParity(): void {
    if (WITH_PARITY.has(this.read().type)) throw new Failure(HR.VDS_E_NOT_SUPPORTED);
  }
}

export const POOLS: Partial<Parts> = {
  StorageArray: PoolArray,
  Provider: PoolProvider,
  SubSystem: PoolSubSystem,
  Controller: PoolController,
  Drive: PoolDrive,
  Lun: PoolLun,
};
