// The duties about identity.
import { DEVICE_INTERFACES } from './interfaces.js';
import type { Entry } from './entry.js';

export const IDENTITY: readonly Entry[] = [
  {
    id: 'VDS-4.1a',
    level: 'MUST',
    verb: 'should',
    statement:
      'One object stands for each physical or virtual device: no enumeration lists a device twice, and every route ' +
      'to it (enumeration, GetObject, the ' +
      'result of its creation) shows the same id and the same state.',
    source: ['hardware-provider-objects.md', 'nf-vdshwprv-ivdsproviderprivate-getobject'],
    interfaces: ['IVdsProviderPrivate', 'IVdsHwProvider', 'IVdsSubSystem', 'IVdsSubSystemIscsi'],
  },
  {
    id: 'VDS-4.1b',
    level: 'AMBIGUOUS',
    statement:
      'Whether all routes to one device also give one COM identity (equal IUnknown pointers) is not spelt out; the ' +
      'provider answers one way ' +
      'throughout.',
    source: ['hardware-provider-objects.md', 'nf-vdshwprv-ivdsproviderprivate-getobject'],
    interfaces: ['IVdsProviderPrivate', 'IVdsHwProvider', 'IVdsSubSystem', 'IVdsSubSystemIscsi'],
  },
  {
    id: 'VDS-4.2a',
    level: 'MUST',
    verb: 'must',
    statement: "Each object's id is a valid GUID, and not GUID_NULL.",
    source: ['nf-vdshwprv-ivdssubsystem-reenumerate'],
    interfaces: DEVICE_INTERFACES,
  },
  {
    id: 'VDS-4.2b',
    level: 'MUST',
    verb: 'should',
    statement: 'An object keeps its id for as long as it is there, also across Reenumerate and Refresh.',
    why: 'The page says so of objects that exist both before and after the reenumeration.',
    source: ['nf-vdshwprv-ivdssubsystem-reenumerate', 'MS-VDS 3.4.3'],
    interfaces: DEVICE_INTERFACES,
  },
  {
    id: 'VDS-4.2c',
    level: 'AMBIGUOUS',
    statement:
      'A subsystem that was disconnected and is connected again, with what it holds, has the ids of before or new ' +
      'ones; the provider keeps to its choice.',
    why:
      'Ids persist for what exists both before and after a reenumeration; what was gone in between is not among that ' +
      'by every reading.',
    source: ['nf-vdshwprv-ivdssubsystem-reenumerate', 'provider-object.md'],
    interfaces: ['IVdsHwProvider'],
  },
  {
    id: 'VDS-4.2d',
    level: 'MUST',
    verb: 'should',
    statement: 'The id of an object belongs to no other object that there is.',
    source: ['nf-vdshwprv-ivdssubsystem-reenumerate'],
    interfaces: DEVICE_INTERFACES,
  },
  {
    id: 'VDS-4.2e',
    level: 'SHOULD',
    statement: 'A new object has not the id of one that is gone and is still held.',
    why: 'The page wants ids to be unique, and does not say for how long after the object is gone.',
    source: ['nf-vdshwprv-ivdssubsystem-reenumerate'],
    interfaces: DEVICE_INTERFACES,
  },
  {
    id: 'VDS-4.2f',
    level: 'SHOULD',
    statement: 'The id that GetPortProperties reports of a port is not GUID_NULL, and that of no other port.',
    why: 'The page says no more than that it is assigned, and ports are objects in Fibre Channel providers only.',
    source: ['ns-vdshwprv-vds_port_prop', 'controller-port-object.md'],
    interfaces: ['IVdsController'],
  },
  {
    id: 'VDS-4.3',
    level: 'AMBIGUOUS',
    statement:
      "When the provider is unloaded and loaded again, ids other than the provider's own may be kept or given anew; " +
      'the provider keeps to its choice.',
    source: ['vds-data-types.md', 'vds-object-model.md', 'provider-object.md', 'MS-VDS 3.4.3'],
    interfaces: DEVICE_INTERFACES,
  },
  {
    id: 'VDS-4.4',
    level: 'MUST',
    statement:
      'GetProvider, GetSubSystem, GetController, GetLun and GetTarget hand out the object that contains this one, ' +
      'with a reference added. A subsystem ' +
      'belongs to exactly one provider.',
    source: [
      'subsystem-object.md',
      'nf-vdshwprv-ivdssubsystem-getprovider',
      'nf-vdshwprv-ivdscontroller-getsubsystem',
      'nf-vdshwprv-ivdscontrollerport-getcontroller',
      'nf-vdshwprv-ivdsdrive-getsubsystem',
      'nf-vdshwprv-ivdslun-getsubsystem',
      'nf-vdshwprv-ivdslunplex-getlun',
      'nf-vdshwprv-ivdsiscsitarget-getsubsystem',
      'nf-vdshwprv-ivdsiscsiportal-getsubsystem',
      'nf-vdshwprv-ivdsiscsiportalgroup-gettarget',
      'nf-vdshwprv-ivdsstoragepool-getprovider',
    ],
    interfaces: [
      'IVdsSubSystem',
      'IVdsController',
      'IVdsControllerPort',
      'IVdsDrive',
      'IVdsLun',
      'IVdsLunPlex',
      'IVdsIscsiTarget',
      'IVdsIscsiPortal',
      'IVdsIscsiPortalGroup',
      'IVdsStoragePool',
    ],
  },
  {
    id: 'VDS-4.5a',
    level: 'MUST',
    statement:
      'A drive is identified by its bus and slot (and enclosure, where GetDrive2 is offered) and by nothing else. ' +
      "The numbers are the provider's own, " +
      "but GetDrive and the drive's properties agree on them at all times.",
    source: [
      'nf-vdshwprv-ivdssubsystem-getdrive',
      'nf-vdshwprv-ivdssubsystem2-getdrive2',
      'ns-vdshwprv-vds_drive_prop',
    ],
    interfaces: ['IVdsSubSystem', 'IVdsSubSystem2', 'IVdsDrive', 'IVdsDrive2'],
  },
  {
    id: 'VDS-4.5b',
    level: 'AMBIGUOUS',
    statement:
      'The code for a bus and slot that hold no drive is not documented: GetDrive fails with any permitted code ' +
      '(VDS_E_OBJECT_NOT_FOUND is the ' +
      'plausible one) and keeps to it.',
    source: ['nf-vdshwprv-ivdssubsystem-getdrive'],
    interfaces: ['IVdsSubSystem', 'IVdsSubSystem2'],
  },
  {
    id: 'VDS-4.6',
    level: 'MUST',
    statement:
      'Where the subsystem sets VDS_SF_SUPPORTS_LUN_NUMBER, GetLunNumber gives each LUN exactly one number that the ' +
      'provider assigned within the ' +
      'array; it is not the SCSI LUN.',
    source: ['nf-vdshwprv-ivdslunnumber-getlunnumber'],
    interfaces: ['IVdsLunNumber'],
  },
  {
    id: 'VDS-4.7',
    level: 'MUST',
    statement:
      'The numbers of controllers that a subsystem can have, and of ports that a controller has, are not below those ' +
      'that are listed.',
    source: ['ns-vdshwprv-vds_sub_system_prop', 'ns-vdshwprv-vds_controller_prop'],
    interfaces: ['IVdsSubSystem', 'IVdsController'],
  },
  {
    id: 'VDS-4.7c',
    level: 'SHOULD',
    statement:
      'The numbers of buses, and of slots on each bus, that a subsystem has are not below those that its drives ' +
      'are on.',
    why:
      'The numbers that a drive reports are "not related" to these by its page, and yet each names one bus and ' +
      'one slot.',
    source: ['ns-vdshwprv-vds_sub_system_prop', 'ns-vdshwprv-vds_drive_prop'],
    interfaces: ['IVdsSubSystem', 'IVdsDrive'],
  },
  {
    id: 'VDS-4.7b',
    level: 'MUST',
    statement:
      'sNumberOfPorts of a controller is the number of ports that GetPortProperties finds, which are numbered from 0.',
    source: ['ns-vdshwprv-vds_controller_prop', 'nf-vdshwprv-ivdscontroller-getportproperties'],
    interfaces: ['IVdsController'],
  },
  {
    id: 'VDS-4.8',
    level: 'SHOULD',
    statement:
      'A subsystem reports at least as many enclosures as its drives are in, or 0 where the number has no meaning.',
    source: ['ns-vdshwprv-vds_sub_system_prop2', 'ns-vdshwprv-vds_drive_prop2'],
    interfaces: ['IVdsSubSystem2', 'IVdsDrive2'],
  },
  {
    id: 'VDS-4.8b',
    level: 'SHOULD',
    statement: 'The bus type of a drive is a value of its enumeration.',
    source: ['ns-vdshwprv-vds_drive_prop2'],
    interfaces: ['IVdsDrive2'],
  },
  {
    id: 'VDS-4.9',
    level: 'SHOULD',
    verb: 'should',
    statement: 'A port of a Fibre Channel controller is identified by its world wide name, in 16 hexadecimal digits.',
    source: ['ns-vdshwprv-vds_port_prop'],
    interfaces: ['IVdsController', 'IVdsControllerPort'],
  },
];
