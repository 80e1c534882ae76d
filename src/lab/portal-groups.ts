// Portal groups that a target comes with.
import type { Guid } from '../contract/guid.js';
import { succeeded } from '../contract/hresult.js';
import type { IVdsAsync, IVdsIscsiTarget } from '../port/generated/typed.js';
import { VdsObject } from '../port/objects.js';
import { enumerate, outputOf } from '../truth/enumerate.js';

/**
 * Takes the portals out of the groups of a target but these, as far as the provider does it: a portal is in one group
 * of a target at most, so that one which the target came with would keep them from another. Throws InventoryUnreadable.
 */
export async function emptyOtherGroups(target: IVdsIscsiTarget, kept: ReadonlySet<Guid>): Promise<void> {
  const groups = await target.queryPortalGroups();
  if (!succeeded(groups.hr)) return;
  for (const group of await enumerate(outputOf(groups, 'enum'), 'IVdsIscsiPortalGroup')) {
    if (kept.has(outputOf(await group.getProperties(), 'portalGroupProp').id)) continue;
    for (const portal of await enumerate(outputOf(await group.queryAssociatedPortals(), 'enum'), 'IVdsIscsiPortal')) {
      const portalId = outputOf(await portal.getProperties(), 'portalProp').id;
      const { out } = await group.removePortal({ portalId });
      if (out.async instanceof VdsObject) await (out.async as IVdsAsync).wait();
    }
  }
}
