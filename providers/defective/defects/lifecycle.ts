// Defects of loading, unloading and of the provider object.
import { v5 } from 'uuid';
import { NULL_GUID, type Guid } from '../../../src/contract/guid.js';
import { VDS_OBJECT_TYPE, VDS_PROVIDER_TYPE } from '../../../src/contract/generated/enumerations.js';
import { HR } from '../../../src/contract/hresult.js';
import type { InterfaceName, MethodName } from '../../../src/contract/tables.js';
import type { Port } from '../../../src/port/port.js';
import { Failure } from '../../in-memory/failure.js';
import { Inventory } from '../../in-memory/cache/inventory.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import type { Defect } from '../defect.js';
import type { Overrides } from '../override.js';

type Load = ReturnType<ProviderObject['onLoad']>;
type Unload = ReturnType<ProviderObject['onUnload']>;
type Callback = Parameters<ProviderObject['onLoad']>[0];
type Found = ReturnType<ProviderObject['getObject']>;
type ProviderProp = Extract<
  NonNullable<NonNullable<ReturnType<ProviderObject['getProperties']>['out']>['providerProp']>,
  object
>;

const provider = (change: (self: ProviderObject) => Partial<ProviderProp>): typeof ProviderObject =>
  class extends ProviderObject {
    protected override getProperties(): ReturnType<ProviderObject['getProperties']> {
      const answer = super.getProperties();
      const prop = answer.out?.providerProp;
      return typeof prop === 'object' && prop !== null
        ? { ...answer, out: { providerProp: { ...prop, ...change(this) } } }
        : answer;
    }
  };

/** How often each array's provider was loaded: what a global variable of a library counts. */
const loads = new WeakMap<object, number>();

class CountsLoads extends ProviderObject {
  /** Which load this is. */
  ordinal = 0;

  protected override onLoad(callback: Callback): Load {
    const answer = super.onLoad(callback);
    this.ordinal = (loads.get(this.array) ?? 0) + 1;
    loads.set(this.array, this.ordinal);
    return answer;
  }
}

/** Whether it is loaded stands in a global variable. */
class LoadedForAll extends CountsLoads {
  override refuse(method: MethodName): number | undefined {
    return loads.has(this.array) ? undefined : super.refuse(method);
  }
}

class NotLoadedIsEmpty extends ProviderObject {
  override refuse(method: MethodName): number | undefined {
    return !this.loaded && method === 'IVdsHwProvider.QuerySubSystems' ? undefined : super.refuse(method);
  }

  protected override querySubSystems(): ReturnType<ProviderObject['querySubSystems']> {
    return this.loaded ? super.querySubSystems() : { hr: HR.S_OK, out: { enum: this.enumerate([]) } };
  }
}

class NotLoadedIsUnexpected extends ProviderObject {
  override refuse(method: MethodName): number | undefined {
    const refused = super.refuse(method);
    return refused === HR.VDS_E_INITIALIZE_NOT_CALLED ? HR.E_UNEXPECTED : refused;
  }
}

class RefreshesUnloaded extends ProviderObject {
  override refuse(method: MethodName): number | undefined {
    return !this.loaded && method === 'IVdsHwProvider.Refresh' ? HR.S_OK : super.refuse(method);
  }
}

class NeverTakesTheSink extends ProviderObject {
  protected override onLoad(callback: Callback): Load {
    const answer = super.onLoad(callback);
    this.sink?.release();
    return answer;
  }

  protected override onUnload(): Unload {
    // Balanced, so that this is the one thing wrong: the pointer is used without a reference.
    this.sink?.addRef();
    return super.onUnload();
  }
}

class KeepsTheSink extends ProviderObject {
  protected override onUnload(): Unload {
    this.sink?.addRef();
    return super.onUnload();
  }
}

class UnloadNeedsASink extends ProviderObject {
  protected override onUnload(): Unload {
    const answer = this.sink === null ? { hr: HR.E_POINTER } : { hr: HR.S_OK };
    super.onUnload();
    return answer;
  }
}

class UnloadAnswersUnexpected extends ProviderObject {
  protected override onUnload(): Unload {
    super.onUnload();
    return { hr: HR.E_UNEXPECTED };
  }
}

class ForgetsASubSystem extends Inventory {
  override load(): void {
    super.load();
    const connected = this.array.connected();
    const count = (loadsOfInventory.get(this.array) ?? 0) + 1;
    loadsOfInventory.set(this.array, count);
    // The list of the load before is taken for the list of those that are in use already.
    if (count % 2 === 0) this.writeDirectory(connected.slice(0, 1).map((s) => s.id));
  }
}
const loadsOfInventory = new WeakMap<object, number>();

const getObject = (
  change: (self: ProviderObject, id: Guid, type: number, ask: () => Found) => Found,
): typeof ProviderObject =>
  class extends ProviderObject {
    protected override getObject(id: Guid, type: number): Found {
      return change(this, id, type, () => super.getObject(id, type));
    }
  };

const first = (self: ProviderObject, kind: 'lun' | 'subsystem'): Found => {
  const object = [...self.inventory.devices.values()].find((d) => d.kind === kind);
  return object === undefined ? { hr: HR.VDS_E_OBJECT_NOT_FOUND } : { hr: HR.S_OK, out: { objectUnk: object } };
};

const withoutInterface =
  (missing: InterfaceName, hr: number = HR.E_NOINTERFACE) =>
  (inner: Port): Overrides => ({
    queryInterface: async (_object, name, next) => {
      const reply = await next();
      if (name !== missing) return reply;
      if (reply.object !== null) await inner.release(reply.object);
      return { hr, object: null };
    },
  });

class CrashesOnLoad extends ProviderObject {
  protected override onLoad(callback: Callback): Load {
    process.kill(process.pid, 'SIGSEGV');
    return super.onLoad(callback);
  }
}

class SecondLoadKeepsItsSink extends ProviderObject {
  protected override onLoad(callback: Callback): Load {
    if (this.loaded && callback !== null && 'addRef' in callback) callback.addRef();
    return super.onLoad(callback);
  }
}

class NeverLoads extends ProviderObject {
  protected override onLoad(): Load {
    throw new Failure(HR.VDS_E_INITIALIZED_FAILED);
  }
}

class CrashesWhenItGoes extends ProviderObject {
  override onFinalRelease(): void {
    process.kill(process.pid, 'SIGSEGV');
  }
}

/** Says that it cannot unload now, and has. */
class GoneAlthoughRefused extends ProviderObject {
  protected override onUnload(): ReturnType<ProviderObject['onUnload']> {
    const busy = this.operations.size > 0;
    const answer = super.onUnload();
    return busy ? { ...answer, hr: HR.S_FALSE } : answer;
  }
}

export const LIFECYCLE: readonly Defect[] = [
  {
    name: 'unload-refused-and-gone',
    breaks: ['VDS-2.9'],
    noticedBy: ['lifecycle.unload-during-an-operation', 'interactions.second-instance'],
    says: 'OnUnload answers S_FALSE while an operation runs, and has unloaded all the same.',
    parts: { Provider: GoneAlthoughRefused },
  },
  {
    name: 'loaded-flag-is-global',
    breaks: ['VDS-2.4'],
    noticedBy: ['lifecycle.refuses-before-load'],
    says:
      'Whether the provider is loaded is kept for the whole process, so that ' +
      'a new provider object answers before its OnLoad.',
    parts: { Provider: LoadedForAll },
  },
  {
    name: 'not-loaded-lists-nothing',
    breaks: ['VDS-2.4'],
    noticedBy: ['lifecycle.refuses-before-load'],
    says: 'QuerySubSystems answers S_OK with an empty enumeration before OnLoad.',
    parts: { Provider: NotLoadedIsEmpty },
  },
  {
    name: 'not-loaded-e-unexpected',
    breaks: ['VDS-2.4'],
    noticedBy: ['lifecycle.refuses-before-load'],
    says: 'QuerySubSystems, Reenumerate and Refresh answer E_UNEXPECTED before OnLoad.',
    parts: { Provider: NotLoadedIsUnexpected },
  },
  {
    name: 'not-loaded-refresh-s-ok',
    breaks: ['VDS-2.4'],
    noticedBy: ['lifecycle.refuses-before-load'],
    says: 'Refresh answers S_OK before OnLoad, as there is nothing to refresh.',
    parts: { Provider: RefreshesUnloaded },
  },
  {
    name: 'load-takes-no-reference-to-the-sink',
    breaks: ['VDS-2.3c'],
    noticedBy: ['lifecycle.load-holds-the-sink'],
    says: 'The provider uses the advise sink without a reference to it.',
    parts: { Provider: NeverTakesTheSink },
  },
  {
    name: 'unload-keeps-the-sink',
    breaks: ['VDS-2.5a'],
    noticedBy: ['lifecycle.load-holds-the-sink'],
    says: 'OnUnload gives back one reference to the advise sink too few.',
    parts: { Provider: KeepsTheSink },
  },
  {
    name: 'unload-answers-e-unexpected',
    breaks: ['VDS-2.5a'],
    noticedBy: [
      'lifecycle.load-is-the-first-call',
      'lifecycle.unload-and-load-again',
      'lifecycle.refuses-after-unload',
    ],
    says: 'OnUnload unloads and answers E_UNEXPECTED.',
    parts: { Provider: UnloadAnswersUnexpected },
  },
  {
    name: 'unload-without-a-sink-e-pointer',
    breaks: ['VDS-2.5a'],
    noticedBy: ['lifecycle.load-without-callback'],
    says: 'OnUnload answers E_POINTER when OnLoad was given no sink.',
    parts: { Provider: UnloadNeedsASink },
  },
  {
    name: 'forced-unload-not-supported',
    breaks: ['VDS-2.5b'],
    noticedBy: ['lifecycle.load-holds-the-sink'],
    says: 'OnUnload with bForceUnload answers VDS_E_NOT_SUPPORTED.',
    overrides: () => ({
      methods: {
        'IVdsProviderPrivate.OnUnload': async (call, next) =>
          call.args.forceUnload ? { hr: HR.VDS_E_NOT_SUPPORTED, out: {} } : next(),
      },
    }),
  },
  {
    name: 'provider-id-changes',
    breaks: ['VDS-3.2b'],
    noticedBy: ['lifecycle.two-at-once'],
    says: 'The provider makes up a new id for itself each time it is loaded.',
    parts: {
      Provider: class extends CountsLoads {
        protected override getProperties(): ReturnType<ProviderObject['getProperties']> {
          const answer = super.getProperties();
          const prop = answer.out?.providerProp;
          return typeof prop === 'object' && prop !== null
            ? { ...answer, out: { providerProp: { ...prop, id: v5(`load ${this.ordinal}`, v5.URL) } } }
            : answer;
        }
      },
    },
  },
  {
    name: 'provider-id-null',
    breaks: ['VDS-4.2a'],
    noticedBy: ['lifecycle.provider-properties'],
    says: 'The provider reports GUID_NULL as its id.',
    parts: { Provider: provider(() => ({ id: NULL_GUID })) },
  },
  {
    name: 'provider-type-software',
    breaks: ['VDS-3.2a'],
    noticedBy: ['lifecycle.provider-properties'],
    says: 'The provider reports the type of a software provider.',
    parts: { Provider: provider(() => ({ type: VDS_PROVIDER_TYPE.VDS_PT_SOFTWARE })) },
  },
  {
    name: 'provider-without-a-name',
    breaks: ['VDS-3.2c'],
    noticedBy: ['lifecycle.provider-properties'],
    says: 'The provider reports an empty name.',
    parts: { Provider: provider(() => ({ name: '' })) },
  },
  {
    name: 'provider-without-a-version',
    breaks: ['VDS-3.2c'],
    noticedBy: ['lifecycle.provider-properties'],
    says: 'The provider reports NULL for its version.',
    parts: { Provider: provider(() => ({ version: null })) },
  },
  {
    name: 'provider-without-hw-private',
    breaks: ['VDS-3.1'],
    noticedBy: ['lifecycle.interfaces', 'lifecycle.query-if-created-lun-deleted'],
    says: 'The provider object has no IVdsHwProviderPrivate.',
    overrides: withoutInterface('IVdsHwProviderPrivate'),
  },
  {
    name: 'query-interface-s-ok-and-null',
    breaks: ['VDS-3.1'],
    noticedBy: ['lifecycle.interfaces'],
    ends: { as: 'error', during: 'QueryInterface(IVdsHwProviderPrivate)' },
    says: 'QueryInterface for IVdsHwProviderPrivate answers S_OK and NULL.',
    overrides: withoutInterface('IVdsHwProviderPrivate', HR.S_OK),
  },
  {
    name: 'optional-interface-e-notimpl',
    breaks: ['VDS-3.1'],
    noticedBy: ['lifecycle.interfaces'],
    says: 'QueryInterface for IVdsProviderSupport answers E_NOTIMPL instead of E_NOINTERFACE.',
    overrides: withoutInterface('IVdsProviderSupport', HR.E_NOTIMPL),
  },
  {
    name: 'subsystem-missing-after-every-other-load',
    breaks: ['VDS-3.4'],
    noticedBy: ['lifecycle.two-at-once'],
    says: 'Every other load of the provider leaves it with the first subsystem only.',
    parts: { Inventory: ForgetsASubSystem },
  },
  {
    name: 'get-object-finds-anything',
    breaks: ['VDS-3.5d'],
    noticedBy: ['identity.unknown-ids', 'lifecycle.get-object', 'interactions.queries'],
    says: 'GetObject answers an id that it does not know with the first subsystem.',
    parts: {
      Provider: getObject((self, id, type, ask) =>
        self.inventory.devices.has(id) || type !== VDS_OBJECT_TYPE.VDS_OT_SUB_SYSTEM ? ask() : first(self, 'subsystem'),
      ),
    },
  },
  {
    name: 'get-object-finds-nothing',
    breaks: ['VDS-3.5a'],
    noticedBy: ['memory.references-are-counted'],
    says: 'GetObject knows no LUNs.',
    parts: {
      Provider: getObject((_self, _id, type, ask) =>
        type === VDS_OBJECT_TYPE.VDS_OT_LUN ? { hr: HR.VDS_E_OBJECT_NOT_FOUND } : ask(),
      ),
    },
  },
  {
    name: 'get-object-finds-a-targets-subsystem',
    breaks: ['VDS-3.5a'],
    noticedBy: ['iscsi.get-object'],
    says: 'GetObject finds a subsystem for the id of a target.',
    parts: {
      Provider: getObject((self, _id, type, ask) => {
        const answer = ask();
        const subSystem = [...self.inventory.devices.values()].find((d) => d.kind === 'subsystem');
        return type === VDS_OBJECT_TYPE.VDS_OT_TARGET && answer.hr === HR.S_OK && subSystem !== undefined
          ? { hr: HR.S_OK, out: { objectUnk: subSystem } }
          : answer;
      }),
    },
  },
  {
    name: 'get-object-finds-another',
    breaks: ['VDS-4.1a'],
    noticedBy: ['lifecycle.get-object'],
    says: 'GetObject finds the last subsystem, whichever was asked for.',
    parts: {
      Provider: getObject((self, _id, _type, ask) => {
        const answer = ask();
        const last = [...self.inventory.devices.values()].findLast((d) => d.kind === 'subsystem');
        const found = answer.out?.objectUnk;
        return last !== undefined &&
          found !== undefined &&
          typeof found === 'object' &&
          found !== null &&
          'kind' in found &&
          found.kind === 'subsystem'
          ? { hr: HR.S_OK, out: { objectUnk: last } }
          : answer;
      }),
    },
  },
  {
    name: 'get-object-goes-by-the-type',
    breaks: ['VDS-3.5b'],
    noticedBy: ['lifecycle.get-object-of-another-type'],
    says: "GetObject with a subsystem's id and the type of a LUN finds the first LUN.",
    parts: {
      Provider: getObject((self, id, type, ask) =>
        type === VDS_OBJECT_TYPE.VDS_OT_LUN && self.inventory.devices.get(id)?.kind === 'subsystem'
          ? first(self, 'lun')
          : ask(),
      ),
    },
  },
  {
    name: 'get-object-other-type-e-fail',
    breaks: ['VDS-0.2c'],
    strict: true,
    noticedBy: ['lifecycle.get-object-of-another-type', 'interactions.queries'],
    says: 'GetObject answers E_FAIL for a known id with another type.',
    parts: {
      Provider: getObject((self, id, type, ask) => {
        if (type === VDS_OBJECT_TYPE.VDS_OT_LUN && self.inventory.devices.get(id)?.kind === 'subsystem')
          throw new Failure(HR.E_FAIL);
        return ask();
      }),
    },
  },
  {
    name: 'crash-on-last-release',
    breaks: ['VDS-2.7'],
    noticedBy: ['lifecycle.load-is-the-first-call'],
    needsIsolation: true,
    ends: { as: 'crashed', during: 'Release' },
    says: 'The provider object crashes when its last reference is released after OnUnload.',
    parts: { Provider: CrashesWhenItGoes },
  },
  {
    name: 'crash-on-load',
    breaks: ['VDS-2.3'],
    noticedBy: ['arguments.provider.permitted-answers'],
    needsIsolation: true,
    breaksLoading: true,
    ends: { as: 'crashed', during: 'IVdsProviderPrivate::OnLoad' },
    says: 'OnLoad crashes, so nothing can be said of the rest.',
    parts: { Provider: CrashesOnLoad },
  },
  {
    name: 'second-load-keeps-its-sink',
    breaks: ['VDS-2.6'],
    noticedBy: ['lifecycle.load-twice'],
    says: 'An OnLoad that is refused because the provider is loaded keeps a reference to its sink.',
    parts: { Provider: SecondLoadKeepsItsSink },
  },
  {
    name: 'load-fails',
    breaks: ['VDS-2.3'],
    noticedBy: ['arguments.provider.permitted-answers'],
    breaksLoading: true,
    ends: { as: 'error', during: 'OnLoad answered VDS_E_INITIALIZED_FAILED' },
    says: 'OnLoad answers VDS_E_INITIALIZED_FAILED although the array is reachable.',
    parts: { Provider: NeverLoads },
  },
  {
    name: 'provider-without-hw-provider',
    breaks: ['VDS-3.1'],
    noticedBy: ['arguments.provider.permitted-answers'],
    breaksLoading: true,
    ends: { as: 'error', during: 'VDS-3.1' },
    says: 'The provider object has no IVdsHwProvider.',
    overrides: withoutInterface('IVdsHwProvider'),
  },
];
