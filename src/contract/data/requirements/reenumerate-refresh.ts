// The duties about reenumerate refresh.
import { DEVICE_INTERFACES } from './interfaces.js';
import type { Entry } from './entry.js';

/** The pages of the calls by which a caller recovers, and of what it asks for then. */
const OF_RECOVERY = [
  'nf-vdshwprv-ivdshwprovider-querysubsystems',
  'nf-vdshwprv-ivdshwprovider-reenumerate',
  'nf-vdshwprv-ivdshwprovider-refresh',
  'nf-vdshwprv-ivdssubsystem-reenumerate',
] as const;

export const REENUMERATE_REFRESH: readonly Entry[] = [
  {
    id: 'VDS-5.1',
    level: 'MUST',
    statement:
      'Reenumerate finds devices that were connected or have gone, Refresh brings the information about known ' +
      'devices up to date. Both answer on the ' +
      'provider object itself, although the remote protocol does not use their slots.',
    source: [
      'reenumerating-and-refreshing.md',
      'nf-vdshwprv-ivdshwprovider-reenumerate',
      'nf-vdshwprv-ivdshwprovider-refresh',
      'MS-VDS',
      'SDK 8.1 vds.h',
    ],
    interfaces: ['IVdsHwProvider'],
  },
  {
    id: 'VDS-5.2',
    level: 'MUST',
    statement:
      'After IVdsHwProvider::Reenumerate the provider knows the subsystems ' +
      'connected since, however long the search takes.',
    source: ['nf-vdshwprv-ivdshwprovider-reenumerate', 'idl:vdshp'],
    interfaces: ['IVdsHwProvider'],
  },
  {
    id: 'VDS-5.2b',
    level: 'AMBIGUOUS',
    statement:
      'A subsystem that was disconnected is no longer listed and answers VDS_E_OBJECT_DELETED, or is kept with ' +
      'status OFFLINE; the provider keeps to its choice.',
    why:
      'QuerySubSystems is for subsystems that are connected, while the status OFFLINE is defined as that of one that ' +
      'is disconnected.',
    source: ['nf-vdshwprv-ivdshwprovider-querysubsystems', 'ne-vdshwprv-vds_sub_system_status'],
    interfaces: ['IVdsHwProvider', 'IVdsSubSystem'],
  },
  {
    id: 'VDS-5.3',
    level: 'MUST',
    statement:
      'IVdsHwProvider::Refresh renews the cached data of the existing subsystems; it does not search for new ones. ' +
      'It may send notifications while it ' +
      'works.',
    source: ['nf-vdshwprv-ivdshwprovider-refresh'],
    interfaces: ['IVdsHwProvider'],
  },
  {
    id: 'VDS-5.4',
    level: 'MUST',
    statement:
      'IVdsSubSystem::Reenumerate creates a drive object for each new drive, and drives that were there before keep ' +
      'their ids. The object of a removed ' +
      'drive stays until its last reference is released.',
    source: ['nf-vdshwprv-ivdssubsystem-reenumerate'],
    interfaces: ['IVdsSubSystem', 'IVdsDrive'],
  },
  {
    id: 'VDS-5.4b',
    level: 'AMBIGUOUS',
    statement:
      'The held object of a drive that was pulled answers VDS_E_OBJECT_DELETED, or reports the status REMOVED or ' +
      'UNKNOWN until it is released; the provider ' +
      'keeps to its choice.',
    why:
      'The object must be preserved until its last reference is released, and only a GetProperties that succeeds can ' +
      'report REMOVED.',
    source: [
      'nf-vdshwprv-ivdssubsystem-reenumerate',
      'ne-vdshwprv-vds_drive_status',
      'ns-vdshwprv-vds_drive_notification',
    ],
    interfaces: ['IVdsSubSystem', 'IVdsDrive'],
  },
  {
    id: 'VDS-5.5a',
    level: 'MUST',
    statement:
      'A provider whose cache of attached devices is corrupted answers VDS_E_PROVIDER_CACHE_CORRUPT where it needs ' +
      'the cache, or repairs the cache ' +
      'itself. It never passes corrupted content off as an answer.',
    source: [
      'nf-vdshwprv-ivdshwprovider-reenumerate',
      'nf-vdshwprv-ivdshwprovider-refresh',
      'nf-vdshwprv-ivdshwprovider-querysubsystems',
      'virtual-disk-service-common-return-codes.md',
    ],
    interfaces: ['IVdsHwProvider', ...DEVICE_INTERFACES],
  },
  {
    id: 'VDS-5.5b',
    level: 'MUST',
    statement:
      'Reenumerate followed by Refresh restores a corrupted cache: what the provider reports afterwards is true again.',
    source: OF_RECOVERY,
    interfaces: ['IVdsHwProvider', 'IVdsSubSystem'],
  },
  {
    id: 'VDS-5.5c',
    level: 'MUST',
    statement:
      'While the cause lasts, Reenumerate, Refresh and QuerySubSystems succeed, or fail with ' +
      'VDS_E_PROVIDER_CACHE_CORRUPT, another code of their pages or a generic one.',
    source: OF_RECOVERY,
    interfaces: ['IVdsHwProvider', 'IVdsSubSystem'],
  },
  {
    id: 'VDS-5.5d',
    level: 'MUST',
    statement: 'Reenumerate and Refresh answer S_OK where the cause is gone, or never was.',
    source: OF_RECOVERY,
    interfaces: ['IVdsHwProvider', 'IVdsSubSystem'],
  },
  {
    id: 'VDS-5.6',
    level: 'MUST',
    statement:
      'After Reenumerate and Refresh, a method that had answered VDS_E_PROVIDER_CACHE_CORRUPT succeeds once the ' +
      'cause is gone, or refuses for another reason, and the objects still have the ids that they had before.',
    source: [
      'nf-vdshwprv-ivdshwprovider-reenumerate',
      'nf-vdshwprv-ivdshwprovider-refresh',
      'nf-vdshwprv-ivdssubsystem-reenumerate',
    ],
    interfaces: ['IVdsHwProvider', ...DEVICE_INTERFACES],
  },
  {
    id: 'VDS-5.7',
    level: 'CALLER',
    statement: 'Refresh is not called from within OnNotify, or notification and refresh chase each other without end.',
    source: ['nf-vdshwprv-ivdshwprovider-refresh'],
    interfaces: ['IVdsHwProvider', 'IVdsAdviseSink'],
  },
];
