// @ts-check
// my-adapter.mjs: a provider to begin with, one subsystem that holds one LUN. Put your array in place of `readArray`,
// and add methods as you need them. With the first line an editor completes the names of methods, arguments, outputs
// and members, and marks what does not fit. In a terminal, `vds-conformance explain IVdsLun` lists the methods of an
// interface, and docs/reference/contract.md of the package has structures, events and codes too.
import * as vds from 'vds-conformance';
/** @import { InterfaceMap, ProviderAdapter, Sink } from 'vds-conformance' */

const { HR, VDS_HEALTH } = vds;
const NO_ID = '00000000-0000-0000-0000-000000000000';

/**
 * The state of the array at this moment. Ids stay the same for as long as the object is there, also when this process
 * is started again.
 */
async function readArray() {
  return {
    id: '5d0c7a52-6a1f-4f0b-9d0e-3b9a52f4c1d0',
    name: 'My array',
    serialNumber: 'ARRAY-1',
    luns: [
      {
        id: 'c2a4f6f0-1f61-4c1c-8f0e-9a6f0f4d7b21',
        plexId: '7e3b0f0c-52c9-4c2e-a1d3-08d1b7a2f9e4',
        name: 'First LUN',
        size: 1n << 30n,
        serialNumber: '6001405A00000001',
      },
    ],
  };
}

/** @typedef {Awaited<ReturnType<typeof readArray>>} ArrayState */
/** @typedef {ArrayState['luns'][number]} LunState */

class Provider extends vds.Servant {
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
            type: vds.VDS_PROVIDER_TYPE.VDS_PT_HARDWARE,
            flags: 0,
            stripeSizeFlags: 0,
            rebuildPriority: 0,
          },
        },
      }),
    },
    IVdsProviderPrivate: {
      // callbackObject is the caller's advise sink, or null.
      OnLoad: async ({ callbackObject }) => {
        this.sink = /** @type {Sink | null} */ (callbackObject);
        this.sink?.addRef();
        this.subSystem = new SubSystem(this, await readArray());
        return { hr: HR.S_OK };
      },
      OnUnload: () => {
        this.sink?.release();
        this.sink = null;
        this.subSystem = undefined;
        return { hr: HR.S_OK };
      },
      GetObject: ({ objectId, type }) => {
        if (this.subSystem === undefined) return { hr: HR.VDS_E_INITIALIZE_NOT_CALLED };
        const found = this.subSystem.find(objectId, type);
        return { hr: found === null ? HR.VDS_E_OBJECT_NOT_FOUND : HR.S_OK, out: { objectUnk: found } };
      },
    },
    IVdsHwProvider: {
      QuerySubSystems: () =>
        this.subSystem === undefined
          ? { hr: HR.VDS_E_INITIALIZE_NOT_CALLED }
          : { hr: HR.S_OK, out: { enum: new List([this.subSystem]) } },
      // Looks for subsystems that have come or gone; Refresh then reads what they hold.
      Reenumerate: () => ({ hr: this.subSystem === undefined ? HR.VDS_E_INITIALIZE_NOT_CALLED : HR.S_OK }),
      Refresh: async () => {
        if (this.subSystem === undefined) return { hr: HR.VDS_E_INITIALIZE_NOT_CALLED };
        this.subSystem.take(await readArray());
        return { hr: HR.S_OK };
      },
    },
    IVdsHwProviderPrivate: {
      QueryIfCreatedLun: () => ({ hr: HR.S_FALSE, out: { lunId: NO_ID } }),
    },
  };
  /** @type {Sink | null} */
  sink = null;
  /** There between OnLoad and OnUnload. @type {SubSystem | undefined} */
  subSystem;

  /**
   * Announces that a LUN has come or gone.
   * @param {'VDS_NF_LUN_ARRIVE' | 'VDS_NF_LUN_DEPART'} event
   * @param {string} lunId
   */
  announce(event, lunId) {
    this.sink?.onNotify([
      {
        objectType: vds.VDS_NOTIFICATION_TARGET_TYPE.VDS_NTT_LUN,
        lun: { event: vds.NOTIFICATION_EVENTS[event], lunId },
      },
    ]);
  }
}

class SubSystem extends vds.Servant {
  /** @type {InterfaceMap} */
  interfaces = {
    IVdsSubSystem: {
      GetProperties: () => ({
        hr: HR.S_OK,
        out: {
          subSystemProp: {
            id: this.state.id,
            friendlyName: this.state.name,
            identification: this.state.serialNumber,
            flags: 0,
            stripeSizeFlags: 0,
            status: vds.VDS_SUB_SYSTEM_STATUS.VDS_SSS_ONLINE,
            health: VDS_HEALTH.VDS_H_HEALTHY,
            numberOfInternalBuses: 0,
            maxNumberOfSlotsEachBus: 0,
            maxNumberOfControllers: 0,
            rebuildPriority: 0,
          },
        },
      }),
      GetProvider: () => ({ hr: HR.S_OK, out: { provider: this.provider } }),
      QueryLuns: () => ({ hr: HR.S_OK, out: { enum: new List([...this.luns.values()]) } }),
      QueryControllers: () => ({ hr: HR.S_OK, out: { enum: new List([]) } }),
      QueryDrives: () => ({ hr: HR.S_OK, out: { enum: new List([]) } }),
      Reenumerate: () => ({ hr: HR.S_OK }),
    },
  };
  /** One object for each LUN, for as long as the LUN is there. @type {Map<string, Lun>} */
  luns = new Map();

  /**
   * @param {Provider} provider
   * @param {ArrayState} state
   */
  constructor(provider, state) {
    super();
    this.provider = provider;
    this.state = state;
    for (const lun of state.luns) this.luns.set(lun.id, new Lun(this, lun));
  }

  /**
   * Takes over what the array holds now: LUNs that are gone answer VDS_E_OBJECT_DELETED, and what came or went is
   * announced.
   * @param {ArrayState} state
   */
  take(state) {
    this.state = state;
    const now = new Map(state.luns.map((lun) => [lun.id, lun]));
    for (const [id, lun] of this.luns) {
      lun.state = now.get(id);
      if (lun.state !== undefined) continue;
      this.luns.delete(id);
      this.provider.announce('VDS_NF_LUN_DEPART', id);
    }
    for (const [id, lun] of now) {
      if (this.luns.has(id)) continue;
      this.luns.set(id, new Lun(this, lun));
      this.provider.announce('VDS_NF_LUN_ARRIVE', id);
    }
  }

  /**
   * @param {string} id
   * @param {vds.VDS_OBJECT_TYPE} type
   */
  find(id, type) {
    const { VDS_OT_SUB_SYSTEM, VDS_OT_LUN, VDS_OT_LUN_PLEX } = vds.VDS_OBJECT_TYPE;
    if (type === VDS_OT_SUB_SYSTEM && id === this.state.id) return this;
    if (type === VDS_OT_LUN) return this.luns.get(id) ?? null;
    if (type === VDS_OT_LUN_PLEX) return [...this.luns.values()].find((lun) => lun.state?.plexId === id)?.plex ?? null;
    return null;
  }
}

class Lun extends vds.Servant {
  /** @type {InterfaceMap} */
  interfaces = {
    IVdsLun: {
      GetProperties: () =>
        this.ifThere((lun) => ({
          lunProp: {
            id: lun.id,
            size: lun.size,
            friendlyName: lun.name,
            identification: lun.serialNumber,
            unmaskingList: '*',
            flags: 0,
            type: vds.VDS_LUN_TYPE.VDS_LT_DEFAULT,
            status: vds.VDS_LUN_STATUS.VDS_LS_ONLINE,
            health: VDS_HEALTH.VDS_H_HEALTHY,
            transitionState: vds.VDS_TRANSITION_STATE.VDS_TS_STABLE,
            rebuildPriority: 0,
          },
        })),
      GetSubSystem: () => this.ifThere(() => ({ subSystem: this.subSystem })),
      GetIdentificationData: () =>
        this.ifThere((lun) => ({
          lunInfo: { ...vds.zeroStructure('VDS_LUN_INFORMATION'), version: 1, serialNumber: lun.serialNumber },
        })),
      QueryActiveControllers: () => this.ifThere(() => ({ enum: new List([]) })),
      QueryPlexes: () => this.ifThere(() => ({ enum: new List([this.plex]) })),
    },
  };

  /**
   * @param {SubSystem} subSystem
   * @param {LunState | undefined} state nothing once the LUN is gone
   */
  constructor(subSystem, state) {
    super();
    this.subSystem = subSystem;
    this.state = state;
    this.plex = new Plex(this);
  }

  /**
   * @template T
   * @param {(lun: LunState) => T} answer
   */
  ifThere(answer) {
    return this.state === undefined ? { hr: HR.VDS_E_OBJECT_DELETED } : { hr: HR.S_OK, out: answer(this.state) };
  }
}

/** The one plex of a LUN: its storage. */
class Plex extends vds.Servant {
  /** @type {InterfaceMap} */
  interfaces = {
    IVdsLunPlex: {
      GetProperties: () =>
        this.lun.ifThere((lun) => ({
          plexProp: {
            id: lun.plexId,
            size: lun.size,
            type: vds.VDS_LUN_PLEX_TYPE.VDS_LPT_SIMPLE,
            status: vds.VDS_LUN_PLEX_STATUS.VDS_LPS_ONLINE,
            health: VDS_HEALTH.VDS_H_HEALTHY,
            transitionState: vds.VDS_TRANSITION_STATE.VDS_TS_STABLE,
            flags: 0,
            stripeSize: 0,
            rebuildPriority: 0,
          },
        })),
      GetLun: () => this.lun.ifThere(() => ({ lun: this.lun })),
      QueryExtents: () => this.lun.ifThere(() => ({ extentArray: [], numberOfExtents: 0 })),
    },
  };

  /** @param {Lun} lun */
  constructor(lun) {
    super();
    this.lun = lun;
  }
}

/** IEnumVdsObject: the objects as they were when it was made. */
class List extends vds.Servant {
  /** @type {InterfaceMap} */
  interfaces = {
    IEnumVdsObject: {
      Next: ({ celt }) => {
        const taken = this.items.slice(this.position, this.position + celt);
        this.position += taken.length;
        return { hr: taken.length === celt ? HR.S_OK : HR.S_FALSE, out: { objectArray: taken, fetched: taken.length } };
      },
      Skip: ({ celt }) => {
        const left = this.items.length - this.position;
        this.position += Math.min(celt, left);
        return { hr: celt <= left ? HR.S_OK : HR.S_FALSE };
      },
      Reset: () => {
        this.position = 0;
        return { hr: HR.S_OK };
      },
      Clone: () => ({ hr: HR.S_OK, out: { enum: new List(this.items, this.position) } }),
    },
  };

  /** @param {readonly vds.Servant[]} items */
  constructor(items, position = 0) {
    super();
    this.items = items;
    this.position = position;
  }
}

/** @type {ProviderAdapter} */
export const adapter = {
  name: 'my-provider',
  // open() is given { settings, seed, scratch }: its settings, the run's seed, and a folder of its own for files.
  open: async () =>
    new vds.ObjectServer({
      create: () => new Provider(),
      // NULL out pointers are refused here, once for all methods.
      guard: (_servant, _method, { nullOuts }) => (nullOuts.size > 0 ? HR.E_INVALIDARG : undefined),
      // The answer of every method that an interface above leaves out.
      unimplemented: () => HR.VDS_E_NOT_SUPPORTED,
      // `persistent`: the array outlives this process, so that after a crash the same system is there.
      capabilities: { disposable: false, persistent: true },
    }),
};
