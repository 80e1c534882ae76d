// Defects that show when everything that a provider reports is looked at together: ends of one association that
// disagree, sums and maxima that cannot be, references that are not given back, and changes of what a call was not
// about.
import { DEVICE_KINDS } from '../../../src/contract/generated/objects.js';
import { HR } from '../../../src/contract/hresult.js';
import type { Handle, MethodName } from '../../../src/contract/tables.js';
import type { Reply } from '../../../src/port/port.js';
import { Inventory } from '../../in-memory/cache/inventory.js';
import { ControllerObject } from '../../in-memory/objects/controller.js';
import { DriveObject } from '../../in-memory/objects/drive.js';
import { Enumerator } from '../../in-memory/objects/enumerator.js';
import { InMemoryObject } from '../../in-memory/objects/object.js';
import { PlexObject } from '../../in-memory/objects/plex.js';
import { PortalGroupObject } from '../../in-memory/objects/portal-group.js';
import { PortalObject } from '../../in-memory/objects/portal.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import { TargetObject } from '../../in-memory/objects/target.js';
import type { Defect } from '../defect.js';
import type { MakeOverrides } from '../override.js';

const GETTERS = new Set<MethodName>(Object.values(DEVICE_KINDS).map((k) => k.container.getter));

/** Takes a reference more for what these methods hand out. */
const leaks =
  (leaky: (method: MethodName, hr: number) => boolean): MakeOverrides =>
  (inner) => ({
    invoke: async (call, next): Promise<Reply> => {
      const reply = await next();
      if (!leaky(call.method, reply.hr)) return reply;
      for (const value of Object.values(reply.out).flat())
        if (typeof value === 'number' && call.method !== 'IEnumVdsObject.Next') await inner.addRef(value as Handle);
      const objects = reply.out['objectArray'];
      if (Array.isArray(objects)) for (const each of objects) await inner.addRef(each as Handle);
      return reply;
    },
  });

class ListsNoLuns extends ControllerObject {
  protected override queryAssociatedLuns(): ReturnType<ControllerObject['queryAssociatedLuns']> {
    return { hr: HR.S_OK, out: { enum: this.provider.list('lun', []) } };
  }
}

class KnowsNoGroups extends PortalObject {
  protected override queryAssociatedPortalGroups(): ReturnType<PortalObject['queryAssociatedPortalGroups']> {
    return { hr: HR.S_OK, out: { enum: this.provider.list('portal-group', []) } };
  }
}

class ListsPortalsTwice extends PortalGroupObject {
  protected override queryAssociatedPortals(): ReturnType<PortalGroupObject['queryAssociatedPortals']> {
    const { portals } = this.read();
    return { hr: HR.S_OK, out: { enum: this.provider.list('portal', [...portals, ...portals]) } };
  }
}

class OneControllerAtMost extends SubSystemObject {
  protected override getProperties(): ReturnType<SubSystemObject['getProperties']> {
    const { hr, out } = super.getProperties() as { hr: number; out: { subSystemProp: object } };
    return { hr, out: { subSystemProp: { ...out.subSystemProp, maxNumberOfControllers: 1 } } } as never;
  }
}

class CountsUsedTwice extends DriveObject {
  protected override queryExtents(): ReturnType<DriveObject['queryExtents']> {
    const { hr, out } = super.queryExtents() as {
      hr: number;
      out: { extentArray: { used: boolean; size: bigint }[] | null };
    };
    const extentArray = out.extentArray?.map((e) => (e.used ? { ...e, size: e.size * 2n } : e)) ?? null;
    return { hr, out: { ...out, extentArray } } as never;
  }
}

class PlexesOfNoLun extends PlexObject {
  protected override queryExtents(): ReturnType<PlexObject['queryExtents']> {
    const { hr, out } = super.queryExtents() as { hr: number; out: { extentArray: { lunId: string }[] | null } };
    const extentArray = out.extentArray?.map((e) => ({ ...e, lunId: this.id })) ?? null;
    return { hr, out: { ...out, extentArray } } as never;
  }
}

class AllOfOneName extends TargetObject {
  protected override getProperties(): ReturnType<TargetObject['getProperties']> {
    const { hr, out } = super.getProperties() as { hr: number; out: { targetProp: object } };
    return { hr, out: { targetProp: { ...out.targetProp, iscsiName: 'iqn.2026-11.example.vdsc:target' } } } as never;
  }
}

/** Clearing is deleting the key below which the values of all subsystems stand. */
class ClearsEveryone extends SubSystemObject {
  protected override setImportTarget(given: string | null): ReturnType<SubSystemObject['setImportTarget']> {
    const answer = super.setImportTarget(given);
    if (this.dialect.parse(given) !== null) return answer;
    for (const other of this.provider.array.subSystems.values()) {
      other.importTarget = null;
      this.provider.learn(other.id);
    }
    return answer;
  }
}

/** Discovery reads the short list, and Refresh does not read again what was just discovered. */
class ReturnsWithoutAssociations extends Inventory {
  private readonly justRead = new Set<string>();
  private discovering = false;

  override reenumerate(): ReturnType<Inventory['reenumerate']> {
    this.discovering = true;
    try {
      return super.reenumerate();
    } finally {
      this.discovering = false;
    }
  }

  override refresh(): ReturnType<Inventory['refresh']> {
    const changes = super.refresh();
    this.justRead.clear();
    return changes;
  }

  override reload(truth: Parameters<Inventory['reload']>[0]): ReturnType<Inventory['reload']> {
    if (!this.discovering) return this.justRead.has(truth.id) ? [] : super.reload(truth);
    this.justRead.add(truth.id);
    const luns = new Map([...truth.luns].map(([id, lun]) => [id, { ...lun, targets: new Set<string>() }]));
    return super.reload({ ...truth, luns });
  }
}

/** A copy holds its objects once more than it lets them go. */
class CopyHoldsOn extends Enumerator {
  protected override clone(): ReturnType<Enumerator['clone']> {
    for (const each of this.objects) if (each instanceof InMemoryObject) each.references += 1;
    return super.clone();
  }
}

class EndsAfterSixteen extends Enumerator {
  protected override next(celt: number): ReturnType<Enumerator['next']> {
    return super.next(Math.min(celt, Math.max(0, 16 - this.position)));
  }
}

export const OBSERVATION: readonly Defect[] = [
  {
    name: 'controllers-list-no-luns',
    breaks: ['VDS-10.20'],
    noticedBy: ['consistency.luns-and-controllers'],
    says: 'QueryAssociatedLuns of a controller is empty, although LUNs report the controller as active.',
    parts: { Controller: ListsNoLuns },
  },
  {
    name: 'portals-know-no-groups',
    breaks: ['VDS-11.4f'],
    noticedBy: ['consistency.groups-and-portals'],
    says: 'QueryAssociatedPortalGroups of a portal is empty, although groups list the portal.',
    parts: { Portal: KnowsNoGroups },
  },
  {
    name: 'groups-list-portals-twice',
    breaks: ['VDS-11.4d'],
    noticedBy: ['consistency.portal-in-one-group'],
    says: 'A portal group lists each of its portals twice.',
    parts: { PortalGroup: ListsPortalsTwice },
  },
  {
    name: 'maximum-below-what-there-is',
    breaks: ['VDS-4.7'],
    noticedBy: ['consistency.maxima'],
    says: 'A subsystem with two controllers reports that it can have one.',
    parts: { SubSystem: OneControllerAtMost },
  },
  {
    name: 'used-extents-counted-twice',
    breaks: ['VDS-10.15'],
    noticedBy: ['consistency.drive-extents', 'consistency.plex-extents'],
    says: 'QueryExtents of a drive reports twice the bytes of each extent in use.',
    parts: { Drive: CountsUsedTwice },
  },
  {
    name: 'plex-extents-of-no-lun',
    breaks: ['VDS-10.15'],
    noticedBy: ['consistency.plex-extents'],
    says: 'The extents of a plex name the plex where they must name its LUN.',
    parts: { Plex: PlexesOfNoLun },
  },
  {
    name: 'all-targets-of-one-name',
    breaks: ['VDS-11.1'],
    noticedBy: ['consistency.target-names'],
    says: 'Every target reports the same iSCSI name.',
    parts: { Target: AllOfOneName },
  },
  {
    name: 'clearing-clears-every-import-target',
    breaks: ['VDS-1.4a'],
    noticedBy: ['import-target.clear-is-repeatable'],
    says: 'Clearing the import target of one subsystem clears that of every subsystem.',
    parts: { SubSystem: ClearsEveryone },
  },
  {
    name: 'returned-subsystem-without-associations',
    breaks: ['VDS-10.11'],
    noticedBy: ['enumeration.empty.no-subsystems'],
    says: 'After the pair a subsystem that came back has no associations of LUNs with targets, until the next pair.',
    parts: { Inventory: ReturnsWithoutAssociations },
  },
  {
    name: 'enumerations-end-after-sixteen',
    breaks: ['VDS-6.8'],
    noticedBy: ['enumeration.pages'],
    says: 'An enumeration ends after its sixteenth object.',
    parts: { Enumerator: EndsAfterSixteen },
  },
  {
    name: 'last-batch-leaks',
    breaks: ['VDS-12.3'],
    noticedBy: ['memory.references.IVdsSubSystem.QueryLuns'],
    says: 'Where Next gives fewer than asked for, each object that it gives has a reference too many.',
    overrides: leaks((method, hr) => method === 'IEnumVdsObject.Next' && hr === HR.S_FALSE),
  },
  {
    name: 'clones-leave-references',
    breaks: ['VDS-12.3'],
    noticedBy: ['memory.references.IVdsSubSystem.QueryLuns'],
    says: 'Clone adds a reference to each object, which the release of the copy does not give back.',
    parts: { Enumerator: CopyHoldsOn },
  },
  {
    name: 'container-getters-leak',
    breaks: ['VDS-12.3'],
    noticedBy: ['memory.references.IVdsLun.GetSubSystem'],
    says: 'GetProvider, GetSubSystem, GetLun and GetTarget hand out an object with a reference too many.',
    overrides: leaks((method) => GETTERS.has(method)),
  },
  {
    name: 'get-object-leaks-every-time',
    breaks: ['VDS-12.3'],
    noticedBy: ['memory.references.get-object.lun'],
    says: 'GetObject hands out an object with a reference too many.',
    overrides: leaks((method) => method === 'IVdsProviderPrivate.GetObject'),
  },
];
