// The kinds of device that GetObject finds by its page. The page of the types, and of notifications, has the others as
// well (VDS-3.5c).
import { HR } from './hresult.js';
import type { DeviceInterface } from './objects.js';

/** The kinds of device that the page of GetObject names. */
export const NAMED_BY_GET_OBJECT: ReadonlySet<DeviceInterface> = new Set<DeviceInterface>([
  'IVdsSubSystem',
  'IVdsController',
  'IVdsDrive',
  'IVdsLun',
  'IVdsLunPlex',
]);

/** Whether this answer of GetObject says lawfully that it does not know this kind of device. */
export const unknownToGetObject = (kind: DeviceInterface, hr: number): boolean =>
  !NAMED_BY_GET_OBJECT.has(kind) && (hr === HR.VDS_E_OBJECT_NOT_FOUND || hr === HR.VDS_E_INVALID_OBJECT_TYPE);
