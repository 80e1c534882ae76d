import { expect, test } from 'vitest';
import { HR } from '../../../src/contract/hresult.js';
import { calledText } from '../../../src/port/show-value.js';
import { cameBackText, entryText } from '../../../src/reporting/text/trace-text.js';
import { call } from '../samples.js';

test('a call names its object, its arguments and what came back', () => {
  const extend = call(12, 'IVdsLun.Extend', {
    args: { numberOfBytesToAdd: 1048576 },
    outputs: { async: { object: 'async#1' }, hrResult: { hresult: HR.E_FAIL }, enum: { untouched: true } },
  });
  expect(calledText(extend)).toBe('IVdsLun::Extend(numberOfBytesToAdd: 1048576) on lun#1');
  expect(cameBackText(extend)).toBe(
    'S_OK (0x00000000) async: async#1, hrResult: E_FAIL (0x80004005), enum: (untouched)',
  );
  expect(entryText({ ...extend, mark: 'shows-it' })).toBe(
    '  12      12.0 ms  IVdsLun::Extend(numberOfBytesToAdd: 1048576) on lun#1 → S_OK (0x00000000) async: async#1, ' +
      'hrResult: E_FAIL (0x80004005), enum: (untouched)  [0.5 ms]  <== shows it',
  );
});

test('a call without an answer says what happened instead', () => {
  expect(cameBackText(call(1, 'IVdsHwProvider.Refresh', { error: 'VDSC_HUNG' }))).toBe('VDSC_HUNG');
});

test('faults and notifications are lines of their own', () => {
  const at = { number: 3, at: 1.5 };
  expect(
    entryText({ type: 'fault', ...at, kind: 'torn-write', object: 'lun#1', route: 'device', proof: 'byte 7' }),
  ).toBe('   3       1.5 ms  fault: torn-write of lun#1 by the device route: byte 7');
  expect(
    entryText({ type: 'notification', ...at, count: 3, notifications: [{ objectType: { enum: 'VDS_NTT_LUN' } }] }),
  ).toBe('   3       1.5 ms  OnNotify(numberOfNotifications: 3, notificationArray: [{objectType: VDS_NTT_LUN}])');
});
