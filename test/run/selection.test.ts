import { describe, expect, test } from 'vitest';
import { defineSuite, type Check } from '../../src/checks/check.js';
import { beyondEffort, select } from '../../src/run/selection.js';
import { ConfigurationError } from '../../src/port/errors.js';

const check = (id: string): Check => ({
  id,
  title: id,
  requirements: ['VDS-5.5b'],
  cost: { calls: 1, recoveries: 0 },
  run: async () => {},
});
const suites = [
  defineSuite('luns', 'LUNs', [check('luns.create'), check('luns.delete')]),
  defineSuite('async', 'Async', [check('async.wait')]),
];
const ids = (selection: Parameters<typeof select>[1]): string[] => select(suites, selection).map((s) => s.check.id);

describe('selection', () => {
  test('takes everything when nothing is named', () =>
    expect(ids({})).toEqual(['luns.create', 'luns.delete', 'async.wait']));
  test('takes suites, checks, and ids that begin alike', () => {
    expect(ids({ suites: ['async'] })).toEqual(['async.wait']);
    expect(ids({ checks: ['luns.delete'] })).toEqual(['luns.delete']);
    expect(ids({ checks: ['luns.*', 'async.wait'] })).toEqual(['luns.create', 'luns.delete', 'async.wait']);
    expect(ids({ suites: ['luns'], checks: ['async.wait'] })).toEqual([]);
  });
  test('takes a check that is named whole whatever its effort, and of a pattern those of the effort', () => {
    const full: Check = { ...check('luns.all-sizes'), effort: 'full' };
    const more = [defineSuite('luns', 'LUNs', [check('luns.create'), full])];
    const of = (selection: Parameters<typeof select>[1]): string[] => select(more, selection).map((s) => s.check.id);
    expect(of({ checks: ['luns.all-sizes'], effort: 'quick' })).toEqual(['luns.all-sizes']);
    expect(of({ checks: ['luns.*'], effort: 'quick' })).toEqual(['luns.create']);
    expect(beyondEffort(more, { checks: ['luns.*'], effort: 'quick' })).toEqual([
      { pattern: 'luns.*', count: 1, effort: 'full' },
    ]);
    expect(of({ checks: ['luns.*'], effort: 'full' })).toHaveLength(2);
    expect(beyondEffort(more, { checks: ['luns.*'], effort: 'full' })).toEqual([]);
    expect(of({ checks: ['luns.*', 'luns.all-sizes'], effort: 'quick' })).toHaveLength(2);
    expect(beyondEffort(more, { checks: ['luns.*', 'luns.all-sizes'], effort: 'quick' })).toEqual([]);
    expect(() => of({ checks: ['luns.all*'], effort: 'quick' })).toThrow(
      '"luns.all*" names only checks that --effort quick does not take',
    );
  });
  test('refuses what does not exist, with what does', () => {
    expect(() => ids({ suites: ['lun'] })).toThrow(ConfigurationError);
    expect(() => ids({ checks: ['luns.explode'] })).toThrow('no check matches "luns.explode"');
    expect(() => ids({ checks: ['x*'] })).toThrow(ConfigurationError);
  });
});

describe('a suite', () => {
  test('refuses ids of another suite, and one id twice', () => {
    expect(() => defineSuite('luns', '', [check('async.wait')])).toThrow('must begin with "luns."');
    expect(() => defineSuite('luns', '', [check('luns.a'), check('luns.a')])).toThrow('stands twice');
  });
});
