// `vds-conformance doctor`: a look at a provider before anything is changed. How it is written for people is
// doctor-text.ts.
import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { examine } from '../../run/survey.js';
import { isReadOnly, Lab } from '../../lab/change-guard.js';
import { forecast } from '../../run/forecast.js';
import { routesFor } from '../../run/run-check.js';
import { loadSuites, select } from '../../run/selection.js';
import { ConfigurationError, messageOf } from '../../port/errors.js';
import { deviceFrom } from '../options/config.js';
import { doctorLines, type Diagnosis } from './doctor-text.js';
import { withProvider } from '../options/open-provider.js';
import type { OptionsOf } from '../options/options-of.js';
import { startsThroughNpx, SUITES_MODULE } from '../package-files.js';
import { programOf, providerText, quote } from '../../run/repeat-command.js';
import { providerChoice, providerSpec, type ProviderOptions } from '../options/provider-option.js';
import {
  configOptions,
  labFrom,
  labOptions,
  limitOptions,
  limitsFrom,
  providerOptions,
  runOptions,
  selectionFrom,
  selectionOptions,
} from '../options/run-options.js';

/** The options of doctor from a configuration that is made for `run`. */
export const doctorOptions = {
  ...providerOptions,
  ...selectionOptions,
  ...labOptions,
  ...limitOptions,
  'cache-file': runOptions['cache-file'],
} as const;

const options = (yargs: Argv<object>) =>
  yargs
    .options(configOptions)
    .options(doctorOptions)
    .demandOption('provider')
    .option('recovery-time', {
      type: 'number',
      requiresArg: true,
      describe:
        'milliseconds that Reenumerate and Refresh take on this array, for the estimate; doctor does not call them',
    })
    .option('json', { type: 'boolean', default: false, describe: 'as JSON' })
    .example('$0 doctor --provider ./adapter.mjs', 'what is there, and what a run would do')
    .example(
      '$0 doctor --provider ./adapter.mjs --allow-destructive --effort full',
      'the same for a run that may change the system; doctor itself still only reads',
    );

export const doctorCommand: CommandModule<object, OptionsOf<typeof options>> = {
  command: 'doctor',
  describe:
    'Examine a provider without changing anything: its interfaces, the checks that a run would make, and its duration',
  builder: options,
  handler: async (args) => {
    const spec = providerSpec(args);
    const checks = select(await loadSuites(SUITES_MODULE), selectionFrom(args)).map(({ check }) => check);
    const device = await deviceFrom(args.config, args.target);
    const configured = args.cacheFile ?? device.cacheFile;
    const rules = labFrom(args, '');
    // Whatever the run may do, this only reads: the watcher refuses a change before it reaches the provider.
    const { watcher } = new Lab({ ...rules, allowDestructive: false }, { disposable: false });
    const diagnosis = await withProvider(
      spec,
      limitsFrom(args),
      watcher,
      async ({ session, loaded, scratch }): Promise<Diagnosis> => {
        const cacheFile = configured === undefined ? undefined : resolve(configured.replace('{scratch}', scratch));
        if (cacheFile !== undefined) mustBeReachable(cacheFile);
        const examination = await examine(
          loaded,
          await routesFor(loaded, { cacheFile, device: device.commands, system: {} }),
        );
        const offered = new Set(examination.routes.flatMap(({ kinds }) => kinds));
        return {
          examination,
          forecast: await forecast(checks, {
            readOnly: isReadOnly(rules, session.capabilities),
            capabilities: session.capabilities,
            offers: async (kind) => offered.has(kind),
            hasControl: async () => examination.routes.some(({ name }) => name === 'cooperative'),
          }),
          recoveryTime: args.recoveryTime,
        };
      },
    );
    console.log(args.json ? JSON.stringify(diagnosis, null, 2) : doctorLines(diagnosis, nextRun(args)).join('\n'));
  },
};

function mustBeReachable(cacheFile: string): void {
  try {
    accessSync(cacheFile, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw new ConfigurationError(`the provider's cache file cannot be read and written: ${messageOf(error)}`, {
      hint:
        'Give --cache-file the file that the provider keeps its devices in once it is loaded, and run as a user who ' +
        'may change it.',
      cause: error,
    });
  }
}

/** The command that runs what was looked at. */
function nextRun(
  args: ProviderOptions & { readonly config?: string | undefined; readonly target?: string | undefined },
): string {
  const program = `${programOf({ npx: startsThroughNpx() })} run`;
  const { config, target } = args;
  return config === undefined
    ? `${program} --provider ${providerText(providerChoice(args))}`
    : `${program} --config ${quote(config)}${target === undefined ? '' : ` --target ${quote(target)}`}`;
}
