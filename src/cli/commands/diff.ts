// `vds-conformance diff`: what changed from one run to another.
import type { Argv, CommandModule } from 'yargs';
import { diffLines, diffRuns } from '../../reporting/insight/diff.js';
import { readRun } from '../../reporting/store/read-run.js';
import type { OptionsOf } from '../options/options-of.js';

const options = (yargs: Argv<object>) =>
  yargs
    .positional('before', {
      type: 'string',
      demandOption: true,
      describe: 'the older run: its reports folder, results.json or journal.ndjson',
    })
    .positional('after', { type: 'string', demandOption: true, describe: 'the newer run' })
    .option('json', { type: 'boolean', default: false, describe: 'as JSON' })
    .example('$0 diff reports-1.2 reports-1.3', 'did the new release break anything?');

export const diffCommand: CommandModule<object, OptionsOf<typeof options>> = {
  command: 'diff <before> <after>',
  describe:
    'Show what failed newly, was fixed, or still fails from one run to another; exit code 1 when something got worse',
  builder: options,
  handler: (args) => {
    const [before, after] = [readRun(args.before), readRun(args.after)];
    const diff = diffRuns(before, after);
    console.log(args.json ? JSON.stringify(diff, null, 2) : diffLines(before, after, diff).join('\n'));
    process.exitCode = diff.worse.length === 0 ? 0 : 1;
  },
};
