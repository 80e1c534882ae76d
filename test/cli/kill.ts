// Runs that are killed at a random moment and go on, for resume.whole.test.ts and, a hundred times, for `npm run
// test:kill`.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { expect } from 'vitest';
import { CLI, cli, COMPARABLE, env, outcomeIn } from '../support/command-line.js';
import { newFolder } from '../support/folder.js';

const SELECTION = [
  '--provider',
  'defective:corruption-answered-with-e-fail',
  '--seed',
  'fixed',
  '--effort',
  'quick',
  '--suite',
  'async',
  'recovery',
  // The defect breaks a SHOULD.
  '--strict',
  ...COMPARABLE,
];

interface Line {
  readonly type: string;
  readonly result?: { readonly id: string };
}

/** The ids in the whole lines of a journal. */
function completed(reports: string): string[] {
  const file = join(reports, 'journal.ndjson');
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .flatMap((line) => (JSON.parse(line) as Line).result?.id ?? []);
}

/** Starts a run and kills it after `ms` milliseconds, unless it has ended by then; whether it was killed. */
async function killAfter(ms: number, reports: string): Promise<boolean> {
  const child = spawn(process.execPath, [CLI, 'run', ...SELECTION, '--reports', reports, '--resume', '--quiet'], {
    env,
    stdio: 'ignore',
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once('exit', (_, signal) => resolve(signal));
  });
  const waiting = new AbortController();
  const kill = after(ms, undefined, { signal: waiting.signal }).then(
    () => child.kill('SIGKILL'),
    () => {},
  );
  const signal = await ended;
  waiting.abort();
  await kill;
  return signal === 'SIGKILL';
}

/** The result of an uninterrupted run, and how many milliseconds it takes. */
export function uninterrupted(): { readonly outcome: unknown; readonly ms: number } {
  const reports = newFolder();
  const started = performance.now();
  expect(cli('run', ...SELECTION, '--reports', reports, '--quiet').code).toBe(1);
  const ms = performance.now() - started;
  const outcome = outcomeIn(reports);
  rmSync(reports, { recursive: true });
  return { outcome, ms };
}

/**
 * Kills a run at `moments` (milliseconds after each start), then lets it finish. Expects that nothing is lost on the
 * way; gives how often it was really killed.
 */
export async function killAndResume(moments: readonly number[], outcome: unknown): Promise<number> {
  const reports = newFolder();
  let kills = 0;
  let before: string[] = [];
  for (const ms of moments) {
    if (await killAfter(ms, reports)) kills += 1;
    const now = completed(reports);
    expect(now.slice(0, before.length), 'no completed check is lost').toEqual(before);
    before = now;
    if (now.length === 0) continue;
    const rebuilt = newFolder();
    expect(cli('report', reports, '--reports', rebuilt, '--quiet').code).toBeGreaterThanOrEqual(1);
    const { results } = JSON.parse(readFileSync(join(rebuilt, 'results.json'), 'utf8')) as {
      results: { id: string }[];
    };
    expect(results.map((r) => r.id)).toEqual(now);
    for (const name of ['junit.xml', 'journal.ndjson']) expect(existsSync(join(rebuilt, name))).toBe(true);
    rmSync(rebuilt, { recursive: true });
  }
  expect(cli('run', ...SELECTION, '--reports', reports, '--resume', '--quiet').code).toBe(1);
  expect(completed(reports).length).toBe(new Set(completed(reports)).size);
  expect(outcomeIn(reports)).toEqual(outcome);
  rmSync(reports, { recursive: true });
  return kills;
}
