// Faults behind the provider's back, for real: the native provider's cache file is corrupted, its array is changed by
// the administrator program that knows nothing of it, and its process is killed.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { defineSuite, type Check } from '../../src/checks/check.js';
import type { CheckResult } from '../../src/checks/outcome.js';
import { RecoveryCase } from '../../src/checks/recovery-case.js';
import { HR } from '../../src/contract/hresult.js';
import type { DeviceCommands } from '../../src/faults/routes/device-commands.js';
import { ProviderCrashed } from '../../src/port/errors.js';
import { select } from '../../src/run/selection.js';
import { SUITES } from '../../suites/index.js';
import type { ProviderSpec } from '../../src/port/provider-spec.js';
import { buildNativeWithAdmin } from '../support/native.js';
import { newFolder } from '../support/folder.js';
import { ROOT } from '../support/project.js';
import { runChecks, type RunChecksOptions } from '../support/run-checks.js';
import { sample } from '../support/size.js';
import { needs } from '../support/tools.js';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const RECOVERY = sample(
  select(SUITES, { suites: ['recovery'], effort: 'quick' }).map(({ check }) => check.id),
  4,
);

const check = (id: string, body: Partial<Check>): Check => ({
  id: `own.${id}`,
  title: id,
  requirements: ['VDS-5.3'],
  cost: { calls: 1, recoveries: 1 },
  run: async () => {},
  ...body,
});
const own = (...checks: Check[]) => [defineSuite('own', 'Own', checks)];
const bad = (results: readonly CheckResult[]): string[] =>
  results
    .filter((r) => r.verdict !== 'passed' && r.verdict !== 'not-applicable')
    .map((r) => `${r.id}: ${r.verdict}: ${r.reason}`);
const injected = (results: readonly CheckResult[], kind: string, route: string): number =>
  results.filter((r) =>
    r.notes.some((n) => n.text.startsWith(`${kind} of `) && n.text.endsWith(`by the ${route} route`)),
  ).length;

needs('native', 'the device route', () =>
  describe('the device route', () => {
    let spec: ProviderSpec;
    let state: string;
    let commands: DeviceCommands;
    const before = process.env['VDSC_NATIVE_STATE'];

    beforeAll(() => {
      const { library, clsid, arrayadmin } = buildNativeWithAdmin();
      state = newFolder();
      process.env['VDSC_NATIVE_STATE'] = state;
      const pid = join(state, 'provider.pid');
      // A vendor's module: the native provider, whose process reports its number as services do.
      const module = join(state, 'own.mjs');
      writeFileSync(
        module,
        `import { writeFileSync } from 'node:fs';
import { adapter as ffi } from ${JSON.stringify(join(ROOT, 'dist/providers/ffi/adapter.js'))};
export const adapter = { name: 'own', async open(options) {
  writeFileSync(${JSON.stringify(pid)}, String(process.pid));
  return ffi.open(options);
} };
`,
      );
      spec = { name: 'own', module, isolated: true, settings: { library, clsid } };
      commands = {
        faults: {
          objectDeletion: { command: `"${arrayadmin}" --state "${state}" delete {objectType} {objectId}` },
          objectChange: {
            command: [arrayadmin, '--state', state, 'rename', '{objectId}', 'Changed by an administrator'],
            heal: [arrayadmin, '--state', state, 'rename', '{objectId}', '{friendlyName}'],
          },
          disconnection: {
            command: [arrayadmin, '--state', state, 'pull', '{objectId}'],
            heal: [arrayadmin, '--state', state, 'plug', '{objectId}'],
          },
        },
        import: { command: [arrayadmin, '--state', state, 'import', '{subSystemId}'] },
        groundTruth: { command: [arrayadmin, '--state', state, 'list'] },
        restart: {
          command: [
            process.execPath,
            '-e',
            'process.kill(Number(require("fs").readFileSync(process.argv[1], "utf8")), "SIGKILL")',
            pid,
          ],
        },
      };
    });
    afterAll(() => {
      if (before === undefined) delete process.env['VDSC_NATIVE_STATE'];
      else process.env['VDSC_NATIVE_STATE'] = before;
    });
    const run = (options: RunChecksOptions): Promise<CheckResult[]> =>
      runChecks(spec, { device: commands, effort: 'quick', ...options });

    test('deletes at the array under a loaded provider, which recovers', async () => {
      const results = await run({ suites: ['deletion'] });
      expect(bad(results)).toEqual([]);
      expect(injected(results, 'delete-object', 'device')).toBeGreaterThan(2);
      expect(results.flatMap((r) => r.notes.filter((n) => n.kind === 'clean-up'))).toEqual([]);
    });

    test('imports, renames, and pulls drives and cables, and heals it all', async () => {
      const results = await run({ suites: ['array-events', 'import-target', 'enumeration'] });
      expect(bad(results)).toEqual([]);
      for (const kind of ['import-lun', 'change-object', 'disconnect'])
        expect(injected(results, kind, 'device'), kind).toBeGreaterThan(0);
      expect(results.flatMap((r) => r.notes.filter((n) => n.kind === 'clean-up'))).toEqual([]);
    });

    test('corrupts the cache file of a configuration, and recovery is judged by the truth of its command', async () => {
      const results = await run({ checks: RECOVERY, cacheFile: join(state, 'cache.bin') });
      expect(bad(results)).toEqual([]);
      expect(injected(results, 'flipped-bytes', 'device')).toBeGreaterThan(0);
    });

    test("kills the provider's process, which is started again", async () => {
      const results = await run({ checks: ['faults.crash.*'] });
      expect(results.length).toBeGreaterThan(2);
      expect(bad(results)).toEqual([]);
      expect(injected(results, 'crash', 'device')).toBe(results.length);
    });

    test('kills it in the middle of an operation, and the provider then agrees with its array', async () => {
      let died: unknown;
      const killed = check('killed', {
        faults: ['hang', 'crash'],
        run: async (ctx) => {
          const subSystem = await ctx.system.subSystem();
          const { id: within } = ctx.duties.output('VDS-7.9', await subSystem.getProperties(), 'subSystemProp');
          const { lun, id } = await ctx.make.lun(subSystem);
          await ctx.faults.inject({ kind: 'hang', object: within });
          // The array does not answer, so the request is still under way when the process is killed.
          let answered = false;
          const extending = lun
            .extend({ numberOfBytesToAdd: 16n << 20n })
            .catch((error: unknown) => error)
            .finally(() => {
              answered = true;
            });
          await ctx.faults.truth();
          const tooEarly = answered;
          await ctx.faults.inject({ kind: 'crash', object: id });
          died = await extending;
          if (tooEarly) ctx.inconclusive('Extend was answered although the array does not answer');
          await ctx.system.restart();
          const c = new RecoveryCase(ctx, { requirement: 'VDS-5.3' });
          await c.snapshot();
          await c.mustRecover();
        },
      });
      const results = await run({ from: own(killed) });
      expect(bad(results)).toEqual([]);
      expect(died).toBeInstanceOf(ProviderCrashed);
    });

    test('reports why a command failed, and never takes its word against the truth', async () => {
      const reasons: string[] = [];
      const trying = (id: string): Check =>
        check(id, {
          run: async (ctx) => {
            const { id: object } = await ctx.make.lun(await ctx.system.subSystem());
            const { route } = await ctx.faults.inject({ kind: 'delete-object', object });
            ctx.duties.equal('VDS-7.1', 'the route that could', route, 'cooperative');
            reasons.push(...ctx.notes.map((n) => n.text));
            ctx.duties.code(
              'VDS-5.6',
              (await ctx.faults.recover()).refresh ?? (await ctx.system.hw.refresh()),
              HR.S_OK,
              'after the deletion',
            );
          },
        });
      const withDeletion = (command: readonly string[]): DeviceCommands => ({
        ...commands,
        faults: { objectDeletion: { command: [...command] } },
      });
      const fails = await run({
        from: own(trying('fails')),
        device: withDeletion([process.execPath, '-e', 'console.error("array is locked"); process.exit(7)']),
      });
      const lies = await run({
        from: own(trying('lies')),
        device: withDeletion([process.execPath, '-e', '', '{objectId}']),
      });
      expect(bad([...fails, ...lies])).toEqual([]);
      expect(reasons.find((r) => /exit code 7: array is locked/.test(r))).toBeDefined();
      expect(reasons.find((r) => /exit code 0, and by the truth nothing came of it/.test(r))).toBeDefined();
    });

    test('leaves its proof among the calls of a check that fails', async () => {
      const failing = check('failing', {
        run: async (ctx) => {
          const { id: object } = await ctx.make.lun(await ctx.system.subSystem());
          await ctx.faults.inject({ kind: 'delete-object', object });
          await ctx.faults.recover();
          ctx.duties.broken('VDS-5.3', 'on purpose');
        },
      });
      const [result] = await run({ from: own(failing) });
      const trace = result?.trace ?? [];
      const at = trace.findIndex((entry) => entry.type === 'fault');
      expect(trace[at]).toMatchObject({
        kind: 'delete-object',
        route: 'device',
        object: expect.stringMatching(/^lun#\d$/),
      });
      expect(trace[at]).toHaveProperty(
        'proof',
        expect.stringMatching(/arrayadmin.*"exitCode":0.*deleted lun#\d.*"after":"\\"absent\\""/),
      );
      expect(
        trace.findIndex((entry) => entry.type === 'call' && entry.method === 'IVdsHwProvider.Reenumerate'),
      ).toBeGreaterThan(at);
    });
  }),
);
