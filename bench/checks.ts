// The cost of a check in memory, and that it grows no faster than the number of checks: the suite at each effort, in
// this process and without the engine, in a process that is warm. Times are this process's own (CPU), so that a busy
// machine disturbs them least.
import { createInMemory } from '../providers/in-memory/adapter.js';
import { EFFORTS } from '../src/checks/check.js';
import { forecast } from '../src/run/forecast.js';
import { Groups } from '../src/run/groups.js';
import { runCheck } from '../src/run/run-check.js';
import { loadSuites, select, type SelectedCheck } from '../src/run/selection.js';
import { SystemUnderTest } from '../src/lab/system.js';
import { SUITES_MODULE } from '../src/cli/package-files.js';
import { DEFAULT_LIMITS } from '../src/port/session.js';
import { inMemory } from './systems.js';

/** Milliseconds of this process since `from`, a process.cpuUsage(). */
function cpuMs(from: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000;
}

/** The CPU time of one GetProperties through a session, in milliseconds: what most calls of a check cost at least. */
async function callMs(): Promise<number> {
  const { lun } = await inMemory();
  const calls = 20_000;
  for (let i = 0; i < calls; i++) await lun.getProperties();
  const from = process.cpuUsage();
  for (let i = 0; i < calls; i++) await lun.getProperties();
  return cpuMs(from) / calls;
}

/** The calls that checks make one after another on a system of their own, and their CPU time in milliseconds. */
async function run(selected: readonly SelectedCheck[]): Promise<{ readonly calls: number; readonly ms: number }> {
  const system = new SystemUnderTest(async () => createInMemory({ seed: 'bench' }), DEFAULT_LIMITS);
  const state = {
    system,
    seed: 'bench',
    strict: false,
    readings: new Map<string, string>(),
    habits: {},
    cacheFile: undefined,
    groups: new Groups(selected.map(({ check }) => check)),
  };
  let calls = 0;
  const from = process.cpuUsage();
  for (const { suite, check } of selected) calls += (await runCheck(check, suite.name, state)).calls;
  const ms = cpuMs(from);
  await system.close();
  return { calls, ms };
}

interface Measured {
  readonly name: string;
  readonly selected: readonly SelectedCheck[];
}

/**
 * How many cells of the products of faults, methods and moments one recovery judges, and how many recoveries a whole
 * run takes, as forecast: on a real array a recovery takes seconds to minutes, so that this is what a run costs there.
 */
export async function recoveriesTable(): Promise<string[]> {
  const suites = await loadSuites(SUITES_MODULE);
  const lines = [
    '| effort | cells of the products | recoveries | cells a recovery | recoveries of the whole run |',
    '|---|---|---|---|---|',
  ];
  const everything = {
    readOnly: false,
    capabilities: createInMemory({ seed: 'bench' }).capabilities,
    offers: async () => true,
    hasControl: async () => true,
  };
  for (const effort of EFFORTS) {
    const checks = select(suites, { effort }).map(({ check }) => check);
    const cells = checks.filter(({ group }) => group !== undefined);
    if (cells.length === 0) continue;
    const { recoveries } = await forecast(cells, everything);
    const whole = await forecast(checks, everything);
    const ratio = (cells.length / recoveries).toFixed(1);
    lines.push(`| ${effort} | ${cells.length} | ${recoveries} | ${ratio} | ${whole.recoveries} |`);
  }
  return lines;
}

/** A table for docs/benchmarks.md. */
export async function checksTable(): Promise<string[]> {
  const suites = await loadSuites(SUITES_MODULE);
  const call = await callMs();
  const lines = [
    '| effort | checks | ms a check | calls a check | the same calls alone, ms | ratio |',
    '|---|---|---|---|---|---|',
  ];
  // The first ones are the compiler's more than ours.
  for (let warming = 0; warming < 3; warming++) await run(select(suites, { effort: 'standard' }));
  const model: Measured = {
    name: 'quick, tours of the model only',
    selected: select(suites, { effort: 'quick', suites: ['interactions'] }),
  };
  const all = EFFORTS.map((effort): Measured => ({ name: effort, selected: select(suites, { effort }) }));
  for (const { name, selected } of [...all, model]) {
    const { calls, ms } = await run(selected);
    const each = ms / selected.length;
    const perCheck = calls / selected.length;
    lines.push(
      `| ${name} | ${selected.length} | ${each.toFixed(2)} | ${Math.round(perCheck)} | ` +
        `${(perCheck * call).toFixed(2)} | ${(each / (perCheck * call)).toFixed(1)} |`,
    );
  }
  return lines;
}
