// Notifications for changes of a subsystem, controller, drive or portal that a caller makes (semantics.md 9.6).
import {
  type Check,
  controllersOf,
  emptyDrives,
  idOf,
  makeHotSpare,
  portals,
  setStatus,
  supportsVersion,
  comes,
  contentOf,
  NF,
  isEvent,
  wellFormed,
} from '../../src/checks/index.js';
import { formatHresult, OBJECT_STATUS, succeeded } from '../../src/contract/index.js';

export const modifiedChecks: readonly Check[] = [
  {
    id: 'notifications.subsystem-modify',
    title: 'VDS_NF_SUB_SYSTEM_MODIFY follows when a subsystem is given another name',
    requirements: ['VDS-9.6b', 'VDS-9.5', 'VDS-9.5b'],
    cost: { calls: 12, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { id, friendlyName } = ctx.duties.output('VDS-9.6b', await subSystem.getProperties(), 'subSystemProp');
      const naming = await ctx.system.optional(subSystem, 'IVdsSubSystemNaming');
      ctx.onCleanUp('put the friendly name back', async () => {
        await naming.setFriendlyName({ friendlyName: friendlyName ?? '' });
      });
      const mark = ctx.session.received.length;
      const { hr } = ctx.duties.supported(await naming.setFriendlyName({ friendlyName: ctx.make.uniqueName() }));
      if (!succeeded(hr)) ctx.notApplicable(`SetFriendlyName answered ${formatHresult(hr)}`);
      await comes(
        ctx,
        'VDS_NF_SUB_SYSTEM_MODIFY for a subsystem that was given another name',
        isEvent('subSystem', NF.VDS_NF_SUB_SYSTEM_MODIFY, id),
        mark,
        'VDS-9.6b',
      );
      wellFormed(ctx, mark);
    },
  },
  {
    id: 'notifications.drive-modify',
    title: 'VDS_NF_DRIVE_MODIFY follows when a drive is made a hot spare',
    requirements: ['VDS-9.6b', 'VDS-9.5', 'VDS-9.5b'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const found =
        (await emptyDrives(ctx, await ctx.system.subSystem())).at(-1) ?? ctx.notApplicable('no drive is unused');
      const mark = ctx.session.received.length;
      const { hr } = ctx.duties.supported(await makeHotSpare(ctx, found));
      if (!succeeded(hr)) ctx.notApplicable(`SetFlags answered ${formatHresult(hr)}`);
      await comes(
        ctx,
        'VDS_NF_DRIVE_MODIFY for a drive that was made a hot spare',
        isEvent('drive', NF.VDS_NF_DRIVE_MODIFY, found.prop.id),
        mark,
        'VDS-9.6b',
      );
      wellFormed(ctx, mark);
    },
  },
  {
    id: 'notifications.controller-status',
    title: 'An event about a controller follows when its status changes, and another when it changes back',
    requirements: ['VDS-9.6b', 'VDS-9.5', 'VDS-9.5b'],
    // Its connections would be cut off.
    capabilities: ['disposable'],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      // Before VDS 3.0 there was no event for it but those of coming and going, which may mean something else.
      if (!(await supportsVersion(ctx, 'VDS_VSF_3_0'))) ctx.notApplicable('the provider does not support VDS 3.0');
      const found = (await controllersOf(ctx, await ctx.system.subSystem(), 2)).at(-1);
      const { controller, prop } = found ?? ctx.notApplicable('there is no second controller');
      if (prop.status !== OBJECT_STATUS.STATUS_ONLINE) ctx.notApplicable('the controller is not online');
      for (const status of [OBJECT_STATUS.STATUS_OFFLINE, OBJECT_STATUS.STATUS_ONLINE]) {
        const mark = ctx.session.received.length;
        const { hr } = await setStatus(ctx, controller, status);
        if (!succeeded(hr)) ctx.notApplicable(`SetStatus(${status}) answered ${formatHresult(hr)}`);
        // Which event is open: _MODIFY, _REMOVED, or the two that once stood for going on and off line.
        await comes(
          ctx,
          `an event about a controller whose status was set to ${status}`,
          (n) => n.controller !== undefined && contentOf(n).id === prop.id,
          mark,
          'VDS-9.6b',
        );
        wellFormed(ctx, mark);
      }
    },
  },
  {
    id: 'notifications.portal-modify',
    title: 'VDS_NF_PORTAL_MODIFY follows when the status of a portal changes, or is left to the service',
    requirements: ['VDS-9.6c', 'VDS-9.5', 'VDS-9.5b'],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      for (const { portal } of await portals(ctx, await ctx.system.subSystem())) {
        const id = await idOf(ctx, portal, 'VDS-9.6c');
        const { status } = ctx.duties.output('VDS-9.6c', await portal.getProperties(), 'portalProp');
        if (status !== OBJECT_STATUS.STATUS_ONLINE) continue;
        const mark = ctx.session.received.length;
        const { hr } = ctx.duties.supported(await setStatus(ctx, portal, OBJECT_STATUS.STATUS_OFFLINE));
        if (!succeeded(hr)) ctx.notApplicable(`SetStatus(OFFLINE) answered ${formatHresult(hr)}`);
        const came = await ctx.session.notification(isEvent('portal', NF.VDS_NF_PORTAL_MODIFY, id), mark);
        ctx.duties.reading(
          'notifications about portals',
          came === undefined ? 'not sent' : 'sent',
          'VDS-9.6c',
          'VDS_NF_PORTAL_MODIFY',
          { event: NF.VDS_NF_PORTAL_MODIFY },
        );
        wellFormed(ctx, mark);
      }
    },
  },
];
