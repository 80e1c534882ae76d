// Operations on an array that is slow, does not answer, or answers with errors (semantics.md 8.5 to 8.7).
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Check,
  type Context,
  idOf,
  judgedStatus,
  type InjectedFault,
  type IVdsAsync,
  madeBy,
  hresult,
} from '../../src/checks/index.js';
import { formatHresult, type Guid, HR, succeeded } from '../../src/contract/index.js';
import { startCreation, status } from './operation.js';

/**
 * Milliseconds after which QueryStatus is taken to wait: a call in the same process takes a fraction of one, over a
 * slow network a few hundred.
 */
const AT_ONCE = 1_000;
/** Milliseconds between two looks at an operation. */
const APART = 25;
const later = (ms: number): Promise<undefined> =>
  new Promise((resolve) => {
    setTimeout(() => resolve(undefined), ms).unref();
  });

/** A creation that is sure to be under way, as its subsystem is slow. */
async function slowCreation(
  ctx: Context,
): Promise<{ readonly operation: IVdsAsync; readonly object: Guid; readonly slow: InjectedFault }> {
  const subSystem = await ctx.system.subSystem();
  const object = await idOf(ctx, subSystem, 'VDS-7.9');
  const slow = await ctx.faults.inject({ kind: 'latency', object });
  return { operation: await startCreation(ctx, subSystem), object, slow };
}

/**
 * A creation under way when trouble comes. The array is slow until then: otherwise the operation might end first, and a
 * provider that asks the array before it accepts a request would not start one.
 */
async function creationIn(
  ctx: Context,
  kind: 'hang' | 'device-error',
): Promise<{ readonly operation: IVdsAsync; readonly fault: InjectedFault }> {
  const { operation, object, slow } = await slowCreation(ctx);
  const fault = await ctx.faults.inject({ kind, object });
  await slow.heal();
  return { operation, fault };
}

export const lastingChecks: readonly Check[] = [
  {
    id: 'async.status-while-it-lasts',
    title:
      'QueryStatus answers at once, with VDS_E_OPERATION_PENDING, while the array does not answer, and the operation ' +
      'ends when it does',
    requirements: ['VDS-8.5a', 'VDS-8.5b', 'VDS-8.3a'],
    capabilities: ['parallelCalls'],
    faults: ['latency', 'hang'],
    cost: { calls: 24, recoveries: 1 },
    async run(ctx) {
      const { operation, fault } = await creationIn(ctx, 'hang');
      for (let look = 0; look < 3; look++) {
        // An operation that has just begun is far from what the array keeps it from.
        if (look > 0) await delay(APART);
        const looked = operation.queryStatus();
        // Healed if it waits: the array's answer is the only thing that can end the call, and the provider itself is to
        // stay alive.
        const answer = await Promise.race([looked, later(AT_ONCE)]);
        if (answer === undefined) {
          await fault.heal();
          return ctx.duties.broken(
            'VDS-8.5a',
            `QueryStatus did not return within ${AT_ONCE} ms, and must return without waiting for the operation`,
            await looked,
          );
        }
        const { over } = await judgedStatus(ctx, answer);
        if (over && look === 0) return ctx.notApplicable('the operation had ended before the array stopped answering');
        ctx.duties.holds(
          'VDS-8.5a',
          !over,
          'QueryStatus reports an end of an operation whose array has not answered',
          answer,
        );
      }
      await fault.heal();
      const waited = await operation.wait();
      ctx.duties.equal(
        'VDS-8.3a',
        'the result of a creation after the array answered again',
        hresult(ctx.duties.output('VDS-8.2', waited, 'hrResult')),
        hresult(HR.S_OK),
        waited,
      );
      ctx.duties.holds(
        'VDS-8.5a',
        (await status(ctx, operation)).over,
        'QueryStatus still reports pending after Wait has returned',
      );
    },
  },
  {
    id: 'async.cancel-while-it-lasts',
    title: 'Cancel of an operation that is sure to be under way stops it, or is refused and changes nothing',
    requirements: ['VDS-8.7a', 'VDS-8.7b', 'VDS-8.7d', 'VDS-8.3d'],
    capabilities: ['parallelCalls'],
    faults: ['latency'],
    cost: { calls: 30, recoveries: 1 },
    async run(ctx) {
      const { operation, slow } = await slowCreation(ctx);
      const running = !(await status(ctx, operation)).over;
      const cancelled = await operation.cancel();
      ctx.duties.code(
        'VDS-8.7a',
        cancelled,
        running
          ? [HR.S_OK, HR.VDS_E_NOT_SUPPORTED, HR.VDS_E_CANCEL_TOO_LATE]
          : [HR.VDS_E_CANCEL_TOO_LATE, HR.VDS_E_NOT_SUPPORTED],
        `on an operation that ${running ? 'runs' : 'has ended'}`,
      );
      const waited = await operation.wait();
      const expected = cancelled.hr === HR.S_OK ? HR.VDS_E_OPERATION_CANCELED : HR.S_OK;
      ctx.duties.equal(
        cancelled.hr === HR.S_OK ? 'VDS-8.7b' : 'VDS-8.7d',
        `the operation's result after Cancel answered ${formatHresult(cancelled.hr)}`,
        hresult(ctx.duties.output('VDS-8.2', waited, 'hrResult')),
        hresult(expected),
        waited,
      );
      if (expected !== HR.S_OK)
        ctx.duties.holds(
          'VDS-8.3d',
          madeBy(waited) === null,
          'Wait handed over a LUN although its creation was cancelled',
          waited,
        );
      const final = await status(ctx, operation);
      ctx.duties.equal('VDS-8.5a', 'the final result that QueryStatus reports', final.result, expected);
      await slow.heal();
    },
  },
  {
    id: 'async.status-of-a-failure',
    title: 'QueryStatus and Wait report the failure of an operation, the same each time, and hand nothing over',
    requirements: ['VDS-8.2', 'VDS-8.3d', 'VDS-8.3b', 'VDS-8.5a'],
    faults: ['latency', 'device-error'],
    cost: { calls: 24, recoveries: 1 },
    async run(ctx) {
      const { operation } = await creationIn(ctx, 'device-error');
      const results: number[] = [];
      for (let time = 0; time < 2; time++) {
        const waited = await operation.wait();
        ctx.duties.ok('VDS-8.2', waited);
        const result = ctx.duties.output('VDS-8.2', waited, 'hrResult');
        if (time === 0 && succeeded(result))
          return ctx.notApplicable('the operation had ended before the array answered with errors');
        ctx.duties.holds(
          'VDS-8.3d',
          madeBy(waited) === null,
          'Wait handed over a LUN although its creation failed',
          waited,
        );
        results.push(result);
      }
      ctx.duties.equal('VDS-8.3b', 'the result that a second Wait reports', results[1], results[0]);
      const final = await status(ctx, operation);
      ctx.duties.equal('VDS-8.5a', 'the final result that QueryStatus reports of a failure', final.result, results[0]);
    },
  },
];
