// Runs the suite's checks against defects and tells which check noticed which. What the outcome must be is said in kill-matrix.test.ts.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { openDefective, type Defect } from '../../../providers/defective/defect.js';
import { isSettled, type CheckResult } from '../../../src/checks/outcome.js';
import { runCheck } from '../../../src/run/run-check.js';
import type { SelectedCheck } from '../../../src/run/selection.js';
import { SystemUnderTest } from '../../../src/lab/system.js';
import { openProvider } from '../../../src/port/provider-spec.js';
import type { Limits } from '../../../src/port/session.js';
import { spec } from '../../support/run-checks.js';

/** Short, as nothing here is slow by right: a defect that hangs, or sends no notification, costs one of these for each check that waits for it. */
const LIMITS: Limits = { call: 1_500, load: 20_000, scan: 1_500, wait: 1_500, notification: 300 };
const SEED = 'kill-matrix';

export interface Outcome {
  readonly defect: Defect;
  /** Under --strict exactly if the defect says so. */
  readonly results: readonly CheckResult[];
  /** The same checks without --strict, for defects that need it. */
  readonly lenient: readonly CheckResult[];
  readonly ms: number;
}

/** Whether the check noticed something: it did not pass, and not because it did not apply or could not be carried out. */
export const noticed = ({ verdict }: CheckResult): boolean =>
  verdict === 'failed' || verdict === 'crashed' || verdict === 'hung' || verdict === 'error';

/** The requirements named in findings. */
export const named = (results: readonly CheckResult[]): ReadonlySet<string> =>
  new Set(results.flatMap((r) => r.findings.map((f) => f.requirement)));

/** Runs checks against a defect as a run does: on one system, left for a new one after each check that did not pass. */
async function run(
  defect: Defect,
  checks: readonly SelectedCheck[],
  strict: boolean,
  scratch: string,
): Promise<CheckResult[]> {
  const system = new SystemUnderTest(
    async () =>
      defect.needsIsolation === true
        ? openProvider(spec('defective', { defect: defect.name }, true), { seed: SEED, scratch })
        : openDefective(defect, { seed: SEED }),
    LIMITS,
  );
  const readings = new Map<string, string>();
  const habits = {};
  const results: CheckResult[] = [];
  for (const { suite, check } of checks) {
    const result = await runCheck(check, suite.name, {
      system,
      seed: SEED,
      strict,
      readings,
      habits,
      cacheFile: undefined,
    });
    results.push(result);
    if (!isSettled(result.verdict)) await system.renew();
  }
  // It may crash on the way out; that was the checks' to notice.
  await system.close().catch(() => {});
  return results;
}

/** Runs the checks against one defect. */
export async function outcomeOf(defect: Defect, checks: readonly SelectedCheck[]): Promise<Outcome> {
  const started = performance.now();
  const scratch = mkdtempSync(join(tmpdir(), 'vdsc-defect-'));
  try {
    const results = await run(defect, checks, false, scratch);
    if (defect.strict !== true) return { defect, results, lenient: [], ms: performance.now() - started };
    // A check without a finding ends under --strict as it does without.
    const found = new Set(results.filter((r) => r.findings.length > 0).map((r) => r.id));
    const again = await run(
      defect,
      checks.filter(({ check }) => found.has(check.id)),
      true,
      scratch,
    );
    const strict = new Map(again.map((r) => [r.id, r]));
    return {
      defect,
      results: results.map((r) => strict.get(r.id) ?? r),
      lenient: results,
      ms: performance.now() - started,
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Defects by name, and the checks to run against each. */
export type LaneOrder = readonly { readonly defect: string; readonly checks: readonly string[] }[];
/** What a worker thread tells of each. */
export type LaneReport = Omit<Outcome, 'defect'> & { readonly name: string };

const THREADS = 2;

/** Runs against each defect the checks that `checksOf` gives for it: those in this process in threads, beside those in provider hosts, whose calls they would hold up. */
export async function outcomesOf(
  defects: readonly Defect[],
  checksOf: (defect: Defect) => readonly SelectedCheck[],
): Promise<readonly Outcome[]> {
  const outcomes = new Map<string, Outcome>();
  const inProcess = defects.filter((d) => d.needsIsolation !== true);
  const lane = (some: readonly Defect[]): Promise<void> => {
    const order: LaneOrder = some.map((defect) => ({
      defect: defect.name,
      checks: checksOf(defect).map(({ check }) => check.id),
    }));
    const thread = new Worker(new URL('./matrix-lane.js', import.meta.url), { workerData: order });
    thread.on('message', ({ name, ...rest }: LaneReport) => {
      const defect = some.find((d) => d.name === name);
      if (defect !== undefined) outcomes.set(name, { defect, ...rest });
    });
    return new Promise((resolve, reject) => {
      thread.once('error', reject);
      thread.once('exit', () => resolve());
    });
  };
  const hosts = async (): Promise<void> => {
    for (const defect of defects)
      if (defect.needsIsolation === true) outcomes.set(defect.name, await outcomeOf(defect, checksOf(defect)));
  };
  await Promise.all([
    hosts(),
    ...Array.from({ length: THREADS }, (_, n) => lane(inProcess.filter((_defect, index) => index % THREADS === n))),
  ]);
  return defects.flatMap((d) => outcomes.get(d.name) ?? []);
}
