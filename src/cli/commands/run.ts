// `vds-conformance run`: the suite against a provider.
import { counted } from '../../contract/wording.js';
import { join, resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { hideBin } from 'yargs/helpers';
import { howToComplete } from '../../run/completion.js';
import { execute } from '../../run/execute.js';
import { left } from '../../run/plan.js';
import { quote } from '../../run/repeat-command.js';
import { EXIT, summarize } from '../../run/summary.js';
import { mustBeSameRun, InOrder } from '../../reporting/store/continue-run.js';
import { JOURNAL } from '../../reporting/store/journal.js';
import { createReporters } from '../../reporting/reporters.js';
import { inOrder } from '../../reporting/store/read-run.js';
import { lockFolder } from './folder-lock.js';
import { takeInterruptions } from './interruption.js';
import { follow, providerLog, removeProviderLog } from './provider-log.js';
import { options, type RunArguments } from '../options/run-command.js';
import type { OptionsOf } from '../options/options-of.js';
import { planFrom } from './run-plan.js';
import { watch } from './watch.js';
import { certify, linesFor, offerBaseline, openReport, runAt, streamsFor } from './stored-reports.js';

export const runCommand: CommandModule<object, OptionsOf<typeof options>> = {
  command: ['run', '$0'],
  describe: 'Run the conformance suite against a provider (the default command)',
  builder: options,
  handler: async (args) => {
    process.exitCode = await run(args);
  },
};

async function run(args: RunArguments): Promise<number> {
  if (args.watch) return watch(args, hideBin(process.argv));
  const reports = resolve(args.reports);
  const unlock = lockFolder(reports);
  try {
    return await runIn(reports, args);
  } finally {
    unlock();
  }
}

async function runIn(reports: string, args: RunArguments): Promise<number> {
  // Before its reports are replaced, where it is in the same folder.
  const since = runAt(args.since);
  const { plan, earlier, key } = await planFrom(args, reports);
  if (earlier !== undefined) mustBeSameRun(earlier, plan.header, join(reports, JOURNAL));
  const header = earlier?.header ?? plan.header;
  const out = linesFor(args.stdout);
  const say = (line: string): void => void out.write(`${line}\n`);
  const reporters = createReporters({
    reports,
    ...streamsFor(args.stdout),
    color: args.color,
    quiet: args.quiet,
    verbose: args.verbose,
    providerOutput: args.providerOutput ? follow(providerLog(reports)) : undefined,
    journal: earlier,
    since,
  });
  if (earlier !== undefined) {
    const still = left(plan).length;
    say(
      still === 0
        ? `The run in ${args.reports} (started ${header.startedAt}) is already finished; these are its results. ` +
            'Leave out --resume to run again.'
        : `Going on with the run in ${args.reports}: ${counted(plan.known.length, 'check is', 'checks are')} done, ` +
            `${still} ${still === 1 ? 'is' : 'are'} left.`,
    );
  }
  const told = new InOrder(header, plan.known, (result) => reporters.checkFinished(result));
  // Started before any signal is taken: a folder that hangs must not keep a Ctrl-C from ending the process.
  reporters.runStarted(header);
  if (earlier === undefined) removeProviderLog(reports);
  told.begin();
  const { results, ...circumstances } = await execute(
    { ...plan, header },
    { takeInterruptions, onResult: (result) => told.take(result) },
  );
  told.end();
  const ordered = inOrder(header, results);
  const summary = summarize(header, ordered, circumstances);
  await reporters.runFinished(header, ordered, summary);
  if (circumstances.interrupted || circumstances.problems.length > 0) {
    const still = left({ header, known: results }).length;
    if (still > 0)
      say(
        `To go on with the ${still === 1 ? 'check that is' : `${still} checks that are`} left, repeat the command ` +
          `with --resume and --seed ${quote(header.seed)}.`,
      );
  } else if (summary.exitCode === EXIT.incomplete && !args.quiet)
    for (const line of howToComplete(ordered, header.allowInconclusive)) say(line);
  certify(key, reports, header, summary, out);
  offerBaseline(args, ordered, out);
  if (args.open) await openReport(reports, out);
  // A check cut short keeps its provider waiting, and so this process; everything is written by now.
  if (circumstances.interrupted) process.exit(summary.exitCode);
  return summary.exitCode;
}
