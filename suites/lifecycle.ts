// Loading, unloading, and the duties of the provider object before and after (semantics.md 2 and 3).
import {
  type Context,
  defineSuite,
  heldBy,
  initialize,
  inWords,
  type InjectedFault,
  type IVdsHwProvider,
  type IVdsProviderPrivate,
  judgeSinkIsHeld,
  refusesUntilLoaded,
  UNKNOWN_ID,
  type VdsObject,
} from '../src/checks/index.js';
import { formatHresult, HR, NULL_GUID, succeeded, VDS_OBJECT_TYPE } from '../src/contract/index.js';
import { providerChecks } from './lifecycle/provider.js';
import { listeningChecks } from './lifecycle/listening.js';
import { sideBySideChecks } from './lifecycle/side-by-side.js';
import { queryIfCreatedChecks } from './lifecycle/query-if-created.js';

/** A new provider object, not loaded, with its private and its hardware interface. */
async function newProvider(
  ctx: Context,
): Promise<{ readonly unknown: VdsObject; readonly own: IVdsProviderPrivate; readonly hw: IVdsHwProvider }> {
  const unknown = await ctx.session.createInstance();
  const own = await unknown.as('IVdsProviderPrivate');
  const hw = await unknown.as('IVdsHwProvider');
  if (own === null || hw === null)
    return ctx.duties.broken('VDS-3.1', 'a new provider object lacks IVdsProviderPrivate or IVdsHwProvider');
  if (await ctx.system.isLoadedObject(unknown))
    ctx.notApplicable('the class factory gives the provider object that is loaded already');
  return { unknown, own, hw };
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
      await refusesUntilLoaded(ctx, (await newProvider(ctx)).hw, 'before OnLoad was called');
      await ctx.system.load();
    },
  },
  {
    id: 'lifecycle.load-is-the-first-call',
    title:
      'OnLoad succeeds as the first call on a new provider object, with ' +
      'nothing but IVdsProviderPrivate asked for before',
    requirements: ['VDS-2.2'],
    changes: false,
    cost: { calls: 10, recoveries: 0 },
    async run(ctx) {
      await ctx.system.unload();
      const own = await (await ctx.session.createInstance()).as('IVdsProviderPrivate');
      if (own === null) return ctx.duties.broken('VDS-3.1', 'a new provider object lacks IVdsProviderPrivate');
      const result = await initialize(own, await ctx.session.createSink());
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
      'OnLoad without a callback, which only an annotation in the header allows, loads the provider or is refused, ' +
      'and leaves it sound',
    requirements: ['VDS-2.3', 'VDS-2.4', 'VDS-2.5a'],
    changes: false,
    cost: { calls: 10, recoveries: 0 },
    async run(ctx) {
      await ctx.system.unload();
      const { own, hw } = await newProvider(ctx);
      const result = await initialize(own, null);
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
    requirements: ['VDS-2.3', 'VDS-2.3c', 'VDS-2.5a', 'VDS-2.5b'],
    capabilities: ['releaseCounts'],
    changes: false,
    cost: { calls: 8, recoveries: 0 },
    async run(ctx) {
      await ctx.system.unload();
      const { own, unknown, hw } = await newProvider(ctx);
      const sink = await ctx.session.createSink();
      const loaded = await initialize(own, sink);
      ctx.duties.ok('VDS-2.3', loaded);
      await judgeSinkIsHeld(ctx, sink, 'after OnLoad', loaded);
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
          'the number of references to the sink that are held after OnUnload ' +
            'and the last Release of the provider object',
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
      ctx.duties.equal('VDS-3.2b', 'the provider id after loading again', after.id, before.id, {
        member: 'provider id',
      });
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
      await refusesUntilLoaded(ctx, (await newProvider(ctx)).hw, 'before OnLoad was called on this object');
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
  ...providerChecks,
  {
    id: 'lifecycle.get-object',
    title: 'GetObject finds a subsystem by id and type, and answers VDS_E_OBJECT_NOT_FOUND for an unknown id',
    requirements: ['VDS-3.5a', 'VDS-3.5d', 'VDS-4.1a'],
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
      for (const objectId of [NULL_GUID, UNKNOWN_ID]) {
        const missing = await ctx.system.providerPrivate.getObject({
          objectId,
          type: VDS_OBJECT_TYPE.VDS_OT_SUB_SYSTEM,
        });
        // GUID_NULL is not a valid id at all: the generic code is right as well.
        ctx.duties.code(
          'VDS-3.5d',
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
          `QueryInterface(${name}) on the provider object answered ${formatHresult(hr)}; expected E_NOINTERFACE`,
        );
      }
    },
  },
  {
    id: 'lifecycle.get-object-before-load',
    title:
      'GetObject on a provider object that is not loaded finds nothing, and refuses with a code that it may answer',
    requirements: ['VDS-0.2a'],
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
      const { unknown, own, hw } = await newProvider(ctx);
      const faults: InjectedFault[] = [];
      for (const each of await ctx.system.subSystems()) {
        faults.push(
          await ctx.faults.inject({
            kind: 'device-error',
            object: ctx.duties.output('VDS-7.9', await each.getProperties(), 'subSystemProp').id,
          }),
        );
      }
      const heal = async (): Promise<void> => {
        for (const fault of faults) await fault.heal();
      };
      const sink = await ctx.session.createSink();
      const result = await initialize(own, sink);
      ctx.duties.permitted('VDS-2.3', result, 'while the array answers with errors');
      if (succeeded(result.hr)) {
        ctx.onCleanUp('unload the second provider object', async () => {
          await own.onUnload({ forceUnload: true });
        });
        // All of them before the recovery, which meets every subsystem.
        await heal();
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
      const left = await heldBy(sink);
      ctx.duties.holds(
        'VDS-2.6',
        left === 0,
        `OnLoad failed and kept its sink, after the last Release of the provider too (references held: ${left})`,
        {
          record: result.record,
          member: 'references to a sink after an OnLoad that failed',
          expected: inWords('no reference to the sink'),
          actual: inWords(`references to the sink: ${left}`),
        },
      );
      await heal();
      await ctx.faults.recover();
      // A provider may load one object at a time, as the service does.
      await ctx.system.unload();
      const { own: again } = await newProvider(ctx);
      const loaded = await initialize(again, sink);
      ctx.duties.code('VDS-2.3', loaded, HR.S_OK, 'on a new provider object, once the array answers again');
      await again.onUnload({ forceUnload: true });
      await ctx.system.load();
    },
  },
  {
    id: 'lifecycle.load-twice',
    title: 'A second OnLoad that is refused keeps no reference to its sink',
    requirements: ['VDS-2.3', 'VDS-2.6'],
    capabilities: ['releaseCounts'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      // A provider may load one object at a time, as the service does.
      await ctx.system.unload();
      const { own } = await newProvider(ctx);
      const [first, second] = [await ctx.session.createSink(), await ctx.session.createSink()];
      ctx.duties.ok('VDS-2.3', await initialize(own, first));
      const result = await initialize(own, second);
      const isRefused = !succeeded(result.hr);
      const left = await heldBy(second);
      await own.onUnload({ forceUnload: true });
      await ctx.system.load();
      if (!isRefused) ctx.notApplicable('the provider takes a second OnLoad');
      ctx.duties.holds('VDS-2.6', left === 0, `OnLoad failed and kept its sink (references held: ${left})`, {
        record: result.record,
        member: 'references to a sink after an OnLoad that failed',
        expected: inWords('no reference to the sink'),
        actual: inWords(`references to the sink: ${left}`),
      });
    },
  },
  ...sideBySideChecks,
  ...listeningChecks,
  ...queryIfCreatedChecks,
]);
