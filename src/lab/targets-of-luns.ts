// Targets that an array makes with its LUNs. One whose LUN has become a plex of another may stay without a LUN, and is
// then nobody's.
import { HR, succeeded } from '../contract/hresult.js';
import type { IVdsAsync, IVdsIscsiTarget, IVdsSubSystem } from '../port/generated/typed.js';
import { VdsObject } from '../port/objects.js';
import { enumerate, outputOf } from '../truth/enumerate.js';

/** The targets of a subsystem by their iSCSI names; undefined where they cannot be listed. */
export async function targetsOf(subSystem: IVdsSubSystem): Promise<ReadonlyMap<string, IVdsIscsiTarget> | undefined> {
  const iscsi = await subSystem.as('IVdsSubSystemIscsi');
  const listed = await iscsi?.queryTargets();
  if (listed?.hr !== HR.S_OK) return undefined;
  const found = new Map<string, IVdsIscsiTarget>();
  for (const target of await enumerate(outputOf(listed, 'enum'), 'IVdsIscsiTarget'))
    found.set(outputOf(await target.getProperties(), 'targetProp').iscsiName ?? '', target);
  return found;
}

/**
 * Deletes the targets of a subsystem whose names nothing had before, and that have no LUN. Gives the first code by
 * which that was refused, at once or as the result of the operation; S_OK where none was.
 */
export async function deleteTargetsWithoutLuns(subSystem: IVdsSubSystem, before: ReadonlySet<string>): Promise<number> {
  let refusal: number = HR.S_OK;
  for (const [name, target] of (await targetsOf(subSystem)) ?? []) {
    if (before.has(name)) continue;
    const luns = await target.queryAssociatedLuns();
    if (luns.hr !== HR.S_OK || (await enumerate(outputOf(luns, 'enum'), 'IVdsLun')).length > 0) continue;
    const { hr, out } = await target.delete();
    const result = out.async instanceof VdsObject ? (await (out.async as IVdsAsync).wait()).out.hrResult : hr;
    const code = succeeded(hr) && typeof result === 'number' ? result : hr;
    if (!succeeded(code) && code !== HR.VDS_E_OBJECT_DELETED && succeeded(refusal)) refusal = code;
  }
  return refusal;
}
