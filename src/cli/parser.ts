// What the command line accepts, as yargs knows it. Running it, and what becomes of its errors, is main.ts.
import yargs from 'yargs';
import { cleanCommand } from './clean.js';
import { diffCommand } from './diff.js';
import { doctorCommand } from './doctor.js';
import { explainCommand } from './explain.js';
import { initCommand } from './init.js';
import { listCommand } from './list.js';
import { mergeCommand } from './merge.js';
import { packageVersion } from './package-files.js';
import { providersCommand } from './providers.js';
import { reportCommand } from './report.js';
import { runCommand } from './run.js';
import { serveCommand } from './serve.js';
import { verifyCommand } from './verify.js';

/** All commands with their options, ready to parse `args`. It throws for wrong usage and does not end the process. */
export const createParser = (args: readonly string[]) => yargs([...args])
  .scriptName('vds-conformance')
  .usage('$0 <command>\n\nFault injection and conformance checks for VDS hardware providers.')
  .command(runCommand)
  .command(doctorCommand)
  .command(initCommand)
  .command(listCommand)
  .command(reportCommand)
  .command(mergeCommand)
  .command(diffCommand)
  .command(verifyCommand)
  .command(providersCommand)
  .command(serveCommand)
  .command(cleanCommand)
  .command(explainCommand)
  .example('$0 run --provider defective:import-target-cleared-on-refresh', 'what a red report looks like')
  .example('$0 init', 'files to begin with for a provider of your own')
  .example('$0 doctor --config vds-conformance.json', 'look at it without changing anything')
  .example('$0 run --config vds-conformance.json', 'check it')
  .example('$0 explain VDS-5.6', 'what a requirement says, and which checks verify it')
  .completion('completion', 'Print a script for shell completion: put it into ~/.bashrc or ~/.zshrc')
  .strict()
  .version(packageVersion())
  .alias('help', 'h')
  .wrap(Math.min(120, process.stdout.columns ?? 120))
  .epilogue('Exit codes: 0 conformant, 1 not conformant, 2 wrong usage, 3 provider not loaded or nothing checked, 4 incomplete, 130 interrupted.')
  .exitProcess(false)
  .fail((message, error) => {
    throw error ?? new Error(message);
  });
