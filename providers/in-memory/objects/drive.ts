// A drive: its properties, extents, flags and status.
import { HR } from '../../../src/contract/hresult.js';
import { NULL_GUID } from '../../../src/contract/guid.js';
import { VDS_DRIVE_FLAG, VDS_DRIVE_STATUS } from '../../../src/contract/generated/enumerations.js';
import type { VDS_DRIVE_PROP } from '../../../src/contract/generated/structures.js';
import type { Answer, InterfaceMap } from '../../../src/port/object-server.js';
import { Failure } from '../failure.js';
import { DeviceObject } from './object.js';
import { isInUse } from '../array/reshaping.js';
import { checkSettable, putStatus } from './status.js';

const HOTSPARE = VDS_DRIVE_FLAG.VDS_DRF_HOTSPARE;

export class DriveObject extends DeviceObject<'drive'> {
  readonly kind = 'drive';
  readonly interfaces: InterfaceMap = {
    IVdsDrive: {
      GetProperties: () => this.getProperties(),
      GetSubSystem: () => this.getSubSystem(),
      QueryExtents: () => this.queryExtents(),
      SetFlags: ({ flags }) => this.changeFlags('IVdsDrive.SetFlags', flags, (before) => before | flags),
      ClearFlags: ({ flags }) => this.changeFlags('IVdsDrive.ClearFlags', flags, (before) => before & ~flags),
      SetStatus: ({ status }) => this.setStatus(status),
    },
  };

  protected getProperties(): Answer<'IVdsDrive.GetProperties'> {
    return { hr: HR.S_OK, out: { driveProp: this.properties() } };
  }

  protected properties(): VDS_DRIVE_PROP {
    const { size, friendlyName, identification, flags, status, health, bus, slot } = this.read();
    return {
      id: this.id,
      size: BigInt(size),
      friendlyName,
      identification,
      flags,
      status,
      health,
      internalBusNumber: bus,
      slotNumber: slot,
    };
  }

  protected getSubSystem(): Answer<'IVdsDrive.GetSubSystem'> {
    return { hr: HR.S_OK, out: { subSystem: this.holder() } };
  }

  protected queryExtents(): Answer<'IVdsDrive.QueryExtents'> {
    const extentArray = this.read().extents.map(({ lun, size }) => ({
      id: this.id,
      lunId: lun ?? NULL_GUID,
      size: BigInt(size),
      used: lun !== null,
    }));
    return { hr: HR.S_OK, out: { extentArray, numberOfExtents: extentArray.length } };
  }

  /** A drive in use is not a spare, and cannot become one. */
  protected changeFlags(
    method: 'IVdsDrive.SetFlags' | 'IVdsDrive.ClearFlags',
    flags: number,
    change: (before: number) => number,
  ): { readonly hr: number } {
    this.touch();
    if ((flags & ~HOTSPARE) !== 0) throw new Failure(HR.E_INVALIDARG);
    const { subSystem, drive } = this.reach(method);
    if (isInUse(subSystem, this.id)) throw new Failure(HR.VDS_E_NOT_SUPPORTED);
    drive.flags = change(drive.flags);
    return this.changed();
  }

  protected setStatus(status: number): Answer<'IVdsDrive.SetStatus'> {
    this.touch();
    checkSettable(status, VDS_DRIVE_STATUS);
    putStatus(this.reach('IVdsDrive.SetStatus').drive, status);
    return this.changed();
  }
}
