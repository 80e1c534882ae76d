// The health that devices report, and what goes with it.
import type { DeviceInterface } from './objects.js';
import { OBJECT_STATUS, VDS_HEALTH } from './generated/enumerations.js';

const { STATUS_UNKNOWN, STATUS_OFFLINE, STATUS_FAILED } = OBJECT_STATUS;

/**
 * By health, the statuses with which it does not go (VDS_HEALTH). They have the same values in every enumeration of
 * statuses.
 */
export const STATUSES_NOT_WITH: Readonly<Record<number, readonly number[]>> = {
  [VDS_HEALTH.VDS_H_HEALTHY]: [STATUS_UNKNOWN, STATUS_FAILED],
  [VDS_HEALTH.VDS_H_STALE]: [STATUS_UNKNOWN, STATUS_FAILED],
  [VDS_HEALTH.VDS_H_FAILING]: [STATUS_UNKNOWN, STATUS_FAILED],
  [VDS_HEALTH.VDS_H_PENDING_FAILURE]: [STATUS_UNKNOWN, STATUS_FAILED],
  [VDS_HEALTH.VDS_H_DEGRADED]: [STATUS_UNKNOWN],
};

/** Kinds of which the pages of their status say with which health each goes, and that any goes with OFFLINE. */
export const HEALTH_BY_STATUS: ReadonlySet<DeviceInterface> = new Set([
  'IVdsController',
  'IVdsControllerPort',
  'IVdsDrive',
]);

const HEALTHS: ReadonlySet<unknown> = new Set(Object.values(VDS_HEALTH));

/** Whether a health goes with the status of a device by the page of that, whatever the page of VDS_HEALTH says. */
export const goesWithStatus = (kind: DeviceInterface, health: unknown, status: unknown): boolean =>
  HEALTH_BY_STATUS.has(kind) &&
  HEALTHS.has(health) &&
  (status === STATUS_OFFLINE || (status === STATUS_FAILED && health === VDS_HEALTH.VDS_H_FAILING));
