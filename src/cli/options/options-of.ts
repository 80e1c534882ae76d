// Types of a command's options, inferred from their declaration so that they are written once.
import type { ArgumentsCamelCase, Argv } from 'yargs';

/** The options that a builder adds to a command. */
export type OptionsOf<Builder> = Builder extends (yargs: Argv<object>) => Argv<infer Options> ? Options : never;
export type ArgumentsOf<Builder> = ArgumentsCamelCase<OptionsOf<Builder>>;
