// Defects of values that contradict each other: flags and what they stand for, sizes and extents, tags, hints,
// versions.
import {
  HINT_MASK_FLAGS,
  VDS_DRIVE_FLAG,
  VDS_LUN_FLAG,
  VDS_LUN_PLEX_FLAG,
  VDS_LUN_PLEX_TYPE,
  VDS_PORT_STATUS,
  VDS_SUB_SYSTEM_FLAG as SF,
  VDS_VERSION_SUPPORT_FLAG,
} from '../../../src/contract/generated/enumerations.js';
import { NULL_GUID } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import { EnclosedDrive } from '../../lawful/enclosed-drive.js';
import { withFlags, withoutFlags } from '../../lawful/small-arrays.js';
import { given } from '../override.js';
import { reports, together, unavailable } from '../answers.js';
import type { Defect } from '../defect.js';

/** Each drive in an enclosure of its own, of which the subsystem has one. */
class ManyEnclosures extends EnclosedDrive {
  protected override getProperties2(): ReturnType<EnclosedDrive['getProperties2']> {
    const answer = super.getProperties2();
    const prop = given(answer.out?.driveProp2);
    if (prop === undefined) throw new TypeError('GetProperties2 succeeded without properties');
    return { ...answer, out: { driveProp2: { ...prop, enclosureNumber: prop.slotNumber } } };
  }
}

const MANY_BYTES = 1n << 50n;

/** Where several drives are given it takes the others. */
class ExtendsElsewhere extends LunObject {
  protected override extend(...[bytes, ids, count]: Parameters<LunObject['extend']>): ReturnType<LunObject['extend']> {
    if (ids === null || ids.length < 2) return super.extend(bytes, ids, count);
    const others = [...this.reach().subSystem.drives.keys()].filter((id) => !ids.includes(id));
    return super.extend(bytes, others, others.length);
  }
}

class BusType99 extends EnclosedDrive {
  protected override getProperties2(): ReturnType<EnclosedDrive['getProperties2']> {
    const answer = super.getProperties2();
    const prop = given(answer.out?.driveProp2);
    if (prop === undefined) throw new TypeError('GetProperties2 succeeded without properties');
    return { ...answer, out: { driveProp2: { ...prop, busType: 99 } } };
  }
}

export const VALUES: readonly Defect[] = [
  {
    name: 'group-tags-all-7',
    says: 'Every portal group has the tag 7, also the second one of a target.',
    breaks: ['VDS-11.10'],
    noticedBy: ['iscsi.portal-group-tags'],
    overrides: reports('IVdsIscsiPortalGroup.GetProperties', () => ({ portalGroupProp }) => ({
      portalGroupProp: { ...portalGroupProp, tag: 7 },
    })),
  },
  {
    name: 'group-tags-of-17-bits',
    says: 'Tags of portal groups begin at 65536.',
    breaks: ['VDS-11.10'],
    noticedBy: ['iscsi.portal-group-tags', 'consistency.group-tags'],
    overrides: reports('IVdsIscsiPortalGroup.GetProperties', () => ({ portalGroupProp }) => ({
      portalGroupProp: { ...portalGroupProp, tag: portalGroupProp.tag + 0x1_0000 },
    })),
  },
  {
    name: 'drives-in-use-are-unassigned',
    says: 'Drives with extents of LUNs have VDS_DRF_UNASSIGNED.',
    breaks: ['VDS-10.27'],
    noticedBy: ['consistency.drive-flags'],
    strict: true,
    overrides: reports('IVdsDrive.GetProperties', () => ({ driveProp }) => ({
      driveProp: { ...driveProp, flags: driveProp.flags | VDS_DRIVE_FLAG.VDS_DRF_UNASSIGNED },
    })),
  },
  {
    name: 'drives-share-a-slot',
    says: 'Every drive is in slot 0 of bus 0.',
    breaks: ['VDS-4.5a'],
    noticedBy: ['consistency.places'],
    overrides: reports('IVdsDrive.GetProperties', () => ({ driveProp }) => ({
      driveProp: { ...driveProp, slotNumber: 0, internalBusNumber: 0 },
    })),
  },
  {
    name: 'enclosures-miscounted',
    says: 'A subsystem counts one enclosure, and each of its drives is in another one.',
    breaks: ['VDS-4.8'],
    noticedBy: ['consistency.enclosures'],
    strict: true,
    parts: { Drive: ManyEnclosures },
  },
  {
    name: 'drive-bus-type-99',
    says: 'GetProperties2 of a drive reports bus type 99, which the enumeration does not have.',
    breaks: ['VDS-4.8b'],
    noticedBy: ['properties.drive2'],
    strict: true,
    parts: { Drive: BusType99 },
  },
  {
    name: 'imported-luns-without-their-flag',
    says: 'A LUN of a shadow-copy set does not have VDS_LF_SNAPSHOT.',
    breaks: ['VDS-10.37'],
    noticedBy: ['import-target.imported-lun-is-a-snapshot'],
    strict: true,
    overrides: reports('IVdsLun.GetProperties', () => ({ lunProp }) => ({ lunProp: { ...lunProp, flags: 0 } })),
  },
  {
    name: 'lists-refused-without-masking',
    says: 'A subsystem that cannot mask refuses to create a LUN with an unmasking list.',
    breaks: ['VDS-10.36'],
    noticedBy: ['masking.list-is-passed-over'],
    strict: true,
    profile: 'legacy',
    overrides: unavailable(
      'IVdsSubSystem.CreateLun',
      HR.E_INVALIDARG,
      ({ unmaskingList }) => (unmaskingList ?? '') !== '',
    ),
  },
  {
    name: 'extend-passes-over-several-drives',
    says: 'Extend takes the drive given where there is one, and others where there are more.',
    breaks: ['VDS-10.7c'],
    noticedBy: ['resizing.extend-over-two-drives'],
    parts: { Lun: ExtendsElsewhere },
  },
  {
    name: 'wait-without-output-fails-later',
    says: 'Wait with NULL for its output succeeds the first time only.',
    breaks: ['VDS-8.9'],
    noticedBy: ['async.wait-without-output'],
    overrides: () => {
      let times = 0;
      return {
        methods: {
          'IVdsAsync.Wait': async (call, next) => {
            if (!(call.nullOuts ?? []).includes('asyncOut')) return next();
            times += 1;
            return times > 1 ? { hr: HR.E_INVALIDARG, out: {} } : { hr: HR.S_OK, out: { hrResult: HR.S_OK } };
          },
        },
      };
    },
  },
  {
    name: 'stripe-size-of-48-kib',
    says: 'A striped plex has a stripe size of 48 KiB, which is not a power of two.',
    breaks: ['VDS-10.28'],
    noticedBy: ['plexes.stripe-size-supported'],
    strict: true,
    overrides: reports('IVdsLunPlex.GetProperties', () => ({ plexProp }) => ({
      plexProp: plexProp.type === VDS_LUN_PLEX_TYPE.VDS_LPT_STRIPE ? { ...plexProp, stripeSize: 48 * 1024 } : plexProp,
    })),
  },
  {
    name: 'plexes-larger-than-their-extents',
    says: 'A plex has a size of a pebibyte, and extents of what its LUN has.',
    breaks: ['VDS-10.29'],
    noticedBy: ['consistency.plex-sizes'],
    strict: true,
    overrides: reports('IVdsLunPlex.GetProperties', () => ({ plexProp }) => ({
      plexProp: { ...plexProp, size: MANY_BYTES },
    })),
  },
  {
    name: 'free-extents-left-out',
    says: 'QueryExtents of a drive lists what LUNs have of it only.',
    breaks: ['VDS-10.15b'],
    strict: true,
    noticedBy: ['consistency.free-extents'],
    overrides: reports('IVdsDrive.QueryExtents', () => ({ extentArray }) => {
      const used = extentArray?.filter((e) => e.used) ?? [];
      return { extentArray: used, numberOfExtents: used.length };
    }),
  },
  {
    name: 'drive-extents-denied',
    says: 'A subsystem makes LUNs of parts of drives without having VDS_SF_DRIVE_EXTENT_CAPABLE.',
    breaks: ['VDS-10.31'],
    noticedBy: ['consistency.whole-drives'],
    overrides: withoutFlags(SF.VDS_SF_DRIVE_EXTENT_CAPABLE),
  },
  {
    name: 'checksums-without-the-capability',
    says: 'LUNs have VDS_LF_HARDWARE_CHECKSUM_ENABLED, and their subsystem is not capable of checksums.',
    breaks: ['VDS-10.32'],
    noticedBy: ['consistency.capabilities', 'luns.enabled-features'],
    overrides: reports('IVdsLun.GetProperties', () => ({ lunProp }) => ({
      lunProp: { ...lunProp, flags: lunProp.flags | VDS_LUN_FLAG.VDS_LF_HARDWARE_CHECKSUM_ENABLED },
    })),
  },
  {
    name: 'plexing-denied',
    says: 'A subsystem has LUNs of several plexes without having VDS_SF_LUN_PLEXING_CAPABLE.',
    breaks: ['VDS-10.32b'],
    noticedBy: ['consistency.several-plexes'],
    strict: true,
    overrides: withoutFlags(SF.VDS_SF_LUN_PLEXING_CAPABLE),
  },
  {
    name: 'remapping-in-hints-only',
    says: 'QueryHints reports remapping as applied and enabled, and the flags of the LUN do not.',
    breaks: ['VDS-10.33'],
    noticedBy: ['consistency.hints-and-flags', 'luns.enabled-features'],
    strict: true,
    overrides: reports('IVdsLun.QueryHints', () => ({ hints }) => ({
      hints: { ...hints, hintMask: hints.hintMask | HINT_MASK_FLAGS.VDS_HINT_REMAPENABLED, remapEnabled: true },
    })),
  },
  {
    name: 'plexes-remapped-alone',
    says: 'Plexes have VDS_LPF_LBN_REMAP_ENABLED, and their LUNs do not have the flag that corresponds to it.',
    breaks: ['VDS-10.33b'],
    noticedBy: ['consistency.remapping-of-plexes'],
    strict: true,
    overrides: reports('IVdsLunPlex.GetProperties', () => ({ plexProp }) => ({
      plexProp: { ...plexProp, flags: VDS_LUN_PLEX_FLAG.VDS_LPF_LBN_REMAP_ENABLED },
    })),
  },
  {
    name: 'bus-type-99',
    says: 'The identification data of LUNs name bus type 99, which the enumeration does not have.',
    breaks: ['VDS-10.35'],
    noticedBy: ['consistency.lun-information'],
    strict: true,
    overrides: reports('IVdsLun.GetIdentificationData', () => ({ lunInfo }) => ({
      lunInfo: { ...lunInfo, busType: 99 },
    })),
  },
  {
    name: 'flags-of-a-later-version',
    says: 'A provider of VDS 2.1 has subsystems with a flag that came with VDS 3.0.',
    breaks: ['VDS-3.10'],
    noticedBy: ['consistency.versions'],
    strict: true,
    overrides: together(
      reports('IVdsProviderSupport.GetVersionSupport', () => ({ versionSupport }) => ({
        versionSupport: versionSupport & ~VDS_VERSION_SUPPORT_FLAG.VDS_VSF_3_0,
      })),
      withFlags((flags) => flags | SF.VDS_SF_SUPPORTS_MIRRORED_CACHE),
    ),
  },
  {
    name: 'version-without-an-id',
    says: 'The properties of the provider have GUID_NULL as the id of its version.',
    breaks: ['VDS-3.11'],
    noticedBy: ['lifecycle.provider-properties'],
    strict: true,
    overrides: reports('IVdsProvider.GetProperties', () => ({ providerProp }) => ({
      providerProp: { ...providerProp, versionId: NULL_GUID },
    })),
  },
  {
    name: 'ports-stay-online',
    says: 'A port is ONLINE also when its controller was set OFFLINE.',
    breaks: ['VDS-7.11'],
    noticedBy: ['controllers.ports-go-offline'],
    strict: true,
    overrides: reports('IVdsController.GetPortProperties', () => ({ portProp }) => ({
      portProp: { ...portProp, status: VDS_PORT_STATUS.VDS_PRS_ONLINE },
    })),
  },
  {
    name: 'largest-extension-of-one-drive',
    says: 'QueryMaxLunExtendSize without drives looks at a single drive, and with drives at those.',
    breaks: ['VDS-10.5c'],
    noticedBy: ['resizing.largest-extension-of-some-drives'],
    overrides: reports('IVdsLun.QueryMaxLunExtendSize', () => ({ maxBytesToBeAdded }, { driveIdArray }) => ({
      maxBytesToBeAdded: driveIdArray === null ? maxBytesToBeAdded / 4n : maxBytesToBeAdded,
    })),
  },
];
