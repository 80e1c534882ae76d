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
 * A run's results.json without what may differ between two runs of one seed that were divided otherwise: times; the header, which tells how the run came
 * about; and the traces, in which a provider shows what it numbers by itself (`LUN 4`), going by all that was done with it before.
 */
export function outcomeIn(reports: string): unknown {
  const { header: _, ...file } = JSON.parse(
    readFileSync(join(reports, 'results.json'), 'utf8'),
    (key, value: unknown) => (key === 'ms' || key === 'trace' ? undefined : value),
  ) as Record<string, unknown>;
  return file;
}
