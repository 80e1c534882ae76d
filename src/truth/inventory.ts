// The inventory of a system, by values, in one form however it was read: through the provider (read-inventory.ts) or by
// a path that does not touch it (a truth). What is optional is absent where it is not known, and is then not compared.
import { z } from 'zod';
import { DEVICE_KINDS } from '../contract/generated/objects.js';
import { parseGuid, type Guid } from '../contract/guid.js';
import type { DeviceSlug } from '../contract/objects.js';
import { ProviderProtocolError, messageOf } from '../port/errors.js';
import { problemsIn } from '../port/zod-problems.js';

const guid = z.string().transform((text, context) => {
  const id = parseGuid(text);
  if (id === undefined) context.addIssue({ code: 'custom', message: 'no GUID' });
  return id ?? text;
});
const size = z
  .string()
  .regex(/^\d{1,20}$/)
  .transform(BigInt);
const text = z.string().nullable().optional();
const number = z.number().optional();
/** Ids of the objects that this one is associated with, in any order. */
const associated = z.array(guid).optional();

const plex = z.object({ id: guid, size: size.optional(), type: number, status: number, health: number });
const lun = z.object({
  id: guid,
  size,
  friendlyName: text,
  identification: text,
  unmaskingList: text,
  lunNumber: number,
  type: number,
  status: number,
  health: number,
  plexes: z.array(plex).optional(),
  associatedTargets: associated,
  activeControllers: associated,
  activeControllerPorts: associated,
});
const drive = z.object({
  id: guid,
  size: size.optional(),
  friendlyName: text,
  identification: text,
  internalBusNumber: number,
  slotNumber: number,
  flags: number,
  status: number,
  health: number,
});
const port = z.object({ id: guid, friendlyName: text, identification: text, status: number });
const controller = z.object({
  id: guid,
  friendlyName: text,
  identification: text,
  status: number,
  health: number,
  controllerPorts: z.array(port).optional(),
});
const portal = z.object({ id: guid, status: number });
const portalGroup = z.object({ id: guid, tag: number, associatedPortals: associated });
const target = z.object({
  id: guid,
  iscsiName: z.string(),
  friendlyName: text,
  chapEnabled: z.boolean().optional(),
  portalGroups: z.array(portalGroup).optional(),
});
const subSystem = z.object({
  id: guid,
  friendlyName: text,
  identification: text,
  status: number,
  health: number,
  importTarget: text,
  luns: z.array(lun),
  targets: z.array(target).optional(),
  drives: z.array(drive).optional(),
  controllers: z.array(controller).optional(),
  portals: z.array(portal).optional(),
});
const storagePool = z.object({
  id: guid,
  name: text,
  type: number,
  status: number,
  health: number,
  totalManagedSpace: size.optional(),
  remainingFreeSpace: size.optional(),
  allocatedLuns: associated,
});
/** The form of a truth. Sizes are decimal strings of bytes. */
export const inventorySchema = z.object({
  subSystems: z.array(subSystem),
  storagePools: z.array(storagePool).optional(),
});

/** The members that a truth may have of the objects in each of its lists. */
export const TRUTH_MEMBERS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries({
    subSystems: subSystem,
    luns: lun,
    plexes: plex,
    targets: target,
    portalGroups: portalGroup,
    drives: drive,
    controllers: controller,
    controllerPorts: port,
    portals: portal,
    storagePools: storagePool,
  }).map(([list, { shape }]) => [list, Object.keys(shape)]),
);

export type LunState = z.output<typeof lun>;
export type SubSystemState = z.output<typeof subSystem>;
/** The system by values. Sizes are bytes; `importTarget` is null when none is set. */
export type Inventory = z.output<typeof inventorySchema>;

/** An object of the inventory whatever its kind. */
export interface ObjectState {
  readonly id: Guid;
  readonly [member: string]: unknown;
}

/** The lists in which objects stand, and the kind of those. */
const LISTS: ReadonlyMap<string, DeviceSlug> = new Map(
  Object.values(DEVICE_KINDS).flatMap(({ slug, truth }) => (truth === null ? [] : [[truth, slug]])),
);

/** The objects directly in a state or object, by list: their kind, and the list. */
export function listsOf(
  holder: object,
): { readonly kind: DeviceSlug; readonly member: string; readonly objects: readonly ObjectState[] }[] {
  const lists = [];
  for (const member in holder) {
    const kind = LISTS.get(member);
    const value = kind === undefined ? undefined : (holder as Readonly<Record<string, unknown>>)[member];
    if (kind !== undefined && Array.isArray(value))
      lists.push({ kind, member, objects: value as readonly ObjectState[] });
  }
  return lists;
}

/** Every object of a state, containers before what they hold. */
export function* allObjects(holder: object): Generator<{ readonly kind: DeviceSlug; readonly object: ObjectState }> {
  for (const { kind, objects } of listsOf(holder)) {
    for (const object of objects) {
      yield { kind, object };
      yield* allObjects(object);
    }
  }
}

/** The state without these objects and what they hold, and without associations with them. */
export function without(state: Inventory, departed: readonly Guid[]): Inventory {
  const gone = new Set(departed);
  for (const { object } of allObjects(state))
    if (gone.has(object.id)) for (const { object: member } of allObjects(object)) gone.add(member.id);
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      // Of objects only those named: a provider that gives one id twice must not lose a neighbour here.
      return value
        .filter((v) => (typeof v === 'string' ? !gone.has(v) : !departed.includes((v as ObjectState).id)))
        .map(strip);
    }
    return typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, strip(v)]))
      : value;
  };
  const { storagePools, ...rest } = strip(state) as Inventory;
  // Which pools go with a subsystem is not told.
  const isKnown = storagePools !== undefined && !state.subSystems.some(({ id }) => gone.has(id));
  return isKnown ? { ...rest, storagePools } : rest;
}

/** The targets of these LUNs that no other LUN has, each with its subsystem. */
export const targetsOfOnly = (
  { subSystems }: Inventory,
  luns: readonly Guid[],
): { readonly subSystem: Guid; readonly target: Guid }[] =>
  subSystems.flatMap(({ id: subSystem, luns: all }) => {
    const targetsOf = (which: (lun: LunState) => boolean): readonly Guid[] =>
      all.filter(which).flatMap(({ associatedTargets = [] }) => associatedTargets);
    const others = new Set(targetsOf(({ id }) => !luns.includes(id)));
    const own = new Set(targetsOf(({ id }) => luns.includes(id)));
    return [...own].filter((target) => !others.has(target)).map((target) => ({ subSystem, target }));
  });

/**
 * Parses a truth as IVdsConformanceControl::ReadTruth and ground-truth commands give it. Throws ProviderProtocolError
 * naming what is wrong.
 */
export function parseTruth(json: string): Inventory {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new ProviderProtocolError(`the truth is not JSON: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const parsed = inventorySchema.safeParse(value);
  if (!parsed.success)
    throw new ProviderProtocolError(`the truth does not have the documented form: ${problemsIn(parsed.error)}`, {
      hint: 'docs/control-interface.md describes it.',
    });
  return parsed.data;
}
