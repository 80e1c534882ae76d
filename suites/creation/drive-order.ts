// The order in which a new LUN takes the drives that it is given, by whichever method it is made.
import {
  bytesOfLun,
  type Check,
  type Context,
  type CreatedLun,
  type EmptyDrive,
  emptyDrives,
  extentsOf,
  flagsOf,
  fullyAllocated,
  MIB,
  needsLargeLun,
} from '../../src/checks/index.js';
import { type Guid, VDS_LUN_TYPE, VDS_SUB_SYSTEM_FLAG } from '../../src/contract/index.js';
import { oddSize } from './new-luns.js';

/** The bytes of a LUN on each of these drives. */
export async function bytesOn(ctx: Context, drives: readonly EmptyDrive[], lun: Guid): Promise<readonly bigint[]> {
  const bytes: bigint[] = [];
  for (const { drive } of drives) bytes.push(bytesOfLun(await extentsOf(ctx, drive), lun));
  return bytes;
}

export const drivesInOrder: readonly Check[] = (
  [
    ['drives-in-order', 'CreateLun'],
    ['drives-in-order-2', 'CreateLun2'],
  ] as const
).map(([name, by]): Check => ({
  id: `creation.${name}`,
  title: `A span that ${by} makes uses the drives in the order given`,
  requirements: ['VDS-10.2b', 'VDS-10.2e'],
  cost: { calls: 50, recoveries: 0 },
  async run(ctx) {
    const subSystem = await ctx.system.subSystem();
    const flags = await flagsOf(ctx, subSystem);
    if (
      (flags & VDS_SUB_SYSTEM_FLAG.VDS_SF_SUPPORTS_SPAN_LUNS) === 0 ||
      (flags & VDS_SUB_SYSTEM_FLAG.VDS_SF_DRIVE_EXTENT_CAPABLE) === 0
    )
      ctx.notApplicable('the subsystem makes no spans of parts of drives');
    const second = by === 'CreateLun' ? undefined : await ctx.system.optional(subSystem, 'IVdsSubSystem2');
    const make = async (driveIdArray: readonly Guid[], size: bigint): Promise<CreatedLun> => {
      const wish = { type: VDS_LUN_TYPE.VDS_LT_SPAN, size };
      if (second === undefined) return ctx.make.lun(subSystem, { ...wish, drives: driveIdArray });
      const { type, size: sizeInBytes } = wish;
      return ctx.make.startedLun(
        subSystem,
        await second.createLun2({ type, sizeInBytes, driveIdArray, unmaskingList: '' }),
      );
    };
    const [a, b] = await emptyDrives(ctx, subSystem, 2);
    // Against the order in which they are listed, which a provider that does not look at the caller's would take.
    const drives = [b!, a];
    const ids = drives.map(({ prop }) => prop.id);
    const small = await fullyAllocated(ctx, subSystem, await make(ids, await oddSize(ctx, subSystem)));
    const [first = 0n, next = 0n] = await bytesOn(ctx, drives, small.id);
    ctx.duties.holds(
      'VDS-10.2b',
      first > 0n,
      `a span of ${small.size} bytes has nothing on the first drive given, which has room for all of it, and ${next} ` +
        'bytes on the next',
    );
    const oneByOne = first >= small.size && next === 0n;
    ctx.duties.holds(
      'VDS-10.2e',
      oneByOne || next > 0n,
      `a span of ${small.size} bytes has ${first} of them on the first drive given and ${next} on the next`,
    );
    ctx.duties.reading(
      'a span for which the first drive given has room',
      oneByOne ? 'lies on that drive alone' : 'lies on every drive given',
      'VDS-10.2e',
    );
    ctx.duties.ok('VDS-10.6', await small.lun.delete());
    const free = drives[0]!.free;
    const size = free + (await ctx.make.lunSize(subSystem));
    await needsLargeLun(ctx, subSystem, { type: VDS_LUN_TYPE.VDS_LT_SPAN, size, drives: ids });
    const large = await make(ids, size);
    const [full = 0n, rest = 0n] = await bytesOn(ctx, drives, large.id);
    ctx.duties.holds(
      'VDS-10.2b',
      rest > 0n && full > 0n && (!oneByOne || full + 1024n * MIB >= free),
      `a span of ${large.size} bytes has ${full} on the first drive given, ` +
        `which had ${free} free, and ${rest} on the next`,
    );
  },
}));
