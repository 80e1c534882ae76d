// Known failures from the command line: written from a red run, completed by a person, and told of in the next.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli } from '../support/command-line.js';
import { newFolder } from '../support/folder.js';

test(
  'a baseline is written from a run, refused until it has reasons, then makes the run conformant but for it; diff ' +
    'tells what changed',
  { timeout: 240_000 },
  () => {
    const reports = newFolder();
    const file = join(newFolder(), 'baseline.json');
    const red = [
      'run',
      '--provider',
      'defective:import-target-never-stored',
      '--check',
      'import-target.round-trip',
      'import-target.none-set',
      'async.cancel',
      '--reports',
      reports,
    ];
    const first = cli(...red, '--write-baseline', file);
    expect(first.code).toBe(1);
    expect(first.out).toMatch(/baseline\.json written: \d+ entr(y|ies) wants? a reason/);
    const refused = cli(...red, '--baseline', file);
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/the reason is missing for: import-target\.round-trip/);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/TODO[^"]*/g, 'mended in firmware 2.1'));
    const excused = cli(...red, '--baseline', file);
    expect(excused.code).toBe(0);
    expect(excused.out).toMatch(
      /Known failures \(\d+\).*import-target\.round-trip.*mended in firmware 2\.1.*CONFORMANT: \d+ of \d+ MUSTs were checked, and none of them is broken but what the baseline excuses/s,
    );
    const mended = newFolder();
    const passing = cli('run', '--provider', 'in-memory', ...red.slice(3, -1), mended, '--baseline', file);
    expect(passing.code).toBe(0);
    expect(passing.out).toMatch(/Known to fail, and passed \(\d+\)/);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"expires": "[^"]*"/g, '"expires": "2020-01-01"'));
    const expired = cli(...red, '--baseline', file);
    expect(expired.code).toBe(1);
    expect(expired.out).toMatch(/Expired entries of the baseline/);
    const better = cli('diff', reports, mended);
    expect(better.code).toBe(0);
    expect(better.out).toMatch(/Fixed \(\d+\).*import-target\.round-trip {2}failed → passed.*Nothing got worse/s);
    const worse = cli('diff', mended, reports, '--json');
    expect(worse.code).toBe(1);
    expect((JSON.parse(worse.out) as { worse: string[] }).worse).toContain('import-target.round-trip');
  },
);

test('diff of something other than a run names the files that it takes', () => {
  const { code, err } = cli('diff', newFolder(), newFolder());
  expect(code).toBe(2);
  expect(err).toMatch(/holds no run.*--reports/);
});
