// How large a LUN can be, asked before and after each change of what is in use: an answer that a change has overtaken
// is no longer that of the largest LUN.
import {
  type Check,
  type Context,
  type CreatedLun,
  emptyDrives,
  hintsOf,
  type IVdsAsync,
  type IVdsSubSystem,
  makeHotSpare,
  nameIn,
  plexesOf,
  setStatus,
  VdsObject,
} from '../../src/checks/index.js';
import { type Guid, HR, OBJECT_STATUS, succeeded, VDS_DRIVE_FLAG, VDS_LUN_TYPE } from '../../src/contract/index.js';

const { VDS_LT_SIMPLE, VDS_LT_SPAN, VDS_LT_STRIPE, VDS_LT_MIRROR } = VDS_LUN_TYPE;
const TYPES = [VDS_LT_SIMPLE, VDS_LT_SPAN, VDS_LT_STRIPE, VDS_LT_MIRROR];

type StartedLun = Awaited<ReturnType<Context['make']['startLun']>>;

/** A change of what is in use. Those that give space back say how much at most. */
interface Change {
  readonly what: string;
  readonly gives?: bigint;
  readonly act: () => Promise<boolean>;
}

/** Waits for an operation, where one was started. Gives whether it was carried out. */
export async function carriedOut(started: { readonly hr: number; readonly out: object }): Promise<boolean> {
  if (!succeeded(started.hr)) return false;
  const operation = (started.out as { readonly async?: unknown }).async;
  if (!(operation instanceof VdsObject)) return true;
  const { hr, out } = await (operation as IVdsAsync).wait();
  return succeeded(hr) && typeof out.hrResult === 'number' && succeeded(out.hrResult);
}

/** The largest sizes by types, as far as the subsystem reports any. */
async function largest(
  ctx: Context,
  subSystem: IVdsSubSystem,
  driveIdArray: readonly Guid[] | undefined,
): Promise<ReadonlyMap<number, bigint>> {
  const found = new Map<number, bigint>();
  for (const type of TYPES) {
    const given = driveIdArray === undefined ? {} : { driveIdArray };
    const result = await subSystem.queryMaxLunCreateSize({ type, ...given, hints: hintsOf({}) });
    if (result.hr !== HR.S_OK) continue;
    const size = ctx.duties.output('VDS-10.5a', result, 'maxLunSize');
    if (size > 0n) found.set(type, size);
  }
  return found;
}

/** Makes a LUN that is deleted at once. Gives its size; undefined where it cannot be made. */
async function sizeMade(ctx: Context, subSystem: IVdsSubSystem, started: StartedLun): Promise<bigint | undefined> {
  if (!(await carriedOut(started))) return undefined;
  const { lun, size } = await ctx.make.startedLun(subSystem, started);
  ctx.duties.ok('VDS-10.6', await lun.delete());
  return size;
}

/** An answer that is the same as before the change is tried: it is the largest size, and no less or more. */
async function isStillTrue(
  ctx: Context,
  subSystem: IVdsSubSystem,
  { what, gives }: Change,
  type: number,
  size: bigint,
): Promise<void> {
  const asked = size + (gives ?? 0n);
  const started = await ctx.make.startLun(subSystem, { type, size: asked });
  const made = await sizeMade(ctx, subSystem, started);
  const answer = `QueryMaxLunCreateSize reports ${size} bytes for ${nameIn('VDS_LUN_TYPE', type)} as before ${what}`;
  if (gives !== undefined)
    ctx.duties.holds(
      'VDS-10.5a',
      made === undefined || made <= size,
      `${answer}, and a LUN of ${made} bytes can be made`,
      started,
    );
  else
    ctx.duties.holds(
      'VDS-10.5a',
      made !== undefined || refusesForOtherReasons(started),
      `${answer}, and no LUN of that size can be made`,
      started,
    );
}

/** Only a lack of space shows that a size is too large. */
const refusesForOtherReasons = ({ hr }: StartedLun): boolean =>
  !succeeded(hr) && hr !== HR.VDS_E_NOT_ENOUGH_SPACE && hr !== HR.VDS_E_NOT_ENOUGH_DRIVE;

/** Changes of LUNs, each of which takes space or gives it back. */
function changesOfLuns(ctx: Context, subSystem: IVdsSubSystem, piece: bigint): readonly Change[] {
  const luns = new Map<string, CreatedLun>();
  const change = (
    what: string,
    name: string,
    how: (made: CreatedLun) => Promise<{ readonly hr: number; readonly out: object }>,
    gives?: bigint,
  ): Change => ({
    what: `${name} ${what}`,
    ...(gives === undefined ? {} : { gives }),
    act: async () => {
      const made = luns.get(name);
      return made !== undefined && carriedOut(await how(made));
    },
  });
  const creation = (name: string, type: number, size: bigint): Change => ({
    what: `${name} was created`,
    act: async () => {
      const started = await ctx.make.startLun(subSystem, { type, size });
      if (!(await carriedOut(started))) return false;
      luns.set(name, await ctx.make.startedLun(subSystem, started));
      return true;
    },
  });
  return TYPES.flatMap((type) => {
    const name = `a LUN of ${nameIn('VDS_LUN_TYPE', type)}`;
    return [
      creation(name, type, 4n * piece),
      change('was shrunk', name, ({ lun }) => lun.shrink({ numberOfBytesToRemove: 2n * piece }), 2n * piece),
      change('was extended', name, ({ lun }) => lun.extend({ numberOfBytesToAdd: 2n * piece })),
      change('was shrunk again', name, ({ lun }) => lun.shrink({ numberOfBytesToRemove: piece }), piece),
      ...(type === VDS_LT_MIRROR
        ? [
            change(
              'lost a plex',
              name,
              async ({ lun }) => lun.removePlex({ plexId: (await plexesOf(ctx, lun))[1]?.prop.id ?? '' }),
              3n * piece,
            ),
          ]
        : []),
      change('was deleted', name, ({ lun }) => lun.delete(), 3n * piece),
    ];
  });
}

/** Changes of a drive that nothing lies on. */
async function changesOfADrive(ctx: Context, subSystem: IVdsSubSystem, piece: bigint): Promise<readonly Change[]> {
  const [found] = (await emptyDrives(ctx, subSystem, 0)).slice(-1);
  if (found === undefined) return [];
  const { drive } = found;
  const status = async (value: number): Promise<boolean> => succeeded((await setStatus(ctx, drive, value)).hr);
  return [
    { what: 'a drive was set OFFLINE', act: () => status(OBJECT_STATUS.STATUS_OFFLINE) },
    { what: 'a drive was set ONLINE', gives: piece, act: () => status(OBJECT_STATUS.STATUS_ONLINE) },
    { what: 'a drive became a hot spare', act: async () => succeeded((await makeHotSpare(ctx, found)).hr) },
    {
      what: 'a drive was a hot spare no longer',
      gives: piece,
      act: async () => succeeded((await drive.clearFlags({ flags: VDS_DRIVE_FLAG.VDS_DRF_HOTSPARE })).hr),
    },
  ];
}

export const roomAfterChanges: Check = {
  id: 'subsystem.largest-lun-after-each-change',
  title: 'QueryMaxLunCreateSize reports the largest LUN that can be made after each change that takes or gives space',
  requirements: ['VDS-10.5a'],
  effort: 'standard',
  cost: { calls: 500, recoveries: 0 },
  async run(ctx) {
    const subSystem = await ctx.system.subSystem();
    const piece = await ctx.make.lunSize(subSystem);
    const { driveIdArray } = await ctx.make.room(subSystem);
    const changes = [
      ...changesOfLuns(ctx, subSystem, piece),
      // A run that is kept to some drives may not leave out one of them.
      ...(driveIdArray === undefined ? await changesOfADrive(ctx, subSystem, piece) : []),
    ];
    if ((await largest(ctx, subSystem, driveIdArray)).size === 0)
      ctx.notApplicable('QueryMaxLunCreateSize reports no size');
    for (const change of changes) {
      // What was tried may have taken space since it was last asked.
      const before = await largest(ctx, subSystem, driveIdArray);
      if (!(await change.act())) continue;
      for (const [type, size] of await largest(ctx, subSystem, driveIdArray))
        if (before.get(type) === size) await isStillTrue(ctx, subSystem, change, type, size);
    }
  },
};
