import { describe, expect, test } from 'vitest';
import { tour } from '../../src/model/index.js';

describe('a tour', () => {
  test.each([1, 2, 3, 7, 12])('over %i commands has each follow each once', (n) => {
    const walk = tour(n);
    expect(walk).toHaveLength(n * n + 1);
    const pairs = walk.slice(1).map((at, i) => `${walk[i]} ${at}`);
    expect(new Set(pairs).size).toBe(n * n);
  });

  test('takes the numbers in the order given', () => {
    expect(new Set(tour(3, [2, 0, 1]))).toEqual(new Set([0, 1, 2]));
    expect(tour(3, [2, 0, 1])[0]).toBe(2);
  });
});
