// The state that the provider reports, in the form of a truth and with its members only.
import { HR } from '../contract/hresult.js';
import type { Guid } from '../contract/guid.js';
import type { IVdsHwProvider, IVdsSubSystem } from '../port/generated/typed.js';
import { ask, outputOf } from './enumerate.js';
import type { Inventory } from './inventory.js';
import { inventoryOf } from './observation.js';
import { observe } from './observe.js';

export { enumerate, InventoryUnreadable } from './enumerate.js';

/**
 * The import target's value: null when none is set, undefined when the subsystem has no such interface or does not
 * support it.
 */
export async function readImportTarget(object: IVdsSubSystem): Promise<string | null | undefined> {
  const importTarget = await object.as('IVdsSubSystemImportTarget');
  if (importTarget === null) return undefined;
  const result = await ask(() => importTarget.getImportTarget());
  if (result.hr === HR.VDS_E_NO_IMPORT_TARGET) return null;
  if (result.hr === HR.VDS_E_NOT_SUPPORTED) return undefined;
  return outputOf(result, 'iscsiName');
}

/**
 * The inventory that the provider reports, all of it or within one subsystem. Its references are the session's, to be
 * released by whoever took the ledger's mark. Throws InventoryUnreadable.
 */
export async function readInventory(provider: IVdsHwProvider, within?: Guid): Promise<Inventory> {
  return inventoryOf(await observe(provider, { within }));
}
