// A check names the requirements that it judges: whoever counts the checks that name a requirement counts those that
// can fail it. Each pair of the two must be seen: some run against a reference provider, or a lawful variant, judges
// the requirement in that check, or a defect that breaks it is known to be noticed by the check.
import { expect, test } from 'vitest';
import { DEFECTS } from '../../providers/defective/catalogue.js';
import { PROFILE_NAMES } from '../../providers/in-memory/profiles/profile.js';
import { openDeviating, type Variant } from '../../providers/lawful/variant.js';
import { variantsNamed } from '../../providers/lawful/variants.js';
import { familyOf, isGenerated, type Check } from '../../src/checks/check.js';
import { select } from '../../src/run/selection.js';
import { SUITES } from '../../suites/index.js';
import { LIGHT_CHECKS } from '../providers/lawful/judge.js';
import { runChecks } from '../support/run-checks.js';
import { WHOLE } from '../support/size.js';

const SEED = 'i9';

/** Habits on which it depends what is judged, and that no reference provider has. */
const HABITS = [
  'id-dialect-bare',
  'needs-a-callback',
  'finds-named-kinds-by-id-alone',
  'cancel-is-not-supported',
  'asks-the-device-path',
];

/** Checks of which no run of this test shows all that they judge, each with the reason. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'consistency.stripe-sizes': 'no reference system has a striped LUN before a check makes one',
  'faults.crash.IVdsLun.Extend': 'a provider of this process cannot crash alone',
  'faults.crash.IVdsLun.Delete': 'a provider of this process cannot crash alone',
  'faults.crash.IVdsLun.GetProperties': 'a provider of this process cannot crash alone',
  'stories.few': 'what a generated story comes to is up to its seed',
  'stories.some': 'what a generated story comes to is up to its seed',
  'memory.outputs-are-the-callers': 'a provider of this process has no memory of COM',
};

/** The checks of a family count as one, however many methods, faults and moments it goes through. */
const countedAs = (check: Check): string => (isGenerated(check) ? `${familyOf(check)}.*` : check.id);

const pair = (check: Check, requirement: string): string => `${countedAs(check)} ${requirement}`;

test('each check judges each requirement that it names, where the provider lets it', async () => {
  const checks = (WHOLE ? select(SUITES, { effort: 'standard' }) : select(SUITES, { checks: LIGHT_CHECKS }))
    .map(({ check }) => check)
    .filter(({ id }) => !(id in ELSEWHERE));
  const byId = new Map(checks.map((check) => [check.id, check]));
  const left = new Set(checks.flatMap((check) => check.requirements.map((id) => pair(check, id))));
  for (const { breaks, noticedBy } of DEFECTS)
    for (const check of noticedBy.flatMap((id) => byId.get(id) ?? []))
      for (const id of breaks) left.delete(pair(check, id));

  const run = async (variants: readonly Variant[]): Promise<void> => {
    const wanted = checks.filter((check) => check.requirements.some((id) => left.has(pair(check, id))));
    const results = await runChecks(async () => openDeviating(variants, { seed: SEED }), {
      checks: wanted.map(({ id }) => id),
      seed: SEED,
    });
    for (const { id, requirements, unjudged = [], verdict } of results) {
      const check = byId.get(id);
      if (check === undefined || verdict !== 'passed') continue;
      for (const each of requirements) if (!unjudged.includes(each)) left.delete(pair(check, each));
    }
  };
  for (const profile of PROFILE_NAMES) await run([{ name: profile, says: 'is a reference provider', profile }]);
  for (const name of HABITS) await run(variantsNamed(name));
  expect([...left]).toEqual([]);
}, 3_600_000);

test('checks that are judged elsewhere are those of the suites', () => {
  const ids = new Set(SUITES.flatMap((suite) => suite.checks.map(({ id }) => id)));
  expect(Object.keys(ELSEWHERE).filter((id) => !ids.has(id))).toEqual([]);
});
