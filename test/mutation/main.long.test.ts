import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder } from '../support/folder.js';
import { ROOT } from '../support/project.js';

const MAIN = join(ROOT, 'dist/test/mutation/main.js');
const FAST = ['--suite', 'import-target', '--benches', 'iscsi quick', '--lanes', '1'];

test('every mutant of the import target’s dialect is killed by the checks of the import target', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [MAIN, '--files', 'providers/in-memory/objects/import-target.ts', ...FAST, '--reports', newFolder()],
    { encoding: 'utf8' },
  );
  expect(`${status} ${stderr}`).toBe('0 ');
  const score = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as { count: Record<string, number> };
  expect(score.count['killed']).toBeGreaterThan(5);
  expect(score.count).toMatchObject({ timeout: 0, survived: 0, 'not covered': 0 });
});

test('an unknown target is refused with the usage', () => {
  const { status, stdout } = spawnSync(process.execPath, [MAIN, '--target', 'x'], {
    encoding: 'utf8',
  });
  expect(status).toBe(2);
  expect(stdout).toContain('--target in-memory|model');
});
