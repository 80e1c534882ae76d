// A subsystem: its properties and members, and the creation of LUNs and targets.
import type { Guid } from '../../src/contract/guid.js';
import { HR } from '../../src/contract/hresult.js';
import { isIscsiName } from '../../src/contract/iscsi-name.js';
import { VDS_ASYNC_OUTPUT_TYPE, VDS_LUN_TYPE, VDS_SUB_SYSTEM_FLAG, VDS_SUB_SYSTEM_STATUS } from '../../src/contract/generated/enumerations.js';
import type { Answer, InterfaceMap } from '../../src/provider/object-server.js';
import { roundUp, type ArraySubSystem } from './array.js';
import { checkDriveList, checkDrivesExist } from './drives.js';
import { Failure } from './failure.js';
import type { ImportTargetDialect } from './import-target.js';
import { notification } from './notifications.js';
import { DeviceObject } from './object.js';
import type { ProviderObject } from './provider.js';
import type { SubSystemRecord } from './records.js';

const FLAGS = VDS_SUB_SYSTEM_FLAG.VDS_SF_LUN_MASKING_CAPABLE | VDS_SUB_SYSTEM_FLAG.VDS_SF_SUPPORTS_NON_FAULT_TOLERANT_LUNS
  | VDS_SUB_SYSTEM_FLAG.VDS_SF_SUPPORTS_SIMPLE_LUNS | VDS_SUB_SYSTEM_FLAG.VDS_SF_SUPPORTS_AUTH_CHAP;
const LUN_TYPES: ReadonlySet<number> = new Set(Object.values(VDS_LUN_TYPE));
const STATUSES: ReadonlySet<number> = new Set(Object.values(VDS_SUB_SYSTEM_STATUS));
const AUTOMAGIC: ReadonlySet<number> = new Set([VDS_LUN_TYPE.VDS_LT_DEFAULT, VDS_LUN_TYPE.VDS_LT_FAULT_TOLERANT, VDS_LUN_TYPE.VDS_LT_NON_FAULT_TOLERANT]);
const SUPPORTED: ReadonlySet<number> = new Set([VDS_LUN_TYPE.VDS_LT_DEFAULT, VDS_LUN_TYPE.VDS_LT_NON_FAULT_TOLERANT, VDS_LUN_TYPE.VDS_LT_SIMPLE]);

export interface LunRequest {
  readonly type: number;
  readonly sizeInBytes: bigint;
  readonly driveIdArray: readonly Guid[] | null;
  readonly numberOfDrives: number;
  readonly unmaskingList: string | null;
}

export class SubSystemObject extends DeviceObject {
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
    },
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

  protected read(): SubSystemRecord {
    return this.provider.inventory.subSystem(this.id);
  }

  protected override touch(): void {
    this.read();
  }

  /** The device behind this object, for a change. Throws when it is gone or its entry is damaged. */
  protected reach(): ArraySubSystem {
    if (this.deleted) throw new Failure(HR.VDS_E_OBJECT_DELETED);
    this.touch();
    const found = this.provider.array.subSystem(this.id);
    if (found === undefined) throw this.provider.gone(this);
    return found;
  }

  protected getProperties(): Answer<'IVdsSubSystem.GetProperties'> {
    const record = this.read();
    return {
      hr: HR.S_OK,
      out: {
        subSystemProp: {
          id: this.id, friendlyName: record.friendlyName, identification: record.identification, flags: FLAGS, stripeSizeFlags: 0, status: record.status,
          health: record.health, numberOfInternalBuses: 0, maxNumberOfSlotsEachBus: 0, maxNumberOfControllers: 0, rebuildPriority: 0,
        },
      },
    };
  }

  protected getProvider(): Answer<'IVdsSubSystem.GetProvider'> {
    this.touch();
    return { hr: HR.S_OK, out: { provider: this.provider } };
  }

  protected queryControllers(): Answer<'IVdsSubSystem.QueryControllers'> {
    this.touch();
    return { hr: HR.S_OK, out: { enum: this.provider.enumerate([]) } };
  }

  protected queryDrives(): Answer<'IVdsSubSystem.QueryDrives'> {
    this.touch();
    return { hr: HR.S_OK, out: { enum: this.provider.enumerate([]) } };
  }

  protected queryPortals(): Answer<'IVdsSubSystemIscsi.QueryPortals'> {
    this.touch();
    return { hr: HR.S_OK, out: { enum: this.provider.enumerate([]) } };
  }

  protected queryLuns(): Answer<'IVdsSubSystem.QueryLuns'> {
    return { hr: HR.S_OK, out: { enum: this.provider.enumerate(this.provider.inventory.luns(this.id)) } };
  }

  protected queryTargets(): Answer<'IVdsSubSystemIscsi.QueryTargets'> {
    return { hr: HR.S_OK, out: { enum: this.provider.enumerate(this.provider.inventory.targets(this.id)) } };
  }

  /** The status cannot be changed, but UNKNOWN is refused as no status at all. */
  protected setStatus(status: number): Answer<'IVdsSubSystem.SetStatus'> {
    this.touch();
    throw new Failure(status !== VDS_SUB_SYSTEM_STATUS.VDS_SSS_UNKNOWN && STATUSES.has(status) ? HR.VDS_E_NOT_SUPPORTED : HR.E_INVALIDARG);
  }

  protected createLun(request: LunRequest): Answer<'IVdsSubSystem.CreateLun'> {
    this.touch();
    this.checkLunRequest(request);
    const { inventory, array } = this.provider;
    const size = roundUp(request.sizeInBytes);
    const reservation = array.reserve(this.reach(), size);
    if (reservation === undefined) throw new Failure(HR.VDS_E_NOT_ENOUGH_SPACE);
    const unmaskingList = withoutDuplicates(request.unmaskingList ?? '');
    const async = this.provider.start({
      type: VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_CREATELUN,
      abandon: () => reservation.release(),
      commit: () => {
        const truth = this.reach();
        reservation.release();
        const lun = array.addLun(truth, size, unmaskingList);
        const made = inventory.addLun(lun, truth);
        this.provider.announce([notification('lun', 'arrive', lun.id)]);
        return made;
      },
    });
    return { hr: HR.S_OK, out: { async } };
  }

  /** What can be said of a request without looking at the array. Throws Failure. */
  protected checkLunRequest({ type, sizeInBytes, driveIdArray, numberOfDrives, unmaskingList }: LunRequest): void {
    if (type === VDS_LUN_TYPE.VDS_LT_UNKNOWN || !LUN_TYPES.has(type)) throw new Failure(HR.E_INVALIDARG);
    checkDriveList(driveIdArray, numberOfDrives);
    if (AUTOMAGIC.has(type) && driveIdArray !== null) throw new Failure(HR.E_INVALIDARG);
    if (unmaskingList === null || sizeInBytes === 0n) throw new Failure(HR.E_INVALIDARG);
    if (!SUPPORTED.has(type)) throw new Failure(HR.VDS_E_NOT_SUPPORTED);
    checkDrivesExist(driveIdArray);
  }

  protected createTarget(given: string | null, friendlyName: string | null): Answer<'IVdsSubSystemIscsi.CreateTarget'> {
    this.touch();
    const { inventory, array } = this.provider;
    const generated = given === null || given === '';
    if (!generated && !isIscsiName(given)) throw new Failure(HR.E_INVALIDARG);
    this.reach();
    const iscsiName = generated ? array.unusedName() : given;
    const promise = array.promiseName(iscsiName);
    if (promise === undefined) throw new Failure(HR.VDS_E_NAME_NOT_UNIQUE);
    const async = this.provider.start({
      type: VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_CREATETARGET,
      abandon: () => promise.release(),
      commit: () => {
        const truth = this.reach();
        promise.release();
        const target = array.addTarget(truth, iscsiName, friendlyName ?? undefined);
        const made = inventory.addTarget(target, truth);
        this.provider.announce([notification('target', 'arrive', target.id)]);
        return made;
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
    const truth = this.reach();
    truth.importTarget = stored;
    this.provider.inventory.writeSubSystem(truth);
    return { hr: HR.S_OK };
  }
}

/** An unmasking list in the order given, without repeated entries: callers may repeat, the provider removes. */
export const withoutDuplicates = (list: string): string => [...new Set(list.split(';'))].join(';');
