import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UniqueNames } from '../../../src/reporting/text/unique-names.js';

test('a name that is new comes back as it is, and one that is not gets the next number', () => {
  const names = new UniqueNames();
  expect(['a', 'b', 'a', 'a', 'a (2)', 'b'].map((name) => names.take(name))).toEqual([
    'a',
    'b',
    'a (2)',
    'a (3)',
    'a (2) (2)',
    'b (2)',
  ]);
});

test("what counts as the same is the caller's to say", () => {
  const names = new UniqueNames(
    (n) => `-${n}`,
    (name) => name.toLowerCase(),
  );
  expect(['a', 'A', 'B'].map((name) => names.take(name))).toEqual(['a', 'A-2', 'B']);
});

test('all that is handed out stays apart, whatever is asked for', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom('a', 'a (2)', 'a (3)', ''), fc.string({ unit: 'binary' })), { maxLength: 60 }),
      (asked) => {
        const names = new UniqueNames();
        const given = asked.map((name) => names.take(name));
        expect(new Set(given).size).toBe(asked.length);
      },
    ),
  );
});

test('of 300,000 names that differ in little, none is taken for another', () => {
  const names = new UniqueNames();
  for (let n = 0; n < 300_000; n++) {
    const name = `luns.case-${n}`;
    if (names.take(name) !== name) expect.fail(`${name} was taken for another`);
  }
});
