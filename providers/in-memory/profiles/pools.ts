// An iSCSI array of VDS 3.0: the second versions of drives, LUNs and the provider's type, LUNs with parity and with
// numbers, maintenance operations, and targets that are there from the beginning and cannot be made.
import { zeroStructure } from '../../../src/contract/codec.js';
import { NULL_GUID, parseGuid, type Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import {
  VDS_LUN_TYPE as LT,
  POOL_ATTRIBUTE_MASK_FLAGS as MASK,
  VDS_STORAGE_BUS_TYPE,
  VDS_STORAGE_POOL_TYPE,
  VDS_SUB_SYSTEM_FLAG as SF,
  VDS_SUB_SYSTEM_SUPPORTED_RAID_TYPE_FLAG as RAID,
} from '../../../src/contract/generated/enumerations.js';
import type { VDS_HINTS2, VDS_POOL_ATTRIBUTES } from '../../../src/contract/generated/structures.js';
import type { MethodName } from '../../../src/contract/tables.js';
import type { Answer } from '../../../src/port/object-server.js';
import { StorageArray, type NewLun } from '../array/array.js';
import type { ArrayLun, ArraySubSystem } from '../array/devices.js';
import { recordedHints } from '../array/hints.js';
import { freeDrives } from '../array/pools.js';
import { largestLun } from '../array/space.js';
import { Failure } from '../failure.js';
import { ControllerObject } from '../objects/controller.js';
import { DriveObject } from '../objects/drive.js';
import type { ProviderInstance } from '../objects/instance.js';
import { CONCRETE, drivesFor } from '../objects/lun-request.js';
import { LunObject } from '../objects/lun.js';
import { ProviderObject } from '../objects/provider.js';
import { FLAGS } from '../objects/subsystem-queries.js';
import { StoragePoolObject } from './storage-pool.js';
import { SubSystemObject, type LunRequest } from '../objects/subsystem.js';
import type { Parts, System } from '../parts.js';
import { maintenance, ON_DRIVES, ON_ENCLOSURES } from './maintenance.js';

const { VDS_SPT_CONCRETE, VDS_SPT_PRIMORDIAL } = VDS_STORAGE_POOL_TYPE;
const SPINDLE_SPEED = 7200;
/** The space that the thin pool promises on a drive of 16 GiB. */
const PROVISIONED = 64n << 30n;
const WITH_PARITY: ReadonlySet<number> = new Set([LT.VDS_LT_PARITY, LT.VDS_LT_RAID5]);

export class PoolArray extends StorageArray {
  /**
   * A primordial pool of each subsystem's drives, and from that two concrete ones: the third drive, and the fourth thin
   * provisioned.
   */
  protected override build(): void {
    super.build();
    for (const subSystem of this.subSystems.values()) {
      const { friendlyName } = subSystem;
      const drives = [...subSystem.drives.keys()];
      this.addPool(subSystem, `${friendlyName} primordial`, VDS_SPT_PRIMORDIAL, drives);
      this.addPool(subSystem, `${friendlyName} pool`, VDS_SPT_CONCRETE, drives.slice(2, 3));
      this.addPool(subSystem, `${friendlyName} thin pool`, VDS_SPT_CONCRETE, drives.slice(3), PROVISIONED);
    }
  }

  private addPool(
    { pools }: ArraySubSystem,
    name: string,
    type: number,
    drives: readonly Guid[],
    provisioned?: bigint,
  ): void {
    const id = this.ids.next('storage-pool');
    pools.set(id, { id, name, type, drives, ...(provisioned !== undefined && { provisioned }) });
  }

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
      IVdsHwProviderStoragePools: {
        QueryStoragePools: ({ flags, remainingFreeSpace, poolAttributes }) =>
          this.queryStoragePools(flags, remainingFreeSpace, poolAttributes),
        CreateLunInStoragePool: (request) => this.createLunInStoragePool(request),
        QueryMaxLunCreateSizeInStoragePool: (request) => this.queryMaxLunCreateSizeInStoragePool(request),
      },
    });
  }

  override refuse(method: MethodName): number | undefined {
    return !this.loaded && method.startsWith('IVdsHwProviderStoragePools.')
      ? HR.VDS_E_INITIALIZE_NOT_CALLED
      : super.refuse(method);
  }

  protected queryStoragePools(
    flags: number,
    least: bigint,
    wanted: VDS_POOL_ATTRIBUTES | null,
  ): Answer<'IVdsHwProviderStoragePools.QueryStoragePools'> {
    if ((flags & ~(VDS_SPT_PRIMORDIAL | VDS_SPT_CONCRETE)) !== 0) throw new Failure(HR.E_INVALIDARG);
    return { hr: HR.S_OK, out: { enum: this.enumerate(this.poolsFor(flags, least, wanted)) } };
  }

  protected poolsFor(flags: number, least: bigint, wanted: VDS_POOL_ATTRIBUTES | null): readonly StoragePoolObject[] {
    return this.inventory
      .subSystems()
      .flatMap(({ id }) => this.inventory.members(id, 'storagePools'))
      .filter((device) => device instanceof StoragePoolObject)
      .filter((pool) => {
        const { type, remainingFreeSpace } = pool.properties();
        return (flags === 0 || (flags & type) !== 0) && remainingFreeSpace >= least && this.matches(pool, wanted);
      });
  }

  /** An attribute that is asked for must be given, with that value; a hint narrows nothing here. */
  protected matches(pool: StoragePoolObject, wanted: VDS_POOL_ATTRIBUTES | null): boolean {
    if (wanted === null) return true;
    const given = pool.attributes();
    return ATTRIBUTES.every(
      ([bit, member]) =>
        (wanted.attributeMask & bit) === 0n || ((given.attributeMask & bit) !== 0n && given[member] === wanted[member]),
    );
  }

  /** The pool of an id, with the object of its subsystem. Throws Failure. */
  private poolNamed(given: Guid): { readonly drives: readonly Guid[]; readonly subSystem: PoolSubSystem } {
    const id = parseGuid(given);
    if (id === undefined || id === NULL_GUID) throw new Failure(HR.E_INVALIDARG);
    const device = this.inventory.devices.get(id);
    if (device?.kind !== 'storage-pool' || device.parent === null) throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
    this.inventory.record('storage-pool', id);
    const found = this.array.find(id, 'storage-pool');
    if (found === undefined) throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
    const holder = this.inventory.device(device.parent);
    if (!(holder instanceof PoolSubSystem)) throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
    return { drives: freeDrives(found.subSystem, found.pool), subSystem: holder };
  }

  protected createLunInStoragePool({
    storagePoolId,
    hints2,
    ...request
  }: {
    readonly type: number;
    readonly sizeInBytes: bigint;
    readonly storagePoolId: Guid;
    readonly unmaskingList: string | null;
    readonly hints2: VDS_HINTS2 | null;
  }): Answer<'IVdsHwProviderStoragePools.CreateLunInStoragePool'> {
    const { drives, subSystem } = this.poolNamed(storagePoolId);
    return subSystem.createIn(drives, { ...request, hints: hints2 });
  }

  protected queryMaxLunCreateSizeInStoragePool({
    type,
    storagePoolId,
  }: {
    readonly type: number;
    readonly storagePoolId: Guid;
  }): Answer<'IVdsHwProviderStoragePools.QueryMaxLunCreateSizeInStoragePool'> {
    const { drives, subSystem } = this.poolNamed(storagePoolId);
    return subSystem.largestIn(drives, type);
  }
}

/** The attributes that are no hints, by their bits in the mask. */
const ATTRIBUTES = Object.entries({
  VDS_POOL_ATTRIB_RAIDTYPE: 'raidType',
  VDS_POOL_ATTRIB_BUSTYPE: 'busType',
  VDS_POOL_ATTRIB_ALLOW_SPINDOWN: 'spinDown',
  VDS_POOL_ATTRIB_THIN_PROVISION: 'isThinProvisioned',
  VDS_POOL_ATTRIB_NO_SINGLE_POF: 'noSinglePointOfFailure',
  VDS_POOL_ATTRIB_DATA_RDNCY_MAX: 'dataRedundancyMax',
  VDS_POOL_ATTRIB_DATA_RDNCY_MIN: 'dataRedundancyMin',
  VDS_POOL_ATTRIB_DATA_RDNCY_DEF: 'dataRedundancyDefault',
  VDS_POOL_ATTRIB_PKG_RDNCY_MAX: 'packageRedundancyMax',
  VDS_POOL_ATTRIB_PKG_RDNCY_MIN: 'packageRedundancyMin',
  VDS_POOL_ATTRIB_PKG_RDNCY_DEF: 'packageRedundancyDefault',
  VDS_POOL_ATTRIB_STRIPE_SIZE: 'stripeSize',
  VDS_POOL_ATTRIB_STRIPE_SIZE_MAX: 'stripeSizeMax',
  VDS_POOL_ATTRIB_STRIPE_SIZE_MIN: 'stripeSizeMin',
  VDS_POOL_ATTRIB_STRIPE_SIZE_DEF: 'defaultStripeSize',
  VDS_POOL_ATTRIB_NUM_CLMNS: 'numberOfColumns',
  VDS_POOL_ATTRIB_NUM_CLMNS_MAX: 'numberOfColumnsMax',
  VDS_POOL_ATTRIB_NUM_CLMNS_MIN: 'numberOfColumnsMin',
  VDS_POOL_ATTRIB_NUM_CLMNS_DEF: 'defaultNumberofColumns',
  VDS_POOL_ATTRIB_CUSTOM_ATTRIB: 'numOfCustomAttributes',
} as const satisfies { readonly [F in keyof typeof MASK]?: keyof VDS_POOL_ATTRIBUTES }).map(
  ([flag, member]) => [MASK[flag as keyof typeof MASK], member] as const,
);

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
    this.implement(maintenance(ON_ENCLOSURES, provider.array, id, (method) => this.reach(method)));
  }

  /** Makes a LUN on some drives, whatever its type leaves open. */
  createIn(
    drives: readonly Guid[],
    request: Omit<LunRequest, 'driveIdArray' | 'numberOfDrives'>,
  ): Answer<'IVdsSubSystem.CreateLun'> {
    return this.createLun({ ...request, driveIdArray: null, numberOfDrives: 0 }, drives);
  }

  /** The largest LUN that can be made there. */
  largestIn(
    drives: readonly Guid[],
    type: number,
  ): Answer<'IVdsHwProviderStoragePools.QueryMaxLunCreateSizeInStoragePool'> {
    drivesFor({ type, driveIdArray: null, numberOfDrives: 0 }, this.read().drives, this.lunTypes);
    const { subSystem } = this.reach('IVdsSubSystem.QueryMaxLunCreateSize');
    return { hr: HR.S_OK, out: { maxLunSize: largestLun(subSystem, type, drives) } };
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
    this.implement(maintenance(ON_ENCLOSURES, provider.array, id, (method) => this.reach(method)));
  }
}

export class PoolDrive extends DriveObject {
  constructor(provider: ProviderInstance, id: Guid, parent: Guid | null) {
    super(provider, id, parent);
    this.implement({
      ...maintenance(ON_DRIVES, provider.array, id, (method) => this.reach(method)),
      IVdsDrive2: { GetProperties2: () => this.getProperties2() },
    });
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
