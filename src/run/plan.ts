// A run's plan: everything that is decided before anything is opened, as data. Carrying it out is execute.ts.
import type { CheckResult } from '../checks/outcome.js';
import type { DeviceCommands } from '../faults/routes/device-commands.js';
import type { LabRules } from '../lab/change-guard.js';
import type { ProviderSpec } from '../port/provider-spec.js';
import type { Limits } from '../port/session.js';
import type { RunHeader } from './events.js';
import type { FrameOptions } from './frame.js';

export interface RunPlan {
  /** The header of the reports; `checks` are those of this run, in order. */
  readonly header: RunHeader;
  readonly provider: ProviderSpec;
  readonly limits: Limits;
  /** The scope of the run, and the place of its ledger. */
  readonly lab: LabRules;
  /** Bytes of the LUNs that checks make; what the array takes unless given. */
  readonly lunSize?: bigint | undefined;
  /** The file in which the provider caches its devices; `{scratch}` in it stands for the run's scratch folder. */
  readonly cacheFile?: string | undefined;
  /** The commands of the device route. */
  readonly device?: DeviceCommands | undefined;
  /** How the system is compared before and after checks; not at all unless given. */
  readonly frame?: FrameOptions | undefined;
  /** The module that exports `SUITES`, as a file URL. */
  readonly suitesModule: string;
  /** Results of an earlier sitting of the same run. */
  readonly known: readonly CheckResult[];
  /** How often something is run to reproduce one failure; 0 for not at all. */
  readonly reproduce: number;
  /** Run every cell of a generated family, however many fail alike. */
  readonly allCells: boolean;
  /** Stop at the first failure. */
  readonly bail: boolean;
  /** The file that keeps what the provider's process prints. */
  readonly providerLog?: string | undefined;
  /** Milliseconds after which no further check is begun, and the option that set them. */
  readonly maxTime?: { readonly ms: number; readonly option: 'max-time' | 'time-budget' } | undefined;
}

/** The checks that are still to run, in order. */
export function left({ header, known }: Pick<RunPlan, 'header' | 'known'>): string[] {
  const done = new Set(known.map((r) => r.id));
  return header.checks.filter((id) => !done.has(id));
}
