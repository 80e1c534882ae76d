// Defects of drives: where they are, what they report of their extents, flags and statuses.
import { VDS_DRIVE_FLAG, VDS_DRIVE_STATUS, VDS_HEALTH } from '../../../src/contract/generated/enumerations.js';
import { NULL_GUID, type Guid } from '../../../src/contract/guid.js';
import { StorageArray } from '../../in-memory/array/array.js';
import type { ArrayDrive } from '../../in-memory/array/devices.js';
import { Inventory } from '../../in-memory/cache/inventory.js';
import { DriveObject } from '../../in-memory/objects/drive.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import { EnclosedDrive } from '../../lawful/enclosed-drive.js';
import { pretends, reports } from '../answers.js';
import type { Defect } from '../defect.js';
import { given } from '../override.js';
import { MIB } from '../../../src/contract/sizes.js';

type Extents = ReturnType<DriveObject['queryExtents']>;

class StaleHealth extends StorageArray {
  protected override build(): void {
    super.build();
    for (const { drives } of this.subSystems.values())
      for (const drive of drives.values()) drive.health = VDS_HEALTH.VDS_H_STALE;
  }
}

/** Slots are numbered anew on each of two backplanes, and both are bus 0. */
class TwoDrivesInOneSlot extends StorageArray {
  override addDrive(
    ...[subSystem, name, slot]: Parameters<StorageArray['addDrive']>
  ): ReturnType<StorageArray['addDrive']> {
    return super.addDrive(subSystem, name, slot % 2);
  }
}

/** By drive what plexes that were removed while it was out had of it. */
const LABELS = new WeakMap<ArrayDrive, { readonly lun: Guid; readonly size: bigint }[]>();

class WipesWhatItReaches extends LunObject {
  protected override removePlex(...given: Parameters<LunObject['removePlex']>): ReturnType<LunObject['removePlex']> {
    const { lun, subSystem } = this.reach('IVdsLun.RemovePlex');
    const extents = lun.plexes.get(given[0])?.columns.flat() ?? [];
    const answer = super.removePlex(...given);
    for (const { drive: id, size } of extents) {
      const drive = subSystem.drives.get(id);
      if (drive?.present === false) LABELS.set(drive, [...(LABELS.get(drive) ?? []), { lun: lun.id, size }]);
    }
    return answer;
  }
}

class ReadsItsLabels extends DriveObject {
  protected override queryExtents(): Extents {
    const answer = super.queryExtents();
    let extentArray = given(answer.out?.extentArray) ?? [];
    for (const { lun: lunId, size } of LABELS.get(this.reach('IVdsDrive.QueryExtents').drive) ?? []) {
      const at = extentArray.findIndex((e) => !e.used && e.size > size);
      extentArray = extentArray.flatMap((e, i) =>
        i === at
          ? [
              { ...e, lunId, size, used: true },
              { ...e, size: e.size - size },
            ]
          : [e],
      );
    }
    return { ...answer, out: { extentArray, numberOfExtents: extentArray.length } };
  }
}

class SpaceIsNeverFreed extends DriveObject {
  private most: Extents | undefined;

  protected override queryExtents(): Extents {
    const answer = super.queryExtents();
    const used = ({ out }: Extents): bigint =>
      (given(out?.extentArray) ?? []).reduce((sum, e) => sum + (e.used ? e.size : 0n), 0n);
    if (this.most === undefined || used(this.most) <= used(answer)) this.most = answer;
    return this.most;
  }
}

/** Each change of a drive's status or flags costs it something of its free space. */
class GrowsSmaller extends DriveObject {
  private lost = 0n;

  protected override setStatus(status: number): ReturnType<DriveObject['setStatus']> {
    this.lost += 64n * MIB;
    return super.setStatus(status);
  }

  protected override queryExtents(): Extents {
    const answer = super.queryExtents();
    const extents = given(answer.out?.extentArray);
    if (extents === undefined) return answer;
    let lost = this.lost;
    const extentArray = extents.map((e) => {
      const less = e.used || e.size <= lost ? 0n : lost;
      lost -= less;
      return { ...e, size: e.size - less };
    });
    return { ...answer, out: { extentArray, numberOfExtents: extentArray.length } };
  }
}

class SizeInKilobytes extends EnclosedDrive {
  protected override getProperties2(): ReturnType<EnclosedDrive['getProperties2']> {
    const answer = super.getProperties2();
    const prop = given(answer.out?.driveProp2);
    return prop === undefined ? answer : { ...answer, out: { driveProp2: { ...prop, size: prop.size / 1024n } } };
  }
}

class ScansTheFirst extends SubSystemObject {
  protected override reenumerate(): ReturnType<SubSystemObject['reenumerate']> {
    this.read();
    const [first] = (this.provider.inventory as Inventory).subSystems();
    return first instanceof ScansTheFirst && first !== this ? first.reenumerate() : super.reenumerate();
  }
}

class ForgetsThatItIsSpare extends DriveObject {
  protected override setStatus(status: number): ReturnType<DriveObject['setStatus']> {
    const answer = super.setStatus(status);
    const { drive } = this.reach();
    if (status === VDS_DRIVE_STATUS.VDS_DRS_ONLINE) drive.flags &= ~VDS_DRIVE_FLAG.VDS_DRF_HOTSPARE;
    this.provider.learn(this.id);
    return answer;
  }
}

export const DRIVES: readonly Defect[] = [
  {
    name: 'drive-health-of-no-drive',
    breaks: ['VDS-10.14'],
    noticedBy: ['drives.health'],
    says: "A drive's health is STALE, which only volumes have.",
    parts: { StorageArray: StaleHealth },
  },
  {
    name: 'drive-status-unknown-accepted',
    breaks: ['VDS-7.6'],
    noticedBy: ['drives.status-unknown'],
    says: 'SetStatus of a drive answers S_OK for UNKNOWN.',
    overrides: pretends('IVdsDrive.SetStatus', ({ status }) => status === 0),
  },
  {
    name: 'drive-set-status-does-nothing',
    breaks: ['VDS-7.6b'],
    noticedBy: ['drives.set-status'],
    says: 'SetStatus of a drive answers S_OK and leaves the status.',
    overrides: pretends('IVdsDrive.SetStatus', ({ status }) => status !== 0),
  },
  {
    name: 'two-drives-in-one-slot',
    breaks: ['VDS-4.5a'],
    noticedBy: ['drives.place-is-exclusive'],
    says: 'Two drives report the same bus and slot.',
    parts: { StorageArray: TwoDrivesInOneSlot },
  },
  {
    name: 'drive-properties-2-in-kilobytes',
    breaks: ['VDS-4.1a'],
    noticedBy: ['drives.properties-agree'],
    says: 'GetProperties2 of a drive reports its size in kilobytes.',
    parts: { Drive: SizeInKilobytes },
  },
  {
    name: 'drive-extents-name-themselves',
    breaks: ['VDS-10.15'],
    noticedBy: ['drives.extents'],
    says: 'In what QueryExtents of a drive lists the id is one of the extent, not of the drive.',
    overrides: reports('IVdsDrive.QueryExtents', () => (out) => ({
      ...out,
      extentArray: (out.extentArray ?? []).map((e, n) => ({
        ...e,
        id: `${n.toString(16).padStart(8, '0')}${e.id.slice(8)}`,
      })),
    })),
  },
  {
    name: 'drive-extents-name-no-lun',
    breaks: ['VDS-10.15'],
    noticedBy: ['drives.extents'],
    says: 'The used extents of a drive have GUID_NULL as their LUN.',
    overrides: reports('IVdsDrive.QueryExtents', () => (out) => ({
      ...out,
      extentArray: (out.extentArray ?? []).map((e) => ({ ...e, lunId: NULL_GUID })),
    })),
  },
  {
    name: 'drive-extents-without-the-free-ones',
    breaks: ['VDS-10.15'],
    noticedBy: ['drives.extents-of-a-new-lun'],
    says: 'QueryExtents of a drive lists the used extents only.',
    overrides: reports('IVdsDrive.QueryExtents', () => (out) => {
      const used = (out.extentArray ?? []).filter((e) => e.used);
      return { extentArray: used.length === 0 ? null : used, numberOfExtents: used.length };
    }),
  },
  {
    name: 'drive-extents-in-blocks',
    breaks: ['VDS-10.15'],
    noticedBy: ['drives.extents'],
    says: 'QueryExtents of a drive reports twice the bytes that exist.',
    overrides: reports('IVdsDrive.QueryExtents', () => (out) => ({
      ...out,
      extentArray: (out.extentArray ?? []).map((e) => ({ ...e, size: e.size * 2n })),
    })),
  },
  {
    name: 'no-extents-is-an-empty-array',
    breaks: ['VDS-10.15'],
    noticedBy: [
      'creation.on-one-drive',
      'creation.no-room-left-behind',
      'resizing.extend-on-given-drive',
      'resizing.shrink-from-the-end',
    ],
    says: 'QueryExtents of a drive without used extents answers an array of count 0 that is not NULL.',
    overrides: reports(
      'IVdsDrive.QueryExtents',
      () => (out) => ((out.extentArray ?? []).some((e) => e.used) ? out : { extentArray: [], numberOfExtents: 0 }),
    ),
  },
  {
    name: 'drive-space-is-never-freed',
    breaks: ['VDS-10.6'],
    noticedBy: ['drives.extents-are-freed'],
    says: 'The extents of a deleted LUN stay used on the drives.',
    parts: { Drive: SpaceIsNeverFreed },
  },
  {
    name: 'hot-spare-flag-is-not-set',
    breaks: ['VDS-10.21'],
    noticedBy: ['drives.hot-spare'],
    says: 'SetFlags of a drive answers S_OK and sets nothing, where it should say that it is not supported.',
    overrides: pretends('IVdsDrive.SetFlags'),
  },
  {
    name: 'hot-spare-flag-is-not-cleared',
    breaks: ['VDS-10.21'],
    noticedBy: ['drives.hot-spare'],
    says: 'ClearFlags of a drive answers S_OK and clears nothing.',
    overrides: pretends('IVdsDrive.ClearFlags'),
  },
  {
    name: 'drive-scan-finds-nothing',
    breaks: ['VDS-5.4'],
    noticedBy: ['drives.pulled-and-returned'],
    says: 'IVdsSubSystem::Reenumerate answers S_OK and does not scan for drives.',
    overrides: pretends('IVdsSubSystem.Reenumerate'),
  },
  {
    name: 'drive-has-less-when-it-is-back',
    breaks: ['VDS-10.15'],
    noticedBy: ['interactions.drives'],
    says: 'A drive that was taken offline and is online again lists less free space than before.',
    parts: { Drive: GrowsSmaller },
  },
  {
    name: 'scan-of-the-first-subsystem',
    breaks: ['VDS-5.4'],
    noticedBy: ['drives.pulled-and-returned'],
    says: 'IVdsSubSystem::Reenumerate scans the buses of the first subsystem, whichever it is called on.',
    parts: { SubSystem: ScansTheFirst },
  },
  {
    name: 'drive-that-was-out-keeps-a-removed-plex',
    breaks: ['VDS-10.15'],
    noticedBy: ['interactions.states.taken-out'],
    says: 'RemovePlex frees what the plex has on drives that can be reached; one that is back lists the rest as used.',
    parts: { Lun: WipesWhatItReaches, Drive: ReadsItsLabels },
  },
  {
    name: 'spare-that-was-offline-is-none',
    breaks: ['VDS-10.21'],
    noticedBy: ['interactions.states.offline'],
    says: 'A hot spare that is set OFFLINE and ONLINE again is a hot spare no more.',
    parts: { Drive: ForgetsThatItIsSpare },
  },
];
