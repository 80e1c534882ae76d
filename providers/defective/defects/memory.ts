// Defects of memory and reference counts, as far as a provider in JavaScript can show them; the native defects are in
// ../ffi/native/com/defects.h.
import type { Untouched } from '../../../src/contract/codec.js';
import { VDS_OBJECT_TYPE } from '../../../src/contract/generated/enumerations.js';
import type { VDS_ASYNC_OUTPUT } from '../../../src/contract/generated/structures.js';
import { HR } from '../../../src/contract/hresult.js';
import type { Handle, MethodName } from '../../../src/contract/tables.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import type { Call, Port } from '../../../src/port/port.js';
import type { Defect } from '../defect.js';
import { given, type Overrides } from '../override.js';

/** An HRESULT for calls with a NULL out pointer, or a crash. */
const nullOuts = (methods: readonly MethodName[], answer: () => number) => (): Overrides => ({
  invoke: async (call, next) =>
    methods.includes(call.method) && (call.nullOuts?.length ?? 0) > 0 ? { hr: answer(), out: {} } : next(),
});

/** The lock is taken before the arguments are looked at, and the early way out does not give it back. */
function keepsTheLock(): Overrides {
  const locked = new Set<Handle>();
  return {
    invoke: async (call, next) => {
      if (locked.has(call.object)) return { hr: HR.VDS_E_ANOTHER_CALL_IN_PROGRESS, out: {} };
      if ((call.nullOuts?.length ?? 0) > 0 && call.method.startsWith('IVdsLun.')) locked.add(call.object);
      return next();
    },
  };
}

/**
 * The effect of a forgotten AddRef: the pointer given out is backed by no count, so its Release takes somebody else's
 * reference, in the end the provider's own. Whoever touches the object afterwards touches freed memory.
 */
function withoutAddRef(
  inner: Port,
  unpaidBy: (call: Call, out: Readonly<Record<string, unknown>>) => Handle | null | undefined,
): Overrides {
  /**
   * By object: how many pointers to it were given out without a reference. What their releases take is gone for good.
   */
  const unpaid = new Map<number, number>();
  const freed = new Set<number>();
  const touch = async <T>(handle: Handle, next: () => Promise<T>): Promise<T> => {
    if (freed.size > 0 && freed.has(await inner.identity(handle))) process.kill(process.pid, 'SIGSEGV');
    return next();
  };
  return {
    invoke: async (call, next) => {
      const reply = await touch(call.object, next);
      const handle = unpaidBy(call, reply.out);
      if (handle !== undefined && handle !== null) {
        const object = await inner.identity(handle);
        // A reference that stays stands for the provider's own, which the inner port does not count.
        if (!unpaid.has(object)) await inner.addRef(handle);
        unpaid.set(object, (unpaid.get(object) ?? 0) + 1);
      }
      return reply;
    },
    queryInterface: (object, _name, next) => touch(object, next),
    addRef: touch,
    release: async (handle, next) => {
      if (unpaid.size === 0) return next();
      const object = await inner.identity(handle);
      const count = await touch(handle, next);
      if (unpaid.has(object) && count <= (unpaid.get(object) ?? 0)) freed.add(object);
      return count;
    },
  };
}

/**
 * The provider keeps the caller's pointer instead of a copy; by the time it reads the name, the memory holds something
 * else.
 */
class KeepsTheCallersString extends SubSystemObject {
  protected override createTarget(
    name: string | null,
    friendlyName: string | null,
  ): ReturnType<SubSystemObject['createTarget']> {
    return super.createTarget(name?.replace('conformance', 'xxxxxxxxxxx') ?? null, friendlyName);
  }
}

export const MEMORY: readonly Defect[] = [
  {
    name: 'null-out-pointer-crash',
    breaks: ['VDS-2.7'],
    noticedBy: ['memory.null-out-pointers'],
    needsIsolation: true,
    ends: { as: 'crashed', during: 'IVdsLun::GetProperties' },
    says: 'GetProperties of a LUN fills a structure without looking whether it was given one.',
    overrides: nullOuts(['IVdsLun.GetProperties'], () => {
      process.kill(process.pid, 'SIGSEGV');
      return HR.S_OK;
    }),
  },
  {
    name: 'null-out-pointer-s-ok',
    breaks: ['VDS-13.5'],
    noticedBy: ['memory.null-out-pointers'],
    strict: true,
    says: 'Clone answers S_OK although it was given nowhere to put the new enumerator.',
    overrides: nullOuts(['IEnumVdsObject.Clone'], () => HR.S_OK),
  },
  {
    name: 'null-out-pointer-leaves-a-lock',
    breaks: ['VDS-2.7'],
    noticedBy: ['memory.null-out-pointers'],
    says:
      'A call with a NULL out pointer leaves the LUN locked, so that it ' +
      'answers VDS_E_ANOTHER_CALL_IN_PROGRESS from then on.',
    overrides: keepsTheLock,
  },
  {
    name: 'failed-call-hands-out-a-pointer',
    breaks: ['VDS-12.3c'],
    noticedBy: ['memory.failed-calls-hand-out-nothing'],
    says: 'A GetObject that answers VDS_E_OBJECT_NOT_FOUND leaves a pointer in its output.',
    overrides: (inner) => ({
      methods: {
        'IVdsProviderPrivate.GetObject': async (call, next) => {
          const reply = await next();
          if (reply.hr !== HR.VDS_E_OBJECT_NOT_FOUND) return reply;
          await inner.addRef(call.object);
          return { hr: reply.hr, out: { objectUnk: call.object } };
        },
      },
    }),
  },
  {
    name: 'string-of-the-caller-kept',
    breaks: ['VDS-12.4'],
    noticedBy: ['memory.inputs-stay-the-callers'],
    says: "CreateTarget keeps the caller's string instead of a copy, and its name changes with that memory.",
    parts: { SubSystem: KeepsTheCallersString },
  },
  {
    name: 'second-wait-without-addref',
    breaks: ['VDS-8.3c'],
    noticedBy: ['async.wait-is-repeatable'],
    needsIsolation: true,
    ends: { as: 'crashed', during: 'QueryInterface(IVdsLun)' },
    says:
      "The first Wait hands over the operation's reference to the new LUN, " +
      'and further ones hand out a pointer without any.',
    overrides: (inner) => {
      const waited = new Set<Handle>();
      return withoutAddRef(inner, (call, out) => {
        if (call.method !== 'IVdsAsync.Wait') return undefined;
        const first = !waited.has(call.object);
        waited.add(call.object);
        return first ? undefined : (out as { readonly asyncOut?: VDS_ASYNC_OUTPUT<Handle> }).asyncOut?.cl?.lunUnk;
      });
    },
  },
  {
    name: 'second-wait-leaks',
    breaks: ['VDS-12.3'],
    noticedBy: ['memory.references.wait'],
    says: 'Each Wait but the first hands out the new LUN with two references instead of one.',
    overrides: (inner) => {
      const waited = new Set<Handle>();
      return {
        methods: {
          'IVdsAsync.Wait': async (call, next) => {
            const reply = await next();
            const made = (reply.out as { readonly asyncOut?: VDS_ASYNC_OUTPUT<Handle> }).asyncOut?.cl?.lunUnk;
            if (waited.has(call.object) && typeof made === 'number') await inner.addRef(made);
            waited.add(call.object);
            return reply;
          },
        },
      };
    },
  },
  {
    name: 'second-wait-leaks-its-operation',
    breaks: ['VDS-12.3'],
    noticedBy: ['memory.references.wait'],
    says: 'Each Wait keeps a reference to its operation, so that an IVdsAsync that was waited for never goes.',
    overrides: (inner) => ({
      methods: {
        'IVdsAsync.Wait': async (call, next) => {
          await inner.addRef(call.object);
          return next();
        },
      },
    }),
  },
  {
    name: 'get-object-without-addref',
    breaks: ['VDS-12.3'],
    noticedBy: ['lifecycle.get-object'],
    after: ['identity.get-object.subsystem'],
    needsIsolation: true,
    ends: { as: 'crashed', during: 'QueryInterface(IVdsSubSystem)' },
    says: 'GetObject hands out a subsystem without a reference.',
    overrides: (inner) =>
      withoutAddRef(inner, ({ method, args }, out) =>
        method === 'IVdsProviderPrivate.GetObject' && args['type'] === VDS_OBJECT_TYPE.VDS_OT_SUB_SYSTEM
          ? given(out['objectUnk'] as Handle | null | Untouched)
          : undefined,
      ),
  },
  {
    name: 'array-of-the-caller-kept',
    breaks: ['VDS-12.4'],
    noticedBy: ['memory.arrays-stay-the-callers'],
    says:
      "AssociateTargets keeps a pointer to the caller's array, and reads all but its first element after the call, " +
      'when it is gone.',
    overrides: () => ({
      methods: {
        'IVdsLunIscsi.AssociateTargets': async (call, next) => {
          const kept = (call.args.targetIdArray ?? []).slice(0, 1);
          return next({ args: { targetIdArray: kept.length === 0 ? null : kept, numberOfTargets: kept.length } });
        },
      },
    }),
  },
  {
    name: 'get-object-adds-two-references',
    breaks: ['VDS-12.3'],
    noticedBy: ['memory.references-come-back'],
    says: 'GetObject adds one reference more to the object than it hands out.',
    overrides: (inner) => ({
      methods: {
        'IVdsProviderPrivate.GetObject': async (_call, next) => {
          const reply = await next();
          if (typeof reply.out.objectUnk === 'number') await inner.addRef(reply.out.objectUnk);
          return reply;
        },
      },
    }),
  },
];
