// Loading, unloading, and what the provider object owes before and after (semantics.md 2 and 3).
import {
  type Context,
  defineSuite,
  type IVdsHwProvider,
  type IVdsHwProviderPrivate,
  type IVdsLun,
  type IVdsProviderPrivate,
  load,
  type LoadedProvider,
  ProviderNotLoaded,
  type Result,
  type VdsObject,
} from '../src/checks/index.js';
import {
  formatHresult,
  HR,
  NOTIFICATION_EVENTS,
  NULL_GUID,
  succeeded,
  VDS_HWPROVIDER_TYPE,
  type VDS_LUN_INFORMATION,
  VDS_OBJECT_TYPE,
  VDS_PROVIDER_TYPE,
  VDS_VERSION_SUPPORT_FLAG,
  zeroStructure,
} from '../src/contract/index.js';

/** A new provider object, not loaded, with its private and its hardware interface. */
async function newProvider(
  ctx: Context,
): Promise<{ readonly unknown: VdsObject; readonly own: IVdsProviderPrivate; readonly hw: IVdsHwProvider }> {
  const unknown = await ctx.session.createInstance();
  const own = await unknown.as('IVdsProviderPrivate');
  const hw = await unknown.as('IVdsHwProvider');
  if (own === null || hw === null)
    return ctx.duties.broken('VDS-3.1', 'a new provider object lacks IVdsProviderPrivate or IVdsHwProvider');
  // The service loads one provider object, so that a class factory may give the same one each time.
  if (ctx.system.isLoaded && (await unknown.identity()) === (await ctx.system.unknown.identity()))
    ctx.notApplicable('the class factory gives the provider object that is loaded already');
  return { unknown, own, hw };
}

/** How many references the provider holds to a sink. */
async function heldBy(sink: VdsObject): Promise<number> {
  await sink.addRef();
  return (await sink.release()) - 1;
}

interface SecondProvider extends LoadedProvider {
  /** OnUnload, which is not called again after it answered S_OK. */
  unload(forceUnload: boolean): Promise<Result<object>>;
}

/** A second provider object beside the loaded one. Not applicable where the provider loads only once at a time, which no document forbids. */
async function secondProvider(ctx: Context): Promise<SecondProvider> {
  let loaded: LoadedProvider;
  try {
    loaded = await load(ctx.session);
  } catch (error) {
    if (error instanceof ProviderNotLoaded)
      return ctx.notApplicable(`a second provider object cannot be loaded beside the first: ${error.message}`);
    throw error;
  }
  let unloaded = false;
  const unload = async (forceUnload: boolean): Promise<Result<object>> => {
    const answer = await loaded.providerPrivate.onUnload({ forceUnload });
    unloaded = answer.hr === HR.S_OK;
    return answer;
  };
  ctx.onCleanUp('unload the second provider object', async () => {
    if (!unloaded) await unload(true);
  });
  return { ...loaded, unload };
}

/** What the provider tells of a LUN in the answer to IVdsLun::GetIdentificationData. Not applicable where nothing in it tells LUNs apart. */
async function identification(ctx: Context, lun: IVdsLun): Promise<VDS_LUN_INFORMATION> {
  const info = ctx.duties.output('VDS-10.18a', await lun.getIdentificationData(), 'lunInfo');
  const known = (info.serialNumber ?? '') !== '' || (info.deviceIdDescriptor.identifiers ?? []).length > 0;
  return known
    ? info
    : ctx.notApplicable('the identification data of a LUN has neither a serial number nor device identifiers');
}

async function queryIfCreated(
  ctx: Context,
): Promise<(devicePath: string, info: VDS_LUN_INFORMATION) => ReturnType<IVdsHwProviderPrivate['queryIfCreatedLun']>> {
  const own = await ctx.system.unknown.as('IVdsHwProviderPrivate');
  if (own === null) return ctx.duties.broken('VDS-3.1', 'the provider object lacks IVdsHwProviderPrivate');
  return (devicePath, vdsLunInformation) => own.queryIfCreatedLun({ devicePath, vdsLunInformation });
}

/** A path as Windows gives it to a disk, of which this one is unknown to everybody. */
const FOREIGN_PATH = String.raw`\\?\scsi#disk&ven_other&prod_array#5&2c8d1f6&0&000000#{53f56307-b6bf-11d0-94f2-00a0c91efb8b}`;

/** S_FALSE and GUID_NULL, for a LUN that the provider does not manage. */
function notCreated(
  ctx: Context,
  result: Awaited<ReturnType<IVdsHwProviderPrivate['queryIfCreatedLun']>>,
  when: string,
): void {
  ctx.duties.code('VDS-3.6', result, HR.S_FALSE, when);
  ctx.duties.equal('VDS-3.6', `*pLunId ${when}`, result.out.lunId, NULL_GUID, result);
}

/** IVdsHwProvider's three methods on a provider object, for checks of what they answer while it is not loaded. */
async function refusesUntilLoaded(ctx: Context, when: string): Promise<void> {
  const { hw } = await newProvider(ctx);
  for (const call of [() => hw.querySubSystems(), () => hw.reenumerate(), () => hw.refresh()]) {
    ctx.duties.code('VDS-2.4', await call(), HR.VDS_E_INITIALIZE_NOT_CALLED, when);
  }
}

export const suite = defineSuite('lifecycle', 'Loading and unloading', [
  {
    id: 'lifecycle.refuses-before-load',
    title: 'QuerySubSystems, Reenumerate and Refresh answer VDS_E_INITIALIZE_NOT_CALLED before OnLoad',
    requirements: ['VDS-2.4'],
    changes: false,
    cost: { calls: 3, recoveries: 0 },
    async run(ctx) {
      await ctx.system.unload();
      await refusesUntilLoaded(ctx, 'before OnLoad was called');
      await ctx.system.load();
    },
  },
  {
    id: 'lifecycle.load-is-the-first-call',
    title:
      'OnLoad succeeds as the first call on a new provider object, with nothing but IVdsProviderPrivate asked for before',
    requirements: ['VDS-2.2'],
    changes: false,
    cost: { calls: 10, recoveries: 0 },
    async run(ctx) {
      await ctx.system.unload();
      const own = await (await ctx.session.createInstance()).as('IVdsProviderPrivate');
      if (own === null) return ctx.duties.broken('VDS-3.1', 'a new provider object lacks IVdsProviderPrivate');
      const result = await own.onLoad({ machineName: null, callbackObject: await ctx.session.createSink() });
      ctx.duties.code('VDS-2.2', result, HR.S_OK, 'as the first call on a new provider object');
      await own.onUnload({ forceUnload: true });
      await ctx.system.load();
    },
  },
  {
    id: 'lifecycle.load-with-a-machine-name',
    title: 'OnLoad with a machine name, which is reserved, succeeds or is refused, each time alike',
    requirements: ['VDS-2.3', 'VDS-2.3b', 'VDS-2.5a'],
    changes: false,
    cost: { calls: 8, recoveries: 0 },
    async run(ctx) {
      await ctx.system.unload();
      const { own, hw } = await newProvider(ctx);
      const sink = await ctx.session.createSink();
      const result = await own.onLoad({ machineName: 'a-machine-name-that-is-reserved', callbackObject: sink });
      const refused = result.hr === HR.E_INVALIDARG;
      if (!refused)
        ctx.duties.code(
          'VDS-2.3',
          result,
          HR.S_OK,
          'although the machine name is reserved and nothing else is unusual',
        );
      ctx.duties.reading(
        'OnLoad with a machine name, which is reserved',
        refused ? 'is refused' : 'succeeds',
        'VDS-2.3b',
      );
      if (refused) {
        await ctx.system.load();
        return;
      }
      ctx.duties.ok('VDS-2.3', await hw.querySubSystems());
      ctx.duties.code(
        'VDS-2.5a',
        await own.onUnload({ forceUnload: false }),
        [HR.S_OK, HR.S_FALSE],
        'with nothing under way',
      );
      await ctx.system.load();
    },
  },
  {
    id: 'lifecycle.load-without-callback',
    title:
      'OnLoad without a callback, which only an annotation in the header allows, loads the provider or is refused, and leaves it sound',
    requirements: ['VDS-2.3', 'VDS-2.4', 'VDS-2.5a'],
    changes: false,
    cost: { calls: 10, recoveries: 0 },
    async run(ctx) {
      await ctx.system.unload();
      const { own, hw } = await newProvider(ctx);
      const result = await own.onLoad({ machineName: null, callbackObject: null });
      ctx.duties.permitted('VDS-2.3', result, 'for NULL as the callback');
      ctx.note(`OnLoad without a callback: ${formatHresult(result.hr)}`);
      if (succeeded(result.hr)) {
        ctx.duties.ok('VDS-2.3', await hw.querySubSystems());
        ctx.duties.code(
          'VDS-2.5a',
          await own.onUnload({ forceUnload: false }),
          [HR.S_OK, HR.S_FALSE],
          'with nothing under way',
        );
      } else
        ctx.duties.code(
          'VDS-2.4',
          await hw.querySubSystems(),
          HR.VDS_E_INITIALIZE_NOT_CALLED,
          'after an OnLoad that was refused',
        );
      await ctx.system.load();
    },
  },
  {
    id: 'lifecycle.load-holds-the-sink',
    title: 'OnLoad takes a reference to the advise sink, and OnUnload gives it back',
    requirements: ['VDS-2.3', 'VDS-2.5a', 'VDS-2.5b', 'VDS-12.3'],
    capabilities: ['releaseCounts'],
    changes: false,
    cost: { calls: 8, recoveries: 0 },
    async run(ctx) {
      await ctx.system.unload();
      const { own, unknown, hw } = await newProvider(ctx);
      const sink = await ctx.session.createSink();
      const loaded = await own.onLoad({ machineName: null, callbackObject: sink });
      ctx.duties.ok('VDS-2.3', loaded);
      ctx.duties.holds(
        'VDS-2.3',
        (await heldBy(sink)) > 0,
        'after OnLoad the provider holds no reference to the sink, which it needs as long as it may notify',
        loaded,
      );
      const unloaded = await own.onUnload({ forceUnload: true });
      ctx.duties.code('VDS-2.5b', unloaded, [HR.S_OK, HR.S_FALSE], 'when forced');
      ctx.duties.reading(
        'OnUnload with bForceUnload',
        unloaded.hr === HR.S_OK ? 'answers S_OK' : 'may answer S_FALSE',
        'VDS-2.5b',
      );
      // The page names no moment; when the object is gone, nothing of it can hold a sink.
      for (const object of [hw, own, unknown]) await object.release();
      if (unloaded.hr === HR.S_OK)
        ctx.duties.equal(
          'VDS-2.5a',
          'the number of references to the sink that are held after OnUnload and the last Release of the provider object',
          await heldBy(sink),
          0,
          unloaded,
        );
      await ctx.system.load();
    },
  },
  {
    id: 'lifecycle.unload-and-load-again',
    title: 'After OnUnload a new provider object loads, reports the same provider id, and finds the same subsystems',
    requirements: ['VDS-2.5a', 'VDS-3.2b', 'VDS-4.3', 'VDS-2.7'],
    changes: false,
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const read = async () => {
        const { id } = ctx.duties.output('VDS-3.2a', await ctx.system.provider.getProperties(), 'providerProp');
        const subSystems = new Map<string, string>();
        for (const each of await ctx.system.subSystems()) {
          const prop = ctx.duties.output('VDS-7.9', await each.getProperties(), 'subSystemProp');
          subSystems.set(prop.identification ?? '', prop.id);
        }
        return { id, subSystems };
      };
      const before = await read();
      await ctx.system.unload();
      await ctx.system.load();
      const after = await read();
      ctx.duties.equal('VDS-3.2b', 'the provider id after loading again', after.id, before.id);
      const kept = [...before.subSystems].every(([key, id]) => after.subSystems.get(key) === id);
      ctx.duties.reading('object ids over unload and load', kept ? 'kept' : 'given anew', 'VDS-4.3');
      ctx.duties.holds(
        'VDS-3.4',
        [...before.subSystems.keys()].every((key) => after.subSystems.has(key)),
        'a subsystem that was connected before unloading is missing after loading again',
      );
    },
  },
  {
    id: 'lifecycle.refuses-after-unload',
    title: 'A new provider object refuses again after another one was unloaded',
    requirements: ['VDS-2.4'],
    changes: false,
    cost: { calls: 8, recoveries: 0 },
    async run(ctx) {
      await ctx.system.unload();
      await refusesUntilLoaded(ctx, 'before OnLoad was called on this object');
      await ctx.system.load();
    },
  },
  {
    id: 'lifecycle.interfaces',
    title: 'The provider object has the four interfaces that every hardware provider has',
    requirements: ['VDS-3.1'],
    changes: false,
    cost: { calls: 8, recoveries: 0 },
    async run(ctx) {
      for (const name of ['IVdsProvider', 'IVdsHwProvider', 'IVdsProviderPrivate', 'IVdsHwProviderPrivate'] as const) {
        const { hr } = await ctx.system.unknown.queryInterface(name);
        ctx.duties.holds('VDS-3.1', hr === HR.S_OK, `QueryInterface(${name}) on the provider object must succeed`);
      }
      for (const name of [
        'IVdsProviderSupport',
        'IVdsHwProviderType',
        'IVdsHwProviderStoragePools',
        'IVdsHwProviderPrivateMpio',
      ] as const) {
        const { hr } = await ctx.system.unknown.queryInterface(name);
        ctx.duties.holds(
          'VDS-3.1',
          hr === HR.S_OK || hr === HR.E_NOINTERFACE,
          `QueryInterface(${name}) must succeed or answer E_NOINTERFACE`,
        );
      }
    },
  },
  {
    id: 'lifecycle.provider-properties',
    title: 'IVdsProvider::GetProperties reports a hardware provider with an id, a name and a version',
    requirements: ['VDS-3.2a', 'VDS-7.7', 'VDS-4.2a'],
    changes: false,
    cost: { calls: 2, recoveries: 0 },
    async run(ctx) {
      const result = await ctx.system.provider.getProperties();
      ctx.duties.ok('VDS-3.2a', result);
      const prop = ctx.duties.output('VDS-3.2a', result, 'providerProp');
      ctx.duties.equal('VDS-3.2a', 'VDS_PROVIDER_PROP.type', prop.type, VDS_PROVIDER_TYPE.VDS_PT_HARDWARE, result);
      ctx.duties.holds(
        'VDS-3.2a',
        prop.name !== null && prop.name !== '',
        'VDS_PROVIDER_PROP.pwszName is empty',
        result,
      );
      ctx.duties.holds('VDS-3.2a', prop.version !== null, 'VDS_PROVIDER_PROP.pwszVersion is NULL', result);
      ctx.duties.holds('VDS-4.2a', prop.id !== NULL_GUID, 'VDS_PROVIDER_PROP.id is GUID_NULL', result);
    },
  },
  {
    id: 'lifecycle.get-object',
    title: 'GetObject finds a subsystem by id and type, and answers VDS_E_OBJECT_NOT_FOUND for an id that is none',
    requirements: ['VDS-3.5a', 'VDS-7.2', 'VDS-4.1a'],
    changes: false,
    cost: { calls: 10, recoveries: 0 },
    async run(ctx) {
      const prop = ctx.duties.output('VDS-7.9', await (await ctx.system.subSystem()).getProperties(), 'subSystemProp');
      const found = await ctx.system.providerPrivate.getObject({
        objectId: prop.id,
        type: VDS_OBJECT_TYPE.VDS_OT_SUB_SYSTEM,
      });
      ctx.duties.ok('VDS-3.5a', found);
      const object = await ctx.duties.output('VDS-3.5a', found, 'objectUnk').as('IVdsSubSystem');
      if (object === null)
        return ctx.duties.broken(
          'VDS-3.5a',
          'the object that GetObject found for a subsystem has no IVdsSubSystem',
          found,
        );
      const again = await object.getProperties();
      ctx.duties.equal(
        'VDS-4.1a',
        'the id of the object that GetObject found',
        ctx.duties.output('VDS-3.5a', again, 'subSystemProp').id,
        prop.id,
        again,
      );
      for (const objectId of [NULL_GUID, 'c0ffee00-0000-4000-8000-00000000beef']) {
        const missing = await ctx.system.providerPrivate.getObject({
          objectId,
          type: VDS_OBJECT_TYPE.VDS_OT_SUB_SYSTEM,
        });
        // GUID_NULL is no valid id at all, which the generic code may say as well.
        ctx.duties.code(
          'VDS-3.5a',
          missing,
          objectId === NULL_GUID ? [HR.VDS_E_OBJECT_NOT_FOUND, HR.E_INVALIDARG] : HR.VDS_E_OBJECT_NOT_FOUND,
          'for an id that names no object',
        );
      }
    },
  },
  {
    id: 'lifecycle.get-object-of-another-type',
    title: 'GetObject with a known id and another type refuses or goes by the id, and never hands out another object',
    requirements: ['VDS-3.5b'],
    changes: false,
    cost: { calls: 6, recoveries: 0 },
    async run(ctx) {
      const prop = ctx.duties.output('VDS-7.9', await (await ctx.system.subSystem()).getProperties(), 'subSystemProp');
      const result = await ctx.system.providerPrivate.getObject({
        objectId: prop.id,
        type: VDS_OBJECT_TYPE.VDS_OT_LUN,
      });
      if (result.hr !== HR.S_OK) {
        ctx.duties.refused('VDS-3.5b', result, "for a subsystem's id with the type of a LUN");
        return ctx.duties.reading('GetObject with an id of another type', 'refused', 'VDS-3.5b');
      }
      const object = await ctx.duties.output('VDS-3.5b', result, 'objectUnk').as('IVdsSubSystem');
      const same =
        object !== null && ctx.duties.output('VDS-3.5b', await object.getProperties(), 'subSystemProp').id === prop.id;
      ctx.duties.holds('VDS-3.5b', same, 'GetObject handed out an object other than the one with the id', result);
      ctx.duties.reading('GetObject with an id of another type', 'found by id', 'VDS-3.5b');
    },
  },
  {
    id: 'lifecycle.version-support',
    title: 'GetVersionSupport answers a combination of the VDS_VSF flags',
    requirements: ['VDS-3.3a'],
    changes: false,
    cost: { calls: 4, recoveries: 0 },
    async run(ctx) {
      const support = await ctx.system.optional(ctx.system.unknown, 'IVdsProviderSupport');
      const result = await support.getVersionSupport();
      ctx.duties.ok('VDS-3.3a', result);
      const flags = ctx.duties.output('VDS-3.3a', result, 'versionSupport');
      const known = Object.values(VDS_VERSION_SUPPORT_FLAG).reduce((all, flag) => all | flag, 0);
      ctx.duties.holds(
        'VDS-3.3a',
        flags !== 0 && (flags & ~known) === 0,
        `*ulVersionSupport is 0x${flags.toString(16)}, and its flags are within 0x${known.toString(16)}`,
        result,
      );
      ctx.duties.equal(
        'VDS-3.3a',
        '*ulVersionSupport the second time',
        ctx.duties.output('VDS-3.3a', await support.getVersionSupport(), 'versionSupport'),
        flags,
        result,
      );
    },
  },
  {
    id: 'lifecycle.provider-type',
    title: 'GetProviderType answers one of the VDS_HWT values, the same each time',
    requirements: ['VDS-3.3a'],
    changes: false,
    cost: { calls: 4, recoveries: 0 },
    async run(ctx) {
      const own = await ctx.system.optional(ctx.system.unknown, 'IVdsHwProviderType');
      const result = await own.getProviderType();
      ctx.duties.ok('VDS-3.3a', result);
      const type = ctx.duties.output('VDS-3.3a', result, 'type');
      ctx.duties.holds(
        'VDS-3.3a',
        (Object.values(VDS_HWPROVIDER_TYPE) as number[]).includes(type),
        `*pType is ${type}, none of the VDS_HWT values`,
        result,
      );
      ctx.duties.equal(
        'VDS-3.3a',
        '*pType the second time',
        ctx.duties.output('VDS-3.3a', await own.getProviderType(), 'type'),
        type,
        result,
      );
    },
  },
  {
    id: 'lifecycle.unknown-interfaces',
    title: 'QueryInterface on the provider object answers E_NOINTERFACE for interfaces that only other objects have',
    requirements: ['VDS-3.1'],
    changes: false,
    cost: { calls: 6, recoveries: 0 },
    async run(ctx) {
      for (const name of ['IVdsLun', 'IVdsSubSystem', 'IVdsAsync', 'IEnumVdsObject', 'IVdsAdviseSink'] as const) {
        const { hr } = await ctx.system.unknown.queryInterface(name);
        ctx.duties.holds(
          'VDS-3.1',
          hr === HR.E_NOINTERFACE || hr === HR.S_OK,
          `QueryInterface(${name}) on the provider object answered ${formatHresult(hr)}; owed: E_NOINTERFACE`,
        );
      }
    },
  },
  {
    id: 'lifecycle.get-object-before-load',
    title:
      'GetObject on a provider object that is not loaded finds nothing, and refuses with a code that it may answer',
    requirements: ['VDS-3.5a', 'VDS-0.2a'],
    changes: false,
    cost: { calls: 10, recoveries: 0 },
    async run(ctx) {
      const prop = ctx.duties.output('VDS-7.9', await (await ctx.system.subSystem()).getProperties(), 'subSystemProp');
      await ctx.system.unload();
      const { own } = await newProvider(ctx);
      const result = await own.getObject({ objectId: prop.id, type: VDS_OBJECT_TYPE.VDS_OT_SUB_SYSTEM });
      // A provider may be ready before it is loaded, which only the three methods of IVdsHwProvider are to deny.
      if (succeeded(result.hr)) ctx.note('GetObject finds a subsystem before OnLoad was called');
      else ctx.duties.permitted('VDS-0.2a', result, 'before OnLoad was called');
      await ctx.system.load();
    },
  },
  {
    id: 'lifecycle.load-fails-with-the-array',
    title:
      'An OnLoad that fails while the array answers with errors leaves nothing behind, and loads once they are gone',
    requirements: ['VDS-2.3', 'VDS-2.4', 'VDS-2.6'],
    capabilities: ['releaseCounts'],
    faults: ['device-error'],
    cost: { calls: 40, recoveries: 2 },
    async run(ctx) {
      const faults = [];
      for (const each of await ctx.system.subSystems()) {
        faults.push(
          await ctx.faults.inject({
            kind: 'device-error',
            object: ctx.duties.output('VDS-7.9', await each.getProperties(), 'subSystemProp').id,
          }),
        );
      }
      const { unknown, own, hw } = await newProvider(ctx);
      const sink = await ctx.session.createSink();
      const result = await own.onLoad({ machineName: null, callbackObject: sink });
      ctx.duties.permitted('VDS-2.3', result, 'while the array answers with errors');
      if (succeeded(result.hr)) {
        ctx.onCleanUp('unload the second provider object', async () => {
          await own.onUnload({ forceUnload: true });
        });
        ctx.notApplicable('the provider loads although the array answers with errors');
      }
      for (const call of [() => hw.querySubSystems(), () => hw.reenumerate(), () => hw.refresh()]) {
        ctx.duties.code(
          'VDS-2.4',
          await call(),
          [HR.VDS_E_INITIALIZE_NOT_CALLED, HR.VDS_E_INITIALIZED_FAILED],
          'after an OnLoad that failed',
        );
      }
      for (const object of [hw, own, unknown]) await object.release();
      ctx.duties.equal(
        'VDS-2.6',
        'the number of references to the sink that are held after an OnLoad that failed and the last Release',
        await heldBy(sink),
        0,
        result,
      );
      for (const fault of faults) await fault.heal();
      await ctx.faults.recover();
      // A provider may load one object at a time, as the service does.
      await ctx.system.unload();
      const { own: again } = await newProvider(ctx);
      const loaded = await again.onLoad({ machineName: null, callbackObject: sink });
      ctx.duties.code('VDS-2.3', loaded, HR.S_OK, 'on a new provider object, once the array answers again');
      await again.onUnload({ forceUnload: true });
      await ctx.system.load();
    },
  },
  {
    id: 'lifecycle.two-at-once',
    title:
      'Two loaded provider objects tell one provider id and the same subsystems, and one goes on when the other is unloaded',
    requirements: ['VDS-3.2b', 'VDS-2.7', 'VDS-3.4'],
    changes: false,
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const second = await secondProvider(ctx);
      const read = async ({
        provider,
        hw,
      }: Pick<LoadedProvider, 'provider' | 'hw'>): Promise<{ readonly id: string; readonly names: string }> => {
        const names: string[] = [];
        for (const each of await ctx.duties.list(await hw.querySubSystems(), 'enum', 'IVdsSubSystem', 'VDS-3.4')) {
          names.push(ctx.duties.output('VDS-7.9', await each.getProperties(), 'subSystemProp').identification ?? '');
        }
        return {
          id: ctx.duties.output('VDS-3.2a', await provider.getProperties(), 'providerProp').id,
          names: names.sort().join(', '),
        };
      };
      const mine = await read(ctx.system);
      const theirs = await read(second);
      ctx.duties.equal('VDS-3.2b', 'the provider id that a second provider object tells', theirs.id, mine.id);
      ctx.duties.equal('VDS-3.4', 'the subsystems that a second provider object lists', theirs.names, mine.names);
      ctx.duties.code('VDS-2.5a', await second.unload(true), [HR.S_OK, HR.S_FALSE], 'when forced');
      const result = await ctx.system.hw.querySubSystems();
      ctx.duties.code('VDS-2.7', result, HR.S_OK, 'on a loaded provider object after another one was unloaded');
      ctx.duties.equal(
        'VDS-2.7',
        'the subsystems that are listed after another provider object was unloaded',
        (await read(ctx.system)).names,
        mine.names,
      );
    },
  },
  {
    id: 'lifecycle.notifications-end-with-unload',
    title: 'No notification comes to a sink after OnUnload has answered S_OK',
    requirements: ['VDS-2.5a', 'VDS-9.1'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const second = await secondProvider(ctx);
      const unloaded = await second.unload(false);
      if (unloaded.hr !== HR.S_OK) ctx.inconclusive(`OnUnload answered ${formatHresult(unloaded.hr)}`);
      const mark = ctx.session.received.length;
      const { id } = await ctx.make.lun(subSystem);
      const came = await ctx.session.notification(
        (n) => n.lun?.event === NOTIFICATION_EVENTS.VDS_NF_LUN_ARRIVE && n.lun.lunId === id,
        mark,
      );
      ctx.duties.holds(
        'VDS-9.1',
        came !== undefined,
        'no VDS_NF_LUN_ARRIVE came to the sink of the provider object that is loaded',
      );
      const late = ctx.session.received.slice(mark).filter((n) => n.sink === second.sink.handle);
      ctx.duties.equal(
        'VDS-2.5a',
        'the number of notifications that came to the sink of a provider object after its OnUnload',
        late.length,
        0,
        unloaded,
      );
    },
  },
  {
    id: 'lifecycle.objects-outlive-unload',
    title: 'Objects that are held over OnUnload can be called without harm and released',
    requirements: ['VDS-12.3', 'VDS-2.7', 'VDS-0.2a'],
    changes: false,
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const enumerator = ctx.duties.output('VDS-6.6a', await subSystem.queryLuns(), 'enum');
      await ctx.system.unload();
      // No page says what they answer now; that they answer, and with a code that they may answer, is owed whatever has become of the provider.
      for (const result of [
        await subSystem.getProperties(),
        await enumerator.next({ celt: 1 }),
        await enumerator.reset(),
      ])
        ctx.duties.permitted('VDS-0.2a', result, 'after the provider was unloaded');
      await enumerator.release();
      await subSystem.release();
      await ctx.system.load();
    },
  },
  {
    id: 'lifecycle.unload-during-an-operation',
    title:
      'OnUnload while a LUN is being created answers S_OK or S_FALSE, and the operation ends for whoever waits for it',
    requirements: ['VDS-2.5a', 'VDS-0.2a'],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      const luns = async (): Promise<string[]> => {
        const ids: string[] = [];
        for (const each of await ctx.duties.list(
          await (await ctx.system.subSystem()).queryLuns(),
          'enum',
          'IVdsLun',
          'VDS-6.7a',
        ))
          ids.push(ctx.duties.output('VDS-6.7a', await each.getProperties(), 'lunProp').id);
        return ids;
      };
      const before = new Set(await luns());
      const second = await secondProvider(ctx);
      const [subSystem] = await ctx.duties.list(await second.hw.querySubSystems(), 'enum', 'IVdsSubSystem', 'VDS-3.4');
      if (subSystem === undefined) return ctx.notApplicable('no subsystem is connected');
      const operation = ctx.duties.operation(await ctx.make.startLun(subSystem));
      ctx.duties.code('VDS-2.5a', await second.unload(false), [HR.S_OK, HR.S_FALSE], 'while an operation runs');
      ctx.duties.permitted(
        'VDS-0.2a',
        await operation.wait(),
        'for an operation that ran while the provider was unloaded',
      );
      // The provider object that is loaded learns by the pair of what became of the operation.
      await ctx.faults.recover();
      for (const id of await luns()) if (!before.has(id)) ctx.make.deleteOnCleanUp(id, 'lun');
    },
  },
  {
    id: 'lifecycle.query-if-created-lun',
    title: 'QueryIfCreatedLun answers S_OK and the id of the LUN whose identification data it is given',
    requirements: ['VDS-3.6', 'VDS-3.6b'],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const query = await queryIfCreated(ctx);
      const made = [await ctx.make.lun(subSystem), await ctx.make.lun(subSystem)];
      for (const { lun, id } of made) {
        const result = await query(FOREIGN_PATH, await identification(ctx, lun));
        // The path is of no disk of this provider, and either argument may decide.
        ctx.duties.reading(
          'QueryIfCreatedLun with the data of a LUN and the path of another disk',
          result.hr === HR.S_FALSE ? 'goes by the path' : 'goes by the data',
          'VDS-3.6b',
        );
        if (result.hr === HR.S_FALSE) {
          notCreated(ctx, result, 'for the path of a disk of another maker');
          continue;
        }
        ctx.duties.code('VDS-3.6', result, HR.S_OK, 'for the identification data of a LUN of this provider');
        ctx.duties.equal('VDS-3.6', '*pLunId for the identification data of a LUN', result.out.lunId, id, result);
      }
    },
  },
  {
    id: 'lifecycle.query-if-created-lun-of-others',
    title: 'QueryIfCreatedLun answers S_FALSE and GUID_NULL for a disk of another maker',
    requirements: ['VDS-3.6'],
    changes: false,
    cost: { calls: 6, recoveries: 0 },
    async run(ctx) {
      const query = await queryIfCreated(ctx);
      const nothing = zeroStructure<VDS_LUN_INFORMATION>('VDS_LUN_INFORMATION', { version: 1 });
      const foreign: VDS_LUN_INFORMATION = {
        ...nothing,
        vendorId: 'OTHER',
        productId: 'ARRAY',
        productRevision: '0001',
        serialNumber: 'A-SERIAL-NUMBER-OF-NO-LUN',
      };
      notCreated(ctx, await query(FOREIGN_PATH, foreign), 'for a disk of another maker');
      notCreated(ctx, await query(FOREIGN_PATH, nothing), 'for a disk that tells nothing of itself');
    },
  },
  {
    id: 'lifecycle.query-if-created-lun-deleted',
    title: 'QueryIfCreatedLun answers S_FALSE and GUID_NULL for a LUN that was deleted',
    requirements: ['VDS-3.6'],
    cost: { calls: 18, recoveries: 0 },
    async run(ctx) {
      const query = await queryIfCreated(ctx);
      const { lun } = await ctx.make.lun(await ctx.system.subSystem());
      const info = await identification(ctx, lun);
      ctx.duties.ok('VDS-10.6', await lun.delete());
      notCreated(ctx, await query(FOREIGN_PATH, info), 'for a LUN that was deleted');
    },
  },
]);
