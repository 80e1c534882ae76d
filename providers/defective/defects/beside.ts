// Defects of setters that do what they say and something else beside it.
import { VDS_DRIVE_STATUS, VDS_LOADBALANCE_POLICY_ENUM as LBP } from '../../../src/contract/generated/enumerations.js';
import { DriveObject } from '../../in-memory/objects/drive.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import { MultipathLun } from '../../in-memory/profiles/multipath.js';
import { PoolSubSystem } from '../../in-memory/profiles/pools.js';
import type { Defect } from '../defect.js';

class StatusClearsFlags extends DriveObject {
  protected override setStatus(status: number): ReturnType<DriveObject['setStatus']> {
    const answer = super.setStatus(status);
    this.reach().drive.flags = 0;
    return this.changed(answer.hr);
  }
}

class SparesAreOnline extends DriveObject {
  protected override changeFlags(...args: Parameters<DriveObject['changeFlags']>): { readonly hr: number } {
    const answer = super.changeFlags(...args);
    this.reach().drive.status = VDS_DRIVE_STATUS.VDS_DRS_ONLINE;
    return this.changed(answer.hr);
  }
}

class ReplacementUnmasks extends SubSystemObject {
  protected override replaceDrive(
    ...ids: Parameters<SubSystemObject['replaceDrive']>
  ): ReturnType<SubSystemObject['replaceDrive']> {
    const answer = super.replaceDrive(...ids);
    const moved = [...this.reach().subSystem.luns.values()].filter((lun) =>
      [...lun.plexes.values()].some((p) => p.columns.flat().some((e) => e.drive === ids[1])),
    );
    for (const lun of moved) lun.unmaskingList = '';
    this.provider.learn(...moved.map((lun) => lun.id));
    return answer;
  }
}

class StatusStartsAnew extends SubSystemObject {
  protected override setStatus(status: number): ReturnType<SubSystemObject['setStatus']> {
    const answer = super.setStatus(status);
    this.reach().subSystem.importTarget = null;
    return this.changed(answer.hr);
  }
}

class PoolMasksAnew extends PoolSubSystem {
  override createIn(...args: Parameters<PoolSubSystem['createIn']>): ReturnType<PoolSubSystem['createIn']> {
    const answer = super.createIn(...args);
    const { luns } = this.reach().subSystem;
    for (const lun of luns.values()) lun.unmaskingList = '';
    this.provider.learn(...luns.keys());
    return answer;
  }
}

class MaskResetsPolicy extends MultipathLun {
  protected override setMask(...args: Parameters<MultipathLun['setMask']>): ReturnType<MultipathLun['setMask']> {
    const answer = super.setMask(...args);
    this.reach().lun.policy = LBP.VDS_LBP_FAILOVER;
    return this.changed(answer.hr);
  }
}

export const BESIDE: readonly Defect[] = [
  {
    name: 'drive-status-clears-hot-spare',
    breaks: ['VDS-10.21'],
    noticedBy: ['interactions.drives'],
    says: 'SetStatus of a drive clears its hot spare flag.',
    parts: { Drive: StatusClearsFlags },
  },
  {
    name: 'hot-spare-flag-puts-drive-online',
    breaks: ['VDS-7.6b'],
    noticedBy: ['interactions.drives'],
    says: 'SetFlags and ClearFlags of a drive that is offline put it online.',
    parts: { Drive: SparesAreOnline },
  },
  {
    name: 'replaced-drive-loses-masks',
    breaks: ['VDS-10.9a'],
    noticedBy: ['interactions.drives'],
    says: 'ReplaceDrive clears the masks of the LUNs that it moves.',
    parts: { SubSystem: ReplacementUnmasks },
  },
  {
    name: 'subsystem-status-clears-import-target',
    breaks: ['VDS-1.4a'],
    noticedBy: ['interactions.idle'],
    says: 'SetStatus of a subsystem clears its import target, even for the status that it has.',
    parts: { SubSystem: StatusStartsAnew },
  },
  {
    name: 'lun-in-a-pool-masks-the-others',
    breaks: ['VDS-10.9a'],
    noticedBy: ['interactions.extras'],
    says: 'CreateLunInStoragePool hides all other LUNs of the subsystem.',
    profile: 'pools',
    parts: { SubSystem: PoolMasksAnew },
  },
  {
    name: 'mask-resets-load-balance-policy',
    breaks: ['VDS-10.19e'],
    noticedBy: ['interactions.extras'],
    says: 'SetMask of a LUN sets its load balance policy back to fail-over.',
    profile: 'fibre-channel',
    parts: { Lun: MaskResetsPolicy },
  },
];
