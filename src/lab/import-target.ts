// Putting a subsystem's import target back to what it was, whichever form of the value the provider takes.
import { formatGuidBraced, NULL_GUID, parseGuid } from '../contract/guid.js';
import { HR } from '../contract/hresult.js';
import type { IVdsSubSystem, IVdsSubSystemImportTarget } from '../port/generated/typed.js';
import { enumerate, readImportTarget } from '../truth/read-inventory.js';

/**
 * Values that may clear the import target: the pages name GUID_NULL without a textual form, and the IDL lets NULL pass.
 */
const NONE: readonly (string | null)[] = [NULL_GUID, formatGuidBraced(NULL_GUID), null, ''];

const same = (one: unknown, other: unknown): boolean =>
  one === other || (typeof one === 'string' && typeof other === 'string' && one.toLowerCase() === other.toLowerCase());

/**
 * The forms in which a value that GetImportTarget gave may be set: itself, and the id of the target that has it as its
 * name.
 */
async function formsOf(subSystem: IVdsSubSystem, value: string): Promise<readonly string[]> {
  const forms = [value];
  const iscsi = await subSystem.as('IVdsSubSystemIscsi');
  const query = await iscsi?.queryTargets();
  const targets = query?.out.enum;
  if (query?.hr !== HR.S_OK || typeof targets !== 'object' || targets === null) return forms;
  for (const target of await enumerate(targets, 'IVdsIscsiTarget')) {
    const { targetProp } = (await target.getProperties()).out;
    if (typeof targetProp === 'object' && targetProp !== null && same(targetProp.iscsiName, value))
      forms.push(targetProp.id, formatGuidBraced(targetProp.id));
  }
  return forms;
}

/**
 * Puts the import target back to `value`, null for none, and looks whether it is there. Gives undefined, or the HRESULT
 * of the last refusal.
 */
export async function putImportTargetBack(
  subSystem: IVdsSubSystem,
  importTarget: IVdsSubSystemImportTarget,
  value: string | null,
): Promise<number | undefined> {
  if (same(await readImportTarget(subSystem), value)) return undefined;
  let last: number = HR.S_OK;
  // An iSCSI name has no case: what was answered in capitals may be taken in small letters only.
  const forms = value === null ? NONE : await formsOf(subSystem, value);
  for (const iscsiName of value === null ? forms : [...forms, value.toLowerCase()]) {
    const { hr } = await importTarget.setImportTarget({ iscsiName });
    if (hr === HR.S_OK && same(await readImportTarget(subSystem), value)) return undefined;
    if (hr !== HR.S_OK) last = hr;
  }
  // A provider that takes only what its targets are called does not take the name of one that is gone: then nothing is
  // set.
  const isGone = value !== null && forms.length === 1 && parseGuid(value) === undefined;
  return isGone ? putImportTargetBack(subSystem, importTarget, null) : last;
}
