// IVdsSubSystemImportTarget (semantics.md 1), with which this project began. Its documents contradict each other on
// what the string means, so each provider is held to the reading that it shows.
import {
  type Context,
  CORRUPTION_FORMS,
  defineSuite,
  idOf,
  importTargetValue,
  RecoveryCase,
  importTargetOf,
  disconnectedAs,
} from '../src/checks/index.js';
import { failed, formatHresult, HR, NULL_GUID, UNTOUCHED } from '../src/contract/index.js';
import { expectSet, clear, subSystemId } from './import-target/setting.js';
import { importedLunChecks } from './import-target/imported-luns.js';
import { lastingChecks } from './import-target/lasting.js';

export const suite = defineSuite('import-target', 'Import target of shadow copies', [
  {
    id: 'import-target.optional',
    title: 'The interface is there or E_NOINTERFACE, and the answer does not change',
    requirements: ['VDS-1.1'],
    changes: false,
    cost: { calls: 4, recoveries: 0 },
    async run(ctx) {
      for (const subSystem of await ctx.system.subSystems()) {
        const { hr } = await subSystem.queryInterface('IVdsSubSystemImportTarget');
        ctx.duties.holds(
          'VDS-1.1',
          hr === HR.S_OK || hr === HR.E_NOINTERFACE,
          'QueryInterface(IVdsSubSystemImportTarget) must succeed or answer E_NOINTERFACE',
        );
        const again = await subSystem.queryInterface('IVdsSubSystemImportTarget');
        ctx.duties.equal(
          'VDS-1.1',
          'the second answer of QueryInterface(IVdsSubSystemImportTarget)',
          formatHresult(again.hr),
          formatHresult(hr),
        );
      }
    },
  },
  {
    id: 'import-target.not-supported',
    title: 'Where GetImportTarget answers VDS_E_NOT_SUPPORTED, SetImportTarget takes nothing either',
    requirements: ['VDS-1.6b'],
    cost: { calls: 6, recoveries: 0 },
    async run(ctx) {
      const importTarget = await ctx.system.optional(await ctx.system.subSystem(), 'IVdsSubSystemImportTarget');
      const result = await importTarget.getImportTarget();
      if (result.hr !== HR.VDS_E_NOT_SUPPORTED) ctx.notApplicable('the subsystem supports an import target');
      for (const iscsiName of [ctx.make.uniqueIscsiName(), NULL_GUID]) {
        const set = await importTarget.setImportTarget({ iscsiName });
        // With whichever code: the value may be looked at first, and neither is a target's.
        ctx.duties.refused('VDS-1.6b', set, 'although GetImportTarget answers VDS_E_NOT_SUPPORTED');
      }
    },
  },
  {
    id: 'import-target.dialect',
    title: 'SetImportTarget takes an existing target by its iSCSI name or by its object id',
    requirements: ['VDS-1.2'],
    cost: { calls: 14, recoveries: 0 },
    async run(ctx) {
      await importTargetOf(ctx, await ctx.system.subSystem());
    },
  },
  {
    id: 'import-target.round-trip',
    title: 'GetImportTarget returns what SetImportTarget stored, also after it is set again',
    requirements: ['VDS-1.4a', 'VDS-1.5a', 'VDS-1.7'],
    cost: { calls: 22, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { dialect, target, importTarget } = await importTargetOf(ctx, subSystem);
      await expectSet(ctx, importTarget, dialect, target);
      const other = await ctx.make.target(subSystem);
      ctx.duties.code(
        'VDS-1.4a',
        await importTarget.setImportTarget({ iscsiName: importTargetValue(dialect, other) }),
        HR.S_OK,
        'for another existing target',
      );
      await expectSet(ctx, importTarget, dialect, other);
    },
  },
  {
    id: 'import-target.none-set',
    title: 'GetImportTarget answers VDS_E_NO_IMPORT_TARGET while none is set',
    requirements: ['VDS-1.6', 'VDS-1.3a', 'VDS-1.3b'],
    cost: { calls: 18, recoveries: 0 },
    async run(ctx) {
      const { dialect, importTarget } = await importTargetOf(ctx, await ctx.system.subSystem());
      if (!(await clear(ctx, importTarget, dialect))) return;
      const result = await importTarget.getImportTarget();
      ctx.duties.code('VDS-1.6', result, HR.VDS_E_NO_IMPORT_TARGET, 'after the import target was cleared');
      // COM leaves outputs of a failed call alone or NULL; the page does not say so.
      ctx.duties.reading(
        'the string of a GetImportTarget that failed',
        typeof result.out.iscsiName === 'string' ? 'is handed out' : 'is NULL',
        'VDS-1.5b',
      );
    },
  },
  {
    id: 'import-target.clear-is-repeatable',
    title: 'Clearing twice is not an error, and the import target can be set again',
    requirements: ['VDS-1.3a', 'VDS-1.3b', 'VDS-1.4a'],
    cost: { calls: 22, recoveries: 0 },
    async run(ctx) {
      const { dialect, target, importTarget } = await importTargetOf(ctx, await ctx.system.subSystem());
      await clear(ctx, importTarget, dialect);
      await clear(ctx, importTarget, dialect);
      ctx.duties.code(
        'VDS-1.4a',
        await importTarget.setImportTarget({ iscsiName: importTargetValue(dialect, target) }),
        HR.S_OK,
        'after the import target was cleared',
      );
      await expectSet(ctx, importTarget, dialect, target);
    },
  },
  {
    id: 'import-target.null-and-empty',
    title: 'NULL and the empty string clear or are refused, the same way each time',
    requirements: ['VDS-1.3c', 'VDS-1.6c'],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      const { dialect, target, importTarget } = await importTargetOf(ctx, await ctx.system.subSystem());
      for (const [what, iscsiName] of [
        ['NULL', null],
        ['the empty string', ''],
      ] as const) {
        for (let time = 0; time < 2; time++) {
          ctx.duties.ok(
            'VDS-1.4a',
            await importTarget.setImportTarget({ iscsiName: importTargetValue(dialect, target) }),
          );
          const result = await importTarget.setImportTarget({ iscsiName });
          ctx.duties.holds(
            'VDS-1.6c',
            result.hr !== HR.VDS_E_NO_IMPORT_TARGET,
            `SetImportTarget answered VDS_E_NO_IMPORT_TARGET to ${what}`,
            result,
          );
          const after = await importTarget.getImportTarget();
          if (result.hr === HR.S_OK)
            ctx.duties.code('VDS-1.3c', after, HR.VDS_E_NO_IMPORT_TARGET, `after SetImportTarget had taken ${what}`);
          else {
            ctx.duties.permitted('VDS-1.3c', result, `for ${what}`);
            ctx.duties.code(
              'VDS-1.3c',
              after,
              HR.S_OK,
              `after SetImportTarget had refused ${what}, which leaves the setting as it was`,
            );
          }
          ctx.duties.reading(
            `SetImportTarget with ${what}`,
            result.hr === HR.S_OK ? 'clears' : 'is refused',
            'VDS-1.3c',
          );
        }
      }
    },
  },
  {
    id: 'import-target.per-subsystem',
    title: "Setting one subsystem's import target leaves that of another as it was",
    requirements: ['VDS-1.4a'],
    cost: { calls: 26, recoveries: 0 },
    async run(ctx) {
      const [first, second] = await ctx.system.twoSubSystems();
      const secondImport = await ctx.system.importTarget(second);
      const before = await secondImport.getImportTarget();
      const { dialect, target, importTarget } = await importTargetOf(ctx, first);
      const after = await secondImport.getImportTarget();
      ctx.duties.code(
        'VDS-1.4a',
        after,
        before.hr,
        "for the second subsystem, after only the first one's import target was set",
      );
      if (before.hr === HR.S_OK)
        ctx.duties.equal(
          'VDS-1.4a',
          `the import target of ${await idOf(ctx, second, 'VDS-7.9')}, where nothing was set,`,
          after.out.iscsiName,
          before.out.iscsiName,
          after,
        );
      await expectSet(ctx, importTarget, dialect, target);
      const elsewhere = await ctx.make.target(second);
      ctx.duties.ok(
        'VDS-1.4a',
        await secondImport.setImportTarget({ iscsiName: importTargetValue(dialect, elsewhere) }),
      );
      await expectSet(ctx, importTarget, dialect, target);
      await expectSet(ctx, secondImport, dialect, elsewhere);
      // One value on both: a provider that keeps the value rather than the subsystem's setting moves it. It may refuse
      // another subsystem's target.
      const both = await secondImport.setImportTarget({ iscsiName: importTargetValue(dialect, target) });
      if (both.hr === HR.S_OK) await expectSet(ctx, secondImport, dialect, target);
      await expectSet(ctx, importTarget, dialect, target);
    },
  },
  {
    id: 'import-target.unknown-value',
    title: 'A value that names no target is stored or refused with a permitted code, the same way each time',
    requirements: ['VDS-1.4b'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const { dialect, target, importTarget } = await importTargetOf(ctx, await ctx.system.subSystem());
      const value = dialect === 'name' ? ctx.make.uniqueIscsiName() : 'c0ffee00-0000-4000-8000-00000000beef';
      for (let time = 0; time < 2; time++) {
        const result = await importTarget.setImportTarget({ iscsiName: value });
        ctx.duties.holds(
          'VDS-1.4b',
          result.hr === HR.S_OK || failed(result.hr),
          'SetImportTarget must store a value that names no target, or refuse it with a permitted code',
          result,
        );
        if (result.hr !== HR.S_OK) ctx.duties.permitted('VDS-1.4b', result, 'for a value that names no target');
        ctx.duties.reading(
          'SetImportTarget with a value that names no target',
          result.hr === HR.S_OK ? 'stored' : 'refused',
          'VDS-1.4b',
        );
        if (result.hr !== HR.S_OK) await expectSet(ctx, importTarget, dialect, target);
      }
    },
  },
  {
    id: 'import-target.null-out-pointer',
    title: 'GetImportTarget survives a NULL out pointer',
    requirements: ['VDS-1.5b'],
    capabilities: ['nullOuts'],
    changes: false,
    cost: { calls: 6, recoveries: 0 },
    async run(ctx) {
      const importTarget = await ctx.system.importTarget(await ctx.system.subSystem());
      const result = await importTarget.getImportTarget({ nullOuts: ['iscsiName'] });
      ctx.duties.holds(
        'VDS-1.5b',
        result.hr !== HR.S_OK,
        'GetImportTarget answered S_OK although it had nowhere to put the string',
        result,
      );
    },
  },
  {
    id: 'import-target.survives-recovery',
    title: 'Reenumerate and Refresh leave the import target as it is, set or not',
    requirements: ['VDS-5.5d', 'VDS-1.4a', 'VDS-1.6'],
    cost: { calls: 30, recoveries: 2 },
    async run(ctx) {
      const [first, second] = await ctx.system.twoSubSystems();
      const secondImport = await ctx.system.importTarget(second);
      const { dialect, target, importTarget } = await importTargetOf(ctx, first);
      const other = await secondImport.getImportTarget();
      const recoveryCase = new RecoveryCase(ctx);
      // Read before and after, so that what loses it is known.
      await expectSet(ctx, importTarget, dialect, target);
      await recoveryCase.reenumerateAndRefresh();
      await expectSet(
        ctx,
        importTarget,
        dialect,
        target,
        'after SetImportTarget, Reenumerate and Refresh had succeeded',
      );
      const after = await secondImport.getImportTarget();
      ctx.duties.code('VDS-1.4a', after, other.hr, 'for the second subsystem, after recovery');
      if (!(await clear(ctx, importTarget, dialect))) return;
      await recoveryCase.reenumerateAndRefresh();
      ctx.duties.code(
        'VDS-1.6',
        await importTarget.getImportTarget(),
        HR.VDS_E_NO_IMPORT_TARGET,
        'after the import target was cleared and the provider recovered',
      );
    },
  },
  ...CORRUPTION_FORMS.map((form) => ({
    id: `import-target.corrupted.${form}`,
    title: `The import target is right again after ${form} of its subsystem's cache entry and recovery`,
    // These two leave the entry such that it can be read.
    requirements: [
      'VDS-5.5a',
      'VDS-5.5b',
      'VDS-5.5d',
      ...(form === 'dangling-reference' || form === 'stale-entry' ? [] : ['VDS-5.6']),
      'VDS-1.4a',
    ],
    faults: [form],
    cost: { calls: 90, recoveries: 2 },
    async run(ctx: Context) {
      const subSystem = await ctx.system.subSystem();
      const { dialect, importTarget } = await importTargetOf(ctx, subSystem);
      const id = await subSystemId(ctx, subSystem);
      const recoveryCase = new RecoveryCase(ctx);
      await recoveryCase.snapshot();
      const target = await ctx.make.target(subSystem);
      ctx.duties.ok('VDS-1.4a', await importTarget.setImportTarget({ iscsiName: importTargetValue(dialect, target) }));
      await recoveryCase.snapshot();
      const fault = await ctx.faults.inject({ kind: form, object: id });
      await recoveryCase.probe(
        'GetImportTarget',
        () => importTarget.getImportTarget(),
        (result) => ({ id, importTarget: result.out.iscsiName === UNTOUCHED ? null : result.out.iscsiName }),
      );
      await recoveryCase.mustRecover({ fault });
      await expectSet(ctx, importTarget, dialect, target);
      await recoveryCase.mustBeIdempotent();
    },
  })),
  {
    id: 'import-target.deleted-subsystem',
    title:
      'GetImportTarget and SetImportTarget of a subsystem that is gone answer ' +
      'VDS_E_OBJECT_DELETED after Reenumerate and Refresh',
    requirements: ['VDS-7.1a', 'VDS-5.2b'],
    faults: ['disconnect'],
    cost: { calls: 60, recoveries: 2 },
    async run(ctx) {
      const [, second] = await ctx.system.twoSubSystems();
      const importTarget = await ctx.system.importTarget(second);
      const id = await subSystemId(ctx, second);
      const recoveryCase = new RecoveryCase(ctx);
      const fault = await ctx.faults.inject({ kind: 'disconnect', object: id });
      await recoveryCase.reenumerateAndRefresh();
      if ((await disconnectedAs(ctx, second)) === 'kept')
        ctx.notApplicable('a subsystem that is disconnected is kept, with status OFFLINE');
      ctx.duties.code(
        'VDS-7.1a',
        await importTarget.getImportTarget(),
        HR.VDS_E_OBJECT_DELETED,
        'on a subsystem that is gone',
      );
      ctx.duties.code(
        'VDS-7.1a',
        await importTarget.setImportTarget({ iscsiName: NULL_GUID }),
        HR.VDS_E_OBJECT_DELETED,
        'on a subsystem that is gone',
      );
      await fault.heal();
      await recoveryCase.reenumerateAndRefresh();
    },
  },
  ...lastingChecks,
  ...importedLunChecks,
]);
