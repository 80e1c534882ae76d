// The one file that vitest runs: registers the selected checks with it. Checks on one system under test share its
// state, so they run one after another, in one worker.
import { afterAll, describe, inject, test } from 'vitest';
import { ProviderProcess } from '../../faults/routes/command.js';
import { openProvider } from '../../port/provider-spec.js';
import { Frame } from '../frame.js';
import { Groups } from '../groups.js';
import { Furnishing } from '../furnishing.js';
import { isFailure, type CheckResult } from '../../checks/outcome.js';
import type { Check } from '../../checks/check.js';
import { excuse } from '../baseline.js';
import { Families } from '../families.js';
import { blamed } from '../reduction/culprit.js';
import { Reproducer } from '../reproduction.js';
import { checksById, rerun } from '../rerun.js';
import { runCheck, type RunState } from '../run-check.js';
import { loadSuites } from '../selection.js';
import { SystemUnderTest } from '../../lab/system.js';
import { putResult } from './job.js';
import { ProviderOutput } from './provider-output.js';

const job = inject('vdsJob');
const suites = await loadSuites(job.suitesModule);
const known = checksById(suites);
const selected = job.checks.flatMap((id) => known.get(id) ?? []);
const restart = job.device?.restart;
const output = new ProviderOutput(job.providerLog ?? undefined);
const system = new SystemUnderTest(
  () =>
    openProvider(job.provider, {
      seed: job.seed,
      scratch: job.scratch,
      openLimit: job.limits.load,
      onOutput: output.take,
    }),
  job.limits,
  job.lab,
  restart === undefined ? undefined : new ProviderProcess(restart),
);
const readings = new Map<string, string>();
const habits = { wanted: job.lunSize === null ? undefined : BigInt(job.lunSize) };
const furnishing = new Furnishing(system, { seed: job.seed, readings, habits });
const state: RunState = {
  system,
  seed: job.seed,
  strict: job.strict,
  readings,
  furnishing,
  habits,
  cacheFile: job.cacheFile ?? undefined,
  device: job.device ?? undefined,
  groups: new Groups(selected.map(({ check }) => check)),
  frame: job.frame === null ? undefined : new Frame(job.frame, (s) => system.wall.members.admits('subSystems', s)),
};

let underWay: Promise<unknown> = Promise.resolve();
let cancelled = false;
const families = new Families();
/** Ids of the checks that have run, in order. */
const before: string[] = [];
const reproducer = new Reproducer({
  tries: job.reproduce,
  rerun: (ids) => rerun(ids, known, state, () => cancelled),
  readOnly: () => state.system.lab?.readOnly === true,
});

/** Runs a check, and when it fails sees whether it does so again: a failure is reported with what reproduces it. */
async function carryOut(check: Check, suite: string): Promise<CheckResult> {
  output.begin(check.id);
  const result = output.addTo(await runCheck(check, suite, state, isLast(check)));
  const counts = isFailure(excuse(result, job.baseline));
  if (counts) families.take(result);
  const reproduction = counts ? await reproducer.of(result, before, () => cancelled) : undefined;
  if (reproduction !== undefined && reproduction.tries > 0) {
    await state.system.startAfresh();
    state.frame?.forget();
  }
  before.push(check.id);
  return blamed(result, reproduction);
}

const isLast = (check: Check): boolean => check === selected.at(-1)?.check;

/**
 * The result of a check that is left out as others of its family have failed; never of the last, after which the system
 * is compared.
 */
const leftOut = (check: Check, suite: string): CheckResult | undefined =>
  job.allCells || (isLast(check) && (state.frame?.pending.length ?? 0) > 0)
    ? undefined
    : families.leftOut(check, suite);

/** The checks in their order, as many at a time as follow each other in one suite. */
const rows: { readonly suite: string; readonly checks: Check[] }[] = [];
for (const { suite, check } of selected) {
  const row = rows.at(-1);
  if (row?.suite === suite) row.checks.push(check);
  else rows.push({ suite, checks: [check] });
}
for (const { suite, checks } of rows) {
  describe(suite, () => {
    for (const check of checks) {
      test(check.id, async ({ task, skip, signal }) => {
        signal.addEventListener('abort', () => (cancelled = true), { once: true });
        // A provider in this process may answer all calls without a pause, and a cancellation is heard in one only.
        await new Promise((resolve) => setImmediate(resolve));
        if (signal.aborted) return skip();
        const run = leftOut(check, suite) ?? carryOut(check, suite);
        underWay = Promise.resolve(run);
        const result = await run;
        putResult(task.meta, result);
        if (result.verdict === 'not-applicable' || result.verdict === 'inconclusive') skip(result.reason);
        if (result.verdict !== 'passed') throw new Error(result.reason);
      });
    }
  });
}

// When the run is cancelled the engine comes here while a check is under way: it must not lose its provider, or it
// would blame it.
afterAll(async () => {
  await underWay;
  // Objects that could not be removed stand in the ledger, and `clean` removes them.
  await furnishing.takeAway();
  await state.system.close();
});
