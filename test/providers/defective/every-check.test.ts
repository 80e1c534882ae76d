// Each hand-written check can fail: a defect fails it. every-check.whole.test.ts says so of the generated ones, too.
import { expect, test } from 'vitest';
import { select } from '../../../src/run/selection.js';
import { SUITES } from '../../../suites/index.js';
import { NOT_FAILED_HERE, unfailed } from './unfailed.js';

test('every check is failed by a defect', async () => {
  expect(
    await unfailed(select(SUITES, { effort: 'quick' })),
    'add a defect that breaks what the check asserts, with the check in its noticedBy',
  ).toEqual([]);
});

test('what is excused exists', async () => {
  const ids = select(SUITES, { effort: 'full' }).map(({ check }) => check.id);
  expect(Object.keys(NOT_FAILED_HERE).filter((id) => !ids.includes(id))).toEqual([]);
});
