// Whether a call that was refused has changed anything: the system by values before and after it, as the provider tells it.
import { compareInventories } from '../truth/compare-inventories.js';
import { formatValue } from '../port/show-value.js';
import type { Context } from './context.js';
import type { Evidence } from './outcome.js';

/** Reads the system now; what it gives reads it again and tells what a refused call has changed (VDS-0.2b). */
export async function watchValues(ctx: Context): Promise<(when: string, evidence?: Evidence) => Promise<void>> {
  const before = await ctx.system.inventory('VDS-0.2b');
  return async (when, evidence) => {
    const [first, ...others] = compareInventories(before, await ctx.system.inventory('VDS-0.2b'));
    if (first === undefined) return;
    const more = others.length > 0 ? ` (and ${others.length} more)` : '';
    ctx.duties.unkept(
      'VDS-0.2b',
      `${first.what} is ${formatValue(first.actual)} ${when}, and was ${formatValue(first.expected)} before${more}`,
      { ...first, record: evidence?.record ?? first.record },
    );
  };
}
