// Which of the known names somebody may have meant.

/** How many letters must be put in, left out or changed to make one text of the other. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      next.push(
        Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1)),
      );
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

const wordsOf = (text: string): string[] => text.split(/[^a-z0-9]+/).filter((word) => word.length > 2);

/**
 * The likeliest few: names that hold the text, then those a slip of the finger away, then those that share words with
 * it.
 */
export function nearest(given: string, known: readonly string[], most = 5): string[] {
  const text = given.toLowerCase().replace(/\*$/, '');
  if (text === '') return [];
  const words = wordsOf(text);
  return known
    .flatMap((name) => {
      const other = name.toLowerCase();
      const edits = distance(text, other);
      const others = wordsOf(other);
      const shared = words.filter((word) => others.includes(word)).length;
      const held = other.includes(text) ? 1 : undefined;
      const slip = edits <= Math.max(2, text.length / 4) ? 2 : undefined;
      const rank = held ?? slip ?? (shared > 0 ? 3 : undefined);
      return rank === undefined ? [] : [{ name, rank, shared, edits }];
    })
    .sort((a, b) => a.rank - b.rank || b.shared - a.shared || a.edits - b.edits)
    .slice(0, most)
    .map(({ name }) => name);
}

/** `Did you mean a or b?`, or nothing where no name comes near. */
export function didYouMean(given: string, known: readonly string[], most = 3): string {
  const near = nearest(given, known, most);
  return near.length === 0 ? '' : `Did you mean ${near.join(' or ')}?`;
}

/** Hints in one line, without those that are empty. */
export const hints = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ');
