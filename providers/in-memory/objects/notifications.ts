// The events that the provider sends to its advise sink.
import type { Guid } from '../../../src/contract/guid.js';
import {
  NOTIFICATION_EVENTS as NF,
  VDS_NOTIFICATION_TARGET_TYPE as NTT,
} from '../../../src/contract/generated/enumerations.js';
import type { VDS_NOTIFICATION } from '../../../src/contract/generated/structures.js';
import type { DeviceKind } from '../array/devices.js';

/**
 * 'remove': the device is there and no longer in use (it was set OFFLINE), which VDS reports of drives, controllers and
 * ports.
 */
export type Change = 'arrive' | 'depart' | 'modify' | 'remove';

const EVENTS = {
  subsystem: {
    arrive: NF.VDS_NF_SUB_SYSTEM_ARRIVE,
    depart: NF.VDS_NF_SUB_SYSTEM_DEPART,
    modify: NF.VDS_NF_SUB_SYSTEM_MODIFY,
    remove: NF.VDS_NF_SUB_SYSTEM_MODIFY,
  },
  lun: {
    arrive: NF.VDS_NF_LUN_ARRIVE,
    depart: NF.VDS_NF_LUN_DEPART,
    modify: NF.VDS_NF_LUN_MODIFY,
    remove: NF.VDS_NF_LUN_MODIFY,
  },
  drive: {
    arrive: NF.VDS_NF_DRIVE_ARRIVE,
    depart: NF.VDS_NF_DRIVE_DEPART,
    modify: NF.VDS_NF_DRIVE_MODIFY,
    remove: NF.VDS_NF_DRIVE_REMOVED,
  },
  controller: {
    arrive: NF.VDS_NF_CONTROLLER_ARRIVE,
    depart: NF.VDS_NF_CONTROLLER_DEPART,
    modify: NF.VDS_NF_CONTROLLER_MODIFY,
    remove: NF.VDS_NF_CONTROLLER_REMOVED,
  },
  port: {
    arrive: NF.VDS_NF_PORT_ARRIVE,
    depart: NF.VDS_NF_PORT_DEPART,
    modify: NF.VDS_NF_PORT_MODIFY,
    remove: NF.VDS_NF_PORT_REMOVED,
  },
  portal: {
    arrive: NF.VDS_NF_PORTAL_ARRIVE,
    depart: NF.VDS_NF_PORTAL_DEPART,
    modify: NF.VDS_NF_PORTAL_MODIFY,
    remove: NF.VDS_NF_PORTAL_MODIFY,
  },
  target: {
    arrive: NF.VDS_NF_TARGET_ARRIVE,
    depart: NF.VDS_NF_TARGET_DEPART,
    modify: NF.VDS_NF_TARGET_MODIFY,
    remove: NF.VDS_NF_TARGET_MODIFY,
  },
  'portal-group': {
    arrive: NF.VDS_NF_PORTAL_GROUP_ARRIVE,
    depart: NF.VDS_NF_PORTAL_GROUP_DEPART,
    modify: NF.VDS_NF_PORTAL_GROUP_MODIFY,
    remove: NF.VDS_NF_PORTAL_GROUP_MODIFY,
  },
} as const;

/**
 * The kinds of which VDS has notifications: a change of a plex is reported as a change of its LUN, and none of a pool.
 */
type AnnouncedKind = Exclude<DeviceKind, 'plex' | 'storage-pool'>;

/** The notification that something happened to a device. */
export function notification(kind: AnnouncedKind, change: Change, id: Guid): VDS_NOTIFICATION {
  const event = EVENTS[kind][change];
  switch (kind) {
    case 'subsystem':
      return { objectType: NTT.VDS_NTT_SUB_SYSTEM, subSystem: { event, subSystemId: id } };
    case 'lun':
      return { objectType: NTT.VDS_NTT_LUN, lun: { event, lunId: id } };
    case 'drive':
      return { objectType: NTT.VDS_NTT_DRIVE, drive: { event, driveId: id } };
    case 'controller':
      return { objectType: NTT.VDS_NTT_CONTROLLER, controller: { event, controllerId: id } };
    case 'port':
      return { objectType: NTT.VDS_NTT_PORT, port: { event, portId: id } };
    case 'portal':
      return { objectType: NTT.VDS_NTT_PORTAL, portal: { event, portalId: id } };
    case 'target':
      return { objectType: NTT.VDS_NTT_TARGET, target: { event, targetId: id } };
    case 'portal-group':
      return { objectType: NTT.VDS_NTT_PORTAL_GROUP, portalGroup: { event, portalGroupId: id } };
  }
}

interface Device {
  readonly kind: DeviceKind;
  readonly id: Guid;
  readonly parent: Guid | null;
}

/** The notifications of one event: one for each device, in the order in which it was first noticed. */
export class News {
  private readonly told = new Map<Guid, VDS_NOTIFICATION>();

  /** An arrival or departure replaces a modification. */
  add({ kind, id, parent }: Device, change: Change): void {
    if (kind === 'storage-pool') return;
    if (kind === 'plex') {
      if (parent !== null) this.add({ kind: 'lun', id: parent, parent: null }, 'modify');
    } else if (change !== 'modify' || !this.told.has(id)) this.told.set(id, notification(kind, change, id));
  }

  get list(): readonly VDS_NOTIFICATION[] {
    return [...this.told.values()];
  }
}
