// Defects that show where something beside an object is damaged, was deleted, or was taken out of the array.
import {
  VDS_ASYNC_OUTPUT_TYPE as OUT,
  VDS_ISCSI_PORTAL_STATUS,
  VDS_SUB_SYSTEM_STATUS,
} from '../../../src/contract/generated/enumerations.js';
import type { VDS_PATH_POLICY } from '../../../src/contract/generated/structures.js';
import { NULL_GUID, type Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import { Inventory } from '../../in-memory/cache/inventory.js';
import { CacheCorrupt, Failure } from '../../in-memory/failure.js';
import { Enumerator } from '../../in-memory/objects/enumerator.js';
import type { DeviceObject } from '../../in-memory/objects/object.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import { PortalGroupObject } from '../../in-memory/objects/portal-group.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import { MultipathLun } from '../../in-memory/profiles/multipath.js';
import type { Defect } from '../defect.js';

type Operation = Parameters<LunObject['operation']>;

class ExtendedUnlessAPlexIsDamaged extends LunObject {
  private isReadable(plex: Guid): boolean {
    try {
      this.provider.inventory.record('plex', plex);
      return true;
    } catch (error) {
      if (error instanceof CacheCorrupt) return false;
      throw error;
    }
  }

  protected override operation(...[type, commit, abandon]: Operation): ReturnType<LunObject['operation']> {
    const isSound = [...this.reach().lun.plexes.keys()].every((id) => this.isReadable(id));
    return super.operation(type, type !== OUT.VDS_ASYNCOUT_EXTENDLUN || isSound ? commit : () => undefined, abandon);
  }
}

/** Counts the portals that were added and not removed, whether they are there or not. */
class CountsItsPortals extends PortalGroupObject {
  private readonly added = new Set<Guid>();

  protected override addPortal(portalId: Guid): ReturnType<PortalGroupObject['addPortal']> {
    const answer = super.addPortal(portalId);
    this.added.add(portalId);
    return answer;
  }

  protected override checkEmpty(found: Parameters<PortalGroupObject['checkEmpty']>[0]): void {
    super.checkEmpty(found);
    const { portals } = found.subSystem;
    if ([...this.added].some((id) => !portals.has(id))) throw new Failure(HR.VDS_E_ASSOCIATED_PORTALS_EXIST);
  }
}

class LivingOnly extends Enumerator {
  protected override clone(): ReturnType<Enumerator['clone']> {
    const living = this.objects.filter((o) => (o as Partial<DeviceObject>).deleted !== true);
    const before = this.objects.slice(0, this.position).filter((o) => living.includes(o)).length;
    return { hr: HR.S_OK, out: { enum: this.provider.enumerate(living, before) } };
  }
}

/** Knows drives by their places until it is refreshed, and puts none at a place that was empty. */
class EmptiedPlaces extends Inventory {
  readonly emptied = new Set<Guid>();

  protected override forget(device: DeviceObject): void {
    if (device.kind === 'drive') this.emptied.add(device.id);
    super.forget(device);
  }

  override refresh(): ReturnType<Inventory['refresh']> {
    this.emptied.clear();
    return super.refresh();
  }
}

class FindsNoneAtThem extends SubSystemObject {
  protected override getDrive(bus: number, slot: number): ReturnType<SubSystemObject['getDrive']> {
    const answer = super.getDrive(bus, slot);
    const { emptied } = this.provider.inventory as unknown as EmptiedPlaces;
    const found = answer.out?.drive as DeviceObject | undefined;
    if (found !== undefined && emptied.has(found.id)) throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
    return answer;
  }
}

class PathsByTheirPlaces extends MultipathLun {
  protected override setLoadBalancePolicy(
    ...[policy, given, count]: [number, readonly VDS_PATH_POLICY[] | null, number]
  ): ReturnType<MultipathLun['setLoadBalancePolicy']> {
    const known = [...(given ?? [])].map((path) => path.pathId).sort((a, b) => (a.pathId < b.pathId ? -1 : 1));
    const byPlace = given?.map((path, i) => ({ ...path, pathId: known[i] ?? path.pathId })) ?? null;
    return super.setLoadBalancePolicy(policy, byPlace, count);
  }
}

class OfflineIsNotMine extends ProviderObject {
  protected override queryIfCreatedLun(
    ...asked: Parameters<ProviderObject['queryIfCreatedLun']>
  ): ReturnType<ProviderObject['queryIfCreatedLun']> {
    const answer = super.queryIfCreatedLun(...asked);
    const holder = this.inventory.devices.get(answer.out?.lunId as Guid)?.parent;
    const subSystem = holder == null ? undefined : this.array.subSystem(holder);
    return subSystem?.status === VDS_SUB_SYSTEM_STATUS.VDS_SSS_OFFLINE
      ? { hr: HR.S_FALSE, out: { lunId: NULL_GUID } }
      : answer;
  }
}

class OnlyOnlinePortals extends PortalGroupObject {
  protected override addPortal(portalId: Guid): ReturnType<PortalGroupObject['addPortal']> {
    const portal = this.provider.array.find(portalId, 'portal')?.portal;
    if (portal?.status === VDS_ISCSI_PORTAL_STATUS.VDS_IPS_OFFLINE) throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
    return super.addPortal(portalId);
  }
}

class SumsUpTheList extends SubSystemObject {
  protected override queryMaxLunCreateSize(
    placing: Parameters<SubSystemObject['queryMaxLunCreateSize']>[0],
  ): ReturnType<SubSystemObject['queryMaxLunCreateSize']> {
    const answer = super.queryMaxLunCreateSize(placing);
    const given = placing.driveIdArray ?? [];
    const times = given.length === 0 ? 1 : given.length / new Set(given).size;
    const size = answer.out?.maxLunSize;
    return typeof size === 'bigint' ? { ...answer, out: { maxLunSize: BigInt(times) * size } } : answer;
  }
}

export const BESIDE_DAMAGE: readonly Defect[] = [
  {
    name: 'luns-of-offline-subsystems-denied',
    breaks: ['VDS-3.6'],
    noticedBy: ['lifecycle.query-if-created-lun-out-of-use'],
    says: 'QueryIfCreatedLun answers S_FALSE for LUNs of a subsystem that is OFFLINE.',
    parts: { Provider: OfflineIsNotMine },
  },
  {
    name: 'offline-portals-unknown',
    breaks: ['VDS-7.2b'],
    noticedBy: ['interactions.portal-groups'],
    says: 'AddPortal answers VDS_E_OBJECT_NOT_FOUND for a portal that is OFFLINE.',
    parts: { PortalGroup: OnlyOnlinePortals },
  },
  {
    name: 'drives-counted-as-often-as-named',
    breaks: ['VDS-10.5a'],
    noticedBy: ['subsystem.largest-lun-of-each-type'],
    says: 'QueryMaxLunCreateSize counts the space of a drive as often as the list names it.',
    parts: { SubSystem: SumsUpTheList },
  },
  {
    name: 'extension-over-a-damaged-plex-lost',
    breaks: ['VDS-10.7a'],
    noticedBy: ['interactions.damaged.beside'],
    says: 'Extend of a LUN of which a plex has a damaged entry ends with S_OK, and adds nothing.',
    parts: { Lun: ExtendedUnlessAPlexIsDamaged },
  },
  {
    name: 'groups-count-portals-that-are-gone',
    breaks: ['VDS-11.2c'],
    noticedBy: ['stories.equipment-goes'],
    says: 'A portal group is not deleted when a portal that was added to it is no longer there.',
    parts: { PortalGroup: CountsItsPortals },
  },
  {
    name: 'clones-leave-out-what-was-deleted',
    breaks: ['VDS-6.4b'],
    noticedBy: ['interactions.luns'],
    says: 'Clone leaves out the objects that were deleted since the enumerator was made.',
    parts: { Enumerator: LivingOnly },
  },
  {
    name: 'drive-that-returns-found-nowhere',
    breaks: ['VDS-4.5a'],
    noticedBy: ['recovery.away-and-back.drive-at-its-place'],
    says:
      'GetDrive does not find a drive that was pulled and put back before ' +
      'the next Refresh, though QueryDrives lists it.',
    parts: { Inventory: EmptiedPlaces, SubSystem: FindsNoneAtThem },
  },
  {
    name: 'paths-by-their-places',
    profile: 'fibre-channel',
    breaks: ['VDS-10.19e'],
    noticedBy: ['interactions.extras'],
    says:
      'SetLoadBalancePolicy gives what stands at the first place of the list to the path with the lowest id, ' +
      'whatever path stands there.',
    parts: { Lun: PathsByTheirPlaces },
  },
];
