// iSCSI (semantics.md 11): targets here, portal groups, associations and secrets in files of their own.
import { defineSuite, madeBy, judgeIscsiName, reportedMember, hresult } from '../src/checks/index.js';
import { configuresTargets, HR, succeeded, unknownToGetObject, VDS_OBJECT_TYPE } from '../src/contract/index.js';
import { associationChecks } from './iscsi/associations.js';
import { portalGroupChecks } from './iscsi/portal-groups.js';
import { tagChecks } from './iscsi/tags.js';
import { mustSupportAsSaid, secretChecks } from './iscsi/secrets.js';

const secret = (length: number) => ({ sharedSecret: new Uint8Array(length).fill(0x61), sharedSecretSize: length });

export const suite = defineSuite('iscsi', 'iSCSI', [
  {
    id: 'iscsi.create-target',
    title: 'CreateTarget makes a target of the given name, which QueryTargets lists',
    requirements: ['VDS-11.1', 'VDS-8.4a', 'VDS-8.4d', 'VDS-6.7a', 'VDS-6.5c'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const name = ctx.make.uniqueIscsiName();
      const { id, iscsiName } = await ctx.make.target(subSystem, name);
      ctx.duties.equal('VDS-11.1', 'the iSCSI name of the new target', iscsiName, name);
      const listed = [];
      const answer = await (await ctx.system.iscsi(subSystem)).queryTargets();
      for (const each of await ctx.duties.list(answer, 'enum', 'IVdsIscsiTarget', 'VDS-6.6a'))
        listed.push(ctx.duties.output('VDS-6.6a', await each.getProperties(), 'targetProp').id);
      ctx.duties.listedOnce(
        'VDS-6.7a',
        { query: 'IVdsSubSystemIscsi.QueryTargets', of: id, which: 'the new target' },
        listed.filter((t) => t === id).length,
        answer,
      );
    },
  },
  {
    id: 'iscsi.simple-target-config',
    title:
      'CreateTarget answers VDS_E_NOT_SUPPORTED only on a subsystem that ' +
      'supports simple target configuration, as its flags say',
    requirements: ['VDS-10.4b', 'VDS-10.4c'],
    cost: { calls: 6, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { flags } = ctx.duties.output('VDS-7.9', await subSystem.getProperties(), 'subSystemProp');
      const simple = configuresTargets(flags);
      const result = await (
        await ctx.system.iscsi(subSystem)
      ).createTarget({ iscsiName: ctx.make.uniqueIscsiName(), friendlyName: ctx.make.uniqueName() });
      if (result.hr !== HR.VDS_E_NOT_SUPPORTED) {
        await ctx.make.startedTarget(subSystem, result);
        if (simple) ctx.duties.reading('CreateTarget beside simple target configuration', 'makes targets', 'VDS-10.4c');
        return;
      }
      ctx.duties.holds(
        'VDS-10.4b',
        simple,
        'CreateTarget answered VDS_E_NOT_SUPPORTED on a subsystem without VDS_SF_SUPPORTS_SIMPLE_TARGET_CONFIG',
        result,
      );
      ctx.duties.reading('CreateTarget beside simple target configuration', 'is not supported', 'VDS-10.4c');
    },
  },
  {
    id: 'iscsi.alias',
    title: 'The alias that CreateTarget is given is the friendly name of the target',
    requirements: ['VDS-10.13b'],
    cost: { calls: 10, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const friendlyName = ctx.make.uniqueName();
      const { target } = await ctx.make.startedTarget(
        subSystem,
        await (await ctx.system.iscsi(subSystem)).createTarget({ iscsiName: ctx.make.uniqueIscsiName(), friendlyName }),
      );
      const told = String((await reportedMember(ctx, target, 'friendlyName', 'VDS-10.13b')) ?? '');
      ctx.duties.holds(
        'VDS-10.13b',
        told !== '' && friendlyName.startsWith(told),
        `the friendly name of a target that was created as "${friendlyName}" is "${told}"`,
      );
    },
  },
  {
    id: 'iscsi.generated-name',
    title: 'CreateTarget makes up a valid name, each time another one, when given NULL or an empty string',
    requirements: ['VDS-11.1', 'VDS-7.9c', 'VDS-7.9b'],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const first = await ctx.make.target(subSystem, null);
      const second = await ctx.make.target(subSystem, '');
      for (const { iscsiName } of [first, second]) judgeIscsiName(ctx, iscsiName);
      ctx.duties.holds('VDS-11.1', first.iscsiName !== second.iscsiName, 'two targets have the same generated name');
    },
  },
  {
    id: 'iscsi.generated-names-of-one-alias',
    title: 'CreateTarget makes up other names for targets of one friendly name, also of other subsystems',
    requirements: ['VDS-11.1'],
    cost: { calls: 60, recoveries: 0 },
    async run(ctx) {
      const friendlyName = ctx.make.uniqueName();
      const names: string[] = [];
      for (const iscsiName of [null, ''])
        for (const subSystem of await ctx.system.subSystems()) {
          const started = await (await subSystem.as('IVdsSubSystemIscsi'))?.createTarget({ iscsiName, friendlyName });
          if (started === undefined) continue;
          const hr = succeeded(started.hr) ? (await ctx.duties.operation(started).wait()).out.hrResult : started.hr;
          ctx.duties.holds(
            'VDS-11.1',
            hr !== HR.VDS_E_NAME_NOT_UNIQUE,
            'CreateTarget answered VDS_E_NAME_NOT_UNIQUE, and was to make up the name',
            started,
          );
          // Nor need an array take an alias twice.
          if (typeof hr === 'number' && succeeded(hr))
            names.push((await ctx.make.startedTarget(subSystem, started)).iscsiName);
        }
      if (names.length < 2) ctx.notApplicable('the array takes one target of a friendly name');
      ctx.duties.equal('VDS-11.1', 'the number of names that were made up', new Set(names).size, names.length);
    },
  },
  {
    id: 'iscsi.name-not-unique',
    title: 'CreateTarget answers VDS_E_NAME_NOT_UNIQUE for a name in use, on whichever subsystem',
    requirements: ['VDS-11.1', 'VDS-8.3d'],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      const subSystems = await ctx.system.subSystems();
      const subSystem = await ctx.system.subSystem();
      const { iscsiName } = await ctx.make.target(subSystem);
      for (const each of subSystems.slice(0, 2)) {
        const started = await (
          await ctx.system.iscsi(each)
        ).createTarget({ iscsiName, friendlyName: ctx.make.uniqueName() });
        if (succeeded(started.hr)) {
          const waited = await ctx.duties.output('VDS-8.1a', started, 'async').wait();
          ctx.duties.equal(
            'VDS-11.1',
            'the result of creating a second target of one name',
            hresult(ctx.duties.output('VDS-8.2', waited, 'hrResult')),
            hresult(HR.VDS_E_NAME_NOT_UNIQUE),
            waited,
          );
          ctx.duties.holds(
            'VDS-8.3d',
            madeBy(waited) === null,
            'Wait handed over a target although its creation failed',
            waited,
          );
        } else ctx.duties.code('VDS-11.1', started, HR.VDS_E_NAME_NOT_UNIQUE, 'for an iSCSI name that is in use');
      }
    },
  },
  {
    id: 'iscsi.target-names',
    title: 'Every target has a valid iSCSI name and every subsystem an identification',
    requirements: ['VDS-7.9', 'VDS-7.9c'],
    changes: false,
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      for (const subSystem of await ctx.system.subSystems()) {
        const result = await subSystem.getProperties();
        ctx.duties.holds(
          'VDS-7.9',
          ctx.duties.output('VDS-7.9', result, 'subSystemProp').identification !== null,
          'VDS_SUB_SYSTEM_PROP.pwszIdentification is NULL',
          result,
        );
        const iscsi = await subSystem.as('IVdsSubSystemIscsi');
        if (iscsi === null) continue;
        for (const target of await ctx.duties.list(await iscsi.queryTargets(), 'enum', 'IVdsIscsiTarget', 'VDS-6.6a')) {
          const answer = await target.getProperties();
          const { iscsiName } = ctx.duties.output('VDS-7.9', answer, 'targetProp');
          judgeIscsiName(ctx, iscsiName, answer);
        }
      }
    },
  },
  {
    id: 'iscsi.delete-target',
    title: 'IVdsIscsiTarget::Delete removes a target without LUNs',
    requirements: ['VDS-11.2a', 'VDS-8.1a', 'VDS-8.4c', 'VDS-3.5d'],
    cost: { calls: 22, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { target, id } = await ctx.make.target(subSystem);
      await ctx.duties.completed(await target.delete());
      for (const each of await ctx.duties.list(
        await (await ctx.system.iscsi(subSystem)).queryTargets(),
        'enum',
        'IVdsIscsiTarget',
        'VDS-6.6a',
      )) {
        const answer = await each.getProperties();
        const listed =
          answer.hr === HR.VDS_E_OBJECT_DELETED ||
          (succeeded(answer.hr) && ctx.duties.output('VDS-11.2a', answer, 'targetProp').id === id);
        ctx.duties.holds(
          'VDS-11.2a',
          !listed,
          'QueryTargets still lists a target that was deleted with success',
          answer,
        );
      }
      ctx.duties.code(
        'VDS-3.5d',
        await ctx.system.providerPrivate.getObject({ objectId: id, type: VDS_OBJECT_TYPE.VDS_OT_TARGET }),
        HR.VDS_E_OBJECT_NOT_FOUND,
        'for the id of a deleted target',
      );
    },
  },
  {
    id: 'iscsi.shared-secret',
    title: "SetSharedSecret sets and clears the target's secret, and bChapEnabled follows",
    requirements: ['VDS-11.5a', 'VDS-11.5d', 'VDS-11.5e', 'VDS-11.6b'],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { flags } = ctx.duties.output('VDS-7.9', await subSystem.getProperties(), 'subSystemProp');
      const { target } = await ctx.make.target(subSystem);
      const enabled = async (): Promise<boolean> =>
        ctx.duties.output('VDS-11.5e', await target.getProperties(), 'targetProp').chapEnabled;
      const result = await target.setSharedSecret({ targetSharedSecret: secret(12) });
      mustSupportAsSaid(ctx, flags, 'VDS_SF_SUPPORTS_AUTH_CHAP', result);
      ctx.duties.ok('VDS-11.5a', result);
      ctx.duties.equal('VDS-11.5e', 'bChapEnabled after a secret was set', await enabled(), true);
      ctx.duties.ok('VDS-11.5a', await target.setSharedSecret({ targetSharedSecret: secret(16) }));
      ctx.duties.ok(
        'VDS-11.5d',
        await target.setSharedSecret({ targetSharedSecret: { sharedSecret: null, sharedSecretSize: 0 } }),
      );
      ctx.duties.equal('VDS-11.5e', 'bChapEnabled after the secret was cleared', await enabled(), false);
    },
  },
  {
    id: 'iscsi.secret-for-one-initiator',
    title: 'SetSharedSecret for one initiator succeeds, or answers VDS_E_INITIATOR_SPECIFIC_NOT_SUPPORTED',
    requirements: ['VDS-11.5f'],
    cost: { calls: 12, recoveries: 0 },
    async run(ctx) {
      const { target } = await ctx.make.target(await ctx.system.subSystem());
      const result = ctx.duties.supported(
        await target.setSharedSecret({
          targetSharedSecret: secret(12),
          initiatorName: 'iqn.1991-05.com.microsoft:an-initiator',
        }),
      );
      ctx.duties.code('VDS-11.5f', result, [HR.S_OK, HR.VDS_E_INITIATOR_SPECIFIC_NOT_SUPPORTED], 'for one initiator');
    },
  },
  {
    id: 'iscsi.get-object',
    title: 'GetObject finds a target by its id',
    requirements: ['VDS-3.5a', 'VDS-4.1a'],
    cost: { calls: 14, recoveries: 0 },
    async run(ctx) {
      const { id, iscsiName, target: held } = await ctx.make.target(await ctx.system.subSystem());
      // Clean-up finds what it deletes by its id as well, so where that fails the target is deleted by the reference
      // that is held.
      ctx.onCleanUp('delete the target that is held', async () => {
        await held.delete();
      });
      const found = await ctx.system.providerPrivate.getObject({ objectId: id, type: VDS_OBJECT_TYPE.VDS_OT_TARGET });
      if (unknownToGetObject('IVdsIscsiTarget', found.hr)) ctx.notApplicable('GetObject does not find any target');
      ctx.duties.code('VDS-3.5a', found, HR.S_OK, 'for the id of a target that was just created');
      const target = await ctx.duties.output('VDS-3.5a', found, 'objectUnk').as('IVdsIscsiTarget');
      if (target === null)
        return ctx.duties.broken(
          'VDS-3.5a',
          'the object that GetObject found for a target has no IVdsIscsiTarget',
          found,
        );
      const result = await target.getProperties();
      ctx.duties.equal(
        'VDS-4.1a',
        'the iSCSI name by another route',
        ctx.duties.output('VDS-4.1a', result, 'targetProp').iscsiName,
        iscsiName,
        result,
      );
    },
  },
  {
    id: 'iscsi.secret-of-wrong-length',
    title: 'SetSharedSecret refuses secrets shorter than 12 and longer than 16 bytes',
    requirements: ['VDS-11.5c'],
    cost: { calls: 16, recoveries: 0 },
    async run(ctx) {
      const { target } = await ctx.make.target(await ctx.system.subSystem());
      for (const length of [1, 11, 17]) {
        const result = ctx.duties.supported(await target.setSharedSecret({ targetSharedSecret: secret(length) }));
        ctx.duties.refused('VDS-11.5c', result, `for a secret of ${length} bytes`);
      }
    },
  },
  {
    id: 'iscsi.connected-initiators',
    title: 'GetConnectedInitiators of a new target succeeds with none',
    requirements: ['VDS-11.7'],
    cost: { calls: 12, recoveries: 0 },
    async run(ctx) {
      const { target } = await ctx.make.target(await ctx.system.subSystem());
      const result = await target.getConnectedInitiators();
      ctx.duties.ok('VDS-11.7', result);
      ctx.duties.equal(
        'VDS-11.7',
        'the number of initiators connected to a target that was just created',
        result.out.numberOfInitiators,
        0,
        result,
      );
    },
  },
  ...portalGroupChecks,
  ...tagChecks,
  ...associationChecks,
  ...secretChecks,
]);
