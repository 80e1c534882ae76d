// Checks of a request for a new LUN that do not look at the array.
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import { VDS_LUN_TYPE as LT } from '../../../src/contract/generated/enumerations.js';
import { Failure } from '../failure.js';
import { counted, knownIds } from './id-lists.js';

const TYPES: ReadonlySet<number> = new Set(Object.values(LT));
const AUTOMAGIC: ReadonlySet<number> = new Set([
  LT.VDS_LT_DEFAULT,
  LT.VDS_LT_FAULT_TOLERANT,
  LT.VDS_LT_NON_FAULT_TOLERANT,
]);
/** The types that the default profile can lay out. */
export const CONCRETE: ReadonlySet<number> = new Set([
  LT.VDS_LT_SIMPLE,
  LT.VDS_LT_SPAN,
  LT.VDS_LT_STRIPE,
  LT.VDS_LT_MIRROR,
]);

/** Type and place of a LUN, as they are asked for in creating one and in asking how large one may be. */
export interface Placing {
  readonly type: number;
  readonly driveIdArray: readonly Guid[] | null;
  readonly numberOfDrives: number;
}

/** The drives asked for, null where the array may choose. Throws Failure for a type or a list that cannot be. */
export function drivesFor(
  { type, driveIdArray, numberOfDrives }: Placing,
  ofSubSystem: readonly Guid[],
  concrete: ReadonlySet<number> = CONCRETE,
): readonly Guid[] | null {
  if (type === LT.VDS_LT_UNKNOWN || !TYPES.has(type)) throw new Failure(HR.E_INVALIDARG);
  const ids = counted(driveIdArray, numberOfDrives);
  if (AUTOMAGIC.has(type) && ids !== null) throw new Failure(HR.E_INVALIDARG);
  if (!AUTOMAGIC.has(type) && !concrete.has(type)) throw new Failure(HR.VDS_E_NOT_SUPPORTED);
  return ids === null ? null : knownIds(ids, ofSubSystem);
}
