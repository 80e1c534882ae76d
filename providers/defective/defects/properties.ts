// Defects of what GetProperties reports: values outside their enumerations and limits, and what the provider's own
// type, flags and counts contradict.
import {
  VDS_LUN_TYPE,
  VDS_SUB_SYSTEM_FLAG,
  VDS_TRANSITION_STATE,
} from '../../../src/contract/generated/enumerations.js';
import type { VDS_HINTS } from '../../../src/contract/generated/structures.js';
import { HR } from '../../../src/contract/hresult.js';
import { StorageArray } from '../../in-memory/array/array.js';
import type { ArraySubSystem } from '../../in-memory/array/devices.js';
import { withHints } from '../../in-memory/array/hints.js';
import { DriveObject } from '../../in-memory/objects/drive.js';
import { PlexObject } from '../../in-memory/objects/plex.js';
import { EnclosedDrive } from '../../lawful/enclosed-drive.js';
import { asks, overriding, reports, together, unavailable } from '../answers.js';
import type { Defect } from '../defect.js';

const { VDS_LT_SIMPLE } = VDS_LUN_TYPE;

class HintsTheLun extends PlexObject {
  protected override applyHints(hints: VDS_HINTS | null): ReturnType<PlexObject['applyHints']> {
    const answer = super.applyHints(hints);
    const { lun } = this.reach();
    if (hints !== null) lun.hints = withHints(lun.hints, hints);
    this.provider.learn(lun.id);
    return answer;
  }
}

/** Spares are drives like any other. */
class UsesHotSpares extends DriveObject {
  protected override changeFlags(...given: Parameters<DriveObject['changeFlags']>): { readonly hr: number } {
    const answer = super.changeFlags(...given);
    const found = this.provider.array.find(this.id, 'drive');
    this.told = given[1] !== 0 && given[0] === 'IVdsDrive.SetFlags' ? given[1] : 0;
    // The array is not told.
    if (found !== undefined) found.drive.flags = 0;
    return answer;
  }
  private told = 0;
  protected override getProperties(): ReturnType<DriveObject['getProperties']> {
    const answer = super.getProperties();
    const prop = answer.out?.driveProp;
    return typeof prop === 'object' && prop !== null
      ? { ...answer, out: { driveProp: { ...prop, flags: prop.flags | this.told } } }
      : answer;
  }
}

class OneIdentification extends StorageArray {
  override addLun(subSystem: ArraySubSystem, made: Parameters<StorageArray['addLun']>[1]) {
    const lun = super.addLun(subSystem, made);
    const same = { ...lun, identification: 'VDSC-LUN' };
    subSystem.luns.set(lun.id, same);
    return same;
  }
}

/** The identification of a new LUN goes by how many there are. */
class IdentificationByCount extends StorageArray {
  override addLun(subSystem: ArraySubSystem, made: Parameters<StorageArray['addLun']>[1]) {
    const before = subSystem.luns.size;
    const lun = super.addLun(subSystem, made);
    const counted = { ...lun, identification: `${subSystem.identification}-LUN-${before}` };
    subSystem.luns.set(lun.id, counted);
    return counted;
  }
}

export const PROPERTIES: readonly Defect[] = [
  {
    name: 'transition-state-99',
    says: 'GetProperties of a LUN reports transition state 99, which the enumeration does not have.',
    breaks: ['VDS-7.10'],
    noticedBy: ['properties.values.lun'],
    overrides: reports('IVdsLun.GetProperties', () => ({ lunProp }) => ({
      lunProp: { ...lunProp, transitionState: 99 },
    })),
  },
  {
    name: 'statuses-77',
    says: 'Every device but a LUN reports status 77, which no enumeration has.',
    breaks: ['VDS-7.10'],
    noticedBy: [
      'properties.values.subsystem',
      'properties.values.controller',
      'properties.values.drive',
      'properties.values.plex',
      'properties.values.portal',
    ],
    wide: 'checks of status and health look at the same values',
    overrides: together(
      reports('IVdsSubSystem.GetProperties', () => ({ subSystemProp }) => ({
        subSystemProp: { ...subSystemProp, status: 77 },
      })),
      reports('IVdsController.GetProperties', () => ({ controllerProp }) => ({
        controllerProp: { ...controllerProp, status: 77 },
      })),
      reports('IVdsDrive.GetProperties', () => ({ driveProp }) => ({ driveProp: { ...driveProp, status: 77 } })),
      reports('IVdsLunPlex.GetProperties', () => ({ plexProp }) => ({ plexProp: { ...plexProp, status: 77 } })),
      reports('IVdsIscsiPortal.GetProperties', () => ({ portalProp }) => ({
        portalProp: { ...portalProp, status: 77 },
      })),
    ),
  },
  {
    name: 'plex-type-is-unknown',
    says: 'GetProperties of a plex reports type UNKNOWN, which is reserved.',
    breaks: ['VDS-7.10b'],
    noticedBy: ['properties.values.plex'],
    strict: true,
    overrides: reports('IVdsLunPlex.GetProperties', () => ({ plexProp }) => ({ plexProp: { ...plexProp, type: 0 } })),
  },
  {
    name: 'rebuild-priority-99',
    says: 'GetProperties of a LUN reports rebuild priority 99.',
    breaks: ['VDS-10.22'],
    noticedBy: ['properties.values.lun'],
    overrides: reports('IVdsLun.GetProperties', () => ({ lunProp }) => ({
      lunProp: { ...lunProp, rebuildPriority: 99 },
    })),
  },
  {
    name: 'iscsi-provider-without-iscsi-luns',
    says: 'The provider reports type iSCSI, and its LUNs have no IVdsLunIscsi.',
    breaks: ['VDS-3.8'],
    noticedBy: ['properties.interfaces-of-the-type'],
    overrides: () => ({
      queryInterface: async (_object, name, next) =>
        name === 'IVdsLunIscsi' ? { hr: HR.E_NOINTERFACE, object: null } : next(),
    }),
  },
  {
    name: 'fibre-channel-luns-without-ports',
    says: 'The provider reports type Fibre Channel, and its LUNs have no IVdsLunControllerPorts.',
    profile: 'fibre-channel',
    breaks: ['VDS-3.8b'],
    noticedBy: ['properties.interfaces-of-the-type'],
    overrides: () => ({
      queryInterface: async (_object, name, next) =>
        name === 'IVdsLunControllerPorts' ? { hr: HR.E_NOINTERFACE, object: null } : next(),
    }),
  },
  {
    name: 'automagic-creation-only',
    says: 'CreateLun supports automagic types only.',
    breaks: ['VDS-10.1b'],
    noticedBy: ['properties.directed-creation'],
    wide: 'many checks need a LUN of a concrete type',
    overrides: together(
      unavailable('IVdsSubSystem.CreateLun', HR.VDS_E_NOT_SUPPORTED, ({ type }) => type >= VDS_LT_SIMPLE),
      reports('IVdsSubSystem.GetProperties', () => ({ subSystemProp }) => ({
        subSystemProp: {
          ...subSystemProp,
          flags: subSystemProp.flags & VDS_SUB_SYSTEM_FLAG.VDS_SF_LUN_MASKING_CAPABLE,
        },
      })),
    ),
  },
  {
    name: 'no-creation-on-given-drives',
    says: 'CreateLun does not support a list of drives.',
    breaks: ['VDS-10.1a'],
    noticedBy: ['properties.directed-creation'],
    overrides: unavailable(
      'IVdsSubSystem.CreateLun',
      HR.VDS_E_NOT_SUPPORTED,
      ({ driveIdArray, numberOfDrives }) => driveIdArray !== null && numberOfDrives > 0,
    ),
  },
  {
    name: 'create-target-not-supported',
    says: 'CreateTarget is not supported, although the flags do not say that targets are configured in the simple way.',
    breaks: ['VDS-10.4b'],
    noticedBy: ['iscsi.simple-target-config'],
    overrides: unavailable('IVdsSubSystemIscsi.CreateTarget', HR.VDS_E_NOT_SUPPORTED),
  },
  {
    name: 'fault-tolerant-is-simple',
    says: 'A LUN that was asked for as fault tolerant lies on a single drive.',
    breaks: ['VDS-10.2f'],
    noticedBy: ['creation.fault-tolerant'],
    overrides: asks('IVdsSubSystem.CreateLun', (args) => ({
      ...args,
      type: args.type === VDS_LUN_TYPE.VDS_LT_FAULT_TOLERANT ? VDS_LT_SIMPLE : args.type,
    })),
  },
  {
    name: 'luns-without-identification',
    says: 'GetProperties of a LUN reports an empty identification.',
    breaks: ['VDS-10.23'],
    noticedBy: ['properties.lun-identification'],
    wide: 'clean-up and comparisons name LUNs by it',
    overrides: reports('IVdsLun.GetProperties', () => ({ lunProp }) => ({
      lunProp: { ...lunProp, identification: '' },
    })),
  },
  {
    name: 'luns-of-one-identification',
    says: 'All LUNs have one identification.',
    breaks: ['VDS-10.23'],
    noticedBy: ['properties.lun-identification'],
    parts: { StorageArray: OneIdentification },
  },
  {
    name: 'lun-identification-by-count',
    says: 'A new LUN is identified by how many LUNs there are, so that two have one identification after a deletion.',
    breaks: ['VDS-10.23'],
    noticedBy: ['consistency.after-deletion.lun'],
    wide: 'clean-up and comparisons name LUNs by it',
    parts: { StorageArray: IdentificationByCount },
  },
  {
    name: 'hot-spares-are-used',
    says: 'New LUNs lie on drives that are hot spares.',
    breaks: ['VDS-10.21b'],
    noticedBy: ['properties.hot-spares-are-spared'],
    parts: { Drive: UsesHotSpares },
  },
  {
    name: 'ports-not-counted',
    says: 'A controller reports 0 ports, and GetPortProperties finds one.',
    breaks: ['VDS-4.7b'],
    noticedBy: ['properties.ports'],
    overrides: reports('IVdsController.GetProperties', () => ({ controllerProp }) => ({
      controllerProp: { ...controllerProp, numberOfPorts: 0 },
    })),
  },
  {
    name: 'interconnects-of-no-kind',
    says: 'GetSupportedInterconnects reports unknown flags.',
    breaks: ['VDS-3.9'],
    noticedBy: ['properties.interconnects'],
    overrides: reports('IVdsSubSystemInterconnect.GetSupportedInterconnects', () => () => ({
      supportedInterconnectsFlag: 0xffff0000,
    })),
  },
  {
    name: 'new-luns-are-unmasked-to-all',
    says: 'A LUN that was created for no computer reports "*".',
    breaks: ['VDS-10.9d'],
    noticedBy: ['properties.unmasked-to-nobody'],
    overrides: reports('IVdsLun.GetProperties', () => ({ lunProp }) => ({
      lunProp: { ...lunProp, unmaskingList: lunProp.unmaskingList === '' ? '*' : lunProp.unmaskingList },
    })),
  },
  {
    name: 'luns-extend-for-ever',
    says: 'A LUN reports transition state EXTENDING all the time.',
    breaks: ['VDS-10.25'],
    noticedBy: ['properties.stable'],
    strict: true,
    overrides: reports('IVdsLun.GetProperties', () => ({ lunProp }) => ({
      lunProp: { ...lunProp, transitionState: VDS_TRANSITION_STATE.VDS_TS_EXTENDING },
    })),
  },
  {
    name: 'portals-without-a-port',
    says: 'Portals that are online report TCP port 0.',
    breaks: ['VDS-11.9'],
    noticedBy: ['properties.portal-address'],
    strict: true,
    overrides: reports('IVdsIscsiPortal.GetProperties', () => ({ portalProp }) => ({
      portalProp: { ...portalProp, address: { ...portalProp.address, port: 0 } },
    })),
  },
  {
    name: 'mirrors-are-reported-as-simple',
    says: 'GetProperties of a mirror reports a simple LUN, of which QueryPlexes lists two plexes.',
    breaks: ['VDS-10.8c'],
    noticedBy: ['properties.plexes-of-the-type'],
    overrides: reports('IVdsLun.GetProperties', () => ({ lunProp }) => ({
      lunProp: { ...lunProp, type: lunProp.type === VDS_LUN_TYPE.VDS_LT_MIRROR ? VDS_LT_SIMPLE : lunProp.type },
    })),
  },
  {
    name: 'plexes-on-one-drive',
    says: 'Every plex reports extents of one drive, whichever it lies on.',
    breaks: ['VDS-10.8d'],
    noticedBy: ['properties.plexes-of-the-type'],
    overrides: reports('IVdsLunPlex.QueryExtents', () => {
      let first: string | undefined;
      return (out) => ({
        ...out,
        extentArray: (out.extentArray ?? []).map((extent) => ({ ...extent, id: (first ??= extent.id) })),
      });
    }),
  },
  {
    name: 'second-properties-of-drives-incomplete',
    says: 'IVdsDrive2::GetProperties2 answers VDS_S_PROPERTIES_INCOMPLETE, which its page does not know.',
    breaks: ['VDS-7.7b'],
    noticedBy: ['properties.drive2'],
    parts: { Drive: EnclosedDrive },
    overrides: overriding('IVdsDrive2.GetProperties2', () => async (_call, next) => {
      const reply = await next();
      return reply.hr === HR.S_OK ? { ...reply, hr: HR.VDS_S_PROPERTIES_INCOMPLETE } : reply;
    }),
  },
  {
    name: 'alias-of-new-targets-dropped',
    says: 'CreateTarget ignores the alias that it is given.',
    breaks: ['VDS-10.13b'],
    noticedBy: ['iscsi.alias'],
    overrides: asks('IVdsSubSystemIscsi.CreateTarget', (args) => ({ ...args, friendlyName: null })),
  },
  {
    name: 'hints-of-a-plex-are-the-luns',
    says: 'IVdsLunPlex::ApplyHints applies the hints to the LUN as well.',
    breaks: ['VDS-10.12a'],
    noticedBy: ['plexes.hints-of-one'],
    parts: { Plex: HintsTheLun },
  },
];
