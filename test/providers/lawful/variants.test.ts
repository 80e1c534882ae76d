// Lawful providers must pass: some compositions of deviations, each with its part of the hand-written checks.
// variants.long.test.ts tries each with all parts; variants.whole.test.ts all compositions with all suites, variants by
// themselves, and random compositions.
import { describe, expect, test } from 'vitest';
import { compose } from '../../../providers/lawful/variant.js';
import { VARIANTS, variantsNamed } from '../../../providers/lawful/variants.js';
import { requirement } from '../../../src/contract/requirements.js';
import { falseAlarms, GROUPS, LIGHT_CHECKS, runLawful } from './judge.js';

/** Groups that follow each other have different parts of the checks. */
const PARTS = 4;

describe('the lawful variants', () => {
  test('have a name and a sentence each, and leave at most a SHOULD unkept', () => {
    expect(new Set(VARIANTS.map((v) => v.name)).size).toBe(VARIANTS.length);
    for (const { name, says, finds = [], parts, overrides } of VARIANTS) {
      expect(name).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
      expect(says, name).toMatch(/^\w.{20,200}\.$/);
      expect(parts !== undefined || overrides !== undefined, name).toBe(true);
      for (const id of finds) expect(requirement(id).level, `${name} ${id}`).toBe('SHOULD');
    }
  });

  test('do not go together where they decide one thing', () => {
    expect(() => variantsNamed('one-target-a-lun+one-target-a-lun-by-argument')).toThrow(RangeError);
    expect(() => variantsNamed('no-such-variant')).toThrow('unknown lawful variant "no-such-variant"');
    expect(variantsNamed('one-target-a-lun+no-chap')).toHaveLength(2);
  });
});

test('every group of variants is one that one provider can have', () => {
  for (const group of GROUPS) expect(compose(group)).toBe(true);
});

test.concurrent.each(GROUPS.map((group, index) => [group.map(({ name }) => name).join('+'), group, index] as const))(
  'no false alarm for %s',
  async (_name, group, index) => {
    const checks = LIGHT_CHECKS.filter((_, n) => n % PARTS === index % PARTS);
    expect(falseAlarms(group, await runLawful(group, { checks, effort: 'quick' }, true))).toEqual([]);
  },
);
