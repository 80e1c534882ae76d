// A controller with its port: properties, the LUNs that are active on it, its cache and status.
import { HR } from '../../../src/contract/hresult.js';
import { VDS_CONTROLLER_STATUS } from '../../../src/contract/generated/enumerations.js';
import type { Answer, InterfaceMap } from '../../../src/port/object-server.js';
import type { MethodName } from '../../../src/contract/tables.js';
import { Failure } from '../failure.js';
import { DeviceObject } from './object.js';
import { checkSettable, putStatus } from './status.js';

export class ControllerObject extends DeviceObject<'controller'> {
  readonly kind = 'controller';
  readonly interfaces: InterfaceMap = {
    IVdsController: {
      GetProperties: () => this.getProperties(),
      GetSubSystem: () => this.getSubSystem(),
      GetPortProperties: ({ portNumber }) => this.getPortProperties(portNumber),
      FlushCache: () => this.order('IVdsController.FlushCache'),
      InvalidateCache: () => this.order('IVdsController.InvalidateCache'),
      Reset: () => this.order('IVdsController.Reset'),
      QueryAssociatedLuns: () => this.queryAssociatedLuns(),
      SetStatus: ({ status }) => this.setStatus(status),
    },
  };

  protected getProperties(): Answer<'IVdsController.GetProperties'> {
    const { friendlyName, identification, status, health, builtInPorts, ports } = this.read();
    const numberOfPorts = builtInPorts.length + ports.length;
    return {
      hr: HR.S_OK,
      out: { controllerProp: { id: this.id, friendlyName, identification, status, health, numberOfPorts } },
    };
  }

  protected getSubSystem(): Answer<'IVdsController.GetSubSystem'> {
    return { hr: HR.S_OK, out: { subSystem: this.holder() } };
  }

  /** The status of a port that is part of the controller is the controller's. */
  protected getPortProperties(portNumber: number): Answer<'IVdsController.GetPortProperties'> {
    const { builtInPorts, ports, status } = this.read();
    const builtIn = builtInPorts[portNumber];
    if (builtIn !== undefined) return { hr: HR.S_OK, out: { portProp: { ...builtIn, status } } };
    const id = ports[portNumber];
    if (id === undefined) throw new Failure(HR.E_INVALIDARG);
    const port = this.provider.inventory.record('port', id);
    const { friendlyName, identification } = port;
    return { hr: HR.S_OK, out: { portProp: { id, friendlyName, identification, status: port.status } } };
  }

  protected queryAssociatedLuns(): Answer<'IVdsController.QueryAssociatedLuns'> {
    return { hr: HR.S_OK, out: { enum: this.provider.list('lun', this.read().luns) } };
  }

  /** Cache and reset: the array writes through and remembers nothing of calls, so being asked is all there is to it. */
  protected order(method: MethodName): { readonly hr: number } {
    this.reach(method);
    return { hr: HR.S_OK };
  }

  protected setStatus(status: number): Answer<'IVdsController.SetStatus'> {
    this.touch();
    checkSettable(status, VDS_CONTROLLER_STATUS);
    putStatus(this.reach('IVdsController.SetStatus').controller, status);
    return this.changed();
  }
}
