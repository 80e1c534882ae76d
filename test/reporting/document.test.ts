import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CheckResult } from '../../src/checks/outcome.js';
import { DOCUMENTS, tapOf } from '../../src/reporting/document.js';
import { createReporters } from '../../src/reporting/reporters.js';
import { newFolder } from '../support/folder.js';
import { hostileText } from './hostile.js';
import { collector, ended, failed, header, passed, play } from './samples.js';

const RESULTS: readonly CheckResult[] = [
  passed('a.a'),
  failed('a.b'),
  ended('a.c', 'not-applicable', 'no such thing # here'),
  failed('a.d', { known: { reason: 'JIRA-1', expires: '2099-01-01' } }),
];

test.each(DOCUMENTS)('%s is the whole standard output, and people read elsewhere', async (format) => {
  const reports = newFolder();
  const [out, lines] = [collector(), collector()];
  await play(createReporters({ reports, out: lines, document: { format, out } }), [...RESULTS]);
  expect(lines.text()).toContain('NOT CONFORMANT');
  const file = { json: 'results.json', junit: 'junit.xml', tap: undefined }[format];
  expect(out.text()).toBe(
    file === undefined ? tapOf(header({ checks: [] }), RESULTS) : readFileSync(join(reports, file), 'utf8'),
  );
});

describe('TAP', () => {
  test('has a point for each check, with what went wrong', () => {
    const lines = tapOf(header(), RESULTS).split('\n');
    expect(lines.slice(0, 4)).toEqual(['TAP version 14', '1..4', 'ok 1 - a.a', 'not ok 2 - a.b']);
    expect(lines[4]).toBe('  ---');
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}reproduce with: "vds-conformance run .*--check a\.b/));
    expect(lines.slice(-3)).toEqual([
      'ok 3 - a.c # SKIP not applicable: no such thing \\# here',
      'not ok 4 - a.d # TODO JIRA-1',
      '',
    ]);
  });

  test('keeps its lines, whatever a provider says', () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        const points = tapOf(header(), [ended('a.a', 'inconclusive', text), failed('a.b', {}, text)]).split('\n');
        expect(points.filter((line) => /^(?:not )?ok \d/.test(line))).toHaveLength(2);
        expect(points.every((line) => /^(?:TAP version 14|1\.\.2|(?:not )?ok \d|  |$)/.test(line))).toBe(true);
      }),
      { numRuns: 25 },
    );
  });
});
