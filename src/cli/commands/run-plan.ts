// From the options of `run` to its plan. The provider is opened once on the way, so that a failure to open it is
// reported in a line, before any report is touched.
import { counted } from '../../contract/wording.js';
import type { KeyObject } from 'node:crypto';
import type { OptionValue } from '../../run/events.js';
import { byDetection } from '../../run/order/detection-order.js';
import type { RunPlan } from '../../run/plan.js';
import { beyondEffort, loadSuites, matches, select } from '../../run/selection.js';
import { PACE_OF_AN_ARRAY } from '../../run/order/units.js';
import { readBaseline } from '../../reporting/store/baseline-file.js';
import { journalToResume } from '../../reporting/store/continue-run.js';
import type { Journal } from '../../reporting/store/journal.js';
import { timestamp } from '../../reporting/text/times.js';
import { deviceFrom } from '../options/config.js';
import { lookAt } from '../options/open-provider.js';
import { isOptionValue, providerChoice, providerSpec } from '../options/provider-option.js';
import {
  bytesFrom,
  familyOptions,
  frameFrom,
  labFrom,
  labOptions,
  limitOptions,
  limitsFrom,
  maxTimeFrom,
  selectionFrom,
  triesFrom,
} from '../options/run-options.js';
import { newSeed } from '../options/seed.js';
import { mustNotShareASystem, takeShard } from '../options/shard-options.js';
import { DEFAULT_EFFORT } from '../../checks/check.js';
import { packageVersion, startsThroughNpx, SUITES_MODULE } from '../package-files.js';
import type { RunArguments } from '../options/run-command.js';
import { providerLog } from './provider-log.js';
import { checkBaseline, signingKey } from './stored-reports.js';

export interface PlannedRun {
  readonly plan: RunPlan;
  /** The journal of the run that is gone on with. */
  readonly earlier: Journal | undefined;
  /** The key that signs the certificate. */
  readonly key: KeyObject | undefined;
}

const camel = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
const present = <T extends object>(name: string, values: T): Record<string, T> =>
  Object.keys(values).length === 0 ? {} : { [name]: values };

/** The options of these names that were given, apart from those that are off. */
function given(args: RunArguments, names: readonly string[]): Record<string, OptionValue> {
  const values = args as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    names.map(camel).flatMap((name) => {
      const value = values[name];
      return isOptionValue(value) && value !== false ? [[name, value] as const] : [];
    }),
  );
}

const isWhole = ({ suite, check, grep, level }: RunArguments): boolean =>
  [suite, check, grep, level].every((narrowing) => narrowing === undefined);

/**
 * Decides everything about a run. Rejects with ConfigurationError for options that do not fit, and with the
 * HarnessError that opening the provider gave.
 *
 * @param reports the reports folder, in which the run's ledger stands
 */
export async function planFrom(args: RunArguments, reports: string): Promise<PlannedRun> {
  const spec = providerSpec(args);
  const device = await deviceFrom(args.config, args.target);
  const suites = await loadSuites(SUITES_MODULE);
  const baseline =
    args.baseline === undefined
      ? undefined
      : readBaseline(args.baseline, new Set(suites.flatMap((s) => s.checks.map((c) => c.id))));
  const selection = selectionFrom(args);
  const chosen = select(suites, selection);
  for (const { pattern, count, effort } of beyondEffort(suites, selection))
    console.error(
      `"${pattern}" names ${counted(count, 'more check')} that --effort ${args.effort} does not take; --effort ` +
        `${effort} does.`,
    );
  const earlier = args.resume ? journalToResume(reports) : undefined;
  const seed = args.seed ?? earlier?.header.seed ?? newSeed();
  const { selected, shard } = takeShard(args, chosen);
  const maxTime = maxTimeFrom(args);
  const ordered = maxTime?.option === 'time-budget' ? byDetection(selected, PACE_OF_AN_ARRAY) : selected;
  const limits = limitsFrom(args);
  const tries = triesFrom(args);
  const key = signingKey(args);
  checkBaseline(args);
  const identity = await lookAt(spec, seed, limits);
  if (shard !== undefined) mustNotShareASystem(shard, identity, spec);
  const options = given(args, [
    // Options that only the file can hold.
    ...(device.commands === undefined && device.cacheFile === undefined ? [] : ['config', 'target']),
    'cache-file',
    ...Object.keys(labOptions),
    ...Object.keys(familyOptions),
    // They decide how the system is compared, whatever is selected.
    ...(args.effort === DEFAULT_EFFORT ? [] : ['effort']),
    'compare',
  ]);
  return {
    plan: {
      header: {
        version: packageVersion(),
        seed,
        ...providerChoice(args),
        ...present('options', options),
        ...present('limits', given(args, Object.keys(limitOptions)) as Record<string, number>),
        ...(startsThroughNpx() ? { npx: true } : {}),
        strict: args.strict,
        checks: ordered.map(({ check }) => check.id),
        ...(isWhole(args) ? { effort: args.effort } : {}),
        startedAt: timestamp(Date.now()),
        host: `node ${process.version} ${process.platform} ${process.arch}`,
        ...(args.allowInconclusive === undefined ? {} : { allowInconclusive: args.allowInconclusive }),
        ...(baseline === undefined
          ? {}
          : { baseline: baseline.filter((e) => chosen.some(({ check }) => matches(e.check, check.id))) }),
        ...(shard === undefined ? {} : { shard }),
        ...(identity.product === undefined ? {} : { product: identity.product }),
      },
      provider: spec,
      limits,
      lab: labFrom(args, reports),
      lunSize: args.lunSize === undefined ? undefined : bytesFrom(args.lunSize),
      cacheFile: args.cacheFile ?? device.cacheFile,
      device: device.commands,
      frame: frameFrom(args, identity.disposable),
      suitesModule: SUITES_MODULE,
      known: earlier?.results ?? [],
      bail: args.bail,
      reproduce: tries,
      allCells: args.allCells,
      providerLog: providerLog(reports),
      maxTime,
    },
    earlier,
    key,
  };
}
