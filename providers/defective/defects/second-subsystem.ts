// Defects of the second subsystem alone: what is looked at on the first one, as a test bench has it, is taken unseen on
// any other.
import { VDS_LUN_TYPE } from '../../../src/contract/generated/enumerations.js';
import { HR } from '../../../src/contract/hresult.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import type { System } from '../../in-memory/parts.js';
import type { Defect } from '../defect.js';

/** Whether a subsystem is another than the array's first. */
const isAnother = (array: System['array'], subSystem: { readonly id: string }): boolean =>
  [...array.subSystems.keys()][0] !== subSystem.id;

class SimpleForFaultTolerant extends SubSystemObject {
  protected override createLun(
    ...[request, within]: Parameters<SubSystemObject['createLun']>
  ): ReturnType<SubSystemObject['createLun']> {
    const isAsked = request.type === VDS_LUN_TYPE.VDS_LT_FAULT_TOLERANT;
    return isAsked && isAnother(this.provider.array, this.reach().subSystem)
      ? super.createLun({ ...request, type: VDS_LUN_TYPE.VDS_LT_SIMPLE }, within)
      : super.createLun(request, within);
  }
}

class TakesAnyList extends LunObject {
  protected override setMask(list: string | null): ReturnType<LunObject['setMask']> {
    const isMixed = list !== null && list.includes('*') && list !== '*';
    return isMixed && isAnother(this.provider.array, this.reach().subSystem) ? { hr: HR.S_OK } : super.setMask(list);
  }
}

export const SECOND_SUB_SYSTEM: readonly Defect[] = [
  {
    name: 'fault-tolerant-on-the-first-subsystem',
    breaks: ['VDS-10.2f'],
    noticedBy: ['interactions.requests'],
    says: 'A LUN that was asked for as fault tolerant lies on a single drive, on every subsystem but the first.',
    parts: { SubSystem: SimpleForFaultTolerant },
  },
  {
    name: 'masks-looked-at-on-the-first-subsystem',
    breaks: ['VDS-10.9e'],
    noticedBy: ['interactions.refusals'],
    says: 'SetMask answers S_OK to a list with "*" among others, on every subsystem but the first.',
    parts: { Lun: TakesAnyList },
  },
];
