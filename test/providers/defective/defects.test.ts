// The catalogue of defects, and for each defect that the cheapest check of its `noticedBy` notices it. What takes long
// is in defects.long.test.ts.
import { describe, expect, test } from 'vitest';
import { BLIND } from '../../../providers/defective/blind/defects.js';
import { DEFECTS } from '../../../providers/defective/catalogue.js';
import { requirement } from '../../../src/contract/requirements.js';
import { ALL_CHECKS, cheapestOf, isQuick, mustBeNoticed } from './noticing.js';
import { PATIENT } from './outcome.js';

describe('the catalogue of defects', () => {
  test('names each defect once, in words', () => {
    expect(new Set(DEFECTS.map((d) => d.name)).size).toBe(DEFECTS.length);
    for (const { name, says } of DEFECTS) {
      expect(name).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)+$/);
      expect(says).toMatch(/^\w.{20,180}\.$/);
    }
  });

  test('names requirements that exist, and --strict exactly where only SHOULD is broken', () => {
    for (const { name, breaks, strict } of DEFECTS) {
      expect(breaks.length, name).toBeGreaterThan(0);
      expect(
        breaks.every((id) => requirement(id).level === 'SHOULD'),
        name,
      ).toBe(strict === true);
    }
  });

  test('holds one defect each: a part of the reference replaced, or an override', () => {
    for (const d of DEFECTS) expect(d.parts !== undefined || d.overrides !== undefined, d.name).toBe(true);
  });

  test('names checks that exist', () => {
    const ids = new Set(ALL_CHECKS.map(({ check }) => check.id));
    for (const { name, noticedBy, after = [] } of [...DEFECTS, ...BLIND]) {
      expect(noticedBy.length, name).toBeGreaterThan(0);
      expect(
        [...noticedBy, ...after].filter((id) => !ids.has(id)),
        name,
      ).toEqual([]);
    }
  });
});

// Half of the time is waiting for operations, limits and processes: several at once wait together.
test.concurrent.each(DEFECTS.filter(isQuick).map((d) => [d.name, d] as const))(
  '%s is noticed',
  async (_name, defect) => {
    await mustBeNoticed(defect, [cheapestOf(defect)], undefined, PATIENT);
  },
);
