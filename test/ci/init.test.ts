// The pipelines that init writes: each is the template of ci/one-array/ with the package's version put in, and runs the
// configuration beside it.
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NoOperationTraceWriter } from '@actions/workflow-parser/templates/trace-writer';
import { parseWorkflow } from '@actions/workflow-parser/workflows/workflow-parser';
import { describe, expect, test } from 'vitest';
import { packageVersion } from '../../src/cli/package-files.js';
import { CI_SYSTEMS, pipelineFor, type CiSystem } from '../../src/cli/commands/pipelines.js';
import { cli } from '../support/command-line.js';
import { at, textAt, textOf, yamlOf } from './templates.js';
import { REAL, run, workplace } from './workplace.js';

const FILES: Readonly<Record<CiSystem, { readonly template: string; readonly written: string }>> = {
  github: { template: 'github-workflow.yml', written: '.github/workflows/vds-conformance.yml' },
  gitlab: { template: 'gitlab-ci.yml', written: '.gitlab-ci.yml' },
  azure: { template: 'azure-pipelines.yml', written: 'azure-pipelines.yml' },
  jenkins: { template: 'Jenkinsfile', written: 'Jenkinsfile' },
};

/** The commands in a template, which are the same in sh and in PowerShell. */
const commands = (text: string): string[] =>
  [...text.matchAll(/\b(?:npm install|npx vds-conformance) [^'\n]*/g)].map(([command]) => command);

describe.each(CI_SYSTEMS)('init --ci %s', (ci) => {
  const { template, written } = FILES[ci];

  test('writes a pipeline that runs the configuration beside it', async () => {
    const { at: place, path } = workplace(REAL);
    // What npm would have installed is there already, and npx finds it.
    for (const [name, program] of [
      ['npm', 'echo "npm $@" >>npm.log'],
      ['npx', 'shift; exec vds-conformance "$@"'],
    ] as const) {
      writeFileSync(join(place, 'bin', name), `#!/bin/sh\n${program}\n`);
      chmodSync(join(place, 'bin', name), 0o755);
    }
    const { code, out } = cli('init', place, '--ci', ci);
    expect(code).toBe(0);
    expect(out).toMatch(/\nNext:\n/);
    const pipeline = readFileSync(join(place, written), 'utf8');
    const [install, check, ...more] = commands(pipeline);
    expect(more).toEqual([]);
    expect(install).toMatch(/(vds-conformance@[\d.]+|VDS_PACKAGE)$/);
    expect(pipeline).toContain(`vds-conformance@${packageVersion()}`);
    const ended = await run('sh', `${check} --suite lifecycle`, place, { PATH: path });
    // Only what reads is carried out: incomplete, and nothing is broken.
    expect(ended.output).toMatch(/provider \.\/my-adapter\.mjs[^]*INCOMPLETE: nothing is broken/);
    expect(ended.code).toBe(4);
    expect(readFileSync(join(place, 'vds-reports/junit.xml'), 'utf8')).toContain('<testcase ');
  });

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
