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

/** The nearest few: those that hold the text, then those that differ in few letters. */
export function nearest(given: string, known: readonly string[], most = 5): string[] {
  const text = given.toLowerCase();
  return known
    .map((name) => ({ name, far: name.toLowerCase().includes(text) ? 0 : distance(text, name.toLowerCase()) }))
    .filter(({ far }) => far <= Math.max(2, text.length / 3))
    .sort((a, b) => a.far - b.far || a.name.length - b.name.length)
    .slice(0, most)
    .map(({ name }) => name);
}
