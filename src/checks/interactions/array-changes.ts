// Changes by an administrator at the array between two calls of a caller, who goes on before the provider was asked to
// look: after the pair there is what both have done, and nothing else.
import {
  deletedAtTheArray,
  madeAtTheArray,
  renamedAtTheArray,
  SystemState,
  type Circumstances,
  type Item,
  type Kind,
  type Played,
} from '../../model/index.js';
import type { Guid } from '../../contract/guid.js';
import { formatHresult, HR } from '../../contract/hresult.js';
import { method } from '../../contract/tables.js';
import type { InjectedFault } from '../../faults/routes/route.js';
import { untilNotBusy } from '../../faults/recover.js';
import { flatten, label } from '../../truth/observation.js';
import type { Player } from './player.js';
import { RELATIONS, type Step } from './resolve.js';
import { playUnseen } from './unseen.js';
import { damage, strike } from './wrong.js';

const CHANGES = ['change-object', 'recreate-object', 'import-lun', 'delete-object'] as const;
type ArrayChange = (typeof CHANGES)[number];

/** Kinds that an administrator renames. */
const NAMED: readonly Kind[] = ['IVdsLun', 'IVdsIscsiTarget', 'IVdsSubSystem', 'IVdsController', 'IVdsDrive'];
const OWN: readonly Kind[] = ['IVdsLun', 'IVdsIscsiTarget'];

/** Calls of a caller who does not know of it yet; none of them depends on what may be gone. */
export const CALLS_MEANWHILE = [
  'name-lun',
  'mask-lun',
  'hint-lun',
  'name-target',
  'set-secret',
  'create-lun',
  'create-target',
  'clear-import-target',
];

/** The objects to which a change happens: one, or one of each kind of one subsystem to which names are given. */
function objectsOf({ state, knowledge }: Player, change: ArrayChange, which: number): readonly Item[] {
  const oneOf = (items: readonly Item[]): readonly Item[] => items.slice(which % Math.max(items.length, 1)).slice(0, 1);
  const usable = (kind: Kind): readonly Item[] =>
    state.ofKind(kind).filter((item) => (OWN.includes(kind) ? knowledge.own.has(item.id) : knowledge.mayUse(item)));
  if (change === 'import-lun') return oneOf(usable('IVdsSubSystem'));
  const [first] = oneOf(OWN.flatMap(usable));
  if (first === undefined || change !== 'change-object') return first === undefined ? [] : [first];
  const within = state.subSystemOf(first.id);
  const others = NAMED.filter((kind) => kind !== first.kind).flatMap((kind) =>
    oneOf(usable(kind).filter(({ id }) => state.subSystemOf(id) === within)),
  );
  return [first, ...others].filter(({ members }) => typeof members['friendlyName'] === 'string');
}

/** The events of the object that was there, and of what was made; undefined where that cannot be told. */
async function consequences(
  player: Player,
  change: ArrayChange,
  item: Item,
  { newObject }: InjectedFault,
): Promise<{ readonly first: readonly Played[]; readonly last: readonly Played[] } | undefined> {
  const { state, ctx } = player;
  const subSystem = state.get(state.subSystemOf(item.id) ?? '');
  if (subSystem === undefined) return undefined;
  if (change === 'change-object') {
    const truth = await ctx.faults.truth();
    const name = truth === undefined ? undefined : SystemState.of(flatten(truth)).member(item.id, 'friendlyName');
    return typeof name === 'string' ? { first: [renamedAtTheArray(item, subSystem.id, name)], last: [] } : undefined;
  }
  const first = change === 'import-lun' ? [] : [deletedAtTheArray(item, subSystem.id)];
  if (change === 'delete-object') return { first, last: [] };
  // Where the name is an object's identity, the one that was made again is the one that was there.
  if (newObject === undefined || newObject === item.id) return undefined;
  const kind = change === 'import-lun' ? 'IVdsLun' : item.kind;
  return { first, last: [madeAtTheArray(subSystem, kind, newObject)] };
}

/** What the provider itself has announced as gone is gone at once for whoever holds it. */
async function departsByItsEvent(player: Player, item: Item, mark: number): Promise<void> {
  const { ctx, state, handles } = player;
  const by = method(`${item.kind}.GetProperties`).fullName;
  const object = await handles.forMethod(by, state, item.id);
  if (object === undefined || !(await player.announcements.announcesDeparture(item, mark))) return;
  const answer = await untilNotBusy(() => object.call(by, {}));
  ctx.duties.judging('VDS-7.1a');
  if (answer.hr !== HR.VDS_E_OBJECT_DELETED)
    player.unkept(
      'VDS-7.1a',
      `a reference to ${label(item)}, whose departure the provider has announced, answered ` +
        `${formatHresult(answer.hr)} to GetProperties and must answer VDS_E_OBJECT_DELETED`,
      answer,
    );
}

/** The ways in which each change happens: silently, with its event, and silently to what has a damaged entry. */
const WAYS = 3;
export const CHANGES_AT_THE_ARRAY = CHANGES.length * WAYS;

/**
 * Changes something at the array, in one of the ways; makes calls before the pair, and judges all of it after. Gives
 * whether there was something to change.
 */
export async function changeAtTheArray(
  player: Player,
  { n, which, steps }: { readonly n: number; readonly which: number; readonly steps: readonly Step[] },
): Promise<boolean> {
  const { ctx, knowledge, around } = player;
  const change = CHANGES[n % CHANGES.length] as ArrayChange;
  const way = Math.floor(n / CHANGES.length) % WAYS;
  const objects = objectsOf(player, change, which);
  const [item] = objects;
  if (item === undefined || !(await ctx.faults.offers(change))) return false;
  await player.handles.holdAll(player.state);
  const mark = ctx.session.received.length;
  const first: Played[] = [];
  const last: Played[] = [];
  let fault: InjectedFault | undefined;
  let isKnown = true;
  let { faulted } = around;
  for (const object of objects) {
    const isDamaged = way === 2 && (await damage(player, object, 'flipped-bytes'));
    faulted ||= isDamaged;
    const each = await strike(player, change, object.id, way === 1);
    if (each === undefined) continue;
    fault = each;
    player.steps.fault(change, object);
    // What was made again may be the same one, of which nothing is said.
    const isAnother = each.newObject !== undefined && each.newObject !== object.id;
    if (way === 1 && (change === 'delete-object' || (change === 'recreate-object' && isAnother)))
      await departsByItsEvent(player, object, mark);
    const happened = await consequences(player, change, object, each);
    isKnown &&= happened !== undefined;
    first.push(...(happened?.first ?? []));
    last.push(...(happened?.last ?? []));
  }
  if (fault === undefined) return false;
  const stale: Circumstances = { ...around, faulted, stale: true };
  player.around = stale;
  const ended = await playUnseen(player, isKnown ? steps : [], { id: item.id }, first);
  const record = await player.recover();
  player.around = around;
  if (!isKnown || record === undefined) {
    await player.begin();
    return true;
  }
  await player.judge(
    [...ended, ...last].map((each) => ({ record, evidence: { record }, ...each })),
    stale,
    true,
  );
  player.focus = undefined;
  const { newObject } = fault;
  if (newObject === undefined) return true;
  if (change === 'import-lun') await takeAway(player, fault, item.id, newObject);
  else knowledge.own.add(newObject);
  return true;
}

/** An imported LUN goes again. */
async function takeAway(player: Player, fault: InjectedFault, subSystem: Guid, id: Guid): Promise<void> {
  await fault.heal();
  player.steps.faultIsOver();
  await player.recover();
  await player.settle((draft) => {
    draft.remove(id);
    draft.spaceChanges(subSystem, [id]);
  });
}

/** So many calls are made before the pair, but where names are given: those are what a caller's calls may undo. */
const MEANWHILE = 3;

/** The same with calls that differ from one `n` to the next. */
export const administer = (player: Player, n: number): Promise<boolean> => {
  const count = CHANGES[n % CHANGES.length] === 'change-object' ? CALLS_MEANWHILE.length : MEANWHILE;
  const steps = Array.from({ length: count }, (_, i): Step => {
    const at = n * MEANWHILE + i;
    const command = CALLS_MEANWHILE[at % CALLS_MEANWHILE.length] ?? '';
    return { command, relation: RELATIONS[(n + 1) % RELATIONS.length] ?? 'same', n: at, visibly: true };
  });
  return changeAtTheArray(player, { n, which: n, steps });
};

/**
 * Names that are given and objects that are made again, in each way, and a LUN that is imported. Objects that are only
 * deleted are in stories.
 */
export const ADMINISTRATIONS: readonly number[] = [0, 1, 2, 4, 5, 8, 9];
