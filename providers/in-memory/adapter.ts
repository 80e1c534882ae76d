// The adapter of the in-memory reference provider: each session has an array of its own, and any number of provider
// instances on it.
import type { OpenOptions, Port, ProviderAdapter } from '../../src/port/port.js';
import { inMemory } from './about.js';
import { Allocator } from './allocator.js';
import { EventChannel } from './array/events.js';
import { FaultLog } from './injection/fault-log.js';
import { Gate } from './array/gate.js';
import type { Parts, System } from './parts.js';
import { PARTS_OF_PROFILE } from './profiles/parts.js';
import { DEFAULT_PROFILE, type ProfileName } from './profiles/profile.js';
import { REFERENCE_PARTS } from './reference-parts.js';
import { guardOf, InMemoryServer, unimplemented } from './server.js';

export { REFERENCE_PARTS, type Parts };

/**
 * Opens a session with a new array. `overrides` puts other classes in place of the reference's own: a variant
 * subclasses one of them (`createInMemory(options, { Lun: class extends LunObject { … } })`). `profile` says which kind
 * of array it is.
 */
export function createInMemory(
  options: Pick<OpenOptions, 'seed' | 'ownProcess'>,
  overrides: Partial<Parts> = {},
  profile: ProfileName = DEFAULT_PROFILE,
): Port {
  const parts: Parts = { ...REFERENCE_PARTS, ...PARTS_OF_PROFILE[profile], ...overrides };
  const system: System = {
    parts,
    array: new parts.StorageArray(options.seed),
    gate: new Gate(),
    events: new EventChannel(),
    allocator: new Allocator(),
    faults: new FaultLog(),
    crashes: options.ownProcess === true ? new Set() : undefined,
  };
  return new InMemoryServer(system.gate, {
    create: () => new parts.Provider(system),
    guard: guardOf(system),
    unimplemented,
  });
}

export const adapter: ProviderAdapter = {
  ...inMemory,
  open: async (options) => createInMemory(options, {}, inMemory.settings.parse(options.settings).profile),
};
