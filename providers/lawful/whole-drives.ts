// An array that binds whole drives: what a LUN lies on is its own from one end to the other, whatever its size.
import { VDS_ASYNC_OUTPUT_TYPE as OUT, VDS_SUB_SYSTEM_FLAG as SF } from '../../src/contract/generated/enumerations.js';
import type { Guid } from '../../src/contract/guid.js';
import { HR } from '../../src/contract/hresult.js';
import { MIB } from '../../src/contract/sizes.js';
import { reports, together } from '../defective/answers.js';
import { StorageArray } from '../in-memory/array/array.js';
import { extentsOf, type ArrayLun, type ArraySubSystem } from '../in-memory/array/devices.js';
import { plexSize, type Layout } from '../in-memory/array/space.js';
import { Failure } from '../in-memory/failure.js';
import { LunObject } from '../in-memory/objects/lun.js';
import { SubSystemObject } from '../in-memory/objects/subsystem.js';
import { up } from './pieces.js';
import { notSupported, withoutFlags } from './small-arrays.js';
import type { Variant } from './variant.js';

/** Drives of a subsystem. */
const DRIVES = 12;

/** The layout with the whole of each drive. */
const onWholeDrives = (subSystem: ArraySubSystem, layout: Layout): Layout => ({
  ...layout,
  plexes: layout.plexes.map((plex) => ({
    ...plex,
    columns: plex.columns.map((column) =>
      [...new Set(column.map(({ drive }) => drive))].map((drive) => ({
        drive,
        offset: 0n,
        size: subSystem.drives.get(drive)?.size ?? 0n,
      })),
    ),
  })),
});

class BindsWholeDrives extends StorageArray {
  protected override build(): void {
    super.build();
    for (const subSystem of this.subSystems.values())
      for (let n = subSystem.drives.size; n < DRIVES; n++)
        this.addDrive(subSystem, `${subSystem.identification.at(-1)}-${n}`, n);
  }

  override addLun(...[subSystem, made]: Parameters<StorageArray['addLun']>): ArrayLun {
    return super.addLun(subSystem, { ...made, layout: onWholeDrives(subSystem, made.layout) });
  }
}

class OfWholeDrives extends SubSystemObject {
  protected override layOut(...asked: Parameters<SubSystemObject['layOut']>): Layout {
    return onWholeDrives(asked[0], super.layOut(...asked));
  }
}

/** Grows as far as its own drives reach. */
class GrowsWithinItsDrives extends LunObject {
  private left({ plexes, size }: ArrayLun, drives: readonly Guid[] | null): bigint {
    const own = [...plexes.values()].flatMap(extentsOf);
    if (drives !== null && !own.every(({ drive }) => drives.includes(drive))) throw new Failure(HR.VDS_E_NOT_SUPPORTED);
    return [...plexes.values()].map(plexSize).reduce((a, b) => (a < b ? a : b)) - size;
  }

  protected override extend(
    ...[bytes, driveIds, count]: Parameters<LunObject['extend']>
  ): ReturnType<LunObject['extend']> {
    this.touch();
    if (bytes === 0n) throw new Failure(HR.E_INVALIDARG);
    const drives = this.driveList(driveIds, count);
    const more = up(bytes, MIB);
    const grow = (lun: ArrayLun): bigint => {
      if (more > this.left(lun, drives)) throw new Failure(HR.VDS_E_NOT_ENOUGH_SPACE);
      return lun.size + more;
    };
    grow(this.reach('IVdsLun.Extend').lun);
    return this.operation(OUT.VDS_ASYNCOUT_EXTENDLUN, () => {
      const { lun } = this.reach();
      lun.size = grow(lun);
      this.provider.learn(this.id, ...lun.plexes.keys());
    });
  }

  protected override queryMaxLunExtendSize(
    ...[driveIds, count]: Parameters<LunObject['queryMaxLunExtendSize']>
  ): ReturnType<LunObject['queryMaxLunExtendSize']> {
    const drives = this.driveList(driveIds, count);
    const { lun } = this.reach('IVdsLun.QueryMaxLunExtendSize');
    return { hr: HR.S_OK, out: { maxBytesToBeAdded: this.left(lun, drives) } };
  }
}

export const WHOLE_DRIVES: Variant = {
  name: 'binds-whole-drives',
  says: 'Gives each LUN whole drives, in which it can grow later, and has no VDS_SF_DRIVE_EXTENT_CAPABLE.',
  parts: { StorageArray: BindsWholeDrives, SubSystem: OfWholeDrives, Lun: GrowsWithinItsDrives },
  overrides: together(
    withoutFlags(SF.VDS_SF_DRIVE_EXTENT_CAPABLE),
    reports('IVdsSubSystem.GetProperties', () => ({ subSystemProp }) => ({
      subSystemProp: { ...subSystemProp, maxNumberOfSlotsEachBus: DRIVES },
    })),
    reports('IVdsSubSystem2.GetProperties2', () => ({ subSystemProp2 }) => ({
      subSystemProp2: { ...subSystemProp2, maxNumberOfSlotsEachBus: DRIVES },
    })),
    notSupported('IVdsLun.Shrink'),
  ),
  incomplete: 'some checks make more LUNs than there are drives',
};
