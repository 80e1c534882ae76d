// The obligations of a hardware provider that follow from its own type (VDS-3.8, VDS-3.8b).
import { VDS_HWPROVIDER_TYPE } from './generated/enumerations.js';
import type { DeviceInterface } from './objects.js';
import type { InterfaceName } from './tables.js';

/** The interfaces that a type obliges a provider to have. */
export interface TypeObligation {
  readonly type: number;
  /** As in the name of a check. */
  readonly word: string;
  /** The requirement that says so. */
  readonly requirement: string;
  /** The interfaces, with the objects that have them. */
  readonly interfaces: readonly (readonly [DeviceInterface, InterfaceName])[];
}

/** The interfaces that a provider of a type always has. */
export const INTERFACES_OF_TYPES: readonly TypeObligation[] = [
  {
    type: VDS_HWPROVIDER_TYPE.VDS_HWT_ISCSI,
    word: 'iscsi',
    requirement: 'VDS-3.8',
    interfaces: [
      ['IVdsSubSystem', 'IVdsSubSystemIscsi'],
      ['IVdsLun', 'IVdsLunIscsi'],
    ],
  },
  {
    type: VDS_HWPROVIDER_TYPE.VDS_HWT_FIBRE_CHANNEL,
    word: 'fibre-channel',
    requirement: 'VDS-3.8b',
    interfaces: [
      ['IVdsController', 'IVdsControllerControllerPort'],
      ['IVdsLun', 'IVdsLunControllerPorts'],
    ],
  },
];
