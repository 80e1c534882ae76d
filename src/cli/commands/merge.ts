// `vds-conformance merge`: the shards of a run as one.
import { resolve } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { ConfigurationError } from '../../port/errors.js';
import { mergeShards } from '../../reporting/store/merge.js';
import { readRun } from '../../reporting/store/read-run.js';
import type { OptionsOf } from '../options/options-of.js';
import { certificateOptions, consoleOptions, signingKey, writeReports } from './stored-reports.js';

const options = (yargs: Argv<object>) =>
  yargs
    .positional('run', {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'the reports folders of the shards',
    })
    .option('reports', {
      type: 'string',
      default: 'reports',
      requiresArg: true,
      describe: 'folder for the reports of the whole run',
    })
    .option('partial', {
      type: 'boolean',
      default: false,
      describe: 'report what there is when shards or checks are missing; the run is then incomplete',
    })
    .options(certificateOptions)
    .options(consoleOptions)
    .example(
      '$0 merge shard-1 shard-2 shard-3 --reports reports',
      'after run --shard 1/3 … --reports shard-1, and so on',
    );

export const mergeCommand: CommandModule<object, OptionsOf<typeof options>> = {
  command: 'merge <run..>',
  describe: 'Merge the shards of a run: writes the reports and gives the verdict and exit code of the whole',
  builder: options,
  handler: async (args) => {
    const key = signingKey(args);
    if (args.run.some((run) => resolve(run) === resolve(args.reports))) {
      throw new ConfigurationError(
        `${args.reports} is the folder of a shard, whose journal the merged one would replace`,
        { hint: 'Name another folder with --reports.' },
      );
    }
    const merged = mergeShards(args.run.map(readRun), { partial: args.partial });
    process.exitCode = await writeReports({
      ...merged,
      reports: args.reports,
      quiet: args.quiet,
      verbose: args.verbose,
      color: args.color,
      stdout: args.stdout,
      open: args.open,
      since: args.since,
      key,
    });
  },
};
