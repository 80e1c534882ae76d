// The paths from this computer to a LUN of a Fibre Channel array: one from each HBA port that the LUN is unmasked to,
// to each controller port on which the LUN is active. What was set of a path is kept with the LUN.
import type { Guid } from '../../../src/contract/guid.js';
import {
  OBJECT_STATUS,
  VDS_LOADBALANCE_POLICY_ENUM,
  VDS_PATH_STATUS,
} from '../../../src/contract/generated/enumerations.js';
import { portObjects, type ArrayLun, type ArraySubSystem, type PathSettings } from './devices.js';

/**
 * A port of this computer's host bus adapter, by its World Wide Names: 16 hexadecimal digits, the most significant byte
 * first.
 */
export interface HbaPort {
  readonly node: string;
  readonly port: string;
}

/** This computer's. */
export const HBA_PORTS: readonly [HbaPort, HbaPort] = [
  { node: '20000000C9A1B2C3', port: '10000000C9A1B2C3' },
  { node: '20000000C9A1B2C3', port: '10000000C9A1B2C4' },
];

/** A path as the cache has it. */
export interface PathRecord extends Readonly<PathSettings> {
  /** The number of its HBA port. */
  readonly hba: number;
  readonly port: Guid;
}

const keyOf = (hba: number, port: Guid): string => `${hba} ${port}`;

/**
 * A LUN's paths as they are now: one to a port that does not work has failed, whatever was set of it, and fail-over has
 * one primary path, the first where none was set.
 */
export function pathsOf(subSystem: ArraySubSystem, lun: ArrayLun): readonly PathRecord[] {
  const paths = presentPaths(subSystem, lun);
  if (lun.policy !== VDS_LOADBALANCE_POLICY_ENUM.VDS_LBP_FAILOVER) return paths;
  const chosen = paths.find(({ hba, port }) => lun.paths.get(keyOf(hba, port))?.primary === true) ?? paths[0];
  return paths.map((path) => ({ ...path, primary: path === chosen }));
}

function presentPaths(subSystem: ArraySubSystem, lun: ArrayLun): readonly PathRecord[] {
  const masked = new Set(lun.unmaskingList.toUpperCase().split(';'));
  const ports = portObjects(subSystem).filter(({ id }) => lun.ports.has(id));
  return HBA_PORTS.flatMap(({ port: name }, hba) => {
    if (!masked.has('*') && !masked.has(name)) return [];
    return ports.map(({ id, status }) => {
      const set = lun.paths.get(keyOf(hba, id)) ?? NEW_PATH;
      const works = status === OBJECT_STATUS.STATUS_ONLINE;
      return { hba, port: id, ...set, status: works ? set.status : VDS_PATH_STATUS.VDS_MPS_FAILED };
    });
  });
}

const NEW_PATH: Readonly<PathSettings> = { status: VDS_PATH_STATUS.VDS_MPS_ONLINE, primary: true, weight: 0 };

/** Sets something of one path of a LUN. */
export function setPath(
  lun: ArrayLun,
  { hba, port }: Pick<PathRecord, 'hba' | 'port'>,
  change: Partial<PathSettings>,
): void {
  const key = keyOf(hba, port);
  lun.paths.set(key, { ...(lun.paths.get(key) ?? NEW_PATH), ...change });
}
