// The CI files that `init` writes: the templates of ci/one-array/, which run the configuration that init writes beside
// them. Only the package's version is put in.
import { readFileSync } from 'node:fs';
import { ConfigurationError } from '../../port/errors.js';
import { packageFile } from '../package-files.js';

interface Template {
  /** Within ci/one-array/. */
  readonly template: string;
  /** Where the CI looks for it, in the user's folder. */
  readonly file: string;
  /** The text before the name of the package in it, with the name. */
  readonly installs: string;
  /** The steps that are left to the user, besides the configuration. */
  readonly todo: string;
}

const lab = (file: string, what: string): string =>
  `In ${file}, name the ${what}, and the package's tarball where your registry does not have it.`;

const TEMPLATES = {
  github: {
    template: 'github-workflow.yml',
    file: '.github/workflows/vds-conformance.yml',
    installs: 'VDS_PACKAGE: vds-conformance',
    todo: lab(
      '.github/workflows/vds-conformance.yml',
      "labels of your lab's runner (runs-on) and the array (concurrency)",
    ),
  },
  gitlab: {
    template: 'gitlab-ci.yml',
    file: '.gitlab-ci.yml',
    installs: '--no-fund vds-conformance',
    todo: lab('.gitlab-ci.yml', "tags of your lab's runner and the array (resource_group)"),
  },
  azure: {
    template: 'azure-pipelines.yml',
    file: 'azure-pipelines.yml',
    installs: 'VDS_PACKAGE: vds-conformance',
    todo: lab('azure-pipelines.yml', 'pool of your lab and the array (environment, with the check "Exclusive lock")'),
  },
  jenkins: {
    template: 'Jenkinsfile',
    file: 'Jenkinsfile',
    installs: '--no-fund vds-conformance',
    todo: lab('Jenkinsfile', "label of your lab's agent and the array (lock)"),
  },
} as const satisfies Readonly<Record<string, Template>>;

export type CiSystem = keyof typeof TEMPLATES;
export const CI_SYSTEMS = Object.keys(TEMPLATES) as CiSystem[];

/** The pipeline of a CI that installs this version of the package; and what its user still has to do. */
export function pipelineFor(
  ci: CiSystem,
  version: string,
): { readonly file: string; readonly text: string; readonly todo: string } {
  const { template, file, installs, todo }: Template = TEMPLATES[ci];
  const text = readFileSync(packageFile(`ci/one-array/${template}`), 'utf8');
  if (text.split(installs).length !== 2)
    throw new ConfigurationError(`ci/one-array/${template} of this package does not install it by "${installs}"`, {
      hint: 'Is the package complete? Install it again.',
    });
  return { file, text: text.replace(installs, () => `${installs}@${version}`), todo };
}
