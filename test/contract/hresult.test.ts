import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  failed,
  formatHresult,
  HR,
  hresultFromWin32,
  isPermitted,
  parseHresult,
  succeeded,
  toHresult,
  win32FromHresult,
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

describe('permitted answers', () => {
  const getProperties = method('IVdsLun.GetProperties');
  test('are documented codes, the generic ones, common VDS codes and converted system errors', () => {
    for (const hr of [
      HR.S_OK,
      HR.VDS_S_PROPERTIES_INCOMPLETE,
      HR.VDS_E_OBJECT_DELETED,
      HR.E_INVALIDARG,
      HR.E_OUTOFMEMORY,
      HR.VDS_E_NOT_SUPPORTED,
      hresultFromWin32(5),
    ])
      expect(isPermitted(getProperties, hr)).toBe(true);
  });

  test('are not E_FAIL, E_UNEXPECTED, E_NOTIMPL, E_POINTER, an undocumented success, or the news that the server died', () => {
    for (const hr of [
      HR.E_FAIL,
      HR.E_UNEXPECTED,
      HR.E_NOTIMPL,
      HR.E_POINTER,
      HR.S_FALSE,
      hresultFromWin32(1722),
      hresultFromWin32(1726),
      HR.RPC_E_DISCONNECTED,
      HR.RPC_E_SERVERFAULT,
    ])
      expect(isPermitted(getProperties, hr)).toBe(false);
    expect(isPermitted(method('IEnumVdsObject.Next'), HR.S_FALSE)).toBe(true);
  });
});
