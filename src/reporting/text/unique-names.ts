// Names that must stay apart: GitLab drops a test case whose name it has seen, and a file system overwrites a file.

/** Hands out each name once; a name asked for again gets ` (2)`, ` (3)`, ... */
export class UniqueNames {
  private readonly taken = new Set<string>();
  private readonly repeated = new Map<string, number>();

  /** @param suffix what keeps the n-th use of a name apart from the first; n begins at 2 */
  constructor(
    private readonly suffix: (n: number) => string = (n) => ` (${n})`,
    private readonly key: (name: string) => string = (name) => name,
  ) {}

  take(name: string): string {
    let candidate = name;
    let n = this.repeated.get(name) ?? 1;
    while (this.taken.has(this.key(candidate))) {
      n += 1;
      candidate = `${name}${this.suffix(n)}`;
    }
    this.taken.add(this.key(candidate));
    if (n > 1) this.repeated.set(name, n);
    return candidate;
  }
}
