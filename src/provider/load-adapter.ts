// Loads the adapter that a module exports, with an error that says what the module lacks.
import { pathToFileURL } from 'node:url';
import { ProviderNotLoaded } from './errors.js';
import type { ProviderAdapter } from './port.js';

/**
 * The `adapter` export (or the default export) of the module at a path or file URL. Rejects with ProviderNotLoaded when the module cannot be
 * imported or exports no adapter.
 */
export async function loadAdapter(module: string): Promise<ProviderAdapter> {
  const url = module.startsWith('file:') ? module : pathToFileURL(module).href;
  let loaded: { readonly adapter?: unknown; readonly default?: unknown };
  try {
    loaded = (await import(url)) as typeof loaded;
  } catch (error) {
    throw new ProviderNotLoaded(`the module ${module} could not be loaded: ${error instanceof Error ? error.message : String(error)}`, {
      hint: 'It must be an ES module that Node can import.', cause: error,
    });
  }
  const adapter = (loaded.adapter ?? loaded.default) as Partial<ProviderAdapter> | undefined;
  if (typeof adapter?.open !== 'function' || typeof adapter.name !== 'string') {
    throw new ProviderNotLoaded(`the module ${module} exports no provider adapter`, { hint: 'Export `adapter`, an object with a name and an open() method; docs/adapters.md has a template.' });
  }
  return adapter as ProviderAdapter;
}
