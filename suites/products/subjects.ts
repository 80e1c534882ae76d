// Objects that generated checks work on: one of each kind that the system has, made where it can be made, with the id
// of its cache entry.
import {
  type Context,
  DEVICE_KINDS,
  type DeviceInterface,
  displayName,
  idOf,
  type IVdsAsync,
  type IVdsSubSystem,
  listed,
  madeBy,
  MAKEABLE,
  mayBeBorrowed,
  methodsOfKind,
  type ObservedKind,
  propertiesOf,
  queriesOf,
  type Result,
  VdsObject,
  untilNotBusy,
} from '../../src/checks/index.js';
import { formatHresult, type Guid, HR, interfaceDef, type Method, succeeded } from '../../src/contract/index.js';

export interface Subject {
  /** Any interface of the object. */
  readonly object: VdsObject;
  /** The id that a fault hits. */
  readonly id: Guid;
  /** The subsystem that it belongs to. */
  readonly within: Guid;
  readonly subSystem: IVdsSubSystem;
}

export interface SubjectKind {
  /** The word for one in ids. */
  readonly name: string;
  readonly kind: ObservedKind;
  /** Finds or makes one in this subsystem; what is made goes when the check ends. */
  find(ctx: Context, subSystem: IVdsSubSystem): Promise<VdsObject>;
  /** Puts back, when the check ends, what generated calls may have set on an object that the check did not make. */
  keep?(ctx: Context, object: VdsObject): Promise<void>;
}

/** A subject that is a device, and not the provider itself. */
export interface DeviceSubject extends SubjectKind {
  readonly kind: DeviceInterface;
}

/** The first object that a query of its container lists. Not applicable when none lists one. */
async function firstIn(
  ctx: Context,
  container: VdsObject,
  of: ObservedKind,
  kind: DeviceInterface,
): Promise<VdsObject> {
  for (const query of queriesOf(of)) {
    if (query.lists !== kind || !query.contains) continue;
    for (const each of (await listed(ctx, container, query, 'VDS-6.6a')) ?? [])
      if (await mayBeBorrowed(ctx, kind, each)) return each;
  }
  return ctx.notApplicable(
    `the ${of === 'IVdsHwProvider' ? 'provider' : DEVICE_KINDS[of].name} has no ${DEVICE_KINDS[kind].name} that the ` +
      'run may work on',
  );
}

/** A device that is there already: the first of its kind in the subsystem. */
const existing = (kind: DeviceInterface): DeviceSubject => ({
  name: DEVICE_KINDS[kind].slug,
  kind,
  find: (ctx, subSystem) => firstIn(ctx, subSystem, 'IVdsSubSystem', kind),
});

/** SetFriendlyName on what a check did not make is taken back. */
async function keepName(ctx: Context, object: VdsObject): Promise<void> {
  const naming = await object.as('IVdsSubSystemNaming');
  if (naming === null) return;
  const { friendlyName } = await propertiesOf(ctx, object, 'VDS-7.9');
  ctx.onCleanUp('put the friendly name back', async () => {
    await naming.setFriendlyName({ friendlyName: String(friendlyName ?? '') });
  });
}

export const PROVIDER: SubjectKind = {
  name: 'provider',
  kind: 'IVdsHwProvider',
  find: async (ctx) => ctx.system.unknown,
};

export const SUB_SYSTEM: DeviceSubject = {
  name: DEVICE_KINDS.IVdsSubSystem.slug,
  kind: 'IVdsSubSystem',
  find: async (_ctx, subSystem) => subSystem,
  async keep(ctx, object) {
    const subSystem = await ctx.system.optional(object, 'IVdsSubSystem');
    await ctx.system.importTargetIfAny(subSystem);
    await keepName(ctx, subSystem);
  },
};

export const LUN: DeviceSubject = {
  name: DEVICE_KINDS.IVdsLun.slug,
  kind: 'IVdsLun',
  find: async (ctx, subSystem) => (await ctx.make.lun(subSystem)).lun,
};

export const PLEX: DeviceSubject = {
  name: DEVICE_KINDS.IVdsLunPlex.slug,
  kind: 'IVdsLunPlex',
  async find(ctx, subSystem) {
    const { lun } = await ctx.make.lun(subSystem);
    const plexes = await lun.queryPlexes();
    const [first] =
      plexes.hr === HR.VDS_E_NOT_SUPPORTED ? [] : await ctx.duties.list(plexes, 'enum', 'IVdsLunPlex', 'VDS-6.6a');
    return first ?? ctx.notApplicable('a LUN has no plexes here');
  },
};

export const DRIVE: DeviceSubject = existing('IVdsDrive');
export const CONTROLLER: DeviceSubject = existing('IVdsController');
export const PORTAL: DeviceSubject = existing('IVdsIscsiPortal');

export const PORT: DeviceSubject = {
  name: DEVICE_KINDS.IVdsControllerPort.slug,
  kind: 'IVdsControllerPort',
  find: async (ctx, subSystem) =>
    firstIn(ctx, await CONTROLLER.find(ctx, subSystem), 'IVdsController', 'IVdsControllerPort'),
};

export const STORAGE_POOL: DeviceSubject = {
  name: DEVICE_KINDS.IVdsStoragePool.slug,
  kind: 'IVdsStoragePool',
  find: (ctx) => firstIn(ctx, ctx.system.unknown, 'IVdsHwProvider', 'IVdsStoragePool'),
};

export const TARGET: DeviceSubject = {
  name: DEVICE_KINDS.IVdsIscsiTarget.slug,
  kind: 'IVdsIscsiTarget',
  find: async (ctx, subSystem) => (await ctx.make.target(subSystem)).target,
};

export const PORTAL_GROUP: DeviceSubject = {
  name: DEVICE_KINDS.IVdsIscsiPortalGroup.slug,
  kind: 'IVdsIscsiPortalGroup',
  async find(ctx, subSystem) {
    const { target } = await ctx.make.target(subSystem);
    const started = ctx.duties.supported(await target.createPortalGroup());
    // It goes with its target.
    return ctx.duties.made(started, 'portal-group');
  },
};

/** All kinds of device, containers before what they hold. */
export const DEVICES: readonly DeviceSubject[] = [
  SUB_SYSTEM,
  DRIVE,
  CONTROLLER,
  PORT,
  PORTAL,
  STORAGE_POOL,
  LUN,
  PLEX,
  TARGET,
  PORTAL_GROUP,
];

/** A subject of the kind in the first subsystem. For the provider object, a fault hits its first subsystem. */
export async function subject(ctx: Context, kind: SubjectKind): Promise<Subject> {
  const subSystem = await ctx.system.subSystem();
  const within = await idOf(ctx, subSystem, 'VDS-7.9');
  const object = await kind.find(ctx, subSystem);
  await kind.keep?.(ctx, object);
  return {
    object,
    subSystem,
    within,
    id: object === ctx.system.unknown || object === subSystem ? within : await idOf(ctx, object, 'VDS-7.9'),
  };
}

/**
 * The methods of every interface that an object of this kind may have, in the contract's order; loading and unloading
 * have a suite of their own.
 */
export const methodsOf = ({ kind }: SubjectKind): readonly Method[] => methodsOfKind(kind);

/** A method of a kind of object in ids: more than one kind may have its interface. */
export const cellId = ({ name }: SubjectKind, { fullName, interfaceName }: Method): string =>
  interfaceDef(interfaceName).objects.length > 1 ? `${fullName}.${name}` : fullName;

/**
 * Waits for what a generated call may have started, and deletes what it made when the check ends. Asks the new object
 * nothing: the cache may be damaged at this moment, and then it need not answer.
 */
export async function adopt(ctx: Context, result: Result<Record<string, unknown>>): Promise<void> {
  const operation = result.out['async'];
  if (!succeeded(result.hr) || !(operation instanceof VdsObject)) return;
  const ended = await (operation as IVdsAsync).wait();
  // It hands out what was there, which is not the check's to delete.
  if (result.hr === HR.VDS_S_ALREADY_EXISTS) return;
  const made = madeBy(ended);
  for (const { name, interfaceName, delete: method } of Object.values(MAKEABLE)) {
    const object = await made?.as(interfaceName);
    if (!object) continue;
    ctx.onCleanUp(`delete a ${name}`, async () => {
      const remove = (): Promise<Result<Record<string, unknown>>> => untilNotBusy(() => object.call(method, {}));
      let deleted = await remove();
      if (deleted.hr === HR.VDS_E_PROVIDER_CACHE_CORRUPT) {
        await ctx.faults.recover();
        deleted = await remove();
      }
      if (!succeeded(deleted.hr) && deleted.hr !== HR.VDS_E_OBJECT_DELETED)
        throw new Error(`${displayName(method)} answered ${formatHresult(deleted.hr)}`);
      if (deleted.out['async'] instanceof VdsObject) await (deleted.out['async'] as IVdsAsync).wait();
    });
  }
}
