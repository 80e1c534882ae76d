// Defects of changes that are acknowledged while something is wrong, and are then not so.
import { VDS_ASYNC_OUTPUT_TYPE as OUT } from '../../../src/contract/generated/enumerations.js';
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import { CacheCorrupt } from '../../in-memory/failure.js';
import { DriveObject } from '../../in-memory/objects/drive.js';
import { PortalGroupObject } from '../../in-memory/objects/portal-group.js';
import { TargetObject } from '../../in-memory/objects/target.js';
import type { Defect } from '../defect.js';

/** The answer of a change; where the cache is found to be damaged, that of what is done instead. */
function acknowledged<A extends { readonly hr: number }>(change: () => A, instead: () => A): A {
  try {
    return change();
  } catch (error) {
    if (!(error instanceof CacheCorrupt)) throw error;
    return instead();
  }
}

class NamesLater extends TargetObject {
  protected override setFriendlyName(
    given: Parameters<TargetObject['setFriendlyName']>[0],
  ): ReturnType<TargetObject['setFriendlyName']> {
    const { array } = this.provider;
    const isAway = array.subSystems.has(this.parent ?? '') && !array.connected().some((s) => s.id === this.parent);
    return isAway ? { hr: HR.S_OK } : super.setFriendlyName(given);
  }
}

class AddsToWhatItKnew extends PortalGroupObject {
  protected override addPortal(id: Guid): ReturnType<PortalGroupObject['addPortal']> {
    return acknowledged(
      () => super.addPortal(id),
      () => this.operation(OUT.VDS_ASYNCOUT_ADDPORTAL, () => undefined),
    );
  }
}

class SparesInItsCache extends DriveObject {
  protected override changeFlags(...args: Parameters<DriveObject['changeFlags']>): { readonly hr: number } {
    return acknowledged(
      () => super.changeFlags(...args),
      () => ({ hr: HR.S_OK }),
    );
  }
}

export const PROMISES: readonly Defect[] = [
  {
    name: 'target-named-while-away-is-not',
    breaks: ['VDS-10.13c'],
    noticedBy: ['interactions.away'],
    says: 'SetFriendlyName of a target answers S_OK while its subsystem is disconnected, and does nothing later.',
    parts: { Target: NamesLater },
  },
  {
    name: 'portal-added-to-a-damaged-group-is-not',
    breaks: ['VDS-11.4c'],
    noticedBy: ['interactions.damaged'],
    says: 'AddPortal succeeds for a portal group whose cache entry is damaged, and the pair finds the old one.',
    parts: { PortalGroup: AddsToWhatItKnew },
  },
  {
    name: 'spare-of-a-damaged-entry-is-none',
    breaks: ['VDS-10.21'],
    noticedBy: ['interactions.damaged'],
    says: 'SetFlags and ClearFlags succeed for a drive whose cache entry is damaged, and the array is never told.',
    parts: { Drive: SparesInItsCache },
  },
];
