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
  type Lacking,
  ofThose,
  type Result,
  Sharing,
  type SmallSystem,
  smallSystems,
  untilNotBusy,
} from '../../src/checks/index.js';
import { type Guid, HR, NULL_GUID } from '../../src/contract/index.js';

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

/** A trouble with the object that it is of. */
interface Placed {
  readonly trouble: Trouble;
  readonly object: Guid;
}

/**
 * Makes the pair with troubles lasting through one of its calls, or both. What they answer meanwhile must be a code
 * that they may answer.
 */
async function pairThrough(
  ctx: Context,
  held: HeldSystem,
  through: (typeof THROUGH)[number],
  placed: readonly Placed[],
  title: string,
): Promise<void> {
  const { hw } = ctx.system;
  const permitted = (answer: Result<object>): boolean =>
    ctx.duties.permitted('VDS-5.5c', answer, `during ${title}`, 'wrong result code');
  if (through === 'refresh')
    ctx.duties.code('VDS-5.5d', await untilNotBusy(() => hw.reenumerate()), HR.S_OK, 'before anything was wrong');
  const faults: InjectedFault[] = [];
  for (const { trouble, object } of placed) faults.push(await ctx.faults.inject({ kind: trouble.kind, object }));
  const heal = async (): Promise<void> => {
    for (const fault of faults) await fault.heal();
  };
  if (through === 'both') await held.mustNotLie(`during ${title}`, 'trouble');
  if (through !== 'refresh') permitted(await hw.reenumerate());
  if (through === 'reenumerate') await heal();
  permitted(await hw.refresh());
  await heal();
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

/** Plays troubles at once. */
async function play(ctx: Context, troubles: readonly Trouble[], lacking: Lacking<Trouble>): Promise<void> {
  const systems = await smallSystems(ctx);
  const placed = await ofThose(troubles, lacking, async (trouble): Promise<Placed> => {
    const object = trouble.object(systems) ?? ctx.notApplicable('the subsystem has no such object');
    return { trouble, object };
  });
  if (placed.length === 0) return;
  const title = placed.map(({ trouble }) => trouble.title).join(', and ');
  const held = await HeldSystem.hold(ctx, everyId(systems));
  for (const which of THROUGH) {
    await pairThrough(ctx, held, which, placed, title);
    await held.mustNotLie(`after ${title} through ${which === 'both' ? 'Reenumerate and Refresh' : which}`);
    await held.recover();
    await held.mustBeTrue();
  }
  await readsOn(ctx, held, systems, title);
  await held.mustBeTrue();
}

/** Troubles of several objects at once are as many troubles, and one recovery ends them. */
const SHARED = new Map(TROUBLES.map(({ kind }) => [kind, new Sharing<Trouble>(play)]));

const through = (trouble: Trouble, sharing: Sharing<Trouble>): Check => ({
  ...sharing.check(`recovery.trouble.${trouble.name}`, trouble),
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
});

export const trouble: readonly Check[] = TROUBLES.flatMap((each) => {
  const sharing = SHARED.get(each.kind);
  return sharing === undefined ? [] : [through(each, sharing)];
});
