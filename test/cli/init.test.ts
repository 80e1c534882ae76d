// What init writes really runs, and nothing that was there is lost.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CLI, cli, env, folder } from '../support/command-line.js';
import { ROOT } from '../support/project.js';

test('init writes files with which doctor and run work at once', () => {
  const root = folder();
  mkdirSync(join(root, 'node_modules'));
  symlinkSync(ROOT, join(root, 'node_modules/vds-conformance'));
  const here = (...args: string[]) => spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8', env, cwd: root });
  expect(here('init').stdout).toMatch(/wrote vds-conformance\.json[^]*wrote my-adapter\.mjs[^]*Next:[^]*doctor/);
  expect(readFileSync(join(root, '.github/workflows/vds-conformance.yml'), 'utf8')).toContain('vds-conformance run --config vds-conformance.json');
  const doctor = here('doctor', '--config', 'vds-conformance.json');
  expect(doctor.stderr).toBe('');
  expect(doctor.stdout).toMatch(/My provider[^]*no subsystem is connected/);
  const run = here('run', '--config', 'vds-conformance.json', '--suite', 'lifecycle');
  expect([0, 4]).toContain(run.status);
  expect(run.stdout).not.toMatch(/ERROR|CRASHED/);
});

test('init overwrites only with --force', () => {
  const root = folder();
  writeFileSync(join(root, 'my-adapter.mjs'), 'mine');
  const refused = cli('init', root, '--ci', 'none');
  expect(refused.code).toBe(2);
  expect(refused.err).toMatch(/my-adapter\.mjs would be overwritten.*--force/s);
  expect(readFileSync(join(root, 'my-adapter.mjs'), 'utf8')).toBe('mine');
  expect(cli('init', root, '--ci', 'gitlab', '--force').code).toBe(0);
  expect(readFileSync(join(root, 'my-adapter.mjs'), 'utf8')).toContain('export const adapter');
});
