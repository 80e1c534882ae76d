import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reduce } from '../../../src/run/reduction/reduce.js';

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);
const without = <T>(items: readonly T[], index: number): T[] => items.filter((_, i) => i !== index);
const isPart = (part: readonly number[], whole: readonly number[]): boolean =>
  part.every((item, i) => whole.includes(item) && (i === 0 || (part[i - 1] as number) < item));

/** A failure that some items together cause, and whether others among it hide that again. */
const failures = fc.integer({ min: 1, max: 40 }).chain((length) =>
  fc.record({
    items: fc.constant(range(length)),
    needed: fc.uniqueArray(fc.nat(length - 1), { minLength: 1, maxLength: 5 }),
    hiding: fc.option(fc.record({ by: fc.nat(length - 1), unless: fc.nat(length - 1) }), { nil: undefined }),
  }),
);

describe('a failure reduced', () => {
  test('still fails, with a part of the list in its order, of which nothing can be left out', async () => {
    await fc.assert(
      fc.asyncProperty(failures, async ({ items, needed, hiding }) => {
        const fails = (part: readonly number[]): boolean =>
          needed.every((item) => part.includes(item)) &&
          (hiding === undefined || !part.includes(hiding.by) || part.includes(hiding.unless));
        fc.pre(fails(items));
        const asked: (readonly number[])[] = [];
        const kept = await reduce(items, async (part) => {
          asked.push(part);
          return fails(part);
        });
        expect(fails(kept)).toBe(true);
        expect(isPart(kept, items)).toBe(true);
        if (kept.length > 1) for (const index of kept.keys()) expect(fails(without(kept, index))).toBe(false);
        expect(new Set(asked.map(String)).size).toBe(asked.length);
      }),
      { numRuns: 300 },
    );
  });

  test('still fails where it may not be tried to the end', async () => {
    await fc.assert(
      fc.asyncProperty(failures, fc.nat(12), async ({ items, needed }, most) => {
        const fails = (part: readonly number[]): boolean => needed.every((item) => part.includes(item));
        let tries = 0;
        const kept = await reduce(items, async (part) => (tries += 1) <= most && fails(part));
        expect(fails(kept)).toBe(true);
        expect(isPart(kept, items)).toBe(true);
      }),
    );
  });

  test('finds one item among a thousand in few tries', async () => {
    let tries = 0;
    const kept = await reduce(range(1_000), async (part) => {
      tries += 1;
      return part.includes(617);
    });
    expect(kept).toEqual([617]);
    expect(tries).toBeLessThanOrEqual(20);
  });
});
