// Sets the stage of a tour: objects of the run's own in each subsystem, in use as on a system that is (names, masks,
// associations, portal groups, a secret, an import target), so that a change has something beside it to damage; and
// what the model has to know of the provider.
import type { Guid } from '../../contract/guid.js';
import { HR } from '../../contract/hresult.js';
import { Knowledge, type Item } from '../../model/index.js';
import type { IVdsAsync, IVdsSubSystem } from '../../port/generated/typed.js';
import { VdsObject } from '../../port/objects.js';
import type { Context } from '../context.js';
import { importTargetOf, importTargetValue, noImportTarget } from '../import-target.js';
import { Player } from './player.js';
import { now } from './enabling.js';
import type { Step } from './resolve.js';

/** The objects that are made in a subsystem before a tour, in order. */
const LUNS: readonly Omit<Step, 'relation'>[] = [
  { command: 'create-lun', n: 0 },
  { command: 'create-lun', n: 1 },
  { command: 'create-mirror', n: 0 },
  // By an odd number of bytes, which shows how mirrors are rounded.
  { command: 'extend-lun', n: 2 },
  { command: 'name-lun', n: 0 },
  // Two have the same, so that what is kept by value shows.
  { command: 'mask-lun', n: 0 },
  { command: 'mask-lun', n: 10 },
  { command: 'set-load-balance-policy', n: 2 },
];
const TARGETS: readonly Omit<Step, 'relation'>[] = [
  { command: 'create-target', n: 0 },
  { command: 'create-portal-group', n: 0 },
  { command: 'add-portal', n: 0 },
  { command: 'create-target', n: 0 },
  { command: 'create-portal-group', n: 0 },
  { command: 'add-portal', n: 0 },
  { command: 'set-secret', n: 0 },
  { command: 'set-secret', n: 1 },
  { command: 'set-import-target', n: 1 },
  { command: 'associate-targets', n: 0 },
  { command: 'associate-targets', n: 4 },
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
  const probe = await iscsi.createTarget({
    iscsiName: ctx.make.uniqueIscsiName(),
    friendlyName: ctx.make.uniqueName(),
  });
  if (probe.hr === HR.VDS_E_NOT_SUPPORTED) return undefined;
  const target = await ctx.duties.made(probe, 'target');
  const { id, iscsiName } = ctx.duties.output('VDS-11.1', await target.getProperties(), 'targetProp');
  ctx.make.deleteOnCleanUp(id, 'target', iscsiName);
  const { dialect } = await importTargetOf(ctx, first);
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

/** Makes what a tour plays on. Not applicable where there is no subsystem. */
export async function setStage(ctx: Context, scenery: readonly Scenery[], cadence = 1): Promise<Player> {
  await ctx.system.subSystem();
  const subSystems = (await ctx.system.subSystems()).slice(0, 2);
  const used = new Set<Guid>();
  for (const each of subSystems) used.add(ctx.duties.output('VDS-7.9', await each.getProperties(), 'subSystemProp').id);
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
  for (const id of used) {
    player.focus = { id };
    for (const part of ['luns', 'targets'] as const) {
      if (!scenery.includes(part)) continue;
      for (const step of part === 'luns' ? LUNS : TARGETS) {
        if (step.command === 'set-load-balance-policy' && !hasPaths(player)) continue;
        const resolved = await now(player, { ...step, relation: 'same' });
        // Without this, a step on a missing object would hit another subsystem.
        if (resolved?.subSystem === id) await player.play(resolved);
        player.focus = step.command.startsWith('create-') ? player.focus : { id };
      }
      player.focus = { id };
    }
  }
  return player;
}

/** Deletes what the run made, LUNs before the targets that they are associated with. Judges nothing. */
export async function strikeStage({ ctx, knowledge, state, handles }: Player): Promise<void> {
  if (ctx.session.broken !== undefined) return;
  for (const [kind, deletes] of [
    ['IVdsLun', 'IVdsLun.Delete'],
    ['IVdsIscsiTarget', 'IVdsIscsiTarget.Delete'],
  ] as const)
    for (const { id } of state.ofKind(kind)) {
      if (!knowledge.own.has(id)) continue;
      const object = await handles.forMethod(deletes, state, id);
      const operation = (await object?.call(deletes, {}))?.out['async'];
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
  player.steps.length = 0;
  try {
    return await act(player);
  } finally {
    await strikeStage(player);
  }
}
