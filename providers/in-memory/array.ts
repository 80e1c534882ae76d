// The storage array: the truth. Plain objects that stand for devices. VDS methods learn of it only by Reenumerate, Refresh, the array's answer
// to a change, or an event; what they answer comes from the cache. Faults and ReadTruth come here directly.
import type { Guid } from '../../src/contract/guid.js';
import { VDS_HEALTH, VDS_LUN_STATUS, VDS_LUN_TYPE, VDS_SUB_SYSTEM_STATUS } from '../../src/contract/generated/enumerations.js';
import { hex, Ids } from './ids.js';

export const ALLOCATION_UNIT = 1n << 20n;
const GIB = 1n << 30n;

export interface ArrayLun {
  readonly id: Guid;
  size: bigint;
  friendlyName: string;
  identification: string;
  unmaskingList: string;
  type: number;
  status: number;
  health: number;
}

export interface ArrayTarget {
  readonly id: Guid;
  iscsiName: string;
  friendlyName: string;
  /** The secret itself is not kept: nothing here authenticates anybody. */
  chapEnabled: boolean;
}

export interface ArraySubSystem {
  readonly id: Guid;
  friendlyName: string;
  identification: string;
  status: number;
  health: number;
  capacity: bigint;
  /** Bytes promised to operations that have not finished. */
  reserved: bigint;
  importTarget: string | null;
  /** Whether this computer reaches it. */
  connected: boolean;
  readonly luns: Map<Guid, ArrayLun>;
  readonly targets: Map<Guid, ArrayTarget>;
}

/** Space, or a name, that an accepted operation has for itself until it ends. */
export interface Reservation {
  release(): void;
}

/** Rounds up to whole allocation units. */
export const roundUp = (bytes: bigint): bigint => ((bytes + ALLOCATION_UNIT - 1n) / ALLOCATION_UNIT) * ALLOCATION_UNIT;

export class StorageArray {
  readonly subSystems = new Map<Guid, ArraySubSystem>();
  readonly ids: Ids;
  private readonly promisedNames = new Set<string>();
  private lunsMade = 0;
  private targetsMade = 0;

  constructor(seed: string) {
    this.ids = new Ids(seed);
    this.build();
  }

  /** The system that a session begins with. */
  protected build(): void {
    for (const letter of ['A', 'B']) {
      const subSystem = this.addSubSystem(`Array ${letter}`, `VDSC-ARRAY-${letter}`, 64n * GIB);
      this.addLun(subSystem, 8n * GIB, '', `Existing LUN ${letter}`);
      this.addTarget(subSystem, `iqn.2026-11.example.vdsc:existing-${letter.toLowerCase()}`, `Existing target ${letter}`);
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

  /** Sets space aside, or answers undefined when there is not so much. */
  reserve(subSystem: ArraySubSystem, bytes: bigint): Reservation | undefined {
    if (bytes > this.free(subSystem)) return undefined;
    subSystem.reserved += bytes;
    return { release: once(() => { subSystem.reserved -= bytes; }) };
  }

  free(subSystem: ArraySubSystem): bigint {
    let used = subSystem.reserved;
    for (const lun of subSystem.luns.values()) used += lun.size;
    return subSystem.capacity - used;
  }

  /** Keeps a target's name for an operation under way, or answers undefined when it is taken in any subsystem, disconnected ones included. */
  promiseName(iscsiName: string): Reservation | undefined {
    if (this.isTaken(iscsiName)) return undefined;
    this.promisedNames.add(iscsiName);
    return { release: () => { this.promisedNames.delete(iscsiName); } };
  }

  /** A name that no target has. */
  unusedName(): string {
    for (;;) {
      const name = `iqn.2026-11.example.vdsc:${hex(this.ids.next('iscsi-name'))}`;
      if (!this.isTaken(name)) return name;
    }
  }

  addSubSystem(friendlyName: string, identification: string, capacity: bigint): ArraySubSystem {
    const made: ArraySubSystem = {
      id: this.ids.next('sub-system'), friendlyName, identification, status: VDS_SUB_SYSTEM_STATUS.VDS_SSS_ONLINE, health: VDS_HEALTH.VDS_H_HEALTHY,
      capacity, reserved: 0n, importTarget: null, connected: true, luns: new Map(), targets: new Map(),
    };
    this.subSystems.set(made.id, made);
    return made;
  }

  addLun(subSystem: ArraySubSystem, size: bigint, unmaskingList: string, friendlyName = `LUN ${++this.lunsMade}`): ArrayLun {
    const id = this.ids.next('lun');
    const made: ArrayLun = {
      id, size, friendlyName, identification: `VDSC-LUN-${hex(id)}`, unmaskingList, type: VDS_LUN_TYPE.VDS_LT_SIMPLE,
      status: VDS_LUN_STATUS.VDS_LS_ONLINE, health: VDS_HEALTH.VDS_H_HEALTHY,
    };
    subSystem.luns.set(id, made);
    return made;
  }

  addTarget(subSystem: ArraySubSystem, iscsiName: string, friendlyName = `Target ${++this.targetsMade}`): ArrayTarget {
    const made: ArrayTarget = { id: this.ids.next('target'), iscsiName, friendlyName, chapEnabled: false };
    subSystem.targets.set(made.id, made);
    return made;
  }

  /** What the array holds, as IVdsConformanceControl::ReadTruth gives it. */
  truth(): string {
    return JSON.stringify({
      subSystems: this.connected().map((s) => ({
        id: s.id, friendlyName: s.friendlyName, identification: s.identification, status: s.status, health: s.health, importTarget: s.importTarget,
        luns: [...s.luns.values()].map((l) => ({
          id: l.id, size: l.size.toString(), friendlyName: l.friendlyName, identification: l.identification, unmaskingList: l.unmaskingList,
          type: l.type, status: l.status, health: l.health,
        })),
        targets: [...s.targets.values()].map((t) => ({ id: t.id, iscsiName: t.iscsiName, friendlyName: t.friendlyName, chapEnabled: t.chapEnabled })),
      })),
    });
  }

  private isTaken(iscsiName: string): boolean {
    if (this.promisedNames.has(iscsiName)) return true;
    return [...this.subSystems.values()].some((s) => [...s.targets.values()].some((t) => t.iscsiName === iscsiName));
  }
}

function once(run: () => void): () => void {
  let done = false;
  return () => {
    if (!done) run();
    done = true;
  };
}
