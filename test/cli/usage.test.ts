// Wrong usage is refused before anything is opened, with a stable code and what to do.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createParser } from '../../src/cli/parser.js';
import { limitsFrom } from '../../src/cli/options/run-options.js';
import { ConfigurationError } from '../../src/port/errors.js';
import { cli } from '../support/command-line.js';
import { newFolder } from '../support/folder.js';

describe('is refused', () => {
  test.each([
    [
      'a command that is not there',
      ['frobnicate'],
      /^unknown command "frobnicate"$/,
      /^Commands: clean, diff, .*verify, completion\.$/,
    ],
    ['one that is nearly there', ['explian', 'VDS-5.6'], /^unknown command "explian"$/, /^Did you mean explain\? /],
    [
      'nothing at all',
      [],
      /^--provider is missing$/,
      /--provider in-memory; vds-conformance providers .*vds-conformance --help/,
    ],
    [
      'an option that is not there',
      ['run', '--provider', 'in-memory', '--sead', '1'],
      /^Unknown argument: sead$/,
      /^Did you mean --seed\? vds-conformance run --help/,
    ],
    [
      'an option of another command',
      ['explain', 'VDS-5.6', '--no-color'],
      /^Unknown argument: color$/,
      /^Other commands take --color\. vds-conformance explain --help/,
    ],
    [
      'a value that is not there',
      ['run', '--provider', 'in-memory', '--effort', 'slow'],
      /^--effort does not take "slow"; it takes "quick", "standard", "full"$/,
      /run --help/,
    ],
    [
      'an option without its value',
      ['run', '--provider', 'in-memory', '--check'],
      /^--check needs a value$/,
      /run --help/,
    ],
    ['a missing argument', ['explain'], /^an argument is missing/, /explain --help/],
    [
      'a number that is none',
      ['run', '--provider', 'in-memory', '--timeout', 'abc'],
      /^--timeout needs a number$/,
      /^$/,
    ],
    [
      'an option given twice',
      ['run', '--provider', 'in-memory', '--seed', '1', '--seed', '2'],
      /^--seed is given more than once: 1, 2$/,
      /one value/,
    ],
    [
      'a limit that no call keeps',
      ['run', '--provider', 'in-memory', '--timeout', '-5'],
      /^--timeout must be from 1 to \d+ ms, not -5$/,
      /--help describes it/,
    ],
    [
      'no limit at all',
      ['doctor', '--provider', 'in-memory', '--scan-timeout', '0'],
      /^--scan-timeout must be from 1 to \d+ ms, not 0$/,
      /--help describes it/,
    ],
  ] as const)('%s', async (_, args, message, hint) => {
    const error: unknown = await (async () => createParser(args).parseAsync())().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as ConfigurationError).message).toMatch(message);
    expect((error as ConfigurationError).hint).toMatch(hint);
  });

  test('and printed with its code', () => {
    const { code, err, out } = cli('frobnicate');
    expect(err).toMatch(/^unknown command "frobnicate"\. Commands: .*\. \[VDSC_CONFIG\]\n$/);
    expect(out).toBe('');
    expect(code).toBe(2);
  });

  test('also where the configuration is what is given twice', () => {
    expect(cli('run', '--config', 'a.json', '--config', 'b.json').err).toMatch(
      /^--config is given more than once: a\.json, b\.json\. /,
    );
  });
});

test('an option that takes several values may be given several times', async () => {
  const seen: unknown[] = [];
  const parser = createParser(['list', '--suite', 'async', '--suite', 'luns', 'iscsi']).middleware((args) => {
    seen.push(args['suite']);
    throw new ConfigurationError('seen');
  });
  await expect(async () => parser.parseAsync()).rejects.toThrow('seen');
  expect(seen).toEqual([['async', 'luns', 'iscsi']]);
});

test("limits are what is given, and the waiting for a scan is the scan's", () => {
  expect(limitsFrom({ timeout: 1, scanTimeout: 7 })).toMatchObject({ call: 1, scan: 7, wait: 7 });
});

test('completion prints a script that the shell takes, and nothing else', () => {
  const { code, out, err } = cli('completion');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(spawnSync('bash', ['-n'], { input: out, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  const completed = cli('--get-yargs-completions', 'vds-conformance', '');
  expect(completed.out.split('\n')).toEqual(expect.arrayContaining(['run', 'doctor', 'completion']));
  expect(completed.code).toBe(0);
});

test.each([
  [
    'throws',
    'const a = 1;\nthrow new Error("boom");',
    /could not be loaded: Error: boom\. Thrown at file:.*module\.mjs:2:7\. It must be/,
  ],
  [
    'is no JavaScript',
    'no javascript at all',
    /could not be loaded: SyntaxError: .*\. node --check \S+module\.mjs shows where\. It must be/,
  ],
])('a module that %s: where', (_, text, message) => {
  const path = join(newFolder(), 'module.mjs');
  writeFileSync(path, text);
  const { code, err } = cli('doctor', '--provider', path);
  expect(err).toMatch(message);
  expect(code).toBe(3);
});
