// The faults of the array: what an administrator does there behind the provider's back, which changes the truth. With
// `notify` the array's events tell every loaded provider; they say what differs between before and after.
import { parseGuid, type Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import {
  OBJECT_STATUS,
  VDSC_FAULT_KIND as FK,
  VDS_HEALTH,
  VDS_LUN_TYPE,
} from '../../../src/contract/generated/enumerations.js';
import type { StorageArray } from '../array/array.js';
import { allDevices, deviceOf, type ArraySubSystem, type DeviceKind, type Found } from '../array/devices.js';
import type { DeviceChange } from '../array/events.js';
import { Failure } from '../failure.js';
import { encode, recordOf } from '../cache/records.js';
import { layOut } from '../array/space.js';
import { shown, unsuitable, type Fault, type FaultOrder, type MadeFault } from './fault.js';

const IMPORTED_SIZE = 64n << 20n;

interface State {
  readonly kind: DeviceKind;
  readonly text: string;
}

/** A connected subsystem's devices by id, containers before what they hold. */
function statesOf(array: StorageArray, id: Guid): ReadonlyMap<Guid, State> {
  const subSystem = array.subSystem(id);
  const devices = subSystem === undefined ? [] : [...allDevices(subSystem)];
  return new Map(devices.map((found) => [found.id, { kind: found.kind, text: encode(recordOf(found, () => true)) }]));
}

/** First the departures, then the arrivals, and then the changes that follow from them. */
function changesBetween(before: ReadonlyMap<Guid, State>, after: ReadonlyMap<Guid, State>): readonly DeviceChange[] {
  const told = (
    states: ReadonlyMap<Guid, State>,
    change: DeviceChange['change'],
    concerned: (id: Guid, state: State) => boolean,
  ): readonly DeviceChange[] =>
    [...states].filter(([id, state]) => concerned(id, state)).map(([id, { kind }]) => ({ kind, id, change }));
  const changes = [
    ...told(before, 'depart', (id) => !after.has(id)),
    ...told(after, 'arrive', (id) => !before.has(id)),
    ...told(after, 'modify', (id, { text }) => before.has(id) && before.get(id)?.text !== text),
  ];
  // A subsystem comes and goes with what it holds.
  const whole = changes.find((c) => c.kind === 'subsystem' && c.change !== 'modify');
  return whole === undefined ? changes : [whole];
}

/** Does something at the array and reports what changed, as one event, where the fault is not silent. */
function administer({ provider: { array, system }, notify }: FaultOrder, subSystem: Guid, act: () => void): void {
  const before = statesOf(array, subSystem);
  act();
  const changes = changesBetween(before, statesOf(array, subSystem));
  if (notify && changes.length > 0) system.events.send({ subSystem, changes });
}

/** The subsystem that a device is or belongs to, reachable or not. Throws Failure(VDS_E_OBJECT_NOT_FOUND). */
function subSystemOf({ provider: { array }, id }: FaultOrder): ArraySubSystem {
  const found = [...array.subSystems.values()].find((s) => s.drives.has(id) || deviceOf(s, id) !== undefined);
  if (found === undefined) throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
  return found;
}

/**
 * The array's record of a device. Throws Failure(VDS_E_NOT_SUPPORTED) for one that has neither a name nor a status, and
 * for a drive that was pulled.
 */
function dataOf(order: FaultOrder): Partial<Record<'friendlyName' | 'status' | 'health', unknown>> {
  const found: Found | undefined = deviceOf(subSystemOf(order), order.id);
  switch (found?.kind) {
    case undefined:
    case 'portal-group':
    case 'storage-pool':
      throw unsuitable();
    case 'subsystem':
      return found.subSystem;
    case 'lun':
      return found.lun;
    case 'plex':
      return found.plex;
    case 'drive':
      return found.drive;
    case 'controller':
      return found.controller;
    case 'port':
      return found.port;
    case 'portal':
      return found.portal;
    case 'target':
      return found.target;
  }
}

const nothing = (): void => {};

const deleteObject: Fault = (order) => {
  const {
    provider: { array },
    id,
  } = order;
  const subSystem = subSystemOf(order);
  // A port goes with its controller.
  if (deviceOf(subSystem, id)?.kind === 'port') throw unsuitable();
  return shown(
    'array',
    () => (array.holds(id) ? 'present' : 'absent'),
    () => {
      administer(order, subSystem.id, () => array.remove(id));
      return nothing;
    },
  );
};

const disconnect: Fault = (order) => {
  const {
    provider: { array },
    id,
  } = order;
  const subSystem = subSystemOf(order);
  const drive = subSystem.drives.get(id);
  if (array.find(id) === undefined || (subSystem.id !== id && drive === undefined)) throw unsuitable();
  const connect = (on: boolean): void => {
    if (drive === undefined) subSystem.connected = on;
    else drive.present = on;
  };
  return shown(
    'array',
    () => (array.find(id) === undefined ? 'disconnected' : 'connected'),
    () => {
      administer(order, subSystem.id, () => connect(false));
      return () => administer(order, subSystem.id, () => connect(true));
    },
  );
};

/** Sets members of a device that it has, and puts back those that still are what they were set to. */
function change(
  order: FaultOrder,
  members: Readonly<Partial<Record<'friendlyName' | 'status' | 'health', unknown>>>,
): MadeFault {
  const subSystem = subSystemOf(order).id;
  const device = dataOf(order);
  const names = (Object.keys(members) as (keyof typeof members)[]).filter((name) => name in device);
  if (names.length === 0) throw unsuitable();
  const before = { ...device };
  return shown(
    'array',
    () => JSON.stringify(Object.fromEntries(names.map((name) => [name, device[name]]))),
    () => {
      administer(order, subSystem, () => {
        for (const name of names) device[name] = members[name];
      });
      return () =>
        administer(order, subSystem, () => {
          for (const name of names) if (device[name] === members[name]) device[name] = before[name];
        });
    },
  );
}

const changeObject: Fault = (order) => change(order, { friendlyName: `Renamed ${order.provider.system.faults.next}` });

const failStatus: Fault = (order) => {
  // A target or portal group has no status that could fail.
  if (!('status' in dataOf(order))) throw unsuitable();
  return change(order, { status: OBJECT_STATUS.STATUS_FAILED, health: VDS_HEALTH.VDS_H_FAILED });
};

/** A device that the fault makes, and takes away again. */
function made(order: FaultOrder, subSystem: ArraySubSystem, make: () => Guid): MadeFault {
  const {
    provider: { array },
  } = order;
  let newObject: Guid | undefined;
  const change = shown(
    'array',
    () => (newObject !== undefined && array.holds(newObject) ? 'present' : 'absent'),
    () => {
      administer(order, subSystem.id, () => {
        newObject = make();
      });
      return () =>
        administer(order, subSystem.id, () => {
          if (newObject !== undefined) array.remove(newObject);
        });
    },
  );
  return newObject === undefined ? change : { ...change, newObject };
}

const recreateObject: Fault = (order) => {
  const {
    provider: { array },
    id,
  } = order;
  const subSystem = subSystemOf(order);
  const [lun, target] = [subSystem.luns.get(id), subSystem.targets.get(id)];
  if (lun === undefined && target === undefined) throw unsuitable();
  administer(order, subSystem.id, () => array.remove(id));
  return made(order, subSystem, () => {
    if (lun === undefined) return array.addTarget(subSystem, target?.iscsiName ?? '', target?.friendlyName).id;
    const { type, size, unmaskingList, friendlyName, hints, plexes } = lun;
    return array.addLun(subSystem, {
      layout: { type, size, plexes: [...plexes.values()] },
      unmaskingList,
      friendlyName,
      hints,
    }).id;
  });
};

/**
 * A LUN of a shadow-copy set on this computer, which the VSS provider associates with the import target, by whichever
 * of its names that is.
 */
const importLun: Fault = (order) => {
  const {
    provider: { array, system },
    id,
  } = order;
  const subSystem = array.subSystem(id);
  if (subSystem === undefined || array.free(subSystem) < IMPORTED_SIZE) throw unsuitable();
  return made(order, subSystem, () => {
    const layout = layOut(subSystem, VDS_LUN_TYPE.VDS_LT_NON_FAULT_TOLERANT, IMPORTED_SIZE, null);
    const lun = array.addLun(subSystem, {
      layout,
      unmaskingList: '',
      friendlyName: `Imported LUN ${system.faults.next}`,
      snapshot: true,
    });
    const { importTarget } = subSystem;
    const target = [...subSystem.targets.values()].find(
      (t) => t.iscsiName === importTarget || (importTarget !== null && t.id === parseGuid(importTarget)),
    );
    if (target !== undefined) lun.targets.add(target.id);
    return lun.id;
  });
};

export const DEVICE_FAULTS: ReadonlyMap<number, Fault> = new Map([
  [FK.VDSC_FK_DELETE_OBJECT, deleteObject],
  [FK.VDSC_FK_DISCONNECT, disconnect],
  [FK.VDSC_FK_CHANGE_OBJECT, changeObject],
  [FK.VDSC_FK_FAIL_STATUS, failStatus],
  [FK.VDSC_FK_RECREATE_OBJECT, recreateObject],
  [FK.VDSC_FK_IMPORT_LUN, importLun],
]);
