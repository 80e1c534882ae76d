// The pipelines that init writes: each is the template of ci/one-array/ with the package's version put in. That it runs
// the configuration beside it is in init.long.test.ts.
import { NoOperationTraceWriter } from '@actions/workflow-parser/templates/trace-writer';
import { parseWorkflow } from '@actions/workflow-parser/workflows/workflow-parser';
import { describe, expect, test } from 'vitest';
import { CI_SYSTEMS, pipelineFor, type CiSystem } from '../../src/cli/commands/pipelines.js';
import { at, textAt, textOf, yamlOf } from './templates.js';

const TEMPLATES: Readonly<Record<CiSystem, string>> = {
  github: 'github-workflow.yml',
  gitlab: 'gitlab-ci.yml',
  azure: 'azure-pipelines.yml',
  jenkins: 'Jenkinsfile',
};

describe.each(CI_SYSTEMS)('init --ci %s', (ci) => {
  const template = TEMPLATES[ci];

  test('changes the version of the package and nothing else', () => {
    const { text } = pipelineFor(ci, '1.2.3');
    expect(text).not.toBe(textOf(`ci/one-array/${template}`));
    expect(text.replace('vds-conformance@1.2.3', 'vds-conformance')).toBe(textOf(`ci/one-array/${template}`));
  });

  test('locks the array, and fails for all but what is incomplete', () => {
    const text = textOf(`ci/one-array/${template}`);
    expect(text).toContain('vds-array-1');
    expect(text).toMatch(/-eq 4\)|code == 4\)|exit_codes: \[4\]/);
  });
});

test('each CI file sets its lock and handles exit code 4 where its CI expects them', () => {
  const github = yamlOf('ci/one-array/github-workflow.yml');
  expect(at(github, 'concurrency')).toEqual({ group: 'vds-array-1', 'cancel-in-progress': false });
  expect(at(github, 'jobs', 'vds-conformance', 'defaults', 'run', 'shell')).toBe('pwsh');
  const gitlab = at(yamlOf('ci/one-array/gitlab-ci.yml'), 'vds-conformance');
  expect(at(gitlab, 'resource_group')).toBe('vds-array-1');
  expect(at(gitlab, 'allow_failure', 'exit_codes')).toEqual([4]);
  const azure = yamlOf('ci/one-array/azure-pipelines.yml');
  expect(at(azure, 'lockBehavior')).toBe('sequential');
  expect(textAt(azure, 'jobs', 0, 'environment')).toBe('vds-array-1');
  expect(textOf('ci/one-array/Jenkinsfile')).toMatch(/options \{\n.*\n {4}lock\('vds-array-1'\)/);
});

test("the workflow for GitHub is valid by GitHub's own parser", () => {
  const { text: content } = pipelineFor('github', '1.2.3');
  expect(
    parseWorkflow({ name: 'w.yml', content }, new NoOperationTraceWriter())
      .context.errors.getErrors()
      .map((e) => e.message),
  ).toEqual([]);
});
