// IEnumVdsObject (semantics.md 6): counts, the end, Reset, Clone, that an enumeration is a snapshot; and what each
// query lists.
import {
  type Context,
  defineSuite,
  displayName,
  idOf,
  mustListOnce,
  QUERIES,
  RecoveryCase,
  type VdsObject,
  disconnectedAs,
  type IEnumVdsObject,
  type IVdsSubSystem,
} from '../src/checks/index.js';
import { formatHresult, HR, succeeded, UNTOUCHED } from '../src/contract/index.js';
import { lunEnumerator, next, enumeratorOf, emptyOwed, idsLeft } from './enumeration/enumerators.js';
import { cloneAndSnapshotChecks } from './enumeration/clones-and-snapshots.js';
import { everyQueryChecks } from './enumeration/every-query.js';
import { manyObjectsChecks } from './enumeration/many.js';
import { walkCheck } from './enumeration/walks.js';

/** A query of a new object, which must list nothing. */
async function listsNothing(ctx: Context, object: VdsObject, fullName: string, of: string): Promise<void> {
  const query = QUERIES.find((q) => q.method.fullName === fullName)!;
  const typed = await object.as(query.method.interfaceName as 'IVdsLun');
  if (typed === null) ctx.notApplicable(`${of} has no ${query.method.interfaceName}`);
  const ids = await idsLeft(ctx, await enumeratorOf(ctx, typed, query), query);
  ctx.duties.equal(
    emptyOwed(fullName),
    `the number of objects that ${displayName(query.method.fullName)} of ${of} lists`,
    ids.length,
    0,
  );
}

export const suite = defineSuite('enumeration', 'Enumeration objects', [
  {
    id: 'enumeration.counts',
    title: 'Next returns as many as asked for, then what is left with S_FALSE, then nothing with S_FALSE',
    requirements: ['VDS-6.1', 'VDS-6.2a', 'VDS-6.5c'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const { enumerator, ids } = await lunEnumerator(ctx, 3);
      const seen = await next(ctx, enumerator, 2, ids.length);
      seen.push(...(await next(ctx, enumerator, ids.length + 3, ids.length - 2)));
      ctx.duties.noneTwice('VDS-6.5c', 'IVdsSubSystem.QueryLuns', seen);
      await next(ctx, enumerator, 1, 0);
      await next(ctx, enumerator, 5, 0);
    },
  },
  {
    id: 'enumeration.next-zero',
    title: 'Next(0) fetches nothing and leaves the position',
    requirements: ['VDS-6.2b'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const { enumerator, ids } = await lunEnumerator(ctx, 1);
      // Twice, as the choice must be kept.
      for (let time = 0; time < 2; time++) {
        const result = await enumerator.next({ celt: 0 });
        ctx.duties.holds(
          'VDS-6.2b',
          [HR.S_OK, HR.S_FALSE, HR.E_INVALIDARG].includes(result.hr as never),
          'Next(0) must answer S_OK, S_FALSE or E_INVALIDARG',
          result,
        );
        const fetched = result.out.fetched;
        ctx.duties.holds('VDS-6.2b', fetched === 0 || fetched === UNTOUCHED, 'Next(0) must fetch nothing', result);
        ctx.duties.reading('Next(0)', formatHresult(result.hr), 'VDS-6.2b');
      }
      await next(ctx, enumerator, ids.length, ids.length, { by: 'Next(0)', how: 'after Next(0)' });
    },
  },
  {
    id: 'enumeration.skip',
    title: 'Skip passes over objects, and answers S_FALSE when there are fewer',
    requirements: ['VDS-6.3'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const { enumerator, ids } = await lunEnumerator(ctx, 3);
      ctx.duties.code('VDS-6.3', await enumerator.skip({ celt: 1 }), HR.S_OK, `for Skip(1) with ${ids.length} left`);
      const second = await next(ctx, enumerator, 1, ids.length - 1, { by: 'Skip', how: 'after Skip(1)' });
      ctx.duties.code(
        'VDS-6.3',
        await enumerator.skip({ celt: ids.length }),
        HR.S_FALSE,
        `for Skip(${ids.length}) with ${ids.length - 2} left`,
      );
      ctx.duties.code('VDS-6.3', await enumerator.skip({ celt: 1 }), HR.S_FALSE, 'for Skip(1) at the end');
      await next(ctx, enumerator, 1, 0, { by: 'Skip', how: 'after a Skip to the end' });
      // All that is left is not too few.
      ctx.duties.code('VDS-6.4', await enumerator.reset(), HR.S_OK, 'at the end of an enumeration');
      ctx.duties.code(
        'VDS-6.3',
        await enumerator.skip({ celt: ids.length }),
        HR.S_OK,
        `for Skip(${ids.length}) with as many left`,
      );
      await next(ctx, enumerator, 1, 0, { by: 'Skip', how: 'after a Skip over all that was left' });
      // Only one enumeration has an order that it keeps; another query may list the same in another.
      ctx.duties.code('VDS-6.4', await enumerator.reset(), HR.S_OK, 'at the end of an enumeration');
      const order = await next(ctx, enumerator, ids.length, ids.length, { by: 'Reset', how: 'after Reset' });
      ctx.duties.equal('VDS-6.3', 'the objects that Next(1) after Skip(1) gives', second, order.slice(1, 2));
    },
  },
  {
    id: 'enumeration.reset',
    title: 'Reset goes back to the beginning, and the same objects come in the same order',
    requirements: ['VDS-6.4', 'VDS-6.5b'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const { enumerator, ids } = await lunEnumerator(ctx, 2);
      const first = await next(ctx, enumerator, ids.length, ids.length);
      ctx.duties.code('VDS-6.4', await enumerator.reset(), HR.S_OK, 'at the end of an enumeration');
      const second = await next(ctx, enumerator, ids.length, ids.length, { by: 'Reset', how: 'after Reset' });
      ctx.duties.equal('VDS-6.5b', 'the order after Reset', second, first);
    },
  },
  {
    id: 'enumeration.clone',
    title: 'Clone starts where the original is, and both then move independently',
    requirements: ['VDS-6.4b', 'VDS-6.4c'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const { enumerator, ids } = await lunEnumerator(ctx, 3);
      const [first] = await next(ctx, enumerator, 1, ids.length);
      const result = await enumerator.clone();
      ctx.duties.code('VDS-6.4b', result, HR.S_OK, 'on an enumerator in the middle');
      const copy = ctx.duties.output('VDS-6.4b', result, 'enum');
      const fromCopy = await next(ctx, copy, ids.length - 1, ids.length - 1, {
        by: 'Clone',
        how: 'on a clone made after the first',
      });
      ctx.duties.equal(
        'VDS-6.4b',
        'the LUNs, in the order of their ids, that a clone made after the first one returns,',
        fromCopy.toSorted(),
        ids.filter((id) => id !== first).toSorted(),
        result,
      );
      const fromOriginal = await next(ctx, enumerator, ids.length - 1, ids.length - 1, {
        by: 'its clone',
        how: 'on an enumerator whose clone has come to the end',
      });
      ctx.duties.equal(
        'VDS-6.4c',
        'the LUNs that a clone returns, which must be those that its original returns in the same order,',
        fromCopy,
        fromOriginal,
        result,
      );
    },
  },
  {
    id: 'enumeration.snapshot-of-additions',
    title: 'A LUN created later does not appear in an enumeration that exists',
    requirements: ['VDS-6.5a'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const { subSystem, enumerator, ids } = await lunEnumerator(ctx, 1);
      const later = await ctx.make.lun(subSystem);
      const seen = await next(ctx, enumerator, ids.length + 5, ids.length);
      ctx.duties.holds(
        'VDS-6.5a',
        !seen.includes(later.id),
        'a LUN created after QueryLuns appears in its enumeration',
      );
    },
  },
  {
    id: 'enumeration.snapshot-of-removals',
    title: 'A LUN deleted later stays in an enumeration that exists, and answers VDS_E_OBJECT_DELETED',
    requirements: ['VDS-6.5d', 'VDS-7.1a'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { lun, id } = await ctx.make.lun(subSystem);
      const count = (await ctx.duties.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a')).length;
      const enumerator = ctx.duties.output('VDS-6.6a', await subSystem.queryLuns(), 'enum');
      ctx.duties.ok('VDS-10.6', await lun.delete());
      const result = await enumerator.next({ celt: count });
      ctx.duties.code(
        'VDS-6.5d',
        result,
        HR.S_OK,
        `for Next(${count}) on an enumeration of ${count} taken before one of them was deleted`,
      );
      let deleted = 0;
      for (const object of result.out.objectArray === UNTOUCHED ? [] : (result.out.objectArray ?? [])) {
        const each = await object?.as('IVdsLun');
        const answer = await each?.getProperties();
        if (answer?.hr === HR.VDS_E_OBJECT_DELETED) deleted += 1;
        else if (answer !== undefined) {
          const told = ctx.duties.output('VDS-6.5d', answer, 'lunProp').id;
          ctx.duties.holds('VDS-7.1a', told !== id, 'the deleted LUN still answers GetProperties with success', answer);
        }
      }
      ctx.duties.equal('VDS-6.5d', 'the number of deleted LUNs in the earlier enumeration', deleted, 1, result);
    },
  },
  {
    id: 'enumeration.snapshot-after-reset',
    title: 'Reset goes back to the same objects, also when one was deleted and another made since',
    requirements: ['VDS-6.5a', 'VDS-6.5d', 'VDS-6.4'],
    cost: { calls: 50, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { lun, id } = await ctx.make.lun(subSystem);
      const enumerator = ctx.duties.output('VDS-6.6a', await subSystem.queryLuns(), 'enum');
      const known = ctx.duties.output('VDS-6.1', await enumerator.next({ celt: 1000 }), 'objectArray').length;
      ctx.duties.ok('VDS-10.6', await lun.delete());
      const later = await ctx.make.lun(subSystem);
      ctx.duties.code('VDS-6.4', await enumerator.reset(), HR.S_OK, 'after the system has changed');
      const result = await enumerator.next({ celt: known + 5 });
      const objects = ctx.duties.output('VDS-6.5a', result, 'objectArray');
      ctx.duties.equal('VDS-6.5a', 'the number of objects after Reset', objects.length, known, result);
      let deleted = 0;
      for (const object of objects) {
        const answer = await (await object?.as('IVdsLun'))?.getProperties();
        if (answer?.hr === HR.VDS_E_OBJECT_DELETED) deleted += 1;
        else if (answer !== undefined) {
          const told = ctx.duties.output('VDS-6.5a', answer, 'lunProp').id;
          ctx.duties.holds('VDS-6.5a', told !== later.id, 'a LUN made after QueryLuns appears after Reset', answer);
          ctx.duties.holds('VDS-7.1a', told !== id, 'the deleted LUN still answers GetProperties with success', answer);
        }
      }
      ctx.duties.equal('VDS-6.5d', 'the number of deleted LUNs after Reset', deleted, 1, result);
    },
  },
  {
    id: 'enumeration.pages',
    title: 'An enumeration of more than sixteen objects gives the same ones however many are asked for at once',
    requirements: ['VDS-6.1', 'VDS-6.3', 'VDS-6.8', 'VDS-6.5c'],
    cost: { calls: 250, recoveries: 0 },
    async run(ctx) {
      const listOf = async (subSystem: IVdsSubSystem): Promise<IEnumVdsObject> =>
        ctx.duties.output('VDS-6.6a', await subSystem.queryLuns(), 'enum');
      for (const subSystem of await ctx.system.subSystems()) {
        const before = (await (await listOf(subSystem)).next({ celt: 1000 })).out.objectArray;
        if (!Array.isArray(before) || before.length < 16) continue;
        // One that is made now must be listed beside them.
        const { id } = await ctx.make.lun(subSystem);
        const enumerator = await listOf(subSystem);
        const whole = before.length + 1;
        const orders: string[] = [];
        for (const page of [1, 5, 16, whole]) {
          ctx.duties.code('VDS-6.4', await enumerator.reset(), HR.S_OK, 'on an enumerator');
          const ids: string[] = [];
          for (let left = whole; left > 0; left -= page)
            ids.push(...(await next(ctx, enumerator, page, left, { by: 'pages', how: `in pages of ${page}` })));
          ctx.duties.noneTwice('VDS-6.5c', 'IVdsSubSystem.QueryLuns', ids, ` in pages of ${page}`);
          ctx.duties.holds('VDS-6.8', ids.includes(id), `a new LUN is not listed in pages of ${page}`);
          orders.push(ids.join(' '));
        }
        ctx.duties.equal('VDS-6.5b', 'the orders of the LUNs in pages of four sizes', new Set(orders).size, 1);
        ctx.duties.code('VDS-6.4', await enumerator.reset(), HR.S_OK, 'on an enumerator');
        ctx.duties.code('VDS-6.3', await enumerator.skip({ celt: 16 }), HR.S_OK, `for Skip(16) with ${whole} left`);
        await next(ctx, enumerator, whole, whole - 16, { by: 'Skip', how: 'after Skip(16)' });
        return;
      }
      ctx.notApplicable('no subsystem has sixteen LUNs');
    },
  },
  {
    id: 'enumeration.subsystems',
    title: 'QuerySubSystems, QueryLuns and QueryTargets give enumerations of their kind, each object once',
    requirements: ['VDS-6.6a', 'VDS-4.1a', 'VDS-4.2a', 'VDS-4.2d'],
    changes: false,
    cost: { calls: 60, recoveries: 0 },
    async run(ctx) {
      const state = await ctx.system.inventory('VDS-6.6a');
      const ids = state.subSystems.flatMap((s) => [
        s.id,
        ...s.luns.map((l) => l.id),
        ...(s.targets ?? []).map((t) => t.id),
      ]);
      ctx.duties.equal('VDS-4.2d', 'the number of different ids among all objects', new Set(ids).size, ids.length);
      ctx.duties.holds('VDS-4.2a', !ids.some((id) => /^[0-]+$/.test(id)), 'an object has GUID_NULL as its id');
      for (const each of state.subSystems) {
        for (const [kind, names] of [
          ['LUN', each.luns.map((l) => l.identification)],
          ['target', (each.targets ?? []).map((t) => t.iscsiName)],
        ] as const) {
          const known = names.filter((n) => n !== null && n !== undefined && n !== '');
          ctx.duties.equal(
            'VDS-4.1a',
            `the number of different ${kind}s that an enumeration lists`,
            new Set(known).size,
            known.length,
          );
        }
      }
    },
  },
  ...everyQueryChecks,
  ...manyObjectsChecks,
  walkCheck,
  {
    id: 'enumeration.empty.targets-of-a-new-lun',
    title: 'QueryAssociatedTargets of a LUN that is associated with none answers S_OK with an empty enumeration',
    requirements: ['VDS-6.6b'],
    cost: { calls: 16, recoveries: 0 },
    async run(ctx) {
      const { lun } = await ctx.make.lun(await ctx.system.subSystem());
      const iscsi = await ctx.system.optional(lun, 'IVdsLunIscsi');
      // One that comes with a target (10.4) is taken from it first.
      const result = ctx.duties.supported(await iscsi.associateTargets({ targetIdArray: null }));
      ctx.duties.ok('VDS-10.11', result);
      await listsNothing(ctx, lun, 'IVdsLunIscsi.QueryAssociatedTargets', 'a LUN that is associated with no target');
    },
  },
  {
    id: 'enumeration.empty.luns-of-a-new-target',
    title: 'QueryAssociatedLuns of a new target answers S_OK with an empty enumeration',
    requirements: ['VDS-6.6b'],
    cost: { calls: 16, recoveries: 0 },
    async run(ctx) {
      const { target } = await ctx.make.target(await ctx.system.subSystem());
      await listsNothing(ctx, target, 'IVdsIscsiTarget.QueryAssociatedLuns', 'a new target');
    },
  },
  {
    id: 'enumeration.empty.no-subsystems',
    title:
      'With every subsystem disconnected QuerySubSystems answers S_OK with an empty enumeration; they come back when ' +
      'they are connected again',
    requirements: ['VDS-3.4', 'VDS-6.6a', 'VDS-5.2'],
    faults: ['disconnect'],
    cost: { calls: 120, recoveries: 3 },
    async run(ctx) {
      const c = new RecoveryCase(ctx);
      const ids: string[] = [];
      for (const each of await ctx.system.everySubSystem()) ids.push(await idOf(ctx, each, 'VDS-3.4'));
      const faults = [];
      for (const object of ids) faults.push(await ctx.faults.inject({ kind: 'disconnect', object }));
      await c.reenumerateAndRefresh();
      const result = await ctx.system.hw.querySubSystems();
      ctx.duties.code('VDS-3.4', result, HR.S_OK, 'with no subsystem connected');
      const left = await ctx.duties.list(result, 'enum', 'IVdsSubSystem', 'VDS-3.4');
      const [kept] = left;
      if (kept !== undefined && (await disconnectedAs(ctx, kept)) === 'kept') {
        for (const fault of faults) await fault.heal();
        await c.reenumerateAndRefresh();
        return ctx.notApplicable('subsystems that are disconnected are kept, with status OFFLINE');
      }
      ctx.duties.equal('VDS-3.4', 'the number of subsystems that are listed with none connected', left.length, 0);
      for (const fault of faults) await fault.heal();
      await c.reenumerateAndRefresh();
      // How many: their ids may be new ones (VDS-4.2c).
      ctx.duties.equal(
        'VDS-5.2',
        'the number of subsystems that are listed after they were connected again',
        (await ctx.system.subSystems()).length,
        ids.length,
      );
    },
  },
  {
    id: 'enumeration.two-at-once',
    title: 'Two enumerations of one query move independently',
    requirements: ['VDS-6.1'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const { subSystem, ids } = await lunEnumerator(ctx, 2);
      // Two that nobody has used yet.
      const enumerator = ctx.duties.output('VDS-6.6a', await subSystem.queryLuns(), 'enum');
      const other = ctx.duties.output('VDS-6.6a', await subSystem.queryLuns(), 'enum');
      await next(ctx, enumerator, ids.length, ids.length);
      const seen = await next(ctx, other, ids.length, ids.length);
      ctx.duties.equal(
        'VDS-6.1',
        'the number of LUNs in the second of two enumerations',
        new Set(seen).size,
        ids.length,
      );
    },
  },
  ...cloneAndSnapshotChecks,
  {
    id: 'enumeration.masked-luns-are-listed',
    title: 'QueryLuns lists a LUN that is unmasked to nobody, and one that is unmasked to all',
    requirements: ['VDS-6.7a', 'VDS-6.5c'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { lun, id } = await ctx.make.lun(subSystem);
      for (const unmaskingList of ['*', '']) {
        const result = await lun.setMask({ unmaskingList });
        if (!succeeded(result.hr)) {
          ctx.duties.permitted('VDS-10.9b', result, `for "${unmaskingList}"`);
          ctx.notApplicable(`SetMask answered ${formatHresult(result.hr)}`);
        }
        await mustListOnce(ctx, subSystem, id, `a LUN whose unmasking list is "${unmaskingList}"`);
      }
    },
  },
]);
