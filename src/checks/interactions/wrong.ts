// Changes that are made while something is wrong: the cache is damaged, or a subsystem is away. A call may be refused
// for it; one that was acknowledged must hold when all is well again, and nothing else may have changed. A recovery is
// dear, so that several changes share one.
import { counted } from '../../contract/wording.js';
import { NULL_GUID, type Guid } from '../../contract/guid.js';
import { DEVICE_KINDS } from '../../contract/generated/objects.js';
import { formatHresult, HR, succeeded } from '../../contract/hresult.js';
import type { CorruptionForm, FaultKind } from '../../faults/kinds.js';
import { commandNamed, idsIn, idsOfRequest, type Item, type Kind, type SystemState } from '../../model/index.js';
import { displayName } from '../../port/show-value.js';
import type { InjectedFault } from '../../faults/routes/route.js';
import { VdsObject, type Result } from '../../port/objects.js';
import { gettersOf, isContents, queryThatLists } from '../../truth/getters.js';
import { label } from '../../truth/observation.js';
import { leaveWays } from '../equipment.js';
import { wherePossible } from '../outcome.js';
import type { Player } from './player.js';
import type { Ended } from './calls/calls.js';
import { listed, listsAreWhole } from './laws/whole-lists.js';
import { probeAll } from './prober.js';
import { resolve, startOf, type Resolved, type Step } from './resolve.js';
import { playUnseen, type UnseenStep } from './unseen.js';

/** While an object's cache entry is damaged, the list in which it stands is whole, or refused. */
async function judgeDamagedList(
  player: Player,
  item: Item,
  form: string,
  state: SystemState = player.state,
): Promise<void> {
  const query = queryThatLists(item.kind);
  const { method: by } = query;
  const holder = await player.handles.forMethod(by.fullName, state, item.parent ?? NULL_GUID);
  if (holder === undefined) return;
  const expected = [...state.items.values()].filter((i) => i.kind === item.kind && i.parent === item.parent).length;
  const count = await listed(holder, query);
  if (count === undefined) return;
  player.ctx.duties.judging('VDS-5.5a');
  if (count !== expected)
    player.unkept(
      'VDS-5.5a',
      `with ${form} of the cache entry of ${label(item)}, ${displayName(by.fullName)} lists ` +
        `${counted(count, 'object')} where there are ${expected}`,
    );
}

/** The same of the lists of what an object with a damaged entry is associated with. */
async function judgeAssociations(player: Player, item: Item, form: string): Promise<void> {
  const { state, handles, ctx } = player;
  for (const other of state.items.values())
    for (const getter of gettersOf(other.kind)) {
      const { method: by, member = '', query } = getter;
      const ids = query === undefined || isContents(other.kind, member) ? [] : idsIn(other.members[member]);
      const holder = ids.includes(item.id) ? await handles.forMethod(by.fullName, state, other.id) : undefined;
      const count = holder === undefined ? undefined : await listed(holder, getter);
      if (count === undefined) continue;
      ctx.duties.judging('VDS-5.5a');
      if (count !== ids.length && !player.knowledge.hadLength(other.id, member, count))
        player.unkept(
          'VDS-5.5a',
          `with ${form} of the cache entry of ${label(item)}, ${displayName(by.fullName)} of ${label(other)} lists ` +
            `${counted(count, 'object')} where there are ${ids.length}`,
        );
    }
}

/** Damage that a provider sees, and that leaves no doubt that the object is there. */
const LEGIBLE: ReadonlySet<FaultKind> = new Set<FaultKind>(['flipped-bytes', 'torn-write']);

/** The answer of GetObject for an object. */
async function byId({ ctx }: Player, { id, kind }: Item): Promise<Result<object>> {
  const result = await ctx.system.providerPrivate.getObject({ objectId: id, type: DEVICE_KINDS[kind].type });
  if (result.out.objectUnk instanceof VdsObject) await result.out.objectUnk.release();
  return result;
}

/** The calls that the steps mean in the present state. */
export const meantBy = ({ state, focus, knowledge }: Player, steps: readonly Step[]): readonly Resolved[] =>
  steps.flatMap((step) => resolve(step, state, focus, knowledge) ?? []);

/** Injects a fault into an object, where a route can. */
export async function strike(
  player: Player,
  kind: FaultKind,
  object: Guid,
  notify = false,
): Promise<InjectedFault | undefined> {
  if (kind === 'fail-status') {
    player.maintenance.forget();
    player.announcements.fails(object);
  }
  const fault = await wherePossible(() => player.ctx.faults.inject({ kind, object, notify }));
  if (fault !== undefined && kind === 'fail-status') leaveWays(player.ctx, player.state.get(object)?.kind ?? '');
  return fault;
}

/** Disconnects an object, where a route can. */
export async function takeOut(player: Player, item: Item): Promise<InjectedFault | undefined> {
  if (!(await player.ctx.faults.offers('disconnect'))) return undefined;
  const fault = await strike(player, 'disconnect', item.id);
  if (fault === undefined) return undefined;
  player.announcements.goesAndReturns(item.id);
  player.steps.fault('disconnect', item);
  return fault;
}

/** What was disconnected comes back, and is found. */
export async function putBack(player: Player, ...faults: readonly InjectedFault[]): Promise<void> {
  for (const fault of faults) await fault.heal();
  player.steps.faultIsOver();
  // References to what went are no longer good for anything.
  await player.letGo();
  await player.recover();
}

/** How often is looked again. */
const SETTLING = 3;

/**
 * Looks until it is well: an array may give space back a little later, and what is known of it may come from a cache.
 */
export async function settled<T>(player: Player, look: () => Promise<T>, isWell: (seen: T) => boolean): Promise<T> {
  let seen = await look();
  for (let i = 0; !isWell(seen) && i < SETTLING; i++) {
    await player.recover();
    seen = await look();
  }
  return seen;
}

/** Damages the cache entry of an object, where a route can. */
export async function damage(player: Player, item: Item, form: CorruptionForm): Promise<boolean> {
  if ((await strike(player, form, item.id)) === undefined) return false;
  player.steps.fault(form, item);
  return true;
}

/** Changes something else than what was repaired, which must not fall back with it. */
async function playElsewhere(player: Player, { item }: Resolved): Promise<void> {
  for (const command of ['name-lun', 'mask-lun']) {
    const next = resolve({ command, n: 0, relation: 'sibling' }, player.state, { id: item.id }, player.knowledge);
    if (next !== undefined) await player.play(next);
  }
  await player.lookClosely();
}

/** The lists are whole still, or refused, after other changes. */
async function judgeListsAgain(
  player: Player,
  damaged: readonly Item[],
  form: string,
  ended: readonly Ended[],
): Promise<void> {
  const refused = ended.filter(({ outcome }) => !outcome.done).map(({ command }) => command.method);
  const state = player.expected(ended);
  if (state.optional.size > 0) return;
  for (const item of damaged)
    // How many there are is not known where a call that was refused may have made or deleted one.
    if (
      state.get(item.id) !== undefined &&
      !state.open.has(item.parent as Guid) &&
      !refused.some((name) => MAKING[item.kind]?.test(name) === true)
    )
      await judgeDamagedList(player, item, form, state);
}

/** The methods by which the number of objects of a kind changes. */
const MAKING: Readonly<Partial<Record<Kind, RegExp>>> = {
  IVdsLun: /CreateLun|IVdsLun\.Delete|AddPlex/,
  IVdsLunPlex: /CreateLun|IVdsLun\.Delete|Plex/,
  IVdsIscsiTarget: /CreateTarget|IVdsIscsiTarget\.Delete/,
  IVdsIscsiPortalGroup: /PortalGroup|IVdsIscsiTarget\.Delete/,
};

/** A change of the subsystem that the damaged objects are in, whose own entry is then written anew. */
const REWRITING: readonly Step[] = [{ command: 'name-subsystem', n: 0, relation: 'same' }];

/** The objects that a call names in its arguments, by their ids or, of targets, by their names. */
export function namedBy({ state }: Player, { request }: Resolved): readonly Guid[] {
  const strings = new Set(Object.values(request.args));
  const targets = state.ofKind('IVdsIscsiTarget').filter(({ members }) => strings.has(members['iscsiName']));
  return [...idsOfRequest(request), ...targets.map(({ id }) => id)];
}

/**
 * The objects that a call is made on, or those beside them that it is about as well: their parts, and what it names.
 */
function damagedFor(player: Player, call: Resolved, which: 'own' | 'beside'): readonly Item[] {
  if (which === 'own') return [call.item];
  const { state } = player;
  const parts = [...state.items.values()].filter(({ kind, parent }) => parent === call.item.id && kind !== 'IVdsLun');
  const named = namedBy(player, call).flatMap((id) => state.get(id) ?? []);
  return [...(call.item.kind === 'IVdsSubSystem' ? [] : parts), ...named].filter(({ id }) => id !== call.item.id);
}

/**
 * Makes calls while the cache entries of their objects, or of others that they are about, are damaged, then the pair.
 * False where none could be damaged.
 */
export async function playDamaged(
  player: Player,
  steps: readonly Step[],
  form: CorruptionForm,
  which: 'own' | 'beside' = 'own',
): Promise<boolean> {
  const { ctx, around, state } = player;
  if (!(await ctx.faults.offers(form))) return false;
  const meant = meantBy(player, steps);
  for (const { command, item } of meant) await player.handles.forMethod(command.method, state, item.id);
  const all = [
    ...new Map(meant.flatMap((call) => damagedFor(player, call, which)).map((item) => [item.id, item])).values(),
  ];
  const inside = all.filter((item) => item.kind !== 'IVdsSubSystem');
  // Everything in a subsystem may be refused while its own entry is damaged, and then nothing is acknowledged.
  const items = inside.length > 0 ? inside : all;
  // What is called beside them, and whose lists are looked at, needs a reference from before the damage.
  await player.handles.holdAll(state);
  for (const subSystem of new Set(items.flatMap(({ id }) => state.subSystemOf(id) ?? [])))
    for (const { command } of REWRITING) await player.handles.forMethod(commandNamed(command).method, state, subSystem);
  for (const item of items) await player.maintenance.concern(item);
  const damaged: Item[] = [];
  const found = new Set<Guid>();
  for (const item of items) {
    if (LEGIBLE.has(form) && succeeded((await byId(player, item)).hr)) found.add(item.id);
    if (await damage(player, item, form)) damaged.push(item);
  }
  const [first] = damaged;
  // Nothing stands beside what some calls are made on.
  if (first === undefined) return all.length === 0;
  const faulted = { ...around, faulted: true };
  player.around = faulted;
  await judgeDamagedList(player, first, form);
  for (const item of damaged) await judgeAssociations(player, item, form);
  for (const item of damaged.filter(({ id }) => found.has(id))) {
    const result = await byId(player, item);
    if (result.hr === HR.VDS_E_OBJECT_NOT_FOUND)
      player.unkept(
        'VDS-5.5a',
        `with ${form} of the cache entry of ${label(item)}, GetObject finds nothing by its id`,
        result,
      );
  }
  // Calls beside damage are made on the objects that stand beside it, whatever the calls before them have made.
  const fixed = steps.map((step): UnseenStep => {
    const item = which === 'own' ? undefined : resolve(step, state, player.focus, player.knowledge)?.item;
    return item === undefined ? step : { ...step, relation: 'same', from: { id: item.id } };
  });
  const ended = await playUnseen(player, REWRITING, { id: first.id }, await playUnseen(player, fixed));
  await judgeListsAgain(player, damaged, form, ended);
  await player.recover();
  player.around = around;
  await player.judge(ended, faulted, true);
  const last = meant[meant.length - 1] as Resolved;
  await playElsewhere(player, last);
  const { item, subSystem } = last;
  player.focus = { id: player.state.get(item.id) === undefined ? subSystem : item.id, reached: player.reached };
  return true;
}

/** A step, and the subsystem in which its object is. */
interface Placed {
  readonly step: Step;
  readonly subSystem: Guid;
}

/** The subsystems of steps; those that name none are made in that of the first. */
function placed({ state, focus, knowledge }: Player, steps: readonly Step[]): readonly Placed[] {
  let first: Guid | undefined;
  return steps.flatMap((step): Placed[] => {
    const from = startOf(step, state, focus, knowledge);
    const subSystem = resolve(step, state, from, knowledge)?.subSystem;
    first ??= subSystem;
    if (subSystem === undefined || first === undefined) return [];
    return [{ step, subSystem: step.subSystem === undefined ? first : subSystem }];
  });
}

/** Makes calls while their subsystems are disconnected, which then come back, and one pair. */
export async function playAway(player: Player, steps: readonly Step[]): Promise<boolean> {
  const { ctx, around, state } = player;
  const meant = placed(player, steps);
  const [first] = meant;
  if (first === undefined || !(await ctx.faults.offers('disconnect'))) return false;
  await player.handles.holdAll(state);
  const faults: InjectedFault[] = [];
  for (const id of new Set(meant.map(({ subSystem }) => subSystem))) {
    faults.push(await ctx.faults.inject({ kind: 'disconnect', object: id }));
    player.announcements.goesAndReturns(id);
    player.steps.fault('disconnect', { kind: 'IVdsSubSystem', id });
  }
  player.pathsWereCut();
  const away = { ...around, faulted: true, away: true };
  player.around = away;
  const ended = await playUnseen(
    player,
    meant.map(({ step, subSystem }): UnseenStep => ({ ...step, from: { id: subSystem } })),
  );
  await putBack(player, ...faults);
  player.around = around;
  await player.judgeAnew(ended, away);
  player.focus = { id: first.subSystem };
  return true;
}

/**
 * The same of steps of which each is to be the first that is made in its subsystem: those in different ones share a
 * recovery.
 */
export async function playAwayFirst(player: Player, steps: readonly Step[]): Promise<boolean> {
  for (let left = steps; left.length > 0;) {
    const taken = new Set<Guid>();
    const now = new Set<Step>();
    for (const { step, subSystem } of placed(player, left)) {
      if (!taken.has(subSystem)) now.add(step);
      taken.add(subSystem);
    }
    if (now.size === 0) return true;
    if (!(await playAway(player, [...now]))) return false;
    left = left.filter((step) => !now.has(step));
  }
  return true;
}

/** The state that was true after the pair is still true after a further one. */
export async function lookAgain(player: Player): Promise<void> {
  await player.recover();
  await player.settle(() => {});
}

/** Faults that hit the calls themselves, and last until they are healed. */
const TROUBLES = ['device-error', 'exhaust-memory', 'latency'] as const satisfies readonly FaultKind[];
type Trouble = (typeof TROUBLES)[number];

/**
 * Makes calls, and probes, while the array answers about their objects with errors or late, or there is no memory; then
 * the cause is healed, and the pair. What was acknowledged holds, and what was refused has changed nothing.
 */
async function playInTrouble(player: Player, steps: readonly Step[], kind: Trouble): Promise<boolean> {
  const { ctx, around, state } = player;
  const meant = meantBy(player, steps);
  const [first] = meant;
  if (first === undefined || !(await ctx.faults.offers(kind))) return false;
  await player.handles.holdAll(state);
  for (const { command, item } of meant) await player.handles.forMethod(command.method, state, item.id);
  const faults: InjectedFault[] = [];
  const struck = new Map(meant.map(({ item }) => [item.id, item]));
  // Memory is the provider's, and not that of one object.
  for (const item of kind === 'exhaust-memory' ? [undefined] : struck.values()) {
    const fault = await strike(player, kind, item?.id ?? NULL_GUID);
    if (fault === undefined) continue;
    faults.push(fault);
    player.steps.fault(kind, item);
  }
  // Not every object can be in every trouble.
  if (faults.length === 0) return false;
  const faulted = { ...around, faulted: true };
  player.around = faulted;
  await listsMeanwhile(player, meant, kind);
  const meanwhile = await playUnseen(player, steps);
  for (const step of steps) await probeAll(player, step);
  for (const fault of faults) await fault.heal();
  player.steps.faultIsOver();
  const ended = kind === 'device-error' ? await tryAgain(player, steps, meanwhile) : meanwhile;
  await player.recover();
  player.around = around;
  await player.judge(ended, faulted, true);
  for (const { resolved, hr } of refusedOf(meant, ended))
    if ((await player.play(resolved)) === true && kind === 'latency' && hr !== HR.VDS_E_ANOTHER_CALL_IN_PROGRESS)
      player.unkept(
        'VDS-8.2',
        `${displayName(resolved.command.method)} ended with ${formatHresult(hr)} for no other reason than that the ` +
          'array was slow',
      );
  return true;
}

/**
 * The same in the `n`th kind of trouble, and where that is another one then while the array errs: what a failure leaves
 * behind, each call shows that failed.
 */
export async function playInTroubles(player: Player, steps: readonly Step[], n: number): Promise<boolean> {
  const kind = TROUBLES[n % TROUBLES.length] ?? 'device-error';
  const wasPlayed = await playInTrouble(player, steps, kind);
  return kind === 'device-error' ? wasPlayed : (await playInTrouble(player, steps, 'device-error')) || wasPlayed;
}

/**
 * Makes the calls again that failed while the trouble lasted, now that it is over: a failure leaves nothing behind that
 * the next try would stumble on. Gives all calls.
 */
function tryAgain(player: Player, steps: readonly Step[], ended: readonly Ended[]): Promise<readonly Ended[]> {
  const failed = new Set(ended.filter((e) => !e.outcome.done).map((e) => e.command.name));
  return playUnseen(
    player,
    steps.filter(({ command }) => failed.has(command)),
    player.focus,
    ended,
  );
}

/**
 * The lists of the objects, and of what they are in, while the trouble lasts; of everything that the run made where it
 * is the provider's own.
 */
async function listsMeanwhile(player: Player, meant: readonly Resolved[], kind: Trouble): Promise<void> {
  const { state, knowledge } = player;
  const all = kind === 'exhaust-memory' ? knowledge.own : [];
  const ids = new Set([
    ...all,
    ...meant.flatMap(({ item, subSystem }) => [item.id, item.parent ?? subSystem, subSystem]),
  ]);
  for (const id of ids) {
    const item = state.get(id);
    if (item !== undefined) await listsAreWhole(player, item, `during ${kind}`);
  }
}

/** The calls that were refused, and whose objects and arguments are as they were. */
const refusedOf = (
  meant: readonly Resolved[],
  ended: readonly Ended[],
): readonly { readonly resolved: Resolved; readonly hr: number }[] =>
  ended.every((e) => !e.outcome.done)
    ? ended.flatMap(({ command, outcome: { hr } }) => {
        const resolved = meant.find((m) => m.command === command && command.refusal === undefined);
        return resolved === undefined ? [] : [{ resolved, hr }];
      })
    : [];
