// The CI files that `init` writes: the templates of ci/, for the files that init writes beside them. A template stays what it is: only values are put in.
import { readFileSync } from 'node:fs';
import { ConfigurationError } from '../../port/errors.js';
import { packageFile } from '../package-files.js';

type Change = readonly [from: string, to: string];

interface Template {
  /** Within ci/. */
  readonly template: string;
  /** Where the CI looks for it, in the user's folder. */
  readonly file: string;
  /** One part: a new adapter is on one array, which parts of a run cannot share. */
  readonly onePart: readonly Change[];
  /** What stands around a variable's value. */
  readonly set: (name: 'provider' | 'options' | 'package', value: string) => string;
  /** What is left to the user, beside the configuration. */
  readonly todo: string;
}

const yaml = (name: string, value: string): string => `  VDS_${name.toUpperCase()}: ${value}\n`;
const tarball = (file: string): string =>
  `Where your registry does not have the package, put its tarball into the repository and name it in ${file}: VDS_PACKAGE.`;

const TEMPLATES = {
  github: {
    template: 'github-workflow.yml',
    file: '.github/workflows/vds-conformance.yml',
    onePart: [['part: [1, 2, 3, 4]', 'part: [1]']],
    set: (name, value) =>
      name === 'package' ? '' : `          ${name === 'provider' ? 'provider' : 'args'}: ${value}\n`,
    todo: 'Put where the action is hosted in place of OWNER in .github/workflows/vds-conformance.yml.',
  },
  gitlab: {
    template: 'gitlab-ci.yml',
    file: '.gitlab-ci.yml',
    onePart: [['parallel: 4', 'parallel: 1']],
    set: yaml,
    todo: tarball('.gitlab-ci.yml'),
  },
  azure: {
    template: 'azure-pipelines.yml',
    file: 'azure-pipelines.yml',
    onePart: [['parallel: 4', 'parallel: 1']],
    set: yaml,
    todo: tarball('azure-pipelines.yml'),
  },
  jenkins: {
    template: 'Jenkinsfile',
    file: 'Jenkinsfile',
    onePart: [
      ["values '1', '2', '3', '4'", "values '1'"],
      ["PARTS = '4'", "PARTS = '1'"],
    ],
    set: (name, value) => `    VDS_${name.toUpperCase()} = '${value}'\n`,
    todo: tarball('Jenkinsfile'),
  },
} as const satisfies Readonly<Record<string, Template>>;

export type CiSystem = keyof typeof TEMPLATES;
export const CI_SYSTEMS = Object.keys(TEMPLATES) as CiSystem[];

/** The pipeline of a CI for an adapter, options of `run` (without quotes) and what npm installs; and what its user still has to do. */
export function pipelineFor(
  ci: CiSystem,
  values: { readonly provider: string; readonly options: string; readonly package: string },
): { readonly file: string; readonly text: string; readonly todo: string } {
  const { template, file, onePart, set, todo }: Template = TEMPLATES[ci];
  const changes: readonly Change[] = [
    [set('provider', 'in-memory'), set('provider', values.provider)],
    [set('options', '--allow-destructive'), set('options', values.options)],
    [set('package', 'vds-conformance'), set('package', values.package)],
    ...onePart,
  ];
  let text = readFileSync(packageFile(`ci/${template}`), 'utf8');
  for (const [from, to] of changes) {
    if (!text.includes(from))
      throw new ConfigurationError(`ci/${template} of this package holds no ${from.trim()}`, {
        hint: 'Is the package complete? Install it again.',
      });
    text = text.replace(from, () => to);
  }
  return { file, text, todo };
}
