// Enumeration objects that checks ask for, and what they list.
import {
  type Context,
  displayName,
  idOf,
  type IEnumVdsObject,
  type IVdsSubSystem,
  type Query,
  type Result,
  type VdsObject,
} from '../../src/checks/index.js';
import { failed, formatHresult, HR, succeeded, UNTOUCHED } from '../../src/contract/index.js';

/** An enumeration of LUNs with at least `count` of them. */
export async function lunEnumerator(
  ctx: Context,
  count: number,
): Promise<{ subSystem: IVdsSubSystem; enumerator: IEnumVdsObject; ids: string[] }> {
  const subSystem = await ctx.system.subSystem();
  for (let made = 0; made < count; made++) await ctx.make.lun(subSystem);
  const listed = await subSystem.queryLuns();
  const enumerator = ctx.duties.output('VDS-6.6a', listed, 'enum');
  // From the enumeration itself: another one may have another order.
  const ids: string[] = [];
  for (const lun of await ctx.duties.list(listed, 'enum', 'IVdsLun', 'VDS-6.7a'))
    ids.push(await idOf(ctx, lun, 'VDS-6.7a'));
  ctx.duties.code('VDS-6.4', await enumerator.reset(), HR.S_OK, 'at the end of an enumeration');
  if (ids.length < count)
    return ctx.duties.broken('VDS-6.7a', `QueryLuns lists ${ids.length} LUNs although ${count} were just created`);
  return { subSystem, ids, enumerator };
}

type Enumerated = 'IVdsLun' | 'IVdsIscsiTarget';

async function idAs(ctx: Context, object: VdsObject, as: Enumerated): Promise<string> {
  const typed = await object.as(as);
  if (typed === null) return ctx.duties.broken('VDS-6.7a', `an object of an enumeration has no ${as}`);
  return idOf(ctx, typed, 'VDS-6.7a');
}

/** Which requirement says how far an enumerator is after something that moves it, or must not. */
export const MOVERS = {
  Clone: 'VDS-6.4b',
  'its clone': 'VDS-6.4c',
  'its original': 'VDS-6.4c',
  Reset: 'VDS-6.4',
  Skip: 'VDS-6.3',
  'Next(0)': 'VDS-6.2b',
  pages: 'VDS-6.8',
  recovery: 'VDS-6.5a',
} as const;

/** Calls that set the position of an enumerator, which Next then shows. */
interface Moved {
  readonly by: keyof typeof MOVERS;
  /** For a message: `on a clone made at the end`. */
  readonly how: string;
}

/**
 * Next(celt), with the required counts and code when `left` objects remain. Gives the objects' ids. Where it only shows
 * whether another method has moved the position as it should, `moved` is that method.
 */
export async function next(
  ctx: Context,
  enumerator: IEnumVdsObject,
  celt: number,
  left: number,
  moved?: Moved,
  as: Enumerated = 'IVdsLun',
): Promise<string[]> {
  const result = await enumerator.next({ celt });
  const due = Math.min(celt, left);
  const atEnd = left === 0;
  if (moved !== undefined && succeeded(result.hr))
    ctx.duties.equal(
      MOVERS[moved.by],
      `the number of objects that Next(${celt}) returns ${moved.how}, with ${left} left,`,
      result.out.fetched,
      due,
      // One wrong position is one cause, in whichever check it is seen.
      { record: result.record, member: `position of an enumerator after ${moved.by}` },
    );
  ctx.duties.code(
    atEnd ? 'VDS-6.2a' : moved === undefined ? 'VDS-6.1' : MOVERS[moved.by],
    result,
    celt <= left ? HR.S_OK : HR.S_FALSE,
    `for Next(${celt}) with ${left} left`,
  );
  // At the end a failure is a finding of its own, and needs no outputs.
  if (atEnd && failed(result.hr)) return [];
  const requirement = atEnd ? 'VDS-6.2a' : 'VDS-6.1';
  ctx.duties.equal(
    requirement,
    `the number of objects that Next(${celt}) with ${left} left reports in *pcFetched`,
    result.out.fetched,
    due,
    result,
  );
  const objects = result.out.objectArray === UNTOUCHED ? [] : (result.out.objectArray ?? []);
  ctx.duties.equal(requirement, 'the number of pointers returned', objects.length, due, result);
  const ids = ctx.duties.readBy<string>(result);
  for (const object of objects) {
    if (object === null) return ctx.duties.broken('VDS-6.6a', 'Next returned a NULL object', result);
    ids.push(await idAs(ctx, object, as));
  }
  return ids;
}

/** The enumerator that a query answers. Not applicable where it is not supported. */
export async function enumeratorOf(
  ctx: Context,
  object: VdsObject,
  { method: { fullName }, args }: Query,
): Promise<IEnumVdsObject> {
  const result = ctx.duties.supported(await object.call(fullName, args)) as unknown as Result<{
    readonly enum: IEnumVdsObject | null;
  }>;
  return ctx.duties.output(emptyOwed(fullName), result, 'enum');
}

/** Which requirement says that a query with nothing to list answers an empty enumerator. */
export const emptyOwed = (fullName: string): string =>
  ['IVdsHwProvider.QuerySubSystems', 'IVdsSubSystem.QueryLuns', 'IVdsSubSystemIscsi.QueryTargets'].includes(fullName)
    ? 'VDS-6.6a'
    : 'VDS-6.6b';

/** The ids of what is left in an enumerator, each object as the interface that the query lists. */
export async function idsLeft(
  ctx: Context,
  enumerator: IEnumVdsObject,
  { method: { fullName }, lists }: Query,
): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const result = await enumerator.next({ celt: 3 });
    // After objects a failure may stand for the end, where S_FALSE is required at another level than the contents of
    // the enumeration.
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
