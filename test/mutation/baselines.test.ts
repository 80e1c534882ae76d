import { expect, test } from 'vitest';
import { newFolder } from '../support/folder.js';
import { Baselines } from './baselines.js';

test('a baseline is found again for the same source and bench only', () => {
  const folder = newFolder();
  const kept = new Baselines(folder, 'source');
  expect(kept.of('quick')).toBeUndefined();
  const baseline = { bench: 'quick', checks: [], setUp: { '1': 2 }, atLoad: {} };
  kept.keep(baseline);
  expect(new Baselines(folder, 'source').of('quick')).toEqual(baseline);
  expect(new Baselines(folder, 'source').of('standard')).toBeUndefined();
  expect(new Baselines(folder, 'changed').of('quick')).toBeUndefined();
});
