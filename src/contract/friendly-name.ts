// Friendly names: texts of any script, of which an array may keep only a beginning.

/** A letter of each length that UTF-8 knows beyond ASCII, none of which has another form in Unicode. */
const LETTERS = [
  { letter: 'ß', bytes: 2 },
  { letter: '名', bytes: 3 },
  { letter: '🗄', bytes: 4 },
] as const;

/** Numbers of characters that arrays keep, though not always in as many bytes. */
export const LENGTHS = [20, 40, 60] as const;

/** Names of so many characters, of which as many as can be take 2, 3 or 4 bytes; made from one that nobody has. */
export const internationalNames = (
  unique: string,
  length: number,
): readonly { readonly friendlyName: string; readonly how: string }[] =>
  LETTERS.map(({ letter, bytes }) => ({
    friendlyName: `${unique}${letter.repeat(Math.max(length - unique.length, 1))}`,
    how: `of ${length} characters, most of which take ${bytes} bytes`,
  }));

/** Characters that something on a name's way may read otherwise than as themselves, by where it would. */
const READ_OTHERWISE = [
  ['characters as in a URL', '50%25+a%2Fb'],
  ['characters as in markup', '<b>&amp;</b>'],
  ['quotes and backslashes', `"a" 'b' \\n`],
  ['characters as in a pattern or a format', '*?[a]{0}%s$1'],
  ['characters as in a list', 'a;b,c|d'],
] as const;

/** Names with characters that are part of a text, though some languages and protocols give them a meaning. */
export const specialNames = (unique: string): readonly { readonly friendlyName: string; readonly how: string }[] =>
  READ_OTHERWISE.map(([what, characters]) => ({
    friendlyName: `${unique} ${characters}`,
    how: `with ${what}`,
  }));

/** Whether a text begins a name and is not all of it; the last character may be cut in two. */
export function isBeginningOf(text: string, name: string): boolean {
  const whole = text.replace(/[\ud800-\udbff\ufffd]+$/, '');
  return whole !== '' && text !== name && name.startsWith(whole);
}
