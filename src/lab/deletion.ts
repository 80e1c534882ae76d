// Deletes what a run made. An array may keep a LUN while it is in use: while hosts may see it.
import { OBJECT_STATUS } from '../contract/generated/enumerations.js';
import { HR, succeeded } from '../contract/hresult.js';
import { untilNotBusy } from '../faults/recover.js';
import { propertiesDef } from '../port/device-kinds.js';
import type { IVdsHwProvider, IVdsLun } from '../port/generated/typed.js';
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

async function hasFailed(object: VdsObject): Promise<boolean> {
  const { getter, out } = propertiesDef(object);
  const properties = (await object.call(getter, {})).out[out] as { readonly status?: unknown } | null | undefined;
  return properties?.status === OBJECT_STATUS.STATUS_FAILED;
}

/**
 * The same of an object that may have failed, and may have been repaired since, which the provider need not know before
 * the pair. `isStuck`: it has still failed then, and is not deleted for that.
 */
export async function deleteRepaired<T>(
  object: VdsObject,
  hw: IVdsHwProvider,
  call: () => Promise<Result<T>>,
): Promise<Result<T> & { readonly isStuck: boolean }> {
  const ask = (): Promise<Result<T>> => untilNotBusy(() => deleteReleased(object, call));
  const first = await ask();
  if (first.hr !== HR.VDS_E_OBJECT_STATUS_FAILED) return { ...first, isStuck: false };
  await hw.reenumerate();
  await hw.refresh();
  const again = await ask();
  return { ...again, isStuck: again.hr === HR.VDS_E_OBJECT_STATUS_FAILED && (await hasFailed(object)) };
}
