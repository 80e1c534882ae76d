// Runs a configured command: splits it into arguments, puts values in, runs it without a shell and within a time limit,
// and reports how it ended. The commands and their purposes are in device-commands.ts.
import { spawn } from 'node:child_process';
import { parseArgsStringToArgv } from 'string-argv';
import { ConfigurationError } from '../../port/errors.js';

/** A command line, or its program and arguments. */
export type CommandText = string | readonly string[];

/** The values for `{name}` in an argument. */
export type Values = Readonly<Record<string, string | null | undefined>>;

export interface Outcome {
  /** The command line as it ran, for people. */
  readonly command: string;
  /** Null when it was ended by a signal, or never ran. */
  readonly exitCode: number | null;
  /** Its standard output. */
  readonly stdout: string;
  /** The end of all that it wrote. */
  readonly output: string;
  /** Why it did not do what it should, with its output; undefined after exit code 0. */
  readonly problem: string | undefined;
}

/** Milliseconds that a command may take unless its configuration says otherwise. */
export const COMMAND_LIMIT = 60_000;
/** Characters: a truth of a large array is long, what an error shows is not. */
const STDOUT_LIMIT = 1 << 26;
const OUTPUT_KEPT = 4_000;
/**
 * A service that a command started may hold its output open for ever; what the command itself wrote is there by then.
 */
const LAST_OUTPUT_LIMIT = 1_000;

/**
 * The arguments of a command line: words, parted by blanks, that may be quoted as a whole or in part by " or '. A
 * backslash is a character as any other. Throws ConfigurationError.
 */
export function splitCommand(command: CommandText): readonly string[] {
  const args = typeof command === 'string' ? parseArgsStringToArgv(command) : command;
  if (typeof command === 'string' && command.replace(/"[^"]*"|'[^']*'/g, '').match(/["']/))
    throw new ConfigurationError(`the command ${command} has a quotation mark without its second one`);
  if (args[0] === undefined || args[0] === '')
    throw new ConfigurationError('a command names no program', {
      hint: 'Give a command line, or an array of the program and its arguments.',
    });
  return args;
}

/** The names in braces in a command's arguments. */
export const placeholdersOf = (args: readonly string[]): string[] =>
  args.flatMap((arg) => [...arg.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string));

/**
 * Puts the values into the arguments, each of which stays one argument whatever they hold; or says why that cannot be
 * done.
 */
export function fillIn(
  args: readonly string[],
  values: Values,
): { readonly args: readonly string[] } | { readonly reason: string } {
  const filled: string[] = [];
  for (const arg of args) {
    for (const name of placeholdersOf([arg])) {
      const value = values[name];
      if (value === undefined || value === null || value === '')
        return { reason: `the object has no ${name} for the command` };
      if (value.includes('\0')) return { reason: `its ${name} holds a NUL, which no command can be given` };
      // A device may be named by anybody: its name must not be taken for an option of the command.
      if (arg.startsWith(`{${name}}`) && value.startsWith('-'))
        return { reason: `its ${name} begins with a hyphen, and the command would take it for an option` };
    }
    filled.push(arg.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? ''));
  }
  return { args: filled };
}

const quoted = (arg: string): string => (/^[\w./:@%+=,-]+$/.test(arg) ? arg : JSON.stringify(arg));

/** Runs a program with its arguments, without a shell. Never rejects: what goes wrong is the outcome's problem. */
export function runCommand(args: readonly string[], limit = COMMAND_LIMIT): Promise<Outcome> {
  const command = args.map(quoted).join(' ');
  const [program, ...rest] = args as readonly [string, ...string[]];
  return new Promise((resolve) => {
    let stdout = '';
    let output = '';
    let stopped: string | undefined;
    const ended = (exitCode: number | null, how: string | undefined): void => {
      clearTimeout(deadline);
      for (const stream of [child.stdout, child.stderr]) stream.destroy();
      const problem =
        how === undefined
          ? undefined
          : `${command} ${how}${output.trim() === '' ? ' and wrote nothing' : `: ${output.trim()}`}`;
      resolve({ command, exitCode, stdout, output, problem });
    };
    // In a group of its own: at the limit all that it started ends with it, and a Ctrl-C does not cut a change of the
    // array in two.
    const child = spawn(program, rest, {
      shell: false,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      detached: process.platform !== 'win32',
    });
    const stop = (why: string): void => {
      stopped ??= why;
      try {
        if (process.platform === 'win32' || child.pid === undefined) child.kill('SIGKILL');
        else process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended by itself just now.
      }
    };
    const deadline = setTimeout(() => stop(`did not end within ${limit} ms`), limit);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      output = (output + text).slice(-OUTPUT_KEPT);
      if (stdout.length > STDOUT_LIMIT) stop(`wrote more than ${STDOUT_LIMIT} characters`);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-OUTPUT_KEPT);
    });
    child.once('error', (error) => ended(null, `could not be run: ${error.message}`));
    child.once('exit', (code, signal) => {
      const over = (): void => {
        clearTimeout(waiting);
        ended(
          code,
          stopped ??
            (code === 0 ? undefined : code === null ? `was ended by ${signal}` : `ended with exit code ${code}`),
        );
      };
      const waiting = setTimeout(over, LAST_OUTPUT_LIMIT);
      child.once('close', over);
    });
  });
}
