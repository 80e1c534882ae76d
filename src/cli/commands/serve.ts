// `vds-conformance serve`: any provider behind HTTP, for --provider rest.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { serve } from '../../../providers/rest/server.js';
import { openProvider } from '../../port/provider-spec.js';
import type { OptionsOf } from '../options/options-of.js';
import { providerSpec, PROVIDERS } from '../options/provider-option.js';

const options = (yargs: Argv<object>) =>
  yargs
    .option('provider', {
      type: 'string',
      demandOption: true,
      describe: PROVIDERS.filter((p) => p.name !== 'rest')
        .map((p) => p.name)
        .join(' | '),
    })
    .option('library', { type: 'string', describe: 'for --provider ffi' })
    .option('clsid', { type: 'string', describe: 'for --provider ffi' })
    .option('port', { type: 'number', default: 0, describe: 'the port; 0 takes a free one' })
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
    const scratch = mkdtempSync(join(tmpdir(), 'vds-conformance-serve-'));
    const server = await serve({
      adapter: { name: spec.name, open: (options) => openProvider(spec, options) },
      openOptions: (seed) => ({ settings: spec.settings, seed, scratch: mkdtempSync(join(scratch, 'session-')) }),
      port: args.port,
    });
    console.log(`ready: ${server.url}`);
    await new Promise<void>((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
    await server.close();
    rmSync(scratch, { recursive: true, force: true });
  },
};
