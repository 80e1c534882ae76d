// What the adapter of the reference provider says of itself.
import { z } from 'zod';
import type { AdapterDescription } from '../../src/port/port.js';

export const inMemory = {
  name: 'in-memory',
  says: 'the reference provider: a storage array and its cache in this process; nothing to set up',
  isolated: false,
  settings: z.strictObject({}),
} as const satisfies AdapterDescription;
