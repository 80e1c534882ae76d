// A drive that was pulled, as a provider may keep it: VDS_DRS_REMOVED says that it "has been physically unplugged",
// which only a GetProperties that succeeds can tell.
import { VDS_DRIVE_STATUS, VDS_HEALTH } from '../../src/contract/generated/enumerations.js';
import type { VDS_DRIVE_PROP } from '../../src/contract/generated/structures.js';
import { HR } from '../../src/contract/hresult.js';
import type { MethodName } from '../../src/contract/tables.js';
import type { Answer } from '../../src/port/object-server.js';
import { DriveObject } from '../in-memory/objects/drive.js';

export class KeepsRemovedDrives extends DriveObject {
  private last: VDS_DRIVE_PROP | undefined;
  protected readonly statusAway: number = VDS_DRIVE_STATUS.VDS_DRS_REMOVED;

  /** Whether it was pulled rather than deleted at the array. */
  private get isRemoved(): boolean {
    return (
      this.deleted && [...this.provider.array.subSystems.values()].some((s) => s.drives.get(this.id)?.present === false)
    );
  }

  override refuse(method: MethodName): number | undefined {
    const refused = super.refuse(method);
    return refused === HR.VDS_E_OBJECT_DELETED && method === 'IVdsDrive.GetProperties' && this.isRemoved
      ? undefined
      : refused;
  }

  protected override getProperties(): Answer<'IVdsDrive.GetProperties'> {
    if (this.isRemoved && this.last !== undefined)
      return {
        hr: HR.S_OK,
        out: {
          driveProp: { ...this.last, status: this.statusAway, health: VDS_HEALTH.VDS_H_UNKNOWN },
        },
      };
    if (this.isRemoved) return { hr: HR.VDS_E_OBJECT_DELETED };
    const answer = super.getProperties();
    if (answer.out !== undefined && typeof answer.out.driveProp === 'object' && answer.out.driveProp !== null)
      this.last = answer.out.driveProp;
    return answer;
  }
}

/** The same of a provider that cannot tell whether the drive was pulled or is silent. */
export class KeepsUnknownDrives extends KeepsRemovedDrives {
  protected override readonly statusAway = VDS_DRIVE_STATUS.VDS_DRS_UNKNOWN;
}
