import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  failed,
  formatHresult,
  HR,
  hresultFromWin32,
  parseHresult,
  succeeded,
  toHresult,
  win32FromHresult,
  worthOf,
} from '../../src/contract/hresult.js';
import { method } from '../../src/contract/tables.js';

describe('HRESULTs', () => {
  test('are written with name and value', () => {
    expect(formatHresult(HR.VDS_E_PROVIDER_CACHE_CORRUPT)).toBe('VDS_E_PROVIDER_CACHE_CORRUPT (0x8004241F)');
    expect(formatHresult(hresultFromWin32(23))).toBe('HRESULT_FROM_WIN32(ERROR_CRC) (0x80070017)');
    expect(formatHresult(0x8123abcd)).toBe('0x8123ABCD');
  });

  test('come back from what was written, for every value', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 0xffffffff }), (hr) => parseHresult(formatHresult(hr)) === hr));
    for (const value of Object.values(HR)) expect(parseHresult(formatHresult(value))).toBe(value);
  });

  test('are parsed from names, hexadecimal and signed decimals, and from nothing else', () => {
    expect(parseHresult('VDS_E_OBJECT_DELETED')).toBe(0x8004240b);
    expect(parseHresult('-2147212277')).toBe(0x8004240b);
    expect(parseHresult('HRESULT_FROM_WIN32(ERROR_CRC)')).toBe(0x80070017);
    for (const text of ['', 'VDS_E_NO_SUCH', '0x', '0x123456789', '99999999999', 'S_OK (0x00000001)'])
      expect(parseHresult(text)).toBeUndefined();
  });

  test('have a severity, signed or not', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -0x80000000, max: 0x7fffffff }),
        (signed) => failed(toHresult(signed)) === signed < 0 && succeeded(toHresult(signed)) === signed >= 0,
      ),
    );
  });

  test('carry system errors there and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 0xffff }), (error) => win32FromHresult(hresultFromWin32(error)) === error),
    );
    expect(hresultFromWin32(0)).toBe(HR.S_OK);
    expect(hresultFromWin32(HR.E_FAIL)).toBe(HR.E_FAIL);
    expect(win32FromHresult(HR.E_FAIL)).toBeUndefined();
  });
});

describe('the worth of an answer', () => {
  const getProperties = method('IVdsLun.GetProperties');

  test('accepts documented codes, those of vdserr.h, standard HRESULTs and converted system errors', () => {
    for (const hr of [
      HR.S_OK,
      HR.VDS_S_PROPERTIES_INCOMPLETE,
      HR.VDS_E_OBJECT_DELETED,
      HR.VDS_E_INVALID_SHRINK_SIZE,
      HR.E_INVALIDARG,
      HR.E_OUTOFMEMORY,
      HR.VDS_E_NOT_SUPPORTED,
      HR.RPC_E_DISCONNECTED,
      hresultFromWin32(5),
      hresultFromWin32(1722),
    ])
      expect(worthOf(getProperties, hr)).toBe('permitted');
    expect(worthOf(method('IEnumVdsObject.Next'), HR.S_FALSE)).toBe('permitted');
  });

  test.each([HR.E_FAIL, HR.E_UNEXPECTED, HR.E_NOTIMPL, HR.E_POINTER, 0x80041001, 0xa0000001])(
    '%i says nothing',
    (hr) => {
      expect(worthOf(getProperties, hr)).toBe('says-nothing');
    },
  );

  test('of a success that the page does not know is unknown', () => {
    expect(worthOf(getProperties, HR.S_FALSE)).toBe('unknown');
    expect(worthOf(getProperties, 0x00041234)).toBe('unknown');
  });
});
