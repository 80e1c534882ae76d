import { describe, expect, test } from 'vitest';
import type { CheckResult, Finding } from '../../../src/checks/outcome.js';
import { HR } from '../../../src/contract/hresult.js';
import type { CallEntry } from '../../../src/port/trace-entry.js';
import { byReason, causesOf } from '../../../src/reporting/insight/causes.js';
import { causeSentence } from '../../../src/reporting/text/cause-text.js';
import { call, ended, failed, header, passed } from '../samples.js';

/** A check that fails for what one call answered. */
const answered = (
  id: string,
  method: string,
  hr: number,
  requirement = 'VDS-7.2',
  change: Partial<CheckResult> = {},
): CheckResult => {
  const message = `${method} answered wrongly for ${id}`;
  const trace: CallEntry[] = [call(1, method, { hr, mark: 'shows-it' })];
  return failed(id, { findings: [{ requirement, level: 'MUST', message, call: 1 }], trace, ...change });
};
/** A check that fails for a value. */
const differs = (id: string, member: string, expected: string | null, actual: string | null, n = 1): CheckResult =>
  failed(id, {
    findings: [
      { requirement: 'VDS-5.5b', level: 'MUST', message: `${member} of lun#${n}: ${actual}`, member, expected, actual },
    ],
    trace: [],
  });
const grouped = (results: readonly CheckResult[]): string[][] =>
  causesOf(results, header()).map((cause) => cause.results.map((r) => r.id));

describe('checks that fail', () => {
  test('for one method with one code have one cause, whatever the requirement', () => {
    const results = [
      answered('a.1', 'IVdsLun.Extend', HR.VDS_E_OBJECT_DELETED, 'VDS-5.5b'),
      answered('a.2', 'IVdsLun.Extend', HR.VDS_E_OBJECT_DELETED, 'VDS-13.3'),
      answered('a.3', 'IVdsLun.Extend', HR.VDS_E_NOT_SUPPORTED, 'VDS-5.5b'),
      answered('a.4', 'IVdsLun.Shrink', HR.VDS_E_OBJECT_DELETED, 'VDS-5.5b'),
    ];
    expect(grouped(results)).toEqual([['a.1', 'a.2'], ['a.3'], ['a.4']]);
    expect(causesOf(results, header())[0]?.requirements.map((r) => r.id)).toEqual(['VDS-5.5b', 'VDS-13.3']);
  });

  test('for the same difference of the same member have one cause, whatever the object and the values', () => {
    expect(
      grouped([
        differs('a.1', 'subsystem importTarget', 'iqn:a', null, 1),
        differs('a.2', 'subsystem importTarget', 'iqn:b', null, 2),
        differs('a.3', 'subsystem importTarget', null, 'iqn:b'),
        differs('a.4', 'LUN friendlyName', 'iqn:b', null),
      ]),
    ).toEqual([['a.1', 'a.2'], ['a.3'], ['a.4']]);
  });

  test(
    'for a lost import target have one cause, be it read as a value or reported by its code; the check of that ' +
      'duty shows it best',
    () => {
      const get = 'IVdsSubSystemImportTarget.GetImportTarget';
      const results = [
        differs('recovery.1', 'subsystem importTarget', 'iqn:a', null),
        failed('stories.1', {
          requirements: ['VDS-5.5b'],
          findings: [
            {
              requirement: 'VDS-1.4a',
              level: 'MUST',
              message: 'importTarget is NULL',
              call: 1,
              member: 'subsystem importTarget',
              expected: 'iqn:b',
              actual: null,
            },
          ],
          trace: [call(1, get, { hr: HR.VDS_E_NO_IMPORT_TARGET })],
        }),
        answered('import-target.1', get, HR.VDS_E_NO_IMPORT_TARGET, 'VDS-1.4a', {
          requirements: ['VDS-1.4a'],
          calls: 99,
        }),
      ];
      expect(grouped(results)).toEqual([['recovery.1', 'stories.1', 'import-target.1']]);
      expect(causesOf(results, header())[0]?.example.result.id).toBe('import-target.1');
    },
  );

  test('are shown by what a check itself saw, not by what was left after it', () => {
    const finding: Finding = {
      requirement: 'VDS-1.4a',
      level: 'MUST',
      message: 'm is NULL',
      member: 'm',
      expected: 'a',
      actual: null,
      call: 1,
    };
    const value = (id: string, change: Partial<Finding>): CheckResult =>
      failed(id, {
        requirements: ['VDS-1.4a'],
        findings: [{ ...finding, ...change }],
        trace: [call(1, 'IVdsLun.GetProperties')],
      });
    const left = value('a.1', { nature: 'seen-afterwards' });
    expect(causesOf([left, value('a.2', {})], header())[0]?.example.result.id).toBe('a.2');
  });

  test('for one crash have one cause', () => {
    const died = (id: string, method: string): CheckResult =>
      ended(id, 'crashed', `gone ${id}`, {
        code: 'VDSC_CRASHED',
        trace: [call(1, method, { error: 'VDSC_CRASHED', mark: 'died' })],
      });
    expect(
      grouped([died('a.1', 'IVdsLun.Extend'), died('a.2', 'IVdsLun.Shrink'), died('a.3', 'IVdsLun.Extend')]),
    ).toEqual([['a.1', 'a.3'], ['a.2']]);
  });

  test('for a code that says nothing have one cause where three methods answer it, and one each where two do', () => {
    const methods = ['IVdsLun.Extend', 'IVdsLun.Shrink', 'IVdsLun.Delete'] as const;
    const three = methods.map((m, i) => answered(`a.${i}`, m, HR.E_FAIL, i === 0 ? 'VDS-7.2' : 'VDS-7.5'));
    expect(grouped(three)).toEqual([['a.0', 'a.1', 'a.2']]);
    expect(causesOf(three, header()).map(causeSentence)).toEqual([
      '3 methods answer E_FAIL (0x80004005) where it is not expected: IVdsLun::Extend, IVdsLun::Shrink, ' +
        'IVdsLun::Delete',
    ]);
    expect(grouped(three.slice(1))).toEqual([['a.1'], ['a.2']]);
    // Of a code that says what is wrong, only by one duty's measure.
    const of = (requirement: (i: number) => string): CheckResult[] =>
      methods.map((m, i) => answered(`a.${i}`, m, HR.VDS_E_OBJECT_DELETED, requirement(i)));
    expect(grouped(of(() => 'VDS-7.2'))).toHaveLength(1);
    expect(grouped(of((i) => ['VDS-7.2', 'VDS-7.5', 'VDS-5.6'][i] ?? ''))).toHaveLength(3);
  });

  test('otherwise have one cause where they break one duty, whatever they say', () => {
    const says = (id: string, requirement: string): CheckResult =>
      failed(id, { findings: [{ requirement, level: 'MUST', message: `seen by ${id}` }], trace: [] });
    expect(grouped([says('a.1', 'VDS-9.1'), says('a.2', 'VDS-9.1'), says('a.3', 'VDS-9.3')])).toEqual([
      ['a.1', 'a.2'],
      ['a.3'],
    ]);
  });

  test('for a success that a method may not answer have one cause, whatever the duty', () => {
    const refresh = 'IVdsHwProvider.Refresh';
    expect(
      grouped([
        answered('a.1', refresh, HR.S_FALSE, 'VDS-7.5'),
        answered('a.2', refresh, HR.S_FALSE, 'VDS-5.5b'),
        answered('a.3', 'IEnumVdsObject.Skip', HR.S_FALSE, 'VDS-6.3'),
      ]),
    ).toEqual([['a.1', 'a.2'], ['a.3']]);
  });

  test('after many calls and cannot name one join the only cause that breaks the same duty by a call', () => {
    const tour = failed('interactions.references', {
      findings: [{ requirement: 'VDS-12.3', level: 'MUST', message: 'left 4 references behind' }],
      trace: [],
    });
    const leak = answered('memory.1', 'IVdsProviderPrivate.GetObject', HR.S_OK, 'VDS-12.3');
    const other = answered('memory.2', 'IEnumVdsObject.Next', HR.S_OK, 'VDS-12.3');
    expect(grouped([tour, leak])).toEqual([['memory.1', 'interactions.references']]);
    expect(grouped([tour, leak, other])).toHaveLength(3);
    expect(grouped([tour])).toHaveLength(1);
  });

  test('and are excused, or passed, have none', () => {
    expect(grouped([passed('a.1'), failed('a.2', { known: { reason: 'r', expires: '2099-01-01' } })])).toEqual([]);
  });
});

test('what came to no verdict is grouped by its reason, the most frequent first', () => {
  const open = (id: string, reason: string): CheckResult => ended(id, 'inconclusive', reason);
  expect(
    byReason([open('a.1', 'no route'), open('a.2', 'it is gone'), open('a.3', 'it is gone')]).map((r) => [
      r.reason,
      r.results.length,
    ]),
  ).toEqual([
    ['it is gone', 2],
    ['no route', 1],
  ]);
});

describe('two checks that say it in different words have one cause', () => {
  const object = 'enum#1';
  const query = call(1, 'IVdsSubSystem.QueryLuns', { object: 'subsystem#1', outputs: { enum: { object } } });
  const next = call(3, 'IEnumVdsObject.Next', { object, mark: 'shows-it' });
  const told = (id: string, requirement: string, message: string, trace: readonly CallEntry[], n = 3): CheckResult =>
    failed(id, { findings: [{ requirement, level: 'MUST', message, call: n }], trace });

  test('where one method broke its duty', () => {
    const skip = call(2, 'IEnumVdsObject.Skip', { object, args: { celt: 9 } });
    const results = [
      told('a.1', 'VDS-6.3', 'Skip answered wrongly', [query, { ...skip, mark: 'shows-it' }], 2),
      told('a.2', 'VDS-6.3', 'one object is left', [query, skip, next]),
    ];
    expect(grouped(results)).toEqual([['a.1', 'a.2']]);
    expect(causesOf(results, header())[0]?.others).toHaveLength(1);
  });

  test('where one query gave the list that both found wrong', () => {
    const reset = call(2, 'IEnumVdsObject.Reset', { object });
    expect(
      grouped([
        told('a.1', 'VDS-6.5a', 'a LUN is missing', [query, next]),
        told('a.2', 'VDS-6.4', 'another count after Reset', [query, reset, next]),
      ]),
    ).toEqual([['a.1', 'a.2']]);
  });

  test('where the provider died in calls on an object that was gone', () => {
    const died = (id: string, method: string, trace: CheckResult['trace'] = []): CheckResult =>
      ended(id, 'crashed', 'died', {
        code: 'VDSC_CRASHED',
        trace: [...trace, call(9, method, { error: 'VDSC_CRASHED', mark: 'died' })],
      });
    const gone = { type: 'fault', number: 1, at: 1, object: 'lun#1', route: 'cooperative', proof: 'gone' } as const;
    expect(
      grouped([
        died('a.1', 'IVdsLun.GetProperties', [call(1, 'IVdsLun.Delete')]),
        died('a.2', 'IVdsLun.Delete', [{ ...gone, kind: 'delete-object' }]),
        died('a.3', 'IVdsLun.Extend'),
      ]),
    ).toEqual([['a.1', 'a.2'], ['a.3']]);
  });

  test('but not where many checks say each of them', () => {
    const many = (suite: string, shown: CallEntry): CheckResult[] =>
      ['x', 'y', 'z'].map((n) => told(`${suite}.${n}`, 'VDS-6.5a', 'is wrong', [query, shown]));
    const skip = call(3, 'IEnumVdsObject.Skip', { object, mark: 'shows-it' });
    expect(grouped([...many('a', next), ...many('b', skip)])).toHaveLength(2);
  });
});
