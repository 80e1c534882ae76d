// The names of the device kinds, as types. The rows are in generated/objects.ts, what one looks like is in
// object-definitions.ts.
import type { DEVICE_KINDS, MAKEABLE } from './generated/objects.js';

export type * from './object-definitions.js';

/** A kind of device by the interface that reports its properties. */
export type DeviceInterface = keyof typeof DEVICE_KINDS;
/** A kind of device by its word in ids. */
export type DeviceSlug = (typeof DEVICE_KINDS)[DeviceInterface]['slug'];
/** A kind of device that a caller can make, by its word in ids. */
export type MakeableKind = keyof typeof MAKEABLE;
