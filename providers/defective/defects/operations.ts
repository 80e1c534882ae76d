// Defects of operations among others: side by side, outliving their object, failing, under the wrong type.
import { VDS_ASYNC_OUTPUT_TYPE } from '../../../src/contract/generated/enumerations.js';
import { failed, HR, succeeded } from '../../../src/contract/hresult.js';
import type { Handle } from '../../../src/contract/tables.js';
import type { Servant } from '../../../src/port/object-server.js';
import type { Port } from '../../../src/port/port.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import type { Defect } from '../defect.js';
import { given, type Overrides } from '../override.js';

/** An operation is a member of the object that it was started on. */
const goesWithItsObject = (): Overrides => {
  const startedOn = new Map<Handle, Handle>();
  const released = new Set<Handle>();
  return {
    invoke: async (call, next) => {
      const reply = await next();
      if (typeof reply.out['async'] === 'number') startedOn.set(reply.out['async'] as Handle, call.object);
      const owner = startedOn.get(call.object);
      return call.method === 'IVdsAsync.Wait' && owner !== undefined && released.has(owner)
        ? { ...reply, out: { ...reply.out, hrResult: HR.VDS_E_OBJECT_DELETED } }
        : reply;
    },
    release: async (object, next) => {
      released.add(object);
      return next();
    },
  };
};

/** Operations that overlap share the place for their result: the LUN that was handed out last is handed out again. */
const shareAResult = (inner: Port): Overrides => {
  const pending = new Set<Handle>();
  const overlapping = new Set<Handle>();
  let last: Handle | undefined;
  return {
    methods: {
      'IVdsSubSystem.CreateLun': async (_call, next) => {
        const reply = await next();
        const operation = given(reply.out.async);
        if (operation === undefined || operation === null) return reply;
        if (pending.size > 0) for (const each of [operation, ...pending]) overlapping.add(each);
        pending.add(operation);
        return reply;
      },
      'IVdsAsync.Wait': async (call, next) => {
        const reply = await next();
        pending.delete(call.object);
        const output = given(reply.out.asyncOut);
        const made = output?.cl?.lunUnk ?? null;
        if (output === undefined || made === null || !overlapping.has(call.object)) return reply;
        if (last === undefined) {
          last = made;
          await inner.addRef(made);
          return reply;
        }
        await inner.release(made);
        await inner.addRef(last);
        return { ...reply, out: { ...reply.out, asyncOut: { ...output, cl: { lunUnk: last } } } };
      },
    },
  };
};

/** Operations that make no object, so that a caller does not see it missing. */
const WITHOUT_OBJECT: ReadonlySet<number> = new Set([
  VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_EXTENDLUN,
  VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_ADDLUNPLEX,
  VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_REMOVELUNPLEX,
  VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_DELETETARGET,
]);

/** Has room for two operations, and drops the third. */
class ThirdOperationDropped extends ProviderObject {
  private underWay = 0;

  override start(work: Parameters<ProviderObject['start']>[0]): Servant {
    const isDropped = this.underWay >= 2 && WITHOUT_OBJECT.has(work.type);
    this.underWay += 1;
    return super.start({
      ...work,
      commit: () => {
        this.underWay -= 1;
        return isDropped ? null : work.commit();
      },
      abandon: () => {
        this.underWay -= 1;
        work.abandon?.();
      },
    });
  }
}

export const OPERATIONS: readonly Defect[] = [
  {
    name: 'third-operation-dropped',
    breaks: ['VDS-10.8a'],
    noticedBy: ['interactions.at-once.3', 'interactions.at-once.4'],
    says: 'Of operations that are under way at the same time the third succeeds without having done anything.',
    parts: { Provider: ThirdOperationDropped },
  },
  {
    name: 'operation-goes-with-its-object',
    breaks: ['VDS-8.3a'],
    noticedBy: ['async.wait-after-release-of-the-object'],
    says: 'An operation fails once the object that it was started on was released.',
    overrides: goesWithItsObject,
  },
  {
    name: 'operations-share-a-result',
    breaks: ['VDS-8.4a'],
    noticedBy: ['async.two-at-once'],
    says: 'Two creations that overlap hand out the same LUN.',
    overrides: shareAResult,
  },
  {
    name: 'async-failure-is-s-ok-in-its-status',
    breaks: ['VDS-8.5a'],
    noticedBy: ['async.cancel-while-it-lasts'],
    says: 'QueryStatus reports S_OK of an operation that failed.',
    overrides: () => ({
      methods: {
        'IVdsAsync.QueryStatus': async (_call, next) => {
          const reply = await next();
          const result = given(reply.out.hrResult);
          return result !== undefined && failed(result) && result !== HR.VDS_E_OPERATION_PENDING
            ? { ...reply, out: { ...reply.out, hrResult: HR.S_OK } }
            : reply;
        },
      },
    }),
  },
  {
    name: 'extend-of-a-deleted-lun-e-fail',
    breaks: ['VDS-0.2c'],
    strict: true,
    noticedBy: ['async.object-deleted-meanwhile'],
    says: 'An operation whose LUN is deleted meanwhile ends with E_FAIL.',
    overrides: () => ({
      methods: {
        'IVdsAsync.Wait': async (_call, next) => {
          const reply = await next();
          return given(reply.out.hrResult) === HR.VDS_E_OBJECT_DELETED
            ? { ...reply, out: { ...reply.out, hrResult: HR.E_FAIL } }
            : reply;
        },
      },
    }),
  },
  {
    name: 'async-output-type-unknown',
    breaks: ['VDS-8.4c'],
    strict: true,
    noticedBy: ['iscsi.delete-target'],
    says: 'VDS_ASYNC_OUTPUT.type stays VDS_ASYNCOUT_UNKNOWN unless the operation made something.',
    overrides: () => ({
      methods: {
        'IVdsAsync.Wait': async (_call, next) => {
          const reply = await next();
          const output = given(reply.out.asyncOut);
          const makes = output?.cl !== undefined || output?.ct !== undefined || output?.cpg !== undefined;
          return output === undefined || makes
            ? reply
            : { ...reply, out: { ...reply.out, asyncOut: { type: VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_UNKNOWN } } };
        },
      },
    }),
  },
  {
    name: 'delete-answers-while-extended',
    breaks: ['VDS-0.2c'],
    strict: true,
    noticedBy: ['async.object-deleted-meanwhile'],
    says: 'IVdsLun::Delete answers E_UNEXPECTED while the LUN is being extended.',
    overrides: () => {
      const growing = new Map<Handle, Handle>();
      return {
        methods: {
          'IVdsLun.Extend': async (call, next) => {
            const reply = await next();
            if (succeeded(reply.hr) && typeof reply.out.async === 'number') growing.set(call.object, reply.out.async);
            return reply;
          },
          'IVdsLun.Delete': async (call, next) => {
            const operation = growing.get(call.object);
            growing.delete(call.object);
            return operation === undefined ? next() : { hr: HR.E_UNEXPECTED, out: {} };
          },
          'IVdsAsync.Wait': async (call, next) => {
            for (const [lun, operation] of growing) if (operation === call.object) growing.delete(lun);
            return next();
          },
        },
      };
    },
  },
];
