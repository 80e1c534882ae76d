// IVdsMaintenance: what an administrator does to find a device or to check it. An operation runs at the array until it
// is stopped or pulsed; how often it pulses shows nowhere, so that it ends at once.
import { VDS_MAINTENANCE_OPERATION as OP } from '../../../src/contract/generated/enumerations.js';
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import type { MethodName } from '../../../src/contract/tables.js';
import type { InterfaceMap } from '../../../src/port/object-server.js';
import type { StorageArray } from '../array/array.js';
import { Failure } from '../failure.js';

const OPERATIONS: ReadonlySet<number> = new Set(Object.values(OP));
const SPINNING: ReadonlySet<number> = new Set([OP.SpinDown, OP.SpinUp]);

/** The maintenance operations of a device with lights and alarms, and the further ones of a drive. */
export const ON_ENCLOSURES: readonly number[] = [OP.BlinkLight, OP.BeepAlarm];
export const ON_DRIVES: readonly number[] = [...ON_ENCLOSURES, OP.SpinDown, OP.SpinUp, OP.Ping];

/** The operations that run on a device of the array. */
function runningOn(array: StorageArray, id: Guid): Set<number> {
  const running = array.maintenance.get(id) ?? new Set();
  array.maintenance.set(id, running);
  return running;
}

/** The interface of an object whose device can do these operations. `reach` reaches the device, or throws. */
export function maintenance(
  supported: readonly number[],
  array: StorageArray,
  id: Guid,
  reach: (method: MethodName) => unknown,
): InterfaceMap & { readonly IVdsMaintenance: object } {
  const asked = (method: MethodName, operation: number): Set<number> => {
    reach(method);
    const now = runningOn(array, id);
    if (!OPERATIONS.has(operation)) throw new Failure(HR.E_INVALIDARG);
    if (!supported.includes(operation)) throw new Failure(HR.VDS_E_NOT_SUPPORTED);
    return now;
  };
  return {
    IVdsMaintenance: {
      StartMaintenance: ({ operation }) => {
        asked('IVdsMaintenance.StartMaintenance', operation).add(operation);
        return { hr: HR.S_OK };
      },
      StopMaintenance: ({ operation }) => ({
        hr: asked('IVdsMaintenance.StopMaintenance', operation).delete(operation) ? HR.S_OK : HR.S_FALSE,
      }),
      PulseMaintenance: ({ operation }) => {
        const now = asked('IVdsMaintenance.PulseMaintenance', operation);
        if (SPINNING.has(operation)) throw new Failure(HR.E_INVALIDARG);
        return { hr: now.delete(operation) ? HR.S_OK : HR.S_FALSE };
      },
    },
  };
}
