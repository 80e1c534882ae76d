// The command line as a user meets it: a process, its output, its exit code and the files it leaves.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli } from '../support/command-line.js';
import { newFolder } from '../support/folder.js';
import { ROOT } from '../support/project.js';

/** Some of each kind; `npm start` and the long tests run all. */
const SUITES = ['lifecycle', 'luns', 'import-target', 'async', 'faults'];

describe('run', () => {
  test('passes the reference provider, says what that means, and leaves its reports', () => {
    const reports = newFolder();
    const { code, out } = cli(
      'run',
      '--provider',
      'in-memory',
      '--suite',
      ...SUITES,
      '--effort',
      'quick',
      '--reports',
      reports,
      '--seed',
      'fixed',
    );
    expect(code).toBe(0);
    expect(out).toMatch(/CONFORMANT/);
    expect(out).toMatch(/\d+ of \d+ requirements checked/);
    expect(out).toContain('fixed');
    expect(readdirSync(reports).sort()).toEqual([
      'badge.json',
      'badge.svg',
      'journal.ndjson',
      'junit.xml',
      'report.html',
      'results.json',
    ]);
  });

  test(
    'fails a defective provider with the duty, its source, the call, and ' +
      'the command that shows it again, which does',
    () => {
      const reports = newFolder();
      const { code, out } = cli(
        'run',
        '--provider',
        'defective:import-target-cleared-on-refresh',
        '--suite',
        'import-target',
        '--effort',
        'quick',
        '--reports',
        reports,
      );
      expect(code).toBe(1);
      expect(out).toMatch(/VDS-1\.4a \(MUST\)/);
      expect(out).toMatch(/GetImportTarget.*VDS_E_NO_IMPORT_TARGET \(0x80042713\)/);
      expect(existsSync(join(reports, 'evidence'))).toBe(true);
      const again = /vds-conformance (run --provider defective:\S+ .*--check \S+)/.exec(out)?.[1];
      const repeated = cli(...(again?.split(' ') ?? []), '--reports', newFolder());
      expect(repeated.code).toBe(1);
      expect(repeated.out).toMatch(/VDS-1\.4a|VDS-5\.5b/);
    },
  );

  test.each([
    ['a provider that does not exist', ['--provider', 'in-memroy'], 2, /unknown provider "in-memroy".*in-memory/s],
    ['a suite that does not exist', ['--provider', 'in-memory', '--suite', 'lun'], 2, /unknown suite "lun".*luns/s],
    ['a check that does not exist', ['--provider', 'in-memory', '--check', 'luns.explode'], 2, /no check matches/],
    ['no provider', [], 2, /provider/],
    ['an unknown option', ['--provider', 'in-memory', '--sead', '1'], 2, /sead/],
    ['an option without its value', ['--provider', 'in-memory', '--check'], 2, /check/],
    ['rest without an address', ['--provider', 'rest'], 2, /--url/],
    ['ffi without a class', ['--provider', 'ffi'], 2, /--clsid/],
    [
      'an option of another provider',
      ['--provider', 'in-memory', '--url', 'http://127.0.0.1:1'],
      2,
      /--url does not go with/,
    ],
    ['a module that does not exist', ['--provider', './no-such-module.mjs'], 2, /module .* does not exist/],
    ['a defect that does not exist', ['--provider', 'defective:nonsense', '--check', 'luns.create'], 2, /nonsense/],
    [
      'a server that does not answer',
      ['--provider', 'rest', '--url', 'http://127.0.0.1:1', '--check', 'luns.create'],
      3,
      /ECONNREFUSED.*server running/s,
    ],
    [
      'a library that does not exist',
      [
        '--provider',
        'ffi',
        '--library',
        './none.so',
        '--clsid',
        '{5a1d4c5e-60c4-4e0a-9a3e-0f6b6a1f7c11}',
        '--check',
        'luns.create',
      ],
      3,
      /none\.so/,
    ],
    [
      'reports where nothing can be written',
      ['--provider', 'in-memory', '--reports', '/dev/null/reports'],
      2,
      /reports/,
    ],
  ] as const)('answers %s with a message that says what to do', (_, args, code, message) => {
    const finished = cli('run', ...args);
    expect(`${finished.out}${finished.err}`).toMatch(message);
    expect(finished.code).toBe(code);
    expect(finished.err).not.toMatch(/\n\s+at /);
  });

  test("runs a vendor's own module, and says what one that is none lacks", () => {
    const own = newFolder();
    writeFileSync(join(own, 'none.mjs'), 'export const nothing = 1;');
    const missing = cli(
      'run',
      '--provider',
      join(own, 'none.mjs'),
      '--check',
      'luns.create',
      '--reports',
      join(own, 'r'),
    );
    expect(missing.code).toBe(3);
    expect(missing.err).toMatch(/exports no provider adapter.*docs\/adapters\.md/s);
    writeFileSync(
      join(own, 'own.mjs'),
      `export { adapter } from ${JSON.stringify(`file://${join(ROOT, 'dist/providers/in-memory/adapter.js')}`)};`,
    );
    expect(
      cli('run', '--provider', join(own, 'own.mjs'), '--suite', 'lifecycle', '--reports', join(own, 'r')).code,
    ).toBe(0);
  });
});

describe('list', () => {
  test('shows the checks of a selection with requirements and costs, for people and as JSON', () => {
    expect(cli('list', '--suite', 'async').out).toMatch(
      /async\.cancel\n.*\[VDS-8\.7a.*\d+ checks, about \d+ calls and \d+ recoveries/s,
    );
    const rows = JSON.parse(cli('list', '--json').out) as {
      id: string;
      requirements: string[];
      cost: { calls: number };
    }[];
    expect(rows.length).toBeGreaterThan(90);
    // Damage by a transport is not a duty of a provider.
    for (const row of rows.filter((r) => !r.id.startsWith('transport.')))
      expect(row.requirements.length, row.id).toBeGreaterThan(0);
  });
});

describe('providers', () => {
  test('names every provider and defect', () => {
    const { code, out } = cli('providers');
    expect(code).toBe(0);
    expect(out).toMatch(/in-memory.*rest.*ffi.*defective:/s);
  });
});
