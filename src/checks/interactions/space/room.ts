// The room that a provider reports is the room that there is: the largest LUN, and the largest extension, can be made,
// on the drives that were asked about, and nothing larger can.
import { zeroStructure } from '../../../contract/codec.js';
import { VDS_LUN_TYPE } from '../../../contract/generated/enumerations.js';
import type { Guid } from '../../../contract/guid.js';
import { succeeded } from '../../../contract/hresult.js';
import { MIB } from '../../../contract/sizes.js';
import { commandNamed, bytesUnused, type Command, type Item, type Request } from '../../../model/index.js';
import { displayName } from '../../../port/show-value.js';
import { NO_ROOM } from '../../lun-habits.js';
import type { Ended } from '../calls/calls.js';
import { playTogether, type Meanwhile } from '../overlapping.js';
import type { Player } from '../player.js';
import { callOn, resolve, type Resolved } from '../resolve.js';
import { extentsOf, isInUse } from './given-drives.js';

/** Less is not asked for; an array may have a smallest LUN. */
const SMALLEST = 1n << 31n;
/** By how much a size is larger than what there is, whatever it is rounded to. */
const MORE = 1n << 33n;

/** The queries for the largest size that may be asked for. */
type LargestSize =
  | 'IVdsSubSystem.QueryMaxLunCreateSize'
  | 'IVdsLun.QueryMaxLunExtendSize'
  | 'IVdsHwProviderStoragePools.QueryMaxLunCreateSizeInStoragePool';

const resolved = ({ state }: Player, command: Command, item: Item, request: Request): Resolved => ({
  command,
  item,
  subSystem: state.subSystemOf(item.id) ?? item.id,
  request,
  relation: 'same',
});

/** The size that a query reports; undefined where it reports none that is worth trying. */
async function reported(
  player: Player,
  item: Item,
  by: LargestSize,
  args: Request['args'],
  out: string,
): Promise<bigint | undefined> {
  const object = await player.handles.forMethod(by, player.state, item.id);
  const result = await object?.call(by, args);
  const size = result !== undefined && succeeded(result.hr) ? result.out[out] : undefined;
  return typeof size === 'bigint' && size >= SMALLEST ? size : undefined;
}

/** Whether a small LUN can be made in the subsystem, wherever the provider likes. */
async function canMakeAnother(player: Player, { id }: Item): Promise<boolean> {
  const next = resolve({ command: 'create-lun', n: 0, relation: 'same' }, player.state, { id }, player.knowledge);
  const isHere = next !== undefined && next.item.id === player.state.subSystemOf(id);
  return isHere && (await player.play(next)) === true;
}

/** Room that is reported, and the call that may use all of it. */
interface Room {
  readonly command: Command;
  readonly item: Item;
  readonly by: LargestSize;
  readonly size: bigint;
  ask(bytes: bigint): Request;
}

/** Makes a call, in whatever circumstances. Gives whether it was carried out. */
type Play = (call: Resolved) => Promise<boolean | undefined>;

const requirementFor = ({ method }: Command): string => (method === EXTEND ? 'VDS-10.5d' : 'VDS-10.5a');
const EXTEND = 'IVdsLun.Extend';

/** Makes a request that the room is reported to allow. */
async function useReported(player: Player, { command, item, by, size, ask }: Room, play: Play): Promise<void> {
  const wasDone = await play(resolved(player, command, player.state.get(item.id) ?? item, ask(size)));
  player.ctx.duties.judging(requirementFor(command));
  const hasNoRoom = wasDone === false && NO_ROOM.includes(player.lastAnswer);
  // An array may have as many LUNs as it can, whatever room it has.
  if (hasNoRoom && (await canMakeAnother(player, item)))
    player.unkept(
      requirementFor(command),
      `${displayName(command.method)} is refused for want of room for the ${size} bytes that ${displayName(by)} ` +
        'reported',
    );
}

/** Makes a request that the room is not reported to allow; then one that it is. */
async function tryRoom(player: Player, room: Room | undefined): Promise<void> {
  if (room === undefined) return;
  const { command, item, by, size, ask } = room;
  const larger = resolved(player, command, item, ask(size + MORE));
  const before = new Set(player.knowledge.own);
  if ((await player.play(larger)) === true)
    player.unkept(
      requirementFor(command),
      `${displayName(command.method)} was carried out for 8 GiB more than the ${size} bytes that ${displayName(by)} ` +
        'reported',
    );
  await useReported(player, room, (call) => player.play(call));
  await deleteSince(player, before);
}

/** Deletes the LUNs that were made since the run had no more than these objects. */
async function deleteSince(player: Player, before: ReadonlySet<Guid>): Promise<void> {
  for (const id of player.knowledge.own) {
    const made = player.state.get(id);
    if (!before.has(id) && made?.kind === 'IVdsLun')
      await player.play(resolved(player, commandNamed('delete-lun'), made, { args: {}, how: '' }));
  }
}

/** A type of LUN, and the command that asks for it. */
interface AskedType {
  readonly name: string;
  readonly type: number;
}

const SIMPLE: AskedType = { name: 'create-lun', type: VDS_LUN_TYPE.VDS_LT_SIMPLE };
/** It may have the space of all drives. */
const SPAN: AskedType = { name: 'create-span', type: VDS_LUN_TYPE.VDS_LT_SPAN };

/** Asks for a LUN on these drives. */
const newLun = (type: number, sizeInBytes: bigint, driveIdArray: readonly Guid[] | null, where = ''): Request => ({
  args: { type, sizeInBytes, driveIdArray, unmaskingList: '', hints: null },
  how: `of ${sizeInBytes} bytes${where}`,
});

/** The room that is reported for a LUN of a type, simple unless given, on one drive where one is given. */
async function roomOnDrives(
  player: Player,
  subSystem: Item,
  drive?: Guid,
  { name, type } = SIMPLE,
): Promise<Room | undefined> {
  const driveIdArray = drive === undefined ? (player.knowledge.options.drives ?? null) : [drive];
  const by = 'IVdsSubSystem.QueryMaxLunCreateSize';
  const size = await reported(
    player,
    subSystem,
    by,
    { type, driveIdArray, hints: zeroStructure('VDS_HINTS', {}) },
    'maxLunSize',
  );
  if (size === undefined) return undefined;
  const where = drive === undefined ? '' : ` on ${drive}`;
  const ask = (bytes: bigint): Request => newLun(type, bytes, driveIdArray, where);
  return { command: commandNamed(name), item: subSystem, by, size, ask };
}

/** Uses all that room, and gives it back. */
export const useAllRoom = async (player: Player, subSystem: Item, drive?: Guid): Promise<void> =>
  tryRoom(player, await roomOnDrives(player, subSystem, drive));

/** The pools with space of a drive, in which LUNs may be made. */
function poolsWith({ state, knowledge }: Player, subSystem: Item, drive: Guid): ReadonlySet<Guid> {
  const requests = IN_POOL.requests({ state, item: subSystem, subSystem: subSystem.id, knowledge });
  const pools = requests.map(({ args }) => args['storagePoolId'] as Guid);
  return new Set(
    pools.filter((pool) => {
      const extents = state.member(pool, 'driveExtents');
      return Array.isArray(extents) && extents.some((e: { readonly id: Guid }) => e.id === drive);
    }),
  );
}
const IN_POOL = commandNamed('create-lun-in-pool');

/** The room that is reported for a simple LUN in a storage pool. */
async function roomOfPool(player: Player, subSystem: Item, storagePoolId: Guid): Promise<Room | undefined> {
  const { VDS_LT_SIMPLE: type } = VDS_LUN_TYPE;
  const by = 'IVdsHwProviderStoragePools.QueryMaxLunCreateSizeInStoragePool';
  const size = await reported(player, subSystem, by, { type, storagePoolId, hints2: null }, 'maxLunSize');
  if (size === undefined) return undefined;
  const ask = (sizeInBytes: bigint): Request => ({
    args: { type, sizeInBytes, storagePoolId, unmaskingList: '', hints2: null },
    how: `, ${storagePoolId}, of ${sizeInBytes} bytes`,
  });
  return { command: IN_POOL, item: subSystem, by, size, ask };
}

/** Uses all that room, and gives it back. */
export const useAllRoomOfPool = async (player: Player, subSystem: Item, pool: Guid): Promise<void> =>
  tryRoom(player, await roomOfPool(player, subSystem, pool));

/** The room that is reported for the extension of a LUN. */
async function roomOfLun(player: Player, lun: Item): Promise<Room | undefined> {
  const driveIdArray = player.knowledge.options.drives ?? null;
  const by = 'IVdsLun.QueryMaxLunExtendSize';
  const size = await reported(player, lun, by, { driveIdArray }, 'maxBytesToBeAdded');
  if (size === undefined) return undefined;
  return { command: commandNamed('extend-lun'), item: lun, by, size, ask: (bytes) => extension(bytes, driveIdArray) };
}

const extension = (numberOfBytesToAdd: bigint, driveIdArray: readonly Guid[] | null): Request => ({
  args: { numberOfBytesToAdd, driveIdArray },
  how: `by ${numberOfBytesToAdd} bytes`,
});

/** The room that a call takes a part of; undefined where it takes none, or none is reported. */
async function roomFor(player: Player, { command, item, request }: Resolved): Promise<Room | undefined> {
  if (command.name === SIMPLE.name) {
    const { knowledge } = player;
    const inAll = knowledge.isAvailable(SPAN.name) ? await roomOnDrives(player, item, undefined, SPAN) : undefined;
    return inAll ?? roomOnDrives(player, item);
  }
  if (command === IN_POOL) return roomOfPool(player, item, request.args['storagePoolId'] as Guid);
  // It is deleted afterwards.
  return command.method === EXTEND && player.knowledge.own.has(item.id) ? roomOfLun(player, item) : undefined;
}

/**
 * Makes a call, in whatever circumstances, with all the room that is reported for it, and gives that back. False where
 * it takes none.
 */
export async function takeAllRoom(player: Player, call: Resolved, play: Play): Promise<boolean> {
  const room = await roomFor(player, call);
  if (room === undefined) return false;
  const before = new Set(player.knowledge.own);
  before.delete(room.item.id);
  await useReported(player, room, play);
  await deleteSince(player, before);
  return true;
}

/** The drive with the most free space, and that space; undefined where none has enough of it. */
async function roomiest(player: Player, subSystem: Guid): Promise<{ id: Guid; free: bigint } | undefined> {
  let best: { id: Guid; free: bigint } | undefined;
  for (const drive of player.state.ofKind('IVdsDrive', subSystem)) {
    if (!isInUse(drive) || !player.knowledge.mayUse(drive)) continue;
    const free = bytesUnused((await extentsOf(player, drive.id)) ?? []);
    if (free > (best?.free ?? 2n * SMALLEST)) best = { id: drive.id, free };
  }
  return best;
}

/** What takes more than half of a drive: a new LUN, and the drive; undefined where there is none. */
async function largeLun(
  player: Player,
  subSystemId: Guid,
): Promise<{ readonly large: Resolved; readonly bytes: bigint; readonly drive: Guid } | undefined> {
  const subSystem = player.state.get(subSystemId);
  const drive = await roomiest(player, subSystemId);
  if (subSystem === undefined || drive === undefined || !player.knowledge.isAvailable('create-lun')) return undefined;
  const bytes = ((drive.free * 5n) / 8n / MIB) * MIB;
  const request = newLun(SIMPLE.type, bytes, [drive.id], ` on ${drive.id}`);
  return { large: resolved(player, commandNamed('create-lun'), subSystem, request), bytes, drive: drive.id };
}

/** Looks closely where two calls were carried out of which the drive has no room for both, and gives the space back. */
async function judgeLarge(player: Player, ended: readonly Ended[], before: ReadonlySet<Guid>): Promise<void> {
  if (ended.filter(({ outcome }) => outcome.done).length > 1) await player.lookClosely();
  await deleteSince(player, before);
}

/**
 * Cancels an operation beside one that takes more than half of a drive, and asks for as much of it once more: what is
 * being taken is not free. The drives tell in the end.
 */
export async function cancelBesideLarge(player: Player, cancelled: Resolved, isLater: boolean): Promise<void> {
  const { large } = (await largeLun(player, cancelled.subSystem)) ?? {};
  if (large === undefined) return;
  const before = new Set(player.knowledge.own);
  const both = isLater ? [large, cancelled] : [cancelled, large];
  const ended = await playTogether(player, both, { cancel: isLater ? 1 : 0, afterwards: large });
  await judgeLarge(
    player,
    ended.filter(({ request }) => request === large.request),
    before,
  );
}

/**
 * The same with something else between the two that take more than half of a drive each, of which the first may be the
 * extension of a LUN.
 */
export async function takeTwice(
  player: Player,
  { command, item, subSystem }: Resolved,
  also: NonNullable<Meanwhile['also']>,
): Promise<void> {
  const { large, bytes, drive } = (await largeLun(player, subSystem)) ?? {};
  if (large === undefined || bytes === undefined || drive === undefined) return;
  const isExtended = command.method === EXTEND && player.knowledge.own.has(item.id);
  const now = player.state.get(item.id);
  const first = isExtended && now !== undefined ? resolved(player, command, now, extension(bytes, [drive])) : large;
  const before = new Set(player.knowledge.own);
  if (isExtended) before.delete(item.id);
  await judgeLarge(player, await playTogether(player, [first], { also, afterwards: large }), before);
}

/** Every so many steps the room is tried of which no drive is the subject. */
const SOMETIMES = 28;

/** Takes from a LUN again, right after it was extended onto a drive that it may not have been on. */
async function takeBack(player: Player, lun: Item, n: number): Promise<void> {
  const shrinking = callOn(player, 'shrink-lun', lun, n);
  if (shrinking !== undefined) await player.play(shrinking);
}

/**
 * After a change of a drive the room on it, and in the pools that it belongs to; now and then that of the subsystem, or
 * of a LUN.
 */
export async function tryRoomAfter(
  player: Player,
  { command, item, subSystem, request }: Resolved,
  i: number,
): Promise<void> {
  const holder = player.state.get(subSystem);
  if (holder === undefined) return;
  if (command.name === 'extend-lun' && request.args['driveIdArray'] !== null) await takeBack(player, item, i);
  if (command.on === 'IVdsDrive') {
    await useAllRoom(player, holder, item.id);
    for (const pool of poolsWith(player, holder, item.id)) await useAllRoomOfPool(player, holder, pool);
  } else if (i % SOMETIMES === SOMETIMES - 1) await useAllRoom(player, holder);
  else if (i % SOMETIMES === SOMETIMES / 2) {
    const lun = player.state.ofKind('IVdsLun', subSystem).find((l) => player.knowledge.own.has(l.id));
    if (lun !== undefined) await tryRoom(player, await roomOfLun(player, lun));
  }
}
