// Enumerations of many objects: what an array has room for, and what callers ask for at once, is more than the few that
// a check makes, and more than the sixteen of a usual request.
import {
  attempt,
  type Check,
  type Context,
  type Effort,
  idOf,
  type IEnumVdsObject,
  type IVdsSubSystem,
} from '../../src/checks/index.js';
import { type Guid, HR, VDS_OBJECT_TYPE } from '../../src/contract/index.js';
import { next } from './enumerators.js';

/** Fewer than this are enumerated by `enumeration.pages` too. */
const FEW = 17;
/** As callers usually ask. */
const PAGE = 16;

interface Subject {
  readonly word: string;
  readonly type: number;
  readonly as: 'IVdsLun' | 'IVdsIscsiTarget';
  list(ctx: Context, subSystem: IVdsSubSystem): Promise<IEnumVdsObject>;
  make(ctx: Context, subSystem: IVdsSubSystem): Promise<{ readonly id: Guid }>;
}

const LUNS: Subject = {
  word: 'LUN',
  type: VDS_OBJECT_TYPE.VDS_OT_LUN,
  as: 'IVdsLun',
  list: async (ctx, subSystem) => ctx.duties.output('VDS-6.6a', await subSystem.queryLuns(), 'enum'),
  make: (ctx, subSystem) => ctx.make.lun(subSystem),
};
const TARGETS: Subject = {
  word: 'target',
  type: VDS_OBJECT_TYPE.VDS_OT_TARGET,
  as: 'IVdsIscsiTarget',
  list: async (ctx, subSystem) =>
    ctx.duties.output('VDS-6.6a', await (await ctx.system.iscsi(subSystem)).queryTargets(), 'enum'),
  make: (ctx, subSystem) => ctx.make.target(subSystem),
};

/** Makes so many, or as many as there is room for, and holds every way to enumerate them against each other. */
async function enumerateMany(ctx: Context, { word, type, as, list, make }: Subject, count: number): Promise<void> {
  const subSystem = await ctx.system.subSystem();
  const made: Guid[] = [];
  while (made.length < count) {
    const each = await attempt(() => make(ctx, subSystem));
    if (each === undefined) break;
    made.push(each.id);
  }
  if (made.length < FEW) ctx.notApplicable(`the array has room for ${made.length} more ${word}s`);
  const enumerator = await list(ctx, subSystem);
  const ids: string[] = [];
  for (;;) {
    const { out } = await enumerator.next({ celt: PAGE });
    const objects = Array.isArray(out.objectArray) ? out.objectArray : [];
    for (const object of objects) {
      const typed = await object?.as(as);
      if (typed != null) ids.push(await idOf(ctx, typed, 'VDS-6.7a'));
    }
    if (objects.length < PAGE) break;
  }
  const missing = made.find((id) => !ids.includes(id));
  ctx.duties.holds('VDS-6.8', missing === undefined, `a ${word} that was made is not listed: ${missing}`);
  ctx.duties.equal('VDS-6.8', `the number of different ${word}s in pages of ${PAGE}`, new Set(ids).size, ids.length);
  for (const page of [2 * ids.length, ids.length, 33]) {
    ctx.duties.code('VDS-6.4', await enumerator.reset(), HR.S_OK, 'on an enumerator');
    const again: string[] = [];
    for (let left = ids.length; left > 0; left -= page)
      again.push(...(await next(ctx, enumerator, page, left, undefined, as)));
    ctx.duties.equal('VDS-6.5b', `the ${word}s in pages of ${page} and of ${PAGE}`, again.join(' '), ids.join(' '));
  }
  const unknown: Guid[] = [];
  for (const id of made) {
    const found = await ctx.system.objectById(id, type);
    if (found === null) unknown.push(id);
    await found?.release();
  }
  // A provider may find this kind by its enumerations only; whether it does is asked elsewhere.
  const known = unknown.length === 0 || unknown.length === made.length;
  ctx.duties.holds('VDS-3.5a', known, `GetObject finds some of the ${word}s that were made, and not ${unknown[0]}`);
}

const manyChecks = (subject: Subject, effort: Effort, count: number): Check => ({
  id: `enumeration.many.${subject.word.toLowerCase()}s.${count}`,
  title: `${count} ${subject.word}s are listed, and found by their ids, however many are asked for at once`,
  requirements: ['VDS-6.1', 'VDS-6.4', 'VDS-6.5b', 'VDS-6.6a', 'VDS-6.7a', 'VDS-6.8', 'VDS-3.5a'],
  effort,
  cost: { calls: 30 * count, recoveries: 0 },
  run: (ctx) => enumerateMany(ctx, subject, count),
});

/** Above 32, 64 and 128, which are usual sizes of a table or a buffer. */
export const manyObjectsChecks: readonly Check[] = [
  manyChecks(LUNS, 'standard', 40),
  manyChecks(TARGETS, 'standard', 70),
  manyChecks(LUNS, 'full', 140),
  manyChecks(TARGETS, 'full', 140),
];
