import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { NPX_FUNCTION, valuesFor } from '../../src/cli/complete.js';

const typed = (...words: string[]): Promise<readonly string[] | undefined> => valuesFor(['vds-conformance', ...words]);

describe('a shell completes', () => {
  test('suites, checks and requirements', async () => {
    expect(await typed('run', '--suite', 'luns', 'imp')).toEqual(['import-target']);
    expect(await typed('run', '--check', 'import-target.round')).toEqual(['import-target.round-trip']);
    expect(await typed('explain', 'VDS-1.4')).toContain('VDS-1.4a');
  });

  test('providers, also where the shell takes a colon for the end of a word', async () => {
    expect(await typed('run', '--provider', 'in-')).toEqual(['in-memory']);
    expect(await typed('run', '--provider', 'defective:crash-in-ref')).toEqual(['defective:crash-in-refresh']);
    expect(await typed('run', '--provider', 'defective', ':', 'crash-in-ref')).toEqual(['crash-in-refresh']);
    expect(await typed('run', '--provider', 'defective', ':')).toContain('crash-in-refresh');
  });

  test('the rest as yargs does', async () => {
    expect(await typed('run', '--sui')).toBeUndefined();
    expect(await typed('run', '--effort', 'q')).toBeUndefined();
    expect(await typed('ru')).toBeUndefined();
  });
});

test('the function for npx is one that a shell takes', () => {
  expect(spawnSync('bash', ['-n'], { input: NPX_FUNCTION, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
});
