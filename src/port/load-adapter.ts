// Loads the adapter that a module exports and opens a session with it, with errors that say what the module lacks.
import { pathToFileURL } from 'node:url';
import { errorToWire, ProviderNotLoaded, thrownAt } from './errors.js';
import { checkSettings } from './adapter-settings.js';
import { offerOwnPackage } from './own-package.js';
import type { OpenOptions, Port, ProviderAdapter } from './port.js';

const TEMPLATE = 'docs/adapters.md has a template.';

/**
 * The `adapter` export (or the default export) of the module at a path or file URL. Rejects with ProviderNotLoaded when
 * the module cannot be imported or exports no adapter.
 */
export async function loadAdapter(module: string): Promise<ProviderAdapter> {
  const url = module.startsWith('file:') ? module : pathToFileURL(module).href;
  let loaded: { readonly adapter?: unknown; readonly default?: unknown };
  try {
    offerOwnPackage(url);
    loaded = (await import(url)) as typeof loaded;
  } catch (error) {
    throw new ProviderNotLoaded(
      `the module ${module} could not be loaded: ${errorToWire(error, 'VDSC_LOAD').message}`,
      {
        hint: [
          error instanceof SyntaxError ? `node --check ${module} shows where.` : thrownAt(error),
          'It must be an ES module that Node can import.',
        ]
          .filter((hint) => hint !== '')
          .join(' '),
        cause: error,
      },
    );
  }
  const adapter = (loaded.adapter ?? loaded.default) as Partial<ProviderAdapter> | undefined;
  if (typeof adapter?.open !== 'function' || typeof adapter.name !== 'string') {
    throw new ProviderNotLoaded(`the module ${module} exports no provider adapter`, {
      hint: `Export \`adapter\`, an object with a name and an open() method; ${TEMPLATE}`,
    });
  }
  if (adapter.settings !== undefined && typeof adapter.settings['~standard']?.validate !== 'function') {
    throw new ProviderNotLoaded(`the settings of the adapter in ${module} are not a schema`, {
      hint: 'Export a zod object (zod 3.24 or later), or leave `settings` out: then any are passed on to open().',
    });
  }
  return adapter as ProviderAdapter;
}

const PORT: readonly (keyof Port)[] = [
  'createInstance',
  'queryInterface',
  'addRef',
  'release',
  'identity',
  'invoke',
  'createSink',
  'setSinkAnswer',
  'onNotification',
  'drainNotifications',
  'close',
  'terminate',
];

/**
 * Opens a session with the adapter of a module. Rejects with ConfigurationError for settings that its schema refuses,
 * before it is opened; with ProviderNotLoaded, also when what open() answers is not a port, or as the adapter does.
 */
export async function openAdapter(module: string, options: OpenOptions): Promise<Port> {
  const adapter = await loadAdapter(module);
  const settings = await checkSettings(adapter, options.settings);
  const port = (await adapter.open({ ...options, settings })) as Partial<Port> | null | undefined;
  const lacking = PORT.filter((name) => typeof port?.[name] !== 'function');
  if (lacking.length > 0) {
    throw new ProviderNotLoaded(
      `the adapter ${adapter.name} opened something that is not a port: it lacks ${lacking.join(', ')}`,
      {
        hint: `An ObjectServer is one; ${TEMPLATE}`,
      },
    );
  }
  return port as Port;
}
