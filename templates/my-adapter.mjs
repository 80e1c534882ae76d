// my-adapter.mjs
import { HR, ObjectServer, Servant, VDS_PROVIDER_TYPE } from 'vds-conformance';
/** @import { InterfaceMap, ProviderAdapter, Sink } from 'vds-conformance' */

class Provider extends Servant {
  /** @type {InterfaceMap} */
  interfaces = {
    IVdsProvider: {
      GetProperties: () => ({
        hr: HR.S_OK,
        out: {
          providerProp: {
            id: '0f2f4f8e-5f0a-4c53-9f0b-5f8e3c1d2a77',
            name: 'My provider',
            versionId: '6f9c8f0e-31a5-4f4c-8f54-0d1f6e0b9a11',
            version: '1.0',
            type: VDS_PROVIDER_TYPE.VDS_PT_HARDWARE,
            flags: 0,
            stripeSizeFlags: 0,
            rebuildPriority: 0,
          },
        },
      }),
    },
    IVdsProviderPrivate: {
      // callbackObject is the harness's advise sink, or null: addRef() it, and call onNotify([...]) on it.
      OnLoad: ({ callbackObject }) => {
        this.sink = /** @type {Sink | null} */ (callbackObject);
        this.sink?.addRef();
        this.loaded = true;
        return { hr: HR.S_OK };
      },
      OnUnload: () => {
        this.sink?.release();
        this.sink = null;
        this.loaded = false;
        return { hr: HR.S_OK };
      },
      GetObject: () => ({ hr: HR.VDS_E_OBJECT_NOT_FOUND, out: { objectUnk: null } }),
    },
    IVdsHwProvider: {
      QuerySubSystems: async () =>
        this.loaded ? { hr: HR.S_OK, out: { enum: await this.subSystems() } } : { hr: HR.VDS_E_INITIALIZE_NOT_CALLED },
      Reenumerate: async () => ({ hr: this.loaded ? HR.S_OK : HR.VDS_E_INITIALIZE_NOT_CALLED }),
      Refresh: async () => ({ hr: this.loaded ? HR.S_OK : HR.VDS_E_INITIALIZE_NOT_CALLED }),
    },
    IVdsHwProviderPrivate: {
      QueryIfCreatedLun: () => ({ hr: HR.S_FALSE, out: { lunId: '00000000-0000-0000-0000-000000000000' } }),
    },
  };
  loaded = false;
  /** @type {Sink | null} */
  sink = null;

  async subSystems() {
    return new Empty();
  }
}

// IEnumVdsObject with nothing in it. Return a Servant for every interface pointer.
class Empty extends Servant {
  /** @type {InterfaceMap} */
  interfaces = {
    IEnumVdsObject: {
      Next: () => ({ hr: HR.S_FALSE, out: { objectArray: [], fetched: 0 } }),
      Skip: () => ({ hr: HR.S_FALSE }),
      Reset: () => ({ hr: HR.S_OK }),
      Clone: () => ({ hr: HR.S_OK, out: { enum: new Empty() } }),
    },
  };
}

/** @type {ProviderAdapter} */
export const adapter = {
  name: 'my-provider',
  // open() is given { settings, seed, scratch }: its settings, the run's seed, and a folder of its own for files.
  open: async () =>
    new ObjectServer({
      create: () => new Provider(),
      // NULL out pointers are refused here, once for all methods.
      guard: (_servant, _method, { nullOuts }) => (nullOuts.size > 0 ? HR.E_INVALIDARG : undefined),
      // `persistent`: the array outlives this process, so that after a crash the same system is there.
      capabilities: { disposable: false, persistent: true },
    }),
};
