import { expect, test } from 'vitest';
import type { Baseline, BaselineCheck } from './orders.js';
import { Planner } from './plan.js';

const check = (id: string, ms: number, hits: Record<string, number> = {}, group?: number): BaselineCheck => ({
  id,
  verdict: 'passed',
  noticed: false,
  ms,
  hits,
  ...(group === undefined ? {} : { group }),
});
const baseline = (checks: readonly BaselineCheck[], more: Partial<Baseline> = {}): Baseline => ({
  bench: 'quick',
  checks,
  setUp: {},
  atLoad: {},
  ...more,
});
const planner = (one: Baseline, inOrder = false): Planner => new Planner([{ name: one.bench, inOrder }], [one]);
const idsOf = (planned: Planner, mutant: string): string[] =>
  planned.planOf({ id: mutant, file: 'f' }).steps.flatMap(({ checks }) => checks.map(({ id }) => id));

const THREE = [check('dear', 9, { m: 2 }), check('other', 1, { x: 1 }), check('cheap', 3, { m: 5 })];

test('a mutant meets the checks that come by it, cheapest first', () => {
  expect(idsOf(planner(baseline(THREE)), 'm')).toEqual(['cheap', 'dear']);
});

test('the check that killed others of the file comes first', () => {
  const one = planner(baseline(THREE));
  one.learn({ file: 'f' }, { bench: 'quick', check: 'dear' });
  expect(idsOf(one, 'm')).toEqual(['dear', 'cheap']);
  one.learn({ file: 'another' }, { bench: 'quick', check: 'cheap' });
  one.learn({ file: 'another' }, { bench: 'quick', check: 'cheap' });
  expect(idsOf(one, 'm')).toEqual(['dear', 'cheap']);
});

test('a mutant that no check comes by is not tried', () => {
  expect(idsOf(planner(baseline(THREE)), 'y')).toEqual([]);
});

test('a mutant of the set-up meets every check, as each finds what it made', () => {
  expect(idsOf(planner(baseline(THREE, { setUp: { m: 1 } })), 'm')).toEqual(['cheap', 'dear', 'other']);
});

test('a mutant of code that runs as modules are loaded needs a thread of its own', () => {
  expect(planner(baseline(THREE)).planOf({ id: 'm', file: 'f' }).atLoad).toBe(false);
  const plan = planner(baseline(THREE, { atLoad: { s: 1 } })).planOf({ id: 's', file: 'f' });
  expect(plan.atLoad).toBe(true);
  expect(plan.steps[0]?.checks).toHaveLength(3);
});

test('checks of a group are met together, as the first does the work of all', () => {
  const grouped = baseline([check('first', 5, { m: 1 }, 0), check('second', 1, {}, 0), check('alone', 1, {}, 1)]);
  expect(idsOf(planner(grouped), 'm').toSorted()).toEqual(['first', 'second']);
});

test('the checks of a defect that shows in one order only stay in it', () => {
  const after = baseline([check('before', 9), check('shows', 1, { m: 1 })]);
  expect(idsOf(planner(after, true), 'm')).toEqual(['before', 'shows']);
});

test('the limit of a loop follows how often its place is come by otherwise', () => {
  const { hitLimit } = planner(baseline(THREE)).planOf({ id: 'm', file: 'f' });
  expect(hitLimit).toBe(10_500);
});
