// Every method of a kind of object while a fault lasts that hits the calls themselves. A recovery is dear, so that all
// methods share one, those of several kinds where the fault is the same; where what they share goes wrong, they are
// tried one by one, to name the method.
import {
  type Check,
  type Context,
  displayName,
  DutyBroken,
  type FaultKind,
  type Lacking,
  ofThose,
  onlyReads,
  plausibleArguments,
  RecoveryCase,
  type Result,
  Sharing,
  type VdsObject,
} from '../../src/checks/index.js';
import { formatHresult, HR, type Guid, type Method, succeeded } from '../../src/contract/index.js';
import {
  adopt,
  methodsOf,
  PLEX,
  PORTAL,
  PROVIDER,
  subject,
  TARGET,
  type Subject,
  type SubjectKind,
} from '../products/subjects.js';

type Answer = Result<Record<string, unknown>>;

/** A call of a method with plausible arguments, on an object that has it. */
interface Planned {
  readonly method: Method;
  readonly subject: Subject;
  readonly typed: VdsObject;
  readonly args: Readonly<Record<string, unknown>>;
}

const isDelete = ({ name }: Method): boolean => name === 'Delete';

/** Reads come first, and last what may end the objects of others, or what others were to meet. */
const lateness = (method: Method): number =>
  isDelete(method) ? 3 : /^(?:Reenumerate|Refresh)$/.test(method.name) ? 2 : onlyReads(method) ? 0 : 1;

/** Finds or makes the objects; what is to be deleted is nobody else's. */
async function plan(ctx: Context, kind: SubjectKind, methods: readonly Method[]): Promise<readonly Planned[]> {
  const planned: Planned[] = [];
  let shared: Subject | undefined;
  for (const method of [...methods].sort((a, b) => lateness(a) - lateness(b))) {
    const found = isDelete(method) ? await subject(ctx, kind) : (shared ??= await subject(ctx, kind));
    const { object: typed } = await found.object.queryInterface(method.interfaceName);
    if (typed === null) continue;
    const args = await ctx.make.keptToScope(method, plausibleArguments(method));
    planned.push({ method, subject: found, typed, args });
  }
  return planned;
}

/**
 * Calls methods while the fault lasts; then heals, recovers once, and asks that the calls and the whole subsystem are
 * in order again. Gives the finding of the recovery, which is not about one of the calls.
 */
async function play(
  ctx: Context,
  { fault, hits }: Trouble,
  planned: readonly [Planned, ...Planned[]],
): Promise<DutyBroken | undefined> {
  const { within } = planned[0].subject;
  const c = new RecoveryCase(ctx, { within, requirement: 'VDS-5.3' });
  await c.snapshotTruth();
  const injected = [];
  for (const object of new Set(planned.map((each) => hits(each.subject.id))))
    injected.push(await ctx.faults.inject({ kind: fault, object }));
  const answers: { readonly call: Planned; readonly answer: Answer }[] = [];
  for (const call of planned) {
    const answer = await call.typed.call(call.method.fullName, call.args);
    ctx.duties.permitted('VDS-0.2a', answer, `during ${fault}`, 'wrong result code');
    answers.push({ call, answer });
  }
  for (const each of injected) await each.heal();
  for (const { answer } of answers) await adopt(ctx, answer);
  await c.snapshotAfterChange();
  try {
    await c.mustRecover();
  } catch (error) {
    if (error instanceof DutyBroken) return error;
    throw error;
  }
  for (const { call, answer } of answers) await mustWorkAgain(ctx, fault, call, answer);
  await ctx.cleanUpSoFar();
  return undefined;
}

async function mustWorkAgain(
  ctx: Context,
  fault: FaultKind,
  { method, typed, args }: Planned,
  before: Answer,
): Promise<void> {
  // The effect of a method that succeeded meanwhile (a Delete, say) may prevent a second call.
  if (succeeded(before.hr) && !onlyReads(method)) return;
  const again = await typed.call(method.fullName, args);
  await adopt(ctx, again);
  ctx.duties.permitted('VDS-0.2a', again, `after ${fault} was over`, 'wrong result code');
  if (again.hr === before.hr && again.hr === HR.E_OUTOFMEMORY)
    ctx.duties.broken(
      'VDS-0.2a',
      `${displayName(method.fullName)} answers ${formatHresult(again.hr)} still, although there is memory again`,
      again,
      'detected, not recovered',
    );
}

const isSome = (planned: readonly Planned[]): planned is readonly [Planned, ...Planned[]] => planned.length > 0;

interface Trouble {
  readonly fault: FaultKind;
  /** What the fault hits, for an object of this id. */
  readonly hits: (id: Guid) => Guid;
}

/** Plays the methods of these kinds together, and where that goes wrong one by one. */
async function playKinds(
  ctx: Context,
  trouble: Trouble,
  kinds: readonly SubjectKind[],
  lacking: Lacking<SubjectKind>,
): Promise<void> {
  const planned = (await ofThose(kinds, lacking, (kind) => plan(ctx, kind, methodsOf(kind)))).flat();
  if (!isSome(planned)) return;
  const found = await play(ctx, trouble, planned);
  if (found === undefined) return;
  // Each of several kinds has its turn by itself.
  const [kind, ...others] = kinds;
  if (kind !== undefined && others.length === 0 && planned.length > 1 && (await ctx.renew()))
    for (const { method } of planned) {
      const alone = await plan(ctx, kind, [method]);
      const foundAlone = isSome(alone) ? await play(ctx, trouble, alone) : undefined;
      if (foundAlone !== undefined) throw foundAlone;
    }
  throw found;
}

/**
 * What a method answers meanwhile has to be a code that it may answer; afterwards all is as it was. What hits the same
 * whatever the kind of object (`atOnce`) is one fault for all kinds.
 */
export function everyMethod(
  fault: FaultKind,
  kinds: readonly SubjectKind[],
  title: (kind: string) => string,
  { hits = (id) => id, atOnce = false }: { readonly hits?: Trouble['hits']; readonly atOnce?: boolean } = {},
): readonly Check[] {
  const sharing = new Sharing<SubjectKind>((ctx, some, lacking) => playKinds(ctx, { fault, hits }, some, lacking));
  return kinds.map((kind): Check => {
    const id = `faults.${fault}.${kind.name}`;
    // The methods of the provider object include Refresh, which is called during the fault and after it.
    const isShared = atOnce && kind !== PROVIDER;
    return {
      ...(isShared ? sharing.check(id, kind) : { id, run: (ctx) => sharing.alone(ctx, kind) }),
      title: title(kind.name),
      requirements: ['VDS-0.2a', 'VDS-5.3', 'VDS-4.2b'],
      faults: [fault],
      // The hand-written runs take the small kinds, the generated ones all.
      effort: kind === PLEX || kind === PORTAL || (fault === 'device-error' && kind === TARGET) ? 'quick' : 'standard',
      cost: { calls: methodsOf(kind).length * 4 + 80, recoveries: kind === PROVIDER ? 3 : 1 },
    };
  });
}
