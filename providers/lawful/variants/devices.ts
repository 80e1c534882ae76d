// Lawful habits about devices: what status and health they report, and what becomes of those that are gone for a while.
import {
  VDS_DRIVE_FLAG,
  VDS_DRIVE_STATUS,
  VDS_HEALTH,
  VDS_LUN_STATUS,
  VDS_OBJECT_TYPE,
  VDS_CONTROLLER_STATUS,
  VDS_SUB_SYSTEM_STATUS,
} from '../../../src/contract/generated/enumerations.js';
import { NULL_GUID, parseGuid, type Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import { GIB, MIB } from '../../../src/contract/sizes.js';
import type { MethodName } from '../../../src/contract/tables.js';
import { lacks, overriding, reports, together } from '../../defective/answers.js';
import { Failure } from '../../in-memory/failure.js';
import { DriveObject } from '../../in-memory/objects/drive.js';
import { Enumerator } from '../../in-memory/objects/enumerator.js';
import { knownId } from '../../in-memory/objects/id-lists.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import { StorageArray } from '../../in-memory/array/array.js';
import { extentsOf, type ArrayDrive, type ArraySubSystem } from '../../in-memory/array/devices.js';
import { KeepsDisconnected, LeavesDisconnected } from '../disconnected.js';
import { NumbersWhatReturns } from '../reconnected.js';
import { KeepsRemovedDrives, KeepsUnknownDrives } from '../removed-drives.js';
import { truthWith } from '../small-arrays.js';
import type { Variant } from '../variant.js';

interface Told {
  readonly status: number;
  readonly health: number;
}

/** Health FAILING where the status is FAILED. */
const failing = <T extends Told>(each: T): T =>
  each.status === VDS_CONTROLLER_STATUS.VDS_CS_FAILED ? { ...each, health: VDS_HEALTH.VDS_H_FAILING } : each;

/** Health FAILED where the status is OFFLINE. */
const failedOffline = <T extends Told>(each: T): T =>
  each.status === VDS_DRIVE_STATUS.VDS_DRS_OFFLINE ? { ...each, health: VDS_HEALTH.VDS_H_FAILED } : each;

/** Counts the space of a drive as nobody's while it cannot be given to a LUN. */
class SparesHaveNoSpace extends DriveObject {
  protected override queryExtents(): ReturnType<DriveObject['queryExtents']> {
    const { flags, status } = this.read();
    const isUsable = status === VDS_DRIVE_STATUS.VDS_DRS_ONLINE && (flags & VDS_DRIVE_FLAG.VDS_DRF_HOTSPARE) === 0;
    const answer = super.queryExtents();
    if (isUsable || !Array.isArray(answer.out?.extentArray)) return answer;
    const extentArray = answer.out.extentArray.filter((e) => e.used);
    return {
      ...answer,
      out: { extentArray: extentArray.length === 0 ? null : extentArray, numberOfExtents: extentArray.length },
    };
  }
}

/** A drive of which no LUN has anything has no extents. */
class NoExtentsUnused extends DriveObject {
  protected override queryExtents(): ReturnType<DriveObject['queryExtents']> {
    const answer = super.queryExtents();
    const extents = answer.out?.extentArray;
    return Array.isArray(extents) && extents.every(({ used }) => !used)
      ? { ...answer, out: { extentArray: null, numberOfExtents: 0 } }
      : answer;
  }
}

/** A drive that is taken out of use cannot be asked for what is on it. */
class ShowsNothingOffline extends DriveObject {
  protected override queryExtents(): ReturnType<DriveObject['queryExtents']> {
    const answer = super.queryExtents();
    return this.read().status === VDS_DRIVE_STATUS.VDS_DRS_OFFLINE
      ? { ...answer, out: { extentArray: null, numberOfExtents: 0 } }
      : answer;
  }
}

/** A LUN that has nothing but what lies on a drive fails with it, and is well again when that is back. */
class TakesItsLunsAlong extends DriveObject {
  protected override setStatus(status: number): ReturnType<DriveObject['setStatus']> {
    const answer = super.setStatus(status);
    const isBack = status === VDS_DRIVE_STATUS.VDS_DRS_ONLINE;
    const found = this.provider.array.find(this.id, 'drive');
    for (const lun of found?.subSystem.luns.values() ?? []) {
      const plexes = [...lun.plexes.values()];
      if (plexes.length > 1 || !plexes.some((p) => extentsOf(p).some((e) => e.drive === this.id))) continue;
      if (lun.status !== (isBack ? VDS_LUN_STATUS.VDS_LS_FAILED : VDS_LUN_STATUS.VDS_LS_ONLINE)) continue;
      for (const each of [lun, ...plexes]) {
        each.status = isBack ? VDS_LUN_STATUS.VDS_LS_ONLINE : VDS_LUN_STATUS.VDS_LS_FAILED;
        each.health = isBack ? VDS_HEALTH.VDS_H_HEALTHY : VDS_HEALTH.VDS_H_FAILED;
      }
      this.provider.learn(lun.id, ...plexes.map((p) => p.id));
    }
    return answer;
  }
}

/** While something lies on a drive, a part of its free space holds the array's own notes about it. */
class NotesOnDrives extends DriveObject {
  protected override queryExtents(): ReturnType<DriveObject['queryExtents']> {
    const answer = super.queryExtents();
    const extents = answer.out?.extentArray;
    if (!Array.isArray(extents) || extents.every((e) => !e.used)) return answer;
    const largest = extents.reduce((a, b) => (b.used || (!a.used && a.size >= b.size) ? a : b));
    const extentArray = extents.map((e) => (e === largest && !e.used ? { ...e, size: e.size - NOTES } : e));
    return { ...answer, out: { extentArray, numberOfExtents: extentArray.length } };
  }
}
const NOTES = 1n << 20n;

/** Migrates later than anybody here waits. */
class BeginsToReplace extends SubSystemObject {
  protected override replaceDrive(...ids: Parameters<SubSystemObject['replaceDrive']>): { readonly hr: number } {
    const { drives } = this.read();
    for (const id of ids) knownId(id, drives);
    this.reach('IVdsSubSystem.ReplaceDrive');
    return { hr: HR.S_OK };
  }
}

/** Copies what has no redundancy at once; the rest is rebuilt, later than anybody here waits. */
class RebuildsWhatIsRedundant extends SubSystemObject {
  protected override replaceDrive(from: Guid, to: Guid): ReturnType<SubSystemObject['replaceDrive']> {
    const redundant = [...this.reach().subSystem.luns.values()].filter((lun) => lun.plexes.size > 1);
    const stay = redundant.flatMap((lun) => [...lun.plexes.values()].map((plex) => ({ plex, columns: plex.columns })));
    const answer = super.replaceDrive(from, to);
    for (const { plex, columns } of stay) plex.columns = columns;
    this.provider.learn(from, to);
    return answer;
  }
}

/** Each drive of a subsystem has another size; the first is that of the reference. */
class UnequalDrives extends StorageArray {
  override addDrive(subSystem: ArraySubSystem, name: string, slot: number): ArrayDrive {
    const made = super.addDrive(subSystem, name, slot);
    return put(subSystem, { ...made, size: SIZES[slot % SIZES.length] ?? made.size });
  }
}
const SIZES = [16n * GIB, 24n * GIB, 10n * GIB, 20n * GIB + MIB] as const;

/** Two buses, with their slots numbered from 1. */
class TwoBuses extends StorageArray {
  override addDrive(subSystem: ArraySubSystem, name: string, slot: number): ArrayDrive {
    const made = super.addDrive(subSystem, name, slot);
    return put(subSystem, { ...made, bus: slot % 2, slot: 1 + Math.floor(slot / 2) });
  }
}

function put({ drives }: ArraySubSystem, drive: ArrayDrive): ArrayDrive {
  drives.set(drive.id, drive);
  return drive;
}

class OneSubSystem extends StorageArray {
  protected override build(): void {
    super.build();
    const [, ...others] = this.subSystems.keys();
    for (const id of others) this.remove(id);
  }
}

/** Lists what a query finds in an order of its own, which changes from one query to the next. */
class AnyOrder extends Enumerator {
  private static queries = 0;
  /** The lists of enumerations, which their clones have as well. */
  private static readonly ordered = new WeakSet<object>();

  constructor(...[provider, objects, position]: ConstructorParameters<typeof Enumerator>) {
    super(provider, AnyOrder.order(objects), position);
  }

  private static order<T>(objects: readonly T[]): readonly T[] {
    if (AnyOrder.ordered.has(objects)) return objects;
    AnyOrder.queries += 1;
    const list = AnyOrder.queries % 2 === 1 ? [...objects].reverse() : [...objects];
    AnyOrder.ordered.add(list);
    return list;
  }
}

/** Milliseconds of a scan of the whole array. */
const SCAN = 2_000;

/** A LUN by GetObject is an object of its own, made once; enumerations hand out another. */
class LunById extends LunObject {
  override refuse(method: MethodName): number | undefined {
    const listed = this.provider.inventory.devices.get(this.id);
    return listed === undefined || listed.deleted ? HR.VDS_E_OBJECT_DELETED : super.refuse(method);
  }
}

class FindsByItself extends ProviderObject {
  private readonly found = new Map<string, LunById>();

  protected override getObject(
    ...given: Parameters<ProviderObject['getObject']>
  ): ReturnType<ProviderObject['getObject']> {
    const answer = super.getObject(...given);
    const listed = answer.out?.objectUnk;
    if (!(listed instanceof LunObject)) return answer;
    const known = this.found.get(listed.id) ?? new LunById(this, listed.id, listed.parent);
    this.found.set(listed.id, known);
    return { ...answer, out: { objectUnk: known } };
  }
}

/** The kinds that the page of GetObject names. */
const NAMED_KINDS: ReadonlySet<string> = new Set(['subsystem', 'controller', 'lun', 'plex', 'drive']);

/** Looks for an id alone, among the kinds that the page names. */
class GoesById extends ProviderObject {
  protected override getObject(
    ...[id, type]: Parameters<ProviderObject['getObject']>
  ): ReturnType<ProviderObject['getObject']> {
    const device = this.inventory.devices.get(parseGuid(id) ?? NULL_GUID);
    if (device === undefined) return super.getObject(id, type);
    if (!NAMED_KINDS.has(device.kind)) throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
    return { hr: HR.S_OK, out: { objectUnk: device } };
  }
}

export const DEVICE_HABITS: readonly Variant[] = [
  {
    name: 'new-ids-after-a-reconnection',
    says:
      'A subsystem that was disconnected comes back with other ids: they ' +
      'persist for what exists before and after Reenumerate.',
    parts: { Inventory: NumbersWhatReturns },
  },
  {
    name: 'offline-drives-have-failed',
    says: 'Tells health FAILED of a drive that is OFFLINE, with which any health may go.',
    decides: ['health of drives'],
    overrides: together(
      truthWith((each) => ({ ...each, drives: (each['drives'] as Told[] | undefined)?.map(failedOffline) })),
      reports('IVdsDrive.GetProperties', () => ({ driveProp }) => ({ driveProp: failedOffline(driveProp) })),
    ),
  },
  {
    name: 'failed-controllers-are-failing',
    says: 'Tells health FAILING of a controller that has failed, which goes with FAILED or FAILING.',
    overrides: together(
      truthWith((each) => ({ ...each, controllers: (each['controllers'] as Told[]).map(failing) })),
      reports('IVdsController.GetProperties', () => ({ controllerProp }) => ({
        controllerProp: failing(controllerProp),
      })),
    ),
  },
  {
    name: 'health-of-failed-subsystems-is-unknown',
    says:
      'Tells health UNKNOWN of a subsystem whose status is FAILED: no page says the converse of "health FAILED means ' +
      'status FAILED".',
    overrides: together(
      truthWith((each) => ({
        ...each,
        health: each['status'] === VDS_SUB_SYSTEM_STATUS.VDS_SSS_FAILED ? VDS_HEALTH.VDS_H_UNKNOWN : each['health'],
      })),
      reports('IVdsSubSystem.GetProperties', () => ({ subSystemProp }) => ({
        subSystemProp: {
          ...subSystemProp,
          health:
            subSystemProp.status === VDS_SUB_SYSTEM_STATUS.VDS_SSS_FAILED
              ? VDS_HEALTH.VDS_H_UNKNOWN
              : subSystemProp.health,
        },
      })),
      reports('IVdsSubSystem2.GetProperties2', () => ({ subSystemProp2 }) => ({
        subSystemProp2: {
          ...subSystemProp2,
          health:
            subSystemProp2.status === VDS_SUB_SYSTEM_STATUS.VDS_SSS_FAILED
              ? VDS_HEALTH.VDS_H_UNKNOWN
              : subSystemProp2.health,
        },
      })),
    ),
  },
  {
    name: 'keeps-removed-drives',
    says: 'Keeps the object of a drive that was pulled, with status REMOVED, until its last reference is released.',
    parts: { Drive: KeepsRemovedDrives },
    everywhere: true,
  },
  {
    name: 'keeps-drives-that-went-as-unknown',
    says: 'Keeps the object of a drive that was pulled, with status UNKNOWN, until its last reference is released.',
    parts: { Drive: KeepsUnknownDrives },
  },
  {
    name: 'keeps-disconnected-subsystems',
    says: 'Keeps a subsystem whose cable was pulled, with status OFFLINE: disconnected, in the words of one page.',
    parts: { Inventory: KeepsDisconnected, Provider: LeavesDisconnected },
    everywhere: true,
  },
  {
    name: 'reset-takes-a-while',
    says: 'Tells status NOT_READY of a controller for a while after Reset.',
    overrides: () => {
      const resetting = new Map<number, number>();
      return {
        methods: {
          'IVdsController.Reset': async (call, next) => {
            const reply = await next();
            if (reply.hr === HR.S_OK) resetting.set(call.object, 3);
            return reply;
          },
          'IVdsController.GetProperties': async (call, next) => {
            const reply = await next();
            const left = resetting.get(call.object) ?? 0;
            const prop = reply.out.controllerProp;
            if (left === 0 || typeof prop !== 'object' || prop === null) return reply;
            resetting.set(call.object, left - 1);
            return {
              ...reply,
              out: { controllerProp: { ...prop, status: VDS_CONTROLLER_STATUS.VDS_CS_NOT_READY } },
            };
          },
        },
      };
    },
  },
  {
    name: 'second-identification-is-combined',
    says: 'GetProperties2 reports the serial number together with the identifier of the subsystem, as its page says.',
    overrides: reports('IVdsSubSystem2.GetProperties2', () => ({ subSystemProp2 }) => ({
      subSystemProp2: { ...subSystemProp2, identification: `SN4711:${subSystemProp2.identification}` },
    })),
  },
  {
    name: 'finds-ports-by-enumeration-only',
    says: 'GetObject does not know portals, targets and portal groups, which its page does not name.',
    decides: ['GetObject'],
    overrides: lacks(
      'IVdsProviderPrivate.GetObject',
      HR.VDS_E_OBJECT_NOT_FOUND,
      ({ type }) => type >= VDS_OBJECT_TYPE.VDS_OT_PORT && type <= VDS_OBJECT_TYPE.VDS_OT_PORTAL_GROUP,
    ),
  },
  {
    name: 'finds-named-kinds-by-id-alone',
    says:
      'GetObject knows the kinds that its page names, and finds them by their id whatever the type: nothing is said ' +
      'of a type that is not theirs.',
    decides: ['GetObject'],
    parts: { Provider: GoesById },
  },
  {
    name: 'lists-in-any-order',
    says: 'Lists the same objects in another order with each query; an enumeration keeps its own.',
    parts: { Enumerator: AnyOrder },
  },
  {
    name: 'drives-of-unequal-size',
    says:
      'Each of its drives has another size, so that where there is ' +
      'room, and for what, differs from drive to drive.',
    parts: { StorageArray: UnequalDrives },
  },
  {
    name: 'slots-are-not-counted',
    says: 'A subsystem reports one slot a bus, to which the slot numbers of its drives are "not related".',
    decides: ['slots'],
    finds: ['VDS-4.7c'],
    overrides: together(
      reports('IVdsSubSystem.GetProperties', () => ({ subSystemProp }) => ({
        subSystemProp: { ...subSystemProp, maxNumberOfSlotsEachBus: 1 },
      })),
      reports('IVdsSubSystem2.GetProperties2', () => ({ subSystemProp2 }) => ({
        subSystemProp2: { ...subSystemProp2, maxNumberOfSlotsEachBus: 1 },
      })),
    ),
  },
  {
    name: 'drives-on-two-buses',
    says: 'Its drives are on two buses, in slots that are numbered from 1: bus and slot together are unique.',
    parts: { StorageArray: TwoBuses },
    overrides: together(
      reports('IVdsSubSystem.GetProperties', () => ({ subSystemProp }) => ({
        subSystemProp: { ...subSystemProp, numberOfInternalBuses: 2 },
      })),
      reports('IVdsSubSystem2.GetProperties2', () => ({ subSystemProp2 }) => ({
        subSystemProp2: { ...subSystemProp2, numberOfInternalBuses: 2 },
      })),
    ),
  },
  {
    name: 'one-subsystem',
    says: 'Is a single subsystem.',
    parts: { StorageArray: OneSubSystem },
  },
  {
    name: 'replaces-drives-in-the-background',
    says:
      'ReplaceDrive begins to migrate, and answers before anything has moved: ' +
      'it has no IVdsAsync, and its page no word on when.',
    parts: { SubSystem: BeginsToReplace },
  },
  {
    name: 'rebuilds-mirrors-in-the-background',
    says:
      'ReplaceDrive copies the LUNs of one plex before it answers, and lets the array rebuild the others in the ' +
      'background.',
    parts: { SubSystem: RebuildsWhatIsRedundant },
  },
  {
    name: 'spares-have-no-free-space',
    says: 'QueryExtents of a drive that is offline or a hot spare lists no free extents, as nothing can be put there.',
    parts: { Drive: SparesHaveNoSpace },
  },
  {
    name: 'unused-drives-have-no-extents',
    says: 'QueryExtents of a drive of which no LUN has anything lists nothing: the page knows drives without extents.',
    decides: ['extents of drives'],
    finds: ['VDS-10.15b'],
    parts: { Drive: NoExtentsUnused },
  },
  {
    name: 'offline-drives-show-nothing',
    says: 'QueryExtents of a drive that is OFFLINE lists nothing of what is on it, as it cannot be asked.',
    decides: ['extents of drives'],
    parts: { Drive: ShowsNothingOffline },
  },
  {
    name: 'luns-fail-with-their-drive',
    says: 'A LUN that lies on a drive once only has failed while that is OFFLINE.',
    parts: { Drive: TakesItsLunsAlong },
  },
  {
    name: 'notes-on-drives-in-use',
    says:
      'A drive in use has a megabyte less of free space than it has of other ' +
      'bytes, for what the array writes down about it.',
    parts: { Drive: NotesOnDrives },
  },
  {
    name: 'controller-lists-are-required',
    says:
      'SetControllerStatus refuses NULL for its arrays, which the IDL does ' +
      'not let a caller leave out, and takes empty ones.',
    overrides: overriding('IVdsSubSystem.SetControllerStatus', () => async ({ args }, next) => {
      const lists = [args.onlineControllerIdArray, args.offlineControllerIdArray];
      if (lists.includes(null)) return { hr: HR.E_INVALIDARG, out: {} };
      const [onlineControllerIdArray, offlineControllerIdArray] = lists.map((l) => (l?.length === 0 ? null : l));
      return next({
        args: {
          ...args,
          onlineControllerIdArray: onlineControllerIdArray ?? null,
          offlineControllerIdArray: offlineControllerIdArray ?? null,
        },
      });
    }),
  },
  {
    name: 'scans-take-a-while',
    says: 'Takes two seconds for Reenumerate.',
    slow: true,
    overrides: overriding('IVdsHwProvider.Reenumerate', () => async (_call, next) => {
      await new Promise((done) => setTimeout(done, SCAN));
      return next();
    }),
  },
  {
    name: 'finds-luns-by-another-object',
    says:
      'GetObject hands out one object for a LUN and enumerations another, each the same every time: no page wants ' +
      'all ways alike.',
    parts: { Provider: FindsByItself },
  },
];
