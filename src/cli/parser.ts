// The command line as yargs knows it. main.ts runs it and handles its errors.
import yargs, { type Argv } from 'yargs';
import { HarnessError } from '../port/errors.js';
import { COMMANDS } from './generated/commands.js';
import { NPX_FUNCTION } from './complete.js';
import { packageVersion, startsThroughNpx } from './package-files.js';
import { configOptions, runOptions } from './options/run-options.js';
import { checkCommand, checkValues, usageError } from './options/usage.js';

const COMPLETION = 'completion';
const NAMES = [...COMMANDS.map(({ command }) => String([command].flat()[0]).split(' ')[0] ?? ''), COMPLETION];

/** All commands with their options, ready to parse `args`. It throws for wrong usage and does not end the process. */
export function createParser(args: readonly string[]): Argv {
  checkCommand(args, NAMES);
  const parser = COMMANDS.reduce(
    (all, command) => all.command(command),
    yargs([...args])
      .scriptName('vds-conformance')
      .usage('$0 <command>\n\nFault injection and conformance checks for VDS hardware providers.'),
  );
  return (
    parser
      // Not yargs' own .completion(): it would go on to the default command, as the process is not ended here.
      .command(COMPLETION, 'Print a script for shell completion: put it into ~/.bashrc or ~/.zshrc', {}, () => {
        if (startsThroughNpx()) console.log(NPX_FUNCTION);
        parser.showCompletionScript();
      })
      .example('$0 run --provider defective:import-target-cleared-on-refresh', 'what a red report looks like')
      .example('$0 init', 'files to begin with for a provider of your own')
      .example('$0 doctor --config vds-conformance.json', 'look at it without changing anything')
      .example('$0 run --config vds-conformance.json', 'check it')
      .example('$0 explain VDS-5.6', 'what a requirement says, and which checks verify it')
      .strict()
      .check((parsed, options) => {
        checkValues(parsed, (options as unknown as { readonly array: readonly string[] }).array);
        return true;
      })
      .version(packageVersion())
      .alias('help', 'h')
      .wrap(Math.min(120, process.stdout.columns || 120))
      .epilogue(
        'Exit codes: 0 conformant, 1 not conformant, 2 wrong usage, 3 provider not loaded or nothing checked, 4 ' +
          'incomplete, 130 interrupted.',
      )
      .exitProcess(false)
      .fail((message: string | null, error: Error | undefined) => {
        // Without a message it is a command's own error.
        if (message === null || error instanceof HarnessError) throw error;
        throw usageError(
          message,
          NAMES.find((name) => name === args[0]),
          Object.keys({ ...configOptions, ...runOptions }),
        );
      })
  );
}
