// Providers that behave otherwise than the reference and break nothing: every check must pass them, or find that it
// does not apply. They guard against false alarms, as the defective providers guard against blindness.
import { formatGuidBraced, NULL_GUID, parseGuid } from '../../src/contract/guid.js';
import { HR } from '../../src/contract/hresult.js';
import { VDS_SUB_SYSTEM_FLAG } from '../../src/contract/generated/enumerations.js';
import type { VDS_ASYNC_OUTPUT } from '../../src/contract/generated/structures.js';
import { method, type Handle, type InterfaceName } from '../../src/contract/tables.js';
import type { Port, Reply } from '../../src/port/port.js';
import { together } from '../defective/answers.js';
import { Cache } from '../in-memory/cache/cache.js';
import type { DeviceKind } from '../in-memory/array/devices.js';
import { CacheCorrupt } from '../in-memory/failure.js';
import type { ImportTargetDialect } from '../in-memory/objects/import-target.js';
import { Inventory, type MemberList } from '../in-memory/cache/inventory.js';
import type { DirectoryRecord, RecordOf } from '../in-memory/cache/records.js';
import type { DeviceObject } from '../in-memory/objects/object.js';
import { notSupported, SMALL_ARRAYS, withFlags } from './small-arrays.js';
import { SimpleTargets } from './simple-targets.js';
import { compose, type Variant } from './variant.js';
import { ANSWERS } from './variants/answers.js';
import { ARRAY_HABITS } from './variants/arrays.js';
import { ASYNC } from './variants/async.js';
import { CHOICES } from './variants/choices.js';
import { DEPENDENT } from './variants/dependent.js';
import { DEVICE_HABITS } from './variants/devices.js';
import { FIBRE_CHANNEL_VARIANTS } from './variants/fibre-channel.js';
import { IMPORT_TARGET } from './variants/import-target.js';
import { LOADING } from './variants/loading.js';
import { LUN_HABITS } from './variants/luns.js';
import { NEWS } from './variants/notifications.js';
import { POOL_VARIANTS } from './variants/pools.js';
import { TARGET_HABITS } from './variants/targets.js';
import { VENDOR_HABITS } from './variants/vendors.js';

/** Takes object ids; GUID_NULL clears, and so does NULL. */
const idDialect = (write: (id: string) => string): new () => ImportTargetDialect =>
  class {
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

  override directory(): DirectoryRecord {
    return this.healed(() => super.directory());
  }
  override record<K extends DeviceKind>(kind: K, id: string): RecordOf<K> {
    return this.healed(() => super.record(kind, id));
  }
  override list(kind: DeviceKind, ids: readonly string[]): readonly DeviceObject[] {
    return this.healed(() => super.list(kind, ids));
  }
  override subSystems(): readonly DeviceObject[] {
    return this.healed(() => super.subSystems());
  }
  override members(subSystem: string, list: MemberList): readonly DeviceObject[] {
    return this.healed(() => super.members(subSystem, list));
  }

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

/**
 * Answers from a copy of its own of what it wrote, so that damage to the bytes goes unnoticed until the pair writes
 * them anew.
 */
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

const OPTIONAL: ReadonlySet<InterfaceName> = new Set<InterfaceName>([
  'IVdsProviderSupport',
  'IVdsHwProviderType',
  'IVdsSubSystem2',
  'IVdsSubSystemNaming',
  'IVdsSubSystemIscsi',
  'IVdsSubSystemInterconnect',
  'IVdsSubSystemImportTarget',
  'IVdsDrive2',
  'IVdsLun2',
  'IVdsLunNumber',
  'IVdsLunNaming',
  'IVdsLunIscsi',
]);

/** Waits for an operation inside the call that starts it. */
async function settled(inner: Port, reply: Reply): Promise<Reply> {
  const operation = reply.out['async'] as Handle | null | undefined;
  if (typeof operation !== 'number') return reply;
  const { out } = await inner.invoke({ object: operation, method: 'IVdsAsync.Wait', args: {} });
  const asyncOut = out['asyncOut'] as VDS_ASYNC_OUTPUT<Handle>;
  const made = asyncOut.cl?.lunUnk ?? asyncOut.ct?.targetUnk ?? asyncOut.cpg?.portalGroupUnk ?? null;
  if (made !== null) await inner.release(made);
  return reply;
}

/** Milliseconds by which notifications lag behind. */
const LAG = 20;

export const VARIANTS: readonly Variant[] = [
  {
    name: 'id-dialect-bare',
    everywhere: true,
    says:
      'SetImportTarget takes the object id of a target without braces, as ' +
      "the page says and the parameter's name does not.",
    parts: { ImportTargetDialect: idDialect((id) => id) },
  },
  {
    name: 'id-dialect-braced',
    everywhere: true,
    says: 'SetImportTarget takes the object id of a target in braces.',
    parts: { ImportTargetDialect: idDialect(formatGuidBraced) },
  },
  {
    name: 'self-healing',
    everywhere: true,
    says: 'Repairs a corrupted cache on first access, so that nobody ever sees VDS_E_PROVIDER_CACHE_CORRUPT.',
    parts: { Inventory: HealingInventory },
  },
  {
    name: 'answers-from-a-copy',
    everywhere: true,
    says: 'Keeps a copy of what it cached and answers from it, so that corruption of the cache is never noticed.',
    parts: { Cache: CopyingCache },
  },
  {
    name: 'nothing-optional',
    everywhere: true,
    says: 'Has no iSCSI side and no import target, and cannot cancel operations.',
    overrides: () => ({
      queryInterface: async (_object, name, next) =>
        OPTIONAL.has(name) ? { hr: HR.E_NOINTERFACE, object: null } : next(),
      methods: { 'IVdsAsync.Cancel': async () => ({ hr: HR.VDS_E_NOT_SUPPORTED, out: {} }) },
    }),
  },
  {
    name: 'import-target-not-supported',
    everywhere: true,
    says: 'Has IVdsSubSystemImportTarget and answers VDS_E_NOT_SUPPORTED to both of its methods.',
    overrides: notSupported('IVdsSubSystemImportTarget.GetImportTarget', 'IVdsSubSystemImportTarget.SetImportTarget'),
  },
  {
    name: 'synchronous',
    everywhere: true,
    says:
      'Finishes each operation before the method that starts it returns; the ' +
      'IVdsAsync that it returns is already signalled.',
    overrides: (inner) => ({ invoke: async (_call, next) => settled(inner, await next()) }),
  },
  {
    name: 'serialising',
    everywhere: true,
    says:
      'Lets one call through at a time and makes the others wait, so that it never answers ' +
      'VDS_E_ANOTHER_CALL_IN_PROGRESS.',
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
  {
    name: 'simple-targets-only',
    says:
      'Supports simple target configuration only: a new LUN comes with the one target of its subsystem, and ' +
      'CreateTarget is not supported.',
    parts: { StorageArray: SimpleTargets },
    overrides: together(
      withFlags((flags) => flags | VDS_SUB_SYSTEM_FLAG.VDS_SF_SUPPORTS_SIMPLE_TARGET_CONFIG),
      notSupported('IVdsSubSystemIscsi.CreateTarget'),
    ),
  },
  {
    name: 'no-chap',
    says: 'Has no CHAP: the flags say so, and neither method that sets a secret is supported.',
    overrides: together(
      withFlags(
        (flags) =>
          flags &
          ~(VDS_SUB_SYSTEM_FLAG.VDS_SF_SUPPORTS_AUTH_CHAP | VDS_SUB_SYSTEM_FLAG.VDS_SF_SUPPORTS_AUTH_MUTUAL_CHAP),
      ),
      notSupported('IVdsIscsiTarget.SetSharedSecret', 'IVdsIscsiTarget.RememberInitiatorSharedSecret'),
    ),
  },
  {
    name: 'secrets-per-initiator',
    says: "Takes a target's secret for one initiator.",
    overrides: () => ({
      methods: {
        'IVdsIscsiTarget.SetSharedSecret': async (_call, next) => {
          const reply = await next();
          return reply.hr === HR.VDS_E_INITIATOR_SPECIFIC_NOT_SUPPORTED ? { ...reply, hr: HR.S_OK } : reply;
        },
      },
    }),
  },
  {
    name: 'portals-cannot-be-set-offline',
    says: 'SetStatus of a portal is not supported, as its page is headed.',
    overrides: notSupported('IVdsIscsiPortal.SetStatus'),
  },
  {
    name: 'notifies-later',
    decides: ['time of notifications'],
    says: 'Notifications come some time after the method that caused them has returned.',
    overrides: () => ({
      onNotification: (notification, deliver) => {
        setTimeout(() => deliver(notification), LAG).unref();
      },
    }),
  },
  {
    name: 'needs-a-callback',
    says: 'OnLoad refuses NULL for the callback, which only an annotation in the header allows.',
    overrides: () => ({
      methods: {
        'IVdsProviderPrivate.OnLoad': async (call, next) =>
          call.args.callbackObject === null ? { hr: HR.E_INVALIDARG, out: {} } : next(),
      },
    }),
  },
  {
    name: 'loads-once',
    says: 'Only one provider object can be loaded at a time, as the service loads one.',
    overrides: () => {
      let loaded: Handle | undefined;
      return {
        methods: {
          'IVdsProviderPrivate.OnLoad': async (call, next) => {
            if (loaded !== undefined && loaded !== call.object) return { hr: HR.VDS_E_INITIALIZED_FAILED, out: {} };
            const reply = await next();
            if (reply.hr === HR.S_OK) loaded = call.object;
            return reply;
          },
          'IVdsProviderPrivate.OnUnload': async (_call, next) => {
            const reply = await next();
            if (reply.hr === HR.S_OK) loaded = undefined;
            return reply;
          },
        },
      };
    },
  },
  ...ANSWERS,
  ...CHOICES,
  ...ASYNC,
  ...LUN_HABITS,
  ...TARGET_HABITS,
  ...NEWS,
  ...DEVICE_HABITS,
  ...FIBRE_CHANNEL_VARIANTS,
  ...POOL_VARIANTS,
  ...LOADING,
  ...IMPORT_TARGET,
  ...ARRAY_HABITS,
  ...DEPENDENT,
  ...VENDOR_HABITS,
];

/**
 * One by its name; of a composition the names stand between plus signs. Throws RangeError for a name that there is not,
 * or that does not go with another.
 */
export function variantsNamed(name: string): readonly Variant[] {
  const found = name.split('+').map((each) => {
    const variant = VARIANTS.find((v) => v.name === each);
    if (variant === undefined) throw new RangeError(`unknown lawful variant "${each}"`);
    return variant;
  });
  if (!compose(found)) throw new RangeError(`${name} decides one thing in two ways`);
  return found;
}
