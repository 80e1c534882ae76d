import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder } from '../support/folder.js';
import { ROOT } from '../support/project.js';

test('the build removes what no source stands behind, and nothing else', () => {
  const root = newFolder();
  const write = (path: string): void => {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), '');
  };
  const stays = [
    'suites/luns.ts',
    'dist/suites/luns.js',
    'dist/suites/luns.d.ts',
    'dist/suites/luns.js.map',
    'dist/.tsbuildinfo',
  ];
  const goes = [
    'dist/suites/ghost.js',
    'dist/suites/ghost.d.ts',
    'dist/suites/ghost.js.map',
    'dist/test/old/gone.test.js',
  ];
  for (const path of [...stays, ...goes]) write(path);
  expect(spawnSync(process.execPath, [join(ROOT, 'scripts/clean-build.mjs'), root]).status).toBe(0);
  expect(stays.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  expect(goes.filter((path) => existsSync(join(root, path)))).toEqual([]);
  expect(existsSync(join(root, 'dist/test/old'))).toBe(false);
});
