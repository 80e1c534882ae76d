// Configuration files and what the command line makes of them; what `explain` answers.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { optionsOf, readConfiguration } from '../../src/cli/options/config.js';
import { nearest } from '../../src/port/did-you-mean.js';
import { cli } from '../support/command-line.js';
import { newFolder } from '../support/folder.js';

function written(content: unknown, name = 'config.json'): string {
  const file = join(newFolder(), name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

describe('a configuration', () => {
  test('is JSON or a module', async () => {
    expect(await readConfiguration(written({ provider: 'in-memory', scanTimeout: 5 }))).toEqual({
      provider: 'in-memory',
      scanTimeout: 5,
    });
    expect(
      await readConfiguration(
        written('export const config = { provider: "rest", url: "http://127.0.0.1:1" };', 'config.mjs'),
      ),
    ).toEqual({ provider: 'rest', url: 'http://127.0.0.1:1' });
  });

  test.each([
    [{ provder: 'in-memory' }, /provder: unknown option/, /Did you mean provider/],
    [{ timeout: 'long' }, /timeout: .*number/, /config\.schema\.json/],
    [{ targets: { a: { provider: 'ffi', clsd: 'x' } } }, /targets\.a\.clsd: unknown option/, /clsid/],
    ['{', /cannot be read/, /JSON/],
  ] as const)('that is wrong (%j) is refused with the member and a hint', async (content, problem, hint) => {
    await expect(readConfiguration(written(content))).rejects.toMatchObject({
      code: 'VDSC_CONFIG',
      message: expect.stringMatching(problem) as string,
      hint: expect.stringMatching(hint) as string,
    });
  });

  test('gives the provider of the chosen target, and asks which where there are several', () => {
    const targets = { a: { provider: 'rest', url: 'http://a' }, b: { provider: 'in-memory' } };
    expect(optionsOf({ targets, strict: true }, 'a')).toEqual({ strict: true, provider: 'rest', url: 'http://a' });
    expect(optionsOf({ targets: { b: targets.b } }, undefined)).toEqual({ provider: 'in-memory' });
    expect(() => optionsOf({ targets }, undefined)).toThrow(/2 targets and none is chosen/);
    expect(() => optionsOf({ targets }, 'c')).toThrow(/unknown target "c"/);
  });

  test('is followed by run, and a flag wins over it', () => {
    const file = written({ provider: 'in-memory', suite: ['luns'], seed: 'from-the-file', quiet: true });
    const reports = newFolder();
    const { code, out } = cli('run', '--config', file, '--suite', 'lifecycle', '--reports', reports);
    expect(out).toMatch(/from-the-file/);
    const { results } = JSON.parse(readFileSync(join(reports, 'results.json'), 'utf8')) as {
      results: { suite: string }[];
    };
    expect([...new Set(results.map((r) => r.suite))]).toEqual(['lifecycle']);
    expect(code).toBe(0);
  });
});

describe('explain', () => {
  test('explains a check and a requirement, and suggests near names', () => {
    expect(cli('explain', 'import-target.round-trip').out).toMatch(/Changes the system.*VDS-1\.4a \(MUST\)/s);
    expect(cli('explain', 'VDS-5.6').out).toMatch(/VDS-5\.6 \(MUST\).*Verified by \d+ checks/s);
    const unknown = cli('explain', 'import-target.rund-trip');
    expect(unknown.code).toBe(2);
    expect(unknown.err).toMatch(/Did you mean import-target\.round-trip/);
  });

  test('finds names that are near, and none that are far', () => {
    expect(nearest('provder', ['provider', 'reports', 'url'])).toEqual(['provider']);
    expect(nearest('something-else', ['provider', 'url'])).toEqual([]);
  });
});
