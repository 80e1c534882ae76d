// The description of the FFI adapter.
import { z } from 'zod';
import { parseGuid } from '../../src/contract/guid.js';
import type { AdapterDescription } from '../../src/port/port.js';

const clsid = z
  .string({ error: () => 'the class id of the provider is not given' })
  .transform((text, context) => {
    const guid = parseGuid(text.trim());
    if (guid !== undefined) return guid;
    context.addIssue({ code: 'custom', message: `"${text}" is not a GUID` });
    return z.NEVER;
  })
  .meta({
    description:
      "the provider's class id, braced or bare; `npm run build:native` prints that of the reference provider",
    flag: true,
  });

const library = z.string().min(1).optional().meta({
  description: "the path of the provider's DLL or shared library; on Windows not needed for a registered provider",
  flag: true,
  path: true,
});

const profile = z
  .string()
  .min(1)
  .optional()
  .meta({
    description:
      'which array a provider that simulates several is to stand for; it ' +
      'finds the name in VDSC_NATIVE_PROFILE, as the ' +
      'reference provider does (iscsi, fibre-channel, pools, legacy)',
  });

export const ffi = {
  name: 'ffi',
  says: 'a native COM provider, in a process of its own',
  isolated: true,
  settings: z.strictObject({ library, clsid, profile }).superRefine((settings, context) => {
    // Only Windows can find a class by its id alone.
    if (settings.library === undefined && process.platform !== 'win32')
      context.addIssue({
        code: 'custom',
        path: ['library'],
        message: "the path of the provider's library is not given",
      });
  }),
} as const satisfies AdapterDescription;
