// The messages between the tool and a lane, as plain data.
import type { Verdict } from '../../src/checks/outcome.js';
import type { TargetName } from './targets.js';

/** With which a lane is started. */
export interface LaneSettings {
  readonly target: TargetName;
  /** Names of suites; none means all. */
  readonly suites: readonly string[];
  /** Ids of checks, or ids ending in `*`; none means all. */
  readonly checks: readonly string[];
  /** On from before any module is loaded. */
  readonly mutant?: string;
}

/** A check as it ends where no mutant is on. */
export interface BaselineCheck {
  readonly id: string;
  readonly verdict: Verdict;
  /** Whether it was anything but passed or not applicable: never on a lawful provider, always on a defective one. */
  readonly noticed: boolean;
  readonly ms: number;
  /** Checks with one number share a fault and its recovery, and the first of them does the work of all. */
  readonly group?: number;
  /** How often it came by each mutant. */
  readonly hits: Readonly<Record<string, number>>;
}

export interface Baseline {
  readonly bench: string;
  readonly checks: readonly BaselineCheck[];
  /** Mutants reached while the system was opened, loaded and furnished. */
  readonly setUp: Readonly<Record<string, number>>;
  /** Mutants reached as modules were loaded. */
  readonly atLoad: Readonly<Record<string, number>>;
}

/** Checks to run on a bench, with what is expected of each. */
export interface Step {
  readonly bench: string;
  readonly checks: readonly { readonly id: string; readonly noticed: boolean }[];
}

export type LaneOrder =
  | { readonly do: 'baseline'; readonly bench: string }
  | { readonly do: 'mutant'; readonly id: string; readonly steps: readonly Step[]; readonly hitLimit: number };

/** The check that came to another end with the mutant than without it. */
export interface Killing {
  readonly bench: string;
  readonly check: string;
  readonly verdict: Verdict;
  readonly requirement: string | undefined;
  readonly reason: string | undefined;
  /** Something went on without end, or was not answered in time. */
  readonly isTimeout: boolean;
}

/** A bench, as far as the tool must know it. */
export interface BenchName {
  readonly name: string;
  readonly inOrder: boolean;
}

export type LaneMessage =
  /** It is ready. */
  | { readonly benches: readonly BenchName[] }
  /** It is alive, and where it is. */
  | { readonly at: string }
  | { readonly baseline: Baseline }
  | { readonly killing: Killing | undefined };
