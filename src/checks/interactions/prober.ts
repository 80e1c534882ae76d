// Makes probes: calls that must leave everything as it is, on objects that are there and on objects that are gone, and
// judges the answers by what the model says that the state requires.
import { UNTOUCHED } from '../../contract/codec.js';
import type { Guid } from '../../contract/guid.js';
import { OBJECT_STATUS } from '../../contract/generated/enumerations.js';
import { failed, formatHresult, HR, succeeded } from '../../contract/hresult.js';
import { method } from '../../contract/tables.js';
import {
  agrees,
  EnumeratorPosition,
  Expected,
  falseClaim,
  PROBE_CELLS,
  REFUSED_CELLS,
  type Item,
  type Kind,
  type Probe,
  type ProbeCell,
  modelled,
} from '../../model/index.js';
import type { IEnumVdsObject, IVdsAsync } from '../../port/generated/typed.js';
import { VdsObject, type Result } from '../../port/objects.js';
import { displayName, formatValue } from '../../port/show-value.js';
import { label } from '../../truth/observation.js';
import { saysDeleted } from '../departed.js';
import { askForProperties, propertiesOf } from '../devices.js';
import { isOfTheMoment, refusesAnyRequest } from '../lun-habits.js';
import { ended } from '../operations.js';
import { insist } from './calls/calls.js';
import { handsOutNothing } from './laws/call-laws.js';
import type { Player } from './player.js';
import type { Step } from './resolve.js';

type Answered = Result<Record<string, unknown>>;

/** The objects of a cell's kind that may be called: what has failed or is offline may refuse what it cannot do. */
const callable = ({ state, knowledge }: Player, { on, changes }: ProbeCell): readonly Item[] =>
  on === 'IVdsHwProvider'
    ? []
    : state.ofKind(on).filter((item) => {
        let at: Item | undefined = item;
        for (; at !== undefined; at = at.parent === null ? undefined : state.get(at.parent)) {
          const { status } = at.members;
          if (status !== undefined && status !== OBJECT_STATUS.STATUS_ONLINE) return false;
        }
        return knowledge.mayUse(item) && (!changes || isOurs(item, knowledge.own));
      });

/**
 * A change that a provider wrongly carries out must not hit what is another's: objects that can be made are of the
 * run's own.
 */
const OF_OTHERS: ReadonlySet<string> = new Set([
  'IVdsSubSystem',
  'IVdsController',
  'IVdsControllerPort',
  'IVdsDrive',
  'IVdsIscsiPortal',
  'IVdsStoragePool',
]);
const isOurs = ({ kind, id, parent }: Item, own: ReadonlySet<string>): boolean =>
  OF_OTHERS.has(kind) || own.has(id) || (parent !== null && own.has(parent));

/** Makes the probes that were dealt to a step. */
export async function probeAll(player: Player, { probes = [], n }: Step): Promise<void> {
  for (const [i, place] of probes.entries()) await probe(player, place, n + i);
}

/** The objects on which a probe is made: of each subsystem one, or the `n`th that there is. */
function subjectsOf(player: Player, place: number, n: number): readonly (Guid | undefined)[] {
  const cell = PROBE_CELLS[place % PROBE_CELLS.length] as ProbeCell;
  return cell.everywhere === true ? oneInEach(player, cell, n) : [undefined];
}

function oneInEach(player: Player, cell: ProbeCell, n: number): readonly Guid[] {
  const bySubSystem = new Map<Guid | undefined, Item[]>();
  for (const item of callable(player, cell)) {
    const subSystem = player.state.subSystemOf(item.id);
    bySubSystem.set(subSystem, [...(bySubSystem.get(subSystem) ?? []), item]);
  }
  return [...bySubSystem.values()].flatMap((items) => items[n % items.length]?.id ?? []);
}

/** Makes queries, each of one object in each subsystem where it is of an object that is there. */
export async function probeEverywhere(player: Player, places: readonly number[], n: number): Promise<void> {
  for (const place of places) {
    const cell = PROBE_CELLS[place % PROBE_CELLS.length] as ProbeCell;
    const isOfOne = cell.when === 'present' && cell.on !== 'IVdsHwProvider';
    for (const only of isOfOne ? oneInEach(player, cell, n) : [undefined]) await probe(player, place, n, only);
  }
}

/** So many refused changes share a reading. */
const SHARE = 4;

/** Makes changes that must be refused, which leave no trace. */
export async function probeRefusals(player: Player, places: readonly number[], n: number): Promise<void> {
  for (let at = 0; at < places.length; at += SHARE) {
    const made: { readonly words: string; readonly place: number; readonly only: Guid | undefined }[] = [];
    for (const place of places.slice(at, at + SHARE))
      for (const only of subjectsOf(player, place, n)) {
        const words = await probe(player, place, n, only);
        if (words !== undefined) made.push({ words, place, only });
      }
    if (made.length === 0 || (await player.isAsBefore(made.map(({ words }) => words)))) continue;
    // Which of them it was, where it happens again.
    for (const { place, only } of made.length > 1 ? made : []) {
      const words = await probe(player, place, n, only);
      if (words !== undefined) await player.isAsBefore([words]);
    }
  }
}

/**
 * Makes the probe of a cell, the `n`th of those that the state has. Gives the words for it; undefined where there is
 * none to make.
 */
export async function probe(player: Player, place: number, n: number, only?: Guid): Promise<string | undefined> {
  const cell = PROBE_CELLS[place % PROBE_CELLS.length] as ProbeCell;
  const { handles, state, knowledge } = player;
  const { method } = cell;
  const gone = handles.gone(state);
  if (cell.when === 'departed') {
    const all = gone.filter((item) => item.kind === cell.on);
    const item = all[n % Math.max(all.length, 1)];
    const object = item === undefined ? undefined : await handles.ofGone(item.id, method);
    const made = cell.probe({ state, knowledge, item: undefined, gone, n });
    return object === undefined || item === undefined || made === undefined
      ? undefined
      : call(player, object, cell, made, `${label(item)}, which is gone`);
  }
  const items = callable(player, cell).filter(({ id }) => only === undefined || id === only);
  const item = items[n % Math.max(items.length, 1)];
  if (cell.on !== 'IVdsHwProvider' && item === undefined) return undefined;
  const made = cell.probe({ state, knowledge, item, gone, n });
  if (made === undefined) return undefined;
  const object =
    item === undefined
      ? await handles.ofProvider(method.interfaceName)
      : await handles.forMethod(method.fullName, state, item.id);
  return object === undefined
    ? undefined
    : call(player, object, cell, made, item === undefined ? 'the provider' : label(item), item);
}

/** Makes a change that must be refused of one object, the `n`th of those that there are. */
export async function probeRefused(player: Player, { id, kind }: Item, n: number): Promise<string | undefined> {
  const places = REFUSED_CELLS.filter((place) => PROBE_CELLS[place]?.on === kind);
  const place = places[n % Math.max(places.length, 1)];
  return place === undefined ? undefined : probe(player, place, n, id);
}

async function call(
  player: Player,
  object: VdsObject,
  { method }: ProbeCell,
  made: Probe,
  of: string,
  item?: Item,
): Promise<string | undefined> {
  const { ctx } = player;
  if (made.nullOuts !== undefined && !ctx.session.capabilities.nullOuts) return undefined;
  const taken = ctx.session.note();
  try {
    const args = await ctx.make.keptToScope(method, made.args);
    const nulls = made.nullOuts === undefined ? {} : { nullOuts: made.nullOuts };
    const result = await insist(player, method.fullName, () => object.call(method.fullName, args, nulls));
    player.steps.called(result.record);
    handsOutNothing(ctx, result);
    if (item !== undefined) claimsNothingFalse(player, item, made, result);
    await judge(player, made, result, `to a call on ${of}${made.how === '' ? '' : ` ${made.how}`}`);
    return player.steps.textOf(result.record);
  } finally {
    // References from a query are given back; an operation is not one's own to give back before it is over.
    if (ctx.session.broken === undefined) await ctx.session.releaseNoted(taken);
  }
}

/** A refusal that speaks of the object's state, or of the provider's, is true. */
function claimsNothingFalse(player: Player, item: Item, { args, how }: Probe, result: Answered): void {
  const claim = falseClaim(player.state, item, args, result.hr, player.around);
  if (claim === undefined) return;
  const called = [displayName(result.record.method), how].filter((part) => part !== '').join(' ');
  player.unkept(claim.requirement, `${called} answered ${formatHresult(result.hr)} ${claim.problem}`, result);
}

/** S_FALSE where the page has it: there is nothing to hand out. */
const saysNone = ({ hr, record }: Answered): boolean =>
  hr === HR.S_FALSE && method(record.method).codes.includes('S_FALSE');

type Listing = Result<{ readonly enum: IEnumVdsObject | null }>;

/** The provider treats the same request alike each time. */
function alike({ ctx }: Player, { how }: Probe, requirement: string, answer: string, result: Answered): void {
  ctx.duties.reading(`${displayName(result.record.method)} ${how}`, answer, requirement, '', result);
}

/** The result of the operation that a call has started, under the call's own record; the call's answer without one. */
const lastAnswer = async ({ ctx }: Player, result: Answered): Promise<Result<object>> =>
  succeeded(result.hr) && result.out['async'] instanceof VdsObject
    ? ended(ctx, result as Result<{ readonly async: IVdsAsync | null }>)
    : result;

async function judge(player: Player, probed: Probe, result: Answered, when: string): Promise<void> {
  const { answer } = probed;
  const { ctx, around } = player;
  const { duties } = ctx;
  if (around.faulted || around.overlapped || answer.is === 'permitted')
    return void duties.permitted('VDS-0.2a', result, when);
  switch (answer.is) {
    case 'deleted':
      return saysDeleted(ctx, result, when);
    case 'code':
      if (refusesAnyRequest(result.hr)) duties.permitted('VDS-0.2a', result, when);
      else duties.code(answer.requirement, await lastAnswer(player, result), answer.codes, when);
      return;
    case 'choice':
      duties.permitted('VDS-0.2a', result, when);
      // Any other refusal may be about what the system is like at the time.
      if (succeeded(result.hr) || result.hr === HR.E_INVALIDARG)
        alike(player, probed, answer.requirement, succeeded(result.hr) ? 'taken' : 'refused', result);
      return;
    case 'listed': {
      if (refusesAnyRequest(result.hr)) return;
      const ids: Guid[] = [];
      for (const object of await duties.list(result as Listing, 'enum', answer.lists, answer.requirement))
        ids.push((await propertiesOf(ctx, object, answer.requirement)).id);
      return void duties.equal(
        answer.requirement,
        `the objects that ${displayName(result.record.method)} lists ${when}`,
        ids.sort(),
        [...answer.of].sort(),
        result,
      );
    }
    case 'refused':
      if (answer.orFails === true && succeeded(result.hr)) return mustFail(player, result, answer.requirement, when);
      if (
        duties.refused(answer.requirement, result, when) &&
        answer.best !== undefined &&
        !refusesAnyRequest(result.hr)
      )
        duties.code(answer.best.requirement, result, answer.best.codes, when);
      if (answer.alike !== undefined && !isOfTheMoment(result.hr))
        alike(player, probed, answer.alike, formatHresult(result.hr), result);
      return;
    case 'nowhere':
      return void duties.holds(
        answer.requirement,
        failed(result.hr) || saysNone(result),
        `${displayName(result.record.method)} answered ${formatHresult(result.hr)} ${when}, so that there was ` +
          'nowhere to put the output',
        result,
      );
    case 'object':
      if (failed(result.hr))
        return void duties.permitted(answer.refusable === true ? answer.requirement : 'VDS-0.2a', result, when);
      return isObject(player, result, answer.id, answer.requirement, when);
    case 'value': {
      if (refusesAnyRequest(result.hr)) return;
      const value = result.hr === HR.S_FALSE ? answer.otherwise : answer.value;
      duties.code(answer.requirement, result, [HR.S_OK, HR.S_FALSE], when);
      return void duties.equal(
        answer.requirement,
        `"${answer.output}" ${when}`,
        result.out[answer.output],
        value,
        result,
      );
    }
    case 'enumeration':
      if (refusesAnyRequest(result.hr)) return;
      duties.ok('VDS-6.6a', result);
      return goThrough(player, duties.output('VDS-6.6a', result, 'enum') as IEnumVdsObject, answer, when);
  }
}

/** The operation that has begun fails. */
async function mustFail(
  { ctx: { duties } }: Player,
  result: Answered,
  requirement: string,
  when: string,
): Promise<void> {
  const operation = duties.output('VDS-8.1b', result, 'async') as IVdsAsync;
  const waited = await operation.wait();
  duties.ok('VDS-8.2', waited);
  duties.holds(
    requirement,
    failed(duties.output('VDS-8.2', waited, 'hrResult')),
    `the operation that ${displayName(result.record.method)} started succeeded ${when}`,
    waited,
  );
}

/** The object that was handed out has the id, under the interface of one kind or another. */
async function isObject(
  player: Player,
  result: Answered,
  id: string,
  requirement: string,
  when: string,
): Promise<void> {
  const { ctx, state } = player;
  const [output = ''] = Object.keys(result.out);
  const unknown = ctx.duties.output(requirement, result, output) as VdsObject;
  const kind = state.get(id)?.kind;
  const typed = kind === undefined ? null : await unknown.as(kind);
  const found = typed === null ? undefined : (await propertiesOf(ctx, typed, requirement)).id;
  if (found !== id)
    player.unkept(
      requirement,
      `${displayName(result.record.method)} handed out ${found ?? 'another kind of object'} ${when}`,
      result,
    );
  else if (kind !== undefined) await showsTheSame(player, unknown, kind, `from ${displayName(result.record.method)}`);
}

/** An enumerator goes through the objects that there are, and answers each call as its position requires. */
async function goThrough(
  player: Player,
  enumerator: IEnumVdsObject,
  { of, lists, steps }: Extract<Probe['answer'], { readonly is: 'enumeration' }>,
  when: string,
): Promise<void> {
  let position = new EnumeratorPosition(of.length);
  let at = enumerator;
  /** The identities by their places, as far as they were seen. */
  const seen = new Map<number, number>();
  const by = `of an enumerator over ${of.length} objects (from the answer ${when})`;
  for (const [i, step] of steps.entries()) {
    const before = position.position;
    switch (step.call) {
      case 'next': {
        if (step.celt === 0) {
          // Twice, as the choice must be kept; what is right at the end is another question.
          for (let time = 0; time < 2 && before < of.length; time++)
            judgeNextOfNone(player, await at.next({ celt: 0 }), by);
          break;
        }
        const expected = position.advance(step.celt);
        const result = await at.next({ celt: step.celt });
        const objects = Array.isArray(result.out.objectArray) ? (result.out.objectArray as readonly VdsObject[]) : [];
        // What is still given after a Skip to the end, that Skip has not passed over.
        const wasLeft = objects.length > 0 && steps[i - 1]?.call === 'skip';
        const atEnd = before < of.length ? 'VDS-6.1' : wasLeft ? 'VDS-6.3' : 'VDS-6.2a';
        judgeMove(player, result, step.celt, expected, atEnd, by);
        if (objects.length !== expected || result.out.fetched !== expected)
          player.unkept(
            atEnd,
            `Next of ${step.celt} ${by} gave ${objects.length} and said ${formatValue(result.out.fetched)} where ` +
              `${expected} were left of what it asked for`,
            result,
          );
        for (const [place, object] of objects.entries()) {
          const identity = await object.identity();
          const known = seen.get(before + place);
          player.ctx.duties.judging(...(known === undefined ? [] : ['VDS-6.5b']), 'VDS-6.5c');
          if (known !== undefined && known !== identity)
            player.unkept('VDS-6.5b', `place ${before + place + 1} ${by} has another object than before`, result);
          else if (known === undefined && [...seen.values()].includes(identity))
            player.unkept('VDS-6.5c', `an object comes twice ${by}`, result);
          seen.set(before + place, identity);
        }
        await showsTheSame(player, objects[objects.length - 1], lists, by);
        break;
      }
      case 'skip':
        judgeMove(player, await at.skip({ celt: step.celt }), step.celt, position.advance(step.celt), 'VDS-6.3', by);
        break;
      case 'reset': {
        const result = await at.reset();
        player.ctx.duties.code('VDS-6.4', result, HR.S_OK, by);
        position.reset();
        break;
      }
      case 'clone': {
        const result = await at.clone();
        if (!succeeded(result.hr)) {
          player.ctx.duties.permitted('VDS-6.4b', result, by);
          break;
        }
        const copy = player.ctx.duties.output('VDS-6.4b', result, 'enum');
        // The first goes on by itself, which must not move the copy.
        await at.reset();
        await at.release();
        at = copy as IEnumVdsObject;
        position = position.clone();
      }
    }
  }
}

/** The objects that a query hands out report what is known of their devices. */
async function showsTheSame(player: Player, object: VdsObject | undefined, kind: Kind, by: string): Promise<void> {
  const { ctx, state } = player;
  const typed = await object?.as(kind);
  if (typed === undefined || typed === null) return;
  const {
    properties: { id },
    members,
  } = await askForProperties(ctx, typed, 'VDS-4.1a');
  for (const [member, reported] of Object.entries(members)) {
    const value = modelled(kind, member, reported);
    const known = state.member(id, member);
    if (
      known !== undefined &&
      !(known instanceof Expected) &&
      !agrees(member, known, value, []) &&
      member !== 'properties2'
    )
      player.unkept(
        'VDS-4.1a',
        `${member} of ${id} is ${formatValue(value)} by an object ${by}, and ${formatValue(known)} by others`,
      );
  }
}

/** Next(0) fetches nothing, and answers always the same of what passes. */
function judgeNextOfNone({ ctx }: Player, result: Result<{ readonly fetched: unknown }>, by: string): void {
  ctx.duties.code('VDS-6.2b', result, [HR.S_OK, HR.S_FALSE, HR.E_INVALIDARG], `to 0 ${by}`);
  const { fetched } = result.out;
  ctx.duties.holds('VDS-6.2b', fetched === 0 || fetched === UNTOUCHED, `Next(0) ${by} must fetch nothing`, result);
  ctx.duties.reading('Next(0)', formatHresult(result.hr), 'VDS-6.2b');
}

/** S_OK where as many were passed as were asked for, else S_FALSE. */
function judgeMove(
  player: Player,
  result: Result<object>,
  asked: number,
  passed: number,
  requirement: string,
  by: string,
): void {
  player.ctx.duties.code(
    requirement,
    result,
    passed === asked ? HR.S_OK : HR.S_FALSE,
    `for ${asked} objects where ${passed === asked ? 'as many' : `only ${passed}`} were left ${by}`,
  );
}
