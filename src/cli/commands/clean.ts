// `vds-conformance clean`: removes what a killed run left behind.
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { clean } from '../../lab/clean-up.js';
import { LEDGER, leftoversOf, nothingLeft, readLedger } from '../../lab/ledger.js';
import { EXIT } from '../../run/summary.js';
import { parseGuid, type Guid } from '../../contract/guid.js';
import { ConfigurationError } from '../../port/errors.js';
import { withProvider } from '../options/open-provider.js';
import type { OptionsOf } from '../options/options-of.js';
import { providerSpec } from '../options/provider-option.js';
import { configOptions, limitOptions, limitsFrom, providerOptions } from '../options/run-options.js';

const options = (yargs: Argv<object>) =>
  yargs
    .options(configOptions)
    .options(providerOptions)
    .demandOption('provider')
    .options(limitOptions)
    .option('reports', {
      type: 'string',
      default: 'reports',
      requiresArg: true,
      describe: 'the reports folder of the run, which holds its ledger',
    })
    .option('also', {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: "ids of LUNs that are the run's, as you know, although it was killed before it learnt their ids",
    })
    .option('dry-run', { type: 'boolean', default: false, describe: 'say what would be done, and do nothing' })
    .example('$0 clean --provider ./adapter.mjs --dry-run', 'what a killed run left behind')
    .example('$0 clean --provider ./adapter.mjs', 'remove it');

export const cleanCommand: CommandModule<object, OptionsOf<typeof options>> = {
  command: 'clean',
  describe: 'Remove what a killed run left on the system, as its ledger lists it',
  builder: options,
  handler: async (args) => {
    const reports = resolve(args.reports);
    if (nothingLeft(leftoversOf(readLedger(reports)))) {
      console.log(`Nothing to clean: ${join(reports, LEDGER)} lists no object that was left behind.`);
      return;
    }
    const also = (args.also ?? []).map((text): Guid => {
      const id = parseGuid(text);
      if (id === undefined)
        throw new ConfigurationError(`"${text}" is not an object id`, {
          hint: '--also takes GUIDs as clean prints them.',
        });
      return id;
    });
    const { done, gone, problems } = await withProvider(providerSpec(args), limitsFrom(args), undefined, ({ loaded }) =>
      clean(loaded, { reports, dryRun: args.dryRun, also }),
    );
    for (const each of done) console.log(each);
    for (const each of gone) console.log(`already gone: ${each}`);
    for (const each of problems) console.log(`NOT CLEAN: ${each}`);
    if (problems.length > 0) process.exitCode = EXIT.incomplete;
    else if (!args.dryRun) {
      rmSync(join(reports, LEDGER), { force: true });
      console.log('The system is clean.');
    }
  },
};
