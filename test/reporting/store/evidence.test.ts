import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { requirement } from '../../../src/contract/requirements.js';
import { EvidenceNames } from '../../../src/reporting/store/evidence-names.js';
import { EvidenceReporter } from '../../../src/reporting/store/evidence.js';
import { evidenceSchema } from '../../../src/reporting/store/schema.js';
import { hostileText } from '../hostile.js';
import { ended, failed, header, notes, passed, play } from '../samples.js';
import { newFolder } from '../../support/folder.js';

describe('evidence', () => {
  test('is left by every check that did not pass, and by none that does not apply', async () => {
    const reports = newFolder();
    await play(new EvidenceReporter(reports), [
      passed('a.passed'),
      failed('a.failed'),
      ended('a.crashed', 'crashed', 'c'),
      ended('a.hung', 'hung', 'h'),
      ended('a.error', 'error', 'e'),
      ended('a.open', 'inconclusive', 'o'),
      ended('a.none', 'not-applicable', 'n'),
    ]);
    expect(readdirSync(join(reports, 'evidence')).sort()).toEqual([
      'a.crashed.json',
      'a.error.json',
      'a.failed.json',
      'a.hung.json',
      'a.open.json',
    ]);
  });

  test('holds findings, notes, trace, the duty and the way back, in full', () => {
    const reports = newFolder();
    const reporter = new EvidenceReporter(reports);
    const message = ']]>'.repeat(100_000);
    const result = failed('import-target.clear', { notes: notes('n') }, message);
    reporter.runStarted(header());
    reporter.checkFinished(result);
    // While the run goes on: it may be killed next.
    const file = evidenceSchema.parse(
      JSON.parse(readFileSync(join(reports, 'evidence', 'import-target.clear.json'), 'utf8')),
    );
    expect(file.result).toEqual({ ...result, ms: 12.346 });
    expect(file.command).toBe(
      'vds-conformance run --provider in-memory --seed cafe0001 --check import-target.clear --reports reports-again',
    );
    const { id, level, statement, source } = requirement('VDS-1.3a');
    expect(source).toEqual(['nf-vds-ivdssubsystemimporttarget-setimporttarget']);
    expect(file.requirements).toEqual([
      {
        id,
        level,
        statement,
        source: [`https://learn.microsoft.com/en-us/windows/win32/api/vds/${source[0]}`],
      },
    ]);
    expect(file.run).toEqual({
      version: '0.1.0',
      seed: 'cafe0001',
      provider: 'in-memory',
      startedAt: '2026-11-23T21:28:00Z',
      strict: false,
      host: 'node v20.20.2 linux x64',
    });
  });

  test("of an earlier run is removed, and a stranger's file is not", async () => {
    const reports = newFolder();
    await play(new EvidenceReporter(reports), [failed('a.old')]);
    writeFileSync(join(reports, 'evidence', 'mine.json'), '{}');
    mkdirSync(join(reports, 'evidence', 'folder.json'));
    await play(new EvidenceReporter(reports), [failed('a.new')]);
    expect(readdirSync(join(reports, 'evidence')).sort()).toEqual(['a.new.json', 'folder.json', 'mine.json']);
  });

  test('needs no folder where everything passed', async () => {
    const reports = newFolder();
    await play(new EvidenceReporter(reports), [passed('a.a')]);
    expect(existsSync(join(reports, 'evidence'))).toBe(false);
  });
});

describe('the name of an evidence file', () => {
  test('is the id where that is a file name', () => {
    expect(new EvidenceNames().for('import-target.round-trip')).toBe('import-target.round-trip.json');
  });

  test.each([
    ['../../etc/passwd', '__.._etc_passwd.json'],
    ['a/b\\c:d*?"<>|e', 'a_b_c_d_e.json'],
    ['con', '_con.json'],
    ['NUL.x', '_NUL.x.json'],
    ['console.x', 'console.x.json'],
    ['', '_.json'],
    ['.hidden', '_hidden.json'],
  ])('%j becomes %j', (id, name) => {
    expect(new EvidenceNames().for(id)).toBe(name);
  });

  test('is a safe one, the same each time, and unique also where case does not count', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(hostileText(), fc.constantFrom('a', 'A', 'a/', 'a:', 'a-2', 'aux', 'x'.repeat(500)))),
        (ids) => {
          const names = new EvidenceNames();
          const given = ids.map((id) => names.for(id));
          expect(ids.map((id) => names.for(id))).toEqual(given);
          expect(new Set(given.map((name) => name.toLowerCase())).size).toBe(new Set(ids).size);
          for (const name of given) {
            expect(name).toMatch(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,140}\.json$/);
            expect(name).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)\./i);
          }
        },
      ),
    );
  });
});
