// The duties about notifications.
import type { Entry } from './entry.js';

export const NOTIFICATIONS: readonly Entry[] = [
  {
    id: 'VDS-9.1',
    level: 'MUST',
    statement: 'The provider sends its notifications to the sink that it got from OnLoad.',
    source: ['vds-notification-model.md', 'idl:vdscmmn', 'nf-vdshwprv-ivdsadvisesink-onnotify'],
    interfaces: ['IVdsAdviseSink', 'IVdsProviderPrivate'],
  },
  {
    id: 'VDS-9.1b',
    level: 'MUST',
    statement: 'Each OnNotify carries 1 to 100 notifications, as many as its count says.',
    source: ['idl:vdscmmn', 'nf-vdshwprv-ivdsadvisesink-onnotify'],
    interfaces: ['IVdsAdviseSink'],
  },
  {
    id: 'VDS-9.2',
    level: 'AMBIGUOUS',
    statement:
      'Who frees the notification array is contradictory: the provider frees it itself, or leaves it to the service ' +
      'in a block from CoTaskMemAlloc. In ' +
      'both readings it is readable for as long as OnNotify runs.',
    source: ['nf-vdshwprv-ivdsadvisesink-onnotify'],
    interfaces: ['IVdsAdviseSink'],
    untestable:
      'The sink copies the array while OnNotify runs, so that one which cannot be read then ends the process, as any ' +
      'crash. Who frees it afterwards cannot be seen from outside.',
  },
  {
    id: 'VDS-9.3',
    level: 'MUST',
    statement: 'S_FALSE from OnNotify is not an error: the provider carries on, and goes on notifying.',
    source: ['nf-vdshwprv-ivdsadvisesink-onnotify'],
    interfaces: ['IVdsAdviseSink'],
  },
  {
    id: 'VDS-9.3b',
    level: 'AMBIGUOUS',
    statement:
      'A sink that answered a failure other than S_FALSE gets later notifications, or no more of them; the provider ' +
      'keeps to its choice.',
    why: 'The page knows S_OK and S_FALSE only.',
    source: ['nf-vdshwprv-ivdsadvisesink-onnotify'],
    interfaces: ['IVdsAdviseSink'],
  },
  {
    id: 'VDS-9.4',
    level: 'SHOULD',
    statement:
      'All notifications of one event come in one OnNotify call, for example VDS_NF_DRIVE_MODIFY for every drive ' +
      'that a deleted LUN had used.',
    source: ['vds-notification-model.md', 'nf-vdshwprv-ivdsadvisesink-onnotify'],
    interfaces: ['IVdsAdviseSink'],
  },
  {
    id: 'VDS-9.5',
    level: 'MUST',
    statement:
      'objectType in a notification says which union member is filled, and is one that hardware providers send.',
    source: ['ns-vdshwprv-vds_notification', 'idl:vdscmmn'],
    interfaces: ['IVdsAdviseSink'],
  },
  {
    id: 'VDS-9.5b',
    level: 'MUST',
    statement:
      'The event of a notification is one that its type of object has: 101 to 200, or 350 to 354 from Windows 7 on.',
    source: ['ns-vdshwprv-vds_notification', 'idl:vdscmmn'],
    interfaces: ['IVdsAdviseSink'],
  },
  {
    id: 'VDS-9.6a',
    level: 'MUST',
    statement: 'VDS_NF_LUN_ARRIVE follows the creation of a LUN, with the id of that LUN.',
    source: ['ns-vdshwprv-vds_lun_notification', 'vds-notification-model.md', 'vds-object-model.md', 'idl:vdscmmn'],
    interfaces: ['IVdsAdviseSink'],
  },
  {
    id: 'VDS-9.6e',
    level: 'MUST',
    statement: 'VDS_NF_LUN_DEPART follows when a LUN ceases to be, with the id of that LUN.',
    source: ['ns-vdshwprv-vds_lun_notification', 'vds-notification-model.md', 'vds-object-model.md', 'idl:vdscmmn'],
    interfaces: ['IVdsAdviseSink'],
  },
  {
    id: 'VDS-9.6b',
    level: 'MUST',
    statement:
      'Subsystem, drive and controller events follow arrival and departure of what they name; _MODIFY, also of LUNs, ' +
      'follows a changed property, drive ' +
      'extent or added plex.',
    source: [
      'ns-vdshwprv-vds_sub_system_notification',
      'ns-vdshwprv-vds_drive_notification',
      'ns-vdshwprv-vds_controller_notification',
      'ns-vdshwprv-vds_lun_notification',
      'vds-notification-model.md',
      'vds-object-model.md',
      'idl:vdscmmn',
    ],
    interfaces: ['IVdsAdviseSink'],
  },
  {
    id: 'VDS-9.6c',
    level: 'AMBIGUOUS',
    statement:
      'Notifications about targets and portal groups are sent by the provider, each as documented, or left to the ' +
      'VDS service, one of both throughout.',
    why:
      'The table of what providers generate has neither and leaves the remaining notifications to VDS; the ' +
      'structures are defined for providers as well.',
    source: ['vds-notification-model.md', 'idl:vdscmmn'],
    interfaces: ['IVdsAdviseSink', 'IVdsIscsiTarget', 'IVdsIscsiPortalGroup'],
  },
  {
    id: 'VDS-9.6d',
    level: 'SHOULD',
    statement: 'What happened is announced once, and what has been there all the time is not announced as new or gone.',
    why: 'No page speaks of how often, and that of Refresh lets it trigger additional notifications.',
    source: ['vds-notification-model.md', 'nf-vdshwprv-ivdshwprovider-refresh'],
    interfaces: ['IVdsAdviseSink'],
  },
  {
    id: 'VDS-9.7',
    level: 'AMBIGUOUS',
    statement:
      'ARRIVE and DEPART of a controller or port stand for physical presence or, in older comments, for going online ' +
      'and offline; the provider keeps ' +
      'to one meaning.',
    source: ['idl:vdscmmn', 'ns-vdshwprv-vds_controller_notification', 'ns-vdshwprv-vds_port_notification'],
    interfaces: ['IVdsAdviseSink'],
  },
  {
    id: 'VDS-9.8',
    level: 'MUST',
    why: 'The pages tie the values to versions: a provider that does not support VDS 3.0 has none of these events.',
    statement: 'Setting a controller, port or drive OFFLINE sends its _REMOVED event.',
    source: ['ne-vdshwprv-vds_controller_status', 'ne-vdshwprv-vds_port_status', 'ne-vdshwprv-vds_drive_status'],
    interfaces: ['IVdsAdviseSink', 'IVdsController', 'IVdsControllerPort', 'IVdsDrive'],
  },
  {
    id: 'VDS-9.8b',
    level: 'MUST',
    statement: 'When the status of a drive becomes REMOVED, VDS_NF_DRIVE_DEPART is sent.',
    why: 'Controllers and ports have the same sentence; nothing that a caller can bring about unplugs one of them.',
    source: ['ne-vdshwprv-vds_drive_status', 'ne-vdshwprv-vds_controller_status', 'ne-vdshwprv-vds_port_status'],
    interfaces: ['IVdsAdviseSink', 'IVdsDrive'],
  },
  {
    id: 'VDS-9.9',
    level: 'AMBIGUOUS',
    statement:
      'For a LUN that is unmasked to this computer a comment allows disk notifications, which do not come from the ' +
      'provider, to take the place of LUN ' +
      'notifications; both behaviours pass.',
    source: ['idl:vdscmmn'],
    interfaces: ['IVdsAdviseSink'],
  },
  {
    id: 'VDS-9.10',
    level: 'AMBIGUOUS',
    statement:
      'OnNotify may come before or after the method that caused it returns, and on any thread; the order that the ' +
      'provider shows is recorded.',
    source: ['nf-vdshwprv-ivdsadvisesink-onnotify'],
    interfaces: ['IVdsAdviseSink'],
  },
  {
    id: 'VDS-9.11',
    level: 'SHOULD',
    verb: 'should',
    statement: 'A drive, controller or port of which _ARRIVE was sent has any status but REMOVED.',
    source: ['ns-vds-vds_drive_notification', 'ns-vds-vds_controller_notification', 'ns-vds-vds_port_notification'],
    interfaces: ['IVdsAdviseSink', 'IVdsDrive', 'IVdsController', 'IVdsControllerPort'],
  },
  {
    id: 'VDS-9.11b',
    level: 'SHOULD',
    verb: 'should',
    statement: 'A drive or port of which _REMOVED was sent has the status FAILED, OFFLINE, NOT_READY or UNKNOWN.',
    why: 'The page of controllers has ONLINE in the place of OFFLINE, so that a controller may have any status there.',
    source: ['ns-vds-vds_drive_notification', 'ns-vds-vds_port_notification'],
    interfaces: ['IVdsAdviseSink', 'IVdsDrive', 'IVdsControllerPort'],
  },
];
