// HRESULTs: names, severity, and the conversion of system errors. Values are unsigned 32-bit numbers throughout the
// project.
import { HR } from './generated/enumerations.js';
import { codes, type Method } from './tables.js';

export { HR };

const byValue = new Map<number, string>();
for (const code of codes) if (!byValue.has(code.value)) byValue.set(code.value, code.name);
const byName = new Map<string, number>(codes.map((c) => [c.name, c.value]));

/** System errors that storage providers convert most often, by their names in winerror.h. */
const WIN32_NAMES: Readonly<Record<number, string>> = {
  0: 'ERROR_SUCCESS',
  1: 'ERROR_INVALID_FUNCTION',
  2: 'ERROR_FILE_NOT_FOUND',
  3: 'ERROR_PATH_NOT_FOUND',
  4: 'ERROR_TOO_MANY_OPEN_FILES',
  5: 'ERROR_ACCESS_DENIED',
  6: 'ERROR_INVALID_HANDLE',
  8: 'ERROR_NOT_ENOUGH_MEMORY',
  13: 'ERROR_INVALID_DATA',
  14: 'ERROR_OUTOFMEMORY',
  15: 'ERROR_INVALID_DRIVE',
  19: 'ERROR_WRITE_PROTECT',
  20: 'ERROR_BAD_UNIT',
  21: 'ERROR_NOT_READY',
  22: 'ERROR_BAD_COMMAND',
  23: 'ERROR_CRC',
  29: 'ERROR_WRITE_FAULT',
  30: 'ERROR_READ_FAULT',
  31: 'ERROR_GEN_FAILURE',
  32: 'ERROR_SHARING_VIOLATION',
  50: 'ERROR_NOT_SUPPORTED',
  53: 'ERROR_BAD_NETPATH',
  55: 'ERROR_DEV_NOT_EXIST',
  64: 'ERROR_NETNAME_DELETED',
  87: 'ERROR_INVALID_PARAMETER',
  112: 'ERROR_DISK_FULL',
  121: 'ERROR_SEM_TIMEOUT',
  122: 'ERROR_INSUFFICIENT_BUFFER',
  123: 'ERROR_INVALID_NAME',
  170: 'ERROR_BUSY',
  183: 'ERROR_ALREADY_EXISTS',
  234: 'ERROR_MORE_DATA',
  259: 'ERROR_NO_MORE_ITEMS',
  995: 'ERROR_OPERATION_ABORTED',
  996: 'ERROR_IO_INCOMPLETE',
  997: 'ERROR_IO_PENDING',
  1117: 'ERROR_IO_DEVICE',
  1165: 'ERROR_DEVICE_REINITIALIZATION_NEEDED',
  1167: 'ERROR_DEVICE_NOT_CONNECTED',
  1168: 'ERROR_NOT_FOUND',
  1223: 'ERROR_CANCELLED',
  1225: 'ERROR_CONNECTION_REFUSED',
  1231: 'ERROR_NETWORK_UNREACHABLE',
  1450: 'ERROR_NO_SYSTEM_RESOURCES',
  1460: 'ERROR_TIMEOUT',
  1722: 'RPC_S_SERVER_UNAVAILABLE',
  1726: 'RPC_S_CALL_FAILED',
  1780: 'RPC_X_NULL_REF_POINTER',
  1783: 'RPC_X_BAD_STUB_DATA',
};

const FACILITY_WIN32 = 0x80070000;

/** The unsigned 32-bit value of an HRESULT that a native call or JSON gave as a signed number. */
export function toHresult(value: number): number {
  return value >>> 0;
}

export const succeeded = (hr: number): boolean => hr >>> 31 === 0;
export const failed = (hr: number): boolean => hr >>> 31 === 1;

/** HRESULT_FROM_WIN32: 0 stays S_OK, a value that already is a failing HRESULT stays as it is. */
export function hresultFromWin32(error: number): number {
  const value = error | 0;
  return value <= 0 ? value >>> 0 : ((value & 0xffff) | FACILITY_WIN32) >>> 0;
}

/** The system error inside an HRESULT of FACILITY_WIN32, or undefined for any other HRESULT. S_OK gives 0. */
export function win32FromHresult(hr: number): number | undefined {
  if (hr === 0) return 0;
  return (hr & 0xffff0000) >>> 0 === FACILITY_WIN32 ? hr & 0xffff : undefined;
}

/** `VDS_E_OBJECT_DELETED`, `HRESULT_FROM_WIN32(ERROR_CRC)`, or undefined for a value nobody has named. */
export function hresultName(hr: number): string | undefined {
  const own = byValue.get(hr);
  if (own !== undefined) return own;
  const win32 = win32FromHresult(hr);
  if (win32 === undefined) return undefined;
  return `HRESULT_FROM_WIN32(${WIN32_NAMES[win32] ?? win32})`;
}

/** `VDS_E_PROVIDER_CACHE_CORRUPT (0x8004241F)`; the number alone where it has no name. */
export function formatHresult(hr: number): string {
  const hex = `0x${(hr >>> 0).toString(16).toUpperCase().padStart(8, '0')}`;
  const name = hresultName(hr);
  return name === undefined ? hex : `${name} (${hex})`;
}

/**
 * Parses a name of the contract, `HRESULT_FROM_WIN32(n or NAME)`, `0x…`, a decimal (negative for the signed form) or
 * what formatHresult wrote. Returns undefined for anything else.
 */
export function parseHresult(text: string): number | undefined {
  const trimmed = text.trim();
  const formatted = /^(.*\S)\s*\((0x[0-9a-f]{1,8})\)$/i.exec(trimmed);
  if (formatted?.[1] !== undefined && formatted[2] !== undefined) {
    const inner = parseHresult(formatted[1]);
    return inner === Number(formatted[2]) ? inner : undefined;
  }
  const named = byName.get(trimmed);
  if (named !== undefined) return named;
  const win32 = /^HRESULT_FROM_WIN32\((\w+)\)$/.exec(trimmed)?.[1];
  if (win32 !== undefined) {
    if (/^\d+$/.test(win32)) return hresultFromWin32(Number(win32));
    const entry = Object.entries(WIN32_NAMES).find(([, name]) => name === win32);
    return entry ? hresultFromWin32(Number(entry[0])) : undefined;
  }
  if (/^0x[0-9a-f]{1,8}$/i.test(trimmed)) return Number(trimmed);
  if (/^-?\d{1,10}$/.test(trimmed)) {
    const value = Number(trimmed);
    return value >= -0x80000000 && value <= 0xffffffff ? value >>> 0 : undefined;
  }
  return undefined;
}

/**
 * Answers by which the COM runtime reports that an out-of-process provider died. Passed on by a provider in this
 * process, they are about something else.
 */
export const SERVER_DIED: ReadonlySet<number> = new Set<number>([
  hresultFromWin32(1722),
  hresultFromWin32(1726),
  HR.RPC_E_DISCONNECTED,
  HR.RPC_E_SERVERFAULT,
]);

/** Failures that say nothing which a caller could act on. */
const SAYS_NOTHING: ReadonlySet<number> = new Set<number>([HR.E_FAIL, HR.E_UNEXPECTED, HR.E_NOTIMPL, HR.E_POINTER]);

const CUSTOMER = 0x20000000;
const FACILITY_ITF = 4;
const facilityOf = (hr: number): number => (hr >>> 16) & 0x7ff;
/**
 * Facilities of winerror.h that give their codes one meaning wherever they come from: RPC, DISPATCH, STORAGE, WIN32,
 * WINDOWS, SECURITY and so on.
 */
const COMMON_FACILITIES: ReadonlySet<number> = new Set([0, 1, 2, 3, 7, 8, 9, 10, 11, 12, 13, 14, 15]);

/**
 * The class of an answer, whatever the condition: the pages list codes "such as" E_INVALIDARG and close no list.
 * - `permitted`: success that the page documents or that vdserr.h defines, any failure that vdserr.h or winerror.h
 *   defines
 * - `says-nothing`: a failure, but one of those that mean no more than "failed", or a number that no header names
 * - `unknown`: a success code that says nothing about this method
 */
type AnswerWorth = 'permitted' | 'says-nothing' | 'unknown';

export function worthOf(method: Method, hr: number): AnswerWorth {
  const name = byValue.get(hr);
  const documented = name !== undefined && method.codes.includes(name);
  if (succeeded(hr))
    return hr === HR.S_OK || documented || name?.startsWith('VDS_S_') === true ? 'permitted' : 'unknown';
  if (documented || name?.startsWith('VDS_E_') === true) return 'permitted';
  if (SAYS_NOTHING.has(hr)) return 'says-nothing';
  // A vendor's own: the bit says that no header of Microsoft's has it.
  if ((hr & CUSTOMER) !== 0) return 'says-nothing';
  const facility = facilityOf(hr);
  // Codes of FACILITY_ITF mean what their interface says: those of VDS are the ones of vdserr.h.
  return facility !== FACILITY_ITF && COMMON_FACILITIES.has(facility) ? 'permitted' : 'says-nothing';
}

/** Whether a method may answer this code without anything to be said about it. */
export const isPermitted = (method: Method, hr: number): boolean => worthOf(method, hr) === 'permitted';
