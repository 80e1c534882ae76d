// Defects around objects whose device is gone.
import type { VDS_NOTIFICATION } from '../../../src/contract/generated/structures.js';
import type { Guid } from '../../../src/contract/guid.js';
import { VDS_ASYNC_OUTPUT_TYPE } from '../../../src/contract/generated/enumerations.js';
import { HR } from '../../../src/contract/hresult.js';
import type { MethodName } from '../../../src/contract/tables.js';
import { ConformanceControl } from '../../in-memory/objects/control.js';
import type { ArraySubSystem, Found } from '../../in-memory/array/devices.js';
import { Failure } from '../../in-memory/failure.js';
import { NO_HINTS } from '../../in-memory/array/hints.js';
import { Inventory, type MemberList } from '../../in-memory/cache/inventory.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import { notification } from '../../in-memory/objects/notifications.js';
import type { DeviceObject } from '../../in-memory/objects/object.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import type { LunRecord } from '../../in-memory/cache/records.js';
import { TargetObject } from '../../in-memory/objects/target.js';
import type { Defect } from '../defect.js';
import type { Overrides } from '../override.js';
import { DISCONNECTION } from './disconnection.js';

type Learnt = Pick<Found, 'kind' | 'id' | 'parent'>;

/** A LUN class that answers otherwise once its device is gone: an HRESULT, or undefined to let the method run. */
const deletedLun = (answer: (method: MethodName) => number | undefined): typeof LunObject =>
  class extends LunObject {
    override refuse(method: MethodName): number | undefined {
      return this.deleted && this.provider.loaded ? answer(method) : super.refuse(method);
    }
  };

/** Asks the array whether it has the LUN, and has no word for the answer no. */
class GoneFromTheArray extends LunObject {
  protected override getProperties(): ReturnType<LunObject['getProperties']> {
    const answer = super.getProperties();
    if (this.parent !== null && this.provider.array.subSystem(this.parent)?.luns.has(this.id) === false)
      throw new Failure(HR.E_FAIL);
    return answer;
  }
}

/** Keeps what it read last, and answers from it. */
class AnswersFromMemory extends LunObject {
  private last: LunRecord | undefined;

  override refuse(method: MethodName): number | undefined {
    return method === 'IVdsLun.GetProperties' && this.provider.loaded && this.last !== undefined
      ? undefined
      : super.refuse(method);
  }

  protected override read(): LunRecord {
    if (!this.deleted || this.last === undefined) this.last = super.read();
    return this.last;
  }
}

class TakesTheNeighbour extends LunObject {
  protected override delete(): ReturnType<LunObject['delete']> {
    const answer = super.delete();
    // The next LUN moves up to this one's index, where the mark is then set.
    const next = [...this.provider.inventory.devices.values()]
      .filter((d) => d.kind === 'lun' && d.parent === this.parent)
      .at(-1);
    if (next !== undefined) next.deleted = true;
    return answer;
  }
}

class SecondDeleteTakesAnother extends LunObject {
  override refuse(method: MethodName): number | undefined {
    if (this.deleted && method === 'IVdsLun.Delete' && this.parent !== null) {
      const luns = this.provider.array.subSystem(this.parent)?.luns;
      const other = [...(luns?.keys() ?? [])].at(-1);
      if (other !== undefined) {
        luns?.delete(other);
        this.provider.deviceDeparted(other);
      }
    }
    return super.refuse(method);
  }
}

/** A new LUN gets the object of one that was deleted, held or not. */
class ReusesObjects extends Inventory {
  private readonly free: DeviceObject[] = [];

  protected override forget(device: DeviceObject): void {
    super.forget(device);
    if (device.kind === 'lun') this.free.push(device);
  }

  protected override learn(found: Learnt): DeviceObject {
    const reused = found.kind === 'lun' && !this.devices.has(found.id) ? this.free.pop() : undefined;
    if (reused !== undefined) {
      Object.assign(reused, { id: found.id, deleted: false });
      this.devices.set(found.id, reused);
    }
    return super.learn(found);
  }
}

class ListsTheDeleted extends Inventory {
  private ghosts: readonly DeviceObject[] = [];

  override depart(device: DeviceObject): readonly VDS_NOTIFICATION[] {
    if (device.kind === 'lun') this.ghosts = [...this.ghosts, device];
    return super.depart(device);
  }

  override members(subSystem: Guid, list: MemberList): readonly DeviceObject[] {
    const ghosts = list === 'luns' ? this.ghosts.filter((lun) => lun.parent === subSystem) : [];
    return [...super.members(subSystem, list), ...ghosts];
  }

  override refresh(): readonly VDS_NOTIFICATION[] {
    this.ghosts = [];
    return super.refresh();
  }
}

class FindsTheDeleted extends Inventory {
  readonly dead = new Map<Guid, DeviceObject>();

  protected override forget(device: DeviceObject): void {
    super.forget(device);
    this.dead.set(device.id, device);
  }
}

const getObjectOfTheDeleted = (
  answer: (device: DeviceObject) => ReturnType<ProviderObject['getObject']>,
): typeof ProviderObject =>
  class extends ProviderObject {
    protected override getObject(id: Guid, type: number): ReturnType<ProviderObject['getObject']> {
      const dead = this.inventory instanceof FindsTheDeleted ? this.inventory.dead.get(id) : undefined;
      return dead === undefined ? super.getObject(id, type) : answer(dead);
    }
  };

/** Takes the targets along that no other LUN has. */
class TakesItsTargets extends LunObject {
  protected override delete(): ReturnType<LunObject['delete']> {
    const { subSystem, lun } = this.reach('IVdsLun.Delete');
    const others = [...subSystem.luns.values()].filter((each) => each !== lun);
    const own = [...lun.targets].filter((id) => !others.some(({ targets }) => targets.has(id)));
    const answer = super.delete();
    for (const id of own) {
      this.provider.array.remove(id);
      this.provider.deviceDeparted(id);
    }
    return answer;
  }
}

/** Marks a LUN that is shown to a host, and never takes the mark away. */
class DeletesInTheCacheOnly extends LunObject {
  protected override delete(): ReturnType<LunObject['delete']> {
    this.reach();
    this.provider.deviceDeparted(this.id);
    return { hr: HR.S_OK };
  }
}

/** Keeps a journal of entries, from which Refresh restores those that "got lost". */
class RestoresTheDeleted extends Inventory {
  private readonly journal: { readonly id: Guid; readonly record: LunRecord }[] = [];

  override depart(device: DeviceObject): readonly VDS_NOTIFICATION[] {
    if (device.kind === 'lun' && this.cache.isSound(device.id))
      this.journal.push({ id: device.id, record: this.record('lun', device.id) });
    return super.depart(device);
  }

  override refresh(): readonly VDS_NOTIFICATION[] {
    const changes = super.refresh();
    for (const { id, record } of this.journal.splice(0)) {
      const parent = this.record('subsystem', record.parent);
      this.learn({ kind: 'lun', id, parent: record.parent });
      this.write(record, id);
      this.write({ ...parent, luns: [...parent.luns, id] }, record.parent);
    }
    return changes;
  }
}

class RefreshOnlyAdds extends Inventory {
  protected override reload(truth: ArraySubSystem): readonly VDS_NOTIFICATION[] {
    const luns = new Map(truth.luns);
    for (const { id, kind, parent } of this.devices.values()) {
      if (kind !== 'lun' || parent !== truth.id || luns.has(id) || !this.cache.isSound(id)) continue;
      const record = this.record('lun', id);
      // Its space on the drives is gone.
      luns.set(id, {
        ...record,
        id,
        size: BigInt(record.size),
        hints: NO_HINTS,
        plexes: new Map(),
        targets: new Set(record.targets),
        controllers: new Set(record.controllers),
        ports: new Set(record.ports),
        paths: new Map(),
      });
    }
    return super.reload({ ...truth, luns });
  }
}

class TargetsStay extends Inventory {
  protected override reload(truth: ArraySubSystem): readonly VDS_NOTIFICATION[] {
    const targets = new Map(truth.targets);
    for (const { id, kind, parent } of this.devices.values()) {
      if (kind === 'target' && parent === truth.id && !targets.has(id) && this.cache.isSound(id))
        targets.set(id, { ...this.record('target', id), id, groups: new Map(), promisedGroups: 0 });
    }
    return super.reload({ ...truth, targets });
  }
}

/**
 * The control stands for the array here: its event goes out as a notification, but the provider's own objects do not
 * hear of it.
 */
class EventNotBelieved extends ConformanceControl {
  protected override change(kind: number, id: Guid, notify: boolean): ReturnType<ConformanceControl['change']> {
    const change = super.change(kind, id, false);
    const device = this.provider.inventory.devices.get(id);
    if (notify && device !== undefined && device.kind !== 'storage-pool')
      this.provider.announce([notification(device.kind === 'plex' ? 'lun' : device.kind, 'depart', id)]);
    return change;
  }
}

/** A deleted LUN's memory is freed by Delete and used again for the next one. */
class FreedByDelete extends Inventory {
  readonly overwritten = new WeakSet<DeviceObject>();
  private readonly freed: DeviceObject[] = [];

  protected override forget(device: DeviceObject): void {
    super.forget(device);
    if (device.kind === 'lun') this.freed.push(device);
  }

  protected override learn(found: Learnt): DeviceObject {
    const reused = found.kind === 'lun' && !this.devices.has(found.id) ? this.freed.pop() : undefined;
    if (reused !== undefined) this.overwritten.add(reused);
    return super.learn(found);
  }
}

class UsedAfterItWasFreed extends LunObject {
  override refuse(method: MethodName): number | undefined {
    const { inventory } = this.provider;
    if (inventory instanceof FreedByDelete && inventory.overwritten.has(this)) process.kill(process.pid, 'SIGSEGV');
    return super.refuse(method);
  }
}

class TargetIsNotDeleted extends TargetObject {
  protected override delete(): ReturnType<TargetObject['delete']> {
    this.reach();
    return {
      hr: HR.S_OK,
      out: {
        async: this.provider.start({ type: VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_DELETETARGET, commit: () => null }),
      },
    };
  }
}

class GoneTargetIsNotFound extends TargetObject {
  override refuse(method: MethodName): number | undefined {
    const refused = super.refuse(method);
    return refused === HR.VDS_E_OBJECT_DELETED ? HR.VDS_E_OBJECT_NOT_FOUND : refused;
  }
}

class NotSupportedBeforeDeleted extends TargetObject {
  override refuse(method: MethodName): number | undefined {
    const refused = super.refuse(method);
    // Whether this provider has the method at all is looked at first.
    return refused === HR.VDS_E_OBJECT_DELETED && method === 'IVdsIscsiTarget.SetFriendlyName'
      ? HR.VDS_E_NOT_SUPPORTED
      : refused;
  }
}

export const DELETION: readonly Defect[] = [
  {
    name: 'deleted-lun-answers-from-memory',
    breaks: ['VDS-7.1a'],
    noticedBy: ['async.object-deleted-meanwhile'],
    says: 'GetProperties of a deleted LUN goes on answering S_OK with its last values.',
    parts: { Lun: AnswersFromMemory },
  },
  {
    name: 'deleted-lun-one-method-s-ok',
    breaks: ['VDS-7.1a'],
    noticedBy: ['deletion.lun.every-method'],
    says: 'SetMask is the one method of a deleted LUN that answers S_OK.',
    parts: { Lun: deletedLun((method) => (method === 'IVdsLun.SetMask' ? HR.S_OK : HR.VDS_E_OBJECT_DELETED)) },
  },
  {
    name: 'deleted-lun-not-found',
    breaks: ['VDS-7.1a'],
    noticedBy: ['async.object-deleted-meanwhile'],
    says: 'The methods of a deleted LUN answer VDS_E_OBJECT_NOT_FOUND.',
    parts: { Lun: deletedLun(() => HR.VDS_E_OBJECT_NOT_FOUND) },
  },
  {
    name: 'deleted-lun-e-fail',
    breaks: ['VDS-7.1a'],
    noticedBy: ['async.object-deleted-meanwhile'],
    says: 'The methods of a deleted LUN answer E_FAIL.',
    parts: { Lun: deletedLun(() => HR.E_FAIL) },
  },
  {
    name: 'lun-takes-its-targets',
    breaks: ['VDS-6.8'],
    noticedBy: ['interactions.associations'],
    says: 'Delete of a LUN deletes the targets that no other LUN has, on an array that did not make them.',
    parts: { Lun: TakesItsTargets },
  },
  {
    name: 'silently-deleted-lun-e-fail',
    breaks: ['VDS-0.2c'],
    strict: true,
    noticedBy: ['deletion.lun.silently'],
    says: 'GetProperties notices that the array no longer has the LUN, and answers E_FAIL.',
    parts: { Lun: GoneFromTheArray },
  },
  {
    name: 'deleted-lun-cache-corrupt',
    breaks: ['VDS-7.1a'],
    noticedBy: ['async.object-deleted-meanwhile'],
    says: 'A deleted LUN looks for its cache entry, misses it and answers VDS_E_PROVIDER_CACHE_CORRUPT.',
    parts: { Lun: deletedLun(() => undefined) },
  },
  {
    name: 'deleted-target-not-found',
    breaks: ['VDS-7.1a'],
    noticedBy: ['deletion.target.every-method'],
    says: 'The methods of a deleted target answer VDS_E_OBJECT_NOT_FOUND.',
    parts: { Target: GoneTargetIsNotFound },
  },
  {
    name: 'deleted-target-method-not-supported',
    breaks: ['VDS-7.1a'],
    noticedBy: ['deletion.target.every-method'],
    says: 'A method that the provider lacks answers VDS_E_NOT_SUPPORTED on a deleted target as well.',
    parts: { Target: NotSupportedBeforeDeleted },
  },
  {
    name: 'deletion-marks-the-neighbour',
    breaks: ['VDS-7.1a'],
    noticedBy: ['deletion.second-delete'],
    says: 'Deleting a LUN marks a living one deleted, too.',
    parts: { Lun: TakesTheNeighbour },
  },
  {
    name: 'deleted-lun-object-reused',
    breaks: ['VDS-7.1a'],
    noticedBy: ['luns.space-is-freed'],
    says: 'A new LUN gets the object of a deleted one, so that references still held suddenly name the new LUN.',
    parts: { Inventory: ReusesObjects },
  },
  {
    name: 'second-delete-s-ok',
    breaks: ['VDS-7.1a'],
    noticedBy: ['deletion.second-delete'],
    says: 'Delete of a LUN that is deleted answers S_OK again.',
    parts: { Lun: deletedLun((method) => (method === 'IVdsLun.Delete' ? HR.S_OK : HR.VDS_E_OBJECT_DELETED)) },
  },
  {
    name: 'second-delete-takes-another',
    breaks: ['VDS-7.1a'],
    noticedBy: ['deletion.second-delete'],
    says: 'A second Delete answers VDS_E_OBJECT_DELETED and deletes another LUN.',
    parts: { Lun: SecondDeleteTakesAnother },
  },
  {
    name: 'deleted-lun-still-listed',
    breaks: ['VDS-10.6'],
    noticedBy: ['luns.delete'],
    says: 'QueryLuns lists a deleted LUN until the next Refresh.',
    parts: { Inventory: ListsTheDeleted },
  },
  {
    name: 'deleted-lun-found-by-id',
    breaks: ['VDS-3.5d'],
    noticedBy: ['deletion.id-as-argument'],
    says: 'GetObject goes on finding a LUN that was deleted.',
    parts: {
      Inventory: FindsTheDeleted,
      Provider: getObjectOfTheDeleted((objectUnk) => ({ hr: HR.S_OK, out: { objectUnk } })),
    },
  },
  {
    name: 'deleted-id-as-argument-object-deleted',
    breaks: ['VDS-3.5d'],
    noticedBy: ['deletion.id-as-argument'],
    says: 'GetObject answers VDS_E_OBJECT_DELETED for the id of a deleted object.',
    parts: {
      Inventory: FindsTheDeleted,
      Provider: getObjectOfTheDeleted(() => {
        throw new Failure(HR.VDS_E_OBJECT_DELETED);
      }),
    },
  },
  {
    name: 'delete-in-the-cache-only',
    breaks: ['VDS-3.5d'],
    noticedBy: ['deletion.id-as-argument'],
    says: 'Delete removes the LUN from the cache and not from the array, so that Refresh finds it again.',
    parts: { Lun: DeletesInTheCacheOnly },
  },
  {
    name: 'deleted-lun-back-after-recovery',
    breaks: ['VDS-5.5b', 'VDS-3.5d'],
    noticedBy: ['deletion.after-recovery', 'deletion.id-as-argument'],
    says: 'Refresh restores a deleted LUN from a journal as if its entry had got lost.',
    parts: { Inventory: RestoresTheDeleted },
  },
  {
    name: 'refresh-only-adds-luns',
    breaks: ['VDS-5.5b'],
    noticedBy: ['deletion.between-the-pair'],
    says: 'Refresh takes in new LUNs and never notices that one is gone.',
    parts: { Inventory: RefreshOnlyAdds },
  },
  {
    name: 'refresh-only-adds-targets',
    breaks: ['VDS-5.5b'],
    noticedBy: ['deletion.target.silently'],
    says: 'Refresh takes in new targets and never notices that one is gone.',
    parts: { Inventory: TargetsStay },
  },
  ...DISCONNECTION,
  {
    name: 'array-event-not-believed',
    breaks: ['VDS-7.1a'],
    noticedBy: ['deletion.lun.with-its-event', 'stories.changed-at-the-array'],
    says: 'After the provider sent VDS_NF_LUN_DEPART, the LUN goes on answering from the cache.',
    parts: { ConformanceControl: EventNotBelieved },
  },
  {
    name: 'deleted-lun-used-after-free',
    breaks: ['VDS-7.1a'],
    noticedBy: ['luns.space-is-freed'],
    needsIsolation: true,
    ends: { as: 'crashed', during: 'IVdsLun::GetProperties' },
    says: 'Delete frees the object although references are held, and the next LUN overwrites it.',
    parts: { Inventory: FreedByDelete, Lun: UsedAfterItWasFreed },
  },
  {
    name: 'deleted-is-e-fail',
    breaks: ['VDS-7.1a'],
    noticedBy: ['async.object-deleted-meanwhile'],
    says: 'Objects that are gone, of whatever kind, answer E_FAIL.',
    overrides: (): Overrides => ({
      async invoke(_call, next) {
        const reply = await next();
        return reply.hr === HR.VDS_E_OBJECT_DELETED ? { ...reply, hr: HR.E_FAIL } : reply;
      },
    }),
  },
  {
    name: 'target-not-deleted',
    breaks: ['VDS-7.1a', 'VDS-11.2a'],
    noticedBy: ['deletion.target.every-method', 'iscsi.delete-target'],
    says: 'Delete of a target ends with S_OK and leaves it in place.',
    parts: { Target: TargetIsNotDeleted },
  },
];
