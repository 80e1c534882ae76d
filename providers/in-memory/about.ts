// The description of the adapter of the reference provider.
import { z } from 'zod';
import type { AdapterDescription } from '../../src/port/port.js';
import { DEFAULT_PROFILE, PROFILE_NAMES, PROFILES } from './profiles/profile.js';

const profile = z
  .enum(PROFILE_NAMES)
  .default(DEFAULT_PROFILE)
  .meta({
    description: `which array it stands for: ${PROFILE_NAMES.map((name) => `${name}, ${PROFILES[name]}`).join('; ')}`,
  });

export const inMemory = {
  name: 'in-memory',
  says: 'the reference provider: a storage array and its cache in this process; nothing to set up',
  isolated: false,
  settings: z.strictObject({ profile }),
} as const satisfies AdapterDescription;
