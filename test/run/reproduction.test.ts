// Whether a failure is seen again, by what, and at what cost. The checks are numbers here;
// test/run/reproduction.whole.test.ts runs real ones.
import { describe, expect, test } from 'vitest';
import { Reproducer, reproduce, type ReproducerOptions } from '../../src/run/reproduction.js';
import { failed, passed } from '../reporting/samples.js';
import type { CheckResult } from '../../src/checks/outcome.js';

const before = Array.from({ length: 100 }, (_, i) => `c${i}`);
const never = (): boolean => false;

describe('reproducing a failure', () => {
  test('tries the check by itself first', async () => {
    expect(await reproduce('x', before, async () => true, 30)).toEqual({ status: 'alone', checks: ['x'], tries: 1 });
  });

  test('finds the checks before it that it needs, in their order', async () => {
    const needs = ['c41', 'c87'];
    const found = await reproduce('x', before, async (ids) => needs.every((id) => ids.includes(id)), 100);
    expect(found).toMatchObject({ status: 'with', checks: [...needs, 'x'] });
  });

  test('takes what is close before it first, and so runs little', async () => {
    const run: number[] = [];
    const found = await reproduce(
      'x',
      before,
      async (ids) => {
        run.push(ids.length);
        return ids.includes('c97');
      },
      30,
    );
    expect(found).toMatchObject({ status: 'with', checks: ['c97', 'x'] });
    expect(Math.max(...run)).toBe(5);
  });

  test('says that it could not, after having tried everything before it', async () => {
    const longest: number[] = [];
    const found = await reproduce('x', before, async (ids) => longest.push(ids.length) < 0, 30);
    expect(found).toEqual({ status: 'not-reproduced', checks: [], tries: longest.length });
    expect(longest.at(-1)).toBe(101);
    expect(await reproduce('x', [], async () => false, 30)).toEqual({ status: 'not-reproduced', checks: [], tries: 1 });
  });

  test.each([1, 2, 5, 9])('stops after %i tries with what failed last', async (most) => {
    let tries = 0;
    const found = await reproduce(
      'x',
      before,
      async (ids) => {
        tries += 1;
        return ids.includes('c50') && ids.includes('c98');
      },
      most,
    );
    expect(tries).toBe(most);
    expect(found.tries).toBe(most);
    if (found.status === 'with') expect(found.checks).toEqual(expect.arrayContaining(['c50', 'c98', 'x']));
    else expect(found).toMatchObject({ status: 'not-reproduced', checks: [] });
  });
});

describe('the reproducer of a run', () => {
  const runs: string[][] = [];
  const reproducer = (options: Partial<ReproducerOptions> = {}): Reproducer => {
    runs.length = 0;
    return new Reproducer({
      tries: 30,
      readOnly: () => false,
      rerun: async (ids) => {
        runs.push([...ids]);
        return failed(ids.at(-1) ?? '');
      },
      ...options,
    });
  };

  test('reproduces each cause once', async () => {
    const it = reproducer();
    expect(await it.of(failed('a.1'), [], never)).toEqual({ status: 'alone', checks: ['a.1'], tries: 1 });
    expect(await it.of(failed('a.2', { requirements: [] }), ['a.1'], never)).toEqual({
      status: 'not-tried',
      checks: ['a.1'],
      tries: 0,
      like: 'a.1',
      reason: 'a.1 fails alike',
    });
    expect(runs).toEqual([['a.1']]);
    const other = failed('a.3', { trace: [] }, 'something else');
    expect(await it.of(other, ['a.1', 'a.2'], never)).toMatchObject({ status: 'alone', checks: ['a.3'] });
  });

  test('sees the check that shows the broken duty best fail again as well, once', async () => {
    const it = reproducer();
    const ofAnother = failed('a.1', { requirements: ['VDS-5.3'] });
    expect(await it.of(ofAnother, [], never)).toMatchObject({ status: 'alone' });
    expect(await it.of(failed('a.2', { requirements: ['VDS-1.3a'] }), ['a.1'], never)).toEqual({
      status: 'alone',
      checks: ['a.2'],
      tries: 1,
    });
    expect(await it.of(failed('a.3', { requirements: ['VDS-1.3a'] }), ['a.1', 'a.2'], never)).toMatchObject({
      like: 'a.2',
    });
    expect(runs).toEqual([['a.1'], ['a.2']]);
  });

  test('does not take another failure for the same', async () => {
    const otherwise: CheckResult[] = [
      passed('a.1'),
      failed('a.1', { verdict: 'crashed', code: 'VDSC_CRASHED' }),
      failed('a.1', { findings: failed('a.1').findings.map((f) => ({ ...f, requirement: 'VDS-5.3' })) }),
    ];
    for (const again of otherwise)
      expect(await reproducer({ rerun: async () => again }).of(failed('a.1'), [], never)).toEqual({
        status: 'not-reproduced',
        checks: [],
        tries: 1,
      });
  });

  test('tries a few of a cause that it cannot reproduce, and no more', async () => {
    const it = reproducer({ rerun: async (ids) => passed(ids.at(-1) ?? '') });
    const statuses: string[] = [];
    for (const id of ['a.1', 'a.2', 'a.3', 'a.4', 'a.5']) statuses.push((await it.of(failed(id), [], never)).status);
    expect(statuses).toEqual(['not-reproduced', 'not-reproduced', 'not-reproduced', 'not-tried', 'not-tried']);
  });

  test.each<[string, Partial<ReproducerOptions>, CheckResult, RegExp]>([
    ['it was told not to', { tries: 0 }, failed('a.1'), /--no-reproduce/],
    ['the system may not be changed again', { readOnly: () => true }, failed('a.1'), /may not be changed again/],
    [
      'the provider could not be opened',
      {},
      failed('a.1', { verdict: 'error', code: 'VDSC_LOAD', calls: 0 }),
      /could not be opened/,
    ],
  ])('tries nothing where %s, and says so', async (_, options, result, reason) => {
    const found = await reproducer(options).of(result, ['a.0'], never);
    expect(found).toMatchObject({ status: 'not-tried', checks: [], tries: 0 });
    expect(found.reason).toMatch(reason);
    expect(runs).toEqual([]);
  });

  test('takes no more time than a minute, or than the checks themselves', async () => {
    let clock = 0;
    const it = reproducer({
      now: () => clock,
      rerun: async (ids) => {
        clock += 50_000;
        return passed(ids.at(-1) ?? '');
      },
    });
    expect(await it.of(failed('a.1'), before, never)).toMatchObject({
      status: 'not-reproduced',
      tries: 2,
      reason: 'it took too long',
    });
    const other = failed('a.2', { trace: [] }, 'another cause');
    expect(await it.of(other, [], never)).toMatchObject({
      status: 'not-tried',
      reason: expect.stringMatching(/as long as/) as string,
    });
    // The checks have gone on meanwhile.
    clock += 200_000;
    expect(await it.of(other, [], never)).toMatchObject({ status: 'not-reproduced', tries: 1 });
  });

  test('stops when the run is to end', async () => {
    expect(await reproducer().of(failed('a.1'), before, () => true)).toEqual({
      status: 'not-tried',
      checks: [],
      tries: 0,
      reason: 'the run was to end',
    });
  });
});
