import { importTargetOf } from '../../src/checks/import-target.js';
import { describe, expect, test } from 'vitest';
import { createInMemory } from '../../providers/in-memory/adapter.js';
import { HR } from '../../src/contract/hresult.js';
import { defineSuite, type Check, type Suite } from '../../src/checks/check.js';
import type { Context } from '../../src/checks/context.js';
import type { CheckResult } from '../../src/checks/outcome.js';
import type { Port } from '../../src/port/port.js';
import { runChecks, type RunChecksOptions } from '../support/run-checks.js';

const suiteOf = (...bodies: ((ctx: Context) => Promise<void>)[]): Suite =>
  defineSuite(
    'own',
    'Own',
    bodies.map((run, index): Check => ({
      id: `own.${index}`,
      title: 'a check',
      requirements: ['VDS-5.5b'],
      cost: { calls: 1, recoveries: 0 },
      run,
    })),
  );

/** The port as one of a system that a failing check is not renewed for: what it leaves behind can be seen. */
const lasting = (port: Port): Port =>
  new Proxy(port, {
    get: (target, name: keyof Port) => {
      if (name === 'capabilities') return { ...target.capabilities, disposable: false };
      const value: unknown = target[name];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

async function runOwn(
  bodies: ((ctx: Context) => Promise<void>)[],
  options: RunChecksOptions = {},
  port?: Port,
): Promise<CheckResult[]> {
  const shared = port ?? lasting(createInMemory({ seed: 'test' }));
  return runChecks(async () => shared, { bare: true, ...options, from: [suiteOf(...bodies)] });
}
const one = async (body: (ctx: Context) => Promise<void>, options?: RunChecksOptions): Promise<CheckResult> =>
  (await runOwn([body], options))[0]!;

describe('a check ends', () => {
  test('passed when its body returns', async () =>
    expect(await one(async () => {})).toMatchObject({ verdict: 'passed', findings: [], calls: 0 }));

  test('with those of its requirements of which it has judged nothing', async () => {
    expect(await one(async () => {})).toMatchObject({ unjudged: ['VDS-5.5b'] });
    const judging = await one(async (ctx) => {
      ctx.duties.holds('VDS-5.5b', true, 'never');
    });
    expect(judging).not.toHaveProperty('unjudged');
  });

  test('with its place in the matrix of generated checks, when it has one', async () => {
    const matrix = { fault: 'torn-write', method: 'IVdsLun.Extend', moment: 'before' };
    const from = [
      defineSuite('own', 'Own', [
        {
          id: 'own.placed',
          title: 'a check',
          requirements: ['VDS-5.5b'],
          matrix,
          cost: { calls: 0, recoveries: 0 },
          run: async () => {},
        },
      ]),
    ];
    expect(await runChecks(async () => createInMemory({ seed: 'test' }), { from })).toMatchObject([
      { id: 'own.placed', matrix },
    ]);
    expect(await one(async () => {})).not.toHaveProperty('matrix');
  });

  test('failed, with the requirement, its level and the call, when a MUST is broken', async () => {
    const result = await one(async (ctx) => {
      ctx.duties.code('VDS-3.5a', await ctx.system.hw.refresh(), HR.VDS_E_OBJECT_NOT_FOUND, 'in a test');
    });
    expect(result).toMatchObject({
      verdict: 'failed',
      findings: [
        {
          requirement: 'VDS-3.5a',
          level: 'MUST',
          call: 1,
          expected: { hresult: HR.VDS_E_OBJECT_NOT_FOUND },
          actual: { hresult: HR.S_OK },
        },
      ],
    });
    expect(result.reason).toBe(
      'IVdsHwProvider::Refresh answered S_OK (0x00000000) in a test; expected VDS_E_OBJECT_NOT_FOUND (0x80042405)',
    );
    expect(result.trace).toEqual([
      {
        type: 'call',
        number: 1,
        at: expect.any(Number),
        object: 'provider#1',
        method: 'IVdsHwProvider.Refresh',
        args: {},
        hr: HR.S_OK,
        outputs: {},
        ms: expect.any(Number),
        mark: 'shows-it',
      },
    ]);
  });

  test('with what it took back after its body, and the finding of a check that passed with its call', async () => {
    const failing = await one(async (ctx) => {
      await ctx.make.lun(await ctx.system.subSystem());
      ctx.duties.broken('VDS-5.3', 'on purpose');
    });
    const calls = (failing.trace ?? []).filter((e) => e.type === 'call');
    expect(calls.filter((e) => e.phase === undefined).map((e) => e.method)).toContain('IVdsSubSystem.CreateLun');
    const last = calls.filter((e) => e.phase === 'clean-up');
    expect(last.map((e) => e.method)).toContain('IVdsLun.Delete');
    expect(last.map((e) => e.object)).toContain('lun#1');
    const noted = await one(async (ctx) => {
      const { record } = await ctx.system.hw.refresh();
      await ctx.system.hw.reenumerate();
      ctx.duties.holds('VDS-8.6', false, 'the percentage went down', { record });
    });
    expect(noted).toMatchObject({
      verdict: 'passed',
      findings: [{ call: 1 }],
      trace: [{ number: 1, method: 'IVdsHwProvider.Refresh' }],
    });
  });

  test('with the notifications among its calls, one of which a finding may name', async () => {
    const result = await one(async (ctx) => {
      const mark = ctx.session.received.length;
      await ctx.make.lun(await ctx.system.subSystem());
      await ctx.session.notificationsSince(mark);
      ctx.duties.broken('VDS-9.1', 'on purpose', { record: ctx.session.received[mark] });
    });
    const { trace = [], findings } = result;
    const shown = trace.find((e) => e.type === 'notification' && e.mark === 'shows-it');
    expect(shown).toMatchObject({ number: findings[0]?.call, count: 2 });
  });

  test('keeps one note once, with how often it was made', async () => {
    const result = await one(async (ctx) => {
      for (let i = 0; i < 89; i++) ctx.note('the same');
    });
    expect(result.notes).toEqual([{ kind: 'observation', text: 'the same', times: 89 }]);
  });

  test('passed with a finding when a SHOULD is broken, and failed under --strict', async () => {
    const body = async (ctx: Context): Promise<void> => {
      ctx.duties.holds('VDS-8.6', false, 'the percentage went down');
    };
    expect(await one(body)).toMatchObject({
      verdict: 'passed',
      findings: [{ requirement: 'VDS-8.6', level: 'SHOULD' }],
    });
    expect(await one(body, { strict: true })).toMatchObject({
      verdict: 'failed',
      findings: [{ requirement: 'VDS-8.6' }],
    });
  });

  test('not applicable or inconclusive with the reason', async () => {
    expect(await one(async (ctx) => ctx.notApplicable('no such thing'))).toMatchObject({
      verdict: 'not-applicable',
      reason: 'no such thing',
    });
    expect(await one(async (ctx) => ctx.inconclusive('could not tell'))).toMatchObject({
      verdict: 'inconclusive',
      reason: 'could not tell',
    });
  });

  test('as an error when the check itself is wrong', async () => {
    expect(
      await one(async () => {
        throw new TypeError('a bug in the check');
      }),
    ).toMatchObject({ verdict: 'error', code: 'VDSC_INTERNAL' });
  });

  test('not applicable when the transport lacks a capability, inconclusive when no route offers a fault', async () => {
    const from = [
      defineSuite('own', 'Own', [
        {
          id: 'own.guarded',
          title: '',
          requirements: ['VDS-12.1'],
          capabilities: ['guardedMemory'],
          cost: { calls: 0, recoveries: 0 },
          run: async () => {},
        },
      ]),
    ];
    expect(await runChecks(async () => createInMemory({ seed: 't' }), { from })).toMatchObject([
      { verdict: 'not-applicable', reason: 'the transport does not have the capability guardedMemory' },
    ]);
  });
});

describe('whatever happens, a check', () => {
  test('takes back what it created, restores the import target and releases its references', async () => {
    const left: unknown[] = [];
    const results = await runOwn([
      async (ctx) => {
        left.push(await ctx.system.inventory('VDS-5.5b'));
      },
      async (ctx) => {
        const subSystem = await ctx.system.subSystem();
        await ctx.make.lun(subSystem);
        await importTargetOf(ctx, subSystem);
        throw new Error('in the middle of it');
      },
      async (ctx) => {
        left.push(await ctx.system.inventory('VDS-5.5b'), ctx.session.owned().size);
      },
      async (ctx) => {
        left.push(ctx.session.owned().size);
      },
    ]);
    expect(results.map((r) => r.verdict)).toEqual(['passed', 'error', 'passed', 'passed']);
    expect(left[1]).toEqual(left[0]);
    expect(results[1]?.notes).toEqual([{ kind: 'reading', text: 'import-target dialect: name' }]);
    // References of the third check are gone in the fourth.
    expect(left[3]).toBeLessThan(left[2] as number);
  });

  test('heals its faults and recovers', async () => {
    const results = await runOwn([
      async (ctx) => {
        const { id } = await ctx.make.lun(await ctx.system.subSystem());
        const fault = await ctx.faults.inject({ kind: 'flipped-bytes', object: id });
        expect(fault.proof).toContain('flipped-bytes');
        throw new Error('before it recovers');
      },
      async (ctx) => {
        await ctx.system.inventory('VDS-5.5b');
      },
    ]);
    expect(results.map((r) => r.verdict)).toEqual(['error', 'passed']);
    expect(results[0]?.notes.filter((n) => n.kind === 'clean-up')).toEqual([]);
  });

  test('loads the provider again when it left it unloaded', async () => {
    const results = await runOwn([
      async (ctx) => {
        await ctx.system.unload();
      },
      async (ctx) => {
        await ctx.system.inventory('VDS-5.5b');
      },
    ]);
    expect(results.map((r) => r.verdict)).toEqual(['passed', 'passed']);
  });

  test('fails for what it could not take back, and says what that is', async () => {
    const result = await one(async (ctx) => {
      ctx.onCleanUp('undo the impossible', async () => {
        throw new Error('it is');
      });
    });
    expect(result).toMatchObject({ verdict: 'failed', reason: 'clean-up failed: undo the impossible: it is' });
  });
});

describe('a reading', () => {
  test('that the provider chose may not change during a run', async () => {
    const results = await runOwn([
      async (ctx) => ctx.duties.reading('q', 'one way', 'VDS-1.3c'),
      async (ctx) => ctx.duties.reading('q', 'another', 'VDS-1.3c'),
    ]);
    expect(results).toMatchObject([
      { verdict: 'passed', notes: [{ kind: 'reading', text: 'q: one way' }] },
      { verdict: 'failed', findings: [{ requirement: 'VDS-1.3c', level: 'AMBIGUOUS' }] },
    ]);
  });
});

test('a report names objects by kind and number, never by their ids', async () => {
  const result = await one(async (ctx) => {
    const { id, lun } = await ctx.make.lun(await ctx.system.subSystem());
    ctx.duties.broken('VDS-5.5b', `something is wrong with ${id}`, await lun.getProperties());
  });
  expect(result.reason).toBe('something is wrong with lun#1');
  expect(JSON.stringify(result)).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}/);
});
