// Making LUNs larger and smaller (semantics.md 10.7), and how large they can become.
import {
  askForProperties,
  bytesOf,
  bytesOfLun,
  bytesUnused,
  divisor,
  type Check,
  type Context,
  defineSuite,
  drivesOf,
  emptyDrives,
  extentsOf,
  fullyAllocated,
  type IVdsAsync,
  type IVdsDrive,
  type IVdsLun,
  isPassing,
  judgeSize,
  MIB,
  needsLargeLun,
  notFoundOperation,
  OF_THE_LAB,
  plexesOf,
  type Result,
  sizeOf,
  TOO_LARGE,
  UNKNOWN_ID,
} from '../src/checks/index.js';
import { formatHresult, HR, succeeded, VDS_LUN_TYPE } from '../src/contract/index.js';

/**
 * A change that must fail, at once with a permitted code or as the operation's own result, and leave the size: of
 * Extend the page says so.
 */
async function refused(
  ctx: Context,
  requirement: string,
  lun: IVdsLun,
  size: bigint,
  started: Result<{ readonly async: IVdsAsync | null }>,
  when: string,
): Promise<void> {
  if (succeeded(started.hr)) {
    const waited = await ctx.duties.output('VDS-8.1b', started, 'async').wait();
    ctx.duties.holds(
      requirement,
      !succeeded(ctx.duties.output('VDS-8.2', waited, 'hrResult')),
      `the operation succeeded ${when}`,
      waited,
    );
  } else ctx.duties.permitted(requirement, started, when);
  ctx.duties.equal(
    started.record.method === 'IVdsLun.Extend' ? 'VDS-10.7h' : 'VDS-0.2b',
    'the size of the LUN after a change that failed',
    await sizeOf(ctx, lun, requirement),
    size,
  );
}

/** The drives that a LUN is given one after the other, by their places among those that are empty. */
const WAYS = [
  ['onto-a-later-drive', 'a later drive', [0, 1]],
  ['onto-an-earlier-drive', 'an earlier drive', [1, 0]],
  ['there-and-back', 'another drive and back', [1, 0, 1]],
] as const;

/** Extend adds at the end, where a drive is given on that drive, and Shrink takes from the end again. */
const shrinkAfterExtend = WAYS.map(([id, where, places]): Check => ({
  id: `resizing.shrink-after-extend.${id}`,
  title: `Shrink takes back what Extend added last, of a LUN that was extended onto ${where}`,
  requirements: ['VDS-10.7e'],
  effort: 'standard',
  cost: { calls: 60, recoveries: 0 },
  async run(ctx) {
    const subSystem = await ctx.system.subSystem();
    const [a, b] = await emptyDrives(ctx, subSystem, 2);
    const inOrder = places.map((place) => (place === 0 ? a : b!));
    const more = await ctx.make.lunSize(subSystem);
    const made = await ctx.make.simpleLun(subSystem, { drives: [inOrder[0]!.prop.id] });
    const { lun, id: lunId, spare } = await fullyAllocated(ctx, subSystem, made);
    const on = async ({ drive }: typeof a): Promise<bigint> => bytesOfLun(await extentsOf(ctx, drive), lunId);
    let before = [await on(a), await on(b!)];
    let size = await sizeOf(ctx, lun, 'VDS-10.7a');
    for (const { prop } of inOrder.slice(1)) {
      before = [await on(a), await on(b!)];
      size = await sizeOf(ctx, lun, 'VDS-10.7a');
      const started = await lun.extend({ numberOfBytesToAdd: more, driveIdArray: [prop.id] });
      await ctx.duties.completed(ctx.duties.supported(started));
    }
    const less = (await sizeOf(ctx, lun, 'VDS-10.7a')) - size;
    await ctx.duties.completed(await lun.shrink({ numberOfBytesToRemove: less }));
    if ((await sizeOf(ctx, lun, 'VDS-10.7e')) !== size)
      ctx.notApplicable('the array gives space in larger pieces than this check takes away');
    for (const [i, drive] of [a, b!].entries()) {
      const [was, is] = [before[i]!, await on(drive)];
      ctx.duties.holds(
        'VDS-10.7e',
        is <= was && is + spare >= was,
        `after Shrink took away what Extend had added last, the drive in slot ${drive.prop.slotNumber} has ${is} ` +
          `bytes of the LUN, and had ${was} before both`,
      );
    }
  },
}));

export const suite = defineSuite('resizing', 'Extending and shrinking LUNs', [
  ...shrinkAfterExtend,
  {
    id: 'resizing.extend-on-given-drive',
    title: 'Extend uses the drive given before others',
    requirements: ['VDS-10.7b', 'VDS-10.7a'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const drives = await emptyDrives(ctx, subSystem, 2);
      // The last, which a provider that does not look at the list would not take.
      const given = drives.at(-1) ?? drives[0];
      const more = await ctx.make.lunSize(subSystem);
      const made = await ctx.make.simpleLun(subSystem, { drives: [given.prop.id] });
      const { lun, id, size } = await fullyAllocated(ctx, subSystem, made);
      if (bytesUnused(await extentsOf(ctx, given.drive)) < more)
        ctx.notApplicable('the drive that a LUN lies on has no room for as much again');
      await ctx.duties.completed(
        ctx.duties.supported(await lun.extend({ numberOfBytesToAdd: more, driveIdArray: [given.prop.id] })),
      );
      const now = await sizeOf(ctx, lun, 'VDS-10.7a');
      judgeSize(ctx, 'VDS-10.7a', { actual: now, asked: size + more, before: size });
      // An array that gives LUNs more than their size need not take anything.
      const held = bytesOfLun(await extentsOf(ctx, given.drive), id);
      ctx.duties.holds(
        'VDS-10.7b',
        held >= now,
        `Extend was given the drive that a LUN lies on, with room for ${more} bytes more, and of the ${now} bytes ` +
          `that the LUN has then ${held} are on it`,
      );
    },
  },
  {
    id: 'resizing.extend-onto-another-drive',
    title: 'Extend uses the drive given, where the LUN is on another one',
    requirements: ['VDS-10.7b'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const drives = await emptyDrives(ctx, subSystem, 2);
      const [own, given] = [drives[0], drives.at(-1)];
      if (given === undefined || given === own) return ctx.notApplicable('fewer than two drives are unused');
      const more = await ctx.make.lunSize(subSystem);
      const made = await ctx.make.lun(subSystem, { type: VDS_LUN_TYPE.VDS_LT_SPAN, drives: [own.prop.id] });
      const { lun, id, size, spare } = await fullyAllocated(ctx, subSystem, made);
      await ctx.duties.completed(
        ctx.duties.supported(await lun.extend({ numberOfBytesToAdd: more, driveIdArray: [given.prop.id] })),
      );
      const added = (await sizeOf(ctx, lun, 'VDS-10.7b')) - size;
      const onGiven = bytesOfLun(await extentsOf(ctx, given.drive), id);
      ctx.duties.holds(
        'VDS-10.7b',
        onGiven + spare >= added,
        `Extend added ${added} bytes to a LUN and was given a drive with room for them, on which it took ${onGiven}`,
      );
    },
  },
  {
    id: 'resizing.extend-over-two-drives',
    title: 'What Extend adds with two drives given lies on these drives, one after the other or on both',
    requirements: ['VDS-10.7c', 'VDS-10.7a'],
    cost: { calls: 50, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const drives = await emptyDrives(ctx, subSystem, 2);
      const [a, b] = drives;
      if (a === undefined || b === undefined) return ctx.notApplicable('fewer than two drives are unused');
      const more = await ctx.make.lunSize(subSystem);
      const given = [b, a];
      const driveIdArray = given.map(({ prop }) => prop.id);
      const made = await ctx.make.lun(subSystem, { type: VDS_LUN_TYPE.VDS_LT_SPAN, drives: driveIdArray });
      const { lun, id, size } = await fullyAllocated(ctx, subSystem, made);
      const bytes = async (): Promise<readonly bigint[]> => {
        const all: bigint[] = [];
        for (const { drive } of given) all.push(bytesOfLun(await extentsOf(ctx, drive), id));
        return all;
      };
      const [onFirst = 0n, onSecond = 0n] = await bytes();
      await ctx.duties.completed(ctx.duties.supported(await lun.extend({ numberOfBytesToAdd: more, driveIdArray })));
      const [first = 0n, second = 0n] = await bytes();
      const added = (await sizeOf(ctx, lun, 'VDS-10.7a')) - size;
      const [toFirst, toSecond] = [first - onFirst, second - onSecond];
      // An array that gives LUNs more than their size need not take anything.
      ctx.duties.holds(
        'VDS-10.7c',
        first + second >= size + added,
        `Extend added ${added} bytes to a span and was given the two drives that it lies on, with room for them, on ` +
          `which it took ${toFirst + toSecond}`,
      );
      ctx.duties.reading(
        'Extend with two drives of which the first has room',
        toSecond === 0n ? 'uses the first alone' : 'uses both',
        'VDS-10.7c',
      );
    },
  },
  {
    id: 'resizing.extend-beyond-the-first-drive',
    title: 'Extend by more than the first drive given has goes on with the second, and not with another',
    requirements: ['VDS-10.7b'],
    effort: 'standard',
    cost: { calls: 60, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const [own, first, second] = await emptyDrives(ctx, subSystem, 3);
      if (own === undefined || first === undefined || second === undefined)
        return ctx.notApplicable('fewer than three drives are unused');
      const more = await ctx.make.lunSize(subSystem);
      const made = await ctx.make.lun(subSystem, { type: VDS_LUN_TYPE.VDS_LT_SPAN, drives: [own.prop.id] });
      const { lun, id, size, spare } = await fullyAllocated(ctx, subSystem, made);
      const on = async ({ drive }: typeof own): Promise<bigint> => bytesOfLun(await extentsOf(ctx, drive), id);
      const onOwn = await on(own);
      const numberOfBytesToAdd = bytesOf(await extentsOf(ctx, first.drive)) + more;
      const driveIdArray = [first, second].map(({ prop }) => prop.id);
      const started = ctx.duties.supported(await lun.extend({ numberOfBytesToAdd, driveIdArray }));
      if (TOO_LARGE.includes(started.hr) || OF_THE_LAB.has(started.hr))
        ctx.notApplicable(`the array makes no LUN as large as a drive: Extend answered ${formatHresult(started.hr)}`);
      await ctx.duties.completed(started);
      const added = (await sizeOf(ctx, lun, 'VDS-10.7b')) - size;
      const taken = (await on(first)) + (await on(second));
      ctx.duties.holds(
        'VDS-10.7b',
        taken + spare >= added,
        `Extend added ${added} bytes to a LUN and was given two drives with room for them, on which it took ` +
          `${taken}, and ${(await on(own)) - onOwn} on the drive on which the LUN lay before`,
      );
    },
  },
  {
    id: 'resizing.extend-lying-count',
    title: 'Extend refuses a NULL drive array whose count is not 0, and the LUN stays',
    requirements: ['VDS-10.7d'],
    cost: { calls: 14, recoveries: 0 },
    async run(ctx) {
      const { lun, size } = await ctx.make.lun(await ctx.system.subSystem());
      const started = ctx.duties.supported(
        await lun.extend({ numberOfBytesToAdd: size, driveIdArray: null, numberOfDrives: 2 }),
      );
      await refused(ctx, 'VDS-10.7d', lun, size, started, 'for a NULL drive array with count 2');
    },
  },
  {
    id: 'resizing.extend-unknown-drive',
    title: 'Extend refuses a drive that does not exist, with VDS_E_OBJECT_NOT_FOUND, and the LUN stays',
    requirements: ['VDS-7.2', 'VDS-7.2d', 'VDS-10.7h'],
    cost: { calls: 14, recoveries: 0 },
    async run(ctx) {
      const { lun, size } = await ctx.make.lun(await ctx.system.subSystem());
      const started = ctx.duties.supported(await lun.extend({ numberOfBytesToAdd: size, driveIdArray: [UNKNOWN_ID] }));
      await notFoundOperation(ctx, started, 'for a drive that does not exist');
      ctx.duties.equal(
        'VDS-10.7h',
        'the size of the LUN after an Extend that failed',
        await sizeOf(ctx, lun, 'VDS-10.7h'),
        size,
      );
    },
  },
  {
    id: 'resizing.largest-extension-of-some-drives',
    title: 'QueryMaxLunExtendSize allows no more with some of the drives than with all',
    requirements: ['VDS-10.5c'],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const drives = (await drivesOf(ctx, subSystem)).map(({ prop }) => prop.id);
      const { lun } = await ctx.make.lun(subSystem);
      const largest = async (driveIdArray: readonly string[] | null): Promise<bigint | undefined> => {
        const result = await lun.queryMaxLunExtendSize({ driveIdArray });
        if (driveIdArray === null) ctx.duties.supported(result);
        // A combination of parameters may lack support as well.
        else if (!succeeded(result.hr)) return void ctx.duties.permitted('VDS-10.5c', result, 'for some drives');
        return ctx.duties.output('VDS-10.5c', result, 'maxBytesToBeAdded');
      };
      const all = (await largest(null)) ?? 0n;
      for (const some of [drives.slice(0, 1), drives.slice(1, 2), drives.slice(0, 2)]) {
        const those = some.length === 0 ? undefined : await largest(some);
        if (those !== undefined)
          ctx.duties.holds(
            'VDS-10.5c',
            those <= all,
            `a LUN can be extended by ${those} bytes on ${some.length} drives, and by ${all} bytes on all of them`,
          );
      }
    },
  },
  {
    id: 'resizing.extend-twice',
    title: 'Two Extends add up, and every plex has room for what was added',
    requirements: ['VDS-10.7a', 'VDS-10.2d', 'VDS-10.2g', 'VDS-10.8b'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const { lun, drives, size } = await ctx.make.lun(await ctx.system.subSystem());
      for (let time = 0; time < 2; time++)
        await ctx.duties.completed(await lun.extend({ numberOfBytesToAdd: size, driveIdArray: drives }));
      const now = await sizeOf(ctx, lun, 'VDS-10.7a');
      judgeSize(ctx, 'VDS-10.7a', { actual: now, asked: size * 3n, before: size, calls: 2n });
      for (const { prop } of await plexesOf(ctx, lun))
        ctx.duties.holds(
          'VDS-10.8b',
          prop.size >= now,
          `the LUN has ${now} bytes after it was extended, and a plex of it ${prop.size}`,
        );
    },
  },
  {
    id: 'resizing.extend-keeps-the-neighbour',
    title: "Extend leaves another LUN and the LUN's own id, type and name as they are",
    requirements: ['VDS-10.7a'],
    cost: { calls: 26, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const neighbour = await ctx.make.lun(subSystem);
      const { lun, drives, size } = await ctx.make.lun(subSystem);
      const before = await askForProperties(ctx, lun, 'VDS-10.7a');
      await ctx.duties.completed(await lun.extend({ numberOfBytesToAdd: size, driveIdArray: drives }));
      const after = await askForProperties(ctx, lun, 'VDS-10.7a');
      ctx.duties.equal('VDS-10.7a', 'VDS_LUN_PROP.id after Extend', after.properties.id, before.properties.id);
      for (const name of ['friendlyName', 'identification', 'unmaskingList', 'status']) {
        const [was, is] = [before.members[name], after.members[name]];
        // A LUN that is new, or was extended, may be busy for a while, and properties may be left out.
        if (was === undefined || is === undefined || isPassing(name, was) || isPassing(name, is)) continue;
        ctx.duties.equal('VDS-10.7a', `VDS_LUN_PROP.${name} after Extend`, is, was);
      }
      ctx.duties.equal(
        'VDS-10.7a',
        'the size of another LUN after Extend',
        await sizeOf(ctx, neighbour.lun, 'VDS-10.7a'),
        neighbour.size,
      );
    },
  },
  {
    id: 'resizing.largest-extension',
    title: 'Extend by what QueryMaxLunExtendSize reports succeeds, and by twice as much fails',
    requirements: ['VDS-10.5d', 'VDS-10.7a', 'VDS-10.7h'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      // The pages do not say that the drives which Extend names are the only ones it takes, so a LUN that takes all the
      // room might leave them.
      if (ctx.system.scope.drives.length > 0)
        ctx.inconclusive('this run is kept to drives, and must leave room on them');
      const { lun, drives, size } = await ctx.make.simpleLun(await ctx.system.subSystem());
      const query = ctx.duties.supported(await lun.queryMaxLunExtendSize({ driveIdArray: drives }));
      const most = ctx.duties.output('VDS-10.5d', query, 'maxBytesToBeAdded');
      if (most === 0n) ctx.notApplicable('the array has no room left');
      await refused(
        ctx,
        'VDS-10.7h',
        lun,
        size,
        await lun.extend({ numberOfBytesToAdd: most * 2n + 1024n * MIB, driveIdArray: drives }),
        'for more than twice what QueryMaxLunExtendSize reported',
      );
      const started = ctx.duties.supported(await lun.extend({ numberOfBytesToAdd: most, driveIdArray: drives }));
      ctx.duties.code('VDS-10.5d', started, HR.S_OK, 'for what QueryMaxLunExtendSize reported');
      await ctx.duties.completed(started);
      const now = await sizeOf(ctx, lun, 'VDS-10.5d');
      judgeSize(ctx, 'VDS-10.7a', { actual: now, asked: size + most, before: size });
    },
  },
  {
    id: 'resizing.shrink',
    title: 'Shrink takes bytes away, and no more than were asked for but for rounding',
    requirements: ['VDS-10.7f', 'VDS-10.2g', 'VDS-8.1b', 'VDS-8.4c'],
    cost: { calls: 18, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const less = await ctx.make.lunSize(subSystem);
      const { lun, size } = await ctx.make.lun(subSystem, { size: less * 2n });
      await ctx.duties.completed(await lun.shrink({ numberOfBytesToRemove: less }));
      const now = await sizeOf(ctx, lun, 'VDS-10.7f');
      ctx.duties.holds(
        'VDS-10.7f',
        now < size && now >= size - less,
        `the LUN had ${size} bytes, ${less} were to be removed, and it has ${now}`,
      );
      ctx.duties.equal('VDS-10.2g', 'the size after as much was removed as a LUN of this array has', now, size - less);
    },
  },
  {
    id: 'resizing.shrink-too-far',
    title: 'Shrink by more than a LUN has fails, and the LUN stays',
    requirements: ['VDS-10.7f'],
    cost: { calls: 18, recoveries: 0 },
    async run(ctx) {
      const { lun, size } = await ctx.make.lun(await ctx.system.subSystem());
      await refused(
        ctx,
        'VDS-10.7f',
        lun,
        size,
        ctx.duties.supported(await lun.shrink({ numberOfBytesToRemove: size * 2n })),
        'for more bytes than the LUN has',
      );
    },
  },
  {
    id: 'resizing.shrink-from-the-end',
    title: 'Shrink takes its bytes from the end: of a span on two drives, from the second',
    requirements: ['VDS-10.7e'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const [first, second] = await emptyDrives(ctx, subSystem, 2);
      const piece = await ctx.make.lunSize(subSystem);
      const span = {
        type: VDS_LUN_TYPE.VDS_LT_SPAN,
        drives: [first.prop.id, second!.prop.id],
        size: first.free + piece * 2n,
      };
      await needsLargeLun(ctx, subSystem, span);
      const { lun, id } = await ctx.make.lun(subSystem, span);
      const on = async (drive: IVdsDrive): Promise<bigint> => bytesOfLun(await extentsOf(ctx, drive), id);
      const [kept, end] = [await on(first.drive), await on(second!.drive)];
      if (kept === 0n || end < piece) ctx.notApplicable('the span does not lie on both drives');
      const size = await sizeOf(ctx, lun, 'VDS-10.7e');
      await ctx.duties.completed(await lun.shrink({ numberOfBytesToRemove: piece }));
      if ((await sizeOf(ctx, lun, 'VDS-10.7e')) === size)
        ctx.notApplicable('the array gives space in larger pieces than this check takes away');
      ctx.duties.equal(
        'VDS-10.7e',
        'the bytes of the LUN on its first drive after Shrink',
        await on(first.drive),
        kept,
      );
      ctx.duties.holds(
        'VDS-10.7e',
        (await on(second!.drive)) < end,
        'the LUN has as many bytes as before on the drive of its end',
      );
    },
  },
  {
    id: 'resizing.shrink-frees',
    title: 'What Shrink takes away can be used by another LUN',
    requirements: ['VDS-10.7g'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const piece = await ctx.make.lunSize(subSystem);
      const made = await ctx.make.simpleLun(subSystem, { size: piece * 4n });
      const { lun, id, size, spare } = await fullyAllocated(ctx, subSystem, made);
      const used = async (): Promise<bigint> => {
        let bytes = 0n;
        for (const { plex } of await plexesOf(ctx, lun))
          bytes += bytesOf((await extentsOf(ctx, plex)).filter((e) => e.lunId === id));
        return bytes;
      };
      const before = await used();
      await ctx.duties.completed(await lun.shrink({ numberOfBytesToRemove: piece * 2n }));
      const left = await sizeOf(ctx, lun, 'VDS-10.7g');
      const after = await used();
      const removed = size - left;
      // Whole pieces are taken and given back, of which the last may be in use in part.
      const isRest = spare > 0n && after < before && after - left < divisor(before, after);
      ctx.duties.holds(
        'VDS-10.7g',
        after <= before - removed || isRest,
        `Shrink took ${removed} bytes from a LUN, whose extents had ${before} bytes and have ${after}`,
      );
    },
  },
]);
