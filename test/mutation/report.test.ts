import { expect, test } from 'vitest';
import { EXPLAINED } from './explained.js';
import { explanationOf, type Explanation } from './explanation.js';
import { withKeys, type Mutant } from './mutants.js';
import type { Status } from './records.js';
import { markdown, scoreOf, type Tried } from './report.js';

const mutant = (n: number, source = `line ${n}`): Mutant =>
  withKeys([
    { id: String(n), file: 'a.ts', line: n, mutator: 'M', original: 'x', replacement: `y${n}`, source },
  ])[0] as Mutant;
const tried = (n: number, status: Status): Tried => ({
  mutant: mutant(n),
  outcome: { key: mutant(n).key, status, ms: 1 },
});
const BECAUSE: Explanation = { file: 'a.ts', source: 'line 4', kind: 'equivalent', why: 'It is the same.' };

test('the score leaves timeouts apart, and explained survivors only where it is adjusted', () => {
  const all = [tried(1, 'killed'), tried(2, 'timeout'), tried(3, 'survived'), tried(4, 'survived'), tried(5, 'killed')];
  expect(scoreOf(all, [BECAUSE])).toMatchObject({ explained: 1, score: 0.5, adjusted: 2 / 3 });
  expect(scoreOf([...all, tried(6, 'not covered')], []).score).toBe(0.4);
});

test('an explanation does not excuse what was killed', () => {
  expect(scoreOf([tried(4, 'killed')], [BECAUSE])).toMatchObject({ explained: 0, adjusted: 1 });
});

test('an explanation fits by all that it gives', () => {
  expect(explanationOf(mutant(4), [BECAUSE])).toBe(BECAUSE);
  expect(explanationOf(mutant(99, 'line 4'), [BECAUSE])).toBe(BECAUSE);
  expect(explanationOf(mutant(3), [BECAUSE])).toBeUndefined();
  expect(explanationOf(mutant(4), [{ ...BECAUSE, replacement: 'z' }])).toBeUndefined();
});

test('the report lists each survivor once, with its reason where it has one', () => {
  const text = markdown('it', [tried(1, 'killed'), tried(3, 'survived'), tried(4, 'survived')], [BECAUSE], 9);
  const [open = '', explained = ''] = text.split('## Explained survivors');
  expect(open).toContain('`a.ts:3`');
  expect(open).not.toContain('`a.ts:4`');
  expect(explained).toContain('`a.ts:4`');
  expect(explained).toContain('It is the same.');
  expect(text).not.toContain('`a.ts:1`');
});

test('each explanation says why, and is there once', () => {
  for (const { why } of EXPLAINED) expect(why).toMatch(/^[A-Z].{20,}\.$/);
  expect(new Set(EXPLAINED.map((one) => JSON.stringify(one))).size).toBe(EXPLAINED.length);
});
