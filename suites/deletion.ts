// Objects whose device is gone (semantics.md 7.1): by the provider's own Delete, by somebody else with or without the
// array's event, and with their subsystem.
import {
  type Context,
  type CreatedLun,
  defineSuite,
  plausibleArguments,
  RecoveryCase,
  saysDeleted,
  type VdsObject,
  disconnectedAs,
} from '../src/checks/index.js';
import {
  allMethods,
  HR,
  NOTIFICATION_EVENTS,
  succeeded,
  VDS_OBJECT_TYPE,
  type VDS_NOTIFICATION,
} from '../src/contract/index.js';
import { deletionByMethod } from './products/deletion.js';

/**
 * Every method of the interface that the object was got by must answer VDS_E_OBJECT_DELETED, not only those whose pages
 * list it.
 */
async function everyMethodSaysDeleted(ctx: Context, object: VdsObject): Promise<void> {
  for (const method of allMethods) {
    if (method.interfaceName !== object.interfaceName) continue;
    saysDeleted(
      ctx,
      await object.call(method.fullName, plausibleArguments(method)),
      'on an object whose device is gone',
    );
  }
}

/** A LUN that nobody deleted must go on answering. */
async function neighbourLives(ctx: Context, neighbour: CreatedLun): Promise<void> {
  const result = await neighbour.lun.getProperties();
  ctx.duties.code('VDS-7.1a', result, HR.S_OK, 'on a LUN that nobody deleted');
  ctx.duties.equal(
    'VDS-4.1a',
    'the id of a LUN next to the deleted one',
    ctx.duties.output('VDS-7.1a', result, 'lunProp').id,
    neighbour.id,
    result,
  );
}

export const suite = defineSuite('deletion', 'Deleted objects', [
  ...deletionByMethod,
  {
    id: 'deletion.lun.every-method',
    title: 'Every method of a LUN deleted through the provider answers VDS_E_OBJECT_DELETED',
    requirements: ['VDS-7.1a', 'VDS-10.6'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const neighbour = await ctx.make.lun(subSystem);
      const { lun } = await ctx.make.lun(subSystem);
      ctx.duties.ok('VDS-10.6', await lun.delete());
      await everyMethodSaysDeleted(ctx, lun);
      await neighbourLives(ctx, neighbour);
    },
  },
  {
    id: 'deletion.target.every-method',
    title: 'Every method of a target deleted through the provider answers VDS_E_OBJECT_DELETED',
    requirements: ['VDS-7.1a', 'VDS-11.2a'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const neighbour = await ctx.make.target(subSystem);
      const { target } = await ctx.make.target(subSystem);
      await ctx.duties.completed(await target.delete());
      await everyMethodSaysDeleted(ctx, target);
      const answer = await neighbour.target.getProperties();
      ctx.duties.code('VDS-7.1a', answer, HR.S_OK, 'on a target that nobody deleted');
    },
  },
  {
    id: 'deletion.second-delete',
    title: 'A second Delete of one LUN answers VDS_E_OBJECT_DELETED and harms nothing else',
    requirements: ['VDS-7.1a'],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const neighbour = await ctx.make.lun(subSystem);
      const { lun } = await ctx.make.lun(subSystem);
      ctx.duties.ok('VDS-10.6', await lun.delete());
      ctx.duties.code('VDS-7.1a', await lun.delete(), HR.VDS_E_OBJECT_DELETED, 'for the second time');
      await neighbourLives(ctx, neighbour);
    },
  },
  {
    id: 'deletion.after-recovery',
    title: 'A deleted LUN stays deleted over Reenumerate and Refresh',
    requirements: ['VDS-7.1a', 'VDS-10.6', 'VDS-5.3'],
    cost: { calls: 70, recoveries: 1 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const neighbour = await ctx.make.lun(subSystem);
      const { lun, id } = await ctx.make.lun(subSystem);
      const c = new RecoveryCase(ctx);
      await c.snapshot();
      ctx.duties.ok('VDS-10.6', await lun.delete());
      await c.mustRecover({ departed: [id] });
      ctx.duties.code('VDS-7.1a', await lun.getProperties(), HR.VDS_E_OBJECT_DELETED, 'after Delete and recovery');
      await neighbourLives(ctx, neighbour);
    },
  },
  {
    id: 'deletion.reference-outlives-the-device',
    title: 'A reference to a deleted LUN stays valid until its last Release, over other LUNs that come and go',
    requirements: ['VDS-7.1a'],
    cost: { calls: 60, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { lun } = await ctx.make.lun(subSystem);
      const second = await lun.as('IVdsLun');
      ctx.duties.ok('VDS-10.6', await lun.delete());
      await lun.release();
      for (let time = 0; time < 3; time++) {
        const other = await ctx.make.lun(subSystem);
        ctx.duties.ok('VDS-10.6', await other.lun.delete());
      }
      if (second === null)
        return ctx.duties.broken('VDS-12.3b', 'a LUN answers QueryInterface(IVdsLun) with a failure');
      ctx.duties.code(
        'VDS-7.1a',
        await second.getProperties(),
        HR.VDS_E_OBJECT_DELETED,
        'by the last reference to a deleted LUN',
      );
    },
  },
  {
    id: 'deletion.async-outlives-its-lun',
    title: 'The IVdsAsync of a creation still answers after its LUN was deleted',
    requirements: ['VDS-8.3b'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const started = await ctx.make.startLun(subSystem);
      const waited = await ctx.duties.completed(started);
      const operation = ctx.duties.output('VDS-8.1a', started, 'async');
      const unknown = (waited.out.asyncOut as { cl?: { lunUnk: VdsObject | null } }).cl?.lunUnk ?? null;
      const lun = unknown === null ? null : await unknown.as('IVdsLun');
      if (lun === null) return ctx.duties.broken('VDS-8.4a', 'a CreateLun that succeeded handed over no LUN', waited);
      ctx.duties.ok('VDS-10.6', await lun.delete());
      const again = await operation.wait();
      ctx.duties.holds('VDS-8.3b', succeeded(again.hr), 'Wait fails after the LUN that it created was deleted', again);
    },
  },
  ...(
    [
      ['silently', false],
      ['with-its-event', true],
    ] as const
  ).flatMap(([how, notify]) => [
    {
      id: `deletion.lun.${how}`,
      title:
        `A LUN deleted at the array ${how.replaceAll('-', ' ')} answers VDS_E_OBJECT_DELETED ` +
        `${notify ? 'once that is announced' : 'after Reenumerate and Refresh'}, and is no longer listed`,
      requirements: ['VDS-7.1a', 'VDS-5.3', ...(notify ? ['VDS-9.6e'] : [])],
      faults: ['delete-object' as const],
      cost: { calls: 120, recoveries: 1 },
      async run(ctx: Context) {
        const subSystem = await ctx.system.subSystem();
        const neighbour = await ctx.make.lun(subSystem);
        const { lun, id } = await ctx.make.lun(subSystem);
        const c = new RecoveryCase(ctx);
        await c.snapshot();
        const mark = ctx.session.received.length;
        const fault = await ctx.faults.inject({ kind: 'delete-object', object: id, notify });
        if (notify) {
          const departs = (n: VDS_NOTIFICATION): boolean =>
            n.lun?.lunId === id && n.lun.event === NOTIFICATION_EVENTS.VDS_NF_LUN_DEPART;
          let came = await ctx.session.notification(departs, mark);
          if (came === undefined) {
            // Some arrays report nothing by themselves: then it is found by the pair, and announced.
            ctx.note('nothing came for a LUN that the array reported gone, before Reenumerate and Refresh');
            await ctx.faults.recover();
            came = await ctx.session.notification(departs, mark);
          }
          ctx.duties.holds(
            'VDS-9.6e',
            came !== undefined,
            'no VDS_NF_LUN_DEPART came for a LUN that the array reported gone, after Reenumerate and Refresh either',
            { event: NOTIFICATION_EVENTS.VDS_NF_LUN_DEPART },
          );
          ctx.duties.code(
            'VDS-7.1a',
            await lun.getProperties(),
            HR.VDS_E_OBJECT_DELETED,
            'after the provider itself had sent VDS_NF_LUN_DEPART for it',
          );
        } else {
          const early = await lun.getProperties();
          if (succeeded(early.hr))
            ctx.note(
              'GetProperties of a LUN that was deleted silently answered from the cache before Reenumerate and ' +
                'Refresh, which is lawful',
            );
          else ctx.duties.permitted('VDS-7.1a', early, 'on a LUN that was deleted silently', 'wrong result code');
        }
        await c.mustRecover({ departed: [id], fault });
        await everyMethodSaysDeleted(ctx, lun);
        await neighbourLives(ctx, neighbour);
      },
    },
    {
      id: `deletion.target.${how}`,
      title:
        `A target deleted at the array ${how.replaceAll('-', ' ')} answers VDS_E_OBJECT_DELETED after Reenumerate ` +
        'and Refresh, and is no longer listed',
      requirements: ['VDS-7.1a', 'VDS-5.3'],
      faults: ['delete-object' as const],
      cost: { calls: 120, recoveries: 1 },
      async run(ctx: Context) {
        const subSystem = await ctx.system.subSystem();
        const { target, id } = await ctx.make.target(subSystem);
        const c = new RecoveryCase(ctx);
        await c.snapshot();
        const fault = await ctx.faults.inject({ kind: 'delete-object', object: id, notify });
        await c.mustRecover({ departed: [id], fault });
        await everyMethodSaysDeleted(ctx, target);
      },
    },
  ]),
  {
    id: 'deletion.subsystem.disconnected',
    title:
      'A subsystem whose cable was pulled is gone after Reenumerate and Refresh with its LUNs, and back after its ' +
      'return and Reenumerate and Refresh',
    requirements: ['VDS-7.1a', 'VDS-5.2', 'VDS-5.2b', 'VDS-3.4'],
    faults: ['disconnect'],
    cost: { calls: 140, recoveries: 2 },
    async run(ctx) {
      const [first, second] = await ctx.system.twoSubSystems();
      const c = new RecoveryCase(ctx);
      const { id } = ctx.duties.output('VDS-7.9', await second.getProperties(), 'subSystemProp');
      const held = await ctx.make.lun(second);
      await c.snapshot();
      const fault = await ctx.faults.inject({ kind: 'disconnect', object: id });
      await c.mustRecover({ departed: [id] });
      if ((await disconnectedAs(ctx, second)) === 'kept') {
        ctx.duties.ok('VDS-5.2b', await first.getProperties());
        await fault.heal();
        await c.mustRecover();
        return;
      }
      await everyMethodSaysDeleted(ctx, second);
      ctx.duties.code(
        'VDS-7.1a',
        await held.lun.getProperties(),
        HR.VDS_E_OBJECT_DELETED,
        'on a LUN whose subsystem is gone',
      );
      ctx.duties.ok('VDS-7.1a', await first.getProperties());
      await fault.heal();
      await c.reenumerateAndRefresh();
      const back = await ctx.system.inventory('VDS-5.2');
      const truth = await ctx.faults.truth();
      ctx.duties.equal(
        'VDS-5.2',
        'the number of subsystems after the cable was put back',
        back.subSystems.length,
        truth?.subSystems.length ?? 2,
      );
      ctx.duties.holds(
        'VDS-5.2',
        back.subSystems.some((s) => s.luns.some((l) => l.size === held.size)),
        'the LUN of a subsystem that came back is missing',
      );
    },
  },
  {
    id: 'deletion.between-the-pair',
    title: 'A LUN deleted between Reenumerate and Refresh is gone after the next Reenumerate and Refresh at the latest',
    requirements: ['VDS-7.1a', 'VDS-5.3'],
    faults: ['delete-object'],
    cost: { calls: 120, recoveries: 2 },
    async run(ctx) {
      const { lun, id } = await ctx.make.lun(await ctx.system.subSystem());
      const c = new RecoveryCase(ctx);
      await c.snapshot();
      await c.reenumerateAndRefresh({
        betweenPair: async () => {
          await ctx.faults.inject({ kind: 'delete-object', object: id });
        },
      });
      await c.mustRecover({ departed: [id] });
      ctx.duties.code(
        'VDS-7.1a',
        await lun.getProperties(),
        HR.VDS_E_OBJECT_DELETED,
        'on a LUN deleted between Reenumerate and Refresh',
      );
    },
  },
  {
    id: 'deletion.id-as-argument',
    title:
      'The id of a deleted object names nothing: GetObject answers ' +
      'VDS_E_OBJECT_NOT_FOUND, also after Reenumerate and Refresh',
    requirements: ['VDS-3.5d'],
    cost: { calls: 40, recoveries: 1 },
    async run(ctx) {
      const { lun, id } = await ctx.make.lun(await ctx.system.subSystem());
      ctx.duties.ok('VDS-10.6', await lun.delete());
      const ask = async (when: string): Promise<void> => {
        ctx.duties.code(
          'VDS-3.5d',
          await ctx.system.providerPrivate.getObject({ objectId: id, type: VDS_OBJECT_TYPE.VDS_OT_LUN }),
          HR.VDS_E_OBJECT_NOT_FOUND,
          when,
        );
      };
      await ask('for the id of a deleted LUN');
      await new RecoveryCase(ctx).reenumerateAndRefresh();
      await ask('for the id of a LUN deleted before recovery');
    },
  },
]);
