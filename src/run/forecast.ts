// Foresees a run of selected checks: which of them cannot begin and why, and what the others cost.
import type { Check, Group } from '../checks/check.js';
import { unmetPrecondition, type Circumstances } from './precondition.js';
import { HeldBack, NotApplicable } from '../checks/outcome.js';

export interface NotBegun {
  readonly verdict: 'held back' | 'not applicable' | 'inconclusive';
  readonly reason: string;
  readonly checks: readonly string[];
}

export interface Forecast {
  readonly selected: number;
  /** Checks whose preconditions are met. One may still find that an optional interface is absent. */
  readonly runnable: number;
  /** By verdict and reason, those of most checks first. */
  readonly notBegun: readonly NotBegun[];
  /** Of the checks that can be run. */
  readonly calls: number;
  readonly recoveries: number;
}

/** Foresees a run of these checks, without calling the provider. */
export async function forecast(checks: readonly Check[], circumstances: Circumstances): Promise<Forecast> {
  const groups = new Map<
    string,
    { readonly verdict: NotBegun['verdict']; readonly reason: string; readonly checks: string[] }
  >();
  let runnable = 0;
  let calls = 0;
  let recoveries = 0;
  const shared = new Map<Group, number>();
  for (const check of checks) {
    const unmet = await unmetPrecondition(check, circumstances);
    if (unmet === undefined) {
      runnable += 1;
      calls += check.cost.calls;
      // A group is recovered once, for the dearest of its checks.
      const { group } = check;
      const paid = group === undefined ? 0 : (shared.get(group) ?? 0);
      const owing = Math.max(0, check.cost.recoveries - paid);
      recoveries += owing;
      if (group !== undefined) shared.set(group, paid + owing);
      continue;
    }
    const verdict =
      unmet instanceof HeldBack ? 'held back' : unmet instanceof NotApplicable ? 'not applicable' : 'inconclusive';
    const key = `${verdict}: ${unmet.message}`;
    const group = groups.get(key) ?? { verdict, reason: unmet.message, checks: [] };
    group.checks.push(check.id);
    groups.set(key, group);
  }
  return {
    selected: checks.length,
    runnable,
    notBegun: [...groups.values()].sort((a, b) => b.checks.length - a.checks.length),
    calls,
    recoveries,
  };
}
