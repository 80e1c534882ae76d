// Object kind × method × way of vanishing × reference, from the contract: each method of an object that is gone must
// answer VDS_E_OBJECT_DELETED, one check a method, so that a report names the one that does not. All that vanish in one
// way vanish together, and are asked after one recovery. Standard effort takes each method with each way, the reference
// going round; full takes the whole product. What the suite did not make only goes in ways that can be taken back.
import {
  type Check,
  type Context,
  type Departed,
  disconnectedAs,
  displayName,
  type FaultKind,
  type IEnumVdsObject,
  type Lacking,
  NotApplicable,
  ofThose,
  plausibleArguments,
  pulledAs,
  RecoveryCase,
  saysDeleted,
  Sharing,
  type Result,
  type TypedInterfaces,
  type VdsObject,
} from '../../src/checks/index.js';
import { type Guid, HR, type Method } from '../../src/contract/index.js';
import {
  cellId,
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
  type DeviceSubject,
} from './subjects.js';

interface Deletable extends DeviceSubject {
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
      await ctx.duties.completed(await (await as(ctx, s, 'IVdsIscsiTarget')).delete());
    },
    enumerator: async (ctx) => (await ctx.system.iscsi(await ctx.system.subSystem())).queryTargets(),
  },
  {
    ...PORTAL_GROUP,
    async deleteIt(ctx, s) {
      const started = await (await as(ctx, s, 'IVdsIscsiPortalGroup')).delete();
      if (started.hr === HR.VDS_E_ASSOCIATED_PORTALS_EXIST)
        ctx.notApplicable('the provider puts portals into each group, which keep it from being deleted');
      await ctx.duties.completed(started);
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

interface Victim {
  readonly kind: Deletable;
  readonly subject: Subject;
}

interface Way {
  readonly name: string;
  readonly title: string;
  readonly faults: readonly FaultKind[];
  readonly recoveries: number;
  possible(kind: Deletable): boolean;
  /** Makes the objects vanish, and brings the provider to where it must know. */
  apply(ctx: Context, victims: readonly Victim[]): Promise<void>;
  /**
   * Which of the documented readings the provider shows of what can come back; absent where the object is gone for
   * good.
   */
  departed?(ctx: Context, subject: Subject): Promise<Departed>;
  /** The requirement that names these readings. */
  readonly readings?: string;
}

const made = (kind: Deletable): boolean => kind.deleteIt !== undefined;

const pair = async (ctx: Context): Promise<void> => new RecoveryCase(ctx).reenumerateAndRefresh();

/** Pulls a cable or drives. They are put back when the check ends: that heals, and the pair finds them again. */
async function pull(ctx: Context, objects: readonly Guid[]): Promise<void> {
  for (const object of new Set(objects)) await ctx.faults.inject({ kind: 'disconnect', object });
  await pair(ctx);
}

const removeAtTheArray = async (ctx: Context, victims: readonly Victim[], notify?: true): Promise<void> => {
  for (const { subject: s } of victims)
    await ctx.faults.inject({ kind: 'delete-object', object: s.id, ...(notify === undefined ? {} : { notify }) });
};

const WAYS: readonly Way[] = [
  {
    name: 'deleted',
    title: 'deleted through the provider',
    faults: [],
    recoveries: 0,
    possible: made,
    async apply(ctx, victims) {
      for (const { kind, subject: s } of victims) await kind.deleteIt?.(ctx, s);
    },
  },
  {
    name: 'silently-gone',
    title: 'deleted at the array without an event, after Reenumerate and Refresh',
    faults: ['delete-object'],
    recoveries: 1,
    possible: made,
    async apply(ctx, victims) {
      await removeAtTheArray(ctx, victims);
      await pair(ctx);
    },
  },
  {
    name: 'gone-with-its-event',
    title: 'deleted at the array with its event, after Reenumerate and Refresh',
    faults: ['delete-object'],
    recoveries: 1,
    possible: made,
    async apply(ctx, victims) {
      await removeAtTheArray(ctx, victims, true);
      await pair(ctx);
    },
  },
  {
    name: 'gone-between-the-pair',
    title: 'deleted at the array between Reenumerate and Refresh, after the next Reenumerate and Refresh',
    faults: ['delete-object'],
    recoveries: 2,
    possible: made,
    async apply(ctx, victims) {
      await ctx.faults.recover({ betweenPair: () => removeAtTheArray(ctx, victims) });
      await pair(ctx);
    },
  },
  {
    name: 'gone-with-its-subsystem',
    title: 'gone with the cable of its subsystem, after Reenumerate and Refresh',
    faults: ['disconnect'],
    recoveries: 2,
    possible: () => true,
    apply: (ctx, victims) =>
      pull(
        ctx,
        victims.map((v) => v.subject.within),
      ),
    departed: (ctx, { subSystem }) => disconnectedAs(ctx, subSystem),
    readings: 'VDS-5.2b',
  },
  {
    name: 'pulled',
    title: 'pulled out of its slot, after Reenumerate and Refresh',
    faults: ['disconnect'],
    recoveries: 2,
    possible: (kind) => kind.removable === true,
    apply: (ctx, victims) =>
      pull(
        ctx,
        victims.map((v) => v.subject.id),
      ),
    departed: async (ctx, s) =>
      pulledAs(ctx, await as(ctx, s, 'IVdsDrive'), 'a drive that was pulled, after Reenumerate and Refresh'),
    readings: 'VDS-5.4b',
  },
];

const REFERENCES = ['held', 'from-an-earlier-enumeration'] as const;
type Reference = (typeof REFERENCES)[number];

interface Cell {
  readonly kind: Deletable;
  readonly method: Method;
  readonly reference: Reference;
}

/** A victim with the references to it: the one held, and those of an enumeration taken while it was there. */
interface Held extends Victim {
  readonly identity: number;
  readonly enumerator: IEnumVdsObject;
}

/** A cell with the reference of its method's interface that was taken before the object vanished. */
interface Ready {
  readonly cell: Cell;
  readonly held: Held;
  readonly typed: VdsObject;
}

async function prepared(ctx: Context, cells: readonly Cell[], lacking: Lacking<Cell>): Promise<readonly Ready[]> {
  const known = new Map<string, Held>();
  const hold = async (kind: Deletable): Promise<Held> => {
    const s = await subject(ctx, kind);
    const identity = await s.object.identity();
    const enumerator = ctx.duties.output('VDS-6.6a', await kind.enumerator(ctx, s), 'enum');
    return { kind, subject: s, identity, enumerator };
  };
  return ofThose(cells, lacking, async (cell): Promise<Ready> => {
    const held = known.get(cell.kind.name) ?? (await hold(cell.kind));
    known.set(cell.kind.name, held);
    const typed = await ctx.system.optional(held.subject.object, cell.method.interfaceName as 'IVdsLun');
    return { cell, held, typed };
  });
}

/** The object of the enumeration that is the one held, if there is exactly one. */
async function listedAgain({ identity, enumerator }: Held): Promise<VdsObject | undefined> {
  const next = await enumerator.next({ celt: 1000 });
  for (const each of Array.isArray(next.out.objectArray) ? (next.out.objectArray as readonly VdsObject[]) : [])
    if ((await each.identity()) === identity) return each;
  return undefined;
}

/** Lets the objects of these cells vanish in one way, together, and calls the method of each. */
async function run(ctx: Context, cells: readonly Cell[], way: Way, lacking: Lacking<Cell>): Promise<void> {
  const ready = await prepared(ctx, cells, lacking);
  if (ready.length === 0) return;
  const victims = [...new Set(ready.map(({ held }) => held))];
  await way.apply(ctx, victims);
  const when = `on an object that was ${way.title}`;
  for (const victim of victims) {
    const kept = (await way.departed?.(ctx, victim.subject)) === 'kept';
    const again = ready.some((r) => r.held === victim && r.cell.reference !== 'held')
      ? await listedAgain(victim)
      : undefined;
    for (const { cell, held, typed } of ready) {
      if (held !== victim) continue;
      const { method, reference } = cell;
      const object = reference === 'held' ? typed : await again?.as(method.interfaceName as 'IVdsLun');
      if (object == null) {
        // Where several COM objects stand for one device, identity cannot find it among the others; the hand-written
        // check counts it instead.
        lacking.set(
          cell,
          new NotApplicable('the enumeration holds another COM object for the device than the one that is held'),
        );
        continue;
      }
      const answer = await object.call(method.fullName, plausibleArguments(method));
      if (kept) ctx.duties.permitted('VDS-0.2a', answer, when);
      else saysDeleted(ctx, answer, when);
    }
  }
}

const SHARED = WAYS.map((way) => ({
  way,
  sharing: new Sharing<Cell>((ctx, cells, lacking) => run(ctx, cells, way, lacking)),
}));

export const deletionByMethod: readonly Check[] = KINDS.flatMap((kind) =>
  methodsOf(kind).flatMap((method, methodIndex) =>
    SHARED.filter(({ way }) => way.possible(kind)).flatMap(({ way, sharing }, wayIndex) =>
      REFERENCES.map((reference, referenceIndex): Check => {
        const id = `deletion.${way.name}.${cellId(kind, method)}.${reference}`;
        return {
          ...sharing.check(id, { kind, method, reference }),
          title:
            `${displayName(method.fullName)} answers VDS_E_OBJECT_DELETED on a ${kind.name} ${way.title}, by a ` +
            `reference ${reference.replaceAll('-', ' ')}`,
          requirements: ['VDS-7.1a', ...(way.readings === undefined ? [] : [way.readings])],
          faults: way.faults,
          matrix: { fault: way.name, method: method.fullName, moment: reference },
          effort: (methodIndex + wayIndex) % REFERENCES.length === referenceIndex ? 'standard' : 'full',
          cost: { calls: 16, recoveries: way.recoveries },
        };
      }),
    ),
  ),
);
