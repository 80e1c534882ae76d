// A subsystem: its properties and members, and the creation of LUNs and targets.
import type { Guid } from '../../src/contract/guid.js';
import { HR } from '../../src/contract/hresult.js';
import { isIscsiName } from '../../src/contract/iscsi-name.js';
import {
  VDS_ASYNC_OUTPUT_TYPE, VDS_INTERCONNECT_FLAG, VDS_SUB_SYSTEM_FLAG as SF, VDS_SUB_SYSTEM_STATUS,
} from '../../src/contract/generated/enumerations.js';
import type { VDS_HINTS, VDS_SUB_SYSTEM_PROP } from '../../src/contract/generated/structures.js';
import type { Answer, InterfaceMap, Servant } from '../../src/provider/object-server.js';
import { Failure } from './failure.js';
import { NO_HINTS, stripeSizeOf, withHints } from './hints.js';
import type { ImportTargetDialect } from './import-target.js';
import type { MemberList } from './inventory.js';
import { drivesFor, type Placing } from './lun-request.js';
import { unmaskingListOf } from './mask.js';
import { DeviceObject } from './object.js';
import type { ProviderObject } from './provider.js';
import { largestLun, layOut, STRIPE_SIZES } from './space.js';

const FLAGS = SF.VDS_SF_LUN_MASKING_CAPABLE | SF.VDS_SF_LUN_PLEXING_CAPABLE | SF.VDS_SF_DRIVE_EXTENT_CAPABLE | SF.VDS_SF_SUPPORTS_FAULT_TOLERANT_LUNS
  | SF.VDS_SF_SUPPORTS_NON_FAULT_TOLERANT_LUNS | SF.VDS_SF_SUPPORTS_SIMPLE_LUNS | SF.VDS_SF_SUPPORTS_SPAN_LUNS | SF.VDS_SF_SUPPORTS_STRIPE_LUNS
  | SF.VDS_SF_SUPPORTS_MIRROR_LUNS | SF.VDS_SF_SUPPORTS_AUTH_CHAP | SF.VDS_SF_SUPPORTS_AUTH_MUTUAL_CHAP;
const STATUSES: ReadonlySet<number> = new Set(Object.values(VDS_SUB_SYSTEM_STATUS));

export interface LunRequest extends Placing {
  readonly sizeInBytes: bigint;
  readonly unmaskingList: string | null;
  readonly hints: VDS_HINTS | null;
}

export class SubSystemObject extends DeviceObject<'sub-system'> {
  readonly kind = 'sub-system';
  readonly interfaces: InterfaceMap = {
    IVdsSubSystem: {
      GetProperties: () => this.getProperties(),
      GetProvider: () => this.getProvider(),
      QueryControllers: () => this.queryControllers(),
      QueryLuns: () => this.queryLuns(),
      QueryDrives: () => this.queryDrives(),
      CreateLun: (request) => this.createLun(request),
      SetStatus: ({ status }) => this.setStatus(status),
      GetDrive: ({ busNumber, slotNumber }) => this.getDrive(busNumber, slotNumber),
      QueryMaxLunCreateSize: (placing) => this.queryMaxLunCreateSize(placing),
    },
    IVdsSubSystem2: {
      GetProperties2: () => this.getProperties2(),
      GetDrive2: ({ busNumber, slotNumber, enclosureNumber }) => this.getDrive2(busNumber, slotNumber, enclosureNumber),
      QueryMaxLunCreateSize2: (placing) => this.queryMaxLunCreateSize(placing),
    },
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

  constructor(provider: ProviderObject, id: Guid, parent: Guid | null) {
    super(provider, id, parent);
    this.dialect = new provider.parts.ImportTargetDialect();
  }

  protected getProperties(): Answer<'IVdsSubSystem.GetProperties'> {
    return { hr: HR.S_OK, out: { subSystemProp: this.properties() } };
  }

  protected getProperties2(): Answer<'IVdsSubSystem2.GetProperties2'> {
    return { hr: HR.S_OK, out: { subSystemProp2: { ...this.properties(), supportedRaidTypeFlags: 0, numberOfEnclosures: 1 } } };
  }

  private properties(): VDS_SUB_SYSTEM_PROP {
    const { friendlyName, identification, status, health } = this.read();
    return {
      id: this.id, friendlyName, identification, flags: FLAGS, stripeSizeFlags: STRIPE_SIZES, status, health, numberOfInternalBuses: 1,
      maxNumberOfSlotsEachBus: 4, maxNumberOfControllers: 2, rebuildPriority: 0,
    };
  }

  protected getProvider(): Answer<'IVdsSubSystem.GetProvider'> {
    this.touch();
    return { hr: HR.S_OK, out: { provider: this.provider } };
  }

  protected queryControllers(): Answer<'IVdsSubSystem.QueryControllers'> {
    return { hr: HR.S_OK, out: { enum: this.members('controllers') } };
  }

  protected queryDrives(): Answer<'IVdsSubSystem.QueryDrives'> {
    return { hr: HR.S_OK, out: { enum: this.members('drives') } };
  }

  protected queryPortals(): Answer<'IVdsSubSystemIscsi.QueryPortals'> {
    return { hr: HR.S_OK, out: { enum: this.members('portals') } };
  }

  protected queryLuns(): Answer<'IVdsSubSystem.QueryLuns'> {
    return { hr: HR.S_OK, out: { enum: this.members('luns') } };
  }

  protected queryTargets(): Answer<'IVdsSubSystemIscsi.QueryTargets'> {
    return { hr: HR.S_OK, out: { enum: this.members('targets') } };
  }

  private members(list: MemberList): Servant {
    return this.provider.enumerate(this.provider.inventory.members(this.id, list));
  }

  protected getDrive(bus: number, slot: number): Answer<'IVdsSubSystem.GetDrive'> {
    const { inventory } = this.provider;
    const id = this.read().drives.find((drive) => {
      const record = inventory.record('drive', drive);
      return record.bus === bus && record.slot === slot;
    });
    if (id === undefined) throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
    return { hr: HR.S_OK, out: { drive: inventory.device(id) } };
  }

  protected getDrive2(bus: number, slot: number, enclosure: number): Answer<'IVdsSubSystem2.GetDrive2'> {
    const answer = this.getDrive(bus, slot);
    if (enclosure !== 0) throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
    return answer;
  }

  protected getSupportedInterconnects(): Answer<'IVdsSubSystemInterconnect.GetSupportedInterconnects'> {
    this.touch();
    return { hr: HR.S_OK, out: { supportedInterconnectsFlag: VDS_INTERCONNECT_FLAG.VDS_ITF_ISCSI } };
  }

  /** What CreateLun accepts at most. */
  protected queryMaxLunCreateSize(placing: Placing): Answer<'IVdsSubSystem.QueryMaxLunCreateSize'> {
    const drives = drivesFor(placing, this.read().drives);
    const { subSystem } = this.reach('IVdsSubSystem.QueryMaxLunCreateSize');
    return { hr: HR.S_OK, out: { maxLunSize: largestLun(subSystem, placing.type, drives) } };
  }

  /** The status cannot be changed, but UNKNOWN is refused as no status at all. */
  protected setStatus(status: number): Answer<'IVdsSubSystem.SetStatus'> {
    this.touch();
    throw new Failure(status !== VDS_SUB_SYSTEM_STATUS.VDS_SSS_UNKNOWN && STATUSES.has(status) ? HR.VDS_E_NOT_SUPPORTED : HR.E_INVALIDARG);
  }

  protected createLun(request: LunRequest): Answer<'IVdsSubSystem.CreateLun'> {
    const drives = this.checkLunRequest(request);
    const unmaskingList = unmaskingListOf(request.unmaskingList);
    const hints = request.hints === null ? NO_HINTS : withHints(NO_HINTS, request.hints);
    const { array } = this.provider;
    const { subSystem } = this.reach('IVdsSubSystem.CreateLun');
    const layout = layOut(subSystem, request.type, request.sizeInBytes, drives, stripeSizeOf(hints));
    const reservation = array.reserve(subSystem, layout.plexes.flatMap((p) => p.extents));
    const async = this.provider.start({
      type: VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_CREATELUN,
      abandon: () => reservation.release(),
      commit: () => {
        const truth = this.reach().subSystem;
        reservation.release();
        const lun = array.addLun(truth, { layout, unmaskingList, hints });
        this.provider.learn(lun.id);
        return this.provider.inventory.device(lun.id);
      },
    });
    return { hr: HR.S_OK, out: { async } };
  }

  /** What can be said of a request without looking at the array. Answers the drives to use, null for any. Throws Failure. */
  protected checkLunRequest(request: LunRequest): readonly Guid[] | null {
    const drives = drivesFor(request, this.read().drives);
    if (request.unmaskingList === null || request.sizeInBytes === 0n) throw new Failure(HR.E_INVALIDARG);
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
    const async = this.provider.start({
      type: VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_CREATETARGET,
      abandon: () => promise.release(),
      commit: () => {
        const truth = this.reach().subSystem;
        promise.release();
        const target = array.addTarget(truth, iscsiName, friendlyName ?? undefined);
        this.provider.learn(target.id);
        return this.provider.inventory.device(target.id);
      },
    });
    return { hr: HR.S_OK, out: { async } };
  }

  protected getImportTarget(): Answer<'IVdsSubSystemImportTarget.GetImportTarget'> {
    const { importTarget } = this.read();
    if (importTarget === null) throw new Failure(HR.VDS_E_NO_IMPORT_TARGET);
    return { hr: HR.S_OK, out: { iscsiName: importTarget } };
  }

  protected setImportTarget(given: string | null): Answer<'IVdsSubSystemImportTarget.SetImportTarget'> {
    this.touch();
    const stored = this.dialect.parse(given);
    if (stored === undefined) throw new Failure(HR.E_INVALIDARG);
    this.reach('IVdsSubSystemImportTarget.SetImportTarget').subSystem.importTarget = stored;
    this.provider.learn(this.id);
    return { hr: HR.S_OK };
  }
}
