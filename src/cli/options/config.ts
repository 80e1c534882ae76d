// --config: a file with the options of `run`, and the targets that it may run against. Its schema is made of the
// options' own declarations.
import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z, type ZodType } from 'zod';
import { deviceCommandsOf, deviceShape } from '../../faults/routes/device-commands.js';
import { ConfigurationError, messageOf } from '../../port/errors.js';
import { nearest } from '../../port/did-you-mean.js';
import { BUILT_IN } from '../../../providers/index.js';
import { isPath } from './provider-option.js';
import { providerOptions, runOptions } from './run-options.js';

interface Declared {
  readonly type?: 'string' | 'number' | 'boolean';
  readonly array?: boolean;
  readonly choices?: readonly string[];
  /** It is the path of a file or folder. */
  readonly normalize?: boolean;
  readonly describe: string;
}

function typeOf({ type, array, choices, describe }: Declared): ZodType {
  const one =
    choices !== undefined
      ? z.enum(choices as [string, ...string[]])
      : type === 'number'
        ? z.number()
        : type === 'boolean'
          ? z.boolean()
          : z.string();
  return (array === true ? z.union([z.array(one), one]) : one).describe(describe).optional();
}

const camel = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
/** As any other members: what they hold is for deviceCommandsOf. */
const commands: Record<string, ZodType> = deviceShape;
const shapeOf = (options: Readonly<Record<string, Declared>>): Record<string, ZodType> =>
  Object.fromEntries(
    Object.entries(options)
      // On the command line it stands for `settings`.
      .filter(([name]) => !['set', 'settings', 'rerun-failed'].includes(name))
      .map(([name, declared]) => [camel(name), typeOf(declared)]),
  );

/**
 * The settings of the built-in adapters, for an editor to complete. Names only: a module may have a setting of the same
 * name and another type.
 */
const builtInSettings = Object.fromEntries(
  BUILT_IN.flatMap(({ about }) => {
    const { properties } = z.toJSONSchema(about.settings as unknown as ZodType, { io: 'input' });
    return Object.entries(properties ?? {}).map(([name, property]) => {
      const { description } = property as { readonly description?: string };
      return [name, { description: `${about.name}: ${description}` }];
    });
  }),
);

const settings: Record<string, ZodType> = {
  settings: z.record(z.string(), z.unknown()).optional().meta({
    description: "the settings of the provider's adapter: a built-in one has those named here, a module its own",
    properties: builtInSettings,
  }),
};

/** The members of a configuration file. */
export const configSchema = z.strictObject({
  ...shapeOf(runOptions),
  ...settings,
  ...commands,
  targets: z
    .record(z.string(), z.strictObject({ ...shapeOf(providerOptions), ...settings, ...commands }))
    .optional()
    .describe('providers by names of your choice; --target takes one'),
  target: z.string().optional().describe('the one of `targets` to run against'),
  $schema: z.string().optional().describe('for editors'),
});

type Configuration = z.output<typeof configSchema> & { readonly [option: string]: unknown };

/** Names the member of each issue, and what was probably meant. */
function complaint(error: z.ZodError): { readonly problem: string; readonly hint: string } {
  const hints: string[] = [];
  const problems = error.issues.map((issue) => {
    const at = issue.path.join('.');
    if (issue.code !== 'unrecognized_keys') return `${at === '' ? 'the whole' : at}: ${issue.message}`;
    for (const key of issue.keys)
      hints.push(
        ...nearest(key, Object.keys(configSchema.shape), 1).map((near) => `Did you mean ${near} instead of ${key}?`),
      );
    return `${at === '' ? '' : `${at}.`}${issue.keys.join(', ')}: unknown option`;
  });
  return {
    problem: problems.join('; '),
    hint:
      hints.length > 0
        ? hints.join(' ')
        : 'schemas/config.schema.json in the package describes it, and vds-conformance run --help each option.',
  };
}

async function read(file: string): Promise<unknown> {
  const path = resolve(file);
  try {
    if (!/\.[cm]?js$/.test(path)) return JSON.parse(readFileSync(path, 'utf8')) as unknown;
    const module = (await import(pathToFileURL(path).href)) as {
      readonly config?: unknown;
      readonly default?: unknown;
    };
    return module.config ?? module.default;
  } catch (error) {
    throw new ConfigurationError(`the configuration ${path} cannot be read: ${messageOf(error)}`, {
      hint: 'It is JSON, or a JavaScript module that exports `config`; vds-conformance init writes one.',
      cause: error,
    });
  }
}

const PATHS = Object.entries<Declared>(runOptions)
  .filter(([, { normalize }]) => normalize === true)
  .map(([name]) => camel(name));

/**
 * The options with each path in them, which is meant from the folder of the configuration, as seen from the current
 * one.
 */
function seenFromHere(options: Readonly<Record<string, unknown>>, file: string): Record<string, unknown> {
  const here = (path: string): string =>
    isAbsolute(path) || path.startsWith('{scratch}')
      ? path
      : relative('.', resolve(dirname(file), path)).replaceAll('\\', '/');
  const { provider } = options;
  return {
    ...options,
    ...Object.fromEntries(
      [...PATHS, 'library'].flatMap((name) => (typeof options[name] === 'string' ? [[name, here(options[name])]] : [])),
    ),
    ...(typeof provider === 'string' && isPath(provider) && !provider.startsWith('file:')
      ? { provider: here(provider).replace(/^(?![./]|[A-Za-z]:)/, './') }
      : {}),
  };
}

/**
 * The options that a configuration gives for a target, ready to be used from the current folder. Rejects with
 * ConfigurationError.
 */
export async function readOptions(file: string, target: string | undefined): Promise<Record<string, unknown>> {
  return seenFromHere(optionsOf(await readConfiguration(file), target), file);
}

/** Reads a configuration. Rejects with ConfigurationError, naming the member that is wrong. */
export async function readConfiguration(file: string): Promise<Configuration> {
  const parsed = configSchema.safeParse(await read(file));
  if (parsed.success) return parsed.data;
  const { problem, hint } = complaint(parsed.error);
  throw new ConfigurationError(`the configuration ${file} is wrong: ${problem}`, { hint });
}

/**
 * The options that a configuration gives, with the provider of the chosen target. A flag wins over each. Throws
 * ConfigurationError for a target that is not there.
 */
export function optionsOf(
  { targets, target: configured, ...others }: Configuration,
  chosen: string | undefined,
): Record<string, unknown> {
  const options: Record<string, unknown> = others;
  delete options['$schema'];
  const names = Object.keys(targets ?? {});
  const target =
    chosen ?? configured ?? (names.length === 1 && options['provider'] === undefined ? names[0] : undefined);
  if (target === undefined) {
    if (names.length > 1 && options['provider'] === undefined)
      throw new ConfigurationError(`the configuration has ${names.length} targets and none is chosen`, {
        hint: `Choose one with --target: ${names.join(', ')}.`,
      });
    return options;
  }
  const found = targets?.[target];
  if (found === undefined)
    throw new ConfigurationError(`unknown target "${target}"`, {
      hint: names.length === 0 ? 'The configuration has no `targets`.' : `Targets: ${names.join(', ')}.`,
    });
  return { ...options, ...found };
}

/**
 * The options as yargs takes them: without what only a file can hold, the device route's commands, and the settings of
 * the adapter as JSON.
 */
export const flagsOf = ({ settings, ...options }: Readonly<Record<string, unknown>>): Record<string, unknown> => ({
  ...Object.fromEntries(Object.entries(options).filter(([name]) => !(name in deviceShape))),
  ...(settings === undefined ? {} : { settings: JSON.stringify(settings) }),
});

/**
 * The commands of the device route, and the cache file, that a configuration gives for a target. Rejects with
 * ConfigurationError.
 */
export async function deviceFrom(
  file: string | undefined,
  target: string | undefined,
): Promise<ReturnType<typeof deviceCommandsOf>> {
  return file === undefined
    ? { commands: undefined, cacheFile: undefined }
    : deviceCommandsOf(await readOptions(file, target));
}
