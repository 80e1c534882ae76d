// `vds-conformance report`: all reports again, from the journal that a run left.
import { join, resolve } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { JOURNAL, readJournal } from '../../reporting/store/journal.js';
import { inOrder, withoutResult } from '../../reporting/store/read-run.js';
import type { OptionsOf } from '../options/options-of.js';
import {
  certificateOptions,
  consoleOptions,
  checkBaseline,
  linesFor,
  offerBaseline,
  writeBaselineOption,
  signingKey,
  writeReports,
} from './stored-reports.js';

const options = (yargs: Argv<object>) =>
  yargs
    .positional('run', {
      type: 'string',
      demandOption: true,
      describe: 'the reports folder of the run, which holds its journal.ndjson',
    })
    .option('reports', {
      type: 'string',
      requiresArg: true,
      describe: "folder for the reports, instead of the run's own",
    })
    .options(writeBaselineOption)
    .options(certificateOptions)
    .options(consoleOptions)
    .example('$0 report reports', 'after a run that was killed');

export const reportCommand: CommandModule<object, OptionsOf<typeof options>> = {
  command: 'report <run>',
  describe: 'Write all reports of a run again from its journal, even if it was killed',
  builder: options,
  handler: async (args) => {
    const key = signingKey(args);
    checkBaseline(args);
    const { header, results, summary } = readJournal(join(args.run, JOURNAL));
    const reports = args.reports ?? args.run;
    const left = withoutResult(header, results).length;
    const circumstances = summary ?? {
      problems: [`the run ended before its time, with ${left} of ${header.checks.length} checks to go`],
      interrupted: true,
      ms: results.reduce((sum, r) => sum + r.ms, 0),
    };
    process.exitCode = await writeReports({
      reports,
      header,
      results: inOrder(header, results),
      circumstances,
      quiet: args.quiet,
      verbose: args.verbose,
      color: args.color,
      stdout: args.stdout,
      open: args.open,
      since: args.since,
      key,
      // Never written over by what is read from it.
      journal: resolve(reports) === resolve(args.run) ? 'kept' : undefined,
    });
    offerBaseline(args, results, linesFor(args.stdout));
  },
};
