// `vds-conformance serve`: any provider behind HTTP, for --provider rest.
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { serve } from '../../../providers/rest/server.js';
import { v4 } from 'uuid';
import { withScratch } from '../../run/scratch.js';
import { openProvider } from '../../port/provider-spec.js';
import type { OptionsOf } from '../options/options-of.js';
import { providerSpec } from '../options/provider-option.js';
import { providerOptions } from '../options/run-options.js';

const options = (yargs: Argv<object>) =>
  yargs
    .options(providerOptions)
    .demandOption('provider')
    .option('port', { type: 'number', default: 0, describe: 'the port; 0 takes a free one' })
    .option('path', {
      type: 'string',
      requiresArg: true,
      describe: 'the first part of every path, without slashes (default: random, so that nobody guesses the address)',
    })
    .example(
      '$0 serve --provider in-memory --port 8443',
      'then: vds-conformance run --provider rest --url http://127.0.0.1:8443',
    );

export const serveCommand: CommandModule<object, OptionsOf<typeof options>> = {
  command: 'serve',
  describe: 'Offer a provider over HTTP on the loopback address, until interrupted',
  builder: options,
  handler: async (args) => {
    const spec = providerSpec(args);
    await withScratch(async (scratch) => {
      // Wrong settings and a provider that cannot be opened are found now, and not by the first client.
      await (await openProvider(spec, { seed: 'look', scratch: join(scratch, 'look') })).close();
      const server = await serve({
        adapter: { name: spec.name, open: (options) => openProvider(spec, options) },
        openOptions: (seed) => ({ settings: spec.settings, seed, scratch: mkdtempSync(join(scratch, 'session-')) }),
        port: args.port,
        path: args.path ?? v4(),
      });
      console.log(`ready: ${server.url}`);
      await new Promise<void>((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
      await server.close();
    });
  },
};
