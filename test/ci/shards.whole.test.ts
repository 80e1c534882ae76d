// The templates' own shell lines, run as the CI or Kubernetes would: each part with its number in the environment, then
// the merge. All ask for the same parts; what becomes of them is looked at where Kubernetes and the action ask: the
// outcome is that of the run in one piece.
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { cli, COMPARABLE, outcomeIn } from '../support/command-line.js';
import { newFolder } from '../support/folder.js';
import { WHOLE } from '../support/size.js';
import { action, azure, gitlab, jenkins, kubernetes, type Scripts } from './templates.js';
import { REAL, run, TELLS, workplace } from './workplace.js';

const COUNT = 2;
const SEED = '4711';
// Of the defective provider some checks fail, so that the exit codes and findings of parts matter.
const PROVIDER = 'defective:import-target-cleared-on-refresh';
const OPTIONS = `--effort quick --suite import-target enumeration --quiet ${COMPARABLE.join(' ')}`;

interface Template {
  readonly name: string;
  readonly scripts: () => Scripts;
  readonly shell: 'sh' | 'bash';
  /** The environment of all parts; `GITHUB_OUTPUT` and the like are added. */
  readonly common: (at: string) => Record<string, string>;
  /** For part 0, 1, …; and for the merge. */
  readonly part: (index: number) => Record<string, string>;
  readonly merge?: Record<string, string>;
  /** Where the reports of the whole are. */
  readonly reports: string;
}

const TEMPLATES: readonly Template[] = [
  {
    name: 'Kubernetes',
    scripts: kubernetes,
    shell: 'sh',
    reports: `out/${SEED}/report`,
    common: (at) => ({ RUN: SEED, PARTS: String(COUNT), PROVIDER, OPTIONS, REPORTS: join(at, 'out') }),
    part: (index) => ({ JOB_COMPLETION_INDEX: String(index) }),
  },
  {
    name: 'GitLab',
    scripts: gitlab,
    shell: 'sh',
    reports: 'vds-reports',
    common: () => ({
      VDS_PROVIDER: PROVIDER,
      VDS_OPTIONS: OPTIONS,
      CI_PIPELINE_ID: SEED,
      CI_NODE_TOTAL: String(COUNT),
    }),
    part: (index) => ({ CI_NODE_INDEX: String(index + 1) }),
  },
  {
    name: 'Azure',
    scripts: azure,
    shell: 'bash',
    reports: 'vds-reports',
    common: () => ({
      VDS_PROVIDER: PROVIDER,
      VDS_OPTIONS: OPTIONS,
      BUILD_BUILDID: SEED,
      SYSTEM_TOTALJOBSINPHASE: String(COUNT),
    }),
    part: (index) => ({ SYSTEM_JOBPOSITIONINPHASE: String(index + 1) }),
  },
  {
    name: 'Jenkins',
    scripts: jenkins,
    shell: 'sh',
    reports: 'vds-reports',
    common: () => ({ VDS_PROVIDER: PROVIDER, VDS_OPTIONS: OPTIONS, BUILD_TAG: SEED, PARTS: String(COUNT) }),
    part: (index) => ({ PART: String(index + 1) }),
  },
  {
    name: 'the action',
    scripts: action,
    shell: 'bash',
    reports: 'vds-reports',
    common: (at) => ({
      PROVIDER,
      ARGS: '',
      SEED: '',
      SHARD: '',
      MERGE: '',
      GITHUB_RUN_ID: SEED,
      GITHUB_OUTPUT: join(at, 'output'),
    }),
    part: (index) => ({
      ARGS: `${OPTIONS} --grep '.* ?'`,
      SHARD: `${index + 1}/${COUNT}`,
      REPORTS: `parts/${index + 1}`,
    }),
    merge: { MERGE: 'parts/*', REPORTS: 'vds-reports', ARGS: '--quiet' },
  },
];

test.each(TEMPLATES)(
  '$name asks for each part once, with one seed, and merges the folders of all',
  async ({ scripts, shell, common, part, merge, reports }) => {
    const { at, path } = workplace(TELLS);
    const variables = { PATH: path, ...common(at) };
    const folders: string[] = [];
    for (let index = 0; index < COUNT; index++) {
      const { code, output } = await run(shell, scripts().part, at, { ...variables, ...part(index) });
      expect(code).toBe(0);
      const asked = output.trimEnd().split('\n');
      const valueOf = (flag: string): string => asked[asked.indexOf(flag) + 1] ?? '';
      expect(asked[0]).toBe('run');
      expect([valueOf('--provider'), valueOf('--seed'), valueOf('--shard')]).toEqual([
        PROVIDER,
        SEED,
        `${index + 1}/${COUNT}`,
      ]);
      expect(asked).toEqual(expect.arrayContaining(OPTIONS.split(' ')));
      folders.push(valueOf('--reports'));
      mkdirSync(resolve(at, valueOf('--reports')), { recursive: true });
    }
    const { code, output } = await run(shell, scripts().merge, at, { ...variables, ...merge });
    expect(code).toBe(0);
    const asked = output.trimEnd().split('\n');
    expect(asked.slice(0, COUNT + 2)).toEqual(['merge', ...folders, '--reports']);
    expect(resolve(at, asked[COUNT + 2] ?? '')).toBe(join(at, reports));
  },
);

describe('the parts and the merge of', () => {
  let whole: string;
  beforeAll(() => {
    whole = newFolder();
    const { code, err } = cli('run', '--provider', PROVIDER, ...OPTIONS.split(' '), '--seed', SEED, '--reports', whole);
    expect(err).toBe('');
    expect(code).toBe(1);
  });

  test.each(TEMPLATES.filter(({ name }) => name === 'Kubernetes' || (WHOLE && name === 'the action')))(
    '$name give what the run in one piece gives',
    { timeout: 240_000 },
    async ({ scripts, shell, common, part, merge, reports }) => {
      const { at, path } = workplace(REAL);
      const variables: Record<string, string> = { PATH: path, ...common(at) };
      const lines = scripts();
      const parts = await Promise.all(
        Array.from({ length: COUNT }, (_, index) => run(shell, lines.part, at, { ...variables, ...part(index) })),
      );
      expect(parts.map((p) => (p.code === 0 || p.code === 1 ? 'a verdict' : p.output))).toEqual(
        parts.map(() => 'a verdict'),
      );
      const merged = await run(shell, lines.merge, at, { ...variables, ...merge });
      expect(merged.output).toMatch(/NOT CONFORMANT/);
      expect(merged.code).toBe(1);
      expect(outcomeIn(join(at, reports))).toEqual(outcomeIn(whole));
      if (variables['GITHUB_OUTPUT'] !== undefined)
        expect(readFileSync(variables['GITHUB_OUTPUT'], 'utf8')).toMatch(/reports=vds-reports\nexit-code=1\n$/);
    },
  );

  test(
    'Kubernetes: the merge asks to be tried again while a part is missing, and a pod that starts again goes on',
    { timeout: 120_000 },
    async () => {
      const { at, path } = workplace(REAL);
      const template = TEMPLATES[0] as Template;
      const variables = {
        PATH: path,
        ...template.common(at),
        PROVIDER: 'in-memory',
        OPTIONS: '--suite import-target --effort quick --quiet',
      };
      const { part, merge } = kubernetes();
      expect((await run('sh', merge, at, variables)).code).toBe(2);
      for (const index of [0, 0])
        expect((await run('sh', part, at, { ...variables, JOB_COMPLETION_INDEX: String(index) })).output).toMatch(
          /CONFORMANT/,
        );
      const early = await run('sh', merge, at, variables);
      expect(early.output).toMatch(/shard 2\/2 is missing/);
      expect(early.code).toBe(2);
      expect((await run('sh', part, at, { ...variables, JOB_COMPLETION_INDEX: '1' })).code).toBe(0);
      expect((await run('sh', merge, at, variables)).code).toBe(0);
    },
  );
});
