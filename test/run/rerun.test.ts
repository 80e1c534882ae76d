// Failures that need what an earlier check has done, with real checks on real defects: they are reproduced with that
// check, and with no other.
import { describe, expect, test } from 'vitest';
import { defectNamed } from '../../providers/defective/adapter.js';
import { openDefective, type Defect } from '../../providers/defective/defect.js';
import { isBroken, isSettled, type CheckResult } from '../../src/checks/outcome.js';
import { HR } from '../../src/contract/hresult.js';
import { SystemUnderTest } from '../../src/lab/system.js';
import { DEFAULT_LIMITS } from '../../src/port/session.js';
import { Reproducer } from '../../src/run/reproduction.js';
import { checksById, rerun } from '../../src/run/rerun.js';
import { runCheck, type RunState } from '../../src/run/run-check.js';
import { SUITES } from '../../suites/index.js';

const known = checksById(SUITES);

/** Runs checks as a run does, with the first failure reproduced. */
async function firstFailure(defect: Defect, ids: readonly string[]): Promise<CheckResult | undefined> {
  const system = new SystemUnderTest(async () => openDefective(defect, { seed: 'order' }), DEFAULT_LIMITS);
  const state: RunState = {
    system,
    seed: 'order',
    strict: false,
    readings: new Map(),
    habits: {},
    cacheFile: undefined,
  };
  const reproducer = new Reproducer({ tries: 30, rerun: (some) => rerun(some, known, state), readOnly: () => false });
  try {
    for (const [index, id] of ids.entries()) {
      const { check, suite } = known.get(id)!;
      const result = await runCheck(check, suite, state);
      if (isBroken(result))
        return { ...result, reproduction: await reproducer.of(result, ids.slice(0, index), () => false) };
      if (!isSettled(result.verdict)) await system.renew();
    }
    return undefined;
  } finally {
    await system.close().catch(() => {});
  }
}

/** The damage is done by one method and shown by another, which no check calls after the first. */
const DAMAGED_BY_IDENTIFICATION: Defect = {
  name: 'provider-properties-fail-after-identification',
  says: 'IVdsProvider::GetProperties fails once IVdsLun::GetIdentificationData was called.',
  breaks: ['VDS-2.2'],
  noticedBy: [],
  overrides: () => {
    let damaged = false;
    return {
      methods: {
        'IVdsLun.GetIdentificationData': async (_, next) => {
          damaged = true;
          return next();
        },
        'IVdsProvider.GetProperties': async (_, next) => (damaged ? { hr: HR.E_UNEXPECTED, out: {} } : next()),
      },
    };
  },
};

describe('a failure that needs an earlier check', () => {
  test('is reproduced with it alone, of all that came before', async () => {
    const before = [...known.keys()].filter((id) => /^(?:identity|enumeration|luns|lifecycle\.get)\b/.test(id));
    const result = await firstFailure(DAMAGED_BY_IDENTIFICATION, [...before, 'lifecycle.provider-properties']);
    expect(result?.id).toBe('lifecycle.provider-properties');
    expect(result?.reproduction).toMatchObject({ status: 'with', checks: [expect.any(String), result?.id] });
    expect(result?.reproduction?.tries).toBeLessThanOrEqual(30);
    const again = await firstFailure(DAMAGED_BY_IDENTIFICATION, result?.reproduction?.checks ?? []);
    expect(again?.id).toBe(result?.id);
    expect(again?.reproduction?.checks).toEqual(result?.reproduction?.checks);
  });

  test('is reproduced without those that are named for it, where it needs fewer', async () => {
    const defect = defectNamed('import-target-dialect-changes');
    const between = ['identity.get-object.subsystem', 'identity.get-object.lun'];
    const result = await firstFailure(defect, [...between, ...(defect.after ?? []), ...between, ...defect.noticedBy]);
    expect(result?.id).toBe(defect.noticedBy[0]);
    expect(result?.reproduction).toMatchObject({
      status: 'with',
      checks: ['lifecycle.unload-and-load-again', result?.id],
    });
  });
});
