// How checks of creation ask for LUNs, and what each new LUN must be whatever way it was asked for.
import {
  AUTOMAGIC,
  type Context,
  type Evidence,
  isFaultTolerant,
  type IVdsSubSystem,
  type IVdsSubSystem2,
  judgeSize,
  type LunWish,
  namesTheSame,
  nameIn,
} from '../../src/checks/index.js';
import { HR, VDS_LUN_TYPE } from '../../src/contract/index.js';

const { VDS_LT_FAULT_TOLERANT, VDS_LT_NON_FAULT_TOLERANT } = VDS_LUN_TYPE;

/** No types: between those of the enumeration, above and below them. */
export const NO_TYPES: readonly number[] = [4, 31, -1];
/** Not quite a round size, so that rounding shows. */
export const oddSize = async (ctx: Context, subSystem: IVdsSubSystem): Promise<bigint> =>
  (await ctx.make.lunSize(subSystem)) + 1n;

/** Every new LUN must have at least the size asked for, and a type that is not automagic. */
export async function soundLun(
  ctx: Context,
  subSystem: IVdsSubSystem,
  wish: LunWish & { readonly type: number },
): Promise<void> {
  const started = await ctx.make.startLun(subSystem, wish);
  // The flags say that there are such LUNs.
  ctx.duties.judging('VDS-7.5c');
  if (started.hr === HR.VDS_E_NOT_SUPPORTED)
    return ctx.duties.broken(
      'VDS-7.5c',
      `CreateLun answered VDS_E_NOT_SUPPORTED for LUN type ${nameIn('VDS_LUN_TYPE', wish.type)}, which the ` +
        "subsystem's flags say it supports",
      started,
    );
  const { lun } = await ctx.make.startedLun(subSystem, started);
  const result = await lun.getProperties();
  const { size, type } = ctx.duties.output('VDS-10.2c', result, 'lunProp');
  judgeSize(ctx, 'VDS-10.2c', { actual: size, asked: wish.size ?? (await ctx.make.lunSize(subSystem)) }, result);
  judgeType(ctx, wish.type, type, result);
}

/** The type that is reported of a LUN must be a concrete one, and what was asked for. */
export function judgeType(ctx: Context, asked: number, type: number, evidence: Evidence): void {
  ctx.duties.holds(
    'VDS-10.2h',
    !AUTOMAGIC.has(type),
    `VDS_LUN_PROP.type is ${nameIn('VDS_LUN_TYPE', type)}, an automagic type, which is for requests only`,
    evidence,
  );
  if (asked === VDS_LT_FAULT_TOLERANT || asked === VDS_LT_NON_FAULT_TOLERANT)
    ctx.duties.equal(
      'VDS-10.2f',
      `whether a LUN of type ${nameIn('VDS_LUN_TYPE', type)}, which was asked for as ` +
        `${nameIn('VDS_LUN_TYPE', asked)}, is fault tolerant`,
      isFaultTolerant(type),
      asked === VDS_LT_FAULT_TOLERANT,
      evidence,
    );
  if (!AUTOMAGIC.has(asked))
    ctx.duties.holds(
      'VDS-10.2h',
      namesTheSame(asked, type),
      `VDS_LUN_PROP.type of a LUN that was asked for with type ${nameIn('VDS_LUN_TYPE', asked)} is ` +
        `${nameIn('VDS_LUN_TYPE', type)}`,
      evidence,
    );
}

/** CreateLun2 of a subsystem. Not applicable where it is not there. */
export async function versionTwo(
  ctx: Context,
): Promise<{ readonly subSystem: IVdsSubSystem; readonly subSystem2: IVdsSubSystem2 }> {
  const subSystem = await ctx.system.subSystem();
  return { subSystem, subSystem2: await ctx.system.optional(subSystem, 'IVdsSubSystem2') };
}
