// The adapter `rest`: a provider behind an HTTP server, ours (`vds-conformance serve`) or a vendor's gateway.
import { z } from 'zod';
import { ConfigurationError } from '../../src/port/errors.js';
import { RemotePort } from '../../src/port/operations.js';
import type { OpenOptions, Port, ProviderAdapter } from '../../src/port/port.js';
import { RestChannel } from './client.js';

/** Loading a provider and finding its devices may take a while; a server that accepts and never answers must still end. */
const OPEN_LIMIT = 120_000;

/** Why a text cannot be the server's URL. */
function problemWith(text: string): string | undefined {
  if (!URL.canParse(text)) return 'is no URL';
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'does not begin with http:// or https://';
  if (url.username !== '' || url.password !== '') return 'has a user name or a password, which would not be sent';
  return url.search === '' && url.hash === '' ? undefined : 'has a query or a fragment';
}

const Settings = z.object({
  url: z.string({ error: () => "the URL of the provider's server is not given" }).superRefine((text, context) => {
    const problem = problemWith(text);
    if (problem !== undefined) context.addIssue(`the URL of the provider's server ${problem}`);
  }),
  openLimit: z.coerce
    .number({ error: () => 'openLimit is no number of milliseconds' })
    .int()
    .positive()
    .default(OPEN_LIMIT),
});

/**
 * Settings: `url` of the server, and `openLimit`, the milliseconds that opening a session may take (120000 unless given). Rejects with
 * ConfigurationError when they are missing or wrong.
 */
async function open(options: OpenOptions): Promise<Port> {
  const settings = Settings.safeParse(options.settings);
  if (!settings.success) {
    throw new ConfigurationError(settings.error.issues.map((issue) => issue.message).join('; '), {
      hint: 'Pass --url, as in --url http://127.0.0.1:8443.',
    });
  }
  return new RemotePort(await RestChannel.open(new URL(settings.data.url), options.seed, settings.data.openLimit));
}

export const adapter: ProviderAdapter = { name: 'rest', open };
