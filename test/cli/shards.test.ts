// Refusals of `run --shard` and `merge`. That the shards of a run give what the run gives is in shards.long.test.ts.
import { describe, expect, test } from 'vitest';
import { cli } from '../support/command-line.js';
import { newFolder } from '../support/folder.js';

describe('run --shard and merge', () => {
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
    ['that is none', ['--shard', '3/2', '--seed', 'a'], /"3\/2" is not a shard/],
    [
      'with durations of no run',
      ['--shard', '1/2', '--seed', 'a', '--shard-durations', './nowhere'],
      /there is no run at (?:\.\/)?nowhere/,
    ],
    ['of too few checks', ['--shard', '1/2', '--seed', 'a', '--check', 'luns.create'], /2 shards for 1 check/],
    ['options without a shard', ['--shard-own-system'], /--shard-own-system goes with --shard/],
  ] as const)('a shard %s is refused', (_, args, message) => {
    const { code, err } = cli('run', '--provider', 'in-memory', ...args);
    expect(err).toMatch(message);
    expect(code).toBe(2);
  });
});
