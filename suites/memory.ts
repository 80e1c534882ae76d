// Who owns memory and references (semantics.md 12). The native adapter frees the memory that the caller owns, guards
// what the caller lends, and so turns a broken rule into a crash or a protocol error that names the call; these checks
// make the calls.
import {
  displayName,
  type CallRecord,
  associable,
  associate,
  census,
  defineSuite,
  inWords,
  ProviderProtocolError,
  targetsOf,
  UNKNOWN_ID,
  onlyReads,
} from '../src/checks/index.js';
import {
  allMethods,
  failed,
  formatHresult,
  HR,
  interfaceDef,
  UNTOUCHED,
  VDS_OBJECT_TYPE,
} from '../src/contract/index.js';
import { keepsCounts, referenceChecks } from './products/references.js';

export const suite = defineSuite('memory', 'Memory and references', [
  {
    id: 'memory.outputs-are-the-callers',
    title: 'Strings and arrays that a call returned can be freed, and the next call returns them anew',
    requirements: ['VDS-12.1', 'VDS-12.2a', 'VDS-1.5a', 'VDS-11.7'],
    capabilities: ['guardedMemory'],
    cost: { calls: 400, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      await ctx.make.lun(subSystem);
      if ((await subSystem.as('IVdsSubSystemIscsi')) !== null) await ctx.make.target(subSystem);
      const objects = [
        { object: ctx.system.unknown, of: 'provider' },
        ...(await census(ctx, 'VDS-12.1')).map(({ object, kind }) => ({ object, of: interfaceDef(kind).objects[0] })),
      ];
      for (const { object, of } of objects) {
        for (const method of allMethods) {
          const { objects: kinds, extension } = interfaceDef(method.interfaceName);
          if (
            extension !== undefined ||
            of === undefined ||
            !kinds.includes(of) ||
            method.ins.length > 0 ||
            !onlyReads(method)
          )
            continue;
          const typed = await object.as(method.interfaceName as 'IVdsLun');
          if (typed === null) continue;
          const first = await typed.call(method.fullName, {});
          ctx.duties.code(
            'VDS-12.1',
            await typed.call(method.fullName, {}),
            first.hr,
            'the second time, after its first answer was freed',
          );
        }
      }
    },
  },
  {
    id: 'memory.inputs-stay-the-callers',
    title: 'A string that was passed in can be freed, and the provider still knows its contents',
    requirements: ['VDS-12.4'],
    cost: { calls: 16, recoveries: 0 },
    async run(ctx) {
      // Against what was passed in: what createTarget() read is of a time when that memory was free already.
      const name = ctx.make.uniqueIscsiName();
      const { target } = await ctx.make.target(await ctx.system.subSystem(), name);
      const result = await target.getProperties();
      ctx.duties.equal(
        'VDS-12.4',
        "the target's name after the memory that named it was freed",
        ctx.duties.output('VDS-12.4', result, 'targetProp').iscsiName,
        name,
        result,
      );
    },
  },
  {
    id: 'memory.references-are-counted',
    title: 'Each pointer that GetObject returns carries a reference of its own',
    requirements: ['VDS-12.3', 'VDS-3.5a'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const { id } = await ctx.make.lun(await ctx.system.subSystem());
      const pointers = [];
      let record: CallRecord | undefined;
      for (let time = 0; time < 3; time++) {
        const result = await ctx.system.providerPrivate.getObject({
          objectId: id,
          type: VDS_OBJECT_TYPE.VDS_OT_LUN,
        });
        ctx.duties.code('VDS-3.5a', result, HR.S_OK, 'for the id of a LUN that was just created');
        pointers.push(ctx.duties.output('VDS-3.5a', result, 'objectUnk'));
        record = result.record;
      }
      const [last, ...others] = pointers;
      let lun;
      try {
        for (const each of others) await each.release();
        lun = await last?.as('IVdsLun');
      } catch (error) {
        if (!(error instanceof ProviderProtocolError)) throw error;
        return ctx.duties.broken(
          'VDS-12.3',
          'GetObject returned a pointer without a reference of its own: of three for one LUN, not each can be released',
          { record },
        );
      }
      if (lun === null || lun === undefined)
        return ctx.duties.broken('VDS-12.3', 'a pointer no longer answers after the others were released');
      ctx.duties.ok('VDS-12.3', await lun.getProperties());
    },
  },
  {
    id: 'memory.null-out-pointers',
    title: 'No method brings the provider down when an out pointer is NULL',
    requirements: ['VDS-2.7', 'VDS-13.5'],
    capabilities: ['nullOuts'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { lun } = await ctx.make.lun(subSystem);
      const enumerator = ctx.duties.output('VDS-6.6a', await subSystem.queryLuns(), 'enum');
      const results = [
        await ctx.system.provider.getProperties({ nullOuts: ['providerProp'] }),
        await ctx.system.hw.querySubSystems({ nullOuts: ['enum'] }),
        await subSystem.getProperties({ nullOuts: ['subSystemProp'] }),
        await subSystem.queryLuns({ nullOuts: ['enum'] }),
        await lun.getProperties({ nullOuts: ['lunProp'] }),
        await lun.getIdentificationData({ nullOuts: ['lunInfo'] }),
        await enumerator.next({ celt: 1 }, { nullOuts: ['objectArray'] }),
        await enumerator.clone({ nullOuts: ['enum'] }),
      ];
      // Which code refuses it is open (semantics.md 0.4), so E_POINTER passes; success without anywhere to put the
      // result does not.
      for (const result of results)
        ctx.duties.holds(
          'VDS-13.5',
          failed(result.hr),
          `${formatHresult(result.hr)} was answered although there was nowhere to put the output`,
          result,
        );
      ctx.duties.code('VDS-2.7', await lun.getProperties(), HR.S_OK, 'after calls with NULL out pointers');
    },
  },
  {
    id: 'memory.failed-calls-hand-out-nothing',
    title: 'A call that failed hands out no interface pointer',
    requirements: ['VDS-12.3c'],
    cost: { calls: 12, recoveries: 0 },
    async run(ctx) {
      const missing = await ctx.system.providerPrivate.getObject({
        objectId: UNKNOWN_ID,
        type: VDS_OBJECT_TYPE.VDS_OT_LUN,
      });
      const refused = await (
        await ctx.system.subSystem()
      ).createLun({ type: 9999, sizeInBytes: 1024n, unmaskingList: '' });
      for (const [result, name, out] of [
        [missing, 'objectUnk', missing.out.objectUnk],
        [refused, 'async', refused.out.async],
      ] as const) {
        if (failed(result.hr))
          ctx.duties.holds(
            'VDS-12.3c',
            out === null || out === UNTOUCHED,
            `${displayName(result.record.method)} failed and yet wrote an interface pointer to its output "${name}"`,
            { record: result.record, expected: inWords(`${name}: NULL`), actual: inWords(`${name}: a pointer`) },
          );
      }
    },
  },
  {
    id: 'memory.arrays-stay-the-callers',
    title: 'An array that was passed in can be freed, and the provider still knows its contents',
    requirements: ['VDS-12.4'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const targets = [await ctx.make.target(subSystem), await ctx.make.target(subSystem)];
      const { lun } = await ctx.make.lun(subSystem);
      const iscsi = await associable(ctx, lun);
      await associate(
        ctx,
        iscsi,
        targets.map((t) => t.id),
      );
      ctx.duties.equal(
        'VDS-12.4',
        "the LUN's targets after the memory that named them was freed",
        (await targetsOf(ctx, iscsi)).sort(),
        targets.map((t) => t.id).sort(),
      );
    },
  },
  {
    id: 'memory.references-come-back',
    title: 'What a call hands out takes one reference and no more: the count of an object does not grow with each call',
    requirements: ['VDS-12.3'],
    capabilities: ['releaseCounts'],
    cost: { calls: 80, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { lun, id } = await ctx.make.lun(subSystem);
      await keepsCounts(ctx, lun, 'GetObject', async () => {
        const { out, record } = await ctx.system.providerPrivate.getObject({
          objectId: id,
          type: VDS_OBJECT_TYPE.VDS_OT_LUN,
        });
        if (typeof out.objectUnk === 'object') await out.objectUnk?.release();
        return record;
      });
      await keepsCounts(ctx, lun, 'QueryInterface', async () => {
        await (await lun.as('IVdsLun'))?.release();
        return undefined;
      });
      await keepsCounts(ctx, lun, 'GetProperties', async () => (await lun.getProperties()).record);
    },
  },
  ...referenceChecks,
]);
