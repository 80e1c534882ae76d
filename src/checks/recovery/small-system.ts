// A few objects on each of the first two subsystems, connected with each other: what a fault of one of them may damage
// besides it.
import type { Guid } from '../../contract/guid.js';
import type { CorruptionForm } from '../../faults/kinds.js';
import type { IVdsSubSystem } from '../../port/generated/typed.js';
import type { Context } from '../context.js';
import { idOf } from '../devices.js';
import { whereOffered, wherePossible, whereSupported } from '../outcome.js';
import { importTargetOf, type ImportTargetSubject } from '../import-target.js';
import { addPortal, associate } from '../iscsi.js';
import type { CreatedLun, CreatedTarget } from '../make.js';

export interface SmallSystem {
  readonly subSystem: IVdsSubSystem;
  readonly id: Guid;
  readonly luns: readonly CreatedLun[];
  readonly targets: readonly CreatedTarget[];
  /** The first of the targets as the import target; absent where there is none to set. */
  readonly imported?: ImportTargetSubject | undefined;
  /** The first of each that the subsystem lists and the run may use; absent where it has none. */
  readonly drive?: Guid | undefined;
  readonly controller?: Guid | undefined;
  readonly portal?: Guid | undefined;
  /** A plex of the last LUN, and a portal group of the last target. */
  readonly plex?: Guid | undefined;
  readonly group?: Guid | undefined;
}

async function smallSystem(ctx: Context, subSystem: IVdsSubSystem, count: number): Promise<SmallSystem> {
  const targets: CreatedTarget[] = [];
  const imported = await whereOffered(() => importTargetOf(ctx, subSystem));
  if (imported !== undefined) targets.push(imported.target);
  while (targets.length < count) {
    const target = await whereOffered(() => ctx.make.target(subSystem));
    if (target === undefined) break;
    targets.push(target);
  }
  // After the targets, so that they are deleted before them: a target that serves a LUN cannot be deleted.
  const luns: CreatedLun[] = [];
  while (luns.length < count) {
    const lun = await whereOffered(() => ctx.make.lun(subSystem));
    if (lun === undefined) break;
    luns.push(lun);
  }
  const [lun] = luns;
  const last = targets.at(-1);
  if (lun !== undefined && last !== undefined)
    await whereSupported(async () => {
      await associate(ctx, await ctx.system.optional(lun.lun, 'IVdsLunIscsi'), [last.id]);
    });
  const idOfFirst = async (object: Parameters<typeof idOf>[1] | undefined): Promise<Guid | undefined> =>
    object === undefined ? undefined : idOf(ctx, object, 'VDS-7.9');
  const [drive] = await ctx.duties.list(await subSystem.queryDrives(), 'enum', 'IVdsDrive', 'VDS-6.6b');
  const controllers = await whereSupported(async () =>
    ctx.duties.list(ctx.duties.supported(await subSystem.queryControllers()), 'enum', 'IVdsController', 'VDS-6.6b'),
  );
  const portals = await whereSupported(async () =>
    ctx.duties.list(
      ctx.duties.supported(await (await ctx.system.iscsi(subSystem)).queryPortals()),
      'enum',
      'IVdsIscsiPortal',
      'VDS-6.6b',
    ),
  );
  const plexes = await whereSupported(async () => {
    const owner = luns.at(-1)?.lun;
    return owner === undefined
      ? []
      : ctx.duties.list(ctx.duties.supported(await owner.queryPlexes()), 'enum', 'IVdsLunPlex', 'VDS-6.6b');
  });
  const group = last === undefined ? undefined : await whereSupported(() => ctx.make.portalGroup(last.target));
  const portal = await idOfFirst(portals?.[0]);
  if (group !== undefined && portal !== undefined) await whereSupported(() => addPortal(ctx, group.group, portal));
  return {
    subSystem,
    id: await idOf(ctx, subSystem, 'VDS-7.9'),
    luns,
    targets,
    imported,
    drive: await idOfFirst(drive),
    controller: await idOfFirst(controllers?.[0]),
    portal,
    plex: await idOfFirst(plexes?.[0]),
    group: group?.id,
  };
}

/** Makes `count` LUNs and targets on each of the first two subsystems (on one, where there is only one). */
export async function smallSystems(ctx: Context, count = 3): Promise<readonly [SmallSystem, ...SmallSystem[]]> {
  const [first, second] = await ctx.system.subSystems();
  const made: [SmallSystem, ...SmallSystem[]] = [
    await smallSystem(ctx, first ?? (await ctx.system.subSystem()), count),
  ];
  if (second !== undefined) made.push(await smallSystem(ctx, second, count));
  return made;
}

/** Damages the entries of these objects, where a route can. */
export async function damageEntries(
  ctx: Context,
  objects: readonly Guid[],
  kind: CorruptionForm = 'flipped-bytes',
): Promise<void> {
  if (!(await ctx.faults.offers(kind))) return;
  for (const object of objects) await wherePossible(() => ctx.faults.inject({ kind, object }));
}

/** Damages entries of a subsystem none of which is of a part of another one's object, where a route can. */
export const damageSome = (
  ctx: Context,
  { luns, drive, controller, portal, plex, group }: SmallSystem,
): Promise<void> =>
  damageEntries(
    ctx,
    [luns[0]?.id, drive, controller, portal, plex, group].filter((id) => id !== undefined),
  );

/** The ids of everything that was made or found there, the subsystems included. */
export const everyId = (systems: readonly SmallSystem[]): Guid[] =>
  systems.flatMap(({ id, luns, targets, drive, controller, portal, plex, group }) =>
    [id, ...luns.map((l) => l.id), ...targets.map((t) => t.id), drive, controller, portal, plex, group].filter(
      (each) => each !== undefined,
    ),
  );
