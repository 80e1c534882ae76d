// Lawful habits about loading and unloading, and about the provider object.
import { NULL_GUID } from '../../../src/contract/guid.js';
import { HR, hresultFromWin32 } from '../../../src/contract/hresult.js';
import type { Handle, MethodName } from '../../../src/contract/tables.js';
import { overriding } from '../../defective/answers.js';
import { Failure } from '../../in-memory/failure.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import { TargetObject } from '../../in-memory/objects/target.js';
import type { Answer } from '../../../src/port/object-server.js';
import { NumbersWhenLoaded } from '../reconnected.js';
import type { Variant } from '../variant.js';

/** Gives the sink back when the provider object goes, as a smart pointer in it does. */
class SinkUntilRelease extends ProviderObject {
  protected override onUnload(): Answer<'IVdsProviderPrivate.OnUnload'> {
    const { sink } = this;
    sink?.addRef();
    const answer = super.onUnload();
    this.sink = sink;
    return answer;
  }
  override announce(...given: Parameters<ProviderObject['announce']>): void {
    if (this.loaded) super.announce(...given);
  }
  override onFinalRelease(): void {
    this.sink?.release();
    this.sink = null;
    super.onFinalRelease();
  }
}

/** Objects answer from what they know for as long as anybody holds them. */
class LunOutlivesIt extends LunObject {
  override refuse(name: MethodName): number | undefined {
    return this.provider.loaded ? super.refuse(name) : undefined;
  }
}
class TargetOutlivesIt extends TargetObject {
  override refuse(name: MethodName): number | undefined {
    return this.provider.loaded ? super.refuse(name) : undefined;
  }
}

/** Loads once: another try is made with another object, as the service makes it. */
class LoadsOnce extends ProviderObject {
  private hasFailed = false;

  protected override onLoad(...given: Parameters<ProviderObject['onLoad']>): ReturnType<ProviderObject['onLoad']> {
    if (this.hasFailed) throw new Failure(HR.VDS_E_INITIALIZED_FAILED);
    try {
      return super.onLoad(...given);
    } catch (error) {
      // One that is only held up is begun again, and has not failed.
      this.hasFailed = error instanceof Failure;
      throw error;
    }
  }
}

const RPC_X_NULL_REF_POINTER = hresultFromWin32(1780);

/** Cannot unload while an operation runs, and goes on. */
class UnloadsWhenIdle extends ProviderObject {
  protected override onUnload(): ReturnType<ProviderObject['onUnload']> {
    return this.operations.size > 0 ? { hr: HR.S_FALSE } : super.onUnload();
  }
}

export const LOADING: readonly Variant[] = [
  {
    name: 'new-ids-when-loaded',
    says:
      'Gives all objects but itself other ids when it is loaded again: "Provider object GUIDs are persistent; ' +
      'software and hardware object GUIDs are not", says the page of the object model.',
    parts: { Provider: NumbersWhenLoaded },
  },
  {
    name: 'machine-name-must-not-be-null',
    says:
      'Is reached through COM, whose proxy refuses NULL for the reserved name ' +
      'of OnLoad, as the IDL does not make it optional.',
    decides: ['reserved'],
    overrides: overriding(
      'IVdsProviderPrivate.OnLoad',
      () => async (call, next) =>
        call.args.machineName === null
          ? { hr: RPC_X_NULL_REF_POINTER, out: {} }
          : next({ args: { ...call.args, machineName: null } }),
    ),
  },
  {
    name: 'unloads-when-idle',
    says: 'OnUnload answers S_FALSE while an operation runs, and the provider goes on: VDS tries again later.',
    parts: { Provider: UnloadsWhenIdle },
  },
  {
    name: 'unloads-when-asked-twice',
    says: 'The first OnUnload answers S_FALSE, "not ready", and the provider goes on; the second unloads it.',
    decides: ['unloading'],
    overrides: overriding('IVdsProviderPrivate.OnUnload', () => {
      const asked = new Set<Handle>();
      return async (call, next) => {
        if (call.args.forceUnload || asked.delete(call.object)) return next();
        asked.add(call.object);
        return { hr: HR.S_FALSE, out: {} };
      };
    }),
  },
  {
    name: 'reserved-must-be-null',
    decides: ['reserved'],
    says: 'OnLoad refuses a machine name: the parameter is reserved.',
    overrides: overriding(
      'IVdsProviderPrivate.OnLoad',
      () => async (call, next) => (call.args.machineName === null ? next() : { hr: HR.E_INVALIDARG, out: {} }),
    ),
  },
  {
    name: 'asks-the-device-path',
    says:
      'QueryIfCreatedLun asks the disk that the path names, and does not know a disk of another vendor, whatever the ' +
      'caller says about it.',
    overrides: overriding(
      'IVdsHwProviderPrivate.QueryIfCreatedLun',
      () => async (call, next) =>
        (call.args.devicePath ?? '').includes('vdsc#') ? next() : { hr: HR.S_FALSE, out: { lunId: NULL_GUID } },
    ),
  },
  {
    name: 'sink-until-release',
    says: 'Gives the sink back when its last reference goes: the page names no moment for it.',
    parts: { Provider: SinkUntilRelease },
  },
  {
    name: 'objects-outlive-their-provider',
    says: 'LUNs and targets that are held over OnUnload go on answering: no page says what they answer.',
    parts: { Lun: LunOutlivesIt, Target: TargetOutlivesIt },
  },
  {
    name: 'initialization-stays-failed',
    says: 'Says that initialization has failed, after it has, rather than that it was not tried.',
    overrides: () => {
      const tried = new Set<Handle>();
      let unknown: Handle | undefined;
      const refused = async <T extends { readonly hr: number }>(reply: T): Promise<T> =>
        reply.hr === HR.VDS_E_INITIALIZE_NOT_CALLED && tried.size > 0 && unknown !== undefined
          ? { ...reply, hr: HR.VDS_E_INITIALIZED_FAILED }
          : reply;
      return {
        methods: {
          'IVdsProviderPrivate.OnLoad': async (call, next) => {
            const reply = await next();
            if (reply.hr === HR.S_OK) tried.clear();
            else {
              tried.add(call.object);
              unknown = call.object;
            }
            return reply;
          },
          'IVdsHwProvider.QuerySubSystems': async (_call, next) => refused(await next()),
          'IVdsHwProvider.Reenumerate': async (_call, next) => refused(await next()),
          'IVdsHwProvider.Refresh': async (_call, next) => refused(await next()),
        },
        createInstance: async (next) => {
          tried.clear();
          return next();
        },
      };
    },
  },
  {
    name: 'stays-unloaded-once-failed',
    says: 'An object of which OnLoad has failed refuses each further one: the service creates another.',
    parts: { Provider: LoadsOnce },
  },
  {
    name: 'is-loaded-once',
    says: 'OnLoad of an object that was unloaded is refused: the service releases it, and creates another.',
    overrides: overriding('IVdsProviderPrivate.OnLoad', () => {
      const loaded = new Set<Handle>();
      return async (call, next) => {
        if (loaded.has(call.object)) return { hr: HR.VDS_E_INITIALIZED_FAILED, out: {} };
        const reply = await next();
        if (reply.hr === HR.S_OK) loaded.add(call.object);
        return reply;
      };
    }),
  },
  {
    name: 'ready-before-it-is-loaded',
    says: 'GetObject answers before OnLoad as well, that nothing is found: no page orders it.',
    overrides: overriding('IVdsProviderPrivate.GetObject', () => async (_call, next) => {
      const reply = await next();
      return reply.hr === HR.VDS_E_INITIALIZE_NOT_CALLED ? { ...reply, hr: HR.VDS_E_OBJECT_NOT_FOUND } : reply;
    }),
  },
  {
    name: 'one-class-factory-object',
    says: 'Its class factory gives the one provider object each time, as the service loads one.',
    overrides: (inner) => {
      let only: Handle | undefined;
      return {
        createInstance: async (next) => {
          if (only !== undefined && (await inner.addRef(only).catch(() => 0)) > 1) return only;
          only = await next();
          return only;
        },
      };
    },
  },
];
