// `vds-conformance providers`: what --provider takes.
import type { CommandModule } from 'yargs';
import { BLIND } from '../../../providers/defective/blind/defects.js';
import { DEFECTS } from '../../../providers/defective/catalogue.js';
import { VARIANTS } from '../../../providers/lawful/variants.js';
import { PROVIDERS } from '../options/provider-option.js';

function show(title: string, family: string, rows: readonly { readonly name: string; readonly says: string }[]): void {
  const width = Math.max(...rows.map((r) => r.name.length));
  console.log(`\n${title}:`);
  for (const { name, says } of rows) console.log(`  ${family}:${name.padEnd(width)}  ${says}`);
}

export const providersCommand: CommandModule = {
  command: 'providers',
  describe: 'Show what --provider takes, with the defective and the lawful variants by name',
  handler: () => {
    for (const { name, says } of PROVIDERS) console.log(`${name.padEnd(16)} ${says}`);
    show('Defective providers', 'defective', DEFECTS);
    show('Defective providers, written without sight of the checks', 'defective', BLIND);
    show('Lawful variants', 'lawful', VARIANTS);
  },
};
