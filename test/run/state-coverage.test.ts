// The cells of tours through states are counted over all checks of a run.
import { expect, test } from 'vitest';
import { stateCoverage } from '../../src/run/state-coverage.js';
import type { CheckResult, VisitedCells } from '../../src/checks/outcome.js';

const result = (visited?: readonly VisitedCells[]): CheckResult =>
  ({ id: 'interactions.states.x', ...(visited === undefined ? {} : { visited }) }) as CheckResult;

test('a cell that one check left and another one visited is seen', () => {
  const left = { 'mask-lun': ['sibling LUN'], 'name-lun': ['beside'] };
  expect(
    stateCoverage([
      result([{ state: 'OFFLINE', seen: { 'mask-lun': ['subject LUN'] }, left }]),
      result([{ state: 'OFFLINE', seen: { 'mask-lun': ['sibling LUN'] }, left: {} }]),
      result([{ state: 'FAILED', seen: {}, left: { 'name-lun': ['beside'] } }]),
      result(),
    ]),
  ).toEqual([
    { state: 'OFFLINE', seen: 2, possible: 3 },
    { state: 'FAILED', seen: 0, possible: 1 },
  ]);
});
