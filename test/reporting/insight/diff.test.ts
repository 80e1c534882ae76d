import { describe, expect, test } from 'vitest';
import type { CheckResult, Verdict } from '../../../src/checks/outcome.js';
import { VERDICTS } from '../../../src/checks/outcome.js';
import { diffLines, diffRuns } from '../../../src/reporting/insight/diff.js';
import type { StoredRun } from '../../../src/reporting/store/read-run.js';
import { ended, failed, header, passed } from '../samples.js';

const run = (
  results: readonly CheckResult[],
  checks: readonly string[] = results.map((r) => r.id),
  file = 'r',
): StoredRun => ({ file, header: header({ checks }), results });
const of = (verdict: Verdict): CheckResult =>
  verdict === 'passed' ? passed('a.1') : verdict === 'failed' ? failed('a.1') : ended('a.1', verdict, 'because');
const ids = (changes: readonly { id: string }[]): string[] => changes.map((c) => c.id);

describe('diffRuns', () => {
  test('a run has nothing worse than itself', () => {
    const same = run([passed('a.1'), failed('a.2'), ended('a.3', 'inconclusive', 'w')]);
    expect(diffRuns(same, same)).toEqual({
      newFailures: [],
      fixed: [],
      newlyInconclusive: [],
      newlyNotApplicable: [],
      notRun: [],
      added: [],
      removed: [],
      worse: [],
      stillFailing: [
        {
          id: 'a.2',
          before: 'failed',
          after: 'failed',
          what: '[VDS-1.3a] GetImportTarget answered S_OK and must answer VDS_E_NO_IMPORT_TARGET',
        },
      ],
    });
  });

  test.each(VERDICTS.flatMap((before) => VERDICTS.map((after) => [before, after] as const)))(
    '%s, then %s',
    (before, after) => {
      const diff = diffRuns(run([of(before)]), run([of(after)]));
      const failing = (v: Verdict): boolean => ['failed', 'crashed', 'hung', 'error'].includes(v);
      expect(ids(diff.newFailures)).toEqual(!failing(before) && failing(after) ? ['a.1'] : []);
      expect(ids(diff.stillFailing)).toEqual(failing(before) && failing(after) ? ['a.1'] : []);
      expect(ids(diff.fixed)).toEqual(failing(before) && after === 'passed' ? ['a.1'] : []);
      expect(ids(diff.newlyInconclusive)).toEqual(before !== 'inconclusive' && after === 'inconclusive' ? ['a.1'] : []);
      expect(ids(diff.newlyNotApplicable)).toEqual(
        before !== 'not-applicable' && after === 'not-applicable' ? ['a.1'] : [],
      );
      const order = (v: Verdict): number =>
        failing(v) ? 3 : v === 'inconclusive' ? 2 : v === 'not-applicable' ? 1 : 0;
      expect(diff.worse).toEqual(order(after) > order(before) ? ['a.1'] : []);
    },
  );

  test('another selection is reported and is not worse in itself; an added check that fails is', () => {
    const diff = diffRuns(
      run([passed('a.1'), passed('a.2')]),
      run([passed('a.2'), passed('a.3'), failed('a.4'), ended('a.5', 'inconclusive', 'w')]),
    );
    expect([ids(diff.added), ids(diff.removed), ids(diff.newFailures), diff.worse]).toEqual([
      ['a.3', 'a.4', 'a.5'],
      ['a.1'],
      ['a.4'],
      ['a.4'],
    ]);
  });

  test('a check that the newer run selected and did not reach is worse off', () => {
    const diff = diffRuns(run([passed('a.1'), passed('a.2')]), run([passed('a.1')], ['a.1', 'a.2']));
    expect([ids(diff.notRun), ids(diff.removed), diff.worse]).toEqual([['a.2'], [], ['a.2']]);
  });
});

describe('diffLines', () => {
  test('name the runs, what changed and why, and end with the verdict', () => {
    const [before, after] = [
      run([passed('a.1'), failed('a.2')], undefined, 'old/results.json'),
      run([failed('a.1', {}, 'first\nsecond \x1b[31mred'), passed('a.2')], undefined, 'new/results.json'),
    ];
    const text = diffLines(before, after, diffRuns(before, after)).join('\n');
    expect(text).toMatch(/before .*cafe0001.*old\/results\.json\nafter .*new\/results\.json/);
    expect(text).toMatch(/New failures \(1\)\n {2}a\.1 {2}passed → failed {2}\[VDS-1\.3a\] first second red\n/);
    expect(text).toMatch(/Fixed \(1\)\n {2}a\.2 {2}failed → passed/);
    expect(text).toMatch(/\n1 check is worse off than before\.$/);
  });

  test('stay short where hundreds changed', () => {
    const many = run(Array.from({ length: 500 }, (_, i) => passed(`a.${i}`)));
    const lines = diffLines(run([]), many, diffRuns(run([]), many));
    expect(lines.length).toBeLessThan(40);
    expect(lines.join('\n')).toContain('and 480 more');
    expect(lines.at(-1)).toBe('Nothing got worse.');
  });
});
