// The status that a device has when _REMOVED is sent of it: it is there, and not available for use.
import {
  type Check,
  devicesOf,
  eventName,
  isEvent,
  NF,
  propertiesOf,
  restoreStatus,
  supportsVersion,
} from '../../src/checks/index.js';
import { OBJECT_STATUS, succeeded } from '../../src/contract/index.js';

const REMOVED = {
  drive: { interfaceName: 'IVdsDrive', event: NF.VDS_NF_DRIVE_REMOVED },
  port: { interfaceName: 'IVdsControllerPort', event: NF.VDS_NF_PORT_REMOVED },
} as const;

const { STATUS_ONLINE, STATUS_OFFLINE, STATUS_REMOVED } = OBJECT_STATUS;

export const statusChecks: readonly Check[] = (['drive', 'port'] as const).map((kind) => ({
  id: `notifications.${kind}-removed-is-not-online`,
  title: `A ${kind} of which _REMOVED is sent, as its status is set, is there and not ONLINE`,
  requirements: ['VDS-9.11b'],
  // Its connections would be cut off.
  capabilities: ['disposable'],
  cost: { calls: 120, recoveries: 0 },
  async run(ctx) {
    const { interfaceName, event } = REMOVED[kind];
    const devices = await devicesOf(ctx, interfaceName, 'VDS-9.11b');
    // The events came with VDS 3.0.
    if (!(await supportsVersion(ctx, 'VDS_VSF_3_0'))) ctx.notApplicable('the provider does not support VDS 3.0');
    const { object, id, properties } = devices.at(-1) ?? devices[0];
    if (properties['status'] !== STATUS_ONLINE) ctx.notApplicable(`the ${kind} is not online`);
    await restoreStatus(ctx, object);
    let came = 0;
    // In this order, so that an event which is late says nothing wrong.
    for (const status of [STATUS_ONLINE, STATUS_OFFLINE]) {
      await ctx.session.notificationsSince(ctx.session.received.length);
      const mark = ctx.session.received.length;
      if (!succeeded((await object.call(`${interfaceName}.SetStatus`, { status })).hr)) continue;
      const isRemoved = isEvent(kind, event, id);
      const announced =
        status === STATUS_OFFLINE
          ? await ctx.session.notification(isRemoved, mark)
          : (await ctx.session.notificationsSince(mark)).find(isRemoved);
      if (announced === undefined) continue;
      came += 1;
      const { status: reported } = await propertiesOf(ctx, object, 'VDS-9.11b');
      ctx.duties.holds(
        'VDS-9.11b',
        reported !== STATUS_ONLINE && reported !== STATUS_REMOVED,
        `${eventName(event)} came of a ${kind} whose status is ${reported === STATUS_ONLINE ? 'ONLINE' : 'REMOVED'}`,
        { event },
      );
    }
    if (came === 0) ctx.notApplicable(`no ${eventName(event)} came`);
  },
}));
