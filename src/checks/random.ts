// The run's randomness: small, seeded, and of our own so that the same seed gives the same run on every Node.

/** Draws from one stream. */
export interface Random {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
}

/** A stream that depends on the seed and on what it is for (a check's id), so that selecting other checks does not change it. */
export function randomFor(seed: string, purpose: string): Random {
  // FNV-1a over the text, then mulberry32.
  let state = 0x811c9dc5;
  for (const char of `${seed}\u0000${purpose}`) state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return {
    below(limit) {
      state = (state + 0x6d2b79f5) | 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return Math.floor((((t ^ (t >>> 14)) >>> 0) / 0x100000000) * limit);
    },
  };
}
