// How long a user waits for the first check, from starting the command: node itself, the command line alone, and the
// run up to its first result.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));
const ROUNDS = 7;

function once(...args: string[]): number {
  const started = performance.now();
  spawnSync(process.execPath, args, { stdio: 'ignore' });
  return performance.now() - started;
}

/** Milliseconds until the journal has the first result. */
async function toFirstResult(): Promise<number> {
  const reports = mkdtempSync(join(tmpdir(), 'vdsc-bench-'));
  const started = performance.now();
  const child = spawn(process.execPath, [CLI, 'run', '--provider', 'in-memory', '--reports', reports, '--quiet'], {
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  const first = (): boolean => {
    try {
      return readFileSync(join(reports, 'journal.ndjson'), 'utf8').includes('"type":"result"');
    } catch {
      return false;
    }
  };
  while (!first()) await after(2);
  const ms = performance.now() - started;
  child.kill('SIGKILL');
  await ended;
  rmSync(reports, { recursive: true });
  return ms;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** The table, as lines. */
export async function startUpTable(): Promise<string[]> {
  const [node, help, run]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    node.push(once('-e', '0'));
    help.push(once(CLI, '--help'));
    run.push(await toFirstResult());
  }
  const row = (what: string, values: readonly number[]): string =>
    `| ${what} | ${Math.round(median(values))} | ${(median(values) / median(node)).toFixed(1)} |`;
  return [
    '| start-up | ms | ratio |',
    '|---|---|---|',
    row('node alone', node),
    row('vds-conformance --help', help),
    row('run --provider in-memory, to its first result', run),
  ];
}
