import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openerOf, openFile } from '../../src/cli/commands/open-report.js';
import { newFolder } from '../support/folder.js';

test('each system has its own program', () => {
  expect(['win32', 'darwin', 'linux', 'freebsd'].map((p) => openerOf(p as NodeJS.Platform))).toEqual([
    'explorer.exe',
    'open',
    'xdg-open',
    'xdg-open',
  ]);
});

test.skipIf(process.platform === 'win32')('the program gets the file, whatever is in its name', async () => {
  const folder = newFolder();
  const [opener, written] = [join(folder, 'opener'), join(folder, 'written')];
  writeFileSync(opener, `#!/bin/sh\nprintf %s "$1" > "${written}.part" && mv "${written}.part" "${written}"\n`);
  chmodSync(opener, 0o755);
  const watcher = watch(folder);
  const said: string[] = [];
  await openFile('/a folder/re$port & so.html', (line) => said.push(line), opener);
  while (!existsSync(written)) await once(watcher, 'change');
  watcher.close();
  expect(readFileSync(written, 'utf8')).toBe('/a folder/re$port & so.html');
  expect(said).toEqual([]);
});

test('a program that is not there is said, and ends nothing', async () => {
  const said: string[] = [];
  await openFile('/r/report.html', (line) => said.push(line), join(newFolder(), 'none'));
  expect(said).toEqual([expect.stringMatching(/^\/r\/report\.html could not be opened by .*ENOENT/)]);
});
