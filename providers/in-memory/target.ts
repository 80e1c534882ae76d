// An iSCSI target: its properties, its CHAP secret, deleting it.
import { HR } from '../../src/contract/hresult.js';
import { VDS_ASYNC_OUTPUT_TYPE } from '../../src/contract/generated/enumerations.js';
import type { VDS_ISCSI_SHARED_SECRET } from '../../src/contract/generated/structures.js';
import type { Answer, InterfaceMap } from '../../src/provider/object-server.js';
import type { ArraySubSystem } from './devices.js';
import { Failure } from './failure.js';
import { DeviceObject } from './object.js';

const SHORTEST_SECRET = 12;
const LONGEST_SECRET = 16;

export class TargetObject extends DeviceObject<'target'> {
  readonly kind = 'target';
  readonly interfaces: InterfaceMap = {
    IVdsIscsiTarget: {
      GetProperties: () => this.getProperties(),
      GetSubSystem: () => this.getSubSystem(),
      QueryPortalGroups: () => this.queryPortalGroups(),
      QueryAssociatedLuns: () => this.queryAssociatedLuns(),
      Delete: () => this.delete(),
      SetSharedSecret: ({ targetSharedSecret, initiatorName }) => this.setSharedSecret(targetSharedSecret, initiatorName),
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
    return { hr: HR.S_OK, out: { enum: this.provider.enumerate(this.provider.inventory.list('portal-group', this.read().groups)) } };
  }

  protected queryAssociatedLuns(): Answer<'IVdsIscsiTarget.QueryAssociatedLuns'> {
    return { hr: HR.S_OK, out: { enum: this.provider.enumerate(this.provider.inventory.list('lun', this.read().luns)) } };
  }

  protected delete(): Answer<'IVdsIscsiTarget.Delete'> {
    this.refuseAssociated(this.reach('IVdsIscsiTarget.Delete').subSystem);
    const async = this.provider.start({
      type: VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_DELETETARGET,
      commit: () => {
        this.refuseAssociated(this.reach().subSystem);
        this.provider.array.remove(this.id);
        this.provider.deviceDeparted(this.id);
        return null;
      },
    });
    return { hr: HR.S_OK, out: { async } };
  }

  protected refuseAssociated({ luns }: ArraySubSystem): void {
    if ([...luns.values()].some((lun) => lun.targets.has(this.id))) throw new Failure(HR.VDS_E_ASSOCIATED_LUNS_EXIST);
  }

  /** Only whether a secret is set is kept: a provider must not persist secrets, and this array authenticates nobody. */
  protected setSharedSecret(secret: VDS_ISCSI_SHARED_SECRET | null, initiatorName: string | null): Answer<'IVdsIscsiTarget.SetSharedSecret'> {
    this.touch();
    if (initiatorName !== null) throw new Failure(HR.VDS_E_INITIATOR_SPECIFIC_NOT_SUPPORTED);
    const chapEnabled = isSecret(secret);
    this.reach('IVdsIscsiTarget.SetSharedSecret').target.chapEnabled = chapEnabled;
    this.provider.learn(this.id);
    return { hr: HR.S_OK };
  }

  protected getConnectedInitiators(): Answer<'IVdsIscsiTarget.GetConnectedInitiators'> {
    this.touch();
    return { hr: HR.S_OK, out: { initiatorList: null, numberOfInitiators: 0 } };
  }
}

/** True for a secret to set, false for what clears it. Throws Failure(E_INVALIDARG) for anything else. */
function isSecret(secret: VDS_ISCSI_SHARED_SECRET | null): boolean {
  if (secret === null) return false;
  const { sharedSecret: bytes, sharedSecretSize: size } = secret;
  if (bytes === null && size === 0) return false;
  if (bytes === null || size !== bytes.length || size < SHORTEST_SECRET || size > LONGEST_SECRET) throw new Failure(HR.E_INVALIDARG);
  return true;
}
