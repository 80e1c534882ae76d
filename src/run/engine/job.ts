// The job of the engine's worker, as plain data: everything that it needs to open the provider and run the selected
// checks.
import type { DeviceCommands } from '../../faults/routes/device-commands.js';
import type { ProviderSpec } from '../../port/provider-spec.js';
import type { LabRules } from '../../lab/change-guard.js';
import type { BaselineOfRun } from '../baseline.js';
import type { CheckResult } from '../../checks/outcome.js';
import type { Limits } from '../../port/session.js';
import type { FrameOptions } from '../frame.js';

export interface Job {
  readonly provider: ProviderSpec;
  readonly seed: string;
  readonly strict: boolean;
  readonly limits: Limits;
  readonly scratch: string;
  readonly cacheFile: string | null;
  readonly device: DeviceCommands | null;
  /** The file that keeps what the provider's process prints. */
  readonly providerLog: string | null;
  readonly lab: LabRules;
  /** Bytes of the LUNs that checks make, in decimal digits. */
  readonly lunSize: string | null;
  /** The module that exports `SUITES`, as a file URL. */
  readonly suitesModule: string;
  /** How the system is compared before and after checks; null for not at all. */
  readonly frame: FrameOptions | null;
  /** Ids of the selected checks, in order. */
  readonly checks: readonly string[];
  /** How often something is run to reproduce one failure; 0 for not at all. */
  readonly reproduce: number;
  /** Run every cell of a generated family, however many fail alike. */
  readonly allCells: boolean;
  /** Decides which failures are known, and so neither reproduced nor a reason to leave others out. */
  readonly baseline: BaselineOfRun;
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly vdsJob: Job;
  }
}

/** A test's meta data is how the worker hands a check's result to the process that reports it. */
interface ResultCarrier {
  vdsResult?: CheckResult;
}

export const putResult = (meta: object, result: CheckResult): void => {
  (meta as ResultCarrier).vdsResult = result;
};
export const takeResult = (meta: object): CheckResult | undefined => (meta as ResultCarrier).vdsResult;
