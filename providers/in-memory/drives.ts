// The drive list that creating and extending a LUN take. This array has no drives of its own to name, so only "no list" can succeed.
import type { Guid } from '../../src/contract/guid.js';
import { HR } from '../../src/contract/hresult.js';
import { Failure } from './failure.js';

/** The array is NULL exactly if the count is 0. Throws Failure(E_INVALIDARG). */
export function checkDriveList(ids: readonly Guid[] | null, count: number): void {
  if (ids === null ? count !== 0 : count <= 0) throw new Failure(HR.E_INVALIDARG);
}

/** Every id must be of a drive. Throws Failure(VDS_E_OBJECT_NOT_FOUND). */
export function checkDrivesExist(ids: readonly Guid[] | null): void {
  if (ids !== null) throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
}
