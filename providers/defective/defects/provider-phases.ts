// Defects of provider objects that are loaded, unloaded and loaded again, or beside others: what is kept in a variable
// of the library instead of the object.
import { NULL_GUID } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import type { Handle, MethodName } from '../../../src/contract/tables.js';
import { Failure } from '../../in-memory/failure.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import type { Defect } from '../defect.js';
import type { Overrides } from '../override.js';

/** The sink of the first OnLoad is kept for good. */
const notifiesTheFirstSink = (): Overrides => {
  let first: Handle | undefined;
  return {
    methods: {
      'IVdsProviderPrivate.OnLoad': async (call, next) => {
        first ??= call.args.callbackObject ?? undefined;
        return next();
      },
    },
    onNotification: (notification, deliver) => deliver({ ...notification, sink: first ?? notification.sink }),
  };
};

/** An OnUnload that is forced leaves at once, and does not take its sink off the list. */
const goesOnAfterForce = (): Overrides => {
  const sinks = new Map<Handle, Handle | null>();
  const left = new Set<Handle>();
  return {
    methods: {
      'IVdsProviderPrivate.OnLoad': async (call, next) => {
        sinks.set(call.object, call.args.callbackObject);
        return next();
      },
      'IVdsProviderPrivate.OnUnload': async (call, next) => {
        const reply = await next();
        const sink = sinks.get(call.object) ?? null;
        if (reply.hr === HR.S_OK && call.args.forceUnload && sink !== null) left.add(sink);
        return reply;
      },
    },
    onNotification: (notification, deliver) => {
      deliver(notification);
      for (const sink of left) deliver({ ...notification, sink });
    },
  };
};

class IsNobodyOnceUnloaded extends LunObject {
  override refuse(name: MethodName): number | undefined {
    return this.provider.loaded ? super.refuse(name) : undefined;
  }

  protected override getProperties(): ReturnType<LunObject['getProperties']> {
    const answer = super.getProperties();
    const lunProp = answer.out?.lunProp;
    return this.provider.loaded || typeof lunProp !== 'object' || lunProp === null
      ? answer
      : { ...answer, out: { lunProp: { ...lunProp, id: NULL_GUID } } };
  }
}

/** What announces was stopped by an OnLoad that failed, and is started only once. */
class SilentAfterAFailedLoad extends ProviderObject {
  private isSilent = false;

  protected override onLoad(...given: Parameters<ProviderObject['onLoad']>): ReturnType<ProviderObject['onLoad']> {
    try {
      return super.onLoad(...given);
    } catch (error) {
      // One that is only held up is begun again, and has not failed.
      this.isSilent ||= error instanceof Failure;
      throw error;
    }
  }

  override announce(...given: Parameters<ProviderObject['announce']>): void {
    if (!this.isSilent) super.announce(...given);
  }
}

/** What listens to the array was given the sink once, by value. */
class HearsForTheFirstSink extends ProviderObject {
  private first: ProviderObject['sink'] = null;

  protected override onLoad(...given: Parameters<ProviderObject['onLoad']>): ReturnType<ProviderObject['onLoad']> {
    const answer = super.onLoad(...given);
    this.first ??= this.sink;
    return answer;
  }

  protected override heard(event: Parameters<ProviderObject['heard']>[0]): void {
    const { sink } = this;
    this.sink = this.first;
    super.heard(event);
    this.sink = sink;
  }
}

export const PROVIDER_PHASES: readonly Defect[] = [
  {
    name: 'first-sink-for-good',
    breaks: ['VDS-2.5a'],
    noticedBy: ['interactions.reloaded.each'],
    says:
      'Notifications go to the sink of the first OnLoad, also when that ' +
      'provider object was unloaded and another one loaded.',
    overrides: notifiesTheFirstSink,
  },
  {
    name: 'forced-unload-goes-on-notifying',
    breaks: ['VDS-2.5a'],
    noticedBy: ['interactions.second-instance'],
    says: 'The sink of a provider object goes on being notified after an OnUnload that was forced.',
    overrides: goesOnAfterForce,
  },
  {
    name: 'lun-is-nobody-once-unloaded',
    breaks: ['VDS-4.1a'],
    noticedBy: ['interactions.reloaded'],
    says:
      'A LUN to which a reference is held over OnUnload goes on answering, ' +
      'and reports GUID_NULL as its id from then on.',
    parts: { Lun: IsNobodyOnceUnloaded },
  },
  {
    name: 'silent-after-a-failed-load',
    breaks: ['VDS-9.6a'],
    noticedBy: ['interactions.loaded-after-failure'],
    says: 'Announces nothing once it is loaded where an earlier OnLoad of the same object had failed.',
    parts: { Provider: SilentAfterAFailedLoad },
  },
  {
    name: 'hears-the-array-for-the-first-sink',
    breaks: ['VDS-9.1'],
    noticedBy: ['interactions.loaded-after-unload'],
    says: 'What the array reports goes to the sink of the first OnLoad when the same object is loaded again.',
    parts: { Provider: HearsForTheFirstSink },
  },
];
