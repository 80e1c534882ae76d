// Deletes what a run made. An array may keep a LUN while it is in use: while hosts may see it.
import { HR, succeeded } from '../contract/hresult.js';
import type { IVdsLun } from '../port/generated/typed.js';
import type { Result, VdsObject } from '../port/objects.js';
import { listed } from '../truth/enumerate.js';

const isLun = (object: VdsObject): object is IVdsLun => object.interfaceName === 'IVdsLun';

/** Whether hosts may see a LUN: by its list, or through a target. */
async function isShown(lun: IVdsLun): Promise<boolean> {
  const { lunProp } = (await lun.getProperties()).out;
  if (typeof lunProp === 'object' && (lunProp?.unmaskingList ?? '') !== '') return true;
  const targets = await (await lun.as('IVdsLunIscsi'))?.queryAssociatedTargets();
  if (targets === undefined || !succeeded(targets.hr)) return false;
  const { enum: enumerator } = targets.out;
  return typeof enumerator === 'object' && enumerator !== null && (await listed(enumerator)).length > 0;
}

/**
 * Makes a deletion. A LUN that hosts may see, and that is refused as in use (VDS_E_DEVICE_IN_USE), is taken from every
 * initiator and target, and deleted then: after that nothing is left that could use it.
 */
export async function deleteReleased<T>(object: VdsObject, deletion: () => Promise<Result<T>>): Promise<Result<T>> {
  const first = await deletion();
  if (first.hr !== HR.VDS_E_DEVICE_IN_USE || !isLun(object) || !(await isShown(object))) return first;
  await object.setMask({ unmaskingList: '' });
  await (await object.as('IVdsLunIscsi'))?.associateTargets({ targetIdArray: null });
  return deletion();
}
