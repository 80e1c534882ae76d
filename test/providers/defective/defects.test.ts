// Proves that the suite notices each defect, for what it breaks: each check of its `noticedBy` fails, and together they name all that it breaks.
import { describe, expect, test } from 'vitest';
import { BLIND } from '../../../providers/defective/blind/defects.js';
import { DEFECTS } from '../../../providers/defective/catalogue.js';
import { requirement } from '../../../src/contract/requirements.js';
import { select } from '../../../src/run/selection.js';
import { SUITES } from '../../../suites/index.js';
import { brief, endedAs, named, noticed, outcomeOf } from './outcome.js';

const all = select(SUITES, { effort: 'full' });

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
    const ids = new Set(all.map(({ check }) => check.id));
    for (const { name, noticedBy, after = [] } of [...DEFECTS, ...BLIND]) {
      expect(noticedBy.length, name).toBeGreaterThan(0);
      expect(
        [...noticedBy, ...after].filter((id) => !ids.has(id)),
        name,
      ).toEqual([]);
    }
  });
});

test.each(DEFECTS.map((d) => [d.name, d] as const))('%s is noticed, for what it breaks', async (_name, defect) => {
  const ids = new Set([...(defect.after ?? []), ...defect.noticedBy]);
  const outcome = await outcomeOf(
    defect,
    all.filter(({ check }) => ids.has(check.id)),
  );
  const results = outcome.results.filter((r) => defect.noticedBy.includes(r.id));
  expect(brief(results.filter((r) => !noticed(r)))).toEqual([]);
  if (defect.ends !== undefined) {
    const { as, during } = defect.ends;
    expect(
      results.some((r) => endedAs(defect, r)),
      `as ${as} during ${during}, but: ${brief(results).join('\n')}`,
    ).toBe(true);
  } else {
    const found = named(results);
    expect(
      defect.breaks.filter((id) => !found.has(id)),
      brief(results).join('\n'),
    ).toEqual([]);
    expect(
      results.filter((r) => r.verdict === 'error'),
      'a defect of a provider is no error of the harness',
    ).toEqual([]);
  }
  if (defect.strict !== true) return;
  // Without --strict it is a finding and no failure.
  expect(brief(outcome.lenient.filter(noticed))).toEqual([]);
  const found = named(outcome.lenient);
  expect(defect.breaks.filter((id) => !found.has(id))).toEqual([]);
});
