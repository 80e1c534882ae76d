// The duties about availability.
import { DEVICE_INTERFACES } from './interfaces.js';
import type { Entry } from './entry.js';

/** The pages of VDS_E_OBJECT_NOT_FOUND, and the interfaces of which methods take ids. */
const OBJECT_NOT_FOUND = [
  'nf-vdshwprv-ivdsproviderprivate-getobject',
  'nf-vdshwprv-ivdssubsystem-createlun',
  'nf-vdshwprv-ivdslun-extend',
  'virtual-disk-service-common-return-codes.md',
] as const;
const THAT_TAKE_IDS = [
  'IVdsProviderPrivate',
  'IVdsSubSystem',
  'IVdsSubSystem2',
  'IVdsLun',
  'IVdsLunControllerPorts',
  'IVdsLunIscsi',
  'IVdsIscsiPortalGroup',
] as const;

const SET_STATUS = [
  'nf-vdshwprv-ivdssubsystem-setstatus',
  'nf-vdshwprv-ivdscontroller-setstatus',
  'nf-vdshwprv-ivdscontrollerport-setstatus',
  'nf-vdshwprv-ivdsdrive-setstatus',
  'nf-vdshwprv-ivdslun-setstatus',
] as const;

export const AVAILABILITY: readonly Entry[] = [
  {
    id: 'VDS-7.1a',
    level: 'MUST',
    verb: 'should',
    statement:
      'Once the device of an object is gone, every method of that object except those of IUnknown answers ' +
      'VDS_E_OBJECT_DELETED. The pointer stays ' +
      'valid until the last Release, which ends the object.',
    source: ['vds-object-model.md', 'nf-vdshwprv-ivdslun-delete', 'nf-vdshwprv-ivdssubsystem-reenumerate'],
    interfaces: DEVICE_INTERFACES,
  },
  {
    id: 'VDS-7.1b',
    level: 'CALLER',
    statement: 'On an object that answered VDS_E_OBJECT_DELETED, the only further call is Release.',
    source: ['vds-object-model.md'],
    interfaces: DEVICE_INTERFACES,
  },
  {
    id: 'VDS-7.2',
    level: 'MUST',
    statement: 'An id argument that names no existing object is refused.',
    source: OBJECT_NOT_FOUND,
    interfaces: THAT_TAKE_IDS,
  },
  {
    id: 'VDS-7.2d',
    level: 'SHOULD',
    statement: 'The answer to an id argument that names no existing object is VDS_E_OBJECT_NOT_FOUND.',
    why:
      'The code "can be returned from any method" that takes an id, the pages say, and E_INVALIDARG is on them as ' +
      'well. ' +
      'Where a page has the code for its own argument, a requirement of its own states it.',
    source: OBJECT_NOT_FOUND,
    interfaces: THAT_TAKE_IDS,
  },
  {
    id: 'VDS-7.2b',
    level: 'MUST',
    statement:
      'VDS_E_OBJECT_NOT_FOUND is never the answer to the state of the object called, or to ids that all name ' +
      'existing objects.',
    why:
      'The pages give the code the meaning that an identifier refers to no existing object, and the object called ' +
      'has VDS_E_OBJECT_DELETED.',
    source: OBJECT_NOT_FOUND,
    interfaces: THAT_TAKE_IDS,
  },
  {
    id: 'VDS-7.2c',
    level: 'MUST',
    verb: 'should',
    statement: 'RemovePlex answers VDS_E_OBJECT_NOT_FOUND for an id that no plex of the LUN has.',
    source: ['nf-vdshwprv-ivdslun-removeplex'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-7.3',
    level: 'MUST',
    statement: 'VDS_E_OBJECT_STATUS_FAILED is the answer of an object in failed state, to what it cannot do.',
    source: ['virtual-disk-service-common-return-codes.md', 'nf-vdshwprv-ivdssubsystem-queryluns'],
    interfaces: DEVICE_INTERFACES,
  },
  {
    id: 'VDS-7.3b',
    level: 'MUST',
    statement:
      'An object in failed state still answers its getters of properties and of the containing object, if only with ' +
      'VDS_E_OBJECT_STATUS_FAILED.',
    why:
      'VDS_E_OBJECT_STATUS_FAILED is on the pages of methods that use ' +
      'the device, and not on those of these getters.',
    source: ['virtual-disk-service-common-return-codes.md', 'nf-vdshwprv-ivdslun-getproperties'],
    interfaces: DEVICE_INTERFACES,
  },
  {
    id: 'VDS-7.4',
    level: 'MUST',
    statement:
      'VDS_E_ANOTHER_CALL_IN_PROGRESS is the answer only to a call that overlaps an unfinished one. A provider that ' +
      'serialises overlapping calls never ' +
      'gives it.',
    why: 'The page says that another operation is in progress; where none is, the code would be false.',
    source: ['virtual-disk-service-common-return-codes.md', 'nf-vdshwprv-ivdshwprovider-reenumerate'],
    interfaces: ['IVdsHwProvider', ...DEVICE_INTERFACES],
  },
  {
    id: 'VDS-7.5',
    level: 'MUST',
    verb: 'should',
    statement:
      'A valid request that the provider or object does not support gives VDS_E_NOT_SUPPORTED, and so does a LUN ' +
      'type of the enumeration that the ' +
      'provider lacks.',
    source: [
      'nf-vdshwprv-ivdssubsystem-createlun',
      'nf-vdshwprv-ivdssubsystem2-createlun2',
      'nf-vdshwprv-ivdshwproviderstoragepools-createluninstoragepool',
    ],
    interfaces: ['IVdsSubSystem', 'IVdsSubSystem2', 'IVdsHwProviderStoragePools'],
  },
  {
    id: 'VDS-7.5b',
    level: 'MUST',
    verb: 'should',
    statement: 'The methods that create LUNs give E_INVALIDARG for a LUN type outside the enumeration.',
    source: [
      'nf-vdshwprv-ivdssubsystem-createlun',
      'nf-vdshwprv-ivdssubsystem2-createlun2',
      'nf-vdshwprv-ivdshwproviderstoragepools-createluninstoragepool',
    ],
    interfaces: ['IVdsSubSystem', 'IVdsSubSystem2', 'IVdsHwProviderStoragePools'],
  },
  {
    id: 'VDS-7.5c',
    level: 'MUST',
    statement:
      'A subsystem supports the creation of LUNs of each type that its flags name, so that no method that creates ' +
      'LUNs answers VDS_E_NOT_SUPPORTED for it.',
    source: [
      'ne-vdshwprv-vds_sub_system_flag',
      'ne-vdshwprv-vds_sub_system_supported_raid_type_flag',
      'nf-vdshwprv-ivdssubsystem-createlun',
    ],
    interfaces: ['IVdsSubSystem', 'IVdsSubSystem2'],
  },
  {
    id: 'VDS-7.6',
    level: 'MUST',
    statement:
      'SetStatus of a subsystem, controller, controller port, drive or LUN ' +
      'refuses the UNKNOWN value with E_INVALIDARG.',
    source: SET_STATUS,
    interfaces: ['IVdsSubSystem', 'IVdsController', 'IVdsControllerPort', 'IVdsDrive', 'IVdsLun'],
  },
  {
    id: 'VDS-7.6b',
    level: 'MUST',
    verb: 'must',
    statement:
      'SetStatus to a value that callers may set brings the object into that status, whatever that takes, such as ' +
      'flushing a cache.',
    source: SET_STATUS,
    interfaces: ['IVdsSubSystem', 'IVdsController', 'IVdsControllerPort', 'IVdsDrive', 'IVdsLun'],
  },
  {
    id: 'VDS-7.6c',
    level: 'MUST',
    statement: 'The status that an object reports is a value of its enumeration.',
    source: [
      'ne-vdshwprv-vds_sub_system_status',
      'ne-vdshwprv-vds_controller_status',
      'ne-vdshwprv-vds_port_status',
      'ne-vdshwprv-vds_drive_status',
      'ne-vdshwprv-vds_lun_status',
      'ne-vdshwprv-vds_lun_plex_status',
    ],
    interfaces: ['IVdsSubSystem', 'IVdsController', 'IVdsControllerPort', 'IVdsDrive', 'IVdsLun', 'IVdsLunPlex'],
  },
  {
    id: 'VDS-7.7',
    level: 'MUST',
    statement:
      'VDS_S_PROPERTIES_INCOMPLETE from a property getter is a success, for example while a device is being removed: ' +
      'the caller may read the ' +
      'structure, and every string in it is NULL or valid.',
    source: [
      'virtual-disk-service-common-return-codes.md',
      'nf-vdshwprv-ivdsprovider-getproperties',
      'nf-vdshwprv-ivdssubsystem-getproperties',
      'nf-vdshwprv-ivdslun-getproperties',
      'nf-vdshwprv-ivdsiscsitarget-getproperties',
    ],
    interfaces: [
      'IVdsProvider',
      'IVdsSubSystem',
      'IVdsSubSystem2',
      'IVdsController',
      'IVdsControllerPort',
      'IVdsDrive',
      'IVdsLun',
      'IVdsLunPlex',
      'IVdsIscsiTarget',
      'IVdsIscsiPortal',
      'IVdsIscsiPortalGroup',
    ],
  },
  {
    id: 'VDS-7.8a',
    level: 'MUST',
    statement:
      'SetIpsecTunnelAddress, GetIpsecSecurity and SetIpsecSecurity of a portal, SetIpsecSecurityLocal, and ' +
      'SetIpsecGroupPresharedKey of a subsystem ' +
      'answer VDS_E_NOT_SUPPORTED, always.',
    source: [
      'nf-vdshwprv-ivdsiscsiportal-setipsectunneladdress',
      'nf-vdshwprv-ivdsiscsiportal-getipsecsecurity',
      'nf-vdshwprv-ivdsiscsiportal-setipsecsecurity',
      'nf-vdshwprv-ivdssubsystemiscsi-setipsecgrouppresharedkey',
      'nf-vds-ivdsiscsiportallocal-setipsecsecuritylocal',
    ],
    interfaces: ['IVdsIscsiPortal', 'IVdsIscsiPortalLocal', 'IVdsSubSystemIscsi'],
  },
  {
    id: 'VDS-7.8b',
    level: 'AMBIGUOUS',
    statement:
      'IVdsIscsiPortal::SetStatus either answers VDS_E_NOT_SUPPORTED, or accepts exactly ONLINE and OFFLINE; the ' +
      'provider keeps to its choice.',
    source: ['nf-vdshwprv-ivdsiscsiportal-setstatus'],
    interfaces: ['IVdsIscsiPortal'],
  },
  {
    id: 'VDS-7.9',
    level: 'MUST',
    statement: 'The identification string of a subsystem is not NULL.',
    why: 'vdserr.h has a code of its own by which VDS blames a provider for one that is.',
    source: ['vdserr.h'],
    interfaces: ['IVdsSubSystem'],
  },
  {
    id: 'VDS-7.9c',
    level: 'MUST',
    statement: 'The iSCSI name of a target is a valid one.',
    why: 'vdserr.h has a code of its own by which VDS blames a provider for one that is not.',
    source: ['vdserr.h'],
    interfaces: ['IVdsSubSystemIscsi', 'IVdsIscsiTarget'],
  },
  {
    id: 'VDS-7.9d',
    level: 'MUST',
    statement:
      'A path has the properties of its initiator end: of an HBA port for ' +
      'Fibre Channel and SAS, of an address for iSCSI.',
    why: 'vdserr.h has codes by which VDS blames a provider for a path without them.',
    source: ['vdserr.h', 'ns-vdshwprv-vds_path_info'],
    interfaces: ['IVdsLunMpio'],
  },
  {
    id: 'VDS-7.9b',
    level: 'SHOULD',
    statement:
      "A target's iSCSI name keeps to the profile of RFC 3722: no underscore, no blank, a month from 01 to 12.",
    why: 'vdserr.h speaks of an invalid name and no page of VDS defines one; the profile is that of iSCSI.',
    source: ['vdserr.h'],
    interfaces: ['IVdsSubSystemIscsi', 'IVdsIscsiTarget'],
  },
  {
    id: 'VDS-7.7b',
    level: 'MUST',
    statement: 'IVdsDrive2::GetProperties2 answers S_OK where it succeeds, and no other success.',
    source: ['nf-vdshwprv-ivdsdrive2-getproperties2'],
    interfaces: ['IVdsDrive2'],
  },
  {
    id: 'VDS-7.10',
    level: 'MUST',
    statement: 'Every status, type and transition state that a property structure holds is a value of its enumeration.',
    why:
      'The enumerations may get more constants in later versions of Windows; a provider was built against those ' +
      'that it ' +
      'knows.',
    source: [
      'ne-vdshwprv-vds_sub_system_status',
      'ne-vdshwprv-vds_controller_status',
      'ne-vdshwprv-vds_drive_status',
      'ne-vdshwprv-vds_lun_status',
      'ne-vdshwprv-vds_lun_type',
      'ne-vdshwprv-vds_lun_plex_status',
      'ne-vdshwprv-vds_lun_plex_type',
      'ne-vdshwprv-vds_iscsi_portal_status',
      'ne-vdshwprv-vds_transition_state',
    ],
    interfaces: ['IVdsSubSystem', 'IVdsController', 'IVdsDrive', 'IVdsLun', 'IVdsLunPlex', 'IVdsIscsiPortal'],
  },
  {
    id: 'VDS-7.10b',
    level: 'SHOULD',
    statement:
      'The value UNKNOWN, which is reserved, is reported neither as status or type of a LUN or plex, nor as status ' +
      'of a subsystem, nor as transition state.',
    why: 'The pages call the value reserved, and say nothing of a provider that reports it.',
    source: [
      'ne-vdshwprv-vds_sub_system_status',
      'ne-vdshwprv-vds_lun_status',
      'ne-vdshwprv-vds_lun_type',
      'ne-vdshwprv-vds_lun_plex_status',
      'ne-vdshwprv-vds_lun_plex_type',
      'ne-vdshwprv-vds_transition_state',
    ],
    interfaces: ['IVdsSubSystem', 'IVdsLun', 'IVdsLunPlex'],
  },
  {
    id: 'VDS-7.11',
    level: 'SHOULD',
    statement: 'A port of a controller that is OFFLINE is not ONLINE.',
    why:
      'The page says that OFFLINE means that the port or its controller is offline; which status goes with a port ' +
      'that has other trouble as well is open.',
    source: ['ne-vdshwprv-vds_port_status'],
    interfaces: ['IVdsController', 'IVdsControllerPort'],
  },
  {
    id: 'VDS-7.12',
    level: 'SHOULD',
    statement: 'A method of a provider that has failed answers VDS_E_OBJECT_STATUS_FAILED.',
    source: [
      'nf-vdshwprv-ivdshwprovider-querysubsystems',
      'nf-vdshwprv-ivdshwprovider-reenumerate',
      'nf-vdshwprv-ivdshwprovider-refresh',
    ],
    interfaces: ['IVdsHwProvider'],
    untestable: 'A provider object has no status that a caller could read, and no fault of a device makes one fail.',
  },
];
