// The faults of a session, by the numbers under which they can be healed.
export class FaultLog {
  private readonly heals: (() => void)[] = [];

  /** The number that the next fault will have. */
  get next(): number {
    return this.heals.length + 1;
  }

  /** Takes a fault in; `heal` takes its cause away. */
  add(heal: () => void): number {
    this.heals.push(heal);
    return this.heals.length;
  }

  /**
   * Whether there was such a fault. Each is healed once: a second time must not undo a later fault of the same kind.
   */
  heal(number: number): boolean {
    const heal = this.heals[number - 1];
    if (heal === undefined) return false;
    this.heals[number - 1] = () => {};
    heal();
    return true;
  }
}
