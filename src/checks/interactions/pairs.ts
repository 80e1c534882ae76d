// The pairs of commands that a tour has played, one directly after the other.
import type { PlayedPairs } from '../outcome.js';

export class Pairs {
  private readonly followers = new Map<string, Set<string>>();

  /** The command was played. */
  played(command: string): void {
    if (!this.followers.has(command)) this.followers.set(command, new Set());
  }

  /** One was played directly after the other. */
  add(first: string, second: string): void {
    this.played(first);
    this.played(second);
    this.followers.get(first)?.add(second);
  }

  /** Whether a command was played. */
  knows(command: string): boolean {
    return this.followers.has(command);
  }

  has(first: string, second: string): boolean {
    return this.followers.get(first)?.has(second) === true;
  }

  get size(): number {
    return [...this.followers.values()].reduce((sum, all) => sum + all.size, 0);
  }

  /** How many commands were played. */
  get commands(): number {
    return this.followers.size;
  }

  /** In a form for reports. */
  seen(between: string): PlayedPairs {
    return {
      between,
      followers: Object.fromEntries([...this.followers].map(([command, all]) => [command, [...all]])),
    };
  }
}
