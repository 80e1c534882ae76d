// Defects of IVdsSubSystemImportTarget.
import { HR } from '../../../src/contract/hresult.js';
import { NULL_GUID, parseGuid } from '../../../src/contract/guid.js';
import { isIscsiName } from '../../../src/contract/iscsi-name.js';
import type { Handle } from '../../../src/contract/tables.js';
import type { Port } from '../../../src/port/port.js';
import { Failure } from '../../in-memory/failure.js';
import { NameDialect, type ImportTargetDialect } from '../../in-memory/objects/import-target.js';
import { Inventory } from '../../in-memory/cache/inventory.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import type { ArraySubSystem } from '../../in-memory/array/devices.js';
import { unavailable } from '../answers.js';
import type { Defect } from '../defect.js';
import { ask, given, interfaceOf } from '../override.js';

const clears = (text: string | null): boolean => text === null || parseGuid(text) === NULL_GUID;

class ForgottenOnReenumerate extends Inventory {
  override reenumerate(): ReturnType<Inventory['reenumerate']> {
    for (const truth of this.array.connected()) truth.importTarget = null;
    return super.reenumerate();
  }
}

class ClearedOnRefresh extends Inventory {
  override refresh(): ReturnType<Inventory['refresh']> {
    const changes = super.refresh();
    for (const truth of this.array.connected())
      if (this.devices.has(truth.id))
        this.write({ ...this.record('subsystem', truth.id), importTarget: null }, truth.id);
    return changes;
  }
}

class LostWithItsEntry extends Inventory {
  protected override reload(truth: ArraySubSystem): ReturnType<Inventory['refresh']> {
    const lost = this.devices.has(truth.id) && !this.cache.isSound(truth.id);
    const changes = super.reload(truth);
    if (lost) this.write({ ...this.record('subsystem', truth.id), importTarget: null }, truth.id);
    return changes;
  }
}

class ClearedByIdleRecovery extends Inventory {
  override refresh(): ReturnType<Inventory['refresh']> {
    if (this.verifies()) for (const truth of this.array.connected()) truth.importTarget = null;
    return super.refresh();
  }
}

/** Refresh merges the former state into the present one, and takes an empty value for a missing one. */
class ComesBack extends Inventory {
  private readonly seen = new Map<string, string | null>();

  override refresh(): ReturnType<Inventory['refresh']> {
    for (const truth of this.array.connected()) {
      truth.importTarget ??= this.seen.get(truth.id) ?? null;
      this.seen.set(truth.id, truth.importTarget);
    }
    return super.refresh();
  }
}

class Shared extends SubSystemObject {
  protected override setImportTarget(text: string | null): ReturnType<SubSystemObject['setImportTarget']> {
    const answer = super.setImportTarget(text);
    const { array, inventory } = this.provider;
    const stored = array.subSystem(this.id)?.importTarget ?? null;
    for (const other of array.connected()) {
      other.importTarget = stored;
      inventory.update(other.id);
    }
    return answer;
  }
}

class SetOnTheFirst extends SubSystemObject {
  protected override reach(): ReturnType<SubSystemObject['reach']> {
    const own = super.reach();
    return this.setting ? { ...own, subSystem: this.provider.array.connected()[0] ?? own.subSystem } : own;
  }

  private setting = false;

  protected override setImportTarget(text: string | null): ReturnType<SubSystemObject['setImportTarget']> {
    this.setting = true;
    try {
      return super.setImportTarget(text);
    } finally {
      this.setting = false;
      this.provider.learn(...this.provider.array.connected().map((s) => s.id));
    }
  }
}

class EmptyString extends SubSystemObject {
  protected override getImportTarget(): ReturnType<SubSystemObject['getImportTarget']> {
    return { hr: HR.S_OK, out: { iscsiName: this.read().importTarget ?? '' } };
  }
}

class NotFoundWhenNone extends SubSystemObject {
  protected override getImportTarget(): ReturnType<SubSystemObject['getImportTarget']> {
    if (this.read().importTarget === null) throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
    return super.getImportTarget();
  }
}

class NeverStored extends SubSystemObject {
  protected override setImportTarget(text: string | null): ReturnType<SubSystemObject['setImportTarget']> {
    return clears(text) ? super.setImportTarget(text) : { hr: HR.S_OK };
  }
}

class SetOnlyOnce extends SubSystemObject {
  protected override setImportTarget(text: string | null): ReturnType<SubSystemObject['setImportTarget']> {
    return clears(text) || this.read().importTarget === null ? super.setImportTarget(text) : { hr: HR.S_OK };
  }
}

class CutShort extends NameDialect {
  override parse(text: string | null): string | null | undefined {
    return super.parse(text)?.slice(0, 40) ?? super.parse(text);
  }
}

class UpperCase extends SubSystemObject {
  protected override getImportTarget(): ReturnType<SubSystemObject['getImportTarget']> {
    const { hr, out } = super.getImportTarget();
    return { hr, out: { iscsiName: String(out?.iscsiName).toUpperCase() } };
  }
}

class GuidNullIsAName extends NameDialect {
  override parse(text: string | null): string | null | undefined {
    return text ?? null;
  }
}

class GuidNullRefused extends NameDialect {
  override parse(text: string | null): string | null | undefined {
    return text !== null && parseGuid(text) === NULL_GUID ? undefined : super.parse(text);
  }
}

/** The other lawful dialect, but for GUID_NULL. */
class IdsWithoutClearing implements ImportTargetDialect {
  parse(text: string | null): string | null | undefined {
    if (text === null) return null;
    const id = parseGuid(text);
    return id === NULL_GUID ? undefined : id;
  }
}

class NoTargetTaken implements ImportTargetDialect {
  parse(text: string | null): string | null | undefined {
    return clears(text) ? null : undefined;
  }
}

class DialectByLoad extends SubSystemObject {
  protected override setImportTarget(text: string | null): ReturnType<SubSystemObject['setImportTarget']> {
    const loads = this.provider instanceof CountsLoads ? this.provider.loads() : 1;
    if (loads > 1 && text !== null && isIscsiName(text)) throw new Failure(HR.E_INVALIDARG);
    return super.setImportTarget(text);
  }
}

/** Counted on the array, which outlives a provider object. */
const loadsOf = new WeakMap<object, number>();
class CountsLoads extends ProviderObject {
  loads(): number {
    return loadsOf.get(this.array) ?? 0;
  }

  protected override onLoad(...given: Parameters<ProviderObject['onLoad']>): ReturnType<ProviderObject['onLoad']> {
    loadsOf.set(this.array, this.loads() + 1);
    return super.onLoad(...given);
  }
}

class EmptyStringKeptOnce implements ImportTargetDialect {
  private readonly names = new NameDialect();
  private seen = 0;

  parse(text: string | null): string | null | undefined {
    // The first NULL clears; later ones find "already cleared" in a flag that Set does not take back.
    if (text === null) return ++this.seen > 1 ? undefined : null;
    return this.names.parse(text);
  }
}

class NullStoresNothing extends SubSystemObject {
  protected override setImportTarget(text: string | null): ReturnType<SubSystemObject['setImportTarget']> {
    return text === null ? { hr: HR.S_OK } : super.setImportTarget(text);
  }
}

class UnknownNameFails extends SubSystemObject {
  protected override setImportTarget(text: string | null): ReturnType<SubSystemObject['setImportTarget']> {
    const known = this.provider.array
      .connected()
      .some((s) => [...s.targets.values()].some((t) => t.iscsiName === text));
    if (!known && !clears(text)) throw new Failure(HR.E_FAIL);
    return super.setImportTarget(text);
  }
}

export const IMPORT_TARGET: readonly Defect[] = [
  {
    name: 'import-target-forgotten-on-reenumerate',
    breaks: ['VDS-5.5b', 'VDS-1.4a'],
    noticedBy: ['import-target.survives-recovery', 'recovery.held-references'],
    says: 'Reenumerate builds its list of subsystems anew and forgets their import targets.',
    parts: { Inventory: ForgottenOnReenumerate },
  },
  {
    name: 'import-target-cleared-on-refresh',
    breaks: ['VDS-5.5b', 'VDS-1.4a'],
    noticedBy: ['import-target.survives-recovery', 'recovery.held-references'],
    says: 'Refresh fetches everything from the array, which knows no import target, and so clears it.',
    parts: { Inventory: ClearedOnRefresh },
  },
  {
    name: 'import-target-lost-with-its-cache-entry',
    breaks: ['VDS-5.5b'],
    noticedBy: ['import-target.corrupted.flipped-bytes'],
    says: "The import target stands in the cache only, so it is lost when the subsystem's damaged entry is built anew.",
    parts: { Inventory: LostWithItsEntry },
  },
  {
    name: 'import-target-cleared-by-idle-recovery',
    breaks: ['VDS-5.5b', 'VDS-1.4a'],
    noticedBy: ['import-target.survives-recovery', 'import-target.corrupted.stale-entry'],
    says: 'A recovery that finds nothing to repair resets the import targets.',
    parts: { Inventory: ClearedByIdleRecovery },
  },
  {
    name: 'import-target-comes-back',
    breaks: ['VDS-1.6'],
    noticedBy: ['import-target.survives-recovery'],
    says: 'An import target that was cleared is back after Refresh.',
    parts: { Inventory: ComesBack },
  },
  {
    name: 'import-target-shared',
    breaks: ['VDS-1.4a'],
    noticedBy: ['import-target.per-subsystem'],
    says: 'One import target is kept for all subsystems.',
    parts: { SubSystem: Shared },
  },
  {
    name: 'import-target-set-on-the-first-subsystem',
    breaks: ['VDS-1.5a'],
    noticedBy: ['import-target.per-subsystem'],
    says: 'SetImportTarget stores the value for the first subsystem, whichever it is called on.',
    parts: { SubSystem: SetOnTheFirst },
  },
  {
    name: 'import-target-empty-when-none',
    breaks: ['VDS-1.6'],
    noticedBy: ['import-target.none-set'],
    says: 'GetImportTarget answers S_OK with an empty string while no import target is set.',
    parts: { SubSystem: EmptyString },
  },
  {
    name: 'import-target-not-found-when-none',
    breaks: ['VDS-1.6'],
    noticedBy: ['import-target.none-set'],
    says: 'GetImportTarget answers VDS_E_OBJECT_NOT_FOUND while no import target is set.',
    wide: 'every inventory of the system reads the import targets',
    parts: { SubSystem: NotFoundWhenNone },
  },
  {
    name: 'import-target-never-stored',
    breaks: ['VDS-1.4a'],
    noticedBy: ['import-target.round-trip'],
    says: 'SetImportTarget answers S_OK and stores nothing.',
    parts: { SubSystem: NeverStored },
  },
  {
    name: 'import-target-set-only-once',
    breaks: ['VDS-1.5a'],
    noticedBy: ['import-target.round-trip'],
    says: 'SetImportTarget answers S_OK but keeps the first value until it is cleared.',
    parts: { SubSystem: SetOnlyOnce },
  },
  {
    name: 'import-target-cut-short',
    breaks: ['VDS-1.5a'],
    noticedBy: ['import-target.round-trip'],
    says: 'The import target is stored in a field of 40 characters, and longer names are cut.',
    parts: { ImportTargetDialect: CutShort },
  },
  {
    name: 'import-target-upper-case',
    breaks: ['VDS-1.7'],
    noticedBy: ['import-target.round-trip'],
    strict: true,
    says: 'GetImportTarget returns the name in upper case: the same iSCSI name, but not the string that was stored.',
    parts: { SubSystem: UpperCase },
  },
  {
    name: 'import-target-guid-null-is-a-name',
    breaks: ['VDS-1.6'],
    noticedBy: ['import-target.none-set'],
    says: "SetImportTarget stores GUID_NULL as if it were a target's name instead of clearing.",
    parts: { ImportTargetDialect: GuidNullIsAName },
  },
  {
    name: 'import-target-guid-null-refused',
    breaks: ['VDS-1.3b'],
    noticedBy: ['import-target.none-set'],
    strict: true,
    says: 'A provider that takes iSCSI names refuses GUID_NULL, so the import target cannot be cleared as documented.',
    parts: { ImportTargetDialect: GuidNullRefused },
  },
  {
    name: 'import-target-ids-never-cleared',
    breaks: ['VDS-1.3a'],
    noticedBy: ['import-target.none-set'],
    says: 'A provider that takes target ids looks for a target with the id GUID_NULL instead of clearing.',
    parts: { ImportTargetDialect: IdsWithoutClearing },
  },
  {
    name: 'import-target-refuses-every-target',
    breaks: ['VDS-1.2'],
    noticedBy: ['faults.overlapping-call.import-target-and-get'],
    says: 'SetImportTarget accepts an existing target neither by its iSCSI name nor by its id.',
    parts: { ImportTargetDialect: NoTargetTaken },
  },
  {
    name: 'import-target-dialect-changes',
    breaks: ['VDS-1.2'],
    noticedBy: ['recovery.held-references'],
    after: ['import-target.round-trip', 'lifecycle.unload-and-load-again'],
    says: 'SetImportTarget takes iSCSI names until the provider is loaded again, and from then on refuses them.',
    parts: { SubSystem: DialectByLoad, Provider: CountsLoads },
  },
  {
    name: 'import-target-null-now-so-now-so',
    breaks: ['VDS-1.3c'],
    noticedBy: ['import-target.null-and-empty'],
    says: 'SetImportTarget with NULL clears the first time and is refused afterwards.',
    parts: { ImportTargetDialect: EmptyStringKeptOnce },
  },
  {
    name: 'import-target-null-ignored',
    breaks: ['VDS-1.3c'],
    noticedBy: ['import-target.null-and-empty'],
    says: 'SetImportTarget answers S_OK for NULL and leaves the import target set.',
    parts: { SubSystem: NullStoresNothing },
  },
  {
    name: 'import-target-unknown-name-e-fail',
    breaks: ['VDS-0.2c'],
    strict: true,
    noticedBy: ['import-target.unknown-value'],
    says: 'SetImportTarget answers E_FAIL for a name that no target has.',
    parts: { SubSystem: UnknownNameFails },
  },
  {
    name: 'import-target-refused-as-none',
    breaks: ['VDS-1.6c'],
    noticedBy: ['import-target.null-and-empty'],
    says: 'SetImportTarget answers VDS_E_NO_IMPORT_TARGET to an empty string.',
    overrides: unavailable(
      'IVdsSubSystemImportTarget.SetImportTarget',
      HR.VDS_E_NO_IMPORT_TARGET,
      ({ iscsiName }) => iscsiName === '',
    ),
  },
  {
    name: 'import-target-half-supported',
    breaks: ['VDS-1.6b'],
    strict: true,
    noticedBy: ['import-target.not-supported'],
    says: 'GetImportTarget answers VDS_E_NOT_SUPPORTED while SetImportTarget takes whatever it is given.',
    overrides: () => ({
      methods: {
        'IVdsSubSystemImportTarget.GetImportTarget': async () => ({
          hr: HR.VDS_E_NOT_SUPPORTED,
          out: { iscsiName: null },
        }),
      },
    }),
  },
  {
    name: 'import-target-interface-comes-and-goes',
    breaks: ['VDS-1.1'],
    noticedBy: ['import-target.optional'],
    says: 'Every second QueryInterface for IVdsSubSystemImportTarget answers E_NOINTERFACE.',
    overrides: (inner) => {
      let asked = 0;
      return {
        queryInterface: async (_object, name, next) => {
          const reply = await next();
          if (name !== 'IVdsSubSystemImportTarget' || reply.object === null || ++asked % 2 === 1) return reply;
          await inner.release(reply.object);
          return { hr: HR.E_NOINTERFACE, object: null };
        },
      };
    },
  },
  {
    name: 'import-target-null-pointer-succeeds',
    breaks: ['VDS-1.5b'],
    noticedBy: ['import-target.null-out-pointer'],
    says: 'GetImportTarget answers S_OK although it was given no pointer for its string.',
    overrides: () => ({
      methods: {
        'IVdsSubSystemImportTarget.GetImportTarget': async (call, next) =>
          call.nullOuts?.includes('iscsiName') === true ? { hr: HR.S_OK, out: {} } : next(),
      },
    }),
  },
  {
    name: 'import-target-null-pointer-crash',
    breaks: ['VDS-1.5b'],
    noticedBy: ['import-target.null-out-pointer'],
    needsIsolation: true,
    ends: { as: 'crashed', during: 'IVdsSubSystemImportTarget::GetImportTarget' },
    says: 'GetImportTarget writes through its out pointer without looking whether it is NULL.',
    overrides: () => ({
      methods: {
        'IVdsSubSystemImportTarget.GetImportTarget': async (call, next) => {
          if (call.nullOuts?.includes('iscsiName') === true) process.kill(process.pid, 'SIGSEGV');
          return next();
        },
      },
    }),
  },
  {
    name: 'import-target-of-a-lost-subsystem',
    breaks: ['VDS-7.1a'],
    noticedBy: ['import-target.deleted-subsystem'],
    says: 'GetImportTarget of a subsystem that is gone answers VDS_E_NO_IMPORT_TARGET.',
    overrides: () => ({
      methods: {
        'IVdsSubSystemImportTarget.GetImportTarget': async (_call, next) => {
          const reply = await next();
          return reply.hr === HR.VDS_E_OBJECT_DELETED ? { ...reply, hr: HR.VDS_E_NO_IMPORT_TARGET } : reply;
        },
      },
    }),
  },
  {
    name: 'import-target-of-another-target',
    breaks: ['VDS-1.5a'],
    noticedBy: ['import-target.round-trip'],
    says: "GetImportTarget answers with the name of the subsystem's first target, whichever was set.",
    overrides: (inner) => ({
      methods: {
        'IVdsSubSystemImportTarget.GetImportTarget': async (call, next) => {
          const reply = await next();
          if (given(reply.out.iscsiName) === undefined) return reply;
          return { ...reply, out: { iscsiName: (await firstTargetName(inner, call.object)) ?? '' } };
        },
      },
    }),
  },
];

/** The iSCSI name of the first target that the subsystem lists. */
async function firstTargetName(inner: Port, subSystem: Handle): Promise<string | null | undefined> {
  const iscsi = await interfaceOf(inner, subSystem, 'IVdsSubSystemIscsi');
  if (iscsi === null) return undefined;
  const list = given((await ask(inner, iscsi, 'IVdsSubSystemIscsi.QueryTargets', {})).out.enum);
  await inner.release(iscsi);
  if (list === undefined) return undefined;
  const [first] = given((await ask(inner, list, 'IEnumVdsObject.Next', { celt: 1 })).out.objectArray) ?? [];
  await inner.release(list);
  if (first === undefined) return undefined;
  const target = await interfaceOf(inner, first, 'IVdsIscsiTarget');
  await inner.release(first);
  if (target === null) return undefined;
  const prop = given((await ask(inner, target, 'IVdsIscsiTarget.GetProperties', {})).out.targetProp);
  await inner.release(target);
  return prop?.iscsiName;
}
