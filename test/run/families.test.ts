import { describe, expect, test } from 'vitest';
import type { Check } from '../../src/checks/check.js';
import type { CheckResult, MatrixCell } from '../../src/checks/outcome.js';
import { Families } from '../../src/run/families.js';
import { call, failed } from '../reporting/samples.js';

const SUITE = 'recovery';
const cell = (fault: string, method: string, moment: string): MatrixCell => ({ fault, method, moment });
const check = (matrix?: MatrixCell): Check => ({
  id: `${SUITE}.${Object.values(matrix ?? { by: 'hand' }).join('.')}`,
  title: 'A check',
  requirements: ['VDS-5.3'],
  ...(matrix === undefined ? {} : { matrix }),
  cost: { calls: 1, recoveries: 1 },
  run: async () => {},
});
/** Fails as `shownBy` is called. */
const failure = (matrix: MatrixCell, shownBy: string, change: Partial<CheckResult> = {}): CheckResult =>
  failed(check(matrix).id, { suite: SUITE, matrix, trace: [call(2, shownBy, { mark: 'shows-it' })], ...change });

const GET = 'IVdsLun.GetProperties';
const RESET = 'IVdsLun.Reset';
const MOMENTS = ['before', 'during', 'between'];

describe('a generated family', () => {
  test('stops for a method that failed alike in three cells, and goes on for the others', () => {
    const families = new Families();
    for (const [index, moment] of MOMENTS.entries()) {
      expect(families.leftOut(check(cell('lost-entry', GET, moment)), SUITE), String(index)).toBeUndefined();
      families.take(failure(cell('lost-entry', GET, moment), GET));
    }
    const left = families.leftOut(check(cell('torn-write', GET, 'before')), SUITE);
    expect(left).toMatchObject({
      verdict: 'inconclusive',
      code: 'VDSC_LEFT_OUT',
      calls: 0,
      id: `${SUITE}.torn-write.${GET}.before`,
    });
    expect(left?.notes[0]?.text).toContain(`${SUITE}.lost-entry.${GET}.before`);
    expect(families.leftOut(check(cell('lost-entry', RESET, 'before')), SUITE)).toBeUndefined();
    expect(families.leftOut(check(cell('lost-entry', GET, 'before')), 'deletion')).toBeUndefined();
    expect(families.leftOut(check(), SUITE)).toBeUndefined();
  });

  test('stops for a fault where something else than the method shows it, whatever the method', () => {
    const families = new Families();
    for (const method of [GET, RESET, 'IVdsLun.Extend'])
      families.take(failure(cell('lost-entry', method, 'before'), 'IVdsSubSystem.QueryDrives'));
    expect(families.leftOut(check(cell('lost-entry', 'IVdsLun.Shrink', 'before')), SUITE)).toBeDefined();
    expect(families.leftOut(check(cell('torn-write', 'IVdsLun.Shrink', 'before')), SUITE)).toBeUndefined();
  });

  test('goes on where cells fail, but not alike', () => {
    const families = new Families();
    for (const [index, moment] of MOMENTS.entries())
      families.take(
        failure(cell('lost-entry', GET, moment), GET, {
          findings: [],
          code: `VDSC_${index}`,
          verdict: 'error',
          trace: [],
        }),
      );
    expect(families.leftOut(check(cell('lost-entry', GET, 'after')), SUITE)).toBeUndefined();
  });

  test('goes on past failures that a baseline excuses: what passes must have been checked', () => {
    const families = new Families();
    const known = { reason: 'fixed in 2.0', expires: '2030-01-01' };
    for (const moment of MOMENTS) families.take(failure(cell('lost-entry', GET, moment), GET, { known }));
    expect(families.leftOut(check(cell('lost-entry', GET, 'after')), SUITE)).toBeUndefined();
  });
});
