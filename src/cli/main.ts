#!/usr/bin/env node
// The command line. What it accepts is parser.ts, and each command has a file of its own.
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { EXIT } from '../run/summary.js';
import { HarnessError } from '../port/errors.js';
import { flagsOf, readOptions } from './options/config.js';
import { doctorOptions } from './commands/doctor.js';
import { replayOptions } from './commands/replay.js';
import { createParser } from './parser.js';
import { limitOptions, providerOptions } from './options/run-options.js';
import { checkValues } from './options/usage.js';

const args = hideBin(process.argv);

try {
  const parser = createParser(args);
  const {
    config,
    target,
    _: [command],
  } = await yargs(args)
    .help(false)
    .version(false)
    .exitProcess(false)
    .option('config', { type: 'string' })
    .option('target', { type: 'string' })
    .parse();
  checkValues({ config, target }, []);
  if (config !== undefined && config !== '')
    parser.config(forCommand(command, flagsOf(await readOptions(config, target))));
  await parser.parseAsync();
} catch (error) {
  process.exitCode = EXIT.usage;
  if (error instanceof HarnessError) {
    console.error(error.describe());
    if (error.code !== 'VDSC_CONFIG') process.exitCode = EXIT.notLoaded;
  } else console.error(error);
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
