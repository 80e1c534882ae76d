// Lawful ways to tell how an operation ended.
import { VDS_ASYNC_OUTPUT_TYPE as OUT } from '../../../src/contract/generated/enumerations.js';
import { HR } from '../../../src/contract/hresult.js';
import { NO_ROOM } from '../../../src/contract/want-of-room.js';
import { Failure } from '../../in-memory/failure.js';
import { AsyncOperation } from '../../in-memory/objects/async.js';
import { DeviceObject } from '../../in-memory/objects/object.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import type { Handle } from '../../../src/contract/tables.js';
import { overriding } from '../../defective/answers.js';
import type { Overrides } from '../../defective/override.js';
import type { Variant } from '../variant.js';

const WITH_AN_OBJECT: readonly number[] = [
  OUT.VDS_ASYNCOUT_CREATELUN,
  OUT.VDS_ASYNCOUT_CREATETARGET,
  OUT.VDS_ASYNCOUT_CREATEPORTALGROUP,
];
const LONGEST_NAME = 8;

/** The operation of a CreateTarget whose friendly name was too long ends with a success that says so. */
const truncatesNames = (): Overrides => {
  const truncated = new Set<Handle>();
  return {
    methods: {
      'IVdsSubSystemIscsi.CreateTarget': async (call, next) => {
        const { friendlyName } = call.args;
        const long = (friendlyName ?? '').length > LONGEST_NAME;
        const reply = await next(
          long ? { args: { ...call.args, friendlyName: friendlyName?.slice(0, LONGEST_NAME) ?? null } } : undefined,
        );
        if (long && typeof reply.out.async === 'number') truncated.add(reply.out.async);
        return reply;
      },
      'IVdsAsync.Wait': async (call, next) => {
        const reply = await next();
        return truncated.has(call.object) && reply.out.hrResult === HR.S_OK
          ? { ...reply, out: { ...reply.out, hrResult: HR.VDS_S_NAME_TRUNCATED } }
          : reply;
      },
      'IVdsAsync.QueryStatus': async (call, next) => {
        const reply = await next();
        return truncated.has(call.object) && reply.out.hrResult === HR.S_OK
          ? { ...reply, out: { ...reply.out, hrResult: HR.VDS_S_NAME_TRUNCATED } }
          : reply;
      },
    },
  };
};

class SlowOperation extends AsyncOperation {
  protected override async wait(): ReturnType<AsyncOperation['wait']> {
    await new Promise((resolve) => setTimeout(resolve, 300));
    return super.wait();
  }
}

/** Looks for room when the array comes to a creation. */
class FindsNoRoomLater extends SubSystemObject {
  protected override createLun(
    ...request: Parameters<SubSystemObject['createLun']>
  ): ReturnType<SubSystemObject['createLun']> {
    try {
      return super.createLun(...request);
    } catch (error) {
      if (!(error instanceof Failure) || !NO_ROOM.includes(error.hr)) throw error;
      return this.operation(OUT.VDS_ASYNCOUT_CREATELUN, () => {
        throw error;
      });
    }
  }
}

/** The object that it made is the one that it speaks for. */
class SpeaksForWhatIsThere extends AsyncOperation {
  protected override queryStatus(): ReturnType<AsyncOperation['queryStatus']> {
    if (this.created instanceof DeviceObject && this.created.deleted) throw new Failure(HR.VDS_E_OBJECT_DELETED);
    return super.queryStatus();
  }
}

export const ASYNC: readonly Variant[] = [
  {
    name: 'fills-output-with-an-object-only',
    says:
      'Leaves VDS_ASYNC_OUTPUT zero after operations that hand ' +
      'nothing over: the IDL has the caller ignore it then.',
    finds: ['VDS-8.4c'],
    overrides: overriding('IVdsAsync.Wait', () => async (_call, next) => {
      const reply = await next();
      const { asyncOut } = reply.out;
      return typeof asyncOut !== 'object' || asyncOut === null || WITH_AN_OBJECT.includes(asyncOut.type)
        ? reply
        : { ...reply, out: { ...reply.out, asyncOut: { type: OUT.VDS_ASYNCOUT_UNKNOWN } } };
    }),
  },
  {
    name: 'truncates-the-names-of-targets',
    says:
      'Shortens the name given to CreateTarget, and ends the operation with ' +
      'VDS_S_NAME_TRUNCATED, a common success code.',
    decides: ['names of targets'],
    overrides: truncatesNames,
  },
  {
    name: 'operations-take-a-while',
    says: 'Takes 300 ms for each operation.',
    parts: { AsyncOperation: SlowOperation },
    slow: true,
  },
  {
    name: 'no-room-is-told-by-wait',
    says:
      'CreateLun begins whether there is room or not, and Wait tells in pHrResult that there is none: it is for the ' +
      'failures of an operation.',
    parts: { SubSystem: FindsNoRoomLater },
  },
  {
    name: 'no-status-once-deleted',
    says:
      'QueryStatus of an operation answers VDS_E_OBJECT_DELETED, as any method may, once what it made is deleted; ' +
      'Wait still tells how it ended.',
    parts: { AsyncOperation: SpeaksForWhatIsThere },
  },
  {
    name: 'cancel-says-when-it-is-over',
    says: 'Cancel of an operation that has ended answers VDS_E_CANCEL_TOO_LATE however it ended, and writes nothing.',
    overrides: overriding('IVdsAsync.Cancel', () => async (_call, next) => {
      const reply = await next();
      return reply.hr === HR.VDS_E_OPERATION_CANCELED ? { hr: HR.VDS_E_CANCEL_TOO_LATE, out: {} } : reply;
    }),
  },
];
