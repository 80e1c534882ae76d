// Equipment that is taken out of the array: a portal, a controller, a storage pool, a drive with nothing on it. What
// had depended on it is possible as before with what is left, and nothing can be asked of it any more.
import { OBJECT_STATUS } from '../../contract/generated/enumerations.js';
import type { Guid } from '../../contract/guid.js';
import { formatHresult, HR, succeeded } from '../../contract/hresult.js';
import { method } from '../../contract/tables.js';
import { idsOfRequest, isEmpty, type Item, type Kind, type Request, type SystemState } from '../../model/index.js';
import { onlyReads } from '../../port/device-kinds.js';
import type { Result, VdsObject } from '../../port/objects.js';
import { displayName } from '../../port/show-value.js';
import { label } from '../../truth/observation.js';
import type { Context } from '../context.js';
import { isPulled } from '../departed.js';
import { possible } from './enabling.js';
import { answerThatTheyAreGone } from './laws/gone.js';
import type { Player } from './player.js';
import { resolve, type Resolved, type Step } from './resolve.js';
import { setStage } from './stage.js';
import { strike } from './wrong.js';

/** Kinds of equipment, the commands that tie others to it, and those that depend on what there is of it. */
interface Equipment {
  readonly kind: Kind;
  /** How it is taken out; it is not put back. */
  readonly by: 'delete-object' | 'disconnect';
  readonly tied: readonly string[];
  readonly dependent: readonly string[];
}

const EQUIPMENT: readonly Equipment[] = [
  {
    kind: 'IVdsIscsiPortal',
    by: 'delete-object',
    tied: ['create-portal-group', 'add-portal'],
    dependent: ['add-portal', 'remove-portal', 'delete-portal-group', 'create-portal-group'],
  },
  {
    kind: 'IVdsController',
    by: 'delete-object',
    tied: ['create-lun', 'associate-controllers'],
    dependent: ['associate-controllers', 'set-controllers', 'create-lun'],
  },
  {
    kind: 'IVdsStoragePool',
    by: 'delete-object',
    tied: ['create-lun-in-pool'],
    dependent: ['create-lun-in-pool', 'create-lun'],
  },
  {
    kind: 'IVdsDrive',
    by: 'disconnect',
    tied: [],
    dependent: ['create-lun-in-pool', 'create-lun', 'set-hot-spare', 'replace-drive'],
  },
];

/** One that others of its subsystem can stand in for, where the last step was; rather one that the step named. */
function itemToLose(player: Player, kind: Kind, last: Resolved | undefined): Item | undefined {
  const { state, knowledge } = player;
  const usable = state
    .ofKind(kind)
    .filter(
      (item) =>
        knowledge.mayUse(item) &&
        (kind !== 'IVdsDrive' || isEmpty(item)) &&
        state.ofKind(kind).filter((i) => i.parent === item.parent).length > 1,
    );
  const named = last === undefined ? [] : idsOfRequest(last.request);
  return usable.findLast(({ id }) => named.includes(id)) ?? usable.at(-1);
}

/** A request with an id of the kind replaced by that of an object which is gone. */
function naming(request: Request, gone: Item, { state }: Player): Request | undefined {
  let replaced = false;
  const put = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(put);
    if (replaced || typeof value !== 'string' || state.get(value as Guid)?.kind !== gone.kind) return value;
    replaced = true;
    return gone.id;
  };
  const args = Object.fromEntries(Object.entries(request.args).map(([name, value]) => [name, put(value)]));
  return replaced ? { ...request, args, how: `${request.how}, naming ${gone.id}` } : undefined;
}

const step = (command: string): Step => ({ command, relation: 'same', n: 0 });

/** Makes each call; gives the last one that was carried out. */
async function playAll(player: Player, commands: readonly string[]): Promise<Resolved | undefined> {
  let last: Resolved | undefined;
  for (const command of commands) {
    const resolved = await possible(player, step(command), []);
    if (resolved !== undefined && (await player.play(resolved)) === true) last = resolved;
  }
  return last;
}

/** Makes each call once more, with the object that is gone, and without it as before. */
async function playWithout(player: Player, gone: Item, commands: readonly string[]): Promise<void> {
  for (const command of commands) {
    const resolved: Resolved | undefined = await possible(player, step(command), []);
    const request = resolved === undefined ? undefined : naming(resolved.request, gone, player);
    if (resolved !== undefined && request !== undefined) {
      player.ctx.duties.judging('VDS-7.2');
      await player.play({ ...resolved, request });
    }
    const again = resolve(step(command), player.state, player.focus, player.knowledge);
    if (again === undefined) continue;
    if (again.command.method === 'IVdsIscsiPortalGroup.Delete') player.ctx.duties.judging('VDS-11.2c');
    if ((await player.play(again)) !== false) continue;
    if (player.lastAnswer === HR.E_INVALIDARG && player.knowledge.hasAccepted(command))
      player.unkept(
        again.command.requirement(player.knowledge),
        `${displayName(again.command.method)} answered ${formatHresult(player.lastAnswer)} to arguments of what is ` +
          `left after ${label(gone)} has gone; it was carried out before`,
      );
  }
}

/** Whether the properties of an object have the status of one that is not there. */
const reportsRemoved = ({ interfaceName }: VdsObject, { hr, out }: Result<object>): boolean =>
  succeeded(hr) &&
  (Object.values(out) as ({ readonly status?: unknown } | null)[]).some((value) =>
    interfaceName === 'IVdsDrive' ? isPulled(value?.status) : value?.status === OBJECT_STATUS.STATUS_REMOVED,
  );

/**
 * An object that is no longer listed, as a controller's ports with it, answers every query that it is gone, or reports
 * that it was removed.
 */
async function askTheGone({ ctx, handles, state }: Player, before: SystemState): Promise<void> {
  for (const [id, object] of handles.departed(state)) {
    const { fullName } = method(`${object.interfaceName}.GetProperties`);
    handles.depart(id, reportsRemoved(object, await object.call(fullName, {})) ? undefined : before.get(id));
  }
  await answerThatTheyAreGone({ ctx, handles }, handles.gone(state), 'on what the array no longer has', onlyReads);
}

/**
 * Takes a piece of equipment out of the array, which reports it; then the pair. Gives whether a fault route could;
 * undefined where there is nothing that can be spared.
 */
async function lose(player: Player, { kind, by, tied, dependent }: Equipment): Promise<boolean | undefined> {
  const last = await playAll(player, tied);
  await player.lookClosely();
  await player.handles.holdAll(player.state);
  const item = itemToLose(player, kind, last);
  if (item === undefined) return undefined;
  if ((await strike(player, by, item.id, true)) === undefined) return false;
  player.steps.fault(by, item);
  await player.recover();
  const before = player.state;
  await player.begin();
  await askTheGone(player, before);
  player.ctx.duties.judging('VDS-5.3', 'VDS-7.1a');
  const left = player.state.get(item.id);
  if (left !== undefined && left.members['status'] !== OBJECT_STATUS.STATUS_REMOVED)
    player.unkept('VDS-5.3', `${label(item)}, which the array no longer has, is listed after Reenumerate and Refresh`);
  await playWithout(player, item, dependent);
  return true;
}

/** Every so many steps everything is read. */
const CADENCE = 4;

/** Takes a piece of each kind of equipment out of an array of its own. */
export async function loseEquipment(ctx: Context): Promise<void> {
  const lost: (boolean | undefined)[] = [];
  for (const each of EQUIPMENT) {
    const player = await setStage(ctx, ['luns', 'targets'], CADENCE);
    player.steps.stageIsSet();
    lost.push(await lose(player, each));
    if (!(await ctx.renew())) break;
  }
  if (lost.includes(true)) return;
  if (lost.includes(false)) ctx.inconclusive('no fault route offers what this check needs');
  ctx.notApplicable('there is no equipment that can be spared');
}
