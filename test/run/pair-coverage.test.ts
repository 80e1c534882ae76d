import { expect, test } from 'vitest';
import type { CheckResult, PlayedPairs } from '../../src/checks/outcome.js';
import { pairCoverage } from '../../src/run/pair-coverage.js';

const tour = (pairs: PlayedPairs): CheckResult => ({
  id: 'interactions.luns',
  suite: 'interactions',
  title: 'A tour',
  requirements: [],
  verdict: 'passed',
  findings: [],
  notes: [],
  calls: 1,
  ms: 1,
  pairs,
});

test('pairs are counted over all tours, apart by what came between, of those of the commands that were played', () => {
  expect(
    pairCoverage([
      tour({ between: 'nothing', followers: { 'create-lun': ['delete-lun', 'create-lun'], 'delete-lun': [] } }),
      tour({ between: 'nothing', followers: { 'delete-lun': ['create-lun'], 'create-lun': ['delete-lun'] } }),
      tour({ between: 'overlap', followers: { 'mask-lun': [] } }),
    ]),
  ).toEqual([
    { between: 'nothing', seen: 3, possible: 4 },
    { between: 'overlap', seen: 0, possible: 1 },
  ]);
});
