// LUNs of a shadow-copy set that are imported, and the targets that they are associated with.
import {
  type Check,
  type Context,
  type CreatedTarget,
  importTargetValue,
  type IVdsSubSystem,
  supportsVersion,
  lunsOf,
  RecoveryCase,
  targetsOf,
  importTargetOf,
} from '../../src/checks/index.js';
import { configuresTargets, type Guid, HR, VDS_LUN_FLAG, VDS_OBJECT_TYPE } from '../../src/contract/index.js';
import { expectSet, clear, subSystemId } from './setting.js';

/**
 * Imports a LUN, as a VSS requester on this computer would, and brings the provider to where it must know. Gives its id
 * and what is then listed.
 */
async function imported(
  ctx: Context,
  subSystem: IVdsSubSystem,
): Promise<{ readonly id: Guid; readonly luns: readonly Guid[] }> {
  const { newObject } = await ctx.faults.inject({ kind: 'import-lun', object: await subSystemId(ctx, subSystem) });
  if (newObject === undefined) return ctx.inconclusive('the fault does not show which LUN it imported');
  await new RecoveryCase(ctx).reenumerateAndRefresh();
  const luns: Guid[] = [];
  for (const lun of await ctx.duties.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.6a'))
    luns.push(ctx.duties.output('VDS-1.4c', await lun.getProperties(), 'lunProp').id);
  return { id: newObject, luns };
}

/**
 * The targets of an imported LUN; where there are several, without those with which any new LUN of a subsystem with
 * simple target configuration is associated. Not applicable where LUNs have no iSCSI side.
 */
async function targetsOfImported(ctx: Context, id: Guid): Promise<readonly Guid[]> {
  const unknown = await ctx.system.objectById(id, VDS_OBJECT_TYPE.VDS_OT_LUN);
  if (unknown === null)
    return ctx.duties.broken(
      'VDS-1.4c',
      'GetObject does not find a LUN that was imported, after Reenumerate and Refresh',
    );
  const targets = await targetsOf(ctx, await ctx.system.optional(unknown, 'IVdsLunIscsi'));
  if (targets.length < 2) return targets;
  const lun = await ctx.system.optional(unknown, 'IVdsLun');
  const subSystem = ctx.duties.output('VDS-4.4', await lun.getSubSystem(), 'subSystem');
  const { flags } = ctx.duties.output('VDS-7.9', await subSystem.getProperties(), 'subSystemProp');
  if (!configuresTargets(flags)) return targets;
  const made = await ctx.make.lun(subSystem);
  const usual = await targetsOf(ctx, await ctx.system.optional(made.lun, 'IVdsLunIscsi'));
  return targets.filter((each) => !usual.includes(each));
}

/**
 * What the array has associated is changed like any other association: the imported LUN goes over to another target,
 * back to the import target, and to none. A provider may refuse each of it, for a snapshot.
 */
async function goesToOtherTargets(ctx: Context, id: Guid, target: CreatedTarget, other: CreatedTarget): Promise<void> {
  // It is none of the run's own LUNs.
  if (!ctx.session.capabilities.disposable) return;
  const lun = await ctx.system.objectById(id, VDS_OBJECT_TYPE.VDS_OT_LUN);
  const iscsi = await lun?.as('IVdsLunIscsi');
  if (iscsi === undefined || iscsi === null) return;
  for (const wanted of [[other], [target], []]) {
    const ids = wanted.map((each) => each.id);
    const result = await iscsi.associateTargets({ targetIdArray: ids.length === 0 ? null : ids });
    if (result.hr !== HR.S_OK) continue;
    const told = await targetsOf(ctx, iscsi);
    for (const each of [target, other]) {
      const isWanted = wanted.includes(each);
      const which = each === target ? 'the import target' : 'the other target';
      const how = isWanted ? `is associated with ${which}` : `is not associated with ${which} any more`;
      const agree = told.includes(each.id) === isWanted && (await lunsOf(ctx, each.target)).includes(id) === isWanted;
      ctx.duties.holds(
        'VDS-10.11',
        agree,
        `an imported LUN was to have other targets, and not both tell that it ${how}`,
        result,
      );
    }
  }
}

export const importedLunChecks: readonly Check[] = [
  {
    id: 'import-target.imported-lun-is-a-snapshot',
    title: 'A LUN of a shadow-copy set that is imported has VDS_LF_SNAPSHOT',
    requirements: ['VDS-10.37'],
    faults: ['import-lun'],
    cost: { calls: 60, recoveries: 1 },
    async run(ctx) {
      if (!(await supportsVersion(ctx, 'VDS_VSF_3_0'))) ctx.notApplicable('the provider does not support VDS 3.0');
      const { id } = await imported(ctx, await ctx.system.subSystem());
      const lun = await (await ctx.system.objectById(id, VDS_OBJECT_TYPE.VDS_OT_LUN))?.as('IVdsLun');
      const told = await lun?.getProperties();
      if (told === undefined) return ctx.inconclusive('GetObject does not find the LUN that was imported');
      ctx.duties.holds(
        'VDS-10.37',
        (ctx.duties.output('VDS-10.37', told, 'lunProp').flags & VDS_LUN_FLAG.VDS_LF_SNAPSHOT) !== 0,
        'a LUN of a shadow-copy set does not have VDS_LF_SNAPSHOT',
        told,
      );
    },
  },
  {
    id: 'import-target.imported-lun',
    title:
      'A LUN of a shadow-copy set that is imported is associated with the import target, until it is given other ones',
    requirements: ['VDS-1.4c', 'VDS-10.11'],
    faults: ['import-lun'],
    cost: { calls: 120, recoveries: 1 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { dialect, target, importTarget } = await importTargetOf(ctx, subSystem);
      const other = await ctx.make.target(subSystem);
      const { id, luns } = await imported(ctx, subSystem);
      ctx.duties.equal('VDS-1.4c', 'the targets of the imported LUN', await targetsOfImported(ctx, id), [target.id]);
      ctx.duties.holds(
        'VDS-10.11',
        (await lunsOf(ctx, target.target)).includes(id),
        'the import target does not list the imported LUN',
      );
      ctx.duties.holds(
        'VDS-10.11',
        !(await lunsOf(ctx, other.target)).includes(id),
        'another target lists the imported LUN',
      );
      ctx.duties.listedOnce(
        'VDS-1.4c',
        { query: 'IVdsSubSystem.QueryLuns', of: id, which: 'the imported LUN' },
        luns.filter((each) => each === id).length,
      );
      await expectSet(ctx, importTarget, dialect, target);
      await goesToOtherTargets(ctx, id, target, other);
      await expectSet(ctx, importTarget, dialect, target);
    },
  },
  {
    id: 'import-target.imported-without-one',
    title: 'A LUN that is imported while no import target is set is associated with no target',
    requirements: ['VDS-1.4c'],
    faults: ['import-lun'],
    cost: { calls: 80, recoveries: 1 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { dialect, target, importTarget } = await importTargetOf(ctx, subSystem);
      if (!(await clear(ctx, importTarget, dialect))) return;
      const { id } = await imported(ctx, subSystem);
      ctx.duties.holds(
        'VDS-1.4c',
        !(await targetsOfImported(ctx, id)).includes(target.id),
        'a LUN that was imported after the import target was cleared is associated with it',
      );
      ctx.duties.holds(
        'VDS-1.4c',
        !(await lunsOf(ctx, target.target)).includes(id),
        'the target that was the import target lists a LUN that was imported after it was cleared',
      );
    },
  },
  {
    id: 'import-target.imported-to-its-own-subsystem',
    title: "A LUN that is imported on one subsystem is associated with that one's import target, not with another's",
    requirements: ['VDS-1.4a', 'VDS-1.4c'],
    faults: ['import-lun'],
    cost: { calls: 120, recoveries: 2 },
    async run(ctx) {
      const [first, second] = await ctx.system.twoSubSystems();
      const one = await importTargetOf(ctx, first);
      const two = await importTargetOf(ctx, second);
      for (const [subSystem, mine, others] of [
        [first, one, two],
        [second, two, one],
      ] as const) {
        const { id } = await imported(ctx, subSystem);
        ctx.duties.equal(
          'VDS-1.4c',
          `the targets of a LUN that was imported on ${await subSystemId(ctx, subSystem)}`,
          await targetsOfImported(ctx, id),
          [mine.target.id],
        );
        ctx.duties.holds(
          'VDS-1.4a',
          !(await lunsOf(ctx, others.target.target)).includes(id),
          "another subsystem's import target lists the imported LUN",
        );
      }
    },
  },
  {
    id: 'import-target.imported-while-targets-change',
    title:
      'A LUN is associated with the import target, whatever was done since that was set: older and newer targets are ' +
      'deleted, and it is given another name',
    requirements: ['VDS-1.4c'],
    faults: ['import-lun'],
    effort: 'standard',
    cost: { calls: 200, recoveries: 3 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const older = await ctx.make.target(subSystem);
      const { target } = await importTargetOf(ctx, subSystem);
      const newer = await ctx.make.target(subSystem);
      for (const [when, change] of Object.entries<() => Promise<unknown>>({
        'an older target was deleted': async () => ctx.duties.completed(await older.target.delete()),
        'a newer target was deleted': async () => ctx.duties.completed(await newer.target.delete()),
        'it was given another name': () => target.target.setFriendlyName({ friendlyName: ctx.make.uniqueName() }),
      })) {
        await change();
        const { id } = await imported(ctx, subSystem);
        ctx.duties.equal(
          'VDS-1.4c',
          `the targets of a LUN that was imported after ${when}`,
          await targetsOfImported(ctx, id),
          [target.id],
        );
      }
    },
  },
  {
    id: 'import-target.imported-after-a-change',
    title:
      'A LUN is associated with the import target of the time when it was imported; changing that later moves nothing',
    requirements: ['VDS-1.4c'],
    faults: ['import-lun'],
    cost: { calls: 120, recoveries: 2 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { dialect, target, importTarget } = await importTargetOf(ctx, subSystem);
      const before = await imported(ctx, subSystem);
      const other = await ctx.make.target(subSystem);
      ctx.duties.code(
        'VDS-1.4a',
        await importTarget.setImportTarget({ iscsiName: importTargetValue(dialect, other) }),
        HR.S_OK,
        'for another existing target',
      );
      const after = await imported(ctx, subSystem);
      ctx.duties.equal(
        'VDS-1.4c',
        'the targets of a LUN that was imported after the import target was changed',
        await targetsOfImported(ctx, after.id),
        [other.id],
      );
      ctx.duties.equal(
        'VDS-1.4c',
        'the targets of a LUN that was imported before the import target was changed',
        await targetsOfImported(ctx, before.id),
        [target.id],
      );
    },
  },
];
