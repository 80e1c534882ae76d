// Notifications (semantics.md 9) for what the harness itself does through the API. They may come before or after the method returns, on any
// thread (9.10), so a check waits for them and asks nothing of their order.
import { NOTIFICATION_EVENTS, VDS_ASYNC_OUTPUT_TYPE, VDS_NOTIFICATION_TARGET_TYPE } from '../src/contract/generated/enumerations.js';
import type { VDS_NOTIFICATION } from '../src/contract/generated/structures.js';
import { HR } from '../src/contract/hresult.js';
import { defineSuite } from '../src/conformance/check.js';
import type { Context } from '../src/conformance/context.js';

const ofLun = (event: number, id: string) => (n: VDS_NOTIFICATION): boolean => n.lun?.event === event && n.lun.lunId === id;
const ofTarget = (event: number, id: string) => (n: VDS_NOTIFICATION): boolean => n.target?.event === event && n.target.targetId === id;

/** The notification must come, once, and to the object that it is about. */
async function owed(ctx: Context, what: string, matches: (n: VDS_NOTIFICATION) => boolean, mark: number): Promise<void> {
  const found = await ctx.session.notification(matches, mark);
  if (found === undefined) return ctx.broken('VDS-9.6a', `${what} did not come within ${ctx.session.limits.notification} ms`);
  const all = await ctx.session.notificationsSince(mark);
  ctx.equal('VDS-9.6a', `how often ${what} came`, all.filter(matches).length, 1);
}

/** Counts, types and event numbers of whatever came since the mark. */
function wellFormed(ctx: Context, mark: number): void {
  for (const call of ctx.session.received.slice(mark)) {
    ctx.holds('VDS-9.1', call.count >= 1 && call.count <= 100 && call.notifications.length === call.count, `OnNotify was called with ${call.count} notifications; 1 to 100 are allowed`);
    for (const n of call.notifications) {
      const known = Object.values(VDS_NOTIFICATION_TARGET_TYPE).includes(n.objectType as never);
      ctx.holds('VDS-9.5', known, `VDS_NOTIFICATION.objectType ${n.objectType} is none of the enumeration`);
      const event = n.subSystem?.event ?? n.controller?.event ?? n.drive?.event ?? n.lun?.event ?? n.port?.event ?? n.portal?.event ?? n.target?.event ?? n.portalGroup?.event;
      ctx.holds('VDS-9.5', event !== undefined && ((event >= 101 && event <= 200) || (event >= 350 && event <= 354)), `event ${event} is none that a hardware provider sends`);
    }
  }
}

export const suite = defineSuite('notifications', 'Notifications', [
  {
    id: 'notifications.lun',
    title: 'VDS_NF_LUN_ARRIVE follows a LUN\'s creation and VDS_NF_LUN_DEPART its deletion, each once, with its id',
    requirements: ['VDS-9.6a', 'VDS-9.1', 'VDS-9.5', 'VDS-9.10'],
    cost: { calls: 14, recoveries: 0 },
    async run(ctx) {
      const mark = ctx.session.received.length;
      const { lun, id } = await ctx.createLun(await ctx.subSystem());
      await owed(ctx, 'VDS_NF_LUN_ARRIVE for a new LUN', ofLun(NOTIFICATION_EVENTS.VDS_NF_LUN_ARRIVE, id), mark);
      ctx.ok('VDS-10.6', await lun.delete());
      await owed(ctx, 'VDS_NF_LUN_DEPART for a deleted LUN', ofLun(NOTIFICATION_EVENTS.VDS_NF_LUN_DEPART, id), mark);
      wellFormed(ctx, mark);
    },
  },
  {
    id: 'notifications.target',
    title: 'VDS_NF_TARGET_ARRIVE follows a target\'s creation and VDS_NF_TARGET_DEPART its deletion, each once, with its id',
    requirements: ['VDS-9.6a', 'VDS-9.1', 'VDS-9.5'],
    cost: { calls: 16, recoveries: 0 },
    async run(ctx) {
      const mark = ctx.session.received.length;
      const { target, id } = await ctx.createTarget(await ctx.subSystem());
      await owed(ctx, 'VDS_NF_TARGET_ARRIVE for a new target', ofTarget(NOTIFICATION_EVENTS.VDS_NF_TARGET_ARRIVE, id), mark);
      await ctx.completed(await target.delete(), VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_DELETETARGET);
      await owed(ctx, 'VDS_NF_TARGET_DEPART for a deleted target', ofTarget(NOTIFICATION_EVENTS.VDS_NF_TARGET_DEPART, id), mark);
      wellFormed(ctx, mark);
    },
  },
  {
    id: 'notifications.sink-answers-s-false',
    title: 'A sink that answers S_FALSE is no error: the provider works on and notifies again',
    requirements: ['VDS-9.3'],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.subSystem();
      await ctx.session.setSinkAnswer(HR.S_FALSE);
      ctx.onCleanUp('let the sink answer S_OK', () => ctx.session.setSinkAnswer(HR.S_OK));
      for (let time = 0; time < 2; time++) {
        const mark = ctx.session.received.length;
        const { id } = await ctx.createLun(subSystem);
        const came = await ctx.session.notification(ofLun(NOTIFICATION_EVENTS.VDS_NF_LUN_ARRIVE, id), mark);
        ctx.holds('VDS-9.3', came !== undefined, `no VDS_NF_LUN_ARRIVE came for LUN ${time + 1} that was created while the sink answers S_FALSE`);
      }
    },
  },
]);
