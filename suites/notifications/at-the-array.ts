// Notifications of what happens at the array, without a call of the caller.
import {
  census,
  type Check,
  type Context,
  contentOf,
  disconnectedAs,
  emptyDrives,
  eventName,
  idOf,
  pulledAs,
  RecoveryCase,
  NF,
  isEvent,
  comesOnce,
  comes,
  wellFormed,
} from '../../src/checks/index.js';
import { OBJECT_STATUS, VDS_DRIVE_STATUS } from '../../src/contract/index.js';

/** The id of the first subsystem. */
const subSystemId = async (ctx: Context): Promise<string> => idOf(ctx, await ctx.system.subSystem(), 'VDS-7.9');

type Announcement = readonly [what: string, matches: Parameters<typeof comesOnce>[2]];

/** Kinds of devices of which _ARRIVE says that they are present. */
const PRESENT: ReadonlyMap<string, number> = new Map([
  ['IVdsDrive', NF.VDS_NF_DRIVE_ARRIVE],
  ['IVdsController', NF.VDS_NF_CONTROLLER_ARRIVE],
  ['IVdsControllerPort', NF.VDS_NF_PORT_ARRIVE],
]);

/** What has arrived since the mark does not say that it was removed. */
async function judgeArrived(ctx: Context, mark: number): Promise<void> {
  const announced = (await ctx.session.notificationsSince(mark)).map(contentOf);
  for (const { kind, id, properties } of await census(ctx, 'VDS-9.11', Infinity)) {
    const event = PRESENT.get(kind);
    if (event !== undefined && announced.some((n) => n.event === event && n.id === id))
      ctx.duties.holds(
        'VDS-9.11',
        properties['status'] !== OBJECT_STATUS.STATUS_REMOVED,
        `${eventName(event)} came of ${id}, whose status is REMOVED`,
        { event },
      );
  }
}

/**
 * Disconnects a device and connects it again, with a recovery after each: its departure and its arrival must be
 * announced. The arrival is of whichever id, as that may be a new one (VDS-4.2c); of what is kept as removed meanwhile
 * it may be a change of its status. `departed` gives the requirement of the departure, and ends the check where the
 * provider keeps what is disconnected and says nothing of its being gone.
 */
async function goesAndReturns(
  ctx: Context,
  id: string,
  departed: () => Promise<string>,
  departure: Announcement,
  arrival: Announcement,
): Promise<void> {
  const mark = ctx.session.received.length;
  const fault = await ctx.faults.inject({ kind: 'disconnect', object: id });
  await ctx.faults.recover();
  const requirement = await departed();
  await comesOnce(ctx, ...departure, mark, requirement);
  const back = ctx.session.received.length;
  await fault.heal();
  await ctx.faults.recover();
  if (requirement === 'VDS-9.6b') await comesOnce(ctx, ...arrival, back, requirement);
  await judgeArrived(ctx, back);
  wellFormed(ctx, mark);
}

export const atTheArrayChecks: readonly Check[] = [
  {
    id: 'notifications.subsystem-comes-and-goes',
    title: "VDS_NF_SUB_SYSTEM_DEPART follows a subsystem's disconnection, _ARRIVE its return, each once",
    requirements: ['VDS-9.6b', 'VDS-9.5', 'VDS-9.5b', 'VDS-9.11'],
    faults: ['disconnect'],
    cost: { calls: 130, recoveries: 2 },
    async run(ctx) {
      const [, second] = await ctx.system.twoSubSystems();
      const id = await idOf(ctx, second, 'VDS-7.9');
      await goesAndReturns(
        ctx,
        id,
        async () => {
          if ((await disconnectedAs(ctx, second)) === 'kept')
            ctx.notApplicable('a subsystem that is disconnected is kept, with status OFFLINE');
          return 'VDS-9.6b';
        },
        [
          'VDS_NF_SUB_SYSTEM_DEPART for a subsystem that was disconnected',
          isEvent('subSystem', NF.VDS_NF_SUB_SYSTEM_DEPART, id),
        ],
        [
          'VDS_NF_SUB_SYSTEM_ARRIVE for a subsystem that was connected again',
          (n) => n.subSystem?.event === NF.VDS_NF_SUB_SYSTEM_ARRIVE,
        ],
      );
    },
  },
  {
    id: 'notifications.drive-comes-and-goes',
    title: 'VDS_NF_DRIVE_DEPART follows when a drive is pulled, _ARRIVE when it is returned, each once',
    requirements: ['VDS-9.6b', 'VDS-9.8b', 'VDS-9.5', 'VDS-9.5b', 'VDS-9.11'],
    faults: ['disconnect'],
    cost: { calls: 140, recoveries: 2 },
    async run(ctx) {
      const pulled =
        (await emptyDrives(ctx, await ctx.system.subSystem())).at(-1) ?? ctx.notApplicable('no drive is unused');
      const { id } = pulled.prop;
      const mark = ctx.session.received.length;
      await goesAndReturns(
        ctx,
        id,
        async () => {
          const announced = await ctx.session.notificationsSince(mark);
          ctx.duties.holds(
            'VDS-9.11',
            !announced.some(isEvent('drive', NF.VDS_NF_DRIVE_ARRIVE, id)),
            'VDS_NF_DRIVE_ARRIVE was sent for a drive that had been pulled',
            { event: NF.VDS_NF_DRIVE_ARRIVE },
          );
          if ((await pulledAs(ctx, pulled.drive, 'a drive that was pulled')) === 'gone') return 'VDS-9.6b';
          const { status } = ctx.duties.output('VDS-5.4b', await pulled.drive.getProperties(), 'driveProp');
          if (status === VDS_DRIVE_STATUS.VDS_DRS_REMOVED) return 'VDS-9.8b';
          return ctx.notApplicable('a drive that is pulled is kept, with status UNKNOWN');
        },
        ['VDS_NF_DRIVE_DEPART for a drive that was pulled', isEvent('drive', NF.VDS_NF_DRIVE_DEPART, id)],
        ['VDS_NF_DRIVE_ARRIVE for a drive that was returned', (n) => n.drive?.event === NF.VDS_NF_DRIVE_ARRIVE],
      );
    },
  },
  {
    id: 'notifications.changed-at-the-array',
    title:
      "A LUN's new name, given at the array, is followed by VDS_NF_LUN_MODIFY by the end of Reenumerate and Refresh",
    requirements: ['VDS-9.6b'],
    faults: ['change-object'],
    cost: { calls: 24, recoveries: 1 },
    async run(ctx) {
      const { id } = await ctx.make.lun(await ctx.system.subSystem());
      const mark = ctx.session.received.length;
      await ctx.faults.inject({ kind: 'change-object', object: id });
      await new RecoveryCase(ctx).reenumerateAndRefresh();
      await comes(
        ctx,
        'VDS_NF_LUN_MODIFY for a LUN whose name was changed at the array',
        isEvent('lun', NF.VDS_NF_LUN_MODIFY, id),
        mark,
        'VDS-9.6b',
      );
    },
  },
  {
    id: 'notifications.deleted-at-the-array',
    title:
      'A LUN that is deleted at the array is followed by one VDS_NF_LUN_DEPART, with its event or by the end of ' +
      'Reenumerate and Refresh',
    requirements: ['VDS-9.6e'],
    faults: ['delete-object'],
    cost: { calls: 40, recoveries: 2 },
    async run(ctx) {
      for (const notify of [true, false]) {
        const { id } = await ctx.make.lun(await ctx.system.subSystem());
        const mark = ctx.session.received.length;
        await ctx.faults.inject({ kind: 'delete-object', object: id, notify });
        await new RecoveryCase(ctx).reenumerateAndRefresh();
        await comesOnce(
          ctx,
          `VDS_NF_LUN_DEPART for a LUN that was deleted at the array ${notify ? 'with' : 'without'} its event`,
          isEvent('lun', NF.VDS_NF_LUN_DEPART, id),
          mark,
          'VDS-9.6e',
        );
      }
    },
  },
  {
    id: 'notifications.repeated-events',
    title: 'An event of the array that reaches the provider twice is reported once',
    requirements: ['VDS-9.6e', 'VDS-9.6d'],
    faults: ['duplicate-event', 'delete-object'],
    cost: { calls: 24, recoveries: 2 },
    async run(ctx) {
      const { id } = await ctx.make.lun(await ctx.system.subSystem());
      await ctx.faults.inject({ kind: 'duplicate-event', object: await subSystemId(ctx) });
      const mark = ctx.session.received.length;
      await ctx.faults.inject({ kind: 'delete-object', object: id, notify: true });
      await new RecoveryCase(ctx).reenumerateAndRefresh();
      await comesOnce(
        ctx,
        'VDS_NF_LUN_DEPART for a LUN whose departure the array reported twice',
        isEvent('lun', NF.VDS_NF_LUN_DEPART, id),
        mark,
        'VDS-9.6e',
      );
    },
  },
];
