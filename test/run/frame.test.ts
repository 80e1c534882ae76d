import { describe, expect, test } from 'vitest';
import { createInMemory, type Parts } from '../../providers/in-memory/adapter.js';
import { LunObject } from '../../providers/in-memory/objects/lun.js';
import { SubSystemObject } from '../../providers/in-memory/objects/subsystem.js';
import { HR } from '../../src/contract/hresult.js';
import { defineSuite, type Check } from '../../src/checks/check.js';
import type { Context } from '../../src/checks/context.js';
import { propertiesOf } from '../../src/checks/devices.js';
import { LeftBehind } from '../../src/checks/life.js';
import type { CheckResult } from '../../src/checks/outcome.js';
import { ConfigurationError } from '../../src/port/errors.js';
import { runChecks, type RunChecksOptions } from '../support/run-checks.js';

type Body = (ctx: Context) => Promise<void>;

const check = (id: string, run: Body, more: Partial<Check> = {}): Check => ({
  id: `own.${id}`,
  title: 'a check',
  requirements: ['VDS-5.5b'],
  cost: { calls: 1, recoveries: 0 },
  run,
  ...more,
});

const run = (
  checks: readonly Check[],
  options: RunChecksOptions & { parts?: Partial<Parts> } = {},
): Promise<CheckResult[]> =>
  runChecks(async () => createInMemory({ seed: 'test' }, options.parts), {
    bare: true,
    ...options,
    from: [defineSuite('own', 'Own', checks)],
  });

const reads: Body = async (ctx) => void (await ctx.system.subSystems());

/** Changes a LUN that the check did not make, and leaves it so. */
const masks: Body = async (ctx) => {
  const [lun] = await ctx.duties.list(await (await ctx.system.subSystem()).queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a');
  await lun!.setMask({ unmaskingList: '*' });
};

describe('after a check the system', () => {
  test('is what it was before, or the check fails with the requirement of what changed', async () => {
    const [result] = await run([check('masks', masks)]);
    expect(result).toMatchObject({ verdict: 'failed', findings: [{ requirement: 'VDS-10.9a', level: 'MUST' }] });
    expect(result?.reason).toBe(
      'the system differs from its earlier state after this check: unmaskingList of lun#1 is "*" (expected "")',
    );
    expect(result?.trace).toContainEqual(expect.objectContaining({ method: 'IVdsLun.SetMask' }));
  });

  test('is new for the next check, so that one cause is reported once', async () => {
    const results = await run([check('masks', masks), check('reads', reads)]);
    expect(results.map((r) => r.verdict)).toEqual(['failed', 'passed']);
  });

  test('may differ in what the check declares to change for good', async () => {
    const [result] = await run([check('masks', masks, { leaves: ['unmaskingList'] })]);
    expect(result).toMatchObject({ verdict: 'passed', findings: [] });
  });

  test('may have LUNs that come back to a controller in a later check, and only where they had left it', async () => {
    const goesTo =
      (place: number, leaves: boolean): Body =>
      async (ctx) => {
        const subSystem = await ctx.system.subSystem();
        const [lun] = await ctx.duties.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a');
        const found = await ctx.duties.list(await subSystem.queryControllers(), 'enum', 'IVdsController', 'VDS-6.7a');
        const ids = await Promise.all(
          found.map(async (each) => String((await propertiesOf(ctx, each, 'VDS-7.7'))['id'])),
        );
        const result = await lun!.associateControllers({
          activeControllerIdArray: ids.filter((_, i) => i === place),
          inactiveControllerIdArray: ids.filter((_, i) => i !== place),
        });
        expect(result.hr).toBe(HR.S_OK);
        if (leaves) for (const member of ['activeControllers', 'associatedLuns']) ctx.left.add(member);
      };
    const [leaves, returns] = [check('leaves', goesTo(0, true)), check('returns', goesTo(1, false))];
    const left = await run([leaves, check('reads', reads), returns]);
    expect(left.map((r) => r.verdict)).toEqual(['passed', 'passed', 'failed']);
    expect((await run([leaves, returns])).map((r) => r.verdict)).toEqual(['passed', 'passed']);
  });

  test('may have other ids where the check loaded the provider anew', async () => {
    let loads = 0;
    const results = await run(
      [
        check('reloads', async (ctx) => {
          await ctx.system.unload();
          loads += 1;
        }),
        check('reads', reads),
      ],
      {},
    );
    expect(loads).toBe(1);
    expect(results.map((r) => r.verdict)).toEqual(['passed', 'passed']);
  });

  test('is compared after every n-th check only, where that was asked for, and all of these are named', async () => {
    const results = await run([check('masks', masks), check('reads', reads)], { frame: { depth: 'light', every: 2 } });
    expect(results.map((r) => r.verdict)).toEqual(['passed', 'failed']);
    expect(results[1]?.reason).toContain('after one of these 2 checks: own.masks, own.reads: unmaskingList of lun#1');
  });

  test('is compared at the end of a run, however many checks were run since the last time', async () => {
    const frame = { depth: 'light', every: 10 } as const;
    const [alone] = await run([check('masks', masks)], { frame });
    expect(alone).toMatchObject({ verdict: 'failed', findings: [{ requirement: 'VDS-10.9a' }] });
    const none: Body = async (ctx) => ctx.notApplicable('the provider has no such thing');
    const readOnly = await run([check('masks', masks), check('none', none, { changes: false })], { frame });
    expect(readOnly.map((r) => r.verdict)).toEqual(['passed', 'failed']);
  });

  test('is compared after a check that failed too, where those before it were not', async () => {
    const fails: Body = async (ctx) => ctx.duties.broken('VDS-3.4', 'something else');
    const results = await run([check('masks', masks), check('fails', fails)], { frame: { depth: 'light', every: 10 } });
    expect(results[1]?.notes.map((n) => n.text)).toContainEqual(
      expect.stringContaining('after one of these 2 checks: own.masks, own.fails: unmaskingList of lun#1'),
    );
  });

  test('must be readable', async () => {
    class Lun extends LunObject {
      private masked = false;
      protected override setMask(list: string | null) {
        this.masked = true;
        return super.setMask(list);
      }
      protected override getProperties() {
        return this.masked ? ({ hr: HR.E_UNEXPECTED } as never) : super.getProperties();
      }
    }
    const [result] = await run([check('masks', masks)], { parts: { Lun } });
    expect(result).toMatchObject({ verdict: 'failed', findings: [{ requirement: 'VDS-7.9' }] });
    expect(result?.reason).toContain('IVdsLun::GetProperties answered E_UNEXPECTED');
  });

  test('is not blamed for what was wrong from the beginning', async () => {
    class SubSystem extends SubSystemObject {
      protected override getProperties() {
        const answer = super.getProperties() as { hr: number; out: { subSystemProp: object } };
        return {
          hr: answer.hr,
          out: { subSystemProp: { ...answer.out.subSystemProp, maxNumberOfControllers: 1 } },
        } as never;
      }
    }
    const results = await run([check('reads', reads), check('masks', masks)], { parts: { SubSystem } });
    expect(results.map((r) => r.verdict)).toEqual(['passed', 'failed']);
    expect(results[1]?.reason).not.toContain('maxNumberOfControllers');
  });
});

test('what was taken back between two faults goes by what the first of them has left', async () => {
  const [result] = await run([
    check('renames', async (ctx) => {
      const subSystem = await ctx.system.subSystem();
      const naming = await ctx.system.optional(subSystem, 'IVdsSubSystemNaming');
      const { id } = await propertiesOf(ctx, subSystem, 'VDS-7.9');
      await ctx.faults.inject({ kind: 'change-object', object: String(id) });
      await ctx.faults.recover();
      const { friendlyName } = await propertiesOf(ctx, subSystem, 'VDS-7.9');
      ctx.onCleanUp('put the name back', async () => {
        await naming.setFriendlyName({ friendlyName: String(friendlyName) });
      });
      await naming.setFriendlyName({ friendlyName: 'another' });
      await ctx.faults.inject({ kind: 'change-object', object: String(id) });
    }),
  ]);
  expect(result).toMatchObject({ verdict: 'passed', findings: [] });
});

describe('a clean-up that fails', () => {
  const failing =
    (error: Error, requirement?: string): Body =>
    async (ctx) =>
      void ctx.onCleanUp('put it back', async () => Promise.reject(error), requirement);

  test('fails the check with the requirement that was given for it, else with the first of the check', async () => {
    const [own, first] = await run([
      check('own', failing(new Error('it would not'), 'VDS-10.6')),
      check('first', failing(new Error('it would not'))),
    ]);
    expect(own).toMatchObject({
      verdict: 'failed',
      reason: 'clean-up failed: put it back: it would not',
      findings: [{ requirement: 'VDS-10.6' }],
    });
    expect(first).toMatchObject({ verdict: 'failed', findings: [{ requirement: 'VDS-5.5b' }] });
  });

  test('is an error of the set-up where the harness could not do it', async () => {
    const [result] = await run([check('heal', failing(new ConfigurationError('no command', { hint: 'Give one.' })))]);
    expect(result).toMatchObject({ verdict: 'error', code: 'VDSC_CONFIG' });
  });

  test('is only noted where the provider may refuse it, or the check has failed already', async () => {
    const [lawful, failed] = await run([
      check('lawful', failing(new LeftBehind('status', 'E_INVALIDARG'))),
      check('failed', async (ctx) => {
        await failing(new Error('it would not'))(ctx);
        ctx.duties.broken('VDS-3.4', 'something else');
      }),
    ]);
    expect(lawful).toMatchObject({
      verdict: 'passed',
      notes: [{ kind: 'clean-up', text: 'left as it is: put it back: E_INVALIDARG' }],
    });
    expect(failed).toMatchObject({
      verdict: 'failed',
      notes: [{ kind: 'clean-up', text: 'put it back: it would not' }],
    });
    expect(failed?.findings).toHaveLength(1);
  });
});
