import { expect, test } from 'vitest';
import { outputTypeOf } from '../../src/contract/async-outputs.js';
import { allMethods } from '../../src/contract/tables.js';

test('every method that hands over an IVdsAsync has a type of output, and no other method has one', () => {
  const starts = allMethods.filter(({ outs }) => outs.some(({ type }) => 'name' in type && type.name === 'IVdsAsync'));
  expect(starts).not.toEqual([]);
  for (const each of allMethods)
    if (starts.includes(each)) expect(outputTypeOf(each.fullName)).toBeGreaterThan(0);
    else expect(() => outputTypeOf(each.fullName)).toThrow(`${each.fullName} starts no operation`);
});
