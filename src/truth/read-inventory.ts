// Reads the inventory through the provider, as any caller could: what it says exists, by values.
import { UNTOUCHED } from '../contract/codec.js';
import type { Guid } from '../contract/guid.js';
import { failed, formatHresult, HR } from '../contract/hresult.js';
import type {
  IEnumVdsObject,
  IVdsDrive,
  IVdsHwProvider,
  IVdsIscsiTarget,
  IVdsLun,
  IVdsSubSystem,
  TypedInterfaces,
} from '../port/generated/typed.js';
import type { Result } from '../port/objects.js';
import type { CallRecord } from '../port/trace.js';
import type { Inventory, LunState, SubSystemState, TargetState } from './inventory.js';

/** A call that had to succeed for the inventory to be read, and did not. */
export class InventoryUnreadable extends Error {
  constructor(
    readonly record: CallRecord,
    readonly problem: string,
  ) {
    super(problem);
    this.name = 'InventoryUnreadable';
  }
}

/** By which call each object of a read inventory, or a member of it, became known. */
const sources = new WeakMap<object, Map<string, CallRecord>>();
const PROPERTIES = '';

/** The call that gave a member of an object of a read inventory; undefined for what was not read through a provider. */
export function sourceOf(state: object, member: string): CallRecord | undefined {
  const known = sources.get(state);
  return known?.get(member) ?? known?.get(PROPERTIES);
}

/** Keeps by which call the object became known, and by which others some of its members. */
function from<T extends object>(
  state: T,
  properties: CallRecord,
  members: Readonly<Record<string, CallRecord | undefined>> = {},
): T {
  const known = new Map([[PROPERTIES, properties]]);
  for (const [member, record] of Object.entries(members)) if (record !== undefined) known.set(member, record);
  sources.set(state, known);
  return state;
}

/** The value of an output that a successful call owes. Throws InventoryUnreadable for a failure, NULL or nothing. */
function owed<T, K extends keyof T>(result: Result<T>, name: K): NonNullable<T[K]> {
  if (failed(result.hr)) throw new InventoryUnreadable(result.record, `answered ${formatHresult(result.hr)}`);
  const value = result.out[name];
  if (value === null || value === undefined || value === UNTOUCHED)
    throw new InventoryUnreadable(result.record, `answered success without ${String(name)}`);
  return value as NonNullable<T[K]>;
}

/** More objects than an array has: an enumerator that never ends must not hang a run. */
const MOST_OBJECTS = 100_000;

/** Every object of an enumerator, each with a reference of its own, as the interface asked for. Throws InventoryUnreadable. */
export async function enumerate<I extends keyof TypedInterfaces>(
  enumerator: IEnumVdsObject,
  name: I,
): Promise<TypedInterfaces[I][]> {
  const found: TypedInterfaces[I][] = [];
  for (;;) {
    const next = await enumerator.next({ celt: 16 });
    if (failed(next.hr)) throw new InventoryUnreadable(next.record, `answered ${formatHresult(next.hr)}`);
    const objects = next.out.objectArray;
    for (const object of Array.isArray(objects) ? objects : []) {
      const typed = object === null ? null : await object.as(name);
      if (typed === null) throw new InventoryUnreadable(next.record, `returned an object without ${name}`);
      found.push(typed);
    }
    if (next.hr !== HR.S_OK) return found;
    if (found.length > MOST_OBJECTS || !Array.isArray(objects) || objects.length === 0)
      throw new InventoryUnreadable(next.record, 'never came to an end');
  }
}

/** The import target's value: null when none is set, undefined when the subsystem has no such interface or does not support it. */
export async function readImportTarget(object: IVdsSubSystem): Promise<string | null | undefined> {
  return (await askImportTarget(object)).value;
}

async function askImportTarget(
  object: IVdsSubSystem,
): Promise<{ readonly value: string | null | undefined; readonly record?: CallRecord }> {
  const importTarget = await object.as('IVdsSubSystemImportTarget');
  if (importTarget === null) return { value: undefined };
  const result = await importTarget.getImportTarget();
  const { record } = result;
  if (result.hr === HR.VDS_E_NO_IMPORT_TARGET) return { value: null, record };
  if (result.hr === HR.VDS_E_NOT_SUPPORTED) return { value: undefined, record };
  return { value: owed(result, 'iscsiName'), record };
}

/** The objects of a query, or undefined where the provider does not support it. */
async function queried<I extends keyof TypedInterfaces>(
  result: Result<{ readonly enum: IEnumVdsObject | null }>,
  name: I,
): Promise<TypedInterfaces[I][] | undefined> {
  return result.hr === HR.VDS_E_NOT_SUPPORTED ? undefined : enumerate(owed(result, 'enum'), name);
}

/** What each object becomes, one after another as one system under test is asked one thing at a time; undefined stays so. */
async function each<T, U>(
  objects: readonly T[] | undefined,
  read: (object: T) => Promise<U>,
): Promise<U[] | undefined> {
  if (objects === undefined) return undefined;
  const states: U[] = [];
  for (const object of objects) states.push(await read(object));
  return states;
}

/** Leaves out what is not known, so that it is not compared. */
const known = <T extends object>(state: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

async function readLun(object: IVdsLun): Promise<LunState> {
  const properties = await object.getProperties();
  const p = owed(properties, 'lunProp');
  const iscsi = await object.as('IVdsLunIscsi');
  const plexes = await object.queryPlexes();
  const plexStates = await each(await queried(plexes, 'IVdsLunPlex'), async (plex) => {
    const answer = await plex.getProperties();
    const { id, size, type, status, health } = owed(answer, 'plexProp');
    return from({ id, size, type, status, health }, answer.record);
  });
  const controllers = await object.queryActiveControllers();
  const activeControllers = await each(
    await queried(controllers, 'IVdsController'),
    async (c) => owed(await c.getProperties(), 'controllerProp').id,
  );
  const targets = await iscsi?.queryAssociatedTargets();
  return from(
    known({
      id: p.id,
      size: p.size,
      friendlyName: p.friendlyName,
      identification: p.identification,
      unmaskingList: p.unmaskingList,
      type: p.type,
      status: p.status,
      health: p.health,
      plexes: plexStates,
      activeControllers,
      associatedTargets:
        targets === undefined
          ? undefined
          : await each(
              await queried(targets, 'IVdsIscsiTarget'),
              async (t) => owed(await t.getProperties(), 'targetProp').id,
            ),
    }),
    properties.record,
    { plexes: plexes.record, activeControllers: controllers.record, associatedTargets: targets?.record },
  );
}

async function readTarget(object: IVdsIscsiTarget): Promise<TargetState> {
  const properties = await object.getProperties();
  const p = owed(properties, 'targetProp');
  const groups = await object.queryPortalGroups();
  return from(
    known({
      id: p.id,
      iscsiName: p.iscsiName ?? '',
      friendlyName: p.friendlyName,
      chapEnabled: p.chapEnabled,
      portalGroups: await each(await queried(groups, 'IVdsIscsiPortalGroup'), async (group) => {
        const answer = await group.getProperties();
        const { id, tag } = owed(answer, 'portalGroupProp');
        const portals = await group.queryAssociatedPortals();
        const associatedPortals = await each(
          await queried(portals, 'IVdsIscsiPortal'),
          async (portal) => owed(await portal.getProperties(), 'portalProp').id,
        );
        return from(known({ id, tag, associatedPortals }), answer.record, { associatedPortals: portals.record });
      }),
    }),
    properties.record,
    { portalGroups: groups.record },
  );
}

async function readDrive(drive: IVdsDrive): Promise<NonNullable<SubSystemState['drives']>[number]> {
  const properties = await drive.getProperties();
  const d = owed(properties, 'driveProp');
  return from(
    {
      id: d.id,
      size: d.size,
      friendlyName: d.friendlyName,
      identification: d.identification,
      internalBusNumber: d.internalBusNumber,
      slotNumber: d.slotNumber,
      flags: d.flags,
      status: d.status,
      health: d.health,
    },
    properties.record,
  );
}

async function readSubSystem(object: IVdsSubSystem, within?: Guid): Promise<SubSystemState | undefined> {
  const properties = await object.getProperties();
  const p = owed(properties, 'subSystemProp');
  if (within !== undefined && p.id !== within) return undefined;
  const queriedLuns = await object.queryLuns();
  const luns = await each(await enumerate(owed(queriedLuns, 'enum'), 'IVdsLun'), readLun);
  const iscsi = await object.as('IVdsSubSystemIscsi');
  const queriedDrives = await object.queryDrives();
  const drives = await each(await queried(queriedDrives, 'IVdsDrive'), readDrive);
  const queriedControllers = await object.queryControllers();
  const controllers = await each(await queried(queriedControllers, 'IVdsController'), async (controller) => {
    const answer = await controller.getProperties();
    const { id, friendlyName, identification, status, health } = owed(answer, 'controllerProp');
    return from({ id, friendlyName, identification, status, health }, answer.record);
  });
  const queriedTargets = await iscsi?.queryTargets();
  const targets =
    queriedTargets === undefined
      ? undefined
      : await each(await enumerate(owed(queriedTargets, 'enum'), 'IVdsIscsiTarget'), readTarget);
  const queriedPortals = await iscsi?.queryPortals();
  const portals =
    queriedPortals === undefined
      ? undefined
      : await each(await queried(queriedPortals, 'IVdsIscsiPortal'), async (portal) => {
          const answer = await portal.getProperties();
          const { id, status } = owed(answer, 'portalProp');
          return from({ id, status }, answer.record);
        });
  const importTarget = await askImportTarget(object);
  return from(
    known({
      id: p.id,
      friendlyName: p.friendlyName,
      identification: p.identification,
      status: p.status,
      health: p.health,
      luns: luns ?? [],
      drives,
      controllers,
      targets,
      portals,
      importTarget: importTarget.value,
    }),
    properties.record,
    {
      luns: queriedLuns.record,
      drives: queriedDrives.record,
      controllers: queriedControllers.record,
      targets: queriedTargets?.record,
      portals: queriedPortals?.record,
      importTarget: importTarget.record,
    },
  );
}

/**
 * What the provider says exists, all of it or within one subsystem. Its references are the session's, to be released by whoever took the ledger's
 * mark. Throws InventoryUnreadable.
 */
export async function readInventory(provider: IVdsHwProvider, within?: Guid): Promise<Inventory> {
  const query = await provider.querySubSystems();
  const subSystems = await each(await enumerate(owed(query, 'enum'), 'IVdsSubSystem'), (s) => readSubSystem(s, within));
  return from({ subSystems: subSystems?.filter((s) => s !== undefined) ?? [] }, query.record);
}
