// Deletes what a run made. An array may keep a LUN while it is in use: while hosts may see it.
import { HR } from '../contract/hresult.js';
import type { IVdsLun } from '../port/generated/typed.js';
import type { Result, VdsObject } from '../port/objects.js';

const isLun = (object: VdsObject): object is IVdsLun => object.interfaceName === 'IVdsLun';

/**
 * Makes a deletion. A LUN that is refused as in use (VDS_E_DEVICE_IN_USE) is taken from every initiator and target, and
 * deleted then: after that nothing is left that could use it.
 */
export async function deleteReleased<T>(object: VdsObject, deletion: () => Promise<Result<T>>): Promise<Result<T>> {
  const first = await deletion();
  if (first.hr !== HR.VDS_E_DEVICE_IN_USE || !isLun(object)) return first;
  await object.setMask({ unmaskingList: '' });
  await (await object.as('IVdsLunIscsi'))?.associateTargets({ targetIdArray: null });
  return deletion();
}
