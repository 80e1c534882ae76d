// IEnumVdsObject (semantics.md 6): counts, the end, Reset, Clone, and that an enumeration is a snapshot.
import { failed, formatHresult, HR } from '../src/contract/hresult.js';
import { UNTOUCHED } from '../src/contract/codec.js';
import { defineSuite } from '../src/conformance/check.js';
import type { Context } from '../src/conformance/context.js';
import type { IEnumVdsObject, IVdsSubSystem } from '../src/provider/generated/typed.js';
import type { VdsObject } from '../src/provider/objects.js';

/** An enumeration of LUNs with at least `count` of them. */
async function lunEnumerator(ctx: Context, count: number): Promise<{ subSystem: IVdsSubSystem; enumerator: IEnumVdsObject; ids: string[] }> {
  const subSystem = await ctx.subSystem();
  for (let made = 0; made < count; made++) await ctx.createLun(subSystem);
  const ids: string[] = [];
  for (const lun of await ctx.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a')) ids.push(await idOf(ctx, lun));
  if (ids.length < count) return ctx.broken('VDS-6.7a', `QueryLuns lists ${ids.length} LUNs although ${count} were just created`);
  return { subSystem, ids, enumerator: ctx.output('VDS-6.6a', await subSystem.queryLuns(), 'enum') };
}

async function idOf(ctx: Context, object: VdsObject): Promise<string> {
  const lun = await object.as('IVdsLun');
  if (lun === null) return ctx.broken('VDS-6.7a', 'an object of a LUN enumeration has no IVdsLun');
  return ctx.output('VDS-6.7a', await lun.getProperties(), 'lunProp').id;
}

/**
 * Next(celt), with the counts and code that it owes when `left` objects remain. Gives the objects' ids. Where it only shows whether another
 * method has moved the position as it should, `moved` is the requirement of that method.
 */
async function next(ctx: Context, enumerator: IEnumVdsObject, celt: number, left: number, moved?: string): Promise<string[]> {
  const result = await enumerator.next({ celt });
  const due = Math.min(celt, left);
  const atEnd = left === 0;
  ctx.code(atEnd ? 'VDS-6.2a' : (moved ?? 'VDS-6.1'), result, celt <= left ? HR.S_OK : HR.S_FALSE, `for Next(${celt}) with ${left} left`);
  // At the end a failure is a finding of its own, and owes no outputs.
  if (atEnd && failed(result.hr)) return [];
  const requirement = moved ?? (atEnd ? 'VDS-6.2a' : 'VDS-6.1');
  ctx.equal(requirement, `*pcFetched for Next(${celt}) with ${left} left`, result.out.fetched, due, result);
  const objects = result.out.objectArray === UNTOUCHED ? [] : (result.out.objectArray ?? []);
  ctx.equal(requirement, 'the number of pointers returned', objects.length, due, result);
  const ids: string[] = [];
  for (const object of objects) {
    if (object === null) return ctx.broken('VDS-6.6a', 'Next returned a NULL object', result);
    ids.push(await idOf(ctx, object));
  }
  return ids;
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
      ctx.equal('VDS-6.5b', 'the number of different objects in the enumeration', new Set(seen).size, ids.length);
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
        ctx.holds('VDS-6.2b', [HR.S_OK, HR.S_FALSE, HR.E_INVALIDARG].includes(result.hr as never), 'Next(0) must answer S_OK, S_FALSE or E_INVALIDARG', result);
        const fetched = result.out.fetched;
        ctx.holds('VDS-6.2b', fetched === 0 || fetched === UNTOUCHED, 'Next(0) must fetch nothing', result);
        ctx.reading('Next(0)', formatHresult(result.hr), 'VDS-6.2b');
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
      ctx.code('VDS-6.3', await enumerator.skip({ celt: 1 }), HR.S_OK, `for Skip(1) with ${ids.length} left`);
      const [second] = await next(ctx, enumerator, 1, ids.length - 1, 'VDS-6.3');
      ctx.equal('VDS-6.3', 'the object after Skip(1)', second, ids[1]);
      ctx.code('VDS-6.3', await enumerator.skip({ celt: ids.length }), HR.S_FALSE, `for Skip(${ids.length}) with ${ids.length - 2} left`);
      ctx.code('VDS-6.3', await enumerator.skip({ celt: 1 }), HR.S_FALSE, 'for Skip(1) at the end');
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
      ctx.code('VDS-6.4', await enumerator.reset(), HR.S_OK, 'at the end of an enumeration');
      const second = await next(ctx, enumerator, ids.length, ids.length, 'VDS-6.4');
      ctx.equal('VDS-6.5b', 'the order after Reset', second.join(' '), first.join(' '));
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
      ctx.code('VDS-6.4', result, HR.S_OK, 'on an enumerator in the middle');
      const copy = ctx.output('VDS-6.4', result, 'enum');
      const fromCopy = await next(ctx, copy, ids.length - 1, ids.length - 1, 'VDS-6.4');
      const fromOriginal = await next(ctx, enumerator, ids.length - 1, ids.length - 1, 'VDS-6.4');
      ctx.equal('VDS-6.4', 'what the original returns after its clone came to the end', fromOriginal.join(' '), fromCopy.join(' '), result);
      ctx.equal('VDS-6.4', 'where the clone started', fromCopy[0], ids[1], result);
    },
  },
  {
    id: 'enumeration.snapshot-of-additions',
    title: 'A LUN created later does not appear in an enumeration that exists',
    requirements: ['VDS-6.5a'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const { subSystem, enumerator, ids } = await lunEnumerator(ctx, 1);
      const later = await ctx.createLun(subSystem);
      const seen = await next(ctx, enumerator, ids.length + 5, ids.length);
      ctx.holds('VDS-6.5a', !seen.includes(later.id), 'a LUN created after QueryLuns appears in its enumeration');
    },
  },
  {
    id: 'enumeration.snapshot-of-removals',
    title: 'A LUN deleted later stays in an enumeration that exists, and answers VDS_E_OBJECT_DELETED',
    requirements: ['VDS-6.5a', 'VDS-7.1a'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.subSystem();
      const { lun, id } = await ctx.createLun(subSystem);
      const count = (await ctx.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a')).length;
      const enumerator = ctx.output('VDS-6.6a', await subSystem.queryLuns(), 'enum');
      ctx.ok('VDS-10.6', await lun.delete());
      const result = await enumerator.next({ celt: count });
      ctx.code('VDS-6.5a', result, HR.S_OK, `for Next(${count}) on an enumeration of ${count} taken before one of them was deleted`);
      let deleted = 0;
      for (const object of result.out.objectArray === UNTOUCHED ? [] : (result.out.objectArray ?? [])) {
        const each = await object?.as('IVdsLun');
        const answer = await each?.getProperties();
        if (answer?.hr === HR.VDS_E_OBJECT_DELETED) deleted += 1;
        else if (answer !== undefined && ctx.output('VDS-6.5a', answer, 'lunProp').id === id) ctx.broken('VDS-7.1a', 'the deleted LUN still answers GetProperties with success', answer);
      }
      ctx.equal('VDS-6.5a', 'the number of deleted LUNs in the earlier enumeration', deleted, 1, result);
    },
  },
  {
    id: 'enumeration.subsystems',
    title: 'QuerySubSystems, QueryLuns and QueryTargets give enumerations of their kind, each object once',
    requirements: ['VDS-3.4', 'VDS-6.6a', 'VDS-6.7a', 'VDS-4.1a', 'VDS-4.2a'],
    changes: false,
    cost: { calls: 60, recoveries: 0 },
    async run(ctx) {
      const state = await ctx.inventory('VDS-6.6a');
      const ids = state.subSystems.flatMap((s) => [s.id, ...s.luns.map((l) => l.id), ...(s.targets ?? []).map((t) => t.id)]);
      ctx.equal('VDS-4.2a', 'the number of different ids among all objects', new Set(ids).size, ids.length);
      ctx.holds('VDS-4.2a', !ids.some((id) => /^[0-]+$/.test(id)), 'an object has GUID_NULL as its id');
      for (const each of state.subSystems) {
        for (const [kind, names] of [['LUN', each.luns.map((l) => l.identification)], ['target', (each.targets ?? []).map((t) => t.iscsiName)]] as const) {
          const known = names.filter((n) => n !== null && n !== undefined && n !== '');
          ctx.equal('VDS-4.1a', `the number of different ${kind}s that an enumeration lists`, new Set(known).size, known.length);
        }
      }
    },
  },
]);
