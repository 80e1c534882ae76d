// The step of action.yml that runs the command line, as GitHub would run it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { action, at, yamlOf } from './templates.js';
import { run, TELLS, workplace } from './workplace.js';

const INPUTS = {
  PROVIDER: '',
  ARGS: '',
  REPORTS: 'vds-reports',
  SHARD: '',
  SEED: '',
  MERGE: '',
  ALLOW_INCOMPLETE: 'false',
  GITHUB_RUN_ID: '4711',
};

async function step(program: string, inputs: Partial<typeof INPUTS>) {
  const { at: place, path } = workplace(program);
  writeFileSync(join(place, 'output'), '');
  const ended = await run('bash', action().part, place, {
    ...INPUTS,
    ...inputs,
    PATH: path,
    GITHUB_OUTPUT: join(place, 'output'),
  });
  return { ...ended, given: readFileSync(join(place, 'output'), 'utf8') };
}

test('without an input for it the provider is that of the configuration', async () => {
  const { output } = await step(TELLS, { ARGS: "--config 'my lab.json' --allow-destructive" });
  expect(output.split('\n').filter((line) => line !== '')).toEqual([
    'run',
    '--reports',
    'vds-reports',
    '--config',
    'my lab.json',
    '--allow-destructive',
  ]);
  expect((await step(TELLS, { PROVIDER: 'rest' })).output).toMatch(/^run\n--provider\nrest\n/);
});

test('exit code 4 fails the step unless it is allowed, and others fail it always', async () => {
  expect(await step('exit 4', {})).toMatchObject({ code: 4, given: expect.stringContaining('exit-code=4') });
  const allowed = await step('exit 4', { ALLOW_INCOMPLETE: 'true' });
  expect(allowed).toMatchObject({ code: 0, given: expect.stringContaining('exit-code=4') });
  expect(allowed.output).toContain('::warning::');
  expect((await step('exit 1', { ALLOW_INCOMPLETE: 'true' })).code).toBe(1);
});

test('installs its own version of the package, and builds only what is asked for', async () => {
  const steps = at(yamlOf('action.yml'), 'runs', 'steps') as readonly { readonly run?: string }[];
  const install = steps.find((s) => s.run?.includes('npm install'))?.run ?? '';
  const { at: place, path } = workplace('');
  writeFileSync(join(place, 'bin/npm'), '#!/bin/sh\necho "npm $@"\n', { mode: 0o755 });
  writeFileSync(join(place, 'package.json'), '{"version": "1.2.3"}');
  const installed = async (wanted: string): Promise<string> =>
    (
      await run('bash', install, place, {
        PACKAGE: wanted,
        SOURCE: place,
        RUNNER_TEMP: place,
        GITHUB_PATH: join(place, 'path'),
        PATH: path,
      })
    ).output;
  expect(await installed('')).toMatch(/^npm install .* vds-conformance@1\.2\.3\n$/);
  expect(await installed('./a.tgz')).toMatch(/^npm install .* \.\/a\.tgz\n$/);
  expect(await installed('source')).toMatch(/^npm ci .*\nnpm run build\nnpm install .*\n$/);
});
