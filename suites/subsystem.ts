// Subsystems (semantics.md 4.5, 7, 10.5, 10.10 and 10.13): what they report of themselves, where their drives are,
// their controllers, replacing drives, and names.
import {
  wherePossible,
  bytesOfLun,
  type Context,
  defineSuite,
  drivesOf,
  emptyDrives,
  extentsOf,
  fullyAllocated,
  idsOf,
  type IVdsDrive,
  type Result,
  UNKNOWN_ID,
} from '../src/checks/index.js';
import { formatHresult, HR, OBJECT_STATUS, structure, succeeded } from '../src/contract/index.js';
import { namingChecks } from './shared/naming.js';
import { healthAgrees, statusIsReached, unknownRefused, type StatusKind } from './shared/status.js';
import { largestLunChecks } from './subsystem/largest-lun.js';
import { offlineChecks } from './subsystem/offline.js';
import { replacingChecks } from './subsystem/replacing.js';
import { roomChecks } from './subsystem/room.js';
import { controllerStatusChecks } from './subsystem/controllers.js';

const SUB_SYSTEM: StatusKind = {
  suite: 'subsystem',
  interfaceName: 'IVdsSubSystem',
  all: (ctx) => ctx.system.subSystems(),
  spare: (ctx) => ctx.system.subSystem(),
};

/** Whether an answer is a drive, and which. */
async function placeOf(ctx: Context, result: Result<{ readonly drive: IVdsDrive | null }>): Promise<string> {
  return ctx.duties.output(
    'VDS-4.5a',
    await ctx.duties.output('VDS-4.5a', result, 'drive').getProperties(),
    'driveProp',
  ).id;
}

export const suite = defineSuite('subsystem', 'Subsystems', [
  healthAgrees(SUB_SYSTEM),
  unknownRefused(SUB_SYSTEM),
  // Not OFFLINE: that would take an array away from all who use it.
  statusIsReached(SUB_SYSTEM, [OBJECT_STATUS.STATUS_ONLINE]),
  {
    id: 'subsystem.properties-agree',
    title: 'GetProperties2 of a subsystem reports what GetProperties reports',
    requirements: ['VDS-4.1a'],
    changes: false,
    cost: { calls: 8, recoveries: 0 },
    async run(ctx) {
      const known = ['id', 'friendlyName', 'identification'] as const;
      for (const subSystem of await ctx.system.subSystems()) {
        const prop = ctx.duties.output('VDS-4.1a', await subSystem.getProperties(), 'subSystemProp');
        const result = await (await ctx.system.optional(subSystem, 'IVdsSubSystem2')).getProperties2();
        const second = ctx.duties.output('VDS-4.1a', result, 'subSystemProp2');
        const names = result.hr === HR.S_OK ? structure('VDS_SUB_SYSTEM_PROP').fields.map(({ name }) => name) : known;
        // The second structure's page has it combined with the serial number of the array.
        const identification = prop.identification ?? '';
        ctx.duties.holds(
          'VDS-4.1a',
          (second.identification ?? '').includes(identification),
          `VDS_SUB_SYSTEM_PROP2.pwszIdentification is "${second.identification}", which does not hold ` +
            `"${identification}"`,
          result,
        );
        for (const name of names.filter((each) => each !== 'identification'))
          ctx.duties.equal(
            'VDS-4.1a',
            `VDS_SUB_SYSTEM_PROP2.${name}`,
            second[name as keyof typeof prop],
            prop[name as keyof typeof prop],
            result,
          );
      }
    },
  },
  {
    id: 'subsystem.get-drive',
    title: 'GetDrive hands out the drive at the bus and slot that its properties tell',
    requirements: ['VDS-4.5a'],
    changes: false,
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const drives = await drivesOf(ctx, subSystem);
      // In an array of several enclosures a bus and slot may be those of several drives; then GetDrive2 tells them
      // apart.
      const alone = drives.filter(
        ({ prop }) =>
          drives.filter(
            (each) =>
              each.prop.internalBusNumber === prop.internalBusNumber && each.prop.slotNumber === prop.slotNumber,
          ).length === 1,
      );
      for (const { prop } of alone) {
        const result = ctx.duties.supported(
          await subSystem.getDrive({ busNumber: prop.internalBusNumber, slotNumber: prop.slotNumber }),
        );
        ctx.duties.equal(
          'VDS-4.5a',
          `the drive that GetDrive hands out for bus ${prop.internalBusNumber}, slot ${prop.slotNumber}`,
          await placeOf(ctx, result),
          prop.id,
          result,
        );
      }
    },
  },
  {
    id: 'subsystem.get-drive2',
    title: 'GetDrive2 hands out the drive at the bus, slot and enclosure that its properties tell',
    requirements: ['VDS-4.5a'],
    changes: false,
    cost: { calls: 26, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const second = await ctx.system.optional(subSystem, 'IVdsSubSystem2');
      for (const { drive, prop } of await drivesOf(ctx, subSystem)) {
        const withEnclosure = await drive.as('IVdsDrive2');
        const enclosure =
          withEnclosure === null
            ? undefined
            : ctx.duties.output('VDS-4.5a', await withEnclosure.getProperties2(), 'driveProp2').enclosureNumber;
        const result = ctx.duties.supported(
          await second.getDrive2({
            busNumber: prop.internalBusNumber,
            slotNumber: prop.slotNumber,
            enclosureNumber: enclosure ?? 0,
          }),
        );
        // Nothing else reports a drive's enclosure, so 0 is a guess that the provider may refuse.
        if (enclosure === undefined && !succeeded(result.hr))
          ctx.duties.permitted('VDS-4.5a', result, 'for a drive whose enclosure no method reports');
        else
          ctx.duties.equal(
            'VDS-4.5a',
            `the drive that GetDrive2 hands out for bus ${prop.internalBusNumber}, slot ${prop.slotNumber}`,
            await placeOf(ctx, result),
            prop.id,
            result,
          );
      }
    },
  },
  {
    id: 'subsystem.empty-slot',
    title:
      'GetDrive fails for a bus and slot that hold no drive, each time with ' +
      'the same code, whichever of the two is wrong',
    requirements: ['VDS-4.5b', 'VDS-4.5a'],
    changes: false,
    cost: { calls: 14, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const drives = await drivesOf(ctx, subSystem);
      // Slots are the provider's own numbers; one past the largest is unused.
      const slotNumber = Math.min(0x7fff, Math.max(...drives.map(({ prop }) => prop.slotNumber)) + 1);
      const busNumber = drives[0].prop.internalBusNumber;
      if (drives.some(({ prop }) => prop.slotNumber === slotNumber))
        ctx.notApplicable('every slot number belongs to a drive');
      for (let time = 0; time < 2; time++) {
        const result = await subSystem.getDrive({ busNumber, slotNumber });
        ctx.duties.refused('VDS-4.5b', result, `for bus ${busNumber}, slot ${slotNumber}, which hold no drive`);
        ctx.duties.reading('GetDrive of a slot without a drive', formatHresult(result.hr), 'VDS-4.5b');
      }
      // A slot that holds a drive, on a bus that holds none.
      const otherBus = Math.max(...drives.map(({ prop }) => prop.internalBusNumber)) + 1;
      const elsewhere = await subSystem.getDrive({ busNumber: otherBus, slotNumber: drives[0].prop.slotNumber });
      ctx.duties.refused(
        'VDS-4.5a',
        elsewhere,
        `for slot ${drives[0].prop.slotNumber} of bus ${otherBus}, on which no drive is`,
      );
    },
  },
  {
    id: 'subsystem.replace-unknown-drive',
    title: 'ReplaceDrive refuses an id that no drive has, in either place, with VDS_E_OBJECT_NOT_FOUND',
    requirements: ['VDS-7.2', 'VDS-7.2d'],
    cost: { calls: 12, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const [{ prop }] = await emptyDrives(ctx, subSystem);
      for (const args of [
        { driveToBeReplaced: UNKNOWN_ID, replacementDrive: prop.id },
        { driveToBeReplaced: prop.id, replacementDrive: UNKNOWN_ID },
      ]) {
        const result = ctx.duties.supported(await subSystem.replaceDrive(args));
        ctx.duties.notFound(result, 'for an id that no drive has');
      }
    },
  },
  {
    id: 'subsystem.replace-drive',
    title:
      'ReplaceDrive moves what lies on a drive to the other: the LUN stays, and its extents are on the replacement',
    requirements: ['VDS-10.26', 'VDS-10.26b'],
    cost: { calls: 60, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const [a, b] = await emptyDrives(ctx, subSystem, 2);
      // One that is smaller may be refused.
      const [from, to] = a.prop.size > b!.prop.size ? [b!, a] : [a, b!];
      const made = await ctx.make.simpleLun(subSystem, { drives: [from.prop.id] });
      const { lun, id, size } = await fullyAllocated(ctx, subSystem, made);
      // Where LUNs have whole drives, there is no other beside it.
      const second = await wherePossible(() => ctx.make.simpleLun(subSystem, { drives: [from.prop.id] }));
      const result = ctx.duties.supported(
        await subSystem.replaceDrive({ driveToBeReplaced: from.prop.id, replacementDrive: to.prop.id }),
      );
      ctx.duties.ok('VDS-10.26', result);
      ctx.duties.equal(
        'VDS-10.26',
        'the size of the LUN after its drive was replaced',
        ctx.duties.output('VDS-10.26', await lun.getProperties(), 'lunProp').size,
        size,
        result,
      );
      const onDrive = async (drive: IVdsDrive, lunId: string): Promise<bigint> =>
        bytesOfLun(await extentsOf(ctx, drive), lunId);
      let left = 0n;
      for (const each of second === undefined ? [{ id, size }] : [{ id, size }, second]) {
        const [before, moved] = [await onDrive(from.drive, each.id), await onDrive(to.drive, each.id)];
        left += before;
        ctx.duties.holds(
          'VDS-10.26',
          before + moved >= each.size,
          `after ReplaceDrive the two drives hold ${before + moved} bytes of a LUN of ${each.size}`,
          result,
        );
      }
      // It has no IVdsAsync, and its page no word on when: a provider may migrate in the background.
      ctx.duties.reading(
        'after ReplaceDrive has returned',
        left === 0n ? 'everything has moved' : 'it is being moved',
        'VDS-10.26b',
      );
    },
  },
  ...largestLunChecks,
  ...controllerStatusChecks,
  ...offlineChecks,
  ...replacingChecks,
  ...roomChecks,
  ...namingChecks('subsystem', async (ctx) => {
    const subSystem = await ctx.system.subSystem();
    return { named: subSystem, naming: await ctx.system.optional(subSystem, 'IVdsSubSystemNaming') };
  }),
  {
    id: 'subsystem.reenumerate',
    title: 'IVdsSubSystem::Reenumerate with nothing changed leaves the LUNs and the controllers as they are',
    requirements: ['VDS-5.4'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const state = async (): Promise<string> =>
        [
          ...(await idsOf(
            ctx,
            await ctx.duties.list(await subSystem.queryDrives(), 'enum', 'IVdsDrive', 'VDS-6.6b'),
            'VDS-5.4',
          )),
          ...(await idsOf(
            ctx,
            await ctx.duties.list(await subSystem.queryControllers(), 'enum', 'IVdsController', 'VDS-6.6b'),
            'VDS-5.4',
          )),
          ...(await idsOf(
            ctx,
            await ctx.duties.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a'),
            'VDS-5.4',
          )),
        ]
          .sort()
          .join(' ');
      await ctx.make.lun(subSystem);
      const before = await state();
      const scanned = ctx.duties.supported(await subSystem.reenumerate());
      ctx.duties.ok('VDS-5.4', scanned);
      ctx.duties.equal(
        'VDS-5.4',
        'what the subsystem lists after Reenumerate with nothing changed',
        await state(),
        before,
      );
    },
  },
]);
