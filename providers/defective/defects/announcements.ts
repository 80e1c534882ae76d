// Defects of notifications beyond those of a LUN's and a target's coming and going.
import {
  NOTIFICATION_EVENTS as NF,
  VDS_CONTROLLER_STATUS,
  VDS_DRIVE_STATUS,
} from '../../../src/contract/generated/enumerations.js';
import type { VDS_NOTIFICATION } from '../../../src/contract/generated/structures.js';
import { NULL_GUID, type Guid } from '../../../src/contract/guid.js';
import type { Handle, MethodName } from '../../../src/contract/tables.js';
import { KeepsRemovedDrives } from '../../lawful/removed-drives.js';
import { DriveObject } from '../../in-memory/objects/drive.js';
import { notification } from '../../in-memory/objects/notifications.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import type { Defect } from '../defect.js';
import type { Overrides } from '../override.js';

/** Notifications of which some never come. */
const withoutThose = (lost: (n: VDS_NOTIFICATION) => boolean) => (): Overrides => ({
  onNotification: (call, deliver) => {
    const left = call.notifications.filter((n) => !lost(n));
    if (left.length > 0) deliver({ ...call, count: left.length, notifications: left });
  },
});

/** No event of these comes while a method is under way. */
const silentDuring = (method: MethodName, events: readonly number[]) => (): Overrides => {
  let under = 0;
  return {
    methods: {
      [method]: async (_call: unknown, next: () => Promise<unknown>) => {
        under += 1;
        try {
          return await next();
        } finally {
          under -= 1;
        }
      },
    },
    ...withoutThose((n) => under > 0 && events.includes(event(n)))(),
  };
};

class RemovedByEachSetStatus extends DriveObject {
  protected override setStatus(status: number): ReturnType<DriveObject['setStatus']> {
    const answer = super.setStatus(status);
    this.provider.announce([notification('drive', 'remove', this.id)]);
    return answer;
  }
}

class RemovedAsItIsPutBack extends DriveObject {
  protected override setStatus(status: number): ReturnType<DriveObject['setStatus']> {
    const before = this.read().status;
    const answer = super.setStatus(status);
    if (before !== status && status === VDS_DRIVE_STATUS.VDS_DRS_ONLINE)
      this.provider.announce([notification('drive', 'remove', this.id)]);
    return answer;
  }
}

/** Announces the controllers of a subsystem that is back, by the Refresh that learns them. */
class AnnouncesReturnedControllers extends ProviderObject {
  private readonly known = new Set<string>();

  protected override refresh(): ReturnType<ProviderObject['refresh']> {
    const answer = super.refresh();
    const controllers = [...this.inventory.devices.values()].filter((d) => d.kind === 'controller');
    const returned = controllers.filter(({ id }) => this.known.size > 0 && !this.known.has(id));
    this.known.clear();
    for (const { id } of controllers) this.known.add(id);
    if (returned.length > 0) this.announce(returned.map(({ id }) => notification('controller', 'arrive', id)));
    return answer;
  }
}

/** Keeps a list of what works, and announces of nothing else that it goes out of use. */
class TellsOfWhatWorked extends ProviderObject {
  private readonly broken = new Set<Guid>();

  override announce(notifications: readonly VDS_NOTIFICATION[]): void {
    super.announce(
      notifications.filter((n) => !REMOVED.includes(event(n)) || !this.broken.has(n.controller?.controllerId ?? '')),
    );
    this.broken.clear();
    for (const { id, kind } of this.inventory.devices.values())
      if (
        kind === 'controller' &&
        this.inventory.record('controller', id).status === VDS_CONTROLLER_STATUS.VDS_CS_FAILED
      )
        this.broken.add(id);
  }
}

class RefreshAnnouncesAll extends ProviderObject {
  protected override refresh(): ReturnType<ProviderObject['refresh']> {
    const answer = super.refresh();
    this.announce(
      [...this.inventory.devices.values()]
        .filter((d) => d.kind === 'lun')
        .map((d) => notification('lun', 'arrive', d.id)),
    );
    return answer;
  }
}

const event = (n: VDS_NOTIFICATION): number =>
  n.subSystem?.event ??
  n.controller?.event ??
  n.drive?.event ??
  n.lun?.event ??
  n.portal?.event ??
  n.target?.event ??
  n.portalGroup?.event ??
  0;
const MODIFY: readonly number[] = Object.entries(NF)
  .filter(([name]) => name.endsWith('_MODIFY'))
  .map(([, value]) => value);
const REMOVED: readonly number[] = Object.entries(NF)
  .filter(([name]) => name.endsWith('_REMOVED'))
  .map(([, value]) => value);

export const ANNOUNCEMENTS: readonly Defect[] = [
  {
    name: 'controllers-set-by-the-subsystem-unannounced',
    breaks: ['VDS-9.8'],
    noticedBy: ['interactions.equipment'],
    says:
      'Controllers that SetControllerStatus of their subsystem sets OFFLINE are not announced; SetStatus of a ' +
      'controller announces it.',
    overrides: silentDuring('IVdsSubSystem.SetControllerStatus', REMOVED),
  },
  {
    name: 'notification-to-another-sink',
    breaks: ['VDS-9.1'],
    noticedBy: ['notifications.to-the-sink-of-onload'],
    says: 'Notifications go to the sink that was made last, whatever OnLoad was given.',
    overrides: () => ({ onNotification: (call, deliver) => deliver({ ...call, sink: (call.sink + 1) as Handle }) }),
  },
  {
    name: 'drives-modify-never-announced',
    breaks: ['VDS-9.6b'],
    noticedBy: ['notifications.drive-modify'],
    says: 'No VDS_NF_DRIVE_MODIFY is ever sent.',
    overrides: withoutThose((n) => event(n) === NF.VDS_NF_DRIVE_MODIFY),
  },
  {
    name: 'subsystems-modify-never-announced',
    breaks: ['VDS-9.6b'],
    noticedBy: ['notifications.subsystem-modify'],
    says: 'No VDS_NF_SUB_SYSTEM_MODIFY is ever sent.',
    overrides: withoutThose((n) => event(n) === NF.VDS_NF_SUB_SYSTEM_MODIFY),
  },
  {
    name: 'controllers-return-unannounced',
    breaks: ['VDS-9.6b'],
    noticedBy: ['notifications.controller-status'],
    says: 'Of a controller only that it goes is ever announced.',
    overrides: withoutThose((n) => n.controller !== undefined && !REMOVED.includes(event(n))),
  },
  {
    name: 'portals-announced-once',
    breaks: ['VDS-9.6c'],
    noticedBy: ['notifications.portal-modify'],
    says: 'VDS_NF_PORTAL_MODIFY is sent for the first portal that changes only.',
    overrides: () => {
      let first: string | undefined;
      return withoutThose((n) => {
        first ??= n.portal?.portalId;
        return n.portal !== undefined && n.portal.portalId !== first;
      })();
    },
  },
  {
    name: 'modify-never-announced',
    breaks: ['VDS-9.6b'],
    noticedBy: ['notifications.lun-modify'],
    says: 'No _MODIFY notification is ever sent.',
    overrides: withoutThose((n) => MODIFY.includes(event(n))),
  },
  {
    name: 'one-notification-a-call',
    breaks: ['VDS-9.4'],
    noticedBy: ['notifications.one-event-in-one-call'],
    strict: true,
    says: 'Each notification comes in an OnNotify call of its own.',
    overrides: () => ({
      onNotification: (call, deliver) => {
        for (const each of call.notifications) deliver({ ...call, count: 1, notifications: [each] });
      },
    }),
  },
  {
    name: 'subsystem-arrival-not-announced',
    breaks: ['VDS-9.6b'],
    noticedBy: ['notifications.subsystem-comes-and-goes'],
    says: 'No VDS_NF_SUB_SYSTEM_ARRIVE follows the return of a subsystem.',
    overrides: withoutThose((n) => event(n) === NF.VDS_NF_SUB_SYSTEM_ARRIVE),
  },
  {
    name: 'drives-departure-not-announced',
    breaks: ['VDS-9.6b'],
    noticedBy: ['notifications.drive-comes-and-goes'],
    says: 'No VDS_NF_DRIVE_DEPART follows when a drive is pulled.',
    overrides: withoutThose((n) => event(n) === NF.VDS_NF_DRIVE_DEPART),
  },
  {
    name: 'pulled-drive-arrives',
    breaks: ['VDS-9.11'],
    noticedBy: ['notifications.drive-comes-and-goes'],
    strict: true,
    says: 'VDS_NF_DRIVE_ARRIVE is sent for a drive that was pulled, whose status is VDS_DRS_REMOVED.',
    parts: { Drive: KeepsRemovedDrives },
    overrides: () => ({
      onNotification: (call, deliver) => {
        deliver(call);
        const pulled = call.notifications.filter((n) => n.drive?.event === NF.VDS_NF_DRIVE_DEPART);
        const arrived = pulled.map((n) => notification('drive', 'arrive', n.drive?.driveId ?? NULL_GUID));
        if (arrived.length > 0) deliver({ ...call, count: arrived.length, notifications: arrived });
      },
    }),
  },
  {
    name: 'controllers-return-removed',
    breaks: ['VDS-9.11'],
    noticedBy: ['notifications.subsystem-comes-and-goes'],
    strict: true,
    says: 'A controller that arrives with its subsystem reports VDS_CS_REMOVED when it is first asked.',
    parts: { Provider: AnnouncesReturnedControllers },
    overrides: () => {
      const arrived = new Set<string>();
      return {
        onNotification: (call, deliver) => {
          for (const { controller } of call.notifications)
            if (controller?.event === NF.VDS_NF_CONTROLLER_ARRIVE) arrived.add(controller.controllerId);
          deliver(call);
        },
        methods: {
          'IVdsController.GetProperties': async (_call, next) => {
            const reply = await next();
            const { controllerProp: prop } = reply.out;
            if (typeof prop !== 'object' || prop === null || !arrived.delete(prop.id)) return reply;
            return { ...reply, out: { controllerProp: { ...prop, status: VDS_CONTROLLER_STATUS.VDS_CS_REMOVED } } };
          },
        },
      };
    },
  },
  {
    name: 'removed-event-of-an-online-drive',
    breaks: ['VDS-9.11b'],
    noticedBy: ['notifications.drive-removed-is-not-online'],
    strict: true,
    says: 'VDS_NF_DRIVE_REMOVED follows each SetStatus of a drive, also one that leaves it ONLINE.',
    parts: { Drive: RemovedByEachSetStatus },
  },
  {
    name: 'removed-event-of-a-drive-put-back',
    breaks: ['VDS-9.11b'],
    noticedBy: ['interactions.drives'],
    strict: true,
    says: 'VDS_NF_DRIVE_REMOVED follows each change of the status of a drive, also as it is put ONLINE again.',
    parts: { Drive: RemovedAsItIsPutBack },
  },
  {
    name: 'drives-arrival-not-announced',
    breaks: ['VDS-9.6b'],
    noticedBy: ['notifications.drive-comes-and-goes'],
    says: 'No VDS_NF_DRIVE_ARRIVE follows when a drive is returned.',
    overrides: withoutThose((n) => event(n) === NF.VDS_NF_DRIVE_ARRIVE),
  },
  {
    name: 'luns-that-become-plexes-not-announced',
    breaks: ['VDS-9.6e'],
    noticedBy: ['plexes.add-is-announced'],
    says: 'No VDS_NF_LUN_DEPART follows when a LUN becomes a plex of another.',
    overrides: () => {
      const joined = new Set<string>();
      return {
        methods: {
          'IVdsLun.AddPlex': async (call, next) => {
            joined.add(call.args.lunId);
            return next();
          },
        },
        ...withoutThose((n) => n.lun?.event === NF.VDS_NF_LUN_DEPART && joined.has(n.lun.lunId))(),
      };
    },
  },
  {
    name: 'portal-groups-not-announced',
    breaks: ['VDS-9.6c'],
    noticedBy: ['notifications.portal-group'],
    after: ['notifications.target'],
    says: 'Portal groups come and go without a notification.',
    overrides: withoutThose((n) => n.portalGroup !== undefined),
  },
  {
    name: 'drives-kept-as-removed-are-not-announced',
    breaks: ['VDS-9.8b'],
    noticedBy: ['notifications.drive-comes-and-goes'],
    says: 'A drive that was pulled is kept with status REMOVED, and no VDS_NF_DRIVE_DEPART tells of it.',
    parts: { Drive: KeepsRemovedDrives },
    overrides: withoutThose((n) => event(n) === NF.VDS_NF_DRIVE_DEPART),
  },
  {
    name: 'removed-not-announced',
    breaks: ['VDS-9.8'],
    noticedBy: ['notifications.controller-offline'],
    says: 'No _REMOVED notification follows when a controller or drive is set OFFLINE.',
    overrides: withoutThose((n) => REMOVED.includes(event(n))),
  },
  {
    name: 'failed-controllers-go-offline-unannounced',
    breaks: ['VDS-9.8'],
    noticedBy: ['interactions.states.failed'],
    says: 'A controller that had failed is not announced when a caller sets it OFFLINE; one that worked is.',
    parts: { Provider: TellsOfWhatWorked },
  },
  {
    name: 'refresh-announces-everything',
    breaks: ['VDS-9.6d'],
    strict: true,
    noticedBy: ['notifications.nothing-from-reading'],
    says: 'Refresh announces the arrival of every LUN that it reads.',
    parts: { Provider: RefreshAnnouncesAll },
  },
];
