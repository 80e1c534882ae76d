// Calls that are made one after the other, without a look at the system in between.
import type { Played } from '../../model/index.js';
import type { Ended } from './calls/calls.js';
import type { Player } from './player.js';
import { resolve, type Focus, type Resolved, type Step } from './resolve.js';

/** A step, and the object that it goes on from where that is another than of the others. */
export type UnseenStep = Step & { readonly from?: Focus };

/**
 * Makes the calls one after the other; nothing is read in between, so that each is chosen in the state to which those
 * before it must have led. Those that do not fit are left out.
 */
export async function playUnseen<P extends Played = Ended>(
  player: Player,
  steps: readonly UnseenStep[],
  focus = player.focus,
  before: readonly P[] = [],
  fits: (resolved: Resolved) => boolean = () => true,
): Promise<readonly (P | Ended)[]> {
  const ended: (P | Ended)[] = [...before];
  for (const step of steps) {
    const resolved = resolve(step, player.expected(ended), step.from ?? focus, player.knowledge);
    const begun = resolved === undefined || !fits(resolved) ? undefined : await player.calls.start(resolved);
    if (resolved === undefined || begun === undefined) continue;
    const each = await player.calls.end(begun);
    player.steps.called(each.record, each.outcome.hr);
    ended.push(each);
  }
  return ended;
}
