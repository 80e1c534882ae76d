// The templates in ci/ and action.yml: valid by the schemas of those who read them where a package ships one, and of
// the shape that their readers need.
import { spawnSync } from 'node:child_process';
import { parseAction } from '@actions/workflow-parser/actions/action-parser';
import { NoOperationTraceWriter } from '@actions/workflow-parser/templates/trace-writer';
import { parseWorkflow } from '@actions/workflow-parser/workflows/workflow-parser';
import { Job } from 'kubernetes-models/batch/v1';
import { ConfigMap } from 'kubernetes-models/v1';
import { describe, expect, test } from 'vitest';
import {
  at,
  documentsOf,
  textAt,
  textOf,
  yamlOf,
  action,
  azure,
  gitlab,
  jenkins,
  jenkinsScripts,
  kubernetes,
} from './templates.js';

const complaints = (parse: typeof parseAction, name: string, content: string): string[] =>
  parse({ name, content }, new NoOperationTraceWriter())
    .context.errors.getErrors()
    .map((e) => e.message);

describe('GitHub', () => {
  test.each([
    ['action.yml', parseAction, 'using:'],
    ['ci/github-workflow.yml', parseWorkflow, 'runs-on:'],
    ['.github/workflows/ci.yml', parseWorkflow, 'runs-on:'],
  ] as const)("%s is valid by GitHub's own parser, which would notice", (file, parse, needed) => {
    expect(complaints(parse, file, textOf(file))).toEqual([]);
    expect(complaints(parse, file, textOf(file).replace(needed, 'else:'))).not.toEqual([]);
  });

  test("the workflow gives the action inputs that it has, and the parts' own artifacts to the report", () => {
    const inputs = Object.keys(at(yamlOf('action.yml'), 'inputs') as object);
    const workflow = yamlOf('ci/github-workflow.yml');
    const given = ['shard', 'report'].map((job) => at(workflow, 'jobs', job, 'steps', 1, 'with') as object);
    for (const each of given) expect(inputs).toEqual(expect.arrayContaining(Object.keys(each)));
    const pattern = textAt(workflow, 'jobs', 'report', 'steps', 0, 'with', 'pattern');
    expect(textAt(given[0], 'artifact')).toMatch(new RegExp(`^${pattern.replace('*', '.+')}$`));
    expect(at(workflow, 'jobs', 'report', 'needs')).toBe('shard');
  });

  test('each input of the action is used', () => {
    const text = textOf('action.yml');
    for (const input of Object.keys(at(yamlOf('action.yml'), 'inputs') as object))
      expect(text).toContain(`inputs.${input}`);
  });
});

describe('Kubernetes', () => {
  const [configuration, parts, report] = documentsOf('ci/kubernetes.yaml') as [
    ConstructorParameters<typeof ConfigMap>[0],
    ...ConstructorParameters<typeof Job>[0][],
  ];

  test("the manifests are valid by the API's schema, which would notice", () => {
    new ConfigMap(configuration).validate();
    for (const job of [parts, report]) new Job(job).validate();
    expect(() => new Job({ ...parts, spec: { ...parts?.spec, completions: 'four' } } as never).validate()).toThrow(
      /completions must be integer/,
    );
  });

  test('as many pods as parts, all with the configuration and the folder of the reports', () => {
    expect(String(at(parts, 'spec', 'completions'))).toBe(configuration?.data?.['PARTS']);
    expect(at(parts, 'spec', 'completionMode')).toBe('Indexed');
    for (const job of [parts, report]) {
      const container = at(job, 'spec', 'template', 'spec', 'containers', 0);
      expect(at(container, 'envFrom', 0, 'configMapRef', 'name')).toBe(configuration?.metadata?.name);
      expect(at(container, 'volumeMounts', 0, 'mountPath')).toBe(configuration?.data?.['REPORTS']);
    }
  });
});

test('GitLab: as many parts as CI reports them, and a test report from files that merge writes', () => {
  const file = yamlOf('ci/gitlab-ci.yml');
  expect(at(file, 'vds-conformance', 'parallel')).toBeGreaterThan(1);
  expect(at(file, 'stages')).toEqual([at(file, 'vds-conformance', 'stage'), at(file, 'vds-report', 'stage')]);
  expect(textAt(file, 'vds-report', 'artifacts', 'reports', 'junit')).toBe('vds-reports/junit*.xml');
  expect(textAt(file, 'vds-report', 'script')).toContain('--reports vds-reports');
  // Parts of a run that failed are still put together.
  for (const job of ['vds-conformance', 'vds-report']) expect(at(file, job, 'artifacts', 'when')).toBe('always');
  expect(at(file, 'vds-report', 'when')).toBe('always');
});

test('Azure: test results are published also when the run failed', () => {
  const file = yamlOf('ci/azure-pipelines.yml');
  expect(at(file, 'jobs', 0, 'strategy', 'parallel')).toBeGreaterThan(1);
  expect(at(file, 'jobs', 1, 'dependsOn')).toBe(at(file, 'jobs', 0, 'job'));
  expect(at(file, 'jobs', 1, 'condition')).toBe('succeededOrFailed()');
  const publish = (at(file, 'jobs', 1, 'steps') as readonly Record<string, unknown>[]).find(
    (step) => step['task'] === 'PublishTestResults@2',
  );
  expect(publish).toMatchObject({
    condition: 'succeededOrFailed()',
    inputs: { testResultsFormat: 'JUnit', testResultsFiles: 'vds-reports/junit*.xml' },
  });
});

test('Jenkins: as many parts as the axis has values, and each bracket has its other', () => {
  const text = textOf('ci/Jenkinsfile')
    .replace(/\/\/.*$/gm, '')
    .replace(/'''[\s\S]*?'''|'[^'\n]*'|"[^"\n]*"/g, (literal) =>
      literal.startsWith("'''") ? '' : literal.replace(/[{}()[\]]/g, ''),
    );
  const open: string[] = [];
  for (const [bracket] of text.matchAll(/[{}()[\]]/g)) {
    if ('{(['.includes(bracket)) open.push(bracket);
    else expect(`${open.pop() ?? ''}${bracket}`).toMatch(/^(\{\}|\(\)|\[\])$/);
  }
  expect(open).toEqual([]);
  const values = /values (.*)/.exec(text)?.[1]?.split(', ').length;
  expect(String(values)).toBe(/PARTS = '(\d+)'/.exec(text)?.[1]);
  expect(text).toMatch(/junit 'vds-reports\/junit\*\.xml'/);
});

test('Docker: not as root, the package from its tarball, the command line as the entry point', () => {
  const text = textOf('ci/Dockerfile');
  const instructions = text
    .split('\n')
    .filter((line) => /^[A-Z]+ /.test(line))
    .map((line) => line.split(' ')[0]);
  expect(instructions[0]).toBe('FROM');
  expect(instructions.indexOf('USER')).toBeLessThan(instructions.indexOf('ENTRYPOINT'));
  expect(text).toMatch(/^USER (?!root|0)\w+$/m);
  expect(text).toMatch(/^COPY vds-conformance-\*\.tgz /m);
  expect(text).toMatch(/^ENTRYPOINT \["vds-conformance"\]$/m);
  // Folders of reports are made below the working folder by whoever runs it.
  expect(text).toMatch(/mkdir \/reports && chown node:node \/reports/);
});

describe('shell lines', () => {
  const steps = at(yamlOf('action.yml'), 'runs', 'steps') as readonly { readonly run?: string }[];
  const dockerRun = (/^RUN ([\s\S]*?[^\\])$/m.exec(textOf('ci/Dockerfile'))?.[1] ?? '').replaceAll('\\\n', ' ');
  test.each([
    ['action.yml', 'bash', steps.flatMap((step) => step.run ?? [])],
    ['gitlab-ci.yml', 'sh', Object.values(gitlab())],
    ['azure-pipelines.yml', 'bash', Object.values(azure())],
    ['Jenkinsfile', 'sh', [...jenkinsScripts(), ...Object.values(jenkins())]],
    ['kubernetes.yaml', 'sh', Object.values(kubernetes())],
    ['Dockerfile', 'sh', [dockerRun]],
    ['the step of action.yml that runs', 'bash', Object.values(action())],
  ])('of %s are parsed by %s', (_, shell, scripts) => {
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) {
      expect(script).toMatch(/npm|vds-conformance/);
      const { status, stderr } = spawnSync(shell, ['-n'], { input: script, encoding: 'utf8' });
      expect(stderr).toBe('');
      expect(status).toBe(0);
    }
  });
});
