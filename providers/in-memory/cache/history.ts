// Earlier versions of the cache's entries, kept for the fault that brings one back. The provider itself never looks
// here.
import type { Guid } from '../../../src/contract/guid.js';

export class History {
  private readonly present = new Map<Guid, string>();
  private readonly earlier = new Map<Guid, string>();

  /** The provider wrote an entry. A write by a fault is not a version of it. */
  wrote(key: Guid, payload: string): void {
    const before = this.present.get(key);
    if (before !== undefined && before !== payload) this.earlier.set(key, before);
    this.present.set(key, payload);
  }

  /** The version before the one that was written last, where there was another. */
  before(key: Guid): string | undefined {
    return this.earlier.get(key);
  }
}
