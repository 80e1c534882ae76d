// The codes with which an array says that there is no room for a request, or that nobody may make any.
import { HR, hresultFromWin32 } from './hresult.js';

/** Answers that speak of the lab and not of the request: there is no room, or nobody may change anything. */
export const OF_THE_LAB: ReadonlySet<number> = new Set<number>([
  HR.VDS_E_NOT_ENOUGH_SPACE,
  HR.VDS_E_NOT_ENOUGH_DRIVE,
  HR.VDS_E_CONFIG_LIMIT,
  hresultFromWin32(19), // ERROR_WRITE_PROTECT
  hresultFromWin32(39), // ERROR_HANDLE_DISK_FULL
  hresultFromWin32(112), // ERROR_DISK_FULL
  hresultFromWin32(1450), // ERROR_NO_SYSTEM_RESOURCES
  hresultFromWin32(1816), // ERROR_NOT_ENOUGH_QUOTA
]);

/** The answers that mean want of room. */
export const NO_ROOM: readonly number[] = [HR.VDS_E_NOT_ENOUGH_SPACE, HR.VDS_E_NOT_ENOUGH_DRIVE];

/** The permitted answers for an unreasonable size: an array may have a limit for LUNs that comes before its room. */
export const TOO_LARGE: readonly number[] = [...NO_ROOM, HR.E_INVALIDARG, HR.VDS_E_NOT_SUPPORTED];
