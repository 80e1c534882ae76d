// The storage array: the truth. Plain objects that stand for devices. VDS methods learn of it only by Reenumerate,
// Refresh, the array's answer to a change, or an event; what they answer comes from the cache. Faults and ReadTruth
// come here directly.
import type { Guid } from '../../../src/contract/guid.js';
import {
  VDS_CONTROLLER_STATUS,
  VDS_DRIVE_STATUS,
  VDS_HEALTH,
  VDS_ISCSI_PORTAL_STATUS,
  VDS_LUN_PLEX_STATUS,
  VDS_LUN_STATUS,
  VDS_LOADBALANCE_POLICY_ENUM,
  VDS_LUN_TYPE,
  VDS_PORT_STATUS,
  VDS_SUB_SYSTEM_STATUS,
} from '../../../src/contract/generated/enumerations.js';
import type { VDS_HINTS } from '../../../src/contract/generated/structures.js';
import {
  deviceOf,
  portObjects,
  type ArrayController,
  type ArrayDrive,
  type ArrayLun,
  type ArrayPlex,
  type ArrayPort,
  type ArrayPortal,
  type ArrayPortalGroup,
  type ArraySubSystem,
  type ArrayTarget,
  type DeviceKind,
  type Extent,
  type FoundOf,
} from './devices.js';
import { NO_HINTS } from './hints.js';
import { hex, Ids } from './ids.js';
import { freeSpace, layOut, type Layout, type PlexPlan } from './space.js';
import { poolsOf, truthOf } from './truth.js';
import { GIB } from '../../../src/contract/sizes.js';

const DRIVES = 4;
const DRIVE_SIZE = 16n * GIB;
const CONTROLLERS = 2;
const ISCSI_PORT = 3260;
/** A target's. */
const PORTAL_GROUPS = 2;

/** Space, or a name, that an accepted operation has for itself until it ends. */
export interface Reservation {
  release(): void;
}

/** The request for a new LUN. */
export interface NewLun {
  readonly layout: Layout;
  readonly unmaskingList: string;
  readonly hints?: VDS_HINTS;
  readonly friendlyName?: string;
  readonly snapshot?: boolean;
}

export class StorageArray {
  readonly subSystems = new Map<Guid, ArraySubSystem>();
  readonly ids: Ids;
  /** The maintenance operations that run on a device. */
  readonly maintenance = new Map<Guid, Set<number>>();
  private readonly promisedNames = new Set<string>();
  private lunsMade = 0;
  private targetsMade = 0;

  constructor(seed: string) {
    this.ids = new Ids(seed);
    this.build();
  }

  /** The system that a session begins with. */
  protected build(): void {
    for (const [index, letter] of ['A', 'B'].entries()) {
      const subSystem = this.addSubSystem(`Array ${letter}`, `VDSC-ARRAY-${letter}`);
      for (let n = 0; n < DRIVES; n++) this.addDrive(subSystem, `${letter}-${n}`, n);
      for (let n = 0; n < CONTROLLERS; n++) this.addController(subSystem, `${letter}-${n}`);
      const portals = [0, 1].map((n) => this.addPortal(subSystem, `192.0.2.${10 * (index + 1) + n}`));
      const layout = layOut(subSystem, VDS_LUN_TYPE.VDS_LT_SIMPLE, 8n * GIB, null);
      const lun = this.addLun(subSystem, { layout, unmaskingList: '', friendlyName: `Existing LUN ${letter}` });
      const target = this.addTarget(
        subSystem,
        `iqn.2026-11.example.vdsc:existing-${letter.toLowerCase()}`,
        `Existing target ${letter}`,
      );
      const group = this.addPortalGroup(target);
      for (const portal of portals.slice(0, 1)) group.portals.add(portal.id);
      lun.targets.add(target.id);
    }
  }

  /** A subsystem that exists and is connected, or undefined. */
  subSystem(id: Guid): ArraySubSystem | undefined {
    const found = this.subSystems.get(id);
    return found?.connected === true ? found : undefined;
  }

  /** Connected subsystems, in the order in which they were added. */
  connected(): readonly ArraySubSystem[] {
    return [...this.subSystems.values()].filter((s) => s.connected);
  }

  /** A device that this computer can reach, or undefined. */
  find<K extends DeviceKind>(id: Guid, kind?: K): FoundOf<K> | undefined {
    for (const subSystem of this.subSystems.values()) {
      const found = subSystem.connected ? deviceOf(subSystem, id) : undefined;
      if (found !== undefined && (kind === undefined || found.kind === kind)) return found as FoundOf<K>;
    }
    return undefined;
  }

  /** Whether the array has such a device, reachable or not. */
  holds(id: Guid): boolean {
    return [...this.subSystems.values()].some((s) => s.drives.has(id) || deviceOf(s, id) !== undefined);
  }

  /** Sets stretches of drives aside. */
  reserve(subSystem: ArraySubSystem, extents: readonly Extent[]): Reservation {
    subSystem.promised.add(extents);
    return {
      release: () => {
        subSystem.promised.delete(extents);
      },
    };
  }

  /** Bytes that are neither used nor promised. */
  free(subSystem: ArraySubSystem): bigint {
    return freeSpace(subSystem);
  }

  /**
   * Keeps a target's name for an operation under way, or answers undefined when it is taken in any subsystem,
   * disconnected ones included.
   */
  promiseName(iscsiName: string): Reservation | undefined {
    if (this.isTaken(iscsiName)) return undefined;
    this.promisedNames.add(iscsiName);
    return {
      release: () => {
        this.promisedNames.delete(iscsiName);
      },
    };
  }

  /** Keeps room for one more portal group, or answers undefined when a target has as many as it may. */
  promiseGroup(target: ArrayTarget): Reservation | undefined {
    if (target.groups.size + target.promisedGroups >= PORTAL_GROUPS) return undefined;
    target.promisedGroups += 1;
    return {
      release: once(() => {
        target.promisedGroups -= 1;
      }),
    };
  }

  /** A name that no target has. */
  unusedName(): string {
    for (;;) {
      const name = `iqn.2026-11.example.vdsc:${hex(this.ids.next('iscsi-name'))}`;
      if (!this.isTaken(name)) return name;
    }
  }

  addSubSystem(friendlyName: string, identification: string): ArraySubSystem {
    const made: ArraySubSystem = {
      id: this.ids.next('subsystem'),
      friendlyName,
      identification,
      status: VDS_SUB_SYSTEM_STATUS.VDS_SSS_ONLINE,
      health: VDS_HEALTH.VDS_H_HEALTHY,
      importTarget: null,
      connected: true,
      drives: new Map(),
      controllers: new Map(),
      portals: new Map(),
      luns: new Map(),
      targets: new Map(),
      pools: new Map(),
      promised: new Set(),
    };
    this.subSystems.set(made.id, made);
    return made;
  }

  addDrive(subSystem: ArraySubSystem, name: string, slot: number): ArrayDrive {
    const made: ArrayDrive = {
      id: this.ids.next('drive'),
      size: DRIVE_SIZE,
      friendlyName: `Drive ${name}`,
      identification: `VDSC-DRIVE-${name}`,
      bus: 0,
      slot,
      flags: 0,
      status: VDS_DRIVE_STATUS.VDS_DRS_ONLINE,
      health: VDS_HEALTH.VDS_H_HEALTHY,
      present: true,
    };
    subSystem.drives.set(made.id, made);
    return made;
  }

  addController(subSystem: ArraySubSystem, name: string): ArrayController {
    const made: ArrayController = {
      id: this.ids.next('controller'),
      friendlyName: `Controller ${name}`,
      identification: `VDSC-CONTROLLER-${name}`,
      status: VDS_CONTROLLER_STATUS.VDS_CS_ONLINE,
      health: VDS_HEALTH.VDS_H_HEALTHY,
      ports: this.newPorts(name),
      hasPortObjects: this.hasPortObjects,
    };
    subSystem.controllers.set(made.id, made);
    return made;
  }

  /** Whether the ports of controllers are devices of their own. */
  protected get hasPortObjects(): boolean {
    return false;
  }

  /** The ports that a new controller comes with. */
  protected newPorts(controller: string): readonly ArrayPort[] {
    return [this.newPort(`Port ${controller}-0`, `VDSC-PORT-${controller}-0`)];
  }

  protected newPort(friendlyName: string, identification: string): ArrayPort {
    return { id: this.ids.next('port'), friendlyName, identification, status: VDS_PORT_STATUS.VDS_PRS_ONLINE };
  }

  addPortal(subSystem: ArraySubSystem, address: string): ArrayPortal {
    const made: ArrayPortal = {
      id: this.ids.next('portal'),
      address,
      tcpPort: ISCSI_PORT,
      status: VDS_ISCSI_PORTAL_STATUS.VDS_IPS_ONLINE,
    };
    subSystem.portals.set(made.id, made);
    return made;
  }

  /** A new LUN, active on all controllers and associated with no target. */
  addLun(
    subSystem: ArraySubSystem,
    { layout, unmaskingList, hints = NO_HINTS, friendlyName, snapshot = false }: NewLun,
  ): ArrayLun {
    const id = this.ids.next('lun');
    const plexes = layout.plexes.map((plan) => this.newPlex(plan, hints));
    const made: ArrayLun = {
      id,
      size: layout.size,
      friendlyName: friendlyName ?? `LUN ${++this.lunsMade}`,
      identification: `VDSC-LUN-${hex(id)}`,
      snapshot,
      unmaskingList,
      type: layout.type,
      status: VDS_LUN_STATUS.VDS_LS_ONLINE,
      health: VDS_HEALTH.VDS_H_HEALTHY,
      hints,
      plexes: new Map(plexes.map((p) => [p.id, p])),
      targets: new Set(),
      controllers: new Set(subSystem.controllers.keys()),
      ports: new Set(portObjects(subSystem).map((p) => p.id)),
      policy: VDS_LOADBALANCE_POLICY_ENUM.VDS_LBP_UNKNOWN,
      paths: new Map(),
      number: lowestFree([...subSystem.luns.values()].map((l) => l.number)),
    };
    subSystem.luns.set(id, made);
    return made;
  }

  addTarget(subSystem: ArraySubSystem, iscsiName: string, friendlyName = `Target ${++this.targetsMade}`): ArrayTarget {
    const made: ArrayTarget = {
      id: this.ids.next('target'),
      iscsiName,
      friendlyName,
      chapEnabled: false,
      groups: new Map(),
      promisedGroups: 0,
    };
    subSystem.targets.set(made.id, made);
    return made;
  }

  /** A new portal group under the lowest free tag. */
  addPortalGroup(target: ArrayTarget): ArrayPortalGroup {
    const tags = new Set([...target.groups.values()].map((g) => g.tag));
    let tag = 1;
    while (tags.has(tag)) tag += 1;
    const made: ArrayPortalGroup = { id: this.ids.next('portal-group'), tag, portals: new Set() };
    target.groups.set(made.id, made);
    return made;
  }

  /** Removes a device with all that it holds, and its associations with others. */
  remove(id: Guid): void {
    this.subSystems.delete(id);
    for (const s of this.subSystems.values()) {
      for (const members of [s.drives, s.controllers, s.portals, s.luns, s.targets, s.pools]) members.delete(id);
      for (const lun of s.luns.values())
        for (const members of [lun.plexes, lun.targets, lun.controllers, lun.ports]) members.delete(id);
      for (const target of s.targets.values()) {
        target.groups.delete(id);
        for (const group of target.groups.values()) group.portals.delete(id);
      }
    }
  }

  /** The contents of the array, as IVdsConformanceControl::ReadTruth gives them. */
  truth(): string {
    const storagePools = this.connected().flatMap(poolsOf);
    const subSystems = this.connected().map(truthOf);
    return JSON.stringify(storagePools.length === 0 ? { subSystems } : { subSystems, storagePools });
  }

  private newPlex({ type, columns, stripeSize }: PlexPlan, hints: VDS_HINTS): ArrayPlex {
    return {
      id: this.ids.next('plex'),
      type,
      status: VDS_LUN_PLEX_STATUS.VDS_LPS_ONLINE,
      health: VDS_HEALTH.VDS_H_HEALTHY,
      stripeSize,
      columns,
      hints,
    };
  }

  private isTaken(iscsiName: string): boolean {
    if (this.promisedNames.has(iscsiName)) return true;
    return [...this.subSystems.values()].some((s) => [...s.targets.values()].some((t) => t.iscsiName === iscsiName));
  }
}

/** The lowest number from 0 that is not among these. */
function lowestFree(taken: readonly number[]): number {
  const all = new Set(taken);
  let number = 0;
  while (all.has(number)) number += 1;
  return number;
}

function once(run: () => void): () => void {
  let done = false;
  return () => {
    if (!done) run();
    done = true;
  };
}
