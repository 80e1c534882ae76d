// A subsystem: what changes it, and the creation of LUNs and targets.
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import { isIscsiName } from '../../../src/contract/iscsi-name.js';
import {
  VDS_ASYNC_OUTPUT_TYPE as OUT,
  VDS_CONTROLLER_STATUS,
  VDS_SUB_SYSTEM_STATUS,
} from '../../../src/contract/generated/enumerations.js';
import type { VDS_HINTS } from '../../../src/contract/generated/structures.js';
import type { Answer, InterfaceMap } from '../../../src/port/object-server.js';
import { Failure } from '../failure.js';
import { NO_HINTS, stripeSizeOf, withHints } from '../array/hints.js';
import { counted, divided, knownId } from './id-lists.js';
import type { ImportTargetDialect } from './import-target.js';
import { drivesFor, type Placing } from './lun-request.js';
import { unmaskingListOf } from './mask.js';
import { friendlyNameOf } from './naming.js';
import type { ProviderInstance } from './instance.js';
import { replaceDrive } from '../array/reshaping.js';
import { layOut, type Layout } from '../array/space.js';
import { checkSettable, putStatus } from './status.js';
import { SubSystemQueries } from './subsystem-queries.js';

export interface LunRequest extends Placing {
  readonly sizeInBytes: bigint;
  readonly unmaskingList: string | null;
  readonly hints: VDS_HINTS | null;
}

export class SubSystemObject extends SubSystemQueries {
  readonly interfaces: InterfaceMap = {
    IVdsSubSystem: {
      GetProperties: () => this.getProperties(),
      GetProvider: () => this.getProvider(),
      QueryControllers: () => this.queryControllers(),
      QueryLuns: () => this.queryLuns(),
      QueryDrives: () => this.queryDrives(),
      GetDrive: ({ busNumber, slotNumber }) => this.getDrive(busNumber, slotNumber),
      Reenumerate: () => this.reenumerate(),
      SetControllerStatus: (lists) => this.setControllerStatus(lists),
      CreateLun: (request) => this.createLun(request),
      ReplaceDrive: ({ driveToBeReplaced, replacementDrive }) => this.replaceDrive(driveToBeReplaced, replacementDrive),
      SetStatus: ({ status }) => this.setStatus(status),
      QueryMaxLunCreateSize: (placing) => this.queryMaxLunCreateSize(placing),
    },
    IVdsSubSystem2: {
      GetProperties2: () => this.getProperties2(),
      GetDrive2: ({ busNumber, slotNumber, enclosureNumber }) => this.getDrive2(busNumber, slotNumber, enclosureNumber),
      CreateLun2: ({ hints2, ...request }) => this.createLun({ ...request, hints: hints2 }),
      QueryMaxLunCreateSize2: (placing) => this.queryMaxLunCreateSize(placing),
    },
    IVdsSubSystemNaming: { SetFriendlyName: ({ friendlyName }) => this.setFriendlyName(friendlyName) },
    IVdsSubSystemInterconnect: { GetSupportedInterconnects: () => this.getSupportedInterconnects() },
    IVdsSubSystemIscsi: {
      QueryTargets: () => this.queryTargets(),
      QueryPortals: () => this.queryPortals(),
      CreateTarget: ({ iscsiName, friendlyName }) => this.createTarget(iscsiName, friendlyName),
    },
    IVdsSubSystemImportTarget: {
      GetImportTarget: () => this.getImportTarget(),
      SetImportTarget: ({ iscsiName }) => this.setImportTarget(iscsiName),
    },
  };
  protected readonly dialect: ImportTargetDialect;

  constructor(provider: ProviderInstance, id: Guid, parent: Guid | null) {
    super(provider, id, parent);
    this.dialect = new provider.parts.ImportTargetDialect();
  }

  /** Looks for drives that were added or removed. */
  protected reenumerate(): Answer<'IVdsSubSystem.Reenumerate'> {
    const before = this.read().drives;
    const { drives } = this.reach('IVdsSubSystem.Reenumerate').subSystem;
    const changed = [...new Set([...before, ...drives.keys()])].filter(
      (id) => before.includes(id) !== (drives.get(id)?.present === true),
    );
    this.provider.learn(...changed);
    return { hr: HR.S_OK };
  }

  protected setControllerStatus({
    onlineControllerIdArray,
    numberOfOnlineControllers,
    offlineControllerIdArray,
    numberOfOfflineControllers,
  }: {
    readonly onlineControllerIdArray: readonly Guid[] | null;
    readonly numberOfOnlineControllers: number;
    readonly offlineControllerIdArray: readonly Guid[] | null;
    readonly numberOfOfflineControllers: number;
  }): Answer<'IVdsSubSystem.SetControllerStatus'> {
    const known = this.read().controllers;
    const online = counted(onlineControllerIdArray, numberOfOnlineControllers);
    const { one } = divided(online, counted(offlineControllerIdArray, numberOfOfflineControllers), known);
    const { controllers } = this.reach('IVdsSubSystem.SetControllerStatus').subSystem;
    for (const controller of controllers.values()) {
      putStatus(
        controller,
        one.includes(controller.id) ? VDS_CONTROLLER_STATUS.VDS_CS_ONLINE : VDS_CONTROLLER_STATUS.VDS_CS_OFFLINE,
      );
    }
    this.provider.learn(...known);
    return { hr: HR.S_OK };
  }

  /** Moves all extents of one drive to another, which must be as large and hold nothing. */
  protected replaceDrive(replaced: Guid, replacement: Guid): Answer<'IVdsSubSystem.ReplaceDrive'> {
    const known = this.read().drives;
    const [from, to] = [knownId(replaced, known), knownId(replacement, known)];
    const { subSystem } = this.reach('IVdsSubSystem.ReplaceDrive');
    replaceDrive(subSystem, from, to);
    this.provider.learn(from, to);
    return { hr: HR.S_OK };
  }

  /** `within` are the drives to use where the request leaves them open; null for any. */
  protected createLun(request: LunRequest, within: readonly Guid[] | null = null): Answer<'IVdsSubSystem.CreateLun'> {
    const drives = this.checkLunRequest(request) ?? within;
    const unmaskingList = unmaskingListOf(request.unmaskingList);
    const hints = request.hints === null ? NO_HINTS : withHints(NO_HINTS, request.hints);
    const { array } = this.provider;
    const { subSystem } = this.reach('IVdsSubSystem.CreateLun');
    const layout = this.layOut(subSystem, request.type, request.sizeInBytes, drives, stripeSizeOf(hints));
    const reservation = array.reserve(
      subSystem,
      layout.plexes.flatMap((p) => p.columns.flat()),
    );
    return this.operation(
      OUT.VDS_ASYNCOUT_CREATELUN,
      () => {
        const truth = this.reach().subSystem;
        reservation.release();
        return this.provider.meet(array.addLun(truth, { layout, unmaskingList, hints }).id);
      },
      () => reservation.release(),
    );
  }

  protected layOut(...asked: Parameters<typeof layOut>): Layout {
    return layOut(...asked);
  }

  /** Checks a request without looking at the array. Returns the drives to use, null for any. Throws Failure. */
  protected checkLunRequest(request: LunRequest): readonly Guid[] | null {
    const drives = drivesFor(request, this.read().drives, this.lunTypes);
    if (request.sizeInBytes === 0n) throw new Failure(HR.E_INVALIDARG);
    return drives;
  }

  protected createTarget(given: string | null, friendlyName: string | null): Answer<'IVdsSubSystemIscsi.CreateTarget'> {
    this.touch();
    const { array } = this.provider;
    const generated = given === null || given === '';
    if (!generated && !isIscsiName(given)) throw new Failure(HR.E_INVALIDARG);
    this.reach('IVdsSubSystemIscsi.CreateTarget');
    const iscsiName = generated ? array.unusedName() : given;
    const promise = array.promiseName(iscsiName);
    if (promise === undefined) throw new Failure(HR.VDS_E_NAME_NOT_UNIQUE);
    return this.operation(
      OUT.VDS_ASYNCOUT_CREATETARGET,
      () => {
        const truth = this.reach().subSystem;
        promise.release();
        return this.provider.meet(array.addTarget(truth, iscsiName, friendlyName ?? undefined).id);
      },
      () => promise.release(),
    );
  }

  protected setImportTarget(given: string | null): Answer<'IVdsSubSystemImportTarget.SetImportTarget'> {
    this.touch();
    const stored = this.dialect.parse(given);
    if (stored === undefined) throw new Failure(HR.E_INVALIDARG);
    this.reach('IVdsSubSystemImportTarget.SetImportTarget').subSystem.importTarget = stored;
    return this.changed();
  }

  protected setFriendlyName(given: string | null): Answer<'IVdsSubSystemNaming.SetFriendlyName'> {
    this.touch();
    const { friendlyName, hr } = friendlyNameOf(given);
    this.reach('IVdsSubSystemNaming.SetFriendlyName').subSystem.friendlyName = friendlyName;
    return this.changed(hr);
  }

  protected setStatus(status: number): Answer<'IVdsSubSystem.SetStatus'> {
    this.touch();
    checkSettable(status, VDS_SUB_SYSTEM_STATUS);
    putStatus(this.reach('IVdsSubSystem.SetStatus').subSystem, status);
    return this.changed();
  }
}
