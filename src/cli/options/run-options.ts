// The options of `run`, said once: the command line, the configuration file and its published schema take them from
// here.
import { FRAME_OF_EFFORT, type FrameOptions } from '../../run/frame.js';
import { DEFAULT_EFFORT, EFFORTS, type Effort } from '../../checks/check.js';
import type { LabRules } from '../../lab/change-guard.js';
import type { RunPlan } from '../../run/plan.js';
import { DEFAULT_TRIES } from '../../run/reproduction.js';
import { LEVELS_TO_SELECT, type Selection } from '../../run/selection.js';
import { ConfigurationError } from '../../port/errors.js';
import { LIMIT_OPTION } from '../../port/deadlines.js';
import { DEFAULT_LIMITS, LONGEST_LIMIT, type Limits } from '../../port/session.js';
import { PROVIDERS, SHORTHANDS } from './provider-option.js';
import { shardOptions } from './shard-options.js';
import { certificateOptions, consoleOptions, writeBaselineOption } from '../commands/stored-reports.js';

/** Which provider; a configuration's `targets` hold these. */
export const providerOptions = {
  provider: { type: 'string', requiresArg: true, describe: PROVIDERS.map((p) => p.name).join(' | ') },
  set: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: "a setting of the provider's adapter, as key=value; may be repeated",
  },
  ...shorthandOptions(),
  // The settings of a configuration come here as JSON, because yargs would make numbers of texts.
  settings: { type: 'string', hidden: true, describe: "the settings of the provider's adapter, as JSON" },
} as const;

/** The settings of built-in adapters that have an option of their own. */
function shorthandOptions(): Readonly<Record<string, ShorthandOption>> {
  return Object.fromEntries(
    [...SHORTHANDS].map(([name, { adapter, says }]) => [
      name,
      { type: 'string', requiresArg: true, describe: `for --provider ${adapter}: ${says}` },
    ]),
  );
}

interface ShorthandOption {
  readonly type: 'string';
  readonly requiresArg: true;
  readonly describe: string;
}

/** Where options come from beside the command line. */
export const configOptions = {
  config: {
    type: 'string',
    requiresArg: true,
    describe: 'a file with options (JSON, or a JavaScript module that exports `config`); flags override it',
  },
  target: { type: 'string', requiresArg: true, describe: "the one of the configuration's targets to use" },
} as const;

/** Which checks. */
export const selectionOptions = {
  suite: { type: 'string', array: true, requiresArg: true, describe: 'only these suites' },
  check: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'only these checks; one named whole is taken whatever its effort, and an id may end in *',
  },
  grep: {
    type: 'string',
    requiresArg: true,
    describe: 'only checks whose id or title matches this regular expression',
  },
  level: { choices: LEVELS_TO_SELECT, describe: 'only checks that verify a requirement of this level' },
  effort: {
    choices: EFFORTS,
    default: DEFAULT_EFFORT,
    describe:
      'quick: the hand-written checks; standard: every method with every corruption form and with every moment; ' +
      'full: the whole product',
  },
} as const;

/** How often the system is compared. */
const COMPARISONS = ['each', 'tenth', 'never'] as const;

/** How the system was compared in a run whose header has these options. */
export const frameOf = (
  options: Readonly<Record<string, unknown>> | undefined,
  disposable: boolean,
): FrameOptions | undefined =>
  frameFrom(
    {
      effort: EFFORTS.find((e) => e === options?.['effort']) ?? DEFAULT_EFFORT,
      compare: COMPARISONS.find((c) => c === options?.['compare']),
    },
    disposable,
  );

/** How the system is compared, from the options and what the system is. */
export function frameFrom(
  args: { readonly effort: Effort; readonly compare?: (typeof COMPARISONS)[number] | undefined },
  disposable: boolean,
): FrameOptions | undefined {
  const { depth, every } = FRAME_OF_EFFORT[args.effort];
  const compare = args.compare ?? (every === 1 && disposable ? 'each' : 'tenth');
  return compare === 'never' ? undefined : { depth, every: compare === 'each' ? 1 : 10 };
}

/** Which cells of a generated family. */
export const familyOptions = {
  'all-cells': {
    type: 'boolean',
    default: false,
    describe:
      'run every cell of fault × method × moment; otherwise a run leaves a ' +
      'family when three of its cells have failed alike',
  },
} as const;

/** The scope of a run. */
export const labOptions = {
  'allow-destructive': {
    type: 'boolean',
    default: false,
    describe: 'allow a run to change and damage a system that is not disposable; without it, such a run only reads',
  },
  subsystem: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'work only on these subsystems, by id or name',
  },
  drive: { type: 'string', array: true, requiresArg: true, describe: 'make LUNs only of these drives, by id or name' },
  pool: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'make LUNs only in these storage pools, by id or name',
  },
  'lun-size': {
    type: 'string',
    requiresArg: true,
    describe: 'size of the LUNs that checks make, such as 2GiB (default: 64MiB, or what the array accepts)',
  },
} as const;

const limit = (what: string, key: keyof Limits) =>
  ({
    type: 'number',
    requiresArg: true,
    describe: `milliseconds for ${what} (default ${DEFAULT_LIMITS[key]})`,
  }) as const;

export const limitOptions = {
  timeout: limit('one call', 'call'),
  'load-timeout': limit('OnLoad and OnUnload', 'load'),
  'scan-timeout': limit('Reenumerate and Refresh', 'scan'),
  'wait-timeout': limit('IVdsAsync::Wait; as --scan-timeout unless given', 'wait'),
  'notification-timeout': limit('a notification to arrive after the call that must cause it', 'notification'),
  'relapse-pause': {
    type: 'number',
    requiresArg: true,
    describe:
      'milliseconds after a recovery at which to look again whether what it restored is still true (default: ' +
      `${DEFAULT_LIMITS.relapse}; a provider that rescans now and then needs more than its interval)`,
  },
} as const;

const ungrouped = {
  ...providerOptions,
  ...selectionOptions,
  ...familyOptions,
  ...labOptions,
  ...limitOptions,
  reproduce: {
    type: 'number',
    default: DEFAULT_TRIES,
    describe:
      'how many times to run checks again to reproduce a failure, alone or after the checks that it needs ' +
      '(--no-reproduce: never)',
  },
  seed: { type: 'string', requiresArg: true, describe: 'the seed of an earlier run, to repeat it' },
  reports: {
    type: 'string',
    normalize: true,
    default: 'reports',
    requiresArg: true,
    describe: 'folder for junit.xml, results.json and evidence',
  },
  'provider-output': {
    type: 'boolean',
    default: false,
    describe:
      "print the output of the provider's process as it comes; provider.log in the reports folder has it in any case",
  },
  strict: { type: 'boolean', default: false, describe: 'findings at level SHOULD fail too' },
  compare: {
    choices: COMPARISONS,
    describe:
      'how often to compare the whole system with its earlier state: after each check, after every tenth, or never ' +
      '(default: each; tenth with --effort quick, or on a system that is not disposable)',
  },
  'max-time': {
    type: 'string',
    requiresArg: true,
    describe: 'begin no check after this time, for example 90s, 30m or 2h; --resume continues later',
  },
  'time-budget': {
    type: 'string',
    requiresArg: true,
    conflicts: 'max-time',
    describe:
      'take the checks that find most for what they cost first, and begin none after this time; the run is ' +
      'incomplete (exit code 4) where some are left out',
  },
  bail: { type: 'boolean', default: false, describe: 'stop at the first check that fails' },
  'cache-file': {
    type: 'string',
    normalize: true,
    requiresArg: true,
    describe:
      'the file in which the provider caches its devices, which the suite then corrupts from outside; {scratch} ' +
      "stands for the run's scratch folder",
  },
  'allow-inconclusive': {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'checks that may end inconclusive without making the run incomplete; an id may end in *',
  },
  'rerun-failed': {
    type: 'string',
    describe:
      'run again the checks that failed in the last run (or in the run of this reports folder), with its options; ' +
      'the reports go into a folder beside it',
  },
  watch: {
    type: 'boolean',
    default: false,
    describe: "run again whenever the provider's module, its library or the configuration changes, until q is pressed",
  },
  resume: {
    type: 'boolean',
    default: false,
    describe:
      'continue the run whose journal is in the reports folder, if there is ' +
      'one, with the same provider, selection and seed',
  },
  baseline: {
    type: 'string',
    normalize: true,
    requiresArg: true,
    describe: 'a file of known failures, which do not make the run non-conformant',
  },
  ...writeBaselineOption,
  ...certificateOptions,
  ...shardOptions,
  ...consoleOptions,
} as const;

/** The headings of --help, in order, with the options under each; those that stand nowhere come under the last. */
const GROUPS: readonly (readonly [string, readonly string[]])[] = [
  ['Provider:', Object.keys(providerOptions)],
  ['Select:', [...Object.keys(selectionOptions), 'rerun-failed', 'watch']],
  ['Limits:', [...Object.keys(limitOptions), 'max-time', 'time-budget', 'bail']],
  ['Safety:', [...Object.keys(labOptions), 'cache-file']],
  ['Reports:', ['reports', 'provider-output', 'seed', 'strict', 'resume', ...Object.keys(consoleOptions)]],
  ['CI:', []],
];
const groupOf = (name: string): string =>
  (GROUPS.find(([, names]) => names.includes(name)) ?? GROUPS.at(-1))?.[0] ?? '';

/** The options with the heading of each, for --help. */
const grouped = <T extends Readonly<Record<string, object>>>(
  options: T,
): { readonly [K in keyof T]: T[K] & { readonly group: string } } =>
  Object.fromEntries(
    Object.entries(options).map(([name, declared]) => [name, { ...declared, group: groupOf(name) }]),
  ) as {
    readonly [K in keyof T]: T[K] & { readonly group: string };
  };

export const runOptions = grouped(ungrouped);

/** The limits of a run from its options. Throws ConfigurationError for one that no call could keep. */
export function limitsFrom(args: {
  readonly [K in 'timeout' | 'loadTimeout' | 'scanTimeout' | 'waitTimeout' | 'notificationTimeout' | 'relapsePause']?:
    number | undefined;
}): Limits {
  const { call, load, scan, wait, notification, relapse } = DEFAULT_LIMITS;
  const limits = {
    call: args.timeout ?? call,
    load: args.loadTimeout ?? load,
    scan: args.scanTimeout ?? scan,
    wait: args.waitTimeout ?? args.scanTimeout ?? wait,
    notification: args.notificationTimeout ?? notification,
    relapse: args.relapsePause ?? relapse,
  };
  for (const [name, ms] of Object.entries(limits)) {
    if (!(ms >= 1 && ms <= LONGEST_LIMIT))
      throw new ConfigurationError(
        `--${LIMIT_OPTION[name as keyof Limits]} must be from 1 to ${LONGEST_LIMIT} ms, not ${ms}`,
        {
          hint: 'vds-conformance run --help describes it.',
        },
      );
  }
  return limits;
}

const UNITS: Readonly<Record<string, bigint>> = {
  b: 1n,
  kib: 1n << 10n,
  mib: 1n << 20n,
  gib: 1n << 30n,
  tib: 1n << 40n,
};

/** The bytes of a size as people write it: `2GiB`, `512 MiB`, `1048576`. Throws ConfigurationError. */
export function bytesFrom(text: string): bigint {
  const [, digits, unit = 'B'] = /^\s*(\d{1,15})\s*(B|KiB|MiB|GiB|TiB)?\s*$/i.exec(text) ?? [];
  const bytes = BigInt(digits ?? 0) * (UNITS[unit.toLowerCase()] ?? 1n);
  if (bytes === 0n)
    throw new ConfigurationError(`--lun-size must be a size such as 2GiB, not "${text}"`, {
      hint: 'Give a whole number with B, KiB, MiB, GiB or TiB behind it.',
    });
  return bytes;
}

/** How often something is run to reproduce a failure. Throws ConfigurationError for an invalid number. */
export function triesFrom({ reproduce }: { readonly reproduce: number | false }): number {
  // --no-reproduce gives false.
  const tries = reproduce === false ? 0 : reproduce;
  if (!Number.isSafeInteger(tries) || tries < 0)
    throw new ConfigurationError(`--reproduce must be a whole number of tries, not ${tries}`, {
      hint: `It is ${DEFAULT_TRIES} unless given; 0 or --no-reproduce reproduces nothing.`,
    });
  return tries;
}

/** The selection from the options for it. */
export function selectionFrom(args: {
  readonly suite?: string[] | undefined;
  readonly check?: string[] | undefined;
  readonly grep?: string | undefined;
  readonly level?: Selection['level'];
  readonly effort: Effort;
}): Selection {
  return {
    suites: args.suite ?? [],
    checks: args.check ?? [],
    grep: args.grep,
    level: args.level,
    effort: args.effort,
  };
}

/** The scope of a run, with its ledger in the reports folder. */
export function labFrom(
  args: {
    readonly allowDestructive: boolean;
    readonly subsystem?: string[] | undefined;
    readonly drive?: string[] | undefined;
    readonly pool?: string[] | undefined;
  },
  reports: string,
): LabRules {
  return {
    allowDestructive: args.allowDestructive,
    scope: { subSystems: args.subsystem ?? [], drives: args.drive ?? [], pools: args.pool ?? [] },
    ledger: reports,
  };
}

const UNIT = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** Reads `90s`, `30m` or `2h` as milliseconds. Throws ConfigurationError for anything else. */
function durationFrom(option: string, text: string): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  if (count === undefined || unit === undefined)
    throw new ConfigurationError(`--${option} ${text} is not a time`, {
      hint: 'Give a number with its unit: 90s, 30m or 2h.',
    });
  return Math.min(Number(count) * UNIT[unit as keyof typeof UNIT], LONGEST_LIMIT);
}

/** The time that a run has; undefined where it may take as long as it needs. Throws ConfigurationError. */
export function maxTimeFrom(args: {
  readonly maxTime?: string | undefined;
  readonly timeBudget?: string | undefined;
}): RunPlan['maxTime'] {
  for (const [option, text] of [
    ['max-time', args.maxTime],
    ['time-budget', args.timeBudget],
  ] as const)
    if (text !== undefined) return { ms: durationFrom(option, text), option };
  return undefined;
}
