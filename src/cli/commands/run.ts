// `vds-conformance run`: the suite against a provider.
import { join, resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { execute } from '../../run/execute.js';
import { summarize } from '../../run/summary.js';
import { mustBeSameRun, InOrder } from '../../reporting/store/continue-run.js';
import { JOURNAL } from '../../reporting/store/journal.js';
import { createReporters } from '../../reporting/reporters.js';
import { inOrder } from '../../reporting/store/read-run.js';
import { takeInterruptions } from './interruption.js';
import { options, type RunArguments } from '../options/run-command.js';
import type { OptionsOf } from '../options/options-of.js';
import { planFrom } from './run-plan.js';
import { certify, offerBaseline } from './stored-reports.js';

export const runCommand: CommandModule<object, OptionsOf<typeof options>> = {
  command: ['run', '$0'],
  describe: 'Run the conformance suite against a provider (the default command)',
  builder: options,
  handler: async (args) => {
    process.exitCode = await run(args);
  },
};

async function run(args: RunArguments): Promise<number> {
  const reports = resolve(args.reports);
  const { plan, earlier, key } = await planFrom(args, reports);
  if (earlier !== undefined) mustBeSameRun(earlier, plan.header, join(reports, JOURNAL));
  const header = earlier?.header ?? plan.header;
  const reporters = createReporters({
    reports,
    out: process.stdout,
    color: args.color,
    quiet: args.quiet,
    journal: earlier,
  });
  const told = new InOrder(header, plan.known, (result) => reporters.checkFinished(result));
  // Started before any signal is taken: a folder that hangs must not keep a Ctrl-C from ending the process.
  reporters.runStarted(header);
  told.begin();
  const { results, ...circumstances } = await execute(
    { ...plan, header },
    { takeInterruptions, onResult: (result) => told.take(result) },
  );
  told.end();
  const ordered = inOrder(header, results);
  const summary = summarize(header, ordered, circumstances);
  await reporters.runFinished(header, ordered, summary);
  certify(key, reports, header, summary);
  offerBaseline(args.writeBaseline, ordered);
  // A check cut short keeps its provider waiting, and so this process; everything is written by now.
  if (circumstances.interrupted) process.exit(summary.exitCode);
  return summary.exitCode;
}
