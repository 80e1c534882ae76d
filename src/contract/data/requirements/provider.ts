// The duties about provider.
import type { Entry } from './entry.js';

export const PROVIDER: readonly Entry[] = [
  {
    id: 'VDS-3.1',
    level: 'MUST',
    statement:
      'The provider object answers QueryInterface for IVdsProvider, IVdsHwProvider, IVdsProviderPrivate and ' +
      'IVdsHwProviderPrivate. Support, type, ' +
      'storage pool and MPIO interfaces are optional; QueryInterface for an absent one answers E_NOINTERFACE.',
    source: ['provider-object.md'],
    interfaces: [
      'IVdsProvider',
      'IVdsHwProvider',
      'IVdsProviderPrivate',
      'IVdsHwProviderPrivate',
      'IVdsProviderSupport',
      'IVdsHwProviderType',
      'IVdsHwProviderStoragePools',
      'IVdsHwProviderPrivateMpio',
    ],
  },
  {
    id: 'VDS-3.2a',
    level: 'MUST',
    statement:
      'IVdsProvider::GetProperties of a loaded provider answers S_OK or ' +
      'VDS_S_PROPERTIES_INCOMPLETE and reports the type ' +
      'VDS_PT_HARDWARE. ulStripeSizeFlags and sRebuildPriority carry no meaning here.',
    source: ['nf-vdshwprv-ivdsprovider-getproperties', 'ns-vdshwprv-vds_provider_prop'],
    interfaces: ['IVdsProvider'],
  },
  {
    id: 'VDS-3.2c',
    level: 'MUST',
    statement: 'The properties of a provider have its name and its version, each a string that the caller frees.',
    source: ['nf-vdshwprv-ivdsprovider-getproperties', 'ns-vdshwprv-vds_provider_prop'],
    interfaces: ['IVdsProvider'],
  },
  {
    id: 'VDS-3.2b',
    level: 'MUST',
    statement:
      'The provider reports the same provider id each time it is loaded, also after a restart of the computer.',
    source: [
      'nf-vdshwprv-ivdsprovider-getproperties',
      'ns-vdshwprv-vds_provider_prop',
      'vds-object-model.md',
      'provider-object.md',
    ],
    interfaces: ['IVdsProvider'],
  },
  {
    id: 'VDS-3.3a',
    level: 'MUST',
    statement: 'GetVersionSupport returns a combination of VDS_VSF_* bits.',
    why:
      'The enumeration may get more constants in later versions of Windows; ' +
      'a provider was built against one that it knows.',
    source: ['nf-vdshwprv-ivdsprovidersupport-getversionsupport', 'ne-vdshwprv-vds_version_support_flag'],
    interfaces: ['IVdsProviderSupport'],
  },
  {
    id: 'VDS-3.3c',
    level: 'MUST',
    statement: 'GetProviderType returns one of the VDS_HWT_* values.',
    why:
      'The enumeration may get more constants in later versions of Windows; ' +
      'a provider was built against one that it knows.',
    source: ['nf-vdshwprv-ivdshwprovidertype-getprovidertype', 'ne-vdshwprv-vds_hwprovider_type'],
    interfaces: ['IVdsHwProviderType'],
  },
  {
    id: 'VDS-3.3b',
    level: 'AMBIGUOUS',
    statement:
      'IVdsHwProviderType2 may be absent. Where it is present, GetProviderType2 reports the type, and ' +
      'GetProviderType goes on reporting to old clients a type ' +
      'that they know.',
    source: ['nf-vdshwprv-ivdshwprovidertype2-getprovidertype2'],
    interfaces: ['IVdsHwProviderType2', 'IVdsHwProviderType'],
  },
  {
    id: 'VDS-3.4',
    level: 'MUST',
    statement:
      'QuerySubSystems enumerates every subsystem that is currently connected. With none connected it answers S_OK ' +
      'and an empty enumeration.',
    source: ['nf-vdshwprv-ivdshwprovider-querysubsystems'],
    interfaces: ['IVdsHwProvider'],
  },
  {
    id: 'VDS-3.5a',
    level: 'MUST',
    statement:
      'GetObject finds the object with the given id and type and hands out its IUnknown with a reference added.',
    source: ['nf-vdshwprv-ivdsproviderprivate-getobject'],
    interfaces: ['IVdsProviderPrivate'],
  },
  {
    id: 'VDS-3.5b',
    level: 'AMBIGUOUS',
    statement:
      'GetObject with a known id but another type, or with a type that no device has (unknown, provider, async, ' +
      'enumeration), refuses with a permitted ' +
      'code or goes by the id alone. It never hands out an object with another id.',
    source: ['nf-vdshwprv-ivdsproviderprivate-getobject', 'MS-VDS'],
    interfaces: ['IVdsProviderPrivate'],
  },
  {
    id: 'VDS-3.5c',
    level: 'AMBIGUOUS',
    statement:
      'GetObject finds ports, portals, targets and portal groups as well, or none of a kind; the provider keeps to ' +
      'its choice for each.',
    why: 'Its page names subsystems, controllers, drives, LUNs and plexes; that of the types has the others.',
    source: ['nf-vdshwprv-ivdsproviderprivate-getobject', 'ne-vdshwprv-vds_object_type'],
    interfaces: ['IVdsProviderPrivate'],
  },
  {
    id: 'VDS-3.5d',
    level: 'MUST',
    statement: 'GetObject answers VDS_E_OBJECT_NOT_FOUND for an id that names no object.',
    source: ['nf-vdshwprv-ivdsproviderprivate-getobject'],
    interfaces: ['IVdsProviderPrivate'],
  },
  {
    id: 'VDS-3.6',
    level: 'MUST',
    statement: 'QueryIfCreatedLun answers S_OK and the id of the LUN when the provider manages it.',
    source: ['nf-vdshwprv-ivdshwproviderprivate-queryifcreatedlun'],
    interfaces: ['IVdsHwProviderPrivate'],
  },
  {
    id: 'VDS-3.6b',
    level: 'AMBIGUOUS',
    statement:
      'Given the identification data of a LUN and the device path of another disk, QueryIfCreatedLun goes by one or ' +
      'the other; the provider keeps to its choice.',
    why: 'The page gives both arguments as those of one LUN on this computer, so that either may decide.',
    source: ['nf-vdshwprv-ivdshwproviderprivate-queryifcreatedlun'],
    interfaces: ['IVdsHwProviderPrivate'],
  },
  {
    id: 'VDS-3.6c',
    level: 'MUST',
    statement:
      'QueryIfCreatedLun answers S_FALSE and sets *pLunId to GUID_NULL for a LUN that the provider does not manage.',
    source: ['nf-vdshwprv-ivdshwproviderprivate-queryifcreatedlun'],
    interfaces: ['IVdsHwProviderPrivate'],
  },
  {
    id: 'VDS-3.7',
    level: 'MUST',
    verb: 'must',
    statement:
      'SetAllPathStatusesFromHbaPort goes by wwnNode and wwnPort alone, whatever else the HBA port structure holds.',
    source: ['nf-vdshwprv-ivdshwproviderprivatempio-setallpathstatusesfromhbaport'],
    interfaces: ['IVdsHwProviderPrivateMpio'],
  },
  {
    id: 'VDS-3.7b',
    level: 'MUST',
    statement:
      'SetAllPathStatusesFromHbaPort sets the status of every path that originates from the HBA port, and of no ' +
      'other; GetPathInfo then reports it.',
    source: [
      'nf-vdshwprv-ivdshwproviderprivatempio-setallpathstatusesfromhbaport',
      'nf-vdshwprv-ivdslunmpio-getpathinfo',
    ],
    interfaces: ['IVdsHwProviderPrivateMpio', 'IVdsLunMpio'],
  },
  {
    id: 'VDS-3.7c',
    level: 'MUST',
    statement:
      'SetAllPathStatusesFromHbaPort answers VDS_S_STATUSES_INCOMPLETELY_SET when the status of a path could not be ' +
      'set, as it conflicts with the ' +
      'load balance policy for example.',
    source: ['nf-vdshwprv-ivdshwproviderprivatempio-setallpathstatusesfromhbaport'],
    interfaces: ['IVdsHwProviderPrivateMpio', 'IVdsLunMpio'],
  },
  {
    id: 'VDS-3.8',
    level: 'MUST',
    statement: 'A provider of type iSCSI has IVdsSubSystemIscsi on each subsystem and IVdsLunIscsi on each LUN.',
    source: ['subsystem-object.md', 'lun-object.md', 'nf-vdshwprv-ivdshwprovidertype-getprovidertype'],
    interfaces: ['IVdsHwProviderType', 'IVdsSubSystemIscsi', 'IVdsLunIscsi'],
  },
  {
    id: 'VDS-3.8b',
    level: 'MUST',
    statement:
      'A provider of type Fibre Channel has IVdsControllerControllerPort on each controller and ' +
      'IVdsLunControllerPorts on each LUN.',
    source: ['controller-object.md', 'lun-object.md', 'nf-vdshwprv-ivdshwprovidertype-getprovidertype'],
    interfaces: ['IVdsHwProviderType', 'IVdsControllerControllerPort', 'IVdsLunControllerPorts'],
  },
  {
    id: 'VDS-3.9',
    level: 'MUST',
    statement:
      'GetSupportedInterconnects reports a combination of the VDS_ITF ' +
      'flags, one for each interconnect that is supported.',
    source: ['nf-vdshwprv-ivdssubsysteminterconnect-getsupportedinterconnects', 'ne-vdshwprv-vds_interconnect_flag'],
    interfaces: ['IVdsSubSystemInterconnect'],
  },
  {
    id: 'VDS-3.10',
    level: 'SHOULD',
    statement:
      'A provider whose GetVersionSupport lacks VDS_VSF_3_0 sets no flag of a ' +
      'drive, LUN or subsystem that came with VDS 3.0.',
    why:
      'The pages of the flags say in which version each is supported; that a ' +
      'provider keeps to the version it names is implied.',
    source: [
      'nf-vdshwprv-ivdsprovidersupport-getversionsupport',
      'ne-vdshwprv-vds_drive_flag',
      'ne-vdshwprv-vds_lun_flag',
      'ne-vdshwprv-vds_sub_system_flag',
    ],
    interfaces: ['IVdsProviderSupport', 'IVdsDrive', 'IVdsLun', 'IVdsSubSystem'],
  },
  {
    id: 'VDS-3.11',
    level: 'SHOULD',
    statement:
      'The properties of a hardware provider name its version by a GUID that is not GUID_NULL, and set no flag but ' +
      'VDS_PF_INTERNAL_HARDWARE_PROVIDER.',
    why: 'The other flags describe what software providers can do.',
    source: ['ns-vdshwprv-vds_provider_prop', 'ne-vdshwprv-vds_provider_flag'],
    interfaces: ['IVdsProvider'],
  },
];
