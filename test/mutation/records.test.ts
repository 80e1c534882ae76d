import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder } from '../support/folder.js';
import { escaped, Records } from './records.js';

test('outcomes are found again, the last of each, and a line cut short is left out', () => {
  const file = join(newFolder(), 'deep/mutants.ndjson');
  const first = new Records(file, true);
  first.add({ key: 'a', status: 'survived', ms: 1 });
  first.add({ key: 'b', status: 'killed', ms: 1 });
  first.add({ key: 'a', status: 'killed', ms: 2 });
  appendFileSync(file, '{"key":"c","sta');
  const second = new Records(file, true);
  expect(second.of('a')?.status).toBe('killed');
  expect(second.of('b')?.status).toBe('killed');
  expect(second.of('c')).toBeUndefined();
  second.add({ key: 'd', status: 'timeout', ms: 1 });
  expect(new Records(file, true).of('d')?.status).toBe('timeout');
  expect(new Records(file, false).of('a')).toBeUndefined();
});

test('only survivors escaped', () => {
  expect((['killed', 'timeout', 'survived', 'not covered'] as const).filter((status) => escaped({ status }))).toEqual([
    'survived',
    'not covered',
  ]);
});
