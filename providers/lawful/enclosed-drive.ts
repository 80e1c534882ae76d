// A drive that reports its enclosure as well: IVdsDrive2 is optional, and the reference has none.
import { HR } from '../../src/contract/hresult.js';
import type { VDS_DRIVE_PROP2 } from '../../src/contract/generated/structures.js';
import type { Answer } from '../../src/port/object-server.js';
import { given } from '../defective/override.js';
import { DriveObject } from '../in-memory/objects/drive.js';

export class EnclosedDrive extends DriveObject {
  constructor(...made: ConstructorParameters<typeof DriveObject>) {
    super(...made);
    Object.assign(this.interfaces, { IVdsDrive2: { GetProperties2: () => this.getProperties2() } });
  }

  protected getProperties2(): Answer<'IVdsDrive2.GetProperties2'> {
    const prop = given(this.getProperties().out?.driveProp);
    if (prop === undefined) throw new TypeError('GetProperties succeeded without properties');
    const driveProp2: VDS_DRIVE_PROP2 = { ...prop, enclosureNumber: 0, busType: 0, spindleSpeed: 7200 };
    return { hr: HR.S_OK, out: { driveProp2 } };
  }
}
