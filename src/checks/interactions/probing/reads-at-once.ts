// Calls that change nothing and overlap: queries of every kind of object, Reenumerate and Refresh, also while the array
// does not answer. Each is carried out as it is alone, or refused because another one is under way.
import { counted } from '../../../contract/wording.js';
import { formatHresult, succeeded } from '../../../contract/hresult.js';
import type { Method, MethodName } from '../../../contract/tables.js';
import type { FaultKind } from '../../../faults/kinds.js';
import { validArguments } from '../../../model/index.js';
import { methodsOfKind, onlyReads, type ObservedKind } from '../../../port/device-kinds.js';
import type { Result, VdsObject } from '../../../port/objects.js';
import { displayName } from '../../../port/show-value.js';
import type { Context } from '../../context.js';
import { putsOff } from '../../operations.js';
import { countIn, releaseOut } from '../laws/whole-lists.js';
import type { Player } from '../player.js';
import { onStage } from '../stage.js';

type Answer = Result<Record<string, unknown>>;

export const REQUIREMENTS_OF_READING_AT_ONCE: readonly string[] = ['VDS-13.3'];

/** Its page says that calls on two threads at once may give what is inconsistent (VDS-13.2). */
const MAY_DIFFER: MethodName = 'IVdsSubSystem.QueryLuns';

/** A query, and what it answered when nothing else was under way. */
interface Query {
  ask(): Promise<Answer>;
  readonly alone: number;
  /** How many objects it listed; undefined of one that lists none. */
  readonly listed: number | undefined;
}

/** How many objects an answer lists; everything that it has handed out is given back. */
async function takenBack(answer: Answer): Promise<number | undefined> {
  const count = await countIn(answer);
  const { enum: _enumerator, ...others } = answer.out;
  await releaseOut(others);
  return count;
}

const queryOf = async (object: VdsObject, method: Method): Promise<Query> => {
  const ask = (): Promise<Answer> => object.call(method.fullName, validArguments(method));
  const answer = await ask();
  return { ask, alone: answer.hr, listed: await takenBack(answer) };
};

/** Every query of the provider, and of the first object of each kind. */
async function queriesOf({ state, handles }: Player): Promise<readonly Query[]> {
  const firsts = new Map([...state.items.values()].toReversed().map((item) => [item.kind, item] as const));
  const found: Query[] = [];
  for (const kind of ['IVdsHwProvider', ...firsts.keys()] as const satisfies readonly ObservedKind[])
    for (const method of methodsOfKind(kind).filter(onlyReads)) {
      const item = kind === 'IVdsHwProvider' ? undefined : firsts.get(kind);
      const object =
        item === undefined
          ? await handles.ofProvider(method.interfaceName)
          : await handles.forMethod(method.fullName, state, item.id);
      if (object !== undefined) found.push(await queryOf(object, method));
    }
  return found;
}

/** One of the pair, or a query, is carried out as it is alone, or put off. */
function judge(player: Player, answer: Answer, alone: number, how: string): void {
  player.ctx.duties.judging('VDS-13.3');
  if (!putsOff(answer.hr) && answer.hr !== alone && !(succeeded(answer.hr) && succeeded(alone)))
    player.unkept(
      'VDS-13.3',
      `${displayName(answer.record.method)} answered ${formatHresult(answer.hr)} while ${how}; it is to be carried ` +
        `out as alone, which gave ${formatHresult(alone)}, or refused as busy`,
      answer,
    );
}

async function judgeQuery(player: Player, { alone, listed }: Query, answer: Answer, how: string): Promise<void> {
  judge(player, answer, alone, how);
  const count = await takenBack(answer);
  if (count !== undefined && listed !== undefined && count !== listed && answer.record.method !== MAY_DIFFER)
    player.unkept(
      'VDS-13.3',
      `${displayName(answer.record.method)} lists ${counted(count, 'object')} while ${how}, and ${listed} alone`,
      answer,
    );
}

/** Makes one of the pair twice at once, and every query beside it. */
async function besideQueries(player: Player, half: () => Promise<Answer>, says: string): Promise<void> {
  const queries = await queriesOf(player);
  player.steps.say(`${says} twice at once, and every query while it is under way`);
  const [halves, answers] = await Promise.all([
    Promise.all([half(), half()]),
    Promise.all(queries.map(({ ask }) => ask())),
  ]);
  for (const answer of halves) judge(player, answer, 0, 'another one of it was under way');
  for (const [i, query] of queries.entries())
    await judgeQuery(player, query, answers[i] as Answer, `${says} and other queries were under way`);
}

const HANG: FaultKind = 'hang';

/** The same of one of the pair by itself while the array does not answer, until it does. */
async function whileHanging(player: Player, half: () => Promise<Answer>, says: string): Promise<void> {
  const { ctx, state } = player;
  const [subSystem] = state.ofKind('IVdsSubSystem').filter((each) => player.knowledge.mayUse(each));
  if (subSystem === undefined || !(await ctx.faults.offers(HANG))) return;
  const fault = await ctx.faults.inject({ kind: HANG, object: subSystem.id });
  player.steps.fault(HANG, subSystem);
  player.steps.say(`${says} twice at once`);
  // A provider that serialises its calls answers them only after healing.
  const both = Promise.allSettled([half(), half()]);
  await fault.heal();
  player.steps.faultIsOver();
  const [held, other] = await both;
  for (const each of [held, other]) if (each.status === 'rejected') throw each.reason;
  // The array may have kept the first one waiting for too long.
  if (other.status === 'fulfilled') judge(player, other.value, 0, 'another one of it waited for the array');
}

/** Reads everything at once, and one of the pair twice at once, in each of the circumstances. */
export const readAtOnce = (ctx: Context): Promise<void> =>
  onStage(ctx, ['luns', 'targets'], async (player) => {
    const { hw } = ctx.system;
    const halves = [
      ['IVdsHwProvider::Reenumerate()', () => hw.reenumerate()],
      ['IVdsHwProvider::Refresh()', () => hw.refresh()],
    ] as const;
    for (const [says, half] of halves) await besideQueries(player, half as () => Promise<Answer>, says);
    for (const [says, half] of halves) await whileHanging(player, half as () => Promise<Answer>, says);
    await player.recover();
    await player.settle(() => {});
  });
