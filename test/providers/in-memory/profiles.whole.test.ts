// Each profile of the reference provider passes the generated checks as well.
import { expect, test } from 'vitest';
import { PROFILE_NAMES } from '../../../providers/in-memory/profiles/profile.js';
import { runChecks, spec } from '../../support/run-checks.js';
import { standardChecks } from '../../support/size.js';
import { falseAlarms } from '../lawful/judge.js';

test.each(PROFILE_NAMES)('%s passes the checks of standard effort', async (profile) => {
  const results = await runChecks(spec('in-memory', { profile }), { strict: true, checks: standardChecks(8) });
  expect(falseAlarms([], results)).toEqual([]);
});
