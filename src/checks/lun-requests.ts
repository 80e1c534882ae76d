// LUNs as checks ask for them: by type, drives, masks and hints. What is made is deleted when the check ends.
import { VDS_LUN_TYPE, VDS_SUB_SYSTEM_FLAG } from '../contract/generated/enumerations.js';
import type { VDS_HINTS, VDS_LUN_PLEX_PROP } from '../contract/generated/structures.js';
import type { Guid } from '../contract/guid.js';
import { zeroStructure } from '../contract/codec.js';
import { formatHresult, HR, succeeded } from '../contract/hresult.js';
import type { IVdsAsync, IVdsLun, IVdsLunPlex, IVdsSubSystem } from '../port/generated/typed.js';
import { madeBy } from '../port/made-objects.js';
import type { Result } from '../port/objects.js';
import { displayName, inWords } from '../port/show-value.js';
import type { Context } from './context.js';
import { drivesOf, extentsOf, mayBeUsed } from './equipment.js';
import { NO_ROOM, OF_THE_LAB, refusesAnyRequest } from './lun-habits.js';
import type { CreatedLun } from './make.js';
import type { Evidence } from './outcome.js';
import { MIB } from '../contract/sizes.js';
import { TOO_LARGE } from '../contract/want-of-room.js';
export { MIB } from '../contract/sizes.js';

/** Bytes by which a size may exceed twice what was asked for, before it is worth a finding. */
const MOST_ROUNDING = 1024n * MIB;

export { TOO_LARGE };

/** The flags by which a subsystem reports that it supports a type. */
export const TYPE_FLAGS = [
  { type: VDS_LUN_TYPE.VDS_LT_SPAN, flag: VDS_SUB_SYSTEM_FLAG.VDS_SF_SUPPORTS_SPAN_LUNS },
  { type: VDS_LUN_TYPE.VDS_LT_STRIPE, flag: VDS_SUB_SYSTEM_FLAG.VDS_SF_SUPPORTS_STRIPE_LUNS },
  { type: VDS_LUN_TYPE.VDS_LT_MIRROR, flag: VDS_SUB_SYSTEM_FLAG.VDS_SF_SUPPORTS_MIRROR_LUNS },
  { type: VDS_LUN_TYPE.VDS_LT_PARITY, flag: VDS_SUB_SYSTEM_FLAG.VDS_SF_SUPPORTS_PARITY_LUNS },
] as const;

export interface FoundPlex {
  readonly plex: IVdsLunPlex;
  readonly prop: VDS_LUN_PLEX_PROP;
}

/** The flags of a subsystem. */
export async function flagsOf(ctx: Context, subSystem: IVdsSubSystem): Promise<number> {
  return ctx.duties.output('VDS-7.7', await subSystem.getProperties(), 'subSystemProp').flags;
}

type Started = Result<{ readonly async: IVdsAsync | null }>;

/** The result of an operation that has begun, for the check to judge. */
async function endOf(
  ctx: Context,
  started: Started,
): Promise<{ readonly hr: number; readonly waited: Result<object> }> {
  const waited = await ctx.duties.output('VDS-8.1a', started, 'async').wait();
  ctx.duties.ok('VDS-8.2', waited);
  return { hr: ctx.duties.output('VDS-8.2', waited, 'hrResult'), waited };
}

/** Where nobody may change anything, no request gets as far as what is wrong with it. */
function neverJudged(ctx: Context, { hr, record }: Started, codes: readonly number[]): void {
  if (refusesAnyRequest(hr) && hr !== HR.VDS_E_NOT_SUPPORTED && !codes.includes(hr))
    ctx.inconclusive(`${displayName(record.method)} answered ${formatHresult(hr)}`);
}

/** A creation or change must fail, with one of these codes, at once or as the operation's own result. */
export async function refusedOperation(
  ctx: Context,
  requirement: string,
  started: Started,
  codes: readonly number[],
  when: string,
): Promise<void> {
  neverJudged(ctx, started, codes);
  if (!succeeded(started.hr)) {
    ctx.duties.code(requirement, started, codes, when);
    return;
  }
  const { hr, waited } = await endOf(ctx, started);
  ctx.duties.holds(
    requirement,
    codes.includes(hr),
    `the operation ended with ${formatHresult(hr)} ${when}; expected ${codes.map(formatHresult).join(' or ')}`,
    waited,
  );
}

/** A change that was given an id that names nothing must fail, and should with VDS_E_OBJECT_NOT_FOUND. */
export async function notFoundOperation(ctx: Context, started: Started, when: string): Promise<void> {
  neverJudged(ctx, started, []);
  if (!succeeded(started.hr)) {
    ctx.duties.notFound(started, when);
    return;
  }
  const { hr, waited } = await endOf(ctx, started);
  const message = `the operation ended with ${formatHresult(hr)} ${when}`;
  ctx.duties.holds('VDS-7.2', !succeeded(hr), `${message}; expected a failure`, waited);
  const { VDS_E_OBJECT_NOT_FOUND } = HR;
  const best = `${message}; expected ${formatHresult(VDS_E_OBJECT_NOT_FOUND)}`;
  ctx.duties.holds('VDS-7.2d', hr === VDS_E_OBJECT_NOT_FOUND, best, waited);
}

/** The LUN of a creation that may be refused as well, at once or for want of room by Wait; undefined where it was. */
export async function lunIfMade(
  ctx: Context,
  subSystem: IVdsSubSystem,
  started: Started,
): Promise<CreatedLun | undefined> {
  if (!succeeded(started.hr)) return undefined;
  const { hr } = await endOf(ctx, started);
  return OF_THE_LAB.has(hr) || TOO_LARGE.includes(hr) ? undefined : ctx.make.startedLun(subSystem, started);
}

/** What was created against the duty is deleted when the check ends. */
async function adoptWrongLun(ctx: Context, started: Started): Promise<void> {
  if (!succeeded(started.hr)) return;
  const unknown = madeBy(await ctx.duties.output('VDS-8.1a', started, 'async').wait());
  const lun = unknown === null ? null : await unknown.as('IVdsLun');
  if (lun !== null)
    ctx.make.deleteOnCleanUp(ctx.duties.output('VDS-10.2c', await lun.getProperties(), 'lunProp').id, 'lun');
}

/** A LUN must not be created: refused with one of these codes. */
export async function refusedLun(
  ctx: Context,
  requirement: string,
  started: Started,
  codes: readonly number[],
  when: string,
): Promise<void> {
  await adoptWrongLun(ctx, started);
  await refusedOperation(ctx, requirement, started, codes, when);
}

/** A LUN must not be created, as an id that was given names nothing. */
export async function notFoundLun(ctx: Context, started: Started, when: string): Promise<void> {
  await adoptWrongLun(ctx, started);
  await notFoundOperation(ctx, started, when);
}

/** The size of a LUN that must be created; a refusal breaks `requirement`. */
export async function createdSize(
  ctx: Context,
  subSystem: IVdsSubSystem,
  requirement: string,
  started: Started,
  when: string,
): Promise<bigint> {
  if (NO_ROOM.includes(started.hr)) ctx.duties.code(requirement, started, HR.S_OK, when);
  return (await ctx.make.startedLun(subSystem, started)).size;
}

/**
 * Not applicable where the subsystem reports that no LUN of this type can be as large on these drives: an array may
 * have a limit that comes before its room.
 */
export async function needsLargeLun(
  ctx: Context,
  subSystem: IVdsSubSystem,
  { type, size, drives }: { readonly type: number; readonly size: bigint; readonly drives: readonly Guid[] },
): Promise<void> {
  const request = { type, driveIdArray: drives, hints: hintsOf({}) };
  const { hr, out } = await subSystem.queryMaxLunCreateSize(request);
  if (hr === HR.S_OK && typeof out.maxLunSize === 'bigint' && out.maxLunSize < size)
    ctx.notApplicable(`the check needs a LUN of ${size} bytes, and the largest is one of ${out.maxLunSize}`);
}

/** Creates a LUN of two plexes. Not applicable where the subsystem has no such LUNs. */
export async function makeMirror(
  ctx: Context,
  subSystem: IVdsSubSystem,
  size?: bigint,
): Promise<CreatedLun & { readonly plexes: readonly [FoundPlex, FoundPlex, ...FoundPlex[]] }> {
  if (((await flagsOf(ctx, subSystem)) & VDS_SUB_SYSTEM_FLAG.VDS_SF_SUPPORTS_MIRROR_LUNS) === 0)
    ctx.notApplicable('the subsystem does not have VDS_SF_SUPPORTS_MIRROR_LUNS');
  const made = await ctx.make.lun(subSystem, {
    type: VDS_LUN_TYPE.VDS_LT_MIRROR,
    ...(size === undefined ? {} : { size }),
  });
  const [first, second, ...more] = await plexesOf(ctx, made.lun);
  if (first === undefined || second === undefined) return ctx.notApplicable('the mirror shows a single plex');
  return { ...made, plexes: [first, second, ...more] };
}

/**
 * Two simple LUNs of which one may become a plex of the other, on drives of their own where there are two: no two
 * plexes of a mirror need to share one. The second is `times` as large as the first.
 */
export async function lunsApart(
  ctx: Context,
  subSystem: IVdsSubSystem,
  times = 1n,
): Promise<readonly [CreatedLun, CreatedLun]> {
  const [one, other] = (await drivesApart(ctx, subSystem)).map((id) => ({ drives: [id] }));
  const first = await ctx.make.simpleLun(subSystem, one);
  return [
    first,
    await ctx.make.simpleLun(subSystem, { ...other, ...(times === 1n ? {} : { size: first.size * times }) }),
  ];
}

/** Two drives for two LUNs; none where the run may not choose them. */
async function drivesApart(ctx: Context, subSystem: IVdsSubSystem): Promise<readonly Guid[]> {
  const found: Guid[] = [];
  for (const each of await drivesOf(ctx, subSystem, 0))
    if (mayBeUsed(ctx, each) && (await extentsOf(ctx, each.drive)).some(({ used }) => !used)) found.push(each.prop.id);
  return found.length < 2 ? [] : found.slice(-2);
}

/** The plexes of a LUN. */
export async function plexesOf(ctx: Context, lun: IVdsLun): Promise<readonly FoundPlex[]> {
  const found: FoundPlex[] = [];
  for (const plex of await ctx.duties.list(await lun.queryPlexes(), 'enum', 'IVdsLunPlex', 'VDS-6.7b')) {
    found.push({ plex, prop: ctx.duties.output('VDS-7.7', await plex.getProperties(), 'plexProp') });
  }
  return found;
}

/**
 * Judges a size after success: `actual` bytes where `asked` were wanted and, before a change, `before` were there. An
 * array rounds as it must, but half as much, or nothing more than before, does not come from rounding.
 */
export function judgeSize(ctx: Context, requirement: string, size: AskedSize, evidence?: Evidence): void {
  const { actual, asked, before = 0n } = size;
  const added = actual - before;
  const { told, compared } = sizeInWords(size, evidence);
  ctx.duties.holds(requirement, added * 2n >= asked - before && added > 0n, told, compared);
  judgeRounding(ctx, size, evidence);
}

interface AskedSize {
  readonly actual: bigint;
  readonly asked: bigint;
  readonly before?: bigint;
  /** How many calls asked for it, each of which may have been rounded; one unless given. */
  readonly calls?: bigint;
}

function sizeInWords({ actual, asked, before = 0n }: AskedSize, evidence?: Evidence) {
  const became = before === 0n ? `was made with ${actual}` : `went from ${before} to ${actual}`;
  return {
    told: `the LUN ${became} bytes, and ${asked} were asked for`,
    compared: { ...evidence, expected: inWords(`at least ${asked} bytes`), actual: inWords(`${actual} bytes`) },
  };
}

/** Judges how a size was rounded: up, and by no more than an array needs. */
export function judgeRounding({ duties }: Context, size: AskedSize, evidence?: Evidence): void {
  const { actual, asked, before = 0n, calls = 1n } = size;
  const added = actual - before;
  const wanted = asked - before;
  const most = wanted * 2n + MOST_ROUNDING * calls;
  const { told, compared } = sizeInWords(size, evidence);
  duties.holds('VDS-10.2d', actual >= asked, `${told}: a size is to be rounded up, not down`, compared);
  duties.holds('VDS-10.2g', added <= most, `${told}, which is more than rounding explains`, {
    ...compared,
    expected: inWords(`at most ${before + most} bytes`),
  });
}

/** The size that GetProperties reports. */
export async function sizeOf(ctx: Context, lun: IVdsLun, requirement: string): Promise<bigint> {
  return ctx.duties.output(requirement, await lun.getProperties(), 'lunProp').size;
}

/** Hints of which only those given are set. */
export const hintsOf = (given: Partial<VDS_HINTS>): VDS_HINTS => zeroStructure('VDS_HINTS', given);
