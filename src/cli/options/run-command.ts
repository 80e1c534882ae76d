// The options of `vds-conformance run`, all together, and what it is given by them.
import type { Argv } from 'yargs';
import type { ArgumentsOf } from './options-of.js';
import { configOptions, runOptions } from './run-options.js';

export const options = (yargs: Argv<object>) =>
  yargs
    .options(configOptions)
    .options(runOptions)
    .demandOption('provider')
    .example('$0 run --provider in-memory', 'try the suite on the reference provider')
    .example('$0 run --provider ffi --library ./provider.dll --clsid "{…}"', 'validate a native provider')
    .example(
      '$0 run --provider rest --url http://127.0.0.1:8443 --suite recovery deletion',
      'two suites, through a gateway',
    );

export type RunArguments = ArgumentsOf<typeof options>;
