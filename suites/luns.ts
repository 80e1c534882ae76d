// LUNs (semantics.md 10): creation, properties, extension and deletion.
import { VDS_ASYNC_OUTPUT_TYPE, VDS_HEALTH, VDS_LUN_STATUS, VDS_LUN_TYPE, VDS_OBJECT_TYPE, VDS_SUB_SYSTEM_FLAG } from '../src/contract/generated/enumerations.js';
import { HR, succeeded } from '../src/contract/hresult.js';
import { structure } from '../src/contract/tables.js';
import { defineSuite } from '../src/conformance/check.js';

const MIB = 1024n * 1024n;
/** The flag by which a subsystem tells that it has a type. */
const TYPE_FLAGS = [
  { type: VDS_LUN_TYPE.VDS_LT_SPAN, flag: VDS_SUB_SYSTEM_FLAG.VDS_SF_SUPPORTS_SPAN_LUNS },
  { type: VDS_LUN_TYPE.VDS_LT_STRIPE, flag: VDS_SUB_SYSTEM_FLAG.VDS_SF_SUPPORTS_STRIPE_LUNS },
  { type: VDS_LUN_TYPE.VDS_LT_MIRROR, flag: VDS_SUB_SYSTEM_FLAG.VDS_SF_SUPPORTS_MIRROR_LUNS },
  { type: VDS_LUN_TYPE.VDS_LT_PARITY, flag: VDS_SUB_SYSTEM_FLAG.VDS_SF_SUPPORTS_PARITY_LUNS },
] as const;
/** More than any array has, and far from what overflows when it is rounded. */
const TOO_LARGE = 1n << 60n;

export const suite = defineSuite('luns', 'LUNs', [
  {
    id: 'luns.create',
    title: 'CreateLun makes a LUN of at least the size asked for, of a concrete type, that QueryLuns lists',
    requirements: ['VDS-10.1b', 'VDS-10.1c', 'VDS-10.2c', 'VDS-8.1a', 'VDS-8.4a', 'VDS-6.7a'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.subSystem();
      // One byte more than a round size: no array allocates single bytes, so this shows which way a provider rounds.
      const asked = 64n * MIB + 1n;
      const { lun, id } = await ctx.createLun(subSystem, asked);
      const result = await lun.getProperties();
      const prop = ctx.output('VDS-10.2c', result, 'lunProp');
      ctx.holds('VDS-10.2c', prop.size >= asked, `the LUN has ${prop.size} bytes, ${asked} were asked for, and a size is normally rounded up`, result);
      const automagic = prop.type >= VDS_LUN_TYPE.VDS_LT_DEFAULT && prop.type <= VDS_LUN_TYPE.VDS_LT_NON_FAULT_TOLERANT;
      ctx.holds('VDS-10.2c', !automagic, `VDS_LUN_PROP.type is ${prop.type}, an automagic type, which is for requests only`, result);
      const listed = [];
      for (const each of await ctx.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a')) listed.push(ctx.output('VDS-6.7a', await each.getProperties(), 'lunProp').id);
      ctx.equal('VDS-6.7a', 'how often QueryLuns lists the new LUN', listed.filter((l) => l === id).length, 1);
    },
  },
  {
    id: 'luns.properties',
    title: 'A LUN\'s status and health agree, and its health is one that LUNs have',
    requirements: ['VDS-10.14', 'VDS-7.7'],
    cost: { calls: 10, recoveries: 0 },
    async run(ctx) {
      const { lun } = await ctx.createLun(await ctx.subSystem());
      const result = await lun.getProperties();
      const { status, health } = ctx.output('VDS-7.7', result, 'lunProp');
      ctx.holds('VDS-10.14', structure('VDS_LUN_PROP').validHealth?.includes(health) === true, `VDS_LUN_PROP.health ${health} is none that the documents allow for a LUN`, result);
      ctx.holds('VDS-10.14', (health === VDS_HEALTH.VDS_H_FAILED) === (status === VDS_LUN_STATUS.VDS_LS_FAILED), `health ${health} and status ${status} do not agree on FAILED`, result);
      const contradiction = health === VDS_HEALTH.VDS_H_HEALTHY && (status === VDS_LUN_STATUS.VDS_LS_UNKNOWN || status === VDS_LUN_STATUS.VDS_LS_FAILED);
      ctx.holds('VDS-10.14', !contradiction, `a LUN of status ${status} is reported HEALTHY`, result);
    },
  },
  {
    id: 'luns.create-too-large',
    title: 'CreateLun of more than there is answers VDS_E_NOT_ENOUGH_SPACE and creates nothing',
    requirements: ['VDS-10.2c'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.subSystem();
      const count = async (): Promise<number> => (await ctx.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a')).length;
      const before = await count();
      const started = await ctx.startLun(subSystem, TOO_LARGE);
      const lacks = [HR.VDS_E_NOT_ENOUGH_SPACE, HR.VDS_E_NOT_ENOUGH_DRIVE];
      if (succeeded(started.hr)) {
        // The refusal may also come as the operation's own result.
        const waited = await ctx.output('VDS-8.1a', started, 'async').wait();
        ctx.ok('VDS-8.2', waited);
        ctx.holds('VDS-10.2c', lacks.includes(ctx.output('VDS-8.2', waited, 'hrResult') as never), 'creating a LUN of 2^60 bytes must fail for lack of space or drives', waited);
      } else ctx.code('VDS-10.2c', started, lacks, 'for a LUN of 2^60 bytes');
      ctx.equal('VDS-10.2c', 'the number of LUNs after a creation that failed', await count(), before);
    },
  },
  {
    id: 'luns.create-bad-type',
    title: 'CreateLun answers E_INVALIDARG for a type outside the enumeration',
    requirements: ['VDS-7.5'],
    cost: { calls: 4, recoveries: 0 },
    async run(ctx) {
      const result = await (await ctx.subSystem()).createLun({ type: 9999, sizeInBytes: 64n * MIB, unmaskingList: '' });
      ctx.code('VDS-7.5', result, HR.E_INVALIDARG, 'for LUN type 9999, which is none');
    },
  },
  {
    id: 'luns.unsupported-type',
    title: 'CreateLun answers VDS_E_NOT_SUPPORTED for a type that the subsystem\'s flags say it lacks',
    requirements: ['VDS-7.5'],
    cost: { calls: 10, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.subSystem();
      const { flags } = ctx.output('VDS-7.9', await subSystem.getProperties(), 'subSystemProp');
      const lacking = TYPE_FLAGS.filter(({ flag }) => (flags & flag) === 0);
      if (lacking.length === 0) ctx.notApplicable('the subsystem supports every type of LUN that it has a flag for');
      for (const { type } of lacking) {
        ctx.code('VDS-7.5', await subSystem.createLun({ type, sizeInBytes: 64n * MIB, unmaskingList: '' }), HR.VDS_E_NOT_SUPPORTED, `for LUN type ${type}, which its flags say it lacks`);
      }
    },
  },
  {
    id: 'luns.create-lying-count',
    title: 'CreateLun refuses a NULL drive array whose count is not 0',
    requirements: ['VDS-10.2a'],
    cost: { calls: 4, recoveries: 0 },
    async run(ctx) {
      const result = await (await ctx.subSystem()).createLun({ type: VDS_LUN_TYPE.VDS_LT_SIMPLE, sizeInBytes: 64n * MIB, unmaskingList: '', driveIdArray: null, numberOfDrives: 3 });
      ctx.refused('VDS-10.2a', result, 'for a NULL drive array with count 3');
    },
  },
  {
    id: 'luns.identification',
    title: 'GetIdentificationData reports version 1 and no interconnects',
    requirements: ['VDS-10.18a', 'VDS-10.18b', 'VDS-12.2b'],
    cost: { calls: 10, recoveries: 0 },
    async run(ctx) {
      const { lun } = await ctx.createLun(await ctx.subSystem());
      const result = await lun.getIdentificationData();
      ctx.ok('VDS-10.18a', result);
      const info = ctx.output('VDS-10.18a', result, 'lunInfo');
      ctx.equal('VDS-10.18a', 'VDS_LUN_INFORMATION.m_version', info.version, 1, result);
      ctx.equal('VDS-10.18b', 'VDS_LUN_INFORMATION.m_cInterconnects', info.numberOfInterconnects, 0, result);
      ctx.equal('VDS-12.2b', 'the number of identifiers that can be read', info.deviceIdDescriptor.identifiers?.length ?? 0, info.deviceIdDescriptor.numberOfIdentifiers, result);
    },
  },
  {
    id: 'luns.unmasking-list',
    title: 'GetProperties reports the unmasking list that CreateLun was given',
    requirements: ['VDS-10.9c'],
    cost: { calls: 10, recoveries: 0 },
    async run(ctx) {
      const { lun } = await ctx.createLun(await ctx.subSystem());
      const result = await lun.getProperties();
      const { unmaskingList } = ctx.output('VDS-10.9c', result, 'lunProp');
      ctx.holds('VDS-10.9c', unmaskingList === null || unmaskingList === '' || unmaskingList === '*', `a LUN that was created unmasked to nobody is unmasked to "${unmaskingList}"`, result);
      ctx.reading('the unmasking list of a LUN without one', unmaskingList === null ? 'NULL' : `"${unmaskingList}"`, 'VDS-10.9c');
    },
  },
  {
    id: 'luns.extend',
    title: 'Extend adds at least the bytes asked for',
    requirements: ['VDS-10.7a', 'VDS-8.1a', 'VDS-8.4a'],
    cost: { calls: 14, recoveries: 0 },
    async run(ctx) {
      const { lun, size } = await ctx.createLun(await ctx.subSystem());
      await ctx.completed(await lun.extend({ numberOfBytesToAdd: 16n * MIB }), VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_EXTENDLUN);
      const result = await lun.getProperties();
      const now = ctx.output('VDS-10.7a', result, 'lunProp').size;
      ctx.holds('VDS-10.7a', now >= size + 16n * MIB, `the LUN had ${size} bytes, 16777216 were added with success, and it has ${now}`, result);
    },
  },
  {
    id: 'luns.extend-too-far',
    title: 'Extend by more than there is fails and leaves the LUN as it was',
    requirements: ['VDS-10.7a'],
    cost: { calls: 14, recoveries: 0 },
    async run(ctx) {
      const { lun, size } = await ctx.createLun(await ctx.subSystem());
      const started = await lun.extend({ numberOfBytesToAdd: TOO_LARGE });
      if (succeeded(started.hr)) {
        const waited = await ctx.output('VDS-8.1a', started, 'async').wait();
        ctx.holds('VDS-10.7a', !succeeded(ctx.output('VDS-8.2', waited, 'hrResult')), 'extending a LUN by 2^60 bytes must fail', waited);
      } else ctx.permitted('VDS-10.7a', started, 'for 2^60 bytes to add');
      const result = await lun.getProperties();
      ctx.equal('VDS-10.7a', 'the size of the LUN after an Extend that failed', ctx.output('VDS-10.7a', result, 'lunProp').size, size, result);
    },
  },
  {
    id: 'luns.delete',
    title: 'Delete removes the LUN at once: QueryLuns no longer lists it and its id names nothing',
    requirements: ['VDS-10.6', 'VDS-7.2', 'VDS-3.5a'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.subSystem();
      const { lun, id } = await ctx.createLun(subSystem);
      ctx.ok('VDS-10.6', await lun.delete());
      for (const each of await ctx.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a')) {
        const answer = await each.getProperties();
        const listed = answer.hr === HR.VDS_E_OBJECT_DELETED || (succeeded(answer.hr) && ctx.output('VDS-10.6', answer, 'lunProp').id === id);
        ctx.holds('VDS-10.6', !listed, 'QueryLuns still lists a LUN that was deleted with success', answer);
      }
      ctx.code('VDS-3.5a', await ctx.providerPrivate.getObject({ objectId: id, type: VDS_OBJECT_TYPE.VDS_OT_LUN }), HR.VDS_E_OBJECT_NOT_FOUND, 'for the id of a deleted LUN');
    },
  },
  {
    id: 'luns.space-is-freed',
    title: 'The space of a deleted LUN can be used again',
    requirements: ['VDS-10.6'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.subSystem();
      const first = await ctx.createLun(subSystem);
      ctx.ok('VDS-10.6', await first.lun.delete());
      const second = await ctx.createLun(subSystem, first.size);
      ctx.holds('VDS-4.2a', second.id !== first.id, 'a new LUN has the id of a deleted one that is still held');
      ctx.code('VDS-7.1a', await first.lun.getProperties(), HR.VDS_E_OBJECT_DELETED, 'on a deleted LUN after another one was created');
    },
  },
  {
    id: 'luns.one-object',
    title: 'The same LUN by creation, enumeration and GetObject shows the same id and state',
    requirements: ['VDS-4.1a', 'VDS-4.1b'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.subSystem();
      const created = await ctx.createLun(subSystem);
      const routes = [created.lun];
      for (const each of await ctx.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a')) {
        if (ctx.output('VDS-4.1a', await each.getProperties(), 'lunProp').id === created.id) routes.push(each);
      }
      // Twice: a provider that hands out one object at one time must do so at every time.
      for (let time = 0; time < 2; time++) {
        const found = await ctx.providerPrivate.getObject({ objectId: created.id, type: VDS_OBJECT_TYPE.VDS_OT_LUN });
        ctx.ok('VDS-3.5a', found);
        const byId = await ctx.output('VDS-3.5a', found, 'objectUnk').as('IVdsLun');
        if (byId === null) return ctx.broken('VDS-3.5a', 'the object that GetObject found for a LUN has no IVdsLun', found);
        routes.push(byId);
      }
      ctx.equal('VDS-4.1a', 'the number of routes to the LUN', routes.length, 4);
      const identity = await created.lun.identity();
      for (const each of routes) {
        const result = await each.getProperties();
        const prop = ctx.output('VDS-4.1a', result, 'lunProp');
        ctx.equal('VDS-4.1a', 'the LUN\'s id by another route', prop.id, created.id, result);
        ctx.equal('VDS-4.1a', 'the LUN\'s size by another route', prop.size, created.size, result);
        if (each !== created.lun) ctx.reading('COM identity of one device by another route', (await each.identity()) === identity ? 'the same' : 'another', 'VDS-4.1b');
      }
    },
  },
]);
