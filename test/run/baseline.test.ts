import { describe, expect, test } from 'vitest';
import { excuse, type BaselineEntry } from '../../src/run/baseline.js';
import { EXIT, summarize } from '../../src/run/summary.js';
import { ended, failed, header, passed } from '../reporting/samples.js';

const entry = (change: Partial<BaselineEntry> = {}): BaselineEntry => ({
  check: 'a.1',
  reason: 'ticket 7',
  expires: '2026-12-31',
  ...change,
});
const known = { reason: 'ticket 7', expires: '2026-12-31' };
const run = (...baseline: BaselineEntry[]) => header({ baseline });
const beside = { problems: [], interrupted: false, ms: 1 };

describe('excuse', () => {
  test('marks the failure of a known check, or of a known requirement of it, and nothing else', () => {
    expect(excuse(failed('a.1'), run(entry())).known).toEqual(known);
    expect(excuse(failed('a.1'), run(entry({ requirement: 'VDS-1.3a' }))).known).toEqual(known);
    expect(excuse(failed('a.1'), run(entry({ requirement: 'VDS-5.3' }))).known).toBeUndefined();
    expect(excuse(failed('a.2'), run(entry())).known).toBeUndefined();
    expect(excuse(failed('a.1'), header()).known).toBeUndefined();
  });

  test('marks those of several checks, for the requirement that the entry names', () => {
    const several = run(entry({ check: 'a.*', requirement: 'VDS-1.3a' }));
    expect(excuse(failed('a.1'), several).known).toEqual(known);
    expect(excuse(failed('b.1'), several).known).toBeUndefined();
    expect(excuse(ended('a.1', 'crashed', 'r'), several).known).toBeUndefined();
  });

  test('goes by the finding that ended the check, not by what was found before it', () => {
    const findings = [
      { requirement: 'VDS-1.3b', level: 'SHOULD' as const, message: 'm' },
      { requirement: 'VDS-1.3a', level: 'MUST' as const, message: 'm' },
    ];
    expect(excuse(failed('a.1', { findings }), run(entry({ requirement: 'VDS-1.3b' }))).known).toBeUndefined();
  });

  test.each([
    ['crashed', true],
    ['hung', true],
    ['error', false],
    ['inconclusive', false],
    ['not-applicable', false],
  ] as const)('of a check that %s: %s', (verdict, excused) => {
    expect(excuse(ended('a.1', verdict, 'r'), run(entry())).known !== undefined).toBe(excused);
    // A requirement was not seen to be broken.
    expect(excuse(ended('a.1', verdict, 'r'), run(entry({ requirement: 'VDS-1.3a' }))).known).toBeUndefined();
  });

  test('holds to the end of its last day, by the start of the run', () => {
    expect(excuse(failed('a.1'), run(entry({ expires: '2026-11-23' }))).known).toBeDefined();
    expect(excuse(failed('a.1'), run(entry({ expires: '2026-11-22' }))).known).toBeUndefined();
  });
});

describe('a run with a baseline', () => {
  const judge = (results: Parameters<typeof summarize>[1], ...baseline: BaselineEntry[]) => {
    const head = run(...baseline);
    return summarize(
      head,
      results.map((r) => excuse(r, head)),
      beside,
    );
  };

  test('is conformant but for what is known, which is counted all the same', () => {
    const summary = judge([failed('a.1'), passed('a.2')], entry());
    expect(summary).toMatchObject({
      exitCode: EXIT.conformant,
      counts: { failed: 1, passed: 1 },
      baseline: { known: 1, unexpectedPasses: [], expired: [] },
    });
    expect(judge([failed('a.1'), failed('a.2')], entry()).exitCode).toBe(EXIT.notConformant);
    // All that ran is known: something was checked.
    expect(judge([failed('a.1')], entry()).exitCode).toBe(EXIT.conformant);
  });

  test('reports entries that can go and those that have expired, but none whose check did not run', () => {
    const gone = entry({ check: 'a.2' });
    const old = entry({ expires: '2026-01-01' });
    const elsewhere = entry({ check: 'b.9', expires: '2026-01-01' });
    expect(judge([failed('a.1'), passed('a.2')], old, gone, elsewhere)).toMatchObject({
      exitCode: EXIT.notConformant,
      baseline: { known: 0, unexpectedPasses: [gone], expired: [old] },
    });
  });

  test('reports an entry for several checks when it excuses none of them', () => {
    const several = entry({ check: 'a.*', requirement: 'VDS-1.3a' });
    expect(judge([failed('a.1'), passed('a.2')], several)).toMatchObject({
      baseline: { known: 1, unexpectedPasses: [] },
    });
    expect(judge([passed('a.1'), passed('a.2')], several)).toMatchObject({ baseline: { unexpectedPasses: [several] } });
  });
});
