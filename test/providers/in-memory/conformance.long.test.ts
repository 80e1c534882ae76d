// The reference provider passes every hand-written check, without a finding. test/run/seeds.whole.test.ts says so of the generated ones, too.
import { expect, test } from 'vitest';
import { runChecks, spec } from '../../support/run-checks.js';
import { brief } from '../defective/outcome.js';

test.each([false, true])('the reference provider passes every check of effort quick (strict: %s)', async (strict) => {
  const results = await runChecks(spec('in-memory'), { strict, effort: 'quick' });
  expect(brief(results.filter((r) => r.verdict !== 'passed' && r.verdict !== 'not-applicable'))).toEqual([]);
  expect(results.flatMap((r) => [...r.findings, ...r.notes.filter((n) => n.kind === 'clean-up')])).toEqual([]);
});
