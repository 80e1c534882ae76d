// How long the import target lasts and whom it names: over unload and load, for another provider object, when its
// target goes, for names of every class.
import {
  type Check,
  type Context,
  type CreatedTarget,
  type ImportTargetDialect,
  importTargetOf,
  importTargetValue,
  type IVdsHwProvider,
  type IVdsSubSystem,
  type IVdsSubSystemImportTarget,
  noImportTarget,
  untilNotBusy,
  secondProvider,
} from '../../src/checks/index.js';
import { formatHresult, HR, nameClasses, succeeded } from '../../src/contract/index.js';
import { expectSet, identifies } from './setting.js';

interface Place {
  readonly subSystem: IVdsSubSystem;
  readonly importTarget: IVdsSubSystemImportTarget;
}

/**
 * The subsystem with this identification, which outlives ids, as a provider object reports it; undefined where it is
 * not listed.
 */
async function placeOf(ctx: Context, hw: IVdsHwProvider, identification: string | null): Promise<Place | undefined> {
  for (const subSystem of await ctx.duties.list(await hw.querySubSystems(), 'enum', 'IVdsSubSystem', 'VDS-3.4')) {
    const { subSystemProp } = (await subSystem.getProperties()).out;
    if (typeof subSystemProp !== 'object' || subSystemProp?.identification !== identification) continue;
    const importTarget = await subSystem.as('IVdsSubSystemImportTarget');
    return importTarget === null ? undefined : { subSystem, importTarget };
  }
  return undefined;
}

/** Identifications of the subsystems whose import target the run may set, two at most. The setting is put back. */
async function settable(ctx: Context): Promise<readonly (string | null)[]> {
  const found: (string | null)[] = [];
  for (const each of (await ctx.system.subSystems()).slice(0, 2))
    if ((await ctx.system.importTargetIfAny(each)) !== undefined)
      found.push(ctx.duties.output('VDS-7.9', await each.getProperties(), 'subSystemProp').identification);
  return found;
}

/** Set, set again and cleared, on one subsystem while the other is a step behind. */
const STEPS: readonly (readonly ('set' | 'clear')[])[] = [
  ['set', 'clear'],
  ['set', 'set'],
  ['clear', 'set'],
];

/** Sets the import target to a new target, or clears it. Gives the target. */
async function change(
  ctx: Context,
  { subSystem, importTarget }: Place,
  dialect: ImportTargetDialect,
  to: 'set' | 'clear' | undefined,
): Promise<CreatedTarget | undefined> {
  const target = to === 'set' ? await ctx.make.target(subSystem) : undefined;
  const iscsiName = target === undefined ? noImportTarget(dialect) : importTargetValue(dialect, target);
  const clearing = dialect === 'name' ? 'VDS-1.3b' : 'VDS-1.3a';
  ctx.duties.ok(target === undefined ? clearing : 'VDS-1.4a', await importTarget.setImportTarget({ iscsiName }));
  return target;
}

/** GetImportTarget reports the target; after a load its id may be another. */
async function mustReport(
  ctx: Context,
  { importTarget }: Place,
  dialect: ImportTargetDialect,
  target: CreatedTarget | undefined,
  when: string,
): Promise<void> {
  const result = await importTarget.getImportTarget();
  const value = result.hr === HR.S_OK ? (ctx.duties.output('VDS-1.5a', result, 'iscsiName') ?? '') : '';
  ctx.duties.holds(
    'VDS-1.8',
    target === undefined ? value === '' : value !== '' && (dialect !== 'name' || identifies(dialect, target, value)),
    `GetImportTarget answered ${formatHresult(result.hr)} with "${value}" ${when}; the import target ` +
      `${target === undefined ? 'had been cleared' : `was ${target.iscsiName}`}`,
    result,
  );
}

export const lastingChecks: readonly Check[] = [
  {
    id: 'import-target.outlives-unload',
    title:
      'The import target of each subsystem stays as it was set, set again or cleared when the provider is unloaded ' +
      'and loaded again',
    requirements: ['VDS-1.8', 'VDS-1.3a', 'VDS-1.3b', 'VDS-1.4a'],
    cost: { calls: 150, recoveries: 0 },
    async run(ctx) {
      const { dialect } = await importTargetOf(ctx, await ctx.system.subSystem());
      const identifications = await settable(ctx);
      for (const step of STEPS) {
        const targets: (CreatedTarget | undefined)[] = [];
        for (const [n, identification] of identifications.entries()) {
          const place = await placeOf(ctx, ctx.system.hw, identification);
          if (place === undefined) return ctx.notApplicable('a subsystem is not listed after a load');
          targets.push(await change(ctx, place, dialect, step[n]));
        }
        await ctx.system.unload();
        await ctx.system.restart();
        for (const [n, identification] of identifications.entries()) {
          const place = await placeOf(ctx, ctx.system.hw, identification);
          if (place !== undefined)
            await mustReport(ctx, place, dialect, targets[n], 'after the provider was loaded again');
        }
      }
    },
  },
  {
    id: 'import-target.another-provider-object',
    title:
      'Two provider objects report the same import target after each has set, changed and cleared it, each after its ' +
      'own Reenumerate and Refresh',
    requirements: ['VDS-1.8', 'VDS-1.3a', 'VDS-1.3b', 'VDS-1.4a'],
    cost: { calls: 180, recoveries: 8 },
    async run(ctx) {
      const { dialect } = await importTargetOf(ctx, await ctx.system.subSystem());
      const [identification = null] = await settable(ctx);
      const second = await secondProvider(ctx);
      const ours = await placeOf(ctx, ctx.system.hw, identification);
      const theirs = await placeOf(ctx, second.hw, identification);
      if (ours === undefined || theirs === undefined)
        return ctx.notApplicable('the second provider object does not list the subsystem');
      for (const [changing, looking, hw] of [
        [ours, theirs, second.hw],
        [theirs, ours, ctx.system.hw],
      ] as const)
        for (const [to] of STEPS) {
          const target = await change(ctx, changing, dialect, to);
          // Its cached value may be older.
          ctx.duties.ok('VDS-5.2', await untilNotBusy(() => hw.reenumerate()));
          ctx.duties.ok('VDS-5.3', await untilNotBusy(() => hw.refresh()));
          await mustReport(ctx, looking, dialect, target, 'of another provider object than the one that changed it');
        }
      // It may take the settings along (VDS-1.8), so that clean-up must see what there is now.
      await second.unload(true);
      await ctx.faults.recover();
    },
  },
  {
    id: 'import-target.of-a-deleted-target',
    title:
      'When the import target is deleted the setting goes or stays, the same ' +
      'way each time, and never names another target',
    requirements: ['VDS-1.9'],
    cost: { calls: 60, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { dialect, importTarget } = await importTargetOf(ctx, subSystem);
      for (let time = 0; time < 2; time++) {
        const target = await ctx.make.target(subSystem);
        ctx.duties.ok(
          'VDS-1.4a',
          await importTarget.setImportTarget({ iscsiName: importTargetValue(dialect, target) }),
        );
        await ctx.duties.completed(await target.target.delete());
        // A new target must not step into the place of the old one.
        await ctx.make.target(subSystem);
        const result = await importTarget.getImportTarget();
        if (result.hr === HR.S_OK) {
          const value = ctx.duties.output('VDS-1.5a', result, 'iscsiName');
          ctx.duties.holds(
            'VDS-1.9',
            identifies(dialect, target, value),
            `GetImportTarget answered "${value}" after the import target, ${target.iscsiName}, was deleted`,
            result,
          );
        } else ctx.duties.permitted('VDS-1.9', result, 'after the target that is the import target was deleted');
        ctx.duties.reading(
          'the import target when its target is deleted',
          succeeded(result.hr) ? 'stays' : 'goes',
          'VDS-1.9',
        );
      }
    },
  },
  {
    id: 'import-target.names-of-every-class',
    title:
      'A target under an iqn. name with letters beyond ASCII, an eui., a ' +
      'naa. or the longest name can be the import target',
    requirements: ['VDS-1.4a', 'VDS-1.5a', 'VDS-1.7'],
    cost: { calls: 80, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { dialect, importTarget } = await importTargetOf(ctx, subSystem);
      const iscsi = await ctx.system.iscsi(subSystem);
      const refused: string[] = [];
      for (const { iscsiName, how } of nameClasses(ctx.make.uniqueIscsiName())) {
        const started = await iscsi.createTarget({ iscsiName, friendlyName: ctx.make.uniqueName() });
        if (!succeeded(started.hr)) {
          ctx.duties.permitted('VDS-0.2a', started, `for a target ${how}`);
          refused.push(how);
          continue;
        }
        const target = await ctx.make.startedTarget(subSystem, started);
        ctx.duties.code(
          'VDS-1.4a',
          await importTarget.setImportTarget({ iscsiName: importTargetValue(dialect, target) }),
          HR.S_OK,
          `for a target that exists ${how}`,
        );
        await expectSet(ctx, importTarget, dialect, target);
      }
      if (refused.length > 0) ctx.note(`CreateTarget refuses targets ${refused.join(', ')}`);
    },
  },
  {
    id: 'import-target.names-that-begin-alike',
    title: 'Of targets whose names begin with one another, each can be the import target, whichever was it before',
    requirements: ['VDS-1.4a', 'VDS-1.5a'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { dialect, importTarget } = await importTargetOf(ctx, subSystem);
      const name = ctx.make.uniqueIscsiName();
      const longer = await ctx.make.target(subSystem, `${name}-10`);
      const target = await ctx.make.target(subSystem, `${name}-1`);
      for (const each of [longer, target, longer]) {
        ctx.duties.code(
          'VDS-1.4a',
          await importTarget.setImportTarget({ iscsiName: importTargetValue(dialect, each) }),
          HR.S_OK,
          `for ${each.iscsiName}`,
        );
        await expectSet(ctx, importTarget, dialect, each);
      }
    },
  },
];
