// One provider object through the phases of its life: made, asked for its interfaces, loaded (and once more, or in
// vain), asked what it is, unloaded, and gone. In each its calls are answered, and its sink is held or given back, as
// in that phase.
import { HR, formatHresult, succeeded } from '../../contract/hresult.js';
import type { Guid } from '../../contract/guid.js';
import type { InterfaceName } from '../../contract/tables.js';
import { initialize } from '../../lab/system.js';
import { interfacesOfKind } from '../../port/device-kinds.js';
import type { IVdsHwProvider, IVdsProviderPrivate } from '../../port/generated/typed.js';
import type { Result, TypedInterfaces, VdsObject } from '../../port/objects.js';
import type { Context } from '../context.js';
import {
  heldBy,
  judgeProviderProperties,
  judgeProviderType,
  judgeProviderType2,
  judgeSinkIsHeld,
  judgeVersionSupport,
} from '../provider-object.js';
import { loadDuringErrors } from './loaded-again.js';
import { refusesUntilLoaded } from './second-provider.js';

/** The interfaces that every hardware provider has. */
const MANDATORY: ReadonlySet<InterfaceName> = new Set<InterfaceName>([
  'IVdsProvider',
  'IVdsHwProvider',
  'IVdsProviderPrivate',
  'IVdsHwProviderPrivate',
]);
/** Interfaces that only other objects have. */
const FOREIGN: readonly InterfaceName[] = ['IVdsLun', 'IVdsSubSystem', 'IVdsAsync', 'IEnumVdsObject', 'IVdsAdviseSink'];

/** A new provider object, of which nothing was asked yet. Undefined where the one that is loaded is given each time. */
async function create(ctx: Context): Promise<VdsObject | undefined> {
  const unknown = await ctx.session.createInstance();
  if (!(await ctx.system.isLoadedObject(unknown))) return unknown;
  await unknown.release();
  return undefined;
}

/** Each interface is there or not, twice alike; what is not is answered as such. */
async function asksForInterfaces({ duties }: Context, unknown: VdsObject): Promise<void> {
  for (const name of [...interfacesOfKind('IVdsHwProvider'), ...FOREIGN]) {
    const answers: number[] = [];
    for (let i = 0; i < 2; i++) {
      const { hr, object } = await unknown.queryInterface(name as keyof TypedInterfaces);
      answers.push(hr);
      duties.holds(
        'VDS-3.1',
        (hr === HR.S_OK && object !== null) || (hr === HR.E_NOINTERFACE && !MANDATORY.has(name)),
        `QueryInterface(${name}) on the provider object answered ${formatHresult(hr)}` +
          `${hr === HR.S_OK ? ' and gave no object' : ''}`,
      );
      await object?.release();
    }
    duties.equal('VDS-3.1', `the answer of QueryInterface(${name}) the second time`, answers[1], answers[0]);
  }
}

/** An OnLoad that failed, or an object that is gone, holds no reference to its sink. */
async function holdsNone(ctx: Context, sink: VdsObject, requirement: string, when: string, result: Result<object>) {
  if (!ctx.session.capabilities.releaseCounts) return;
  const left = await heldBy(sink);
  ctx.duties.holds(requirement, left === 0, `references to the sink are held ${when}: ${left}`, result);
}

interface Loaded {
  readonly unknown: VdsObject;
  readonly own: IVdsProviderPrivate;
  readonly hw: IVdsHwProvider;
  /** Whether its references were given back. */
  isGone: boolean;
}

/** OnLoad as the first call, with nothing but IVdsProviderPrivate asked for. */
async function loads(ctx: Context, unknown: VdsObject, sink: VdsObject): Promise<Loaded> {
  const own = await unknown.as('IVdsProviderPrivate');
  if (own === null) return ctx.duties.broken('VDS-3.1', 'a new provider object lacks IVdsProviderPrivate');
  const result = await initialize(own, sink);
  ctx.duties.code('VDS-2.2', result, HR.S_OK, 'as the first call on a new provider object');
  await judgeSinkIsHeld(ctx, sink, 'after OnLoad', result);
  const hw = await unknown.as('IVdsHwProvider');
  if (hw === null) return ctx.duties.broken('VDS-3.1', 'a loaded provider object lacks IVdsHwProvider');
  const loaded: Loaded = { unknown, own, hw, isGone: false };
  ctx.onCleanUp('unload the provider object', async () => {
    if (!loaded.isGone) await own.onUnload({ forceUnload: true });
  });
  return loaded;
}

/** A second OnLoad of a loaded object, which is taken or refused; a refused one changes nothing. */
async function loadsTwice(ctx: Context, { own, hw }: Loaded): Promise<void> {
  const sink = await ctx.session.createSink();
  const result = await initialize(own, sink);
  if (succeeded(result.hr)) return;
  ctx.duties.permitted('VDS-0.2a', result, 'to OnLoad of an object that is loaded');
  await holdsNone(ctx, sink, 'VDS-2.6', 'after an OnLoad that failed', result);
  ctx.duties.code('VDS-2.7', await hw.querySubSystems(), HR.S_OK, 'after a second OnLoad was refused');
}

/** Says what it is. Gives its id. */
async function saysWhatItIs(ctx: Context, { unknown }: Loaded): Promise<string | undefined> {
  const provider = await unknown.as('IVdsProvider');
  const id = provider === null ? undefined : await judgeProviderProperties(ctx, provider);
  const support = await unknown.as('IVdsProviderSupport');
  if (support !== null) await judgeVersionSupport(ctx, support);
  const type = await unknown.as('IVdsHwProviderType');
  if (type !== null) await judgeProviderType(ctx, type);
  const second = await unknown.as('IVdsHwProviderType2');
  if (second !== null) await judgeProviderType2(ctx, second, type);
  for (const object of [provider, support, type, second]) await object?.release();
  return id;
}

/** OnUnload: it goes on working where it cannot end yet, and afterwards holds its sink no more. */
async function unloads(ctx: Context, loaded: Loaded, sink: VdsObject, forceUnload: boolean): Promise<void> {
  const { unknown, own, hw } = loaded;
  let result = await own.onUnload({ forceUnload });
  const how = forceUnload ? 'when forced' : 'with nothing under way';
  ctx.duties.code(forceUnload ? 'VDS-2.5b' : 'VDS-2.5a', result, [HR.S_OK, HR.S_FALSE], how);
  if (result.hr === HR.S_FALSE) {
    ctx.duties.code('VDS-2.9', await hw.querySubSystems(), HR.S_OK, 'after OnUnload had answered S_FALSE');
    result = await own.onUnload({ forceUnload: true });
  }
  loaded.isGone = true;
  for (const object of [hw, own, unknown]) await object.release();
  if (result.hr === HR.S_OK)
    await holdsNone(ctx, sink, 'VDS-2.5a', 'after OnUnload and the last Release of the provider object', result);
}

/** While the array answers with errors a provider may fail to load: nothing of it is left then. */
async function loadsInVain(ctx: Context, ids: readonly Guid[]): Promise<void> {
  if (!(await ctx.faults.offers('device-error'))) return;
  const unknown = await create(ctx);
  const own = await unknown?.as('IVdsProviderPrivate');
  const hw = await unknown?.as('IVdsHwProvider');
  if (unknown === undefined || own === undefined || own === null || hw === undefined || hw === null) return;
  const { result, sink } = await loadDuringErrors(ctx, own, ids);
  for (const object of [hw, own, unknown]) await object.release();
  if (!succeeded(result.hr))
    await holdsNone(ctx, sink, 'VDS-2.6', 'after an OnLoad that failed, and the last Release', result);
  await ctx.faults.recover();
}

/** What a provider object is judged by in its phases. */
export const REQUIREMENTS_OF_PHASES: readonly string[] = [
  'VDS-2.2',
  'VDS-2.4',
  'VDS-2.5a',
  'VDS-2.5b',
  'VDS-3.1',
  'VDS-3.2a',
  'VDS-3.2b',
  'VDS-3.2c',
  'VDS-3.3b',
  'VDS-3.4',
  'VDS-3.11',
  'VDS-4.2a',
];

/** Takes provider objects through their lives, one after the other, as the service does; each finds the same. */
export async function goThroughProviderPhases(ctx: Context): Promise<void> {
  const { duties, session, system } = ctx;
  const subSystems: Guid[] = [];
  for (const each of await system.subSystems())
    subSystems.push(duties.output('VDS-7.9', await each.getProperties(), 'subSystemProp').id);
  const known = duties.output('VDS-3.2a', await system.provider.getProperties(), 'providerProp').id;
  await loadsInVain(ctx, subSystems);
  await system.unload();
  for (const isForced of [false, true, false]) {
    const unknown =
      (await create(ctx)) ?? ctx.notApplicable('the class factory gives the provider object that is loaded already');
    const sink = await session.createSink();
    if (isForced) await asksForInterfaces(ctx, unknown);
    const before = isForced ? await unknown.as('IVdsHwProvider') : null;
    if (before !== null) await refusesUntilLoaded(ctx, before, 'before OnLoad was called on this object');
    await before?.release();
    const loaded = await loads(ctx, unknown, sink);
    const id = await saysWhatItIs(ctx, loaded);
    duties.equal('VDS-3.2b', 'the provider id after loading again', id, known, { member: 'provider id' });
    const found = await duties.list(await loaded.hw.querySubSystems(), 'enum', 'IVdsSubSystem', 'VDS-3.4');
    duties.holds(
      'VDS-3.4',
      found.length >= subSystems.length,
      `${found.length} subsystems are found after loading again, and were ${subSystems.length}`,
    );
    if (isForced) await loadsTwice(ctx, loaded);
    await unloads(ctx, loaded, sink, isForced);
  }
  await system.load();
}
