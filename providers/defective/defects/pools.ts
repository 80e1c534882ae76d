// Defects of storage pools.
import {
  POOL_ATTRIBUTE_MASK_FLAGS,
  VDS_RAID_TYPE,
  VDS_STORAGE_POOL_TYPE,
} from '../../../src/contract/generated/enumerations.js';
import { NULL_GUID, type Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import type { VDS_POOL_ATTRIBUTES, VDS_STORAGE_POOL_DRIVE_EXTENT } from '../../../src/contract/generated/structures.js';
import type { Answer } from '../../../src/port/object-server.js';
import { StoragePoolObject } from '../../in-memory/profiles/storage-pool.js';
import { Failure } from '../../in-memory/failure.js';
import { PoolProvider } from '../../in-memory/profiles/pools.js';
import { answers, asks, reports } from '../answers.js';
import type { Defect } from '../defect.js';

const BOTH_TYPES = VDS_STORAGE_POOL_TYPE.VDS_SPT_PRIMORDIAL | VDS_STORAGE_POOL_TYPE.VDS_SPT_CONCRETE;

class EveryType extends PoolProvider {
  protected override queryStoragePools(
    _flags: number,
    least: bigint,
    wanted: VDS_POOL_ATTRIBUTES | null,
  ): Answer<'IVdsHwProviderStoragePools.QueryStoragePools'> {
    return super.queryStoragePools(0, least, wanted);
  }
}

class OneTypeAtATime extends PoolProvider {
  protected override queryStoragePools(
    ...[flags, least, wanted]: Parameters<PoolProvider['queryStoragePools']>
  ): Answer<'IVdsHwProviderStoragePools.QueryStoragePools'> {
    const answer = super.queryStoragePools(flags, least, wanted);
    return flags === BOTH_TYPES ? { ...answer, out: { enum: this.enumerate([]) } } : answer;
  }
}

class AnyAttributes extends PoolProvider {
  protected override matches(): boolean {
    return true;
  }
}

class NotFoundWhereNone extends PoolProvider {
  protected override queryStoragePools(
    ...[flags, least, wanted]: Parameters<PoolProvider['queryStoragePools']>
  ): Answer<'IVdsHwProviderStoragePools.QueryStoragePools'> {
    if (this.poolsFor(flags, least, wanted).length === 0) throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
    return super.queryStoragePools(flags, least, wanted);
  }
}

class InTheLastPool extends PoolProvider {
  protected override createLunInStoragePool(
    request: Parameters<PoolProvider['createLunInStoragePool']>[0],
  ): ReturnType<PoolProvider['createLunInStoragePool']> {
    const last = this.poolsFor(VDS_STORAGE_POOL_TYPE.VDS_SPT_CONCRETE, 0n, null).at(-1);
    const known = this.poolsFor(0, 0n, null).some(({ id }) => id === request.storagePoolId);
    return super.createLunInStoragePool({
      ...request,
      storagePoolId: known && last !== undefined ? last.id : request.storagePoolId,
    });
  }
}

class NoLuns extends StoragePoolObject {
  protected override queryAllocatedLuns(): Answer<'IVdsStoragePool.QueryAllocatedLuns'> {
    this.touch();
    return { hr: HR.S_OK, out: { enum: this.provider.enumerate([]) } };
  }
}

class ListsItself extends StoragePoolObject {
  protected override queryAllocatedStoragePools(): Answer<'IVdsStoragePool.QueryAllocatedStoragePools'> {
    this.touch();
    return { hr: HR.S_OK, out: { enum: this.provider.enumerate([this]) } };
  }
}

class FreeSpaceOnlyShrinks extends StoragePoolObject {
  private least: bigint | undefined;
  override properties(): ReturnType<StoragePoolObject['properties']> {
    const properties = super.properties();
    const { remainingFreeSpace: now } = properties;
    if (this.least === undefined || now < this.least) this.least = now;
    return { ...properties, remainingFreeSpace: this.least };
  }
}

class KeepsExtentsOfDrives extends StoragePoolObject {
  private readonly kept = new Map<Guid, readonly VDS_STORAGE_POOL_DRIVE_EXTENT[]>();
  protected override queryDriveExtents(): Answer<'IVdsStoragePool.QueryDriveExtents'> {
    const now = this.read().drives.map(({ drive, size, used }) => ({ id: drive, size: BigInt(size), used }));
    for (const { id } of now)
      this.kept.set(
        id,
        now.filter((e) => e.id === id),
      );
    const extentArray = [...this.kept.values()].flat();
    return { hr: HR.S_OK, out: { extentArray, numberOfExtents: extentArray.length } };
  }
}

const NOBODYS: Guid = '7f8d2b0a-53a4-4f0e-9c1e-2d3b4a5c6d7e';
const profile = 'pools';

class AnyOfSeveralAttributes extends PoolProvider {
  protected override matches(pool: StoragePoolObject, wanted: VDS_POOL_ATTRIBUTES | null): boolean {
    if (wanted === null || wanted.attributeMask === 0n) return super.matches(pool, wanted);
    const bits = Object.values(POOL_ATTRIBUTE_MASK_FLAGS).filter((bit) => (wanted.attributeMask & bit) !== 0n);
    return bits.some((attributeMask) => super.matches(pool, { ...wanted, attributeMask }));
  }
}

export const POOLS: readonly Defect[] = [
  {
    name: 'pool-free-space-only-shrinks',
    profile,
    breaks: ['VDS-10.16f'],
    noticedBy: ['pools.free-space-follows'],
    says: 'What a LUN gives back is not added to the free space of its pool.',
    parts: { StoragePool: FreeSpaceOnlyShrinks },
  },
  {
    name: 'pools-of-every-type',
    profile,
    breaks: ['VDS-10.16b'],
    noticedBy: ['pools.by-type'],
    says: 'QueryStoragePools lists pools of every type whatever the flags name.',
    parts: { Provider: EveryType },
  },
  {
    name: 'pools-of-one-type-at-a-time',
    profile,
    breaks: ['VDS-10.16b'],
    noticedBy: ['pools.by-type'],
    says: 'QueryStoragePools lists nothing where the flags name both types.',
    parts: { Provider: OneTypeAtATime },
  },
  {
    name: 'pools-without-the-space',
    profile,
    breaks: ['VDS-10.16c'],
    noticedBy: ['pools.by-free-space'],
    says: 'QueryStoragePools lists pools with less free space than was asked for.',
    overrides: asks('IVdsHwProviderStoragePools.QueryStoragePools', (args) => ({ ...args, remainingFreeSpace: 0n })),
  },
  {
    name: 'pools-with-other-attributes',
    profile,
    breaks: ['VDS-10.16k'],
    noticedBy: ['pools.by-attribute'],
    says: 'QueryStoragePools lists pools without the attributes that were asked for.',
    parts: { Provider: AnyAttributes },
  },
  {
    name: 'pools-not-found',
    profile,
    breaks: ['VDS-10.16l'],
    noticedBy: ['pools.by-free-space'],
    says: 'QueryStoragePools answers VDS_E_OBJECT_NOT_FOUND where no pool is what was asked for.',
    parts: { Provider: NotFoundWhereNone },
  },
  {
    name: 'pools-by-attributes-or-type',
    profile,
    breaks: ['VDS-10.16b'],
    noticedBy: ['pools.by-several-filters'],
    says: 'QueryStoragePools passes over the types where it is also asked for attributes; either alone is right.',
    overrides: asks('IVdsHwProviderStoragePools.QueryStoragePools', (args) => ({
      ...args,
      flags: args.poolAttributes === null ? args.flags : 0,
    })),
  },
  {
    name: 'thin-pools-primordial',
    profile,
    breaks: ['VDS-10.16d'],
    noticedBy: ['pools.thin-is-concrete'],
    says: 'A thin provisioned pool reports the type PRIMORDIAL.',
    overrides: reports('IVdsStoragePool.GetProperties', () => ({ storagePoolProp }) => ({
      storagePoolProp: { ...storagePoolProp, type: VDS_STORAGE_POOL_TYPE.VDS_SPT_PRIMORDIAL },
    })),
  },
  {
    name: 'primordial-pools-have-attributes',
    profile,
    breaks: ['VDS-10.16j'],
    strict: true,
    noticedBy: ['pools.primordial-attributes'],
    says: 'Every pool has a bus type, also the primordial one.',
    overrides: reports('IVdsStoragePool.GetAttributes', () => ({ storagePoolAttributes }) => ({
      storagePoolAttributes: {
        ...storagePoolAttributes,
        attributeMask: storagePoolAttributes.attributeMask | POOL_ATTRIBUTE_MASK_FLAGS.VDS_POOL_ATTRIB_BUSTYPE,
      },
    })),
  },
  {
    name: 'unknown-raid-type-is-an-attribute',
    profile,
    breaks: ['VDS-10.16i'],
    noticedBy: ['pools.raid-type'],
    says: 'A pool without a RAID type has the attribute of one in its mask.',
    overrides: reports('IVdsStoragePool.GetAttributes', () => ({ storagePoolAttributes }) => ({
      storagePoolAttributes: {
        ...storagePoolAttributes,
        attributeMask: storagePoolAttributes.attributeMask | POOL_ATTRIBUTE_MASK_FLAGS.VDS_POOL_ATTRIB_RAIDTYPE,
        raidType: VDS_RAID_TYPE.VDS_RT_UNKNOWN,
      },
    })),
  },
  {
    name: 'more-consumed-than-provisioned',
    profile,
    breaks: ['VDS-10.16e'],
    noticedBy: ['pools.consumed-space'],
    says: 'A thin provisioned pool reports more space as consumed than is provisioned for it.',
    overrides: reports('IVdsStoragePool.GetAttributes', () => ({ storagePoolAttributes }) => ({
      storagePoolAttributes: { ...storagePoolAttributes, provisionedSpace: 1n },
    })),
  },
  {
    name: 'more-free-than-managed',
    profile,
    breaks: ['VDS-10.16f'],
    noticedBy: ['pools.free-space'],
    says: 'A pool reports more free space than managed space.',
    overrides: reports('IVdsStoragePool.GetProperties', () => ({ storagePoolProp }) => ({
      storagePoolProp: { ...storagePoolProp, remainingFreeSpace: storagePoolProp.totalManagedSpace + 1n },
    })),
  },
  {
    name: 'pool-lists-no-luns',
    profile,
    breaks: ['VDS-10.16m'],
    noticedBy: ['pools.create-lun'],
    says: 'QueryAllocatedLuns of a pool lists no LUN.',
    parts: { StoragePool: NoLuns },
  },
  {
    name: 'lun-in-another-pool',
    profile,
    breaks: ['VDS-10.16g'],
    noticedBy: ['pools.create-lun'],
    says: 'CreateLunInStoragePool makes the LUN in the concrete pool that is listed last, whichever is named.',
    parts: { Provider: InTheLastPool },
  },
  {
    name: 'pool-allocated-to-itself',
    profile,
    breaks: ['VDS-10.16h'],
    noticedBy: ['pools.allocated-pools'],
    says: 'QueryAllocatedStoragePools of a pool lists the pool itself.',
    parts: { StoragePool: ListsItself },
  },
  {
    name: 'pool-on-drives-of-nobody',
    profile,
    breaks: ['VDS-10.16n'],
    noticedBy: ['pools.drive-extents'],
    says: 'QueryDriveExtents of a pool names drives that no subsystem has.',
    overrides: reports('IVdsStoragePool.QueryDriveExtents', () => (out) => ({
      ...out,
      extentArray: out.extentArray?.map((extent) => ({ ...extent, id: NOBODYS })) ?? null,
    })),
  },
  {
    name: 'pool-keeps-what-was-pulled',
    profile,
    breaks: ['VDS-10.16n'],
    noticedBy: ['stories.equipment-goes'],
    says: 'QueryDriveExtents of a pool still gives the extents of a drive that was pulled.',
    parts: { StoragePool: KeepsExtentsOfDrives },
  },
  {
    name: 'null-pool-is-any-pool',
    profile,
    breaks: ['VDS-10.16'],
    noticedBy: ['pools.null-id'],
    says: 'The largest LUN in the pool GUID_NULL is answered as one in any pool.',
    overrides: answers(
      'IVdsHwProviderStoragePools.QueryMaxLunCreateSizeInStoragePool',
      [HR.E_INVALIDARG],
      HR.S_OK,
      ({ storagePoolId }) => storagePoolId === NULL_GUID,
    ),
  },
  {
    name: 'unknown-pool-invalid',
    profile,
    breaks: ['VDS-7.2d'],
    strict: true,
    noticedBy: ['pools.unknown-id', 'interactions.refusals'],
    says: 'CreateLunInStoragePool answers E_INVALIDARG for a pool that does not exist.',
    overrides: answers(
      'IVdsHwProviderStoragePools.CreateLunInStoragePool',
      [HR.VDS_E_OBJECT_NOT_FOUND],
      HR.E_INVALIDARG,
    ),
  },
  {
    name: 'unknown-type-in-a-pool-not-supported',
    profile,
    breaks: ['VDS-7.5b'],
    noticedBy: ['pools.unknown-type'],
    says: 'CreateLunInStoragePool answers VDS_E_OBJECT_NOT_FOUND for a LUN type that there is not.',
    overrides: answers(
      'IVdsHwProviderStoragePools.CreateLunInStoragePool',
      [HR.E_INVALIDARG],
      HR.VDS_E_OBJECT_NOT_FOUND,
      ({ storagePoolId }) => storagePoolId !== NULL_GUID,
    ),
  },
  {
    name: 'pools-with-any-attribute-asked-for',
    profile,
    breaks: ['VDS-10.16k'],
    noticedBy: ['pools.by-two-attributes'],
    says: 'QueryStoragePools lists the pools that have any of the attributes asked for, and not all.',
    parts: { Provider: AnyOfSeveralAttributes },
  },
];
