// An enumerator as the documents describe it: a position in a list that does not change.

/** A call on an enumerator; `clone` releases it and goes on with the copy from then on. */
export type EnumeratorStep =
  { readonly call: 'next' | 'skip'; readonly celt: number } | { readonly call: 'reset' | 'clone' };

/** Where an enumerator over `count` objects stands. */
export class EnumeratorPosition {
  private at = 0;

  constructor(private readonly count: number) {}

  get position(): number {
    return this.at;
  }

  /** How many objects a Next or Skip of `celt` gives or passes over; fewer than `celt` with S_FALSE. */
  advance(celt: number): number {
    const passed = Math.min(celt, this.count - this.at);
    this.at += passed;
    return passed;
  }

  reset(): void {
    this.at = 0;
  }

  /** That of a clone, which goes its own way from here. */
  clone(): EnumeratorPosition {
    const copy = new EnumeratorPosition(this.count);
    copy.advance(this.at);
    return copy;
  }
}

/** The most that a count of 32 bits holds, and the first that would be negative if it had a sign. */
const MOST = 0xffffffff;
const HALF = 0x80000000;

const SHAPES: readonly ((count: number, n: number) => readonly EnumeratorStep[])[] = [
  (count) => [
    { call: 'next', celt: count + 1 },
    { call: 'next', celt: 1 },
    { call: 'reset' },
    { call: 'next', celt: count },
    { call: 'next', celt: 1 },
  ],
  (count, n) => [
    { call: 'next', celt: 0 },
    { call: 'skip', celt: 1 + (n % Math.max(count, 1)) },
    { call: 'next', celt: 2 },
    { call: 'clone' },
    { call: 'next', celt: count + 3 },
    { call: 'skip', celt: 1 },
  ],
  (count) => [
    { call: 'next', celt: 1 },
    { call: 'skip', celt: count % 2 === 0 ? MOST : HALF },
    { call: 'next', celt: 1 },
    { call: 'reset' },
    { call: 'next', celt: 1 },
    { call: 'skip', celt: Math.max(count - 1, 1) },
    { call: 'next', celt: 1 },
  ],
  (count) => [
    { call: 'next', celt: 1 },
    { call: 'clone' },
    { call: 'next', celt: 0 },
    { call: 'reset' },
    { call: 'next', celt: count },
    { call: 'clone' },
    { call: 'next', celt: 1 },
    { call: 'reset' },
    { call: 'next', celt: 2 },
  ],
];

/** The `n`th of the walks through an enumeration of so many objects. */
export const walk = (count: number, n: number): readonly EnumeratorStep[] =>
  SHAPES[n % SHAPES.length]?.(count, Math.floor(n / SHAPES.length)) ?? [];
