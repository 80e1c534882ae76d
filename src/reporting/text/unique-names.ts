// Names that must stay apart: GitLab drops a test case whose name it has seen, and a file system overwrites a file.

/** Hands out each name once; a name asked for again gets ` (2)`, ` (3)`, ... */
export class UniqueNames {
  private readonly taken = new Fingerprints();
  private readonly repeated = new Map<string, number>();

  /** @param suffix what tells the n-th use of a name from the first; n begins at 2 */
  constructor(
    private readonly suffix: (n: number) => string = (n) => ` (${n})`,
    private readonly key: (name: string) => string = (name) => name,
  ) {}

  take(name: string): string {
    let candidate = name;
    let n = this.repeated.get(name) ?? 1;
    while (!this.taken.add(this.key(candidate))) {
      n += 1;
      candidate = `${name}${this.suffix(n)}`;
    }
    if (n > 1) this.repeated.set(name, n);
    return candidate;
  }
}

/**
 * Which texts were seen, by 53 bits of each: a million names kept as strings were most of what a report of a million cases held in memory. Two texts of one
 * fingerprint (one chance in 20,000 for a million of them) cost the second a suffix that it did not need, and nothing else.
 */
class Fingerprints {
  /** Open addressing, at most half full; 0 is an empty place. */
  private table = new Float64Array(1024);
  private size = 0;

  /** Takes a text up; false when it was there. */
  add(text: string): boolean {
    if (this.size * 2 >= this.table.length) {
      const { table } = this;
      this.table = new Float64Array(table.length * 2);
      for (const print of table) if (print !== 0) this.table[this.place(print)] = print;
    }
    const print = fingerprint(text);
    const at = this.place(print);
    if (this.table[at] === print) return false;
    this.table[at] = print;
    this.size += 1;
    return true;
  }

  private place(print: number): number {
    let at = print % this.table.length;
    while (this.table[at] !== 0 && this.table[at] !== print) at = (at + 1) % this.table.length;
    return at;
  }
}

/** Two hashes (FNV-1a, and the same with another start and prime), mixed and put side by side; never 0. */
function fingerprint(text: string): number {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x5bd1e995);
  }
  a = Math.imul(a ^ (a >>> 15), 0x2c1b3c6d);
  b = Math.imul(b ^ (b >>> 13), 0x297a2d39);
  return ((a ^ (a >>> 12)) >>> 0) * 0x200000 + ((b ^ (b >>> 16)) >>> 11) + 1;
}
