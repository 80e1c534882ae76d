// Lawful habits as arrays of several makes have them: what they leave out, round, write in another way, or do a little
// later. Written from the documents, without the suite.
import {
  NOTIFICATION_EVENTS as NF,
  OBJECT_STATUS,
  VDS_ASYNC_OUTPUT_TYPE as OUT,
  VDS_HEALTH,
  VDS_NOTIFICATION_TARGET_TYPE as NTT,
} from '../../../src/contract/generated/enumerations.js';
import { UNTOUCHED } from '../../../src/contract/codec.js';
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import type { MethodName } from '../../../src/contract/tables.js';
import { asks, overriding, reports, together } from '../../defective/answers.js';
import { StorageArray } from '../../in-memory/array/array.js';
import { extentsOf, isLost, type ArrayPlex } from '../../in-memory/array/devices.js';
import { Failure } from '../../in-memory/failure.js';
import { AsyncOperation } from '../../in-memory/objects/async.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import type { Variant } from '../variant.js';

/** An unmasking list in the array's own order and spelling, each computer once. */
const sorted = (list: string): string =>
  [...new Set(list.split(';').map((entry) => (/^iqn\./i.test(entry) ? entry.toLowerCase() : entry)))].sort().join(';');

/** Milliseconds for which a new LUN is busy. */
const FORMATTING = 60;

class FormatsNewLuns extends SubSystemObject {
  protected override operation(
    ...[type, commit, abandon]: Parameters<SubSystemObject['operation']>
  ): ReturnType<SubSystemObject['operation']> {
    if (type !== OUT.VDS_ASYNCOUT_CREATELUN) return super.operation(type, commit, abandon);
    return super.operation(
      type,
      () => {
        const before = new Set(this.reach().subSystem.luns.keys());
        const made = commit();
        for (const id of this.reach().subSystem.luns.keys()) if (!before.has(id)) this.format(id);
        return made;
      },
      abandon,
    );
  }

  private format(id: string): void {
    this.change(id, OBJECT_STATUS.STATUS_ONLINE, OBJECT_STATUS.STATUS_NOT_READY);
    setTimeout(() => this.change(id, OBJECT_STATUS.STATUS_NOT_READY, OBJECT_STATUS.STATUS_ONLINE), FORMATTING).unref();
  }

  private change(id: string, from: number, to: number): void {
    const lun = this.provider.array.find(id, 'lun')?.lun;
    if (lun?.status !== from || !this.provider.loaded) return;
    lun.status = to;
    this.provider.learn(lun.id);
  }
}

/** A LUN that hosts may see is not deleted. */
class KeepsShownLuns extends LunObject {
  protected override delete(): ReturnType<LunObject['delete']> {
    const { unmaskingList, targets } = this.reach('IVdsLun.Delete').lun;
    if (unmaskingList !== '' || targets.size > 0) throw new Failure(HR.VDS_E_DEVICE_IN_USE);
    return super.delete();
  }
}

class PlexesApart extends LunObject {
  protected override addPlex(id: Guid): ReturnType<LunObject['addPlex']> {
    const { lun, subSystem } = this.reach('IVdsLun.AddPlex');
    const drivesOf = (plexes: Iterable<ArrayPlex>): ReadonlySet<Guid> =>
      new Set([...plexes].flatMap((plex) => extentsOf(plex).map(({ drive }) => drive)));
    const own = drivesOf(lun.plexes.values());
    if ([...drivesOf(subSystem.luns.get(id)?.plexes.values() ?? [])].some((drive) => own.has(drive)))
      throw new Failure(HR.VDS_E_INVALID_OPERATION);
    return super.addPlex(id);
  }
}

/** A plex is copied to where it lay. */
class RecoversInPlace extends LunObject {
  protected override recover(): ReturnType<LunObject['recover']> {
    const { subSystem, lun } = this.reach('IVdsLun.Recover');
    const extents = [...lun.plexes.values()].flatMap(extentsOf);
    if (extents.some((extent) => isLost(subSystem, extent))) throw new Failure(HR.VDS_E_NOT_ENOUGH_DRIVE);
    return super.recover();
  }
}

class UniqueNames extends LunObject {
  protected override setFriendlyName(name: string | null): ReturnType<LunObject['setFriendlyName']> {
    this.touch();
    const { luns } = this.reach('IVdsLunNaming.SetFriendlyName').subSystem;
    if ([...luns.values()].some((lun) => lun.id !== this.id && lun.friendlyName === name))
      throw new Failure(HR.VDS_E_NAME_NOT_UNIQUE);
    return super.setFriendlyName(name);
  }
}

class CancelsTooLate extends AsyncOperation {
  protected override cancel(): ReturnType<AsyncOperation['cancel']> {
    return { hr: HR.VDS_E_CANCEL_TOO_LATE };
  }
}

class HasNoProgress extends AsyncOperation {
  protected override queryStatus(): ReturnType<AsyncOperation['queryStatus']> {
    return { hr: HR.S_OK, out: { hrResult: this.result, percentCompleted: 0xffffffff } };
  }
}

class Nameless extends StorageArray {
  protected override build(): void {
    super.build();
    for (const { drives, controllers } of this.subSystems.values())
      for (const each of [...drives.values(), ...controllers.values()]) each.friendlyName = '';
  }
}

class Unwatched extends StorageArray {
  protected override build(): void {
    super.build();
    for (const { drives, controllers } of this.subSystems.values())
      for (const each of [...drives.values(), ...controllers.values()]) {
        let health: number = VDS_HEALTH.VDS_H_UNKNOWN;
        Object.defineProperty(each, 'health', {
          enumerable: true,
          get: () => health,
          set: (now: number) => {
            health = now === VDS_HEALTH.VDS_H_HEALTHY ? VDS_HEALTH.VDS_H_UNKNOWN : now;
          },
        });
      }
  }
}

/** The structures that may be incomplete, by their pages. */
const MAY_BE_INCOMPLETE: ReadonlySet<MethodName> = new Set([
  'IVdsSubSystem.GetProperties',
  'IVdsController.GetProperties',
  'IVdsLun.GetProperties',
  'IVdsDrive.GetProperties',
  'IVdsLunPlex.GetProperties',
  'IVdsIscsiTarget.GetProperties',
  'IVdsIscsiPortal.GetProperties',
  'IVdsIscsiPortalGroup.GetProperties',
]);

/** Low, middle, high: what an array makes of the priorities from 0 to 15. */
const inSteps = (priority: number): number => (priority < 5 ? 0 : priority < 10 ? 7 : 15);

export const VENDOR_HABITS: readonly Variant[] = [
  {
    name: 'plexes-on-drives-of-their-own',
    says:
      'AddPlex of a LUN that shares a drive with this one answers VDS_E_INVALID_OPERATION: each plex of a mirror ' +
      'resides on a separate drive.',
    parts: { Lun: PlexesApart },
  },
  {
    name: 'shown-luns-are-kept',
    says:
      'Delete answers VDS_E_DEVICE_IN_USE while the LUN is unmasked to anybody or associated with a target: the page ' +
      'names no code for one in use, and says of its own that there are others.',
    decides: ['deletion of LUNs'],
    parts: { Lun: KeepsShownLuns },
  },
  {
    name: 'sorts-unmasking-lists',
    says:
      'Keeps initiators in groups: it reports an unmasking list in an order of its own, each initiator once, and ' +
      'iSCSI names in lower case.',
    overrides: reports('IVdsLun.GetProperties', () => ({ lunProp }) => ({
      lunProp: lunProp?.unmaskingList == null ? lunProp : { ...lunProp, unmaskingList: sorted(lunProp.unmaskingList) },
    })),
  },
  {
    name: 'new-luns-are-busy-for-a-while',
    says:
      'Formats a new LUN, which is NOT_READY, "busy", for 60 ms after its creation has ended, and ONLINE then ' +
      'without any call.',
    decides: ['status of new LUNs'],
    parts: { SubSystem: FormatsNewLuns },
  },
  {
    name: 'names-of-luns-are-unique',
    says:
      'Refuses a friendly name that another LUN of the subsystem has, with VDS_E_NAME_NOT_UNIQUE, which vdserr.h has ' +
      'for just that.',
    parts: { Lun: UniqueNames },
  },
  {
    name: 'cancels-too-late',
    says: 'Sends an operation to the array at once, so that Cancel always comes too late: its page lists the code.',
    decides: ['cancel'],
    parts: { AsyncOperation: CancelsTooLate },
  },
  {
    name: 'operations-without-progress',
    says:
      'QueryStatus reports -1 percent, before and after the end, as ' +
      'the IDL has it for an operation without progress.',
    parts: { AsyncOperation: HasNoProgress },
  },
  {
    name: 'announces-what-changed-besides',
    says:
      'Announces with each LUN that comes or goes that its subsystem was modified, whose free space has changed, and ' +
      'with a new one that it was modified.',
    overrides: () => {
      let subSystem: string | undefined;
      return {
        methods: {
          'IVdsSubSystem.GetProperties': async (_call, next) => {
            const reply = await next();
            const prop = reply.out.subSystemProp;
            if (typeof prop === 'object' && prop !== null && 'id' in prop) subSystem ??= prop.id;
            return reply;
          },
        },
        onNotification: (notification, deliver) => {
          deliver(notification);
          const luns = notification.notifications.flatMap((each) =>
            each.objectType === NTT.VDS_NTT_LUN && each.lun !== undefined ? [each.lun] : [],
          );
          if (luns.length === 0 || subSystem === undefined) return;
          deliver({
            ...notification,
            count: 1,
            notifications: [
              {
                objectType: NTT.VDS_NTT_SUB_SYSTEM,
                subSystem: { event: NF.VDS_NF_SUB_SYSTEM_MODIFY, subSystemId: subSystem },
              },
            ],
          });
        },
      };
    },
  },
  {
    name: 'sparse-identification-data',
    says: 'GetIdentificationData gives NULL for vendor, product and revision: NULL for ids that the LUN does not have.',
    overrides: reports('IVdsLun.GetIdentificationData', () => ({ lunInfo }) => ({
      lunInfo: { ...lunInfo, vendorId: null, productId: null, productRevision: null },
    })),
  },
  {
    name: 'drives-without-names',
    says: 'Drives and controllers have no name, so that theirs is empty: nobody has given them one.',
    parts: { StorageArray: Nameless },
  },
  {
    name: 'rebuild-priorities-in-three-steps',
    says: 'Knows three rebuild priorities, and takes what is asked for as the nearest of them: hints are requests.',
    overrides: together(
      asks('IVdsLun.ApplyHints', ({ hints }) => ({
        hints: hints === null ? null : { ...hints, rebuildPriority: inSteps(hints.rebuildPriority) },
      })),
      asks('IVdsLunPlex.ApplyHints', ({ hints }) => ({
        hints: hints === null ? null : { ...hints, rebuildPriority: inSteps(hints.rebuildPriority) },
      })),
    ),
  },
  {
    name: 'recovers-in-place',
    says: 'Recover of a mirror of which a drive has gone is refused until the drive is back.',
    decides: ['recover'],
    parts: { Lun: RecoversInPlace },
  },
  {
    name: 'health-is-not-known',
    says: 'Reports health UNKNOWN of drives and controllers that are ONLINE: the array does not watch them.',
    parts: { StorageArray: Unwatched },
  },
  {
    name: 'always-says-incomplete',
    says: 'Every GetProperties that may answers VDS_S_PROPERTIES_INCOMPLETE, although it leaves nothing out.',
    overrides: () => ({
      invoke: async (call, next) => {
        const reply = await next();
        return MAY_BE_INCOMPLETE.has(call.method) && reply.hr === HR.S_OK
          ? { ...reply, hr: HR.VDS_S_PROPERTIES_INCOMPLETE }
          : reply;
      },
    }),
  },
  {
    name: 'next-of-none-is-an-invalid-argument',
    says: 'Next refuses to fetch no object with E_INVALIDARG, which is not described.',
    overrides: overriding(
      'IEnumVdsObject.Next',
      () => async (call, next) =>
        call.args.celt === 0 ? { hr: HR.E_INVALIDARG, out: { objectArray: UNTOUCHED, fetched: UNTOUCHED } } : next(),
    ),
  },
];
