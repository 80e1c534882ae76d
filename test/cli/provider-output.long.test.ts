// The output of a provider is kept: whole in provider.log, by check in the evidence, and on the console where it is
// asked for.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli } from '../support/command-line.js';
import { newFolder } from '../support/folder.js';
import { ROOT } from '../support/project.js';

/** The adapter that init writes, which prints what it is asked and gives LUNs no plex. */
function talkative(): string {
  const file = join(newFolder(), 'adapter.mjs');
  const text = readFileSync(join(ROOT, 'templates/my-adapter.mjs'), 'utf8')
    .replace('QueryPlexes: () => this', "QueryPlexes: () => console.error('asked\\u001b[31m for plexes') ?? this")
    .replace('new List([this.plex])', 'new List([])');
  writeFileSync(file, `console.log('the module is loaded');\n${text}`);
  return file;
}

test(
  'what a provider prints is in provider.log, in the evidence of its ' +
    'check, and with --provider-output on the console',
  () => {
    const reports = newFolder();
    const run = (...more: string[]) =>
      cli('run', '--provider', talkative(), '--suite', 'consistency', '--reports', reports, ...more);
    const quiet = run();
    expect(quiet.code, quiet.out).toBe(1);
    expect(quiet.out).not.toContain('asked');
    const log = readFileSync(join(reports, 'provider.log'), 'utf8');
    expect(log).toMatch(/^--- consistency\.\S+\n[^]*the module is loaded\n/);
    const evidence = JSON.parse(readFileSync(join(reports, 'evidence/consistency.plex-of-each-lun.json'), 'utf8')) as {
      result: { output: string[] };
    };
    expect(evidence.result.output.join('\n')).toContain('asked\u001b[31m for plexes');

    const loud = run('--provider-output');
    expect(loud.out).toMatch(/^provider \| the module is loaded$/m);
    expect(loud.out).toMatch(/^provider \| asked.*for plexes$/m);
    expect(loud.out).not.toContain('\u001b[31m');
    // A run begins a new one.
    expect(readFileSync(join(reports, 'provider.log'), 'utf8').match(/the module is loaded/g)?.length).toBe(
      log.match(/the module is loaded/g)?.length,
    );
    cli('run', '--provider', 'in-memory', '--check', 'luns.create', '--reports', reports);
    expect(existsSync(join(reports, 'provider.log'))).toBe(false);
  },
);

test('run --verbose has a line for each check that did not pass, and a table of the suites', () => {
  const { out } = cli('run', '--provider', 'in-memory', '--suite', 'transport', '--verbose', '--reports', newFolder());
  expect(out).toMatch(/^not applicable {2}transport\.\S+ /m);
  expect(out).toMatch(/^Suite +passed/m);
});
