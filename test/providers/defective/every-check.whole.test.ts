// Each check can fail, also the thousands that are generated.
import { expect, test } from 'vitest';
import { select } from '../../../src/run/selection.js';
import { SUITES } from '../../../suites/index.js';
import { unfailed } from './unfailed.js';

test('every check of effort full is failed by a defect', async () => {
  expect(await unfailed(select(SUITES, { effort: 'full' }))).toEqual([]);
});
