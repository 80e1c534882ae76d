// The run's randomness: seeded, so that the same seed gives the same run on every Node.
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Draws from one stream. */
export interface Random {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
}

/**
 * A stream that depends on the seed and on what it is for (a check's id), so that selecting other checks does not
 * change it.
 */
export function randomFor(seed: string, purpose: string): Random {
  // FNV-1a, which makes a number of the text.
  let hash = 0x811c9dc5;
  for (const char of `${seed}\u0000${purpose}`) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  const generator = xoroshiro128plus(hash);
  return { below: (limit) => uniformInt(generator, 0, limit - 1) };
}
