// A check: data that can be listed, selected and costed without running anything, and a body that knows no transport
// and no runner.
import type { FaultKind } from '../faults/kinds.js';
import type { Capability } from '../port/capabilities.js';
import type { Context } from './context.js';
import type { MatrixCell } from './outcome.js';

/** How much of the product of faults, methods and moments a run takes: each level holds the ones before it. */
export const EFFORTS = ['quick', 'standard', 'full'] as const;
export const DEFAULT_EFFORT = 'standard' satisfies (typeof EFFORTS)[number];
export type Effort = (typeof EFFORTS)[number];

/**
 * Checks that need the same fault and the same recovery, which are dear: one playing judges them all. The checks of a
 * group share this object.
 */
export interface Group {
  /**
   * Plays those of its checks that a run has selected, at least two. Throws what a check throws; the checks are then
   * run one by one, so that the failure gets its name. Gives the ids of the checks that did not apply, with the reason.
   */
  play(context: Context, checks: readonly Check[]): Promise<ReadonlyMap<string, string>>;
}

export interface Check {
  /** Stable, dotted, begins with its suite's name: `import-target.round-trip`. */
  readonly id: string;
  readonly title: string;
  /** Ids of the requirements it verifies. */
  readonly requirements: readonly string[];
  /** Without these the check is not applicable. */
  readonly capabilities?: readonly Capability[];
  /** Fault kinds that it injects; without a route for them the check is inconclusive. */
  readonly faults?: readonly FaultKind[];
  /** Its place in the matrix, for a check of a generated product. */
  readonly matrix?: MatrixCell;
  /** The checks that can be judged together with it; it can be run by itself as well. */
  readonly group?: Group;
  /** One of many alike that a product makes, so that the system need not be compared after each. */
  readonly generated?: true;
  /** The lowest effort that takes it; `quick` unless given. */
  readonly effort?: Effort;
  /**
   * Declares that it only reads, so that it runs on a system that must not be changed. The declaration is held to: a
   * call that changes is refused.
   */
  readonly changes?: false;
  /**
   * Members of objects that it changes for good, as it cannot know what they were or put them back: the comparison of
   * the system before and after leaves them out.
   */
  readonly leaves?: readonly string[];
  /** About how many calls and recoveries it takes, for estimates on a real array. */
  readonly cost: { readonly calls: number; readonly recoveries: number };
  run(context: Context): Promise<void>;
}

export interface Suite {
  readonly name: string;
  readonly title: string;
  readonly checks: readonly Check[];
}

/** Declares a suite. Throws RangeError when an id does not begin with the suite's name, or stands twice. */
export function defineSuite(name: string, title: string, checks: readonly Check[]): Suite {
  const seen = new Set<string>();
  for (const { id } of checks) {
    if (!id.startsWith(`${name}.`))
      throw new RangeError(`check ${id} belongs to suite ${name}, so its id must begin with "${name}."`);
    if (seen.has(id)) throw new RangeError(`check id ${id} stands twice`);
    seen.add(id);
  }
  return { name, title, checks };
}

/** Whether a family makes the check, of a method, a fault and a moment for example, beside others that are like it. */
export const isGenerated = ({ matrix, generated, group }: Check): boolean =>
  matrix !== undefined || generated === true || group !== undefined;

/** The family of a generated check. */
export const familyOf = ({ id }: Pick<Check, 'id'>): string => id.split('.').slice(0, 2).join('.');
