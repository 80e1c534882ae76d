// Asynchronous operations (semantics.md 8).
import { VDS_ASYNC_OUTPUT_TYPE } from '../src/contract/generated/enumerations.js';
import { HR, succeeded } from '../src/contract/hresult.js';
import { defineSuite } from '../src/conformance/check.js';
import type { Context } from '../src/conformance/context.js';
import { madeBy } from '../src/provider/made-objects.js';
import type { IVdsAsync, IVdsSubSystem } from '../src/provider/generated/typed.js';

/** The value of VDS_E_OPERATION_PENDING, and the one that MS-VDS prints (semantics.md 8.5). */
const PENDING = [HR.VDS_E_OPERATION_PENDING, 0x00042409];

/** Starts creating a LUN, and deletes it when the check ends. */
async function startCreation(ctx: Context, subSystem: IVdsSubSystem): Promise<IVdsAsync> {
  const started = await ctx.startLun(subSystem);
  ctx.ok('VDS-8.1a', started);
  const operation = ctx.output('VDS-8.1a', started, 'async');
  ctx.onCleanUp('delete the LUN of an asynchronous creation', async () => {
    await (await madeBy(await operation.wait())?.as('IVdsLun'))?.delete();
  });
  return operation;
}

/** QueryStatus, with the combinations of result and percentage that the documents allow. Gives whether the operation is over. */
async function status(ctx: Context, operation: IVdsAsync): Promise<{ over: boolean; percent: number; result: number }> {
  const answer = await operation.queryStatus();
  if (PENDING.includes(answer.hr)) return { over: false, percent: 0, result: answer.hr };
  ctx.ok('VDS-8.5a', answer);
  const result = ctx.output('VDS-8.5a', answer, 'hrResult');
  const percent = ctx.output('VDS-8.5b', answer, 'percentCompleted');
  const unknown = percent === 0xffffffff;
  const over = !PENDING.includes(result);
  if (over && succeeded(result)) ctx.holds('VDS-8.5b', percent === 100 || unknown, `the operation is finished and *pulPercentCompleted is ${percent}`, answer);
  if (!over) ctx.holds('VDS-8.5b', percent <= 99 || unknown, `the operation runs and *pulPercentCompleted is ${percent}`, answer);
  return { over, percent: unknown ? 0 : percent, result };
}

export const suite = defineSuite('async', 'Asynchronous operations', [
  {
    id: 'async.wait-is-repeatable',
    title: 'Each Wait gives the same result and another reference to the new LUN',
    requirements: ['VDS-8.3a', 'VDS-8.3b', 'VDS-8.4a', 'VDS-8.2', 'VDS-8.8', 'VDS-12.3'],
    cost: { calls: 14, recoveries: 0 },
    async run(ctx) {
      const operation = await startCreation(ctx, await ctx.subSystem());
      const ids: string[] = [];
      for (let time = 0; time < 3; time++) {
        const waited = await operation.wait();
        ctx.ok('VDS-8.3a', waited);
        const same = ctx.equal(time === 0 ? 'VDS-8.2' : 'VDS-8.3b', '*pHrResult of Wait', ctx.output('VDS-8.2', waited, 'hrResult'), HR.S_OK, waited);
        // A Wait that tells another result owes no LUN with it.
        if (!same) return;
        const out = ctx.output('VDS-8.4a', waited, 'asyncOut');
        ctx.equal('VDS-8.4a', 'VDS_ASYNC_OUTPUT.type', out.type, VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_CREATELUN, waited);
        const unknown = out.cl?.lunUnk ?? null;
        if (unknown === null) return ctx.broken('VDS-8.4a', 'VDS_ASYNC_OUTPUT.cl.pLunUnk is NULL after a creation that succeeded', waited);
        const lun = await unknown.as('IVdsLun');
        if (lun === null) return ctx.broken('VDS-8.4a', 'the object that Wait handed over has no IVdsLun', waited);
        ids.push(ctx.output('VDS-8.3a', await lun.getProperties(), 'lunProp').id);
        // Each Wait owes a reference of its own: giving this one back must not end the object for the next Wait.
        await lun.release();
        await unknown.release();
      }
      ctx.equal('VDS-8.3a', 'the number of different LUNs that three Waits handed over', new Set(ids).size, 1);
    },
  },
  {
    id: 'async.query-status',
    title: 'QueryStatus tells pending with 0 to 99 percent, then the result with 100, and never goes back',
    requirements: ['VDS-8.5a', 'VDS-8.5b', 'VDS-8.5c', 'VDS-8.6', 'VDS-8.8'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const operation = await startCreation(ctx, await ctx.subSystem());
      let last = 0;
      for (let look = 0; look < 5; look++) {
        const now = await status(ctx, operation);
        ctx.holds('VDS-8.6', now.percent >= last, `the percentage went down from ${last} to ${now.percent}`);
        last = now.percent;
      }
      ctx.ok('VDS-8.3a', await operation.wait());
      const final = await status(ctx, operation);
      ctx.holds('VDS-8.5a', final.over, 'QueryStatus still tells pending after Wait has returned');
      ctx.equal('VDS-8.5a', 'the final result that QueryStatus tells', final.result, HR.S_OK);
    },
  },
  {
    id: 'async.cancel',
    title: 'Cancel stops the operation, comes too late, or is not supported; what was cancelled leaves nothing behind',
    requirements: ['VDS-8.7a', 'VDS-8.7b', 'VDS-8.3a'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.subSystem();
      const luns = async (): Promise<number> => (await ctx.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a')).length;
      const before = await luns();
      const operation = await startCreation(ctx, subSystem);
      const cancelled = await operation.cancel();
      ctx.code('VDS-8.7a', cancelled, [HR.S_OK, HR.VDS_E_NOT_SUPPORTED, HR.VDS_E_CANCEL_TOO_LATE], 'on an operation that was not cancelled before');
      const waited = await operation.wait();
      ctx.ok('VDS-8.3a', waited);
      const result = ctx.output('VDS-8.2', waited, 'hrResult');
      // The same calls whether the cancellation was in time or not, which is a matter of luck: two runs of one seed must read alike.
      const after = await luns();
      const again = await operation.cancel();
      if (cancelled.hr !== HR.S_OK) {
        ctx.equal('VDS-8.7b', 'the operation\'s result after a Cancel that failed', result, HR.S_OK, waited);
        ctx.code('VDS-8.7a', again, [HR.VDS_E_CANCEL_TOO_LATE, HR.VDS_E_NOT_SUPPORTED], 'on an operation that has ended');
        return;
      }
      ctx.equal('VDS-8.7b', 'the operation\'s result after a Cancel that succeeded', result, HR.VDS_E_OPERATION_CANCELED, waited);
      ctx.holds('VDS-8.3a', madeBy(waited) === null, 'Wait handed over a LUN although its creation was cancelled', waited);
      ctx.equal('VDS-8.7b', 'the number of LUNs after a creation was cancelled', after, before);
      ctx.code('VDS-8.7a', again, [HR.VDS_E_OPERATION_CANCELED, HR.VDS_E_CANCEL_TOO_LATE], 'on an operation that was cancelled before');
    },
  },
  {
    id: 'async.cancel-after-the-end',
    title: 'Cancel of an operation that has ended is refused and changes nothing',
    requirements: ['VDS-8.7a', 'VDS-8.7b'],
    cost: { calls: 16, recoveries: 0 },
    async run(ctx) {
      const operation = await startCreation(ctx, await ctx.subSystem());
      ctx.ok('VDS-8.3a', await operation.wait());
      ctx.code('VDS-8.7a', await operation.cancel(), [HR.VDS_E_CANCEL_TOO_LATE, HR.VDS_E_NOT_SUPPORTED], 'on an operation that has ended');
      const waited = await operation.wait();
      ctx.equal('VDS-8.7b', 'the operation\'s result after a Cancel that came too late', ctx.output('VDS-8.2', waited, 'hrResult'), HR.S_OK, waited);
    },
  },
]);
