// The events that the provider sends to its advise sink.
import type { Guid } from '../../src/contract/guid.js';
import { NOTIFICATION_EVENTS as NF, VDS_NOTIFICATION_TARGET_TYPE as NTT } from '../../src/contract/generated/enumerations.js';
import type { VDS_NOTIFICATION } from '../../src/contract/generated/structures.js';

export type Change = 'arrive' | 'depart' | 'modify';
export type DeviceKind = 'sub-system' | 'lun' | 'target';

const SUB_SYSTEM = { arrive: NF.VDS_NF_SUB_SYSTEM_ARRIVE, depart: NF.VDS_NF_SUB_SYSTEM_DEPART, modify: NF.VDS_NF_SUB_SYSTEM_MODIFY };
const LUN = { arrive: NF.VDS_NF_LUN_ARRIVE, depart: NF.VDS_NF_LUN_DEPART, modify: NF.VDS_NF_LUN_MODIFY };
const TARGET = { arrive: NF.VDS_NF_TARGET_ARRIVE, depart: NF.VDS_NF_TARGET_DEPART, modify: NF.VDS_NF_TARGET_MODIFY };

/** The notification that something happened to a device. */
export function notification(kind: DeviceKind, change: Change, id: Guid): VDS_NOTIFICATION {
  switch (kind) {
    case 'sub-system': return { objectType: NTT.VDS_NTT_SUB_SYSTEM, subSystem: { event: SUB_SYSTEM[change], subSystemId: id } };
    case 'lun': return { objectType: NTT.VDS_NTT_LUN, lun: { event: LUN[change], lunId: id } };
    case 'target': return { objectType: NTT.VDS_NTT_TARGET, target: { event: TARGET[change], targetId: id } };
  }
}
