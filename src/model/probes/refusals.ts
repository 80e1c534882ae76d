// Changes that must be refused for what their arguments say in a state: ids of what is gone or of another kind, lists
// that name something twice or leave something out, values that a page keeps from callers.
import { NO_INITIATORS } from '../../contract/initiator.js';
import { VDS_LUN_TYPE, VDS_STORAGE_POOL_TYPE, VDS_SUB_SYSTEM_FLAG } from '../../contract/generated/enumerations.js';
import { DEVICE_KINDS } from '../../contract/generated/objects.js';
import { HR } from '../../contract/hresult.js';
import { UNKNOWN_ID } from '../../contract/nobodys-ids.js';
import type { Guid } from '../../contract/guid.js';
import { method, type Method, type MethodName } from '../../contract/tables.js';
import { methodsOfKind, type ObservedKind } from '../../port/device-kinds.js';
import type { Item, SystemState } from '../state.js';
import { IMPOSSIBLE } from '../commands/sizes.js';
import { refusesUnknownId } from './bad-input.js';
import { validArguments } from './plausible-arguments.js';
import { at, type Probe, type ProbeCell, type ProbeTarget } from './probe.js';

interface Declared {
  readonly on: ObservedKind;
  readonly method: MethodName;
  readonly name: string;
  readonly probe: (target: ProbeTarget & { readonly item: Item }) => Probe | undefined;
}

const UNKNOWN_STATUS = 0;

/** The kinds whose SetStatus knows the value UNKNOWN. */
const STATUS_OF = ['IVdsSubSystem', 'IVdsController', 'IVdsControllerPort', 'IVdsDrive', 'IVdsLun'] as const;

const unknownStatus = STATUS_OF.map((on): Declared => ({
  on,
  method: `${on}.SetStatus`,
  name: 'the status UNKNOWN',
  probe: () => ({
    how: 'to UNKNOWN',
    args: { status: UNKNOWN_STATUS },
    answer: { is: 'code', requirement: 'VDS-7.6', codes: [HR.E_INVALIDARG] },
  }),
}));

/** Lists of which the two together must name every controller once, or name no port twice. */
const SPLITS = [
  {
    on: 'IVdsLun',
    method: 'IVdsLun.AssociateControllers',
    of: 'IVdsController',
    lists: ['activeControllerIdArray', 'inactiveControllerIdArray'],
    namesAll: true,
  },
  {
    on: 'IVdsLun',
    method: 'IVdsLunControllerPorts.AssociateControllerPorts',
    of: 'IVdsControllerPort',
    lists: ['activeControllerPortIdArray', 'inactiveControllerPortIdArray'],
    namesAll: false,
  },
  {
    on: 'IVdsSubSystem',
    method: 'IVdsSubSystem.SetControllerStatus',
    of: 'IVdsController',
    lists: ['onlineControllerIdArray', 'offlineControllerIdArray'],
    namesAll: true,
  },
] as const;

const subSystemOf = (state: SystemState, { id }: Item): Guid => state.subSystemOf(id) ?? id;

const splits = SPLITS.flatMap(({ on, method: name, of, lists: [first, second], namesAll }): Declared[] => {
  const all = ({ state, item }: { readonly state: SystemState; readonly item: Item }): readonly Guid[] =>
    state.ofKind(of, subSystemOf(state, item)).map((c) => c.id);
  const { required } = refusesUnknownId(method(name));
  const inBoth: Declared = {
    on,
    method: name,
    name: 'one in both lists',
    probe: (target) => {
      const ids = all(target);
      return ids.length === 0
        ? undefined
        : {
            how: `with ${ids[0]} in both lists`,
            args: { [first]: ids, [second]: ids.slice(0, 1) },
            answer: { is: 'refused', requirement: 'VDS-10.10d' },
          };
    },
  };
  const inNeither: Declared = {
    on,
    method: name,
    name: 'one in neither list',
    probe: (target) => {
      const ids = all(target);
      const rest = ids.slice(1);
      return ids.length === 0
        ? undefined
        : {
            how: `with ${ids[0]} in neither list`,
            args: { [first]: rest.length === 0 ? null : rest, [second]: null },
            answer: { is: 'refused', requirement: 'VDS-10.10b' },
          };
    },
  };
  const unknown: Declared = {
    on,
    method: name,
    name: 'one that does not exist',
    probe: (target) => ({
      how: `with ${UNKNOWN_ID} in one of its lists`,
      args: { [first]: [...all(target), UNKNOWN_ID], [second]: null },
      answer: required === undefined ? { is: 'refused', requirement: 'VDS-7.2' } : { is: 'code', ...required },
    }),
  };
  return [inBoth, unknown, ...(namesAll ? [inNeither] : [])];
});

/** Secrets have 12 to 16 bytes. */
const secrets = [1, 11, 17, 64].map((length): Declared => ({
  on: 'IVdsIscsiTarget',
  method: 'IVdsIscsiTarget.SetSharedSecret',
  name: `a secret of ${length} bytes`,
  probe: () => ({
    how: `with a secret of ${length} bytes`,
    args: {
      initiatorName: null,
      targetSharedSecret: { sharedSecret: new Uint8Array(length).fill(0x41), sharedSecretSize: length },
    },
    answer: { is: 'refused', requirement: 'VDS-11.5c' },
  }),
}));

/** A subsystem that has no import target to report takes none. */
const importTarget: Declared = {
  on: 'IVdsSubSystem',
  method: 'IVdsSubSystemImportTarget.SetImportTarget',
  name: 'where GetImportTarget is not supported',
  probe: ({ item, knowledge }) =>
    item.members['importTarget'] !== undefined
      ? undefined
      : {
          how: 'although GetImportTarget is not supported',
          args: { iscsiName: knowledge.options.uniqueIscsiName() },
          answer: { is: 'refused', requirement: 'VDS-1.6b' },
        },
};

/** Lists with an entry that is no initiator, and such in which "*" does not stand alone. */
const masks = [
  '*;10000000C9A1B2C3',
  '10000000C9A1B2C3;*',
  ...NO_INITIATORS.map((entry) => `10000000C9A1B2C3;${entry}`),
].map((unmaskingList): Declared => ({
  on: 'IVdsLun',
  method: 'IVdsLun.SetMask',
  name: `the list "${unmaskingList}"`,
  probe: ({ state, item }) => {
    const flags = Number(state.member(state.subSystemOf(item.id) ?? item.id, 'flags'));
    // What others answer is open.
    return (flags & VDS_SUB_SYSTEM_FLAG.VDS_SF_LUN_MASKING_CAPABLE) === 0
      ? undefined
      : {
          how: `to "${unmaskingList}"`,
          args: { unmaskingList },
          answer: { is: 'refused', requirement: 'VDS-10.9e' },
        };
  },
}));

/** Plexes that are not of the LUN, or its only one, and a LUN that has nothing to be recovered from. */
const plexes: readonly Declared[] = [
  {
    on: 'IVdsLun',
    method: 'IVdsLun.RemovePlex',
    name: 'a plex of another LUN',
    probe: ({ state, item, n }) => {
      const plex = at(
        state.ofKind('IVdsLunPlex').filter(({ parent }) => parent !== item.id),
        n,
      );
      return plex === undefined
        ? undefined
        : {
            how: `with ${plex.id}, which is of another LUN`,
            args: { plexId: plex.id },
            answer: { is: 'code', requirement: 'VDS-7.2c', codes: [HR.VDS_E_OBJECT_NOT_FOUND] },
          };
    },
  },
  {
    on: 'IVdsLun',
    method: 'IVdsLun.RemovePlex',
    name: 'its only plex',
    probe: ({ state, item }) => {
      const [plex, ...others] = state.ofKind('IVdsLunPlex', item.id);
      return plex === undefined || others.length > 0
        ? undefined
        : {
            how: `with ${plex.id}, its only one`,
            args: { plexId: plex.id },
            answer: { is: 'refused', requirement: 'VDS-10.8f', orFails: true },
          };
    },
  },
  {
    on: 'IVdsLun',
    method: 'IVdsLun.Recover',
    name: 'a LUN of one plex',
    probe: ({ item }) =>
      item.members['type'] !== VDS_LUN_TYPE.VDS_LT_SIMPLE
        ? undefined
        : {
            how: 'although it is not fault tolerant',
            args: {},
            answer: { is: 'code', requirement: 'VDS-10.8h', codes: [HR.VDS_E_INVALID_OPERATION] },
          },
  },
];

const DECLARED: readonly Declared[] = [...unknownStatus, ...splits, ...secrets, ...masks, ...plexes, importTarget];

/** The parameter of a method that takes an id, alone or in a list. */
const idOf = (called: Method): ((id: Guid) => Readonly<Record<string, unknown>>) | undefined => {
  for (const { name, type } of called.ins) {
    if (type.kind === 'guid') return (id) => ({ [name]: id });
    if (type.kind === 'array' && type.of.kind === 'guid') return (id) => ({ [name]: [id], [type.count]: 1 });
  }
  return undefined;
};

/** Methods of which one id alone is wrong in another way as well, and one that the declared queries ask. */
const NOT_BY_ID: ReadonlySet<string> = new Set([
  'IVdsProviderPrivate.GetObject',
  'IVdsLun.AssociateControllers',
  'IVdsSubSystem.SetControllerStatus',
  'IVdsLunControllerPorts.AssociateControllerPorts',
]);

/** An id of something that is gone, which names nothing any more. */
const goneId = (on: ObservedKind, called: Method): readonly ProbeCell[] => {
  const parameter = idOf(called);
  if (parameter === undefined || NOT_BY_ID.has(called.fullName)) return [];
  const { required, refusedBy = 'VDS-7.2', best } = refusesUnknownId(called, [HR.VDS_E_OBJECT_DELETED]);
  return [
    {
      name: `${called.fullName}: the id of what is gone`,
      on,
      method: called,
      when: 'present',
      changes: true,
      probe: ({ gone, n }) => {
        const item = at(gone, n);
        if (item === undefined) return undefined;
        return {
          how: `with the id of a ${DEVICE_KINDS[item.kind].name} that is gone`,
          args: { ...validArguments(called), ...parameter(item.id) },
          answer:
            required === undefined
              ? { is: 'refused', requirement: refusedBy, ...(best === undefined ? {} : { best }) }
              : { is: 'code', ...required },
        };
      },
    },
  ];
};

const IN_POOL = 'IVdsHwProviderStoragePools.CreateLunInStoragePool';

/** A size that makes no sense shows as such in a pool that there is, whose id the contract does not know. */
const sizesInPools = IMPOSSIBLE.map(({ bytes, how }): ProbeCell => ({
  name: `${IN_POOL}: ${how}`,
  on: 'IVdsHwProvider',
  method: method(IN_POOL),
  when: 'present',
  changes: true,
  probe: ({ state, knowledge, n }) => {
    const pool = at(
      state
        .ofKind('IVdsStoragePool')
        .filter((p) => p.members['type'] === VDS_STORAGE_POOL_TYPE.VDS_SPT_CONCRETE && knowledge.mayUse(p)),
      n,
    );
    return pool === undefined
      ? undefined
      : {
          how: `with ${how} in ${pool.id}`,
          args: { ...validArguments(method(IN_POOL)), storagePoolId: pool.id, sizeInBytes: bytes },
          answer: { is: 'refused', requirement: 'VDS-10.2c', orFails: true },
        };
  },
}));

/** The changes of a kind of object that a state refuses. */
export const refusalCells = (on: ObservedKind): readonly ProbeCell[] => [
  ...DECLARED.filter((d) => d.on === on).map(({ method: name, name: what, probe }): ProbeCell => ({
    name: `${name}: ${what}`,
    on,
    method: method(name),
    when: 'present',
    changes: true,
    everywhere: true,
    probe: ({ item, ...others }) => (item === undefined ? undefined : probe({ ...others, item })),
  })),
  ...methodsOfKind(on).flatMap((called) => goneId(on, called)),
  ...(on === 'IVdsHwProvider' ? sizesInPools : []),
];
