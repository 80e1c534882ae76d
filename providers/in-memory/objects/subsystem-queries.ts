// The reading methods of a subsystem: properties, members, abilities. Its changes are in subsystem.ts.
import { HR } from '../../../src/contract/hresult.js';
import { VDS_INTERCONNECT_FLAG, VDS_SUB_SYSTEM_FLAG as SF } from '../../../src/contract/generated/enumerations.js';
import type { VDS_SUB_SYSTEM_PROP } from '../../../src/contract/generated/structures.js';
import type { Answer, Servant } from '../../../src/port/object-server.js';
import { Failure } from '../failure.js';
import type { MemberList } from '../cache/records.js';
import { CONCRETE, drivesFor, type Placing } from './lun-request.js';
import { DeviceObject } from './object.js';
import { largestLun, STRIPE_SIZES } from '../array/space.js';

/** The VDS_SF_* flags of the default profile's subsystems. */
export const FLAGS =
  SF.VDS_SF_LUN_MASKING_CAPABLE |
  SF.VDS_SF_LUN_PLEXING_CAPABLE |
  SF.VDS_SF_DRIVE_EXTENT_CAPABLE |
  SF.VDS_SF_SUPPORTS_FAULT_TOLERANT_LUNS |
  SF.VDS_SF_SUPPORTS_NON_FAULT_TOLERANT_LUNS |
  SF.VDS_SF_SUPPORTS_SIMPLE_LUNS |
  SF.VDS_SF_SUPPORTS_SPAN_LUNS |
  SF.VDS_SF_SUPPORTS_STRIPE_LUNS |
  SF.VDS_SF_SUPPORTS_MIRROR_LUNS |
  SF.VDS_SF_SUPPORTS_AUTH_CHAP |
  SF.VDS_SF_SUPPORTS_AUTH_MUTUAL_CHAP;

export abstract class SubSystemQueries extends DeviceObject<'subsystem'> {
  readonly kind = 'subsystem';
  /** The types of LUN that can be asked for by name. */
  protected readonly lunTypes: ReadonlySet<number> = CONCRETE;
  /** VDS_SF_*, those of RAID types, and VDS_ITF_*. */
  protected readonly flags: number = FLAGS;
  protected readonly raidTypes: number = 0;
  protected readonly interconnects: number = VDS_INTERCONNECT_FLAG.VDS_ITF_ISCSI;

  protected getProperties(): Answer<'IVdsSubSystem.GetProperties'> {
    return { hr: HR.S_OK, out: { subSystemProp: this.properties() } };
  }

  protected getProperties2(): Answer<'IVdsSubSystem2.GetProperties2'> {
    // In the structure's order, as a transport gives it: a report must not depend on what carries the call.
    const { id, friendlyName, identification, flags, stripeSizeFlags, ...others } = this.properties();
    return {
      hr: HR.S_OK,
      out: {
        subSystemProp2: {
          id,
          friendlyName,
          identification,
          flags,
          stripeSizeFlags,
          supportedRaidTypeFlags: this.raidTypes,
          ...others,
          numberOfEnclosures: 1,
        },
      },
    };
  }

  private properties(): VDS_SUB_SYSTEM_PROP {
    const { friendlyName, identification, status, health } = this.read();
    return {
      id: this.id,
      friendlyName,
      identification,
      flags: this.flags,
      stripeSizeFlags: STRIPE_SIZES,
      status,
      health,
      numberOfInternalBuses: 1,
      maxNumberOfSlotsEachBus: 4,
      maxNumberOfControllers: 2,
      rebuildPriority: 0,
    };
  }

  protected getProvider(): Answer<'IVdsSubSystem.GetProvider'> {
    this.touch();
    return { hr: HR.S_OK, out: { provider: this.provider } };
  }

  protected queryControllers(): Answer<'IVdsSubSystem.QueryControllers'> {
    return { hr: HR.S_OK, out: { enum: this.members('controllers') } };
  }

  protected queryDrives(): Answer<'IVdsSubSystem.QueryDrives'> {
    return { hr: HR.S_OK, out: { enum: this.members('drives') } };
  }

  protected queryPortals(): Answer<'IVdsSubSystemIscsi.QueryPortals'> {
    return { hr: HR.S_OK, out: { enum: this.members('portals') } };
  }

  protected queryLuns(): Answer<'IVdsSubSystem.QueryLuns'> {
    return { hr: HR.S_OK, out: { enum: this.members('luns') } };
  }

  protected queryTargets(): Answer<'IVdsSubSystemIscsi.QueryTargets'> {
    return { hr: HR.S_OK, out: { enum: this.members('targets') } };
  }

  private members(list: MemberList): Servant {
    return this.provider.enumerate(this.provider.inventory.members(this.id, list));
  }

  protected getDrive(bus: number, slot: number): Answer<'IVdsSubSystem.GetDrive'> {
    const { inventory } = this.provider;
    const id = this.read().drives.find((drive) => {
      const record = inventory.record('drive', drive);
      return record.bus === bus && record.slot === slot;
    });
    if (id === undefined) throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
    return { hr: HR.S_OK, out: { drive: inventory.device(id) } };
  }

  protected getDrive2(bus: number, slot: number, enclosure: number): Answer<'IVdsSubSystem2.GetDrive2'> {
    const answer = this.getDrive(bus, slot);
    if (enclosure !== 0) throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
    return answer;
  }

  protected getSupportedInterconnects(): Answer<'IVdsSubSystemInterconnect.GetSupportedInterconnects'> {
    this.touch();
    return { hr: HR.S_OK, out: { supportedInterconnectsFlag: this.interconnects } };
  }

  /** The most that CreateLun accepts. */
  protected queryMaxLunCreateSize(placing: Placing): Answer<'IVdsSubSystem.QueryMaxLunCreateSize'> {
    const drives = drivesFor(placing, this.read().drives, this.lunTypes);
    const { subSystem } = this.reach('IVdsSubSystem.QueryMaxLunCreateSize');
    return { hr: HR.S_OK, out: { maxLunSize: largestLun(subSystem, placing.type, drives) } };
  }

  protected getImportTarget(): Answer<'IVdsSubSystemImportTarget.GetImportTarget'> {
    const { importTarget } = this.read();
    if (importTarget === null) throw new Failure(HR.VDS_E_NO_IMPORT_TARGET);
    return { hr: HR.S_OK, out: { iscsiName: importTarget } };
  }
}
