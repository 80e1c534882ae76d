// Runs the command line as its user does: a process, its output, its exit code.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder } from './folder.js';
import { ROOT } from './project.js';

export const CLI = join(ROOT, 'dist/src/cli/main.js');
/** A test runner's own variables must not reach the vitest that the command runs. */
export const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(?:npm_|VITEST|NODE_ENV|TEST$|FORCE_COLOR)/.test(name)),
);

export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export function cli(...args: string[]): Finished {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    encoding: 'utf8',
    env,
    cwd: newFolder(),
  });
  return { code: status, out: stdout, err: stderr };
}

/**
 * The options of runs that are divided in several ways and have to give the same. What a run does once for several of
 * its checks depends on which checks those are: a comparison after every tenth check blames that one, a family is left
 * after three failures alike, and a reproduction tries the checks before.
 */
export const COMPARABLE = ['--compare', 'each', '--all-cells', '--no-reproduce'] as const;

/** Members of a result that go by what was done before the check: see outcomeIn. */
const OF_THE_DIVISION: ReadonlySet<string> = new Set(['ms', 'trace', 'calls', 'call', 'unjudged']);

/**
 * A run's results.json without what may differ between two runs of one seed that were divided otherwise: times; the
 * header, which reports how the run came about; the traces, in which a provider shows what it numbers by itself (`LUN
 * 4`), going by all that was done with it before; and how many calls a check made, with the number of the one that a
 * finding is about, as the first check that needs it finds out how the provider takes an import target or a LUN. Nor
 * are the duties compared that a check which passed did not come to judge: a cancellation may come too late.
 */
export function outcomeIn(reports: string): unknown {
  const { header: _, ...file } = JSON.parse(
    readFileSync(join(reports, 'results.json'), 'utf8'),
    (key, value: unknown) => (OF_THE_DIVISION.has(key) ? undefined : value),
  ) as Record<string, unknown>;
  return file;
}
