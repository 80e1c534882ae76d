import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunListener } from '../../src/run/events.js';
import { ConfigurationError } from '../../src/port/errors.js';
import { createReporters, Reporters, ReportsNotWritten } from '../../src/reporting/reporters.js';
import { collector, ended, failed, header, passed, play, summaryOf } from './samples.js';
import { newFolder } from '../support/folder.js';

const silent: RunListener = { runStarted: () => {}, checkFinished: () => {}, runFinished: () => {} };

describe('all reports together', () => {
  test('write their files, which agree on names', async () => {
    const reports = join(newFolder(), 'made', 'here');
    const out = collector();
    await play(createReporters({ reports, out }), [
      passed('a.a'),
      failed('a.b'),
      failed('a/b'),
      ended('a.c', 'not-applicable', 'n'),
    ]);
    expect(readdirSync(reports).sort()).toEqual([
      'badge.json',
      'badge.svg',
      'evidence',
      'journal.ndjson',
      'junit.xml',
      'report.html',
      'results.json',
    ]);
    expect(readdirSync(join(reports, 'evidence')).sort()).toEqual(['a.b.json', 'a_b.json']);
    expect(readFileSync(join(reports, 'junit.xml'), 'utf8')).toContain('evidence/a_b.json');
    expect(out.text()).toContain('NOT CONFORMANT');
    expect(out.text()).toContain(reports);
  });

  test('give the same files for the same run, but for times', async () => {
    const files = async (ms: number, startedAt: string): Promise<string> => {
      const reports = newFolder();
      await play(
        createReporters({ reports, out: collector() }),
        [passed('a.a', { ms }), failed('a.b', { ms }), ended('b.a', 'inconclusive', 'w', { ms })],
        { header: { startedAt }, summary: { ms } },
      );
      return ['results.json', 'journal.ndjson', 'junit.xml', 'report.html', 'evidence/a.b.json', 'evidence/b.a.json']
        .map((name) => readFileSync(join(reports, name), 'utf8'))
        .join('\n');
    };
    const timeless = (text: string): string =>
      text
        .replace(/"(ms|startedAt)": ?("[^"]*"|[\d.]+)/g, '"$1"')
        .replace(/ (time|timestamp)="[^"]*"/g, ' $1')
        .replace(/ +>/g, '>')
        .replace(
          /<time .*?<\/time>|<dt>Took<\/dt><dd>[^<]*|<td class="number">\d+<\/td><\/tr>|\d+\.\d (?:s\b|of )/g,
          '',
        );
    expect(timeless(await files(3, '2026-11-23T21:28:00Z'))).toBe(
      timeless(await files(40_000, '2027-01-01T00:00:00Z')),
    );
  });

  test('refuse to begin where the folder cannot be written', () => {
    const file = join(newFolder(), 'a-file');
    writeFileSync(file, '');
    const out = collector();
    expect(() => createReporters({ reports: file, out }).runStarted(header())).toThrow(ConfigurationError);
    expect(out.text()).toBe('');
  });

  test('a report that fails leaves the others alone, is named, and makes the run fail', async () => {
    const reports = newFolder();
    const out = collector();
    let asked = 0;
    const broken: RunListener = {
      ...silent,
      checkFinished: () => {
        asked += 1;
        throw new Error('ENOSPC: no space left');
      },
      runFinished: () => {
        throw new Error('not asked');
      },
    };
    let seen = 0;
    const counting: RunListener = {
      ...silent,
      checkFinished: () => {
        seen += 1;
      },
    };
    const screen: RunListener = {
      ...silent,
      runFinished: (_h, _r, summary) => {
        out.write(`${summary.exitCode} ${summary.problems.join()}`);
      },
    };
    const run = play(
      new Reporters(
        reports,
        [
          ['junit.xml', broken],
          ['counting', counting],
        ],
        screen,
      ),
      [passed('a.a'), passed('a.b')],
    );
    await expect(run).rejects.toThrow(ReportsNotWritten);
    await expect(run).rejects.toThrow(/junit\.xml could not be written: ENOSPC/);
    expect(asked).toBe(1);
    expect(seen).toBe(2);
    expect(out.text()).toMatch(/^4 .*junit\.xml could not be written: ENOSPC: no space left$/);
  });

  test('a check that ends after the run is not reported any more', async () => {
    const reports = newFolder();
    const reporters = createReporters({ reports, out: collector() });
    await play(reporters, [passed('a.a')]);
    const before = readFileSync(join(reports, 'journal.ndjson'), 'utf8');
    reporters.checkFinished(failed('a.b'));
    await reporters.runFinished(header(), [], summaryOf([]));
    expect(readFileSync(join(reports, 'journal.ndjson'), 'utf8')).toBe(before);
    expect(readdirSync(reports)).not.toContain('evidence');
  });
});
