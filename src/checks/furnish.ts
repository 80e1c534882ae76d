// Furnishing: a run that may change its system makes objects in every state that a caller can bring about before its
// first check, so that what a check damages besides its own objects can be seen. An array that refuses something is
// furnished with less; nothing here judges the provider.
import { HINT_MASK_FLAGS, VDS_HWPROVIDER_TYPE, VDS_LUN_TYPE } from '../contract/generated/enumerations.js';
import { DEVICE_KINDS } from '../contract/generated/objects.js';
import type { VDS_HINTS } from '../contract/generated/structures.js';
import type { Guid } from '../contract/guid.js';
import { zeroStructure } from '../contract/codec.js';
import type { IVdsSubSystem } from '../port/generated/typed.js';
import type { Context } from './context.js';
import { extentsOf, bytesUnused } from './equipment.js';
import { attempt } from './outcome.js';
import { addPortal, associate, portals } from './iscsi.js';
import { IMPORT_TARGET_DIALECTS, importTargetValue } from './import-target.js';
import { DEFAULT_LUN_SIZE } from './lun-habits.js';
import { MIB } from './lun-requests.js';
import type { CreatedLun, CreatedTarget } from './make.js';

/** With the others more than callers usually ask an enumeration for at once, which is sixteen. */
const SMALL_LUNS = 15;
const { type: LUN } = DEVICE_KINDS.IVdsLun;
/** Made many times, so as small as makes sense. */
const SMALL = 4n * MIB;

/** So many LUNs and targets of a subsystem. */
export interface Amount {
  readonly luns: number;
  readonly targets: number;
}

/** What nearly all checks make do with in a subsystem: beside what is furnished there has to be room for it. */
const ROOM: Amount = { luns: 4, targets: 3 };
const KINDS = ['luns', 'targets'] as const;

/** By a subsystem's identification, as lists have no order, and a system that is renewed other ids. */
export type Amounts = ReadonlyMap<string, Amount>;

interface Furnished {
  /** Ids of the LUNs that were made. */
  readonly luns: readonly Guid[];
  readonly made: Amounts;
}

const NOTHING: Amount = { luns: 0, targets: 0 };

/** What identifies a subsystem; nothing of one that does not tell. */
async function identificationOf(ctx: Context, subSystem: IVdsSubSystem): Promise<string> {
  const properties = await attempt(async () =>
    ctx.duties.output('VDS-7.9', await subSystem.getProperties(), 'subSystemProp'),
  );
  return String(properties?.identification ?? '');
}

/**
 * Furnishes every subsystem that the run may work on, the last with a mirror and more than sixteen LUNs: with what is
 * most important first, and with no more than `most` of each subsystem where that is given. What is made goes when the
 * context is finished.
 */
export async function furnish(ctx: Context, most: Amounts = new Map()): Promise<Furnished> {
  const luns: Guid[] = [];
  const made = new Map<string, Amount>();
  const subSystems = (await attempt(() => ctx.system.subSystems())) ?? [];
  for (const subSystem of subSystems) {
    const ids: Guid[] = [];
    const name = await identificationOf(ctx, subSystem);
    const { luns: mostLuns, targets: mostTargets } = most.get(name) ?? { luns: Infinity, targets: Infinity };
    const size = (await attempt(() => ctx.make.lunSize(subSystem))) ?? DEFAULT_LUN_SIZE;
    const drives = await attempt(() => usedDrive(ctx, subSystem, size));
    const makeLun = async (type: number, size: bigint): Promise<CreatedLun | undefined> => {
      if (ids.length >= mostLuns) return undefined;
      const lun = await attempt(() => furnishedLun(ctx, subSystem, type, size, drives));
      if (lun !== undefined) ids.push(lun.id);
      return lun;
    };
    const target = mostTargets < 1 ? undefined : await attempt(() => furnishedTarget(ctx, subSystem));
    const lun = await makeLun(VDS_LUN_TYPE.VDS_LT_SIMPLE, size);
    if (lun !== undefined) await attempt(() => dress(ctx, lun, target));
    const plain = mostTargets < 2 ? undefined : await attempt(() => ctx.make.target(subSystem));
    if (target !== undefined) await attempt(() => setImportTarget(ctx, subSystem, target));
    if (subSystem === subSystems.at(-1)) {
      await makeLun(VDS_LUN_TYPE.VDS_LT_MIRROR, size);
      // Where space comes in large pieces, many LUNs would take what the checks need.
      for (let count = 0; count < SMALL_LUNS && size <= DEFAULT_LUN_SIZE; count++)
        if ((await makeLun(VDS_LUN_TYPE.VDS_LT_SIMPLE, SMALL)) === undefined) break;
    }
    luns.push(...ids);
    made.set(name, { luns: ids.length, targets: [target, plain].filter((each) => each !== undefined).length });
  }
  return { luns, made };
}

/** So many things can be made one after another, up to `enough`. */
async function madeOf(enough: number, make: () => Promise<unknown>): Promise<number> {
  for (let count = 0; count < enough; count++) if ((await attempt(make)) === undefined) return count;
  return enough;
}

/**
 * Tries whether each subsystem has room for what checks make, beside what is furnished there. Gives with how much less
 * it has; undefined where there is room, or nothing that could be left out. What is made goes when the context is
 * finished.
 */
export async function withRoom(ctx: Context, { made }: Furnished): Promise<Amounts | undefined> {
  const less = new Map<string, Amount>();
  for (const subSystem of (await attempt(() => ctx.system.subSystems())) ?? []) {
    const name = await identificationOf(ctx, subSystem);
    const furnished = made.get(name) ?? NOTHING;
    const targets = await madeOf(ROOM.targets, () => ctx.make.target(subSystem));
    const luns = await madeOf(ROOM.luns, () => ctx.make.lun(subSystem));
    less.set(name, {
      luns: Math.max(0, furnished.luns - (ROOM.luns - luns)),
      targets: Math.max(0, furnished.targets - (ROOM.targets - targets)),
    });
  }
  const isLess = [...less].some(([name, amount]) => KINDS.some((k) => amount[k] < (made.get(name) ?? NOTHING)[k]));
  return isLess ? less : undefined;
}

/** A target with a portal group, a portal in it, and a secret. */
async function furnishedTarget(ctx: Context, subSystem: IVdsSubSystem): Promise<CreatedTarget> {
  const made = await ctx.make.target(subSystem);
  await attempt(async () => {
    const [{ id: portalId }] = await portals(ctx, subSystem);
    const { group } = await ctx.make.portalGroup(made.target);
    await addPortal(ctx, group, portalId);
  });
  await made.target.setSharedSecret({
    initiatorName: null,
    targetSharedSecret: { sharedSecret: new Uint8Array(14).fill(0x61), sharedSecretSize: 14 },
  });
  return made;
}

/** Gives a LUN a name, a mask that no initiator matches, hints, and a target. */
async function dress(ctx: Context, made: CreatedLun, target: CreatedTarget | undefined): Promise<void> {
  const { lun } = made;
  const naming = await lun.as('IVdsLunNaming');
  await naming?.setFriendlyName({ friendlyName: ctx.make.uniqueName() });
  await lun.setMask({ unmaskingList: await nobody(ctx) });
  const hints = {
    ...(zeroStructure('VDS_HINTS') as unknown as VDS_HINTS),
    hintMask: BigInt(HINT_MASK_FLAGS.VDS_HINT_MOSTLYREADS),
    mostlyReads: true,
  };
  await lun.applyHints({ hints });
  if (target !== undefined) await attempt(() => serve(ctx, made, target));
}

/** Associates a LUN with a target. */
async function serve(ctx: Context, { lun, id }: CreatedLun, target: CreatedTarget): Promise<void> {
  await associate(ctx, await ctx.system.optional(lun, 'IVdsLunIscsi'), [target.id]);
  ctx.onCleanUp('take the targets of a furnished LUN from it', async () => {
    const again = await (await ctx.system.objectById(id, LUN))?.as('IVdsLunIscsi');
    await again?.associateTargets({ targetIdArray: null });
  });
}

/** An initiator of the kind that the provider's LUNs are masked for, which is on no network. */
async function nobody(ctx: Context): Promise<string> {
  const type = await (await ctx.system.unknown.as('IVdsHwProviderType'))?.getProviderType();
  const isFibreChannel = type?.out.type === VDS_HWPROVIDER_TYPE.VDS_HWT_FIBRE_CHANNEL;
  return isFibreChannel ? '0123456789ABCDEF' : 'iqn.2026-11.example.vds-conformance:nobody';
}

async function setImportTarget(ctx: Context, subSystem: IVdsSubSystem, target: CreatedTarget): Promise<void> {
  const importTarget = await ctx.system.importTarget(subSystem);
  for (const dialect of IMPORT_TARGET_DIALECTS)
    if ((await importTarget.setImportTarget({ iscsiName: importTargetValue(dialect, target) })).hr === 0) return;
}

/** A LUN; a simple one on a drive that is in use already, so that unused drives stay unused. */
async function furnishedLun(
  ctx: Context,
  subSystem: IVdsSubSystem,
  type: number,
  size: bigint,
  used: readonly Guid[] | undefined,
): Promise<CreatedLun> {
  const { drives, pools } = ctx.system.scope;
  const isSimple = type === VDS_LUN_TYPE.VDS_LT_SIMPLE;
  const place = used === undefined || !isSimple || drives.length + pools.length > 0 ? {} : { drives: used };
  return ctx.make.lun(subSystem, { type, size, ...place });
}

/** A drive that some LUN uses and that has room for all that is furnished on it; undefined where there is none. */
async function usedDrive(ctx: Context, subSystem: IVdsSubSystem, size: bigint): Promise<readonly Guid[] | undefined> {
  const room = size + SMALL * BigInt(SMALL_LUNS);
  for (const drive of await ctx.duties.list(await subSystem.queryDrives(), 'enum', 'IVdsDrive', 'VDS-6.6b')) {
    const extents = await attempt(() => extentsOf(ctx, drive));
    if (extents?.some((e) => e.used) !== true || bytesUnused(extents) < room) continue;
    return [ctx.duties.output('VDS-7.7', await drive.getProperties(), 'driveProp').id];
  }
  return undefined;
}
