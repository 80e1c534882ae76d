// The duties about luns.
import type { Entry } from './entry.js';

/** The methods that divide the controllers or ports of a subsystem into two. */
const PARTITIONS = [
  'nf-vdshwprv-ivdslun-associatecontrollers',
  'nf-vdshwprv-ivdsluncontrollerports-associatecontrollerports',
  'nf-vdshwprv-ivdssubsystem-setcontrollerstatus',
] as const;

const NAMING = [
  'nf-vdshwprv-ivdslunnaming-setfriendlyname',
  'nf-vdshwprv-ivdssubsystemnaming-setfriendlyname',
  'nf-vdshwprv-ivdsiscsitarget-setfriendlyname',
] as const;

export const LUNS: readonly Entry[] = [
  {
    id: 'VDS-10.1a',
    level: 'MUST',
    verb: 'must',
    statement: 'The subsystem creates LUNs explicitly directed: the caller gives every attribute, the drives included.',
    source: ['lun-object.md'],
    interfaces: ['IVdsSubSystem'],
  },
  {
    id: 'VDS-10.1b',
    level: 'MUST',
    verb: 'must',
    statement:
      'The subsystem creates LUNs partially directed: the caller gives the attributes it cares about, such as type ' +
      'and size, and the provider chooses ' +
      'the rest.',
    source: ['lun-object.md'],
    interfaces: ['IVdsSubSystem'],
  },
  {
    id: 'VDS-10.1c',
    level: 'SHOULD',
    statement:
      'The subsystem supports automagic LUN creation: type, size and hints given, all else left to the provider.',
    source: ['lun-object.md'],
    interfaces: ['IVdsSubSystem'],
  },
  {
    id: 'VDS-10.2a',
    level: 'MUST',
    statement:
      'CreateLun takes NULL for the drives with count 0, and with no other, and then chooses the drives itself.',
    source: ['nf-vdshwprv-ivdssubsystem-createlun'],
    interfaces: ['IVdsSubSystem'],
  },
  {
    id: 'VDS-10.2b',
    level: 'MUST',
    statement: 'CreateLun uses the drives that it is given, in their order.',
    source: ['nf-vdshwprv-ivdssubsystem-createlun'],
    interfaces: ['IVdsSubSystem'],
  },
  {
    id: 'VDS-10.2c',
    level: 'MUST',
    statement:
      'GetProperties reports the size that a new LUN really has, which is the one asked for as the array rounds it.',
    source: ['nf-vdshwprv-ivdssubsystem-createlun', 'nf-vdshwprv-ivdslun-getproperties', 'ne-vdshwprv-vds_lun_type'],
    interfaces: ['IVdsSubSystem', 'IVdsLun'],
  },
  {
    id: 'VDS-10.2d',
    level: 'SHOULD',
    statement: 'A size that has to be rounded is rounded up, in CreateLun and in Extend.',
    why: 'The pages let a provider round up or down, and call up the rule and down the rare exception.',
    source: [
      'nf-vdshwprv-ivdssubsystem-createlun',
      'nf-vdshwprv-ivdssubsystem2-createlun2',
      'nf-vdshwprv-ivdslun-extend',
    ],
    interfaces: ['IVdsSubSystem', 'IVdsSubSystem2', 'IVdsLun'],
  },
  {
    id: 'VDS-10.2e',
    level: 'AMBIGUOUS',
    statement:
      'A SPAN for which the first drive given has room lies on that drive alone, or on every drive given; the ' +
      'provider keeps to its choice.',
    why:
      'One page lets drives be used up one before the next, while the type is one of extents from more than one ' +
      'drive and the caller wants all drives used.',
    source: ['nf-vdshwprv-ivdssubsystem-createlun', 'ne-vdshwprv-vds_lun_type'],
    interfaces: ['IVdsSubSystem'],
  },
  {
    id: 'VDS-10.2f',
    level: 'MUST',
    statement:
      'A LUN that was asked for with VDS_LT_FAULT_TOLERANT is fault tolerant, and one asked for with ' +
      'VDS_LT_NON_FAULT_TOLERANT is not.',
    source: ['ne-vdshwprv-vds_lun_type'],
    interfaces: ['IVdsSubSystem', 'IVdsSubSystem2'],
  },
  {
    id: 'VDS-10.2g',
    level: 'SHOULD',
    statement:
      'A size is rounded by no more than the array needs, in CreateLun, Extend and Shrink: not to twice what was ' +
      'asked for where that is more than a gigabyte.',
    why: 'The pages let a provider round, and set no limit to it.',
    source: [
      'nf-vdshwprv-ivdssubsystem-createlun',
      'nf-vdshwprv-ivdssubsystem2-createlun2',
      'nf-vdshwprv-ivdslun-extend',
    ],
    interfaces: ['IVdsSubSystem', 'IVdsSubSystem2', 'IVdsLun'],
  },
  {
    id: 'VDS-10.2h',
    level: 'MUST',
    statement: 'The type that a LUN reports is the concrete one that it has, and never an automagic one (1 to 3).',
    source: ['nf-vdshwprv-ivdslun-getproperties', 'ne-vdshwprv-vds_lun_type'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-10.2i',
    level: 'MUST',
    statement: 'CreateLun answers VDS_E_NOT_ENOUGH_SPACE where there is too little space for the LUN.',
    source: ['nf-vdshwprv-ivdssubsystem-createlun'],
    interfaces: ['IVdsSubSystem'],
  },
  {
    id: 'VDS-10.2j',
    level: 'MUST',
    statement: 'CreateLun answers VDS_E_NOT_ENOUGH_DRIVE where there are too few drives for the LUN.',
    source: ['nf-vdshwprv-ivdssubsystem-createlun'],
    interfaces: ['IVdsSubSystem'],
  },
  {
    id: 'VDS-10.2k',
    level: 'MUST',
    statement:
      'The hints that CreateLun is given are a request, which the provider need not follow; QueryHints of the new ' +
      'LUN, ' +
      'or of its plex, reports those that it has applied.',
    source: [
      'nf-vdshwprv-ivdssubsystem-createlun',
      'nf-vdshwprv-ivdssubsystem2-createlun2',
      'nf-vdshwprv-ivdslun-queryhints',
      'ns-vdshwprv-vds_hints',
    ],
    interfaces: ['IVdsSubSystem', 'IVdsSubSystem2', 'IVdsLun', 'IVdsLunPlex'],
    untestable:
      'Which hints a provider has applied it says itself, by QueryHints; VDS-10.33 compares that with the flags ' +
      'of the LUN.',
  },
  {
    id: 'VDS-10.3',
    level: 'MUST',
    verb: 'should',
    statement:
      'The provider clears partition information of new and deleted LUNs: zeroes over the first and last megabyte ' +
      '(MBR) or 16 KB (GPT), written before ' +
      'the LUN is unmasked.',
    source: [
      'nf-vdshwprv-ivdssubsystem-createlun',
      'nf-vdshwprv-ivdslun-delete',
      'nf-vdshwprv-ivdssubsystem2-createlun2',
      'nf-vdshwprv-ivdshwproviderstoragepools-createluninstoragepool',
    ],
    interfaces: ['IVdsSubSystem', 'IVdsSubSystem2', 'IVdsHwProviderStoragePools', 'IVdsLun'],
    untestable: 'No provider method reads the data of a LUN; seeing it takes a host with the LUN attached.',
  },
  {
    id: 'VDS-10.4a',
    level: 'MUST',
    verb: 'should',
    statement:
      'On a subsystem with VDS_SF_SUPPORTS_SIMPLE_TARGET_CONFIG a new LUN comes associated with a target that has at ' +
      'least one associated portal.',
    source: ['nf-vdshwprv-ivdssubsystem-createlun', 'ne-vdshwprv-vds_sub_system_flag'],
    interfaces: ['IVdsSubSystem', 'IVdsLunIscsi', 'IVdsIscsiTarget', 'IVdsIscsiPortalGroup'],
  },
  {
    id: 'VDS-10.4b',
    level: 'MUST',
    statement:
      'CreateTarget answers VDS_E_NOT_SUPPORTED only on a subsystem with VDS_SF_SUPPORTS_SIMPLE_TARGET_CONFIG.',
    source: ['nf-vdshwprv-ivdssubsystemiscsi-createtarget', 'ne-vdshwprv-vds_sub_system_flag'],
    interfaces: ['IVdsSubSystemIscsi', 'IVdsSubSystem'],
  },
  {
    id: 'VDS-10.4c',
    level: 'AMBIGUOUS',
    statement:
      'On a subsystem with VDS_SF_SUPPORTS_SIMPLE_TARGET_CONFIG CreateTarget makes targets or answers ' +
      'VDS_E_NOT_SUPPORTED; the provider keeps to its choice.',
    why:
      'The flag warns applications not to assume the ability; the page of CreateTarget says what the code means, not ' +
      'that it must be answered.',
    source: ['ne-vdshwprv-vds_sub_system_flag', 'nf-vdshwprv-ivdssubsystemiscsi-createtarget'],
    interfaces: ['IVdsSubSystemIscsi'],
  },
  {
    id: 'VDS-10.5a',
    level: 'MUST',
    statement: 'QueryMaxLunCreateSize reports the size of the largest LUN that can be created.',
    source: ['nf-vdshwprv-ivdssubsystem-querymaxluncreatesize', 'nf-vdshwprv-ivdssubsystem2-querymaxluncreatesize2'],
    interfaces: ['IVdsSubSystem', 'IVdsSubSystem2'],
  },
  {
    id: 'VDS-10.5b',
    level: 'AMBIGUOUS',
    statement:
      'QueryMaxLunCreateSize with NULL for pHints is accepted or refused with a permitted code; the provider keeps ' +
      'to its choice.',
    source: [
      'nf-vdshwprv-ivdssubsystem-querymaxluncreatesize',
      'nf-vdshwprv-ivdssubsystem2-querymaxluncreatesize2',
      'idl:vdshp',
    ],
    interfaces: ['IVdsSubSystem', 'IVdsSubSystem2'],
  },
  {
    id: 'VDS-10.5c',
    level: 'MUST',
    statement:
      'QueryMaxLunExtendSize takes NULL for all drives of the subsystem and is limited by the drives that are given: ' +
      'fewer drives allow no larger extension.',
    source: ['nf-vdshwprv-ivdslun-querymaxlunextendsize'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-10.5d',
    level: 'MUST',
    statement: 'QueryMaxLunExtendSize reports the most that Extend can add.',
    source: ['nf-vdshwprv-ivdslun-querymaxlunextendsize'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-10.5e',
    level: 'MUST',
    verb: 'must',
    statement: 'QueryMaxLunCreateSize and QueryMaxLunExtendSize require their result pointer.',
    source: ['nf-vdshwprv-ivdssubsystem-querymaxluncreatesize', 'nf-vdshwprv-ivdslun-querymaxlunextendsize'],
    interfaces: ['IVdsSubSystem', 'IVdsLun'],
  },
  {
    id: 'VDS-10.5f',
    level: 'MUST',
    statement: 'QueryMaxLunCreateSize gives hints less weight than the type and the drives that it is given.',
    why: 'The size is that of a LUN with this type and these hints: a hint that contradicts neither may lessen it.',
    source: ['nf-vdshwprv-ivdssubsystem-querymaxluncreatesize'],
    interfaces: ['IVdsSubSystem'],
  },
  {
    id: 'VDS-10.6',
    level: 'MUST',
    statement:
      'When IVdsLun::Delete returns S_OK, the LUN and its plexes are gone and their extents are free: there is no ' +
      'IVdsAsync to wait for. Pointers to ' +
      'it that are still held answer VDS_E_OBJECT_DELETED.',
    source: ['nf-vdshwprv-ivdslun-delete'],
    interfaces: ['IVdsLun', 'IVdsSubSystem'],
  },
  {
    id: 'VDS-10.7a',
    level: 'MUST',
    statement: 'Extend adds the bytes asked for, rounded as in CreateLun, and changes nothing else.',
    source: ['nf-vdshwprv-ivdslun-extend'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-10.7b',
    level: 'MUST',
    verb: 'must',
    statement: 'Extend uses the drives given first, and then others.',
    source: ['nf-vdshwprv-ivdslun-extend'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-10.7d',
    level: 'MUST',
    statement: 'Extend takes NULL for the drive array only with count 0.',
    source: ['nf-vdshwprv-ivdslun-extend'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-10.7e',
    level: 'MUST',
    verb: 'must',
    statement: 'Shrink takes its bytes from the end of the LUN.',
    source: ['nf-vdshwprv-ivdslun-shrink'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-10.7f',
    level: 'MUST',
    statement: 'Shrink takes away the bytes asked for, as the array rounds them; more than the LUN has it refuses.',
    why:
      'The page wants no multiple of a block or sector; vdserr.h says that a size greater than the LUN has cannot be ' +
      'taken away.',
    source: ['nf-vdshwprv-ivdslun-shrink', 'vdserr.h'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-10.7g',
    level: 'MUST',
    statement: 'The extents that Shrink takes away are no longer those of the LUN.',
    why: 'An extent that is allocated is allocated to a LUN, and these bytes are of none any more.',
    source: ['nf-vdshwprv-ivdslun-shrink', 'ns-vdshwprv-vds_drive_extent'],
    interfaces: ['IVdsLun', 'IVdsLunPlex'],
  },
  {
    id: 'VDS-10.7h',
    level: 'MUST',
    statement: 'Extend fails where there is not enough to add, and an Extend that fails leaves the LUN as it was.',
    source: ['nf-vdshwprv-ivdslun-extend'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-10.7c',
    level: 'AMBIGUOUS',
    statement:
      'Extend uses the drives given one after the other, or takes space of ' +
      'each of them; what it adds lies on these drives.',
    why: 'One page has all extents of a drive used before the next; that of spans has extents of more than one drive.',
    source: ['nf-vdshwprv-ivdslun-extend', 'ne-vdshwprv-vds_lun_type'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-10.8a',
    level: 'MUST',
    statement:
      'AddPlex turns a LUN of at least the same size, with each of its ' +
      'plexes, into plexes of this one, whose size stays.',
    source: ['nf-vdshwprv-ivdslun-addplex'],
    interfaces: ['IVdsLun', 'IVdsLunPlex'],
  },
  {
    id: 'VDS-10.8e',
    level: 'MUST',
    statement: 'AddPlex of a LUN that is smaller answers VDS_E_INVALID_OPERATION.',
    source: ['nf-vdshwprv-ivdslun-addplex'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-10.8f',
    level: 'MUST',
    statement: 'RemovePlex does not remove the only plex of a LUN.',
    source: ['nf-vdshwprv-ivdslun-removeplex', 'lun-plex-object.md'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-10.8g',
    level: 'MUST',
    statement: 'RemovePlex takes a plex from a LUN, whose size stays, and frees the extents of the plex.',
    source: ['nf-vdshwprv-ivdslun-removeplex'],
    interfaces: ['IVdsLun', 'IVdsLunPlex'],
  },
  {
    id: 'VDS-10.8h',
    level: 'MUST',
    statement: 'Recover of a LUN that is not fault-tolerant answers VDS_E_INVALID_OPERATION.',
    source: ['nf-vdshwprv-ivdslun-recover'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-10.8i',
    level: 'MUST',
    statement: 'Recover leaves a LUN of which nothing has failed its size and its plexes.',
    why: 'Its page says what recovery entails: to synchronise, to regenerate parity, to substitute a drive.',
    source: ['nf-vdshwprv-ivdslun-recover'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-10.8b',
    level: 'MUST',
    verb: 'should',
    statement:
      'A plex is at least as large as its LUN, and has stripe size 0 unless it is striped or striped with parity.',
    source: ['nf-vdshwprv-ivdslunplex-getproperties', 'ns-vdshwprv-vds_lun_plex_prop'],
    interfaces: ['IVdsLunPlex'],
  },
  {
    id: 'VDS-10.9a',
    level: 'MUST',
    statement:
      'SetMask and CreateLun unmask the LUN to the computers of the list that they are given, and to no other: "*", ' +
      '"", or initiators separated by ";", ' +
      'WWNs as 16 upper-case hexadecimal digits, high byte first.',
    source: ['nf-vdshwprv-ivdslun-setmask', 'nf-vdshwprv-ivdssubsystem-createlun', 'idl:vdshp'],
    interfaces: ['IVdsLun', 'IVdsSubSystem'],
  },
  {
    id: 'VDS-10.9b',
    level: 'AMBIGUOUS',
    statement:
      'iSCSI entries of an unmasking list name initiators, or targets by an older comment. The answer of SetMask on ' +
      'a subsystem without ' +
      'VDS_SF_LUN_MASKING_CAPABLE is open.',
    source: ['nf-vdshwprv-ivdslun-setmask', 'idl:vdshp'],
    interfaces: ['IVdsLun', 'IVdsSubSystem'],
  },
  {
    id: 'VDS-10.9c',
    level: 'AMBIGUOUS',
    statement:
      'GetProperties reports the unmasking list in effect, in which duplicates do not count. For a LUN that is not ' +
      'masked it is NULL by one comment; ' +
      'NULL, "" and "*" pass, and the provider keeps to its choice.',
    source: ['nf-vdshwprv-ivdslun-getproperties', 'ns-vdshwprv-vds_lun_prop', 'idl:vdshp'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-10.10',
    level: 'MUST',
    statement:
      'AssociateControllers makes the controllers of its first array active for the LUN, SetControllerStatus sets ' +
      'those of its first array online, ' +
      'and both do the opposite with those of the second.',
    source: ['nf-vdshwprv-ivdslun-associatecontrollers', 'nf-vdshwprv-ivdssubsystem-setcontrollerstatus'],
    interfaces: ['IVdsLun', 'IVdsSubSystem'],
  },
  {
    id: 'VDS-10.10b',
    level: 'MUST',
    statement: 'AssociateControllers and SetControllerStatus refuse lists of which neither has one of the controllers.',
    why:
      'Both methods require that all controllers are in one of the lists. E_INVALIDARG "can indicate" that one is ' +
      'not, ' +
      'so that another code passes.',
    source: ['nf-vdshwprv-ivdslun-associatecontrollers', 'nf-vdshwprv-ivdssubsystem-setcontrollerstatus'],
    interfaces: ['IVdsLun', 'IVdsSubSystem'],
  },
  {
    id: 'VDS-10.10c',
    level: 'MUST',
    statement:
      'AssociateControllers and AssociateControllerPorts answer VDS_E_OBJECT_NOT_FOUND for an id that no ' +
      'controller or ' +
      'port has.',
    source: ['nf-vdshwprv-ivdslun-associatecontrollers', 'nf-vdshwprv-ivdsluncontrollerports-associatecontrollerports'],
    interfaces: ['IVdsLun', 'IVdsLunControllerPorts'],
  },
  {
    id: 'VDS-10.10d',
    level: 'MUST',
    statement:
      'AssociateControllers, AssociateControllerPorts and SetControllerStatus refuse a controller or port that is ' +
      'in both lists.',
    why: 'What the provider sets by the first list it sets to the opposite by the second: it cannot do both.',
    source: PARTITIONS,
    interfaces: ['IVdsLun', 'IVdsLunControllerPorts', 'IVdsSubSystem'],
  },
  {
    id: 'VDS-10.10e',
    level: 'AMBIGUOUS',
    statement:
      'AssociateControllerPorts refuses lists that leave a port out, or does as they say with the others; the ' +
      'provider ' +
      'keeps to its choice.',
    why: 'The page says that each list includes what is to stay so, and not that together they name every port.',
    source: ['nf-vdshwprv-ivdsluncontrollerports-associatecontrollerports'],
    interfaces: ['IVdsLunControllerPorts'],
  },
  {
    id: 'VDS-10.11',
    level: 'MUST',
    statement:
      'AssociateTargets makes the given targets the whole new set. QueryAssociatedTargets of a LUN and ' +
      'QueryAssociatedLuns of a target agree.',
    source: [
      'nf-vdshwprv-ivdsluniscsi-associatetargets',
      'nf-vdshwprv-ivdsluniscsi-queryassociatedtargets',
      'nf-vdshwprv-ivdsiscsitarget-queryassociatedluns',
    ],
    interfaces: ['IVdsLunIscsi', 'IVdsIscsiTarget'],
  },
  {
    id: 'VDS-10.12a',
    level: 'MUST',
    statement:
      'ApplyHints on a LUN reaches all of its plexes, on a plex that one only, with fields that do not apply ' +
      'ignored. A hint counts only when its mask ' +
      'bit is set.',
    source: ['nf-vdshwprv-ivdslun-applyhints', 'nf-vdshwprv-ivdslunplex-applyhints', 'ns-vdshwprv-vds_hints'],
    interfaces: ['IVdsLun', 'IVdsLunPlex', 'IVdsLun2'],
  },
  {
    id: 'VDS-10.12b',
    level: 'AMBIGUOUS',
    statement:
      'The rebuild priority runs from 0 to 15, with the limits 1 and 16 named elsewhere: values 0 and 16 are ' +
      'accepted or refused.',
    source: ['ns-vdshwprv-vds_hints', 'vds-constants.md', 'SDK 8.1 vds.h'],
    interfaces: ['IVdsLun', 'IVdsLunPlex', 'IVdsLun2'],
  },
  {
    id: 'VDS-10.13',
    level: 'MUST',
    statement:
      'SetFriendlyName answers VDS_S_NAME_TRUNCATED where it shortened the name, and S_OK where it kept all of it.',
    source: NAMING,
    interfaces: ['IVdsLunNaming', 'IVdsSubSystemNaming', 'IVdsIscsiTarget'],
  },
  {
    id: 'VDS-10.13b',
    level: 'MUST',
    statement: 'The alias that CreateTarget is given is the friendly name of the target, whole or shortened.',
    source: ['nf-vdshwprv-ivdssubsystemiscsi-createtarget'],
    interfaces: ['IVdsSubSystemIscsi', 'IVdsIscsiTarget'],
  },
  {
    id: 'VDS-10.13c',
    level: 'MUST',
    statement: 'SetFriendlyName gives the object, and no other, the name that it is given, or the beginning of it.',
    source: NAMING,
    interfaces: ['IVdsLunNaming', 'IVdsSubSystemNaming', 'IVdsIscsiTarget'],
  },
  {
    id: 'VDS-10.13d',
    level: 'MUST',
    statement:
      'FlushCache, InvalidateCache and Reset work on the controller, or port, that they are called on, which is as ' +
      'before when they are over.',
    source: [
      'nf-vdshwprv-ivdscontroller-flushcache',
      'nf-vdshwprv-ivdscontroller-invalidatecache',
      'nf-vdshwprv-ivdscontroller-reset',
      'nf-vdshwprv-ivdscontrollerport-reset',
    ],
    interfaces: ['IVdsController', 'IVdsControllerPort'],
  },
  {
    id: 'VDS-10.13e',
    level: 'MUST',
    statement: 'Reset of a controller also invalidates its cache.',
    source: ['nf-vdshwprv-ivdscontroller-reset'],
    interfaces: ['IVdsController'],
    untestable: 'No method of a hardware provider shows what the cache of a controller holds.',
  },
  {
    id: 'VDS-10.14',
    level: 'MUST',
    statement:
      'The health reported of an object is one that its kind has, and FAILED only goes with status FAILED; of a ' +
      'controller, port or drive any health goes with ' +
      'status OFFLINE.',
    source: [
      'ns-vdshwprv-vds_sub_system_prop',
      'ns-vdshwprv-vds_lun_prop',
      'ns-vdshwprv-vds_lun_plex_prop',
      'ns-vdshwprv-vds_drive_prop',
      'ne-vdshwprv-vds_health',
      'ne-vdshwprv-vds_controller_status',
      'ne-vdshwprv-vds_port_status',
      'ne-vdshwprv-vds_drive_status',
    ],
    interfaces: [
      'IVdsSubSystem',
      'IVdsLun',
      'IVdsLunPlex',
      'IVdsController',
      'IVdsControllerPort',
      'IVdsDrive',
      'IVdsStoragePool',
    ],
  },
  {
    id: 'VDS-10.14b',
    level: 'MUST',
    verb: 'must',
    statement:
      'Health HEALTHY, STALE, FAILING and PENDING_FAILURE go with no status FAILED or UNKNOWN, and health DEGRADED ' +
      'with no status UNKNOWN.',
    source: ['ne-vdshwprv-vds_health'],
    interfaces: ['IVdsSubSystem', 'IVdsLun', 'IVdsLunPlex', 'IVdsController', 'IVdsDrive', 'IVdsStoragePool'],
  },
  {
    id: 'VDS-10.14c',
    level: 'MUST',
    verb: 'should',
    statement: 'A controller, port or drive with status FAILED reports health FAILED or FAILING.',
    source: ['ne-vdshwprv-vds_controller_status', 'ne-vdshwprv-vds_port_status', 'ne-vdshwprv-vds_drive_status'],
    interfaces: ['IVdsController', 'IVdsControllerPort', 'IVdsDrive'],
  },
  {
    id: 'VDS-10.14d',
    level: 'SHOULD',
    statement: 'A LUN of which a plex has failed does not report health HEALTHY.',
    why: 'The page says that all plexes of a LUN are available then; when a provider comes to see it, it does not say.',
    source: ['ne-vdshwprv-vds_health'],
    interfaces: ['IVdsLun', 'IVdsLunPlex'],
  },
  {
    id: 'VDS-10.15',
    level: 'MUST',
    statement:
      'QueryExtents of a drive lists its used and free extents, each allocated one with the id of its LUN, and of a ' +
      'plex the extents of that plex. ' +
      'With none it answers S_OK, a NULL array and count 0.',
    source: ['nf-vdshwprv-ivdsdrive-queryextents', 'nf-vdshwprv-ivdslunplex-queryextents'],
    interfaces: ['IVdsDrive', 'IVdsLunPlex'],
  },
  {
    id: 'VDS-10.15b',
    level: 'SHOULD',
    why: 'The array has allocated and unallocated extents, by the page, which also knows drives without extents.',
    statement:
      'QueryExtents of a drive lists what is free as well as what is allocated: a drive that is online and of which ' +
      'no LUN has anything has free extents.',
    source: ['nf-vdshwprv-ivdsdrive-queryextents', 'ns-vdshwprv-vds_drive_extent'],
    interfaces: ['IVdsDrive'],
  },
  {
    id: 'VDS-10.16',
    level: 'MUST',
    statement:
      'Creating a LUN in a storage pool, or asking for the largest one there, ' +
      'takes the id of a pool, which cannot be GUID_NULL.',
    source: [
      'nf-vdshwprv-ivdshwproviderstoragepools-createluninstoragepool',
      'nf-vdshwprv-ivdshwproviderstoragepools-querymaxluncreatesizeinstoragepool',
    ],
    interfaces: ['IVdsHwProviderStoragePools'],
  },
  {
    id: 'VDS-10.16b',
    level: 'MUST',
    statement:
      'QueryStoragePools with flags 0 lists all storage pools, otherwise those of the types that the flags name.',
    source: ['nf-vdshwprv-ivdshwproviderstoragepools-querystoragepools', 'ne-vdshwprv-vds_storage_pool_type'],
    interfaces: ['IVdsHwProviderStoragePools', 'IVdsStoragePool'],
  },
  {
    id: 'VDS-10.16c',
    level: 'MUST',
    statement: 'QueryStoragePools lists the pools that have as much free space as is asked for, and no other.',
    source: ['nf-vdshwprv-ivdshwproviderstoragepools-querystoragepools'],
    interfaces: ['IVdsHwProviderStoragePools', 'IVdsStoragePool'],
  },
  {
    id: 'VDS-10.16d',
    level: 'MUST',
    verb: 'must',
    statement: 'A storage pool that is thin provisioned is of type VDS_SPT_CONCRETE.',
    source: ['ns-vdshwprv-vds_pool_attributes'],
    interfaces: ['IVdsStoragePool'],
  },
  {
    id: 'VDS-10.16e',
    level: 'MUST',
    verb: 'must',
    why: 'The page of the attributes gives ullProvisionedSpace a meaning for thin provisioned pools only.',
    statement: 'A thin provisioned pool consumes no more space than is provisioned for it.',
    source: ['ns-vdshwprv-vds_storage_pool_prop', 'ns-vdshwprv-vds_pool_attributes'],
    interfaces: ['IVdsStoragePool'],
  },
  {
    id: 'VDS-10.16f',
    level: 'MUST',
    statement:
      'The free space of a storage pool is part of its managed space; the rest is what existing LUNs and child pools ' +
      'have been given.',
    source: ['ns-vdshwprv-vds_storage_pool_prop'],
    interfaces: ['IVdsStoragePool'],
  },
  {
    id: 'VDS-10.16g',
    level: 'MUST',
    statement: 'CreateLunInStoragePool makes the LUN in the pool that is named, and in no other.',
    source: ['nf-vdshwprv-ivdshwproviderstoragepools-createluninstoragepool'],
    interfaces: ['IVdsHwProviderStoragePools', 'IVdsStoragePool'],
  },
  {
    id: 'VDS-10.16h',
    level: 'MUST',
    statement: 'QueryAllocatedStoragePools of a storage pool lists other pools, which the provider manages.',
    source: ['nf-vdshwprv-ivdsstoragepool-queryallocatedstoragepools'],
    interfaces: ['IVdsStoragePool'],
  },
  {
    id: 'VDS-10.16i',
    level: 'MUST',
    statement:
      'A storage pool without a specific RAID type reports VDS_RT_UNKNOWN, and its attribute mask lacks ' +
      'VDS_POOL_ATTRIB_RAIDTYPE.',
    source: ['ns-vdshwprv-vds_pool_attributes', 'ne-vdshwprv-vds_raid_type'],
    interfaces: ['IVdsStoragePool'],
  },
  {
    id: 'VDS-10.16j',
    level: 'SHOULD',
    statement: 'A primordial storage pool has no attribute in its mask.',
    why: 'The page says that the attributes do not apply to a primordial pool, and not what it reports of them.',
    source: ['ne-vdshwprv-vds_storage_pool_type', 'ns-vdshwprv-vds_pool_attributes'],
    interfaces: ['IVdsStoragePool'],
  },
  {
    id: 'VDS-10.16k',
    level: 'MUST',
    statement: 'QueryStoragePools lists the pools that have every attribute that is asked for, and no other.',
    source: ['nf-vdshwprv-ivdshwproviderstoragepools-querystoragepools'],
    interfaces: ['IVdsHwProviderStoragePools', 'IVdsStoragePool'],
  },
  {
    id: 'VDS-10.16l',
    level: 'MUST',
    statement: 'QueryStoragePools that no pool satisfies answers S_OK with an empty enumeration.',
    source: ['nf-vdshwprv-ivdshwproviderstoragepools-querystoragepools'],
    interfaces: ['IVdsHwProviderStoragePools'],
  },
  {
    id: 'VDS-10.16m',
    level: 'MUST',
    statement: 'QueryAllocatedLuns of a storage pool lists each LUN that was made in it, until that is deleted.',
    source: ['nf-vdshwprv-ivdsstoragepool-queryallocatedluns'],
    interfaces: ['IVdsStoragePool'],
  },
  {
    id: 'VDS-10.16n',
    level: 'MUST',
    statement:
      'QueryDriveExtents of a storage pool lists the extents that it has of drives, which a subsystem lists, and ' +
      'their number.',
    source: ['nf-vdshwprv-ivdsstoragepool-querydriveextents'],
    interfaces: ['IVdsStoragePool'],
  },
  {
    id: 'VDS-10.17',
    level: 'MUST',
    statement:
      'An operation that StartMaintenance starts runs until it is stopped or pulsed: StopMaintenance stops it at ' +
      'once, and PulseMaintenance lets it ' +
      'pulse and then stops it.',
    source: [
      'nf-vdshwprv-ivdsmaintenance-startmaintenance',
      'nf-vdshwprv-ivdsmaintenance-stopmaintenance',
      'nf-vdshwprv-ivdsmaintenance-pulsemaintenance',
    ],
    interfaces: ['IVdsMaintenance'],
  },
  {
    id: 'VDS-10.17b',
    level: 'MUST',
    statement: 'StopMaintenance and PulseMaintenance of an operation that does not run answer S_FALSE, and do nothing.',
    source: ['nf-vdshwprv-ivdsmaintenance-stopmaintenance', 'nf-vdshwprv-ivdsmaintenance-pulsemaintenance'],
    interfaces: ['IVdsMaintenance'],
  },
  {
    id: 'VDS-10.17c',
    level: 'MUST',
    statement: 'SpinUp and SpinDown cannot be pulsed.',
    source: ['nf-vdshwprv-ivdsmaintenance-pulsemaintenance'],
    interfaces: ['IVdsMaintenance'],
  },
  {
    id: 'VDS-10.17d',
    level: 'SHOULD',
    statement: 'An operation of a controller runs on when the controller is reset.',
    why:
      'The page of StartMaintenance says that an operation runs until the caller stops or pulses it; that of Reset ' +
      'says that the controller is reinitialized, and not what becomes of its operations.',
    source: ['nf-vdshwprv-ivdsmaintenance-startmaintenance', 'nf-vdshwprv-ivdscontroller-reset'],
    interfaces: ['IVdsMaintenance', 'IVdsController'],
  },
  {
    id: 'VDS-10.18a',
    level: 'MUST',
    statement:
      'GetIdentificationData reports m_version VER_VDS_LUN_INFORMATION (1), ' +
      'and NULL for ids that the LUN does not have.',
    source: ['nf-vdshwprv-ivdslun-getidentificationdata', 'ns-vdslun-vds_lun_information'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-10.18c',
    level: 'MUST',
    statement: 'The identification data of a LUN identify it: they stay the same, and no other LUN has them.',
    why: 'The page says that they can be used to identify a LUN uniquely at all times.',
    source: ['ns-vdslun-vds_lun_information'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-10.18b',
    level: 'SHOULD',
    statement: 'GetIdentificationData leaves the interconnects empty.',
    source: ['idl:vdslun'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-10.19',
    level: 'MUST',
    statement:
      'GetPathInfo and GetLoadBalancePolicy of a LUN report the same paths; for a LUN without paths ' +
      'GetLoadBalancePolicy gives NULL and the number 0.',
    why: 'The pages say so of the number of paths; each structure has the id of its path.',
    source: ['nf-vdshwprv-ivdslunmpio-getpathinfo', 'nf-vdshwprv-ivdslunmpio-getloadbalancepolicy'],
    interfaces: ['IVdsLunMpio'],
  },
  {
    id: 'VDS-10.19b',
    level: 'SHOULD',
    verb: 'should',
    statement: 'GetPathInfo gives GUID_NULL as the id of the HBA port, which VDS fills in.',
    source: ['nf-vdshwprv-ivdslunmpio-getpathinfo'],
    interfaces: ['IVdsLunMpio'],
  },
  {
    id: 'VDS-10.19c',
    level: 'MUST',
    statement: 'The type of a path is the interconnect of that path, and never VDS_HWT_HYBRID.',
    source: ['ns-vdshwprv-vds_path_info'],
    interfaces: ['IVdsLunMpio'],
  },
  {
    id: 'VDS-10.19d',
    level: 'SHOULD',
    verb: 'should',
    why: 'The page lets VDS ignore the interface where an iSCSI provider has it.',
    statement: 'The LUNs of an iSCSI provider do not have IVdsLunMpio.',
    source: ['nn-vdshwprv-ivdslunmpio', 'idl:vdshp'],
    interfaces: ['IVdsLunMpio', 'IVdsHwProviderType'],
  },
  {
    id: 'VDS-10.19e',
    level: 'MUST',
    statement:
      'SetLoadBalancePolicy sets the policy of the LUN, as ' +
      'GetLoadBalancePolicy then reports it, and that of no other LUN.',
    source: ['nf-vdshwprv-ivdslunmpio-setloadbalancepolicy', 'nf-vdshwprv-ivdslunmpio-getloadbalancepolicy'],
    interfaces: ['IVdsLunMpio'],
  },
  {
    id: 'VDS-10.19f',
    level: 'MUST',
    statement:
      'GetSupportedLbPolicies answers a combination of the VDS_LBF flags, ' +
      'and a policy whose flag is among them can be set.',
    source: ['nf-vdshwprv-ivdslunmpio-getsupportedlbpolicies', 'ne-vdshwprv-vds_provider_lbsupport_flag'],
    interfaces: ['IVdsLunMpio'],
  },
  {
    id: 'VDS-10.19g',
    level: 'MUST',
    statement: 'Under the policy VDS_LBP_FAILOVER one path of the LUN is primary, and the others are backup paths.',
    source: ['ne-vdshwprv-vds_loadbalance_policy_enum', 'ns-vdshwprv-vds_path_policy'],
    interfaces: ['IVdsLunMpio'],
  },
  {
    id: 'VDS-10.19h',
    level: 'MUST',
    statement: 'Each path of a LUN has an id that no other path of it has.',
    source: ['ns-vdshwprv-vds_path_info'],
    interfaces: ['IVdsLunMpio'],
  },
  {
    id: 'VDS-10.19i',
    level: 'MUST',
    statement:
      'The other end of a path is a controller port of the provider for Fibre Channel and SAS, and a portal for iSCSI.',
    why: 'A path that has failed may end at a port that is no more: it is judged of others only.',
    source: ['ns-vdshwprv-vds_path_info', 'controller-port-object.md', 'portal-object.md'],
    interfaces: ['IVdsLunMpio', 'IVdsControllerPort', 'IVdsIscsiPortal'],
  },
  {
    id: 'VDS-10.40',
    level: 'MUST',
    statement:
      'AssociateControllerPorts makes the ports of its first list active for ' +
      'the LUN and those of its second inactive, as ' +
      'QueryActiveControllerPorts and QueryAssociatedLuns of each port then report.',
    source: [
      'nf-vdshwprv-ivdsluncontrollerports-associatecontrollerports',
      'nf-vdshwprv-ivdsluncontrollerports-queryactivecontrollerports',
      'nf-vdshwprv-ivdscontrollerport-queryassociatedluns',
    ],
    interfaces: ['IVdsLunControllerPorts', 'IVdsControllerPort'],
  },
  {
    id: 'VDS-10.20',
    level: 'MUST',
    statement:
      'QueryActiveControllers of a LUN and QueryAssociatedLuns of a controller agree: a controller is associated ' +
      'with the LUNs for which it is active. ' +
      'The same holds for controller ports.',
    source: [
      'nf-vdshwprv-ivdslun-queryactivecontrollers',
      'nf-vdshwprv-ivdscontroller-queryassociatedluns',
      'nf-vdshwprv-ivdsluncontrollerports-queryactivecontrollerports',
      'nf-vdshwprv-ivdscontrollerport-queryassociatedluns',
    ],
    interfaces: ['IVdsLun', 'IVdsController', 'IVdsLunControllerPorts', 'IVdsControllerPort'],
  },
  {
    id: 'VDS-10.26',
    level: 'MUST',
    statement:
      'ReplaceDrive replaces one drive by another, or migrates what lies on it: LUNs keep their data, size and id.',
    source: ['nf-vdshwprv-ivdssubsystem-replacedrive'],
    interfaces: ['IVdsSubSystem'],
  },
  {
    id: 'VDS-10.26b',
    level: 'AMBIGUOUS',
    statement:
      'What lies on a drive has moved when ReplaceDrive returns, or moves in ' +
      'the background; the provider keeps to its choice.',
    why: 'The method returns no IVdsAsync, and its page does not say when it has ended.',
    source: ['nf-vdshwprv-ivdssubsystem-replacedrive'],
    interfaces: ['IVdsSubSystem', 'IVdsDrive'],
  },
  {
    id: 'VDS-10.21',
    level: 'MUST',
    statement:
      'SetFlags with VDS_DRF_HOTSPARE makes a drive a hot spare, and ' +
      'ClearFlags ends that, as its properties then report.',
    source: ['nf-vdshwprv-ivdsdrive-setflags', 'nf-vdshwprv-ivdsdrive-clearflags', 'ne-vdshwprv-vds_drive_flag'],
    interfaces: ['IVdsDrive'],
  },
  {
    id: 'VDS-10.8c',
    level: 'MUST',
    statement: 'Only a mirrored LUN has several plexes; a LUN of any other type has one.',
    source: ['lun-plex-object.md', 'nf-vdshwprv-ivdslun-queryplexes'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-10.8d',
    level: 'MUST',
    statement: 'A simple LUN lies on one drive, and each plex of a mirrored LUN on drives of its own.',
    source: ['ne-vdshwprv-vds_lun_type', 'lun-object.md'],
    interfaces: ['IVdsLun', 'IVdsLunPlex'],
  },
  {
    id: 'VDS-10.9d',
    level: 'MUST',
    statement:
      'A LUN that is created with an empty unmasking list is unmasked to ' +
      'no computer, as far as the subsystem can mask.',
    source: ['nf-vdshwprv-ivdssubsystem-createlun'],
    interfaces: ['IVdsSubSystem', 'IVdsLun'],
  },
  {
    id: 'VDS-10.9e',
    level: 'MUST',
    statement: 'SetMask refuses a list with an entry that is no initiator, and one in which "*" does not stand alone.',
    why:
      'The caller is not expected to validate names, by the page of SetMask; it is the responsibility of the ' +
      'provider, ' +
      'by that of CreateLun.',
    source: ['nf-vdshwprv-ivdslun-setmask', 'nf-vdshwprv-ivdssubsystem-createlun', 'idl:vdshp'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-10.9f',
    level: 'MUST',
    statement: 'Each SetMask replaces the list before it: access is not cumulative.',
    source: ['nf-vdshwprv-ivdslun-setmask'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-10.21b',
    level: 'MUST',
    statement:
      'A drive that is a hot spare is reserved for that: no space of it is given to a LUN that is created or extended.',
    source: ['hot-sparing.md', 'ne-vdshwprv-vds_drive_flag'],
    interfaces: ['IVdsDrive', 'IVdsSubSystem'],
  },
  {
    id: 'VDS-10.22',
    level: 'MUST',
    verb: 'must',
    statement: 'sRebuildPriority of a subsystem, LUN or plex is from 0 to 15.',
    source: ['ns-vdshwprv-vds_sub_system_prop', 'ns-vdshwprv-vds_lun_prop', 'ns-vdshwprv-vds_lun_plex_prop'],
    interfaces: ['IVdsSubSystem', 'IVdsLun', 'IVdsLunPlex'],
  },
  {
    id: 'VDS-10.23',
    level: 'MUST',
    statement: 'pwszIdentification of a LUN is its unique identifier: not NULL, not empty, and no other LUN has it.',
    source: ['ns-vdshwprv-vds_lun_prop'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-10.25',
    level: 'SHOULD',
    statement: 'A LUN reports transition state STABLE while no configuration of it is in progress.',
    why: 'The page says what the values mean; when a provider has to be done with a configuration it does not say.',
    source: ['ne-vdshwprv-vds_transition_state', 'ns-vdshwprv-vds_lun_prop'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-10.27',
    level: 'SHOULD',
    statement:
      'A drive is not at once ASSIGNED and UNASSIGNED, nor a hot spare at once in use and on standby, and a drive ' +
      'with extents of LUNs is not UNASSIGNED.',
    why: 'The page says what each flag means; that they exclude each other follows.',
    source: ['ne-vdshwprv-vds_drive_flag'],
    interfaces: ['IVdsDrive'],
  },
  {
    id: 'VDS-10.28',
    level: 'SHOULD',
    statement: 'The stripe size of a striped plex is a power of two that the subsystem has among its stripe sizes.',
    why: 'The page calls the set that of the provider; that each plex is of it follows.',
    source: ['ns-vdshwprv-vds_sub_system_prop', 'ns-vdshwprv-vds_lun_plex_prop'],
    interfaces: ['IVdsSubSystem', 'IVdsLunPlex'],
  },
  {
    id: 'VDS-10.29',
    level: 'SHOULD',
    statement:
      'The extents that QueryExtents lists of a plex hold together at least ' +
      'its size, where no storage pool makes thin LUNs.',
    why: 'The page says that they contribute to the plex, and not that they hold all of it.',
    source: ['nf-vdshwprv-ivdslunplex-queryextents'],
    interfaces: ['IVdsLunPlex'],
  },
  {
    id: 'VDS-10.31',
    level: 'MUST',
    statement: 'A subsystem without VDS_SF_DRIVE_EXTENT_CAPABLE makes LUNs of whole drives only.',
    source: ['ne-vdshwprv-vds_sub_system_flag'],
    interfaces: ['IVdsSubSystem', 'IVdsDrive'],
  },
  {
    id: 'VDS-10.32',
    level: 'MUST',
    statement:
      'A LUN has remapping, verification, a checksum, caching, scanning or consistency checks enabled only where the ' +
      'flags of its subsystem say that it is capable of that.',
    source: ['ne-vdshwprv-vds_sub_system_flag', 'ne-vdshwprv-vds_lun_flag'],
    interfaces: ['IVdsSubSystem', 'IVdsLun'],
  },
  {
    id: 'VDS-10.32b',
    level: 'SHOULD',
    statement: 'A subsystem that has a LUN of several plexes has VDS_SF_LUN_PLEXING_CAPABLE.',
    why: 'The flag may also be read as the ability to add a plex.',
    source: ['ne-vdshwprv-vds_sub_system_flag'],
    interfaces: ['IVdsSubSystem', 'IVdsLun'],
  },
  {
    id: 'VDS-10.32c',
    level: 'SHOULD',
    statement: 'VDS_SF_RADIUS_CAPABLE and VDS_SF_SUPPORTS_MIRRORED_CACHE say whether the subsystem supports these.',
    source: ['ne-vdshwprv-vds_sub_system_flag'],
    interfaces: ['IVdsSubSystem'],
    untestable: 'No method of a hardware provider shows whether RADIUS is used or a cache is mirrored.',
  },
  {
    id: 'VDS-10.33',
    level: 'SHOULD',
    statement:
      'The flags of a LUN say of remapping, verification, write-through, checksum, caching, scanning and consistency ' +
      'checks what the hints say that QueryHints reports as applied.',
    why: 'Both describe what is enabled; no page says that they agree.',
    source: ['ne-vdshwprv-vds_lun_flag', 'nf-vdshwprv-ivdslun-queryhints', 'ns-vdshwprv-vds_hints'],
    interfaces: ['IVdsLun', 'IVdsLun2'],
  },
  {
    id: 'VDS-10.33b',
    level: 'SHOULD',
    statement:
      'VDS_LPF_LBN_REMAP_ENABLED of the only plex of a LUN corresponds to VDS_LF_LBN_REMAP_ENABLED of the LUN.',
    source: ['ne-vdshwprv-vds_lun_plex_flag'],
    interfaces: ['IVdsLun', 'IVdsLunPlex'],
  },
  {
    id: 'VDS-10.34',
    level: 'MUST',
    statement: 'QueryHints and QueryHints2 of a LUN report the same values in the members that both structures have.',
    source: ['nf-vdshwprv-ivdslun2-queryhints2', 'nf-vdshwprv-ivdslun2-applyhints2'],
    interfaces: ['IVdsLun', 'IVdsLun2'],
  },
  {
    id: 'VDS-10.35',
    level: 'SHOULD',
    statement:
      'The bus type in the identification data of a LUN, and the code set and type of each of its identifiers, are ' +
      'of their enumerations.',
    why: 'VDS passes the structure on; no page forbids a later value.',
    source: ['ns-vds-vds_lun_information', 'nf-vdshwprv-ivdslun-getidentificationdata'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-10.36',
    level: 'SHOULD',
    statement: 'A subsystem that cannot mask passes over the unmasking list of CreateLun.',
    why: 'A comment of the IDL says so of enclosures without masking; no page repeats it.',
    source: ['idl:vdshp'],
    interfaces: ['IVdsSubSystem'],
  },
  {
    id: 'VDS-10.37',
    level: 'SHOULD',
    statement: 'A LUN of a volume shadow copy has VDS_LF_SNAPSHOT, where the provider supports VDS 3.0.',
    why: 'The page says what the flag means; a provider need not know what a LUN is used for.',
    source: ['ne-vdshwprv-vds_lun_flag'],
    interfaces: ['IVdsLun'],
  },
];
