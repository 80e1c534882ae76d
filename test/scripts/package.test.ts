// The package: what its documents show and link to is in it.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { env } from '../support/command-line.js';
import { ROOT } from '../support/project.js';

test('the images and documents that the README names are packed, and so is what init writes', () => {
  const { stdout, stderr } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
    encoding: 'utf8',
    env,
    shell: process.platform === 'win32',
  });
  const [packed] = JSON.parse(stdout === '' ? stderr : stdout) as { files: { path: string }[] }[];
  const files = new Set(packed?.files.map(({ path }) => path));
  const named = [...readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/\]\(([^)#:]+\.(?:md|png))/g)].map(
    ([, path]) => path ?? '',
  );
  expect(named.length).toBeGreaterThan(10);
  // CONTRIBUTING is for those who have the repository.
  expect(named.filter((path) => !files.has(path) && path !== 'CONTRIBUTING.md')).toEqual([]);
  for (const path of ['templates/my-adapter.mjs', 'ci/one-array/github-workflow.yml', 'ci/one-array/Jenkinsfile'])
    expect(files.has(path), path).toBe(true);
});
