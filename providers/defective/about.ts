// The description of the adapter of the defective providers.
import { z } from 'zod';
import type { AdapterDescription } from '../../src/port/port.js';

export const defective = {
  name: 'defective',
  says: 'the reference provider with one defect, to see what a red report looks like',
  isolated: true,
  settings: z.strictObject({
    defect: z.string().describe('the name of the defect; `vds-conformance providers` lists them'),
  }),
} as const satisfies AdapterDescription;
