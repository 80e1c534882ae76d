// From an empty folder to a conformant small provider, with nothing but what init writes and what the runs say.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CLI, env } from '../support/command-line.js';
import { newFolder } from '../support/folder.js';

test('three rounds lead from an empty folder to a conformant provider', () => {
  const root = newFolder();
  const here = (...args: string[]) => spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8', env, cwd: root });
  const config = join(root, 'vds-conformance.json');
  const run = (...more: string[]) => here('run', '--config', config, '--effort', 'quick', ...more);
  expect(here('init', '--ci', 'none').status).toBe(0);

  const first = run();
  expect(first.status, first.stdout).toBe(4);
  expect(first.stdout).toMatch(/INCOMPLETE: nothing is broken[^]*Allow it with --allow-destructive/);

  const written = JSON.parse(readFileSync(config, 'utf8')) as object;
  writeFileSync(config, JSON.stringify({ ...written, allowDestructive: true }));
  const second = run();
  expect(second.status, second.stdout).toBe(4);
  const accepted = /To accept them as they are: (--allow-inconclusive .*)/.exec(second.stdout)?.[1];
  expect(accepted, second.stdout).toBeDefined();

  const third = run(...(accepted ?? '').replaceAll('"', '').split(' '));
  expect(third.status, third.stdout).toBe(0);
  expect(third.stdout).toMatch(/^CONFORMANT/m);
});
