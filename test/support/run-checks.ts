// Runs checks in this process, without the engine, for tests of the checks themselves.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Suite } from '../../src/checks/check.js';
import type { LabRules } from '../../src/lab/change-guard.js';
import type { CheckResult } from '../../src/checks/outcome.js';
import { Frame, FRAME_OF_EFFORT, type FrameOptions } from '../../src/run/frame.js';
import { Groups } from '../../src/run/groups.js';
import { Furnishing } from '../../src/run/furnishing.js';
import { runCheck } from '../../src/run/run-check.js';
import { select, type Selection } from '../../src/run/selection.js';
import { SystemUnderTest } from '../../src/lab/system.js';
import { ProviderProcess } from '../../src/faults/routes/command.js';
import type { DeviceCommands } from '../../src/faults/routes/device-commands.js';
import type { Port } from '../../src/port/port.js';
import { openProvider, type ProviderSpec } from '../../src/port/provider-spec.js';
import { DEFAULT_LIMITS, type Limits } from '../../src/port/session.js';
import { SUITES } from '../../suites/index.js';
import { ROOT } from './project.js';

export interface RunChecksOptions extends Selection {
  readonly seed?: string;
  readonly strict?: boolean;
  readonly limits?: Partial<Limits>;
  /** Changes that may be made to a system that is not disposable; everything unless given. */
  readonly lab?: LabRules;
  /** Bytes of the LUNs that checks make. */
  readonly lunSize?: bigint;
  /** May contain {scratch}. */
  readonly cacheFile?: string;
  readonly device?: DeviceCommands;
  /** As at standard effort unless given. */
  readonly frame?: FrameOptions;
  /** Takes the system as it is, without furnishing it. */
  readonly bare?: boolean;
  readonly from?: readonly Suite[];
}

/** A compiled adapter of the project, as openProvider takes it. */
export const spec = (
  name: string,
  settings: Readonly<Record<string, unknown>> = {},
  isolated = false,
): ProviderSpec => ({
  name,
  module: join(ROOT, 'dist/providers', name, 'adapter.js'),
  isolated,
  settings,
});

/** Runs the selected checks one after another against what `open` opens, or against a provider of the project. */
export async function runChecks(
  provider: ProviderSpec | ((scratch: string) => Promise<Port>),
  options: RunChecksOptions = {},
): Promise<CheckResult[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'vdsc-test-'));
  const seed = options.seed ?? 'test';
  const open =
    typeof provider === 'function' ? () => provider(scratch) : () => openProvider(provider, { seed, scratch });
  const system = new SystemUnderTest(
    open,
    { ...DEFAULT_LIMITS, notification: 2_000, ...options.limits },
    options.lab,
    options.device?.restart === undefined ? undefined : new ProviderProcess(options.device.restart),
  );
  const readings = new Map<string, string>();
  const habits = { wanted: options.lunSize };
  const furnishing = options.bare === true ? undefined : new Furnishing(system, { seed, readings, habits });
  const selected = select(options.from ?? SUITES, options);
  const state = {
    system,
    groups: new Groups(selected.map(({ check }) => check)),
    furnishing,
    seed,
    strict: options.strict ?? false,
    readings,
    habits,
    cacheFile: options.cacheFile?.replace('{scratch}', scratch),
    device: options.device,
    frame: new Frame(options.frame ?? FRAME_OF_EFFORT.standard, (s) => system.wall.members.admits('subSystems', s)),
  };
  try {
    const results: CheckResult[] = [];
    for (const [i, { suite, check }] of selected.entries())
      results.push(await runCheck(check, suite.name, state, i === selected.length - 1));
    return results;
  } finally {
    await furnishing?.takeAway();
    await system.close().catch(() => {});
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A result without what may differ between two runs of one seed: times. */
export const timeless = (result: CheckResult): Omit<CheckResult, 'ms'> => {
  const { ms: _, ...rest } = result;
  return rest;
};
