#!/usr/bin/env node
// The command line. Each command has a file of its own.
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { EXIT } from '../conformance/verdict.js';
import { HarnessError } from '../provider/errors.js';
import { diffCommand } from './diff.js';
import { readConfiguration, optionsOf } from './config.js';
import { explainCommand } from './explain.js';
import { cleanCommand } from './clean.js';
import { listCommand } from './list.js';
import { mergeCommand } from './merge.js';
import { packageVersion } from './package-files.js';
import { providersCommand } from './providers.js';
import { reportCommand } from './report.js';
import { runCommand } from './run.js';
import { providerOptions } from './run-options.js';
import { serveCommand } from './serve.js';
import { verifyCommand } from './verify.js';

const parser = yargs(hideBin(process.argv))
  .scriptName('vds-conformance')
  .usage('$0 <command>\n\nFault injection and conformance checks for VDS hardware providers.')
  .command(runCommand)
  .command(listCommand)
  .command(reportCommand)
  .command(mergeCommand)
  .command(diffCommand)
  .command(verifyCommand)
  .command(providersCommand)
  .command(serveCommand)
  .command(cleanCommand)
  .command(explainCommand)
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

try {
  const { config, target, _: [command] } = await yargs(hideBin(process.argv)).help(false).version(false).exitProcess(false).option('config', { type: 'string' }).option('target', { type: 'string' }).parse();
  if (config !== undefined && config !== '') parser.config(forCommand(command, optionsOf(await readConfiguration(config), target)));
  await parser.parseAsync();
} catch (error) {
  process.exitCode = EXIT.usage;
  if (error instanceof HarnessError) {
    console.error(error.describe());
    if (error.code !== 'VDSC_CONFIG') process.exitCode = EXIT.notLoaded;
  } else if (error instanceof Error && error.stack !== undefined && !/YError/.test(error.name) && !isUsage(error)) console.error(error.stack);
  else console.error(`${error instanceof Error ? error.message : String(error)}\nvds-conformance --help shows what it takes.`);
}

/** yargs hands over its usage messages as plain errors made in our fail handler. */
function isUsage(error: Error): boolean {
  return error.stack?.includes('yargs') === true;
}

/** `clean` takes what it knows of a configuration that is made for `run`. */
function forCommand(command: string | number | undefined, options: Record<string, unknown>): Record<string, unknown> {
  if (command !== 'clean') return options;
  return Object.fromEntries(Object.entries(options).filter(([name]) => name in providerOptions || name === 'reports' || name.toLowerCase().endsWith('timeout')));
}
