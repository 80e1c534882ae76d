// The room that the subsystems report, by the type of LUN.
import { zeroStructure } from '../../../contract/codec.js';
import { VDS_LUN_TYPE } from '../../../contract/generated/enumerations.js';
import type { Guid } from '../../../contract/guid.js';
import { succeeded } from '../../../contract/hresult.js';
import type { Knowledge, SystemState } from '../../../model/index.js';
import type { Handles } from '../handles.js';

/** Whoever asks, by the references that it holds. */
export interface Asker {
  readonly handles: Handles;
  readonly state: SystemState;
  readonly knowledge: Knowledge;
}

/** How large LUNs of each type may be made in a subsystem; only of the types for which the provider answers. */
export async function roomIn(
  { handles, state, knowledge }: Asker,
  subSystem: Guid,
): Promise<ReadonlyMap<string, bigint>> {
  const asked = 'IVdsSubSystem.QueryMaxLunCreateSize';
  const object = await handles.forMethod(asked, state, subSystem);
  const found = new Map<string, bigint>();
  for (const [name, type] of Object.entries(VDS_LUN_TYPE).filter(([name]) => ROOM_OF.includes(name))) {
    const args = { type, driveIdArray: knowledge.options.drives ?? null, hints: zeroStructure('VDS_HINTS', {}) };
    const result = await object?.call(asked, args);
    const size = result !== undefined && succeeded(result.hr) ? result.out['maxLunSize'] : undefined;
    if (typeof size === 'bigint') found.set(name, size);
  }
  return found;
}
const ROOM_OF = ['VDS_LT_SIMPLE', 'VDS_LT_SPAN', 'VDS_LT_STRIPE', 'VDS_LT_MIRROR'];
