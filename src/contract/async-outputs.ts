// The type of VDS_ASYNC_OUTPUT that the operation of each method has (VDS_ASYNC_OUTPUT_TYPE).
import { VDS_ASYNC_OUTPUT_TYPE as T } from './generated/enumerations.js';
import { MAKEABLE } from './generated/objects.js';
import type { MethodName } from './tables.js';

const OUTPUTS: Readonly<Partial<Record<MethodName, number>>> = {
  'IVdsSubSystem.CreateLun': MAKEABLE.lun.output,
  'IVdsSubSystem2.CreateLun2': MAKEABLE.lun.output,
  'IVdsHwProviderStoragePools.CreateLunInStoragePool': MAKEABLE.lun.output,
  'IVdsLun.Extend': T.VDS_ASYNCOUT_EXTENDLUN,
  'IVdsLun.Shrink': T.VDS_ASYNCOUT_SHRINKLUN,
  'IVdsLun.AddPlex': T.VDS_ASYNCOUT_ADDLUNPLEX,
  'IVdsLun.RemovePlex': T.VDS_ASYNCOUT_REMOVELUNPLEX,
  'IVdsLun.Recover': T.VDS_ASYNCOUT_RECOVERLUN,
  'IVdsSubSystemIscsi.CreateTarget': MAKEABLE.target.output,
  'IVdsIscsiTarget.Delete': T.VDS_ASYNCOUT_DELETETARGET,
  'IVdsIscsiTarget.CreatePortalGroup': MAKEABLE['portal-group'].output,
  'IVdsIscsiPortalGroup.Delete': T.VDS_ASYNCOUT_DELETEPORTALGROUP,
  'IVdsIscsiPortalGroup.AddPortal': T.VDS_ASYNCOUT_ADDPORTAL,
  'IVdsIscsiPortalGroup.RemovePortal': T.VDS_ASYNCOUT_REMOVEPORTAL,
};

/** The types of operation that hand over an object. */
export const OUTPUTS_WITH_AN_OBJECT: ReadonlySet<number> = new Set(Object.values(MAKEABLE).map((m) => m.output));

/** The type of the operations of a method. Throws RangeError for a method that starts none. */
export function outputTypeOf(method: MethodName): number {
  const type = OUTPUTS[method];
  if (type === undefined) throw new RangeError(`${method} starts no operation`);
  return type;
}
