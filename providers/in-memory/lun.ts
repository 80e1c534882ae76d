// A LUN: its properties, extending and deleting it.
import type { Guid } from '../../src/contract/guid.js';
import { HR } from '../../src/contract/hresult.js';
import { NULL_GUID } from '../../src/contract/guid.js';
import { MISC, VDS_ASYNC_OUTPUT_TYPE, VDS_LUN_STATUS, VDS_STORAGE_BUS_TYPE, VDS_TRANSITION_STATE } from '../../src/contract/generated/enumerations.js';
import type { Answer, InterfaceMap } from '../../src/provider/object-server.js';
import { roundUp, type ArrayLun, type ArraySubSystem } from './array.js';
import { checkDriveList, checkDrivesExist } from './drives.js';
import { Failure } from './failure.js';
import { hex } from './ids.js';
import { notification } from './notifications.js';
import { DeviceObject } from './object.js';
import type { LunRecord } from './records.js';

const STATUSES: ReadonlySet<number> = new Set(Object.values(VDS_LUN_STATUS));

export class LunObject extends DeviceObject {
  readonly kind = 'lun';
  readonly interfaces: InterfaceMap = {
    IVdsLun: {
      GetProperties: () => this.getProperties(),
      GetSubSystem: () => this.getSubSystem(),
      GetIdentificationData: () => this.getIdentificationData(),
      QueryActiveControllers: () => this.queryActiveControllers(),
      Extend: ({ numberOfBytesToAdd, driveIdArray, numberOfDrives }) => this.extend(numberOfBytesToAdd, driveIdArray, numberOfDrives),
      QueryPlexes: () => this.queryPlexes(),
      Delete: () => this.delete(),
      SetStatus: ({ status }) => this.setStatus(status),
    },
  };

  protected read(): LunRecord {
    return this.provider.inventory.lun(this.id);
  }

  protected override touch(): void {
    this.read();
  }

  /** The device behind this object, for a change. Throws when it is gone or its entries are damaged. */
  protected reach(): { readonly subSystem: ArraySubSystem; readonly lun: ArrayLun } {
    if (this.deleted) throw new Failure(HR.VDS_E_OBJECT_DELETED);
    const subSystem = this.provider.array.subSystem(this.read().parent);
    const lun = subSystem?.luns.get(this.id);
    if (subSystem === undefined || lun === undefined) throw this.provider.gone(this);
    return { subSystem, lun };
  }

  protected getProperties(): Answer<'IVdsLun.GetProperties'> {
    const record = this.read();
    return {
      hr: HR.S_OK,
      out: {
        lunProp: {
          id: this.id, size: BigInt(record.size), friendlyName: record.friendlyName, identification: record.identification,
          unmaskingList: record.unmaskingList, flags: 0, type: record.type, status: record.status, health: record.health,
          transitionState: VDS_TRANSITION_STATE.VDS_TS_STABLE, rebuildPriority: 0,
        },
      },
    };
  }

  protected getSubSystem(): Answer<'IVdsLun.GetSubSystem'> {
    return { hr: HR.S_OK, out: { subSystem: this.provider.inventory.device(this.read().parent) } };
  }

  protected getIdentificationData(): Answer<'IVdsLun.GetIdentificationData'> {
    this.touch();
    return {
      hr: HR.S_OK,
      out: {
        lunInfo: {
          version: MISC.VER_VDS_LUN_INFORMATION, deviceType: 0, deviceTypeModifier: 0, commandQueueing: false, busType: VDS_STORAGE_BUS_TYPE.VDSBusTypeiScsi,
          vendorId: 'VDSC', productId: 'Reference', productRevision: '1', serialNumber: hex(this.id), diskSignature: NULL_GUID,
          deviceIdDescriptor: { version: 0, numberOfIdentifiers: 0, identifiers: null }, numberOfInterconnects: 0, interconnects: null,
        },
      },
    };
  }

  protected queryActiveControllers(): Answer<'IVdsLun.QueryActiveControllers'> {
    this.touch();
    return { hr: HR.S_OK, out: { enum: this.provider.enumerate([]) } };
  }

  protected queryPlexes(): Answer<'IVdsLun.QueryPlexes'> {
    this.touch();
    return { hr: HR.S_OK, out: { enum: this.provider.enumerate([]) } };
  }

  protected extend(bytes: bigint, driveIds: readonly Guid[] | null, numberOfDrives: number): Answer<'IVdsLun.Extend'> {
    this.touch();
    checkDriveList(driveIds, numberOfDrives);
    if (bytes === 0n) throw new Failure(HR.E_INVALIDARG);
    checkDrivesExist(driveIds);
    const added = roundUp(bytes);
    const reservation = this.provider.array.reserve(this.reach().subSystem, added);
    if (reservation === undefined) throw new Failure(HR.VDS_E_NOT_ENOUGH_SPACE);
    const async = this.provider.start({
      type: VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_EXTENDLUN,
      abandon: () => reservation.release(),
      commit: () => {
        const { subSystem, lun } = this.reach();
        reservation.release();
        lun.size += added;
        this.provider.inventory.writeLun(lun, subSystem.id);
        this.provider.announce([notification('lun', 'modify', this.id)]);
        return null;
      },
    });
    return { hr: HR.S_OK, out: { async } };
  }

  protected delete(): Answer<'IVdsLun.Delete'> {
    this.reach().subSystem.luns.delete(this.id);
    this.provider.deviceDeparted(this.id);
    return { hr: HR.S_OK };
  }

  /** The status cannot be changed, but UNKNOWN is refused as no status at all. */
  protected setStatus(status: number): Answer<'IVdsLun.SetStatus'> {
    this.touch();
    throw new Failure(status !== VDS_LUN_STATUS.VDS_LS_UNKNOWN && STATUSES.has(status) ? HR.VDS_E_NOT_SUPPORTED : HR.E_INVALIDARG);
  }
}
