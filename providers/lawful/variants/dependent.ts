// Lawful habits of what depends on something else: flags of drives that follow what lies on them, LUNs that follow
// their controllers and drives.
import {
  OBJECT_STATUS,
  VDS_DRIVE_FLAG as DRF,
  VDS_HEALTH,
  VDS_ISCSI_PORTAL_STATUS,
  VDS_LUN_FLAG,
  VDS_SUB_SYSTEM_FLAG as SF,
  VDS_TRANSITION_STATE,
} from '../../../src/contract/generated/enumerations.js';
import type { Guid } from '../../../src/contract/guid.js';
import { HR, succeeded } from '../../../src/contract/hresult.js';
import type { Handle } from '../../../src/contract/tables.js';
import type { Port } from '../../../src/port/port.js';
import { together } from '../../defective/answers.js';
import { ask, given, interfaceOf, type Overrides } from '../../defective/override.js';
import { StorageArray } from '../../in-memory/array/array.js';
import {
  extentsOf,
  type ArrayController,
  type ArrayDrive,
  type ArrayLun,
  type ArrayPortal,
  type ArraySubSystem,
} from '../../in-memory/array/devices.js';
import { Failure } from '../../in-memory/failure.js';
import { ControllerObject } from '../../in-memory/objects/controller.js';
import { PortalObject } from '../../in-memory/objects/portal.js';
import { checkSettable } from '../../in-memory/objects/status.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import { withFlags } from '../small-arrays.js';
import type { Variant } from '../variant.js';

const { STATUS_ONLINE, STATUS_OFFLINE } = OBJECT_STATUS;

/** Drives tell whether anything of a LUN lies on them, and a spare that it stands by. */
class Assigned extends StorageArray {
  override addDrive(...made: Parameters<StorageArray['addDrive']>): ArrayDrive {
    const [subSystem] = made;
    const drive = super.addDrive(...made);
    let spare = 0;
    Object.defineProperty(drive, 'flags', {
      enumerable: true,
      get: () => {
        if (spare !== 0) return spare | DRF.VDS_DRF_HOTSPARE_STANDBY;
        return isAssigned(subSystem, drive) ? DRF.VDS_DRF_ASSIGNED : DRF.VDS_DRF_UNASSIGNED;
      },
      set: (flags: number) => {
        spare = flags & DRF.VDS_DRF_HOTSPARE;
      },
    });
    return drive;
  }
}

const isAssigned = ({ luns }: ArraySubSystem, { id }: ArrayDrive): boolean =>
  [...luns.values()].some((lun) => [...lun.plexes.values()].flatMap(extentsOf).some((e) => e.drive === id));

/** A LUN is active on one controller, and each new one on another than the one before. */
class OneActiveController extends StorageArray {
  declare private turn: number | undefined;

  override addLun(...[subSystem, lun]: Parameters<StorageArray['addLun']>): ArrayLun {
    const made = super.addLun(subSystem, lun);
    this.turn = (this.turn ?? 0) + 1;
    const ids = [...subSystem.controllers.keys()];
    const active = ids[this.turn % ids.length];
    if (active !== undefined) {
      made.controllers.clear();
      made.controllers.add(active);
    }
    return made;
  }
}

/** The LUNs of a controller that goes OFFLINE go over to another one. */
const handOver = (subSystem: ArraySubSystem): string[] => {
  const online = [...subSystem.controllers.values()].filter((c) => c.status === STATUS_ONLINE).map((c) => c.id);
  const moved: string[] = [];
  for (const lun of subSystem.luns.values()) {
    const gone = [...lun.controllers].filter((id) => !online.includes(id));
    if (gone.length === 0 || online[0] === undefined) continue;
    for (const id of gone) lun.controllers.delete(id);
    if (lun.controllers.size === 0) lun.controllers.add(online[0]);
    moved.push(lun.id);
  }
  return moved;
};

/** A controller that goes out of use, as when it fails, hands its LUNs over for good. */
class FailsOver extends StorageArray {
  override addController(...made: Parameters<StorageArray['addController']>): ArrayController {
    const [subSystem] = made;
    const controller = super.addController(...made);
    let { status } = controller;
    Object.defineProperty(controller, 'status', {
      enumerable: true,
      get: () => status,
      set: (now: number) => {
        status = now;
        handOver(subSystem);
      },
    });
    return controller;
  }
}

/** Learns of LUNs and controllers together. */
class LearnsOfLuns extends ProviderObject {
  override learn(...ids: readonly Guid[]): void {
    const holders = [...this.array.subSystems.values()].filter((s) => ids.some((id) => s.controllers.has(id)));
    super.learn(...ids, ...holders.flatMap((s) => [...s.luns.keys(), ...s.controllers.keys()]));
  }
}

class HandsOver extends ControllerObject {
  protected override setStatus(status: number): ReturnType<ControllerObject['setStatus']> {
    const answer = super.setStatus(status);
    this.provider.learn(...handOver(this.reach().subSystem), ...this.reach().subSystem.controllers.keys());
    return answer;
  }
}

class HandsAllOver extends SubSystemObject {
  protected override setControllerStatus(
    ...lists: Parameters<SubSystemObject['setControllerStatus']>
  ): ReturnType<SubSystemObject['setControllerStatus']> {
    const answer = super.setControllerStatus(...lists);
    this.provider.learn(...handOver(this.reach().subSystem), ...this.reach().subSystem.controllers.keys());
    return answer;
  }
}

const CONTROLLER_OF = new WeakMap<ArrayPortal, ArrayController>();

/** Every portal is one of a controller, and is OFFLINE while that is not ONLINE. */
class PortalsOfControllers extends StorageArray {
  override addPortal(...made: Parameters<StorageArray['addPortal']>): ArrayPortal {
    const [subSystem] = made;
    const portal = super.addPortal(...made);
    const controllers = [...subSystem.controllers.values()];
    const controller = controllers[(subSystem.portals.size - 1) % controllers.length];
    if (controller !== undefined) CONTROLLER_OF.set(portal, controller);
    let own = portal.status;
    Object.defineProperty(portal, 'status', {
      enumerable: true,
      get: () => (controller === undefined || controller.status === STATUS_ONLINE ? own : STATUS_OFFLINE),
      set: (status: number) => {
        own = status;
      },
    });
    return portal;
  }
}

class StaysWithItsController extends PortalObject {
  protected override setStatus(status: number): ReturnType<PortalObject['setStatus']> {
    this.touch();
    checkSettable(status, VDS_ISCSI_PORTAL_STATUS);
    const { portal } = this.reach('IVdsIscsiPortal.SetStatus');
    const { status: reachable = STATUS_ONLINE } = CONTROLLER_OF.get(portal) ?? {};
    if (reachable !== STATUS_ONLINE) throw new Failure(HR.VDS_E_NOT_SUPPORTED);
    return super.setStatus(status);
  }
}

class TakesPortalsAlong extends ControllerObject {
  protected override setStatus(status: number): ReturnType<ControllerObject['setStatus']> {
    const answer = super.setStatus(status);
    this.provider.learn(...this.reach().subSystem.portals.keys());
    return answer;
  }
}

class TakesAllPortalsAlong extends SubSystemObject {
  protected override setControllerStatus(
    ...lists: Parameters<SubSystemObject['setControllerStatus']>
  ): ReturnType<SubSystemObject['setControllerStatus']> {
    const answer = super.setControllerStatus(...lists);
    this.provider.learn(...this.reach().subSystem.portals.keys());
    return answer;
  }
}

/**
 * A LUN that is active on no controller cannot be reached: an active one "carries the responsibility" for its input and
 * output, and OFFLINE means unavailable. No page says that the one brings about the other.
 */
class UnreachableWithoutControllers extends StorageArray {
  override addLun(...made: Parameters<StorageArray['addLun']>): ArrayLun {
    const lun = super.addLun(...made);
    let own = lun.status;
    Object.defineProperty(lun, 'status', {
      enumerable: true,
      get: () => (lun.controllers.size === 0 ? STATUS_OFFLINE : own),
      set: (status: number) => {
        own = status;
      },
    });
    return lun;
  }
}

/**
 * A subsystem with a portal that is OFFLINE has lost a way to it. The page of DEGRADED names "drive, controller, port,
 * or path" as what may have failed then; of portals it is silent.
 */
class DegradedWithoutAPortal extends StorageArray {
  override addSubSystem(...made: Parameters<StorageArray['addSubSystem']>): ArraySubSystem {
    const subSystem = super.addSubSystem(...made);
    let own = subSystem.health;
    Object.defineProperty(subSystem, 'health', {
      enumerable: true,
      get: () => {
        const isWhole = [...subSystem.portals.values()].every(({ status }) => status === STATUS_ONLINE);
        return isWhole || own !== VDS_HEALTH.VDS_H_HEALTHY ? own : VDS_HEALTH.VDS_H_DEGRADED;
      },
      set: (health: number) => {
        own = health;
      },
    });
    return subSystem;
  }
}

class DegradesItsSubSystem extends PortalObject {
  protected override setStatus(status: number): ReturnType<PortalObject['setStatus']> {
    const answer = super.setStatus(status);
    if (this.parent !== null) this.provider.learn(this.parent);
    return answer;
  }
}

/**
 * The write cache of an array of two controllers works while both of them do: VDS_LF_WRITE_CACHE_ENABLED says that it
 * is enabled, and no page says when it stops being so.
 */
const withAWriteCache = (inner: Port): Overrides => {
  const mirrored = new Map<number, boolean>();
  return {
    methods: {
      'IVdsLun.GetProperties': async (call, next) => {
        const reply = await next();
        const lunProp = given(reply.out.lunProp);
        const subSystem = given((await ask(inner, call.object, 'IVdsLun.GetSubSystem', {})).out.subSystem);
        if (lunProp === undefined || subSystem === undefined) return reply;
        const which = await inner.identity(subSystem);
        const isMirrored = (await allControllersWork(inner, subSystem)) ?? mirrored.get(which) ?? false;
        mirrored.set(which, isMirrored);
        await inner.release(subSystem);
        const flags = lunProp.flags | (isMirrored ? VDS_LUN_FLAG.VDS_LF_WRITE_CACHE_ENABLED : 0);
        return { ...reply, out: { lunProp: { ...lunProp, flags } } };
      },
    },
  };
};

/** Undefined where the cache of the provider does not tell: its LUNs are as the array last told it. */
async function allControllersWork(inner: Port, subSystem: Handle): Promise<boolean | undefined> {
  const listed = given((await ask(inner, subSystem, 'IVdsSubSystem.QueryControllers', {})).out.enum);
  if (listed === undefined) return undefined;
  const { objectArray } = (await ask(inner, listed, 'IEnumVdsObject.Next', { celt: 16 })).out;
  const statuses: (number | undefined)[] = [];
  for (const each of Array.isArray(objectArray) ? objectArray : []) {
    if (each === null) continue;
    const controller = await interfaceOf(inner, each, 'IVdsController');
    if (controller !== null) {
      const { out } = await ask(inner, controller, 'IVdsController.GetProperties', {});
      statuses.push(given(out.controllerProp)?.status);
      await inner.release(controller);
    }
    await inner.release(each);
  }
  await inner.release(listed);
  return statuses.includes(undefined) ? undefined : statuses.every((status) => status === STATUS_ONLINE);
}

/** Milliseconds for which the array goes on moving data after an Extend. */
const RESTRIPING = 60;

/** Data is moved in the background after an Extend that has ended, unless it has failed. */
const restripes = (inner: Port): Overrides => {
  const extended = new Map<Guid, bigint>();
  const until = new Map<Guid, number>();
  return {
    methods: {
      'IVdsLun.Extend': async (call, next) => {
        const before = given((await ask(inner, call.object, 'IVdsLun.GetProperties', {})).out.lunProp);
        const reply = await next();
        if (succeeded(reply.hr) && before !== undefined) extended.set(before.id, before.size);
        return reply;
      },
      'IVdsLun.GetProperties': async (_call, next) => {
        const reply = await next();
        const lunProp = given(reply.out.lunProp);
        if (lunProp === undefined) return reply;
        if (lunProp.size > (extended.get(lunProp.id) ?? lunProp.size)) {
          extended.delete(lunProp.id);
          until.set(lunProp.id, performance.now() + RESTRIPING);
        }
        if (performance.now() > (until.get(lunProp.id) ?? 0)) return reply;
        return { ...reply, out: { lunProp: { ...lunProp, transitionState: VDS_TRANSITION_STATE.VDS_TS_RESTRIPING } } };
      },
    },
  };
};

export const DEPENDENT: readonly Variant[] = [
  {
    name: 'portals-go-with-their-controllers',
    says:
      'Each portal is one of a controller, and is OFFLINE as long as that is not ONLINE; SetStatus of it answers ' +
      'VDS_E_NOT_SUPPORTED then.',
    parts: {
      StorageArray: PortalsOfControllers,
      Portal: StaysWithItsController,
      Controller: TakesPortalsAlong,
      SubSystem: TakesAllPortalsAlong,
    },
  },
  {
    name: 'luns-without-controllers-are-offline',
    says: 'A LUN that is active on no controller is OFFLINE, and as before once it is active on one.',
    parts: { StorageArray: UnreachableWithoutControllers },
  },
  {
    name: 'subsystem-without-a-portal-is-degraded',
    says: 'The health of a subsystem is DEGRADED while one of its portals, and so a way to it, is not ONLINE.',
    parts: { StorageArray: DegradedWithoutAPortal, Portal: DegradesItsSubSystem },
  },
  {
    name: 'write-cache-needs-all-controllers',
    says: 'LUNs have VDS_LF_WRITE_CACHE_ENABLED as long as every controller, which mirrors the cache, is ONLINE.',
    overrides: together(
      withFlags((flags) => flags | SF.VDS_SF_WRITE_CACHING_CAPABLE),
      withAWriteCache,
    ),
  },
  {
    name: 'restripes-in-the-background',
    says:
      'A LUN reports VDS_TS_RESTRIPING for a moment after it was extended: its data is moved while it can be used ' +
      'already.',
    overrides: restripes,
  },
  {
    name: 'drives-say-whether-they-are-assigned',
    says:
      'The flags of a drive have VDS_DRF_ASSIGNED while a LUN has extents on it, VDS_DRF_UNASSIGNED otherwise, and ' +
      'VDS_DRF_HOTSPARE_STANDBY beside VDS_DRF_HOTSPARE.',
    parts: { StorageArray: Assigned },
  },
  {
    name: 'luns-have-one-active-controller',
    says: 'A new LUN is active on one controller, which is another one for the next LUN.',
    parts: { StorageArray: OneActiveController },
  },
  {
    name: 'luns-go-over-to-another-controller',
    says: 'LUNs of a controller that is set OFFLINE become active on one that is ONLINE, and stay there.',
    parts: { Controller: HandsOver, SubSystem: HandsAllOver },
  },
  {
    name: 'luns-leave-failed-controllers',
    says: 'LUNs of a controller that goes out of use by itself become active on another, and stay there.',
    parts: { StorageArray: FailsOver, Provider: LearnsOfLuns },
  },
];
