// Defects of operations that last while something else happens: of what they set aside, and of how far they say they
// are.
import { VDS_ASYNC_OUTPUT_TYPE as OUT } from '../../../src/contract/generated/enumerations.js';
import { HR } from '../../../src/contract/hresult.js';
import { Held } from '../../in-memory/array/gate.js';
import { AsyncOperation } from '../../in-memory/objects/async.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import type { Defect } from '../defect.js';

/** Milliseconds that an operation is expected to take. */
const EXPECTED = 20;

class GoesByTheClock extends AsyncOperation {
  private readonly began = performance.now();

  protected override queryStatus(): ReturnType<AsyncOperation['queryStatus']> {
    const percent = Math.min(100, Math.floor((100 * (performance.now() - this.began)) / EXPECTED));
    return { hr: HR.S_OK, out: { hrResult: this.result, percentCompleted: this.running ? percent : 100 } };
  }
}

/** A commit that plans anew once it was held up, beside what was set aside for it before. */
function planningAnew<T>(plan: () => void, commit: () => T): () => T {
  let wasHeldUp = false;
  return () => {
    if (wasHeldUp) plan();
    try {
      return commit();
    } catch (error) {
      wasHeldUp ||= error instanceof Held;
      throw error;
    }
  };
}

class CreatesTwiceWhenHeldUp extends SubSystemObject {
  private plan: (() => void) | undefined;

  protected override layOut(...asked: Parameters<SubSystemObject['layOut']>): ReturnType<SubSystemObject['layOut']> {
    this.plan = () => void super.layOut(...asked);
    return super.layOut(...asked);
  }

  protected override operation(
    ...[type, commit, abandon]: Parameters<SubSystemObject['operation']>
  ): ReturnType<SubSystemObject['operation']> {
    const { plan } = this;
    const isCreation = type === OUT.VDS_ASYNCOUT_CREATELUN && plan !== undefined;
    return super.operation(type, isCreation ? planningAnew(plan, commit) : commit, abandon);
  }
}

class ExtendsTwiceWhenHeldUp extends LunObject {
  private plan: (() => void) | undefined;

  protected override growth(...asked: Parameters<LunObject['growth']>): ReturnType<LunObject['growth']> {
    this.plan = () => void super.growth(...asked);
    return super.growth(...asked);
  }

  protected override operation(
    ...[type, commit, abandon]: Parameters<LunObject['operation']>
  ): ReturnType<LunObject['operation']> {
    const { plan } = this;
    const isExtension = type === OUT.VDS_ASYNCOUT_EXTENDLUN && plan !== undefined;
    return super.operation(type, isExtension ? planningAnew(plan, commit) : commit, abandon);
  }
}

/** Operations of this type that end while a subsystem is away keep what they had set aside. */
const keepingWhileAway = (type: number): typeof ProviderObject =>
  class extends ProviderObject {
    override start(work: Parameters<ProviderObject['start']>[0]): ReturnType<ProviderObject['start']> {
      const { array } = this;
      const isAway = (): boolean => array.connected().length < array.subSystems.size;
      return super.start({ ...work, abandon: () => (work.type === type && isAway() ? undefined : work.abandon?.()) });
    }
  };

/** Operations of this type that are under way lose what they have set aside when the provider looks anew. */
const forgettingWhenRefreshed = (type: number): typeof ProviderObject =>
  class extends ProviderObject {
    private readonly promises = new Set<() => void>();

    override start(work: Parameters<ProviderObject['start']>[0]): ReturnType<ProviderObject['start']> {
      if (work.type === type && work.abandon !== undefined) this.promises.add(work.abandon);
      return super.start(work);
    }

    protected override refresh(): ReturnType<ProviderObject['refresh']> {
      const answer = super.refresh();
      for (const release of this.promises) release();
      this.promises.clear();
      return answer;
    }
  };

export const SET_ASIDE: readonly Defect[] = [
  {
    name: 'percentage-goes-by-the-clock',
    breaks: ['VDS-8.5b'],
    noticedBy: ['async.status-while-it-lasts', 'interactions.unanswered'],
    says: 'QueryStatus reports 100 percent once an operation has lasted as long as expected, though it is pending.',
    parts: { AsyncOperation: GoesByTheClock },
  },
  {
    name: 'slow-creation-wants-its-space-twice',
    breaks: ['VDS-10.5a'],
    noticedBy: ['interactions.unanswered'],
    says: 'A creation that was held up looks for its space again, beside that which it has set aside already.',
    parts: { SubSystem: CreatesTwiceWhenHeldUp },
  },
  {
    name: 'slow-extension-wants-its-space-twice',
    breaks: ['VDS-10.5d'],
    noticedBy: ['interactions.unanswered'],
    says: 'An extension that was held up looks for its space again, beside that which it has set aside already.',
    parts: { Lun: ExtendsTwiceWhenHeldUp },
  },
  {
    name: 'lost-target-keeps-its-name',
    breaks: ['VDS-11.1'],
    noticedBy: ['interactions.lost'],
    says: 'The name of a target whose creation failed while a subsystem was away is in use from then on.',
    parts: { Provider: keepingWhileAway(OUT.VDS_ASYNCOUT_CREATETARGET) },
  },
  {
    name: 'lost-creation-keeps-its-space',
    breaks: ['VDS-10.5a'],
    noticedBy: ['interactions.lost'],
    says: 'The space of a LUN whose creation failed while a subsystem was away is taken from then on.',
    parts: { Provider: keepingWhileAway(OUT.VDS_ASYNCOUT_CREATELUN) },
  },
  {
    name: 'lost-extension-keeps-its-space',
    breaks: ['VDS-10.5a'],
    noticedBy: ['interactions.lost'],
    says: 'The space of an extension that failed while a subsystem was away is taken from then on.',
    parts: { Provider: keepingWhileAway(OUT.VDS_ASYNCOUT_EXTENDLUN) },
  },
  {
    name: 'refresh-frees-the-space-of-a-creation',
    breaks: ['VDS-10.15'],
    noticedBy: ['interactions.over-recovery'],
    says: 'Refresh forgets what is set aside for LUNs whose creation is under way, and the next one gets it too.',
    parts: { Provider: forgettingWhenRefreshed(OUT.VDS_ASYNCOUT_CREATELUN) },
  },
  {
    name: 'refresh-frees-the-space-of-an-extension',
    breaks: ['VDS-10.15'],
    noticedBy: ['interactions.over-recovery'],
    says: 'Refresh forgets what is set aside for extensions that are under way, and a new LUN gets it too.',
    parts: { Provider: forgettingWhenRefreshed(OUT.VDS_ASYNCOUT_EXTENDLUN) },
  },
  {
    name: 'refresh-frees-a-name',
    breaks: ['VDS-11.1'],
    noticedBy: ['interactions.over-recovery'],
    says: 'Refresh forgets the name of a target whose creation is under way, and another target gets it too.',
    parts: { Provider: forgettingWhenRefreshed(OUT.VDS_ASYNCOUT_CREATETARGET) },
  },
];
