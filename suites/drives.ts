// Drives (semantics.md 4.5, 5.4 and 10.15): where they are, what lies on them, and what a caller may change about them.
import {
  bytesOf,
  bytesUnused,
  type Context,
  defineSuite,
  drivesOf,
  emptyDrives,
  extentsOf,
  fullyAllocated,
  idsOf,
  type IVdsSubSystem,
  makeHotSpare,
  plexesOf,
  pulledAs,
} from '../src/checks/index.js';
import { structure, VDS_DRIVE_FLAG } from '../src/contract/index.js';
import { healthAgrees, statusIsReached, unknownRefused, type StatusKind } from './shared/status.js';

const DRIVE: StatusKind = {
  suite: 'drives',
  interfaceName: 'IVdsDrive',
  all: async (ctx) => (await drivesOf(ctx, await ctx.system.subSystem())).map(({ drive }) => drive),
  // The last one: what a provider chooses by itself it tends to take from the front.
  spare: async (ctx) =>
    (await emptyDrives(ctx, await ctx.system.subSystem())).at(-1)?.drive ?? ctx.notApplicable('no drive is unused'),
};

/** Bytes that no LUN uses, over all drives. */
async function freeBytes(ctx: Context, drives: Awaited<ReturnType<typeof drivesOf>>): Promise<bigint> {
  let free = 0n;
  for (const { drive } of drives) free += bytesUnused(await extentsOf(ctx, drive));
  return free;
}

/** Pulls an unused drive and returns it, twice, as a drive comes back as often as it goes. */
async function pulledAndReturned(ctx: Context, subSystem: IVdsSubSystem): Promise<void> {
  const listedNow = async (): Promise<readonly string[]> =>
    idsOf(ctx, await ctx.duties.list(await subSystem.queryDrives(), 'enum', 'IVdsDrive', 'VDS-6.6b'), 'VDS-5.4');
  for (const time of ['', ' for the second time']) {
    const pulled = (await emptyDrives(ctx, subSystem)).at(-1) ?? ctx.notApplicable('no drive is unused');
    const before = (await drivesOf(ctx, subSystem)).map(({ prop }) => prop.id);
    const fault = await ctx.faults.inject({ kind: 'disconnect', object: pulled.prop.id });
    const scanned = ctx.duties.supported(await subSystem.reenumerate());
    ctx.duties.ok('VDS-5.4', scanned);
    ctx.duties.equal(
      'VDS-5.4',
      `the drives that are listed after one was pulled${time} and the subsystem reenumerated`,
      [...(await listedNow())].sort(),
      before.filter((id) => id !== pulled.prop.id).sort(),
    );
    await pulledAs(ctx, pulled.drive, 'a drive that was pulled');
    await fault.heal();
    ctx.duties.ok('VDS-5.4', await subSystem.reenumerate());
    const after = await listedNow();
    ctx.duties.equal(
      'VDS-5.4',
      `the number of drives after the pulled one was returned${time}`,
      after.length,
      before.length,
    );
    for (const id of before)
      ctx.duties.holds(
        'VDS-5.4',
        id === pulled.prop.id || after.includes(id),
        'a drive that was there all the time has another id',
      );
  }
}

export const suite = defineSuite('drives', 'Drives', [
  healthAgrees(DRIVE),
  unknownRefused(DRIVE),
  statusIsReached(DRIVE),
  {
    id: 'drives.place-is-exclusive',
    title: 'No two drives of a subsystem have one bus, slot and enclosure',
    requirements: ['VDS-4.5a'],
    changes: false,
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      for (const subSystem of await ctx.system.subSystems()) {
        const places = new Set<string>();
        for (const { drive, prop } of await drivesOf(ctx, subSystem)) {
          const second = await drive.as('IVdsDrive2');
          const enclosure =
            second === null
              ? 0
              : ctx.duties.output('VDS-4.5a', await second.getProperties2(), 'driveProp2').enclosureNumber;
          const place = `bus ${prop.internalBusNumber}, slot ${prop.slotNumber}, enclosure ${enclosure}`;
          ctx.duties.holds('VDS-4.5a', !places.has(place), `two drives are at ${place}`);
          places.add(place);
        }
      }
    },
  },
  {
    id: 'drives.properties-agree',
    title: 'GetProperties2 of a drive reports what GetProperties reports',
    requirements: ['VDS-4.1a'],
    cost: { calls: 16, recoveries: 0 },
    async run(ctx) {
      for (const { drive, prop } of await drivesOf(ctx, await ctx.system.subSystem())) {
        const result = await (await ctx.system.optional(drive, 'IVdsDrive2')).getProperties2();
        const second = ctx.duties.output('VDS-4.1a', result, 'driveProp2');
        for (const { name } of structure('VDS_DRIVE_PROP').fields) {
          const key = name as keyof typeof prop;
          ctx.duties.equal('VDS-4.1a', `VDS_DRIVE_PROP2.${name}`, second[key], prop[key], result);
        }
      }
    },
  },
  {
    id: 'drives.extents',
    title:
      "QueryExtents lists a drive's used and free extents: each names the drive, a used one names a LUN, and their " +
      "sum is at most the drive's size",
    requirements: ['VDS-10.15'],
    changes: false,
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const luns = await idsOf(
        ctx,
        await ctx.duties.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a'),
        'VDS-10.15',
      );
      for (const { drive, prop } of await drivesOf(ctx, subSystem)) {
        const extents = await extentsOf(ctx, drive);
        for (const extent of extents) {
          ctx.duties.equal('VDS-10.15', 'VDS_DRIVE_EXTENT.id, which names the drive,', extent.id, prop.id);
          ctx.duties.holds(
            'VDS-10.15',
            !extent.used || luns.includes(extent.lunId),
            'a used extent names a LUN that QueryLuns does not list',
          );
        }
        ctx.duties.holds(
          'VDS-10.15',
          bytesOf(extents) <= prop.size,
          `the extents of a drive of ${prop.size} bytes add up to ${bytesOf(extents)}`,
        );
      }
    },
  },
  {
    id: 'drives.extents-of-a-new-lun',
    title: "The drives' extents of a new LUN are those that its plexes tell, and their space is no longer free",
    requirements: ['VDS-10.15'],
    cost: { calls: 50, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const drives = await drivesOf(ctx, subSystem);
      const before = await freeBytes(ctx, drives);
      const { lun, id } = await ctx.make.lun(subSystem);
      const byPlex = new Map<string, bigint>();
      for (const { plex } of await plexesOf(ctx, lun))
        for (const each of await extentsOf(ctx, plex)) byPlex.set(each.id, (byPlex.get(each.id) ?? 0n) + each.size);
      for (const { drive, prop } of drives) {
        const own = (await extentsOf(ctx, drive)).filter(({ used, lunId }) => used && lunId === id);
        ctx.duties.equal(
          'VDS-10.15',
          "the bytes of the LUN on a drive by the drive's QueryExtents",
          bytesOf(own),
          byPlex.get(prop.id) ?? 0n,
        );
      }
      const used = [...byPlex.values()].reduce((sum, size) => sum + size, 0n);
      // Not equal: an array may need more for a LUN than its extents.
      const free = await freeBytes(ctx, drives);
      ctx.duties.holds(
        'VDS-10.15',
        free <= before - used,
        `the drives reported ${before} free bytes, ${used} are used by a new LUN, and they report ${free}`,
      );
    },
  },
  {
    id: 'drives.extents-are-freed',
    title: 'Deleting a LUN frees its extents on the drives',
    requirements: ['VDS-10.6'],
    cost: { calls: 50, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const drives = await drivesOf(ctx, subSystem);
      const before = await freeBytes(ctx, drives);
      const { lun, id } = await ctx.make.lun(subSystem);
      const between = await freeBytes(ctx, drives);
      ctx.duties.holds(
        'VDS-10.15',
        between <= before,
        `the drives reported ${before} free bytes before a LUN was made, and ${between} after it`,
      );
      ctx.duties.ok('VDS-10.6', await lun.delete());
      for (const { drive } of drives) {
        const named = (await extentsOf(ctx, drive)).some(({ used, lunId }) => used && lunId === id);
        ctx.duties.holds('VDS-10.6', !named, 'an extent of a drive is still used by a LUN that was deleted');
      }
      const free = await freeBytes(ctx, drives);
      ctx.duties.holds(
        'VDS-10.6',
        free >= before,
        `the drives reported ${before} free bytes before a LUN was made, and ${free} after it was deleted`,
      );
    },
  },
  {
    id: 'drives.hot-spare',
    title: 'SetFlags and ClearFlags of VDS_DRF_HOTSPARE do what they say, or are not supported',
    requirements: ['VDS-10.21'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const found =
        (await emptyDrives(ctx, await ctx.system.subSystem())).at(-1) ?? ctx.notApplicable('no drive is unused');
      const { drive } = found;
      const { VDS_DRF_HOTSPARE } = VDS_DRIVE_FLAG;
      const isSpare = async (): Promise<boolean> =>
        (ctx.duties.output('VDS-10.21', await drive.getProperties(), 'driveProp').flags & VDS_DRF_HOTSPARE) !== 0;
      const set = ctx.duties.supported(await makeHotSpare(ctx, found));
      ctx.duties.ok('VDS-10.21', set);
      ctx.duties.equal(
        'VDS-10.21',
        'whether the drive is a hot spare after SetFlags succeeded',
        await isSpare(),
        true,
        set,
      );
      const clear = await drive.clearFlags({ flags: VDS_DRF_HOTSPARE });
      ctx.duties.ok('VDS-10.21', clear);
      ctx.duties.equal(
        'VDS-10.21',
        'whether the drive is a hot spare after ClearFlags succeeded',
        await isSpare(),
        false,
        clear,
      );
    },
  },
  {
    id: 'drives.asked-for-by-id',
    title: 'A LUN that asks for a drive by its id comes to lie on that drive',
    requirements: ['VDS-10.2b'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      for (const { drive, prop } of (await emptyDrives(ctx, subSystem)).slice(0, 3)) {
        const made = await ctx.make.simpleLun(subSystem, { drives: [prop.id] });
        const { id, size, lun } = await fullyAllocated(ctx, subSystem, made);
        const own = (await extentsOf(ctx, drive)).filter(({ used, lunId }) => used && lunId === id);
        ctx.duties.holds(
          'VDS-10.2b',
          bytesOf(own) >= size,
          `a LUN of ${size} bytes was made on one drive given by its id, which reports ${bytesOf(own)} bytes of it`,
        );
        ctx.duties.ok('VDS-10.6', await lun.delete());
      }
    },
  },
  {
    id: 'drives.pulled-and-returned',
    title:
      'After a drive was pulled, IVdsSubSystem::Reenumerate drops it, its held object is gone or reports that it is ' +
      'removed, and the others keep their ids; once returned, it is listed again, each time',
    requirements: ['VDS-5.4', 'VDS-5.4b'],
    faults: ['disconnect'],
    cost: { calls: 120, recoveries: 1 },
    async run(ctx) {
      await ctx.system.subSystem();
      // The scan of each subsystem is of its own buses.
      const tried = [];
      for (const subSystem of (await ctx.system.subSystems()).slice(0, 2))
        if ((await emptyDrives(ctx, subSystem)).length > 0) tried.push(subSystem);
      for (const subSystem of tried) await pulledAndReturned(ctx, subSystem);
      if (tried.length === 0) ctx.notApplicable('no drive is unused');
    },
  },
]);
