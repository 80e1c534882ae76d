// Equipment that checks find in a subsystem and only borrow: its drives with their extents, its controllers, and the
// statuses that they put back. Nothing here is made or deleted; LUNs are made in lun-requests.ts.
import { counted } from '../contract/wording.js';
import { UNTOUCHED } from '../contract/codec.js';
import { OBJECT_STATUS, VDS_DRIVE_FLAG } from '../contract/generated/enumerations.js';
import type { VDS_CONTROLLER_PROP, VDS_DRIVE_EXTENT, VDS_DRIVE_PROP } from '../contract/generated/structures.js';
import type { Guid } from '../contract/guid.js';
import { formatHresult, HR, succeeded } from '../contract/hresult.js';
import { method, type MethodName } from '../contract/tables.js';
import { untilNotBusy } from '../faults/recover.js';
import { bytesOf, bytesOfLun, bytesUnused, settable } from '../model/index.js';
import type {
  IVdsController,
  IVdsDrive,
  IVdsLunPlex,
  IVdsSubSystem,
  TypedInterfaces,
} from '../port/generated/typed.js';
import type { Result, VdsObject } from '../port/objects.js';
import { displayName } from '../port/show-value.js';
import { WAYS_TO_LUNS } from '../truth/compare.js';
import type { Context } from './context.js';
import { propertiesOf } from './devices.js';
import { LeftBehind } from './life.js';

interface FoundDrive {
  readonly drive: IVdsDrive;
  readonly prop: VDS_DRIVE_PROP;
}

export interface FoundController {
  readonly controller: IVdsController;
  readonly prop: VDS_CONTROLLER_PROP;
}

/** The drives of a subsystem. Not applicable when it shows fewer than `atLeast`. */
export async function drivesOf(
  ctx: Context,
  subSystem: IVdsSubSystem,
  atLeast = 1,
): Promise<readonly [FoundDrive, ...FoundDrive[]]> {
  const found: FoundDrive[] = [];
  for (const drive of await ctx.duties.list(await subSystem.queryDrives(), 'enum', 'IVdsDrive', 'VDS-6.6b')) {
    found.push({ drive, prop: ctx.duties.output('VDS-7.7', await drive.getProperties(), 'driveProp') });
  }
  if (found.length < atLeast)
    ctx.notApplicable(`the subsystem shows ${counted(found.length, 'drive')}, and the check needs ${atLeast}`);
  return found as unknown as readonly [FoundDrive, ...FoundDrive[]];
}

/** The controllers of a subsystem. Not applicable when it shows fewer than `atLeast`. */
export async function controllersOf(
  ctx: Context,
  subSystem: IVdsSubSystem,
  atLeast = 1,
): Promise<readonly [FoundController, ...FoundController[]]> {
  const found: FoundController[] = [];
  for (const controller of await ctx.duties.list(
    await subSystem.queryControllers(),
    'enum',
    'IVdsController',
    'VDS-6.6b',
  )) {
    found.push({ controller, prop: ctx.duties.output('VDS-7.7', await controller.getProperties(), 'controllerProp') });
  }
  if (found.length < atLeast)
    ctx.notApplicable(`the subsystem shows ${counted(found.length, 'controller')}, and the check needs ${atLeast}`);
  return found as unknown as readonly [FoundController, ...FoundController[]];
}

/**
 * The extents that QueryExtents of a drive or plex lists. Not applicable where it is not supported; an answer of
 * another form breaks VDS-10.15.
 */
export async function extentsOf(ctx: Context, owner: IVdsDrive | IVdsLunPlex): Promise<readonly VDS_DRIVE_EXTENT[]> {
  const result = await owner.queryExtents();
  if (result.hr === HR.VDS_E_NOT_SUPPORTED)
    ctx.notApplicable(`${displayName(result.record.method)} answered ${formatHresult(result.hr)}`);
  const count = ctx.duties.output('VDS-10.15', result, 'numberOfExtents');
  const { extentArray } = result.out;
  if (extentArray === UNTOUCHED)
    return ctx.duties.broken('VDS-10.15', 'QueryExtents succeeded without writing its array', result);
  if ((extentArray === null) !== (count === 0))
    return ctx.duties.broken(
      'VDS-10.15',
      `QueryExtents answered ${extentArray === null ? 'a NULL array' : 'an array'} with count ${count}; NULL goes ` +
        'with 0 and with no other',
      result,
    );
  return extentArray ?? [];
}

export { bytesOf, bytesOfLun, bytesUnused };

export interface EmptyDrive extends FoundDrive {
  readonly free: bigint;
}

/** Flags of a drive that is kept for another one, whose space no LUN takes. */
const SPARE = VDS_DRIVE_FLAG.VDS_DRF_HOTSPARE | VDS_DRIVE_FLAG.VDS_DRF_HOTSPARE_STANDBY;

const isSpare = ({ prop: { flags } }: FoundDrive): boolean => (flags & SPARE) !== 0;

/** Whether a LUN of the run may lie on a drive: one in its scope that is online, and no hot spare. */
export const mayBeUsed = (ctx: Context, found: FoundDrive): boolean =>
  found.prop.status === OBJECT_STATUS.STATUS_ONLINE && !isSpare(found) && ctx.system.admits('drives', found.prop);

/**
 * Drives in the scope of the run that are online, that no LUN uses and that are no hot spares, so that a check may put
 * something on them. Not applicable when there are fewer than `atLeast`.
 */
export async function emptyDrives(
  ctx: Context,
  subSystem: IVdsSubSystem,
  atLeast = 1,
): Promise<readonly [EmptyDrive, ...EmptyDrive[]]> {
  const empty: EmptyDrive[] = [];
  for (const found of await drivesOf(ctx, subSystem, atLeast)) {
    if (!mayBeUsed(ctx, found)) continue;
    const extents = await extentsOf(ctx, found.drive);
    if (extents.length > 0 && extents.every(({ used }) => !used)) empty.push({ ...found, free: bytesOf(extents) });
  }
  if (empty.length < atLeast)
    ctx.notApplicable(
      `the check needs ${counted(atLeast, 'drive')} online and unused, and the run may use ${empty.length}`,
    );
  return empty as unknown as readonly [EmptyDrive, ...EmptyDrive[]];
}

/** The ids in an enumeration of drives, controllers, LUNs or plexes. */
export async function idsOf(
  ctx: Context,
  objects: readonly VdsObject[],
  requirement: string,
): Promise<readonly Guid[]> {
  const ids: Guid[] = [];
  for (const object of objects) ids.push((await propertiesOf(ctx, object, requirement)).id);
  return ids;
}

/** Makes a drive a hot spare, which it is no longer when the check ends, unless it was one before. */
export async function makeHotSpare(ctx: Context, found: FoundDrive): Promise<Result<object>> {
  const flags = VDS_DRIVE_FLAG.VDS_DRF_HOTSPARE;
  const set = await untilNotBusy(() => found.drive.setFlags({ flags }));
  if (set.hr === HR.S_OK && !isSpare(found))
    ctx.onCleanUp(
      'clear the hot spare flag',
      async () => void (await untilNotBusy(() => found.drive.clearFlags({ flags }))),
    );
  return set;
}

/** Calls SetStatus of a device, whose status of before is put back when the check ends. */
export async function setStatus(ctx: Context, device: VdsObject, status: number): Promise<Result<object>> {
  await restoreStatus(ctx, device);
  return callSetStatus(device, status);
}

/** Calls SetStatus, again where what was done before is still under way. */
export const callSetStatus = (device: VdsObject, status: number): Promise<Result<object>> =>
  untilNotBusy(() => device.call(setterOf(device), { status }));

const setterOf = (device: VdsObject): MethodName => method(`${device.interfaceName}.SetStatus`).fullName;

/** The status that GetProperties reports. */
export async function statusOf(ctx: Context, device: VdsObject): Promise<number> {
  return Number((await propertiesOf(ctx, device, 'VDS-7.7'))['status']);
}

/** Objects that LUNs are reached through. */
const LEADING_TO_LUNS: ReadonlySet<string> = new Set(['IVdsSubSystem', 'IVdsController', 'IVdsControllerPort']);

/** What a provider reports of a device that nobody set. */
const FOUND_OUT = ['status', 'health'] as const;

/**
 * Leaves the ways to LUNs as they come to be where the status of something of this interface is set: a LUN may go over
 * to another controller or port, and stay there.
 */
export function leaveWays(ctx: Context, interfaceName: string): void {
  if (LEADING_TO_LUNS.has(interfaceName)) for (const member of WAYS_TO_LUNS) ctx.left.add(member);
}

/** Puts the status that a device has now back when the check ends. */
export async function restoreStatus(ctx: Context, device: VdsObject): Promise<void> {
  leaveWays(ctx, device.interfaceName);
  const before = await statusOf(ctx, device);
  const status = settable(before);
  // The check may release the reference that it has.
  const own = (await device.as(device.interfaceName as keyof TypedInterfaces)) ?? device;
  ctx.onCleanUp(
    'put a status back',
    async () => {
      const getter = method(`${device.interfaceName}.GetProperties`);
      const now = await own.call(getter.fullName, {});
      const properties = now.out[getter.outs[0]?.name ?? ''] as { readonly status?: number } | null | typeof UNTOUCHED;
      const is = typeof properties === 'object' ? properties?.status : undefined;
      // One that is busy, as after a reset, comes to be online by itself.
      const comesByItself = is === OBJECT_STATUS.STATUS_NOT_READY && status === OBJECT_STATUS.STATUS_ONLINE;
      if (now.hr === HR.VDS_E_OBJECT_DELETED || is === before) return;
      if (before !== status && before !== OBJECT_STATUS.STATUS_NOT_READY)
        for (const member of FOUND_OUT) ctx.left.add(member);
      if (is === status || comesByItself) return;
      const { hr } = await callSetStatus(own, status);
      const message = `${displayName(setterOf(device))} answered ${formatHresult(hr)}`;
      // Which values can be set is the provider's choice, so that it may take one and refuse the other.
      if (hr === HR.E_INVALIDARG || hr === HR.VDS_E_NOT_SUPPORTED) throw new LeftBehind('status', message);
      if (!succeeded(hr)) throw new Error(message);
    },
    'VDS-7.6b',
  );
}

/**
 * A new LUN as it is, and the bytes of drives that it has to spare, where the array gives space in larger pieces than
 * it tells sizes: it may grow in these first. Not applicable where the drives hold less of it than its size: the array
 * makes thin LUNs, which take space when something is written, so that nothing can be said about where space is taken.
 * A LUN of which the drives hold nothing is judged.
 */
export async function fullyAllocated<T extends { readonly id: Guid; readonly size: bigint }>(
  ctx: Context,
  subSystem: IVdsSubSystem,
  lun: T,
): Promise<T & { readonly spare: bigint }> {
  let held = 0n;
  for (const { drive } of await drivesOf(ctx, subSystem)) held += bytesOfLun(await extentsOf(ctx, drive), lun.id);
  if (held > 0n && held < lun.size)
    ctx.notApplicable(`the drives hold ${held} bytes of a new LUN of ${lun.size}: it is thin`);
  return { ...lun, spare: held > lun.size ? held - lun.size : 0n };
}
