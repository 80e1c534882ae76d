// The built-in adapters: what each says of itself, and the module that opens it, which is loaded only when it is used.
import type { AdapterDescription } from '../src/port/port.js';
import { defective } from './defective/about.js';
import { ffi } from './ffi/about.js';
import { inMemory } from './in-memory/about.js';
import { lawful } from './lawful/about.js';
import { rest } from './rest/about.js';

export interface BuiltInAdapter {
  readonly about: AdapterDescription;
  /** The module that exports the adapter, as a file URL. */
  readonly module: string;
  /** The setting that may stand behind the name, as in `defective:NAME`. */
  readonly variant?: string;
}

const moduleOf = (folder: string): string => new URL(`./${folder}/adapter.js`, import.meta.url).href;

export const BUILT_IN: readonly BuiltInAdapter[] = [
  { about: inMemory, module: moduleOf('in-memory') },
  { about: rest, module: moduleOf('rest') },
  { about: ffi, module: moduleOf('ffi') },
  { about: defective, module: moduleOf('defective'), variant: 'defect' },
  { about: lawful, module: moduleOf('lawful'), variant: 'variant' },
];
