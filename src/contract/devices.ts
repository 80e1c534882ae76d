// The kinds of device: what names one, its VDS_OBJECT_TYPE, and which query lists which kind. Which interfaces a kind has follows from the contract's
// tables; what a query lists is the one thing about it that they do not say.
import { VDS_OBJECT_TYPE } from './generated/enumerations.js';
import { allMethods, interfaceDef, interfaces, type InterfaceName, type Method, type MethodName } from './tables.js';

/** Each kind of device by the interface that reports its properties. */
export const DEVICE_KINDS = {
  IVdsSubSystem: { name: 'subsystem', type: VDS_OBJECT_TYPE.VDS_OT_SUB_SYSTEM },
  IVdsController: { name: 'controller', type: VDS_OBJECT_TYPE.VDS_OT_CONTROLLER },
  IVdsControllerPort: { name: 'port', type: VDS_OBJECT_TYPE.VDS_OT_PORT },
  IVdsDrive: { name: 'drive', type: VDS_OBJECT_TYPE.VDS_OT_DRIVE },
  IVdsLun: { name: 'LUN', type: VDS_OBJECT_TYPE.VDS_OT_LUN },
  IVdsLunPlex: { name: 'plex', type: VDS_OBJECT_TYPE.VDS_OT_LUN_PLEX },
  IVdsIscsiTarget: { name: 'target', type: VDS_OBJECT_TYPE.VDS_OT_TARGET },
  IVdsIscsiPortal: { name: 'portal', type: VDS_OBJECT_TYPE.VDS_OT_PORTAL },
  IVdsIscsiPortalGroup: { name: 'portal group', type: VDS_OBJECT_TYPE.VDS_OT_PORTAL_GROUP },
  IVdsStoragePool: { name: 'storage pool', type: VDS_OBJECT_TYPE.VDS_OT_STORAGE_POOL },
} as const;
export type DeviceInterface = keyof typeof DEVICE_KINDS;
/** A kind of object that has getters: a device, or the provider itself. */
export type ObservedKind = DeviceInterface | 'IVdsHwProvider';

/** What a query lists, and whether the called object contains that (otherwise they are associated). */
export interface Query {
  readonly method: Method;
  readonly lists: DeviceInterface;
  readonly contains: boolean;
}

const LISTS: { readonly [M in MethodName]?: readonly [DeviceInterface, 'contained' | 'associated'] } = {
  'IVdsHwProvider.QuerySubSystems': ['IVdsSubSystem', 'contained'],
  'IVdsHwProviderStoragePools.QueryStoragePools': ['IVdsStoragePool', 'contained'],
  'IVdsSubSystem.QueryControllers': ['IVdsController', 'contained'],
  'IVdsSubSystem.QueryLuns': ['IVdsLun', 'contained'],
  'IVdsSubSystem.QueryDrives': ['IVdsDrive', 'contained'],
  'IVdsSubSystemIscsi.QueryTargets': ['IVdsIscsiTarget', 'contained'],
  'IVdsSubSystemIscsi.QueryPortals': ['IVdsIscsiPortal', 'contained'],
  'IVdsController.QueryAssociatedLuns': ['IVdsLun', 'associated'],
  'IVdsControllerPort.QueryAssociatedLuns': ['IVdsLun', 'associated'],
  'IVdsControllerControllerPort.QueryControllerPorts': ['IVdsControllerPort', 'contained'],
  'IVdsLun.QueryActiveControllers': ['IVdsController', 'associated'],
  'IVdsLun.QueryPlexes': ['IVdsLunPlex', 'contained'],
  'IVdsLunControllerPorts.QueryActiveControllerPorts': ['IVdsControllerPort', 'associated'],
  'IVdsLunIscsi.QueryAssociatedTargets': ['IVdsIscsiTarget', 'associated'],
  'IVdsIscsiTarget.QueryPortalGroups': ['IVdsIscsiPortalGroup', 'contained'],
  'IVdsIscsiTarget.QueryAssociatedLuns': ['IVdsLun', 'associated'],
  'IVdsIscsiPortal.QueryAssociatedPortalGroups': ['IVdsIscsiPortalGroup', 'associated'],
  'IVdsIscsiPortalGroup.QueryAssociatedPortals': ['IVdsIscsiPortal', 'associated'],
  'IVdsStoragePool.QueryAllocatedLuns': ['IVdsLun', 'associated'],
  'IVdsStoragePool.QueryAllocatedStoragePools': ['IVdsStoragePool', 'associated'],
};

/** Every method that answers an enumeration of devices, in the contract's order. */
export const QUERIES: readonly Query[] = allMethods.flatMap((each) => {
  const [lists, how] = LISTS[each.fullName] ?? [];
  return lists === undefined ? [] : [{ method: each, lists, contains: how === 'contained' }];
});

/** The interfaces that an object of a kind may have, its main one first, then in the contract's order; the harness's own are left out. */
export function interfacesOfKind(kind: ObservedKind): readonly InterfaceName[] {
  const [word] = interfaceDef(kind).objects;
  const others = [...interfaces.values()].filter(
    ({ name, objects, extension }) =>
      name !== kind && extension === undefined && word !== undefined && objects.includes(word),
  );
  return [kind, ...others.map((i) => i.name as InterfaceName)];
}

/** The queries of a kind's interfaces; those of its main one first. */
export function queriesOf(kind: ObservedKind): readonly Query[] {
  const own = new Set<string>(interfacesOfKind(kind));
  return QUERIES.filter((q) => own.has(q.method.interfaceName));
}
