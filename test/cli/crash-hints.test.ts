import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { crashHints } from '../../src/cli/crash-hints.js';

test('a provider that dies as it is loaded: the exit code, the way to its stack, and its output where there is some', () => {
  const folder = mkdtempSync(join(tmpdir(), 'crash-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  expect(crashHints(folder, 'linux')).toEqual([
    '  No check was run: exit code 3. The same command shows it again.',
    expect.stringContaining('gdb'),
  ]);
  writeFileSync(join(folder, 'provider.log'), 'about to load');
  expect(crashHints(folder, 'win32')).toEqual([
    expect.stringMatching(/shows it again; .*provider\.log has what the provider printed\.$/),
    expect.stringContaining('procdump'),
  ]);
});
