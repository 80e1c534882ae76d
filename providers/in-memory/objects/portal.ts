// An iSCSI portal: its address, the groups that it is in, its status. IPsec is not supported, as the pages say.
import { HR } from '../../../src/contract/hresult.js';
import { VDS_IPADDRESS_TYPE, VDS_ISCSI_PORTAL_STATUS } from '../../../src/contract/generated/enumerations.js';
import type { VDS_IPADDRESS } from '../../../src/contract/generated/structures.js';
import type { Answer, InterfaceMap } from '../../../src/port/object-server.js';
import { DeviceObject } from './object.js';
import { checkSettable, putStatus } from './status.js';

export class PortalObject extends DeviceObject<'portal'> {
  readonly kind = 'portal';
  readonly interfaces: InterfaceMap = {
    IVdsIscsiPortal: {
      GetProperties: () => this.getProperties(),
      GetSubSystem: () => this.getSubSystem(),
      QueryAssociatedPortalGroups: () => this.queryAssociatedPortalGroups(),
      SetStatus: ({ status }) => this.setStatus(status),
    },
  };

  protected getProperties(): Answer<'IVdsIscsiPortal.GetProperties'> {
    const { address, tcpPort, status } = this.read();
    return { hr: HR.S_OK, out: { portalProp: { id: this.id, address: ipv4(address, tcpPort), status } } };
  }

  protected getSubSystem(): Answer<'IVdsIscsiPortal.GetSubSystem'> {
    return { hr: HR.S_OK, out: { subSystem: this.holder() } };
  }

  protected queryAssociatedPortalGroups(): Answer<'IVdsIscsiPortal.QueryAssociatedPortalGroups'> {
    return { hr: HR.S_OK, out: { enum: this.provider.list('portal-group', this.read().groups) } };
  }

  protected setStatus(status: number): Answer<'IVdsIscsiPortal.SetStatus'> {
    this.touch();
    checkSettable(status, VDS_ISCSI_PORTAL_STATUS);
    putStatus(this.reach('IVdsIscsiPortal.SetStatus').portal, status);
    return this.changed();
  }
}

/**
 * The address's bytes stand in network order, so on a little-endian machine the number's lowest byte is the address's
 * first.
 */
function ipv4(dotted: string, port: number): VDS_IPADDRESS {
  const ipv4Address = Buffer.from(dotted.split('.').map(Number)).readUInt32LE();
  return {
    type: VDS_IPADDRESS_TYPE.VDS_IPT_IPV4,
    ipv4Address,
    ipv6Address: new Uint8Array(16),
    ipv6FlowInfo: 0,
    ipv6ScopeId: 0,
    textAddress: '',
    port,
  };
}
