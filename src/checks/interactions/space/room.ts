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
import { playTogether } from '../overlapping.js';
import type { Player } from '../player.js';
import { resolve, type Resolved } from '../resolve.js';
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
  return next !== undefined && (await player.play(next)) === true;
}

/** Makes a request that the room is reported to allow; then one that it does not. */
async function tryRoom(
  player: Player,
  command: Command,
  item: Item,
  ask: (size: bigint) => Request,
  size: bigint,
  by: string,
): Promise<void> {
  const requirement = command.method === 'IVdsLun.Extend' ? 'VDS-10.5d' : 'VDS-10.5a';
  const larger = resolved(player, command, item, ask(size + MORE));
  const before = new Set(player.knowledge.own);
  if ((await player.play(larger)) === true)
    player.unkept(
      requirement,
      `${displayName(command.method)} was carried out for 8 GiB more than the ${size} bytes that ${by} reported`,
    );
  const wasDone = await player.play(resolved(player, command, player.state.get(item.id) ?? item, ask(size)));
  const hasNoRoom = wasDone === false && NO_ROOM.includes(player.lastAnswer);
  // An array may have as many LUNs as it can, whatever room it has.
  if (hasNoRoom && (await canMakeAnother(player, item)))
    player.unkept(
      requirement,
      `${displayName(command.method)} is refused for want of room for the ${size} bytes that ${by} reported`,
    );
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

/** Asks for a simple LUN on these drives. */
const simpleLun = (sizeInBytes: bigint, driveIdArray: readonly Guid[] | null, where = ''): Request => ({
  args: { type: VDS_LUN_TYPE.VDS_LT_SIMPLE, sizeInBytes, driveIdArray, unmaskingList: '', hints: null },
  how: `of ${sizeInBytes} bytes${where}`,
});

/** Uses all the room that is reported for a simple LUN, on one drive where one is given, and gives it back. */
export async function useAllRoom(player: Player, subSystem: Item, drive?: Guid): Promise<void> {
  const { VDS_LT_SIMPLE: type } = VDS_LUN_TYPE;
  const driveIdArray = drive === undefined ? (player.knowledge.options.drives ?? null) : [drive];
  const by = 'IVdsSubSystem.QueryMaxLunCreateSize';
  const size = await reported(
    player,
    subSystem,
    by,
    { type, driveIdArray, hints: zeroStructure('VDS_HINTS', {}) },
    'maxLunSize',
  );
  if (size === undefined) return;
  const where = drive === undefined ? '' : ` on ${drive}`;
  const ask = (bytes: bigint): Request => simpleLun(bytes, driveIdArray, where);
  await tryRoom(player, commandNamed('create-lun'), subSystem, ask, size, displayName(by));
}

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

/** The same in a storage pool. */
export async function useAllRoomOfPool(player: Player, subSystem: Item, storagePoolId: Guid): Promise<void> {
  const { VDS_LT_SIMPLE: type } = VDS_LUN_TYPE;
  const by = 'IVdsHwProviderStoragePools.QueryMaxLunCreateSizeInStoragePool';
  const size = await reported(player, subSystem, by, { type, storagePoolId, hints2: null }, 'maxLunSize');
  if (size === undefined) return;
  const ask = (sizeInBytes: bigint): Request => ({
    args: { type, sizeInBytes, storagePoolId, unmaskingList: '', hints2: null },
    how: `, ${storagePoolId}, of ${sizeInBytes} bytes`,
  });
  await tryRoom(player, IN_POOL, subSystem, ask, size, displayName(by));
}

/** Uses all the room that is reported for the extension of a LUN, which is then larger. */
export async function extendByAll(player: Player, lun: Item): Promise<void> {
  const driveIdArray = player.knowledge.options.drives ?? null;
  const by = 'IVdsLun.QueryMaxLunExtendSize';
  const size = await reported(player, lun, by, { driveIdArray }, 'maxBytesToBeAdded');
  if (size === undefined) return;
  const ask = (numberOfBytesToAdd: bigint): Request => ({
    args: { numberOfBytesToAdd, driveIdArray },
    how: `by ${numberOfBytesToAdd} bytes`,
  });
  await tryRoom(player, commandNamed('extend-lun'), lun, ask, size, displayName(by));
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

/**
 * Cancels an operation beside one that takes more than half of a drive, and asks for as much of it once more: what is
 * being taken is not free. The drives tell in the end.
 */
export async function cancelBesideLarge(player: Player, cancelled: Resolved, isLater: boolean): Promise<void> {
  const subSystem = player.state.get(cancelled.subSystem);
  const drive = await roomiest(player, cancelled.subSystem);
  if (subSystem === undefined || drive === undefined || !player.knowledge.isAvailable('create-lun')) return;
  const before = new Set(player.knowledge.own);
  const bytes = ((drive.free * 5n) / 8n / MIB) * MIB;
  const large = resolved(
    player,
    commandNamed('create-lun'),
    subSystem,
    simpleLun(bytes, [drive.id], ` on ${drive.id}`),
  );
  const both = isLater ? [large, cancelled] : [cancelled, large];
  const ended = await playTogether(player, both, { cancel: isLater ? 1 : 0, afterwards: large });
  if (ended.filter(({ request, outcome }) => request === large.request && outcome.done).length > 1)
    await player.lookClosely();
  await deleteSince(player, before);
}

/** Every so many steps the room is tried of which no drive is the subject. */
const SOMETIMES = 28;

/** Takes from a LUN again, right after it was extended onto a drive that it may not have been on. */
async function takeBack(player: Player, { id }: Item, n: number): Promise<void> {
  const { state, knowledge } = player;
  const shrinking = resolve({ command: 'shrink-lun', n, relation: 'same' }, state, { id }, knowledge);
  if (shrinking?.item.id === id) await player.play(shrinking);
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
    if (lun !== undefined) await extendByAll(player, lun);
  }
}
