// How large a LUN can be, where part of what LUNs are made of is out of use.
import {
  AUTOMAGIC,
  type Check,
  type Context,
  createdSize,
  emptyDrives,
  hintsOf,
  type IVdsSubSystem,
  type LunWish,
  MIB,
  modestHints,
  nameIn,
  setStatus,
} from '../../src/checks/index.js';
import { type Guid, HR, OBJECT_STATUS, VDS_LUN_TYPE } from '../../src/contract/index.js';
import { judgeType } from '../creation/new-luns.js';
import { carriedOut, roomAfterChanges } from './room-after-changes.js';

/** Types of which a LUN is made of the drives that are in use. */
const TYPES = ['VDS_LT_SPAN', 'VDS_LT_STRIPE', 'VDS_LT_MIRROR', 'VDS_LT_SIMPLE', 'VDS_LT_PARITY'] as const;

type SizedWish = LunWish & { readonly type: number; readonly size: bigint };

/**
 * The largest LUN of a type, of the drives where any are given, that the query reports can be made. Gives what was
 * asked for; nothing where it reports none, or is not supported.
 */
async function largestCanBeMade(
  ctx: Context,
  subSystem: IVdsSubSystem,
  type: number,
  when: string,
  drives?: readonly Guid[],
): Promise<SizedWish | undefined> {
  // An automagic type goes with hints.
  const hints = AUTOMAGIC.has(type) ? modestHints() : undefined;
  const result = await subSystem.queryMaxLunCreateSize({
    type,
    ...(drives === undefined ? {} : { driveIdArray: drives }),
    hints: hints ?? hintsOf({}),
  });
  if (result.hr !== HR.S_OK) return undefined;
  const size = ctx.duties.output('VDS-10.5a', result, 'maxLunSize');
  if (size === 0n) return undefined;
  const why = `for ${size} bytes of ${nameIn('VDS_LUN_TYPE', type)}, which QueryMaxLunCreateSize reported ${when}`;
  const wish = {
    type,
    size,
    // A list that names one twice may be refused; they have no more room for it.
    ...(drives === undefined ? {} : { drives: [...new Set(drives)] }),
    ...(hints === undefined ? {} : { hints }),
  };
  await createdSize(ctx, subSystem, 'VDS-10.5a', await ctx.make.startLun(subSystem, wish), why);
  return wish;
}

/**
 * A LUN that is well above the size that was reported, as a provider may round down what it is asked for, cannot be
 * made; least of all one of another type, for which there is room.
 */
async function nothingMuchLargerCanBeMade(
  ctx: Context,
  subSystem: IVdsSubSystem,
  { type, size, ...where }: SizedWish,
): Promise<void> {
  const asked = size * 2n + 1024n * MIB;
  const started = await ctx.make.startLun(subSystem, { type, size: asked, ...where });
  if (!(await carriedOut(started))) return;
  const { lun } = await ctx.make.startedLun(subSystem, started);
  const result = await lun.getProperties();
  judgeType(ctx, type, ctx.duties.output('VDS-10.2c', result, 'lunProp').type, result);
  ctx.duties.broken(
    'VDS-10.5a',
    `a LUN of ${asked} bytes of ${nameIn('VDS_LUN_TYPE', type)} can be made, and QueryMaxLunCreateSize reported ` +
      `${size}`,
    result,
  );
}

/** Drives that a LUN is to be made of, in words. */
interface Given {
  readonly says: string;
  readonly driveIdArray: readonly Guid[] | undefined;
}

/** No drives, one, two, and one that is named twice. */
async function waysToGiveDrives(ctx: Context, subSystem: IVdsSubSystem): Promise<readonly Given[]> {
  const [one, other] = (await emptyDrives(ctx, subSystem)).map(({ prop }) => prop.id);
  const { driveIdArray } = await ctx.make.room(subSystem);
  return [
    { says: 'no drives', driveIdArray },
    ...(one === undefined ? [] : [{ says: 'one drive', driveIdArray: [one] }]),
    ...(one === undefined || other === undefined ? [] : [{ says: 'two drives', driveIdArray: [one, other] }]),
    ...(one === undefined ? [] : [{ says: 'one drive that is named twice', driveIdArray: [one, one] }]),
  ];
}

/** A maximum that is reported for a type and drives is one of that type and those drives. */
const OF_EACH_TYPE: Check = {
  id: 'subsystem.largest-lun-of-each-type',
  title:
    'A LUN of the size that QueryMaxLunCreateSize reports for a type, and for the drives given, can be created of ' +
    'them, and no much larger one, of that type or another',
  requirements: ['VDS-10.5a', 'VDS-10.2f', 'VDS-10.2h'],
  effort: 'standard',
  cost: { calls: 500, recoveries: 0 },
  async run(ctx) {
    const subSystem = await ctx.system.subSystem();
    let made = 0;
    for (const { says, driveIdArray } of await waysToGiveDrives(ctx, subSystem))
      for (const type of Object.values(VDS_LUN_TYPE)) {
        if (type === VDS_LUN_TYPE.VDS_LT_UNKNOWN) continue;
        // Of an automagic type the provider chooses the drives.
        if (AUTOMAGIC.has(type) && driveIdArray !== undefined) continue;
        const largest = await largestCanBeMade(ctx, subSystem, type, `for ${says}`, driveIdArray);
        if (largest === undefined) continue;
        made += 1;
        await ctx.cleanUpSoFar();
        await nothingMuchLargerCanBeMade(ctx, subSystem, largest);
      }
    if (made === 0) ctx.notApplicable('QueryMaxLunCreateSize reports no size for any type');
  },
};

const inUse: readonly Check[] = TYPES.map((name) => ({
  id: `subsystem.largest-lun-in-use.${name.slice('VDS_LT_'.length).toLowerCase()}`,
  title:
    `A LUN of the size that QueryMaxLunCreateSize reports for ${name} can be created while a drive is OFFLINE, of ` +
    'any drives and of those in a list that names it',
  requirements: ['VDS-10.5a'],
  cost: { calls: 40, recoveries: 0 },
  async run(ctx) {
    const subSystem = await ctx.system.subSystem();
    if ((await ctx.make.room(subSystem)).driveIdArray !== undefined)
      ctx.notApplicable('this run is kept to some drives, and may not leave out one of them');
    const empty = await emptyDrives(ctx, subSystem);
    const { drive } = empty.at(-1) ?? ctx.notApplicable('no drive is unused');
    ctx.duties.ok('VDS-7.6b', ctx.duties.supported(await setStatus(ctx, drive, OBJECT_STATUS.STATUS_OFFLINE)));
    const named = empty.slice(-2).map(({ prop }) => prop.id);
    let seen = 0;
    for (const drives of [named, undefined]) {
      const when = `while ${drives === undefined ? 'a drive' : 'one of the drives in its list'} was OFFLINE`;
      if ((await largestCanBeMade(ctx, subSystem, VDS_LUN_TYPE[name], when, drives)) !== undefined) seen += 1;
    }
    if (seen === 0) ctx.notApplicable(`QueryMaxLunCreateSize reports no size for ${name}`);
  },
}));

export const roomChecks: readonly Check[] = [OF_EACH_TYPE, roomAfterChanges, ...inUse];
