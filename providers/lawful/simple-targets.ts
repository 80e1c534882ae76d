// Simple target configuration: a new LUN comes associated with the subsystem's first target.
import { StorageArray, type NewLun } from '../in-memory/array/array.js';
import type { ArrayLun, ArraySubSystem } from '../in-memory/array/devices.js';

export class SimpleTargets extends StorageArray {
  override addLun(subSystem: ArraySubSystem, request: NewLun): ArrayLun {
    const lun = super.addLun(subSystem, request);
    const [target] = subSystem.targets.keys();
    if (target !== undefined) lun.targets.add(target);
    return lun;
  }
}
