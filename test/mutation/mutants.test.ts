import { expect, test } from 'vitest';
import { choose, withKeys, type Mutant } from './mutants.js';

const raw = (id: string, line: number, more: Partial<Mutant> = {}): Omit<Mutant, 'key'> => ({
  id,
  file: 'a/one.ts',
  line,
  mutator: 'BooleanLiteral',
  original: 'true',
  replacement: 'false',
  source: 'return true;',
  ...more,
});

test('a key outlives a moved line', () => {
  const [before] = withKeys([raw('1', 10)]);
  const [after] = withKeys([raw('7', 25)]);
  expect(after?.key).toBe(before?.key);
});

test('mutants that read alike have different keys', () => {
  const keys = withKeys([raw('1', 10), raw('2', 20), raw('3', 20, { replacement: 'null' })]).map(({ key }) => key);
  expect(new Set(keys).size).toBe(3);
});

const many = withKeys(
  Array.from({ length: 40 }, (_, n) => raw(String(n), n, { file: n < 20 ? 'a/one.ts' : 'b/two.ts' })),
);

test('a file or a folder is chosen by its path, and not by a part of it', () => {
  expect(choose(many, { files: ['a/one.ts'], seed: 's' })).toHaveLength(20);
  expect(choose(many, { files: ['b', 'a/'], seed: 's' })).toHaveLength(40);
  expect(choose(many, { files: ['a/one'], seed: 's' })).toHaveLength(0);
  expect(choose(many, { files: ['b/two.ts:30'], seed: 's' }).map(({ line }) => line)).toEqual([30]);
});

test('a sample is the same for the same seed, and begins with the smaller one', () => {
  const taken = choose(many, { files: [], sample: 10, seed: 's' });
  expect(new Set(taken).size).toBe(10);
  expect(choose(many, { files: [], sample: 10, seed: 's' })).toEqual(taken);
  expect(choose(many, { files: [], sample: 10, seed: 'other' })).not.toEqual(taken);
  expect(choose(many, { files: [], sample: 4, seed: 's' })).toEqual(taken.slice(0, 4));
  expect(choose(many, { files: [], sample: 99, seed: 's' })).toEqual(many);
});
