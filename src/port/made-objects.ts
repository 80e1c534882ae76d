// The objects that operations make: how VDS_ASYNC_OUTPUT hands one over. Which kinds those are is in the contract's
// table MAKEABLE.
import { UNTOUCHED } from '../contract/codec.js';
import type { VDS_ASYNC_OUTPUT } from '../contract/generated/structures.js';
import { MAKEABLE } from '../contract/generated/objects.js';
import type { MakeableKind } from '../contract/objects.js';
import type { Result, VdsObject } from './objects.js';

export { MAKEABLE, type MakeableKind };

/** The outputs of IVdsAsync::Wait. */
export type Waited = Result<{ readonly hrResult: number; readonly asyncOut: VDS_ASYNC_OUTPUT<VdsObject> }>;

/** The object in a VDS_ASYNC_OUTPUT, whichever arm it stands in; null where there is none. */
export function madeBy({ out: { asyncOut } }: Waited): VdsObject | null {
  if (asyncOut === null || asyncOut === UNTOUCHED) return null;
  for (const { arm, reference } of Object.values(MAKEABLE)) {
    const members = asyncOut[arm] as Readonly<Record<string, VdsObject | null>> | undefined;
    if (members !== undefined) return members[reference] ?? null;
  }
  return null;
}
