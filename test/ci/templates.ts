// The CI templates as their readers see them, and the shell lines in them. Files are named by their paths within the
// project, or absolutely.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { ROOT } from '../support/project.js';

export const textOf = (file: string): string => readFileSync(resolve(ROOT, file), 'utf8');
/** The one document in a YAML file. Throws for what is not YAML. */
export const yamlOf = (file: string): unknown => parse(textOf(file), { strict: true });
export const documentsOf = (file: string): unknown[] =>
  parseAllDocuments(textOf(file), { strict: true }).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return document.toJS() as unknown;
  });

/** Members by name along a path; throws where there is none, so that a template that changes shape fails its test. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce((within, name) => {
    const found: unknown = (within as Record<string | number, unknown> | null | undefined)?.[name];
    if (found === undefined) throw new Error(`there is no ${path.join('.')}: ${name} is missing`);
    return found;
  }, value);
}

export const textAt = (value: unknown, ...path: readonly (string | number)[]): string => {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : (found as readonly string[]).join('\n');
};

/** The shell lines of a template that run a part, and those that put the parts together. */
export interface Scripts {
  readonly part: string;
  readonly merge: string;
}

/** The text between the triple quotes of a Jenkinsfile's `sh` steps. */
export const jenkinsScripts = (file = 'ci/Jenkinsfile'): string[] =>
  [...textOf(file).matchAll(/sh '''\n([\s\S]*?)'''/g)].map(([, script]) => script ?? '');

const withVds = (scripts: readonly string[], command: string): string => {
  const found = scripts.filter((script) => script.includes(`vds-conformance ${command} `));
  if (found.length !== 1) throw new Error(`${found.length} scripts with vds-conformance ${command}`);
  return found[0] as string;
};

const scriptsOf = (...scripts: string[]): Scripts => ({
  part: withVds(scripts, 'run'),
  merge: withVds(scripts, 'merge'),
});

const steps = (value: unknown, key: string): string[] =>
  (value as readonly Record<string, unknown>[]).flatMap((step) => (typeof step[key] === 'string' ? [step[key]] : []));

export const gitlab = (file = 'ci/gitlab-ci.yml'): Scripts => {
  const pipeline = yamlOf(file);
  return scriptsOf(textAt(pipeline, 'vds-conformance', 'script'), textAt(pipeline, 'vds-report', 'script'));
};

export const azure = (file = 'ci/azure-pipelines.yml'): Scripts => {
  const pipeline = yamlOf(file);
  return scriptsOf(...[0, 1].flatMap((job) => steps(at(pipeline, 'jobs', job, 'steps'), 'bash')));
};

/** Without the lines that install the package. */
export const jenkins = (file = 'ci/Jenkinsfile'): Scripts =>
  scriptsOf(
    ...jenkinsScripts(file).map((script) =>
      script
        .split('\n')
        .filter((line) => !/npm install|PATH=/.test(line))
        .join('\n'),
    ),
  );

export const kubernetes = (): Scripts => {
  const [, parts, report] = documentsOf('ci/kubernetes.yaml');
  return scriptsOf(...[parts, report].map((job) => textAt(job, 'spec', 'template', 'spec', 'containers', 0, 'args')));
};

/** The step of the action that runs the command line, which does both. */
export const action = (): Scripts => {
  const step = (at(yamlOf('action.yml'), 'runs', 'steps') as readonly Record<string, unknown>[]).find(
    (s) => s['id'] === 'run',
  );
  return scriptsOf(textAt(step, 'run'));
};
