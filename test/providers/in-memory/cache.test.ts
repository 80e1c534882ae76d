import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { v4 } from 'uuid';
import { Cache } from '../../../providers/in-memory/cache/cache.js';
import { CacheCorrupt } from '../../../providers/in-memory/failure.js';
import { History } from '../../../providers/in-memory/cache/history.js';
import { given, NOBODY } from './system.js';

const KEY = '0b0c1d3e-0000-4000-8000-000000000001';

describe('the cache', () => {
  test('gives back what was written, in any characters', () => {
    const cache = new Cache();
    cache.write(KEY, '{"friendlyName":"Größe 存"}');
    expect(cache.read(KEY)).toBe('{"friendlyName":"Größe 存"}');
  });

  test('a missing entry is corruption', () => {
    const cache = new Cache();
    expect(() => cache.read(KEY)).toThrow(CacheCorrupt);
    cache.write(KEY, '{}');
    cache.remove(KEY);
    expect(() => cache.check(KEY)).toThrow(CacheCorrupt);
    expect(cache.isSound(KEY)).toBe(false);
    expect(cache.place(KEY)).toBeUndefined();
  });

  test('every single changed bit of header and payload is found', () => {
    const cache = new Cache();
    cache.write(KEY, '{"kind":"lun","size":"1048576"}');
    const bytes = cache.at(given(cache.place(KEY)));
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(cache.isSound(KEY), `bit ${bit}`).toBe(false);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    }
    expect(cache.isSound(KEY)).toBe(true);
  });

  test('an entry of another key in its place is found', () => {
    const cache = new Cache();
    cache.write(KEY, '{"a":1}');
    cache.write(NOBODY, '{"b":2}');
    cache.at(given(cache.place(KEY))).set(cache.at(given(cache.place(NOBODY))));
    expect(cache.isSound(NOBODY)).toBe(true);
    expect(cache.isSound(KEY)).toBe(false);
  });

  test('behaves like a map whatever is written, grown and removed', () => {
    const step = fc.record({ key: fc.nat(20), length: fc.option(fc.nat(3000)) });
    fc.assert(
      fc.property(fc.array(step, { size: 'max', maxLength: 200 }), (steps) => {
        const cache = new Cache();
        const model = new Map<string, string>();
        const keys = Array.from({ length: 21 }, () => v4());
        for (const [i, { key, length }] of steps.entries()) {
          const id = given(keys[key]);
          if (length === null) {
            cache.remove(id);
            model.delete(id);
          } else {
            const payload = String(i).padEnd(length, 'x');
            cache.write(id, payload);
            model.set(id, payload);
          }
          for (const each of keys) {
            expect(cache.isSound(each)).toBe(model.has(each));
            if (model.has(each)) expect(cache.read(each)).toBe(model.get(each));
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  test('room that an entry left is used again', () => {
    const cache = new Cache();
    cache.write(KEY, 'x'.repeat(100));
    const first = given(cache.place(KEY)).offset;
    cache.write(KEY, 'x'.repeat(1000));
    expect(given(cache.place(KEY)).offset).not.toBe(first);
    cache.write(NOBODY, 'y');
    expect(given(cache.place(NOBODY)).offset).toBe(first);
  });
});

test('the history keeps the version before the present one, and none where nothing changed', () => {
  const history = new History();
  history.wrote(KEY, 'a');
  history.wrote(KEY, 'a');
  expect(history.before(KEY)).toBeUndefined();
  history.wrote(KEY, 'b');
  history.wrote(KEY, 'b');
  expect(history.before(KEY)).toBe('a');
});
