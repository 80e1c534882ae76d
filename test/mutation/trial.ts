// Runs the checks of a bench one after another on one new system, and stops where the caller has seen enough.
import { SystemUnderTest } from '../../src/lab/system.js';
import type { Limits } from '../../src/port/session.js';
import { Frame, FRAME_OF_EFFORT } from '../../src/run/frame.js';
import { Furnishing } from '../../src/run/furnishing.js';
import { Groups } from '../../src/run/groups.js';
import { runCheck } from '../../src/run/run-check.js';
import type { CheckResult } from '../../src/checks/outcome.js';
import type { Bench } from './benches.js';

/** Short, as nothing here is slow by right: a mutant that hangs costs one of these. */
const LIMITS: Limits = { call: 3_000, load: 6_000, scan: 3_000, wait: 3_000, notification: 400, relapse: 100 };
const SEED = 'mutation';

/** Opens, loads and furnishes a system, then runs the checks by their ids until `seen` has seen enough. */
export async function runBench(
  bench: Bench,
  ids: readonly string[],
  begins: (id: string | undefined) => void,
  seen: (result: CheckResult) => boolean,
): Promise<void> {
  const system = new SystemUnderTest(async () => bench.open(), LIMITS);
  const readings = new Map<string, string>();
  const habits = {};
  const furnishing = new Furnishing(system, { seed: SEED, readings, habits });
  const frame = new Frame(FRAME_OF_EFFORT[bench.effort]);
  const byId = new Map(bench.checks.map((selected) => [selected.check.id, selected]));
  const groups = new Groups(ids.flatMap((id) => byId.get(id)?.check ?? []));
  try {
    begins(undefined);
    try {
      await furnishing.before((await system.ready()).loaded);
      await frame.before((await system.ready()).loaded);
    } catch {
      // The first check meets the same, and says so.
    }
    for (const [index, id] of ids.entries()) {
      const selected = byId.get(id);
      if (selected === undefined) throw new Error(`${bench.name} has no check ${id}`);
      const { suite, check } = selected;
      begins(id);
      const result = await runCheck(
        check,
        suite.name,
        { system, seed: SEED, strict: bench.strict, readings, habits, furnishing, frame, groups, cacheFile: undefined },
        index === ids.length - 1,
      );
      if (seen(result)) return;
    }
  } finally {
    await system.close().catch(() => {});
  }
}
