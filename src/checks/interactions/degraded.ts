// Changes of what goes on with a part that has failed: a LUN of which a plex has failed, or a drive, or which itself
// has. It is still all there, so that a change may be refused, and one that is carried out has its whole effect.
import { drivesUnder, type Item, type Kind } from '../../model/index.js';
import type { Player } from './player.js';
import { resolve, type Step } from './resolve.js';

/** Parts that can fail while the LUN goes on. */
export type Failing = Extract<Kind, 'IVdsLunPlex' | 'IVdsDrive' | 'IVdsLun'>;

/** A LUN of the run's own, of several plexes where there is one. */
function lunToDegrade({ state, knowledge }: Player, n: number): Item | undefined {
  const own = state.ofKind('IVdsLun').filter((l) => knowledge.own.has(l.id));
  const mirrors = own.filter((l) => state.ofKind('IVdsLunPlex', l.id).length > 1);
  const luns = mirrors.length > 0 ? mirrors : own;
  return luns[n % Math.max(luns.length, 1)];
}

/** The part of the LUN that is to fail, the last one first: a plex, a drive on which it has space, or the LUN. */
function partOf({ state, knowledge }: Player, lun: Item, kind: Failing, n: number): Item | undefined {
  if (kind === 'IVdsLun') return lun;
  if (kind === 'IVdsLunPlex') return turned(state.ofKind(kind, lun.id), n);
  return turned(
    drivesUnder(state, lun.id).filter((drive) => knowledge.mayUse(drive)),
    n,
  );
}

/** The one before the `n`th, so that the last comes first. */
const turned = (items: readonly Item[], n: number): Item | undefined => items.at(-1 - (n % Math.max(items.length, 1)));

/**
 * Plays steps on a LUN that a failure has degraded; then all is well again. False where no fault route offers a
 * failure.
 */
export async function playDegraded(player: Player, steps: readonly Step[], kind: Failing, n: number): Promise<boolean> {
  const { ctx, around } = player;
  await player.lookClosely();
  const lun = lunToDegrade(player, n);
  const part = lun === undefined ? undefined : partOf(player, lun, kind, n);
  if (!(await ctx.faults.offers('fail-status'))) return false;
  if (lun === undefined || part === undefined)
    return ctx.notApplicable('no LUN that the run made has a part that can be seen to fail');
  player.maintenance.forget();
  const fault = await ctx.faults.inject({ kind: 'fail-status', object: part.id });
  player.steps.fault('fail-status', part);
  player.around = { ...around, degraded: true };
  await player.recover();
  await player.settle(() => {});
  player.focus = { id: lun.id };
  for (const step of steps) {
    const resolved = resolve(step, player.state, player.focus, player.knowledge);
    if (resolved !== undefined) await player.play(resolved);
    if (player.state.get(lun.id) !== undefined) player.focus = { id: lun.id };
  }
  await fault.heal();
  player.steps.faultIsOver();
  await player.recover();
  await player.settle(() => {});
  player.around = around;
  return true;
}
