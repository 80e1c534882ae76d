// IVdsSubSystemImportTarget (semantics.md 1), with which this project began. Its documents contradict each other on what the string means, so
// each provider is held to the reading that it shows.
import {
  type Context,
  CORRUPTION_FORMS,
  type CreatedTarget,
  defineSuite,
  type ImportTargetDialect,
  importTargetValue,
  type IVdsSubSystem,
  type IVdsSubSystemImportTarget,
  lunsOf,
  RecoveryCase,
  targetsOf,
  disconnectedAs,
  importTargetOf,
  noImportTarget,
} from '../src/checks/index.js';
import {
  formatHresult,
  type Guid,
  HR,
  failed,
  NULL_GUID,
  parseGuid,
  UNTOUCHED,
  VDS_OBJECT_TYPE,
} from '../src/contract/index.js';

/** Whether what Get returned identifies the target: its iSCSI name (which is compared without regard to case), or in the id dialects its id. */
function identifies(dialect: string, target: CreatedTarget, value: string): boolean {
  if (value.toLowerCase() === target.iscsiName.toLowerCase()) return true;
  return dialect !== 'name' && parseGuid(value) === target.id;
}

async function expectSet(
  ctx: Context,
  importTarget: IVdsSubSystemImportTarget,
  dialect: ImportTargetDialect,
  target: CreatedTarget,
): Promise<void> {
  const result = await importTarget.getImportTarget();
  ctx.duties.code('VDS-1.4a', result, HR.S_OK, 'after SetImportTarget had succeeded');
  const value = ctx.duties.output('VDS-1.5a', result, 'iscsiName');
  const stored = importTargetValue(dialect, target);
  ctx.duties.holds(
    'VDS-1.5a',
    identifies(dialect, target, value),
    `GetImportTarget returned "${value}", which is not the target that SetImportTarget had stored as "${stored}"`,
    result,
  );
  if (dialect === 'name')
    ctx.duties.equal('VDS-1.7', 'the string that GetImportTarget returned', value, stored, result);
}

/**
 * Clears by GUID_NULL in the form of the dialect, which must be taken, or where that is refused by NULL, which may be. Gives whether one of them was
 * taken: with none, what GetImportTarget must answer afterwards is what it had to before.
 */
async function clear(
  ctx: Context,
  importTarget: IVdsSubSystemImportTarget,
  dialect: ImportTargetDialect,
): Promise<boolean> {
  const result = await importTarget.setImportTarget({ iscsiName: noImportTarget(dialect) });
  const requirement = dialect === 'name' ? 'VDS-1.3b' : 'VDS-1.3a';
  if (ctx.duties.code(requirement, result, HR.S_OK, 'for GUID_NULL, which clears the import target')) return true;
  if ((await importTarget.setImportTarget({ iscsiName: null })).hr === HR.S_OK) return true;
  ctx.note('neither GUID_NULL nor NULL clears the import target, so nothing that follows clearing could be checked');
  return false;
}

const subSystemId = async (ctx: Context, subSystem: IVdsSubSystem): Promise<string> =>
  ctx.duties.output('VDS-7.9', await subSystem.getProperties(), 'subSystemProp').id;

/** Imports a LUN, as a VSS requester on this computer would, and brings the provider to where it must know. Gives its id and what is then listed. */
async function imported(
  ctx: Context,
  subSystem: IVdsSubSystem,
): Promise<{ readonly id: Guid; readonly luns: readonly Guid[] }> {
  const { newObject } = await ctx.faults.inject({ kind: 'import-lun', object: await subSystemId(ctx, subSystem) });
  if (newObject === undefined) return ctx.inconclusive('the fault did not tell which LUN was imported');
  await new RecoveryCase(ctx).pair();
  const luns: Guid[] = [];
  for (const lun of await ctx.duties.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.6a'))
    luns.push(ctx.duties.output('VDS-1.4c', await lun.getProperties(), 'lunProp').id);
  return { id: newObject, luns };
}

/** The targets of an imported LUN. Not applicable where LUNs have no iSCSI side. */
async function targetsOfImported(ctx: Context, id: Guid): Promise<Guid[]> {
  const unknown = await ctx.system.objectById(id, VDS_OBJECT_TYPE.VDS_OT_LUN);
  if (unknown === null)
    return ctx.duties.broken(
      'VDS-1.4c',
      'GetObject does not find a LUN that was imported, after Reenumerate and Refresh',
    );
  return targetsOf(ctx, await ctx.system.optional(unknown, 'IVdsLunIscsi'));
}

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
    title: 'Where GetImportTarget answers VDS_E_NOT_SUPPORTED, SetImportTarget does so too, whatever it is given',
    requirements: ['VDS-1.6', 'VDS-7.5'],
    cost: { calls: 6, recoveries: 0 },
    async run(ctx) {
      const importTarget = await ctx.system.optional(await ctx.system.subSystem(), 'IVdsSubSystemImportTarget');
      const result = await importTarget.getImportTarget();
      if (result.hr !== HR.VDS_E_NOT_SUPPORTED) ctx.notApplicable('the subsystem supports an import target');
      for (const iscsiName of [ctx.make.uniqueIscsiName(), NULL_GUID]) {
        ctx.duties.code(
          'VDS-7.5',
          await importTarget.setImportTarget({ iscsiName }),
          HR.VDS_E_NOT_SUPPORTED,
          'although GetImportTarget answers VDS_E_NOT_SUPPORTED',
        );
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
    title: 'Clearing twice is no error, and the import target can be set again',
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
    requirements: ['VDS-1.3c'],
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
          "the second subsystem's import target",
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
      // One value on both: a provider that keeps the value rather than the subsystem's setting moves it. It may refuse another subsystem's target.
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
    requirements: ['VDS-5.5b', 'VDS-1.4a', 'VDS-1.6'],
    cost: { calls: 30, recoveries: 2 },
    async run(ctx) {
      const [first, second] = await ctx.system.twoSubSystems();
      const secondImport = await ctx.system.importTarget(second);
      const { dialect, target, importTarget } = await importTargetOf(ctx, first);
      const other = await secondImport.getImportTarget();
      const recoveryCase = new RecoveryCase(ctx);
      await recoveryCase.pair();
      await expectSet(ctx, importTarget, dialect, target);
      const after = await secondImport.getImportTarget();
      ctx.duties.code('VDS-1.4a', after, other.hr, 'for the second subsystem, after recovery');
      if (!(await clear(ctx, importTarget, dialect))) return;
      await recoveryCase.pair();
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
    requirements: ['VDS-5.5a', 'VDS-5.5b', 'VDS-5.6', 'VDS-1.4a'],
    faults: [form],
    cost: { calls: 90, recoveries: 2 },
    async run(ctx: Context) {
      const subSystem = await ctx.system.subSystem();
      const { dialect, importTarget } = await importTargetOf(ctx, subSystem);
      const id = await subSystemId(ctx, subSystem);
      const recoveryCase = new RecoveryCase(ctx);
      await recoveryCase.remember();
      const target = await ctx.make.target(subSystem);
      ctx.duties.ok('VDS-1.4a', await importTarget.setImportTarget({ iscsiName: importTargetValue(dialect, target) }));
      await recoveryCase.remember();
      const fault = await ctx.faults.inject({ kind: form, object: id });
      await recoveryCase.probe(
        'GetImportTarget',
        () => importTarget.getImportTarget(),
        (result) => ({ id, importTarget: result.out.iscsiName === UNTOUCHED ? null : result.out.iscsiName }),
      );
      await recoveryCase.settled({ fault });
      await expectSet(ctx, importTarget, dialect, target);
      await recoveryCase.recoveredTwice();
    },
  })),
  {
    id: 'import-target.deleted-subsystem',
    title: 'GetImportTarget and SetImportTarget of a subsystem that is gone answer VDS_E_OBJECT_DELETED after the pair',
    requirements: ['VDS-7.1a', 'VDS-5.2'],
    faults: ['disconnect'],
    cost: { calls: 60, recoveries: 2 },
    async run(ctx) {
      const [, second] = await ctx.system.twoSubSystems();
      const importTarget = await ctx.system.importTarget(second);
      const id = await subSystemId(ctx, second);
      const recoveryCase = new RecoveryCase(ctx);
      const fault = await ctx.faults.inject({ kind: 'disconnect', object: id });
      await recoveryCase.pair();
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
      await recoveryCase.pair();
    },
  },
  {
    id: 'import-target.imported-lun',
    title: 'A LUN of a shadow-copy set that is imported is associated with the import target',
    requirements: ['VDS-1.4c', 'VDS-10.11'],
    faults: ['import-lun'],
    cost: { calls: 80, recoveries: 1 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { dialect, target, importTarget } = await importTargetOf(ctx, subSystem);
      const other = await ctx.make.target(subSystem);
      const { id, luns } = await imported(ctx, subSystem);
      ctx.duties.equal(
        'VDS-1.4c',
        'the targets of the imported LUN',
        (await targetsOfImported(ctx, id)).join(' '),
        target.id,
      );
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
      ctx.duties.equal(
        'VDS-1.4c',
        'how often QueryLuns lists the imported LUN',
        luns.filter((each) => each === id).length,
        1,
      );
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
          'the targets of a LUN that was imported on one of two subsystems',
          (await targetsOfImported(ctx, id)).join(' '),
          mine.target.id,
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
        (await targetsOfImported(ctx, after.id)).join(' '),
        other.id,
      );
      ctx.duties.equal(
        'VDS-1.4c',
        'the targets of a LUN that was imported before the import target was changed',
        (await targetsOfImported(ctx, before.id)).join(' '),
        target.id,
      );
    },
  },
]);
