// How long the import target lasts and whom it names: over unload and load, for another provider object, when its
// target goes, for names of every class.
import {
  type Check,
  type Context,
  importTargetOf,
  importTargetValue,
  type IVdsHwProvider,
  type IVdsSubSystemImportTarget,
  untilNotBusy,
  secondProvider,
} from '../../src/checks/index.js';
import { formatHresult, HR, nameClasses, succeeded, VDS_ASYNC_OUTPUT_TYPE } from '../../src/contract/index.js';
import { expectSet, identifies } from './setting.js';

/**
 * The import target of the subsystem with this identification, which outlives ids, as a provider object reports it;
 * undefined where it is not listed.
 */
async function importTargetBy(
  ctx: Context,
  hw: IVdsHwProvider,
  identification: string | null,
): Promise<IVdsSubSystemImportTarget | undefined> {
  for (const each of await ctx.duties.list(await hw.querySubSystems(), 'enum', 'IVdsSubSystem', 'VDS-3.4')) {
    const { subSystemProp } = (await each.getProperties()).out;
    if (typeof subSystemProp === 'object' && subSystemProp?.identification === identification)
      return (await each.as('IVdsSubSystemImportTarget')) ?? undefined;
  }
  return undefined;
}

/** The import target that GetImportTarget answered; empty where it answered none. */
const reportedBy = (ctx: Context, result: Awaited<ReturnType<IVdsSubSystemImportTarget['getImportTarget']>>): string =>
  result.hr === HR.S_OK ? (ctx.duties.output('VDS-1.5a', result, 'iscsiName') ?? '') : '';

export const lastingChecks: readonly Check[] = [
  {
    id: 'import-target.outlives-unload',
    title: 'The import target stays when the provider is unloaded and loaded again',
    requirements: ['VDS-1.8', 'VDS-1.4a'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { identification } = ctx.duties.output('VDS-7.9', await subSystem.getProperties(), 'subSystemProp');
      const { dialect, target } = await importTargetOf(ctx, subSystem);
      await ctx.system.unload();
      await ctx.system.restart();
      const again = await importTargetBy(ctx, ctx.system.hw, identification);
      if (again === undefined)
        return ctx.notApplicable('the subsystem is not listed after the provider was loaded again');
      const result = await again.getImportTarget();
      // The target may have another id by now.
      const value = reportedBy(ctx, result);
      ctx.duties.holds(
        'VDS-1.8',
        value !== '' && (dialect !== 'name' || identifies(dialect, target, value)),
        `GetImportTarget answered ${formatHresult(result.hr)} with "${value}" after the provider was loaded again; the import target was ${target.iscsiName}`,
        result,
      );
    },
  },
  {
    id: 'import-target.another-provider-object',
    title: 'Another provider object reports the same import target, also after it was changed and cleared',
    requirements: ['VDS-1.8', 'VDS-1.4a'],
    cost: { calls: 60, recoveries: 2 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { identification } = ctx.duties.output('VDS-7.9', await subSystem.getProperties(), 'subSystemProp');
      const { dialect, target, importTarget } = await importTargetOf(ctx, subSystem);
      const second = await secondProvider(ctx);
      const theirs = await importTargetBy(ctx, second.hw, identification);
      if (theirs === undefined) return ctx.notApplicable('the second provider object does not list the subsystem');
      const other = await ctx.make.target(subSystem);
      for (const each of [target, other]) {
        ctx.duties.ok('VDS-1.4a', await importTarget.setImportTarget({ iscsiName: importTargetValue(dialect, each) }));
        // Its cached value may be older.
        ctx.duties.ok('VDS-5.2', await untilNotBusy(() => second.hw.reenumerate()));
        ctx.duties.ok('VDS-5.3', await untilNotBusy(() => second.hw.refresh()));
        const result = await theirs.getImportTarget();
        const value = reportedBy(ctx, result);
        ctx.duties.holds(
          'VDS-1.8',
          value !== '' && (dialect !== 'name' || identifies(dialect, each, value)),
          `another provider object answered ${formatHresult(result.hr)} with "${value}"; the import target is ${each.iscsiName}`,
          result,
        );
      }
    },
  },
  {
    id: 'import-target.of-a-deleted-target',
    title:
      'When the import target is deleted the setting goes or stays, the same way each time, and never names another target',
    requirements: ['VDS-1.9', 'VDS-1.6'],
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
        await ctx.duties.completed(await target.target.delete(), VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_DELETETARGET);
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
        } else ctx.duties.permitted('VDS-1.6', result, 'after the target that is the import target was deleted');
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
      'A target under an iqn. name with letters beyond ASCII, an eui., a naa. or the longest name can be the import target',
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
];
