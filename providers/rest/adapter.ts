// The adapter `rest`: a provider behind an HTTP server, ours (`vds-conformance serve`) or a vendor's gateway.
import { RemotePort } from '../../src/port/operations.js';
import { OPEN_LIMIT, type ProviderAdapter } from '../../src/port/port.js';
import { rest } from './about.js';
import { RestChannel } from './client.js';

export const adapter: ProviderAdapter = {
  ...rest,
  open: async ({ settings, seed, openLimit }) =>
    new RemotePort(await RestChannel.open(new URL(String(settings['url'])), seed, openLimit ?? OPEN_LIMIT)),
};
