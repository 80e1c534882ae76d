// A portal group of an iSCSI target: its tag and portals.
import { HR } from '../../src/contract/hresult.js';
import type { Answer, InterfaceMap } from '../../src/provider/object-server.js';
import { DeviceObject } from './object.js';

export class PortalGroupObject extends DeviceObject<'portal-group'> {
  readonly kind = 'portal-group';
  readonly interfaces: InterfaceMap = {
    IVdsIscsiPortalGroup: {
      GetProperties: () => this.getProperties(),
      GetTarget: () => this.getTarget(),
      QueryAssociatedPortals: () => this.queryAssociatedPortals(),
    },
  };

  protected getProperties(): Answer<'IVdsIscsiPortalGroup.GetProperties'> {
    return { hr: HR.S_OK, out: { portalGroupProp: { id: this.id, tag: this.read().tag } } };
  }

  protected getTarget(): Answer<'IVdsIscsiPortalGroup.GetTarget'> {
    return { hr: HR.S_OK, out: { target: this.holder() } };
  }

  protected queryAssociatedPortals(): Answer<'IVdsIscsiPortalGroup.QueryAssociatedPortals'> {
    const { inventory } = this.provider;
    return { hr: HR.S_OK, out: { enum: this.provider.enumerate(inventory.list('portal', this.read().portals)) } };
  }
}
