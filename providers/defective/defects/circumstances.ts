// Defects that show in circumstances of which a caller does not think: two LUNs that are set alike, a part that has
// failed, a second load, an operation under way. Relatives of some that were overlooked.
import {
  OBJECT_STATUS,
  VDS_ASYNC_OUTPUT_TYPE as OUT,
  VDS_LUN_PLEX_STATUS,
  VDS_LUN_TYPE,
  NOTIFICATION_EVENTS as NF,
} from '../../../src/contract/generated/enumerations.js';
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import type { VDS_NOTIFICATION } from '../../../src/contract/generated/structures.js';
import type { MethodName } from '../../../src/contract/tables.js';
import { Failure } from '../../in-memory/failure.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import { TargetObject } from '../../in-memory/objects/target.js';
import type { System } from '../../in-memory/parts.js';
import { MultipathLun } from '../../in-memory/profiles/multipath.js';
import { PoolProvider, PoolSubSystem } from '../../in-memory/profiles/pools.js';
import type { Defect } from '../defect.js';

class LevelsWeights extends MultipathLun {
  protected override setFriendlyName(given: string | null): ReturnType<MultipathLun['setFriendlyName']> {
    const { lun } = this.reach();
    for (const [key, set] of lun.paths) lun.paths.set(key, { ...set, weight: 0 });
    return super.setFriendlyName(given);
  }
}

class MasksByValue extends LunObject {
  protected override setMask(list: string | null): ReturnType<LunObject['setMask']> {
    const { subSystem, lun } = this.reach();
    const alike = [...subSystem.luns.values()].filter((l) => l !== lun && l.unmaskingList === lun.unmaskingList);
    const answer = super.setMask(list);
    for (const other of alike.filter((l) => l.unmaskingList !== '')) {
      other.unmaskingList = lun.unmaskingList;
      this.provider.learn(other.id);
    }
    return answer;
  }
}

class KeepsTheFailedPlex extends LunObject {
  protected override removePlex(plexId: Guid): ReturnType<LunObject['removePlex']> {
    const { plexes } = this.reach().lun;
    const hasFailed = plexes.get(plexId)?.status === VDS_LUN_PLEX_STATUS.VDS_LPS_FAILED;
    const other = [...plexes.keys()].find((id) => id !== plexId);
    return super.removePlex(hasFailed && other !== undefined ? other : plexId);
  }
}

/** A LUN that was OFFLINE when it was deleted says so for good. */
class IsOfflineForGood extends LunObject {
  private isOffline = false;

  protected override setStatus(status: number): ReturnType<LunObject['setStatus']> {
    const answer = super.setStatus(status);
    this.isOffline = status === OBJECT_STATUS.STATUS_OFFLINE;
    return answer;
  }

  override refuse(name: MethodName): number | undefined {
    const refused = super.refuse(name);
    const isRefused = this.isOffline && /\.(?:Extend|Shrink)$/.test(name);
    return refused === HR.VDS_E_OBJECT_DELETED && isRefused ? HR.VDS_E_OBJECT_STATUS_FAILED : refused;
  }
}

class SpansWhereNoMirrorFits extends SubSystemObject {
  protected override layOut(...[subSystem, type, ...rest]: LayOut): ReturnType<SubSystemObject['layOut']> {
    try {
      return super.layOut(subSystem, type, ...rest);
    } catch (error) {
      if (!(error instanceof Failure) || type !== VDS_LUN_TYPE.VDS_LT_MIRROR) throw error;
      return super.layOut(subSystem, VDS_LUN_TYPE.VDS_LT_SPAN, ...rest);
    }
  }
}
type LayOut = Parameters<SubSystemObject['layOut']>;

/** The weights are dealt anew to the paths that are left. */
class DealsWeightsAnew extends MultipathLun {
  protected override associateControllerPorts(
    ...lists: Parameters<MultipathLun['associateControllerPorts']>
  ): ReturnType<MultipathLun['associateControllerPorts']> {
    const answer = super.associateControllerPorts(...lists);
    const { paths } = this.reach().lun;
    const weights = [...paths.values()].map(({ weight }) => weight);
    for (const [i, [key, path]] of [...paths].entries())
      paths.set(key, { ...path, weight: weights[(i + 1) % weights.length] ?? path.weight });
    this.provider.learn(this.id);
    return answer;
  }
}

/** RemovePlex writes the LUN back as it was when its first plex had no other. */
class WritesTheFirstSize extends LunObject {
  private madeWith: bigint | undefined;

  protected override extend(...asked: Parameters<LunObject['extend']>): ReturnType<LunObject['extend']> {
    this.madeWith ??= this.reach().lun.size;
    return super.extend(...asked);
  }

  protected override operation(...[type, commit, abandon]: Operation): ReturnType<LunObject['operation']> {
    if (type !== OUT.VDS_ASYNCOUT_REMOVELUNPLEX) return super.operation(type, commit, abandon);
    const writeBack = (): ReturnType<typeof commit> => {
      commit();
      const { lun } = this.reach();
      if (this.madeWith !== undefined && this.madeWith < lun.size) lun.size = this.madeWith;
      this.provider.learn(this.id);
    };
    return super.operation(type, writeBack, abandon);
  }
}
/** How often a provider of the array was loaded. */
const loads = new WeakMap<System['array'], number>();

class FallsSilent extends ProviderObject {
  protected override onLoad(...args: Parameters<ProviderObject['onLoad']>): ReturnType<ProviderObject['onLoad']> {
    const answer = super.onLoad(...args);
    loads.set(this.array, (loads.get(this.array) ?? 0) + 1);
    return answer;
  }

  override announce(notifications: readonly VDS_NOTIFICATION[]): void {
    const isFirst = (loads.get(this.array) ?? 0) < 2;
    super.announce(isFirst ? notifications : notifications.filter(({ lun }) => lun?.event !== NF.VDS_NF_LUN_MODIFY));
  }
}

class NamesWithoutCase extends TargetObject {
  protected override setFriendlyName(given: string | null): ReturnType<TargetObject['setFriendlyName']> {
    const isSame = given?.toLowerCase() === this.reach().target.friendlyName.toLowerCase();
    return isSame ? { hr: HR.S_OK } : super.setFriendlyName(given);
  }
}

type Operation = Parameters<TargetObject['operation']>;

class WritesItsTargetBack extends TargetObject {
  protected override operation(...[type, commit, abandon]: Operation): ReturnType<TargetObject['operation']> {
    if (type !== OUT.VDS_ASYNCOUT_CREATEPORTALGROUP) return super.operation(type, commit, abandon);
    const { friendlyName } = this.reach().target;
    const commitAll = (): ReturnType<typeof commit> => {
      this.reach().target.friendlyName = friendlyName;
      this.changed();
      return commit();
    };
    return super.operation(type, commitAll, abandon);
  }
}

class ExtendsOnceForTwo extends LunObject {
  private readonly pending = new Set<bigint>();

  protected override extend(...args: Parameters<LunObject['extend']>): ReturnType<LunObject['extend']> {
    const [bytes] = args;
    if (this.pending.has(bytes)) return super.operation(OUT.VDS_ASYNCOUT_EXTENDLUN, () => {});
    const answer = super.extend(...args);
    this.pending.add(bytes);
    return answer;
  }

  protected override operation(...[type, commit, abandon]: Operation): ReturnType<LunObject['operation']> {
    const commitAll = (): ReturnType<typeof commit> => {
      this.pending.clear();
      return commit();
    };
    const abandonAll = (): void => {
      this.pending.clear();
      abandon?.();
    };
    return super.operation(type, commitAll, abandonAll);
  }
}

class CountsTheWholeSubSystem extends PoolProvider {
  protected override queryMaxLunCreateSizeInStoragePool(
    ...[request]: Parameters<PoolProvider['queryMaxLunCreateSizeInStoragePool']>
  ): ReturnType<PoolProvider['queryMaxLunCreateSizeInStoragePool']> {
    const found = this.array.find(request.storagePoolId, 'storage-pool');
    const holder = found === undefined ? undefined : this.inventory.device(found.subSystem.id);
    return found !== undefined && holder instanceof PoolSubSystem
      ? holder.largestIn([...found.subSystem.drives.keys()], request.type)
      : super.queryMaxLunCreateSizeInStoragePool(request);
  }
}

export const CIRCUMSTANCES: readonly Defect[] = [
  {
    name: 'offline-goes-before-deleted',
    breaks: ['VDS-7.1a'],
    noticedBy: ['interactions.states.offline'],
    says: 'A LUN that was OFFLINE when it was deleted answers Extend and Shrink with VDS_E_OBJECT_STATUS_FAILED.',
    parts: { Lun: IsOfflineForGood },
  },
  {
    name: 'span-where-no-mirror-fits',
    breaks: ['VDS-10.2h'],
    noticedBy: ['subsystem.largest-lun-of-each-type'],
    says: 'CreateLun makes a span, with S_OK, where it finds no room for both plexes of a mirror.',
    parts: { SubSystem: SpansWhereNoMirrorFits },
  },
  {
    name: 'weights-dealt-anew',
    profile: 'fibre-channel',
    breaks: ['VDS-10.19e'],
    noticedBy: ['interactions.paths'],
    says: 'AssociateControllerPorts gives each path the weight of the next one.',
    parts: { Lun: DealsWeightsAnew },
  },
  {
    name: 'remove-plex-takes-back-extensions',
    breaks: ['VDS-10.8g'],
    noticedBy: ['interactions.space'],
    says: 'RemovePlex gives the LUN the size that it had before it was first extended.',
    parts: { Lun: WritesTheFirstSize },
  },
  {
    name: 'naming-levels-weights',
    profile: 'fibre-channel',
    breaks: ['VDS-10.19e'],
    noticedBy: ['multipath.set-policy'],
    says: 'Naming a LUN sets the weights of its paths to zero.',
    parts: { Lun: LevelsWeights },
  },
  {
    name: 'masks-by-value',
    breaks: ['VDS-10.9a'],
    noticedBy: ['interactions.alike'],
    says: 'SetMask of a LUN also sets the mask of the LUNs that had the same one.',
    parts: { Lun: MasksByValue },
  },
  {
    name: 'failed-plex-stays',
    breaks: ['VDS-10.8g'],
    noticedBy: ['interactions.degraded.plex'],
    says: 'RemovePlex of a plex that has failed removes another one of the LUN.',
    parts: { Lun: KeepsTheFailedPlex },
  },
  {
    name: 'second-load-is-silent',
    breaks: ['VDS-9.6b'],
    noticedBy: ['interactions.reloaded.each'],
    says: 'From the second load on no VDS_NF_LUN_MODIFY is sent.',
    parts: { Provider: FallsSilent },
  },
  {
    name: 'target-named-without-case',
    breaks: ['VDS-10.13c'],
    noticedBy: ['interactions.targets'],
    says:
      'SetFriendlyName of a target leaves a name that differs from ' +
      'the present one only in capital and small letters.',
    parts: { Target: NamesWithoutCase },
  },
  {
    name: 'new-group-brings-the-name-back',
    breaks: ['VDS-10.13c'],
    noticedBy: ['interactions.during'],
    says: 'CreatePortalGroup gives its target the name back that it had when the operation began.',
    parts: { Target: WritesItsTargetBack },
  },
  {
    name: 'equal-extends-are-one',
    breaks: ['VDS-10.7a'],
    noticedBy: ['interactions.overlapping.same'],
    says: 'An Extend by as many bytes as another one that is under way succeeds and adds nothing.',
    parts: { Lun: ExtendsOnceForTwo },
  },
  {
    name: 'pool-as-large-as-its-subsystem',
    profile: 'pools',
    breaks: ['VDS-10.5a'],
    noticedBy: ['pools.largest-lun'],
    says: 'QueryMaxLunCreateSizeInStoragePool counts every drive of the subsystem.',
    parts: { Provider: CountsTheWholeSubSystem },
  },
];
