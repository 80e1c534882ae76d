import { describe, expect, test } from 'vitest';
import type { CheckResult, Verdict } from '../../src/checks/outcome.js';
import { countVerdicts, coverageOf, EXIT, exitCodeOf } from '../../src/run/summary.js';

const result = (verdict: Verdict, more: Partial<CheckResult> = {}): CheckResult => ({
  id: `suite.${verdict}`,
  suite: 'suite',
  title: '',
  requirements: ['VDS-5.5b'],
  verdict,
  findings: [],
  notes: [],
  calls: 5,
  ms: 1,
  ...more,
});
const exit = (...results: CheckResult[]): number => exitCodeOf(results, [], false);

describe('the exit code', () => {
  test('is 0 when something passed and nothing failed', () => {
    expect(exit(result('passed'))).toBe(EXIT.conformant);
    expect(exit(result('passed'), result('not-applicable'))).toBe(EXIT.conformant);
  });

  test.each(['failed', 'crashed', 'hung'] as const)('is 1 when a check %s', (verdict) =>
    expect(exit(result('passed'), result(verdict))).toBe(EXIT.notConformant),
  );

  test('is 3 when nothing was checked: nothing run is never success', () => {
    expect(exit()).toBe(EXIT.notLoaded);
    expect(exit(result('not-applicable'))).toBe(EXIT.notLoaded);
  });

  test('is 3 when the provider never came up, 2 when it was set up wrongly', () => {
    expect(exit(result('error', { code: 'VDSC_LOAD', calls: 0 }))).toBe(EXIT.notLoaded);
    expect(exit(result('error', { code: 'VDSC_UNREACHABLE', calls: 0 }))).toBe(EXIT.notLoaded);
    expect(exit(result('error', { code: 'VDSC_CONFIG', calls: 0 }))).toBe(EXIT.usage);
    expect(exit(result('hung', { code: 'VDSC_HUNG', calls: 0 }))).toBe(EXIT.notLoaded);
  });

  test('is 4 when the way to the provider was cut off for some checks, and the others passed', () =>
    expect(exit(result('passed'), result('error', { code: 'VDSC_UNREACHABLE', calls: 7 }))).toBe(EXIT.incomplete));

  test('is 1 when the harness itself failed in a check', () =>
    expect(exit(result('passed'), result('error', { code: 'VDSC_INTERNAL' }))).toBe(EXIT.notConformant));

  test('is 4 when a check of a MUST ended inconclusive, unless it is allowed to', () => {
    expect(exit(result('passed'), result('inconclusive'))).toBe(EXIT.incomplete);
    expect(exitCodeOf([result('passed'), result('inconclusive')], [], false, ['suite.inconclusive'])).toBe(
      EXIT.conformant,
    );
    expect(exitCodeOf([result('passed'), result('inconclusive')], [], false, ['suite.*'])).toBe(EXIT.conformant);
    expect(exitCodeOf([result('passed'), result('inconclusive')], [], false, ['other.*'])).toBe(EXIT.incomplete);
    expect(exit(result('passed'), result('inconclusive', { requirements: ['VDS-8.6'] }))).toBe(EXIT.conformant);
  });

  test('is 4 when the engine reported a problem or a check never ran', () =>
    expect(exitCodeOf([result('passed')], ['x never reported'], false)).toBe(EXIT.incomplete));

  test('is 130 when interrupted, whatever else', () =>
    expect(exitCodeOf([result('failed')], [], true)).toBe(EXIT.interrupted));

  test('is worst first: a failure outweighs an inconclusive check', () =>
    expect(exit(result('inconclusive'), result('failed'))).toBe(EXIT.notConformant));
});

describe('coverage', () => {
  test('counts a requirement once, as checked when any check verified it', () => {
    const { checked, notApplicable, observable, untestable } = coverageOf([
      result('passed', { requirements: ['VDS-5.5b', 'VDS-1.6'] }),
      result('not-applicable', { requirements: ['VDS-1.6', 'VDS-11.1'] }),
      result('failed', { requirements: ['VDS-7.1a'] }),
      result('inconclusive', { requirements: ['VDS-8.6'] }),
    ]);
    expect({ checked, notApplicable }).toEqual({ checked: 3, notApplicable: 1 });
    expect(observable).toBeGreaterThan(100);
    expect(untestable).toBeGreaterThan(0);
  });

  test('counts no requirement as checked of which the checks that passed have judged nothing', () => {
    const idle = result('passed', { requirements: ['VDS-1.3a', 'VDS-1.6'], unjudged: ['VDS-1.3a'] });
    expect(coverageOf([idle])).toMatchObject({ checked: 1, notApplicable: 1 });
    const judging = result('passed', { requirements: ['VDS-1.3a'] });
    expect(coverageOf([idle, judging])).toMatchObject({ checked: 2, notApplicable: 0 });
  });
});

test('counts name every verdict', () =>
  expect(countVerdicts([result('passed'), result('passed'), result('hung')])).toMatchObject({
    passed: 2,
    hung: 1,
    failed: 0,
    inconclusive: 0,
  }));
