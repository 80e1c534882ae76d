// Lawful variants of an array with storage pools: which pools it has, what it reports of them, and which maintenance it
// can do.
import {
  VDS_MAINTENANCE_OPERATION as OP,
  VDS_STORAGE_POOL_TYPE,
} from '../../../src/contract/generated/enumerations.js';
import { zeroStructure } from '../../../src/contract/codec.js';
import { HR } from '../../../src/contract/hresult.js';
import { lacks, together } from '../../defective/answers.js';
import { PoolArray, PoolDrive, PoolProvider } from '../../in-memory/profiles/pools.js';
import { StoragePoolObject } from '../../in-memory/profiles/storage-pool.js';
import { notSupported } from '../small-arrays.js';
import type { Variant } from '../variant.js';

/** Keeps the pools of some types. */
const poolsOf = (...types: readonly number[]): typeof PoolArray =>
  class extends PoolArray {
    protected override build(): void {
      super.build();
      for (const { pools } of this.subSystems.values())
        for (const { id, type } of pools.values()) if (!types.includes(type)) pools.delete(id);
    }
  };

class WithoutAttributes extends StoragePoolObject {
  override attributes(): ReturnType<StoragePoolObject['attributes']> {
    return zeroStructure('VDS_POOL_ATTRIBUTES', {}) as unknown as ReturnType<StoragePoolObject['attributes']>;
  }
}

/** Half of what lies behind a pool is for redundancy. */
class Redundant extends StoragePoolObject {
  override properties(): ReturnType<StoragePoolObject['properties']> {
    const properties = super.properties();
    return { ...properties, totalConsumedSpace: 2n * properties.totalManagedSpace };
  }
}

const profile = 'pools';
const { VDS_SPT_CONCRETE, VDS_SPT_PRIMORDIAL } = VDS_STORAGE_POOL_TYPE;

/** Its lights are its own work: it puts them all out when it is unloaded. */
class LeavesInTheDark extends PoolProvider {
  protected override onUnload(): ReturnType<PoolProvider['onUnload']> {
    this.array.maintenance.clear();
    return super.onUnload();
  }
}

/** A drive out of use is dark, and stays so. */
class DarkWhenOutOfUse extends PoolDrive {
  protected override setStatus(status: number): ReturnType<PoolDrive['setStatus']> {
    const answer = super.setStatus(status);
    this.provider.array.maintenance.delete(this.id);
    return answer;
  }
}

export const POOL_VARIANTS: readonly Variant[] = [
  {
    name: 'no-storage-pools',
    profile,
    says: 'Can manage storage pools, and nobody has made one yet, so that it lists none.',
    parts: { StorageArray: poolsOf() },
  },
  {
    name: 'concrete-pools-only',
    profile,
    says: 'Has concrete storage pools alone: no page wants a primordial one.',
    parts: { StorageArray: poolsOf(VDS_SPT_CONCRETE) },
  },
  {
    name: 'primordial-pools-only',
    profile,
    says: 'Has not given any of the drives of its primordial storage pools to a concrete one.',
    parts: { StorageArray: poolsOf(VDS_SPT_PRIMORDIAL) },
  },
  {
    name: 'pools-without-attributes',
    profile,
    says: 'Reports no attribute of its storage pools: the mask says which of them are valid.',
    parts: { StoragePool: WithoutAttributes },
  },
  {
    name: 'pools-hold-everything-twice',
    profile,
    says: 'Its storage pools consume twice the space that they manage, as they hold everything twice.',
    decides: ['space of pools'],
    parts: { StoragePool: Redundant },
  },
  {
    name: 'maintenance-not-supported',
    profile,
    says: 'Has IVdsMaintenance and supports none of its operations, as the page of each method allows.',
    decides: ['maintenance'],
    overrides: notSupported(
      'IVdsMaintenance.StartMaintenance',
      'IVdsMaintenance.StopMaintenance',
      'IVdsMaintenance.PulseMaintenance',
    ),
  },
  {
    name: 'pings-without-lights',
    profile,
    says: 'Its devices have neither lights nor alarms, so that its drives can be pinged and no more.',
    decides: ['maintenance'],
    overrides: together(
      lacks('IVdsMaintenance.StartMaintenance', HR.VDS_E_NOT_SUPPORTED, ({ operation }) => isLight(operation)),
      lacks('IVdsMaintenance.StopMaintenance', HR.VDS_E_NOT_SUPPORTED, ({ operation }) => isLight(operation)),
      lacks('IVdsMaintenance.PulseMaintenance', HR.VDS_E_NOT_SUPPORTED, ({ operation }) => isLight(operation)),
    ),
  },
  {
    name: 'lights-go-out-with-their-device',
    profile,
    says: 'The lights of a drive go out when its status is set, and all of them when the provider is unloaded.',
    parts: { Provider: LeavesInTheDark, Drive: DarkWhenOutOfUse },
  },
  {
    name: 'lights-do-not-pulse',
    profile,
    says: 'Lights go on and off and cannot be made to pulse: PulseMaintenance is not supported.',
    decides: ['maintenance'],
    overrides: notSupported('IVdsMaintenance.PulseMaintenance'),
  },
];

const isLight = (operation: number): boolean => operation === OP.BlinkLight || operation === OP.BeepAlarm;
