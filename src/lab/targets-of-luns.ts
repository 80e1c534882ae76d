// Targets that an array makes with its LUNs. One whose LUN has become a plex of another may stay without a LUN, and is
// then nobody's.
import type { Guid } from '../contract/guid.js';
import { formatHresult, HR, succeeded } from '../contract/hresult.js';
import type { IVdsAsync, IVdsIscsiTarget, IVdsSubSystem } from '../port/generated/typed.js';
import { VdsObject } from '../port/objects.js';
import { displayName } from '../port/show-value.js';
import { enumerate, outputOf } from '../truth/enumerate.js';

/** The targets of a subsystem by their ids; none where it has no iSCSI. Throws InventoryUnreadable. */
export async function targetsOf(subSystem: IVdsSubSystem): Promise<ReadonlyMap<Guid, IVdsIscsiTarget>> {
  const found = new Map<Guid, IVdsIscsiTarget>();
  const iscsi = await subSystem.as('IVdsSubSystemIscsi');
  if (iscsi === null) return found;
  for (const target of await enumerate(outputOf(await iscsi.queryTargets(), 'enum'), 'IVdsIscsiTarget'))
    found.set(outputOf(await target.getProperties(), 'targetProp').id, target);
  return found;
}

/**
 * Deletes the targets of a subsystem that were not there before and have no LUN. Gives why one of them stays; undefined
 * where none does.
 */
export async function deleteTargetsWithoutLuns(
  subSystem: IVdsSubSystem,
  before: ReadonlySet<Guid>,
): Promise<string | undefined> {
  let problem: string | undefined;
  for (const [id, target] of await targetsOf(subSystem)) {
    const luns = outputOf(await target.queryAssociatedLuns(), 'enum');
    if (before.has(id) || (await enumerate(luns, 'IVdsLun')).length > 0) continue;
    const { hr, out, record } = await target.delete();
    if (out.async instanceof VdsObject) await (out.async as IVdsAsync).wait();
    if (!succeeded(hr) && hr !== HR.VDS_E_OBJECT_DELETED)
      problem ??= `${displayName(record.method)} answered ${formatHresult(hr)}`;
  }
  return problem;
}
