// A subsystem that was away for a while: one pair after its return every value, list and association is as before, from
// both of their ends.
import {
  type Check,
  type Context,
  damageSome,
  emptyDrives,
  everyId,
  HeldSystem,
  idOf,
  smallSystems,
  VdsObject,
} from '../../src/checks/index.js';
import { HR, succeeded } from '../../src/contract/index.js';

interface Absence {
  readonly name: string;
  readonly title: string;
  readonly recoveries: number;
  /** Whether that repairs what else is damaged. */
  readonly repairs?: boolean;
  /** Lets the provider notice the absence, or not. */
  notice(ctx: Context): Promise<void>;
}

const ABSENCES: readonly Absence[] = [
  { name: 'unnoticed', title: 'unnoticed', recoveries: 1, notice: async () => undefined },
  {
    name: 'reenumerate',
    title: 'noticed by Reenumerate',
    recoveries: 1,
    async notice(ctx) {
      await ctx.system.hw.reenumerate();
    },
  },
  {
    name: 'pair',
    title: 'noticed by Reenumerate and Refresh, which restore the damaged entries of another one as well',
    recoveries: 2,
    repairs: true,
    async notice(ctx) {
      for (const answer of Object.values(await ctx.faults.recover()))
        if (answer !== undefined) ctx.duties.code('VDS-5.5d', answer, HR.S_OK, 'although no cause lasts');
    },
  },
];

const away = ({ name, title, recoveries, repairs, notice }: Absence): Check => ({
  id: `recovery.away-and-back.${name}`,
  title:
    `A subsystem that was away, ${title}, is back after one Reenumerate and Refresh with every value, list and ` +
    'association, and nothing else has changed',
  requirements: ['VDS-5.2', 'VDS-5.5b', 'VDS-5.5d', 'VDS-5.6', 'VDS-7.1a'],
  faults: ['disconnect'],
  matrix: { fault: 'disconnect', method: name, moment: 'before-the-call' },
  cost: { calls: 2000, recoveries },
  async run(ctx) {
    await ctx.system.twoSubSystems();
    const systems = await smallSystems(ctx);
    const held = await HeldSystem.hold(ctx, everyId(systems));
    const object = systems.at(-1)?.id ?? systems[0].id;
    if (repairs) await damageSome(ctx, systems[0]);
    const fault = await ctx.faults.inject({ kind: 'disconnect', object });
    await notice(ctx);
    if (repairs) await held.othersMustBeTrue('after Reenumerate and Refresh while another subsystem is away', object);
    await fault.heal();
    await held.recover();
    await held.mustBeBack(object);
  },
});

/** A provider that is loaded while a subsystem is away does not know that there is one. */
const LOADED: Check = {
  id: 'recovery.away-and-back.loaded-meanwhile',
  title:
    'A provider that is loaded while a subsystem is away reports the others as they are, and after its return and ' +
    'one Reenumerate and Refresh the subsystem with all that it has',
  requirements: ['VDS-5.2', 'VDS-4.1a'],
  faults: ['disconnect'],
  cost: { calls: 2500, recoveries: 1 },
  async run(ctx) {
    await ctx.system.twoSubSystems();
    const systems = await smallSystems(ctx);
    const held = await HeldSystem.hold(ctx, everyId(systems));
    const object = systems.at(-1)?.id ?? systems[0].id;
    const fault = await ctx.faults.inject({ kind: 'disconnect', object });
    await held.loadAnew();
    await held.mustBeThere('loaded while a subsystem is away', [object]);
    await fault.heal();
    await held.recover();
    await held.mustBeThere(
      'after Reenumerate and Refresh that followed the return of a subsystem that was away during loading',
    );
  },
};

/** A drive that is listed is found by its place, whatever became of it before. */
const DRIVE_AT_ITS_PLACE: Check = {
  id: 'recovery.away-and-back.drive-at-its-place',
  title: 'A drive that was pulled and put back is found by its bus and slot as soon as it is listed again',
  requirements: ['VDS-4.5a'],
  faults: ['disconnect'],
  cost: { calls: 120, recoveries: 1 },
  async run(ctx) {
    const subSystem = await ctx.system.subSystem();
    const { prop } = (await emptyDrives(ctx, subSystem)).at(-1) ?? ctx.notApplicable('no drive is unused');
    const { id, internalBusNumber: busNumber, slotNumber } = prop;
    const isListed = async (): Promise<boolean> => {
      for (const drive of await ctx.duties.list(await subSystem.queryDrives(), 'enum', 'IVdsDrive', 'VDS-6.6b'))
        if ((await idOf(ctx, drive, 'VDS-4.5a')) === id) return true;
      return false;
    };
    const isAtItsPlace = async (): Promise<boolean> => {
      const { hr, out } = await subSystem.getDrive({ busNumber, slotNumber });
      return succeeded(hr) && out.drive instanceof VdsObject && (await idOf(ctx, out.drive, 'VDS-4.5a')) === id;
    };
    if (!(await isAtItsPlace())) ctx.notApplicable('bus and slot do not say which drive of which enclosure is meant');
    const fault = await ctx.faults.inject({ kind: 'disconnect', object: id, notify: true });
    await fault.heal();
    for (const when of ['was put back', 'was put back, after Reenumerate and Refresh']) {
      if (await isListed())
        ctx.duties.holds(
          'VDS-4.5a',
          await isAtItsPlace(),
          `a drive that ${when} is listed, and GetDrive does not find it on bus ${busNumber}, slot ${slotNumber}`,
        );
      await ctx.faults.recover();
    }
  },
};

export const awayAndBack: readonly Check[] = [...ABSENCES.map(away), LOADED, DRIVE_AT_ITS_PLACE];
