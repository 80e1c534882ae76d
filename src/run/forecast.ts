// What can be told of a selection before it is run: which checks would not be begun and why, and what the others cost.
import type { Check } from '../checks/check.js';
import { obstacle, type Circumstances } from './precondition.js';
import { HeldBack, NotApplicable } from '../checks/outcome.js';

export interface NotBegun {
  readonly verdict: 'held back' | 'not applicable' | 'inconclusive';
  readonly reason: string;
  readonly checks: readonly string[];
}

export interface Outlook {
  readonly selected: number;
  /** Checks with nothing in their way. One may still find that an optional interface is absent. */
  readonly runnable: number;
  /** By verdict and reason, those of most checks first. */
  readonly notBegun: readonly NotBegun[];
  /** Of the checks that can be run. */
  readonly calls: number;
  readonly recoveries: number;
}

/** Looks ahead at a run of these checks. */
export async function outlook(checks: readonly Check[], circumstances: Circumstances): Promise<Outlook> {
  const groups = new Map<
    string,
    { readonly verdict: NotBegun['verdict']; readonly reason: string; readonly checks: string[] }
  >();
  let runnable = 0;
  let calls = 0;
  let recoveries = 0;
  for (const check of checks) {
    const found = await obstacle(check, circumstances);
    if (found === undefined) {
      runnable += 1;
      calls += check.cost.calls;
      recoveries += check.cost.recoveries;
      continue;
    }
    const verdict =
      found instanceof HeldBack ? 'held back' : found instanceof NotApplicable ? 'not applicable' : 'inconclusive';
    const key = `${verdict}: ${found.message}`;
    const group = groups.get(key) ?? { verdict, reason: found.message, checks: [] };
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
