// A new user's mistakes: each was answered badly once. first-minutes.long.test.ts has those that take a run.
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli } from '../support/command-line.js';
import { newFolder } from '../support/folder.js';

function written(text: string, name: string): string {
  const file = join(newFolder(), name);
  writeFileSync(file, text);
  return file;
}

describe('usage', () => {
  test.each([
    ['an empty seed', ['run', '--provider', 'in-memory', '--seed', ''], /--seed is empty/],
    [
      'a suite by a part of its name',
      ['run', '--provider', 'in-memory', '--suite', 'import'],
      /Did you mean import-target/,
    ],
    ['a suite for a check', ['run', '--provider', 'in-memory', '--check', 'import-target'], /--suite import-target/],
    ['a provider with a slip', ['run', '--provider', 'in-memori'], /Did you mean in-memory/],
    ['a limit of nothing', ['run', '--provider', 'in-memory', '--timeout', '0'], /--timeout must be from 1 to/],
    ['a time without a unit', ['run', '--provider', 'in-memory', '--max-time', '30'], /90s, 30m or 2h/],
  ])('answers %s with what was meant', (_, args, expected) => {
    const { code, err } = cli(...args);
    expect(code).toBe(2);
    expect(err).toMatch(expected);
  });

  test('explain knows codes, methods, interfaces and suites', () => {
    expect(cli('explain', 'VDS_E_OBJECT_DELETED').out).toMatch(/0x8004240b/i);
    expect(cli('explain', 'IVdsLun::Delete').out).toMatch(/Documented at: https:\/\/learn\.microsoft\.com\//);
    expect(cli('explain', 'IVdsLun').out).toMatch(/GetProperties\(pLunProp\)/);
    expect(cli('explain', 'VDS_NF_LUN_ARRIVE').out).toMatch(/^VDS_NF_LUN_ARRIVE = 108 \(0x6c\)/);
    expect(cli('explain', 'VDS_LUN_STATUS').out).toMatch(/^ +VDS_LS_ONLINE = 1 \(0x1\)$/m);
    expect(cli('explain', 'VDS_LUN_PROP').out).toMatch(/^ +\d+ {2}pwszUnmaskingList: wstr/m);
    expect(cli('explain', 'lifecycle').out).toMatch(/lifecycle: \d+ checks/);
    expect(cli('explain', 'VDS_E_OBJECT_DELETE').err).toMatch(/Did you mean VDS_E_OBJECT_DELETED/);
  });

  test('list --suites counts', () => {
    expect(cli('list', '--suites').out).toMatch(/^luns +\d+ checks$/m);
  });

  test('verify does not take a private key', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const key = written(privateKey.export({ type: 'pkcs8', format: 'pem' }) as string, 'key.pem');
    const { code, err } = cli('verify', written('{}', 'certificate.json'), '--key', key);
    expect(code).toBe(2);
    expect(err).toMatch(/private key/);
  });

  test('a file that is not of a run is refused in one line', () => {
    const file = written('{"a": 1}', 'results.json');
    const { code, err } = cli('report', file);
    expect(code).toBe(2);
    expect(err.trimEnd().split('\n').length).toBe(1);
    expect(err).not.toContain('✖');
  });
});
