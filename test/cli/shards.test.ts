// One run on several machines: shards as processes of their own, put together again.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CLI, cli, env, outcomeIn } from '../support/command-line.js';
import { newFolder } from '../support/folder.js';

const exitOf = (...args: string[]): Promise<number | null> =>
  new Promise((resolve) => {
    spawn(process.execPath, [CLI, ...args], { env, stdio: 'ignore' }).once('exit', resolve);
  });

describe('run --shard and merge', () => {
  test.each([
    ['the reference provider', 'in-memory', 0, 3],
    ['a defective provider', 'defective:corruption-answered-with-e-fail', 1, 2],
  ] as const)('give for %s what one run gives', { timeout: 240_000 }, async (_, provider, code, count) => {
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

  test('an incomplete set is refused, or reported as incomplete with --partial', () => {
    const shard = newFolder();
    expect(
      cli('run', '--provider', 'in-memory', '--suite', 'async', '--seed', 'fixed', '--shard', '1/2', '--reports', shard)
        .code,
    ).toBe(0);
    const refused = cli('merge', shard, '--reports', newFolder());
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/shard 2\/2 is missing.*--partial/);
    const onto = cli('merge', shard, '--reports', shard);
    expect(onto.code).toBe(2);
    expect(onto.err).toMatch(/is the folder of a shard/);
    const partial = cli('merge', shard, '--partial', '--reports', newFolder());
    expect(partial.code).toBe(4);
    expect(partial.out).toMatch(/INCOMPLETE/);
  });

  test.each([
    ['without a seed', ['--shard', '1/2'], /--shard needs --seed/],
    ['that is none', ['--shard', '3/2', '--seed', 'a'], /"3\/2" is no shard/],
    [
      'with durations of no run',
      ['--shard', '1/2', '--seed', 'a', '--shard-durations', './nowhere'],
      /there is no run at (?:\.\/)?nowhere/,
    ],
    ['of too few checks', ['--shard', '1/2', '--seed', 'a', '--check', 'luns.create'], /2 shards for 1 checks/],
    ['options without a shard', ['--shard-own-system'], /--shard-own-system goes with --shard/],
  ] as const)('a shard %s is refused', (_, args, message) => {
    const { code, err } = cli('run', '--provider', 'in-memory', ...args);
    expect(err).toMatch(message);
    expect(code).toBe(2);
  });
});
