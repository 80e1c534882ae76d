// A storage pool: what it is made of, and what lies in it.
import { zeroStructure } from '../../../src/contract/codec.js';
import { HR } from '../../../src/contract/hresult.js';
import {
  POOL_ATTRIBUTE_MASK_FLAGS as MASK,
  VDS_HEALTH,
  VDS_STORAGE_BUS_TYPE,
  VDS_STORAGE_POOL_STATUS,
  VDS_STORAGE_POOL_TYPE,
} from '../../../src/contract/generated/enumerations.js';
import type { VDS_POOL_ATTRIBUTES, VDS_STORAGE_POOL_PROP } from '../../../src/contract/generated/structures.js';
import type { Answer, InterfaceMap } from '../../../src/port/object-server.js';
import { DeviceObject } from '../objects/object.js';

export class StoragePoolObject extends DeviceObject<'storage-pool'> {
  readonly kind = 'storage-pool';
  readonly interfaces: InterfaceMap = {
    IVdsStoragePool: {
      GetProvider: () => this.getProvider(),
      GetProperties: () => ({ hr: HR.S_OK, out: { storagePoolProp: this.properties() } }),
      GetAttributes: () => ({ hr: HR.S_OK, out: { storagePoolAttributes: this.attributes() } }),
      QueryDriveExtents: () => this.queryDriveExtents(),
      QueryAllocatedLuns: () => this.queryAllocatedLuns(),
      QueryAllocatedStoragePools: () => this.queryAllocatedStoragePools(),
    },
  };

  protected getProvider(): Answer<'IVdsStoragePool.GetProvider'> {
    this.touch();
    return { hr: HR.S_OK, out: { provider: this.provider } };
  }

  /** Its drives are behind it with all of their bytes, and none of these is needed for redundancy. */
  properties(): VDS_STORAGE_POOL_PROP {
    const { name, type, managed, remaining } = this.read();
    return {
      id: this.id,
      status: VDS_STORAGE_POOL_STATUS.VDS_SPS_ONLINE,
      health: VDS_HEALTH.VDS_H_HEALTHY,
      type,
      name,
      description: `Storage pool ${name}`,
      totalConsumedSpace: BigInt(managed),
      totalManagedSpace: BigInt(managed),
      remainingFreeSpace: BigInt(remaining),
    };
  }

  /** A primordial pool has none. */
  attributes(): VDS_POOL_ATTRIBUTES {
    const { type, provisioned } = this.read();
    const given =
      type === VDS_STORAGE_POOL_TYPE.VDS_SPT_CONCRETE
        ? {
            attributeMask: MASK.VDS_POOL_ATTRIB_BUSTYPE | MASK.VDS_POOL_ATTRIB_THIN_PROVISION,
            busType: VDS_STORAGE_BUS_TYPE.VDSBusTypeSas,
            isThinProvisioned: provisioned !== null,
            provisionedSpace: BigInt(provisioned ?? 0),
          }
        : {};
    return zeroStructure('VDS_POOL_ATTRIBUTES', given) as unknown as VDS_POOL_ATTRIBUTES;
  }

  protected queryDriveExtents(): Answer<'IVdsStoragePool.QueryDriveExtents'> {
    const extentArray = this.read().drives.map(({ drive, size, used }) => ({ id: drive, size: BigInt(size), used }));
    return {
      hr: HR.S_OK,
      out: { extentArray: extentArray.length === 0 ? null : extentArray, numberOfExtents: extentArray.length },
    };
  }

  protected queryAllocatedLuns(): Answer<'IVdsStoragePool.QueryAllocatedLuns'> {
    return { hr: HR.S_OK, out: { enum: this.provider.list('lun', this.read().luns) } };
  }

  protected queryAllocatedStoragePools(): Answer<'IVdsStoragePool.QueryAllocatedStoragePools'> {
    return { hr: HR.S_OK, out: { enum: this.provider.list('storage-pool', this.read().pools) } };
  }
}
