// `vds-conformance init`: the files that a vendor begins with, copied from templates/; the pipelines come from ci/
// (pipelines.ts).
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
    .positional('folder', {
      type: 'string',
      default: '.',
      describe: 'the folder for the files, which is created if it is missing',
    })
    .option('ci', {
      choices: [...CI_SYSTEMS, 'none'] as const,
      default: 'github' as CiSystem | 'none',
      describe: 'the CI to write a file for',
    })
    .option('force', { type: 'boolean', default: false, describe: 'overwrite existing files' })
    .example('$0 init', 'a configuration, an adapter and a GitHub workflow in this folder')
    .example('$0 init lab --ci gitlab', 'in the folder lab, with a pipeline for GitLab');

export const initCommand: CommandModule<object, OptionsOf<typeof options>> = {
  command: 'init [folder]',
  describe: 'Write a configuration, an adapter to fill in, and a CI file',
  builder: options,
  handler: ({ folder, ci, force }) => {
    const root = resolve(folder);
    const installed = installationFor(root);
    const pipeline = ci === 'none' ? undefined : pipelineFor(ci, packageVersion());
    const files = [
      [CONFIG, configuration(installed)],
      [ADAPTER, templateText(ADAPTER)],
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
        `  Then put your provider's own answers into ${ADAPTER}: ` +
          `${fileURLToPath(packageFile('docs/adapters.md'))} says how.`,
        ...(pipeline === undefined ? [] : [`  ${pipeline.todo}`]),
      ].join('\n'),
    );
  },
};

const templateText = (name: string): string => readFileSync(packageFile(`templates/${name}`), 'utf8');

/** The configuration, with its schema where an editor finds it from there. */
function configuration(installed: string | undefined): string {
  if (installed === undefined) return templateText(CONFIG);
  const $schema = `${installed.startsWith('.') ? '' : './'}${installed}/vds-conformance/schemas/config.schema.json`;
  return `${JSON.stringify({ $schema, ...JSON.parse(templateText(CONFIG)) }, null, 2)}\n`;
}
