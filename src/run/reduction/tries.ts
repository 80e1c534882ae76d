// How often a failure may be looked for: running checks again is dear.

/** Runs what `fails` runs as long as it may. */
export class Tries {
  /** How often it ran. */
  count = 0;
  private stopped = false;

  /**
   * @param fails runs checks on a fresh system and says whether that fails in the same way; undefined where it did not
   * run them and will not run others
   * @param most how often it may be asked
   */
  constructor(
    private readonly fails: (ids: readonly string[]) => Promise<boolean | undefined>,
    private readonly most: number,
  ) {}

  /** Whether these checks fail; false once there are no tries left. */
  async failsAgain(ids: readonly string[]): Promise<boolean> {
    if (this.stopped || this.count >= this.most) return false;
    const failed = await this.fails(ids);
    this.stopped = failed === undefined;
    if (!this.stopped) this.count += 1;
    return failed === true;
  }
}
