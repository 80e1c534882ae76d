// Defects of what the provider object reports of itself, of several of them side by side, and of loading while the
// array does not answer.
import { HR, succeeded } from '../../../src/contract/hresult.js';
import { NULL_GUID, type Guid } from '../../../src/contract/guid.js';
import type { Handle, MethodName } from '../../../src/contract/tables.js';
import type { Notification, Port } from '../../../src/port/port.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import type { Defect } from '../defect.js';
import { answering } from '../follow.js';
import { given, type Overrides } from '../override.js';

const NEEDS_LOAD: readonly MethodName[] = [
  'IVdsHwProvider.QuerySubSystems',
  'IVdsHwProvider.Reenumerate',
  'IVdsHwProvider.Refresh',
];

class HasASubSystemsId extends ProviderObject {
  protected override getProperties(): ReturnType<ProviderObject['getProperties']> {
    const answer = super.getProperties();
    const prop = answer.out?.providerProp;
    const first = [...this.inventory.devices.values()].find((d) => d.kind === 'subsystem');
    return typeof prop === 'object' && prop !== null && first !== undefined
      ? { ...answer, out: { providerProp: { ...prop, id: first.id } } }
      : answer;
  }
}

/** OnUnload of one provider object closes the connection that all of them use. */
const unloadsAll = (): Overrides => {
  let connected = true;
  return {
    invoke: async (call, next) => {
      if (call.method === 'IVdsProviderPrivate.OnLoad') connected = true;
      if (!connected && NEEDS_LOAD.includes(call.method))
        return { hr: HR.VDS_E_INITIALIZE_NOT_CALLED, out: { enum: null } };
      const reply = await next();
      if (call.method === 'IVdsProviderPrivate.OnUnload' && succeeded(reply.hr)) connected = false;
      return reply;
    },
  };
};

/** Every sink that was ever given goes on being notified. */
const notifiesUnloadedSinks = (): Overrides => {
  const sinkOf = new Map<Handle, Handle>();
  const gone = new Set<Handle>();
  return {
    methods: {
      'IVdsProviderPrivate.OnLoad': async (call, next) => {
        if (call.args.callbackObject !== null) sinkOf.set(call.object, call.args.callbackObject as Handle);
        return next();
      },
      'IVdsProviderPrivate.OnUnload': async (call, next) => {
        const reply = await next();
        const sink = sinkOf.get(call.object);
        if (reply.hr === HR.S_OK && sink !== undefined) gone.add(sink);
        return reply;
      },
    },
    onNotification: (notification: Notification, deliver) => {
      deliver(notification);
      for (const sink of gone) if (sink !== notification.sink) deliver({ ...notification, sink });
    },
  };
};

const refusesToUnloadWhileBusy = (): Overrides => {
  const busy = new Set<Handle>();
  return {
    invoke: async (call, next) => {
      if (call.method === 'IVdsProviderPrivate.OnUnload' && busy.size > 0)
        return { hr: HR.VDS_E_ANOTHER_CALL_IN_PROGRESS, out: {} };
      const reply = await next();
      if (typeof reply.out['async'] === 'number') busy.add(reply.out['async'] as Handle);
      if (call.method === 'IVdsAsync.Wait') busy.delete(call.object);
      return reply;
    },
    release: async (object, next) => {
      busy.delete(object);
      return next();
    },
  };
};

const keepsTheSinkOfAFailedLoad = (inner: Port): Overrides => ({
  methods: {
    'IVdsProviderPrivate.OnLoad': async (call, next) => {
      const reply = await next();
      if (!succeeded(reply.hr) && call.args.callbackObject !== null)
        await inner.addRef(call.args.callbackObject as Handle);
      return reply;
    },
  },
});

/** The LUN that was asked for first is remembered without its key. */
const firstLunForAll = (): Overrides => {
  let first: Guid | undefined;
  return {
    methods: {
      'IVdsHwProviderPrivate.QueryIfCreatedLun': async (_call, next) => {
        const reply = await next();
        if (reply.hr !== HR.S_OK) return reply;
        first ??= given(reply.out.lunId);
        return { ...reply, out: { lunId: first ?? NULL_GUID } };
      },
    },
  };
};

/** The connection is made when IVdsHwProvider is first asked for. */
const connectsOnQueryInterface = (): Overrides => {
  let connected = false;
  return {
    createInstance: async (next) => {
      connected = false;
      return next();
    },
    queryInterface: async (_object, name, next) => {
      connected ||= name === 'IVdsHwProvider';
      return next();
    },
    methods: {
      'IVdsProviderPrivate.OnLoad': async (_call, next) =>
        connected ? next() : { hr: HR.VDS_E_INITIALIZED_FAILED, out: {} },
    },
  };
};

export const PROVIDER_OBJECT: readonly Defect[] = [
  {
    name: 'load-needs-another-interface-first',
    breaks: ['VDS-2.2'],
    noticedBy: ['lifecycle.load-is-the-first-call'],
    says: 'OnLoad fails unless IVdsHwProvider was asked for before.',
    overrides: connectsOnQueryInterface,
  },
  {
    name: 'version-support-uninitialised',
    breaks: ['VDS-3.3a'],
    noticedBy: ['lifecycle.version-support'],
    says: 'GetVersionSupport leaves bits set that are no version.',
    overrides: () => ({
      methods: {
        'IVdsProviderSupport.GetVersionSupport': async () => ({ hr: HR.S_OK, out: { versionSupport: 0xcdcdcdcd } }),
      },
    }),
  },
  {
    name: 'provider-type-out-of-range',
    breaks: ['VDS-3.3c'],
    noticedBy: ['lifecycle.provider-type'],
    says: 'GetProviderType answers a number that is not a type.',
    overrides: () => ({
      methods: { 'IVdsHwProviderType.GetProviderType': async () => ({ hr: HR.S_OK, out: { type: 77 as never } }) },
    }),
  },
  {
    name: 'unknown-interface-e-fail',
    breaks: ['VDS-3.1'],
    noticedBy: ['lifecycle.interfaces', 'lifecycle.unknown-interfaces'],
    says: 'QueryInterface answers E_FAIL for an interface that an object does not have.',
    overrides: () => ({
      queryInterface: async (_object, _name, next) => {
        const reply = await next();
        return reply.object === null ? { ...reply, hr: HR.E_FAIL } : reply;
      },
    }),
  },
  {
    name: 'get-object-not-loaded-e-unexpected',
    breaks: ['VDS-0.2c'],
    strict: true,
    noticedBy: ['lifecycle.get-object-before-load'],
    says: 'GetObject answers E_UNEXPECTED before OnLoad.',
    overrides: answering(['IVdsProviderPrivate.GetObject'], HR.VDS_E_INITIALIZE_NOT_CALLED, HR.E_UNEXPECTED),
  },
  {
    name: 'provider-id-of-a-subsystem',
    breaks: ['VDS-4.2d'],
    noticedBy: ['identity.ids-are-unique'],
    says: 'The provider reports the id of its first subsystem as its own.',
    parts: { Provider: HasASubSystemsId },
  },
  {
    name: 'unload-disconnects-all-providers',
    breaks: ['VDS-2.7'],
    noticedBy: ['lifecycle.two-at-once'],
    says: 'OnUnload of one provider object leaves the others without a connection.',
    overrides: unloadsAll,
  },
  {
    name: 'notifies-after-unload',
    breaks: ['VDS-2.5a'],
    noticedBy: ['lifecycle.notifications-end-with-unload'],
    says: 'The sink of a provider object goes on being notified after its OnUnload.',
    overrides: notifiesUnloadedSinks,
  },
  {
    name: 'objects-e-unexpected-after-unload',
    breaks: ['VDS-0.2c'],
    strict: true,
    noticedBy: ['lifecycle.objects-outlive-unload'],
    says: 'Objects that are held over OnUnload answer E_UNEXPECTED.',
    overrides: answering(
      ['IVdsSubSystem.GetProperties', 'IEnumVdsObject.Next', 'IEnumVdsObject.Reset'],
      HR.VDS_E_INITIALIZE_NOT_CALLED,
      HR.E_UNEXPECTED,
    ),
  },
  {
    name: 'unload-refused-while-busy',
    breaks: ['VDS-2.5a'],
    noticedBy: ['lifecycle.unload-during-an-operation', 'interactions.second-instance'],
    says: 'OnUnload answers VDS_E_ANOTHER_CALL_IN_PROGRESS, and not S_FALSE, while an operation runs.',
    overrides: refusesToUnloadWhileBusy,
  },
  {
    name: 'failed-load-keeps-the-sink',
    breaks: ['VDS-2.6'],
    noticedBy: ['lifecycle.load-fails-with-the-array'],
    says: 'An OnLoad that fails keeps a reference to the sink.',
    overrides: keepsTheSinkOfAFailedLoad,
  },
  {
    name: 'query-if-created-lun-answers-the-first',
    breaks: ['VDS-3.6'],
    noticedBy: ['lifecycle.query-if-created-lun'],
    says: 'QueryIfCreatedLun answers the LUN that it was asked for first.',
    overrides: firstLunForAll,
  },
  {
    name: 'query-if-created-lun-s-ok-for-all',
    breaks: ['VDS-3.6c'],
    noticedBy: ['lifecycle.query-if-created-lun-of-others'],
    says: "QueryIfCreatedLun answers S_OK with GUID_NULL for a LUN that is not the provider's.",
    overrides: answering(['IVdsHwProviderPrivate.QueryIfCreatedLun'], HR.S_FALSE, HR.S_OK),
  },
];
