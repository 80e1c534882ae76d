// Fifteen defects written from the documents and the requirement catalogue alone, before their author had seen a single
// check: a sample of what the suite notices among faults that it was not written for. They are no part of the
// catalogue, and the kill matrix does not count them. What became of each is in docs/blind-defects.md.
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import {
  NOTIFICATION_EVENTS as NF,
  VDS_ASYNC_OUTPUT_TYPE,
  VDS_LUN_TYPE,
} from '../../../src/contract/generated/enumerations.js';
import type { VDS_ISCSI_SHARED_SECRET, VDS_NOTIFICATION } from '../../../src/contract/generated/structures.js';
import type { MethodName } from '../../../src/contract/tables.js';
import type { Answer, Servant, Sink } from '../../../src/port/object-server.js';
import { AsyncOperation } from '../../in-memory/objects/async.js';
import { DriveObject } from '../../in-memory/objects/drive.js';
import { Enumerator } from '../../in-memory/objects/enumerator.js';
import { Failure } from '../../in-memory/failure.js';
import { Inventory } from '../../in-memory/cache/inventory.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import { PlexObject } from '../../in-memory/objects/plex.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import { TargetObject } from '../../in-memory/objects/target.js';
import type { Defect } from '../defect.js';
import { given, skipToTheEnd } from '../override.js';

/** Keeps import targets in one table by iSCSI name, with the subsystem as the value. */
class OneSubSystemForEachName extends SubSystemObject {
  protected override setImportTarget(name: string | null): Answer<'IVdsSubSystemImportTarget.SetImportTarget'> {
    const answer = super.setImportTarget(name);
    const { array } = this.provider;
    const stored = array.subSystem(this.id)?.importTarget ?? null;
    for (const other of array.connected()) {
      if (stored === null || other.id === this.id || other.importTarget !== stored) continue;
      other.importTarget = null;
      this.provider.learn(other.id);
    }
    return answer;
  }
}

/** Looks LUNs up in an index that loading, Reenumerate and Refresh build, and creation does not. */
class LunIndexOfLoad extends ProviderObject {
  private indexed: ReadonlySet<Guid> = new Set();

  protected override onLoad(callback: Servant | Sink | null): Answer<'IVdsProviderPrivate.OnLoad'> {
    return this.indexing(super.onLoad(callback));
  }

  protected override reenumerate(): Answer<'IVdsHwProvider.Reenumerate'> {
    return this.indexing(super.reenumerate());
  }

  protected override refresh(): Answer<'IVdsHwProvider.Refresh'> {
    return this.indexing(super.refresh());
  }

  protected override getObject(objectId: Guid, type: number): Answer<'IVdsProviderPrivate.GetObject'> {
    const answer = super.getObject(objectId, type);
    const device = this.inventory.devices.get(objectId);
    if (device?.kind === 'lun' && !this.indexed.has(device.id)) throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
    return answer;
  }

  private indexing<T>(answer: T): T {
    this.indexed = new Set([...this.inventory.devices.values()].filter((d) => d.kind === 'lun').map((d) => d.id));
    return answer;
  }
}

/** There is one bus anyway. */
class DriveBySlotAlone extends SubSystemObject {
  protected override getDrive(_bus: number, slot: number): Answer<'IVdsSubSystem.GetDrive'> {
    const { inventory } = this.provider;
    const id = this.read().drives.find((drive) => inventory.record('drive', drive).slot === slot);
    if (id === undefined) throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
    return { hr: HR.S_OK, out: { drive: inventory.device(id) } };
  }
}

/** Refresh asks each subsystem only how many LUNs it has, and reads on where that is another number than before. */
class RefreshCountsLuns extends Inventory {
  override refresh(): readonly VDS_NOTIFICATION[] {
    if (!this.verifies()) return super.refresh();
    return this.directory().subSystems.flatMap((id) => {
      const truth = this.array.subSystem(id);
      if (truth === undefined) return this.depart(this.device(id));
      return truth.luns.size === this.record('subsystem', id).luns.length ? [] : this.reload(truth);
    });
  }
}

/** Takes "no more left" for "fewer than asked". */
class SkipToTheEnd extends Enumerator {
  protected override skip(celt: number): Answer<'IEnumVdsObject.Skip'> {
    const answer = super.skip(celt);
    return celt > 0 && this.position === this.objects.length ? { hr: HR.S_FALSE } : answer;
  }
}

/** Counts what is left of the extents instead of asking whether the plex is still there. */
class PlexWithoutExtents extends PlexObject {
  override refuse(method: MethodName): number | undefined {
    return this.provider.loaded && this.deleted && method === 'IVdsLunPlex.QueryExtents'
      ? undefined
      : super.refuse(method);
  }

  protected override queryExtents(): Answer<'IVdsLunPlex.QueryExtents'> {
    return this.deleted ? { hr: HR.S_OK, out: { extentArray: null, numberOfExtents: 0 } } : super.queryExtents();
  }
}

/** Cancel drops the operation on this computer; the array has its request already. */
class CancelForgetsTheArray extends AsyncOperation {
  protected override cancel(): Answer<'IVdsAsync.Cancel'> {
    if (this.running && this.work.type === VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_EXTENDLUN) {
      try {
        this.work.commit();
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
      }
    }
    return super.cancel();
  }
}

/** A controller that is to be active is so, whatever the other list says of it. */
class ActiveWins extends LunObject {
  protected override associateControllers(
    lists: Parameters<LunObject['associateControllers']>[0],
  ): Answer<'IVdsLun.AssociateControllers'> {
    const inactive =
      lists.inactiveControllerIdArray?.filter((id) => lists.activeControllerIdArray?.includes(id) !== true) ?? [];
    if (inactive.length === lists.inactiveControllerIdArray?.length) return super.associateControllers(lists);
    return super.associateControllers({
      ...lists,
      inactiveControllerIdArray: inactive.length === 0 ? null : inactive,
      numberOfInactiveControllers: inactive.length,
    });
  }
}

/** Extents that lie next to each other are reported as one, also where the second is another LUN's. */
class NeighboursMerged extends DriveObject {
  protected override queryExtents(): Answer<'IVdsDrive.QueryExtents'> {
    const answer = super.queryExtents();
    const extents = given(answer.out?.extentArray);
    if (extents === undefined) return answer;
    const merged: (typeof extents)[number][] = [];
    for (const extent of extents) {
      const last = merged.at(-1);
      if (last?.used === true && extent.used) merged[merged.length - 1] = { ...last, size: last.size + extent.size };
      else merged.push(extent);
    }
    return { ...answer, out: { extentArray: merged, numberOfExtents: merged.length } };
  }
}

/** Its buffer of 16 bytes for a secret has to hold a terminator too. */
class RoomForTheTerminator extends TargetObject {
  protected override setSharedSecret(
    secret: VDS_ISCSI_SHARED_SECRET | null,
    initiatorName: string | null,
  ): Answer<'IVdsIscsiTarget.SetSharedSecret'> {
    if (secret !== null && secret.sharedSecretSize > 15) throw new Failure(HR.E_INVALIDARG);
    return super.setSharedSecret(secret, initiatorName);
  }
}

const LUN_TYPES: ReadonlySet<number> = new Set(Object.values(VDS_LUN_TYPE));
/** Calls that hold no lock, or that QueryLuns may run into by the documents. */
const WITHOUT_LOCK: readonly string[] = ['IVdsAsync.', 'IVdsConformanceControl.', 'IVdsLun.Delete'];

export const BLIND: readonly Defect[] = [
  {
    name: 'blind-import-target-moves',
    says: 'Setting on one subsystem the import target that another has takes it away from that other one.',
    breaks: ['VDS-1.4a'],
    noticedBy: ['import-target.per-subsystem'],
    parts: { SubSystem: OneSubSystemForEachName },
  },
  {
    name: 'blind-machine-name-refused',
    says: 'OnLoad answers VDS_E_INITIALIZED_FAILED when the reserved machine name is not NULL.',
    breaks: ['VDS-2.3'],
    noticedBy: ['lifecycle.load-with-a-machine-name'],
    overrides: () => ({
      methods: {
        'IVdsProviderPrivate.OnLoad': async (call, next) =>
          call.args.machineName === null ? next() : { hr: HR.VDS_E_INITIALIZED_FAILED, out: {} },
      },
    }),
  },
  {
    name: 'blind-new-luns-not-indexed',
    says:
      'GetObject does not find a LUN that was created since the provider was ' +
      'loaded, until the next Reenumerate or Refresh.',
    breaks: ['VDS-3.5a', 'VDS-4.1a'],
    noticedBy: ['memory.references-are-counted'],
    parts: { Provider: LunIndexOfLoad },
  },
  {
    name: 'blind-drive-by-slot-alone',
    says: 'GetDrive goes by the slot and hands out a drive for a bus on which it is not.',
    breaks: ['VDS-4.5a'],
    noticedBy: ['subsystem.empty-slot'],
    parts: { SubSystem: DriveBySlotAlone },
  },
  {
    name: 'blind-refresh-counts-luns',
    says: 'Refresh leaves a subsystem alone that has as many LUNs as before, whatever else changed in it.',
    breaks: ['VDS-5.1', 'VDS-5.3'],
    noticedBy: ['array-events.renamed.subsystem.silently'],
    parts: { Inventory: RefreshCountsLuns },
  },
  {
    name: 'blind-skip-to-the-end',
    says: 'Skip over exactly the objects that are left answers S_FALSE.',
    breaks: ['VDS-6.3'],
    noticedBy: ['enumeration.skip'],
    parts: { Enumerator: SkipToTheEnd },
  },
  {
    name: 'blind-deleted-plex-has-no-extents',
    says: 'QueryExtents of a plex whose LUN was deleted answers S_OK with no extents instead of VDS_E_OBJECT_DELETED.',
    breaks: ['VDS-7.1a', 'VDS-10.6'],
    noticedBy: ['deletion.deleted.IVdsLunPlex.QueryExtents.held'],
    parts: { Plex: PlexWithoutExtents },
  },
  {
    name: 'blind-create-lun-2-type-code',
    says: 'CreateLun2 answers VDS_E_NOT_SUPPORTED for a LUN type outside the enumeration; CreateLun answers rightly.',
    breaks: ['VDS-7.5b'],
    noticedBy: ['creation.create-lun2-type-unknown'],
    overrides: () => ({
      methods: {
        'IVdsSubSystem2.CreateLun2': async (call, next) => {
          const reply = await next();
          return reply.hr === HR.E_INVALIDARG && !LUN_TYPES.has(call.args.type)
            ? { ...reply, hr: HR.VDS_E_NOT_SUPPORTED }
            : reply;
        },
      },
    }),
  },
  {
    name: 'blind-cancelled-extend-grows',
    says: 'Cancel of an Extend answers S_OK and the operation ends as cancelled, but the LUN has grown.',
    breaks: ['VDS-8.7c'],
    strict: true,
    noticedBy: ['async.cancel-extend'],
    parts: { AsyncOperation: CancelForgetsTheArray },
  },
  {
    name: 'blind-target-departs-by-its-groups',
    says: 'When a target that has portal groups is deleted, only the groups are announced as departed.',
    breaks: ['VDS-9.6c'],
    after: ['notifications.target'],
    noticedBy: ['notifications.target-with-a-group'],
    overrides: () => ({
      onNotification: (notification, deliver) => {
        const { notifications } = notification;
        const groups = notifications.some((n) => n.portalGroup?.event === NF.VDS_NF_PORTAL_GROUP_DEPART);
        const told = notifications.filter((n) => !groups || n.target?.event !== NF.VDS_NF_TARGET_DEPART);
        deliver({ ...notification, count: told.length, notifications: told });
      },
    }),
  },
  {
    name: 'blind-controller-in-both-lists',
    says: 'AssociateControllers accepts a controller that stands in both lists, and takes it for active.',
    breaks: ['VDS-10.10d'],
    noticedBy: ['masking.controllers-in-both'],
    parts: { Lun: ActiveWins },
  },
  {
    name: 'blind-neighbouring-extents-merged',
    says: 'QueryExtents of a drive reports adjacent extents of two LUNs as one, with the id of the first.',
    breaks: ['VDS-10.15'],
    noticedBy: ['drives.extents-of-a-new-lun'],
    parts: { Drive: NeighboursMerged },
  },
  {
    name: 'blind-longest-secret-refused',
    says: 'SetSharedSecret refuses a secret of 16 bytes, the longest that is allowed.',
    breaks: ['VDS-11.5a'],
    noticedBy: ['iscsi.shared-secret'],
    parts: { Target: RoomForTheTerminator },
  },
  {
    name: 'blind-second-get-object-lends',
    says:
      'GetObject adds a reference when it first hands an object out, ' +
      'and none when it hands the same one out again.',
    breaks: ['VDS-12.3'],
    noticedBy: ['memory.references-are-counted'],
    overrides: (inner) => {
      const handedOut = new Set<Guid>();
      return {
        methods: {
          'IVdsProviderPrivate.GetObject': async (call, next) => {
            const reply = await next();
            const object = given(reply.out.objectUnk);
            if (object !== undefined && handedOut.has(call.args.objectId)) await inner.release(object);
            handedOut.add(call.args.objectId);
            return reply;
          },
        },
      };
    },
  },
  {
    name: 'blind-busy-means-no-luns',
    says: 'QueryLuns that overlaps another call answers S_OK with an enumeration that is already at its end.',
    breaks: ['VDS-13.3'],
    noticedBy: ['faults.overlapping-call.query-during-another'],
    overrides: (inner) => {
      let others = 0;
      return {
        invoke: async (call, next) => {
          const locks = WITHOUT_LOCK.every((name) => !call.method.startsWith(name));
          others += locks ? 1 : 0;
          try {
            return await next();
          } finally {
            others -= locks ? 1 : 0;
          }
        },
        methods: {
          'IVdsSubSystem.QueryLuns': async (_call, next) => {
            const busy = others > 0;
            const reply = await next();
            if (busy) await skipToTheEnd(inner, reply.out.enum);
            return reply;
          },
        },
      };
    },
  },
];
