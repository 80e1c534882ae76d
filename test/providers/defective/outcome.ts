// Runs checks against a defect and says which of them noticed it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDefective, type Defect } from '../../../providers/defective/defect.js';
import type { CheckResult } from '../../../src/checks/outcome.js';
import { Frame, FRAME_OF_EFFORT } from '../../../src/run/frame.js';
import { Furnishing } from '../../../src/run/furnishing.js';
import { runCheck } from '../../../src/run/run-check.js';
import type { SelectedCheck } from '../../../src/run/selection.js';
import { SystemUnderTest } from '../../../src/lab/system.js';
import { openProvider } from '../../../src/port/provider-spec.js';
import type { Limits } from '../../../src/port/session.js';
import { spec } from '../../support/run-checks.js';

/**
 * Short, as nothing here is slow by right: a defect that hangs, or sends no notification, costs one of these for each
 * check that waits for it.
 */
const LIMITS: Limits = { call: 1_500, load: 20_000, scan: 1_500, wait: 1_500, notification: 300, relapse: 100 };
/**
 * For defects that are tried at once, where one that waits costs the others nothing, and all of them hold each other
 * up.
 */
export const PATIENT: Limits = { ...LIMITS, call: 8_000, scan: 8_000, wait: 8_000, notification: 600 };
const SEED = 'kill-matrix';

export interface Outcome {
  readonly defect: Defect;
  /** Under --strict exactly if the defect says so. */
  readonly results: readonly CheckResult[];
  /** The same checks without --strict, for defects that need it. */
  readonly lenient: readonly CheckResult[];
  readonly ms: number;
}

/**
 * Whether the check noticed something: it did not pass, and not because it did not apply or could not be carried out.
 */
export const noticed = ({ verdict }: CheckResult): boolean =>
  verdict === 'failed' || verdict === 'crashed' || verdict === 'hung' || verdict === 'error';

/** Whether the result shows that the provider ended as this defect ends it. */
export const endedAs = ({ ends }: Defect, result: CheckResult): boolean =>
  ends !== undefined && result.verdict === ends.as && result.reason?.includes(ends.during) === true;

/** Results in a line each, for the message of an assertion. */
export const brief = (results: readonly CheckResult[]): string[] =>
  results.map((r) => `${r.id} ${r.verdict} ${r.findings.at(-1)?.requirement ?? ''}: ${r.reason}`);

/** The requirements named in findings. */
export const named = (results: readonly CheckResult[]): ReadonlySet<string> =>
  new Set(results.flatMap((r) => r.findings.map((f) => f.requirement)));

/** Runs checks against a defect as a run does: on one system, left for a new one after each check that did not pass. */
async function run(
  defect: Defect,
  checks: readonly SelectedCheck[],
  strict: boolean,
  scratch: string,
  limits: Limits,
): Promise<CheckResult[]> {
  const system = new SystemUnderTest(
    async () =>
      defect.needsIsolation === true
        ? openProvider(spec('defective', { defect: defect.name }, true), { seed: SEED, scratch })
        : openDefective(defect, { seed: SEED }),
    limits,
  );
  const readings = new Map<string, string>();
  const habits = {};
  const furnishing = new Furnishing(system, { seed: SEED, readings, habits });
  const frame = new Frame(FRAME_OF_EFFORT.standard, () => true);
  const results: CheckResult[] = [];
  for (const { suite, check } of checks) {
    const result = await runCheck(check, suite.name, {
      system,
      seed: SEED,
      strict,
      readings,
      habits,
      furnishing,
      frame,
      cacheFile: undefined,
    });
    results.push(result);
  }
  // It may crash on the way out; that was the checks' to notice.
  await system.close().catch(() => {});
  return results;
}

/** Runs the checks against one defect. */
export async function outcomeOf(
  defect: Defect,
  checks: readonly SelectedCheck[],
  limits: Limits = LIMITS,
): Promise<Outcome> {
  const started = performance.now();
  const scratch = mkdtempSync(join(tmpdir(), 'vdsc-defect-'));
  try {
    const results = await run(defect, checks, false, scratch, limits);
    if (defect.strict !== true) return { defect, results, lenient: [], ms: performance.now() - started };
    // A check without a finding ends under --strict as it does without.
    const found = new Set(results.filter((r) => r.findings.length > 0).map((r) => r.id));
    const again = await run(
      defect,
      checks.filter(({ check }) => found.has(check.id)),
      true,
      scratch,
      limits,
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
