// `vds-conformance init`: the files that a vendor begins with. The adapter is the template of docs/adapters.md and the pipelines are those of ci/ (pipelines.ts),
// so that there is one of each.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Argv, CommandModule } from 'yargs';
import { ConfigurationError } from '../../port/errors.js';
import type { OptionsOf } from '../options/options-of.js';
import { installationFor, packageFile, packageVersion } from '../package-files.js';
import { CI_SYSTEMS, pipelineFor, type CiSystem } from './pipelines.js';
import { makeFolder } from '../../lab/make-folder.js';

const CONFIG = 'vds-conformance.json';
const ADAPTER = 'my-adapter.mjs';

const options = (yargs: Argv<object>) =>
  yargs
    .positional('folder', { type: 'string', default: '.', describe: 'where the files go; made where it is missing' })
    .option('ci', {
      choices: [...CI_SYSTEMS, 'none'] as const,
      default: 'github' as CiSystem | 'none',
      describe: 'the CI to write a file for',
    })
    .option('force', { type: 'boolean', default: false, describe: 'overwrite files that are there' })
    .example('$0 init', 'a configuration, an adapter and a GitHub workflow in this folder')
    .example('$0 init lab --ci gitlab', 'in the folder lab, with a pipeline for GitLab');

export const initCommand: CommandModule<object, OptionsOf<typeof options>> = {
  command: 'init [folder]',
  describe: 'Write a configuration, an adapter to fill in, and a CI file',
  builder: options,
  handler: ({ folder, ci, force }) => {
    const root = resolve(folder);
    const installed = installationFor(root);
    const pipeline =
      ci === 'none'
        ? undefined
        : pipelineFor(ci, {
            provider: `./${ADAPTER}`,
            options: `--config ${CONFIG}`,
            package: `vds-conformance@${packageVersion()}`,
          });
    const files = [
      [CONFIG, configuration(installed)],
      [ADAPTER, adapterTemplate()],
      ...(pipeline === undefined ? [] : [[pipeline.file, pipeline.text]]),
    ] as [string, string][];
    const there = files.map(([name]) => join(root, name)).filter((path) => existsSync(path));
    if (there.length > 0 && !force)
      throw new ConfigurationError(`${there.join(', ')} would be overwritten`, {
        hint: 'Nothing was written. Name another folder, or overwrite with --force.',
      });
    for (const [name, text] of files) {
      const path = join(root, name);
      makeFolder(dirname(path));
      writeFileSync(path, text);
      console.log(`wrote ${relative(process.cwd(), path)}`);
    }
    const at = relative(process.cwd(), root);
    const program = installed === undefined ? 'vds-conformance' : 'npx vds-conformance';
    console.log(
      [
        '',
        'Next:',
        ...(at === '' ? [] : [`  cd ${at}`]),
        `  ${program} doctor --config ${CONFIG}   # what is there; changes nothing`,
        `  ${program} run --config ${CONFIG}      # only reads, until "allowDestructive" is true`,
        `  Then put your provider's own answers into ${ADAPTER}: ${fileURLToPath(packageFile('docs/adapters.md'))} says how.`,
        ...(pipeline === undefined ? [] : [`  ${pipeline.todo}`]),
      ].join('\n'),
    );
  },
};

function configuration(installed: string | undefined): string {
  const schema =
    installed === undefined
      ? {}
      : { $schema: `${installed.startsWith('.') ? '' : './'}${installed}/vds-conformance/schemas/config.schema.json` };
  return `${JSON.stringify({ ...schema, provider: `./${ADAPTER}`, effort: 'standard', reports: 'reports', allowDestructive: false }, null, 2)}\n`;
}

/** The module in docs/adapters.md. */
function adapterTemplate(): string {
  const code = /```js\n(\/\/ my-adapter\.mjs\n[^]*?)```/.exec(
    readFileSync(packageFile('docs/adapters.md'), 'utf8'),
  )?.[1];
  if (code === undefined)
    throw new ConfigurationError('docs/adapters.md of this package holds no template', {
      hint: 'Is the package complete? Install it again.',
    });
  return code;
}
