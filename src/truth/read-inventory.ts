// Reads the inventory through the provider, as any caller could: what it says exists, by values.
import { UNTOUCHED } from '../contract/codec.js';
import type { Guid } from '../contract/guid.js';
import { failed, formatHresult, HR } from '../contract/hresult.js';
import type {
  IEnumVdsObject,
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
  const importTarget = await object.as('IVdsSubSystemImportTarget');
  if (importTarget === null) return undefined;
  const result = await importTarget.getImportTarget();
  if (result.hr === HR.VDS_E_NO_IMPORT_TARGET) return null;
  if (result.hr === HR.VDS_E_NOT_SUPPORTED) return undefined;
  return owed(result, 'iscsiName');
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
  const p = owed(await object.getProperties(), 'lunProp');
  const iscsi = await object.as('IVdsLunIscsi');
  return known({
    id: p.id,
    size: p.size,
    friendlyName: p.friendlyName,
    identification: p.identification,
    unmaskingList: p.unmaskingList,
    type: p.type,
    status: p.status,
    health: p.health,
    plexes: await each(await queried(await object.queryPlexes(), 'IVdsLunPlex'), async (plex) => {
      const { id, size, type, status, health } = owed(await plex.getProperties(), 'plexProp');
      return { id, size, type, status, health };
    }),
    activeControllers: await each(
      await queried(await object.queryActiveControllers(), 'IVdsController'),
      async (c) => owed(await c.getProperties(), 'controllerProp').id,
    ),
    associatedTargets:
      iscsi === null
        ? undefined
        : await each(
            await queried(await iscsi.queryAssociatedTargets(), 'IVdsIscsiTarget'),
            async (t) => owed(await t.getProperties(), 'targetProp').id,
          ),
  });
}

async function readTarget(object: IVdsIscsiTarget): Promise<TargetState> {
  const p = owed(await object.getProperties(), 'targetProp');
  return known({
    id: p.id,
    iscsiName: p.iscsiName ?? '',
    friendlyName: p.friendlyName,
    chapEnabled: p.chapEnabled,
    portalGroups: await each(await queried(await object.queryPortalGroups(), 'IVdsIscsiPortalGroup'), async (group) => {
      const { id, tag } = owed(await group.getProperties(), 'portalGroupProp');
      const associatedPortals = await each(
        await queried(await group.queryAssociatedPortals(), 'IVdsIscsiPortal'),
        async (portal) => owed(await portal.getProperties(), 'portalProp').id,
      );
      return known({ id, tag, associatedPortals });
    }),
  });
}

async function readSubSystem(object: IVdsSubSystem, within?: Guid): Promise<SubSystemState | undefined> {
  const p = owed(await object.getProperties(), 'subSystemProp');
  if (within !== undefined && p.id !== within) return undefined;
  const luns = await each(await enumerate(owed(await object.queryLuns(), 'enum'), 'IVdsLun'), readLun);
  const iscsi = await object.as('IVdsSubSystemIscsi');
  return known({
    id: p.id,
    friendlyName: p.friendlyName,
    identification: p.identification,
    status: p.status,
    health: p.health,
    luns: luns ?? [],
    drives: await each(await queried(await object.queryDrives(), 'IVdsDrive'), async (drive) => {
      const d = owed(await drive.getProperties(), 'driveProp');
      return {
        id: d.id,
        size: d.size,
        friendlyName: d.friendlyName,
        identification: d.identification,
        internalBusNumber: d.internalBusNumber,
        slotNumber: d.slotNumber,
        flags: d.flags,
        status: d.status,
        health: d.health,
      };
    }),
    controllers: await each(await queried(await object.queryControllers(), 'IVdsController'), async (controller) => {
      const { id, friendlyName, identification, status, health } = owed(
        await controller.getProperties(),
        'controllerProp',
      );
      return { id, friendlyName, identification, status, health };
    }),
    targets:
      iscsi === null
        ? undefined
        : await each(await enumerate(owed(await iscsi.queryTargets(), 'enum'), 'IVdsIscsiTarget'), readTarget),
    portals:
      iscsi === null
        ? undefined
        : await each(await queried(await iscsi.queryPortals(), 'IVdsIscsiPortal'), async (portal) => {
            const { id, status } = owed(await portal.getProperties(), 'portalProp');
            return { id, status };
          }),
    importTarget: await readImportTarget(object),
  });
}

/**
 * What the provider says exists, all of it or within one subsystem. Its references are the session's, to be released by whoever took the ledger's
 * mark. Throws InventoryUnreadable.
 */
export async function readInventory(provider: IVdsHwProvider, within?: Guid): Promise<Inventory> {
  const subSystems = await each(await enumerate(owed(await provider.querySubSystems(), 'enum'), 'IVdsSubSystem'), (s) =>
    readSubSystem(s, within),
  );
  return { subSystems: subSystems?.filter((s) => s !== undefined) ?? [] };
}
