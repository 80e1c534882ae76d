// The events of a run for its listeners. Reporters consume these and nothing else. All of it can be written to a file.
import type { BaselineEntry, BaselineOutcome } from './baseline.js';
import type { Effort } from '../checks/check.js';
import type { CheckResult } from '../checks/outcome.js';
import type { Verdict } from '../checks/outcome.js';

/** An option's value, as a configuration file would hold it. */
export type OptionValue = string | number | boolean | readonly string[];

/**
 * Which provider a run was made against, as data: repeat-command.ts makes a command line of it, reports make their own
 * text.
 */
export interface ProviderChoice {
  /** The value of --provider: the name of a built-in adapter, or the path of a module. */
  readonly provider: string;
  /** The adapter's own settings; absent where it was given none. What must not stand in a report is left out. */
  readonly settings?: Readonly<Record<string, OptionValue>>;
  /**
   * Options that decide what the run works on and what it may change, by their names in a configuration file; absent
   * where none was given.
   */
  readonly options?: Readonly<Record<string, OptionValue>>;
}

export interface RunHeader extends ProviderChoice {
  /** vds-conformance's version. */
  readonly version: string;
  readonly seed: string;
  /**
   * Time limits that are not the usual ones, in milliseconds, by their names in a configuration file; absent where all
   * are.
   */
  readonly limits?: Readonly<Record<string, number>>;
  /** The effort whose checks were all selected; absent where the selection was narrower. */
  readonly effort?: Effort;
  /** Whether the program was started through npx, and so must be again. */
  readonly npx?: boolean;
  /** ISO 8601, UTC, whole seconds. */
  readonly startedAt: string;
  readonly strict: boolean;
  /** Ids of the selected checks, in the order in which they run. */
  readonly checks: readonly string[];
  /** Node's version and the platform. */
  readonly host: string;
  /** Ids of checks that may end inconclusive without making the run incomplete. */
  readonly allowInconclusive?: readonly string[];
  /** Known failures among the selected checks; absent where no baseline was given. */
  readonly baseline?: readonly BaselineEntry[];
  /** The provider's properties before the run; absent if they were not read. */
  readonly product?: Product;
  /** Present when the run is one part of a larger one. */
  readonly shard?: ShardHeader;
  /** The parts that this run was put together from. */
  readonly shards?: readonly ShardOrigin[];
}

export interface Product {
  readonly name: string;
  readonly version: string;
}

export interface ShardHeader {
  /** From 1. */
  readonly index: number;
  readonly count: number;
  /** Ids of the checks of all shards together, in the order in which one run would take them. */
  readonly selection: readonly string[];
  /** Whether the user vouched that each shard has a system under test of its own, so that each may name another. */
  readonly ownSystem: boolean;
}

/** Where a part of a merged run came from. */
export interface ShardOrigin extends ProviderChoice, Pick<RunHeader, 'startedAt' | 'host' | 'checks'> {
  readonly index: number;
}

export interface RunSummary {
  readonly counts: Readonly<Record<Verdict, number>>;
  /** SHOULD findings of checks that passed. */
  readonly findings: number;
  readonly exitCode: number;
  /** Problems besides the checks: the engine's own errors, an interruption, checks that never ran. */
  readonly problems: readonly string[];
  readonly interrupted: boolean;
  readonly ms: number;
  readonly coverage: Coverage;
  /** How many pairs of the model's commands were played; absent where no tour was. */
  readonly pairs?: readonly PairCoverage[];
  /** How many cells of command × role × state were visited; absent where no tour through states was. */
  readonly states?: readonly StateCoverage[];
  /** The effect of the known failures; absent without a baseline. */
  readonly baseline?: BaselineOutcome;
}

export interface Coverage {
  /** Requirements that bind a provider and can be observed at all. */
  readonly observable: number;
  /** Of these, those that at least one check of this run verified (passed or failed). */
  readonly checked: number;
  /** The same of those at level MUST. */
  readonly must: { readonly observable: number; readonly checked: number };
  readonly notApplicable: number;
  readonly untestable: number;
  readonly waiting: number;
}

/** The cells of one state: commands by the role of the object that is in it. */
export interface StateCoverage {
  readonly state: string;
  readonly seen: number;
  /** Those that the provider has. */
  readonly possible: number;
}

/** The pairs of commands between which one thing came. */
export interface PairCoverage {
  /** `nothing`, or what came between: `overlap`, `reload`, `damage`. */
  readonly between: string;
  /** Pairs of commands of which one directly followed the other. */
  readonly seen: number;
  /** The pairs that there are of the commands that the provider takes. */
  readonly possible: number;
}

/** Every member is required, so that a reporter cannot forget one. */
export interface RunListener {
  runStarted(header: RunHeader): void;
  checkFinished(result: CheckResult): void;
  runFinished(header: RunHeader, results: readonly CheckResult[], summary: RunSummary): void | Promise<void>;
}
