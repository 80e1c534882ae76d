// Sizes at the edges of what an argument holds.
import { expect, test } from 'vitest';
import { wrapping } from '../../src/model/commands/sizes.js';
import { GIB, MIB } from '../../src/contract/sizes.js';

const LARGEST = (1n << 64n) - 1n;

test('what wraps around 64 bits is an argument still, also for a LUN that shrunk to little', () => {
  for (const size of [0n, MIB, 48n * MIB - 1n, 64n * MIB, 65n * MIB, 4n * GIB])
    for (const { bytes } of wrapping(size)) expect(bytes).toBeLessThanOrEqual(LARGEST);
  expect(wrapping(48n * MIB)).toHaveLength(1);
  expect(wrapping(65n * MIB)).toHaveLength(2);
});
