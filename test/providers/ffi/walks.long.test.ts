// The walks through the native reference provider in C++, as a host without this project would take them.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../support/project.js';
import { needs } from '../../support/tools.js';

needs('native', 'the walks through the native provider end well, and free what they took where valgrind looks', () => {
  test('the walks through the native provider end well, and free what they took where valgrind looks', () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(ROOT, 'scripts/build-native.mjs'), '--smoke'],
      { encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^smoke: passed[^]*^smoke_profiles: passed/m);
  }, 300_000);
});
