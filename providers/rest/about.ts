// The description of the REST adapter.
import { z } from 'zod';
import type { AdapterDescription } from '../../src/port/port.js';

/** Why a text cannot be the server's URL. */
function problemWith(text: string): string | undefined {
  if (!URL.canParse(text)) return 'is not a URL';
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'does not begin with http:// or https://';
  if (url.username !== '' || url.password !== '') return 'has a user name or a password, which would not be sent';
  return url.search === '' && url.hash === '' ? undefined : 'has a query or a fragment';
}

export const rest = {
  name: 'rest',
  says: 'a provider behind HTTP (start one with: vds-conformance serve --provider in-memory)',
  isolated: false,
  settings: z.strictObject({
    url: z
      .string({ error: () => "the URL of the provider's server is not given" })
      .superRefine((text, context) => {
        const problem = problemWith(text);
        if (problem !== undefined) context.addIssue(`the URL of the provider's server ${problem}`);
      })
      .meta({ description: 'the address of the provider, for example http://127.0.0.1:8443', flag: true }),
  }),
} as const satisfies AdapterDescription;
