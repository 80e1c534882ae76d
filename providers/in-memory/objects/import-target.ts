// The dialect in which IVdsSubSystemImportTarget is spoken. The documents contradict each other: the parameter is a
// string named for an iSCSI name, while its text calls it the VDS_OBJECT_ID of a target that GUID_NULL clears.
import { NULL_GUID, parseGuid } from '../../../src/contract/guid.js';
import { isIscsiName } from '../../../src/contract/iscsi-name.js';

export interface ImportTargetDialect {
  /** The value to store for an argument of SetImportTarget: null clears, undefined means E_INVALIDARG. */
  parse(given: string | null): string | null | undefined;
}

/** By iSCSI name, whether or not a target has it: no page requires that. NULL and GUID_NULL, braced or bare, clear. */
export class NameDialect implements ImportTargetDialect {
  parse(given: string | null): string | null | undefined {
    if (given === null || parseGuid(given) === NULL_GUID) return null;
    return isIscsiName(given) ? given : undefined;
  }
}
