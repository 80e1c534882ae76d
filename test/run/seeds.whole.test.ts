// No false alarm whatever the seed: ids, names, choices and generated sequences follow it. VDSC_SEEDS says how many
// seeds are tried.
import { expect, test } from 'vitest';
import { runChecks, spec } from '../support/run-checks.js';
import { WHOLE } from '../support/size.js';

const SEEDS = Number(process.env['VDSC_SEEDS'] ?? (WHOLE ? 5 : 1));

test.each(Array.from({ length: SEEDS }, (_, n) => `seed-${n}`))(
  'the reference provider passes every check with the seed %s',
  async (seed) => {
    const results = await runChecks(spec('in-memory'), { seed, strict: true, effort: 'standard' });
    expect(results.length).toBeGreaterThan(1_000);
    expect(
      results
        .filter((r) => r.verdict !== 'passed' && r.verdict !== 'not-applicable')
        .map((r) => `${r.id} ${r.verdict}: ${r.reason}`),
    ).toEqual([]);
    expect(results.flatMap((r) => [...r.findings, ...r.notes.filter((n) => n.kind === 'clean-up')])).toEqual([]);
  },
);
