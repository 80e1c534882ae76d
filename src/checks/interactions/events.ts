// Events between changes, and the state that must follow: objects that vanish, a subsystem that goes and comes back, an
// array that answers with errors while the caller recovers. References are held to everything the while.
import type { Guid } from '../../contract/guid.js';
import { OBJECT_STATUS } from '../../contract/generated/enumerations.js';
import { failsAtTheArray, isSetting, type Item, type Kind } from '../../model/index.js';
import { displayName } from '../../port/show-value.js';
import { label } from '../../truth/observation.js';
import { recover } from '../../faults/recover.js';
import { NO_ROOM } from '../lun-habits.js';
import type { FaultKind } from '../../faults/kinds.js';
import { playAndCancel, playTogether, REFUSED_FOR_ANOTHER } from './overlapping.js';
import type { Player } from './player.js';
import { callOn, resolve, startOf, type Resolved, type Step } from './resolve.js';
import { roomIn } from './space/reported-room.js';
import { takeTwice } from './space/room.js';
import { damage, meantBy, putBack, settled, strike } from './wrong.js';

/** A vanished object may be one of these: what a run makes, and nothing that others need. */
const VANISHING: readonly Kind[] = ['IVdsLun', 'IVdsIscsiTarget'];

/**
 * Objects of the run's own of one kind that follow each other in their enumeration; fewer where there are not as many.
 */
function neighbours(player: Player, kind: Kind, count: number, n: number): readonly Item[] {
  const own = player.state.ofKind(kind).filter((i) => player.knowledge.own.has(i.id));
  const [first] = own.slice(n % Math.max(own.length, 1));
  const beside = own.filter((i) => i.parent === first?.parent);
  const from = Math.max(
    0,
    Math.min(
      beside.findIndex((i) => i.id === first?.id),
      beside.length - count,
    ),
  );
  return beside.slice(from, from + count);
}

/**
 * Some objects beside each other are deleted at the array, silently, of several the first in turns with its entry
 * damaged; after the pair they are gone, and nothing else is, and of LUNs that was announced.
 */
export async function vanish(player: Player, count: number, n: number): Promise<boolean> {
  const kind = VANISHING[n % VANISHING.length] as Kind;
  const gone = neighbours(player, kind, count, n);
  const { ctx } = player;
  if (gone.length === 0 || !(await ctx.faults.offers('delete-object'))) return false;
  await player.handles.holdAll(player.state);
  const mark = ctx.session.received.length;
  const [first, ...others] = gone;
  const isDamaged = Math.floor(n / VANISHING.length) % 2 === 1;
  if (isDamaged && first !== undefined && others.length > 0) await damage(player, first, 'flipped-bytes');
  for (const { id } of gone) await ctx.faults.inject({ kind: 'delete-object', object: id });
  for (const item of gone) player.steps.fault('delete-object', item);
  await player.recover();
  if (kind === 'IVdsLun') for (const { id } of gone) await player.announcements.mustHaveGone(id, mark);
  await player.settle((draft) => {
    for (const { id, parent } of gone) {
      draft.remove(id);
      if (parent !== null) draft.spaceChanges(parent, [id]);
    }
    // No page says what becomes of a setting that names a vanished target.
    if (kind === 'IVdsIscsiTarget') for (const s of draft.ofKind('IVdsSubSystem')) draft.release(s.id, 'importTarget');
  });
  return true;
}

/**
 * A subsystem is disconnected over a pair, in turns with its entry damaged, comes back, and is found with all that it
 * had.
 */
export async function disconnect(player: Player, n: number): Promise<boolean> {
  const { ctx, state } = player;
  const subSystems = state.ofKind('IVdsSubSystem').filter((s) => player.knowledge.mayUse(s));
  const subSystem = subSystems[n % Math.max(subSystems.length, 1)];
  if (subSystem === undefined || !(await ctx.faults.offers('disconnect'))) return false;
  if (Math.floor(n / subSystems.length) % 2 === 1) await damage(player, subSystem, 'flipped-bytes');
  const fault = await ctx.faults.inject({ kind: 'disconnect', object: subSystem.id });
  player.announcements.goesAndReturns(subSystem.id);
  player.steps.fault('disconnect', subSystem);
  player.pathsWereCut();
  await player.recover();
  await putBack(player, fault);
  await player.settleAnew();
  return true;
}

/**
 * The array answers with I/O errors about an object while the caller recovers; when it is well again and was recovered
 * once more, nothing has changed.
 */
export async function troubleWhileRecovering(
  player: Player,
  n: number,
  kind: FaultKind = 'device-error',
): Promise<boolean> {
  const { ctx, state, knowledge } = player;
  const own = [...state.items.values()].filter((i) => knowledge.own.has(i.id) || knowledge.own.has(i.parent ?? ''));
  const item = own[n % Math.max(own.length, 1)];
  if (item === undefined || !(await ctx.faults.offers(kind))) return false;
  await player.handles.holdAll(state);
  const fault = await ctx.faults.inject({ kind, object: item.id });
  player.steps.fault(kind, item);
  const { reenumerate, refresh } = await recover(ctx.system.hw);
  player.steps.calledAll(reenumerate, refresh);
  await fault.heal();
  player.steps.faultIsOver();
  await player.recover();
  await player.settle(() => {});
  return true;
}

/** Kinds whose status a failure at the array changes. */
const FAILING: readonly Kind[] = ['IVdsDrive', 'IVdsController', 'IVdsLun', 'IVdsIscsiPortal'];

/**
 * A device fails at the array, and is repaired, in turns with its entry damaged at neither or at one of both times:
 * after each pair its status is as it is there, and in the end all is as before.
 */
export async function failAndRepair(player: Player, n: number): Promise<boolean> {
  const { ctx, state, knowledge, around } = player;
  const kind = FAILING[n % FAILING.length] as Kind;
  const online = state
    .ofKind(kind)
    .filter((i) => knowledge.mayUse(i) && i.members['status'] === OBJECT_STATUS.STATUS_ONLINE)
    .filter((i) => kind !== 'IVdsLun' || knowledge.own.has(i.id));
  const item = online[n % Math.max(online.length, 1)];
  if (item === undefined || !(await ctx.faults.offers('fail-status'))) return false;
  const damagedAt = Math.floor(n / FAILING.length) % 3;
  if (damagedAt === 1) await damage(player, item, 'flipped-bytes');
  const fault = await strike(player, 'fail-status', item.id);
  if (fault === undefined) {
    await player.recover();
    return false;
  }
  player.steps.fault('fail-status', item);
  player.around = { ...around, faulted: true };
  await player.recover();
  const failed = (await player.observe()).get(item.id);
  // A failed device may be listed no longer, or report nothing.
  const status = failed?.members['status'];
  if (status !== undefined) ctx.duties.judging('VDS-5.3');
  if (status === OBJECT_STATUS.STATUS_ONLINE)
    player.unkept(
      'VDS-5.3',
      `${label(item)} is reported ONLINE after Reenumerate and Refresh, and has failed at the array`,
    );
  if (damagedAt === 2 && failed !== undefined) await damage(player, failed, 'flipped-bytes');
  await fault.heal();
  player.steps.faultIsOver();
  await player.recover();
  player.around = around;
  await player.settle((draft) => failsAtTheArray(draft, item));
  return true;
}

/**
 * Makes changes between Reenumerate and Refresh: they hold like any other, and nothing else changes. Settings are made
 * once more when that is over, to what they are already.
 */
export async function playWhileRecovering(player: Player, steps: readonly Step[]): Promise<void> {
  const { ctx, knowledge } = player;
  const now = (step: Step): Resolved | undefined => {
    player.focus = startOf(step, player.state, player.focus, knowledge);
    return resolve(step, player.state, player.focus, knowledge);
  };
  for (const { command, item } of meantBy(player, steps))
    await player.handles.forMethod(command.method, player.state, item.id);
  player.steps.say('IVdsHwProvider::Reenumerate()');
  const played: Resolved[] = [];
  const betweenPair = async (): Promise<void> => {
    for (const step of steps) {
      const resolved = now(step);
      if (resolved === undefined) continue;
      played.push(resolved);
      await player.play(resolved);
    }
  };
  const { refresh } = await ctx.faults.recover({ betweenPair });
  player.steps.calledAll(refresh);
  await player.settle(() => {});
  for (const again of played)
    if (isSetting(again.command.name) && player.state.get(again.item.id) !== undefined) await player.play(again);
}

/** The first type of which less can be made than before. */
async function lackOfRoom(
  player: Player,
  subSystem: Guid,
  before: ReadonlyMap<string, bigint>,
): Promise<string | undefined> {
  const now = await roomIn(player, subSystem);
  const less = [...before].find(([type, size]) => (now.get(type) ?? size) < size);
  return less === undefined ? undefined : `${less[0]}: ${now.get(less[0])} bytes instead of ${less[1]}`;
}

/**
 * Starts an operation and cancels it at once. One that ends as cancelled has changed nothing: what it had set aside for
 * itself is free again, and the same call can be made again. A change that cannot be cancelled is simply played. Gives
 * whether it was cancelled.
 */
export async function playCancelled(player: Player, resolved: Resolved): Promise<boolean> {
  const { subSystem, command, item } = resolved;
  const room = await roomIn(player, subSystem);
  const cancelled = await playAndCancel(player, resolved);
  if (!cancelled) return false;
  player.ctx.duties.judging('VDS-8.7c', 'VDS-10.5a');
  // An addition from before the cancellation may stay (VDS-8.7c), and then takes its room.
  const stays = player.state.get(item.id)?.members['size'] !== item.members['size'];
  const lack = stays
    ? undefined
    : await settled(
        player,
        () => lackOfRoom(player, subSystem, room),
        (found) => found === undefined,
      );
  if (lack !== undefined)
    player.unkept(
      'VDS-10.5a',
      `after an operation was cancelled, QueryMaxLunCreateSize answers less than before, for ${lack}`,
    );
  if (player.state.get(item.id) === undefined || !player.knowledge.isAvailable(command.name)) return true;
  const done = await settled(
    player,
    () => player.play(resolved),
    (isDone) => isDone !== false,
  );
  // One that looks for room only when the operation runs might have found none the first time.
  const neverHadRoom = player.wasAccepted && NO_ROOM.includes(player.lastAnswer);
  if (done === false && !neverHadRoom)
    player.unkept(
      'VDS-8.7c',
      `${displayName(command.method)} is refused from then on, as it was not before the cancellation`,
    );
  return true;
}
/** Begins two operations and cancels one of them: the other is carried out. */
export async function playCancelledOfTwo(player: Player, first: Resolved, second: Resolved, n: number): Promise<void> {
  await playTogether(player, [first, second], { cancel: n % 2 });
}

/**
 * Begins operations, and recovers before they are over: what they make or change is there afterwards, whichever comes
 * first. Then, for each that takes something, another one, and the same again before it is over: what the first is to
 * have the second does not get.
 */
export async function playOverRecovery(player: Player, steps: readonly Step[]): Promise<void> {
  const { hw } = player.ctx.system;
  // A provider may refuse them for as long as the operations last.
  const also = {
    says: 'IVdsHwProvider::Reenumerate(), then Refresh()',
    async act() {
      await hw.reenumerate();
      await hw.refresh();
    },
  };
  const meant = steps.flatMap((step) => meantBy(player, [step]).map((call) => ({ call, n: step.n })));
  const ended = await playTogether(
    player,
    meant.map(({ call }) => call),
    { also },
  );
  await player.settle(() => {});
  const isBusy = ({ command, item }: Resolved): boolean =>
    ended.some((e) => e.command === command && e.item.id === item.id && REFUSED_FOR_ANOTHER.has(e.outcome.hr));
  for (const { call, n } of meant) {
    const { command, item } = call;
    // A provider that takes one operation at a time has not begun it.
    if (isBusy(call) && player.state.get(item.id) !== undefined) await playTogether(player, [call], { also });
    if (TAKES_SPACE.test(command.method)) await takeTwice(player, call, also);
    const again = TAKES_A_PLACE.test(command.method) ? callOn(player, command.name, item, n) : undefined;
    if (again !== undefined) await playTogether(player, [again], { also, afterwards: again });
  }
}
const TAKES_SPACE = /\.(?:CreateLun|Extend)/;
const TAKES_A_PLACE = /\.(?:CreateTarget|CreatePortalGroup|AddPortal)$/;
