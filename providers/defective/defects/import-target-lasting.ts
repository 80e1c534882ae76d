// Defects of how long the import target lasts, and of what becomes of it when other things change.
import { NULL_GUID, parseGuid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import { NameDialect } from '../../in-memory/objects/import-target.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import { TargetObject } from '../../in-memory/objects/target.js';
import type { Defect } from '../defect.js';
import { ask, given, type MakeOverrides } from '../override.js';

class LostAtUnload extends ProviderObject {
  protected override onUnload(): ReturnType<ProviderObject['onUnload']> {
    for (const subSystem of this.array.subSystems.values()) subSystem.importTarget = null;
    return super.onUnload();
  }
}

/**
 * A setting that was cleared comes back with the next load: clearing reached the cache and not the place where it
 * lasts.
 */
class ClearedUntilUnload extends ProviderObject {
  private readonly last = new Map<object, string>();

  override learn(...ids: readonly string[]): void {
    for (const subSystem of this.array.subSystems.values())
      if (subSystem.importTarget !== null) this.last.set(subSystem, subSystem.importTarget);
    super.learn(...ids);
  }

  protected override onUnload(): ReturnType<ProviderObject['onUnload']> {
    for (const subSystem of this.array.subSystems.values()) subSystem.importTarget ??= this.last.get(subSystem) ?? null;
    return super.onUnload();
  }
}

class LowerCaseEui extends NameDialect {
  override parse(text: string | null): string | null | undefined {
    const kept = super.parse(text);
    return kept?.startsWith('eui.') === true ? kept.toLowerCase() : kept;
  }
}

class BestFit extends NameDialect {
  override parse(text: string | null): string | null | undefined {
    return super.parse(text)?.replace(/[^\x20-\x7e]/g, '?') ?? super.parse(text);
  }
}

const firstSeen = new WeakMap<object, Map<string, string | null>>();

/** A provider object repeats the first value that it has read, unless it sets another one itself. */
class AnswersWhatItSaw extends SubSystemObject {
  private get seen(): Map<string, string | null> {
    const seen = firstSeen.get(this.provider) ?? new Map<string, string | null>();
    firstSeen.set(this.provider, seen);
    return seen;
  }

  protected override getImportTarget(): ReturnType<SubSystemObject['getImportTarget']> {
    const answer = super.getImportTarget();
    const value = this.seen.get(this.id) ?? this.read().importTarget;
    this.seen.set(this.id, value);
    return { ...answer, out: { iscsiName: value } };
  }

  protected override setImportTarget(text: string | null): ReturnType<SubSystemObject['setImportTarget']> {
    this.seen.delete(this.id);
    return super.setImportTarget(text);
  }
}

/** The setting is an index into the list of targets. */
class PassesToAnother extends TargetObject {
  protected override delete(): ReturnType<TargetObject['delete']> {
    const { target, subSystem } = this.reach();
    const others = [...subSystem.targets.values()].filter((t) => t.id !== this.id);
    const last = others.at(-1);
    if (subSystem.importTarget === target.iscsiName && last !== undefined) {
      subSystem.importTarget = last.iscsiName;
      this.provider.learn(subSystem.id);
    }
    return super.delete();
  }
}

class NamedAnew extends TargetObject {
  protected override setFriendlyName(given: string | null): ReturnType<TargetObject['setFriendlyName']> {
    const { target, subSystem } = this.reach();
    if (subSystem.importTarget === target.iscsiName) {
      subSystem.importTarget = null;
      this.provider.learn(subSystem.id);
    }
    return super.setFriendlyName(given);
  }
}

class ClearsEverywhere extends SubSystemObject {
  protected override setImportTarget(text: string | null): ReturnType<SubSystemObject['setImportTarget']> {
    if (text === null || parseGuid(text) === NULL_GUID)
      for (const other of this.provider.array.connected()) {
        other.importTarget = null;
        this.provider.learn(other.id);
      }
    return super.setImportTarget(text);
  }
}

/** A creation writes the whole record of its subsystem, as it was when it began. */
class CreationWritesAll extends SubSystemObject {
  protected override operation(
    ...[type, commit, abandon]: Parameters<SubSystemObject['operation']>
  ): ReturnType<SubSystemObject['operation']> {
    const { subSystem } = this.reach();
    const before = subSystem.importTarget;
    const commitAll = (): ReturnType<typeof commit> => {
      const made = commit();
      subSystem.importTarget = before;
      this.provider.learn(subSystem.id);
      return made;
    };
    return super.operation(type, commitAll, abandon);
  }
}

/** What begins like the setting of before is taken for it. */
const asFarAsItGoes: MakeOverrides = (inner) => ({
  methods: {
    'IVdsSubSystemImportTarget.SetImportTarget': async (call, next) => {
      const get = 'IVdsSubSystemImportTarget.GetImportTarget';
      const before = given((await ask(inner, call.object, get, {})).out.iscsiName);
      const name = call.args.iscsiName;
      return name && before?.startsWith(name) === true ? { hr: HR.S_OK, out: {} } : next();
    },
  },
});

export const IMPORT_TARGET_LASTING: readonly Defect[] = [
  {
    name: 'import-target-lost-at-unload',
    says: 'The import target of each subsystem goes when the provider is unloaded.',
    breaks: ['VDS-1.8'],
    noticedBy: ['import-target.outlives-unload', 'interactions.reloaded'],
    strict: true,
    parts: { Provider: LostAtUnload },
  },
  {
    name: 'cleared-import-target-comes-back-with-a-load',
    says: 'An import target that was cleared is there again when the provider has been unloaded and loaded.',
    breaks: ['VDS-1.8'],
    noticedBy: ['import-target.outlives-unload'],
    strict: true,
    parts: { Provider: ClearedUntilUnload },
  },
  {
    name: 'another-provider-object-shows-an-old-import-target',
    says:
      'A provider object goes on reporting the import target that it ' +
      'read first, whatever another one has set since.',
    breaks: ['VDS-1.8'],
    noticedBy: ['import-target.another-provider-object'],
    strict: true,
    parts: { SubSystem: AnswersWhatItSaw },
  },
  {
    name: 'eui-import-targets-lose-their-case',
    says: 'SetImportTarget stores an eui. name in lower case.',
    breaks: ['VDS-1.7'],
    noticedBy: ['import-target.names-of-every-class'],
    strict: true,
    parts: { ImportTargetDialect: LowerCaseEui },
  },
  {
    name: 'import-targets-in-ascii-only',
    says: 'SetImportTarget stores a question mark for every letter beyond ASCII.',
    breaks: ['VDS-1.5a'],
    noticedBy: ['import-target.names-of-every-class'],
    parts: { ImportTargetDialect: BestFit },
  },
  {
    name: 'import-target-compared-as-far-as-it-goes',
    says: 'SetImportTarget answers S_OK and keeps the name of before where that begins with the new one.',
    breaks: ['VDS-1.5a'],
    noticedBy: ['import-target.names-that-begin-alike'],
    overrides: asFarAsItGoes,
  },
  {
    name: 'import-target-passes-to-another',
    says: 'When the target that is the import target is deleted, the last one that is left takes its place.',
    breaks: ['VDS-1.9'],
    noticedBy: ['import-target.of-a-deleted-target'],
    parts: { Target: PassesToAnother },
  },
  {
    name: 'naming-a-target-clears-the-import-target',
    says: 'SetFriendlyName of the target that is the import target clears the setting.',
    breaks: ['VDS-1.4a'],
    noticedBy: ['interactions.import-target.same'],
    parts: { Target: NamedAnew },
  },
  {
    name: 'clearing-clears-everywhere',
    says: 'Clearing the import target of one subsystem clears that of every other.',
    breaks: ['VDS-1.4a'],
    noticedBy: ['interactions.import-target.other'],
    parts: { SubSystem: ClearsEverywhere },
  },
  {
    name: 'import-target-set-meanwhile-is-lost',
    says: 'The creation of a LUN or a target, when it ends, puts back the import target that was set when it began.',
    breaks: ['VDS-1.4a'],
    noticedBy: ['interactions.import-target.overlapping'],
    parts: { SubSystem: CreationWritesAll },
  },
];
