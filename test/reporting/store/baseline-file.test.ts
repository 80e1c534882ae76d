import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { BaselineEntry } from '../../../src/run/baseline.js';
import { excuse } from '../../../src/run/baseline.js';
import { ConfigurationError } from '../../../src/port/errors.js';
import { readBaseline, REASON_WANTED, writeBaseline } from '../../../src/reporting/store/baseline-file.js';
import { JUnitReporter } from '../../../src/reporting/junit/junit.js';
import { baselineSchema } from '../../../src/reporting/store/schema.js';
import { ended, failed, header, passed, play } from '../samples.js';
import { newFolder } from '../../support/folder.js';
import { all, parseJUnit } from '../xml.js';

const CHECKS = new Set(['a.1', 'a.2', 'a.3', 'a.4']);
const entry = (change: Partial<BaselineEntry> = {}): BaselineEntry => ({
  check: 'a.1',
  reason: 'ticket 7',
  expires: '2026-12-31',
  ...change,
});

function fileOf(content: unknown): string {
  const file = join(newFolder(), 'baseline.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}
const baseline = (...known: unknown[]): string =>
  fileOf({ schema: 'vds-conformance/baseline', schemaVersion: 1, known });
const entriesOf = (file: string): readonly BaselineEntry[] =>
  baselineSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).known;

describe('readBaseline', () => {
  test('gives the entries', () => {
    expect(readBaseline(baseline(entry(), entry({ check: 'a.2', requirement: 'VDS-1.3a' })), CHECKS)).toEqual([
      entry(),
      entry({ check: 'a.2', requirement: 'VDS-1.3a' }),
    ]);
    expect(readBaseline(baseline(), CHECKS)).toEqual([]);
    const several = entry({ check: 'a.*', requirement: 'VDS-1.3a' });
    expect(readBaseline(baseline(several), CHECKS)).toEqual([several]);
  });

  test.each([
    ['text that is not JSON', 'hello', /cannot be read as a baseline/],
    ['something else', { known: [] }, /schema/],
    ['no reason', { ...entry(), reason: ' ' }, /reason/],
    ['no date', { ...entry(), expires: 'some day' }, /expires/],
    ['a date that there is not', { ...entry(), expires: '2026-02-30' }, /expires/],
    ['a member that is none', { ...entry(), chekc: 'a.2' }, /chekc/],
    ['a check that does not exist', entry({ check: 'a.9' }), /no such check exists: a\.9/],
    ['a requirement that does not exist', entry({ requirement: 'VDS-99' }), /no such requirement exists: VDS-99/],
    ['several checks without a requirement', entry({ check: 'a.*' }), /the requirement is missing for: a\.\*/],
    ['several checks of which there is none', entry({ check: 'b.*', requirement: 'VDS-1.3a' }), /no such check exists/],
    ['a reason that nobody gave', entry({ reason: REASON_WANTED }), /the reason is missing for: a\.1/],
  ])('refuses %s by name', (_, content, message) => {
    const file = typeof content === 'string' || 'known' in content ? fileOf(content) : baseline(content);
    expect(() => readBaseline(file, CHECKS)).toThrow(ConfigurationError);
    expect(() => readBaseline(file, CHECKS)).toThrow(message);
    expect(() => readBaseline(file, CHECKS)).toThrow(file);
  });

  test('refuses a file that is not there', () => {
    expect(() => readBaseline(join(newFolder(), 'none.json'), CHECKS)).toThrow(/ENOENT/);
  });
});

describe('writeBaseline', () => {
  const now = new Date('2026-11-23T21:28:00Z');

  test('writes what is broken, as narrowly as it is known, and wants a reason for each', () => {
    const file = join(newFolder(), 'baseline.json');
    const results = [failed('a.2'), passed('a.1'), ended('a.3', 'crashed', 'c'), ended('a.4', 'error', 'e')];
    expect(writeBaseline(file, results, now)).toBe(2);
    expect(entriesOf(file)).toEqual([
      { check: 'a.2', requirement: 'VDS-1.3a', reason: REASON_WANTED, expires: '2026-12-23' },
      { check: 'a.3', reason: REASON_WANTED, expires: '2026-12-23' },
    ]);
    expect(() => readBaseline(file, CHECKS)).toThrow(/a\.2, a\.3/);
    // Once a person has said why, it excuses what it was written from.
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(REASON_WANTED, 'ticket 7'));
    const head = header({ baseline: readBaseline(file, CHECKS) });
    expect(results.map((r) => excuse(r, head).known !== undefined)).toEqual([true, false, true, false]);
  });

  test('keeps reasons and what was not run, and drops what no longer fails', () => {
    const file = baseline(
      entry(),
      entry({ check: 'a.2' }),
      entry({ check: 'a.3', reason: 'other machine' }),
      entry({ check: 'a.4', requirement: 'VDS-5.3' }),
    );
    expect(writeBaseline(file, [failed('a.1'), passed('a.2'), failed('a.4')], now)).toBe(1);
    expect(entriesOf(file)).toEqual([
      entry(),
      entry({ check: 'a.3', reason: 'other machine' }),
      { check: 'a.4', requirement: 'VDS-1.3a', reason: REASON_WANTED, expires: '2026-12-23' },
    ]);
  });

  test('takes reason and date where they are given, and keeps an entry for several checks', () => {
    const several = entry({ check: 'a.*', requirement: 'VDS-5.3' });
    const file = baseline(several);
    expect(writeBaseline(file, [failed('a.2'), passed('a.1')], now, { reason: 'JIRA-1', until: '2027-01-31' })).toBe(0);
    expect(entriesOf(file)).toEqual([
      several,
      { check: 'a.2', requirement: 'VDS-1.3a', reason: 'JIRA-1', expires: '2027-01-31' },
    ]);
  });

  test('refuses to write over what is none', () => {
    expect(() => writeBaseline(fileOf('mine'), [failed('a.1')], now)).toThrow(ConfigurationError);
    expect(() => writeBaseline(join(newFolder(), 'no', 'folder'), [], now)).toThrow(/cannot be written/);
  });
});

test('in JUnit a known failure is skipped, with its reason and all that a failure shows', async () => {
  const reports = newFolder();
  const head = { baseline: [entry()] };
  await play(
    new JUnitReporter({ reports }),
    [failed('a.1'), failed('a.2')].map((r) => excuse(r, header(head))),
    { header: head },
  );
  const root = await parseJUnit(readFileSync(join(reports, 'junit.xml')));
  expect(all(root, 'failure').length).toBe(1);
  expect(all(root, 'skipped').map((s) => s.attributes['message'])).toEqual([
    'known failure until 2026-12-31: ticket 7',
  ]);
  expect(all(root, 'testcase')[0]?.children.at(-1)?.text).toMatch(
    /Reproduce with.*Requirement .*VDS-1\.3a.*Accepted {7}known failure until/s,
  );
});
