// The types of the rows of the tables of device kinds. The rows themselves are generated (generated/objects.ts) from
// data/objects.json.
import type { MethodName } from './tables.js';

/** A method that reports properties of a device, and the structure that it fills. */
export interface PropertiesDef {
  readonly getter: MethodName;
  /** The name of its output. */
  readonly out: string;
  readonly structure: string;
}

export interface DeviceKindDef {
  /** The word for one in text: `portal group`. */
  readonly name: string;
  /** The word for one in ids: `portal-group`. */
  readonly slug: string;
  /** A value of VDS_OBJECT_TYPE. */
  readonly type: number;
  /**
   * All that such an object may have. `required`: of every provider, of those of some VDS_HWPROVIDER_TYPE, or of none.
   */
  readonly interfaces: readonly { readonly name: string; readonly required: boolean | readonly string[] }[];
  /** GetProperties first, then the newer methods that report more. */
  readonly properties: readonly [PropertiesDef, ...PropertiesDef[]];
  /** Members of the properties that name one to people and outlive a change of its object id, the best first. */
  readonly naturalKey: readonly string[];
  /** The method that hands out what contains one, and the interface of that. */
  readonly container: { readonly getter: MethodName; readonly out: string; readonly interface: string };
  readonly madeBy: readonly MethodName[];
  readonly deletedBy: MethodName | null;
  /** The list in which they stand in a truth; null for those that a truth does not tell. */
  readonly truth: string | null;
}

/** A query lists devices of one kind, which the called object contains or is associated with. */
export interface QueryDef {
  readonly method: MethodName;
  /** The interface that reports the properties of what is listed. */
  readonly lists: string;
  readonly contains: boolean;
}

export interface MakeableDef {
  readonly name: string;
  readonly interfaceName: string;
  /** A value of VDS_OBJECT_TYPE. */
  readonly type: number;
  /** The VDS_ASYNC_OUTPUT_TYPE of the operation that makes one. */
  readonly output: number;
  /** The arm of VDS_ASYNC_OUTPUT in which it is handed over, and the member of that. */
  readonly arm: string;
  readonly reference: string;
  readonly delete: MethodName;
}
