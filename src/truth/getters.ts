// Which getters an observation reads of each kind of object, derived from the contract: every Get and Query method
// without arguments of every interface that the kind may have. What a member of an observation is called, and which
// method reports it, is decided here and nowhere else.
import type { DeviceInterface } from '../contract/objects.js';
import { allMethods, interfaceDef, method, type Method, type MethodName } from '../contract/tables.js';
import { interfacesOfKind, queriesOf, type ObservedKind, type Query } from '../port/device-kinds.js';

/**
 * How much is read: `light` is what names, places and connects the objects; `deep` is every getter, associations from
 * both ends, and each object once more by its id.
 */
export type Depth = 'light' | 'deep';

export interface Getter {
  readonly method: Method;
  /**
   * The member of the observed object that it reports; undefined for the properties, each of whose fields is a member.
   */
  readonly member: string | undefined;
  /** The query that it is, where it answers an enumeration. */
  readonly query?: Query;
  /** It hands out the object that contains this one. */
  readonly container?: true;
  readonly args: Readonly<Record<string, unknown>>;
  readonly depth: Depth;
}

/** `QueryAssociatedTargets` reports `associatedTargets`. */
const memberOf = (name: string): string => {
  const bare = name.replace(/^(?:Get|Query)/, '');
  return bare.charAt(0).toLowerCase() + bare.slice(1);
};

/**
 * Read by a light reading although they are neither properties nor a list of what the object contains. One end of each
 * association is enough for it.
 */
const LIGHT: ReadonlySet<MethodName> = new Set<MethodName>([
  'IVdsSubSystemImportTarget.GetImportTarget',
  'IVdsLunIscsi.QueryAssociatedTargets',
  'IVdsLun.QueryActiveControllers',
  'IVdsIscsiPortalGroup.QueryAssociatedPortals',
]);

/** The service's own, and one that the documents say not to use. */
const NOT_READ: ReadonlySet<string> = new Set(['IVdsIscsiPortalLocal', 'IVdsHwProviderType2', 'IVdsProviderPrivate']);

function getterOf(kind: ObservedKind, each: Method): Getter | undefined {
  if (NOT_READ.has(each.interfaceName) || !/^(?:Get|Query)/.test(each.name)) return undefined;
  const query = queriesOf(kind).find((q) => q.method === each);
  const args = query?.args ?? {};
  if (each.ins.length > 0 && Object.keys(args).length === 0) return undefined;
  const [out] = each.outs;
  const container = query === undefined && out?.type.kind === 'interface';
  const isProperties = each.name === 'GetProperties';
  const depth = isProperties || query?.contains === true || LIGHT.has(each.fullName) ? 'light' : 'deep';
  return {
    method: each,
    member: isProperties ? undefined : memberOf(each.name),
    ...(query === undefined ? {} : { query }),
    ...(container ? { container: true as const } : {}),
    args,
    depth,
  };
}

const byKind = new Map<ObservedKind, readonly Getter[]>();

/** The getters of a kind, its properties first. */
export function gettersOf(kind: ObservedKind): readonly Getter[] {
  let found = byKind.get(kind);
  if (found === undefined) {
    const interfaces = interfacesOfKind(kind);
    found = interfaces
      .flatMap((name) => allMethods.filter((m) => m.interfaceName === name))
      .flatMap((m) => getterOf(kind, m) ?? [])
      .sort((a, b) => Number(b.member === undefined) - Number(a.member === undefined));
    byKind.set(kind, found);
  }
  return found;
}

/**
 * The members that tell whether a device is found by its place and by its id, and the ports that a controller reports
 * by number.
 */
export const BY_ID = 'byId';
export const BY_PLACE = 'byPlace';
export const PORTS = 'portProperties';
/**
 * Whether the container that an object reports is the object that was listed; and where other ways show other values.
 */
export const CONTAINER_OBJECT = 'containerObject';
export const OTHER_WAYS = 'otherWays';
/** The getter of an object's container: `getSubSystem` and its like, whatever they are called. */
export const CONTAINER = 'container';

/** The method that reports a member of a kind. Throws RangeError for a member that no getter reports. */
export function reporterOf(kind: ObservedKind, member: string): Method {
  if (member === BY_ID) return method('IVdsProviderPrivate.GetObject');
  if (member === BY_PLACE) return method('IVdsSubSystem.GetDrive');
  if (member === PORTS) return method('IVdsController.GetPortProperties');
  const getters = gettersOf(kind);
  const found =
    member === CONTAINER
      ? getters.find((g) => g.container === true)
      : (getters.find((g) => g.member === member) ?? getters.find((g) => g.member === undefined));
  if (found === undefined) throw new RangeError(`no getter of ${interfaceDef(kind).name} reports ${member}`);
  return found.method;
}

/** Kinds that contain others. */
const CONTAINERS: readonly ObservedKind[] = [
  'IVdsHwProvider',
  'IVdsSubSystem',
  'IVdsController',
  'IVdsLun',
  'IVdsIscsiTarget',
];

const listers = new Map<DeviceInterface, Getter & { readonly query: Query; readonly member: string }>();

/** The getter by which a kind's container lists it. */
function listerOf(kind: DeviceInterface): Getter & { readonly query: Query; readonly member: string } {
  if (listers.size === 0)
    for (const holder of CONTAINERS)
      for (const { query, member, ...others } of gettersOf(holder))
        if (query?.contains === true && member !== undefined) listers.set(query.lists, { ...others, query, member });
  const found = listers.get(kind);
  if (found === undefined) throw new RangeError(`no query lists ${kind}`);
  return found;
}

/** The query by which a kind's container lists it. */
export const queryThatLists = (kind: DeviceInterface): Query => listerOf(kind).query;

/** The member of a kind's container that lists it: `luns`. */
export const listMemberOf = (kind: DeviceInterface): string => listerOf(kind).member;

/** Whether a member of a kind lists what the object contains. */
export function isContents(kind: ObservedKind, member: string): boolean {
  let lists = contents.get(kind);
  if (lists === undefined) {
    lists = new Set(gettersOf(kind).flatMap((g) => (g.query?.contains === true ? [g.member ?? ''] : [])));
    contents.set(kind, lists);
  }
  return lists.has(member);
}
const contents = new Map<ObservedKind, ReadonlySet<string>>();
