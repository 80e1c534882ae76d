// The call to blame for what another shows.
import { describe, expect, test } from 'vitest';
import { HR } from '../../../src/contract/hresult.js';
import type { TraceEntry } from '../../../src/port/trace-entry.js';
import { explain } from '../../../src/reporting/insight/explain.js';
import { stepsOf } from '../../../src/reporting/text/steps.js';
import type { Finding } from '../../../src/checks/outcome.js';
import { call, failed, header } from '../samples.js';

const IMPORT = 'IVdsSubSystemImportTarget';
const object = 'subsystem#1';
const set = (number: number): TraceEntry =>
  call(number, `${IMPORT}.SetImportTarget`, { object, args: { iscsiName: 'a' } });
const get = (number: number, iscsiName: string | null): TraceEntry =>
  call(number, `${IMPORT}.GetImportTarget`, { object, outputs: { iscsiName } });

const explained = (trace: readonly TraceEntry[], finding: Partial<Finding>) =>
  explain(
    failed('a.b', { trace, findings: [{ requirement: 'VDS-1.4a', level: 'MUST', message: 'm', ...finding }] }),
    header(),
  );
const blamed = (trace: readonly TraceEntry[], finding: Partial<Finding>): number | undefined =>
  explained(trace, finding).blame?.call?.number;

describe('to blame is', () => {
  test('the only call that did something since the value was read and was right', () => {
    const named = call(3, 'IVdsSubSystemNaming.SetFriendlyName', { object });
    const trace = [set(1), get(2, 'a'), named, call(4, 'IVdsSubSystem.QueryLuns', { object }), get(5, null)];
    expect(blamed(trace, { call: 5 })).toBe(3);
  });

  test('one of several, where more than one did; all of them are shown, after the last reading that was right', () => {
    const pair = [call(3, 'IVdsHwProvider.Reenumerate'), call(4, 'IVdsHwProvider.Refresh')];
    const { blame, ...others } = explained([set(1), get(2, 'a'), ...pair, get(5, null)], { call: 5 });
    expect(blame?.call).toBeUndefined();
    expect(blame?.suspects).toEqual([3, 4]);
    expect(stepsOf({ ...others, ...(blame === undefined ? {} : { blame }) })).toEqual([
      '1. IVdsSubSystemImportTarget::SetImportTarget(iscsiName: "a") on subsystem#1 → S_OK',
      '2. IVdsSubSystemImportTarget::GetImportTarget() on subsystem#1 → S_OK iscsiName: "a" <== still right',
      '3. IVdsHwProvider::Reenumerate() on lun#1 → S_OK <== not told apart: one of these',
      '4. IVdsHwProvider::Refresh() on lun#1 → S_OK <== not told apart: one of these',
      '5. IVdsSubSystemImportTarget::GetImportTarget() on subsystem#1 → S_OK iscsiName: NULL <== shows it',
    ]);
  });

  test('the last call of the method whose page states the duty, where the value was not read before', () => {
    expect(blamed([set(1), set(2), get(3, null)], { call: 3 })).toBe(2);
  });

  test('the call that gave a wrong answer itself', () => {
    const refused = call(2, 'IVdsProviderPrivate.GetObject', { hr: HR.E_FAIL, args: { objectId: 'x' } });
    const finding = { requirement: 'VDS-7.2', call: 2, actual: { hresult: HR.E_FAIL } };
    expect(blamed([call(1, 'IVdsSubSystem.CreateLun'), refused], finding)).toBe(2);
  });

  test('of an operation that ended wrong the call that started it', () => {
    const created = call(1, 'IVdsSubSystem.CreateLun', { object, outputs: { async: { object: 'async#1' } } });
    const trace = [created, call(2, 'IVdsLun.SetMask'), call(3, 'IVdsAsync.Wait', { object: 'async#1' })];
    expect(blamed(trace, { requirement: 'VDS-10.6', call: 3 })).toBe(1);
    // What Wait itself must do is broken by Wait.
    expect(blamed(trace, { requirement: 'VDS-12.3', call: 3 })).toBe(3);
    const unfinished = { requirement: 'VDS-8.3a', call: 3, actual: { hresult: HR.VDS_E_OPERATION_PENDING } };
    expect(blamed(trace, unfinished)).toBe(3);
  });

  test('of a list that was compared the query that gave it, and not what was read of the objects on it', () => {
    const query = call(1, 'IVdsSubSystem.QueryLuns', { object, outputs: { enum: { object: 'enum#1' } } });
    const trace = [query, call(2, 'IEnumVdsObject.Next', { object: 'enum#1' }), call(3, 'IVdsLun.GetProperties')];
    const finding = { requirement: 'VDS-6.7a', query: 'IVdsSubSystem.QueryLuns', actual: ['lun#1'] };
    expect(blamed(trace, finding)).toBe(1);
  });

  test('for a finding that names no call what happened before the call that gave its value', () => {
    const trace = [set(1), get(2, 'iqn.wrong'), call(3, 'IVdsSubSystem.QueryLuns', { object })];
    const { blame } = explained(trace, { actual: 'iqn.wrong', expected: 'a' });
    expect([blame?.call?.number, blame?.shown?.number]).toEqual([1, 2]);
  });

  test(
    'nothing that is known, where no call gave the value: the last change is ' +
      'shown, what acted since, and what was read then',
    () => {
      const pair = [call(2, 'IVdsHwProvider.Reenumerate'), call(3, 'IVdsHwProvider.Refresh')];
      const { blame } = explained([set(1), ...pair, call(4, 'IVdsSubSystem.QueryLuns', { object })], {});
      expect(blame?.call).toBeUndefined();
      expect(blame?.path.map((entry) => entry.number)).toEqual([1, 2, 3, 4]);
    },
  );

  test('nothing that is known, for what was seen of another check', () => {
    expect(explained([set(1), get(2, null)], { call: 2, nature: 'seen-afterwards' }).blame).toBeUndefined();
  });

  describe('shows where the objects of its calls come from:', () => {
    const path = (trace: readonly TraceEntry[], finding: Partial<Finding>): number[] =>
      explained(trace, finding).blame?.path.map((entry) => entry.number) ?? [];

    test('an operation from the call that began it', () => {
      const created = call(1, 'IVdsSubSystem.CreateLun', { object, outputs: { async: { object: 'async#1' } } });
      const cancelled = call(2, 'IVdsAsync.Cancel', { object: 'async#1', hr: HR.E_FAIL });
      expect(path([created, cancelled], { requirement: 'VDS-8.7b', call: 2 })).toEqual([1, 2]);
    });

    test('an enumerator from its query, with its moves since the last Reset', () => {
      const on = { object: 'enum#1' };
      const trace = [
        call(1, 'IVdsSubSystem.QueryLuns', { object, outputs: { enum: on } }),
        call(2, 'IEnumVdsObject.Next', on),
        call(3, 'IEnumVdsObject.Reset', on),
        call(4, 'IEnumVdsObject.Next', on),
        call(5, 'IEnumVdsObject.Skip', { ...on, hr: HR.E_FAIL }),
      ];
      expect(path(trace, { requirement: 'VDS-6.3', call: 5 })).toEqual([1, 3, 4, 5]);
    });

    test('a provider object from its OnLoad, after the OnUnload of the one before', () => {
      const trace = [
        call(1, 'IVdsProviderPrivate.OnUnload', { object: 'provider#1' }),
        call(2, 'IVdsProviderPrivate.OnLoad', { object: 'provider#2' }),
        call(3, 'IVdsSubSystem.QueryLuns', { object }),
        call(4, 'IVdsProvider.GetProperties', { object: 'provider#2' }),
      ];
      expect(path(trace, { requirement: 'VDS-3.2b', call: 4 })).toEqual([1, 2, 4]);
    });
  });

  test('the change whose effect was looked for, and the call that then gave the value', () => {
    const set = call(1, 'IVdsDrive.SetStatus', { object: 'drive#1' });
    const read = call(2, 'IVdsDrive.GetProperties', {
      object: 'drive#1',
      outputs: { driveProp: { status: { enum: 'VDS_DRS_ONLINE' } } },
    });
    const finding = { requirement: 'VDS-7.6', call: 1, actual: { enum: 'VDS_DRS_ONLINE' } };
    const { blame } = explained([set, read], finding);
    expect([blame?.call?.number, blame?.shown?.number]).toEqual([1, 2]);
  });
});
