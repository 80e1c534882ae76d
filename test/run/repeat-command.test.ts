// The command that repeats a run: complete, quoted for three shells, and never over the reports that its reader is
// looking at.
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { RunHeader } from '../../src/run/events.js';
import { quote, repeatCommand } from '../../src/run/repeat-command.js';

const HEADER: RunHeader = {
  version: '1.0.0',
  seed: 'a seed',
  provider: 'ffi',
  settings: { library: 'C:\\work\\acme.dll', clsid: '{F3A5B1C2-0000-0000-0000-000000000001}', retries: 3 },
  options: { allowDestructive: true, drive: ['Drive A-0', 'Drive A-1'] },
  limits: { scanTimeout: 900_000 },
  strict: true,
  checks: ['luns.health'],
  startedAt: '2026-01-01T00:00:00Z',
  host: 'node',
};

describe('the command that repeats a run', () => {
  test('has the settings, limits, options and seed, and reports of its own', () => {
    expect(repeatCommand(HEADER, 'luns.health')).toBe(
      'vds-conformance run --provider ffi --set "library=C:\\work\\acme.dll" --set ' +
        '"clsid={F3A5B1C2-0000-0000-0000-000000000001}" --set retries=3' +
        ' --allow-destructive --drive "Drive A-0" "Drive A-1" --scan-timeout 900000 --strict --seed "a seed" --check ' +
        'luns.health --reports reports-again',
    );
  });

  test('starts with npx where the run did', () => {
    expect(repeatCommand({ ...HEADER, npx: true }, 'luns.health')).toMatch(/^npx vds-conformance run /);
  });

  test('names the system of the shard that saw the check', () => {
    const { startedAt, host } = HEADER;
    const shard = {
      index: 1,
      provider: 'rest',
      settings: { url: 'http://b' },
      startedAt,
      host,
      checks: ['luns.health'],
    };
    const command = repeatCommand({ ...HEADER, shards: [shard] }, 'luns.health');
    expect(command).toContain('--provider rest --set url=http://b --scan-timeout');
    expect(command).not.toContain('--drive');
  });

  test.each([
    'C:\\work\\acme.dll',
    'Drive A-0',
    '{braced}',
    'recovery.*',
    '100%',
    'a,b@c',
    "it's",
    '',
    '$HOME `id`',
    '"quoted"',
    'a\\\\b',
    'x\\',
    '!!',
  ])('a POSIX shell reads %j back', (text) => {
    expect(execFileSync('sh', ['-c', `printf %s ${quote(text)}`], { encoding: 'utf8' })).toBe(text);
  });

  test.each([
    'C:\\work\\acme.dll',
    '\\\\server\\share\\acme.dll',
    'Drive A-0',
    '{braced}',
    'recovery.*',
    'a,b',
    "it's",
  ])('for cmd.exe and PowerShell %j stands in double quotes', (text) => {
    expect(quote(text)).toBe(`"${text}"`);
  });
});
