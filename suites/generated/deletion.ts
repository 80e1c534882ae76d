// Object kind × method × way of vanishing × reference, from the contract: each method of a deleted object owes VDS_E_OBJECT_DELETED, one check a
// method, so that a report names the one that does not. Standard effort takes each method with each way, the reference going round; full takes
// the whole product.
import { VDS_ASYNC_OUTPUT_TYPE } from '../../src/contract/generated/enumerations.js';
import { HR } from '../../src/contract/hresult.js';
import type { Method } from '../../src/contract/tables.js';
import type { Check } from '../../src/conformance/check.js';
import type { Context } from '../../src/conformance/context.js';
import { plausibleArguments } from '../../src/conformance/plausible-arguments.js';
import { RecoveryCase } from '../../src/conformance/recovery-case.js';
import type { FaultKind } from '../../src/faults/kinds.js';
import type { IEnumVdsObject } from '../../src/provider/generated/typed.js';
import type { Result, VdsObject } from '../../src/provider/objects.js';
import { displayName } from '../../src/provider/trace.js';
import { LUN, methodsOf, TARGET, type Subject, type SubjectKind } from './subjects.js';

interface Way {
  readonly name: string;
  readonly title: string;
  readonly faults: readonly FaultKind[];
  /** Makes the object vanish, and brings the provider to where it must know. */
  apply(ctx: Context, kind: Deletable, subject: Subject): Promise<void>;
}

interface Deletable extends SubjectKind {
  deleteIt(ctx: Context, subject: Subject): Promise<void>;
  /** An enumeration that holds the object. */
  enumerator(ctx: Context): Promise<Result<{ readonly enum: IEnumVdsObject | null }>>;
}

const KINDS: readonly Deletable[] = [
  {
    ...LUN,
    async deleteIt(ctx, { object }) {
      const lun = await ctx.optional(object, 'IVdsLun');
      ctx.ok('VDS-10.6', await lun.delete());
    },
    enumerator: async (ctx) => (await ctx.subSystem()).queryLuns(),
  },
  {
    ...TARGET,
    async deleteIt(ctx, { object }) {
      const target = await ctx.optional(object, 'IVdsIscsiTarget');
      await ctx.completed(await target.delete(), VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_DELETETARGET);
    },
    enumerator: async (ctx) => (await ctx.iscsi(await ctx.subSystem())).queryTargets(),
  },
];

const WAYS: readonly Way[] = [
  { name: 'deleted', title: 'deleted through the provider', faults: [], apply: (ctx, kind, subject) => kind.deleteIt(ctx, subject) },
  {
    name: 'silently-gone',
    title: 'deleted at the array without an event, after the pair',
    faults: ['delete-object'],
    async apply(ctx, _kind, { id }) {
      const fault = await ctx.inject({ kind: 'delete-object', object: id });
      new RecoveryCase(ctx).paired(await ctx.recover({ fault }));
    },
  },
  {
    name: 'gone-with-its-event',
    title: 'deleted at the array with its event, after the pair',
    faults: ['delete-object'],
    async apply(ctx, _kind, { id }) {
      const fault = await ctx.inject({ kind: 'delete-object', object: id, notify: true });
      new RecoveryCase(ctx).paired(await ctx.recover({ fault }));
    },
  },
];

const REFERENCES = ['held', 'from-an-earlier-enumeration'] as const;
type Reference = (typeof REFERENCES)[number];

/** The references to judge: the one held, or those of an enumeration taken while the object was there, of which exactly one is the object's. */
async function run(ctx: Context, kind: Deletable, method: Method, way: Way, reference: Reference): Promise<void> {
  const subject = await kind.make(ctx);
  const identity = await subject.object.identity();
  const enumerator = ctx.output('VDS-6.6a', await kind.enumerator(ctx), 'enum');
  await way.apply(ctx, kind, subject);
  const when = `on an object that was ${way.title}`;
  const call = async (object: VdsObject): Promise<void> => {
    ctx.code('VDS-7.1a', await object.call(method.fullName, plausibleArguments(method)), HR.VDS_E_OBJECT_DELETED, when);
  };
  if (reference === 'held') return call(subject.object);
  const next = await enumerator.next({ celt: 1000 });
  const objects = Array.isArray(next.out.objectArray) ? next.out.objectArray : [];
  for (const each of objects) {
    const typed = await each?.as(kind.interfaces[0] as 'IVdsLun');
    if (typed != null && (await typed.identity()) === identity) return call(typed);
  }
  // Where several COM objects stand for one device, identity cannot find it among the others; the hand-written check counts it instead.
  ctx.notApplicable('the enumeration holds another COM object for the device than the one that is held');
}

export const deletionByMethod: readonly Check[] = KINDS.flatMap((kind) =>
  methodsOf(kind).flatMap((method, methodIndex) => WAYS.flatMap((way, wayIndex) => REFERENCES.map((reference, referenceIndex): Check => ({
    id: `deletion.${way.name}.${method.fullName}.${reference}`,
    title: `${displayName(method.fullName)} answers VDS_E_OBJECT_DELETED on a ${kind.name} ${way.title}, by a reference ${reference.replaceAll('-', ' ')}`,
    requirements: reference === 'held' ? ['VDS-7.1a'] : ['VDS-7.1a', 'VDS-6.5a'],
    faults: way.faults,
    matrix: { fault: way.name, method: method.fullName, moment: reference },
    effort: (methodIndex + wayIndex) % REFERENCES.length === referenceIndex ? 'standard' : 'full',
    cost: { calls: 16, recoveries: way.faults.length > 0 ? 1 : 0 },
    run: (ctx) => run(ctx, kind, method, way, reference),
  })))));
