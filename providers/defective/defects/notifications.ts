// Defects of the notifications that the provider sends to its sink.
import {
  NOTIFICATION_EVENTS as NF,
  VDS_NOTIFICATION_TARGET_TYPE,
} from '../../../src/contract/generated/enumerations.js';
import type { VDS_NOTIFICATION } from '../../../src/contract/generated/structures.js';
import { failed, HR } from '../../../src/contract/hresult.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import type { Defect } from '../defect.js';

/** A provider whose notifications pass through `change` on their way to the sink. */
const announcing = (change: (n: VDS_NOTIFICATION) => readonly VDS_NOTIFICATION[]): typeof ProviderObject =>
  class extends ProviderObject {
    override announce(notifications: readonly VDS_NOTIFICATION[]): void {
      super.announce(notifications.flatMap(change));
    }
  };

const lost = (lunEvent: number): typeof ProviderObject => announcing((n) => (n.lun?.event === lunEvent ? [] : [n]));

class SilentAfterSFalse extends ProviderObject {
  private silenced = false;

  override announce(notifications: readonly VDS_NOTIFICATION[]): void {
    if (this.silenced || this.sink === null || notifications.length === 0) return;
    this.silenced = this.sink.onNotify(notifications) !== HR.S_OK;
  }
}

/** Holds the next arrival back, and only that, where the sink has failed. */
class MissesOneAfterAFailure extends ProviderObject {
  private missing = false;

  override announce(notifications: readonly VDS_NOTIFICATION[]): void {
    if (this.sink === null || notifications.length === 0) return;
    const arrival = notifications.some(({ lun }) => lun?.event === NF.VDS_NF_LUN_ARRIVE);
    if (this.missing && arrival) this.missing = false;
    else if (failed(this.sink.onNotify(notifications))) this.missing = true;
  }
}

/** Of a LUN that is made of several drives at once, the first is announced. */
class OneDriveOfANewLun extends ProviderObject {
  override announce(notifications: readonly VDS_NOTIFICATION[]): void {
    const isArrival = notifications.some(({ lun }) => lun?.event === NF.VDS_NF_LUN_ARRIVE);
    const first = notifications.find(({ drive }) => drive !== undefined);
    super.announce(isArrival ? notifications.filter((n) => n.drive === undefined || n === first) : notifications);
  }
}

export const NOTIFICATIONS: readonly Defect[] = [
  {
    name: 'one-drive-of-a-new-lun-is-announced',
    breaks: ['VDS-9.6b'],
    noticedBy: ['notifications.drives-of-each-type'],
    says: 'VDS_NF_DRIVE_MODIFY follows for the first drive of a new LUN, and not for the others.',
    parts: { Provider: OneDriveOfANewLun },
  },
  {
    name: 'notification-of-a-new-lun-missing',
    breaks: ['VDS-9.6a'],
    noticedBy: ['notifications.lun'],
    says: 'No VDS_NF_LUN_ARRIVE follows the creation of a LUN.',
    parts: { Provider: lost(NF.VDS_NF_LUN_ARRIVE) },
  },
  {
    name: 'notification-of-a-deleted-lun-missing',
    breaks: ['VDS-9.6e'],
    noticedBy: ['notifications.lun'],
    says: 'No VDS_NF_LUN_DEPART follows the deletion of a LUN.',
    parts: { Provider: lost(NF.VDS_NF_LUN_DEPART) },
  },
  {
    name: 'notification-of-a-deleted-target-missing',
    breaks: ['VDS-9.6c'],
    noticedBy: ['notifications.target'],
    says: 'No VDS_NF_TARGET_DEPART follows the deletion of a target.',
    parts: { Provider: announcing((n) => (n.target?.event === NF.VDS_NF_TARGET_DEPART ? [] : [n])) },
  },
  {
    name: 'notification-twice',
    breaks: ['VDS-9.6d'],
    strict: true,
    noticedBy: ['notifications.lun'],
    says: 'VDS_NF_LUN_ARRIVE comes twice for one LUN.',
    parts: { Provider: announcing((n) => (n.lun?.event === NF.VDS_NF_LUN_ARRIVE ? [n, n] : [n])) },
  },
  {
    name: 'notification-with-the-wrong-event',
    breaks: ['VDS-9.6c'],
    noticedBy: ['notifications.target'],
    says: 'The deletion of a target is reported as VDS_NF_TARGET_MODIFY.',
    parts: {
      Provider: announcing((n) =>
        n.target?.event === NF.VDS_NF_TARGET_DEPART
          ? [{ ...n, target: { ...n.target, event: NF.VDS_NF_TARGET_MODIFY } }]
          : [n],
      ),
    },
  },
  {
    name: 'notification-for-the-wrong-object',
    breaks: ['VDS-9.6a'],
    noticedBy: ['notifications.lun'],
    says: "VDS_NF_LUN_ARRIVE carries the provider's own number for the LUN instead of its id.",
    parts: {
      Provider: announcing((n) =>
        n.lun?.event === NF.VDS_NF_LUN_ARRIVE
          ? [{ ...n, lun: { ...n.lun, lunId: '00000001-0000-0000-0000-000000000000' } }]
          : [n],
      ),
    },
  },
  {
    name: 'notification-of-no-hardware-event',
    breaks: ['VDS-9.5b'],
    noticedBy: ['notifications.lun'],
    says: 'With each new LUN comes an event of a number that hardware providers do not send.',
    parts: {
      Provider: announcing((n) =>
        n.lun?.event === NF.VDS_NF_LUN_ARRIVE ? [n, { ...n, lun: { ...n.lun, event: NF.VDS_NF_DISK_ARRIVE } }] : [n],
      ),
    },
  },
  {
    name: 'notification-of-no-hardware-object',
    breaks: ['VDS-9.5'],
    noticedBy: ['notifications.lun'],
    says: 'With each new LUN comes a notification whose objectType is that of a volume.',
    parts: {
      Provider: announcing((n) =>
        n.lun?.event === NF.VDS_NF_LUN_ARRIVE
          ? [n, { ...n, objectType: VDS_NOTIFICATION_TARGET_TYPE.VDS_NTT_VOLUME }]
          : [n],
      ),
    },
  },
  {
    name: 'notification-count-lies',
    breaks: ['VDS-9.1b'],
    noticedBy: ['notifications.lun'],
    says: 'OnNotify gets a count that is one more than the notifications in its array.',
    overrides: () => ({
      onNotification: (notification, deliver) => deliver({ ...notification, count: notification.count + 1 }),
    }),
  },
  {
    name: 'notifications-end-after-s-false',
    breaks: ['VDS-9.3'],
    noticedBy: ['notifications.sink-answers-s-false'],
    says: 'The provider stops notifying once the sink has answered S_FALSE.',
    parts: { Provider: SilentAfterSFalse },
  },
  {
    name: 'failing-sink-misses-the-next-arrival',
    breaks: ['VDS-9.3b'],
    noticedBy: ['notifications.sink-fails'],
    says: 'After the sink has answered a failure, the notification of the next new LUN is left out; later ones come.',
    parts: { Provider: MissesOneAfterAFailure },
  },
];
