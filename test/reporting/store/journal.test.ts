import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CheckResult } from '../../../src/checks/outcome.js';
import { ConfigurationError } from '../../../src/port/errors.js';
import { JournalReporter, readJournal } from '../../../src/reporting/store/journal.js';
import { hostileText } from '../hostile.js';
import { ended, failed, header, notes, passed, play, summaryOf } from '../samples.js';
import { newFolder } from '../../support/folder.js';

const RESULTS = [passed('a.1'), failed('a.2'), ended('b.1', 'inconclusive', 'why\u2028not')];
const stored = (results: readonly CheckResult[]): CheckResult[] => results.map((r) => ({ ...r, ms: 12.346 }));

async function journalOf(results: readonly CheckResult[]): Promise<string> {
  const reports = newFolder();
  await play(new JournalReporter(reports), results);
  return join(reports, 'journal.ndjson');
}

describe('the journal', () => {
  test('gives back the run', async () => {
    const read = readJournal(await journalOf(RESULTS));
    expect(read).toEqual({
      header: header({ checks: RESULTS.map((r) => r.id) }),
      results: stored(RESULTS),
      summary: summaryOf(RESULTS),
      complete: true,
      torn: false,
      end: expect.any(Number),
    });
  });

  test('has each result as soon as its check ended', () => {
    const reports = newFolder();
    const reporter = new JournalReporter(reports);
    reporter.runStarted(header());
    for (const [index, result] of RESULTS.entries()) {
      reporter.checkFinished(result);
      const read = readJournal(join(reports, 'journal.ndjson'));
      expect(read).toEqual({
        header: header(),
        results: stored(RESULTS.slice(0, index + 1)),
        complete: false,
        torn: false,
        end: expect.any(Number),
      });
    }
  });

  test('begins anew with each run', async () => {
    const reports = newFolder();
    await play(new JournalReporter(reports), RESULTS);
    await play(new JournalReporter(reports), [passed('c.1')]);
    expect(readJournal(join(reports, 'journal.ndjson')).results.map((r) => r.id)).toEqual(['c.1']);
  });

  test('cut anywhere after its header gives the results before the cut', async () => {
    const file = await journalOf(RESULTS);
    const whole = readFileSync(file);
    const ends = [...whole.entries()].flatMap(([at, byte]) => (byte === 0x0a ? [at] : []));
    for (let length = whole.length - 1; length > (ends[0] ?? 0); length -= 1) {
      truncateSync(file, length);
      const read = readJournal(file);
      // A line that lacks its line end alone is whole.
      const lines = ends.filter((at) => at <= length).length;
      expect(read.results.length, `cut to ${length}`).toBe(Math.min(RESULTS.length, lines - 1));
      expect(read.complete).toBe(lines === ends.length);
      expect(read.torn).toBe(!ends.includes(length) && !ends.includes(length - 1));
    }
  });

  test('whose last line is half a character or zeros is torn, not refused', async () => {
    for (const rest of [Buffer.from([0x7b, 0xe2, 0x82]), Buffer.alloc(4096), Buffer.from('{"type":"result"}\n')]) {
      const file = await journalOf([]);
      truncateSync(file, readFileSync(file).indexOf('{"type":"summary"'));
      appendFileSync(file, rest);
      expect(readJournal(file)).toMatchObject({ results: [], complete: false, torn: true });
    }
  });

  test('with lines longer than what is read at once, and any text', async () => {
    const long = failed('a.long', { notes: notes('\u{1f600}'.repeat(100_000), 'x'.repeat((1 << 16) - 200)) });
    expect(readJournal(await journalOf([passed('a.1'), long, passed('a.2')])).results).toEqual(
      stored([passed('a.1'), long, passed('a.2')]),
    );
    await fc.assert(
      fc.asyncProperty(hostileText(), async (text) => {
        const results = [failed('a.b', { notes: notes(text) }, text), passed(text)];
        expect(readJournal(await journalOf(results)).results).toEqual(stored(results));
      }),
      { numRuns: 100 },
    );
  });

  test.each([
    ['an empty file', ''],
    ['something else', 'hello\n'],
    ['half a header', '{"type":"header","schema":"vds-conf'],
    [
      'a journal of another version',
      '{"type":"header","schema":"vds-conformance/journal","schemaVersion":1,"header":{}}\n',
    ],
  ])('%s is refused by name', (_, text) => {
    const file = join(newFolder(), 'journal.ndjson');
    writeFileSync(file, text);
    expect(() => readJournal(file)).toThrow(ConfigurationError);
    expect(() => readJournal(file)).toThrow(file);
  });

  test('damaged before its last line is refused with the line', async () => {
    const file = await journalOf(RESULTS);
    const lines = readFileSync(file, 'utf8').split('\n');
    lines[2] = lines[2]?.slice(0, 40) ?? '';
    writeFileSync(file, lines.join('\n'));
    expect(() => readJournal(file)).toThrow(/line 3/);
  });

  test('with a second header, or lines after its end, is refused', async () => {
    const file = await journalOf(RESULTS);
    const text = readFileSync(file, 'utf8');
    appendFileSync(file, text);
    expect(() => readJournal(file)).toThrow(/line 6: the header is its first line/);
    writeFileSync(file, text + (text.split('\n')[1] ?? ''));
    expect(() => readJournal(file)).toThrow(/nothing follows the summary/);
  });

  test('that is not there is refused as well', () => {
    expect(() => readJournal(join(newFolder(), 'none'))).toThrow(/cannot be read/);
  });
});
