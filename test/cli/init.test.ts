// The files that init writes really run, and nothing that was there is lost. That its pipelines run is ci/init.test.ts.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { CLI, cli, env } from '../support/command-line.js';
import { newFolder } from '../support/folder.js';
import { ROOT } from '../support/project.js';

const here = (cwd: string, ...args: string[]) =>
  spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8', env, cwd });
const configurationIn = (root: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(root, 'vds-conformance.json'), 'utf8')) as Record<string, unknown>;

test('init writes files with which doctor and run work at once, also where the package is installed elsewhere', () => {
  const root = newFolder();
  const init = here(root, 'init');
  expect(init.stdout).toMatch(
    /wrote vds-conformance\.json[^]*wrote my-adapter\.mjs[^]*wrote \.github\/workflows\/vds-conformance\.yml[^]*Next:[^]* {2}vds-conformance doctor/,
  );
  // The document that it names is there.
  expect(existsSync(/: (.+adapters\.md) says how/.exec(init.stdout)?.[1] ?? '')).toBe(true);
  expect(configurationIn(root)).not.toHaveProperty('$schema');
  const doctor = here(root, 'doctor', '--config', 'vds-conformance.json');
  expect(doctor.stderr).toBe('');
  expect(doctor.stdout).toMatch(/My provider[^]*subsystem My array: 1 lun/);
  const run = here(root, 'run', '--config', 'vds-conformance.json', '--suite', 'lifecycle');
  expect(run.status).toBe(4);
  expect(run.stdout).toMatch(/INCOMPLETE: nothing is broken as far as it was checked/);
  // Only what was begun has left evidence.
  expect(existsSync(join(root, 'reports/evidence'))).toBe(false);
});

test.each([
  ['the folder itself', '.'],
  ['a folder within', 'lab'],
])('the configuration finds its schema where the package is installed, from %s', (_, where) => {
  const root = newFolder();
  mkdirSync(join(root, 'node_modules'));
  symlinkSync(ROOT, join(root, 'node_modules/vds-conformance'));
  const init = here(root, 'init', where, '--ci', 'none');
  expect(init.stdout).toMatch(/ {2}npx vds-conformance doctor/);
  expect(
    readdirSync(join(root, where))
      .filter((name) => name !== 'node_modules')
      .toSorted(),
  ).toEqual(['my-adapter.mjs', 'vds-conformance.json']);
  const schema = String(configurationIn(join(root, where))['$schema']);
  expect(schema).toMatch(/^\.\.?\//);
  expect(existsSync(resolve(root, where, schema))).toBe(true);
});

test('init overwrites only with --force', () => {
  const root = newFolder();
  writeFileSync(join(root, 'my-adapter.mjs'), 'mine');
  const refused = cli('init', root, '--ci', 'none');
  expect(refused.code).toBe(2);
  expect(refused.err).toMatch(/my-adapter\.mjs would be overwritten.*--force/s);
  expect(readFileSync(join(root, 'my-adapter.mjs'), 'utf8')).toBe('mine');
  expect(cli('init', root, '--ci', 'gitlab', '--force').code).toBe(0);
  expect(readFileSync(join(root, 'my-adapter.mjs'), 'utf8')).toContain('export const adapter');
});

test('init names the CI systems that it knows', () => {
  const { code, err } = cli('init', newFolder(), '--ci', 'travis');
  expect(code).toBe(2);
  expect(err).toMatch(/github.*gitlab.*azure.*jenkins.*none/s);
});
