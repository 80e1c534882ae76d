// The objects that operations make: how VDS_ASYNC_OUTPUT hands one over, and the kinds that a check can make and has to delete again.
import { UNTOUCHED } from '../contract/codec.js';
import { VDS_ASYNC_OUTPUT_TYPE, VDS_OBJECT_TYPE } from '../contract/generated/enumerations.js';
import type { VDS_ASYNC_OUTPUT } from '../contract/generated/structures.js';
import type { MethodName } from '../contract/tables.js';
import type { Result, VdsObject } from './objects.js';

/** What IVdsAsync::Wait answers. */
export type Waited = Result<{ readonly hrResult: number; readonly asyncOut: VDS_ASYNC_OUTPUT<VdsObject> }>;

/** The object in a VDS_ASYNC_OUTPUT, whichever arm it stands in; null where there is none. */
export function madeBy({ out: { asyncOut } }: Waited): VdsObject | null {
  if (asyncOut === null || asyncOut === UNTOUCHED) return null;
  return asyncOut.cl?.lunUnk ?? asyncOut.ct?.targetUnk ?? asyncOut.cpg?.portalGroupUnk ?? null;
}

/** The kinds of device that a check can make: the type of the operation, the VDS_OBJECT_TYPE, the interface, and the method that deletes one. */
export const MAKEABLE = {
  lun: {
    name: 'LUN',
    output: VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_CREATELUN,
    type: VDS_OBJECT_TYPE.VDS_OT_LUN,
    interfaceName: 'IVdsLun',
    delete: 'IVdsLun.Delete',
    made: 'VDS-10.2c',
  },
  target: {
    name: 'target',
    output: VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_CREATETARGET,
    type: VDS_OBJECT_TYPE.VDS_OT_TARGET,
    interfaceName: 'IVdsIscsiTarget',
    delete: 'IVdsIscsiTarget.Delete',
    made: 'VDS-11.1',
  },
  portalGroup: {
    name: 'portal group',
    output: VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_CREATEPORTALGROUP,
    type: VDS_OBJECT_TYPE.VDS_OT_PORTAL_GROUP,
    interfaceName: 'IVdsIscsiPortalGroup',
    delete: 'IVdsIscsiPortalGroup.Delete',
    made: 'VDS-11.3',
  },
} as const satisfies Record<
  string,
  { name: string; output: number; type: number; interfaceName: string; delete: MethodName; made: string }
>;

export type MakeableKind = keyof typeof MAKEABLE;
