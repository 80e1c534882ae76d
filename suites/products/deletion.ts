// Object kind × method × way of vanishing × reference, from the contract: each method of an object that is gone owes VDS_E_OBJECT_DELETED, one
// check a method, so that a report names the one that does not. Standard effort takes each method with each way, the reference going round; full
// takes the whole product. What the suite did not make only goes in ways that can be taken back.
import {
  type Check,
  type Context,
  type Departed,
  disconnectedAs,
  displayName,
  type FaultKind,
  type IEnumVdsObject,
  plausibleArguments,
  pulledAs,
  RecoveryCase,
  saysDeleted,
  type Result,
  type TypedInterfaces,
  type VdsObject,
} from '../../src/checks/index.js';
import { type Guid, type Method, VDS_ASYNC_OUTPUT_TYPE } from '../../src/contract/index.js';
import {
  CONTROLLER,
  DRIVE,
  LUN,
  methodsOf,
  PLEX,
  PORTAL,
  PORTAL_GROUP,
  subject,
  SUB_SYSTEM,
  TARGET,
  type Subject,
  type SubjectKind,
} from './subjects.js';

interface Deletable extends SubjectKind {
  /** Deletes it through the provider; absent where the suite may not, as it did not make it. */
  deleteIt?(ctx: Context, subject: Subject): Promise<void>;
  /** It can be pulled out and put back by itself. */
  readonly removable?: true;
  /** An enumeration that holds the object. */
  enumerator(ctx: Context, subject: Subject): Promise<Result<{ readonly enum: IEnumVdsObject | null }>>;
}

const as = <I extends keyof TypedInterfaces>(ctx: Context, { object }: Subject, name: I): Promise<TypedInterfaces[I]> =>
  ctx.system.optional(object, name);

const KINDS: readonly Deletable[] = [
  {
    ...LUN,
    async deleteIt(ctx, s) {
      ctx.duties.ok('VDS-10.6', await (await as(ctx, s, 'IVdsLun')).delete());
    },
    enumerator: async (ctx) => (await ctx.system.subSystem()).queryLuns(),
  },
  {
    ...PLEX,
    // A plex goes with its LUN.
    async deleteIt(ctx, s) {
      const lun = ctx.duties.output('VDS-4.4', await (await as(ctx, s, 'IVdsLunPlex')).getLun(), 'lun');
      ctx.duties.ok('VDS-10.6', await lun.delete());
    },
    enumerator: async (ctx, s) =>
      ctx.duties.output('VDS-4.4', await (await as(ctx, s, 'IVdsLunPlex')).getLun(), 'lun').queryPlexes(),
  },
  {
    ...TARGET,
    async deleteIt(ctx, s) {
      await ctx.duties.completed(
        await (await as(ctx, s, 'IVdsIscsiTarget')).delete(),
        VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_DELETETARGET,
      );
    },
    enumerator: async (ctx) => (await ctx.system.iscsi(await ctx.system.subSystem())).queryTargets(),
  },
  {
    ...PORTAL_GROUP,
    async deleteIt(ctx, s) {
      await ctx.duties.completed(
        await (await as(ctx, s, 'IVdsIscsiPortalGroup')).delete(),
        VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_DELETEPORTALGROUP,
      );
    },
    enumerator: async (ctx, s) =>
      ctx.duties
        .output('VDS-4.4', await (await as(ctx, s, 'IVdsIscsiPortalGroup')).getTarget(), 'target')
        .queryPortalGroups(),
  },
  { ...SUB_SYSTEM, enumerator: (ctx) => ctx.system.hw.querySubSystems() },
  { ...DRIVE, removable: true, enumerator: async (ctx) => (await ctx.system.subSystem()).queryDrives() },
  { ...CONTROLLER, enumerator: async (ctx) => (await ctx.system.subSystem()).queryControllers() },
  { ...PORTAL, enumerator: async (ctx) => (await ctx.system.iscsi(await ctx.system.subSystem())).queryPortals() },
];

interface Way {
  readonly name: string;
  readonly title: string;
  readonly faults: readonly FaultKind[];
  readonly recoveries: number;
  possible(kind: Deletable): boolean;
  /** Makes the object vanish, and brings the provider to where it must know. */
  apply(ctx: Context, kind: Deletable, subject: Subject): Promise<void>;
  /** Which of the documented readings the provider shows of what can come back; absent where the object is gone for good. */
  departed?(ctx: Context, subject: Subject): Promise<Departed>;
  /** The requirement that names these readings. */
  readonly readings?: string;
}

const made = (kind: Deletable): boolean => kind.deleteIt !== undefined;

const pair = async (ctx: Context): Promise<void> => new RecoveryCase(ctx).reenumerateAndRefresh();

/** Pulls a cable or a drive. It is put back when the check ends: that heals, and the pair finds it again. */
async function pull(ctx: Context, object: Guid): Promise<void> {
  await ctx.faults.inject({ kind: 'disconnect', object });
  await pair(ctx);
}

const WAYS: readonly Way[] = [
  {
    name: 'deleted',
    title: 'deleted through the provider',
    faults: [],
    recoveries: 0,
    possible: made,
    apply: async (ctx, kind, s) => kind.deleteIt?.(ctx, s),
  },
  {
    name: 'silently-gone',
    title: 'deleted at the array without an event, after the pair',
    faults: ['delete-object'],
    recoveries: 1,
    possible: made,
    async apply(ctx, _kind, { id }) {
      await ctx.faults.inject({ kind: 'delete-object', object: id });
      await pair(ctx);
    },
  },
  {
    name: 'gone-with-its-event',
    title: 'deleted at the array with its event, after the pair',
    faults: ['delete-object'],
    recoveries: 1,
    possible: made,
    async apply(ctx, _kind, { id }) {
      await ctx.faults.inject({ kind: 'delete-object', object: id, notify: true });
      await pair(ctx);
    },
  },
  {
    name: 'gone-between-the-pair',
    title: 'deleted at the array between Reenumerate and Refresh, after the next pair',
    faults: ['delete-object'],
    recoveries: 2,
    possible: made,
    async apply(ctx, _kind, { id }) {
      await ctx.faults.recover({
        betweenPair: async () => {
          await ctx.faults.inject({ kind: 'delete-object', object: id });
        },
      });
      await pair(ctx);
    },
  },
  {
    name: 'gone-with-its-subsystem',
    title: 'gone with the cable of its subsystem, after the pair',
    faults: ['disconnect'],
    recoveries: 2,
    possible: () => true,
    apply: (ctx, _kind, { within }) => pull(ctx, within),
    departed: (ctx, { subSystem }) => disconnectedAs(ctx, subSystem),
    readings: 'VDS-5.2b',
  },
  {
    name: 'pulled',
    title: 'pulled out of its slot, after the pair',
    faults: ['disconnect'],
    recoveries: 2,
    possible: (kind) => kind.removable === true,
    apply: (ctx, _kind, { id }) => pull(ctx, id),
    departed: async (ctx, s) => pulledAs(ctx, await as(ctx, s, 'IVdsDrive'), 'a drive that was pulled, after the pair'),
    readings: 'VDS-5.4b',
  },
];

const REFERENCES = ['held', 'from-an-earlier-enumeration'] as const;
type Reference = (typeof REFERENCES)[number];

/** The references to judge: the one held, or those of an enumeration taken while the object was there, of which exactly one is the object's. */
async function run(ctx: Context, kind: Deletable, method: Method, way: Way, reference: Reference): Promise<void> {
  const s = await subject(ctx, kind);
  const identity = await s.object.identity();
  const enumerator = ctx.duties.output('VDS-6.6a', await kind.enumerator(ctx, s), 'enum');
  const typed = await ctx.system.optional(s.object, method.interfaceName as 'IVdsLun');
  await way.apply(ctx, kind, s);
  const when = `on an object that was ${way.title}`;
  const kept = (await way.departed?.(ctx, s)) === 'kept';
  const call = async (object: VdsObject): Promise<void> => {
    const answer = await object.call(method.fullName, plausibleArguments(method));
    if (kept) ctx.duties.permitted('VDS-0.2a', answer, when);
    else saysDeleted(ctx, answer, when);
  };
  if (reference === 'held') return call(typed);
  const next = await enumerator.next({ celt: 1000 });
  const objects = Array.isArray(next.out.objectArray) ? next.out.objectArray : [];
  for (const each of objects) {
    const other = await each?.as(method.interfaceName as 'IVdsLun');
    if (other != null && (await other.identity()) === identity) return call(other);
  }
  // Where several COM objects stand for one device, identity cannot find it among the others; the hand-written check counts it instead.
  ctx.notApplicable('the enumeration holds another COM object for the device than the one that is held');
}

export const deletionByMethod: readonly Check[] = KINDS.flatMap((kind) =>
  methodsOf(kind).flatMap((method, methodIndex) =>
    WAYS.filter((way) => way.possible(kind)).flatMap((way, wayIndex) =>
      REFERENCES.map((reference, referenceIndex): Check => ({
        id: `deletion.${way.name}.${method.fullName}.${reference}`,
        title: `${displayName(method.fullName)} answers VDS_E_OBJECT_DELETED on a ${kind.name} ${way.title}, by a reference ${reference.replaceAll('-', ' ')}`,
        requirements: [
          'VDS-7.1a',
          ...(reference === 'held' ? [] : ['VDS-6.5a']),
          ...(way.readings === undefined ? [] : [way.readings]),
        ],
        faults: way.faults,
        matrix: { fault: way.name, method: method.fullName, moment: reference },
        effort: (methodIndex + wayIndex) % REFERENCES.length === referenceIndex ? 'standard' : 'full',
        cost: { calls: 16, recoveries: way.recoveries },
        run: (ctx) => run(ctx, kind, method, way, reference),
      })),
    ),
  ),
);
