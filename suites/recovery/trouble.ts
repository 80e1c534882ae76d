// Trouble that lasts through Reenumerate, through Refresh or through both, of one member or of the whole array, with
// references held to everything. What the calls answer meanwhile is the provider's affair, as long as they may answer
// it. What cannot be reached is not gone: no answer may say so while the trouble lasts, and when it is over one pair
// brings back everything.
import {
  type Check,
  type Context,
  type FaultKind,
  HeldSystem,
  type InjectedFault,
  everyId,
  type Result,
  type SmallSystem,
  smallSystems,
  untilNotBusy,
} from '../../src/checks/index.js';
import { HR, NULL_GUID } from '../../src/contract/index.js';

interface Trouble {
  readonly name: string;
  readonly title: string;
  readonly kind: FaultKind;
  object(systems: readonly [SmallSystem, ...SmallSystem[]]): string | undefined;
}

const oneDevice = (name: string, object: Trouble['object']): Trouble => ({
  name: `device-error.${name}`,
  title: `an I/O error of one ${name}`,
  kind: 'device-error',
  object,
});

const TROUBLES: readonly Trouble[] = [
  oneDevice('lun', ([first]) => first.luns[1]?.id),
  oneDevice('target', ([first]) => first.targets[1]?.id),
  oneDevice('drive', ([first]) => first.drive),
  oneDevice('subsystem', (systems) => systems.at(-1)?.id),
  { name: 'exhaust-memory', title: 'a lack of memory', kind: 'exhaust-memory', object: () => NULL_GUID },
];

const THROUGH = ['reenumerate', 'refresh', 'both'] as const;

/**
 * Makes the pair with the trouble lasting through one of its calls, or both. What they answer meanwhile must be a code
 * that they may answer.
 */
async function pairThrough(
  ctx: Context,
  held: HeldSystem,
  through: (typeof THROUGH)[number],
  trouble: Trouble,
  object: string,
): Promise<void> {
  const { hw } = ctx.system;
  const permitted = (answer: Result<object>): boolean =>
    ctx.duties.permitted('VDS-5.5c', answer, `during ${trouble.title}`, 'wrong result code');
  if (through === 'refresh')
    ctx.duties.code('VDS-5.5d', await untilNotBusy(() => hw.reenumerate()), HR.S_OK, 'before anything was wrong');
  const fault = await ctx.faults.inject({ kind: trouble.kind, object });
  if (through === 'both') await held.mustNotLie(`during ${trouble.title}`, 'trouble');
  if (through !== 'refresh') permitted(await hw.reenumerate());
  if (through === 'reenumerate') await fault.heal();
  permitted(await hw.refresh());
  await fault.heal();
}

/**
 * Changes at the array when all is well again are read: a provider must not have given up what it could not reach.
 */
async function readsOn(ctx: Context, held: HeldSystem, systems: readonly SmallSystem[], after: string): Promise<void> {
  if (!(await ctx.faults.offers('change-object'))) return;
  const luns = systems.flatMap((system) => system.luns.slice(0, 1));
  const nameOf = async ({ lun }: (typeof luns)[number]): Promise<string | null> =>
    ctx.duties.output('VDS-5.3', await lun.getProperties(), 'lunProp').friendlyName;
  const before = new Map<string, string | null>();
  const faults: InjectedFault[] = [];
  for (const lun of luns) {
    before.set(lun.id, await nameOf(lun));
    faults.push(await ctx.faults.inject({ kind: 'change-object', object: lun.id }));
  }
  await held.recover();
  for (const lun of luns) {
    const name = before.get(lun.id);
    // One that leaves names out has none to read.
    ctx.duties.holds(
      'VDS-5.3',
      name === null || (await nameOf(lun)) !== name,
      `once ${after} was over, Reenumerate and Refresh did not read the new name of a LUN`,
    );
  }
  for (const fault of faults) await fault.heal();
  await held.recover();
}

const through = (trouble: Trouble): Check => ({
  id: `recovery.trouble.${trouble.name}`,
  title:
    `After ${trouble.title} that lasted through Reenumerate, Refresh or both, the provider loses nothing that the ` +
    'array has, and one Reenumerate and Refresh restores everything',
  requirements: [
    'VDS-4.1a',
    'VDS-5.3',
    'VDS-5.5a',
    'VDS-5.5b',
    'VDS-5.5c',
    'VDS-5.5d',
    'VDS-5.6',
    'VDS-6.8',
    'VDS-7.1a',
    'VDS-9.6d',
  ],
  faults: [trouble.kind],
  matrix: { fault: trouble.kind, method: 'IVdsHwProvider.Refresh', moment: 'during-refresh' },
  cost: { calls: 7000, recoveries: 8 },
  async run(ctx) {
    const systems = await smallSystems(ctx);
    const object = trouble.object(systems) ?? ctx.notApplicable('the subsystem has no such object');
    const held = await HeldSystem.hold(ctx, everyId(systems));
    for (const which of THROUGH) {
      await pairThrough(ctx, held, which, trouble, object);
      await held.mustNotLie(`after ${trouble.title} through ${which === 'both' ? 'Reenumerate and Refresh' : which}`);
      await held.recover();
      await held.mustBeTrue();
    }
    await readsOn(ctx, held, systems, trouble.title);
    await held.mustBeTrue();
  },
});

export const trouble: readonly Check[] = TROUBLES.map(through);
