// Simple target configuration: a new LUN comes associated with the subsystem's first target, or with one of its own.
import type { Guid } from '../../src/contract/guid.js';
import { StorageArray, type NewLun } from '../in-memory/array/array.js';
import type { ArrayLun, ArraySubSystem } from '../in-memory/array/devices.js';
import { hex } from '../in-memory/array/ids.js';
import { ProviderObject } from '../in-memory/objects/provider.js';

export class SimpleTargets extends StorageArray {
  override addLun(subSystem: ArraySubSystem, request: NewLun): ArrayLun {
    const lun = super.addLun(subSystem, request);
    const [target] = subSystem.targets.keys();
    if (target !== undefined) lun.targets.add(target);
    return lun;
  }
}

/** Each LUN comes and goes with a target of its own, which has a group with every portal. */
export class TargetsOfLuns extends StorageArray {
  // The constructor of an array makes LUNs already.
  declare private own: Map<Guid, Guid> | undefined;

  override addLun(subSystem: ArraySubSystem, request: NewLun): ArrayLun {
    const lun = super.addLun(subSystem, request);
    const target = this.addTarget(subSystem, `iqn.2026-11.example.vdsc:lun-${hex(lun.id)}`);
    const group = this.addPortalGroup(target);
    for (const portal of subSystem.portals.keys()) group.portals.add(portal);
    lun.targets.add(target.id);
    this.own ??= new Map();
    this.own.set(lun.id, target.id);
    return lun;
  }

  override remove(id: Guid): void {
    super.remove(id);
    this.settle();
  }

  /** The target that was made with a LUN, which may be gone. */
  targetOf(lun: Guid): Guid | undefined {
    return this.own?.get(lun);
  }

  /** Deletes the targets of LUNs that are gone. */
  settle(): void {
    for (const [lun, target] of this.own ?? [])
      if (![...this.subSystems.values()].some(({ luns }) => luns.has(lun))) super.remove(target);
  }
}

/** A LUN that becomes a plex of another leaves its target behind, which goes with nothing from then on. */
export class TargetsStayBehind extends TargetsOfLuns {
  override remove(id: Guid): void {
    const target = this.targetOf(id);
    super.remove(id);
    if (target !== undefined) super.remove(target);
  }

  override settle(): void {}
}

/** Learns of the target of a LUN when it learns of the LUN. */
export class LearnsOfTargets extends ProviderObject {
  override learn(...ids: readonly Guid[]): void {
    const targets = ids.flatMap((id) => this.targetOf(id) ?? []);
    if (this.array instanceof TargetsOfLuns) this.array.settle();
    super.learn(...targets, ...ids);
    super.learn(...targets);
  }

  override deviceDeparted(id: Guid): void {
    super.deviceDeparted(id);
    const target = this.targetOf(id);
    if (target !== undefined) super.learn(target);
  }

  private targetOf(id: Guid): Guid | undefined {
    return this.array instanceof TargetsOfLuns ? this.array.targetOf(id) : undefined;
  }
}
