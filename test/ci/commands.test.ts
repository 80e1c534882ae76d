// Each command that the documents and the templates show is one that the command line takes.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { defectNamed } from '../../providers/defective/adapter.js';
import { variantsNamed } from '../../providers/lawful/variants.js';
import { select } from '../../src/run/selection.js';
import { REQUIREMENTS } from '../../src/contract/requirements.js';
import { explainContract } from '../../src/cli/commands/explain-contract.js';
import { createParser } from '../../src/cli/parser.js';
import { ROOT } from '../support/project.js';
import { SUITES } from '../../suites/index.js';
import { textOf } from './templates.js';
import { commandsInMarkdown, commandsInScript } from './written-commands.js';

/** Thrown in place of carrying out a command whose usage is right. */
class Taken extends Error {}

/** Throws where the checks, suites, requirement or variant that a command names are not there. */
async function mustExist(args: Readonly<Record<string, unknown>>): Promise<void> {
  const suites = SUITES;
  const list = (name: string): string[] =>
    ((args[name] ?? []) as string[]).filter((value) => value !== 'any' && value !== '…');
  select(suites, { suites: list('suite'), checks: list('check'), effort: 'full' });
  const [, family, variant] = /^(defective|lawful):(.+)$/.exec(String(args['provider'])) ?? [];
  if (family === 'defective' && variant !== 'any' && variant !== 'NAME') defectNamed(variant);
  if (family === 'lawful' && variant !== undefined && variant !== 'any' && variant !== 'NAME') variantsNamed(variant);
  const [command] = args['_'] as string[];
  const known = (id: string): boolean => REQUIREMENTS.some((r) => r.id === id) || explainContract(id) !== undefined;
  if (command === 'explain' && args['id'] !== 'any' && !known(String(args['id'])))
    select(suites, { checks: [String(args['id'])], effort: 'full' });
}

/** The command line's objection to `args`; undefined when it takes them. Nothing is carried out. */
async function complaint(args: readonly string[]): Promise<string | undefined> {
  try {
    await createParser(args)
      .middleware(async (parsed) => {
        await mustExist(parsed);
        throw new Taken();
      })
      .parseAsync();
    return undefined;
  } catch (error) {
    return error instanceof Taken ? undefined : String(error);
  }
}

const within = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name}`)
    .filter((path) => statSync(join(ROOT, path)).isFile())
    .toSorted();
const DOCUMENTS = [
  'README.md',
  ...within('docs').filter((file) => file.endsWith('.md')),
  ...within('providers').filter((file) => file.endsWith('README.md')),
];
const TEMPLATES = ['action.yml', ...within('ci')];

describe('commands are right', () => {
  test.each(DOCUMENTS)('in %s', async (file) => {
    for (const args of commandsInMarkdown(textOf(file)))
      expect({ command: args.join(' '), complaint: await complaint(args) }).toEqual({
        command: args.join(' '),
        complaint: undefined,
      });
  });

  test.each(TEMPLATES)('in %s', async (file) => {
    for (const args of commandsInScript(textOf(file)))
      expect({ command: args.join(' '), complaint: await complaint(args) }).toEqual({
        command: args.join(' '),
        complaint: undefined,
      });
  });

  test('and are found at all: in each guide, and in each template two', () => {
    for (const file of [
      'README.md',
      'docs/tutorial.md',
      'docs/ci.md',
      'docs/writing-a-check.md',
      'docs/writing-a-fault.md',
      'docs/verdicts.md',
      'docs/lab-safety.md',
    ]) {
      expect({ file, found: commandsInMarkdown(textOf(file)).length }).toEqual({
        file,
        found: expect.toSatisfy((n: number) => n >= 1),
      });
    }
    for (const file of [
      'action.yml',
      'ci/gitlab-ci.yml',
      'ci/azure-pipelines.yml',
      'ci/Jenkinsfile',
      'ci/kubernetes.yaml',
    ]) {
      expect(
        commandsInScript(textOf(file))
          .map(([command]) => command)
          .toSorted(),
      ).toEqual(['merge', 'run']);
    }
  });
});

/** The scripts for PowerShell of a document or template: fenced blocks, and the steps whose shell it is. */
const powershellIn = (text: string): string[] => [
  ...[...text.matchAll(/^```powershell\n([\s\S]*?)^```$/gm)].map(([, script]) => script ?? ''),
  ...[...text.matchAll(/^ *- (?:pwsh|powershell): (?:\|\n)?(.*(?:\n {14,}.*)*)/gm)].map(([, script]) => script ?? ''),
  ...[...text.matchAll(/powershell(?:\(.*?script: )? ?'{1,3}([\s\S]*?)'{1,3}/g)].map(([, script]) => script ?? ''),
];

/**
 * The arguments that PowerShell would not pass on as they stand: outside quotes, braces make a block, parentheses a
 * group, and `@` splats.
 */
function changedByPowershell(command: string): string | undefined {
  const bare = command.replace(/"[^"`$]*"|'[^']*'/g, '');
  return /["']|[{}()`;,]|(?:^|\s)@|\$(?!env:\w)|\$\(/.exec(bare)?.[0];
}

describe('commands for PowerShell', () => {
  const scripts = [...DOCUMENTS, ...TEMPLATES].flatMap((file) => powershellIn(textOf(file)));
  const commands = scripts.flatMap((script) =>
    script.split('\n').filter((line) => /\bvds-conformance run\b/.test(line)),
  );

  test('are found in the guide and in the templates', () => {
    expect(commands.length).toBeGreaterThanOrEqual(3);
  });

  test.each(commands)('pass on what stands there: %s', (command) => {
    expect(changedByPowershell(command.replace(/^.*?(?=\bvds-conformance run)/, ''))).toBeUndefined();
  });

  test.each([
    ['vds-conformance run --clsid {…}', '{'],
    ['vds-conformance run --check "a', '"'],
    ['vds-conformance run @args', ' @'],
    ['vds-conformance run --reports $RUNNER_TEMP/reports', '$'],
  ])('and one that does not is noticed: %s', (command, at) => {
    expect(changedByPowershell(command)).toBe(at);
  });
});

describe('a wrong command is noticed', () => {
  test.each([
    [
      'an option that is not there',
      '    vds-conformance run --provider in-memory --reprots x',
      /Unknown argument: reprots/,
    ],
    ['a value that is none of the choices', '`vds-conformance list --effort some`', /--effort does not take/],
    ['a missing argument', '```\nvds-conformance merge --reports x  # all\n```', /an argument is missing/],
    ['a missing provider', '    npx vds-conformance run \\\n      --suite luns', /--provider is missing/],
    [
      'a check that is not there',
      '    vds-conformance run --provider in-memory --check luns.explode',
      /no check matches/,
    ],
    ['a defect that is not there', '    vds-conformance run --provider defective:none-such', /none-such/],
    ['a requirement that is not there', '`vds-conformance explain VDS-99.1`', /no check matches/],
    ['a short one', 'say `run --baselines known.json`', /Unknown argument: baselines/],
  ])('%s', async (_, markdown, message) => {
    const commands = commandsInMarkdown(markdown);
    expect(commands).toHaveLength(1);
    expect(await complaint(commands[0] ?? [])).toMatch(message);
  });
});
