// The promise that the port was built for: the same checks, the same verdicts, whatever carries them.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { adapter as inMemory } from '../../providers/in-memory/adapter.js';
import { serve, type RunningServer } from '../../providers/rest/server.js';
import type { CheckResult } from '../../src/checks/outcome.js';
import { select } from '../../src/run/selection.js';
import { SUITES } from '../../suites/index.js';
import { buildNative, type NativeLibrary } from '../support/native.js';
import { runChecks, spec, timeless, type RunChecksOptions } from '../support/run-checks.js';
import { sample, standardChecks } from '../support/size.js';
import { needs } from '../support/tools.js';

// Hundreds of checks, on machines that do other things at the same time.
vi.setConfig({ testTimeout: 900_000, hookTimeout: 900_000 });

const CHECKS = standardChecks(12);
/** Where a comparison needs some of each suite only. */
const FEWER = sample(standardChecks(Infinity), 3);

const lacks = (r: CheckResult | undefined): boolean =>
  r?.verdict === 'not-applicable' && r.reason?.includes('does not have the capability') === true;
/** The checks that a capability missing in one of the two makes not applicable, by id. */
const lacking = (one: readonly CheckResult[], other: readonly CheckResult[]): ReadonlySet<string> =>
  new Set([...one, ...other].filter(lacks).map((r) => r.id));
/** Check id to verdict, without checks that a capability missing in one of the two makes not applicable. */
const verdicts = (results: readonly CheckResult[], other: readonly CheckResult[]): Record<string, string> => {
  const left = lacking(results, other);
  return Object.fromEntries(
    results.filter((r) => !left.has(r.id)).map((r) => [r.id, `${r.verdict} ${r.faultVerdict ?? ''}`]),
  );
};
const undeclared = (one: readonly CheckResult[], other: readonly CheckResult[]): string[] => {
  const theirs = new Map(other.map((r) => [r.id, r]));
  return one
    .filter((r) => !lacks(r) && !lacks(theirs.get(r.id)) && r.verdict !== theirs.get(r.id)?.verdict)
    .map((r) => `${r.id}: ${r.verdict} and ${theirs.get(r.id)?.verdict}: ${r.reason ?? theirs.get(r.id)?.reason}`);
};

let reference: CheckResult[];
beforeAll(async () => {
  reference = await runChecks(spec('in-memory'), { checks: CHECKS });
});

describe('in memory', () => {
  test('everything passes, in strict mode too, or does not apply', async () => {
    for (const results of [reference, await runChecks(spec('in-memory'), { checks: CHECKS, strict: true })]) {
      expect(
        results
          .filter((r) => r.verdict !== 'passed' && r.verdict !== 'not-applicable')
          .map((r) => `${r.id}: ${r.reason}`),
      ).toEqual([]);
      expect(results.flatMap((r) => r.notes.filter((n) => n.kind === 'clean-up'))).toEqual([]);
      expect(results.flatMap((r) => r.findings)).toEqual([]);
    }
  });

  test('one seed gives one result, apart from times, and a process of its own changes nothing', async () => {
    expect((await runChecks(spec('in-memory'), { checks: CHECKS })).map(timeless)).toEqual(reference.map(timeless));
    const isolated = await runChecks(spec('in-memory', {}, true), { checks: CHECKS });
    const left = lacking(reference, isolated);
    // How far a call is when something happens during it is a matter of time, and with it how many calls follow.
    const kept = (results: readonly CheckResult[]): object[] =>
      results.filter((r) => !left.has(r.id)).map((r) => ({ ...timeless(r), calls: undefined }));
    expect(kept(isolated)).toEqual(kept(reference));
  });
});

describe('over REST', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await serve({ adapter: inMemory, openOptions: (seed) => ({ settings: {}, seed, scratch: '' }) });
  });
  afterAll(() => server.close());

  test('the verdicts are those of the same provider in memory', async () => {
    const results = await runChecks(spec('rest', { url: server.url }), { checks: CHECKS });
    expect(undeclared(results, reference)).toEqual([]);
    expect(verdicts(results, reference)).toEqual(verdicts(reference, results));
  });
});

needs('native', 'in a native COM library', () =>
  describe('in a native COM library', () => {
    let library: NativeLibrary;
    beforeAll(() => {
      library = buildNative();
    });
    const run = (options: RunChecksOptions): Promise<CheckResult[]> =>
      runChecks(spec('ffi', { ...library }, true), options);

    test('the verdicts are those of the provider in memory', async () => {
      const results = await run({ checks: CHECKS });
      expect(undeclared(results, reference)).toEqual([]);
      expect(results.flatMap((r) => r.notes.filter((n) => n.kind === 'clean-up'))).toEqual([]);
      expect(results.find((r) => r.id === 'memory.outputs-are-the-callers')?.verdict).toBe('passed');
    });

    test('one seed gives one result, apart from times', async () => {
      const results = async (): Promise<unknown> => (await run({ checks: FEWER })).map(timeless);
      expect(await results()).toEqual(await results());
    });

    test('the checks of a process that dies notice a provider that does not read everything anew', async () => {
      const results = await runChecks(spec('ffi', { ...buildNative('loads-first-lun-only') }, true), {
        checks: ['faults.crash.*'],
      });
      expect(results.map((r) => `${r.id} ${r.verdict} ${r.findings[0]?.requirement}`)).toEqual(
        ['Extend', 'Delete', 'GetProperties'].map((name) => `faults.crash.IVdsLun.${name} failed VDS-5.3`),
      );
    });

    const DAMAGED = select(SUITES, { suites: ['recovery', 'import-target'], effort: 'quick' }).map((s) => s.check.id);
    test('corruption of its cache file from outside is recovered from as well', async () => {
      const results = await run({
        cacheFile: '{scratch}/cache.bin',
        checks: sample(DAMAGED, 3),
      });
      expect(undeclared(results, reference)).toEqual([]);
      expect(results.some((r) => r.notes.some((n) => n.text.includes('by the device route')))).toBe(true);
    });
  }),
);
