// Changes that a run may make to a system that is not its own.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createInMemory } from '../../providers/in-memory/adapter.js';
import { changesSystem } from '../../src/contract/effects.js';
import { defineSuite, type Check } from '../../src/checks/check.js';
import { changes, type LabRules } from '../../src/lab/change-guard.js';
import { LEDGER, leftoversOf, nothingLeft, readLedger } from '../../src/lab/ledger.js';
import { EVERYTHING } from '../../src/lab/scope.js';
import type { Call, Port } from '../../src/port/port.js';
import { runChecks } from '../support/run-checks.js';
import { newFolder } from '../support/folder.js';

const rules = (over: Partial<LabRules> = {}): LabRules => ({
  allowDestructive: false,
  scope: EVERYTHING,
  ledger: newFolder(),
  ...over,
});

/** The reference provider as an array in a lab: it outlives the session. `calls` receives what reaches it. */
const array =
  (calls: Call[] = []) =>
  async (): Promise<Port> => {
    const port = createInMemory({ seed: 'lab' });
    return new Proxy(port, {
      get: (target, name) => {
        if (name === 'capabilities') return { ...target.capabilities, disposable: false };
        if (name === 'invoke')
          return (call: Call) => {
            calls.push(call);
            return target.invoke(call);
          };
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  };

const check = (id: string, body: Partial<Check>): Check => ({
  id: `own.${id}`,
  title: id,
  requirements: ['VDS-3.1'],
  cost: { calls: 1, recoveries: 0 },
  run: async () => {},
  ...body,
});
const own = (...checks: Check[]) => [defineSuite('own', 'Own', checks)];

describe('a run that only reads', () => {
  test('holds back what changes the system, says how to allow it, and makes no changing call', async () => {
    const calls: Call[] = [];
    const results = await runChecks(array(calls), { effort: 'quick', lab: rules() });
    expect(calls.length).toBeGreaterThan(50);
    expect(calls.filter((c) => changesSystem(c.method))).toEqual([]);
    const held = results.filter((r) => r.code === 'VDSC_HELD_BACK');
    expect(held.length).toBeGreaterThan(60);
    expect(held[0]).toMatchObject({
      verdict: 'inconclusive',
      calls: 0,
      reason: expect.stringMatching(/--allow-destructive/) as string,
    });
    const ran = results.filter((r) => r.code !== 'VDSC_HELD_BACK');
    expect(ran.length).toBeGreaterThan(10);
    // No declaration is wrong: a refused call would end its check in an error.
    expect(ran.filter((r) => r.verdict !== 'passed' && r.verdict !== 'not-applicable')).toEqual([]);
  });

  test('refuses the call of a check that declared wrongly: an error of ours, and the array never sees it', async () => {
    const calls: Call[] = [];
    const wrong = check('wrong', {
      changes: false,
      run: async (ctx) => {
        await ctx.make.lun(await ctx.system.subSystem());
      },
    });
    const [result] = await runChecks(array(calls), { from: own(wrong), lab: rules() });
    expect(result).toMatchObject({
      verdict: 'error',
      code: 'VDSC_READ_ONLY',
      reason: expect.stringMatching(/IVdsSubSystem::CreateLun.*changes: false/s) as string,
    });
    expect(calls.filter((c) => changesSystem(c.method))).toEqual([]);
  });

  test('takes a fault for a change, whatever the check declares', () => {
    expect(changes(check('a', { changes: false }))).toBe(false);
    expect(changes(check('b', {}))).toBe(true);
    expect(changes(check('c', { changes: false, faults: ['latency'] }))).toBe(true);
  });

  test('is not made of a run on a disposable system', async () => {
    const lab = rules();
    const results = await runChecks(async () => createInMemory({ seed: 'lab' }), {
      checks: ['luns.create'],
      lab,
    });
    expect(results[0]?.verdict).toBe('passed');
    expect(existsSync(join(lab.ledger, LEDGER))).toBe(false);
  });
});

describe('a run that may change the system', () => {
  test('writes down before each creation what it may make, and afterwards that it is gone', async () => {
    const lab = rules({ allowDestructive: true });
    let during: unknown;
    const making = check('making', {
      run: async (ctx) => {
        await ctx.make.lun(await ctx.system.subSystem());
        const { id } = await ctx.make.target(await ctx.system.subSystem());
        during = { id, left: leftoversOf(readLedger(lab.ledger)) };
      },
    });
    const [result] = await runChecks(array(), { from: own(making), lab, bare: true });
    expect(result?.verdict).toBe('passed');
    const { id, left } = during as { id: string; left: ReturnType<typeof leftoversOf> };
    expect(left.created.map((c) => c.kind)).toEqual(['lun', 'target']);
    expect(left.created[1]).toMatchObject({ id, key: expect.stringMatching(/vdsc-/) as string });
    expect(left.intents.map((i) => i.method)).toEqual(['IVdsSubSystem.CreateLun', 'IVdsSubSystemIscsi.CreateTarget']);
    expect(nothingLeft(leftoversOf(readLedger(lab.ledger)))).toBe(true);
  });

  test('leaves nothing open after a run', async () => {
    const lab = rules({ allowDestructive: true });
    // change-guard.long.test.ts runs all suites.
    const results = await runChecks(array(), { suites: ['creation', 'masking', 'iscsi'], effort: 'quick', lab });
    expect(results.filter((r) => r.verdict === 'failed' || r.verdict === 'error')).toEqual([]);
    expect(leftoversOf(readLedger(lab.ledger))).toMatchObject({ created: [], settings: [], intents: [] });
  });

  test('tolerates the torn last line of a killed process, and no other', async () => {
    const lab = rules({ allowDestructive: true });
    await runChecks(array(), { checks: ['luns.create'], lab });
    const file = join(lab.ledger, LEDGER);
    const whole = readFileSync(file, 'utf8');
    writeFileSync(file, `${whole}{"type":"crea`);
    expect(readLedger(lab.ledger)).toHaveLength(whole.split('\n').length - 1);
    writeFileSync(file, `nonsense\n${whole}`);
    expect(() => readLedger(lab.ledger)).toThrow(/created\.ndjson:1 is not an entry/);
  });
});

describe('a scope', () => {
  test('keeps checks to the subsystems that it names, by id or by name', async () => {
    const calls: Call[] = [];
    const seen: { id: string; name: string | null }[] = [];
    const look = check('look', {
      changes: false,
      run: async (ctx) => {
        for (const each of await ctx.system.subSystems()) {
          const { id, friendlyName } = ctx.duties.output('VDS-7.9', await each.getProperties(), 'subSystemProp');
          seen.push({ id, name: friendlyName });
        }
      },
    });
    await runChecks(array(calls), { from: own(look), lab: rules() });
    expect(seen.length).toBeGreaterThan(1);
    const second = seen[1] as { id: string; name: string };
    for (const given of [second.id, `{${second.id.toUpperCase()}}`, second.name.toUpperCase()]) {
      seen.length = 0;
      await runChecks(array(), { from: own(look), lab: rules({ scope: { ...EVERYTHING, subSystems: [given] } }) });
      expect(seen, given).toEqual([second]);
    }
    const [none] = await runChecks(array(), {
      checks: ['luns.create'],
      lab: rules({ allowDestructive: true, scope: { ...EVERYTHING, subSystems: ['elsewhere'] } }),
    });
    expect(none).toMatchObject({ verdict: 'not-applicable', reason: expect.stringMatching(/elsewhere/) as string });
  });

  test('makes LUNs of the drives that it names only', async () => {
    const drives: string[] = [];
    const look = check('drives', {
      changes: false,
      run: async (ctx) => {
        const subSystem = await ctx.system.subSystem();
        for (const each of await ctx.duties.list(await subSystem.queryDrives(), 'enum', 'IVdsDrive', 'VDS-6.1'))
          drives.push(ctx.duties.output('VDS-7.9', await each.getProperties(), 'driveProp').id);
      },
    });
    await runChecks(array(), { from: own(look), lab: rules() });
    const chosen = drives[1] as string;
    const calls: Call[] = [];
    const [made] = await runChecks(array(calls), {
      checks: ['luns.create'],
      lab: rules({ allowDestructive: true, scope: { ...EVERYTHING, drives: [chosen] } }),
    });
    expect(made?.reason).toBeUndefined();
    const creations = calls.filter((c) => c.method === 'IVdsSubSystem.CreateLun');
    expect(creations.length).toBeGreaterThan(0);
    for (const { args } of creations) expect(args['driveIdArray']).toEqual([chosen]);
  });
});
