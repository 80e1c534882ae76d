// Defects that show where an administrator changes the array and a caller goes on before the pair: what was known
// before is written over what is there.
import { LunObject } from '../../in-memory/objects/lun.js';
import { TargetObject } from '../../in-memory/objects/target.js';
import type { Defect } from '../defect.js';

class NamesAllAsKnown extends LunObject {
  protected override setMask(list: string | null): ReturnType<LunObject['setMask']> {
    const answer = super.setMask(list);
    const { lun, subSystem } = this.reach();
    for (const other of subSystem.luns.values())
      if (other !== lun && this.provider.inventory.devices.has(other.id))
        other.friendlyName = this.provider.inventory.record('lun', other.id).friendlyName ?? '';
    return answer;
  }
}

class KeepsWhatItKnew extends TargetObject {
  protected override setFriendlyName(given: string | null): ReturnType<TargetObject['setFriendlyName']> {
    const { subSystem } = this.reach();
    const known = this.provider.inventory.record('subsystem', subSystem.id).friendlyName;
    const answer = super.setFriendlyName(given);
    subSystem.friendlyName = known ?? '';
    return answer;
  }
}

export const ARRAY_MEANWHILE: readonly Defect[] = [
  {
    name: 'masking-names-all-as-known',
    breaks: ['VDS-5.3'],
    noticedBy: ['stories.changed-at-the-array'],
    says:
      'SetMask of a LUN writes all LUNs of its subsystem as they were known: names that an administrator gave ' +
      'meanwhile are lost.',
    parts: { Lun: NamesAllAsKnown },
  },
  {
    name: 'naming-a-target-names-its-subsystem',
    breaks: ['VDS-5.3'],
    noticedBy: ['stories.changed-at-the-array'],
    says:
      'Naming a target writes the name of its subsystem as it was known: one ' +
      'that an administrator gave meanwhile is lost.',
    parts: { Target: KeepsWhatItKnew },
  },
];
