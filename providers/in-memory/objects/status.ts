// The statuses of devices: the values that a caller may set, and their effect.
import { HR } from '../../../src/contract/hresult.js';
import { OBJECT_STATUS, VDS_HEALTH } from '../../../src/contract/generated/enumerations.js';
import { Failure } from '../failure.js';

const KEPT: ReadonlySet<number> = new Set([OBJECT_STATUS.STATUS_ONLINE, OBJECT_STATUS.STATUS_OFFLINE]);

/**
 * Throws Failure unless the status can be set: E_INVALIDARG for an unknown status, VDS_E_NOT_SUPPORTED for one that
 * cannot be asked for.
 */
export function checkSettable(status: number, enumeration: Readonly<Record<string, number>>): void {
  if (status === OBJECT_STATUS.STATUS_UNKNOWN || !Object.values(enumeration).includes(status))
    throw new Failure(HR.E_INVALIDARG);
  if (!KEPT.has(status)) throw new Failure(HR.VDS_E_NOT_SUPPORTED);
}

/** Sets it. A device that had failed works again: health FAILED and status FAILED go together. */
export function putStatus(device: { status: number; health?: number }, status: number): void {
  device.status = status;
  if (device.health === VDS_HEALTH.VDS_H_FAILED) device.health = VDS_HEALTH.VDS_H_HEALTHY;
}
