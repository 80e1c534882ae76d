// Which provider to open and how, as plain data that can cross to the engine's worker.
import { openIsolated } from './host/isolated.js';
import { openAdapter } from './load-adapter.js';
import type { OpenOptions, Port } from './port.js';

export interface ProviderSpec {
  /** For people: what was given to --provider. */
  readonly name: string;
  /** The module that exports the adapter: a path or file URL. */
  readonly module: string;
  /** Whether its code is foreign and so runs in a provider host. */
  readonly isolated: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * Opens a session with the provider. Rejects with ProviderNotLoaded, ProviderUnreachable, ConfigurationError or, when
 * isolated, ProviderCrashed or ProviderHung.
 */
export async function openProvider(spec: ProviderSpec, options: Omit<OpenOptions, 'settings'>): Promise<Port> {
  const full = { ...options, settings: spec.settings };
  return spec.isolated ? openIsolated(spec.module, full) : openAdapter(spec.module, full);
}
