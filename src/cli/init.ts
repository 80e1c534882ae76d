// `vds-conformance init`: the files that a vendor begins with. The adapter is the template of docs/adapters.md, so that there is one of it.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { ConfigurationError } from '../provider/errors.js';
import type { OptionsOf } from './options-of.js';
import { packageFile, packageVersion } from './package-files.js';

const CI_SYSTEMS = ['github', 'gitlab', 'none'] as const;
type CiSystem = (typeof CI_SYSTEMS)[number];

const CONFIG = 'vds-conformance.json';
const ADAPTER = 'my-adapter.mjs';

const options = (yargs: Argv<object>) => yargs
  .positional('folder', { type: 'string', default: '.', describe: 'where the files go; made where it is missing' })
  .option('ci', { choices: CI_SYSTEMS, default: 'github' as CiSystem, describe: 'the CI to write a file for' })
  .option('force', { type: 'boolean', default: false, describe: 'overwrite files that are there' })
  .example('$0 init', 'a configuration, an adapter and a GitHub workflow in this folder')
  .example('$0 init lab --ci gitlab', 'in the folder lab, with a GitLab pipeline');

export const initCommand: CommandModule<object, OptionsOf<typeof options>> = {
  command: 'init [folder]',
  describe: 'Write a configuration, an adapter to fill in, and a CI file',
  builder: options,
  handler: ({ folder, ci, force }) => {
    const root = resolve(folder);
    const files = filesFor(ci).map(([name, text]) => [join(root, name), text] as const);
    const there = files.filter(([path]) => existsSync(path)).map(([path]) => path);
    if (there.length > 0 && !force) throw new ConfigurationError(`${there.join(', ')} would be overwritten`, { hint: 'Nothing was written. Name another folder, or overwrite with --force.' });
    for (const [path, text] of files) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      console.log(`wrote ${relative(process.cwd(), path)}`);
    }
    const at = relative(process.cwd(), root);
    console.log([
      '', 'Next:', ...(at === '' ? [] : [`  cd ${at}`]), `  npm install --save-dev vds-conformance@${packageVersion()}`, `  npx vds-conformance doctor --config ${CONFIG}   # what is there; changes nothing`,
      `  npx vds-conformance run --config ${CONFIG}      # only reads, until "allowDestructive" is true`, `  Then put your provider's own answers into ${ADAPTER}: docs/adapters.md in the package says how.`,
    ].join('\n'));
  },
};

/** The files by their names within the folder. */
function filesFor(ci: CiSystem): (readonly [string, string])[] {
  const config = { $schema: './node_modules/vds-conformance/schemas/config.schema.json', provider: `./${ADAPTER}`, effort: 'standard', reports: 'reports', allowDestructive: false };
  const run = [`npm install --no-save vds-conformance@${packageVersion()}`, `npx vds-conformance run --config ${CONFIG}`];
  const pipelines: Readonly<Record<CiSystem, readonly (readonly [string, string])[]>> = {
    github: [['.github/workflows/vds-conformance.yml', [
      'name: vds-conformance', 'on: [push, pull_request]', 'jobs:', '  conformance:', '    runs-on: ubuntu-latest', '    steps:', '      - uses: actions/checkout@v4', '      - uses: actions/setup-node@v4', '        with: { node-version: 20 }',
      ...run.map((command) => `      - run: ${command}`), '      - uses: actions/upload-artifact@v4', '        if: always()', '        with: { name: vds-conformance, path: reports }', '',
    ].join('\n')]],
    gitlab: [['.gitlab-ci.yml', [
      'vds-conformance:', '  image: node:20', '  script:', ...run.map((command) => `    - ${command}`), '  artifacts:', '    when: always', '    paths: [reports]', '    reports: { junit: reports/junit*.xml }', '',
    ].join('\n')]],
    none: [],
  };
  return [[CONFIG, `${JSON.stringify(config, null, 2)}\n`], [ADAPTER, adapterTemplate()], ...pipelines[ci]];
}

/** The module in docs/adapters.md. */
function adapterTemplate(): string {
  const code = /```js\n(\/\/ my-adapter\.mjs\n[^]*?)```/.exec(readFileSync(packageFile('docs/adapters.md'), 'utf8'))?.[1];
  if (code === undefined) throw new ConfigurationError('docs/adapters.md of this package holds no template', { hint: 'Is the package complete? Install it again.' });
  return code;
}
