// With all profiles of the reference provider together, each hand-written check is made somewhere.
import { expect, test } from 'vitest';
import { PROFILE_NAMES } from '../../../providers/in-memory/profiles/profile.js';
import { runChecks, spec } from '../../support/run-checks.js';
import { NOT_FAILED_HERE } from '../defective/unfailed.js';

test('each check is applicable to one of the profiles, unless it needs another transport or history', async () => {
  const silent: Set<string>[] = [];
  for (const profile of PROFILE_NAMES) {
    const results = await runChecks(spec('in-memory', { profile }), { effort: 'quick' });
    silent.push(new Set(results.filter((r) => r.verdict === 'not-applicable').map((r) => r.id)));
  }
  const [first = new Set<string>(), ...others] = silent;
  const nowhere = [...first].filter((id) => others.every((each) => each.has(id)));
  expect(nowhere.filter((id) => NOT_FAILED_HERE[id] === undefined)).toEqual([]);
});
