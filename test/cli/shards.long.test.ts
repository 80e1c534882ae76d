// One run on several machines: shards as processes of their own, put together again.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CLI, cli, COMPARABLE, env, outcomeIn } from '../support/command-line.js';
import { newFolder } from '../support/folder.js';

const exitOf = (...args: string[]): Promise<number | null> =>
  new Promise((resolve) => {
    spawn(process.execPath, [CLI, ...args], { env, stdio: 'ignore' }).once('exit', resolve);
  });

describe('run --shard and merge', () => {
  // The defect breaks a SHOULD, and its findings show nothing that the provider numbers by itself, going by what was
  // done before.
  test.each([
    ['the reference provider', 'in-memory', 0, 3, []],
    ['a defective provider', 'defective:corruption-answered-with-e-fail', 1, 2, ['--strict']],
  ] as const)('give for %s what one run gives', { timeout: 240_000 }, async (_, provider, code, count, options) => {
    const run = [
      'run',
      '--provider',
      provider,
      '--seed',
      'fixed',
      '--effort',
      'quick',
      '--suite',
      'async',
      'luns',
      'recovery',
      '--quiet',
      ...COMPARABLE,
      ...options,
    ];
    const whole = newFolder();
    expect(await exitOf(...run, '--reports', whole)).toBe(code);
    const shards = Array.from({ length: count }, () => newFolder());
    const codes = await Promise.all(
      shards.map((reports, i) =>
        exitOf(...run, '--reports', reports, '--shard', `${i + 1}/${count}`, '--shard-durations', whole),
      ),
    );
    expect(Math.max(...codes.map((c) => c ?? -1))).toBe(code);
    const reports = newFolder();
    const merged = cli('merge', ...shards.toReversed(), '--reports', reports);
    expect(merged.code).toBe(code);
    expect(outcomeIn(reports)).toEqual(outcomeIn(whole));
    const cases = (at: string): string[] =>
      readFileSync(join(at, 'junit.xml'), 'utf8')
        .match(/<(testsuite|testcase|failure) [^>]*>/g)
        ?.map((tag) => tag.replace(/ (time|timestamp)="[^"]*"/g, '')) ?? [];
    expect(cases(reports)).toEqual(cases(whole));
  });
});
