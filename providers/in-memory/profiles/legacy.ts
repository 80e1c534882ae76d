// An array of VDS 1.0. Its provider has none of the interfaces that came with a later version, sends none of the later
// events, and cannot mask LUNs.
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import { VDS_SUB_SYSTEM_FLAG as SF } from '../../../src/contract/generated/enumerations.js';
import type { VDS_NOTIFICATION } from '../../../src/contract/generated/structures.js';
import type { Answer } from '../../../src/port/object-server.js';
import { StorageArray } from '../array/array.js';
import { Failure } from '../failure.js';
import type { ProviderInstance } from '../objects/instance.js';
import { LunObject } from '../objects/lun.js';
import { ProviderObject } from '../objects/provider.js';
import { FLAGS } from '../objects/subsystem-queries.js';
import { SubSystemObject } from '../objects/subsystem.js';
import type { Parts, System } from '../parts.js';

/** Windows 7 brought the events from this one on: CONTROLLER_MODIFY, those of _REMOVED. */
const FIRST_LATER_EVENT = 350;

/** No targets and no portals. */
class LegacyArray extends StorageArray {
  protected override build(): void {
    super.build();
    for (const { targets, portals } of this.subSystems.values())
      for (const id of [...targets.keys(), ...portals.keys()]) this.remove(id);
  }
}

class LegacyProvider extends ProviderObject {
  constructor(system: System) {
    super(system);
    this.withdraw('IVdsProviderSupport', 'IVdsHwProviderType');
  }

  override announce(notifications: readonly VDS_NOTIFICATION[]): void {
    super.announce(
      notifications.filter(({ controller, drive }) => ((controller ?? drive)?.event ?? 0) < FIRST_LATER_EVENT),
    );
  }
}

class LegacySubSystem extends SubSystemObject {
  protected override readonly flags =
    FLAGS & ~(SF.VDS_SF_LUN_MASKING_CAPABLE | SF.VDS_SF_SUPPORTS_AUTH_CHAP | SF.VDS_SF_SUPPORTS_AUTH_MUTUAL_CHAP);

  constructor(provider: ProviderInstance, id: Guid, parent: Guid | null) {
    super(provider, id, parent);
    this.withdraw(
      'IVdsSubSystem2',
      'IVdsSubSystemNaming',
      'IVdsSubSystemInterconnect',
      'IVdsSubSystemIscsi',
      'IVdsSubSystemImportTarget',
    );
  }
}

class LegacyLun extends LunObject {
  constructor(provider: ProviderInstance, id: Guid, parent: Guid | null) {
    super(provider, id, parent);
    this.withdraw('IVdsLunNaming', 'IVdsLunIscsi');
  }

  protected override setMask(): Answer<'IVdsLun.SetMask'> {
    this.touch();
    throw new Failure(HR.VDS_E_NOT_SUPPORTED);
  }
}

export const LEGACY: Partial<Parts> = {
  StorageArray: LegacyArray,
  Provider: LegacyProvider,
  SubSystem: LegacySubSystem,
  Lun: LegacyLun,
};
