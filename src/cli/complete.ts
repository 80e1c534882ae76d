// The values that a shell completes: of options and arguments whose values the program knows. Names of commands and
// options are yargs' to complete.
import { BLIND } from '../../providers/defective/blind/defects.js';
import { DEFECTS } from '../../providers/defective/catalogue.js';
import { VARIANTS } from '../../providers/lawful/variants.js';
import { REQUIREMENTS } from '../contract/requirements.js';
import { loadSuites } from '../run/selection.js';
import { PROVIDERS } from './options/provider-option.js';
import { SUITES_MODULE } from './package-files.js';

type Values = () => Promise<readonly string[]> | readonly string[];

const suites = async (): Promise<string[]> => (await loadSuites(SUITES_MODULE)).map(({ name }) => name);
const checks = async (): Promise<string[]> =>
  (await loadSuites(SUITES_MODULE)).flatMap((suite) => suite.checks.map(({ id }) => id));
const providers: Values = () => [
  ...PROVIDERS.map(({ name }) => name),
  ...[...DEFECTS, ...BLIND].map(({ name }) => `defective:${name}`),
  ...VARIANTS.map(({ name }) => `lawful:${name}`),
];

const OF_OPTION: Readonly<Record<string, Values>> = {
  '--provider': providers,
  '--suite': suites,
  '--check': checks,
  '--allow-inconclusive': checks,
};
const OF_COMMAND: Readonly<Record<string, Values>> = {
  explain: async () => [...(await suites()), ...REQUIREMENTS.map(({ id }) => id), ...(await checks())],
};

/**
 * The words that are typed, as the shell passes them: bash makes three of `defective:name`. Gives them whole, and what
 * of the last one stands before it.
 */
function whole(words: readonly string[]): { readonly words: readonly string[]; readonly before: string } {
  const joined: string[] = [];
  let before = '';
  for (const [index, word] of words.entries()) {
    const continues = index > 0 && (word === ':' || words[index - 1] === ':');
    before = continues ? `${joined.at(-1) ?? ''}${word === ':' ? ':' : ''}` : '';
    if (continues) joined.push(`${joined.pop() ?? ''}${word}`);
    else joined.push(word);
  }
  return { words: joined, before };
}

/** The values that can stand where the last word is; undefined where it is for yargs to say. */
export async function valuesFor(typed: readonly string[]): Promise<readonly string[] | undefined> {
  const { words, before } = whole(typed);
  const current = words.at(-1) ?? '';
  if (current.startsWith('-')) return undefined;
  const option = words.slice(0, -1).findLast((word) => word.startsWith('-'));
  const values = option === undefined ? OF_COMMAND[words[1] ?? ''] : OF_OPTION[option];
  // The shell compares with what follows the colon.
  return (await values?.())?.filter((value) => value.startsWith(current)).map((value) => value.slice(before.length));
}

/**
 * In front of yargs' script where the program is started through npx: a shell completes the name of a command, and this
 * one is none yet.
 */
export const NPX_FUNCTION = `# vds-conformance is a dependency of this project: the name starts it through npx.
vds-conformance() { npx --no-install vds-conformance "$@"; }`;
