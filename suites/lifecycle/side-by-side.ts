// Two provider objects at once, and what outlives OnUnload.
import {
  type Check,
  type Context,
  idOf,
  idsOf,
  type LoadedProvider,
  madeBy,
  secondProvider,
  type SecondProvider,
} from '../../src/checks/index.js';
import { formatHresult, type Guid, HR, NOTIFICATION_EVENTS } from '../../src/contract/index.js';

/** A provider object that could not unload yet goes on telling its sink of what it does. */
async function arrivalIsAnnounced(ctx: Context, { sink }: SecondProvider, id: Guid, mark: number): Promise<void> {
  const came = (): boolean =>
    ctx.session.received
      .slice(mark)
      .filter((r) => r.sink === sink.handle)
      .some((r) =>
        r.notifications.some((n) => n.lun?.event === NOTIFICATION_EVENTS.VDS_NF_LUN_ARRIVE && n.lun.lunId === id),
      );
  await ctx.session.notification(came, mark);
  ctx.duties.holds(
    'VDS-2.9',
    came(),
    'no VDS_NF_LUN_ARRIVE came to the sink of a provider object that had ' +
      'answered S_FALSE to OnUnload, and then made a LUN',
    { event: NOTIFICATION_EVENTS.VDS_NF_LUN_ARRIVE },
  );
}

export const sideBySideChecks: readonly Check[] = [
  {
    id: 'lifecycle.two-at-once',
    title:
      'Two loaded provider objects report one provider id and the same ' +
      'subsystems, and one goes on when the other is unloaded',
    requirements: ['VDS-3.2b', 'VDS-2.7', 'VDS-3.4'],
    changes: false,
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const second = await secondProvider(ctx);
      const read = async ({
        provider,
        hw,
      }: Pick<LoadedProvider, 'provider' | 'hw'>): Promise<{ readonly id: string; readonly names: string }> => {
        const names: string[] = [];
        for (const each of await ctx.duties.list(await hw.querySubSystems(), 'enum', 'IVdsSubSystem', 'VDS-3.4')) {
          names.push(ctx.duties.output('VDS-7.9', await each.getProperties(), 'subSystemProp').identification ?? '');
        }
        return {
          id: ctx.duties.output('VDS-3.2a', await provider.getProperties(), 'providerProp').id,
          names: names.sort().join(', '),
        };
      };
      const mine = await read(ctx.system);
      const theirs = await read(second);
      ctx.duties.equal('VDS-3.2b', 'the provider id that a second provider object reports', theirs.id, mine.id, {
        member: 'provider id',
      });
      ctx.duties.equal('VDS-3.4', 'the subsystems that a second provider object lists', theirs.names, mine.names);
      ctx.duties.code('VDS-2.5a', await second.unload(true), [HR.S_OK, HR.S_FALSE], 'when forced');
      const result = await ctx.system.hw.querySubSystems();
      ctx.duties.code('VDS-2.7', result, HR.S_OK, 'on a loaded provider object after another one was unloaded');
      ctx.duties.equal(
        'VDS-2.7',
        'the subsystems that are listed after another provider object was unloaded',
        (await read(ctx.system)).names,
        mine.names,
      );
    },
  },
  {
    id: 'lifecycle.changes-through-another',
    title:
      'What was made and deleted through one provider object is found by another one after Reenumerate and Refresh',
    requirements: ['VDS-5.3'],
    cost: { calls: 60, recoveries: 1 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const gone = await ctx.make.lun(subSystem);
      const second = await secondProvider(ctx);
      const names = async ({ hw }: Pick<LoadedProvider, 'hw'>): Promise<readonly string[]> => {
        const found: string[] = [];
        for (const each of await ctx.duties.list(await hw.querySubSystems(), 'enum', 'IVdsSubSystem', 'VDS-3.4'))
          for (const lun of await ctx.duties.list(await each.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a'))
            found.push(ctx.duties.output('VDS-10.23', await lun.getProperties(), 'lunProp').identification ?? '');
        return found.sort();
      };
      await ctx.make.lun(subSystem);
      ctx.duties.ok('VDS-10.6', await gone.lun.delete());
      await ctx.faults.recover();
      for (const answer of await second.recover()) ctx.duties.ok('VDS-5.3', answer);
      ctx.duties.equal(
        'VDS-5.3',
        'the identifications of the LUNs that a second provider object lists after Reenumerate and Refresh',
        await names(second),
        await names(ctx.system),
      );
    },
  },
  {
    id: 'lifecycle.notifications-end-with-unload',
    title: 'No notification comes to a sink after OnUnload has answered S_OK',
    requirements: ['VDS-2.5a', 'VDS-9.1'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const second = await secondProvider(ctx);
      const asked = await second.unload(false);
      // One that is not ready is asked again.
      const unloaded = asked.hr === HR.S_FALSE ? await second.unload(false) : asked;
      if (unloaded.hr !== HR.S_OK) ctx.inconclusive(`OnUnload answered ${formatHresult(unloaded.hr)}`);
      const mark = ctx.session.received.length;
      const { id } = await ctx.make.lun(subSystem);
      const came = await ctx.session.notification(
        (n) => n.lun?.event === NOTIFICATION_EVENTS.VDS_NF_LUN_ARRIVE && n.lun.lunId === id,
        mark,
      );
      ctx.duties.holds(
        'VDS-9.1',
        came !== undefined,
        'no VDS_NF_LUN_ARRIVE came to the sink of the provider object that is loaded',
        { event: NOTIFICATION_EVENTS.VDS_NF_LUN_ARRIVE },
      );
      const late = ctx.session.received.slice(mark).filter((n) => n.sink === second.sink.handle);
      ctx.duties.equal(
        'VDS-2.5a',
        'the number of notifications that came to the sink of a provider object after its OnUnload',
        late.length,
        0,
        unloaded,
      );
    },
  },
  {
    id: 'lifecycle.objects-outlive-unload',
    title: 'Objects that are held over OnUnload can be called without harm and released',
    requirements: ['VDS-2.7', 'VDS-0.2a'],
    changes: false,
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const enumerator = ctx.duties.output('VDS-6.6a', await subSystem.queryLuns(), 'enum');
      await ctx.system.unload();
      // No page says what they answer now. They must answer with a permitted code, whatever has become of the provider.
      for (const result of [
        await subSystem.getProperties(),
        await enumerator.next({ celt: 1 }),
        await enumerator.reset(),
      ])
        ctx.duties.permitted('VDS-0.2a', result, 'after the provider was unloaded');
      await enumerator.release();
      await subSystem.release();
      await ctx.system.load();
    },
  },
  {
    id: 'lifecycle.unload-during-an-operation',
    title:
      'OnUnload while a LUN is being created answers S_OK or S_FALSE, and the operation ends for whoever waits for it',
    requirements: ['VDS-2.5a', 'VDS-2.9', 'VDS-0.2a'],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      const first = await ctx.system.subSystem();
      const luns = async (): Promise<readonly string[]> =>
        idsOf(ctx, await ctx.duties.list(await first.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a'), 'VDS-6.7a');
      const before = new Set(await luns());
      const second = await secondProvider(ctx);
      const theirs = await ctx.duties.list(await second.hw.querySubSystems(), 'enum', 'IVdsSubSystem', 'VDS-3.4');
      const at = (await idsOf(ctx, theirs, 'VDS-3.4')).indexOf(await idOf(ctx, first, 'VDS-3.4'));
      const subSystem = theirs[at] ?? ctx.notApplicable('the second provider object lists its subsystems by other ids');
      // Nobody learns which LUN an operation made that outlived its provider, so under a wall it could not be taken
      // away again.
      if (ctx.system.scope.drives.length + ctx.system.scope.pools.length > 0)
        ctx.inconclusive('this run is kept to a part of the system, and might leave a LUN behind');
      const mark = ctx.session.received.length;
      const operation = ctx.duties.operation(await ctx.make.startLun(subSystem));
      const unloaded = await second.unload(false);
      ctx.duties.code('VDS-2.5a', unloaded, [HR.S_OK, HR.S_FALSE], 'while an operation runs');
      if (unloaded.hr === HR.S_FALSE)
        ctx.duties.code('VDS-2.9', await second.hw.querySubSystems(), HR.S_OK, 'after OnUnload had answered S_FALSE');
      const waited = await operation.wait();
      ctx.duties.permitted('VDS-0.2a', waited, 'for an operation that ran while the provider was unloaded');
      const lun = unloaded.hr === HR.S_FALSE ? await madeBy(waited)?.as('IVdsLun') : undefined;
      if (lun !== null && lun !== undefined)
        await arrivalIsAnnounced(ctx, second, await idOf(ctx, lun, 'VDS-2.9'), mark);
      if (unloaded.hr === HR.S_FALSE)
        ctx.duties.code('VDS-2.9', await second.unload(false), [HR.S_OK, HR.S_FALSE], 'when the operation had ended');
      // The provider object that is loaded learns by the pair of what became of the operation.
      await ctx.faults.recover();
      for (const id of await luns()) if (!before.has(id)) ctx.make.deleteOnCleanUp(id, 'lun');
    },
  },
];
