import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Check } from '../../../src/checks/check.js';
import { checksOfShard, parseShard } from '../../../src/run/order/shards.js';
import { select } from '../../../src/run/selection.js';
import { ConfigurationError } from '../../../src/port/errors.js';
import { SUITES } from '../../../suites/index.js';

const check = (id: string, calls = 1, recoveries = 0) => ({
  check: { id, title: id, requirements: [], cost: { calls, recoveries }, run: async () => {} },
});
const ids = (list: readonly { check: { id: string } }[]): string[] => list.map((c) => c.check.id);
const all = <T extends { readonly check: Check }>(
  selected: readonly T[],
  count: number,
  durations?: ReadonlyMap<string, number>,
): T[][] => Array.from({ length: count }, (_, i) => checksOfShard(selected, { index: i + 1, count }, durations));

describe('parseShard', () => {
  test('reads i/n', () => {
    expect(parseShard('2/5')).toEqual({ index: 2, count: 5 });
    expect(parseShard('1/1')).toEqual({ index: 1, count: 1 });
  });

  test.each(['', '2', '0/3', '4/3', '1/0', '-1/2', '1/2/3', '1.5/2', 'a/b', ' 1/2', '1/99999999'])(
    'refuses "%s" and says how shards are written',
    (text) => {
      expect(() => parseShard(text)).toThrow(ConfigurationError);
      expect(() => parseShard(text)).toThrow(/is not a shard/);
    },
  );
});

describe('checksOfShard', () => {
  const selection = fc
    .array(
      fc.record({
        calls: fc.nat(500),
        recoveries: fc.nat(5),
        ms: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined }),
      }),
      { minLength: 1, maxLength: 60 },
    )
    .map((items) => ({
      selected: items.map(({ calls, recoveries }, i) => check(`s.${i}`, calls, recoveries)),
      durations: new Map(items.flatMap(({ ms }, i) => (ms === undefined ? [] : [[`s.${i}`, ms] as const]))),
    }));

  test('puts every check in exactly one shard, each shard in the order of the selection, and none is empty', () => {
    fc.assert(
      fc.property(selection, fc.nat(59), ({ selected, durations }, n) => {
        const count = (n % selected.length) + 1;
        const shards = all(selected, count, durations);
        expect(
          shards
            .flat()
            .map((c) => c.check.id)
            .sort(),
        ).toEqual(ids(selected).sort());
        for (const shard of shards) {
          expect(shard.length).toBeGreaterThan(0);
          expect(shard.map((c) => selected.indexOf(c))).toEqual(
            shard.map((c) => selected.indexOf(c)).sort((a, b) => a - b),
          );
        }
        expect(all(selected, count, durations)).toEqual(shards);
      }),
    );
  });

  test('leaves no shard with more than the fair share and one check on top', () => {
    fc.assert(
      fc.property(selection, fc.integer({ min: 1, max: 5 }), ({ selected }, n) => {
        const count = Math.min(n, selected.length);
        const durations = new Map(selected.map((c, i) => [c.check.id, (i * 37) % 101] as const));
        const load = (list: readonly { check: { id: string } }[]): number =>
          list.reduce((sum, c) => sum + (durations.get(c.check.id) ?? 0), 0);
        const longest = Math.max(...durations.values());
        for (const shard of all(selected, count, durations))
          expect(load(shard)).toBeLessThanOrEqual(load(selected) / count + longest);
      }),
    );
  });

  test('goes by earlier durations where there are some, and else by cost', () => {
    const selected = [check('s.a', 100), check('s.b', 1), check('s.c', 1), check('s.d', 1)];
    expect(all(selected, 2).map(ids)).toEqual([['s.a'], ['s.b', 's.c', 's.d']]);
    const measured = new Map([
      ['s.a', 1],
      ['s.b', 1000],
      ['s.c', 1],
      ['s.d', 1],
    ]);
    expect(all(selected, 2, measured).map(ids)).toEqual([['s.b'], ['s.a', 's.c', 's.d']]);
  });

  test('takes checks that were never measured at the pace of the others', () => {
    // 10 ms a call: s.c would take 1000 ms, as much as the others together.
    const measured = new Map([
      ['s.a', 500],
      ['s.b', 500],
    ]);
    expect(all([check('s.a', 50), check('s.b', 50), check('s.c', 100)], 2, measured).map(ids)).toEqual([
      ['s.c'],
      ['s.a', 's.b'],
    ]);
  });

  test('counts a recovery for more than a call', () => {
    expect(all([check('s.a', 10, 3), check('s.b', 60), check('s.c', 60)], 2).map(ids)).toEqual([
      ['s.a'],
      ['s.b', 's.c'],
    ]);
  });

  test('refuses more shards than checks, since a shard that checks nothing is not a success', () => {
    expect(() => checksOfShard([check('s.a')], { index: 2, count: 2 })).toThrow(/2 shards for 1 check/);
  });

  test('splits the real suites evenly by their costs', async () => {
    const selected = select(SUITES, {});
    const sizes = all(selected, 4).map((shard) => shard.length);
    expect(sizes.reduce((a, b) => a + b)).toBe(selected.length);
    expect(Math.min(...sizes)).toBeGreaterThan(selected.length / 8);
  });
});
