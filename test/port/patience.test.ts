// How long a method that has hung before is waited for.
import { expect, test } from 'vitest';
import { Patience } from '../../src/port/patience.js';

test('a method that hung twice gets a short limit, the others and the first two their whole one', () => {
  const patience = new Patience();
  patience.hung('A');
  expect(patience.limitFor('A', 600_000)).toEqual({ limit: 600_000 });
  patience.hung('A');
  expect(patience.limitFor('A', 600_000).limit).toBe(10_000);
  expect(patience.limitFor('A', 600_000).reason).toMatch(/hung 2 times/);
  expect(patience.limitFor('B', 600_000)).toEqual({ limit: 600_000 });
});

test('one that is slow and comes back still can', () => {
  const patience = new Patience();
  patience.answered('A', 60_000);
  patience.hung('A');
  patience.hung('A');
  expect(patience.limitFor('A', 600_000).limit).toBe(300_000);
  expect(patience.limitFor('A', 100_000)).toEqual({ limit: 100_000 });
});
