// Storage pools: which drives make one up, and what follows from that.
import type { Guid } from '../../../src/contract/guid.js';
import { VDS_STORAGE_POOL_TYPE } from '../../../src/contract/generated/enumerations.js';
import { extentsOf, type ArrayLun, type ArrayPool, type ArraySubSystem } from './devices.js';
import { gaps, sum, usedExtents } from './space.js';

const { VDS_SPT_CONCRETE, VDS_SPT_PRIMORDIAL } = VDS_STORAGE_POOL_TYPE;

/** The drives on which a LUN lies. */
export const drivesOf = ({ plexes }: ArrayLun): ReadonlySet<Guid> =>
  new Set([...plexes.values()].flatMap(extentsOf).map((e) => e.drive));

/** The pools that concern drives: the concrete ones that they make up, and the primordial one. */
export const poolsOf = ({ pools }: ArraySubSystem, drives: ReadonlySet<Guid>): readonly Guid[] =>
  [...pools.values()].filter((pool) => pool.drives.some((id) => drives.has(id))).map((pool) => pool.id);

/** The drives of a pool on which LUNs are made: those of a primordial pool that no concrete one has. */
export function freeDrives({ pools }: ArraySubSystem, { type, drives }: ArrayPool): readonly Guid[] {
  const taken = new Set(
    type === VDS_SPT_PRIMORDIAL
      ? [...pools.values()].flatMap((pool) => (pool.type === VDS_SPT_CONCRETE ? pool.drives : []))
      : [],
  );
  return drives.filter((id) => !taken.has(id));
}

interface PoolContent {
  /** Bytes of its drives. */
  readonly managed: bigint;
  /** Bytes of them that no LUN and no other pool has. */
  readonly remaining: bigint;
  readonly extents: readonly { readonly drive: Guid; readonly size: bigint; readonly used: boolean }[];
  readonly luns: readonly Guid[];
  readonly pools: readonly Guid[];
}

export function contentOf(subSystem: ArraySubSystem, pool: ArrayPool): PoolContent {
  const own = new Set(freeDrives(subSystem, pool));
  // A drive that was pulled is no longer there to be listed.
  const drives = pool.drives.flatMap((id) => subSystem.drives.get(id) ?? []).filter(({ present }) => present);
  let remaining = 0n;
  const extents = drives.flatMap((drive) => {
    const used = usedExtents(subSystem, drive.id);
    const free = gaps(drive, used);
    if (own.has(drive.id)) remaining += sum(free);
    // Extents of other pools are in use.
    const isUsed = !own.has(drive.id);
    return [
      ...used.map(({ size }) => ({ drive: drive.id, size, used: true })),
      ...free.map(({ size }) => ({ drive: drive.id, size, used: isUsed })),
    ];
  });
  return {
    managed: drives.reduce((bytes, drive) => bytes + drive.size, 0n),
    remaining,
    extents,
    luns: [...subSystem.luns.values()].filter((lun) => [...drivesOf(lun)].some((id) => own.has(id))).map((l) => l.id),
    pools:
      pool.type === VDS_SPT_PRIMORDIAL
        ? [...subSystem.pools.values()].filter((p) => p.type === VDS_SPT_CONCRETE).map((p) => p.id)
        : [],
  };
}
