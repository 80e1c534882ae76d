// The devices that the storage array consists of, as plain data: what each kind has, and what holds what. How they come
// about, change and go is in array.ts; what the provider knows of them is in records.ts.
import type { Guid } from '../../../src/contract/guid.js';
import type { VDS_HINTS } from '../../../src/contract/generated/structures.js';
import {
  OBJECT_STATUS,
  VDS_HEALTH,
  VDS_LUN_PLEX_STATUS,
  VDS_LUN_PLEX_TYPE,
} from '../../../src/contract/generated/enumerations.js';

/** A stretch of a drive. Offsets and sizes are bytes, in whole allocation units. */
export interface Extent {
  readonly drive: Guid;
  readonly offset: bigint;
  readonly size: bigint;
}

export interface ArrayPlex {
  readonly id: Guid;
  type: number;
  /** As set or failed by itself; standingOf adds what missing drives do to it. */
  status: number;
  health: number;
  /** Bytes; 0 unless it is striped. */
  stripeSize: number;
  /** A stripe has several, each on a drive of its own; anything else has one. */
  columns: readonly (readonly Extent[])[];
  hints: VDS_HINTS;
}

export interface ArrayLun {
  readonly id: Guid;
  size: bigint;
  friendlyName: string;
  readonly identification: string;
  /** It is of a shadow-copy set. */
  readonly snapshot: boolean;
  unmaskingList: string;
  type: number;
  status: number;
  health: number;
  hints: VDS_HINTS;
  readonly plexes: Map<Guid, ArrayPlex>;
  targets: Set<Guid>;
  /** Those on which it is active. */
  controllers: Set<Guid>;
  /** Likewise, where ports are devices of their own. */
  ports: Set<Guid>;
  /** How its paths share the load, and what was set of single paths; see paths.ts. */
  policy: number;
  readonly paths: Map<string, PathSettings>;
  /** Its number among the LUNs of the subsystem. */
  readonly number: number;
}

/** The settings of one path to a LUN. */
export interface PathSettings {
  /** VDS_MPS_…. */
  status: number;
  primary: boolean;
  weight: number;
}

export interface ArrayDrive {
  readonly id: Guid;
  readonly size: bigint;
  friendlyName: string;
  readonly identification: string;
  readonly bus: number;
  readonly slot: number;
  flags: number;
  status: number;
  health: number;
  /** Whether it is in its slot. */
  present: boolean;
}

export interface ArrayPort {
  readonly id: Guid;
  friendlyName: string;
  readonly identification: string;
  status: number;
}

export interface ArrayController {
  readonly id: Guid;
  friendlyName: string;
  readonly identification: string;
  status: number;
  health: number;
  /** By the numbers that they have there. */
  readonly ports: readonly ArrayPort[];
  /**
   * Whether they are devices of their own, as those of a Fibre Channel array are, and not just parts of the controller.
   */
  readonly hasPortObjects: boolean;
}

export interface ArrayPortal {
  readonly id: Guid;
  /** IPv4, dotted. */
  readonly address: string;
  readonly tcpPort: number;
  status: number;
}

export interface ArrayPortalGroup {
  readonly id: Guid;
  readonly tag: number;
  readonly portals: Set<Guid>;
}

export interface ArrayTarget {
  readonly id: Guid;
  iscsiName: string;
  friendlyName: string;
  /** The secret itself is not kept: nothing here authenticates anybody. */
  chapEnabled: boolean;
  readonly groups: Map<Guid, ArrayPortalGroup>;
  /** Portal groups promised to operations that have not finished. */
  promisedGroups: number;
}

/** A storage pool: drives under a name. What it holds follows from what lies on them. */
export interface ArrayPool {
  readonly id: Guid;
  readonly name: string;
  /**
   * VDS_SPT_…: the primordial pool of a subsystem is made of all of its drives, and those of the concrete ones are
   * taken from it.
   */
  readonly type: number;
  readonly drives: readonly Guid[];
  /** Bytes that callers are told they can have, where that may be more than there are; undefined where it may not. */
  readonly provisioned?: bigint;
}

export interface ArraySubSystem {
  readonly id: Guid;
  friendlyName: string;
  identification: string;
  status: number;
  health: number;
  importTarget: string | null;
  /** Whether this computer reaches it. */
  connected: boolean;
  readonly drives: Map<Guid, ArrayDrive>;
  readonly controllers: Map<Guid, ArrayController>;
  readonly portals: Map<Guid, ArrayPortal>;
  readonly luns: Map<Guid, ArrayLun>;
  readonly targets: Map<Guid, ArrayTarget>;
  readonly pools: Map<Guid, ArrayPool>;
  /** Extents promised to operations that have not finished. */
  readonly promised: Set<readonly Extent[]>;
}

/** By kind, the device behind an object, and its containers. */
export interface Truths {
  readonly subsystem: { readonly subSystem: ArraySubSystem };
  readonly lun: { readonly subSystem: ArraySubSystem; readonly lun: ArrayLun };
  readonly plex: { readonly subSystem: ArraySubSystem; readonly lun: ArrayLun; readonly plex: ArrayPlex };
  readonly drive: { readonly subSystem: ArraySubSystem; readonly drive: ArrayDrive };
  readonly controller: { readonly subSystem: ArraySubSystem; readonly controller: ArrayController };
  readonly port: { readonly subSystem: ArraySubSystem; readonly controller: ArrayController; readonly port: ArrayPort };
  readonly portal: { readonly subSystem: ArraySubSystem; readonly portal: ArrayPortal };
  readonly target: { readonly subSystem: ArraySubSystem; readonly target: ArrayTarget };
  readonly 'storage-pool': { readonly subSystem: ArraySubSystem; readonly pool: ArrayPool };
  readonly 'portal-group': {
    readonly subSystem: ArraySubSystem;
    readonly target: ArrayTarget;
    readonly group: ArrayPortalGroup;
  };
}

export type DeviceKind = keyof Truths;

/** A device that was found. */
export type FoundOf<K extends DeviceKind> = {
  readonly [P in DeviceKind]: Truths[P] & { readonly kind: P; readonly id: Guid; readonly parent: Guid | null };
}[K];
export type Found = FoundOf<DeviceKind>;

/** The members of a LUN, controller or target. */
export function* heldBy(found: Found): Generator<Found> {
  if (found.kind === 'lun') {
    const { subSystem, lun } = found;
    for (const plex of lun.plexes.values()) yield { kind: 'plex', id: plex.id, parent: lun.id, subSystem, lun, plex };
  }
  if (found.kind === 'controller' && found.controller.hasPortObjects) {
    const { subSystem, controller } = found;
    for (const port of controller.ports)
      yield { kind: 'port', id: port.id, parent: controller.id, subSystem, controller, port };
  }
  if (found.kind === 'target') {
    const { subSystem, target } = found;
    for (const group of target.groups.values())
      yield { kind: 'portal-group', id: group.id, parent: target.id, subSystem, target, group };
  }
}

function* withHeld(found: Found): Generator<Found> {
  yield found;
  yield* heldBy(found);
}

/** A subsystem and every device in it, containers before what they hold; drives that were pulled are not among them. */
export function* allDevices(subSystem: ArraySubSystem): Generator<Found> {
  const parent = subSystem.id;
  yield { kind: 'subsystem', id: parent, parent: null, subSystem };
  for (const drive of subSystem.drives.values())
    if (drive.present) yield { kind: 'drive', id: drive.id, parent, subSystem, drive };
  for (const controller of subSystem.controllers.values())
    yield* withHeld({ kind: 'controller', id: controller.id, parent, subSystem, controller });
  for (const portal of subSystem.portals.values()) yield { kind: 'portal', id: portal.id, parent, subSystem, portal };
  for (const lun of subSystem.luns.values()) yield* withHeld({ kind: 'lun', id: lun.id, parent, subSystem, lun });
  for (const target of subSystem.targets.values())
    yield* withHeld({ kind: 'target', id: target.id, parent, subSystem, target });
  for (const pool of subSystem.pools.values()) yield { kind: 'storage-pool', id: pool.id, parent, subSystem, pool };
}

/** A device of a subsystem by its id, or undefined. A drive that was pulled is not found. */
export function deviceOf(subSystem: ArraySubSystem, id: Guid): Found | undefined {
  const parent = subSystem.id;
  if (id === parent) return { kind: 'subsystem', id, parent: null, subSystem };
  const lun = subSystem.luns.get(id);
  if (lun !== undefined) return { kind: 'lun', id, parent, subSystem, lun };
  const target = subSystem.targets.get(id);
  if (target !== undefined) return { kind: 'target', id, parent, subSystem, target };
  const drive = subSystem.drives.get(id);
  if (drive !== undefined) return drive.present ? { kind: 'drive', id, parent, subSystem, drive } : undefined;
  const controller = subSystem.controllers.get(id);
  if (controller !== undefined) return { kind: 'controller', id, parent, subSystem, controller };
  const portal = subSystem.portals.get(id);
  if (portal !== undefined) return { kind: 'portal', id, parent, subSystem, portal };
  const pool = subSystem.pools.get(id);
  if (pool !== undefined) return { kind: 'storage-pool', id, parent, subSystem, pool };
  for (const holder of subSystem.luns.values()) {
    const plex = holder.plexes.get(id);
    if (plex !== undefined) return { kind: 'plex', id, parent: holder.id, subSystem, lun: holder, plex };
  }
  for (const holder of subSystem.controllers.values()) {
    const port = holder.hasPortObjects ? holder.ports.find((p) => p.id === id) : undefined;
    if (port !== undefined) return { kind: 'port', id, parent: holder.id, subSystem, controller: holder, port };
  }
  for (const holder of subSystem.targets.values()) {
    const group = holder.groups.get(id);
    if (group !== undefined) return { kind: 'portal-group', id, parent: holder.id, subSystem, target: holder, group };
  }
  return undefined;
}

/** The status of a port: that of its controller while that is not online. */
export const portStatus = (controller: ArrayController, port: ArrayPort): number =>
  controller.status === OBJECT_STATUS.STATUS_ONLINE ? port.status : controller.status;

/** The ports of a subsystem that are devices of their own. */
export const portObjects = ({ controllers }: ArraySubSystem): readonly Readonly<ArrayPort>[] =>
  [...controllers.values()].flatMap((c) =>
    c.hasPortObjects ? c.ports.map((port) => ({ ...port, status: portStatus(c, port) })) : [],
  );

export const extentsOf = (plex: Pick<ArrayPlex, 'columns'>): readonly Extent[] => plex.columns.flat();

interface Standing {
  readonly status: number;
  readonly health: number;
}

const FAILED: Standing = { status: VDS_LUN_PLEX_STATUS.VDS_LPS_FAILED, health: VDS_HEALTH.VDS_H_FAILED };

/** Whether an extent is out of reach, because its drive is. */
export const isLost = ({ drives }: ArraySubSystem, { drive }: Extent): boolean => drives.get(drive)?.present !== true;

/** The types of plex that do without one of their columns. */
const WITH_PARITY: ReadonlySet<number> = new Set([VDS_LUN_PLEX_TYPE.VDS_LPT_PARITY, VDS_LUN_PLEX_TYPE.VDS_LPT_RAID5]);

/**
 * Status and health of a plex: FAILED as long as a drive with an extent of it is missing, unless parity makes up for
 * it.
 */
export function plexStanding(subSystem: ArraySubSystem, plex: ArrayPlex): Standing {
  const lost = plex.columns.filter((column) => column.some((e) => isLost(subSystem, e))).length;
  if (lost > (WITH_PARITY.has(plex.type) ? 1 : 0)) return FAILED;
  const { status, health } = plex;
  return { status, health: lost > 0 && !hasFailed(plex) ? VDS_HEALTH.VDS_H_FAILED_REDUNDANCY : health };
}

export const hasFailed = ({ status }: Standing): boolean => status === FAILED.status;

/** Status and health of a LUN: FAILED without a sound plex, without redundancy when some of its plexes have failed. */
export function lunStanding(subSystem: ArraySubSystem, lun: ArrayLun): Standing {
  const failed = [...lun.plexes.values()].filter((p) => hasFailed(plexStanding(subSystem, p))).length;
  if (failed === lun.plexes.size) return FAILED;
  const worn = [...lun.plexes.values()].some((p) => extentsOf(p).some((e) => isLost(subSystem, e)));
  const health = (failed > 0 || worn) && !hasFailed(lun) ? VDS_HEALTH.VDS_H_FAILED_REDUNDANCY : lun.health;
  return { status: lun.status, health };
}
