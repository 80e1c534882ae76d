// Each profile of the reference provider is a conformant provider. test/run/seeds.whole.test.ts says so of the default,
// profiles.whole.test.ts of the generated checks, too.
import { expect, test } from 'vitest';
import { PROFILE_NAMES, DEFAULT_PROFILE } from '../../../providers/in-memory/profiles/profile.js';
import { ConfigurationError } from '../../../src/port/errors.js';
import { REQUIREMENTS } from '../../../src/contract/requirements.js';
import { checkSettings } from '../../../src/port/adapter-settings.js';
import { inMemory } from '../../../providers/in-memory/about.js';
import { FRAME_OF_EFFORT } from '../../../src/run/frame.js';
import { LIGHT_SUITES } from '../../support/size.js';
import { runChecks, spec } from '../../support/run-checks.js';
import { falseAlarms } from '../lawful/judge.js';

test.concurrent.each(PROFILE_NAMES.filter((name) => name !== DEFAULT_PROFILE))(
  '%s passes the hand-written checks that are quick',
  async (profile) => {
    const results = await runChecks(spec('in-memory', { profile }), {
      strict: true,
      suites: LIGHT_SUITES,
      effort: 'quick',
      bare: true,
      frame: FRAME_OF_EFFORT.quick,
    });
    expect(falseAlarms([], results)).toEqual([]);
    expect(results.filter((r) => r.verdict === 'passed').length).toBeGreaterThan(results.length / 2);
  },
);

test('a profile that there is not is refused by its name', async () => {
  const refused = checkSettings(inMemory, { profile: 'floppy' });
  await expect(refused).rejects.toThrow(ConfigurationError);
  await expect(refused).rejects.toThrow(/profile/);
});

test('no requirement waits for a check', () => {
  expect(REQUIREMENTS.filter((r) => r.waiting !== undefined).map((r) => r.id)).toEqual([]);
});
