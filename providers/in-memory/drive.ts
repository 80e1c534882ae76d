// A drive: its properties and extents.
import { HR } from '../../src/contract/hresult.js';
import { NULL_GUID } from '../../src/contract/guid.js';
import type { Answer, InterfaceMap } from '../../src/provider/object-server.js';
import { DeviceObject } from './object.js';

export class DriveObject extends DeviceObject<'drive'> {
  readonly kind = 'drive';
  readonly interfaces: InterfaceMap = {
    IVdsDrive: {
      GetProperties: () => this.getProperties(),
      GetSubSystem: () => this.getSubSystem(),
      QueryExtents: () => this.queryExtents(),
    },
  };

  protected getProperties(): Answer<'IVdsDrive.GetProperties'> {
    const { size, friendlyName, identification, flags, status, health, bus, slot } = this.read();
    return {
      hr: HR.S_OK,
      out: { driveProp: { id: this.id, size: BigInt(size), friendlyName, identification, flags, status, health, internalBusNumber: bus, slotNumber: slot } },
    };
  }

  protected getSubSystem(): Answer<'IVdsDrive.GetSubSystem'> {
    return { hr: HR.S_OK, out: { subSystem: this.holder() } };
  }

  protected queryExtents(): Answer<'IVdsDrive.QueryExtents'> {
    const extentArray = this.read().extents.map(({ lun, size }) => ({ id: this.id, lunId: lun ?? NULL_GUID, size: BigInt(size), used: lun !== null }));
    return { hr: HR.S_OK, out: { extentArray, numberOfExtents: extentArray.length } };
  }
}
