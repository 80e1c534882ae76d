// A LUN: what changes it. Operations decide when they are accepted, and once more when they commit, since other
// operations may have ended meanwhile.
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import {
  VDS_ASYNC_OUTPUT_TYPE as OUT,
  VDS_LUN_STATUS,
  VDS_LUN_TYPE,
} from '../../../src/contract/generated/enumerations.js';
import type { VDS_HINTS } from '../../../src/contract/generated/structures.js';
import type { Answer, InterfaceMap } from '../../../src/port/object-server.js';
import type { ArrayLun, FoundOf } from '../array/devices.js';
import { Failure } from '../failure.js';
import { withHints } from '../array/hints.js';
import { counted, divided, knownId, knownIds } from './id-lists.js';
import { LunQueries } from './lun-queries.js';
import { unmaskingListOf } from './mask.js';
import { friendlyNameOf } from './naming.js';
import { extentsOfGrowth, grow, shrinkage, type Growth } from '../array/resizing.js';
import { growLun, mergeLuns, recoverLun, removePlex, shrinkLun } from '../array/reshaping.js';
import { checkSettable, putStatus } from './status.js';

export class LunObject extends LunQueries {
  readonly interfaces: InterfaceMap = {
    IVdsLun: {
      GetProperties: () => this.getProperties(),
      GetSubSystem: () => this.getSubSystem(),
      GetIdentificationData: () => this.getIdentificationData(),
      QueryActiveControllers: () => this.queryActiveControllers(),
      Extend: ({ numberOfBytesToAdd, driveIdArray, numberOfDrives }) =>
        this.extend(numberOfBytesToAdd, driveIdArray, numberOfDrives),
      Shrink: ({ numberOfBytesToRemove }) => this.shrink(numberOfBytesToRemove),
      QueryPlexes: () => this.queryPlexes(),
      AddPlex: ({ lunId }) => this.addPlex(lunId),
      RemovePlex: ({ plexId }) => this.removePlex(plexId),
      Recover: () => this.recover(),
      SetMask: ({ unmaskingList }) => this.setMask(unmaskingList),
      Delete: () => this.delete(),
      AssociateControllers: (lists) => this.associateControllers(lists),
      QueryHints: () => this.queryHints(),
      ApplyHints: ({ hints }) => this.applyHints(hints),
      SetStatus: ({ status }) => this.setStatus(status),
      QueryMaxLunExtendSize: ({ driveIdArray, numberOfDrives }) =>
        this.queryMaxLunExtendSize(driveIdArray, numberOfDrives),
    },
    IVdsLunNaming: { SetFriendlyName: ({ friendlyName }) => this.setFriendlyName(friendlyName) },
    IVdsLunIscsi: {
      AssociateTargets: ({ targetIdArray, numberOfTargets }) => this.associateTargets(targetIdArray, numberOfTargets),
      QueryAssociatedTargets: () => this.queryAssociatedTargets(),
    },
  };

  protected extend(bytes: bigint, driveIds: readonly Guid[] | null, numberOfDrives: number): Answer<'IVdsLun.Extend'> {
    this.touch();
    if (bytes === 0n) throw new Failure(HR.E_INVALIDARG);
    const drives = this.driveList(driveIds, numberOfDrives);
    const { array } = this.provider;
    const { subSystem, lun } = this.reach('IVdsLun.Extend');
    const growth = this.growth(subSystem, lun, bytes, drives);
    const reservation = array.reserve(subSystem, extentsOfGrowth(growth));
    return this.operation(
      OUT.VDS_ASYNCOUT_EXTENDLUN,
      () => {
        const truth = this.reach().lun;
        // A plex that was added or removed meanwhile is not in the plan, and must not be left smaller than its LUN.
        if (truth.plexes.size !== growth.added.size || [...truth.plexes.keys()].some((id) => !growth.added.has(id)))
          throw new Failure(HR.VDS_E_ANOTHER_CALL_IN_PROGRESS);
        reservation.release();
        growLun(truth, growth);
        this.learnWithPlexes(truth);
      },
      () => reservation.release(),
    );
  }

  protected growth(...asked: Parameters<typeof grow>): Growth {
    return grow(...asked);
  }

  protected shrink(bytes: bigint): Answer<'IVdsLun.Shrink'> {
    this.touch();
    shrinkage(this.reach('IVdsLun.Shrink').lun, bytes);
    return this.operation(OUT.VDS_ASYNCOUT_SHRINKLUN, () => {
      const { lun } = this.reach();
      shrinkLun(lun, shrinkage(lun, bytes));
      this.learnWithPlexes(lun);
    });
  }

  /** The other LUN stops being one, and its plexes become plexes of this. */
  protected addPlex(lunId: Guid): Answer<'IVdsLun.AddPlex'> {
    const id = knownId(lunId, this.ofSubSystem().luns);
    this.sourceOf(this.reach('IVdsLun.AddPlex'), id);
    return this.operation(OUT.VDS_ASYNCOUT_ADDLUNPLEX, () => {
      const found = this.reach();
      mergeLuns(found.subSystem, found.lun, this.sourceOf(found, id));
      // The plexes before the LUN that they leave, or they would go with it.
      this.provider.learn(this.id, ...found.lun.plexes.keys(), id);
    });
  }

  protected sourceOf({ subSystem, lun }: FoundOf<'lun'>, id: Guid): ArrayLun {
    const source = subSystem.luns.get(id);
    if (source === undefined) throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
    if (source === lun || source.size < lun.size) throw new Failure(HR.VDS_E_INVALID_OPERATION);
    return source;
  }

  protected removePlex(plexId: Guid): Answer<'IVdsLun.RemovePlex'> {
    const id = knownId(plexId, this.read().plexes);
    this.checkRemovable(this.reach('IVdsLun.RemovePlex').lun, id);
    return this.operation(OUT.VDS_ASYNCOUT_REMOVELUNPLEX, () => {
      const { lun } = this.reach();
      this.checkRemovable(lun, id);
      removePlex(lun, id);
      this.provider.learn(this.id, id);
    });
  }

  private checkRemovable({ plexes }: ArrayLun, id: Guid): void {
    if (!plexes.has(id)) throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
    if (plexes.size === 1) throw new Failure(HR.VDS_E_INVALID_OPERATION);
  }

  protected recover(): Answer<'IVdsLun.Recover'> {
    this.touch();
    if (this.reach('IVdsLun.Recover').lun.type !== VDS_LUN_TYPE.VDS_LT_MIRROR)
      throw new Failure(HR.VDS_E_INVALID_OPERATION);
    return this.operation(OUT.VDS_ASYNCOUT_RECOVERLUN, () => {
      const { subSystem, lun } = this.reach();
      recoverLun(subSystem, lun);
      this.learnWithPlexes(lun);
    });
  }

  protected setMask(list: string | null): Answer<'IVdsLun.SetMask'> {
    this.touch();
    const unmaskingList = unmaskingListOf(list);
    this.reach('IVdsLun.SetMask').lun.unmaskingList = unmaskingList;
    return this.changed();
  }

  protected delete(): Answer<'IVdsLun.Delete'> {
    this.reach('IVdsLun.Delete');
    this.provider.array.remove(this.id);
    this.provider.deviceDeparted(this.id);
    return { hr: HR.S_OK };
  }

  protected associateControllers({
    activeControllerIdArray,
    numberOfActiveControllers,
    inactiveControllerIdArray,
    numberOfInactiveControllers,
  }: {
    readonly activeControllerIdArray: readonly Guid[] | null;
    readonly numberOfActiveControllers: number;
    readonly inactiveControllerIdArray: readonly Guid[] | null;
    readonly numberOfInactiveControllers: number;
  }): Answer<'IVdsLun.AssociateControllers'> {
    const { controllers } = this.ofSubSystem();
    const active = counted(activeControllerIdArray, numberOfActiveControllers);
    const { one } = divided(active, counted(inactiveControllerIdArray, numberOfInactiveControllers), controllers);
    this.activeOn(this.reach('IVdsLun.AssociateControllers'), one);
    return this.changed();
  }

  /** Makes these controllers the active ones. */
  protected activeOn({ lun }: FoundOf<'lun'>, controllers: readonly Guid[]): void {
    lun.controllers = new Set(controllers);
  }

  /** The list is the full new set. */
  protected associateTargets(ids: readonly Guid[] | null, count: number): Answer<'IVdsLunIscsi.AssociateTargets'> {
    const { targets } = this.ofSubSystem();
    const wanted = knownIds(counted(ids, count) ?? [], targets);
    const { subSystem, lun } = this.reach('IVdsLunIscsi.AssociateTargets');
    lun.targets = new Set(knownIds(wanted, [...subSystem.targets.keys()]));
    return this.changed();
  }

  /** On a LUN hints are for all its plexes. */
  protected applyHints(hints: VDS_HINTS | null): Answer<'IVdsLun.ApplyHints'> {
    this.touch();
    if (hints === null) throw new Failure(HR.E_INVALIDARG);
    const { lun } = this.reach('IVdsLun.ApplyHints');
    for (const hinted of [lun, ...lun.plexes.values()]) hinted.hints = withHints(hinted.hints, hints);
    this.learnWithPlexes(lun);
    return { hr: HR.S_OK };
  }

  protected setFriendlyName(given: string | null): Answer<'IVdsLunNaming.SetFriendlyName'> {
    this.touch();
    const { friendlyName, hr } = friendlyNameOf(given);
    this.reach('IVdsLunNaming.SetFriendlyName').lun.friendlyName = friendlyName;
    return this.changed(hr);
  }

  protected setStatus(status: number): Answer<'IVdsLun.SetStatus'> {
    this.touch();
    checkSettable(status, VDS_LUN_STATUS);
    putStatus(this.reach('IVdsLun.SetStatus').lun, status);
    return this.changed();
  }

  private learnWithPlexes({ plexes }: ArrayLun): void {
    this.provider.learn(this.id, ...plexes.keys());
  }
}
