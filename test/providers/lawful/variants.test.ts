import { beforeAll, describe, expect, test } from 'vitest';
import { openLawful, VARIANTS } from '../../../providers/lawful/variants.js';
import type { CheckResult } from '../../../src/checks/outcome.js';
import { runChecks } from '../../support/run-checks.js';

/** What differs in these concerns every generated check; the others differ in what the hand-written checks ask. */
const EVERYWHERE: ReadonlySet<string> = new Set([
  'id-dialect-bare',
  'id-dialect-braced',
  'self-healing',
  'answers-from-a-copy',
  'nothing-optional',
  'import-target-not-supported',
  'synchronous',
  'serialising',
]);

describe.each(VARIANTS.map((v) => [v.name, v] as const))('a provider that is lawful although %s', (name, variant) => {
  let results: CheckResult[];
  beforeAll(async () => {
    results = await runChecks(async () => openLawful(variant, { seed: 'lawful' }), {
      strict: true,
      effort: EVERYWHERE.has(name) ? 'standard' : 'quick',
    });
  }, 600_000);

  test('passes every check that applies to it, in strict mode too', () => {
    expect(
      results
        .filter((r) => r.verdict !== 'passed' && r.verdict !== 'not-applicable')
        .map((r) => `${r.id} ${r.verdict}: ${r.reason}`),
    ).toEqual([]);
    expect(results.flatMap((r) => [...r.findings, ...r.notes.filter((n) => n.kind === 'clean-up')])).toEqual([]);
  });

  test('really differs from the reference where it should', () => {
    const verdicts = new Map(results.map((r) => [r.id, r]));
    const dialect = verdicts
      .get('import-target.dialect')
      ?.notes.find((n) => n.text.startsWith('import-target dialect: '))
      ?.text.slice('import-target dialect: '.length);
    const expected: Readonly<Record<string, string | undefined>> = {
      'id-dialect-bare': 'id-bare',
      'id-dialect-braced': 'id-braced',
      'nothing-optional': undefined,
      'import-target-not-supported': undefined,
      'simple-targets-only': undefined,
    };
    expect(dialect).toBe(name in expected ? expected[name] : 'name');
    expect(verdicts.get('import-target.not-supported')?.verdict).toBe(
      name === 'import-target-not-supported' ? 'passed' : 'not-applicable',
    );
    if (['nothing-optional', 'import-target-not-supported'].includes(name))
      expect(results.filter((r) => r.verdict === 'not-applicable').length).toBeGreaterThan(10);
  });
});
