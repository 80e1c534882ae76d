// Runs that a new user made: each found a fault once. What needs no run is in first-minutes.test.ts.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { CLI, cli, env } from '../support/command-line.js';
import { newFolder } from '../support/folder.js';
import { ROOT } from '../support/project.js';

const REFERENCE = pathToFileURL(join(ROOT, 'dist/providers/in-memory/adapter.js')).href;
const ZOD = pathToFileURL(join(ROOT, 'node_modules/zod/index.js')).href;
const QUICK = ['--check', 'luns.create', '--quiet'];

function module(text: string, name = 'adapter.mjs', folder = newFolder()): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe('a provider that cannot be opened', () => {
  function redRun(): string {
    const reports = newFolder();
    writeFileSync(join(reports, 'results.json'), 'last night');
    return reports;
  }

  test.each([
    ['dies while it is loaded', 'process.exit(0);', [], /ended by itself with exit code 0.*loading the provider/],
    ['throws', 'throw new Error("no array");', [], /no array/],
    [
      'never opens',
      'setInterval(() => {}, 1000); export const adapter = { name: "x", open: () => new Promise(() => {}) };',
      ['--load-timeout', '1500'],
      /did not load within 1500 ms/,
    ],
  ])(
    'that %s is one line, of a death with the way to see it again, and exit ' +
      'code 3, and leaves the reports of the run before',
    (_, text, options, line) => {
      const reports = redRun();
      const { code, out, err } = cli('run', '--provider', module(text), ...options, '--reports', reports);
      expect(code).toBe(3);
      expect(
        err
          .trimEnd()
          .split('\n')
          .filter((each) => !each.startsWith('  ')).length,
        err,
      ).toBe(1);
      expect(err.includes('The same command shows it again')).toBe(err.includes('VDSC_CRASHED'));
      expect(err).toMatch(line);
      expect(out).toBe('');
      expect(readFileSync(join(reports, 'results.json'), 'utf8')).toBe('last night');
    },
  );

  test('is wrong usage where the name is wrong, and leaves the reports too', () => {
    const reports = redRun();
    const { code, err } = cli('run', '--provider', 'defective:import-target-clear', '--reports', reports);
    expect(code).toBe(2);
    expect(err).toContain('import-target-cleared-on-refresh');
    expect(readFileSync(join(reports, 'results.json'), 'utf8')).toBe('last night');
  });

  test('has its password in no output', () => {
    const { code, out, err } = cli('run', '--provider', 'rest', '--url', 'http://admin:S3cret@127.0.0.1:1', ...QUICK);
    expect(code).toBe(2);
    expect(out + err).not.toContain('S3cret');
  });
});

describe("a vendor's settings", () => {
  const own = (schema: string): string =>
    module(`import { z } from ${JSON.stringify(ZOD)};
      import { adapter as reference } from ${JSON.stringify(REFERENCE)};
      import { writeFileSync } from 'node:fs';
      export const adapter = { name: 'acme', says: 'the arrays of Acme', ${schema}
        open: (options) => {
          writeFileSync(import.meta.dirname + '/settings.json', JSON.stringify(options.settings));
          return reference.open({ ...options, settings: {} });
        } };`);
  const seen = (file: string): unknown => JSON.parse(readFileSync(join(file, '../settings.json'), 'utf8'));
  const SCHEMA =
    'settings: z.strictObject({ port: z.number().describe("where the array listens"), name: ' +
    'z.string().default("one") }),';

  test('are checked by its schema, texts of the command line and values of a configuration alike', () => {
    const file = own(SCHEMA);
    expect(cli('run', '--provider', file, '--set', 'port=8080', ...QUICK, '--reports', newFolder()).code).toBe(0);
    expect(seen(file)).toEqual({ port: 8080, name: 'one' });
    const config = module(
      JSON.stringify({ provider: './adapter.mjs', settings: { port: 1, name: '2' } }),
      'c.json',
      join(file, '..'),
    );
    const { code, err } = cli('run', '--config', config, ...QUICK, '--reports', newFolder());
    expect(code, err).toBe(0);
    expect(seen(file)).toEqual({ port: 1, name: '2' });
  });

  test('that are wrong are refused by name before anything is opened', () => {
    const file = own(SCHEMA);
    const { code, err } = cli('run', '--provider', file, '--set', 'port=soon', ...QUICK);
    expect(code).toBe(2);
    expect(err).toMatch(/settings of the provider acme are wrong: port: .*--set port=VALUE.*where the array listens/);
    expect(existsSync(join(file, '../settings.json'))).toBe(false);
  });

  test('are passed on as they are without a schema', () => {
    const file = own('');
    expect(cli('run', '--provider', file, '--set', 'a=b=c', 'd=1', ...QUICK, '--reports', newFolder()).code).toBe(0);
    expect(seen(file)).toEqual({ a: 'b=c', d: '1' });
  });

  test('are shown by providers', () => {
    const { out } = cli('providers', own(SCHEMA));
    expect(out).toMatch(/acme {2}the arrays of Acme\n.*--set port=… {2}where the array listens \(required\)/);
  });
});

describe('the reports folder', () => {
  test('is not shared by two runs, and is free again when the other has died', () => {
    const reports = newFolder();
    const lock = join(reports, '.running');
    writeFileSync(lock, JSON.stringify({ pid: process.pid, host: hostname() }));
    const { code, err } = cli('run', '--provider', 'in-memory', ...QUICK, '--reports', reports);
    expect(code).toBe(2);
    expect(err).toMatch(/another run writes into .*process \d+/);
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    writeFileSync(lock, JSON.stringify({ pid: dead, host: hostname() }));
    expect(cli('run', '--provider', 'in-memory', ...QUICK, '--reports', reports).code).toBe(0);
    expect(existsSync(lock)).toBe(false);
  });

  test.runIf(process.platform === 'linux')('that cannot be made is an error and no endless loop', () => {
    const { code, err } = cli('run', '--provider', 'in-memory', ...QUICK, '--reports', '/proc/vds/reports');
    expect(code).toBe(2);
    expect(err).toMatch(/\/proc\/vds/);
  });

  test.runIf(process.platform === 'linux')('is written whole when the reader of the output goes away', () => {
    const reports = newFolder();
    const { stderr, stdout } = spawnSync(
      'bash',
      [
        '-c',
        '"$0" "$1" run --provider in-memory --suite identity --effort quick --reports "$2" | head -1; echo ' +
          '"${PIPESTATUS[0]}"',
        process.execPath,
        CLI,
        reports,
      ],
      { encoding: 'utf8', env },
    );
    expect(stderr).toBe('');
    expect(stdout).toMatch(/\n0\n$/);
    expect(existsSync(join(reports, 'junit.xml'))).toBe(true);
  });
});

describe('run again', () => {
  test(
    '--rerun-failed repeats what failed, with its options, beside the reports; --resume of a finished run says ' +
      'that it runs nothing',
    () => {
      const folder = newFolder();
      const reports = join(folder, 'red');
      const first = cli(
        'run',
        '--provider',
        'defective:deleted-lun-still-listed',
        '--check',
        'luns.create',
        'luns.delete',
        '--seed',
        's',
        '--reports',
        reports,
      );
      expect(first.code).toBe(1);
      const before = readFileSync(join(reports, 'results.json'), 'utf8');
      const failed = (
        JSON.parse(before) as { results: { id: string; verdict: string; reproduction?: { checks: string[] } }[] }
      ).results.filter((r) => r.verdict === 'failed');
      const again = cli('run', '--rerun-failed', reports);
      expect(again.code, again.err).toBe(1);
      const repeated = JSON.parse(readFileSync(join(folder, 'red-again/results.json'), 'utf8')) as {
        header: { checks: string[]; seed: string };
      };
      expect(new Set(repeated.header.checks)).toEqual(
        new Set(failed.flatMap((r) => [...(r.reproduction?.checks ?? []), r.id])),
      );
      expect(repeated.header.seed).toBe('s');
      expect(readFileSync(join(reports, 'results.json'), 'utf8')).toBe(before);
      const resumed = cli('run', '--rerun-failed', reports, '--resume', '--reports', join(folder, 'red-again'));
      expect(resumed.out).toMatch(/The run in .* is already finished/);
    },
  );
});

describe('usage', () => {
  test('stops when the time of --max-time is over, and says how to go on', () => {
    const { code, out } = cli(
      'run',
      '--provider',
      'in-memory',
      '--max-time',
      '1ms',
      '--suite',
      'luns',
      '--reports',
      newFolder(),
    );
    expect(code).not.toBe(0);
    expect(out).toMatch(/time of --max-time is over: \d+ checks were not run/);
    expect(out).toMatch(/--resume/);
  });

  test('a run with a time budget begins with what finds most, and says what it left out', () => {
    const reports = newFolder();
    const run = ['run', '--provider', 'in-memory', '--effort', 'full', '--reports', reports];
    const { code, out } = cli(...run, '--time-budget', '12s');
    expect(code).toBe(4);
    expect(out).toMatch(/time of --time-budget is over: \d+ checks were not run \(\d+ of recovery, /);
    const { header } = JSON.parse(readFileSync(join(reports, 'results.json'), 'utf8')) as {
      readonly header: { readonly checks: readonly string[] };
    };
    // Most suites have their turn among the first tenth, where they stand one after the other else.
    const early = header.checks.slice(0, header.checks.length / 10).map((id) => id.split('.')[0]);
    expect(new Set(early).size).toBeGreaterThan(15);
    expect(cli(...run, '--time-budget', '3').err).toMatch(/--time-budget 3 is not a time/);
  });

  test('a module in a configuration is found from the folder of the configuration', () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'below'));
    module(`export { adapter } from ${JSON.stringify(REFERENCE)};`, 'own.mjs', folder);
    const config = module(JSON.stringify({ provider: './own.mjs' }), 'c.json', folder);
    const { status, stderr } = spawnSync(process.execPath, [CLI, 'run', '--config', config, ...QUICK], {
      encoding: 'utf8',
      env,
      cwd: join(folder, 'below'),
    });
    expect(status, stderr).toBe(0);
  });
});
