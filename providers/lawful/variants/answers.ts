// Lawful answers: codes that the pages list by example only, and the order in which a provider tests what is wrong.
import { UNTOUCHED } from '../../../src/contract/codec.js';
import { VDS_SUB_SYSTEM_STATUS } from '../../../src/contract/generated/enumerations.js';
import { NULL_GUID, parseGuid } from '../../../src/contract/guid.js';
import { HR, hresultFromWin32, succeeded } from '../../../src/contract/hresult.js';
import { method, type Handle, type MethodName } from '../../../src/contract/tables.js';
import { answers, overriding } from '../../defective/answers.js';
import { answering } from '../../defective/follow.js';
import type { MakeOverrides, Overrides } from '../../defective/override.js';
import { doNothingOnceFailed } from '../failed-devices.js';
import type { Variant } from '../variant.js';

const RPC_S_SERVER_UNAVAILABLE = hresultFromWin32(1722);
const ERROR_IO_DEVICE = hresultFromWin32(1117);

/** Methods of which a requirement says that they answer E_INVALIDARG to something. */
const ANSWER_INVALIDARG: ReadonlySet<string> = new Set([
  'CreateLun',
  'CreateLun2',
  'CreateLunInStoragePool',
  'SetStatus',
]);

/** Methods whose pages have VDS_E_OBJECT_NOT_FOUND for their own argument; of others it "can be returned". */
const ANSWER_NOT_FOUND: ReadonlySet<string> = new Set([
  'GetObject',
  'RemovePlex',
  'AssociateControllers',
  'AssociateControllerPorts',
  'AddPortal',
  'RemovePortal',
]);

/** An id, or a list of ids. */
const isId = (value: unknown): boolean =>
  typeof value === 'string' ? parseGuid(value) !== undefined : Array.isArray(value) && value.some(isId);

/** Whether GUID_NULL is among the ids of a call. */
const namesNothing = (args: object): boolean => Object.values(args).flat().includes(NULL_GUID);

/**
 * Each handle is an object of its own with the interfaces that are asked of it. The provider object stays one; an
 * enumerator with its clones, and an operation, hand out the same objects again.
 */
const anewEachTime: MakeOverrides = () => {
  const objectOf = new Map<Handle, Handle>();
  const listOf = new Map<Handle, Handle>();
  const providers = new Set<Handle>();
  const numbers = new Map<string, number>();
  const handsOut = (by: Handle, outputs: readonly unknown[]): void => {
    for (const each of outputs)
      if (typeof each === 'number') listOf.set(each as unknown as Handle, listOf.get(by) ?? by);
  };
  return {
    createInstance: async (next) => {
      const made = await next();
      providers.add(made);
      return made;
    },
    invoke: async ({ object, method: name }, next) => {
      const reply = await next();
      const { provider, enum: list, objectArray, asyncOut } = reply.out;
      if (typeof provider === 'number') providers.add(provider as Handle);
      if (name === 'IVdsAsync.Wait') handsOut(object, valuesOf(asyncOut).flatMap(valuesOf));
      if (name.startsWith('IEnumVdsObject.')) handsOut(object, [list, ...valuesOf(objectArray)]);
      return reply;
    },
    queryInterface: async (object, _interface, next) => {
      const reply = await next();
      if (reply.object !== null) objectOf.set(reply.object, objectOf.get(object) ?? object);
      return reply;
    },
    identity: async (handle, next) => {
      const object = objectOf.get(handle) ?? handle;
      if (providers.has(object)) return next();
      const list = listOf.get(object);
      const key = list === undefined ? `${object}` : `${list} ${await next()}`;
      numbers.set(key, numbers.get(key) ?? ANEW + numbers.size);
      return numbers.get(key) as number;
    },
  };
};
const valuesOf = (value: unknown): readonly unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value) : [];

const BUSY = 'VDS_E_ANOTHER_CALL_IN_PROGRESS';
/** Milliseconds. */
const AT_IT = 100;

/** Beyond what the reference provider gives. */
const ANEW = 1_000_000;

export const ANSWERS: readonly Variant[] = [
  {
    name: 'refuses-with-e-unexpected',
    says:
      'Answers E_UNEXPECTED to wrong arguments where no page states ' +
      'E_INVALIDARG: the codes that pages name are examples.',
    finds: ['VDS-0.2c'],
    overrides: () => ({
      invoke: async (call, next) => {
        const reply = await next();
        const { name } = method(call.method);
        // A page that has VDS_E_OBJECT_NOT_FOUND for an id leaves no other code but, for GUID_NULL, E_INVALIDARG.
        const mustAnswerIt = ANSWER_INVALIDARG.has(name) || (ANSWER_NOT_FOUND.has(name) && namesNothing(call.args));
        return reply.hr === HR.E_INVALIDARG && !mustAnswerIt ? { ...reply, hr: HR.E_UNEXPECTED } : reply;
      },
    }),
  },
  {
    name: 'shrinks-with-a-code-of-its-own',
    says:
      'Refuses to shrink a LUN by more than it has with ' +
      'VDS_E_INVALID_SHRINK_SIZE, which vdserr.h defines for just that.',
    overrides: answers('IVdsLun.Shrink', [HR.E_INVALIDARG], HR.VDS_E_INVALID_SHRINK_SIZE),
  },
  {
    name: 'passes-errors-of-its-agent-on',
    says:
      'Reaches the array by RPC and passes the errors of that on, where the ' +
      'reference answers that the device has an I/O error.',
    overrides: () => ({
      invoke: async (_call, next) => {
        const reply = await next();
        return reply.hr === ERROR_IO_DEVICE ? { ...reply, hr: RPC_S_SERVER_UNAVAILABLE } : reply;
      },
    }),
  },
  {
    name: 'null-ids-are-invalid',
    says: 'GUID_NULL as an id is an invalid argument, and no object that is not found.',
    overrides: () => ({
      invoke: async (call, next) => {
        const reply = await next();
        return namesNothing(call.args) && reply.hr === HR.VDS_E_OBJECT_NOT_FOUND
          ? { ...reply, hr: HR.E_INVALIDARG }
          : reply;
      },
    }),
  },
  {
    name: 'unknown-ids-are-invalid',
    says:
      'An id that names nothing is an invalid argument, where a page says no more than that a code can be ' +
      'returned.',
    finds: ['VDS-7.2d'],
    overrides: () => ({
      invoke: async (call, next) => {
        const reply = await next();
        const mustAnswerIt = ANSWER_NOT_FOUND.has(method(call.method).name);
        return reply.hr === HR.VDS_E_OBJECT_NOT_FOUND && !mustAnswerIt && Object.values(call.args).some(isId)
          ? { ...reply, hr: HR.E_INVALIDARG }
          : reply;
      },
    }),
  },
  {
    name: 'looks-at-the-type-first',
    says: 'GetObject answers VDS_E_INVALID_OBJECT_TYPE for types that no device has, before it looks for the id.',
    overrides: overriding('IVdsProviderPrivate.GetObject', () => async (call, next) => {
      const reply = await next();
      const ofDevices = call.args.type >= 30;
      return reply.hr === HR.VDS_E_OBJECT_NOT_FOUND && !ofDevices
        ? { ...reply, hr: HR.VDS_E_INVALID_OBJECT_TYPE }
        : reply;
    }),
  },
  {
    name: 'looks-at-arguments-first',
    says: 'Looks at the arguments of a call before it looks for the device, which may be gone as well.',
    overrides: () => ({
      methods: {
        'IVdsIscsiTarget.SetSharedSecret': async ({ args }, next) => {
          const secret = args.targetSharedSecret;
          return secret !== null &&
            secret.sharedSecretSize !== 0 &&
            (secret.sharedSecretSize < 12 || secret.sharedSecretSize > 16)
            ? { hr: HR.E_INVALIDARG, out: {} }
            : next();
        },
        'IVdsIscsiTarget.RememberInitiatorSharedSecret': async ({ args }, next) =>
          args.initiatorName === null || args.initiatorName === '' || args.initiatorSharedSecret === null
            ? { hr: HR.E_INVALIDARG, out: {} }
            : next(),
        'IVdsLun.ApplyHints': async ({ args }, next) =>
          args.hints === null ? { hr: HR.E_INVALIDARG, out: {} } : next(),
        'IVdsLun.Extend': async ({ args }, next) =>
          args.numberOfBytesToAdd === 0n ? { hr: HR.E_INVALIDARG, out: { async: null } } : next(),
      },
    }),
  },
  {
    name: 'busy-is-retry',
    says: 'Answers VDS_E_RETRY, a common code as well, where another call is in progress.',
    overrides: answering(
      [
        'IVdsHwProvider.Reenumerate',
        'IVdsHwProvider.Refresh',
        'IVdsHwProvider.QuerySubSystems',
        'IVdsSubSystem.QueryLuns',
        'IVdsLun.GetProperties',
      ] satisfies MethodName[],
      HR.VDS_E_ANOTHER_CALL_IN_PROGRESS,
      HR.VDS_E_RETRY,
    ),
  },
  {
    name: 'out-of-memory-now-and-then',
    says:
      'Has no memory for a call now and then, which succeeds when it ' +
      'is made again: every page lists E_OUTOFMEMORY.',
    overrides: (): Overrides => {
      let calls = 0;
      let refused = false;
      return {
        methods: {
          'IVdsSubSystem.QueryDrives': async (_call, next) => {
            calls += 1;
            // Not twice in a row.
            refused = !refused && calls % 7 === 3;
            return refused ? { hr: HR.E_OUTOFMEMORY, out: { enum: null } } : next();
          },
        },
      };
    },
  },
  {
    name: 'failed-subsystems-report-nothing-more',
    says: 'GetProperties2 of a subsystem that has failed answers VDS_E_OBJECT_STATUS_FAILED, a common code.',
    overrides: () => ({
      methods: {
        'IVdsSubSystem2.GetProperties2': async (_call, next) => {
          const reply = await next();
          const prop = reply.out.subSystemProp2;
          return typeof prop === 'object' && prop?.status === VDS_SUB_SYSTEM_STATUS.VDS_SSS_FAILED
            ? { hr: HR.VDS_E_OBJECT_STATUS_FAILED, out: { subSystemProp2: UNTOUCHED } }
            : reply;
        },
      },
    }),
  },
  {
    name: 'failed-devices-do-nothing',
    says:
      'A device that has failed answers VDS_E_OBJECT_STATUS_FAILED to every method that lists the code, as to its ' +
      'queries, SetStatus and Delete: no page says what it must still be able to do.',
    leaves: true,
    overrides: doNothingOnceFailed,
  },
  {
    name: 'new-object-each-time',
    says:
      'Hands out a new COM object each time that a device is asked for: the pages recommend one object for each ' +
      'device, and order it nowhere.',
    overrides: anewEachTime,
  },
  {
    name: 'busy-after-a-status',
    says:
      'For a tenth of a second after SetStatus the next one answers VDS_E_ANOTHER_CALL_IN_PROGRESS, as the array is ' +
      'still at it.',
    overrides: (inner) => {
      let busyUntil = 0;
      return {
        invoke: async ({ object, method: name }, next) => {
          const { name: short, interfaceName, codes } = method(name);
          if (short !== 'SetStatus' || !codes.includes(BUSY)) return next();
          if (performance.now() < busyUntil) {
            const own = method(`${interfaceName}.GetProperties`).fullName;
            const isThere = succeeded((await inner.invoke({ object, method: own, args: {} })).hr);
            return isThere ? { hr: HR[BUSY], out: {} } : next();
          }
          const reply = await next();
          if (reply.hr === HR.S_OK) busyUntil = performance.now() + AT_IT;
          return reply;
        },
      };
    },
  },
];
