// IEnumVdsObject (semantics.md 6): counts, the end, Reset, Clone, that an enumeration is a snapshot; and what each query lists.
import {
  census,
  type Check,
  type Context,
  defineSuite,
  DEVICE_KINDS,
  displayName,
  idOf,
  type IEnumVdsObject,
  type IVdsSubSystem,
  listed,
  QUERIES,
  queriesOf,
  type Query,
  RecoveryCase,
  type Result,
  type VdsObject,
  disconnectedAs,
} from '../src/checks/index.js';
import { failed, formatHresult, HR, succeeded, UNTOUCHED, VDS_ASYNC_OUTPUT_TYPE } from '../src/contract/index.js';

/** An enumeration of LUNs with at least `count` of them. */
async function lunEnumerator(
  ctx: Context,
  count: number,
): Promise<{ subSystem: IVdsSubSystem; enumerator: IEnumVdsObject; ids: string[] }> {
  const subSystem = await ctx.system.subSystem();
  for (let made = 0; made < count; made++) await ctx.make.lun(subSystem);
  const ids: string[] = [];
  for (const lun of await ctx.duties.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a'))
    ids.push(await idOf(ctx, lun, 'VDS-6.7a'));
  if (ids.length < count)
    return ctx.duties.broken('VDS-6.7a', `QueryLuns lists ${ids.length} LUNs although ${count} were just created`);
  return { subSystem, ids, enumerator: ctx.duties.output('VDS-6.6a', await subSystem.queryLuns(), 'enum') };
}

async function lunIdOf(ctx: Context, object: VdsObject): Promise<string> {
  const lun = await object.as('IVdsLun');
  if (lun === null) return ctx.duties.broken('VDS-6.7a', 'an object of a LUN enumeration has no IVdsLun');
  return idOf(ctx, lun, 'VDS-6.7a');
}

/**
 * Next(celt), with the counts and code that it owes when `left` objects remain. Gives the objects' ids. Where it only shows whether another
 * method has moved the position as it should, `moved` is the requirement of that method.
 */
async function next(
  ctx: Context,
  enumerator: IEnumVdsObject,
  celt: number,
  left: number,
  moved?: string,
): Promise<string[]> {
  const result = await enumerator.next({ celt });
  const due = Math.min(celt, left);
  const atEnd = left === 0;
  ctx.duties.code(
    atEnd ? 'VDS-6.2a' : (moved ?? 'VDS-6.1'),
    result,
    celt <= left ? HR.S_OK : HR.S_FALSE,
    `for Next(${celt}) with ${left} left`,
  );
  // At the end a failure is a finding of its own, and owes no outputs.
  if (atEnd && failed(result.hr)) return [];
  const requirement = moved ?? (atEnd ? 'VDS-6.2a' : 'VDS-6.1');
  ctx.duties.equal(requirement, `*pcFetched for Next(${celt}) with ${left} left`, result.out.fetched, due, result);
  const objects = result.out.objectArray === UNTOUCHED ? [] : (result.out.objectArray ?? []);
  ctx.duties.equal(requirement, 'the number of pointers returned', objects.length, due, result);
  const ids: string[] = [];
  for (const object of objects) {
    if (object === null) return ctx.duties.broken('VDS-6.6a', 'Next returned a NULL object', result);
    ids.push(await lunIdOf(ctx, object));
  }
  return ids;
}

/** The queries that these checks were tried on; nothing that they were tried on has storage pools, or port objects for controllers. */
const TRIED = QUERIES.filter(
  ({ method, lists }) =>
    !['IVdsStoragePool', 'IVdsControllerPort'].includes(lists) &&
    !['IVdsStoragePool', 'IVdsControllerPort'].includes(method.interfaceName),
);

/** Every object of the system on which a query can be called; not applicable without one. */
async function calledOn(ctx: Context, query: Query): Promise<VdsObject[]> {
  const objects: VdsObject[] = [];
  for (const { object, kind } of [
    { object: ctx.system.hw as VdsObject, kind: 'IVdsHwProvider' as const },
    ...(await census(ctx, 'VDS-6.6a')),
  ]) {
    if (!queriesOf(kind).includes(query)) continue;
    const typed = await object.as(query.method.interfaceName as 'IVdsLun');
    if (typed !== null) objects.push(typed);
  }
  return objects.length > 0 ? objects : ctx.notApplicable(`no object of the system has ${query.method.interfaceName}`);
}

/** The enumerator that a query answers. Not applicable where it is not supported. */
async function enumeratorOf(ctx: Context, object: VdsObject, { method: { fullName } }: Query): Promise<IEnumVdsObject> {
  const result = ctx.duties.supported(await object.call(fullName, {})) as unknown as Result<{
    readonly enum: IEnumVdsObject | null;
  }>;
  return ctx.duties.output(emptyOwed(fullName), result, 'enum');
}

/** Which requirement says that a query with nothing to list answers an empty enumerator. */
const emptyOwed = (fullName: string): string =>
  ['IVdsHwProvider.QuerySubSystems', 'IVdsSubSystem.QueryLuns', 'IVdsSubSystemIscsi.QueryTargets'].includes(fullName)
    ? 'VDS-6.6a'
    : 'VDS-6.6b';

/** The ids of what is left in an enumerator, each object as the interface that the query lists. */
async function idsLeft(
  ctx: Context,
  enumerator: IEnumVdsObject,
  { method: { fullName }, lists }: Query,
): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const result = await enumerator.next({ celt: 3 });
    // After objects a failure may stand for the end, which owes S_FALSE at another level than what is in the enumeration.
    if (failed(result.hr) && ids.length > 0) {
      ctx.duties.unkept(
        'VDS-6.2a',
        `Next at the end of the enumeration of ${displayName(fullName)} answered ${formatHresult(result.hr)}`,
        result,
      );
      return ids;
    }
    ctx.duties.holds(
      'VDS-6.1',
      result.hr === HR.S_OK || result.hr === HR.S_FALSE,
      `Next on the enumeration of ${displayName(fullName)} must answer S_OK or S_FALSE`,
      result,
    );
    const objects = result.out.objectArray === UNTOUCHED ? [] : (result.out.objectArray ?? []);
    ctx.duties.equal(
      'VDS-6.1',
      `the number of pointers with *pcFetched ${String(result.out.fetched)}`,
      objects.length,
      result.out.fetched,
      result,
    );
    for (const object of objects) {
      if (object === null)
        return ctx.duties.broken(
          'VDS-6.6a',
          `Next on the enumeration of ${displayName(fullName)} returned a NULL object`,
          result,
        );
      const typed = await object.as(lists);
      if (typed === null)
        return ctx.duties.broken('VDS-6.7a', `an object that ${displayName(fullName)} lists has no ${lists}`, result);
      ids.push(await idOf(ctx, typed, 'VDS-6.7a'));
    }
    if (result.hr === HR.S_FALSE || objects.length === 0) return ids;
  }
}

const ofQuery = (query: Query): Check => {
  const { method, lists } = query;
  const name = displayName(method.fullName);
  return {
    id: `enumeration.of.${method.fullName}`,
    title: `${name} lists ${DEVICE_KINDS[lists].name}s and nothing else; Reset and Clone begin where they should`,
    requirements: ['VDS-6.7a', emptyOwed(method.fullName), 'VDS-6.1', 'VDS-6.4', 'VDS-6.5b'],
    cost: { calls: 150, recoveries: 0 },
    async run(ctx) {
      for (const object of await calledOn(ctx, query)) {
        const enumerator = await enumeratorOf(ctx, object, query);
        const copy = ctx.duties.output('VDS-6.4', await enumerator.clone(), 'enum');
        const ids = await idsLeft(ctx, enumerator, query);
        ctx.duties.equal(
          'VDS-6.5b',
          `the number of different objects that ${name} lists`,
          new Set(ids).size,
          ids.length,
        );
        ctx.duties.code('VDS-6.4', await enumerator.reset(), HR.S_OK, 'at the end of an enumeration');
        const again = await idsLeft(ctx, enumerator, query);
        ctx.duties.equal(
          'VDS-6.4',
          `the number of objects in the enumeration of ${name} after Reset`,
          again.length,
          ids.length,
        );
        ctx.duties.equal(
          'VDS-6.5b',
          `what the enumeration of ${name} holds after Reset`,
          again.join(' '),
          ids.join(' '),
        );
        ctx.duties.equal(
          'VDS-6.4',
          `what a clone of the enumeration of ${name} holds`,
          (await idsLeft(ctx, copy, query)).sort().join(' '),
          [...ids].sort().join(' '),
        );
      }
    },
  };
};

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
    requirements: ['VDS-6.1', 'VDS-6.2a', 'VDS-6.5b'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const { enumerator, ids } = await lunEnumerator(ctx, 3);
      const seen = await next(ctx, enumerator, 2, ids.length);
      seen.push(...(await next(ctx, enumerator, ids.length + 3, ids.length - 2)));
      ctx.duties.equal(
        'VDS-6.5b',
        'the number of different objects in the enumeration',
        new Set(seen).size,
        ids.length,
      );
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
      await next(ctx, enumerator, ids.length, ids.length, 'VDS-6.2b');
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
      const [second] = await next(ctx, enumerator, 1, ids.length - 1, 'VDS-6.3');
      ctx.duties.equal('VDS-6.3', 'the object after Skip(1)', second, ids[1]);
      ctx.duties.code(
        'VDS-6.3',
        await enumerator.skip({ celt: ids.length }),
        HR.S_FALSE,
        `for Skip(${ids.length}) with ${ids.length - 2} left`,
      );
      ctx.duties.code('VDS-6.3', await enumerator.skip({ celt: 1 }), HR.S_FALSE, 'for Skip(1) at the end');
      await next(ctx, enumerator, 1, 0, 'VDS-6.3');
      // All that is left is not too few.
      ctx.duties.code('VDS-6.4', await enumerator.reset(), HR.S_OK, 'at the end of an enumeration');
      ctx.duties.code(
        'VDS-6.3',
        await enumerator.skip({ celt: ids.length }),
        HR.S_OK,
        `for Skip(${ids.length}) with as many left`,
      );
      await next(ctx, enumerator, 1, 0, 'VDS-6.3');
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
      const second = await next(ctx, enumerator, ids.length, ids.length, 'VDS-6.4');
      ctx.duties.equal('VDS-6.5b', 'the order after Reset', second.join(' '), first.join(' '));
    },
  },
  {
    id: 'enumeration.clone',
    title: 'Clone starts where the original is, and both then move independently',
    requirements: ['VDS-6.4'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const { enumerator, ids } = await lunEnumerator(ctx, 3);
      await next(ctx, enumerator, 1, ids.length);
      const result = await enumerator.clone();
      ctx.duties.code('VDS-6.4', result, HR.S_OK, 'on an enumerator in the middle');
      const copy = ctx.duties.output('VDS-6.4', result, 'enum');
      const fromCopy = await next(ctx, copy, ids.length - 1, ids.length - 1, 'VDS-6.4');
      const fromOriginal = await next(ctx, enumerator, ids.length - 1, ids.length - 1, 'VDS-6.4');
      ctx.duties.equal(
        'VDS-6.4',
        'what the original returns after its clone came to the end',
        fromOriginal.join(' '),
        fromCopy.join(' '),
        result,
      );
      ctx.duties.equal('VDS-6.4', 'where the clone started', fromCopy[0], ids[1], result);
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
    requirements: ['VDS-6.5a', 'VDS-7.1a'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { lun, id } = await ctx.make.lun(subSystem);
      const count = (await ctx.duties.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a')).length;
      const enumerator = ctx.duties.output('VDS-6.6a', await subSystem.queryLuns(), 'enum');
      ctx.duties.ok('VDS-10.6', await lun.delete());
      const result = await enumerator.next({ celt: count });
      ctx.duties.code(
        'VDS-6.5a',
        result,
        HR.S_OK,
        `for Next(${count}) on an enumeration of ${count} taken before one of them was deleted`,
      );
      let deleted = 0;
      for (const object of result.out.objectArray === UNTOUCHED ? [] : (result.out.objectArray ?? [])) {
        const each = await object?.as('IVdsLun');
        const answer = await each?.getProperties();
        if (answer?.hr === HR.VDS_E_OBJECT_DELETED) deleted += 1;
        else if (answer !== undefined && ctx.duties.output('VDS-6.5a', answer, 'lunProp').id === id)
          ctx.duties.broken('VDS-7.1a', 'the deleted LUN still answers GetProperties with success', answer);
      }
      ctx.duties.equal('VDS-6.5a', 'the number of deleted LUNs in the earlier enumeration', deleted, 1, result);
    },
  },
  {
    id: 'enumeration.subsystems',
    title: 'QuerySubSystems, QueryLuns and QueryTargets give enumerations of their kind, each object once',
    requirements: ['VDS-3.4', 'VDS-6.6a', 'VDS-6.7a', 'VDS-4.1a', 'VDS-4.2a'],
    changes: false,
    cost: { calls: 60, recoveries: 0 },
    async run(ctx) {
      const state = await ctx.system.inventory('VDS-6.6a');
      const ids = state.subSystems.flatMap((s) => [
        s.id,
        ...s.luns.map((l) => l.id),
        ...(s.targets ?? []).map((t) => t.id),
      ]);
      ctx.duties.equal('VDS-4.2a', 'the number of different ids among all objects', new Set(ids).size, ids.length);
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
  ...TRIED.map(ofQuery),
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
      'With every subsystem disconnected QuerySubSystems answers S_OK with an empty enumeration; they come back when they are connected again',
    requirements: ['VDS-3.4', 'VDS-6.6a', 'VDS-5.2'],
    faults: ['disconnect'],
    cost: { calls: 120, recoveries: 3 },
    async run(ctx) {
      const c = new RecoveryCase(ctx);
      const ids: string[] = [];
      for (const each of await ctx.system.subSystems()) ids.push(await idOf(ctx, each, 'VDS-3.4'));
      const faults = [];
      for (const object of ids) faults.push(await ctx.faults.inject({ kind: 'disconnect', object }));
      await c.pair();
      const result = await ctx.system.hw.querySubSystems();
      ctx.duties.code('VDS-3.4', result, HR.S_OK, 'with no subsystem connected');
      const left = await ctx.duties.list(result, 'enum', 'IVdsSubSystem', 'VDS-3.4');
      const [kept] = left;
      if (kept !== undefined && (await disconnectedAs(ctx, kept)) === 'kept') {
        for (const fault of faults) await fault.heal();
        await c.pair();
        return ctx.notApplicable('subsystems that are disconnected are kept, with status OFFLINE');
      }
      ctx.duties.equal('VDS-3.4', 'the number of subsystems that are listed with none connected', left.length, 0);
      for (const fault of faults) await fault.heal();
      await c.pair();
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
      const { subSystem, enumerator, ids } = await lunEnumerator(ctx, 2);
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
  {
    id: 'enumeration.objects-outlive-it',
    title: 'Objects of an enumeration stay valid after the enumeration itself was released',
    requirements: ['VDS-6.1', 'VDS-12.3'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const { enumerator, ids } = await lunEnumerator(ctx, 2);
      const result = await enumerator.next({ celt: ids.length });
      const objects = result.out.objectArray === UNTOUCHED ? [] : (result.out.objectArray ?? []);
      await enumerator.release();
      for (const object of objects) {
        const lun = await object.as('IVdsLun');
        ctx.duties.holds(
          'VDS-12.3',
          lun !== null,
          'a LUN has no IVdsLun any more after the enumeration that listed it was released',
        );
        if (lun !== null)
          ctx.duties.code(
            'VDS-12.3',
            await lun.getProperties(),
            HR.S_OK,
            'on a LUN of an enumeration that was released',
          );
      }
      ctx.duties.equal('VDS-6.1', 'the number of objects returned', objects.length, ids.length, result);
    },
  },
  {
    id: 'enumeration.clone-outlives-it',
    title: 'A clone goes on after the enumerator that it was made from was released',
    requirements: ['VDS-6.4', 'VDS-12.3'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const { enumerator, ids } = await lunEnumerator(ctx, 2);
      await next(ctx, enumerator, 1, ids.length);
      const copy = ctx.duties.output('VDS-6.4', await enumerator.clone(), 'enum');
      await enumerator.release();
      const seen = await next(ctx, copy, ids.length, ids.length - 1, 'VDS-6.4');
      ctx.duties.equal(
        'VDS-6.4',
        'what the clone returns after the original was released',
        seen.join(' '),
        ids.slice(1).join(' '),
      );
    },
  },
  {
    id: 'enumeration.clone-at-the-end',
    title: 'A clone made at the end is at the end, and its Reset does not move the original',
    requirements: ['VDS-6.4', 'VDS-6.2a'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const { enumerator, ids } = await lunEnumerator(ctx, 1);
      await next(ctx, enumerator, ids.length, ids.length);
      const copy = ctx.duties.output('VDS-6.4', await enumerator.clone(), 'enum');
      await next(ctx, copy, 1, 0, 'VDS-6.4');
      ctx.duties.code('VDS-6.4', await copy.reset(), HR.S_OK, 'on a clone at the end');
      await next(ctx, copy, ids.length, ids.length, 'VDS-6.4');
      await next(ctx, enumerator, 1, 0, 'VDS-6.4');
    },
  },
  {
    id: 'enumeration.reset-in-the-middle',
    title: 'Reset in the middle, and at the beginning, goes back to the beginning',
    requirements: ['VDS-6.4'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const { enumerator, ids } = await lunEnumerator(ctx, 3);
      ctx.duties.code('VDS-6.4', await enumerator.reset(), HR.S_OK, 'at the beginning of an enumeration');
      await next(ctx, enumerator, 2, ids.length, 'VDS-6.4');
      ctx.duties.code('VDS-6.4', await enumerator.reset(), HR.S_OK, 'in the middle of an enumeration');
      const again = await next(ctx, enumerator, ids.length, ids.length, 'VDS-6.4');
      ctx.duties.equal(
        'VDS-6.4',
        'what an enumeration returns after Reset in its middle',
        again.join(' '),
        ids.join(' '),
      );
    },
  },
  {
    id: 'enumeration.snapshot-of-targets',
    title: 'An enumeration of targets neither gains one that is created later nor loses one that is deleted',
    requirements: ['VDS-6.5a', 'VDS-7.1a'],
    cost: { calls: 50, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const iscsi = await ctx.system.iscsi(subSystem);
      const { target } = await ctx.make.target(subSystem);
      const before = (await ctx.duties.list(await iscsi.queryTargets(), 'enum', 'IVdsIscsiTarget', 'VDS-6.7a')).length;
      const enumerator = ctx.duties.output('VDS-6.6a', await iscsi.queryTargets(), 'enum');
      await ctx.duties.completed(await target.delete(), VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_DELETETARGET);
      const later = await ctx.make.target(subSystem);
      const result = await enumerator.next({ celt: before });
      ctx.duties.code(
        'VDS-6.5a',
        result,
        HR.S_OK,
        `for Next(${before}) on an enumeration of ${before} targets of which one was deleted since`,
      );
      let deleted = 0;
      for (const object of result.out.objectArray === UNTOUCHED ? [] : (result.out.objectArray ?? [])) {
        const answer = await (await object.as('IVdsIscsiTarget'))?.getProperties();
        if (answer?.hr === HR.VDS_E_OBJECT_DELETED) deleted += 1;
        else if (answer !== undefined)
          ctx.duties.holds(
            'VDS-6.5a',
            ctx.duties.output('VDS-6.5a', answer, 'targetProp').id !== later.id,
            'a target created after QueryTargets appears in its enumeration',
            answer,
          );
      }
      ctx.duties.equal('VDS-6.5a', 'the number of deleted targets in the earlier enumeration', deleted, 1, result);
      const more = await enumerator.next({ celt: 1 });
      ctx.duties.holds(
        'VDS-6.5a',
        more.hr !== HR.S_OK,
        'an enumeration of targets has grown by the one that was created since',
        more,
      );
    },
  },
  {
    id: 'enumeration.snapshot-over-recovery',
    title: 'Reenumerate and Refresh leave an enumeration that exists as it is',
    requirements: ['VDS-6.5a'],
    cost: { calls: 50, recoveries: 1 },
    async run(ctx) {
      const { enumerator, ids } = await lunEnumerator(ctx, 2);
      await next(ctx, enumerator, 1, ids.length);
      await new RecoveryCase(ctx).pair();
      const seen = await next(ctx, enumerator, ids.length, ids.length - 1, 'VDS-6.5a');
      ctx.duties.equal(
        'VDS-6.5a',
        'what is left of an enumeration after Reenumerate and Refresh',
        seen.join(' '),
        ids.slice(1).join(' '),
      );
    },
  },
  {
    id: 'enumeration.masked-luns-are-listed',
    title: 'QueryLuns lists a LUN that is unmasked to nobody, and one that is unmasked to all',
    requirements: ['VDS-6.7a'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { lun, id } = await ctx.make.lun(subSystem);
      const query = QUERIES.find((q) => q.method.fullName === 'IVdsSubSystem.QueryLuns')!;
      for (const unmaskingList of ['*', '']) {
        const result = await lun.setMask({ unmaskingList });
        if (!succeeded(result.hr)) {
          ctx.duties.permitted('VDS-10.9b', result, `for "${unmaskingList}"`);
          ctx.notApplicable(`SetMask answered ${formatHresult(result.hr)}`);
        }
        const ids: string[] = [];
        for (const each of (await listed(ctx, subSystem, query, 'VDS-6.7a')) ?? [])
          ids.push(await idOf(ctx, each, 'VDS-6.7a'));
        ctx.duties.equal(
          'VDS-6.7a',
          `how often QueryLuns lists a LUN whose unmasking list is "${unmaskingList}"`,
          ids.filter((each) => each === id).length,
          1,
        );
      }
    },
  },
]);
