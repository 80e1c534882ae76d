// Loading, unloading, and what the provider object owes before and after (semantics.md 2 and 3).
import { VDS_OBJECT_TYPE, VDS_PROVIDER_TYPE } from '../src/contract/generated/enumerations.js';
import { NULL_GUID } from '../src/contract/guid.js';
import { HR } from '../src/contract/hresult.js';
import { defineSuite } from '../src/conformance/check.js';
import type { Context } from '../src/conformance/context.js';

/** IVdsHwProvider's three methods on a provider object, for checks of what they answer while it is not loaded. */
async function refusesUntilLoaded(ctx: Context, when: string): Promise<void> {
  const unknown = await ctx.session.createInstance();
  const hw = await unknown.as('IVdsHwProvider');
  if (hw === null) return ctx.broken('VDS-3.1', 'the provider object answers QueryInterface(IVdsHwProvider) with a failure');
  for (const call of [() => hw.querySubSystems(), () => hw.reenumerate(), () => hw.refresh()]) {
    ctx.code('VDS-2.4', await call(), HR.VDS_E_INITIALIZE_NOT_CALLED, when);
  }
}

export const suite = defineSuite('lifecycle', 'Loading and unloading', [
  {
    id: 'lifecycle.refuses-before-load',
    title: 'QuerySubSystems, Reenumerate and Refresh answer VDS_E_INITIALIZE_NOT_CALLED before OnLoad',
    requirements: ['VDS-2.4'],
    changes: false,
    cost: { calls: 3, recoveries: 0 },
    run: (ctx) => refusesUntilLoaded(ctx, 'before OnLoad was called'),
  },
  {
    id: 'lifecycle.load-without-callback',
    title: 'OnLoad succeeds on a new provider object, whatever the reserved machine name, and without a callback',
    requirements: ['VDS-2.2', 'VDS-2.3'],
    changes: false,
    cost: { calls: 8, recoveries: 0 },
    async run(ctx) {
      await ctx.unload();
      const unknown = await ctx.session.createInstance();
      const own = await unknown.as('IVdsProviderPrivate');
      const hw = await unknown.as('IVdsHwProvider');
      if (own === null || hw === null) return ctx.broken('VDS-3.1', 'a new provider object lacks IVdsProviderPrivate or IVdsHwProvider');
      ctx.code('VDS-2.3', await own.onLoad({ machineName: 'a-machine-name-that-is-reserved', callbackObject: null }), HR.S_OK, 'although its machine name is reserved and a callback is optional');
      ctx.ok('VDS-2.3', await hw.querySubSystems());
      ctx.code('VDS-2.5a', await own.onUnload({ forceUnload: false }), [HR.S_OK, HR.S_FALSE], 'with nothing under way');
      await ctx.load();
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
      await ctx.unload();
      const unknown = await ctx.session.createInstance();
      const own = await unknown.as('IVdsProviderPrivate');
      if (own === null) return ctx.broken('VDS-3.1', 'a new provider object lacks IVdsProviderPrivate');
      const sink = await ctx.session.createSink();
      const held = async (): Promise<number> => {
        await sink.addRef();
        return (await sink.release()) - 1;
      };
      const loaded = await own.onLoad({ machineName: null, callbackObject: sink });
      ctx.ok('VDS-2.3', loaded);
      ctx.holds('VDS-2.3', (await held()) > 0, 'after OnLoad the provider holds no reference to the sink, which it needs as long as it may notify', loaded);
      const unloaded = await own.onUnload({ forceUnload: true });
      ctx.code('VDS-2.5b', unloaded, [HR.S_OK, HR.S_FALSE], 'when forced');
      ctx.reading('OnUnload with bForceUnload', unloaded.hr === HR.S_OK ? 'answers S_OK' : 'may answer S_FALSE', 'VDS-2.5b');
      if (unloaded.hr === HR.S_OK) ctx.equal('VDS-2.5a', 'the number of references to the sink that the provider still holds after OnUnload', await held(), 0, unloaded);
      await ctx.load();
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
        const { id } = ctx.output('VDS-3.2a', await ctx.provider.getProperties(), 'providerProp');
        const subSystems = new Map<string, string>();
        for (const each of await ctx.subSystems()) {
          const prop = ctx.output('VDS-7.9', await each.getProperties(), 'subSystemProp');
          subSystems.set(prop.identification ?? '', prop.id);
        }
        return { id, subSystems };
      };
      const before = await read();
      await ctx.unload();
      await ctx.load();
      const after = await read();
      ctx.equal('VDS-3.2b', 'the provider id after loading again', after.id, before.id);
      const kept = [...before.subSystems].every(([key, id]) => after.subSystems.get(key) === id);
      ctx.reading('object ids over unload and load', kept ? 'kept' : 'given anew', 'VDS-4.3');
      ctx.holds('VDS-3.4', [...before.subSystems.keys()].every((key) => after.subSystems.has(key)), 'a subsystem that was connected before unloading is missing after loading again');
    },
  },
  {
    id: 'lifecycle.refuses-after-unload',
    title: 'A new provider object refuses again after another one was unloaded',
    requirements: ['VDS-2.4'],
    changes: false,
    cost: { calls: 8, recoveries: 0 },
    async run(ctx) {
      await ctx.unload();
      await refusesUntilLoaded(ctx, 'before OnLoad was called on this object');
      await ctx.load();
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
        const { hr } = await ctx.unknown.queryInterface(name);
        ctx.holds('VDS-3.1', hr === HR.S_OK, `QueryInterface(${name}) on the provider object must succeed`);
      }
      for (const name of ['IVdsProviderSupport', 'IVdsHwProviderType', 'IVdsHwProviderStoragePools', 'IVdsHwProviderPrivateMpio'] as const) {
        const { hr } = await ctx.unknown.queryInterface(name);
        ctx.holds('VDS-3.1', hr === HR.S_OK || hr === HR.E_NOINTERFACE, `QueryInterface(${name}) must succeed or answer E_NOINTERFACE`);
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
      const result = await ctx.provider.getProperties();
      ctx.ok('VDS-3.2a', result);
      const prop = ctx.output('VDS-3.2a', result, 'providerProp');
      ctx.equal('VDS-3.2a', 'VDS_PROVIDER_PROP.type', prop.type, VDS_PROVIDER_TYPE.VDS_PT_HARDWARE, result);
      ctx.holds('VDS-3.2a', prop.name !== null && prop.name !== '', 'VDS_PROVIDER_PROP.pwszName is empty', result);
      ctx.holds('VDS-3.2a', prop.version !== null, 'VDS_PROVIDER_PROP.pwszVersion is NULL', result);
      ctx.holds('VDS-4.2a', prop.id !== NULL_GUID, 'VDS_PROVIDER_PROP.id is GUID_NULL', result);
    },
  },
  {
    id: 'lifecycle.get-object',
    title: 'GetObject finds a subsystem by id and type, and answers VDS_E_OBJECT_NOT_FOUND for an id that is none',
    requirements: ['VDS-3.5a', 'VDS-7.2', 'VDS-4.1a'],
    changes: false,
    cost: { calls: 10, recoveries: 0 },
    async run(ctx) {
      const prop = ctx.output('VDS-7.9', await (await ctx.subSystem()).getProperties(), 'subSystemProp');
      const found = await ctx.providerPrivate.getObject({ objectId: prop.id, type: VDS_OBJECT_TYPE.VDS_OT_SUB_SYSTEM });
      ctx.ok('VDS-3.5a', found);
      const object = await ctx.output('VDS-3.5a', found, 'objectUnk').as('IVdsSubSystem');
      if (object === null) return ctx.broken('VDS-3.5a', 'the object that GetObject found for a subsystem has no IVdsSubSystem', found);
      const again = await object.getProperties();
      ctx.equal('VDS-4.1a', 'the id of the object that GetObject found', ctx.output('VDS-3.5a', again, 'subSystemProp').id, prop.id, again);
      for (const objectId of [NULL_GUID, 'c0ffee00-0000-4000-8000-00000000beef']) {
        const missing = await ctx.providerPrivate.getObject({ objectId, type: VDS_OBJECT_TYPE.VDS_OT_SUB_SYSTEM });
        ctx.code('VDS-3.5a', missing, HR.VDS_E_OBJECT_NOT_FOUND, 'for an id that names no object');
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
      const prop = ctx.output('VDS-7.9', await (await ctx.subSystem()).getProperties(), 'subSystemProp');
      const result = await ctx.providerPrivate.getObject({ objectId: prop.id, type: VDS_OBJECT_TYPE.VDS_OT_LUN });
      if (result.hr !== HR.S_OK) {
        ctx.refused('VDS-3.5b', result, 'for a subsystem\'s id with the type of a LUN');
        return ctx.reading('GetObject with an id of another type', 'refused', 'VDS-3.5b');
      }
      const object = await ctx.output('VDS-3.5b', result, 'objectUnk').as('IVdsSubSystem');
      const same = object !== null && ctx.output('VDS-3.5b', await object.getProperties(), 'subSystemProp').id === prop.id;
      ctx.holds('VDS-3.5b', same, 'GetObject handed out an object other than the one with the id', result);
      ctx.reading('GetObject with an id of another type', 'found by id', 'VDS-3.5b');
    },
  },
]);
