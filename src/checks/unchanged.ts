// Whether a call that was refused has changed anything: the subsystem that checks work on by values before and after
// it, as the provider reports it. What changed elsewhere shows when the check has ended.
import { compareObservations, describeDifference, evidenceOf } from '../truth/compare.js';
import type { Observation } from '../truth/observation.js';
import type { Context } from './context.js';
import { idOf } from './devices.js';
import type { Evidence } from './outcome.js';

/**
 * Reads the system now. The function that it returns reads it again, and reports the changes by a refused call
 * (VDS-0.2b).
 */
export async function watchValues(ctx: Context): Promise<(when: string, evidence?: Evidence) => Promise<void>> {
  const within = await idOf(ctx, await ctx.system.subSystem(), 'VDS-0.2b');
  const read = (): Promise<Observation> => ctx.system.observe('VDS-0.2b', { within });
  const before = await read();
  return async (when, evidence) => {
    const [first, ...others] = compareObservations(before, await read());
    if (first === undefined) return;
    const more = others.length > 0 ? ` (and ${others.length} more)` : '';
    ctx.duties.unkept('VDS-0.2b', `${describeDifference(first)} ${when}, as nothing may have changed${more}`, {
      ...evidenceOf(first),
      record: evidence?.record ?? first.record,
    });
  };
}
