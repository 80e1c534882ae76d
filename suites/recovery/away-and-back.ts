// A subsystem that was away for a while: one pair after its return every value, list and association is as before, from
// both of their ends.
import { type Check, type Context, everyId, HeldSystem, smallSystems } from '../../src/checks/index.js';

interface Absence {
  readonly name: string;
  readonly title: string;
  readonly recoveries: number;
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
    title: 'noticed by Reenumerate and Refresh',
    recoveries: 2,
    async notice(ctx) {
      await ctx.faults.recover();
    },
  },
];

const away = ({ name, title, recoveries, notice }: Absence): Check => ({
  id: `recovery.away-and-back.${name}`,
  title: `A subsystem that was away, ${title}, is back after one Reenumerate and Refresh with every value, list and association, and nothing else has changed`,
  requirements: ['VDS-5.2', 'VDS-5.5d'],
  faults: ['disconnect'],
  matrix: { fault: 'disconnect', method: name, moment: 'before-the-call' },
  cost: { calls: 2000, recoveries },
  async run(ctx) {
    await ctx.system.twoSubSystems();
    const systems = await smallSystems(ctx);
    const held = await HeldSystem.hold(ctx, everyId(systems));
    const object = systems.at(-1)?.id ?? systems[0].id;
    const fault = await ctx.faults.inject({ kind: 'disconnect', object });
    await notice(ctx);
    await fault.heal();
    await held.recover();
    await held.mustBeBack(object);
  },
});

/** A provider that is loaded while a subsystem is away does not know that there is one. */
const LOADED: Check = {
  id: 'recovery.away-and-back.loaded-meanwhile',
  title:
    'A provider that is loaded while a subsystem is away reports the others as they are, and after its return and one Reenumerate and Refresh the subsystem with all that it has',
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

export const awayAndBack: readonly Check[] = [...ABSENCES.map(away), LOADED];
