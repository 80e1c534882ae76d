// Defects of where on drives the space of LUNs lies, and of who goes on listening to the array.
import { OBJECT_STATUS, VDS_ASYNC_OUTPUT_TYPE, VDS_DRIVE_FLAG } from '../../../src/contract/generated/enumerations.js';
import type { Guid } from '../../../src/contract/guid.js';
import { extentsOf, type ArrayPlex } from '../../in-memory/array/devices.js';
import { shrinkLun } from '../../in-memory/array/reshaping.js';
import { shrinkage } from '../../in-memory/array/resizing.js';
import { cut, plexSize, spaces, sum } from '../../in-memory/array/space.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import type { Defect } from '../defect.js';

/** The bytes that a plex has of the drive of an extent. */
const onDriveOf = (plex: ArrayPlex, drive: Guid): bigint =>
  extentsOf(plex).reduce((sum, e) => (e.drive === drive ? sum + e.size : sum), 0n);

/** A LUN that is shrunk loses what it has where it has most. */
class ShrinksWhereMostIs extends LunObject {
  protected override shrink(bytes: bigint): ReturnType<LunObject['shrink']> {
    this.touch();
    shrinkage(this.reach('IVdsLun.Shrink').lun, bytes);
    return this.operation(VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_SHRINKLUN, () => {
      const { lun } = this.reach();
      for (const plex of lun.plexes.values()) {
        const { drive } = extentsOf(plex).reduce((most, e) =>
          onDriveOf(plex, e.drive) > onDriveOf(plex, most.drive) ? e : most,
        );
        plex.columns = plex.columns.map((column) => [
          ...column.filter((e) => e.drive !== drive),
          ...column.filter((e) => e.drive === drive),
        ]);
      }
      shrinkLun(lun, shrinkage(lun, bytes));
      this.provider.learn(this.id, ...lun.plexes.keys());
    });
  }
}

/** A LUN grows on whatever drives there are, hot spares among them. */
class GrowsOntoHotSpares extends LunObject {
  protected override extend(...given: Parameters<LunObject['extend']>): ReturnType<LunObject['extend']> {
    const drives = [...(this.provider.array.find(this.id, 'lun')?.subSystem.drives.values() ?? [])];
    const flags = drives.map((drive) => drive.flags);
    for (const drive of drives) drive.flags &= ~VDS_DRIVE_FLAG.VDS_DRF_HOTSPARE;
    try {
      return super.extend(...given);
    } finally {
      drives.forEach((drive, i) => (drive.flags = flags[i] ?? 0));
    }
  }
}

/** What Extend adds to the plexes of a mirror it takes from one drive. */
class GrowsOnOneDrive extends LunObject {
  protected override operation(...[type, commit, abandon]: Parameters<LunObject['operation']>) {
    if (type !== VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_EXTENDLUN) return super.operation(type, commit, abandon);
    const onOneDrive = (): ReturnType<typeof commit> => {
      const before = this.reach().lun;
      const sizes = new Map([...before.plexes.values()].map((plex) => [plex.id, plexSize(plex)]));
      const answer = commit();
      const { subSystem, lun } = this.reach();
      const [first, ...others] = lun.plexes.values();
      const drives = first === undefined ? [] : extentsOf(first).slice(-1);
      const free = spaces(
        subSystem,
        drives.map((e) => e.drive),
      ).flatMap((space) => space.free);
      for (const plex of others) {
        const size = sizes.get(plex.id) ?? 0n;
        const instead = cut(free, plexSize(plex) - size);
        if (plex.columns.length === 1 && sum(instead) === plexSize(plex) - size)
          plex.columns = [[...cut(extentsOf(plex), size), ...instead]];
      }
      this.provider.learn(this.id, ...lun.plexes.keys());
      return answer;
    };
    return super.operation(type, onOneDrive, abandon);
  }
}

/** ReplaceDrive goes through the LUNs, and no further than the first that is OFFLINE. */
class StopsAtAnOfflineLun extends SubSystemObject {
  protected override replaceDrive(from: Guid, to: Guid): ReturnType<SubSystemObject['replaceDrive']> {
    const luns = [...this.reach().subSystem.luns.values()];
    const offline = luns.findIndex((lun) => lun.status === OBJECT_STATUS.STATUS_OFFLINE);
    const plexes = (offline < 0 ? [] : luns.slice(offline)).flatMap((lun) => [...lun.plexes.values()]);
    const stay = plexes.map((plex) => ({ plex, columns: plex.columns }));
    const answer = super.replaceDrive(from, to);
    for (const { plex, columns } of stay) plex.columns = columns;
    this.provider.learn(from, to);
    return answer;
  }
}

/** The array has one listener: the provider object that was loaded last. */
const listeners = new WeakMap<object, ProviderObject>();

class ListensAlone extends ProviderObject {
  protected override onLoad(...args: Parameters<ProviderObject['onLoad']>): ReturnType<ProviderObject['onLoad']> {
    const answer = super.onLoad(...args);
    listeners.set(this.array, this);
    return answer;
  }

  protected override heard(...args: Parameters<ProviderObject['heard']>): void {
    if (listeners.get(this.array) === this) super.heard(...args);
  }
}

export const LAYOUT: readonly Defect[] = [
  {
    name: 'shrinks-where-most-is',
    breaks: ['VDS-10.7e'],
    noticedBy: ['interactions.space'],
    says: 'Shrink takes its bytes from the drive on which the LUN has most, and not from the end.',
    parts: { Lun: ShrinksWhereMostIs },
  },
  {
    name: 'extends-onto-hot-spares',
    breaks: ['VDS-10.21b'],
    noticedBy: ['properties.hot-spares-are-spared', 'interactions.drives'],
    says: 'Extend of a LUN takes space of drives that are hot spares.',
    parts: { Lun: GrowsOntoHotSpares },
  },
  {
    name: 'mirrors-extend-on-one-drive',
    breaks: ['VDS-10.8d'],
    noticedBy: ['plexes.apart', 'interactions.space'],
    says: 'Extend of a mirror takes what it adds to each plex from the drive of the first one.',
    parts: { Lun: GrowsOnOneDrive },
  },
  {
    name: 'replacing-stops-at-an-offline-lun',
    breaks: ['VDS-10.26b'],
    noticedBy: ['subsystem.replace-drive-under-offline-lun'],
    says: 'ReplaceDrive moves the LUNs one after the other, up to the first one that is OFFLINE, and answers S_OK.',
    parts: { SubSystem: StopsAtAnOfflineLun },
  },
  {
    name: 'last-one-loaded-hears-alone',
    breaks: ['VDS-9.6b'],
    noticedBy: ['lifecycle.others-hear-on', 'interactions.second-instance'],
    says: 'Events of the array come to the provider object that was loaded last, and to no other one.',
    parts: { Provider: ListensAlone },
  },
];
