// The command that a run prints to repeat a failure does fail: failing checks of many defects, a hundred of fifty where
// all is tried, are each run again by it, on a fresh system.
import { expect, test } from 'vitest';
import { DEFECTS } from '../../providers/defective/catalogue.js';
import { openDefective, type Defect } from '../../providers/defective/defect.js';
import { isBroken, isSettled, type CheckResult } from '../../src/checks/outcome.js';
import { SystemUnderTest } from '../../src/lab/system.js';
import { DEFAULT_LIMITS } from '../../src/port/session.js';
import { isSameFailure, Reproducer } from '../../src/run/reproduction.js';
import { checksById, rerun } from '../../src/run/rerun.js';
import { runCheck, type RunState } from '../../src/run/run-check.js';
import { SUITES } from '../../suites/index.js';
import { WHOLE } from '../support/size.js';

const known = checksById(SUITES);
const LIMITS = { ...DEFAULT_LIMITS, call: 1_500, scan: 1_500, wait: 1_500, notification: 300 };
const DEFECTS_TRIED = WHOLE ? 50 : 8;
const FAILURES_WANTED = 2 * DEFECTS_TRIED;

const stateOf = (defect: Defect): RunState => ({
  system: new SystemUnderTest(async () => openDefective(defect, { seed: 'repeat' }), LIMITS),
  seed: 'repeat',
  strict: defect.strict ?? false,
  readings: new Map(),
  habits: {},
  cacheFile: undefined,
});

/** The failures among the defect's own checks and those of their suites, with what reproduces each. */
async function failuresOf(defect: Defect): Promise<CheckResult[]> {
  const suites = new Set([...defect.noticedBy, ...(defect.after ?? [])].map((id) => known.get(id)?.suite));
  const state = stateOf(defect);
  const reproducer = new Reproducer({ tries: 30, rerun: (ids) => rerun(ids, known, state), readOnly: () => false });
  const failures: CheckResult[] = [];
  const before: string[] = [];
  for (const [id, { suite, check }] of known) {
    const own = defect.noticedBy.includes(id);
    if (!suites.has(suite) || ((check.effort ?? 'quick') !== 'quick' && !own)) continue;
    const result = await runCheck(check, suite, state);
    if (!isSettled(result.verdict)) await state.system.renew();
    if (isBroken(result)) {
      failures.push({ ...result, reproduction: await reproducer.of(result, before, () => false) });
      await state.system.startAfresh();
    }
    before.push(id);
  }
  await state.system.close().catch(() => {});
  return failures;
}

test('every reproduction of two failing checks and more a defect fails again', async () => {
  const usable = DEFECTS.filter((d) => d.needsIsolation !== true && d.breaksLoading !== true && d.ends === undefined);
  // Spread over all subjects.
  const chosen = usable.filter((_, i) => i % Math.floor(usable.length / DEFECTS_TRIED) === 0).slice(0, DEFECTS_TRIED);
  expect(chosen.length).toBe(DEFECTS_TRIED);
  const counts = { failures: 0, repeated: 0, unverified: [] as string[] };
  const wrong: string[] = [];
  for (const defect of chosen) {
    const failures = await failuresOf(defect);
    if (failures.length === 0) wrong.push(`${defect.name}: nothing fails`);
    for (const failure of failures) {
      counts.failures += 1;
      const { reproduction } = failure;
      const printed = reproduction?.checks ?? [];
      if (printed.length === 0) {
        counts.unverified.push(`${defect.name}: ${failure.id} ${reproduction?.status}`);
        continue;
      }
      // A process of its own, as far as the checks can tell.
      const state = stateOf(defect);
      const again = await rerun(printed, known, state);
      await state.system.close().catch(() => {});
      const shown = failures.find(({ id }) => id === printed.at(-1));
      if (again === undefined || shown === undefined || !isSameFailure(again, shown))
        wrong.push(`${defect.name}: ${printed.join(' ')} ended ${again?.verdict}: ${again?.reason}`);
      counts.repeated += 1;
    }
  }
  expect(wrong).toEqual([]);
  expect(counts.unverified).toEqual([]);
  expect(counts.repeated).toBeGreaterThanOrEqual(FAILURES_WANTED);
});
