// Each lawful variant by itself, with all checks that it concerns, in groups, and in random compositions.
import { describe, expect, test } from 'vitest';
import { VARIANTS } from '../../../providers/lawful/variants.js';
import { randomFor } from '../../../src/checks/random.js';
import { sample, WHOLE } from '../../support/size.js';
import { falseAlarms, GROUPS, runLawful, someOf } from './judge.js';

describe.each(sample(VARIANTS, 20).map((variant) => [variant.name, variant] as const))(
  'a provider that is lawful although %s',
  (_, variant) => {
    test('is failed by no check', async () => {
      const results = await runLawful([variant], {
        effort: WHOLE && variant.everywhere === true ? 'standard' : 'quick',
      });
      expect(falseAlarms([variant], results)).toEqual([]);
    }, 600_000);
  },
);

test.each(GROUPS.map((group) => [group.map(({ name }) => name).join('+'), group] as const))(
  'no false alarm for %s',
  async (_name, group) => {
    expect(falseAlarms(group, await runLawful(group, { effort: 'quick' }, true))).toEqual([]);
  },
  600_000,
);

const COMPOSITIONS = WHOLE ? 50 : 3;
describe('compositions', () => {
  const compositions = Array.from({ length: COMPOSITIONS }, (_, n) => {
    const random = randomFor('compositions', String(n));
    return someOf(VARIANTS, (limit) => random.below(limit));
  });
  test.each(compositions.map((some) => [some.map(({ name }) => name).join('+'), some] as const))(
    'no false alarm for %s',
    async (_name, some) => {
      expect(falseAlarms(some, await runLawful(some, { effort: 'quick' }))).toEqual([]);
    },
    600_000,
  );
});
