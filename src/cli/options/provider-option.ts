// From --provider, --set and the shorthands for settings to what is opened. What there is to choose from, the adapters
// say themselves.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { BUILT_IN, type BuiltInAdapter } from '../../../providers/index.js';
import type { OptionValue, ProviderChoice } from '../../run/events.js';
import { settingsOf, type SettingDescription, type Settings } from '../../port/adapter-settings.js';
import { didYouMean, hints } from '../../port/did-you-mean.js';
import { ConfigurationError } from '../../port/errors.js';
import type { ProviderSpec } from '../../port/provider-spec.js';

/**
 * The options for the provider, as yargs gives them: --provider, --set, `settings` of a configuration, and the
 * shorthands by their names.
 */
export interface ProviderOptions {
  readonly provider: string;
  readonly set?: readonly string[] | undefined;
  /** JSON. */
  readonly settings?: string | undefined;
  readonly [option: string]: unknown;
}

const shown = ({ about, variant }: BuiltInAdapter): string =>
  variant === undefined ? about.name : `${about.name}:NAME`;

/** The values of --provider, for help and for `providers`. */
export const PROVIDERS: readonly {
  readonly name: string;
  readonly says: string;
  readonly settings: readonly SettingDescription[];
}[] = [
  ...BUILT_IN.map((adapter) => ({
    name: shown(adapter),
    says: adapter.about.says ?? '',
    settings: settingsOf(adapter.about.settings).filter(({ name }) => name !== adapter.variant),
  })),
  {
    name: './module.js',
    says: 'your own adapter module, in a process of its own; docs/adapters.md has a template',
    settings: [],
  },
];

/** The settings of the built-in adapters that have an option of their own, by its name. */
export const SHORTHANDS: ReadonlyMap<string, { readonly adapter: string; readonly says: string }> = new Map(
  BUILT_IN.flatMap((adapter) =>
    settingsOf(adapter.about.settings)
      .filter(({ flag }) => flag)
      .map(({ name, says }) => [name, { adapter: adapter.about.name, says }] as const),
  ),
);

export const isPath = (text: string): boolean =>
  /^(?:\.{0,2}[/\\]|file:|[A-Za-z]:[/\\])/.test(text) || /\.[cm]?js$/.test(text);

/** `key=value` as --set takes it. */
function pair(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 1)
    throw new ConfigurationError(`--set ${text} names no setting`, {
      hint: 'It takes key=value, for example --set port=8080.',
    });
  return [text.slice(0, at), text.slice(at + 1)];
}

/** The settings as they were given, in all ways that there are; what is more particular wins. */
function givenSettings(options: ProviderOptions, adapter: BuiltInAdapter | undefined): Record<string, unknown> {
  const shorthands = [...SHORTHANDS].flatMap(([name, { adapter: of }]) => {
    if (options[name] === undefined) return [];
    if (of !== adapter?.about.name)
      throw new ConfigurationError(`--${name} does not go with --provider ${options.provider}`, {
        hint: `It is a setting of --provider ${of}. A setting of another adapter is given with --set key=value.`,
      });
    return [[name, options[name]] as const];
  });
  return {
    ...(options.settings === undefined ? {} : (JSON.parse(options.settings) as Record<string, unknown>)),
    ...Object.fromEntries(shorthands),
    ...Object.fromEntries((options.set ?? []).map(pair)),
  };
}

function withPaths(settings: Record<string, unknown>, { about }: BuiltInAdapter): Settings {
  const paths = new Set(settingsOf(about.settings).flatMap(({ name, path }) => (path ? [name] : [])));
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      typeof value === 'string' && paths.has(name) ? resolve(value) : value,
    ]),
  );
}

/**
 * The specification of the provider to open. Throws ConfigurationError for an unknown provider; the schema checks the
 * settings when it is opened.
 */
export function providerSpec(options: ProviderOptions): ProviderSpec {
  const { provider } = options;
  const [family = '', ...rest] = provider.split(':');
  const variant = rest.join(':');
  const adapter = BUILT_IN.find((a) => a.about.name === family && (variant !== '') === (a.variant !== undefined));
  const settings = givenSettings(options, adapter);
  if (adapter !== undefined) {
    return {
      name: provider,
      module: adapter.module,
      isolated: adapter.about.isolated === true,
      settings: withPaths(
        adapter.variant === undefined ? settings : { ...settings, [adapter.variant]: variant },
        adapter,
      ),
    };
  }
  if (!isPath(provider)) {
    const lacksName = BUILT_IN.find((a) => a.about.name === family && a.variant !== undefined);
    throw new ConfigurationError(`unknown provider "${provider}"`, {
      hint: hints(
        lacksName === undefined
          ? didYouMean(
              family,
              BUILT_IN.map((a) => a.about.name),
            )
          : `Give the name of a variant: ${family}:NAME; vds-conformance providers lists them.`,
        `Known: ${PROVIDERS.map((p) => p.name).join(', ')}.`,
      ),
    });
  }
  if (!provider.startsWith('file:') && !existsSync(provider))
    throw new ConfigurationError(`the module ${resolve(provider)} does not exist`, {
      hint:
        'Give the path of an ES module that exports `adapter`; one in a ' +
        'configuration is taken from the folder of that file.',
    });
  return {
    name: provider,
    module: provider.startsWith('file:') ? provider : resolve(provider),
    isolated: true,
    settings,
  };
}

/** A URL without the user name and the password in it: they belong in no report. */
function withoutUserInfo(value: unknown): unknown {
  if (typeof value !== 'string' || !URL.canParse(value)) return value;
  const url = new URL(value);
  return url.username === '' && url.password === '' ? value : value.replace(/\/\/[^/@]*@/, '//');
}

const SECRET = ['password', 'secret', 'token', 'passphrase', 'credential'];

/** The provider and its settings for a run's header, as given but without secrets. */
export function providerChoice(options: ProviderOptions): Pick<ProviderChoice, 'provider' | 'settings'> {
  const adapter = BUILT_IN.find((a) => a.about.name === options.provider);
  const settings = Object.entries(givenSettings(options, adapter))
    .filter(([name]) => !SECRET.some((word) => name.toLowerCase().includes(word)))
    .map(([name, value]) => {
      const shown = withoutUserInfo(value);
      return [name, isOptionValue(shown) ? shown : JSON.stringify(shown)] as const;
    });
  return { provider: options.provider, ...(settings.length === 0 ? {} : { settings: Object.fromEntries(settings) }) };
}

/** Whether an option's value can stand in a header. */
export const isOptionValue = (value: unknown): value is OptionValue =>
  ['string', 'number', 'boolean'].includes(typeof value) ||
  (Array.isArray(value) && value.every((each) => typeof each === 'string'));
