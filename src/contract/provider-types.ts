// The obligations of a hardware provider that follow from its own type (VDS-3.8).
import { VDS_HWPROVIDER_TYPE } from './generated/enumerations.js';
import type { DeviceInterface } from './objects.js';
import type { InterfaceName } from './tables.js';

/** The interfaces that a provider of a type always has, with the objects that have them. */
export const INTERFACES_OF_TYPE: Readonly<Record<number, readonly (readonly [DeviceInterface, InterfaceName])[]>> = {
  [VDS_HWPROVIDER_TYPE.VDS_HWT_ISCSI]: [
    ['IVdsSubSystem', 'IVdsSubSystemIscsi'],
    ['IVdsLun', 'IVdsLunIscsi'],
  ],
  [VDS_HWPROVIDER_TYPE.VDS_HWT_FIBRE_CHANNEL]: [
    ['IVdsController', 'IVdsControllerControllerPort'],
    ['IVdsLun', 'IVdsLunControllerPorts'],
  ],
};
