// Defects of IVdsAsync and of the methods that return one.
import { VDS_ASYNC_OUTPUT_TYPE } from '../../../src/contract/generated/enumerations.js';
import { HR } from '../../../src/contract/hresult.js';
import { AsyncOperation, type Work } from '../../in-memory/objects/async.js';
import { Held } from '../../in-memory/array/gate.js';
import { Failure } from '../../in-memory/failure.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import type { Servant } from '../../../src/port/object-server.js';
import { DeviceObject } from '../../in-memory/objects/object.js';
import type { ProviderInstance } from '../../in-memory/objects/instance.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import type { Defect } from '../defect.js';
import { ask, given } from '../override.js';

type Status = ReturnType<AsyncOperation['queryStatus']>;
type Cancel = ReturnType<AsyncOperation['cancel']>;
type Wait = ReturnType<AsyncOperation['wait']>;

class FullWhileRunning extends AsyncOperation {
  protected override queryStatus(): Status {
    return { hr: HR.S_OK, out: { hrResult: this.result, percentCompleted: 100 } };
  }
}

class GoesDown extends AsyncOperation {
  private looks = 0;

  protected override queryStatus(): Status {
    this.looks += 1;
    return {
      hr: HR.S_OK,
      out: { hrResult: this.result, percentCompleted: this.running ? Math.max(0, 90 - 30 * this.looks) : 100 },
    };
  }
}

class NeverFull extends AsyncOperation {
  protected override queryStatus(): Status {
    return { hr: HR.S_OK, out: { hrResult: this.result, percentCompleted: Math.min(this.percent, 99) } };
  }
}

class AlwaysPending extends AsyncOperation {
  protected override queryStatus(): Status {
    return { hr: HR.S_OK, out: { hrResult: HR.VDS_E_OPERATION_PENDING, percentCompleted: Math.min(this.percent, 99) } };
  }
}

class LateCancelSucceeds extends AsyncOperation {
  protected override cancel(): Cancel {
    const answer = super.cancel();
    return answer.hr === HR.VDS_E_CANCEL_TOO_LATE ? { hr: HR.S_OK } : answer;
  }
}

class LateCancelChangesTheResult extends AsyncOperation {
  protected override cancel(): Cancel {
    const answer = super.cancel();
    if (answer.hr === HR.VDS_E_CANCEL_TOO_LATE) this.result = HR.VDS_E_OPERATION_CANCELED;
    return answer;
  }
}

class CancelIsNotImplemented extends AsyncOperation {
  protected override cancel(): Cancel {
    return { hr: HR.E_NOTIMPL };
  }
}

/** Cancel answers S_OK and the work is done all the same, under the result of a cancellation. */
class CancelledButDone extends AsyncOperation {
  protected override cancel(): Cancel {
    if (!this.running) return super.cancel();
    this.work.commit();
    this.abort(HR.VDS_E_OPERATION_CANCELED);
    return { hr: HR.S_OK };
  }
}

/** What it has asked of an array that does not answer stays in the queue to it when the operation is cancelled. */
class StaysInTheQueue extends AsyncOperation {
  private queued: Promise<void> | undefined;

  constructor(by: ProviderInstance, work: Work) {
    super(by, {
      ...work,
      commit: () => {
        try {
          return work.commit();
        } catch (error) {
          if (error instanceof Held) this.queued = error.until;
          throw error;
        }
      },
    });
  }

  protected override cancel(): Cancel {
    const wasRunning = this.running;
    const answer = super.cancel();
    if (wasRunning) this.goOn();
    return answer;
  }

  private goOn(): void {
    void this.queued?.then(() => {
      try {
        this.work.commit();
      } catch (error) {
        if (error instanceof Held) this.goOn();
      }
    });
  }
}

class CancelledHandsOut extends AsyncOperation {
  protected override cancel(): Cancel {
    if (!this.running) return super.cancel();
    this.created = this.work.commit();
    this.abort(HR.VDS_E_OPERATION_CANCELED);
    return { hr: HR.S_OK };
  }
}

class CancelledSaysDone extends AsyncOperation {
  protected override async wait(): Wait {
    const answer = await super.wait();
    return this.result === HR.VDS_E_OPERATION_CANCELED
      ? { ...answer, out: { ...answer.out, hrResult: HR.S_OK } }
      : answer;
  }
}

class CancelledNeverEnds extends AsyncOperation {
  private stopped = false;

  protected override cancel(): Cancel {
    this.stopped ||= this.running;
    return super.cancel();
  }

  protected override wait(): Wait {
    // The thread that would wake the waiting caller was ended by Cancel.
    return this.stopped ? new Promise(() => {}) : super.wait();
  }
}

class WrongType extends AsyncOperation {
  protected override output(): ReturnType<AsyncOperation['output']> {
    const output = super.output();
    return this.work.type === VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_EXTENDLUN
      ? { type: VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_CREATELUN, cl: { lunUnk: null } }
      : output;
  }
}

class GroupTypedAsATarget extends AsyncOperation {
  protected override output(): ReturnType<AsyncOperation['output']> {
    const output = super.output();
    return output.type === VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_CREATEPORTALGROUP
      ? { ...output, type: VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_CREATETARGET }
      : output;
  }
}

class NoObject extends AsyncOperation {
  protected override output(): ReturnType<AsyncOperation['output']> {
    const output = super.output();
    return output.type === VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_CREATETARGET
      ? { ...output, ct: { targetUnk: null } }
      : output;
  }
}

class SecondWaitFails extends AsyncOperation {
  private collected = false;

  protected override async wait(): Wait {
    const answer = await super.wait();
    if (this.collected) {
      this.created = null;
      return { hr: HR.S_OK, out: { hrResult: HR.VDS_E_OPERATION_CANCELED, asyncOut: this.output() } };
    }
    this.collected = true;
    return answer;
  }
}

class WaitDoesNotWait extends AsyncOperation {
  protected override async wait(): Wait {
    return {
      hr: HR.S_OK,
      out: { hrResult: this.running ? HR.VDS_E_OPERATION_PENDING : this.result, asyncOut: this.output() },
    };
  }
}

class WaitFailsWithItsObject extends AsyncOperation {
  protected override async wait(): Wait {
    const answer = await super.wait();
    return this.created instanceof DeviceObject && this.created.deleted ? { hr: HR.VDS_E_OBJECT_DELETED } : answer;
  }
}

/** The name is looked up when the operation runs. */
class NotUniqueInTheEnd extends SubSystemObject {
  protected override createTarget(
    name: string | null,
    friendlyName: string | null,
  ): ReturnType<SubSystemObject['createTarget']> {
    try {
      return super.createTarget(name, friendlyName);
    } catch (error) {
      if (!(error instanceof Failure) || error.hr !== HR.VDS_E_NAME_NOT_UNIQUE) throw error;
      const { inventory } = this.provider;
      const same = [...inventory.devices.values()].find(
        (d) => d.kind === 'target' && inventory.record('target', d.id).iscsiName === name,
      );
      return {
        hr: HR.S_OK,
        out: {
          async: this.provider.start({
            type: VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_CREATETARGET,
            commit: () => {
              throw new NameTaken(same ?? null);
            },
          }),
        },
      };
    }
  }
}

class NameTaken extends Failure {
  constructor(readonly by: Servant | null) {
    super(HR.VDS_E_NAME_NOT_UNIQUE);
  }
}

class HandsOutWhatItFound extends AsyncOperation {
  constructor(provider: ProviderInstance, work: Work) {
    super(provider, {
      ...work,
      commit: () => {
        try {
          return work.commit();
        } catch (error) {
          if (error instanceof NameTaken) this.created = error.by;
          throw error;
        }
      },
    });
  }
}

class ExtendFailureLost extends LunObject {
  protected override extend(...request: Parameters<LunObject['extend']>): ReturnType<LunObject['extend']> {
    try {
      return super.extend(...request);
    } catch (error) {
      if (!(error instanceof Failure) || error.hr !== HR.VDS_E_NOT_ENOUGH_SPACE) throw error;
      return {
        hr: HR.S_OK,
        out: { async: this.provider.start({ type: VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_EXTENDLUN, commit: () => null }) },
      };
    }
  }
}

class SecondWaiterReturns extends AsyncOperation {
  private waiting = 0;

  protected override async wait(): Wait {
    if (this.running && this.waiting > 0)
      return { hr: HR.S_OK, out: { hrResult: this.result, asyncOut: this.output() } };
    this.waiting += 1;
    try {
      return await super.wait();
    } finally {
      this.waiting -= 1;
    }
  }
}

export const ASYNC: readonly Defect[] = [
  {
    name: 'async-percent-100-while-running',
    breaks: ['VDS-8.5b'],
    noticedBy: ['async.query-status', 'async.type.CreateTarget'],
    says: 'QueryStatus reports 100 percent from the start.',
    parts: { AsyncOperation: FullWhileRunning },
  },
  {
    name: 'async-percent-goes-down',
    breaks: ['VDS-8.6'],
    noticedBy: ['interactions.unanswered', 'async.query-status'],
    strict: true,
    says: 'The percentage of QueryStatus goes down while the operation runs.',
    parts: { AsyncOperation: GoesDown },
  },
  {
    name: 'async-percent-stops-at-99',
    breaks: ['VDS-8.5b'],
    noticedBy: ['async.type.CreateLun'],
    says: 'QueryStatus reports 99 percent of an operation that has finished.',
    parts: { AsyncOperation: NeverFull },
  },
  {
    name: 'async-pending-for-ever',
    breaks: ['VDS-8.5a'],
    noticedBy: ['async.type.CreateLun'],
    says: 'QueryStatus reports VDS_E_OPERATION_PENDING even after Wait has returned.',
    parts: { AsyncOperation: AlwaysPending },
  },
  {
    name: 'async-status-waits',
    breaks: ['VDS-8.5a'],
    noticedBy: ['interactions.unanswered', 'async.status-while-it-lasts'],
    says: 'QueryStatus returns only when the operation has ended.',
    overrides: (inner) => ({
      methods: {
        'IVdsAsync.QueryStatus': async (call, next) => {
          const { out } = await ask(inner, call.object, 'IVdsAsync.Wait', {});
          const output = given(out.asyncOut);
          const made = output?.cl?.lunUnk ?? output?.ct?.targetUnk ?? null;
          if (made !== null) await inner.release(made);
          return next();
        },
      },
    }),
  },
  {
    name: 'async-failed-creation-hands-out-a-target',
    breaks: ['VDS-8.3d'],
    noticedBy: ['iscsi.name-not-unique'],
    says: 'A CreateTarget whose operation failed for its name hands out the target that has the name.',
    parts: { SubSystem: NotUniqueInTheEnd, AsyncOperation: HandsOutWhatItFound },
  },
  {
    name: 'async-late-cancel-s-ok',
    breaks: ['VDS-8.7a'],
    noticedBy: ['async.cancel-after-the-end'],
    says: 'Cancel of an operation that has ended answers S_OK.',
    parts: { AsyncOperation: LateCancelSucceeds },
  },
  {
    name: 'async-late-cancel-changes-the-result',
    breaks: ['VDS-8.7d'],
    noticedBy: ['async.cancel-after-the-end'],
    strict: true,
    says: 'A Cancel that came too late changes the result that Wait reports.',
    parts: { AsyncOperation: LateCancelChangesTheResult },
  },
  {
    name: 'async-cancel-e-notimpl',
    breaks: ['VDS-8.7a'],
    noticedBy: ['async.cancel-after-the-end'],
    says: 'Cancel answers E_NOTIMPL where VDS_E_NOT_SUPPORTED is meant.',
    parts: { AsyncOperation: CancelIsNotImplemented },
  },
  {
    name: 'async-cancelled-operation-is-carried-out',
    breaks: ['VDS-8.7c'],
    strict: true,
    noticedBy: ['async.cancel-extend'],
    says: 'An operation that was cancelled with success is carried out all the same.',
    parts: { AsyncOperation: CancelledButDone },
  },
  {
    name: 'async-cancelled-as-it-waits-for-the-array',
    breaks: ['VDS-8.7a'],
    noticedBy: ['interactions.unanswered'],
    says:
      'An operation that waits for an array which does not answer is cancelled with success, and carried out when ' +
      'the array answers.',
    parts: { AsyncOperation: StaysInTheQueue },
  },
  {
    name: 'async-cancelled-operation-hands-out-its-lun',
    breaks: ['VDS-8.3d'],
    noticedBy: ['async.cancel-while-it-lasts'],
    says: 'Wait hands out a LUN although its creation was cancelled with success.',
    parts: { AsyncOperation: CancelledHandsOut },
  },
  {
    name: 'async-cancelled-operation-succeeds',
    breaks: ['VDS-8.7b'],
    noticedBy: ['async.cancel-while-it-lasts'],
    strict: true,
    says: 'Wait reports S_OK as the result of an operation that was cancelled.',
    parts: { AsyncOperation: CancelledSaysDone },
  },
  {
    name: 'async-wait-never-returns',
    breaks: ['VDS-8.8'],
    noticedBy: ['async.cancel'],
    ends: { as: 'hung', during: 'IVdsAsync::Wait' },
    says: 'Wait never returns after the operation was cancelled.',
    parts: { AsyncOperation: CancelledNeverEnds },
  },
  {
    name: 'async-wrong-output-type',
    breaks: ['VDS-8.4c'],
    strict: true,
    noticedBy: ['luns.extend'],
    says: 'Extend reports the output type of CreateLun.',
    parts: { AsyncOperation: WrongType },
  },
  {
    name: 'async-new-group-typed-as-a-target',
    breaks: ['VDS-8.4d'],
    noticedBy: ['async.type.CreatePortalGroup'],
    says: 'CreatePortalGroup reports the output type of CreateTarget.',
    wide: 'every check that needs a portal group of its own fails',
    parts: { AsyncOperation: GroupTypedAsATarget },
  },
  {
    name: 'async-no-target-handed-over',
    breaks: ['VDS-8.4a'],
    noticedBy: ['async.wait-after-release-of-the-object'],
    says: 'A CreateTarget that succeeded leaves VDS_ASYNC_OUTPUT.ct.pTargetUnk NULL.',
    wide: 'every check that needs a target of its own fails',
    parts: { AsyncOperation: NoObject },
  },
  {
    name: 'async-second-wait-differs',
    breaks: ['VDS-8.3b'],
    noticedBy: ['async.wait-is-repeatable'],
    strict: true,
    says: 'A second Wait no longer knows the result and reports VDS_E_OPERATION_CANCELED.',
    parts: { AsyncOperation: SecondWaitFails },
  },
  {
    name: 'async-wait-does-not-wait',
    breaks: ['VDS-8.2'],
    noticedBy: ['async.wait-is-repeatable', 'plexes.remove', 'plexes.recover-mirror'],
    says: "Wait returns at once, with VDS_E_OPERATION_PENDING as the operation's result.",
    wide: 'every check that creates something waits',
    parts: { AsyncOperation: WaitDoesNotWait },
  },
  {
    name: 'async-dies-with-its-lun',
    breaks: ['VDS-8.3b'],
    noticedBy: ['deletion.async-outlives-its-lun'],
    strict: true,
    says: 'Wait answers VDS_E_OBJECT_DELETED once the LUN that it created was deleted.',
    parts: { AsyncOperation: WaitFailsWithItsObject },
  },
  {
    name: 'async-null-from-extend',
    breaks: ['VDS-8.1a'],
    noticedBy: ['async.cancel-extend'],
    says: 'Extend does its work at once and returns NULL for its IVdsAsync.',
    overrides: (inner) => ({
      methods: {
        'IVdsLun.Extend': async (_call, next) => {
          const reply = await next();
          const operation = given(reply.out.async);
          if (operation === undefined) return reply;
          await inner.invoke({ object: operation, method: 'IVdsAsync.Wait', args: {} });
          await inner.release(operation);
          return { ...reply, out: { async: null } };
        },
      },
    }),
  },
  {
    name: 'async-failure-reported-as-success',
    breaks: ['VDS-10.7h'],
    noticedBy: ['luns.extend-too-far'],
    says: 'Extend accepts a request for which there is no space, and its operation ends with S_OK and no effect.',
    parts: { Lun: ExtendFailureLost },
  },
  {
    name: 'second-waiter-returns-at-once',
    breaks: ['VDS-8.3a'],
    noticedBy: ['async.type.CreateLun'],
    says: 'Of two Waits that are under way for one operation, the second returns before it has ended.',
    parts: { AsyncOperation: SecondWaiterReturns },
  },
];
