// The kinds of device and the ways from one to another, for checks that treat all of them alike.
import { DEVICE_KINDS } from '../contract/generated/objects.js';
import type { Guid } from '../contract/guid.js';
import { whatHappens, type CorruptionForm } from '../faults/kinds.js';
import { HR } from '../contract/hresult.js';
import type { DeviceInterface } from '../contract/objects.js';
import {
  interfacesOfKind,
  methodsOfKind,
  onlyReads,
  propertiesDef,
  QUERIES,
  queriesOf,
  type ObservedKind,
  type Query,
} from '../port/device-kinds.js';
import type { IEnumVdsObject, IVdsSubSystem } from '../port/generated/typed.js';
import { VdsObject, type Result } from '../port/objects.js';
import { displayName } from '../port/show-value.js';
import type { CallRecord } from '../port/trace.js';
import type { Context } from './context.js';
import type { Scope } from '../lab/scope.js';
import { membersOf } from '../truth/observe.js';

export {
  DEVICE_KINDS,
  interfacesOfKind,
  methodsOfKind,
  onlyReads,
  QUERIES,
  queriesOf,
  type DeviceInterface,
  type ObservedKind,
  type Query,
};

/** `bits of a LUN are flipped in the provider's cache`, of the damage to an entry of a kind by its slug. */
export function damageInWords(form: CorruptionForm, slug: string): string {
  const name = Object.values(DEVICE_KINDS).find((kind) => kind.slug === slug)?.name ?? slug;
  return whatHappens(form, `a ${name}`);
}

/** A device as one way to it shows it. */
export interface Device {
  readonly kind: DeviceInterface;
  readonly object: VdsObject;
  readonly id: Guid;
  /** The answer of GetProperties. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** The members that it does not leave out. */
  readonly members: Readonly<Record<string, unknown>>;
  /** The call of GetProperties. */
  readonly record: CallRecord;
  /** The object that listed it: a device that contains it, or undefined for the provider. */
  readonly container: Device | undefined;
}

/** An array in a lab has thousands of LUNs; a check of how objects are reached is as good on the first of them. */
const MOST_OF_A_LIST = 8;

type Properties = Readonly<Record<string, unknown>> & { readonly id: Guid };

/**
 * The properties of a device, with the call that reported them. `members` are those of them that the provider does not
 * leave out, where it says that it leaves some out (VDS-7.7).
 */
export async function askForProperties(
  ctx: Context,
  object: VdsObject,
  requirement: string,
): Promise<{
  readonly properties: Properties;
  readonly members: Readonly<Record<string, unknown>>;
  readonly record: CallRecord;
}> {
  const { getter, out } = propertiesDef(object);
  const result = await object.call(getter, {});
  const properties = ctx.duties.output(requirement, result, out) as Properties;
  return { properties, members: membersOf(result.hr, properties), record: result.record };
}

/** The answer of GetProperties on a device's own interface. Its failure breaks `requirement`. */
export async function propertiesOf(ctx: Context, object: VdsObject, requirement: string): Promise<Properties> {
  return (await askForProperties(ctx, object, requirement)).properties;
}

/**
 * A member of what GetProperties answers. Not applicable where the provider says that it leaves something out, and that
 * is left out.
 */
export async function reportedMember(
  ctx: Context,
  object: VdsObject,
  member: string,
  requirement: string,
): Promise<unknown> {
  const { getter, out } = propertiesDef(object);
  const result = await object.call(getter, {});
  const value = (ctx.duties.output(requirement, result, out) as Readonly<Record<string, unknown>>)[member];
  const isLeftOut = result.hr === HR.VDS_S_PROPERTIES_INCOMPLETE && (value === null || value === '');
  return isLeftOut ? ctx.notApplicable(`${displayName(getter)} leaves ${member} out`) : value;
}

/** The id that a device's own GetProperties reports. */
export async function idOf(ctx: Context, object: VdsObject, requirement: string): Promise<Guid> {
  return (await propertiesOf(ctx, object, requirement)).id;
}

/** The objects that a query lists; undefined where the object lacks its interface or does not support it. */
export async function listed(
  ctx: Context,
  object: VdsObject,
  { method: { interfaceName, fullName }, lists, args }: Query,
  requirement: string,
): Promise<VdsObject[] | undefined> {
  const typed = object.interfaceName === interfaceName ? object : await object.as(interfaceName as DeviceInterface);
  if (typed === null) return undefined;
  const result = await typed.call(fullName, args);
  if (result.hr === HR.VDS_E_NOT_SUPPORTED) return undefined;
  return ctx.duties.list(result as unknown as Result<{ enum: IEnumVdsObject | null }>, 'enum', lists, requirement);
}

/** Judges that QueryLuns of a subsystem lists a LUN exactly once. */
export async function mustListOnce(
  ctx: Context,
  subSystem: IVdsSubSystem,
  id: Guid,
  what: string,
  requirement = 'VDS-6.7a',
): Promise<void> {
  const answer = await subSystem.queryLuns();
  let times = 0;
  for (const lun of await ctx.duties.list(answer, 'enum', 'IVdsLun', 'VDS-6.7a'))
    if ((await idOf(ctx, lun, requirement)) === id) times += 1;
  ctx.duties.listedOnce(requirement, { query: 'IVdsSubSystem.QueryLuns', of: id, which: what }, times, answer);
}

/** The part of a run's scope for each kind. */
const SCOPED: { readonly [K in DeviceInterface]?: keyof Scope } = {
  IVdsSubSystem: 'subSystems',
  IVdsDrive: 'drives',
  IVdsStoragePool: 'pools',
};

/** Whether the run may work on a device that a check did not make. */
export async function mayBeBorrowed(ctx: Context, kind: DeviceInterface, device: VdsObject): Promise<boolean> {
  const scoped = SCOPED[kind];
  if (scoped === undefined || ctx.system.scope[scoped].length === 0) return true;
  return ctx.system.admits(scoped, await propertiesOf(ctx, device, 'VDS-7.9'));
}

/**
 * The devices that the provider contains, down to plexes, ports and portal groups: of each list the first few, as far
 * as the run may work on them. Two enumerations may list the same in another order, so what is looked for among them
 * takes `most` to be Infinity.
 */
export async function census(ctx: Context, requirement: string, most = MOST_OF_A_LIST): Promise<readonly Device[]> {
  const found: Device[] = [];
  const visit = async (object: VdsObject, kind: ObservedKind, container: Device | undefined): Promise<void> => {
    for (const query of queriesOf(kind)) {
      if (!query.contains) continue;
      for (const each of (await listed(ctx, object, query, requirement))?.slice(0, most) ?? []) {
        const asked = await askForProperties(ctx, each, requirement);
        const kind = SCOPED[query.lists];
        if (kind !== undefined && !ctx.system.admits(kind, asked.properties)) continue;
        const device: Device = { kind: query.lists, object: each, id: asked.properties.id, ...asked, container };
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
