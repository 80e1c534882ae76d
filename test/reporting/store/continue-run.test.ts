import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunListener } from '../../../src/run/events.js';
import type { CheckResult } from '../../../src/checks/outcome.js';
import { ConfigurationError } from '../../../src/port/errors.js';
import { InOrder, journalToResume, mustBeSameRun } from '../../../src/reporting/store/continue-run.js';
import { JournalReporter, readJournal, type Journal } from '../../../src/reporting/store/journal.js';
import { ended, failed, header, passed, play, summaryOf } from '../samples.js';
import { newFolder } from '../../support/folder.js';

const ALL = [passed('a.1'), failed('a.2'), ended('b.1', 'inconclusive', 'w'), passed('b.2')];
const head = header({ checks: ALL.map((r) => r.id) });
const ids = (list: readonly CheckResult[]): string[] => list.map((r) => r.id);

/** A folder whose journal has these results, and no end. */
function killedAfter(results: readonly CheckResult[]): string {
  const reports = newFolder();
  const reporter = new JournalReporter(reports);
  reporter.runStarted(head);
  for (const result of results) reporter.checkFinished(result);
  return reports;
}

/** Goes on from the journal with what is left, as a run does. */
async function goOn(
  reports: string,
  listener: (journal: Journal) => RunListener = (journal) => new JournalReporter(reports, journal),
): Promise<void> {
  const journal = journalToResume(reports);
  if (journal === undefined) throw new Error('nothing to resume');
  const reporter = listener(journal);
  reporter.runStarted(journal.header);
  const told = new InOrder(journal.header, journal.results, (r) => reporter.checkFinished(r));
  for (const result of ALL.filter((r) => !ids(journal.results).includes(r.id))) told.take(result);
  told.end();
  await reporter.runFinished(journal.header, ALL, summaryOf(ALL));
}

describe('a journal that goes on', () => {
  test.each([0, 1, 2, 3, 4])('after %i results is whole in the end, and nothing stands in it twice', async (done) => {
    const reports = killedAfter(ALL.slice(0, done));
    await goOn(reports);
    const file = join(reports, 'journal.ndjson');
    const read = readJournal(file);
    expect(ids(read.results)).toEqual(ids(ALL));
    expect(read).toMatchObject({ complete: true, torn: false });
    expect(readFileSync(file, 'utf8').match(/"type":"result"/g)?.length).toBe(ALL.length);
  });

  test('cut at any byte after its header keeps every whole line, and is whole in the end', async () => {
    const whole = readFileSync(join(killedAfter(ALL.slice(0, 3)), 'journal.ndjson'));
    const first = whole.indexOf(0x0a);
    for (let length = whole.length; length > first; length -= 7) {
      const reports = killedAfter([]);
      const file = join(reports, 'journal.ndjson');
      writeFileSync(file, whole);
      truncateSync(file, length);
      const before = ids(readJournal(file).results);
      await goOn(reports);
      const read = readJournal(file);
      expect(ids(read.results).slice(0, before.length)).toEqual(before);
      expect(ids(read.results)).toEqual(ids(ALL));
      expect(read.torn).toBe(false);
    }
  });

  test('goes on after an interruption too, whose summary does not hold any more', async () => {
    const reports = newFolder();
    await play(new JournalReporter(reports), ALL.slice(0, 2), {
      header: head,
      summary: { interrupted: true, exitCode: 130 },
    });
    expect(readJournal(join(reports, 'journal.ndjson')).summary?.interrupted).toBe(true);
    await goOn(reports);
    expect(readJournal(join(reports, 'journal.ndjson')).summary?.interrupted).toBe(false);
  });

  test('may be killed and go on any number of times', async () => {
    const reports = killedAfter([]);
    for (const result of ALL) {
      const journal = journalToResume(reports);
      const reporter = new JournalReporter(reports, journal);
      reporter.runStarted(head);
      reporter.checkFinished(result);
    }
    expect(ids(readJournal(join(reports, 'journal.ndjson')).results)).toEqual(ids(ALL));
  });

  test('is none without a file, and none where a kill came before its first line; anything else is refused', () => {
    expect(journalToResume(newFolder())).toBeUndefined();
    const reports = newFolder();
    writeFileSync(join(reports, 'journal.ndjson'), '');
    expect(journalToResume(reports)).toBeUndefined();
    writeFileSync(join(reports, 'journal.ndjson'), 'mine\n');
    expect(() => journalToResume(reports)).toThrow(ConfigurationError);
  });

  test('tries a provider again that could not be opened', () => {
    const unopened = ended('a.1', 'error', 'ECONNREFUSED', { code: 'VDSC_UNREACHABLE', calls: 0 });
    const cutOff = ended('a.2', 'error', 'ECONNRESET', { code: 'VDSC_UNREACHABLE', calls: 7 });
    expect(journalToResume(killedAfter([cutOff]))?.results).toEqual([]);
    const reports = killedAfter([unopened]);
    const journal = journalToResume(reports);
    expect(journal?.results).toEqual([]);
    const reporter = new JournalReporter(reports, journal);
    reporter.runStarted(head);
    reporter.checkFinished(passed('a.1'));
    expect(readJournal(join(reports, 'journal.ndjson')).results).toMatchObject([{ id: 'a.1', verdict: 'passed' }]);
  });
});

describe('mustBeSameRun', () => {
  const journal = journalToResume(killedAfter([])) as Journal;

  test('takes the same run, whenever and wherever it goes on', () => {
    mustBeSameRun(journal, { ...head, startedAt: '2027-01-01T00:00:00Z', host: 'elsewhere' }, 'j');
  });

  test.each([
    ['seed', { seed: 'other' }, /seed \("cafe0001" and "other"\)/],
    ['provider', { provider: 'rest', settings: { url: 'http://b' } }, /provider/],
    ['version', { version: '9.9.9' }, /version/],
    ['strictness', { strict: true }, /--strict/],
    ['selection', { checks: ['a.1'] }, /selection of checks/],
    ['exceptions', { allowInconclusive: ['b.1'] }, /--allow-inconclusive/],
    ['shard', { shard: { index: 1, count: 2, selection: [], ownSystem: false } }, /shard/],
  ] as const)('refuses another %s and says which it was', (_, change, message) => {
    expect(() => mustBeSameRun(journal, { ...head, ...change }, 'reports/journal.ndjson')).toThrow(message);
    try {
      mustBeSameRun(journal, { ...head, ...change }, 'reports/journal.ndjson');
    } catch (error) {
      expect((error as ConfigurationError).hint).toContain('--seed cafe0001');
    }
  });
});

describe('InOrder', () => {
  test('reports both sittings in the order of the run', () => {
    const known = [ALL[2], ALL[0]] as CheckResult[];
    const told: string[] = [];
    const order = new InOrder(head, known, (r) => told.push(r.id));
    order.begin();
    expect(told).toEqual(['a.1']);
    order.take(ALL[1] as CheckResult);
    // b.1 is known: the next check is b.2.
    expect(told).toEqual(['a.1', 'a.2', 'b.1']);
    order.take(ALL[3] as CheckResult);
    order.end();
    order.end();
    expect(told).toEqual(ids(ALL));
  });
});
