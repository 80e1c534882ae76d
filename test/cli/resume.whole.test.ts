// Runs that end before their time: nothing that they did is lost, and they can be finished.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CLI, cli, env, outcomeIn } from '../support/command-line.js';
import { newFolder } from '../support/folder.js';
import { WHOLE } from '../support/size.js';
import { killAndResume, uninterrupted } from './kill.js';

const read = (...path: string[]): string => readFileSync(join(...path), 'utf8');

/** How many kills, spread over several runs; many of them by `npm run test:kill`. */
const KILLS = Number(process.env['VDSC_KILLS'] ?? (WHOLE ? 5 : 2));

describe('run --resume', () => {
  test(
    `finishes a run that kill -9 ended at ${KILLS} random moments`,
    { timeout: 120_000 + KILLS * 60_000 },
    async () => {
      const { outcome, ms } = uninterrupted();
      let kills = 0;
      while (kills < KILLS) {
        // Up to five kills of one run, anywhere from before its first line to after its last.
        const moments = Array.from({ length: Math.min(5, KILLS - kills) }, () => Math.random() * ms * 1.1);
        kills += await killAndResume(moments, outcome);
      }
    },
  );

  test('goes on after Ctrl-C, and all reports cover the whole', async () => {
    const reports = newFolder();
    const run = ['run', '--provider', 'in-memory', '--effort', 'quick', '--reports', reports];
    const child = spawn(process.execPath, [CLI, ...run], { env, stdio: 'ignore' });
    const ended = new Promise<number | null>((resolve) => {
      child.once('exit', resolve);
    });
    await expect
      .poll(
        () => (existsSync(join(reports, 'journal.ndjson')) ? read(reports, 'journal.ndjson').split('\n').length : 0),
        { timeout: 20_000, interval: 5 },
      )
      .toBeGreaterThan(5);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    const finished = cli(...run, '--resume');
    expect(finished.code).toBe(0);
    const { results, header } = JSON.parse(read(reports, 'results.json')) as {
      results: { id: string }[];
      header: { checks: string[] };
    };
    expect(results.map((r) => r.id)).toEqual(header.checks);
    expect(read(reports, 'junit.xml').match(/<testcase /g)?.length).toBe(header.checks.length);
    // Finished already: nothing is run again, and the verdict is the same.
    const again = cli(...run, '--resume');
    expect(again.code).toBe(0);
    expect(again.out).toContain('CONFORMANT');
  });

  test("begins where there is nothing to go on with, and refuses another run's journal", () => {
    const reports = newFolder();
    const run = (...args: string[]) =>
      cli('run', '--provider', 'in-memory', '--suite', 'async', '--reports', reports, '--resume', ...args);
    expect(run('--seed', 'a').code).toBe(0);
    const other = run('--seed', 'b');
    expect(other.code).toBe(2);
    expect(other.err).toMatch(/is of another run: it differs in the seed \("a" and "b"\).*--seed a/);
    // Without a seed it is the journal's.
    expect(run().code).toBe(0);
    expect(run('--strict').err).toMatch(/use of --strict/);
  });
});

describe('report', () => {
  test('makes all reports again, in place or elsewhere, and ends as the run did', () => {
    const reports = newFolder();
    const run = cli(
      'run',
      '--provider',
      'defective:import-target-cleared-on-refresh',
      '--suite',
      'import-target',
      'async',
      '--reports',
      reports,
    );
    expect(run.code).toBe(1);
    const names = ['results.json', 'junit.xml', 'journal.ndjson'];
    const before = names.map((name) => read(reports, name));
    const elsewhere = newFolder();
    expect(cli('report', reports, '--reports', elsewhere).code).toBe(1);
    expect(names.map((name) => read(elsewhere, name))).toEqual(before);
    expect(outcomeIn(elsewhere)).toEqual(outcomeIn(reports));
    const again = cli('report', reports);
    expect(again.code).toBe(1);
    expect(names.map((name) => read(reports, name))).toEqual(before);
    expect(again.out).toMatch(/NOT CONFORMANT/);
  });

  test('of something other than a run names the files that it takes', () => {
    const { code, err } = cli('report', newFolder());
    expect(code).toBe(2);
    expect(err).toMatch(/journal\.ndjson/);
  });
});
