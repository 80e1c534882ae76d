// The sentence of a requirement that a failure breaks: many requirements have two or three, and only one is about it.
import type { Requirement } from '../../contract/requirements.js';
import { allMethods } from '../../contract/tables.js';
import type { Explanation } from '../insight/explain.js';

/** Words that say nothing of the subject. */
const COMMON: ReadonlySet<string> = new Set(
  (
    'with that this from which answers answer answered expected have been were there when then than them they what ' +
    'only after before other another same each every object objects provider call calls value'
  ).split(' '),
);

/** The beginnings of the words of a text, those of camel case too: `unmaskingList` has `unmas` and `list`. */
const stems = (text: string): ReadonlySet<string> =>
  new Set(
    (text.match(/[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+/g) ?? [])
      .map((word) => word.toLowerCase())
      .filter((word) => word.length > 3 && !COMMON.has(word))
      .map((word) => word.slice(0, 5)),
  );

const codes = (text: string): ReadonlySet<string> => new Set(text.match(/\b(?:VDS_[ES]_\w+|E_[A-Z]+|S_[A-Z]+)\b/g));

const sentencesOf = (text: string): readonly string[] => text.split(/(?<=\.) (?=[A-Z])/);

/** The sentence of a text that is nearest to another one, or all of it where none is clearly the nearest. */
function nearestSentence(text: string, context: string): string {
  const sentences = sentencesOf(text);
  const [words, named] = [stems(context), codes(context)];
  const score = (sentence: string): number => {
    const shared = [...stems(sentence)].filter((word) => words.has(word)).length;
    const answers = [...codes(sentence)];
    return shared + 2 * answers.filter((code) => named.has(code)).length - answers.filter((c) => !named.has(c)).length;
  };
  const ranked = sentences.map((sentence) => ({ sentence, score: score(sentence) })).sort((a, b) => b.score - a.score);
  const [best, second] = ranked;
  if (best === undefined || second === undefined || best.score < second.score + 2) return text;
  return best.sentence;
}

const METHODS: ReadonlySet<string> = new Set(allMethods.map((m) => m.name));

const firstWord = (text: string): string => text.slice(0, text.indexOf(' '));

/**
 * The sentence that was broken: where each begins with the method that it binds, that of these methods; else the one
 * that is nearest to what a failure says.
 */
function brokenSentence(statement: string, context: string, methods: readonly string[]): string {
  const sentences = sentencesOf(statement);
  if (!sentences.every((each) => METHODS.has(firstWord(each)))) return nearestSentence(statement, context);
  const [only, ...others] = sentences.filter((each) => methods.some((m) => m.endsWith(`.${firstWord(each)}`)));
  return only === undefined || others.length > 0 ? statement : only;
}

/** `VDS-6.3 (MUST): …`, as it applies to a failure of these methods, those to blame first. */
export function dutyText(
  { id, level, statement }: Requirement,
  { message, finding }: Pick<Explanation, 'message' | 'finding'>,
  methods: readonly string[],
): string {
  const context = `${message} ${finding?.member ?? ''} ${methods[0]?.replace('.', ' ') ?? ''}`;
  return `${id} (${level}): ${brokenSentence(statement, context, methods)}`;
}
