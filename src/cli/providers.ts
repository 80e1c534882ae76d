// `vds-conformance providers`: what --provider takes.
import type { CommandModule } from 'yargs';
import { DEFECTS } from '../../providers/defective/catalogue.js';
import { PROVIDERS } from './provider-option.js';

export const providersCommand: CommandModule = {
  command: 'providers',
  describe: 'Show what --provider takes, and the defective providers by name',
  handler: () => {
    for (const { name, says } of PROVIDERS) console.log(`${name.padEnd(16)} ${says}`);
    console.log('\nDefective providers:');
    const width = Math.max(...DEFECTS.map((d) => d.name.length));
    for (const { name, says } of DEFECTS) console.log(`  defective:${name.padEnd(width)} ${says}`);
  },
};
