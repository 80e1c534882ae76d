// Checks that no defect can fail are excused by name. every-check.whole.test.ts proves of all others that a defect
// fails them.
import { expect, test } from 'vitest';
import { select } from '../../../src/run/selection.js';
import { SUITES } from '../../../suites/index.js';
import { NOT_FAILED_HERE } from './unfailed.js';

test('each check that is excused exists', () => {
  const ids = select(SUITES, { effort: 'full' }).map(({ check }) => check.id);
  expect(Object.keys(NOT_FAILED_HERE).filter((id) => !ids.includes(id))).toEqual([]);
});
