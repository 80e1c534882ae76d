// The table of device kinds for a holder of an object: its kind by its interface, the method that reports its
// properties, and the queries that lead from it to others.
import { DEVICE_KINDS, PROVIDER_KIND, QUERY_TABLE } from '../contract/generated/objects.js';
import type { DeviceInterface, DeviceKindDef, DeviceSlug, PropertiesDef } from '../contract/objects.js';
import {
  allMethods,
  interfaces,
  method,
  type InterfaceName,
  type Method,
  type MethodName,
} from '../contract/tables.js';
import type { VdsObject } from './objects.js';

const byInterface: ReadonlyMap<string, DeviceKindDef> = new Map<string, DeviceKindDef>(Object.entries(DEVICE_KINDS));

const bySlug = new Map(Object.values(DEVICE_KINDS).map((kind): [string, DeviceKindDef] => [kind.slug, kind]));

/** The kind of device by its word in ids. */
export const kindBySlug = (slug: DeviceSlug): DeviceKindDef => bySlug.get(slug)!;

/**
 * The method that reports the properties of a device or of the provider. Throws RangeError for an object that is not
 * held by its own interface.
 */
export function propertiesDef({ interfaceName }: Pick<VdsObject, 'interfaceName'>): PropertiesDef {
  if (interfaceName === PROVIDER_KIND.interface) return PROVIDER_KIND.properties;
  const kind = byInterface.get(interfaceName as DeviceInterface);
  if (kind === undefined) throw new RangeError(`${interfaceName} is not the own interface of a kind of device`);
  return kind.properties[0];
}

/** A kind of object that has getters: a device, or the provider itself. */
export type ObservedKind = DeviceInterface | 'IVdsHwProvider';

/** The kind that a query lists, and whether the called object contains that (otherwise they are associated). */
export interface Query {
  readonly method: Method;
  readonly lists: DeviceInterface;
  readonly contains: boolean;
  /** The arguments by which it lists everything; most take no arguments. */
  readonly args: Readonly<Record<string, unknown>>;
}

/** The arguments of the queries that take any, by which they leave nothing out. */
const EVERYTHING: { readonly [M in MethodName]?: Readonly<Record<string, unknown>> } = {
  'IVdsHwProviderStoragePools.QueryStoragePools': { flags: 0, remainingFreeSpace: 0n, poolAttributes: null },
};

/** Every method that answers an enumeration of devices, in the contract's order. */
export const QUERIES: readonly Query[] = QUERY_TABLE.map((query) => ({
  ...query,
  method: method(query.method),
  args: EVERYTHING[query.method] ?? {},
}));

/** The interfaces that an object of a kind may have, its own first; the harness's own are left out. */
export function interfacesOfKind(kind: ObservedKind): readonly InterfaceName[] {
  if (kind !== 'IVdsHwProvider') return DEVICE_KINDS[kind].interfaces.map((i) => i.name as InterfaceName);
  return [...interfaces.values()]
    .filter(({ objects, extension }) => extension === undefined && objects.includes(PROVIDER_KIND.name))
    .map((i) => i.name as InterfaceName);
}

/** The queries of a kind's interfaces, in the contract's order. */
export function queriesOf(kind: ObservedKind): readonly Query[] {
  const own = new Set<string>(interfacesOfKind(kind));
  return QUERIES.filter((q) => own.has(q.method.interfaceName));
}

/** Loading and unloading are no calls on an object that is in use. */
const OF_LOADING: ReadonlySet<string> = new Set(['IVdsProviderPrivate.OnLoad', 'IVdsProviderPrivate.OnUnload']);

/** The methods of every interface that an object of a kind may have, in the contract's order. */
export function methodsOfKind(kind: ObservedKind): readonly Method[] {
  const own = new Set(interfacesOfKind(kind));
  return allMethods.filter((m) => own.has(m.interfaceName) && !OF_LOADING.has(m.fullName));
}

/** A method that only reads: it has outputs, and none of them is an operation that it started. */
export const onlyReads = ({ outs }: Method): boolean =>
  outs.length > 0 && !outs.some((o) => o.type.kind === 'interface' && o.type.name === 'IVdsAsync');
