// An iSCSI target: its properties, portal groups, CHAP secrets, deleting it.
import { HR } from '../../../src/contract/hresult.js';
import { VDS_ASYNC_OUTPUT_TYPE as OUT } from '../../../src/contract/generated/enumerations.js';
import type { VDS_ISCSI_SHARED_SECRET } from '../../../src/contract/generated/structures.js';
import type { Answer, InterfaceMap } from '../../../src/port/object-server.js';
import type { ArraySubSystem } from '../array/devices.js';
import { Failure } from '../failure.js';
import { friendlyNameOf } from './naming.js';
import { DeviceObject } from './object.js';
import { isSecret } from './secrets.js';

export class TargetObject extends DeviceObject<'target'> {
  readonly kind = 'target';
  readonly interfaces: InterfaceMap = {
    IVdsIscsiTarget: {
      GetProperties: () => this.getProperties(),
      GetSubSystem: () => this.getSubSystem(),
      QueryPortalGroups: () => this.queryPortalGroups(),
      QueryAssociatedLuns: () => this.queryAssociatedLuns(),
      CreatePortalGroup: () => this.createPortalGroup(),
      Delete: () => this.delete(),
      SetFriendlyName: ({ friendlyName }) => this.setFriendlyName(friendlyName),
      SetSharedSecret: ({ targetSharedSecret, initiatorName }) =>
        this.setSharedSecret(targetSharedSecret, initiatorName),
      RememberInitiatorSharedSecret: ({ initiatorName, initiatorSharedSecret }) =>
        this.rememberInitiatorSharedSecret(initiatorName, initiatorSharedSecret),
      GetConnectedInitiators: () => this.getConnectedInitiators(),
    },
  };

  protected getProperties(): Answer<'IVdsIscsiTarget.GetProperties'> {
    const { iscsiName, friendlyName, chapEnabled } = this.read();
    return { hr: HR.S_OK, out: { targetProp: { id: this.id, iscsiName, friendlyName, chapEnabled } } };
  }

  protected getSubSystem(): Answer<'IVdsIscsiTarget.GetSubSystem'> {
    return { hr: HR.S_OK, out: { subSystem: this.holder() } };
  }

  protected queryPortalGroups(): Answer<'IVdsIscsiTarget.QueryPortalGroups'> {
    return { hr: HR.S_OK, out: { enum: this.provider.list('portal-group', this.read().groups) } };
  }

  protected queryAssociatedLuns(): Answer<'IVdsIscsiTarget.QueryAssociatedLuns'> {
    return { hr: HR.S_OK, out: { enum: this.provider.list('lun', this.read().luns) } };
  }

  /** Where there are as many as a target may have the operation hands over the first. */
  protected createPortalGroup(): Answer<'IVdsIscsiTarget.CreatePortalGroup'> {
    const { array } = this.provider;
    const reservation = array.promiseGroup(this.reach('IVdsIscsiTarget.CreatePortalGroup').target);
    if (reservation === undefined) {
      const answer = this.operation(OUT.VDS_ASYNCOUT_CREATEPORTALGROUP, () => {
        const [first] = this.reach().target.groups.keys();
        if (first === undefined) throw new Failure(HR.VDS_E_OBJECT_DELETED);
        return this.provider.meet(first);
      });
      return { ...answer, hr: HR.VDS_S_ALREADY_EXISTS };
    }
    return this.operation(
      OUT.VDS_ASYNCOUT_CREATEPORTALGROUP,
      () => {
        const { target } = this.reach();
        reservation.release();
        return this.provider.meet(array.addPortalGroup(target).id);
      },
      () => reservation.release(),
    );
  }

  protected delete(): Answer<'IVdsIscsiTarget.Delete'> {
    this.refuseAssociated(this.reach('IVdsIscsiTarget.Delete').subSystem);
    return this.operation(OUT.VDS_ASYNCOUT_DELETETARGET, () => {
      this.refuseAssociated(this.reach().subSystem);
      this.provider.array.remove(this.id);
      this.provider.deviceDeparted(this.id);
    });
  }

  protected refuseAssociated({ luns }: ArraySubSystem): void {
    if ([...luns.values()].some((lun) => lun.targets.has(this.id))) throw new Failure(HR.VDS_E_ASSOCIATED_LUNS_EXIST);
  }

  protected setFriendlyName(given: string | null): Answer<'IVdsIscsiTarget.SetFriendlyName'> {
    this.touch();
    const { friendlyName, hr } = friendlyNameOf(given);
    this.reach('IVdsIscsiTarget.SetFriendlyName').target.friendlyName = friendlyName;
    return this.changed(hr);
  }

  /** Only whether a secret is set is kept. */
  protected setSharedSecret(
    secret: VDS_ISCSI_SHARED_SECRET | null,
    initiatorName: string | null,
  ): Answer<'IVdsIscsiTarget.SetSharedSecret'> {
    this.touch();
    if (initiatorName !== null) throw new Failure(HR.VDS_E_INITIATOR_SPECIFIC_NOT_SUPPORTED);
    const chapEnabled = isSecret(secret);
    this.reach('IVdsIscsiTarget.SetSharedSecret').target.chapEnabled = chapEnabled;
    return this.changed();
  }

  /**
   * Nothing that a caller can read depends on an initiator's secret, and nobody ever logs in: it is checked, taken, and
   * not kept.
   */
  protected rememberInitiatorSharedSecret(
    name: string | null,
    secret: VDS_ISCSI_SHARED_SECRET | null,
  ): Answer<'IVdsIscsiTarget.RememberInitiatorSharedSecret'> {
    this.touch();
    if (name === null || name === '') throw new Failure(HR.E_INVALIDARG);
    isSecret(secret);
    this.reach('IVdsIscsiTarget.RememberInitiatorSharedSecret');
    return { hr: HR.S_OK };
  }

  protected getConnectedInitiators(): Answer<'IVdsIscsiTarget.GetConnectedInitiators'> {
    this.touch();
    return { hr: HR.S_OK, out: { initiatorList: null, numberOfInitiators: 0 } };
  }
}
