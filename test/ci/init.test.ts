// The pipelines that init writes: each is the template of ci/ with the adapter and the configuration that stand beside it, and runs them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NoOperationTraceWriter } from '@actions/workflow-parser/templates/trace-writer';
import { parseWorkflow } from '@actions/workflow-parser/workflows/workflow-parser';
import { describe, expect, test } from 'vitest';
import { packageVersion } from '../../src/cli/package-files.js';
import { CI_SYSTEMS, pipelineFor, type CiSystem } from '../../src/cli/commands/pipelines.js';
import { cli } from '../support/command-line.js';
import { action, at, azure, gitlab, jenkins, textOf, yamlOf, type Scripts } from './templates.js';
import { REAL, run, workplace } from './workplace.js';

interface Pipeline {
  readonly file: string;
  readonly shell: 'sh' | 'bash';
  readonly scripts: (file: string) => Scripts;
  /** What the CI puts into the environment of the one part, going by the file. */
  readonly part: (file: string) => Record<string, string>;
  readonly merge?: (file: string) => Record<string, string>;
}

const variables = (file: string): Record<string, string> => at(yamlOf(file), 'variables') as Record<string, string>;
/** The inputs that a job of the workflow gives the action, by the names of the action's own step. */
const inputs = (file: string, job: string): Record<string, string> => {
  const given = at(yamlOf(file), 'jobs', job, 'steps', 1, 'with') as Record<string, string>;
  const values = Object.entries(given).map(([name, value]) => [
    name.toUpperCase(),
    value.replace('${{ matrix.part }}', '1').replace('${{ strategy.job-total }}', '1'),
  ]);
  return {
    PROVIDER: '',
    ARGS: '',
    SEED: '',
    SHARD: '',
    MERGE: '',
    REPORTS: 'vds-reports',
    GITHUB_RUN_ID: '4711',
    GITHUB_OUTPUT: '/dev/null',
    ...(Object.fromEntries(values) as Record<string, string>),
  };
};

const PIPELINES: Readonly<Record<CiSystem, Pipeline>> = {
  github: {
    file: '.github/workflows/vds-conformance.yml',
    shell: 'bash',
    scripts: () => action(),
    part: (file) => inputs(file, 'shard'),
    merge: (file) => inputs(file, 'report'),
  },
  gitlab: {
    file: '.gitlab-ci.yml',
    shell: 'sh',
    scripts: gitlab,
    part: (file) => ({
      ...variables(file),
      CI_PIPELINE_ID: '4711',
      CI_NODE_INDEX: '1',
      CI_NODE_TOTAL: String(at(yamlOf(file), 'vds-conformance', 'parallel')),
    }),
  },
  azure: {
    file: 'azure-pipelines.yml',
    shell: 'bash',
    scripts: azure,
    part: (file) => ({
      ...variables(file),
      BUILD_BUILDID: '4711',
      SYSTEM_JOBPOSITIONINPHASE: '1',
      SYSTEM_TOTALJOBSINPHASE: String(at(yamlOf(file), 'jobs', 0, 'strategy', 'parallel')),
    }),
  },
  jenkins: {
    file: 'Jenkinsfile',
    shell: 'sh',
    scripts: jenkins,
    part: (file) => ({
      ...Object.fromEntries(
        [...textOf(file).matchAll(/^ {4}(\w+) = '(.*)'$/gm)].map(([, name, value]) => [name, value]),
      ),
      BUILD_TAG: '4711',
      PART: /values '(\d)'\n/.exec(textOf(file))?.[1] ?? 'none',
    }),
  },
};

describe.each(CI_SYSTEMS)('init --ci %s', (ci) => {
  const { file, shell, scripts, part, merge } = PIPELINES[ci];

  test('writes a pipeline that runs the adapter beside it with the configuration beside it, in one part', async () => {
    const { at: place, path } = workplace(REAL);
    const { code, out } = cli('init', place, '--ci', ci);
    expect(code).toBe(0);
    expect(out).toMatch(/\nNext:\n/);
    const pipeline = join(place, file);
    const given = part(pipeline);
    const options = ci === 'github' ? 'ARGS' : 'VDS_OPTIONS';
    const one = await run(shell, scripts(pipeline).part, place, {
      ...given,
      PATH: path,
      [options]: `${given[options] ?? ''} --suite lifecycle`,
    });
    // Only what reads is carried out: incomplete, and nothing is broken.
    expect(one.output).toMatch(/provider \.\/my-adapter\.mjs[^]*INCOMPLETE: nothing is broken/);
    expect(one.code).toBe(4);
    const whole = await run(shell, scripts(pipeline).merge, place, { ...merge?.(pipeline), PATH: path });
    expect(whole.output).toMatch(/INCOMPLETE: nothing is broken/);
    expect(whole.code).toBe(4);
    expect(readFileSync(join(place, 'vds-reports/junit.xml'), 'utf8')).toContain('<testcase ');
  });

  test('changes nothing but values', () => {
    const given = pipelineFor(ci, {
      provider: './my-adapter.mjs',
      options: '--config vds-conformance.json',
      package: `vds-conformance@${packageVersion()}`,
    }).text.split('\n');
    const template = textOf(
      `ci/${{ github: 'github-workflow.yml', gitlab: 'gitlab-ci.yml', azure: 'azure-pipelines.yml', jenkins: 'Jenkinsfile' }[ci]}`,
    ).split('\n');
    expect(given.length).toBe(template.length);
    const changed = given.filter((line, i) => line !== template[i]).map((line) => line.trim());
    expect(changed.length).toBe({ github: 3, gitlab: 4, azure: 4, jenkins: 5 }[ci]);
    const key = (line: string | undefined): string | undefined => /^\s*\w+/.exec(line ?? '')?.[0];
    expect(given.map(key)).toEqual(template.map(key));
  });
});

test("the workflow for GitHub is valid by GitHub's own parser", () => {
  const content = pipelineFor('github', {
    provider: './my-adapter.mjs',
    options: '--config vds-conformance.json',
    package: '',
  }).text;
  expect(
    parseWorkflow({ name: 'w.yml', content }, new NoOperationTraceWriter())
      .context.errors.getErrors()
      .map((e) => e.message),
  ).toEqual([]);
});
