// The thread in which mutants are tried: it runs from the room, where the target is instrumented, and switches one
// mutant on at a time.
import { parentPort, workerData } from 'node:worker_threads';
import { isSettled, type CheckResult } from '../../src/checks/outcome.js';
import type { Baseline, BaselineCheck, LaneMessage, LaneOrder, LaneSettings, Killing } from './orders.js';

/** The state that the instrumented code reads and writes. */
interface Switch {
  activeMutant: string | undefined;
  currentTestId: string | undefined;
  mutantCoverage: { static: Record<string, number>; perTest: Record<string, Record<string, number>> };
  hitCount: number | undefined;
  hitLimit: number | undefined;
}

const { target, suites, checks: only, mutant } = workerData as LaneSettings;
const state: Switch = ((globalThis as { __stryker__?: Switch }).__stryker__ = {
  activeMutant: mutant,
  currentTestId: undefined,
  mutantCoverage: { static: {}, perTest: {} },
  hitCount: undefined,
  hitLimit: undefined,
});
// Loaded only now, so that a mutant in code that runs as modules are loaded is on by then.
const { benchesOf } = await import('./benches.js');
const { runBench } = await import('./trial.js');
const benches = new Map(benchesOf(target, { suites, checks: only }).map((bench) => [bench.name, bench]));

const send = (message: LaneMessage): void => parentPort?.postMessage(message);
const bench = (name: string): ReturnType<typeof benchesOf>[number] => {
  const found = benches.get(name);
  if (found === undefined) throw new Error(`no bench ${name}`);
  return found;
};
const noticed = ({ verdict }: CheckResult): boolean => !isSettled(verdict);

const SETUP = 'set-up';

async function baseline(name: string): Promise<Baseline> {
  const checks: BaselineCheck[] = [];
  const groups = [...new Set(bench(name).checks.flatMap(({ check }) => check.group ?? []))];
  const groupOf = new Map(
    bench(name).checks.flatMap(({ check }) =>
      check.group === undefined ? [] : [[check.id, groups.indexOf(check.group)] as const],
    ),
  );
  state.mutantCoverage.perTest = {};
  let began = performance.now();
  await runBench(
    bench(name),
    bench(name).checks.map(({ check }) => check.id),
    (id) => {
      state.currentTestId = id ?? SETUP;
      began = performance.now();
      send({ at: `${name}: ${id ?? SETUP}` });
    },
    (result) => {
      const { id, verdict } = result;
      const ms = performance.now() - began;
      const group = groupOf.get(id);
      const hits = state.mutantCoverage.perTest[id] ?? {};
      checks.push({ id, verdict, noticed: noticed(result), ms, hits, ...(group === undefined ? {} : { group }) });
      return false;
    },
  );
  state.currentTestId = undefined;
  return { bench: name, checks, setUp: state.mutantCoverage.perTest[SETUP] ?? {}, atLoad: state.mutantCoverage.static };
}

async function killing({ steps, id, hitLimit }: Extract<LaneOrder, { do: 'mutant' }>): Promise<Killing | undefined> {
  let found: Killing | undefined;
  state.activeMutant = id;
  state.hitLimit = hitLimit;
  for (const { bench: name, checks } of steps) {
    const expected = new Map(checks.map((check) => [check.id, check.noticed]));
    let verdicts = 0;
    await runBench(
      bench(name),
      checks.map((check) => check.id),
      (check) => {
        state.hitCount = 0;
        send({ at: `${name}: ${check ?? SETUP}` });
      },
      (result) => {
        verdicts += 1;
        const isLoop = (state.hitCount ?? 0) > hitLimit;
        if (!isLoop && noticed(result) === expected.get(result.id)) return false;
        const { id: check, verdict, reason, findings } = result;
        found = {
          bench: name,
          check,
          verdict,
          requirement: findings.at(-1)?.requirement,
          reason: reason?.slice(0, 300),
          isTimeout: isLoop || verdict === 'hung',
        };
        return true;
      },
    );
    if (found !== undefined) break;
    if (verdicts < checks.length) throw new Error(`${name} ran ${verdicts} of ${checks.length} checks`);
  }
  state.activeMutant = undefined;
  return found;
}

parentPort?.on('message', async (order: LaneOrder) => {
  if (order.do === 'baseline') send({ baseline: await baseline(order.bench) });
  else send({ killing: await killing(order) });
});
send({
  benches: [...benches.values()].map(({ name, inOrder }) => ({ name, inOrder })),
});
