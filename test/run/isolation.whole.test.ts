// A provider that crashes or hangs costs one check, which names the call; the rest of the run is complete.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { CheckResult } from '../../src/checks/outcome.js';
import { openProvider } from '../../src/port/provider-spec.js';
import { buildNative, type NativeLibrary } from '../support/native.js';
import { ROOT } from '../support/project.js';
import { runChecks, spec } from '../support/run-checks.js';
import { needs } from '../support/tools.js';
import { newFolder } from '../support/folder.js';

vi.setConfig({ testTimeout: 180_000 });

/** Some of each kind of recovery: each costs a process where the provider dies of it, and the suite grows. */
const RECOVERIES = [
  'recovery.nothing-wrong',
  'recovery.flipped-bytes.*',
  'recovery.lost-entry.*',
  'recovery.second-subsystem',
  'recovery.held-references',
  'recovery.again-after-recovery',
  'recovery.corrupted-between-the-pair',
];

const LIMITS = { call: 4_000, scan: 1_500, wait: 4_000, load: 10_000 };

const others = (results: readonly CheckResult[], verdict: string): CheckResult[] =>
  results.filter((r) => r.verdict !== verdict && r.verdict !== 'passed' && r.verdict !== 'not-applicable');

needs('native', 'a native provider', () =>
  describe('a native provider', () => {
    const built = new Map<string, NativeLibrary>();
    // A compiler's time is no part of a test's.
    beforeAll(() => {
      for (const defect of ['crash-in-refresh', 'hang-in-reenumerate', 'new-guids', 'out-overrun'])
        built.set(defect, buildNative(defect));
    });

    test('that crashes in Refresh is reported as crashed there, and everything else still runs', async () => {
      const results = await runChecks(spec('ffi', { ...built.get('crash-in-refresh') }, true), {
        limits: LIMITS,
        checks: [...RECOVERIES, 'luns.*'],
        effort: 'quick',
      });
      const crashed = results.filter((r) => r.verdict === 'crashed');
      expect(crashed.length).toBeGreaterThan(0);
      for (const each of crashed)
        expect(each).toMatchObject({
          code: 'VDSC_CRASHED',
          reason: expect.stringContaining('during IVdsHwProvider::Refresh'),
        });
      expect(others(results, 'crashed').map((r) => `${r.id} ${r.verdict} ${r.reason}`)).toEqual([]);
      expect(results.filter((r) => r.suite === 'luns' && r.verdict === 'passed')).not.toEqual([]);
    });

    test('that loops in Reenumerate is reported as hung there, and everything else still runs', async () => {
      const results = await runChecks(spec('ffi', { ...built.get('hang-in-reenumerate') }, true), {
        limits: LIMITS,
        checks: ['recovery.nothing-wrong', 'luns.*'],
      });
      expect(results.find((r) => r.id === 'recovery.nothing-wrong')).toMatchObject({
        verdict: 'hung',
        code: 'VDSC_HUNG',
        reason: expect.stringContaining('during IVdsHwProvider::Reenumerate'),
      });
      expect(others(results, 'hung')).toEqual([]);
    });

    test('that recovers its LUNs under new ids breaks VDS-4.2b, with the values', async () => {
      const results = await runChecks(spec('ffi', { ...built.get('new-guids') }, true), {
        checks: RECOVERIES,
        effort: 'quick',
      });
      expect(results.flatMap((r) => r.findings)).toContainEqual(
        expect.objectContaining({
          requirement: 'VDS-4.2b',
          message: expect.stringMatching(
            /has the object id (?:lun|guid)#\d+ before the pair, and the provider now reports (?:lun|guid)#\d+/,
          ),
        }),
      );
    });

    test('that writes past an output is caught with the parameter named', async () => {
      const results = await runChecks(spec('ffi', { ...built.get('out-overrun') }, true), {
        checks: ['luns.create'],
      });
      expect(results[0]).toMatchObject({
        verdict: 'error',
        code: 'VDSC_PROTOCOL',
        reason: expect.stringContaining('VDS_LUN_PROP'),
      });
    });
  }),
);

describe("a vendor's module", () => {
  test('with an endless loop in one method costs the checks that call it', async () => {
    const folder = newFolder();
    const module = join(folder, 'adapter.mjs');
    writeFileSync(
      module,
      `
      import { createInMemory } from ${JSON.stringify(`file://${join(ROOT, 'dist/providers/in-memory/adapter.js')}`)};
      export const adapter = {
        name: 'loops',
        open: async (options) => {
          const port = createInMemory(options);
          const invoke = port.invoke.bind(port);
          port.invoke = (call) => {
            if (call.method === 'IVdsLun.GetIdentificationData') for (;;) {}
            return invoke(call);
          };
          return port;
        },
      };`,
    );
    const results = await runChecks(
      (scratch) => openProvider({ name: 'loops', module, isolated: true, settings: {} }, { seed: 's', scratch }),
      { suites: ['luns'], limits: { call: 1_000 } },
    );
    const reason = expect.stringContaining('during IVdsLun::GetIdentificationData');
    expect(results.filter((r) => r.verdict === 'hung')).toMatchObject([
      { id: 'luns.identification', reason },
      { id: 'luns.identification-of-its-own', reason },
    ]);
    expect(others(results, 'hung')).toEqual([]);
    expect(results.filter((r) => r.verdict === 'passed').length).toBeGreaterThan(10);
  });
});
