// Defects of what queries list and of how enumerators live.
import { HR } from '../../../src/contract/hresult.js';
import type { Handle } from '../../../src/contract/tables.js';
import type { Port } from '../../../src/port/port.js';
import type { Defect } from '../defect.js';
import { follow } from '../follow.js';
import { ask, given, interfaceOf, type Overrides } from '../override.js';

const AT_THE_END = { hr: HR.S_FALSE, out: { objectArray: [], fetched: 0 } };

/** QueryLuns hands out the enumerator of the call before, as long as nobody has used it. */
const unusedEnumeratorAgain = (inner: Port): Overrides => {
  let unused: Handle | undefined;
  return {
    methods: {
      'IVdsSubSystem.QueryLuns': async (_call, next) => {
        if (unused !== undefined) {
          await inner.addRef(unused);
          return { hr: HR.S_OK, out: { enum: unused } };
        }
        const reply = await next();
        unused = given(reply.out.enum) ?? undefined;
        return reply;
      },
      'IEnumVdsObject.Next': async (call, next) => {
        if (call.object === unused) unused = undefined;
        return next();
      },
    },
    release: async (object, next) => {
      if (object === unused) unused = undefined;
      return next();
    },
  };
};

/** The listed objects are dead once their enumerator was released. */
const objectsGoWithTheirEnumerator = (): Overrides => {
  const listedBy = new Map<Handle, Handle>();
  const released = new Set<Handle>();
  const listing = new Map<Handle, Handle>();
  return {
    invoke: async (call, next) => {
      const owner = listedBy.get(call.object);
      if (owner !== undefined && released.has(owner)) return { hr: HR.VDS_E_OBJECT_DELETED, out: {} };
      const reply = await next();
      if (call.method === 'IVdsSubSystem.QueryLuns' && typeof reply.out['enum'] === 'number')
        listing.set(reply.out['enum'] as Handle, reply.out['enum'] as Handle);
      if (
        call.method === 'IEnumVdsObject.Next' &&
        listing.has(call.object) &&
        Array.isArray(reply.out['objectArray'])
      ) {
        for (const object of reply.out['objectArray'] as readonly Handle[]) listedBy.set(object, call.object);
      }
      return reply;
    },
    queryInterface: async (object, _name, next) => {
      const reply = await next();
      const owner = listedBy.get(object);
      if (owner !== undefined && reply.object !== null) listedBy.set(reply.object, owner);
      return reply;
    },
    release: async (object, next) => {
      if (listing.has(object)) released.add(object);
      return next();
    },
  };
};

const cloneGoesWithItsOriginal = (): Overrides => {
  const madeFrom = new Map<Handle, Handle>();
  const released = new Set<Handle>();
  return {
    methods: {
      'IEnumVdsObject.Clone': async (call, next) => {
        const reply = await next();
        const copy = given(reply.out.enum);
        if (copy !== undefined) madeFrom.set(copy, call.object);
        return reply;
      },
      'IEnumVdsObject.Next': async (call, next) =>
        released.has(madeFrom.get(call.object) ?? (0 as Handle)) ? AT_THE_END : next(),
    },
    release: async (object, next) => {
      released.add(object);
      return next();
    },
  };
};

const endedByRefresh = (): Overrides => {
  let refreshes = 0;
  const madeAt = new Map<Handle, number>();
  return {
    methods: {
      'IVdsHwProvider.Refresh': async (_call, next) => {
        refreshes += 1;
        return next();
      },
      'IVdsSubSystem.QueryLuns': async (_call, next) => {
        const reply = await next();
        const made = given(reply.out.enum);
        if (made !== undefined && made !== null) madeAt.set(made, refreshes);
        return reply;
      },
      'IEnumVdsObject.Next': async (call, next) =>
        (madeAt.get(call.object) ?? refreshes) < refreshes ? AT_THE_END : next(),
    },
  };
};

/** QueryLuns leaves out what is unmasked to all, as another list has that. */
const unmaskedToAllAreLeftOut = (inner: Port): Overrides => {
  const unmasked = new Set<string>();
  const idAt = async (object: Handle): Promise<string | undefined> => {
    const lun = await interfaceOf(inner, object, 'IVdsLun');
    if (lun === null) return undefined;
    const { out } = await ask(inner, lun, 'IVdsLun.GetProperties', {});
    await inner.release(lun);
    return given(out.lunProp)?.id;
  };
  const following = follow({
    from: ['IVdsSubSystem.QueryLuns'],
    change: {
      'IEnumVdsObject.Next': async (reply) => {
        const objects = Array.isArray(reply.out['objectArray']) ? (reply.out['objectArray'] as readonly Handle[]) : [];
        const left: Handle[] = [];
        for (const object of objects) {
          if (unmasked.has((await idAt(object)) ?? '')) await inner.release(object);
          else left.push(object);
        }
        return left.length === objects.length
          ? reply
          : { hr: HR.S_FALSE, out: { objectArray: left, fetched: left.length } };
      },
    },
  });
  return {
    ...following,
    invoke: async (call, next) => {
      if (call.method === 'IVdsLun.SetMask') {
        const id = await idAt(call.object);
        if (call.args['unmaskingList'] === '*') unmasked.add(id ?? '');
        else unmasked.delete(id ?? '');
      }
      return following.invoke!(call, next);
    },
  };
};

export const QUERIES: readonly Defect[] = [
  {
    name: 'enumerator-handed-out-twice',
    breaks: ['VDS-6.1'],
    noticedBy: ['enumeration.two-at-once'],
    says: 'QueryLuns hands out the enumerator of the call before, as long as nobody has used it.',
    overrides: unusedEnumeratorAgain,
  },
  {
    name: 'enumerated-objects-go-with-their-enumerator',
    breaks: ['VDS-12.3b'],
    noticedBy: ['enumeration.objects-outlive-it'],
    says: 'LUNs that an enumerator listed answer VDS_E_OBJECT_DELETED once the enumerator was released.',
    overrides: objectsGoWithTheirEnumerator,
  },
  {
    name: 'clone-goes-with-its-original',
    breaks: ['VDS-6.4c'],
    noticedBy: ['enumeration.clone-outlives-it'],
    says: 'A clone is at its end once the enumerator that it was made from was released.',
    overrides: cloneGoesWithItsOriginal,
  },
  {
    name: 'enumerator-ended-by-refresh',
    breaks: ['VDS-6.5a'],
    noticedBy: ['enumeration.snapshot-over-recovery'],
    says: 'Refresh ends the enumerations of LUNs that exist.',
    overrides: endedByRefresh,
  },
  {
    name: 'unmasked-luns-not-listed',
    breaks: ['VDS-6.7a'],
    noticedBy: ['enumeration.masked-luns-are-listed'],
    says: 'QueryLuns leaves out the LUNs that are unmasked to all.',
    overrides: unmaskedToAllAreLeftOut,
  },
  {
    name: 'enumeration-of-another-kind',
    breaks: ['VDS-6.7a'],
    noticedBy: ['enumeration.of.IVdsLun.QueryActiveControllers'],
    says: "QueryActiveControllers lists the subsystem's LUNs.",
    overrides: (inner) => ({
      methods: {
        'IVdsLun.QueryActiveControllers': async (call, next) => {
          const { out } = await ask(inner, call.object, 'IVdsLun.GetSubSystem', {});
          const subSystem = given(out.subSystem);
          if (subSystem === undefined || subSystem === null) return next();
          const reply = await ask(inner, subSystem, 'IVdsSubSystem.QueryLuns', {});
          await inner.release(subSystem);
          return reply;
        },
      },
    }),
  },
  {
    name: 'nothing-associated-is-null',
    breaks: ['VDS-6.6b'],
    noticedBy: ['enumeration.empty.luns-of-a-new-target'],
    says:
      'QueryAssociatedTargets and QueryAssociatedLuns answer S_OK with a ' +
      'NULL enumerator when there is nothing to list.',
    overrides: (inner) => {
      const isEmpty = async (enumerator: Handle): Promise<boolean> => {
        const next = await ask(inner, enumerator, 'IEnumVdsObject.Next', { celt: 1 });
        for (const object of given(next.out.objectArray) ?? []) await inner.release(object);
        await ask(inner, enumerator, 'IEnumVdsObject.Reset', {});
        return next.hr === HR.S_FALSE;
      };
      return {
        invoke: async (call, next) => {
          const reply = await next();
          const enumerator = reply.out['enum'] as Handle | null | undefined;
          if (
            !['IVdsLunIscsi.QueryAssociatedTargets', 'IVdsIscsiTarget.QueryAssociatedLuns'].includes(call.method) ||
            typeof enumerator !== 'number' ||
            !(await isEmpty(enumerator))
          )
            return reply;
          await inner.release(enumerator);
          return { ...reply, out: { enum: null } };
        },
      };
    },
  },
];
