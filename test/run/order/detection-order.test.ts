import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Check, Group } from '../../../src/checks/check.js';
import { byDetection } from '../../../src/run/order/detection-order.js';
import { DETECTIONS } from '../../../src/run/order/generated/detections.js';
import { select } from '../../../src/run/selection.js';
import { SUITES } from '../../../suites/index.js';

const PACE = { call: 1, recovery: 100 };
const check = (id: string, calls: number, recoveries = 0, group?: Group): { readonly check: Check } => ({
  check: {
    id,
    title: id,
    requirements: [],
    cost: { calls, recoveries },
    ...(group === undefined ? {} : { group }),
    run: async () => {},
  },
});
const ids = (list: readonly { readonly check: Check }[]): string[] => list.map((each) => each.check.id);

describe('the order of a run of limited time', () => {
  test('begins with what finds most for its cost, and comes to what finds nothing last', () => {
    const selected = [check('s.silent', 5000), check('s.dear', 900, 5), check('s.cheap', 1), check('s.same', 50)];
    const found = { 's.dear': ['a', 'b'], 's.cheap': ['c'], 's.same': ['c'] };
    expect(ids(byDetection(selected, PACE, found))).toEqual(['s.cheap', 's.dear', 's.same', 's.silent']);
  });

  test('counts the recovery of a group once, and keeps the group together', () => {
    const group: Group = { play: async () => new Map() };
    const members = Array.from({ length: 4 }, (_, i) => check(`g.${i}`, 1, 1, group));
    const selected = [check('s.alone', 90, 0), members[0], check('s.other', 1000, 9), ...members.slice(1)].flatMap(
      (each) => each ?? [],
    );
    const found = { 's.alone': ['a'], 'g.0': ['b'], 'g.1': ['c'], 'g.2': ['d'], 'g.3': ['e'], 's.other': ['f'] };
    expect(ids(byDetection(selected, PACE, found)).slice(0, 5)).toEqual(['g.0', 'g.1', 'g.2', 'g.3', 's.alone']);
  });

  test('takes each check once, whatever they cost and find', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ calls: fc.nat(500), recoveries: fc.nat(5), defects: fc.array(fc.nat(9)) })),
        (all) => {
          const selected = all.map(({ calls, recoveries }, i) => check(`s.${i}`, calls, recoveries));
          const found = Object.fromEntries(all.map(({ defects }, i) => [`s.${i}`, defects.map(String)]));
          expect(ids(byDetection(selected, PACE, found)).sort()).toEqual(ids(selected).sort());
        },
      ),
    );
  });

  test('knows only checks that there are', () => {
    const there = new Set(ids(select(SUITES, { effort: 'full' })));
    expect(Object.keys(DETECTIONS).filter((id) => !there.has(id))).toEqual([]);
  });
});
