// The states in which an object may be while a call is made on it, or on what is related to it, and how each is brought
// about and ended with the means there are: the status methods, the fault routes, operations, the calls themselves.
import { succeeded } from '../../../contract/hresult.js';
import { OBJECT_STATUS } from '../../../contract/generated/enumerations.js';
import type { CorruptionForm } from '../../../faults/kinds.js';
import type { InjectedFault } from '../../../faults/routes/route.js';
import { commandNamed, COMMANDS, failsAtTheArray, idsIn, lunsOn, type Item, type Kind } from '../../../model/index.js';
import { callSetStatus, setStatus } from '../../equipment.js';
import type { Player } from '../player.js';
import { probeRefused } from '../prober.js';
import { callOn } from '../resolve.js';
import { FORMS } from '../tour-plan.js';
import { damage, putBack, strike, takeOut } from '../wrong.js';
import { TAKEN_OUT } from './taken-out.js';
import { deletionOf, LIVES, MAKEABLE } from './lives.js';
import type { EnterAll, StateOfObject } from './state.js';

/** One object, by the way for several. */
const alone =
  (enter: EnterAll): StateOfObject['enter'] =>
  async (player, item, n) => {
    const entered = await enter(player, [item], n);
    const [object] = entered?.objects ?? [];
    return entered === undefined || object === undefined
      ? undefined
      : { ...object, leave: (ended) => entered.leave(ended) };
  };

const ALL: readonly Kind[] = [
  'IVdsLun',
  'IVdsIscsiTarget',
  'IVdsController',
  'IVdsDrive',
  'IVdsIscsiPortal',
  'IVdsLunPlex',
  'IVdsIscsiPortalGroup',
  'IVdsControllerPort',
  'IVdsStoragePool',
  'IVdsSubSystem',
];
const SUB_SYSTEM: readonly Kind[] = ['IVdsSubSystem'];

const nothing = async (): Promise<void> => {};

/** By kind the command that sets its status. */
const STATUS = new Map(
  COMMANDS.filter(({ method, on }) => method === `${on}.SetStatus` && on !== 'IVdsSubSystem').map((c) => [
    c.on,
    c.name,
  ]),
);

const { STATUS_OFFLINE, STATUS_ONLINE } = OBJECT_STATUS;

const isSetOffline = (player: Player, item: Item): boolean =>
  callOn(player, STATUS.get(item.kind) ?? '', item)?.request.args['status'] === STATUS_OFFLINE;

/** Puts what is OFFLINE back into use. */
async function putOnline(player: Player, { id, kind }: Pick<Item, 'id' | 'kind'>): Promise<void> {
  const item = player.state.get(id);
  if (item?.members['status'] !== STATUS_OFFLINE) return;
  const back = callOn(player, STATUS.get(kind) ?? '', item);
  if (back !== undefined) await player.play(back);
  await player.lookClosely();
}

const offline: StateOfObject = {
  name: 'OFFLINE',
  kinds: [...STATUS.keys()],
  faults: [],
  suits: isSetOffline,
  lasts: (state, item) => state.member(item.id, 'status') === STATUS_OFFLINE,
  async enter(player, item) {
    const command = STATUS.get(item.kind) ?? '';
    const set = callOn(player, command, item);
    if (set === undefined || (await player.play(set)) !== true) return undefined;
    // What lies on it is judged by where it lies.
    if (!player.isWhole) await player.lookClosely();
    return {
      related: player.state.get(item.id) ?? item,
      leave: () => putOnline(player, item),
    };
  },
};

/**
 * Sees to it that a drive of which only the run's own LUNs have space can be set OFFLINE under one of them: what the
 * array could rebuild elsewhere is deleted, and a LUN made where none is left.
 */
async function makeUsable(player: Player, { id: drive }: Item): Promise<boolean> {
  const command = commandNamed('create-lun');
  const now = (): Item | undefined => player.state.get(drive);
  const luns = (): readonly Item[] => lunsOn(now() ?? NOWHERE).flatMap((id) => player.state.get(id) ?? []);
  const isReady = (item = now()): boolean => item !== undefined && luns().length > 0 && isSetOffline(player, item);
  for (const lun of isReady() ? [] : luns()) await remove(player, lun);
  for (let i = 0; i < 2 && !isReady(); i++) {
    const { state, knowledge } = player;
    const item = state.get(state.subSystemOf(drive) ?? '');
    if (item === undefined) return false;
    const request = command
      .requests({ state, item, subSystem: item.id, knowledge })
      .find(({ args }) => idsIn(args['driveIdArray']).includes(drive));
    // There may be as many as the run keeps.
    if (request === undefined) await removeAnother(player, { id: drive, kind: 'IVdsLun', parent: item.id });
    else await player.play({ command, item, subSystem: item.id, request, relation: 'same' });
    await player.lookClosely();
  }
  return isReady();
}
const NOWHERE: Pick<Item, 'members'> = { members: {} };

/** A drive that is OFFLINE under LUNs of the run's own. */
const offlineInUse: StateOfObject = {
  ...offline,
  name: 'OFFLINE, with a LUN on it',
  kinds: ['IVdsDrive'],
  suits: ({ knowledge }, item) =>
    item.members['status'] === STATUS_ONLINE && lunsOn(item).every((id) => knowledge.own.has(id)),
  enter: async (player, item, n) =>
    (await makeUsable(player, item)) ? offline.enter(player, player.state.get(item.id) ?? item, n) : undefined,
};

/**
 * A subsystem that is set OFFLINE. No page says what still answers then: a call may be refused, one that is
 * acknowledged holds, and all is as it was when the subsystem is ONLINE again.
 */
const outOfUse: StateOfObject = {
  name: 'OFFLINE as a whole',
  kinds: SUB_SYSTEM,
  faults: [],
  unseen: true,
  // Hosts would be cut off from it; and one that is not whole need not be so again when it is set ONLINE.
  suits: ({ knowledge }, { members: { status } }) => knowledge.options.disposable === true && status === STATUS_ONLINE,
  // The model has it ONLINE.
  without: 'set-subsystem-status',
  async enter(player, item) {
    const { ctx, around, state } = player;
    const object = await player.handles.forMethod('IVdsSubSystem.SetStatus', state, item.id);
    if (object === undefined) return undefined;
    player.maintenance.forget(item);
    const set = await setStatus(ctx, object, STATUS_OFFLINE);
    player.steps.called(set.record);
    if (!succeeded(set.hr)) return undefined;
    const faulted = { ...around, faulted: true };
    player.around = faulted;
    return {
      related: item,
      async leave(ended) {
        const back = await callSetStatus(object, STATUS_ONLINE);
        player.steps.called(back.record);
        ctx.duties.ok('VDS-7.6b', back);
        await player.recover();
        player.around = around;
        await player.judge(ended, faulted, true);
      },
    };
  },
};

const failAll: EnterAll = async (player, items) => {
  const { ctx, around } = player;
  if (!(await ctx.faults.offers('fail-status'))) return undefined;
  const faults = new Map<Item, InjectedFault>();
  for (const item of items) {
    const fault = await strike(player, 'fail-status', item.id);
    if (fault === undefined) continue;
    faults.set(item, fault);
    player.steps.fault('fail-status', item);
  }
  if (faults.size === 0) return undefined;
  player.around = { ...around, degraded: true };
  const settle = async (): Promise<void> => {
    await player.recover();
    await player.settle((draft) => {
      for (const item of faults.keys()) failsAtTheArray(draft, item);
    });
  };
  await settle();
  return {
    objects: items.map((item) => (faults.has(item) ? { related: player.state.get(item.id) ?? item } : undefined)),
    async leave() {
      for (const fault of faults.values()) await fault.heal();
      player.steps.faultIsOver();
      await settle();
      player.around = around;
      // A call has set it, and the fault puts back only what it has set itself.
      for (const item of faults.keys()) await putOnline(player, item);
    },
  };
};

const failed: StateOfObject = {
  name: 'FAILED',
  kinds: ALL,
  faults: ['fail-status'],
  enter: alone(failAll),
  enterAll: failAll,
};

const damageAll =
  (forms: readonly CorruptionForm[]): EnterAll =>
  async (player, items, n) => {
    const { ctx, around } = player;
    const form = forms[n % forms.length] as CorruptionForm;
    if (!(await ctx.faults.offers(form))) return undefined;
    for (const item of items) await player.maintenance.concern(item);
    const damaged = new Set<Item>();
    for (const item of items) if (await damage(player, item, form)) damaged.add(item);
    if (damaged.size === 0) return undefined;
    const faulted = { ...around, faulted: true };
    player.around = faulted;
    return {
      objects: items.map((item) =>
        damaged.has(item)
          ? { related: item, before: (i) => (i === 0 ? nothing() : strike(player, form, item.id)) }
          : undefined,
      ),
      async leave(ended) {
        await player.recover();
        player.around = around;
        await player.judge(ended, faulted, true);
      },
    };
  };

/**
 * Damage of the entry of an object, in one form or in each in its turn; anew before each call, as the one before it may
 * have repaired it.
 */
const damagedIn = (name: string, forms: readonly CorruptionForm[]): StateOfObject => ({
  name,
  kinds: ALL,
  faults: forms,
  unseen: true,
  enter: alone(damageAll(forms)),
  enterAll: damageAll(forms),
});

const away: StateOfObject = {
  name: 'disconnected',
  kinds: SUB_SYSTEM,
  faults: ['disconnect'],
  unseen: true,
  renames: true,
  async enter(player, item) {
    const { around } = player;
    const fault = await takeOut(player, item);
    if (fault === undefined) return undefined;
    player.pathsWereCut();
    const faulted = { ...around, faulted: true, away: true };
    player.around = faulted;
    return {
      related: item,
      async leave(ended) {
        await putBack(player, fault);
        player.around = around;
        await player.judgeAnew(ended, faulted);
      },
    };
  },
};

/** The first of these kinds with the identity of an object from before something that may have given it another id. */
const again = (player: Player, { kind, id }: Item, place: number): Item | undefined =>
  player.state.get(id) ?? player.state.ofKind(kind).filter((i) => player.knowledge.mayUse(i))[place];

const placeOf = ({ state, knowledge }: Player, { kind, id }: Item): number =>
  state
    .ofKind(kind)
    .filter((i) => knowledge.mayUse(i))
    .findIndex((i) => i.id === id);

const returned: StateOfObject = {
  name: 'just back',
  kinds: SUB_SYSTEM,
  faults: ['disconnect'],
  async enter(player, item, n) {
    const place = placeOf(player, item);
    const entered = await away.enter(player, item, n);
    await entered?.leave([]);
    const related = again(player, item, place);
    return entered === undefined || related === undefined ? undefined : { related, leave: nothing };
  },
};

const reloaded: StateOfObject = {
  name: 'loaded anew',
  kinds: SUB_SYSTEM,
  faults: [],
  async enter(player, item, n) {
    const place = placeOf(player, item);
    await player.reload(n);
    const related = again(player, item, place);
    return related === undefined ? undefined : { related, leave: nothing };
  },
};

const refreshed: StateOfObject = {
  name: 'refreshed twice',
  kinds: SUB_SYSTEM,
  faults: [],
  async enter(player, item) {
    await player.recover();
    await player.recover();
    await player.settle(() => {});
    return { related: item, leave: nothing };
  },
};

/** Deletes an object of the run's own; gives whether it is gone. */
async function remove(player: Player, item: Item): Promise<boolean> {
  const call = deletionOf(player, item);
  if (call === undefined) return false;
  await player.play(call);
  return player.state.get(item.id) === undefined;
}

/** Makes an object beside another one; undefined where that cannot be done. */
async function makeBeside(player: Player, item: Item): Promise<Item | undefined> {
  const { kind, parent } = item;
  const container = player.state.get(parent ?? '');
  const name = LIVES[kind]?.made ?? '';
  if (container === undefined) return undefined;
  // There may be as many as the run keeps.
  if (callOn(player, name, container) === undefined) await removeAnother(player, item);
  const before = new Set(player.state.items.keys());
  const call = callOn(player, name, container);
  if (call === undefined || (await player.play(call)) !== true) return undefined;
  return player.state.ofKind(kind, parent ?? undefined).find((i) => !before.has(i.id));
}

/** Deletes the last other object of a kind that can be, of the same container where there is one. */
async function removeAnother(
  player: Player,
  { id, kind, parent }: Pick<Item, 'id' | 'kind' | 'parent'>,
): Promise<void> {
  const others = player.state.ofKind(kind).filter((i) => i.id !== id && deletionOf(player, i) !== undefined);
  const last = others.findLast((i) => i.parent === parent) ?? others.at(-1);
  if (last !== undefined) await remove(player, last);
}

const created: StateOfObject = {
  name: 'just made',
  kinds: MAKEABLE,
  faults: [],
  async enter(player, item) {
    const related = await makeBeside(player, item);
    return related === undefined ? undefined : { related, leave: nothing };
  },
};

const bereaved: StateOfObject = {
  name: 'after a sibling was deleted',
  kinds: MAKEABLE,
  faults: [],
  async enter(player, item) {
    const sibling = await makeBeside(player, item);
    if (sibling === undefined || !(await remove(player, sibling))) return undefined;
    const related = player.state.get(item.id);
    return related === undefined ? undefined : { related, leave: nothing };
  },
};

const gone: StateOfObject = {
  name: 'deleted',
  kinds: MAKEABLE,
  faults: [],
  ends: true,
  suits: (player, item) => deletionOf(player, item) !== undefined,
  async enter(player, item) {
    await player.handles.holdAll(player.state);
    return (await remove(player, item)) ? { related: item, leave: nothing } : undefined;
  },
};

const refused: StateOfObject = {
  name: 'after a refused call',
  kinds: ALL,
  faults: [],
  enter: (player, item) =>
    Promise.resolve({ related: item, before: (n) => probeRefused(player, item, n), leave: () => player.lookClosely() }),
};

/** By kind the commands that start an operation on it. */
const OPERATIONS: Readonly<Partial<Record<Kind, readonly string[]>>> = {
  IVdsLun: ['extend-lun', 'add-plex', 'shrink-lun'],
  IVdsIscsiTarget: ['create-portal-group'],
  IVdsIscsiPortalGroup: ['add-portal', 'remove-portal'],
  IVdsSubSystem: ['create-lun', 'create-target'],
};

const pending: StateOfObject = {
  name: 'with an operation under way',
  kinds: Object.keys(OPERATIONS) as Kind[],
  faults: [],
  operation: (player, item) => {
    for (const command of OPERATIONS[item.kind] ?? []) {
      const call = callOn(player, command, item);
      if (call !== undefined) return call;
    }
    return undefined;
  },
  enter: (_player, item) => Promise.resolve({ related: item, leave: nothing }),
};

/** Every state, by its name. */
export const STATES_OF_OBJECTS: ReadonlyMap<string, StateOfObject> = new Map(
  [
    offline,
    offlineInUse,
    outOfUse,
    failed,
    damagedIn('damaged', FORMS),
    ...FORMS.map((form) => damagedIn(form, [form])),
    away,
    ...TAKEN_OUT,
    returned,
    reloaded,
    refreshed,
    created,
    bereaved,
    gone,
    refused,
    pending,
  ].map((state) => [state.name, state]),
);
