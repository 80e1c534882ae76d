// Reference counts of what methods hand out, from the contract: every query and every getter of a container, read to
// the last object exactly, with more asked for than there is, and GetObject with success and failure. What was handed
// out and released again leaves the count as it was.
import {
  census,
  displayName,
  madeBy,
  queriesOf,
  QUERIES,
  type CallRecord,
  type Check,
  type Context,
  type Device,
  type DeviceInterface,
  type IEnumVdsObject,
  type Query,
  type Result,
  type VdsObject,
  nameIn,
  inWords,
} from '../../src/checks/index.js';
import { DEVICE_KINDS } from '../../src/checks/index.js';
import { startCreation } from '../async/operation.js';
import { succeeded, type MethodName } from '../../src/contract/index.js';

const ROUNDS = 4;
/** More than any enumeration holds here. */
const MORE_THAN_THERE_IS = 1000;

/** The provider's own count of an object's references. */
async function countOf(object: VdsObject): Promise<number> {
  await object.addRef();
  return object.release();
}

/**
 * Goes one way several times, and holds the counts of an object against each other. A provider may keep one reference
 * from the first time on. `way` gives the call that hands the object out.
 */
export async function keepsCounts(
  ctx: Context,
  object: VdsObject,
  what: string,
  way: () => Promise<CallRecord | undefined>,
): Promise<void> {
  const counts: number[] = [];
  let record: CallRecord | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    record = await way();
    counts.push(await countOf(object));
  }
  const grows = counts.every((each, index) => index === 0 || each > (counts[index - 1] ?? 0));
  ctx.duties.holds(
    'VDS-12.3',
    !grows,
    `${what} leaves a reference behind: although all that it gives is released, the count grows from call to call ` +
      `(${counts.join(', ')})`,
    // One leak is one thing to mend, on whichever object it is seen.
    record === undefined
      ? undefined
      : {
          record,
          member: `references left by ${displayName(record.method)}`,
          expected: inWords('the same count after each'),
          actual: inWords(counts.join(', ')),
        },
  );
}

/** The enumeration that a query gives, with the call. */
async function ask(
  ctx: Context,
  holder: VdsObject,
  { method, args }: Query,
): Promise<{ readonly enumerator: IEnumVdsObject; readonly record: CallRecord }> {
  const result = (await holder.call(method.fullName, args)) as unknown as Result<{
    readonly enum: IEnumVdsObject | null;
  }>;
  return {
    enumerator: ctx.duties.output('VDS-6.6a', ctx.duties.supported(result), 'enum'),
    record: result.record,
  };
}

/** Takes objects from an enumeration and releases them. Gives the call. */
async function takeAndRelease(enumerator: IEnumVdsObject, celt: number): Promise<CallRecord> {
  const { out, record } = await enumerator.next({ celt });
  for (const each of Array.isArray(out.objectArray) ? out.objectArray : []) await each?.release();
  return record;
}

/** Asks a query and releases all that it hands out. Gives the calls of the query and of Next. */
async function askAndRelease(
  ctx: Context,
  holder: VdsObject,
  query: Query,
  celt: number,
): Promise<{ readonly query: CallRecord; readonly next: CallRecord }> {
  const { enumerator, record } = await ask(ctx, holder, query);
  const next = await takeAndRelease(enumerator, celt);
  await enumerator.release();
  return { query: record, next };
}

/** Copies an enumeration, before anything was taken from it and after, and releases all of it. */
async function cloneAndRelease(ctx: Context, holder: VdsObject, query: Query): Promise<CallRecord> {
  const { enumerator } = await ask(ctx, holder, query);
  await ctx.duties.output('VDS-6.4b', await enumerator.clone(), 'enum').release();
  await takeAndRelease(enumerator, 1);
  const copied = await enumerator.clone();
  await ctx.duties.output('VDS-6.4b', copied, 'enum').release();
  await enumerator.release();
  return copied.record;
}

/** The first object on which a query lists something, with the interface of the query, and one that it lists. */
async function subjectOf(
  ctx: Context,
  query: Query,
): Promise<{ readonly holder: VdsObject; readonly listed: VdsObject; readonly count: number }> {
  const { interfaceName, fullName } = query.method;
  const devices = await census(ctx, 'VDS-6.6a');
  const holders: { readonly object: VdsObject; readonly kind: DeviceInterface | 'IVdsHwProvider' }[] = [
    { object: ctx.system.hw, kind: 'IVdsHwProvider' },
    ...devices,
  ];
  for (const { object, kind } of holders) {
    if (!queriesOf(kind).includes(query)) continue;
    const holder = await object.as(interfaceName as 'IVdsLun');
    const result = (await holder?.call(fullName, query.args)) as unknown as
      Result<{ readonly enum: IEnumVdsObject | null }> | undefined;
    const enumerator = result !== undefined && succeeded(result.hr) ? result.out.enum : null;
    if (holder === null || enumerator === null || typeof enumerator !== 'object') continue;
    const { objectArray } = (await enumerator.next({ celt: MORE_THAN_THERE_IS })).out;
    const [listed] = Array.isArray(objectArray) ? objectArray : [];
    if (listed !== undefined && listed !== null) return { holder, listed, count: (objectArray as unknown[]).length };
  }
  return ctx.notApplicable(`no object of the system has ${interfaceName} and lists something`);
}

const ofQuery = (query: Query): Check => ({
  id: `memory.references.${query.method.fullName}`,
  title:
    `Each object of ${query.method.name} carries one reference, whether all, fewer or more were asked for than there ` +
    'are, and none after Clone',
  requirements: ['VDS-12.3', 'VDS-6.4b', 'VDS-6.6a'],
  capabilities: ['releaseCounts'],
  changes: false,
  cost: { calls: 180, recoveries: 0 },
  async run(ctx) {
    const { holder, listed, count } = await subjectOf(ctx, query);
    for (const [celt, how] of [
      [1, 'for one object'],
      [count, 'for exactly as many as there are'],
      [count + 3, 'for more than there are'],
    ] as const)
      await keepsCounts(ctx, listed, `Next ${how} on what ${query.method.name} lists`, async () => {
        const { next } = await askAndRelease(ctx, holder, query, celt);
        return next;
      });
    await keepsCounts(ctx, listed, `Clone of what ${query.method.name} lists`, () =>
      cloneAndRelease(ctx, holder, query),
    );
    await keepsCounts(ctx, holder, query.method.name, async () => {
      const called = await askAndRelease(ctx, holder, query, count + 3);
      return called.query;
    });
  },
});

/** One device of a kind; not applicable without. */
async function deviceOf(ctx: Context, kind: DeviceInterface): Promise<Device> {
  return (
    (await census(ctx, 'VDS-4.4')).find((d) => d.kind === kind) ??
    ctx.notApplicable(`the system has no ${DEVICE_KINDS[kind].name}`)
  );
}

const ofContainer = (kind: DeviceInterface): Check => {
  const { getter, out } = DEVICE_KINDS[kind].container;
  return {
    id: `memory.references.${getter}`,
    title: `What ${getter.split('.')[1]} of a ${DEVICE_KINDS[kind].name} hands out carries one reference`,
    requirements: ['VDS-12.3', 'VDS-4.4'],
    capabilities: ['releaseCounts'],
    changes: false,
    cost: { calls: 60, recoveries: 0 },
    async run(ctx) {
      const { object } = await deviceOf(ctx, kind);
      const handOut = async (): Promise<{ readonly handed: VdsObject; readonly record: CallRecord }> => {
        const result = ctx.duties.supported(await object.call(getter as MethodName, {}));
        return { handed: ctx.duties.output('VDS-4.4', result, out) as VdsObject, record: result.record };
      };
      const { handed: held } = await handOut();
      await keepsCounts(ctx, held, displayName(getter), async () => {
        const { handed, record } = await handOut();
        await handed.release();
        return record;
      });
    },
  };
};

const ofGetObject = (kind: DeviceInterface): Check => ({
  id: `memory.references.get-object.${DEVICE_KINDS[kind].slug}`,
  title: `GetObject of a ${DEVICE_KINDS[kind].name} hands out one reference, and none where it fails`,
  requirements: ['VDS-12.3'],
  capabilities: ['releaseCounts'],
  changes: false,
  cost: { calls: 60, recoveries: 0 },
  async run(ctx) {
    const { object, id } = await deviceOf(ctx, kind);
    // GetObject with another type than the object's is refused, or goes by the id alone; in both cases what it takes is
    // what it hands out.
    const others = Object.values(DEVICE_KINDS).filter((k) => k.type !== DEVICE_KINDS[kind].type);
    for (const type of [DEVICE_KINDS[kind].type, others[0]?.type ?? 0])
      await keepsCounts(ctx, object, `GetObject of type ${nameIn('VDS_OBJECT_TYPE', type)}`, async () => {
        const { hr, out, record } = await ctx.system.providerPrivate.getObject({ objectId: id, type });
        if (succeeded(hr) && typeof out.objectUnk === 'object') await out.objectUnk?.release();
        return record;
      });
  },
});

/** An operation that has ended can be asked for its result again, and hands the new object out each time. */
const ofWait: Check = {
  id: 'memory.references.wait',
  title: 'Each Wait hands out one reference to what was made, and leaves none to it or to the operation behind',
  requirements: ['VDS-12.3'],
  capabilities: ['releaseCounts'],
  cost: { calls: 60, recoveries: 0 },
  async run(ctx) {
    const operation = await startCreation(ctx, await ctx.system.subSystem());
    const made = madeBy(await operation.wait());
    if (made === null) return ctx.duties.broken('VDS-8.4a', 'the creation of a LUN hands over nothing');
    const waitAgain = async (): Promise<CallRecord> => {
      const waited = await operation.wait();
      await madeBy(waited)?.release();
      return waited.record;
    };
    await keepsCounts(ctx, made, 'Wait', waitAgain);
    await keepsCounts(ctx, operation, 'Wait', waitAgain);
  },
};

const KINDS = Object.keys(DEVICE_KINDS) as DeviceInterface[];

export const referenceChecks: readonly Check[] = [
  ...QUERIES.map(ofQuery),
  ...KINDS.map(ofContainer),
  ...KINDS.map(ofGetObject),
  ofWait,
];
