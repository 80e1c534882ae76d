// A portal group of an iSCSI target: its tag and portals, deleting it.
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import { VDS_ASYNC_OUTPUT_TYPE as OUT } from '../../../src/contract/generated/enumerations.js';
import type { Answer, InterfaceMap } from '../../../src/port/object-server.js';
import type { FoundOf } from '../array/devices.js';
import { Failure } from '../failure.js';
import { knownId } from './id-lists.js';
import { DeviceObject } from './object.js';

export class PortalGroupObject extends DeviceObject<'portal-group'> {
  readonly kind = 'portal-group';
  readonly interfaces: InterfaceMap = {
    IVdsIscsiPortalGroup: {
      GetProperties: () => this.getProperties(),
      GetTarget: () => this.getTarget(),
      QueryAssociatedPortals: () => this.queryAssociatedPortals(),
      AddPortal: ({ portalId }) => this.addPortal(portalId),
      RemovePortal: ({ portalId }) => this.removePortal(portalId),
      Delete: () => this.delete(),
    },
  };

  protected getProperties(): Answer<'IVdsIscsiPortalGroup.GetProperties'> {
    return { hr: HR.S_OK, out: { portalGroupProp: { id: this.id, tag: this.read().tag } } };
  }

  protected getTarget(): Answer<'IVdsIscsiPortalGroup.GetTarget'> {
    return { hr: HR.S_OK, out: { target: this.holder() } };
  }

  protected queryAssociatedPortals(): Answer<'IVdsIscsiPortalGroup.QueryAssociatedPortals'> {
    return { hr: HR.S_OK, out: { enum: this.provider.list('portal', this.read().portals) } };
  }

  protected addPortal(portalId: Guid): Answer<'IVdsIscsiPortalGroup.AddPortal'> {
    const { inventory } = this.provider;
    const id = knownId(
      portalId,
      inventory.record('subsystem', inventory.record('target', this.read().parent).parent).portals,
    );
    this.checkAddable(this.reach('IVdsIscsiPortalGroup.AddPortal'), id);
    return this.operation(OUT.VDS_ASYNCOUT_ADDPORTAL, () => {
      const found = this.reach();
      this.checkAddable(found, id);
      found.group.portals.add(id);
      this.changed();
    });
  }

  /** A portal is in one group of a target at most. */
  protected checkAddable({ subSystem, target }: FoundOf<'portal-group'>, id: Guid): void {
    if (!subSystem.portals.has(id)) throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
    if ([...target.groups.values()].some((g) => g.portals.has(id))) throw new Failure(HR.VDS_E_INVALID_OPERATION);
  }

  protected removePortal(portalId: Guid): Answer<'IVdsIscsiPortalGroup.RemovePortal'> {
    const id = knownId(portalId, this.read().portals);
    this.reach('IVdsIscsiPortalGroup.RemovePortal');
    return this.operation(OUT.VDS_ASYNCOUT_REMOVEPORTAL, () => {
      if (!this.reach().group.portals.delete(id)) throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
      this.changed();
    });
  }

  protected delete(): Answer<'IVdsIscsiPortalGroup.Delete'> {
    this.checkEmpty(this.reach('IVdsIscsiPortalGroup.Delete'));
    return this.operation(OUT.VDS_ASYNCOUT_DELETEPORTALGROUP, () => {
      this.checkEmpty(this.reach());
      this.provider.array.remove(this.id);
      this.provider.deviceDeparted(this.id);
    });
  }

  protected checkEmpty({ group }: FoundOf<'portal-group'>): void {
    if (group.portals.size > 0) throw new Failure(HR.VDS_E_ASSOCIATED_PORTALS_EXIST);
  }
}
