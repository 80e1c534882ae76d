// The faults of what is around the provider: the way to the array, the array's events, memory, the process. Nothing
// that anybody stored changes.
import { NULL_GUID } from '../../../src/contract/guid.js';
import { VDSC_FAULT_KIND as FK } from '../../../src/contract/generated/enumerations.js';
import type { Disturbance } from '../array/events.js';
import type { Trouble } from '../array/gate.js';
import { shown, unsuitable, type Fault, type FaultOrder } from './fault.js';

function mustBeDevice({ provider, id }: FaultOrder): void {
  if (!provider.array.holds(id)) throw unsuitable();
}

const obstruct =
  (trouble: Trouble): Fault =>
  (order) => {
    mustBeDevice(order);
    const { gate } = order.provider.system;
    return shown(
      'the way to the array',
      () => gate.condition([order.id]),
      () => gate.obstruct(trouble, order.id),
    );
  };

const disturb =
  (disturbance: Disturbance): Fault =>
  ({ provider, id }) => {
    if (provider.array.subSystem(id) === undefined) throw unsuitable();
    const { events } = provider.system;
    return shown(
      "the array's events",
      () => events.condition(id),
      () => events.disturb(disturbance, id),
    );
  };

const exhaustMemory: Fault = ({ provider, id }) => {
  if (id !== NULL_GUID) throw unsuitable();
  const { allocator } = provider.system;
  return shown(
    'allocator',
    () => `${allocator.free} bytes free`,
    () => allocator.exhaust(),
  );
};

const crash: Fault = ({ provider, id }) => {
  const { crashes } = provider.system;
  if (crashes === undefined || !provider.inventory.devices.has(id)) throw unsuitable();
  return shown(
    'process',
    () => (crashes.has(id) ? 'ends at the next call' : 'runs'),
    () => {
      crashes.add(id);
      return () => {
        crashes.delete(id);
      };
    },
  );
};

export const SURROUNDING_FAULTS: ReadonlyMap<number, Fault> = new Map([
  [FK.VDSC_FK_DEVICE_ERROR, obstruct('device-error')],
  [FK.VDSC_FK_LATENCY, obstruct('latency')],
  [FK.VDSC_FK_HANG, obstruct('hang')],
  [FK.VDSC_FK_LOSE_EVENT, disturb('lose-event')],
  [FK.VDSC_FK_DUPLICATE_EVENT, disturb('duplicate-event')],
  [FK.VDSC_FK_REORDER_EVENTS, disturb('reorder-events')],
  [FK.VDSC_FK_EXHAUST_MEMORY, exhaustMemory],
  [FK.VDSC_FK_CRASH, crash],
]);
