// LUNs (semantics.md 10): creation, properties, extension and deletion.
import {
  defineSuite,
  flagsOf,
  plexesOf,
  refusedLun,
  TOO_LARGE,
  TYPE_FLAGS,
  judgeSize,
  AUTOMAGIC,
  supportsVersion,
  idsOf,
  nameIn,
  mustListOnce,
} from '../src/checks/index.js';
import { type Guid, HR, succeeded, VDS_LUN_TYPE, VDS_OBJECT_TYPE, VDS_SUB_SYSTEM_FLAG } from '../src/contract/index.js';
import { namingChecks } from './shared/naming.js';
import { healthAgrees, statusIsReached, unknownRefused, type StatusKind } from './shared/status.js';
import { hintChecks } from './luns/hints.js';

/** More than any array has, and far from what overflows when it is rounded. */
const TWO_TO_60 = 1n << 60n;

const LUN: StatusKind = {
  suite: 'luns',
  interfaceName: 'IVdsLun',
  all: async (ctx) => {
    const subSystem = await ctx.system.subSystem();
    await ctx.make.lun(subSystem);
    return (await ctx.duties.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a')).slice(-8);
  },
  spare: async (ctx) => (await ctx.make.lun(await ctx.system.subSystem())).lun,
};

export const suite = defineSuite('luns', 'LUNs', [
  healthAgrees(LUN),
  unknownRefused(LUN),
  statusIsReached(LUN),
  {
    id: 'luns.create',
    title: 'CreateLun makes a LUN of at least the size asked for, of a concrete type, that QueryLuns lists',
    requirements: [
      'VDS-10.1c',
      'VDS-10.2c',
      'VDS-10.2d',
      'VDS-10.2g',
      'VDS-10.2h',
      'VDS-8.1a',
      'VDS-8.4a',
      'VDS-8.4d',
      'VDS-6.7a',
      'VDS-6.5c',
    ],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      // One byte more than a round size: no array allocates single bytes, so this shows which way a provider rounds.
      const asked = (await ctx.make.lunSize(subSystem)) + 1n;
      const { lun, id } = await ctx.make.lun(subSystem, { size: asked });
      const result = await lun.getProperties();
      const prop = ctx.duties.output('VDS-10.2c', result, 'lunProp');
      ctx.duties.holds(
        'VDS-10.1c',
        ctx.make.isAutomagic,
        'CreateLun refuses every automagic type, although it makes a LUN of a concrete one',
        result,
      );
      judgeSize(ctx, 'VDS-10.2c', { actual: prop.size, asked }, result);
      ctx.duties.holds(
        'VDS-10.2h',
        !AUTOMAGIC.has(prop.type),
        `VDS_LUN_PROP.type is ${nameIn('VDS_LUN_TYPE', prop.type)}, an automagic type, which is for requests only`,
        result,
      );
      await mustListOnce(ctx, subSystem, id, 'the new LUN');
    },
  },
  {
    id: 'luns.create-too-large',
    title: 'CreateLun of far more than there is fails for want of room, or at a limit, and creates nothing',
    requirements: ['VDS-10.2i', 'VDS-0.2b'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const listed = async (): Promise<readonly Guid[]> =>
        idsOf(ctx, await ctx.duties.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a'), 'VDS-10.2i');
      const before = await listed();
      await refusedLun(
        ctx,
        'VDS-10.2i',
        await ctx.make.startLun(subSystem, { size: TWO_TO_60 }),
        TOO_LARGE,
        'for a LUN of 2^60 bytes',
      );
      const after = await listed();
      for (const id of after.filter((each) => !before.includes(each))) ctx.make.deleteOnCleanUp(id, 'lun');
      ctx.duties.equal('VDS-0.2b', 'the number of LUNs after a creation that failed', after.length, before.length);
    },
  },
  {
    id: 'luns.create-bad-type',
    title: 'CreateLun answers E_INVALIDARG for a type outside the enumeration',
    requirements: ['VDS-7.5b'],
    cost: { calls: 4, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const sizeInBytes = await ctx.make.lunSize(subSystem);
      const result = await subSystem.createLun({ type: 9999, sizeInBytes, unmaskingList: '' });
      ctx.duties.code('VDS-7.5b', result, HR.E_INVALIDARG, 'for the unknown LUN type 9999');
    },
  },
  {
    id: 'luns.unsupported-type',
    title: "CreateLun answers VDS_E_NOT_SUPPORTED for a type that the subsystem's flags say it lacks",
    requirements: ['VDS-7.5'],
    cost: { calls: 10, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const flags = await flagsOf(ctx, subSystem);
      const lacking = TYPE_FLAGS.filter(({ flag }) => (flags & flag) === 0);
      // The flags for types came with VDS 1.1: without it their absence says nothing.
      if (!(await supportsVersion(ctx, 'VDS_VSF_1_1'))) ctx.notApplicable('the provider does not support VDS 1.1');
      if (lacking.length === 0) ctx.notApplicable('the subsystem supports every type of LUN that it has a flag for');
      for (const { type } of lacking) {
        await refusedLun(
          ctx,
          'VDS-7.5',
          await ctx.make.startLun(subSystem, { type }),
          [HR.VDS_E_NOT_SUPPORTED],
          `for LUN type ${nameIn('VDS_LUN_TYPE', type)}, which its flags say it lacks`,
        );
      }
    },
  },
  {
    id: 'luns.create-lying-count',
    title: 'CreateLun refuses a NULL drive array whose count is not 0',
    requirements: ['VDS-10.2a'],
    cost: { calls: 4, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const result = await subSystem.createLun({
        type: VDS_LUN_TYPE.VDS_LT_SIMPLE,
        sizeInBytes: await ctx.make.lunSize(subSystem),
        unmaskingList: '',
        driveIdArray: null,
        numberOfDrives: 3,
      });
      ctx.duties.refused('VDS-10.2a', result, 'for a NULL drive array with count 3');
    },
  },
  {
    id: 'luns.identification',
    title: 'GetIdentificationData reports version 1 and no interconnects',
    requirements: ['VDS-10.18a', 'VDS-10.18b', 'VDS-12.2b'],
    cost: { calls: 10, recoveries: 0 },
    async run(ctx) {
      const { lun } = await ctx.make.lun(await ctx.system.subSystem());
      const result = await lun.getIdentificationData();
      ctx.duties.ok('VDS-10.18a', result);
      const info = ctx.duties.output('VDS-10.18a', result, 'lunInfo');
      ctx.duties.equal('VDS-10.18a', 'VDS_LUN_INFORMATION.m_version', info.version, 1, result);
      ctx.duties.equal('VDS-10.18b', 'VDS_LUN_INFORMATION.m_cInterconnects', info.numberOfInterconnects, 0, result);
      ctx.duties.equal(
        'VDS-12.2b',
        'the number of identifiers that can be read',
        info.deviceIdDescriptor.identifiers?.length ?? 0,
        info.deviceIdDescriptor.numberOfIdentifiers,
        result,
      );
    },
  },
  {
    id: 'luns.unmasking-list',
    title: 'GetProperties reports the unmasking list that CreateLun was given',
    requirements: ['VDS-10.9c'],
    cost: { calls: 10, recoveries: 0 },
    async run(ctx) {
      const { lun } = await ctx.make.lun(await ctx.system.subSystem());
      const result = await lun.getProperties();
      const { unmaskingList } = ctx.duties.output('VDS-10.9c', result, 'lunProp');
      ctx.duties.holds(
        'VDS-10.9c',
        unmaskingList === null || unmaskingList === '' || unmaskingList === '*',
        `a LUN that was created unmasked to nobody is unmasked to "${unmaskingList}"`,
        result,
      );
      ctx.duties.reading(
        'the unmasking list of a LUN without one',
        unmaskingList === null ? 'NULL' : `"${unmaskingList}"`,
        'VDS-10.9c',
      );
    },
  },
  {
    id: 'luns.extend',
    title: 'Extend adds the bytes asked for, as the array rounds them',
    requirements: ['VDS-10.7a', 'VDS-10.2d', 'VDS-10.2g', 'VDS-8.1a', 'VDS-8.4a'],
    cost: { calls: 14, recoveries: 0 },
    async run(ctx) {
      const { lun, drives, size } = await ctx.make.lun(await ctx.system.subSystem());
      await ctx.duties.completed(await lun.extend({ numberOfBytesToAdd: size, driveIdArray: drives }));
      const result = await lun.getProperties();
      const now = ctx.duties.output('VDS-10.7a', result, 'lunProp').size;
      judgeSize(ctx, 'VDS-10.7a', { actual: now, asked: size * 2n, before: size }, result);
    },
  },
  {
    id: 'luns.extend-too-far',
    title: 'Extend by more than there is fails and leaves the LUN as it was',
    requirements: ['VDS-10.7h'],
    cost: { calls: 14, recoveries: 0 },
    async run(ctx) {
      const { lun, drives, size } = await ctx.make.lun(await ctx.system.subSystem());
      const started = await lun.extend({ numberOfBytesToAdd: TWO_TO_60, driveIdArray: drives });
      if (succeeded(started.hr)) {
        const waited = await ctx.duties.output('VDS-8.1a', started, 'async').wait();
        ctx.duties.holds(
          'VDS-10.7h',
          !succeeded(ctx.duties.output('VDS-8.2', waited, 'hrResult')),
          'extending a LUN by 2^60 bytes must fail',
          waited,
        );
      } else ctx.duties.permitted('VDS-10.7h', started, 'for 2^60 bytes to add');
      const result = await lun.getProperties();
      ctx.duties.equal(
        'VDS-10.7h',
        'the size of the LUN after an Extend that failed',
        ctx.duties.output('VDS-10.7h', result, 'lunProp').size,
        size,
        result,
      );
    },
  },
  {
    id: 'luns.delete',
    title: 'Delete removes the LUN at once: QueryLuns no longer lists it and its id names nothing',
    requirements: ['VDS-10.6', 'VDS-3.5d'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { lun, id } = await ctx.make.lun(subSystem);
      ctx.duties.ok('VDS-10.6', await lun.delete());
      for (const each of await ctx.duties.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a')) {
        const answer = await each.getProperties();
        const listed =
          answer.hr === HR.VDS_E_OBJECT_DELETED ||
          (succeeded(answer.hr) && ctx.duties.output('VDS-10.6', answer, 'lunProp').id === id);
        ctx.duties.holds('VDS-10.6', !listed, 'QueryLuns still lists a LUN that was deleted with success', answer);
      }
      ctx.duties.code(
        'VDS-3.5d',
        await ctx.system.providerPrivate.getObject({ objectId: id, type: VDS_OBJECT_TYPE.VDS_OT_LUN }),
        HR.VDS_E_OBJECT_NOT_FOUND,
        'for the id of a deleted LUN',
      );
    },
  },
  {
    id: 'luns.space-is-freed',
    title: 'The space of a deleted LUN can be used again',
    requirements: ['VDS-10.6', 'VDS-4.2e'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const first = await ctx.make.lun(subSystem);
      ctx.duties.ok('VDS-10.6', await first.lun.delete());
      const second = await ctx.make.lun(subSystem, { size: first.size });
      ctx.duties.holds('VDS-4.2e', second.id !== first.id, 'a new LUN has the id of a deleted one that is still held');
      ctx.duties.code(
        'VDS-7.1a',
        await first.lun.getProperties(),
        HR.VDS_E_OBJECT_DELETED,
        'on a deleted LUN after another one was created',
      );
    },
  },
  {
    id: 'luns.one-object',
    title: 'The same LUN by creation, enumeration and GetObject shows the same id and state',
    requirements: ['VDS-4.1a', 'VDS-4.1b', 'VDS-6.5c'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const created = await ctx.make.lun(subSystem);
      const routes = [{ lun: created.lun, by: 'its creation' }];
      await mustListOnce(ctx, subSystem, created.id, 'the LUN', 'VDS-4.1a');
      for (const each of await ctx.duties.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a')) {
        if (ctx.duties.output('VDS-4.1a', await each.getProperties(), 'lunProp').id === created.id)
          routes.push({ lun: each, by: 'an enumeration' });
      }
      // Twice: a provider that hands out one object at one time must do so at every time.
      for (let time = 0; time < 2; time++) {
        const found = await ctx.system.providerPrivate.getObject({
          objectId: created.id,
          type: VDS_OBJECT_TYPE.VDS_OT_LUN,
        });
        ctx.duties.ok('VDS-3.5a', found);
        const byId = await ctx.duties.output('VDS-3.5a', found, 'objectUnk').as('IVdsLun');
        if (byId === null)
          return ctx.duties.broken('VDS-3.5a', 'the object that GetObject found for a LUN has no IVdsLun', found);
        routes.push({ lun: byId, by: 'GetObject' });
      }
      const identity = await created.lun.identity();
      for (const { lun, by } of routes) {
        const result = await lun.getProperties();
        const prop = ctx.duties.output('VDS-4.1a', result, 'lunProp');
        ctx.duties.equal('VDS-4.1a', "the LUN's id by another route", prop.id, created.id, result);
        ctx.duties.equal('VDS-4.1a', "the LUN's size by another route", prop.size, created.size, result);
        if (lun !== created.lun)
          ctx.duties.reading(
            `COM identity of a new LUN by ${by}`,
            (await lun.identity()) === identity ? 'the same' : 'another',
            'VDS-4.1b',
          );
      }
    },
  },
  {
    id: 'luns.delete-takes-the-plexes',
    title: 'Delete of a LUN deletes its plexes',
    requirements: ['VDS-10.6', 'VDS-7.1a'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const { lun } = await ctx.make.lun(await ctx.system.subSystem());
      const plexes = await plexesOf(ctx, lun);
      ctx.duties.ok('VDS-10.6', await lun.delete());
      for (const { plex, prop } of plexes) {
        ctx.duties.code('VDS-7.1a', await plex.getProperties(), HR.VDS_E_OBJECT_DELETED, 'on a plex of a deleted LUN');
        ctx.duties.holds(
          'VDS-10.6',
          (await ctx.system.objectById(prop.id, VDS_OBJECT_TYPE.VDS_OT_LUN_PLEX)) === null,
          'GetObject still finds a plex of a deleted LUN',
        );
      }
    },
  },
  {
    id: 'luns.identification-of-its-own',
    title:
      'GetIdentificationData says the same each time, something else of ' +
      'each LUN, and NULL for what a LUN does not have',
    requirements: ['VDS-10.18a', 'VDS-10.18c'],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const seen: string[] = [];
      for (const { lun } of [await ctx.make.lun(subSystem), await ctx.make.lun(subSystem)]) {
        const result = await lun.getIdentificationData();
        const info = ctx.duties.output('VDS-10.18a', result, 'lunInfo');
        for (const name of ['vendorId', 'productId', 'productRevision', 'serialNumber'] as const)
          ctx.duties.holds(
            'VDS-10.18a',
            info[name] !== '',
            `VDS_LUN_INFORMATION.${name} is an empty string, and what a LUN does not have is NULL`,
            result,
          );
        const again = ctx.duties.output('VDS-10.18a', await lun.getIdentificationData(), 'lunInfo');
        const identity = (each: typeof info): string =>
          JSON.stringify([
            each.vendorId,
            each.productId,
            each.serialNumber,
            (each.deviceIdDescriptor.identifiers ?? []).map(({ identifier }) => [...(identifier ?? [])]),
          ]);
        ctx.duties.equal(
          'VDS-10.18c',
          'what GetIdentificationData says of a LUN when asked again',
          identity(again),
          identity(info),
          result,
        );
        seen.push(identity(info));
      }
      ctx.duties.holds(
        'VDS-10.18c',
        seen[0] !== seen[1],
        'GetIdentificationData says the same of two LUNs, so nothing identifies either',
      );
    },
  },
  {
    id: 'luns.number',
    title: 'Where the subsystem numbers its LUNs, each has a number of its own that stays',
    requirements: ['VDS-4.6'],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      if (((await flagsOf(ctx, subSystem)) & VDS_SUB_SYSTEM_FLAG.VDS_SF_SUPPORTS_LUN_NUMBER) === 0)
        ctx.notApplicable('the subsystem does not have VDS_SF_SUPPORTS_LUN_NUMBER');
      await ctx.make.lun(subSystem);
      const numbers = new Set<number>();
      for (const lun of await ctx.duties.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a')) {
        const numbered = await lun.as('IVdsLunNumber');
        if (numbered === null)
          return ctx.duties.broken(
            'VDS-4.6',
            'the subsystem has VDS_SF_SUPPORTS_LUN_NUMBER, and a LUN of it has no IVdsLunNumber',
          );
        const result = await numbered.getLunNumber();
        const number = ctx.duties.output('VDS-4.6', result, 'lunNumber');
        ctx.duties.holds('VDS-4.6', !numbers.has(number), `two LUNs of one array have the number ${number}`, result);
        ctx.duties.equal(
          'VDS-4.6',
          'the number of a LUN when asked again',
          ctx.duties.output('VDS-4.6', await numbered.getLunNumber(), 'lunNumber'),
          number,
        );
        numbers.add(number);
      }
    },
  },
  ...hintChecks,
  ...namingChecks('luns', async (ctx) => {
    const { lun } = await ctx.make.lun(await ctx.system.subSystem());
    return { named: lun, naming: await ctx.system.optional(lun, 'IVdsLunNaming') };
  }),
]);
