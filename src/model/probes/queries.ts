// Queries that take arguments, and what they answer in a state: each with arguments that name something, nothing,
// something else, and what is gone.
import { zeroStructure } from '../../contract/codec.js';
import type { VDS_LUN_INFORMATION } from '../../contract/generated/structures.js';
import { VDS_OBJECT_TYPE } from '../../contract/generated/enumerations.js';
import { NULL_GUID, type Guid } from '../../contract/guid.js';
import { HR } from '../../contract/hresult.js';
import { UNKNOWN_ID } from '../../contract/nobodys-ids.js';
import { method, type MethodName } from '../../contract/tables.js';
import { DEVICE_KINDS } from '../../contract/generated/objects.js';
import type { ObservedKind } from '../../port/device-kinds.js';
import { gettersOf, isContents } from '../../truth/getters.js';
import { idsIn, type Item, type Kind, type SystemState } from '../state.js';
import { walk } from './enumerator.js';
import { validArguments } from './plausible-arguments.js';
import { poolFilterCells } from './pool-filters.js';
import { at, type Probe, type ProbeCell, type ProbeTarget } from './probe.js';

/** The path of a disk that no provider has. */
export const FOREIGN_PATH =
  String.raw`\\?\scsi#disk&ven_other&prod_array#5&2c8d1f6&0&000000` + '#{53f56307-b6bf-11d0-94f2-00a0c91efb8b}';

const FOREIGN_DISK = zeroStructure<VDS_LUN_INFORMATION>('VDS_LUN_INFORMATION', {
  version: 1,
  vendorId: 'OTHER',
  productId: 'ARRAY',
  productRevision: '0001',
  serialNumber: 'A-SERIAL-NUMBER-OF-NO-LUN',
});

interface Declared {
  readonly on: ObservedKind;
  readonly method: MethodName;
  readonly name: string;
  readonly probe: (target: ProbeTarget) => Probe | undefined;
}

/** The largest of a number that drives have, and one more: no drive is there. */
const beyond = (state: SystemState, subSystem: Item, member: string): number =>
  Math.max(...state.ofKind('IVdsDrive', subSystem.id).map((d) => Number(d.members[member] ?? 0)), 0) + 1;

/** What the place of a drive is told by: the arguments of GetDrive2, and the properties of drives. */
const PLACE = [
  ['busNumber', 'properties2.internalBusNumber'],
  ['slotNumber', 'properties2.slotNumber'],
  ['enclosureNumber', 'properties2.enclosureNumber'],
] as const;

/** A drive of a subsystem that says where it is, with the arguments that are its place. */
function placed(
  state: SystemState,
  subSystem: Item,
  n: number,
): { readonly id: Guid; readonly args: Readonly<Record<string, unknown>> } | undefined {
  const placeOf = ({ members }: Item): readonly unknown[] => PLACE.map(([, member]) => members[member]);
  const drives = state.ofKind('IVdsDrive', subSystem.id).filter((d) => placeOf(d).every((x) => typeof x === 'number'));
  const places = new Set(drives.map((d) => placeOf(d).join()));
  const drive = at(drives, n);
  // Where several have one place, none is found by it.
  if (drive === undefined || places.size < drives.length) return undefined;
  return { id: drive.id, args: Object.fromEntries(PLACE.map(([name, member]) => [name, drive.members[member]])) };
}

/** The types of devices, by the first name of each. */
const TYPES = new Map(Object.values(DEVICE_KINDS).map(({ name, type }) => [name, type] as const));

/** The types of what is no device. */
const NO_DEVICES = (['VDS_OT_UNKNOWN', 'VDS_OT_PROVIDER', 'VDS_OT_ASYNC', 'VDS_OT_ENUM'] as const).map(
  (name) => [name, VDS_OBJECT_TYPE[name]] as const,
);

const DECLARED: readonly Declared[] = [
  {
    on: 'IVdsHwProvider',
    method: 'IVdsProviderPrivate.GetObject',
    name: 'an object that is gone',
    probe: ({ gone, n }) => {
      const item = at(gone, n);
      return item === undefined
        ? undefined
        : {
            how: `with the id of a ${DEVICE_KINDS[item.kind].name} that is gone`,
            args: { objectId: item.id, type: DEVICE_KINDS[item.kind].type },
            answer: { is: 'code', requirement: 'VDS-3.5d', codes: [HR.VDS_E_OBJECT_NOT_FOUND] },
          };
    },
  },
  ...[...TYPES].map(([name, type]): Declared => ({
    on: 'IVdsHwProvider',
    method: 'IVdsProviderPrivate.GetObject',
    name: `no object, and the type of a ${name}`,
    probe: ({ n }) => ({
      how: `with ${n % 2 === 0 ? 'an id that names nothing' : 'GUID_NULL'} and the type of a ${name}`,
      args: { objectId: n % 2 === 0 ? UNKNOWN_ID : NULL_GUID, type },
      answer: {
        is: 'code',
        requirement: 'VDS-3.5d',
        // GUID_NULL is not a valid id at all.
        codes: [HR.VDS_E_OBJECT_NOT_FOUND, ...(n % 2 === 0 ? [] : [HR.E_INVALIDARG])],
      },
    }),
  })),
  ...(Object.keys(DEVICE_KINDS) as Kind[]).map((kind): Declared => ({
    on: 'IVdsHwProvider',
    method: 'IVdsProviderPrivate.GetObject',
    name: `a ${DEVICE_KINDS[kind].name}`,
    probe: ({ state, n }) => {
      const item = at(state.ofKind(kind), n);
      return item === undefined
        ? undefined
        : {
            how: `with the id of ${item.id}`,
            args: { objectId: item.id, type: DEVICE_KINDS[kind].type },
            answer: { is: 'object', requirement: 'VDS-3.5a', id: item.id },
          };
    },
  })),
  ...[...TYPES].map(([name, type]): Declared => ({
    on: 'IVdsHwProvider',
    method: 'IVdsProviderPrivate.GetObject',
    name: `another object than a ${name}, and its type`,
    probe: ({ state, n }) => {
      // Of each kind one.
      const others = new Map([...state.items.values()].map((item) => [item.kind, item]));
      const item = at([...others.values()], n);
      return item === undefined || DEVICE_KINDS[item.kind].type === type
        ? undefined
        : {
            how: `with the id of a ${DEVICE_KINDS[item.kind].name} and the type ${type}`,
            args: { objectId: item.id, type },
            answer: { is: 'object', requirement: 'VDS-3.5b', id: item.id, refusable: true },
          };
    },
  })),
  {
    on: 'IVdsHwProvider',
    method: 'IVdsHwProviderPrivate.QueryIfCreatedLun',
    name: 'identification data of a LUN',
    probe: ({ state, n }) => {
      const lun = at(
        state.ofKind('IVdsLun').filter((l) => isTelling(l.members['identificationData'])),
        n,
      );
      return lun === undefined
        ? undefined
        : {
            how: `with the identification data of ${lun.id}`,
            args: { devicePath: FOREIGN_PATH, vdsLunInformation: lun.members['identificationData'] },
            answer: {
              is: 'value',
              requirement: 'VDS-3.6',
              output: 'lunId',
              value: lun.id,
              // A provider may go by the path.
              otherwise: NULL_GUID,
            },
          };
    },
  },
  {
    on: 'IVdsHwProvider',
    method: 'IVdsHwProviderPrivate.QueryIfCreatedLun',
    name: 'identification data of no LUN that is there',
    probe: ({ state, gone, n }) => {
      const serials = new Set(state.ofKind('IVdsLun').map((l) => serialOf(l.members['identificationData'])));
      // An array may give a serial number again.
      const told = gone.filter(
        ({ kind, members: { identificationData: data } }) =>
          kind === 'IVdsLun' && isTelling(data) && (serialOf(data) ?? '') !== '' && !serials.has(serialOf(data)),
      );
      const lun = at([undefined, ...told], n);
      return {
        how:
          lun === undefined ? 'with the data of a disk of another maker' : `with the data of ${lun.id}, which is gone`,
        args: {
          devicePath: FOREIGN_PATH,
          vdsLunInformation: lun?.members['identificationData'] ?? FOREIGN_DISK,
        },
        answer: { is: 'code', requirement: 'VDS-3.6c', codes: [HR.S_FALSE] },
      };
    },
  },
  {
    on: 'IVdsSubSystem',
    method: 'IVdsSubSystem.GetDrive',
    name: 'a bus that is not there',
    probe: ({ state, item }) =>
      item === undefined
        ? undefined
        : {
            how: 'with a bus on which there is no drive',
            args: { busNumber: beyond(state, item, 'internalBusNumber'), slotNumber: 0 },
            answer: { is: 'refused', requirement: 'VDS-4.5a', alike: 'VDS-4.5b' },
          },
  },
  {
    on: 'IVdsSubSystem',
    method: 'IVdsSubSystem.GetDrive',
    name: 'a slot that is not there',
    probe: ({ state, item, n }) => {
      const drive = item === undefined ? undefined : at(state.ofKind('IVdsDrive', item.id), n);
      return item === undefined || drive === undefined
        ? undefined
        : {
            how: 'with a slot in which there is no drive',
            args: {
              busNumber: Number(drive.members['internalBusNumber'] ?? 0),
              slotNumber: beyond(state, item, 'slotNumber'),
            },
            answer: { is: 'refused', requirement: 'VDS-4.5a', alike: 'VDS-4.5b' },
          };
    },
  },
  {
    on: 'IVdsSubSystem',
    method: 'IVdsSubSystem2.GetDrive2',
    name: 'the place of a drive',
    probe: ({ state, item, n }) => {
      const found = item === undefined ? undefined : placed(state, item, n);
      return found === undefined
        ? undefined
        : {
            how: `with the place of ${found.id}`,
            args: found.args,
            answer: { is: 'object', requirement: 'VDS-4.5a', id: found.id },
          };
    },
  },
  {
    on: 'IVdsSubSystem',
    method: 'IVdsSubSystem2.GetDrive2',
    name: 'a place without a drive',
    probe: ({ state, item, n }) => {
      const found = item === undefined ? undefined : placed(state, item, n);
      if (item === undefined || found === undefined) return undefined;
      // A provider may count no enclosures.
      const [name, member] = PLACE[n % 2] ?? PLACE[0];
      return {
        how: `with the place of a drive but for its ${name}, of which there is no drive`,
        args: { ...found.args, [name]: beyond(state, item, member) },
        answer: { is: 'refused', requirement: 'VDS-4.5a', alike: 'VDS-4.5b' },
      };
    },
  },
  {
    on: 'IVdsHwProvider',
    method: 'IVdsProviderPrivate.GetObject',
    name: 'a type that no device has',
    probe: ({ state, n }) => {
      const item = at([...state.items.values()], n);
      const [name, type] = at(NO_DEVICES, n) ?? [];
      return item === undefined || type === undefined
        ? undefined
        : {
            how: `with the id of a ${DEVICE_KINDS[item.kind].name} and the type ${name}`,
            args: { objectId: item.id, type },
            answer: { is: 'object', requirement: 'VDS-3.5b', id: item.id, refusable: true },
          };
    },
  },
  ...(['IVdsSubSystem.QueryMaxLunCreateSize', 'IVdsSubSystem2.QueryMaxLunCreateSize2'] as const).map(
    (asked): Declared => ({
      on: 'IVdsSubSystem',
      method: asked,
      name: 'no hints',
      probe: () => ({
        how: 'with NULL as its hints',
        args: {
          ...validArguments(method(asked)),
          [asked === 'IVdsSubSystem.QueryMaxLunCreateSize' ? 'hints' : 'hints2']: null,
        },
        answer: { is: 'choice', requirement: 'VDS-10.5b' },
      }),
    }),
  ),
  {
    on: 'IVdsController',
    method: 'IVdsController.GetPortProperties',
    name: 'a number that no port has',
    probe: ({ item, n }) => {
      const ports = item?.members['numberOfPorts'];
      return typeof ports !== 'number'
        ? undefined
        : {
            how: 'with the number of a port that is not there',
            args: { portNumber: at([ports, 0x7fff, -1], n) },
            answer: { is: 'refused', requirement: 'VDS-4.1a' },
          };
    },
  },
];

const serialOf = (data: unknown): string | null | undefined =>
  (data as { readonly serialNumber?: string | null } | null | undefined)?.serialNumber;

/** Whether identification data say which LUN they are of. */
export function isTelling(data: unknown): boolean {
  const info = data as
    | {
        readonly serialNumber?: string;
        readonly deviceIdDescriptor?: { readonly identifiers?: readonly unknown[] | null };
      }
    | null
    | undefined;
  return (info?.serialNumber ?? '') !== '' || (info?.deviceIdDescriptor?.identifiers ?? []).length > 0;
}

/** The ids that a query without arguments lists in a state; undefined where that is not known. */
function listedBy(
  state: SystemState,
  item: Item | undefined,
  member: string,
  kind: Kind,
): readonly string[] | undefined {
  if (item === undefined || isContents(item.kind, member))
    return [...state.items.values()].filter((i) => i.kind === kind && i.parent === (item?.id ?? null)).map((i) => i.id);
  const value = item.members[member];
  return Array.isArray(value) ? idsIn(value) : undefined;
}

/** Walks through the enumerations of a kind. */
const enumerations = (on: ObservedKind): readonly ProbeCell[] =>
  gettersOf(on).flatMap(({ method: called, query, member, args }) =>
    (query === undefined || member === undefined ? [] : [0, 1, 2, 3]).map((shape): ProbeCell => ({
      name: `${called.fullName}: walk ${shape + 1} through its enumeration`,
      on,
      method: called,
      when: 'present',
      changes: false,
      probe({ state, item, n }) {
        const of = query === undefined || member === undefined ? undefined : listedBy(state, item, member, query.lists);
        return of === undefined || query === undefined
          ? undefined
          : {
              how: '',
              args,
              answer: { is: 'enumeration', of, lists: query.lists, steps: walk(of.length, 4 * n + shape) },
            };
      },
    })),
  );

/** The queries that a kind of object has, beyond what every reading of the system asks. */
export const queryCells = (on: ObservedKind): readonly ProbeCell[] => [
  ...DECLARED.filter((d) => d.on === on).map(({ method: name, name: what, probe }): ProbeCell => ({
    name: `${name}: ${what}`,
    on,
    method: method(name),
    when: 'present',
    changes: false,
    probe,
  })),
  ...enumerations(on),
  ...poolFilterCells.filter((cell) => cell.on === on),
];
