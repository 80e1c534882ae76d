// The pipelines that init writes run the configuration beside them.
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CI_SYSTEMS, type CiSystem } from '../../src/cli/commands/pipelines.js';
import { packageVersion } from '../../src/cli/package-files.js';
import { cli } from '../support/command-line.js';
import { REAL, run, workplace } from './workplace.js';

const WRITTEN: Readonly<Record<CiSystem, string>> = {
  github: '.github/workflows/vds-conformance.yml',
  gitlab: '.gitlab-ci.yml',
  azure: 'azure-pipelines.yml',
  jenkins: 'Jenkinsfile',
};

/** The commands in a template, which are the same in sh and in PowerShell. */
const commands = (text: string): string[] =>
  [...text.matchAll(/\b(?:npm install|npx vds-conformance) [^'\n]*/g)].map(([command]) => command);

test.each(CI_SYSTEMS)('init --ci %s writes a pipeline that runs the configuration beside it', async (ci) => {
  const { at: place, path } = workplace(REAL);
  // The package is there as if npm had installed it, and npx finds it.
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
  const pipeline = readFileSync(join(place, WRITTEN[ci]), 'utf8');
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
