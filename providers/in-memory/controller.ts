// A controller with its port: properties and the LUNs that are active on it.
import { HR } from '../../src/contract/hresult.js';
import type { Answer, InterfaceMap } from '../../src/provider/object-server.js';
import { Failure } from './failure.js';
import { DeviceObject } from './object.js';

export class ControllerObject extends DeviceObject<'controller'> {
  readonly kind = 'controller';
  readonly interfaces: InterfaceMap = {
    IVdsController: {
      GetProperties: () => this.getProperties(),
      GetSubSystem: () => this.getSubSystem(),
      GetPortProperties: ({ portNumber }) => this.getPortProperties(portNumber),
      QueryAssociatedLuns: () => this.queryAssociatedLuns(),
    },
  };

  protected getProperties(): Answer<'IVdsController.GetProperties'> {
    const { friendlyName, identification, status, health } = this.read();
    return { hr: HR.S_OK, out: { controllerProp: { id: this.id, friendlyName, identification, status, health, numberOfPorts: 1 } } };
  }

  protected getSubSystem(): Answer<'IVdsController.GetSubSystem'> {
    return { hr: HR.S_OK, out: { subSystem: this.holder() } };
  }

  /** The port's status is its controller's: it is part of it. */
  protected getPortProperties(portNumber: number): Answer<'IVdsController.GetPortProperties'> {
    const { port, status } = this.read();
    if (portNumber !== 0) throw new Failure(HR.E_INVALIDARG);
    return { hr: HR.S_OK, out: { portProp: { ...port, status } } };
  }

  protected queryAssociatedLuns(): Answer<'IVdsController.QueryAssociatedLuns'> {
    const { inventory } = this.provider;
    return { hr: HR.S_OK, out: { enum: this.provider.enumerate(inventory.list('lun', this.read().luns)) } };
  }
}
