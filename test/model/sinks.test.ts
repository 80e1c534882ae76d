// To whose sink notifications may come.
import { expect, test } from 'vitest';
import { Sinks } from '../../src/model/index.js';

const came = (...sinks: number[]): { readonly sink: number }[] => sinks.map((sink) => ({ sink }));

test('nothing is a stray while every provider object is loaded', () => {
  expect(new Sinks().strays(came(1, 2, 1))).toEqual([]);
});

test('what had come before OnUnload was answered is no stray, what comes later is one, once', () => {
  const sinks = new Sinks();
  const received = came(1, 2);
  sinks.close(1, received.length);
  expect(sinks.strays(received)).toEqual([]);
  received.push(...came(2, 1));
  expect(sinks.strays(received)).toEqual(came(1));
  expect(sinks.strays(received)).toEqual([]);
});
