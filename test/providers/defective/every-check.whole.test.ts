// Each check can fail: a defect fails it.
import { expect, test } from 'vitest';
import { select } from '../../../src/run/selection.js';
import { SUITES } from '../../../suites/index.js';
import { sample } from '../../support/size.js';
import { unfailed } from './unfailed.js';

const HINT = 'add a defect that breaks what the check asserts, with the check in its noticedBy';
const written = select(SUITES, { effort: 'quick' });

test('every hand-written check is failed by a defect', async () => {
  expect(await unfailed(written), HINT).toEqual([]);
});

test('generated checks are failed by a defect each', async () => {
  const ids = new Set(written.map(({ check }) => check.id));
  const generated = select(SUITES, { effort: 'full' }).filter(({ check }) => !ids.has(check.id));
  expect(await unfailed(sample(generated, 24)), HINT).toEqual([]);
});
