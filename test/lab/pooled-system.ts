// The reference provider with storage pools, which it has none of: each pool lies on the drives that are given for it.
// And a view of its array that passes by the provider: what lies outside a scope, and which ids that has.
import { createInMemory, REFERENCE_PARTS } from '../../providers/in-memory/adapter.js';
import { extentsOf, type ArraySubSystem } from '../../providers/in-memory/array/devices.js';
import { truthOf } from '../../providers/in-memory/array/truth.js';
import type { StorageArray } from '../../providers/in-memory/array/array.js';
import { VDS_LUN_TYPE, VDS_STORAGE_POOL_TYPE } from '../../src/contract/generated/enumerations.js';
import type { Guid } from '../../src/contract/guid.js';
import { HR } from '../../src/contract/hresult.js';
import { ProviderObject } from '../../providers/in-memory/objects/provider.js';
import type { InterfaceMap } from '../../src/port/object-server.js';
import type { Port } from '../../src/port/port.js';
import type { Parts, System } from '../../providers/in-memory/parts.js';

interface Pool {
  readonly id: Guid;
  readonly name: string;
  /** The names of its drives. */
  readonly drives: readonly string[];
}

export const POOLS: readonly Pool[] = [
  { id: '7d1f8a52-33c1-4c0e-8f1d-000000000001', name: 'Pool one', drives: ['Drive A-0'] },
  { id: '7d1f8a52-33c1-4c0e-8f1d-000000000002', name: 'Pool two', drives: ['Drive A-1', 'Drive A-2'] },
];

/** How many bytes each pool says that it has, all of them free. */
const SPACE = 1n << 40n;

const all = (array: StorageArray): ArraySubSystem[] => [...array.subSystems.values()];
const drivesNamed = (array: StorageArray, names: readonly string[]): Guid[] =>
  all(array).flatMap((s) => [...s.drives.values()].filter((d) => names.includes(d.friendlyName)).map((d) => d.id));

function poolObject(provider: InstanceType<Parts['Provider']>, pool: Pool): InstanceType<Parts['Enumerator']> {
  const object = new REFERENCE_PARTS.Enumerator(provider, []);
  const extentArray = drivesNamed(provider.array, pool.drives).map((id) => ({ id, size: 1n << 30n, used: false }));
  const interfaces: InterfaceMap = {
    IVdsStoragePool: {
      GetProvider: () => ({ hr: HR.S_OK, out: { provider } }),
      GetProperties: () => ({
        hr: HR.S_OK,
        out: {
          storagePoolProp: {
            id: pool.id,
            status: 1,
            health: 1,
            type: VDS_STORAGE_POOL_TYPE.VDS_SPT_CONCRETE,
            name: pool.name,
            description: null,
            totalConsumedSpace: 0n,
            totalManagedSpace: SPACE,
            remainingFreeSpace: SPACE,
          },
        },
      }),
      QueryDriveExtents: () => ({ hr: HR.S_OK, out: { extentArray, numberOfExtents: extentArray.length } }),
    },
  };
  return Object.assign(object, { interfaces });
}

class PooledProvider extends ProviderObject {
  constructor(system: System) {
    super(system);
    const listed = POOLS.map((pool) => poolObject(this, pool));
    const pools: InterfaceMap = {
      IVdsHwProviderStoragePools: {
        QueryStoragePools: ({ flags, remainingFreeSpace }) => {
          const suits =
            (flags === 0 || (flags & VDS_STORAGE_POOL_TYPE.VDS_SPT_CONCRETE) !== 0) && remainingFreeSpace <= SPACE;
          return { hr: HR.S_OK, out: { enum: this.enumerate(suits ? listed : []) } };
        },
        CreateLunInStoragePool: ({ type, sizeInBytes, storagePoolId, unmaskingList }, context) => {
          const pool = POOLS.find((p) => p.id === storagePoolId);
          if (pool === undefined) return { hr: HR.VDS_E_OBJECT_NOT_FOUND };
          const drives = drivesNamed(this.array, pool.drives);
          const owner = all(this.array).find((s) => drives.some((id) => s.drives.has(id)))!;
          const subSystem = this.inventory.device(owner.id).interfaces.IVdsSubSystem!;
          const simplest = drives.length === 1 ? VDS_LUN_TYPE.VDS_LT_SIMPLE : VDS_LUN_TYPE.VDS_LT_SPAN;
          return subSystem.CreateLun!(
            {
              type: type === VDS_LUN_TYPE.VDS_LT_DEFAULT ? simplest : type,
              sizeInBytes,
              driveIdArray: drives,
              numberOfDrives: drives.length,
              unmaskingList,
              hints: null,
            },
            context,
          );
        },
      },
    };
    Object.assign(this, { interfaces: { ...this.interfaces, ...pools } });
  }
}

/** Opens the reference provider with pools. `built` gets its array. */
export function openPooled(built: (array: StorageArray) => void): Port {
  class WatchedArray extends REFERENCE_PARTS.StorageArray {
    constructor(seed: string) {
      super(seed);
      built(this);
    }
  }
  return createInMemory({ seed: 'wall' }, { Provider: PooledProvider, StorageArray: WatchedArray });
}

/** The part of an array that a run may work on, by the names that its objects have when it is opened. */
export interface Inside {
  readonly subSystems: readonly string[];
  /** Drives that may be used; undefined for all in those subsystems. */
  readonly drives: readonly string[] | undefined;
}

/** Looks at what lies outside, and says how it differs from what it was at first. */
export function watchOutside(array: StorageArray, inside: Inside): { changed(): string | undefined; ids: Set<Guid> } {
  const closed = all(array).filter((s) => !inside.subSystems.includes(s.friendlyName));
  const open = all(array).filter((s) => inside.subSystems.includes(s.friendlyName));
  const drives = open.flatMap((s) =>
    inside.drives === undefined ? [] : [...s.drives.values()].filter((d) => !inside.drives?.includes(d.friendlyName)),
  );
  // Objects from before the run are nobody's to change where the run is kept to drives.
  const luns = inside.drives === undefined ? [] : open.flatMap((s) => [...s.luns.values()].map((l) => l.id));
  const outside = new Set(drives.map((d) => d.id));
  const look = (): string =>
    JSON.stringify(
      {
        subSystems: closed.map((s) => [truthOf(s), s.connected, s.promised.size]),
        drives: drives.map((d) => ({ ...d, present: d.present })),
        luns: open.flatMap((s) =>
          [...s.luns.values()].filter((l) => luns.includes(l.id)).map((l) => [l.id, l.size, l.status]),
        ),
        used: open.flatMap((s) =>
          [...s.luns.values()]
            .flatMap((l) => [...l.plexes.values()].flatMap(extentsOf))
            .filter((e) => outside.has(e.drive)),
        ),
      },
      (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
    );
  const before = look();
  const ids = new Set(drives.map((d) => d.id));
  for (const [id] of JSON.stringify(closed.map(truthOf)).matchAll(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g))
    ids.add(id);
  return {
    ids,
    changed: () => {
      const now = look();
      if (now === before) return undefined;
      const at = [...now].findIndex((char, index) => char !== before[index]);
      return `…${before.slice(at - 60, at + 100)}… is now …${now.slice(at - 60, at + 100)}…`;
    },
  };
}
