// The description of the adapter of the lawful variants.
import { z } from 'zod';
import type { AdapterDescription } from '../../src/port/port.js';

export const lawful = {
  name: 'lawful',
  says: 'the reference provider behaving otherwise in one lawful way, which must pass',
  isolated: true,
  settings: z.strictObject({
    variant: z.string().describe('the name of the variant; `vds-conformance providers` lists them'),
  }),
} as const satisfies AdapterDescription;
