#!/usr/bin/env node
// The command line. What it accepts is parser.ts, and each command has a file of its own.
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { EXIT } from '../run/summary.js';
import { ReportsNotWritten } from '../reporting/reporters.js';
import { HarnessError, ProviderCrashed } from '../port/errors.js';
import { valuesFor } from './complete.js';
import { crashHints } from './crash-hints.js';
import { flagsOf, readOptions } from './options/config.js';
import { doctorOptions } from './commands/doctor.js';
import { replayOptions } from './commands/replay.js';
import { createParser } from './parser.js';
import { limitOptions, providerOptions } from './options/run-options.js';
import { optionsToRerun } from './options/rerun.js';
import { checkValues } from './options/usage.js';

const args = hideBin(process.argv);
// The reader of a pipe has seen enough, as `| head` has; the run and its reports go on.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  const [first, ...typed] = args;
  const values = first === '--get-yargs-completions' ? await valuesFor(typed) : undefined;
  if (values === undefined) await carryOut();
  else console.log(values.join('\n'));
} catch (error) {
  process.exitCode = EXIT.usage;
  if (error instanceof HarnessError) {
    console.error(error.describe());
    if (error instanceof ProviderCrashed) for (const line of crashHints(error)) console.error(line);
    if (error instanceof ReportsNotWritten) process.exitCode = error.exitCode;
    else if (error.code !== 'VDSC_CONFIG') process.exitCode = EXIT.notLoaded;
  } else console.error(error);
}

async function carryOut(): Promise<void> {
  const parser = createParser(args);
  const {
    config,
    target,
    rerunFailed,
    reports,
    _: [command],
  } = await yargs(args)
    .help(false)
    .version(false)
    .exitProcess(false)
    .option('config', { type: 'string' })
    .option('target', { type: 'string' })
    .option('rerun-failed', { type: 'string' })
    .option('reports', { type: 'string' })
    .parse();
  checkValues({ config, target }, []);
  if (config !== undefined && config !== '')
    parser.config(forCommand(command, flagsOf(await readOptions(config, target))));
  const folder = rerunFailed === '' ? (reports ?? 'reports') : rerunFailed;
  const toRerun = folder === undefined ? undefined : optionsToRerun(folder);
  if (toRerun !== undefined) parser.config(flagsOf(toRerun));
  if (folder !== undefined && toRerun === undefined)
    console.log(`No check failed in the run of ${folder}: nothing to run again.`);
  else await parser.parseAsync();
}

/** `clean`, `doctor` and `replay` take what they know of a configuration that is made for `run`. */
function forCommand(command: string | number | undefined, options: Record<string, unknown>): Record<string, unknown> {
  const known: object | undefined =
    command === 'clean'
      ? { ...providerOptions, ...limitOptions, reports: true }
      : command === 'doctor'
        ? doctorOptions
        : command === 'replay'
          ? replayOptions
          : undefined;
  return known === undefined
    ? options
    : Object.fromEntries(
        Object.entries(options).filter(
          ([name]) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`) in known,
        ),
      );
}
