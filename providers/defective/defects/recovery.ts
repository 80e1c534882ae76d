// Defects of the cache and of recovery: Reenumerate followed by Refresh.
import { v5 } from 'uuid';
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import type { Handle } from '../../../src/contract/tables.js';
import type { ArraySubSystem, DeviceKind } from '../../in-memory/array/devices.js';
import { CacheCorrupt, Failure } from '../../in-memory/failure.js';
import { Inventory } from '../../in-memory/cache/inventory.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import type { DeviceRecord, LunRecord, RecordOf } from '../../in-memory/cache/records.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import type { Defect } from '../defect.js';
import { RefreshingInventory } from '../refreshing.js';
import { given, type MethodReply, type Overrides } from '../override.js';

type Changes = ReturnType<Inventory['refresh']>;

class NothingRepaired extends Inventory {
  override reenumerate(): Changes {
    return [];
  }
  override refresh(): Changes {
    return [];
  }
}

class LunsNotRepaired extends RefreshingInventory {
  protected override write(record: DeviceRecord, id: Guid): void {
    if (record.kind !== 'lun' || !this.refreshing || this.cache.place(id) === undefined) super.write(record, id);
  }
}

class TrustsWhatVerifies extends RefreshingInventory {
  protected override write(record: DeviceRecord, id: Guid): void {
    if (!this.refreshing || !this.cache.isSound(id)) super.write(record, id);
  }
}

class FirstSubSystemOnly extends Inventory {
  override refresh(): Changes {
    const [first] = this.directory().subSystems;
    const truth = first === undefined ? undefined : this.array.subSystem(first);
    return truth === undefined ? [] : this.reload(truth);
  }
}

/** The subsystem's entry is on a list of things to rebuild, which a Refresh works off only from the one before. */
class SubSystemsNextTime extends Inventory {
  private noted: ReadonlySet<Guid> = new Set();

  override refresh(): Changes {
    const damaged = this.array
      .connected()
      .filter((s) => !this.cache.isSound(s.id) && !this.noted.has(s.id))
      .map((s) => s.id);
    const before = new Map(damaged.map((id) => [id, this.cache.place(id)]));
    const bytes = new Map(
      [...before].map(([id, place]) => [id, place === undefined ? undefined : Buffer.from(this.cache.at(place))]),
    );
    const changes = super.refresh();
    for (const [id, old] of bytes) {
      const place = this.cache.place(id);
      if (old === undefined || place === undefined) this.cache.remove(id);
      else this.cache.at(place).fill(0xff, 12);
    }
    this.noted = new Set(damaged);
    return changes;
  }
}

class NewestLunLost extends Inventory {
  protected override reload(truth: ArraySubSystem): Changes {
    const rebuilt = this.devices.has(truth.id) && !this.cache.isSound(truth.id);
    const changes = super.reload(truth);
    // The list is built anew up to, but not including, its last entry.
    if (rebuilt)
      this.write({ ...this.record('subsystem', truth.id), luns: [...truth.luns.keys()].slice(0, -1) }, truth.id);
    return changes;
  }
}

/** Every list is read up to, but not including, its last entry. */
class LosesTheNewest extends Inventory {
  override refresh(): Changes {
    const changes = super.refresh();
    for (const truth of this.array.connected()) {
      if (!this.devices.has(truth.id)) continue;
      const record = this.record('subsystem', truth.id);
      this.write({ ...record, luns: record.luns.slice(0, -1), targets: record.targets.slice(0, -1) }, truth.id);
    }
    return changes;
  }
}

class RenamesNewLuns extends Inventory {
  private readonly seen = new Set<Guid>();

  override refresh(): Changes {
    const intact = this.verifies();
    for (const s of this.array.connected()) {
      for (const lun of s.luns.values()) {
        if (intact && !this.seen.has(lun.id)) lun.friendlyName = `Volume ${this.seen.size + 1}`;
        this.seen.add(lun.id);
      }
    }
    return super.refresh();
  }
}

/**
 * An entry that was lost is made anew with an object of its own, and the object that stood for the LUN before is given
 * up.
 */
class NewObjectsForTheLost extends Inventory {
  protected override reload(truth: ArraySubSystem): Changes {
    for (const lun of truth.luns.values()) {
      const device = this.devices.get(lun.id);
      if (device !== undefined && !this.cache.isSound(lun.id)) this.forget(device);
    }
    return super.reload(truth);
  }
}

/** Unreadable members get a default value, and that of the unmasking list is everybody. */
class UnmasksTheRebuilt extends Inventory {
  protected override reload(truth: ArraySubSystem): Changes {
    const rebuilt = [...truth.luns.values()].filter((lun) => this.devices.has(lun.id) && !this.cache.isSound(lun.id));
    const changes = super.reload(truth);
    for (const { id } of rebuilt) this.write({ ...this.record('lun', id), unmaskingList: '*' }, id);
    return changes;
  }
}

/** Reads what it can from an entry, and zero for what it cannot; the size of a damaged one is off by a bit. */
class NotVerified extends Inventory {
  override record<K extends DeviceKind>(kind: K, id: Guid): RecordOf<K> {
    return kind === 'lun' ? (this.readable(id) as RecordOf<K>) : super.record(kind, id);
  }

  private readable(id: Guid): LunRecord {
    const place = this.cache.place(id);
    if (place === undefined) throw new CacheCorrupt();
    const text = Buffer.from(this.cache.at(place)).toString('latin1');
    const string = (name: string): string => new RegExp(`"${name}":"([^"]*)"`).exec(text)?.[1] ?? '';
    const number = (name: string): number => Number(new RegExp(`"${name}":(\\d+)`).exec(text)?.[1] ?? 0);
    const ids = (name: string): readonly Guid[] =>
      [...(new RegExp(`"${name}":\\[([^\\]]*)\\]`).exec(text)?.[1] ?? '').matchAll(/"([^"]*)"/g)].flatMap(
        (m) => m[1] ?? [],
      );
    return {
      kind: 'lun',
      snapshot: false,
      parent: string('parent'),
      size: String(BigInt(/^\d+$/.exec(string('size'))?.[0] ?? '0') ^ (this.cache.isSound(id) ? 0n : 1n << 20n)),
      friendlyName: string('friendlyName'),
      identification: string('identification'),
      unmaskingList: string('unmaskingList'),
      type: number('type'),
      status: number('status'),
      health: number('health'),
      hints: null,
      plexes: ids('plexes'),
      targets: ids('targets'),
      controllers: ids('controllers'),
      ports: ids('ports'),
      policy: number('policy'),
      paths: [],
      number: number('number'),
      pools: ids('pools'),
    };
  }
}

class ZerosForCorrupt extends LunObject {
  protected override getProperties(): ReturnType<LunObject['getProperties']> {
    try {
      return super.getProperties();
    } catch (error) {
      if (!(error instanceof CacheCorrupt)) throw error;
      const zeros = {
        size: 0n,
        friendlyName: null,
        identification: null,
        unmaskingList: null,
        flags: 0,
        type: 0,
        status: 0,
        health: 0,
        transitionState: 0,
        rebuildPriority: 0,
      };
      return { hr: HR.S_OK, out: { lunProp: { id: this.id, ...zeros } as never } };
    }
  }
}

class CorruptIsEFail extends LunObject {
  protected override read(): LunRecord {
    try {
      return super.read();
    } catch (error) {
      throw error instanceof CacheCorrupt ? new Failure(HR.E_FAIL) : error;
    }
  }
}

class RefreshKeepsFailing extends ProviderObject {
  protected override refresh(): ReturnType<ProviderObject['refresh']> {
    // It verifies before it repairs.
    if (!this.inventory.verifies()) throw new CacheCorrupt();
    return super.refresh();
  }
}

class RefreshSaysNothingNew extends ProviderObject {
  protected override refresh(): ReturnType<ProviderObject['refresh']> {
    const intact = this.inventory.verifies();
    super.refresh();
    return { hr: intact ? HR.S_FALSE : HR.S_OK };
  }
}

class ReenumerateKeepsFailing extends ProviderObject {
  protected override reenumerate(): ReturnType<ProviderObject['reenumerate']> {
    for (const device of this.inventory.devices.values()) {
      if (device.kind === 'target' && !this.inventory.cache.isSound(device.id)) throw new CacheCorrupt();
    }
    return super.reenumerate();
  }
}

class BusyAfterReenumerate extends ProviderObject {
  private repairs = 0;

  protected override refresh(): ReturnType<ProviderObject['refresh']> {
    if (this.inventory.verifies()) return super.refresh();
    this.repairs += 1;
    // A recovery's flag is left set on the way out, so that the second one in a provider's life is refused.
    if (this.repairs === 2) throw new Failure(HR.VDS_E_OBJECT_STATUS_FAILED);
    return super.refresh();
  }
}

class ReenumerateMakesDoWithErrors extends ProviderObject {
  protected override reenumerate(): ReturnType<ProviderObject['reenumerate']> {
    try {
      return super.reenumerate();
    } catch (error) {
      if (error instanceof Failure) return { hr: HR.S_FALSE };
      throw error;
    }
  }
}

class ListsFromMemory extends SubSystemObject {
  protected override queryLuns(): ReturnType<SubSystemObject['queryLuns']> {
    try {
      return super.queryLuns();
    } catch (error) {
      if (!(error instanceof CacheCorrupt)) throw error;
      throw new Failure(HR.E_UNEXPECTED);
    }
  }
}

/** Each LUN that answered VDS_E_PROVIDER_CACHE_CORRUPT has another id after Refresh, as if it were another LUN. */
function newIds(): Overrides {
  const idOf = new Map<Handle, Guid>();
  const shown = new Map<Guid, Guid>();
  const real = new Map<Guid, Guid>();
  const corrupt = new Set<Guid>();
  return {
    methods: {
      'IVdsLun.GetProperties': async (call, next): Promise<MethodReply<'IVdsLun.GetProperties'>> => {
        const reply = await next();
        const prop = given(reply.out.lunProp);
        if (reply.hr === HR.VDS_E_PROVIDER_CACHE_CORRUPT) {
          const id = idOf.get(call.object);
          if (id !== undefined) corrupt.add(id);
        }
        if (reply.hr !== HR.S_OK || prop === undefined) return reply;
        idOf.set(call.object, prop.id);
        return { hr: reply.hr, out: { lunProp: { ...prop, id: shown.get(prop.id) ?? prop.id } } };
      },
      'IVdsProviderPrivate.GetObject': (call, next) =>
        next({ args: { ...call.args, objectId: real.get(call.args.objectId) ?? call.args.objectId } }),
      'IVdsHwProvider.Refresh': async (_call, next) => {
        for (const id of corrupt) {
          const made = v5(`rebuilt ${shown.get(id) ?? id}`, v5.URL);
          shown.set(id, made);
          real.set(made, id);
        }
        corrupt.clear();
        return next();
      },
    },
  };
}

class CrashOnLostEntry extends Inventory {
  override refresh(): Changes {
    // The effect of a NULL pointer from the look-up in C.
    for (const id of this.devices.keys()) if (this.cache.place(id) === undefined) process.kill(process.pid, 'SIGSEGV');
    return super.refresh();
  }
}

class WaitsForTheDisconnected extends Inventory {
  override reenumerate(): Changes {
    for (const device of this.devices.values()) {
      while (device.kind === 'subsystem' && this.array.subSystem(device.id) === undefined);
    }
    return super.reenumerate();
  }
}

export const RECOVERY: readonly Defect[] = [
  {
    name: 'recovery-repairs-nothing',
    breaks: ['VDS-5.5b'],
    noticedBy: ['recovery.again-after-recovery'],
    says: 'Reenumerate and Refresh answer S_OK and do nothing.',
    parts: { Inventory: NothingRepaired },
  },
  {
    name: 'recovery-forgets-luns',
    breaks: ['VDS-5.5b'],
    noticedBy: ['recovery.again-after-recovery'],
    says: 'Refresh renews the entries of subsystems and targets and leaves those of LUNs as they are.',
    parts: { Inventory: LunsNotRepaired },
  },
  {
    name: 'stale-after-recovery',
    breaks: ['VDS-5.5b'],
    noticedBy: ['deletion.between-the-pair'],
    says: 'Refresh renews only entries whose checksum is wrong, so an old but well-formed entry outlives the recovery.',
    parts: { Inventory: TrustsWhatVerifies },
  },
  {
    name: 'recovery-of-the-first-subsystem-only',
    breaks: ['VDS-5.5b'],
    noticedBy: ['recovery.second-subsystem'],
    says: 'Refresh renews the first subsystem and forgets the others.',
    parts: { Inventory: FirstSubSystemOnly },
  },
  {
    name: 'recovery-needed-twice',
    breaks: ['VDS-5.5b'],
    noticedBy: ['import-target.corrupted.flipped-bytes'],
    says: "A subsystem's damaged entry is only noted by the first recovery and repaired by the second.",
    parts: { Inventory: SubSystemsNextTime },
  },
  {
    name: 'newest-lun-lost-in-recovery',
    breaks: ['VDS-5.5b'],
    noticedBy: ['import-target.corrupted.flipped-bytes'],
    says: "When a subsystem's list of LUNs is built anew, the last one is missing.",
    parts: { Inventory: NewestLunLost },
  },
  {
    name: 'newest-objects-lost-in-every-refresh',
    breaks: ['VDS-5.5b'],
    noticedBy: ['deletion.subsystem.disconnected'],
    says: 'Refresh leaves out the last LUN and the last target of each subsystem.',
    wide: 'no recovery ends well',
    parts: { Inventory: LosesTheNewest },
  },
  {
    name: 'recovery-renames-new-luns',
    breaks: ['VDS-5.5b'],
    noticedBy: ['deletion.subsystem.disconnected'],
    says: 'A recovery with nothing to repair gives the LUNs that it sees for the first time new names.',
    parts: { Inventory: RenamesNewLuns },
  },
  {
    name: 'recovery-gives-up-objects',
    breaks: ['VDS-5.6'],
    noticedBy: ['recovery.second-subsystem'],
    says:
      'Recovery makes a new object for a LUN whose entry was damaged, and references held to it answer ' +
      'VDS_E_OBJECT_DELETED.',
    parts: { Inventory: NewObjectsForTheLost },
  },
  {
    name: 'recovery-unmasks-luns',
    breaks: ['VDS-5.5b'],
    noticedBy: ['recovery.second-subsystem'],
    says: 'A LUN whose entry was damaged is unmasked to everybody after recovery.',
    parts: { Inventory: UnmasksTheRebuilt },
  },
  {
    name: 'new-ids-after-recovery',
    breaks: ['VDS-4.2b'],
    noticedBy: ['recovery.second-subsystem'],
    says: 'A LUN whose entry was corrupted comes back under a new GUID.',
    overrides: newIds,
  },
  {
    name: 'corruption-not-verified',
    breaks: ['VDS-5.5a'],
    noticedBy: ['recovery.second-subsystem'],
    says: 'Checksums are written but never compared, so damaged LUN entries are passed off as answers.',
    parts: { Inventory: NotVerified },
  },
  {
    name: 'corruption-answered-with-zeros',
    breaks: ['VDS-5.5a'],
    noticedBy: ['recovery.second-subsystem'],
    says: 'GetProperties of a LUN whose entry does not verify answers S_OK with every value zero.',
    parts: { Lun: ZerosForCorrupt },
  },
  {
    name: 'corruption-answered-with-e-fail',
    breaks: ['VDS-0.2c'],
    strict: true,
    noticedBy: ['recovery.second-subsystem'],
    says: 'A LUN whose entry does not verify answers E_FAIL instead of VDS_E_PROVIDER_CACHE_CORRUPT.',
    parts: { Lun: CorruptIsEFail },
  },
  {
    name: 'corruption-answered-with-e-unexpected',
    breaks: ['VDS-0.2c'],
    strict: true,
    noticedBy: ['recovery.flipped-bytes.subsystem'],
    says: 'QueryLuns answers E_UNEXPECTED when an entry that it needs does not verify.',
    parts: { SubSystem: ListsFromMemory },
  },
  {
    name: 'refresh-refuses-what-it-should-repair',
    breaks: ['VDS-5.5d'],
    noticedBy: ['recovery.second-subsystem'],
    says: 'Refresh verifies the cache before it renews it, and answers VDS_E_PROVIDER_CACHE_CORRUPT.',
    parts: { Provider: RefreshKeepsFailing },
  },
  {
    name: 'refresh-answers-s-false',
    breaks: ['VDS-5.5d', 'VDS-0.2a'],
    noticedBy: ['arguments.provider.permitted-answers', 'faults.overlapping-call.reenumerate-twice'],
    says: 'Refresh answers S_FALSE, which it does not document, when there was nothing to repair.',
    wide: 'every check that recovers twice, or without damage, meets it',
    parts: { Provider: RefreshSaysNothingNew },
  },
  {
    name: 'reenumerate-amid-errors-s-false',
    breaks: ['VDS-5.5c'],
    noticedBy: ['faults.device-error.pair'],
    says: 'Reenumerate answers S_FALSE, which it does not document, when the array answers it with errors.',
    parts: { Provider: ReenumerateMakesDoWithErrors },
  },
  {
    name: 'reenumerate-refuses-corrupt-targets',
    breaks: ['VDS-5.5d'],
    noticedBy: ['recovery.flipped-bytes.target'],
    says: "Reenumerate answers VDS_E_PROVIDER_CACHE_CORRUPT as long as a target's entry does not verify.",
    parts: { Provider: ReenumerateKeepsFailing },
  },
  {
    name: 'second-recovery-refused',
    breaks: ['VDS-5.5d'],
    noticedBy: ['recovery.again-after-recovery'],
    says: "The second recovery in a provider's life is refused with VDS_E_OBJECT_STATUS_FAILED.",
    parts: { Provider: BusyAfterReenumerate },
  },
  {
    name: 'crash-in-refresh',
    breaks: ['VDS-2.7'],
    noticedBy: ['import-target.corrupted.lost-entry'],
    needsIsolation: true,
    ends: { as: 'crashed', during: 'IVdsHwProvider::Refresh' },
    says: 'Refresh trusts a look-up that found nothing, and crashes when an entry is lost.',
    parts: { Inventory: CrashOnLostEntry },
  },
  {
    name: 'endless-loop-in-reenumerate',
    breaks: ['VDS-0.2d'],
    noticedBy: ['notifications.subsystem-comes-and-goes'],
    needsIsolation: true,
    ends: { as: 'hung', during: 'IVdsHwProvider::Reenumerate' },
    says: 'Reenumerate polls a subsystem that was disconnected until it answers.',
    parts: { Inventory: WaitsForTheDisconnected },
  },
];
