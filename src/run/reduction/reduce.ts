// Delta debugging: the few items of a list that a failure needs. It knows nothing of checks; running them is for who
// calls it. Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002 (ddmin).

/** The list in so many pieces, as equal as can be, none of them empty. */
function split<T>(items: readonly T[], pieces: number): T[][] {
  return Array.from({ length: pieces }, (_, i) =>
    items.slice(Math.floor((i * items.length) / pieces), Math.floor(((i + 1) * items.length) / pieces)),
  );
}

/**
 * Reduces a list for which `fails` has answered true, while the empty list has not failed. The result failed when it
 * was asked about, and is a part of the list in the list's order. Where `fails` always answers alike, leaving out any
 * one item of the result does not fail.
 *
 * `fails` is asked once about each part. Later items are tried first: what a failure needs is mostly close before it.
 * To stop early, answer false from then on.
 */
export async function reduce<T>(items: readonly T[], fails: (part: readonly T[]) => Promise<boolean>): Promise<T[]> {
  const asked = new Set<string>();
  const stillFails = async (part: readonly number[]): Promise<boolean> => {
    const key = part.join();
    if (asked.has(key)) return false;
    asked.add(key);
    return fails(part.map((index) => items[index] as T));
  };
  const first = async (parts: readonly number[][]): Promise<number[] | undefined> => {
    for (const part of parts) if (await stillFails(part)) return part;
    return undefined;
  };
  let kept = [...items.keys()];
  let pieces = 2;
  while (kept.length > 1) {
    const parts = split(kept, pieces);
    const part = await first(parts.toReversed());
    if (part !== undefined) {
      kept = part;
      pieces = 2;
      continue;
    }
    // Of two pieces, each is what the other leaves.
    const rest =
      pieces === 2 ? undefined : await first(parts.map((without) => kept.filter((i) => !without.includes(i))));
    if (rest !== undefined) {
      kept = rest;
      pieces = Math.min(Math.max(pieces - 1, 2), kept.length);
    } else if (pieces < kept.length) pieces = Math.min(pieces * 2, kept.length);
    else break;
  }
  return kept.map((index) => items[index] as T);
}
