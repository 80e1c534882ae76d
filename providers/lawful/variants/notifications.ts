// Lawful habits about notifications: which are sent, how often and when.
import {
  NOTIFICATION_EVENTS as NF,
  OBJECT_STATUS,
  VDS_NOTIFICATION_TARGET_TYPE as NTT,
} from '../../../src/contract/generated/enumerations.js';
import type { Guid } from '../../../src/contract/guid.js';
import { failed } from '../../../src/contract/hresult.js';
import type { VDS_NOTIFICATION } from '../../../src/contract/generated/structures.js';
import type { Handle } from '../../../src/contract/tables.js';
import type { Notification } from '../../../src/port/port.js';
import { reports, together } from '../../defective/answers.js';
import type { Overrides } from '../../defective/override.js';
import { Inventory } from '../../in-memory/cache/inventory.js';
import { News, notification } from '../../in-memory/objects/notifications.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import type { Variant } from '../variant.js';

/** Passes on those notifications alone; what is left of a call goes on, if anything is. */
const only = (keep: (each: VDS_NOTIFICATION) => boolean) => (): Overrides => ({
  onNotification: (notification: Notification, deliver) => {
    const notifications = notification.notifications.filter(keep);
    if (notifications.length > 0) deliver({ ...notification, notifications, count: notifications.length });
  },
});

/** Milliseconds for which notifications are collected. */
const COLLECTED = 15;
/** As many go with one call. */
const MOST = 100;

type Order = (all: readonly VDS_NOTIFICATION[]) => readonly VDS_NOTIFICATION[];

/**
 * Sends what comes within a while together, in the order in which it came unless another is given; what is left, before
 * it is unloaded.
 */
const inBatches =
  (order: Order = (all) => all) =>
  (): Overrides => {
    const waiting = new Map<Handle, VDS_NOTIFICATION[]>();
    const sending = new Set<() => void>();
    return {
      methods: {
        'IVdsProviderPrivate.OnUnload': async (_call, next) => {
          for (const send of sending) send();
          return next();
        },
      },
      onNotification: ({ sink, notifications: come }, deliver) => {
        const collected = waiting.get(sink);
        if (collected !== undefined) {
          collected.push(...come);
          return;
        }
        waiting.set(sink, [...come]);
        const send = (): void => {
          if (!sending.delete(send)) return;
          const all = order(waiting.get(sink) ?? []);
          waiting.delete(sink);
          for (let from = 0; from < all.length; from += MOST) {
            const notifications = all.slice(from, from + MOST);
            deliver({ sink, count: notifications.length, notifications });
          }
        };
        sending.add(send);
        setTimeout(send, COLLECTED).unref();
      },
    };
  };

const OF_THE_TABLE: readonly number[] = [
  NTT.VDS_NTT_SUB_SYSTEM,
  NTT.VDS_NTT_CONTROLLER,
  NTT.VDS_NTT_DRIVE,
  NTT.VDS_NTT_LUN,
];

const OF_PORTS: readonly number[] = [NF.VDS_NF_PORT_MODIFY, NF.VDS_NF_PORT_REMOVED];

class AnnouncesAgain extends ProviderObject {
  protected override refresh(): ReturnType<ProviderObject['refresh']> {
    const answer = super.refresh();
    this.announce(
      [...this.inventory.devices.values()]
        .filter(({ kind }) => kind === 'lun')
        .map(({ id }) => ({ objectType: NTT.VDS_NTT_LUN, lun: { event: NF.VDS_NF_LUN_ARRIVE, lunId: id } })),
    );
    return answer;
  }
}

/** Changes of an administrator at the array are found by Reenumerate and Refresh alone. */
class HearsNothing extends ProviderObject {
  protected override heard(): void {}
}

/**
 * Reads a subsystem anew before it changes anything in it, and so knows what was done there without having been told.
 */
class LooksFirst extends ProviderObject {
  override ask(device: Parameters<ProviderObject['ask']>[0]): void {
    super.ask(device);
    const found = [...this.array.connected()].find(
      ({ luns, targets }) => luns.has(device.id) || targets.has(device.id),
    );
    if (found !== undefined) this.learn(...found.luns.keys(), ...found.targets.keys(), found.id);
  }
}

/** With a subsystem that Reenumerate finds gone, or there again, go and come the devices that it holds. */
class AnnouncesAllItHolds extends Inventory {
  override reenumerate(): readonly VDS_NOTIFICATION[] {
    const before = new Map(this.subSystemObjects().map(({ id }) => [id, this.heldObjects(id)]));
    const changes = super.reenumerate();
    const along = new News();
    for (const { subSystem } of changes) {
      if (subSystem === undefined) continue;
      const { event, subSystemId } = subSystem;
      const [held, change] =
        event === NF.VDS_NF_SUB_SYSTEM_ARRIVE
          ? ([this.heldObjects(subSystemId), 'arrive'] as const)
          : ([before.get(subSystemId) ?? [], 'depart'] as const);
      for (const device of held) along.add(device, change);
    }
    return [...changes, ...along.list];
  }
}

/**
 * Announces that a device goes out of use as it fails, and that it changes when it is then set OFFLINE: it is announced
 * to be out of use already.
 */
class RemovesWhatFails extends ProviderObject {
  private readonly failed = new Set<Guid>();

  protected override onLoad(...of: Parameters<ProviderObject['onLoad']>): ReturnType<ProviderObject['onLoad']> {
    const answer = super.onLoad(...of);
    for (const { kind, id } of this.inventory.devices.values())
      if ((kind === 'drive' || kind === 'controller' || kind === 'port') && this.hasFailed(kind, id))
        this.failed.add(id);
    return answer;
  }

  private hasFailed(kind: 'drive' | 'controller' | 'port', id: Guid): boolean {
    return this.inventory.record(kind, id).status === OBJECT_STATUS.STATUS_FAILED;
  }

  override announce(notifications: readonly VDS_NOTIFICATION[]): void {
    super.announce(notifications.map((n) => this.asItFailed(n)));
  }

  private asItFailed(n: VDS_NOTIFICATION): VDS_NOTIFICATION {
    const id = n.drive?.driveId ?? n.controller?.controllerId ?? n.port?.portId;
    const kind = n.drive !== undefined ? 'drive' : n.controller !== undefined ? 'controller' : 'port';
    if (id === undefined || !this.inventory.devices.has(id)) return n;
    const { status } = this.inventory.record(kind, id);
    const wasFailed = this.failed.has(id);
    if (status === OBJECT_STATUS.STATUS_FAILED) this.failed.add(id);
    else if (status === OBJECT_STATUS.STATUS_ONLINE) this.failed.delete(id);
    if (status === OBJECT_STATUS.STATUS_FAILED && !wasFailed) return notification(kind, 'remove', id);
    return status === OBJECT_STATUS.STATUS_OFFLINE && wasFailed ? notification(kind, 'modify', id) : n;
  }
}

class DropsAFailingSink extends ProviderObject {
  override announce(notifications: readonly VDS_NOTIFICATION[]): void {
    if (notifications.length === 0) return;
    const answer = this.sink?.onNotify(notifications.slice(0, 100));
    if (answer !== undefined && failed(answer)) {
      this.sink?.release();
      this.sink = null;
    }
  }
}

export const NEWS: readonly Variant[] = [
  {
    name: 'removes-what-fails',
    says:
      'Announces a device that fails as _REMOVED, as its page allows, and as changed when it is then set OFFLINE: it ' +
      'is out of use already.',
    parts: { Provider: RemovesWhatFails },
  },
  {
    name: 'looks-before-it-changes',
    says:
      'Reads LUNs and targets anew before it changes one: nothing forbids to ' +
      'know what an administrator did before Reenumerate.',
    decides: ['time of notifications'],
    parts: { Provider: LooksFirst },
  },
  {
    name: 'hears-nothing-of-the-array',
    says: 'Is told nothing by its array: what changes there is found by Reenumerate and Refresh, and announced then.',
    parts: { Provider: HearsNothing },
  },
  {
    name: 'announces-what-its-page-lists',
    says:
      'Announces subsystems, controllers, drives and LUNs, and of ports a change and a removal: the page has the ' +
      'service make the remaining notifications.',
    decides: ['notifications'],
    overrides: only(
      ({ objectType, port }) =>
        OF_THE_TABLE.includes(objectType) || (port !== undefined && OF_PORTS.includes(port.event)),
    ),
  },
  {
    name: 'announces-all-that-a-subsystem-holds',
    says: 'Announces, when a subsystem goes or comes, beside it the drives, LUNs and all else that go or come with it.',
    parts: { Inventory: AnnouncesAllItHolds },
  },
  {
    name: 'unmasking-is-reported-by-disks',
    says:
      'Sends no VDS_NF_LUN_MODIFY when a LUN is unmasked to this computer: of it the disk notifications tell, which ' +
      'do not come from the provider.',
    decides: ['notifications'],
    overrides: () => {
      let unmasking = 0;
      return {
        methods: {
          'IVdsLun.SetMask': async (call, next) => {
            if (call.args.unmaskingList !== '*') return next();
            unmasking += 1;
            try {
              return await next();
            } finally {
              unmasking -= 1;
            }
          },
        },
        // Of calls under way at the same time the notifications come as ever.
        ...only(({ lun }) => unmasking === 0 || lun?.event !== NF.VDS_NF_LUN_MODIFY)(),
      };
    },
  },
  {
    name: 'announces-in-batches',
    says: 'Collects what it has to announce for a while, and sends it in one call, which takes up to a hundred.',
    decides: ['time of notifications'],
    overrides: inBatches(),
  },
  {
    name: 'announces-the-last-first',
    says: 'Collects what it has to announce for a while, and sends the latest first: no page orders notifications.',
    decides: ['time of notifications'],
    overrides: inBatches((all) => all.toReversed()),
  },
  {
    name: 'announces-twice',
    says: 'Announces each thing twice, by its own change and by the event of the array: no page speaks of how often.',
    finds: ['VDS-9.6d'],
    overrides: () => ({
      onNotification: (notification, deliver) => {
        deliver(notification);
        deliver(notification);
      },
    }),
  },
  {
    name: 'version-2-without-removed-events',
    says:
      'Supports VDS up to 2.1, and does not send the events for a controller ' +
      'or drive that goes offline, which came later.',
    decides: ['version'],
    overrides: () => ({
      ...together(reports('IVdsProviderSupport.GetVersionSupport', () => () => ({ versionSupport: 0xf })))(
        undefined as never,
      ),
      ...only(
        ({ controller, drive }) =>
          controller?.event !== NF.VDS_NF_CONTROLLER_REMOVED && drive?.event !== NF.VDS_NF_DRIVE_REMOVED,
      )(),
    }),
  },
  {
    name: 'announces-again-on-refresh',
    says: 'Announces every LUN again on Refresh, which can trigger additional notifications.',
    finds: ['VDS-9.6d'],
    parts: { Provider: AnnouncesAgain },
  },
  {
    name: 'drops-a-failing-sink',
    says: 'Sends nothing more to a sink that has failed hard; the pages know S_FALSE only.',
    parts: { Provider: DropsAFailingSink },
  },
];
