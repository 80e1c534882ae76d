// Lawful providers must pass: some compositions of deviations, with the suites that are quick.
import { expect, test } from 'vitest';
import { falseAlarms, GROUPS, LIGHT_CHECKS, runLawful } from './judge.js';

test.each(GROUPS.map((group) => [group.map(({ name }) => name).join('+'), group] as const))(
  'no false alarm for %s',
  async (_name, group) => {
    expect(falseAlarms(group, await runLawful(group, { checks: LIGHT_CHECKS, effort: 'quick' }, true))).toEqual([]);
  },
  600_000,
);
