// `vds-conformance providers`: what --provider takes, and the settings of each.
import type { Argv, CommandModule } from 'yargs';
import { BLIND } from '../../../providers/defective/blind/defects.js';
import { DEFECTS } from '../../../providers/defective/catalogue.js';
import { VARIANTS } from '../../../providers/lawful/variants.js';
import { describeModule } from '../../port/host/describe.js';
import { ConfigurationError } from '../../port/errors.js';
import type { SettingDescription } from '../../port/adapter-settings.js';
import type { OptionsOf } from '../options/options-of.js';
import { isPath, PROVIDERS } from '../options/provider-option.js';

const options = (yargs: Argv<object>) =>
  yargs
    .positional('module', {
      type: 'string',
      describe: 'the module of your own adapter, to show its description and settings',
    })
    .option('grep', {
      type: 'string',
      requiresArg: true,
      describe: 'only those whose name or description holds this text',
    })
    .example('$0 providers --grep import-target', 'defective and lawful providers about the import target');

const settingLines = (settings: readonly SettingDescription[]): string[] =>
  settings.map(
    ({ name, says, required, type, flag }) =>
      `      ${flag ? `--${name}` : `--set ${name}=…`}  ${says === '' ? type : says}${required ? ' (required)' : ''}`,
  );

type Row = { readonly name: string; readonly says: string };

function show(title: string, family: string, all: readonly Row[], wanted: (row: Row) => boolean): void {
  const rows = all.filter(wanted);
  if (rows.length === 0) return;
  const width = Math.max(...rows.map((r) => r.name.length));
  console.log(`\n${title} (${rows.length === all.length ? all.length : `${rows.length} of ${all.length}`}):`);
  for (const { name, says } of rows) console.log(`  ${family}:${name.padEnd(width)}  ${says}`);
}

export const providersCommand: CommandModule<object, OptionsOf<typeof options>> = {
  command: 'providers [module]',
  describe: 'List the values of --provider with their settings, and the defective and lawful variants',
  builder: options,
  handler: async ({ module, grep }) => {
    if (module !== undefined) {
      if (!isPath(module))
        throw new ConfigurationError(`"${module}" is not the path of a module`, {
          hint: 'Search the built-in ones with --grep, or begin a path with ./',
        });
      const { name, says, settings } = await describeModule(module);
      console.log(
        [
          `${name}  ${says}`,
          ...(settings === undefined
            ? ['      it has no schema for its settings: any --set key=value is passed on to open()']
            : settingLines(settings)),
        ].join('\n'),
      );
      return;
    }
    const text = grep?.toLowerCase();
    const wanted = ({ name, says }: Row): boolean =>
      text === undefined || `${name} ${says}`.toLowerCase().includes(text);
    for (const provider of PROVIDERS.filter(wanted)) {
      console.log(`${provider.name.padEnd(16)} ${provider.says}`);
      for (const line of settingLines(provider.settings)) console.log(line);
    }
    show('Defective providers', 'defective', DEFECTS, wanted);
    show('Defective providers, written without sight of the checks', 'defective', BLIND, wanted);
    show('Lawful variants', 'lawful', VARIANTS, wanted);
  },
};
