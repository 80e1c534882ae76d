// Errors of a command line: yargs' complaints as errors of our own family, with hints, and checks that yargs lacks.
import { ConfigurationError } from '../../port/errors.js';
import { nearest } from '../../port/did-you-mean.js';

/** Throws ConfigurationError for a first word that is not a command: the default command would ignore it. */
export function checkCommand([first]: readonly string[], commands: readonly string[]): void {
  if (first === undefined || first.startsWith('-') || commands.includes(first)) return;
  const [near] = nearest(first, commands, 1);
  throw new ConfigurationError(`unknown command "${first}"`, {
    hint: `${near === undefined ? '' : `Did you mean ${near}? `}Commands: ${commands.join(', ')}.`,
  });
}

/**
 * Throws ConfigurationError for an invalid number, and for an option given twice that takes one value. `lists` names
 * those that take several.
 */
export function checkValues(args: Readonly<Record<string, unknown>>, lists: readonly string[]): void {
  // Each name with a hyphen is there without one too.
  for (const [name, value] of Object.entries(args).filter(([each]) => !/[A-Z]/.test(each))) {
    if (value === '' && name !== 'rerun-failed')
      throw new ConfigurationError(`--${name} is empty`, {
        hint: 'Is a variable of the script unset? Give a value, or leave the option out.',
      });
    if (Number.isNaN(value)) throw new ConfigurationError(`--${name} needs a number`);
    if (Array.isArray(value) && name !== '_' && !lists.includes(name))
      throw new ConfigurationError(`--${name} is given more than once: ${value.join(', ')}`, {
        hint: 'It takes one value.',
      });
  }
}

/**
 * yargs' complaint about the usage of a command as an error that says what to do. `options` are the names of those that
 * there are.
 */
export function usageError(
  message: string,
  command: string | undefined,
  options: readonly string[],
): ConfigurationError {
  const unknown = /^Unknown arguments?: (.*)$/m.exec(message)?.[1]?.split(', ') ?? [];
  const near = unknown.flatMap((name) =>
    nearest(name, options, 1).map((found) =>
      found === name ? `Other commands take --${name}.` : `Did you mean --${found}?`,
    ),
  );
  const hints = /^Missing required argument.*\bprovider\b/.test(message)
    ? ['Name one with --provider, for example --provider in-memory; vds-conformance providers shows what there is.']
    : near;
  return new ConfigurationError(inWords(message.trim().replace(/\s*\n\s*/g, ' ')), {
    hint: [...hints, `vds-conformance ${command === undefined ? '' : `${command} `}--help shows its options.`].join(
      ' ',
    ),
  });
}

const REWORDED: readonly (readonly [RegExp, string])[] = [
  [/^Not enough arguments following: (\S+)$/, '--$1 needs a value'],
  [/^Not enough non-option arguments: got 0, need at least 1$/, 'an argument is missing'],
  [/^Not enough non-option arguments: got (\d+), need at least (\d+)$/, '$2 arguments are needed, and $1 given'],
  [/^Missing required argument: (\S+)$/, '--$1 is missing'],
  [/^Invalid values: Argument: (\S+), Given: (.*), Choices: (.*)$/, '--$1 does not take $2; it takes $3'],
  [/^Implications failed: (\S+) -> (\S+)$/, '--$1 needs --$2'],
];

/** yargs' own words as those of the rest. */
const inWords = (message: string): string =>
  REWORDED.reduce((text, [pattern, words]) => text.replace(pattern, words), message);
