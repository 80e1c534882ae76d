// From --provider and the options that go with it to what is opened.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigurationError } from '../../port/errors.js';
import type { ProviderSpec } from '../../port/provider-spec.js';
import { adapterModule } from '../package-files.js';

export interface ProviderOptions {
  readonly provider: string;
  readonly url?: string | undefined;
  readonly library?: string | undefined;
  readonly clsid?: string | undefined;
}

interface Known {
  readonly name: string;
  readonly says: string;
}

/** What --provider takes, for help and for `providers`. */
export const PROVIDERS: readonly Known[] = [
  {
    name: 'in-memory',
    says: 'the reference provider: a storage array and its cache in this process; nothing to set up',
  },
  {
    name: 'rest',
    says: 'a provider behind HTTP; needs --url (start one with: vds-conformance serve --provider in-memory)',
  },
  {
    name: 'ffi',
    says: 'a native COM provider, in a process of its own; needs --library and --clsid (on Windows --clsid alone, when it is registered)',
  },
  {
    name: 'defective:NAME',
    says: 'the reference provider with one defect, to see what a red report looks like; `providers` lists the names',
  },
  {
    name: 'lawful:NAME',
    says: 'the reference provider behaving otherwise in one lawful way, which must pass; `providers` lists the names',
  },
  { name: './module.js', says: 'your own adapter module, in a process of its own; docs/adapters.md has a template' },
];

const isPath = (text: string): boolean =>
  /^(?:\.{0,2}[/\\]|file:|[A-Za-z]:[/\\])/.test(text) || /\.[cm]?js$/.test(text);

/** Throws ConfigurationError for a provider that does not exist, or an option that it needs or does not know. */
export function providerSpec(options: ProviderOptions): ProviderSpec {
  const { provider } = options;
  const given = Object.fromEntries(
    (['url', 'library', 'clsid'] as const).flatMap((k) => (options[k] === undefined ? [] : [[k, options[k]]])),
  );
  const only = (...allowed: string[]): void => {
    for (const name of Object.keys(given)) {
      if (!allowed.includes(name))
        throw new ConfigurationError(`--${name} does not go with --provider ${provider}`, {
          hint:
            allowed.length > 0
              ? `It takes ${allowed.map((a) => `--${a}`).join(', ')}.`
              : 'It takes no option of its own.',
        });
    }
  };
  if (provider === 'in-memory') {
    only();
    return { name: provider, module: adapterModule('in-memory'), isolated: false, settings: {} };
  }
  if (provider === 'rest') {
    only('url');
    if (options.url === undefined)
      throw new ConfigurationError('--provider rest needs --url', {
        hint: 'For example --url http://127.0.0.1:8443; vds-conformance serve prints it.',
      });
    return { name: provider, module: adapterModule('rest'), isolated: false, settings: given };
  }
  if (provider === 'ffi') {
    only('library', 'clsid');
    if (options.clsid === undefined)
      throw new ConfigurationError('--provider ffi needs --clsid', {
        hint: 'The class id of the provider, for example --clsid {F3A5…}; npm run build:native prints that of the reference provider.',
      });
    return {
      name: provider,
      module: adapterModule('ffi'),
      isolated: true,
      settings: given.library === undefined ? given : { ...given, library: resolve(String(given.library)) },
    };
  }
  const [, family, variant] = /^(defective|lawful):(.+)$/.exec(provider) ?? [];
  if (family !== undefined) {
    only();
    return {
      name: provider,
      module: adapterModule(family),
      isolated: true,
      settings: family === 'defective' ? { defect: variant } : { variant },
    };
  }
  if (isPath(provider)) {
    only();
    if (!provider.startsWith('file:') && !existsSync(provider))
      throw new ConfigurationError(`there is no module ${resolve(provider)}`, {
        hint: 'Give the path of an ES module that exports `adapter`.',
      });
    return {
      name: provider,
      module: provider.startsWith('file:') ? provider : resolve(provider),
      isolated: true,
      settings: {},
    };
  }
  throw new ConfigurationError(`there is no provider "${provider}"`, {
    hint: `Known: ${PROVIDERS.map((p) => p.name).join(', ')}.`,
  });
}
