// A port of a controller that is a device of its own, as those of a Fibre Channel array are: properties, the LUNs that
// are active on it, its status.
import { HR } from '../../../src/contract/hresult.js';
import { VDS_PORT_STATUS } from '../../../src/contract/generated/enumerations.js';
import type { Answer, InterfaceMap } from '../../../src/port/object-server.js';
import { DeviceObject } from './object.js';
import { checkSettable, putStatus } from './status.js';

export class PortObject extends DeviceObject<'port'> {
  readonly kind = 'port';
  readonly interfaces: InterfaceMap = {
    IVdsControllerPort: {
      GetProperties: () => this.getProperties(),
      GetController: () => this.getController(),
      QueryAssociatedLuns: () => this.queryAssociatedLuns(),
      Reset: () => this.reset(),
      SetStatus: ({ status }) => this.setStatus(status),
    },
  };

  protected getProperties(): Answer<'IVdsControllerPort.GetProperties'> {
    const { friendlyName, identification, status } = this.read();
    return { hr: HR.S_OK, out: { portProp: { id: this.id, friendlyName, identification, status } } };
  }

  protected getController(): Answer<'IVdsControllerPort.GetController'> {
    return { hr: HR.S_OK, out: { controller: this.holder() } };
  }

  protected queryAssociatedLuns(): Answer<'IVdsControllerPort.QueryAssociatedLuns'> {
    return { hr: HR.S_OK, out: { enum: this.provider.list('lun', this.read().luns) } };
  }

  /** The port comes back as it was. */
  protected reset(): Answer<'IVdsControllerPort.Reset'> {
    this.reach('IVdsControllerPort.Reset');
    return { hr: HR.S_OK };
  }

  protected setStatus(status: number): Answer<'IVdsControllerPort.SetStatus'> {
    this.touch();
    checkSettable(status, VDS_PORT_STATUS);
    // While its controller is not online, the port reports the controller's status, and has this one afterwards.
    putStatus(this.reach('IVdsControllerPort.SetStatus').port, status);
    return this.changed();
  }
}
