// Asynchronous operations (semantics.md 8).
import { defineSuite, idOf, madeBy, hresult, named } from '../src/checks/index.js';
import { HR, succeeded, VDS_ASYNC_OUTPUT_TYPE, VDS_OBJECT_TYPE } from '../src/contract/index.js';
import { lastingChecks } from './async/lasting.js';
import { adoptCreation, startCreation, status } from './async/operation.js';
import { typeChecks } from './async/types.js';

export const suite = defineSuite('async', 'Asynchronous operations', [
  {
    id: 'async.wait-is-repeatable',
    title: 'Each Wait gives the same result and another reference to the new LUN',
    requirements: ['VDS-8.3a', 'VDS-8.3b', 'VDS-8.3c', 'VDS-8.4a', 'VDS-8.4d', 'VDS-8.2'],
    cost: { calls: 14, recoveries: 0 },
    async run(ctx) {
      const operation = await startCreation(ctx, await ctx.system.subSystem());
      const ids: string[] = [];
      for (let time = 0; time < 3; time++) {
        const waited = await operation.wait();
        ctx.duties.ok('VDS-8.3a', waited);
        const same = ctx.duties.equal(
          time === 0 ? 'VDS-8.2' : 'VDS-8.3b',
          '*pHrResult of Wait',
          hresult(ctx.duties.output('VDS-8.2', waited, 'hrResult')),
          hresult(HR.S_OK),
          waited,
        );
        // A Wait that reports another result need not hand over a LUN.
        if (!same) return;
        const out = ctx.duties.output('VDS-8.4a', waited, 'asyncOut');
        ctx.duties.equal(
          'VDS-8.4d',
          'VDS_ASYNC_OUTPUT.type',
          named('VDS_ASYNC_OUTPUT_TYPE', out.type),
          named('VDS_ASYNC_OUTPUT_TYPE', VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_CREATELUN),
          waited,
        );
        const unknown = out.cl?.lunUnk ?? null;
        if (unknown === null)
          return ctx.duties.broken(
            'VDS-8.4a',
            'VDS_ASYNC_OUTPUT.cl.pLunUnk is NULL after a creation that succeeded',
            waited,
          );
        const lun = await unknown.as('IVdsLun');
        if (lun === null)
          return ctx.duties.broken('VDS-8.4a', 'the object that Wait handed over has no IVdsLun', waited);
        const { id } = ctx.duties.output('VDS-8.3c', await lun.getProperties(), 'lunProp');
        // A later Wait may not hand it over any more.
        if (time === 0) ctx.make.deleteOnCleanUp(id, 'lun');
        ids.push(id);
        // Each Wait must give a reference of its own: giving this one back must not end the object for the next Wait.
        await lun.release();
        await unknown.release();
      }
      ctx.duties.equal('VDS-8.3c', 'the number of different LUNs that three Waits handed over', new Set(ids).size, 1);
    },
  },
  {
    id: 'async.query-status',
    title: 'QueryStatus reports pending with 0 to 99 percent, then the result with 100, and never goes back',
    requirements: ['VDS-8.5a', 'VDS-8.5b', 'VDS-8.6', 'VDS-8.8'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const operation = await startCreation(ctx, await ctx.system.subSystem());
      let last = 0;
      for (let look = 0; look < 5; look++) {
        const now = await status(ctx, operation);
        ctx.duties.holds('VDS-8.6', now.percent >= last, `the percentage went down from ${last} to ${now.percent}`);
        last = now.percent;
      }
      ctx.duties.ok('VDS-8.8', await operation.wait());
      const final = await status(ctx, operation);
      ctx.duties.holds('VDS-8.5a', final.over, 'QueryStatus still reports pending after Wait has returned');
      ctx.duties.equal(
        'VDS-8.5a',
        'the final result that QueryStatus reports',
        hresult(final.result),
        hresult(HR.S_OK),
      );
    },
  },
  {
    id: 'async.cancel',
    title: 'Cancel stops the operation, comes too late, or is not supported; what was cancelled leaves nothing behind',
    requirements: ['VDS-8.7a', 'VDS-8.7b', 'VDS-8.7c', 'VDS-8.7d', 'VDS-8.3a', 'VDS-8.3d'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const luns = async (): Promise<number> =>
        (await ctx.duties.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a')).length;
      const before = await luns();
      const operation = await startCreation(ctx, subSystem);
      const cancelled = await operation.cancel();
      ctx.duties.code(
        'VDS-8.7a',
        cancelled,
        [HR.S_OK, HR.VDS_E_NOT_SUPPORTED, HR.VDS_E_CANCEL_TOO_LATE],
        'on an operation that was not cancelled before',
      );
      const waited = await operation.wait();
      ctx.duties.ok('VDS-8.3a', waited);
      const result = ctx.duties.output('VDS-8.2', waited, 'hrResult');
      // The same calls whether the cancellation was in time or not, which is a matter of luck: two runs of one seed
      // must read alike.
      const after = await luns();
      const again = await operation.cancel();
      if (cancelled.hr !== HR.S_OK) {
        ctx.duties.equal('VDS-8.7d', "the operation's result after a Cancel that failed", result, HR.S_OK, waited);
        ctx.duties.code(
          'VDS-8.7a',
          again,
          [HR.VDS_E_CANCEL_TOO_LATE, HR.VDS_E_NOT_SUPPORTED],
          'on an operation that has ended',
        );
        return;
      }
      ctx.duties.equal(
        'VDS-8.7b',
        "the operation's result after a Cancel that succeeded",
        result,
        HR.VDS_E_OPERATION_CANCELED,
        waited,
      );
      ctx.duties.holds(
        'VDS-8.3d',
        madeBy(waited) === null,
        'Wait handed over a LUN although its creation was cancelled',
        waited,
      );
      ctx.duties.equal('VDS-8.7c', 'the number of LUNs after a creation was cancelled', after, before);
      ctx.duties.code(
        'VDS-8.7a',
        again,
        [HR.VDS_E_OPERATION_CANCELED, HR.VDS_E_CANCEL_TOO_LATE],
        'on an operation that was cancelled before',
      );
    },
  },
  {
    id: 'async.wait-without-output',
    title:
      'Wait with NULL for its output, on an operation that hands over nothing, succeeds or is refused, each time alike',
    requirements: ['VDS-8.9', 'VDS-2.7'],
    capabilities: ['nullOuts'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      for (let time = 0; time < 2; time++) {
        const { target } = await ctx.make.target(subSystem);
        const operation = ctx.duties.operation(await target.delete());
        const result = await operation.wait({ nullOuts: ['asyncOut'] });
        ctx.duties.permitted('VDS-8.9', result, 'with NULL for its output');
        ctx.duties.reading(
          'Wait with NULL for the output of an operation that hands over nothing',
          succeeded(result.hr) ? 'succeeds' : 'is refused',
          'VDS-8.9',
        );
        if (!succeeded(result.hr)) ctx.duties.ok('VDS-8.3a', await operation.wait());
      }
    },
  },
  {
    id: 'async.cancel-extend',
    title: 'An Extend that was cancelled leaves the LUN its size, at once and after Refresh',
    requirements: ['VDS-8.7a', 'VDS-8.7c', 'VDS-10.7a'],
    cost: { calls: 26, recoveries: 1 },
    async run(ctx) {
      const { lun, drives, size } = await ctx.make.lun(await ctx.system.subSystem());
      const started = await lun.extend({ numberOfBytesToAdd: size, driveIdArray: drives });
      const operation = ctx.duties.operation(started);
      const cancelled = await operation.cancel();
      ctx.duties.code(
        'VDS-8.7a',
        cancelled,
        [HR.S_OK, HR.VDS_E_NOT_SUPPORTED, HR.VDS_E_CANCEL_TOO_LATE],
        'on an operation that was not cancelled before',
      );
      await operation.wait();
      const sizeNow = async (): Promise<bigint> =>
        ctx.duties.output('VDS-10.7a', await lun.getProperties(), 'lunProp').size;
      const atOnce = await sizeNow();
      await ctx.faults.recover();
      const later = await sizeNow();
      if (cancelled.hr !== HR.S_OK) return;
      ctx.duties.equal('VDS-8.7c', 'the size of a LUN whose Extend was cancelled', atOnce, size, cancelled);
      ctx.duties.equal(
        'VDS-8.7a',
        'the size of a LUN whose Extend was cancelled, after Reenumerate and Refresh',
        later,
        atOnce,
        cancelled,
      );
    },
  },
  {
    id: 'async.cancel-after-the-end',
    title: 'Cancel of an operation that has ended is refused and changes nothing',
    requirements: ['VDS-8.7a', 'VDS-8.7d'],
    cost: { calls: 16, recoveries: 0 },
    async run(ctx) {
      const operation = await startCreation(ctx, await ctx.system.subSystem());
      ctx.duties.ok('VDS-8.3a', await operation.wait());
      ctx.duties.code(
        'VDS-8.7a',
        await operation.cancel(),
        [HR.VDS_E_CANCEL_TOO_LATE, HR.VDS_E_NOT_SUPPORTED],
        'on an operation that has ended',
      );
      const waited = await operation.wait();
      ctx.duties.equal(
        'VDS-8.7d',
        "the operation's result after a Cancel that came too late",
        hresult(ctx.duties.output('VDS-8.2', waited, 'hrResult')),
        hresult(HR.S_OK),
        waited,
      );
    },
  },
  {
    id: 'async.wait-after-release-of-the-object',
    title: 'An operation lives on after the object that it was started on was released',
    requirements: ['VDS-8.3a'],
    cost: { calls: 14, recoveries: 0 },
    async run(ctx) {
      const { target, id } = await ctx.make.target(await ctx.system.subSystem());
      const operation = ctx.duties.output('VDS-8.1a', await target.delete(), 'async');
      await target.release();
      const waited = await operation.wait();
      ctx.duties.equal(
        'VDS-8.3a',
        'the result of deleting a target whose reference was released meanwhile',
        hresult(ctx.duties.output('VDS-8.2', waited, 'hrResult')),
        hresult(HR.S_OK),
        waited,
      );
      ctx.duties.code(
        'VDS-3.5d',
        await ctx.system.providerPrivate.getObject({ objectId: id, type: VDS_OBJECT_TYPE.VDS_OT_TARGET }),
        HR.VDS_E_OBJECT_NOT_FOUND,
        'for the id of a target whose deletion has ended',
      );
    },
  },
  {
    id: 'async.two-at-once',
    title: 'Two operations run side by side and each hands over its own LUN',
    requirements: ['VDS-8.3a', 'VDS-8.4a'],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const first = await startCreation(ctx, subSystem);
      const started = await ctx.make.startLun(subSystem);
      if (started.hr === HR.VDS_E_ANOTHER_CALL_IN_PROGRESS)
        return ctx.notApplicable('CreateLun answers VDS_E_ANOTHER_CALL_IN_PROGRESS while another LUN is being created');
      const second = await adoptCreation(ctx, started);
      const ids: string[] = [];
      // The later one first: its end must not depend on anybody's waiting for the other.
      for (const operation of [second, first]) {
        const waited = await operation.wait();
        ctx.duties.equal(
          'VDS-8.3a',
          'the result of one of two creations',
          hresult(ctx.duties.output('VDS-8.2', waited, 'hrResult')),
          hresult(HR.S_OK),
          waited,
        );
        const lun = await madeBy(waited)?.as('IVdsLun');
        if (lun === null || lun === undefined)
          return ctx.duties.broken('VDS-8.4a', 'one of two creations hands over no LUN', waited);
        ids.push(await idOf(ctx, lun, 'VDS-8.4a'));
      }
      ctx.duties.equal('VDS-8.4a', 'the number of different LUNs that two creations hand over', new Set(ids).size, 2);
    },
  },
  {
    id: 'async.object-deleted-meanwhile',
    title: 'An operation on a LUN that is deleted meanwhile ends, and its result is true',
    requirements: ['VDS-8.3a', 'VDS-7.1a', 'VDS-0.2a'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const { lun, drives, size } = await ctx.make.lun(await ctx.system.subSystem());
      const started = await lun.extend({ numberOfBytesToAdd: size, driveIdArray: drives });
      const operation = ctx.duties.operation(started);
      const deleted = await lun.delete();
      // A provider may finish one before the other, or refuse the second.
      ctx.duties.permitted('VDS-0.2a', deleted, 'while the LUN is being extended');
      const waited = await operation.wait();
      ctx.duties.ok('VDS-8.3a', waited);
      const result = ctx.duties.output('VDS-8.2', waited, 'hrResult');
      ctx.duties.permitted(
        'VDS-0.2a',
        { hr: result, out: {}, record: started.record },
        'as the result of extending a LUN that was deleted meanwhile',
      );
      if (succeeded(deleted.hr))
        ctx.duties.code(
          'VDS-7.1a',
          await lun.getProperties(),
          HR.VDS_E_OBJECT_DELETED,
          'on a LUN that was deleted while it was being extended',
        );
    },
  },
  ...lastingChecks,
  ...typeChecks,
]);
