// Defects of operations that have ended and are held: a later change, or another operation, reaches them, or they reach
// it.
import { HR } from '../../../src/contract/hresult.js';
import type { Servant } from '../../../src/port/object-server.js';
import { AsyncOperation, type Work } from '../../in-memory/objects/async.js';
import type { ProviderInstance } from '../../in-memory/objects/instance.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import type { Defect } from '../defect.js';

/** The object that was made last, by what makes it. */
const newest = new WeakMap<ProviderInstance, Map<number, Servant>>();

class HandsOverTheNewest extends AsyncOperation {
  private isCollected = false;

  constructor(
    private readonly by: ProviderInstance,
    work: Work,
  ) {
    super(by, {
      ...work,
      commit: () => {
        const made = work.commit();
        const all = newest.get(by) ?? new Map<number, Servant>();
        newest.set(by, all);
        if (made !== null) all.set(work.type, made);
        return made;
      },
    });
  }

  protected override output(): ReturnType<AsyncOperation['output']> {
    const { created } = this;
    if (created === null || !this.isCollected) {
      this.isCollected = true;
      return super.output();
    }
    this.created = newest.get(this.by)?.get(this.work.type) ?? created;
    const output = super.output();
    this.created = created;
    return output;
  }
}

/** The operation that was begun last on a LUN. */
const lastOf = new WeakMap<LunObject, AsyncOperation>();
const lunOf = new WeakMap<AsyncOperation, LunObject>();

class KnowsItsLastOperation extends LunObject {
  protected override operation(...request: Parameters<LunObject['operation']>): ReturnType<LunObject['operation']> {
    const answer = super.operation(...request);
    const { async: operation } = answer.out ?? {};
    if (operation instanceof AsyncOperation) {
      lastOf.set(this, operation);
      lunOf.set(operation, this);
    }
    return answer;
  }
}

/** The operation on the same LUN that runs now, if another one does. */
function runningBeside(operation: AsyncOperation): AsyncOperation | undefined {
  const lun = lunOf.get(operation);
  const last = lun === undefined ? undefined : lastOf.get(lun);
  return last !== operation && last?.running === true ? last : undefined;
}

class ReportsTheLunsStatus extends AsyncOperation {
  protected override queryStatus(): ReturnType<AsyncOperation['queryStatus']> {
    return runningBeside(this) === undefined
      ? super.queryStatus()
      : { hr: HR.S_OK, out: { hrResult: HR.VDS_E_OPERATION_PENDING, percentCompleted: 0 } };
  }
}

class CancelsWhatRunsNow extends AsyncOperation {
  protected override cancel(): ReturnType<AsyncOperation['cancel']> {
    runningBeside(this)?.abort(HR.VDS_E_OPERATION_CANCELED);
    return super.cancel();
  }
}

export const HELD_OPERATIONS: readonly Defect[] = [
  {
    name: 'wait-hands-over-the-newest',
    breaks: ['VDS-8.3c'],
    noticedBy: ['interactions.luns', 'interactions.targets'],
    says: 'Every Wait after the first hands over the object that was made last, whichever operation has made it.',
    parts: { AsyncOperation: HandsOverTheNewest },
  },
  {
    name: 'status-of-the-lun',
    breaks: ['VDS-8.5a'],
    noticedBy: ['interactions.overlapping.same'],
    says: 'QueryStatus of an operation on a LUN that has ended reports pending while another one runs on that LUN.',
    parts: { AsyncOperation: ReportsTheLunsStatus, Lun: KnowsItsLastOperation },
  },
  {
    name: 'late-cancel-hits-another',
    breaks: ['VDS-8.7a'],
    noticedBy: ['interactions.overlapping.same'],
    says: 'Cancel of an operation on a LUN that has ended says so, and cancels the one that runs on that LUN.',
    parts: { AsyncOperation: CancelsWhatRunsNow, Lun: KnowsItsLastOperation },
  },
];
