// Sets the stage of a tour: objects of the run's own in each subsystem, in use as on a system that is (names, masks,
// associations, portal groups, a secret, an import target), so that a change has something beside it to damage; and
// what the model has to know of the provider.
import type { Guid } from '../../contract/guid.js';
import { Knowledge, newWays, type Item, type Ways } from '../../model/index.js';
import type { IVdsAsync, IVdsSubSystem } from '../../port/generated/typed.js';
import { deleteReleased } from '../../lab/deletion.js';
import { VdsObject } from '../../port/objects.js';
import type { Session } from '../../port/session.js';
import type { Context } from '../context.js';
import { importTargetOf, importTargetValue, noImportTarget } from '../import-target.js';
import type { Ended } from './calls/calls.js';
import { whereSupported } from '../outcome.js';
import { Player } from './player.js';
import type { Step } from './resolve.js';
import { playUnseen, type UnseenStep } from './unseen.js';

/** A step of setting the stage, and the object that it goes on from: one that a command made, the first being 0. */
interface Setting extends Omit<Step, 'relation'> {
  readonly of?: readonly [command: string, which: number];
}

/** Which of the requests of a name is the name that another one has. */
const AS_ANOTHER = 1;

/**
 * The things that are made and set in each subsystem before a tour. The system is read after each row, as what the next
 * one begins with must be known.
 */
const ROWS: readonly Readonly<Record<Scenery, readonly Setting[]>>[] = [
  {
    luns: [
      { command: 'create-lun', n: 0 },
      { command: 'create-lun', n: 1 },
      { command: 'create-mirror', n: 0 },
    ],
    targets: [
      { command: 'create-target', n: 0 },
      { command: 'create-target', n: 0 },
    ],
  },
  {
    luns: [
      // By an odd number of bytes, which shows how mirrors are rounded.
      { command: 'extend-lun', n: 2, of: ['create-mirror', 0] },
      // Two have the same name and the same mask, so that what is kept, or found, by value shows.
      { command: 'name-lun', n: 0 },
      { command: 'name-lun', n: AS_ANOTHER, which: 1 },
      { command: 'mask-lun', n: 0 },
      { command: 'mask-lun', n: 10 },
      { command: 'set-load-balance-policy', n: 2 },
    ],
    targets: [
      { command: 'create-portal-group', n: 0, of: ['create-target', 0] },
      { command: 'create-portal-group', n: 0, of: ['create-target', 1] },
      { command: 'name-target', n: AS_ANOTHER, which: 1 },
      { command: 'set-secret', n: 0 },
      { command: 'set-secret', n: 1 },
      { command: 'set-import-target', n: 1 },
    ],
  },
  {
    luns: [],
    targets: [
      { command: 'add-portal', n: 0, of: ['create-portal-group', 0] },
      { command: 'add-portal', n: 0, of: ['create-portal-group', 1] },
      { command: 'associate-targets', n: 0 },
      { command: 'associate-targets', n: 4 },
    ],
  },
];

/** Which parts of the stage a tour needs. */
export type Scenery = 'luns' | 'targets';

/** How SetImportTarget is spoken, and the registration of what puts the settings back. */
async function importTargetKnowledge(
  ctx: Context,
  subSystems: readonly IVdsSubSystem[],
): Promise<KnowledgeOf['importTarget']> {
  const able: IVdsSubSystem[] = [];
  for (const subSystem of subSystems) {
    if ((await ctx.system.importTargetIfAny(subSystem)) !== undefined) able.push(subSystem);
  }
  const [first] = able;
  const iscsi = first === undefined ? null : await first.as('IVdsSubSystemIscsi');
  if (first === undefined || iscsi === null) return undefined;
  const imported = await whereSupported(() => importTargetOf(ctx, first));
  if (imported === undefined) return undefined;
  const { dialect } = imported;
  return {
    value: (named) => importTargetValue(dialect, named),
    clear: noImportTarget(dialect),
    byName: dialect === 'name',
  };
}
type KnowledgeOf = ConstructorParameters<typeof Knowledge>[0];

/** Whether LUNs say by which paths they are reached. */
const hasPaths = ({ state }: Player): boolean =>
  state.ofKind('IVdsLun').some(({ members }) => members['pathInfo'] !== undefined);

/** What the checks of a session have seen of the ways to LUNs. */
const WAYS = new WeakMap<Session, Ways>();

function waysIn(session: Session): Ways {
  const ways = WAYS.get(session) ?? newWays();
  WAYS.set(session, ways);
  return ways;
}

/** Makes what a tour plays on. Not applicable where there is no subsystem. */
export async function setStage(ctx: Context, scenery: readonly Scenery[], cadence = 1): Promise<Player> {
  await ctx.system.subSystem();
  const subSystems = (await ctx.system.subSystems()).slice(0, 2);
  const used = new Set<Guid>();
  for (const each of subSystems) {
    used.add(ctx.duties.output('VDS-7.9', await each.getProperties(), 'subSystemProp').id);
    await ctx.make.watchTargets(each);
  }
  const importTarget = await importTargetKnowledge(ctx, subSystems);
  const { scope } = ctx.system;
  const within = (item: Item): boolean =>
    (item.kind !== 'IVdsSubSystem' || used.has(item.id)) &&
    (item.kind !== 'IVdsDrive' ||
      scope.drives.length === 0 ||
      ctx.system.admits('drives', { id: item.id, ...item.members }));
  const player: Player = new Player(
    ctx,
    new Knowledge({
      ...(importTarget === undefined ? {} : { importTarget }),
      lunSize: ctx.make.sizeTaken,
      disposable: ctx.session.capabilities.disposable,
      ways: waysIn(ctx.session),
      uniqueName: () => ctx.make.uniqueName(),
      uniqueIscsiName: () => ctx.make.uniqueIscsiName(),
      // A pool is the provider's, whatever its drives belong to.
      within: (item): boolean =>
        item.kind === 'IVdsStoragePool'
          ? ctx.system.admits('pools', { id: item.id, ...item.members })
          : within(item) && used.has(player.state.subSystemOf(item.id) ?? ''),
    }),
    cadence,
  );
  await player.begin();
  const made: Ended[] = [];
  for (const row of ROWS) {
    const settings = scenery.flatMap((part) => row[part]);
    if (settings.length > 0) made.push(...(await setRow(player, [...used], settings, made)));
  }
  return player;
}

/** Makes the calls of a row in each subsystem, and judges them together. Gives how they ended. */
async function setRow(
  player: Player,
  subSystems: readonly Guid[],
  settings: readonly Setting[],
  before: readonly Ended[],
): Promise<readonly Ended[]> {
  await player.announcements.listen();
  let ended: readonly Ended[] = [];
  for (const id of subSystems) {
    const steps = settings
      .filter(({ command }) => command !== 'set-load-balance-policy' || hasPaths(player))
      .map(({ of, ...step }): UnseenStep => {
        const [command, which] = of ?? [];
        const made = before.filter((e) => e.command.name === command && e.subSystem === id)[which ?? 0]?.outcome.made;
        return { ...step, relation: 'same', ...(made === undefined ? {} : { from: { id: made } }) };
      });
    // A step on a missing object would hit another subsystem.
    ended = await playUnseen(player, steps, { id }, ended, ({ subSystem }) => subSystem === id);
    player.focus = { id };
  }
  if (ended.length > 0) await player.judge(ended, player.around, true);
  return ended;
}

/** Deletes what the run made, LUNs before the targets that they are associated with. Judges nothing. */
export async function strikeStage({ ctx, knowledge, state, handles }: Player): Promise<void> {
  // A check may end between OnUnload and OnLoad: its leavings are taken back when the provider is loaded again.
  if (ctx.session.broken !== undefined || !ctx.system.isLoaded) return;
  for (const [kind, deletes] of [
    ['IVdsLun', 'IVdsLun.Delete'],
    ['IVdsIscsiTarget', 'IVdsIscsiTarget.Delete'],
  ] as const)
    for (const { id } of state.ofKind(kind)) {
      if (!knowledge.own.has(id)) continue;
      const object = await handles.forMethod(deletes, state, id);
      if (object === undefined) continue;
      const operation = (await deleteReleased(object, () => object.call(deletes, {}))).out['async'];
      if (operation instanceof VdsObject) await (operation as IVdsAsync).wait();
    }
}

/** Does something on a stage that is set for it; what it took to set is no step of it. */
export async function onStage<T>(
  ctx: Context,
  scenery: readonly Scenery[],
  act: (player: Player) => Promise<T>,
  cadence = 1,
): Promise<T> {
  const player = await setStage(ctx, scenery, cadence);
  player.steps.stageIsSet();
  player.knowledge.forgetLengths();
  player.balance.begin();
  let result: T;
  try {
    result = await act(player);
    await player.maintenance.end();
  } catch (error) {
    await strikeStage(player);
    throw error;
  }
  await strikeStage(player);
  await player.balance.judgeStruck();
  return result;
}
