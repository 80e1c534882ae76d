// A provider object that is loaded again: after an OnLoad that failed, when its cause is over, or after OnUnload. It is
// as good as one that was loaded at once.
import type { InjectedFault } from '../../faults/routes/route.js';
import type { Guid } from '../../contract/guid.js';
import { succeeded } from '../../contract/hresult.js';
import { initialize } from '../../lab/system.js';
import { ProviderNotLoaded } from '../../port/errors.js';
import type { IVdsProviderPrivate } from '../../port/generated/typed.js';
import type { Result, VdsObject } from '../../port/objects.js';
import type { Context } from '../context.js';
import { judgeSinkIsHeld } from '../provider-object.js';
import { Beside } from './beside.js';
import { possible } from './enabling.js';
import type { Player } from './player.js';
import { onStage } from './stage.js';

/** The changes that are made then: of each kind one, and for each notification of a LUN. */
export const CHANGES_WHEN_LOADED: readonly string[] = [
  'create-lun',
  'name-lun',
  'mask-lun',
  'extend-lun',
  'create-target',
  'set-import-target',
  'delete-lun',
];

/** An OnLoad that may have failed, and the sink that it was given. */
interface Tried {
  readonly result: Result<object>;
  readonly sink: VdsObject;
}

/**
 * OnLoad of a new provider object while the array answers with errors about these subsystems. Where it succeeds all the
 * same, the object is unloaded again.
 */
export async function loadDuringErrors(ctx: Context, own: IVdsProviderPrivate, ids: readonly Guid[]): Promise<Tried> {
  const faults: InjectedFault[] = [];
  for (const object of ids) faults.push(await ctx.faults.inject({ kind: 'device-error', object }));
  const sink = await ctx.session.createSink();
  const result = await initialize(own, sink);
  ctx.duties.permitted('VDS-2.3', result, 'while the array answers with errors');
  if (succeeded(result.hr)) await own.onUnload({ forceUnload: true });
  for (const fault of faults) await fault.heal();
  return { result, sink };
}

/** A new provider object of which OnLoad has failed, with the cause taken away. Not applicable where it succeeds. */
async function failedToLoad(player: Player): Promise<VdsObject> {
  const { ctx, state, knowledge } = player;
  const unknown = await ctx.session.createInstance();
  const own = await unknown.as('IVdsProviderPrivate');
  if (own === null) return ctx.duties.broken('VDS-3.1', 'a new provider object lacks IVdsProviderPrivate');
  if (await ctx.system.isLoadedObject(unknown))
    ctx.notApplicable('the class factory gives the provider object that is loaded already');
  player.steps.say('IVdsProviderPrivate::OnLoad of a new provider object while the array answers with errors');
  const subSystems = state.ofKind('IVdsSubSystem').filter((each) => knowledge.mayUse(each));
  const { result } = await loadDuringErrors(
    ctx,
    own,
    subSystems.map(({ id }) => id),
  );
  player.steps.faultIsOver();
  await player.recover();
  if (succeeded(result.hr)) ctx.notApplicable('the provider loads although the array answers with errors');
  await own.release();
  return unknown;
}

/** Loads a provider object of which OnLoad had failed; a new one where it stays refused. Gives whether it was. */
async function loadAgain({ system }: Context, unknown: VdsObject): Promise<boolean> {
  try {
    await system.restart(unknown);
    return true;
  } catch (error) {
    if (!(error instanceof ProviderNotLoaded)) throw error;
    await system.restart();
    return false;
  }
}

/** Of each kind a change through a provider object that was loaded again, whose sink it is announced to. */
async function playChanges(player: Player, when: string): Promise<void> {
  await judgeSinkIsHeld(player.ctx, player.ctx.system.sink, when);
  for (const [n, command] of CHANGES_WHEN_LOADED.entries()) {
    const resolved = await possible(player, { command, relation: 'same', n }, []);
    if (resolved !== undefined) await player.play(resolved);
  }
}

/** Loads a provider object of which OnLoad failed at first, and makes changes through it, which are all announced. */
export const loadAfterFailure = (ctx: Context): Promise<void> =>
  onStage(ctx, ['luns', 'targets'], async (player) => {
    const unknown = await failedToLoad(player);
    let isLoaded = false;
    await player.reload(0, {
      says: 'OnLoad of the provider object of which it had failed',
      load: async () => void (isLoaded = await loadAgain(ctx, unknown)),
    });
    if (!isLoaded) ctx.notApplicable('the provider refuses another OnLoad of an object of which one has failed');
    await playChanges(
      player,
      'after an OnLoad that succeeded on a provider object of which an earlier one had failed,',
    );
  });

/**
 * Loads a provider object again that was unloaded, with another sink: that hears of what changes at the array, as the
 * one before did, and of what is changed through it. Twice, as the second time is after a load like it.
 */
export const loadAfterUnload = (ctx: Context): Promise<void> =>
  onStage(ctx, ['luns', 'targets'], async (player) => {
    const beside = new Beside(player);
    await beside.hear('announced');
    for (let n = 0; n < 2; n++) {
      const unknown = await ctx.system.unknown.as('IVdsHwProvider');
      if (unknown === null) return ctx.duties.broken('VDS-3.1', 'a loaded provider object lacks IVdsHwProvider');
      let isLoaded = false;
      await player.reload(n, {
        says: 'OnLoad of the same provider object',
        load: async () => void (isLoaded = await loadAgain(ctx, unknown)),
      });
      if (!isLoaded) ctx.notApplicable('the provider refuses OnLoad of an object that was unloaded');
      await beside.hear('when its provider object is loaded again with another sink', 'VDS-9.1');
      await playChanges(player, 'after another OnLoad of a provider object that was unloaded,');
    }
    player.announcements.judgeStrays();
  });
