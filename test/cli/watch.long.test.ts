// run --watch: a change of the adapter, or a key, begins another run; what is written meanwhile by the run itself does
// not.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CLI, cli, env } from '../support/command-line.js';
import { newFolder } from '../support/folder.js';
import { ROOT } from '../support/project.js';

test('runs again on a change and on a key, and ends with the code of the last run', async () => {
  const folder = newFolder();
  const adapter = join(folder, 'my-adapter.mjs');
  copyFileSync(join(ROOT, 'templates/my-adapter.mjs'), adapter);
  mkdirSync(join(folder, 'node_modules'));
  const child = spawn(
    process.execPath,
    [CLI, 'run', '--provider', './my-adapter.mjs', '--check', 'consistency.plex-of-each-lun', '--watch'],
    { cwd: folder, env, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  let out = '';
  const arrived: (() => void)[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    for (const look of arrived) look();
  });
  const ended = new Promise<number | null>((done) => child.once('close', done));
  /** Resolves when the command has said `text` so often. */
  const seen = (text: string, times: number): Promise<void> =>
    new Promise((done) => {
      const look = (): void => {
        if (out.split(text).length > times) done();
      };
      arrived.push(look);
      look();
    });
  await seen('Watching for changes', 1);
  expect(out).toMatch(/Exit code 0/);
  writeFileSync(join(folder, 'node_modules/ignored.mjs'), '');
  writeFileSync(adapter, readFileSync(adapter, 'utf8').replace('new List([this.plex])', 'new List([])'));
  await seen('Watching for changes', 2);
  expect(out).toMatch(/lists no plex[^]*Exit code 1/);
  child.stdin.write('f');
  await seen('Watching for changes', 3);
  expect(out.split('QueryPlexes lists no plex').length).toBeGreaterThan(2);
  expect(JSON.parse(readFileSync(join(folder, 'reports-again/results.json'), 'utf8'))).toHaveProperty('header');
  child.stdin.write('q');
  expect(await ended).toBe(1);
});

test('has nothing to watch where nothing is edited', () => {
  const { code, err } = cli('run', '--provider', 'in-memory', '--watch');
  expect(code).toBe(2);
  expect(err).toMatch(/nothing to watch.*adapter module/);
});
