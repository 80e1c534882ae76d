// Corruption form × method × moment, from the contract: every method that documents VDS_E_PROVIDER_CACHE_CORRUPT, on
// every kind of object. Standard effort takes each method at each moment, with the form going round; full takes the
// whole product. One corruption and one recovery serve every method at one moment, and moments that follow each other
// need one recovery between them: the entries of all kinds of object in a subsystem are damaged together, those of the
// subsystem itself apart from them, as their damage is the subsystem's affair too. That one damaged entry alone is
// noticed, the checks `recovery.near` see to, with every getter.
import {
  damageInWords,
  type Call,
  CHAINS,
  type Check,
  type Context,
  CORRUPTION_FORMS,
  type CorruptionForm,
  displayName,
  during,
  KIND_BY_STRUCTURE,
  type Moment,
  type Lacking,
  MOMENTS,
  type ObjectState,
  ofThose,
  plausibleArguments,
  RecoveryCase,
  type Result,
  type Scene,
  Sharing,
  untilNotBusy,
  onlyReads,
} from '../../src/checks/index.js';
import { type Guid, HR, type Method, succeeded, UNTOUCHED } from '../../src/contract/index.js';
import {
  adopt,
  cellId,
  DEVICES,
  methodsOf,
  PROVIDER,
  subject,
  SUB_SYSTEM,
  type Subject,
  type SubjectKind,
} from './subjects.js';

/** A missed window is tried again this often. */
const TRIES = 3;

/**
 * The properties that a successful call reports of the object itself; undefined for methods that report none (those of
 * a port are another device's).
 */
function stateOf(method: Method): ((result: Result<Record<string, unknown>>) => ObjectState) | undefined {
  const out = method.name.startsWith('GetProperties')
    ? method.outs.find((o) => o.type.kind === 'struct' && KIND_BY_STRUCTURE[o.type.name] !== undefined)
    : undefined;
  if (out === undefined) return undefined;
  return ({ out: given }) => {
    const value = given[out.name];
    if (value === UNTOUCHED || value === null || value === undefined) return { id: '' };
    if (method.fullName !== 'IVdsSubSystem2.GetProperties2') return value as ObjectState;
    // The identification is combined with a serial number there.
    const { identification: _combined, ...others } = value as ObjectState;
    return others;
  };
}

interface Cell {
  readonly kind: SubjectKind;
  readonly method: Method;
}

/** A cell at one of the moments of a chain. */
interface Placed extends Cell {
  readonly moment: Moment;
}

/** A cell with the call that it is about. */
interface Ready extends Placed {
  readonly name: string;
  /** The object whose entry is damaged. */
  readonly id: Guid;
  readonly call: Call;
}

const namesAnother = ({ ins }: Method): boolean => ins.some(({ name }) => /Id(?:Array)?$/.test(name));
const isDelete = ({ method }: Cell): boolean => method.name === 'Delete';
/** A damaged entry does not outlive it, or may not. */
const heals = ({ method }: Cell): boolean => method.name === 'Reenumerate' || method.name === 'Refresh';

/**
 * Finds or makes the objects of these cells; `lacking` receives those that do not apply. Cells of one kind share an
 * object, but what is to be deleted is nobody else's.
 */
async function prepared(
  ctx: Context,
  cells: readonly Placed[],
  lacking: Lacking<Placed>,
): Promise<{ readonly c: RecoveryCase; readonly ready: readonly Ready[] }> {
  const subjects = new Map<string, Subject>();
  let c: RecoveryCase | undefined;
  const ready = await ofThose(cells, lacking, async (cell): Promise<Ready> => {
    const { kind, method, moment } = cell;
    const key = isDelete(cell) ? `${method.fullName} ${moment.name}` : kind.name;
    const found = subjects.get(key) ?? (await subject(ctx, kind));
    subjects.set(key, found);
    const typed = await ctx.system.optional(found.object, method.interfaceName);
    const args = await ctx.make.keptToScope(method, plausibleArguments(method));
    c ??= new RecoveryCase(ctx, { within: found.within });
    const history = c;
    const call: Call = async () => {
      const result = await typed.call(method.fullName, args);
      // Its page may list the code; what the array holds is not deleted. Of an object that an argument names, nobody
      // says that it is there.
      if (result.hr === HR.VDS_E_OBJECT_DELETED && !isDelete(cell) && !namesAnother(method))
        ctx.duties.broken(
          'VDS-7.1a',
          `${displayName(method.fullName)} answered VDS_E_OBJECT_DELETED of a ${kind.name} that the array has`,
          result,
          'silent wrong data',
        );
      await adopt(ctx, result);
      if (succeeded(result.hr) && !onlyReads(method)) await history.snapshotAfterChange();
      return result;
    };
    return { ...cell, name: displayName(method.fullName), id: found.id, call };
  });
  return { c: c ?? new RecoveryCase(ctx), ready };
}

/**
 * Makes all of these calls at once. Gives the answer that came first, so that what strikes before it strikes during
 * all.
 */
async function atOnce(ready: readonly Ready[]): Promise<Result<Record<string, unknown>>> {
  const settled = await Promise.allSettled(ready.map((each) => each.call()));
  const answers = settled.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
  const end = ({ record }: Result<object>): number => record.at + record.ms;
  return answers.reduce((first, each) => (end(each) < end(first) ? each : first));
}

/** The pair itself is these calls, so that among others they need not be made once more. */
const isOfPair = ({ kind, method }: Cell): boolean => kind === PROVIDER && heals({ kind, method });

/** Plays these cells at the moments of a chain, with one corruption and one recovery each. */
async function run(
  ctx: Context,
  cells: readonly Placed[],
  form: CorruptionForm,
  lacking: Lacking<Placed>,
): Promise<void> {
  const { c, ready } = await prepared(ctx, cells, lacking);
  if (ready.length === 0) return;
  await c.snapshotTruth();
  const asked = new Set<Ready>();
  let isFirst = true;
  for (const moment of new Set(cells.map((cell) => cell.moment))) {
    const there = ready.filter((each) => each.moment === moment);
    if (there.length === 0) continue;
    const calls = there.every(isOfPair) ? there : there.filter((each) => !isOfPair(each));
    for (const each of calls) asked.add(each);
    const scene = sceneOf(ctx, c, calls, new Set(there.map(({ id }) => id)), form);
    await (isFirst || moment.playNext === undefined ? moment.play(scene) : moment.playNext(scene));
    isFirst = false;
  }
  await c.reenumerateAndRefresh();
  await c.mustBeTrue();
  for (const each of asked) await mustAnswerAgain(ctx, each);
}

/** The steps of a moment: these calls, and damage of these objects. */
function sceneOf(
  ctx: Context,
  c: RecoveryCase,
  asked: readonly Ready[],
  damaged: ReadonlySet<Guid>,
  form: CorruptionForm,
): Scene {
  const strike = async (): Promise<void> => {
    for (const object of damaged) await ctx.faults.inject({ kind: form, object });
  };
  const { hw } = ctx.system;
  return {
    call: () => atOnce(asked),
    strike,
    async callUndisturbed() {
      for (const { call } of asked) ctx.duties.permitted('VDS-0.2a', await call(), 'before anything was wrong');
    },
    async probe() {
      for (const { name, call, method } of asked) await c.probe(name, call, stateOf(method), false);
    },
    // While the fault strikes, the call may answer any permitted code.
    async strikeDuring(busy) {
      for (let tries = 1; ; tries++) {
        const { answer, overlapped } = await during(ctx.session, busy, strike);
        ctx.duties.permitted('VDS-5.5a', answer, 'while its cache was being corrupted', 'wrong result code');
        if (overlapped) return;
        if (tries === TRIES)
          ctx.inconclusive(
            `the corruption missed ${displayName(answer.record.method)} ${TRIES} times: the call was over before it`,
          );
        await c.reenumerateAndRefresh();
      }
    },
    async recover(betweenPair) {
      if (betweenPair === undefined) await c.reenumerateAndRefresh();
      else await ctx.faults.recover({ betweenPair });
    },
    async reenumerateUndisturbed() {
      const answer = await untilNotBusy(() => hw.reenumerate());
      ctx.duties.code('VDS-5.5d', answer, HR.S_OK, 'although no cause of anything lasts');
    },
    reenumerate: () => hw.reenumerate(),
    refresh: () => hw.refresh(),
  };
}

async function mustAnswerAgain(ctx: Context, { method, name, call }: Ready): Promise<void> {
  const result = await call();
  ctx.duties.holds(
    'VDS-5.6',
    result.hr !== HR.VDS_E_PROVIDER_CACHE_CORRUPT,
    `${name} answers VDS_E_PROVIDER_CACHE_CORRUPT after recovery`,
    result,
    'detected, not recovered',
  );
  ctx.duties.permitted('VDS-5.5b', result, 'after recovery', 'wrong result code');
  if (onlyReads(method) && method.interfaceName === 'IVdsHwProvider')
    ctx.duties.holds(
      'VDS-5.6',
      succeeded(result.hr),
      `${name} fails after recovery`,
      result,
      'detected, not recovered',
    );
}

// A stale entry needs an earlier version of the object, which a generated check does not make; the hand-written checks
// do.
const FORMS = CORRUPTION_FORMS.filter((form) => form !== 'stale-entry');

/** After a Delete no entry is left to corrupt. */
const possible = (cell: Cell, moment: Moment): boolean => !isDelete(cell) || !moment.callsFirst;

/** A provider that reads an object again during other calls would heal the fault that they must meet. */
const canShare = (cell: Placed): boolean => !heals(cell) || cell.moment.name !== 'during-the-call';

/**
 * The order in which the methods of a group are called: each begins in turn, as a provider may repair at the first call
 * what the next would have met. What reads everything again comes last, and after it what deletes.
 */
function inTurn<C extends Cell>(cells: readonly C[], turn: number): readonly C[] {
  const last = cells.filter((cell) => heals(cell) || isDelete(cell));
  const others = cells.filter((cell) => !last.includes(cell));
  const at = others.length === 0 ? 0 : turn % others.length;
  return [...others.slice(at), ...others.slice(0, at), ...last.filter(heals), ...last.filter(isDelete)];
}

const CELLS: readonly (readonly Cell[])[] = [[PROVIDER, SUB_SYSTEM], DEVICES.filter((kind) => kind !== SUB_SYSTEM)].map(
  (kinds) =>
    kinds.flatMap((kind) =>
      methodsOf(kind)
        .filter((m) => m.codes.includes('VDS_E_PROVIDER_CACHE_CORRUPT'))
        .map((method) => ({ kind, method })),
    ),
);

export const recoveryByMethod: readonly Check[] = CELLS.flatMap((shared, groupIndex) =>
  CHAINS.flatMap((chain, chainIndex) =>
    FORMS.flatMap((form, formIndex) => {
      // A prime number of steps: the same method does not begin again until all have.
      const turnOf = (moment: Moment): number => 7 * (MOMENTS.indexOf(moment) * FORMS.length + formIndex);
      const sharing = new Sharing<Placed>((ctx, cells, lacking) => {
        const inOrder = chain.flatMap((moment) =>
          inTurn(
            cells.filter((cell) => cell.moment === moment),
            turnOf(moment),
          ),
        );
        return run(ctx, inOrder, form, lacking);
      });
      const cells = chain.flatMap((moment) =>
        shared.filter((cell) => possible(cell, moment)).map((cell): Placed => ({ ...cell, moment })),
      );
      return cells.map((cell): Check => {
        const { kind, method, moment } = cell;
        const id = `recovery.${form}.${cellId(kind, method)}.${moment.name}`;
        return {
          ...(canShare(cell) ? sharing.check(id, cell) : { id, run: (ctx) => sharing.alone(ctx, cell) }),
          title:
            `${displayName(method.fullName)} when ${damageInWords(form, kind.name)}, ${moment.title}, and after ` +
            'recovery',
          requirements: ['VDS-5.5a', 'VDS-5.5b', 'VDS-5.5d', 'VDS-5.6', 'VDS-4.2b'],
          faults: [form],
          matrix: { fault: form, method: method.fullName, moment: moment.name },
          ...(moment.overlaps ? { capabilities: ['parallelCalls' as const] } : {}),
          effort: (groupIndex + chainIndex) % FORMS.length === formIndex ? 'standard' : 'full',
          cost: { calls: 60, recoveries: moment.recoveries },
        };
      });
    }),
  ),
);
