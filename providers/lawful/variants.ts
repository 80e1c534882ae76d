// Providers that behave otherwise than the reference and break nothing: every check must pass them, or find that it does not apply. They guard
// against false alarms, as the defective providers guard against blindness.
import { formatGuidBraced, NULL_GUID, parseGuid } from '../../src/contract/guid.js';
import { HR } from '../../src/contract/hresult.js';
import { UNTOUCHED } from '../../src/contract/codec.js';
import { method, type Handle, type InterfaceName } from '../../src/contract/tables.js';
import type { OpenOptions, Port } from '../../src/provider/port.js';
import { overridePort, type MakeOverrides } from '../defective/override.js';
import { createInMemory, type Parts } from '../in-memory/adapter.js';
import { Cache } from '../in-memory/cache.js';
import type { DeviceKind } from '../in-memory/devices.js';
import { CacheCorrupt } from '../in-memory/failure.js';
import type { ImportTargetDialect } from '../in-memory/import-target.js';
import { Inventory, type MemberList } from '../in-memory/inventory.js';
import type { DirectoryRecord, RecordOf } from '../in-memory/records.js';
import type { DeviceObject } from '../in-memory/object.js';
import { SMALL_ARRAYS } from './small-arrays.js';

export interface Variant {
  /** As in --provider lawful:<name>. */
  readonly name: string;
  /** What it does otherwise, and why that is lawful, in one sentence. */
  readonly says: string;
  readonly parts?: Partial<Parts>;
  readonly overrides?: MakeOverrides;
}

/** Takes object ids; GUID_NULL clears, and so does NULL. */
const idDialect = (write: (id: string) => string): new () => ImportTargetDialect => class {
  parse(given: string | null): string | null | undefined {
    if (given === null) return null;
    const id = parseGuid(given);
    if (id === NULL_GUID) return null;
    return id === undefined || given !== write(id) ? undefined : write(id);
  }
};

/** Repairs its cache from the array as soon as it meets damage, and answers as if there had been none. */
class HealingInventory extends Inventory {
  private healing = false;

  override directory(): DirectoryRecord { return this.healed(() => super.directory()); }
  override record<K extends DeviceKind>(kind: K, id: string): RecordOf<K> { return this.healed(() => super.record(kind, id)); }
  override list(kind: DeviceKind, ids: readonly string[]): readonly DeviceObject[] { return this.healed(() => super.list(kind, ids)); }
  override subSystems(): readonly DeviceObject[] { return this.healed(() => super.subSystems()); }
  override members(subSystem: string, list: MemberList): readonly DeviceObject[] { return this.healed(() => super.members(subSystem, list)); }

  private healed<T>(read: () => T): T {
    if (this.healing) return read();
    this.healing = true;
    try {
      return read();
    } catch (error) {
      if (!(error instanceof CacheCorrupt)) throw error;
      this.provider.announce([...this.reenumerate(), ...this.refresh()]);
      return read();
    } finally {
      this.healing = false;
    }
  }
}

/** Answers from a copy of its own of what it wrote, so that damage to the bytes goes unnoticed until the pair writes them anew. */
class CopyingCache extends Cache {
  private readonly copies = new Map<string, string>();

  override write(key: string, payload: string): void {
    this.copies.set(key, payload);
    super.write(key, payload);
  }

  override remove(key: string): void {
    this.copies.delete(key);
    super.remove(key);
  }

  override read(key: string): string {
    return this.copies.get(key) ?? super.read(key);
  }

  override check(key: string): void {
    if (!this.copies.has(key)) super.check(key);
  }
}

const OPTIONAL: ReadonlySet<InterfaceName> = new Set<InterfaceName>(['IVdsSubSystemImportTarget', 'IVdsSubSystemIscsi']);

/** Waits for an operation inside the call that starts it. */
const settled = (inner: Port) => async <R extends { readonly out: { readonly async?: Handle | null | typeof UNTOUCHED } }>(reply: R): Promise<R> => {
  const operation = reply.out.async;
  if (typeof operation !== 'number') return reply;
  const { out } = await inner.invoke({ object: operation, method: 'IVdsAsync.Wait', args: {} });
  const asyncOut = out['asyncOut'] as { cl?: { lunUnk: Handle | null }; ct?: { targetUnk: Handle | null } };
  const made = asyncOut.cl?.lunUnk ?? asyncOut.ct?.targetUnk ?? null;
  if (made !== null) await inner.release(made);
  return reply;
};

export const VARIANTS: readonly Variant[] = [
  {
    name: 'id-dialect-bare',
    says: 'SetImportTarget takes the object id of a target without braces, as the page says and the parameter\'s name does not.',
    parts: { ImportTargetDialect: idDialect((id) => id) },
  },
  {
    name: 'id-dialect-braced',
    says: 'SetImportTarget takes the object id of a target in braces.',
    parts: { ImportTargetDialect: idDialect(formatGuidBraced) },
  },
  { name: 'self-healing', says: 'Repairs a corrupted cache on first access, so that nobody ever sees VDS_E_PROVIDER_CACHE_CORRUPT.', parts: { Inventory: HealingInventory } },
  { name: 'answers-from-a-copy', says: 'Keeps a copy of what it cached and answers from it, so that corruption of the cache is never noticed.', parts: { Cache: CopyingCache } },
  {
    name: 'nothing-optional',
    says: 'Has no iSCSI side and no import target, and cannot cancel operations.',
    overrides: () => ({
      queryInterface: async (_object, name, next) => (OPTIONAL.has(name) ? { hr: HR.E_NOINTERFACE, object: null } : next()),
      methods: { 'IVdsAsync.Cancel': async () => ({ hr: HR.VDS_E_NOT_SUPPORTED, out: {} }) },
    }),
  },
  {
    name: 'import-target-not-supported',
    says: 'Has IVdsSubSystemImportTarget and answers VDS_E_NOT_SUPPORTED to both of its methods.',
    overrides: () => ({
      methods: {
        'IVdsSubSystemImportTarget.GetImportTarget': async () => ({ hr: HR.VDS_E_NOT_SUPPORTED, out: { iscsiName: null } }),
        'IVdsSubSystemImportTarget.SetImportTarget': async () => ({ hr: HR.VDS_E_NOT_SUPPORTED, out: {} }),
      },
    }),
  },
  {
    name: 'synchronous',
    says: 'Finishes each operation before the method that starts it returns; the IVdsAsync that it returns is already signalled.',
    overrides: (inner) => {
      const settle = settled(inner);
      return {
        methods: {
          'IVdsSubSystem.CreateLun': async (_call, next) => settle(await next()),
          'IVdsSubSystemIscsi.CreateTarget': async (_call, next) => settle(await next()),
          'IVdsLun.Extend': async (_call, next) => settle(await next()),
          'IVdsIscsiTarget.Delete': async (_call, next) => settle(await next()),
        },
      };
    },
  },
  {
    name: 'serialising',
    says: 'Lets one call through at a time and makes the others wait, so that it never answers VDS_E_ANOTHER_CALL_IN_PROGRESS.',
    overrides: () => {
      let last: Promise<unknown> = Promise.resolve();
      return {
        invoke: (call, next) => {
          // Heal must be answered while a call waits for an array that does not answer.
          if (method(call.method).interfaceName === 'IVdsConformanceControl') return next();
          const answered = last.then(() => next());
          last = answered.catch(() => {});
          return answered;
        },
      };
    },
  },
  ...SMALL_ARRAYS,
];

/** Opens a session with a variant. */
export function openLawful(variant: Variant, options: Pick<OpenOptions, 'seed'>): Port {
  const port = createInMemory(options, variant.parts);
  return variant.overrides === undefined ? port : overridePort(port, variant.overrides(port));
}
