// The kinds of device and the ways from one to another, for checks that treat all of them alike. What a query lists is the one thing about it
// that the contract's tables do not say.
import { VDS_OBJECT_TYPE } from '../contract/generated/enumerations.js';
import type { Guid } from '../contract/guid.js';
import { HR } from '../contract/hresult.js';
import { allMethods, method, type Method, type MethodName } from '../contract/tables.js';
import type { IEnumVdsObject } from '../port/generated/typed.js';
import { VdsObject, type Result } from '../port/objects.js';
import type { Context } from './context.js';
import { names, type Scope } from '../lab/scope.js';

/** Each kind of device by the interface that tells its properties. */
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

/** A device as one way to it shows it. */
export interface Device {
  readonly kind: DeviceInterface;
  readonly object: VdsObject;
  readonly id: Guid;
  /** What GetProperties answers. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** What listed it: a device that contains it, or undefined for the provider. */
  readonly container: Device | undefined;
}

/** An array in a lab has thousands of LUNs; a check of how objects are reached is as good on the first of them. */
const MOST_OF_A_LIST = 8;

/** What GetProperties of a device's own interface answers. Its failure breaks `requirement`. */
export async function propertiesOf(
  ctx: Context,
  object: VdsObject,
  requirement: string,
): Promise<Readonly<Record<string, unknown>> & { readonly id: Guid }> {
  const { fullName, outs } = method(`${object.interfaceName}.GetProperties`);
  const [out] = outs;
  if (out === undefined) throw new TypeError(`${fullName} has no output`);
  return ctx.duties.output(requirement, await object.call(fullName, {}), out.name) as Readonly<
    Record<string, unknown>
  > & {
    readonly id: Guid;
  };
}

/** The id that a device's own GetProperties tells. */
export async function idOf(ctx: Context, object: VdsObject, requirement: string): Promise<Guid> {
  return (await propertiesOf(ctx, object, requirement)).id;
}

/** What a query called on an object lists; undefined where the object lacks its interface or does not support it. */
export async function listed(
  ctx: Context,
  object: VdsObject,
  { method: { interfaceName, fullName }, lists }: Query,
  requirement: string,
): Promise<VdsObject[] | undefined> {
  const typed = object.interfaceName === interfaceName ? object : await object.as(interfaceName as DeviceInterface);
  if (typed === null) return undefined;
  const result = await typed.call(fullName, {});
  if (result.hr === HR.VDS_E_NOT_SUPPORTED) return undefined;
  return ctx.duties.list(result as unknown as Result<{ enum: IEnumVdsObject | null }>, 'enum', lists, requirement);
}

/** The query of a kind's interfaces that lists another kind; the kind's own first. */
export const queriesOf = (kind: DeviceInterface | 'IVdsHwProvider'): readonly Query[] =>
  QUERIES.filter((q) => CALLED_ON[q.method.interfaceName] === kind);

/** The kind of object that has an interface with queries. */
const CALLED_ON: Readonly<Record<string, DeviceInterface | 'IVdsHwProvider'>> = {
  IVdsHwProvider: 'IVdsHwProvider',
  IVdsHwProviderStoragePools: 'IVdsHwProvider',
  IVdsSubSystem: 'IVdsSubSystem',
  IVdsSubSystemIscsi: 'IVdsSubSystem',
  IVdsController: 'IVdsController',
  IVdsControllerControllerPort: 'IVdsController',
  IVdsControllerPort: 'IVdsControllerPort',
  IVdsLun: 'IVdsLun',
  IVdsLunControllerPorts: 'IVdsLun',
  IVdsLunIscsi: 'IVdsLun',
  IVdsIscsiTarget: 'IVdsIscsiTarget',
  IVdsIscsiPortal: 'IVdsIscsiPortal',
  IVdsIscsiPortalGroup: 'IVdsIscsiPortalGroup',
  IVdsStoragePool: 'IVdsStoragePool',
};

/** What a run's scope says about a kind. */
const SCOPED: { readonly [K in DeviceInterface]?: keyof Scope } = {
  IVdsSubSystem: 'subSystems',
  IVdsDrive: 'drives',
  IVdsStoragePool: 'pools',
};

/** The devices that the provider contains, down to plexes, ports and portal groups: of each list the first few, as far as the run may work on them. */
export async function census(ctx: Context, requirement: string): Promise<readonly Device[]> {
  const found: Device[] = [];
  const visit = async (
    object: VdsObject,
    kind: DeviceInterface | 'IVdsHwProvider',
    container: Device | undefined,
  ): Promise<void> => {
    for (const query of queriesOf(kind)) {
      if (!query.contains) continue;
      for (const each of (await listed(ctx, object, query, requirement))?.slice(0, MOST_OF_A_LIST) ?? []) {
        const properties = await propertiesOf(ctx, each, requirement);
        const allowed = SCOPED[query.lists];
        if (allowed !== undefined && !names(ctx.system.scope[allowed], properties)) continue;
        const device: Device = { kind: query.lists, object: each, id: properties.id, properties, container };
        found.push(device);
        await visit(each, query.lists, device);
      }
    }
  };
  await visit(ctx.system.hw, 'IVdsHwProvider', undefined);
  return found;
}

/** The devices of one kind in the census. Not applicable when there is none. */
export async function devicesOf(
  ctx: Context,
  kind: DeviceInterface,
  requirement: string,
): Promise<readonly [Device, ...Device[]]> {
  const [first, ...others] = (await census(ctx, requirement)).filter((d) => d.kind === kind);
  return first === undefined ? ctx.notApplicable(`the system has no ${DEVICE_KINDS[kind].name}`) : [first, ...others];
}
