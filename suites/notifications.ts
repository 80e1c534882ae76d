// Notifications (semantics.md 9) for what the harness itself does through the API. They may come before or after the
// method returns, on any thread (9.10), so a check waits for them and asks nothing of their order.
import {
  census,
  type Check,
  defineSuite,
  devicesOf,
  idOf,
  RecoveryCase,
  restoreStatus,
  supportsVersion,
  eventName,
  NF,
  isEvent,
  comesOnce,
  comes,
  contentOf,
  wellFormed,
  optionally,
} from '../src/checks/index.js';
import {
  formatHresult,
  HR,
  succeeded,
  VDS_CONTROLLER_STATUS,
  type VDS_DRIVE_EXTENT,
  VDS_DRIVE_STATUS,
  VDS_PORT_STATUS,
  VDS_LUN_TYPE,
} from '../src/contract/index.js';
import { drivesOfAChangedLun, drivesOfLunsOfEachType } from './notifications/drives.js';
import { atTheArrayChecks } from './notifications/at-the-array.js';
import { modifiedChecks } from './notifications/modified.js';
import { statusChecks } from './notifications/statuses.js';

const OFFLINE = {
  controller: {
    interfaceName: 'IVdsController',
    online: VDS_CONTROLLER_STATUS.VDS_CS_ONLINE,
    offline: VDS_CONTROLLER_STATUS.VDS_CS_OFFLINE,
    removed: NF.VDS_NF_CONTROLLER_REMOVED,
  },
  drive: {
    interfaceName: 'IVdsDrive',
    online: VDS_DRIVE_STATUS.VDS_DRS_ONLINE,
    offline: VDS_DRIVE_STATUS.VDS_DRS_OFFLINE,
    removed: NF.VDS_NF_DRIVE_REMOVED,
  },
  port: {
    interfaceName: 'IVdsControllerPort',
    online: VDS_PORT_STATUS.VDS_PRS_ONLINE,
    offline: VDS_PORT_STATUS.VDS_PRS_OFFLINE,
    removed: NF.VDS_NF_PORT_REMOVED,
  },
} as const;

const MODIFY: readonly number[] = Object.entries(NF)
  .filter(([name]) => name.endsWith('_MODIFY'))
  .map(([, value]) => value);

export const suite = defineSuite('notifications', 'Notifications', [
  {
    id: 'notifications.lun',
    title: "VDS_NF_LUN_ARRIVE follows a LUN's creation and VDS_NF_LUN_DEPART its deletion, each once, with its id",
    requirements: ['VDS-9.6a', 'VDS-9.6e', 'VDS-9.1b', 'VDS-9.5', 'VDS-9.5b'],
    cost: { calls: 14, recoveries: 0 },
    async run(ctx) {
      const mark = ctx.session.received.length;
      const { lun, id } = await ctx.make.lun(await ctx.system.subSystem());
      await comesOnce(
        ctx,
        'VDS_NF_LUN_ARRIVE for a new LUN',
        isEvent('lun', NF.VDS_NF_LUN_ARRIVE, id),
        mark,
        'VDS-9.6a',
      );
      ctx.duties.ok('VDS-10.6', await lun.delete());
      await comesOnce(
        ctx,
        'VDS_NF_LUN_DEPART for a deleted LUN',
        isEvent('lun', NF.VDS_NF_LUN_DEPART, id),
        mark,
        'VDS-9.6e',
      );
      wellFormed(ctx, mark);
    },
  },
  {
    id: 'notifications.target',
    title:
      "VDS_NF_TARGET_ARRIVE follows a target's creation and VDS_NF_TARGET_DEPART its deletion, each once, with its id",
    requirements: ['VDS-9.6c', 'VDS-9.6d', 'VDS-9.1b', 'VDS-9.5', 'VDS-9.5b'],
    cost: { calls: 16, recoveries: 0 },
    async run(ctx) {
      const mark = ctx.session.received.length;
      const { target, id } = await ctx.make.target(await ctx.system.subSystem());
      await optionally(
        ctx,
        'VDS_NF_TARGET_ARRIVE for a new target',
        isEvent('target', NF.VDS_NF_TARGET_ARRIVE, id),
        mark,
      );
      await ctx.duties.completed(await target.delete());
      await optionally(
        ctx,
        'VDS_NF_TARGET_DEPART for a deleted target',
        isEvent('target', NF.VDS_NF_TARGET_DEPART, id),
        mark,
      );
      wellFormed(ctx, mark);
    },
  },
  {
    id: 'notifications.sink-answers-s-false',
    title: 'A sink that answers S_FALSE is not an error: the provider works on and notifies again',
    requirements: ['VDS-9.3'],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      await ctx.session.setSinkAnswer(HR.S_FALSE);
      ctx.onCleanUp('let the sink answer S_OK', () => ctx.session.setSinkAnswer(HR.S_OK));
      for (let time = 0; time < 2; time++) {
        const mark = ctx.session.received.length;
        const { id } = await ctx.make.lun(subSystem);
        const what = `VDS_NF_LUN_ARRIVE for LUN ${time + 1} that was created while the sink answers S_FALSE`;
        await comes(ctx, what, isEvent('lun', NF.VDS_NF_LUN_ARRIVE, id), mark, 'VDS-9.3');
      }
    },
  },
  {
    id: 'notifications.sink-fails',
    title:
      'A sink that answers a failure changes nothing of what was done, and gets later notifications or no more of them',
    requirements: ['VDS-9.3', 'VDS-9.3b'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      ctx.onCleanUp('let the sink answer S_OK', () => ctx.session.setSinkAnswer(HR.S_OK));
      let first = true;
      for (const answer of [HR.E_FAIL, HR.E_OUTOFMEMORY, HR.S_OK]) {
        await ctx.session.setSinkAnswer(answer);
        const mark = ctx.session.received.length;
        const { lun, id } = await ctx.make.lun(subSystem);
        const event = NF.VDS_NF_LUN_ARRIVE;
        const came = await ctx.session.notification(isEvent('lun', event, id), mark);
        const what = `VDS_NF_LUN_ARRIVE while the sink answers ${formatHresult(answer)}`;
        if (first) ctx.duties.holds('VDS-9.3', came !== undefined, `${what} did not come`, { event });
        else
          ctx.duties.reading(
            'a sink that answered a failure',
            came === undefined ? 'gets no more' : 'gets more',
            'VDS-9.3b',
          );
        first = false;
        ctx.duties.code(
          'VDS-9.3',
          await lun.getProperties(),
          [HR.S_OK, HR.VDS_S_PROPERTIES_INCOMPLETE],
          'on a LUN whose arrival the sink answered with a failure',
        );
      }
      // The following steps need a sink that the provider uses.
      await ctx.session.setSinkAnswer(HR.S_OK);
      await ctx.cleanUpSoFar();
      await ctx.system.unload();
      await ctx.system.load();
    },
  },
  {
    id: 'notifications.to-the-sink-of-onload',
    title: 'Notifications go to the sink that OnLoad was given, and to no other',
    requirements: ['VDS-9.1'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      await ctx.session.createSink();
      const mark = ctx.session.received.length;
      const { id } = await ctx.make.lun(await ctx.system.subSystem());
      const ofThis = isEvent('lun', NF.VDS_NF_LUN_ARRIVE, id);
      await comes(ctx, 'VDS_NF_LUN_ARRIVE for a new LUN', ofThis, mark, 'VDS-9.1');
      // Of this LUN alone: what an earlier load of the provider sent may be on its way still.
      for (const call of ctx.session.received.slice(mark).filter((each) => each.notifications.some(ofThis)))
        ctx.duties.equal('VDS-9.1', 'the sink that a notification came to', call.sink, ctx.system.sink.handle);
    },
  },
  {
    id: 'notifications.order',
    title: 'Whether a notification comes before or after the end of what caused it is recorded',
    requirements: ['VDS-9.10'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const { lun, id } = await ctx.make.lun(await ctx.system.subSystem());
      const departed = isEvent('lun', NF.VDS_NF_LUN_DEPART, id);
      const mark = ctx.session.received.length;
      const result = await lun.delete();
      ctx.duties.ok('VDS-10.6', result);
      const before = ctx.session.received.slice(mark).some((call) => call.notifications.some(departed));
      const came = await ctx.session.notification(departed, mark);
      ctx.duties.holds(
        'VDS-9.10',
        came !== undefined,
        'VDS_NF_LUN_DEPART came neither before IVdsLun::Delete returned nor within ' +
          `${ctx.session.limits.notification} ms after it`,
        { ...result, event: NF.VDS_NF_LUN_DEPART },
      );
      // Not a reading to be kept: on a transport that delivers on another thread it is a matter of luck.
      ctx.note(`VDS_NF_LUN_DEPART came ${before ? 'before' : 'after'} IVdsLun::Delete returned`);
    },
  },
  {
    id: 'notifications.lun-modify',
    title: "VDS_NF_LUN_MODIFY follows a change of a LUN's size, name and unmasking list",
    requirements: ['VDS-9.6b', 'VDS-9.9', 'VDS-9.1b', 'VDS-9.5', 'VDS-9.5b'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const { lun, drives, id, size } = await ctx.make.lun(await ctx.system.subSystem());
      const modified = isEvent('lun', NF.VDS_NF_LUN_MODIFY, id);
      const start = ctx.session.received.length;
      let mark = start;
      const started = await lun.extend({ numberOfBytesToAdd: size, driveIdArray: drives });
      if (started.hr !== HR.VDS_E_NOT_SUPPORTED) {
        await ctx.duties.completed(started);
        await comes(ctx, 'VDS_NF_LUN_MODIFY for a LUN that was extended', modified, mark, 'VDS-9.6b');
      }
      const naming = await lun.as('IVdsLunNaming');
      mark = ctx.session.received.length;
      if (naming !== null && succeeded((await naming.setFriendlyName({ friendlyName: ctx.make.uniqueName() })).hr))
        await comes(ctx, 'VDS_NF_LUN_MODIFY for a LUN that was given another name', modified, mark, 'VDS-9.6b');
      mark = ctx.session.received.length;
      if (succeeded((await lun.setMask({ unmaskingList: '*' })).hr))
        // From now on it may be a LUN of this computer, isEvent which the disk notifications tell.
        ctx.duties.reading(
          'the notification for a LUN that was unmasked to all',
          (await ctx.session.notification(modified, mark)) === undefined ? 'left to those of its disk' : 'sent',
          'VDS-9.9',
        );
      wellFormed(ctx, start);
    },
  },
  {
    id: 'notifications.drives-of-a-lun',
    title: 'VDS_NF_DRIVE_MODIFY follows when a LUN takes extents of a drive, and when it gives them back',
    requirements: ['VDS-9.6b', 'VDS-9.5', 'VDS-9.5b'],
    cost: { calls: 60, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const start = ctx.session.received.length;
      const { lun, id } = await ctx.make.lun(subSystem);
      const used: string[] = [];
      for (const drive of await ctx.duties.list(await subSystem.queryDrives(), 'enum', 'IVdsDrive', 'VDS-6.6b')) {
        const extents = await drive.queryExtents();
        if (!succeeded(extents.hr)) continue;
        if (
          (Array.isArray(extents.out.extentArray) ? (extents.out.extentArray as readonly VDS_DRIVE_EXTENT[]) : []).some(
            (e) => e.lunId === id,
          )
        )
          used.push(await idOf(ctx, drive, 'VDS-9.6b'));
      }
      if (used.length === 0) ctx.notApplicable('no drive reports extents of a new LUN');
      for (const drive of used)
        await comes(
          ctx,
          'VDS_NF_DRIVE_MODIFY for a drive that a new LUN has extents of',
          isEvent('drive', NF.VDS_NF_DRIVE_MODIFY, drive),
          start,
          'VDS-9.6b',
        );
      const mark = ctx.session.received.length;
      ctx.duties.ok('VDS-10.6', await lun.delete());
      for (const drive of used)
        await comes(
          ctx,
          'VDS_NF_DRIVE_MODIFY for a drive whose extents a deleted LUN had',
          isEvent('drive', NF.VDS_NF_DRIVE_MODIFY, drive),
          mark,
          'VDS-9.6b',
        );
      wellFormed(ctx, start);
    },
  },
  drivesOfAChangedLun,
  drivesOfLunsOfEachType,
  {
    id: 'notifications.one-event-in-one-call',
    title: 'What belongs to one event comes in one OnNotify: all drives of a LUN that is deleted',
    requirements: ['VDS-9.4'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const drives: string[] = [];
      for (const drive of await ctx.duties.list(await subSystem.queryDrives(), 'enum', 'IVdsDrive', 'VDS-6.6b'))
        drives.push(await idOf(ctx, drive, 'VDS-9.4'));
      // A stripe has extents of at least two drives.
      const started = await subSystem.createLun({
        type: VDS_LUN_TYPE.VDS_LT_STRIPE,
        sizeInBytes: 64n * 1024n * 1024n,
        unmaskingList: '',
        ...(await ctx.make.room(subSystem, VDS_LUN_TYPE.VDS_LT_STRIPE)),
      });
      if (!succeeded(started.hr)) ctx.notApplicable(`CreateLun of a stripe answered ${formatHresult(started.hr)}`);
      const lun = await ctx.duties.made(started, 'lun');
      const id = await idOf(ctx, lun, 'VDS-10.2c');
      ctx.make.deleteOnCleanUp(id, 'lun');
      const mark = ctx.session.received.length;
      ctx.duties.ok('VDS-10.6', await lun.delete());
      await comes(
        ctx,
        'VDS_NF_LUN_DEPART for a deleted LUN',
        isEvent('lun', NF.VDS_NF_LUN_DEPART, id),
        mark,
        'VDS-9.6e',
      );
      await ctx.session.notification((n) => n.drive?.event === NF.VDS_NF_DRIVE_MODIFY, mark);
      await ctx.session.notificationsSince(mark);
      const changed = drives.filter((drive) =>
        ctx.session.received
          .slice(mark)
          .some((c) => c.notifications.some(isEvent('drive', NF.VDS_NF_DRIVE_MODIFY, drive))),
      );
      if (changed.length < 2) ctx.notApplicable('no VDS_NF_DRIVE_MODIFY came for two drives');
      // Those of the creation may come late, and then after the mark: what counts is that one call told of all of them.
      const together = ctx.session.received
        .slice(mark)
        .some((c) => changed.every((drive) => c.notifications.some(isEvent('drive', NF.VDS_NF_DRIVE_MODIFY, drive))));
      ctx.duties.holds('VDS-9.4', together, `no OnNotify call held all ${changed.length} drives of one deleted LUN`);
    },
  },
  {
    id: 'notifications.target-modify',
    title: "VDS_NF_TARGET_MODIFY follows a change of a target's name and of its secret",
    requirements: ['VDS-9.6c', 'VDS-9.5', 'VDS-9.5b'],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      const { target, id } = await ctx.make.target(await ctx.system.subSystem());
      const modified = isEvent('target', NF.VDS_NF_TARGET_MODIFY, id);
      const start = ctx.session.received.length;
      const changes = [
        ['a target that was given another name', () => target.setFriendlyName({ friendlyName: ctx.make.uniqueName() })],
        [
          'a target that was given a secret, so that bChapEnabled changed',
          () =>
            target.setSharedSecret({
              targetSharedSecret: { sharedSecret: new Uint8Array(12).fill(0x61), sharedSecretSize: 12 },
            }),
        ],
      ] as const;
      for (const [what, change] of changes) {
        const mark = ctx.session.received.length;
        const { hr } = await change();
        if (succeeded(hr)) await optionally(ctx, `VDS_NF_TARGET_MODIFY for ${what}`, modified, mark);
        else ctx.note(`no change could be made to ${what}: ${formatHresult(hr)}`);
      }
      wellFormed(ctx, start);
    },
  },
  {
    id: 'notifications.portal-group',
    title:
      'VDS_NF_PORTAL_GROUP_ARRIVE and _DEPART follow the creation of a ' +
      'portal group and its deletion, or neither is sent',
    requirements: ['VDS-9.6c', 'VDS-9.5', 'VDS-9.5b'],
    cost: { calls: 50, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { target } = await ctx.make.target(subSystem);
      const mark = ctx.session.received.length;
      const { group, id, existed } = await ctx.make.portalGroup(target);
      if (!existed)
        await optionally(
          ctx,
          'VDS_NF_PORTAL_GROUP_ARRIVE for a new portal group',
          isEvent('portalGroup', NF.VDS_NF_PORTAL_GROUP_ARRIVE, id),
          mark,
        );
      if (existed) return;
      await ctx.duties.completed(await group.delete());
      await optionally(
        ctx,
        'VDS_NF_PORTAL_GROUP_DEPART for a deleted portal group',
        isEvent('portalGroup', NF.VDS_NF_PORTAL_GROUP_DEPART, id),
        mark,
      );
      wellFormed(ctx, mark);
    },
  },
  {
    id: 'notifications.target-with-a-group',
    title: 'VDS_NF_TARGET_DEPART follows the deletion of a target that has a portal group',
    requirements: ['VDS-9.6c'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const { target, id } = await ctx.make.target(await ctx.system.subSystem());
      const group = await ctx.make.portalGroup(target);
      const mark = ctx.session.received.length;
      await ctx.duties.completed(await target.delete());
      await optionally(
        ctx,
        'VDS_NF_TARGET_DEPART for a deleted target that had a portal group',
        isEvent('target', NF.VDS_NF_TARGET_DEPART, id),
        mark,
      );
      const departed = isEvent('portalGroup', NF.VDS_NF_PORTAL_GROUP_DEPART, group.id);
      ctx.duties.reading(
        'the notification for a portal group that goes with its target',
        (await ctx.session.notification(departed, mark)) === undefined ? 'not sent' : 'sent',
        'VDS-9.6c',
      );
    },
  },
  ...modifiedChecks,
  ...atTheArrayChecks,
  ...statusChecks,
  {
    id: 'notifications.nothing-from-reading',
    title:
      'Reading properties, and a Reenumerate and Refresh with nothing to find, announce no arrival and no departure',
    requirements: ['VDS-9.6d'],
    cost: { calls: 140, recoveries: 1 },
    async run(ctx) {
      ctx.duties.judging('VDS-9.6d');
      const mark = ctx.session.received.length;
      // Of what is there before and after: an event of what an earlier check deleted may still be on its way.
      const there = new Set((await census(ctx, 'VDS-9.6b')).map((d) => d.id));
      await new RecoveryCase(ctx).reenumerateAndRefresh();
      for (const n of await ctx.session.notificationsSince(mark)) {
        const { event, id } = contentOf(n);
        if (!there.has(id) || MODIFY.includes(event)) continue;
        ctx.duties.unkept('VDS-9.6d', `${eventName(event)} came for ${id}, which has been there all the time`, {
          event,
        });
      }
    },
  },
  ...(['controller', 'drive', 'port'] as const).map((kind): Check => ({
    id: `notifications.${kind}-offline`,
    title: `A ${kind} that is set OFFLINE is followed by its _REMOVED event, each time`,
    requirements: ['VDS-9.8'],
    // Its connections would be cut off.
    capabilities: ['disposable'],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      // The events came with VDS 3.0; before it, going offline had those of leaving (9.7).
      if (!(await supportsVersion(ctx, 'VDS_VSF_3_0'))) ctx.notApplicable('the provider does not support VDS 3.0');
      const devices = await devicesOf(ctx, OFFLINE[kind].interfaceName, 'VDS-9.8');
      const { object, id, properties } = devices.at(-1) ?? devices[0];
      const { online, offline, removed, interfaceName } = OFFLINE[kind];
      if (properties['status'] !== online) ctx.notApplicable(`the ${kind} is not online`);
      await restoreStatus(ctx, object);
      for (const time of ['', ' again']) {
        const mark = ctx.session.received.length;
        const result = await object.call(`${interfaceName}.SetStatus`, { status: offline });
        if (!succeeded(result.hr)) ctx.notApplicable(`SetStatus(OFFLINE) answered ${formatHresult(result.hr)}`);
        const what = `the _REMOVED event of a ${kind} that was set OFFLINE${time}`;
        await comes(ctx, what, isEvent(kind, removed, id), mark, 'VDS-9.8');
        if (!succeeded((await object.call(`${interfaceName}.SetStatus`, { status: online })).hr)) return;
      }
    },
  })),
  {
    id: 'notifications.meaning-of-arrival',
    title:
      'Controllers and ports that go offline and online have the events of departure and arrival, or not, throughout',
    requirements: ['VDS-9.7'],
    // Their connections would be cut off.
    capabilities: ['disposable'],
    cost: { calls: 60, recoveries: 0 },
    async run(ctx) {
      let tried = 0;
      for (const kind of ['controller', 'port'] as const) {
        const { interfaceName, online, offline } = OFFLINE[kind];
        const device = (await census(ctx, 'VDS-9.7')).findLast((d) => d.kind === interfaceName);
        if (device?.properties['status'] !== online) continue;
        await restoreStatus(ctx, device.object);
        for (const [status, event, word] of [
          [offline, `VDS_NF_${kind.toUpperCase()}_DEPART`, 'goes'],
          [online, `VDS_NF_${kind.toUpperCase()}_ARRIVE`, 'comes'],
        ] as const) {
          const mark = ctx.session.received.length;
          const result = await device.object.call(`${interfaceName}.SetStatus`, { status });
          if (!succeeded(result.hr)) break;
          tried += 1;
          await ctx.session.notification((n) => contentOf(n).id === device.id, mark);
          const events = (await ctx.session.notificationsSince(mark)).filter((n) => contentOf(n).id === device.id);
          const announced = events.some((n) => contentOf(n).event === NF[event as keyof typeof NF]);
          ctx.duties.reading(
            'ARRIVE and DEPART of controllers and ports',
            announced ? 'going online and offline' : 'physical presence',
            'VDS-9.7',
          );
          ctx.note(`a ${kind} that ${word}: ${events.map((n) => contentOf(n).event).join(', ') || 'no event'}`);
        }
      }
      if (tried === 0) ctx.notApplicable('no controller or port can be set OFFLINE');
    },
  },
]);
