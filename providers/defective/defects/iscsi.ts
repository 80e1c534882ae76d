// Defects of iSCSI targets.
import { VDS_ASYNC_OUTPUT_TYPE, VDS_SUB_SYSTEM_FLAG } from '../../../src/contract/generated/enumerations.js';
import { HR } from '../../../src/contract/hresult.js';
import { StorageArray, type Reservation } from '../../in-memory/array/array.js';
import type { ArrayTarget } from '../../in-memory/array/devices.js';
import { Failure } from '../../in-memory/failure.js';
import { Inventory, type MemberList } from '../../in-memory/cache/inventory.js';
import type { DeviceObject } from '../../in-memory/objects/object.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import { TargetObject } from '../../in-memory/objects/target.js';
import type { Defect } from '../defect.js';

type Create = ReturnType<SubSystemObject['createTarget']>;
type SetSecret = ReturnType<TargetObject['setSharedSecret']>;
type Secret = Parameters<TargetObject['setSharedSecret']>[0];

class OtherName extends SubSystemObject {
  protected override createTarget(name: string | null, friendlyName: string | null): Create {
    return super.createTarget(name === null || name === '' ? name : `${name}.0`, friendlyName);
  }
}

class InvalidGeneratedName extends StorageArray {
  private made = 0;

  override unusedName(): string {
    return `Target ${++this.made}`;
  }
}

class SameGeneratedName extends StorageArray {
  override unusedName(): string {
    return 'iqn.2026-11.example.vdsc:target';
  }

  override promiseName(name: string): Reservation | undefined {
    return name === this.unusedName() ? { release: () => {} } : super.promiseName(name);
  }
}

class EmptyNameRefused extends SubSystemObject {
  protected override createTarget(name: string | null, friendlyName: string | null): Create {
    if (name === '') throw new Failure(HR.E_INVALIDARG);
    return super.createTarget(name, friendlyName);
  }
}

/** Names are looked up in the subsystem itself only. */
class UniqueHereOnly extends SubSystemObject {
  protected override createTarget(name: string | null, friendlyName: string | null): Create {
    try {
      return super.createTarget(name, friendlyName);
    } catch (error) {
      const taken = (): boolean => [...this.reach().subSystem.targets.values()].some((t) => t.iscsiName === name);
      if (!(error instanceof Failure) || error.hr !== HR.VDS_E_NAME_NOT_UNIQUE || name === null || taken()) throw error;
      const { array, inventory } = this.provider;
      const async = this.provider.start({
        type: VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_CREATETARGET,
        commit: () => {
          const { id } = array.addTarget(this.reach().subSystem, name, friendlyName ?? undefined);
          this.provider.learn(id);
          return inventory.device(id);
        },
      });
      return { hr: HR.S_OK, out: { async } };
    }
  }
}

/** A name that is in use yields the target that has it. */
class ExistingTargetForItsName extends SubSystemObject {
  protected override createTarget(name: string | null, friendlyName: string | null): Create {
    try {
      return super.createTarget(name, friendlyName);
    } catch (error) {
      const { inventory } = this.provider;
      const same = [...inventory.devices.values()].find(
        (d) => d.kind === 'target' && inventory.record('target', d.id).iscsiName === name,
      );
      if (!(error instanceof Failure) || error.hr !== HR.VDS_E_NAME_NOT_UNIQUE || same === undefined) throw error;
      return {
        hr: HR.S_OK,
        out: {
          async: this.provider.start({ type: VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_CREATETARGET, commit: () => same }),
        },
      };
    }
  }
}

class NotUniqueIsInvalid extends SubSystemObject {
  protected override createTarget(name: string | null, friendlyName: string | null): Create {
    try {
      return super.createTarget(name, friendlyName);
    } catch (error) {
      throw error instanceof Failure && error.hr === HR.VDS_E_NAME_NOT_UNIQUE ? new Failure(HR.E_INVALIDARG) : error;
    }
  }
}

class BadNameFromTheFactory extends StorageArray {
  override addTarget(...made: Parameters<StorageArray['addTarget']>): ArrayTarget {
    const target = super.addTarget(...made);
    return this.built ? target : Object.assign(target, { iscsiName: 'Existing target' });
  }

  declare private built: boolean;

  protected override build(): void {
    super.build();
    this.built = true;
  }
}

class NoIdentification extends StorageArray {
  protected override build(): void {
    super.build();
    // The array's own type has no NULL here; a provider that never fills the string has.
    for (const subSystem of this.subSystems.values()) Object.assign(subSystem, { identification: null });
  }
}

class ClaimsSimpleConfiguration extends SubSystemObject {
  protected override getProperties(): ReturnType<SubSystemObject['getProperties']> {
    const answer = super.getProperties();
    const prop = answer.out?.subSystemProp;
    if (typeof prop !== 'object' || prop === null) return answer;
    return {
      ...answer,
      out: { subSystemProp: { ...prop, flags: prop.flags | VDS_SUB_SYSTEM_FLAG.VDS_SF_SUPPORTS_SIMPLE_TARGET_CONFIG } },
    };
  }
}

class NotListedAtFirst extends Inventory {
  private readonly unlisted = new Set<string>();

  protected override takeIn(...[found, news]: Parameters<Inventory['takeIn']>): readonly string[] {
    if (found.kind === 'target') this.unlisted.add(found.id);
    return super.takeIn(found, news);
  }

  override members(subSystem: string, list: MemberList): readonly DeviceObject[] {
    return super.members(subSystem, list).filter((target) => !this.unlisted.has(target.id));
  }

  override refresh(): ReturnType<Inventory['refresh']> {
    this.unlisted.clear();
    return super.refresh();
  }
}

class ListsDeletedTargets extends Inventory {
  private ghosts: readonly DeviceObject[] = [];

  override depart(device: DeviceObject): ReturnType<Inventory['depart']> {
    if (device.kind === 'target') this.ghosts = [...this.ghosts, device];
    return super.depart(device);
  }

  override members(subSystem: string, list: MemberList): readonly DeviceObject[] {
    const ghosts = list === 'targets' ? this.ghosts.filter((target) => target.parent === subSystem) : [];
    return [...super.members(subSystem, list), ...ghosts];
  }

  override refresh(): ReturnType<Inventory['refresh']> {
    this.ghosts = [];
    return super.refresh();
  }
}

const secretUnless = (refused: (size: number) => boolean, hr: number): typeof TargetObject =>
  class extends TargetObject {
    protected override setSharedSecret(secret: Secret, initiator: string | null): SetSecret {
      if (secret !== null && secret.sharedSecret !== null && refused(secret.sharedSecretSize)) throw new Failure(hr);
      return super.setSharedSecret(secret, initiator);
    }
  };

class AnyLengthTaken extends TargetObject {
  protected override setSharedSecret(secret: Secret, initiator: string | null): SetSecret {
    const padded =
      secret === null || secret.sharedSecret === null
        ? secret
        : { sharedSecret: new Uint8Array(16), sharedSecretSize: 16 };
    return super.setSharedSecret(padded, initiator);
  }
}

class StuckFlag extends TargetObject {
  protected override setSharedSecret(secret: Secret, initiator: string | null): SetSecret {
    return secret === null || secret.sharedSecret === null ? { hr: HR.S_OK } : super.setSharedSecret(secret, initiator);
  }
}

class FlagNeverSet extends TargetObject {
  protected override setSharedSecret(secret: Secret, initiator: string | null): SetSecret {
    super.setSharedSecret(secret, initiator);
    return super.setSharedSecret(null, initiator);
  }
}

const connected = (list: readonly string[] | null, count: number): typeof TargetObject =>
  class extends TargetObject {
    protected override getConnectedInitiators(): ReturnType<TargetObject['getConnectedInitiators']> {
      return { hr: HR.S_OK, out: { initiatorList: list, numberOfInitiators: count } };
    }
  };

class NoneConnectedIsAFailure extends TargetObject {
  protected override getConnectedInitiators(): ReturnType<TargetObject['getConnectedInitiators']> {
    this.touch();
    throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
  }
}

class InitiatorsNotImplemented extends TargetObject {
  protected override setSharedSecret(secret: Secret, initiator: string | null): SetSecret {
    if (initiator !== null) throw new Failure(HR.E_NOTIMPL);
    return super.setSharedSecret(secret, initiator);
  }
}

/** Makes a name up of the alias, and tells it apart from those of its own subsystem. */
class NamedAfterItsAlias extends SubSystemObject {
  protected override createTarget(
    ...[given, alias]: Parameters<SubSystemObject['createTarget']>
  ): ReturnType<SubSystemObject['createTarget']> {
    const stem = `iqn.2026-11.example.vdsc:${(alias ?? '').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`;
    if ((given !== null && given !== '') || stem.endsWith(':')) return super.createTarget(given, alias);
    const { targets } = this.reach('IVdsSubSystemIscsi.CreateTarget').subSystem;
    const taken = new Set([...targets.values()].map(({ iscsiName }) => iscsiName));
    let name = stem;
    for (let n = 2; taken.has(name); n++) name = `${stem}-${n}`;
    return super.createTarget(name, alias);
  }
}

export const ISCSI: readonly Defect[] = [
  {
    name: 'target-names-made-of-aliases',
    breaks: ['VDS-11.1'],
    noticedBy: ['iscsi.generated-names-of-one-alias'],
    says: 'A name that is made up is that of the alias, which a target of another subsystem may have as well.',
    parts: { SubSystem: NamedAfterItsAlias },
  },
  {
    name: 'target-gets-another-name',
    breaks: ['VDS-11.1'],
    noticedBy: ['iscsi.create-target'],
    says: 'CreateTarget appends a number to the name that it was given.',
    parts: { SubSystem: OtherName },
  },
  {
    name: 'target-generated-name-invalid',
    breaks: ['VDS-7.9c'],
    noticedBy: ['iscsi.generated-name'],
    says: 'A generated name is not a valid iSCSI name.',
    parts: { StorageArray: InvalidGeneratedName },
  },
  {
    name: 'target-generated-name-repeated',
    breaks: ['VDS-11.1'],
    noticedBy: ['iscsi.generated-name'],
    says: 'CreateTarget makes up the same name each time.',
    parts: { StorageArray: SameGeneratedName },
  },
  {
    name: 'target-empty-name-refused',
    breaks: ['VDS-8.1a'],
    noticedBy: ['iscsi.generated-name'],
    says: 'CreateTarget answers E_INVALIDARG for an empty name instead of making one up.',
    parts: { SubSystem: EmptyNameRefused },
  },
  {
    name: 'target-name-unique-per-subsystem-only',
    breaks: ['VDS-11.1'],
    noticedBy: ['iscsi.name-not-unique'],
    says: "A target's name can be used again on another subsystem.",
    parts: { SubSystem: UniqueHereOnly },
  },
  {
    name: 'target-name-not-unique-e-invalidarg',
    breaks: ['VDS-11.1'],
    noticedBy: ['iscsi.name-not-unique', 'interactions.targets'],
    says: 'CreateTarget answers E_INVALIDARG for a name that is in use.',
    parts: { SubSystem: NotUniqueIsInvalid },
  },
  {
    name: 'target-name-not-unique-finds-the-other',
    breaks: ['VDS-11.1'],
    noticedBy: ['iscsi.name-not-unique'],
    says: 'CreateTarget with a name in use ends with S_OK and hands over the target that has the name.',
    parts: { SubSystem: ExistingTargetForItsName },
  },
  {
    name: 'target-name-from-the-factory-invalid',
    breaks: ['VDS-7.9c'],
    noticedBy: ['iscsi.target-names'],
    says: "The array's first target has a name that is not a valid iSCSI name.",
    parts: { StorageArray: BadNameFromTheFactory },
  },
  {
    name: 'subsystem-identification-null',
    breaks: ['VDS-7.9'],
    noticedBy: ['iscsi.target-names'],
    says: "A subsystem's identification string is NULL.",
    parts: { StorageArray: NoIdentification },
  },
  {
    name: 'subsystem-claims-simple-targets',
    breaks: ['VDS-10.4a'],
    noticedBy: ['iscsi.simple-target-luns'],
    says: 'A subsystem has VDS_SF_SUPPORTS_SIMPLE_TARGET_CONFIG and lets targets be created.',
    parts: { SubSystem: ClaimsSimpleConfiguration },
  },
  {
    name: 'new-target-not-listed',
    breaks: ['VDS-6.7a'],
    noticedBy: ['iscsi.create-target'],
    says: 'QueryTargets lists a new target only after the next Refresh.',
    parts: { Inventory: NotListedAtFirst },
  },
  {
    name: 'deleted-target-still-listed',
    breaks: ['VDS-11.2a'],
    noticedBy: ['iscsi.delete-target'],
    says: 'QueryTargets lists a deleted target until the next Refresh.',
    parts: { Inventory: ListsDeletedTargets },
  },
  {
    name: 'chap-flag-lies',
    breaks: ['VDS-11.6b'],
    noticedBy: ['iscsi.shared-secret'],
    says: 'A subsystem has VDS_SF_SUPPORTS_AUTH_CHAP, but its targets answer VDS_E_NOT_SUPPORTED to SetSharedSecret.',
    parts: { Target: secretUnless(() => true, HR.VDS_E_NOT_SUPPORTED) },
  },
  {
    name: 'chap-secret-of-16-refused',
    breaks: ['VDS-11.5a'],
    noticedBy: ['iscsi.shared-secret'],
    says: 'SetSharedSecret takes secrets of 12 to 15 bytes.',
    parts: { Target: secretUnless((size) => size > 15, HR.E_INVALIDARG) },
  },
  {
    name: 'chap-secret-of-any-length',
    breaks: ['VDS-11.5c'],
    noticedBy: ['iscsi.secret-of-wrong-length'],
    says: 'SetSharedSecret takes secrets of any length and pads or cuts them.',
    parts: { Target: AnyLengthTaken },
  },
  {
    name: 'chap-wrong-length-e-unexpected',
    breaks: ['VDS-0.2c'],
    strict: true,
    noticedBy: ['iscsi.secret-of-wrong-length'],
    says: 'SetSharedSecret answers E_UNEXPECTED for a secret of a wrong length.',
    parts: { Target: secretUnless((size) => size < 12 || size > 16, HR.E_UNEXPECTED) },
  },
  {
    name: 'chap-enabled-stuck',
    breaks: ['VDS-11.5e'],
    noticedBy: ['iscsi.secret-cleared-twice'],
    says: 'bChapEnabled stays TRUE after the secret was cleared.',
    parts: { Target: StuckFlag },
  },
  {
    name: 'chap-enabled-never-set',
    breaks: ['VDS-11.5e'],
    noticedBy: ['iscsi.shared-secret'],
    says: 'bChapEnabled stays FALSE although a secret was set.',
    parts: { Target: FlagNeverSet },
  },
  {
    name: 'chap-secret-per-initiator-e-notimpl',
    breaks: ['VDS-11.5f'],
    noticedBy: ['iscsi.secret-for-one-initiator'],
    says: 'SetSharedSecret for one initiator answers E_NOTIMPL instead of VDS_E_INITIATOR_SPECIFIC_NOT_SUPPORTED.',
    parts: { Target: InitiatorsNotImplemented },
  },
  {
    name: 'connected-initiators-garbage',
    breaks: ['VDS-11.7'],
    noticedBy: ['iscsi.connected-initiators', 'interactions.references'],
    says: 'GetConnectedInitiators leaves an uninitialised count where there are no initiators.',
    parts: { Target: connected(null, 0x7ffdc0de) },
  },
  {
    name: 'connected-initiators-not-found',
    breaks: ['VDS-11.7'],
    noticedBy: ['iscsi.connected-initiators'],
    says: 'GetConnectedInitiators answers VDS_E_OBJECT_NOT_FOUND where there are no initiators.',
    parts: { Target: NoneConnectedIsAFailure },
  },
];
